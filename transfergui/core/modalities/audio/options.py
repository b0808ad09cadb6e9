"""How sounds are read, brought to the length of the network and augmented."""

from __future__ import annotations

from typing import Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.reading.data_options import FileData


class AudioData(FileData, frozen=True):
    """How a collection of recordings is read."""

    clip: (
        Annotated[
            float,
            option(
                N_("Clip length"),
                N_(
                    "The network hears this much at a time. Longer recordings are cut into pieces, "
                    "shorter ones are filled up with silence. By itself, as long as nearly all of "
                    "your recordings are, at most 10 seconds."
                ),
                ge=0.25,
                le=60,
                unit="s",
            ),
        ]
        | None
    ) = None
    group_by: Annotated[
        str,
        option(
            N_("Keep together"),
            N_(
                "What the recordings of one speaker, machine or day have in common. They are never "
                "divided between training and test, so that the test shows how well new speakers "
                "are understood."
            ),
            chooser="found",
        ),
    ] = ""
    video_sound: Annotated[
        bool,
        option(
            N_("Sound of videos"),
            N_(
                "Use the sound of video files (.mp4, .mov, .mkv, .avi, .webm) like recordings. "
                "Otherwise videos are left out."
            ),
        ),
    ] = False


class AudioInput(Options, frozen=True):
    """What of a recording the network gets to hear or see.

    ``seconds``, ``highest`` and ``videos`` come from the data, ``wide`` belongs to the backbone;
    none of them is shown.

    Attributes:
        seconds: length of a clip.
        highest: hertz up to which nearly all of the recordings reach; spectrograms end there.
        wide: whether the network takes pictures that are not square.
        videos: whether videos in a folder are heard, too.
    """

    rate: Annotated[
        int,
        option(
            N_("Sample rate"),
            N_(
                "Recordings are brought to this rate. Tones up to half of it are kept: 16000 is "
                "right for speech, more for birds or bats."
            ),
            ge=4000,
            le=96000,
            unit="Hz",
            advanced=True,
        ),
    ] = 16000
    mels: Annotated[
        int,
        option(
            N_("Bands of the spectrogram"),
            N_("Into how many steps from low to high tones are divided."),
            ge=16,
            le=256,
            advanced=True,
        ),
    ] = 64
    size: Annotated[
        int,
        option(
            N_("Height of the spectrogram"),
            N_("The spectrogram is drawn this many pixels high before the network sees it."),
            ge=32,
            le=512,
            unit="px",
            advanced=True,
        ),
    ] = 96
    seconds: float = 1.0
    highest: float = 8000.0
    wide: bool = True
    videos: bool = False

    @property
    def samples(self) -> int:
        """Of a clip, at :attr:`rate`."""
        return round(self.seconds * self.rate)


class AudioAugment(Options, frozen=True):
    """Random changes of each recording, anew in every epoch; everything off by default."""

    gain: Annotated[
        float,
        option(
            N_("Loudness"),
            N_("Make it louder or quieter by up to this much; 6 dB is twice or half."),
            ge=0,
            le=30,
            unit="dB",
        ),
    ] = 0.0
    shift: Annotated[
        float,
        option(
            N_("Shift in time"),
            N_("Move it earlier or later by up to this share of the clip."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    noise: Annotated[
        float,
        option(
            N_("Background noise"),
            N_("Add noise, from hissing to rumbling, up to this loud compared with the recording."),
            ge=0,
            le=100,
            unit="%",
        ),
    ] = 0.0
    speed: Annotated[
        float,
        option(
            N_("Speed"),
            N_("Play it faster or slower by up to this much; it sounds higher or lower with it."),
            ge=0,
            le=30,
            unit="%",
        ),
    ] = 0.0
    pitch: Annotated[
        float,
        option(
            N_("Pitch"),
            N_("Make it sound higher or lower by up to this many semitones, equally fast."),
            ge=0,
            le=6,
        ),
    ] = 0.0
    time_mask: Annotated[
        float,
        option(
            N_("Gaps"),
            N_("Silence a random stretch of up to this share of the clip (SpecAugment)."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    tone_mask: Annotated[
        float,
        option(
            N_("Missing tones"),
            N_("Take out a random range of up to this share of all tones (SpecAugment)."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    mixup: Annotated[
        float,
        option(
            N_("Mixup"),
            N_("Blend pairs of recordings and of their labels (Zhang et al. 2018). 0 is off."),
            ge=0,
            le=2,
            advanced=True,
        ),
    ] = 0.0


PRESETS: dict[str, Options] = {
    N_("None"): AudioAugment(),
    N_("Light"): AudioAugment(gain=6, shift=10, noise=5, speed=5),
    N_("Strong"): AudioAugment(
        gain=12, shift=20, noise=20, speed=15, pitch=1, time_mask=15, tone_mask=15, mixup=0.2
    ),
}
