"""Why a sound is of no use."""

from typing import Any

from transfergui.core.base.sentences.marking import N_

REASONS = {
    "sound.needs_av": N_("stored as {format}, which needs PyAV: pip install av"),
    "sound.unsupported": N_("stored as {format}, which cannot be read: convert to WAV"),
    "sound.damaged": N_("damaged: copy the file again"),
    "sound.no_sound_track": N_("a video without sound"),
    "sound.impossible_rate": N_("implausible sample rate in the header: {rate} samples per second"),
    "sound.impossible_values": N_(
        "implausible values (up to {peak:.3g}): save the recording again"
    ),
    "sound.too_short": N_("silent, or empty"),
    "sound.cut_off": N_("silent from second {start:g} on"),
    "sound.not_finite": N_("values that are not numbers"),
}
"""Why a sound is of no use, in few words, by the codes of the program's sentences."""


class SoundError(ValueError):
    """A file is of no use; ``code`` is one of :data:`REASONS`, ``values`` are of its words."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(REASONS[code].format(**values))
        self.code = code
        self.values = values
