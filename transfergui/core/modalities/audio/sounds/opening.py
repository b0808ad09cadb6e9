"""A sound opened by what it holds, whatever its name and header say.

``predict.py`` carries the files of this package along, so that it reads the same sounds as the
program: nothing here imports the rest of it. What libsndfile decodes is read with soundfile,
everything else that holds sound (m4a, webm, wma, amr, films) with PyAV, where that is installed.
Where a header gives a wrong length, or a file holds several recordings one after the other,
libsndfile is shown a file that it understands (:class:`.stretches.Stretches`).
"""

import bisect
import contextlib
import functools
import itertools
import os

import numpy as np

from transfergui.core.modalities.audio.sounds.errors import SoundError
from transfergui.core.modalities.audio.sounds.formats import (
    BLOCK,
    UNKNOWN_LENGTH,
    WAVE_CODECS,
    little_endian,
)
from transfergui.core.modalities.audio.sounds.frames import FLAC
from transfergui.core.modalities.audio.sounds.media import Media
from transfergui.core.modalities.audio.sounds.parts import parts_of
from transfergui.core.modalities.audio.sounds.sound import Plain, Sound, blocks, of_libsndfile
from transfergui.core.modalities.audio.sounds.stretches import Part, Stretches

LOWEST, HIGHEST = 1000, 1_000_000
"""Samples a second; a header that says less or more is wrong."""


def open_sound(path: str | os.PathLike[str], status: os.stat_result | None = None) -> Sound:
    """Open the sound at ``path``; ``status`` is the file's, where it is known.

    Raises:
        SoundError: it cannot be used.
        soundfile.LibsndfileError: libsndfile makes nothing of it.
        OSError: the file cannot be opened.
    """
    status = status or os.stat(path)  # noqa: PTH116 - a scan passes plain strings
    sound = _opened(path, status)
    if not LOWEST <= sound.rate <= HIGHEST:
        sound.close()
        raise SoundError("sound.impossible_rate", rate=sound.rate)
    return sound


def _opened(path: str | os.PathLike[str], status: os.stat_result) -> Sound:
    import soundfile

    file = functools.partial(soundfile.SoundFile, _name(path))
    with contextlib.suppress(soundfile.LibsndfileError):  # of which scans see thousands
        if _is_ordinary(path, status.st_size):
            return of_libsndfile(file)
        if sound := _whole_flac(path, status.st_size):
            return sound
    asked = os.fspath(path), status.st_size, status.st_mtime_ns
    found = parts_of(*asked)
    if found and found[0].foreign:
        return Media(path, found[0].foreign)
    if len(found) > 1 or any(part.must for part in found):
        return EnsembleSummary(path, found)
    try:
        sound = of_libsndfile(file)
    except soundfile.LibsndfileError:
        if not found or isinstance(found[0].pieces[0], range):
            raise
        return EnsembleSummary(path, found)  # without the chunk that it tripped over
    if sound.frames >= UNKNOWN_LENGTH:
        sound.frames = _counted(*asked)
    for part in found:
        sound.cut, sound.stated = part.cut, part.stated
    return sound


def _is_ordinary(path: str | os.PathLike[str], size: int) -> bool:
    """Whether a file is a WAV of which every length is right and nothing follows the samples."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        head = os.read(descriptor, 256)
    finally:
        os.close(descriptor)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE" or size < little_endian(head, 4):
        return False
    at, codec = 12, -1
    while at + 8 <= len(head):
        name, length = head[at : at + 4], little_endian(head, at + 4)
        if name == b"data":
            return codec in WAVE_CODECS and size - 1 <= at + 8 + length <= size
        if name == b"fmt ":
            codec = int.from_bytes(head[at + 8 : at + 10], "little")
        at += 8 + length + length % 2
    return False


def _whole_flac(path: str | os.PathLike[str], size: int) -> Sound | None:
    """A FLAC that reaches its end and has nothing behind it, opened once; None for other files.

    Not on Windows, where libsndfile may have descriptors of its own.
    """
    import soundfile

    if os.name == "nt":
        return None
    descriptor = os.open(path, os.O_RDONLY)
    if os.pread(descriptor, 4, 0) != b"fLaC":
        os.close(descriptor)
        return None
    sound = Plain(soundfile.SoundFile(descriptor))  # which closes it
    if _is_all(sound, descriptor, size):
        return sound
    sound.close()
    return None


def _is_all(sound: "Plain", descriptor: int, size: int) -> bool:
    """Whether a FLAC has its last sample, near the end of its file, and no other one follows."""
    import soundfile

    if not 0 < sound.frames < UNKNOWN_LENGTH:
        return False
    with contextlib.suppress(soundfile.LibsndfileError):
        sound.seek(sound.frames - 1)
        near = max(8, os.lseek(descriptor, 0, os.SEEK_CUR) - BLOCK)  # it reads ahead
        rest = os.pread(descriptor, 2 * BLOCK, near) if size - near <= 2 * BLOCK else FLAC
        sound.seek(0)
        return FLAC not in rest
    return False


@functools.lru_cache(maxsize=1 << 12)
def _counted(path: str, _size: int, _time: int) -> int:
    """Frames, by decoding all of them."""
    import soundfile

    with soundfile.SoundFile(_name(path)) as file:
        return sum(map(len, blocks(Plain(file))))


def _name(path: str | os.PathLike[str]) -> str | bytes:
    """As soundfile takes it, also where the name is no valid text."""
    return os.fspath(path) if os.name == "nt" else os.fsencode(path)


class EnsembleSummary(Sound):
    """The recordings of a file, one after the other, as long as they are alike."""

    def __init__(self, path: str | os.PathLike[str], found: tuple[Part, ...]) -> None:
        self.cut = any(part.cut for part in found)
        self._stream = open(path, "rb")  # noqa: PTH123, SIM115 - closed with the sound
        self._sounds: list[Sound] = []
        self.parts, self.stated = len(found), found[0].stated
        try:
            for part in found:
                if not self._add(part):
                    break
        except BaseException:
            self.close()
            raise
        first = self._sounds[0]
        self.heard = len(self._sounds)
        self.rate, self.channels = first.rate, first.channels
        self.format, self.subtype = first.format, first.subtype
        self._ends = list(itertools.accumulate(sound.frames for sound in self._sounds))
        self.frames = self._ends[-1]
        self._number = 0

    def _add(self, part: Part) -> bool:
        """Open one more; False where it is unlike the first, or damaged."""
        import soundfile

        try:
            file = functools.partial(Stretches, self._stream, part.pieces)
            sound = of_libsndfile(lambda: soundfile.SoundFile(file()))
        except soundfile.LibsndfileError:
            if not self._sounds:
                raise
            return False
        first = self._sounds[0] if self._sounds else sound
        if (sound.rate, sound.channels) != (first.rate, first.channels):
            sound.close()
            return False
        self._sounds.append(sound)
        return True

    def seek(self, frame: int) -> None:
        self._number = min(bisect.bisect_right(self._ends, frame), self.heard - 1)
        begins = self._ends[self._number] - self._sounds[self._number].frames
        self._sounds[self._number].seek(frame - begins)

    def read(self, frames: int) -> np.ndarray:
        taken = [self._sounds[self._number].read(frames)]
        while (left := frames - sum(map(len, taken))) and self._number + 1 < self.heard:
            self._number += 1
            self._sounds[self._number].seek(0)
            taken.append(self._sounds[self._number].read(left))
        return np.concatenate(taken)

    def close(self) -> None:
        for sound in self._sounds:
            sound.close()
        self._stream.close()
