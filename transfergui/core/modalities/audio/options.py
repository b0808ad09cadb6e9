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
                    "How much of a recording the model processes at once. Longer recordings are"
                    " cut into clips, shorter ones are filled with silence. Automatic: long "
                    "enough for nearly all recordings, at most 10 seconds."
                ),
                ge=0.25,
                le=60,
                unit=N_("s"),
            ),
        ]
        | None
    ) = None
    group_by: Annotated[
        str,
        option(
            N_("Group by"),
            N_(
                "What tells which recordings belong together, for example to one speaker, "
                "machine or day. Recordings of one group stay in the same set, so that the test"
                " measures speakers that the model was not trained on."
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
                "When this is off, videos are left out."
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
                "All recordings are converted to this rate. Frequencies up to half of it are "
                "kept: 16000 Hz suits speech, birds and bats need more."
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
            N_("Spectrogram bands"),
            N_("The number of bands from low to high frequencies (mel bands)."),
            ge=16,
            le=256,
            advanced=True,
        ),
    ] = 64
    size: Annotated[
        int,
        option(
            N_("Spectrogram height"),
            N_("The spectrogram is scaled to this height before the model sees it."),
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
            N_(
                "Make the clip louder or quieter by up to this much. 6 dB doubles or halves the"
                " amplitude."
            ),
            ge=0,
            le=30,
            unit="dB",
        ),
    ] = 0.0
    shift: Annotated[
        float,
        option(
            N_("Time shift"),
            N_("Move the sound earlier or later by up to this share of the clip."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    noise: Annotated[
        float,
        option(
            N_("Background noise"),
            N_("Add noise, from hiss to rumble, up to this level relative to the recording."),
            ge=0,
            le=100,
            unit="%",
        ),
    ] = 0.0
    speed: Annotated[
        float,
        option(
            N_("Speed"),
            N_("Play the clip faster or slower by up to this much, which also changes its pitch."),
            ge=0,
            le=30,
            unit="%",
        ),
    ] = 0.0
    pitch: Annotated[
        float,
        option(
            N_("Pitch"),
            N_("Raise or lower the pitch by up to this many semitones, at the same speed."),
            ge=0,
            le=6,
        ),
    ] = 0.0
    time_mask: Annotated[
        float,
        option(
            N_("Time masking"),
            N_("Silence a random part of the clip, up to this share (SpecAugment)."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    tone_mask: Annotated[
        float,
        option(
            N_("Frequency masking"),
            N_("Remove a random range of frequencies, up to this share (SpecAugment)."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    mixup: Annotated[
        float,
        option(
            N_("Mixup"),
            N_("Blend pairs of recordings and their labels (Zhang et al. 2018). 0 turns this off."),
            ge=0,
            le=2,
            advanced=True,
        ),
    ] = 0.0


PRESETS: dict[str, Options] = {
    N_("None"): AudioAugment(),
    N_("Light"): AudioAugment(gain=6.0, shift=10.0, noise=5.0, speed=5.0),
    N_("Strong"): AudioAugment(
        gain=12.0,
        shift=20.0,
        noise=20.0,
        speed=15.0,
        pitch=1.0,
        time_mask=15.0,
        tone_mask=15.0,
        mixup=0.2,
    ),
}
