"""Opening sounds: any file that libsndfile knows becomes one channel of numbers, or a UserError.

Free of torch; soundfile is imported when the first file is opened. What may go
wrong with a file is one of the ``sound.*`` codes of :mod:`transfergui.core.messages`;
nothing else escapes. Files are read in blocks: five hours take no more memory
than five seconds.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from transfergui.core.dataset import part_of
from transfergui.core.errors import UserError

if TYPE_CHECKING:
    from soundfile import SoundFile

T = TypeVar("T")

BLOCK = 1 << 16
"""Frames that are read at once."""

HEAD = 64
"""Bytes that tell what a file is."""

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for one that Git LFS has not fetched."""

FOREIGN = {
    "AAC": re.compile(rb"....ftyp|\xff[\xf0\xf1\xf8\xf9]", re.DOTALL),
    "WMA": re.compile(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    "AMR": re.compile(rb"#!AMR"),
    "Matroska": re.compile(rb"\x1a\x45\xdf\xa3"),
    "Monkey's Audio": re.compile(rb"MAC "),
    "WavPack": re.compile(rb"wvpk"),
}
"""How files begin that hold sound which libsndfile cannot read, by the name of the format."""

SIGNATURE = re.compile(rb"RIFF....WAVE|FORM....AIF|fLaC|OggS|ID3|\xff[\xe2-\xff]|caff", re.DOTALL)
"""How a file begins that was a sound once, whatever became of the rest."""

UNKNOWN_LENGTH = 1 << 60
"""Frames; what libsndfile says where a streamed file does not."""


class Header(NamedTuple):
    """What a file says of itself.

    Attributes:
        frames: how many values each channel has.
        rate: of them, a second.
        format: libsndfile's name of the container: ``WAV``, ``MP3``.
        subtype: of the encoding: ``PCM_16``, ``FLOAT``.
    """

    frames: int
    rate: int
    format: str
    subtype: str

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def header(path: Path | str) -> Header:
    """What the file at ``path`` says of itself; no sound is decoded.

    Raises:
        UserError: ``sound.*``, saying why the file cannot be used.
    """
    return read(path, header_of)


def header_of(sound: SoundFile) -> Header:
    """As :func:`header`, of an opened file."""
    frames = sound.frames if sound.frames < UNKNOWN_LENGTH else _counted(sound)
    return Header(frames, sound.samplerate, sound.format, sound.subtype)


def window(path: Path | str, start: float, seconds: float) -> tuple[np.ndarray, int]:
    """A part of a sound, all channels mixed into one: float32 [T], and its rate.

    Args:
        start: seconds from the beginning of the file.
        seconds: how much to read; the end of the file may come before.

    Raises:
        UserError: as :func:`header`; ``sound.too_short``: there is nothing at all;
            ``sound.cut_off``: nothing is there at ``start``.
    """

    def mixed(sound: SoundFile) -> tuple[np.ndarray, int]:
        rate = sound.samplerate
        sound.seek(min(round(start * rate), sound.frames))
        blocks = [block.mean(axis=1) for block in _blocks(sound, round(seconds * rate))]
        samples = np.concatenate(blocks) if blocks else np.empty(0, np.float32)
        if not sound.frames:
            raise UserError("sound.too_short", path=str(path), milliseconds=0)
        if not len(samples):
            raise UserError("sound.cut_off", path=str(path))
        if not np.isfinite(samples).all():
            raise UserError("sound.not_finite", path=str(path))
        return samples, rate

    return read(path, mixed)


def clip(path: Path, seconds: float) -> tuple[np.ndarray, int, float]:
    """What is heard of one sample: float32 [T], its rate, and where in the file it begins.

    A part of a file lasts ``seconds``. A whole file is taken as it is if it is not clearly
    longer (:data:`LONGER`), else its middle.

    Raises:
        UserError: as :func:`window`.
    """
    file, part = part_of(os.fspath(path))
    if part is not None:
        start, length = part / 1000, seconds
    else:
        length = seconds * LONGER
        start = max(0.0, (header(file).seconds - length) / 2)
    return *window(file, start, length), start


LONGER = 1.5
"""A file of more than so many clips is more than one sample."""


# -- reading, with every failure as a sentence


def read(path: Path | str, use: Callable[[SoundFile], T]) -> T:
    """What ``use`` makes of the opened, not yet decoded sound.

    Raises:
        UserError: as :func:`header`.
    """
    library = soundfile()
    try:
        _require_content(path)
        with library.SoundFile(_name(path)) as sound:
            return _used(path, sound, use)
    except (OSError, library.LibsndfileError) as error:
        raise _refused(path, error) from error


def _used(path: Path | str, sound: SoundFile, use: Callable[[SoundFile], T]) -> T:
    try:
        return use(sound)
    except soundfile().LibsndfileError as error:  # it was opened, so it is a sound
        raise UserError("sound.damaged", path=str(path)) from error


def soundfile() -> ModuleType:
    """The library that reads sounds.

    Raises:
        UserError: ``part.missing``.
    """
    try:
        import soundfile
    except (ImportError, OSError) as error:  # OSError: without the library that it wraps
        raise UserError("part.missing", name="soundfile") from error
    return soundfile


def _name(path: Path | str) -> str | bytes:
    """As soundfile takes it, also where the name is no valid text."""
    return os.fspath(path) if os.name == "nt" else os.fsencode(path)


def _require_content(path: Path | str) -> None:
    """Ask before opening: a FIFO would hang, a device might do anything."""
    status = os.stat(path)  # noqa: PTH116 - a scan passes plain strings
    if not stat.S_ISREG(status.st_mode):
        raise UserError("sound.not_a_file", path=str(path))
    if status.st_size == 0:
        raise UserError("sound.empty", path=str(path))
    if not os.access(path, os.R_OK):
        raise UserError("sound.unreadable", path=str(path), reason=os.strerror(13))


def _refused(path: Path | str, error: Exception) -> UserError:
    """Why a file could not be opened."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError("sound.vanished", path=str(path))
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return UserError("sound.unreadable", path=str(path), reason=reason)
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - a path may be a plain string
            head = stream.read(HEAD)
    except OSError as gone:
        return _refused(path, gone)
    foreign = next((name for name, begins in FOREIGN.items() if begins.match(head)), None)
    if foreign:
        return UserError("sound.unsupported", path=str(path), format=foreign)
    return UserError(_of_head(head), path=str(path))


def _of_head(head: bytes) -> str:
    """The code for a file of which libsndfile makes nothing, by its first bytes."""
    if head.startswith(LFS_POINTER):
        return "sound.lfs_pointer"
    return "sound.damaged" if SIGNATURE.match(head) else "sound.not_a_sound"


# -- looking through a file


def _blocks(sound: SoundFile, frames: int = -1) -> Iterator[np.ndarray]:
    """What comes next, float32 [up to :data:`BLOCK`, channels] at a time."""
    left = frames if frames >= 0 else UNKNOWN_LENGTH
    while left > 0:
        block = sound.read(min(BLOCK, left), dtype="float32", always_2d=True)
        if not len(block):
            return
        left -= len(block)
        yield block


def _counted(sound: SoundFile) -> int:
    """Frames, by decoding all of them."""
    counted = sum(map(len, _blocks(sound)))
    sound.seek(0)
    return counted


def loudness(sound: SoundFile, enough: float, whole: bool) -> float:
    """The largest swing of any channel of the rest of ``sound``; NaN where a value is none.

    Args:
        enough: what is louder is not looked through any further.
        whole: look through all of it, because any value might not be a number.
    """
    low, high = np.inf, -np.inf
    for block in _blocks(sound):
        if not np.isfinite(block).all():
            return np.nan
        low, high = np.minimum(low, block.min(axis=0)), np.maximum(high, block.max(axis=0))
        if not whole and np.max(high - low) > enough:
            break
    return float(np.max(high - low))


def ends_early(path: str, sound: SoundFile, frames: int) -> bool:
    """Whether the end of the file is missing, as far as its format tells.

    Nothing is decoded but the last value of a FLAC: the others say how many bytes they have.
    """
    if sound.format == "FLAC":
        return not _has_last_value(sound, frames)
    promised = LENGTHS.get(sound.format, lambda head: 0)
    with open(path, "rb") as stream:  # noqa: PTH123 - a plain string
        size = stream.seek(0, os.SEEK_END)
        if sound.format == "OGG":
            stream.seek(max(0, size - OGG_PAGE))
            return not _has_last_page(stream.read())
        stream.seek(0)
        return size < promised(stream.read(ENOUGH)) - SLACK


ENOUGH = 1 << 20
"""Bytes in which an MP3 says its length: pictures of the cover may come before."""
SLACK = 16
"""Bytes: some programs count the first eight as well."""
OGG_PAGE = 1 << 16
"""Bytes that no page of an Ogg file exceeds."""
STREAMED = 0xFFFFFFF0
"""From this length on, it was not known when the file was begun."""


def _riff_length(head: bytes) -> int:
    length = int.from_bytes(head[4:8], "little")
    return 0 if length >= STREAMED else length + 8


def _form_length(head: bytes) -> int:
    return int.from_bytes(head[4:8], "big") + 8


def _mp3_length(head: bytes) -> int:
    """By the note that most encoders leave in the first frame ("Xing" or "Info"); else 0.

    That frame is counted by some and not by others, who promise too little.
    """
    start = _tag_length(head)
    found = re.compile(rb"Xing|Info").search(head, start, start + 4096)
    if not found:
        return 0
    flags = int.from_bytes(head[found.end() : found.end() + 4], "big")
    if not flags & 2:
        return 0
    at = found.end() + 4 + (4 if flags & 1 else 0)
    return start + int.from_bytes(head[at : at + 4], "big")


def _tag_length(head: bytes) -> int:
    """Bytes of the ID3v2 tag at the beginning of an MP3, which has sizes of 7 bits a byte."""
    if not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


LENGTHS: dict[str, Callable[[bytes], int]] = {
    "WAV": _riff_length,
    "WAVEX": _riff_length,
    "AIFF": _form_length,
    "MP3": _mp3_length,
}
"""Bytes that a file says it has, from its beginning, by format."""


def _has_last_value(sound: SoundFile, frames: int) -> bool:
    try:
        sound.seek(frames - 1)
        return len(sound.read(1)) == 1
    except soundfile().LibsndfileError:
        return False


def _has_last_page(tail: bytes) -> bool:
    """Whether the last page that begins in ``tail`` says that it is the last."""
    at = tail.rfind(b"OggS")
    return at >= 0 and bool(tail[at + 5 : at + 6] and tail[at + 5] & 4)
