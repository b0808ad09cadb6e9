"""What is heard of a sound: one channel, of a scale of 1, of all or a part."""

import math

import numpy as np

from transfergui.core.modalities.audio.sounds.errors import SoundError
from transfergui.core.modalities.audio.sounds.sound import Sound, blocks

LONGER = 1.5
"""A file of more than so many clips is more than one sample."""


def windows(duration: float, seconds: float) -> list[int]:
    """Where the clips of a recording begin, in milliseconds; none where it is a single one.

    One after the other. What is left at the end is one more if it is at least half a clip.
    """
    if duration <= LONGER * seconds:
        return []
    return [round(1000 * seconds * at) for at in range(math.floor(duration / seconds + 0.5))]


def heard(sound: Sound, start: float, seconds: float) -> np.ndarray:
    """A part of a sound in one channel, of a scale of 1: float32 [T].

    Channels are mixed; where they would cancel each other (:class:`Channels`), the loudest one is
    taken. That is decided for each part by itself, by what is read of it.

    Args:
        start: seconds from the beginning of the file.
        seconds: how much to read; the end of the file may come before.

    Raises:
        SoundError: there is nothing of use.
    """
    if not sound.frames:
        raise SoundError("sound.too_short", milliseconds=0)
    scale = full_scale(sound)
    at, length = min(round(start * sound.rate), sound.frames), round(seconds * sound.rate)
    sound.seek(at)
    channels, mixed = Channels(sound.channels), []
    for block in blocks(sound, length):
        channels.add(block)
        mixed.append(block.mean(axis=1))
    if not mixed:
        raise SoundError("sound.cut_off", start=start)
    if (one := channels.alone()) is not None:
        sound.seek(at)
        mixed = [block[:, one] for block in blocks(sound, length)]
    values = np.concatenate(mixed)
    if not np.isfinite(values).all():
        raise SoundError("sound.not_finite")
    require_possible(float(np.abs(values).max(initial=0)), scale)
    return values if scale == 1 else values / np.float32(scale)


class Channels:
    """Decides whether channels may be mixed, by their powers.

    The power of the sum of n channels is n times that of all of them where they are alike, and
    once where they have nothing in common or only one is in use. Where it is less than
    :data:`CANCELLED` of that, one was recorded upside down, and mixing leaves noise.
    """

    CANCELLED = 0.1
    AS_LOUD = 0.9
    """Of the power of the loudest channel; the first one that has it is taken."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._frames = 0
        self._sums = np.zeros(count + 1)
        self._squares = np.zeros(count + 1)

    def add(self, block: np.ndarray) -> None:
        """Take in float32 [T, channels]."""
        if self._count == 1:
            return
        values = block.astype(np.float64)
        values = np.concatenate([values, values.sum(axis=1, keepdims=True)], axis=1)
        self._frames += len(values)
        self._sums += values.sum(axis=0)
        self._squares += np.einsum("tc,tc->c", values, values)

    def alone(self) -> int | None:
        """The channel that is to be heard instead of all, or None."""
        if not self._frames:
            return None
        powers = self._squares / self._frames - (self._sums / self._frames) ** 2
        each, mixed = powers[:-1], powers[-1]
        if not mixed < self.CANCELLED * each.sum():
            return None
        return int(np.argmax(each >= self.AS_LOUD * each.max()))


FLOATS = ("FLOAT", "DOUBLE")
"""libsndfile's names of floating-point numbers."""
SCALES = {8: 1, 1 << 16: 1 << 15, 1 << 24: 1 << 23, 1 << 32: 1 << 31}
"""What stands for full scale in a file of floating-point numbers whose largest is at most ..."""
ABSURD = 1000.0
"""So many times full scale (60 dB above it), a value is an error of the file."""
LOOKED_AT, AT_ONCE = 16, 4096
"""Places of a file in which the largest number is looked for, and frames in each."""


def require_possible(peak: float, scale: int) -> None:
    """
    Raises:
        SoundError: values up to ``peak`` are no recording's of that full ``scale``: one of them in
            a file is enough to ruin a training.
    """
    if peak > ABSURD * scale:
        raise SoundError("sound.impossible_values", peak=peak)


def full_scale(sound: Sound) -> int:
    """What stands for 1 in a sound: some programs write whole numbers of 16 bits as floats.

    Decided once for a file, by places all over it.

    Raises:
        SoundError: no recording has such values.
    """
    if sound.subtype not in FLOATS:
        return 1
    peak = 0.0
    for at in np.linspace(0, max(0, sound.frames - AT_ONCE), LOOKED_AT).astype(int):
        sound.seek(int(at))
        values = np.abs(sound.read(AT_ONCE))
        peak = max(peak, float(values[np.isfinite(values)].max(initial=0)))
    scale = next((scale for limit, scale in SCALES.items() if peak <= limit), None)
    if scale is None:
        raise SoundError("sound.impossible_values", peak=peak)
    return scale
