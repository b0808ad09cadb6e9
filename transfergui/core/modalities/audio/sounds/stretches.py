"""Stretches of a file that make a file of one recording."""

import bisect
import io
import itertools
import os
from typing import Any, BinaryIO, NamedTuple

Pieces = tuple[bytes | range, ...]


class Part(NamedTuple):
    """One recording in a file.

    Attributes:
        pieces: stretches of the file and bytes between, which make a file of this part alone.
        end: where in the file the next one begins.
        stated: what the header gives for the length, as a share of what is there.
        must: libsndfile understands the pieces only, not the file as it is.
        foreign: the name of a format that needs PyAV; empty where libsndfile can read it.
        cut: the file ends before the place that the header gives for the end.
    """

    pieces: Pieces
    end: int
    stated: float = 1.0
    must: bool = False
    foreign: str = ""
    cut: bool = False


class Stretches(io.RawIOBase):
    """A file that can be read, made of stretches of an opened one and of bytes between."""

    def __init__(self, stream: BinaryIO, pieces: Pieces) -> None:
        self._stream = stream
        self._pieces = pieces
        self._ends = list(itertools.accumulate(map(len, pieces)))
        self._at = 0

    def __repr__(self) -> str:
        return repr(self._stream.name)  # libsndfile says what it could not open

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._ends[-1]}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as there is something: libsndfile takes less for the end."""
        view, done = memoryview(buffer).cast("B"), 0
        while done < len(view) and self._at < self._ends[-1]:
            number = bisect.bisect_right(self._ends, self._at)
            piece, left = self._pieces[number], self._ends[number] - self._at
            wanted = min(left, len(view) - done)
            start = len(piece) - left
            if isinstance(piece, bytes):
                content = piece[start : start + wanted]
            else:
                self._stream.seek(piece.start + start)
                content = self._stream.read(wanted)
            if not content:
                break
            view[done : done + len(content)] = content
            done += len(content)
            self._at += len(content)
        return done
