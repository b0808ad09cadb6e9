"""Why a sound is of no use."""

from typing import Any

REASONS = {
    "sound.needs_av": "it is stored as {format}, which needs PyAV: pip install av",
    "sound.unsupported": "it is stored as {format}, which cannot be read: convert it to WAV",
    "sound.damaged": "it is damaged: copy it again",
    "sound.no_sound_track": "it is a video without sound",
    "sound.impossible_rate": "its header says {rate} samples a second, which no recording has",
    "sound.impossible_values": "it holds values up to {peak:.3g}, which no recording has",
    "sound.too_short": "nothing is to be heard in it",
    "sound.cut_off": "nothing is to be heard from second {start:g} on",
    "sound.not_finite": "it holds values that are no numbers",
}
"""Why a sound is of no use, in few words, by the codes of the program's sentences."""


class SoundError(ValueError):
    """A file is of no use; ``code`` is one of :data:`REASONS`, ``values`` are of its words."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(REASONS[code].format(**values))
        self.code = code
        self.values = values
