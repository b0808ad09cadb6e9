"""A sound that is open, and the ways in which libsndfile reads one."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from transfergui.core.modalities.audio.sounds.errors import SoundError
from transfergui.core.modalities.audio.sounds.formats import BLOCK, UNKNOWN_LENGTH


class Sound:
    """An opened sound: float32 [frames, channels], from any frame on.

    Attributes:
        rate: frames a second.
        frames: how many there are.
        format, subtype: libsndfile's names of the container and the encoding, or the like.
        parts: how many recordings follow each other in the file; ``heard``: how many of them are
            read, which must be alike in rate and channels.
        stated: what the header gives for the length, as a share of what is there.
        cut: whether the end of the file is missing, where its beginning tells.
        video: whether there are moving pictures, too.
    """

    rate: int
    channels: int
    frames: int
    format: str
    subtype: str
    parts: int = 1
    heard: int = 1
    stated: float = 1.0
    cut: bool = False
    video: bool = False

    def seek(self, frame: int) -> None:
        raise NotImplementedError

    def read(self, frames: int) -> np.ndarray:
        """The next frames; fewer at the end of the sound."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Sound":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def of_libsndfile(opened: Callable[[], Any]) -> Sound:
    """A sound that libsndfile reads; ``opened`` opens it, again where it cannot go back."""
    file = opened()
    if not file.seekable():
        return Once(file, opened)
    sound = Plain(file)
    if sound.subtype.startswith("DWVW"):
        sound.close()
        raise SoundError("sound.unsupported", format="AIFF DWVW")
    return Mpeg(sound) if sound.subtype.startswith("MPEG") else sound


class Plain(Sound):
    """A sound that soundfile reads."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._at = 0
        self.rate, self.channels, self.frames = file.samplerate, file.channels, file.frames
        self.format, self.subtype = file.format, file.subtype

    def seek(self, frame: int) -> None:
        frame = min(frame, self.frames)
        if frame != self._at:
            self._file.seek(frame)
            self._at = frame

    def read(self, frames: int) -> np.ndarray:
        values = self._file.read(frames, dtype="float32", always_2d=True)
        self._at += len(values)
        return values

    def close(self) -> None:
        self._file.close()


class Mpeg(Sound):
    """An MP3, whose frames refer to what was up to 511 bytes before them.

    libsndfile gives silence for those that it cannot decode after it sought; and soundfile seeks
    after each time that it reads. So the frames before are read with those that are wanted.
    """

    AHEAD = 16 * 1152

    def __init__(self, sound: Plain) -> None:
        self._sound = sound
        self._at = 0
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames
        self.format, self.subtype = sound.format, sound.subtype

    def seek(self, frame: int) -> None:
        self._at = min(frame, self.frames)

    def read(self, frames: int) -> np.ndarray:
        ahead = min(self._at, self.AHEAD)
        self._sound.seek(self._at - ahead)
        values = self._sound.read(ahead + frames)[ahead:]
        self._at += len(values)
        return values

    def close(self) -> None:
        self._sound.close()


class Forward(Sound):
    """A sound that is decoded from some place on, and cannot go back."""

    def __init__(self) -> None:
        self._at = 0
        self._blocks: Iterator[np.ndarray] | None = None
        self._rest = np.empty((0, 1), np.float32)

    def _from(self, frame: int) -> Iterator[np.ndarray]:
        """Blocks of any length, from a frame on."""
        raise NotImplementedError

    def seek(self, frame: int) -> None:
        if frame != self._at or self._blocks is None:
            self._at, self._blocks = min(frame, self.frames), None

    def read(self, frames: int) -> np.ndarray:
        if self._blocks is None:
            self._blocks, self._rest = self._from(self._at), self._rest[:0]
        taken = [np.empty((0, self.channels), np.float32)]
        wanted = min(frames, self.frames - self._at)
        while wanted > 0:
            if not len(self._rest):
                block = next(self._blocks, None)
                if block is None:
                    break
                self._rest = block
            taken.append(self._rest[:wanted])
            self._rest = self._rest[wanted:]
            wanted -= len(taken[-1])
            self._at += len(taken[-1])
        return np.concatenate(taken)


class Once(Forward):
    """A sound that libsndfile can read from the beginning only, as GSM 6.10."""

    def __init__(self, file: Any, opened: Callable[[], Any]) -> None:
        super().__init__()
        self._file, self._again = file, opened
        self.rate, self.channels, self.frames = file.samplerate, file.channels, file.frames
        self.format, self.subtype = file.format, file.subtype

    def _from(self, frame: int) -> Iterator[np.ndarray]:
        self._file.close()
        self._file = self._again()
        left = frame
        while len(block := self._file.read(BLOCK, dtype="float32", always_2d=True)):
            if left < len(block):
                yield block[left:]
            left = max(0, left - len(block))

    def close(self) -> None:
        self._file.close()


def blocks(sound: Sound, frames: int = UNKNOWN_LENGTH) -> Iterator[np.ndarray]:
    """What comes next, float32 [up to :data:`BLOCK`, channels] at a time."""
    while frames > 0 and len(block := sound.read(min(BLOCK, frames))):
        frames -= len(block)
        yield block
