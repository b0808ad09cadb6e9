"""Opening sounds: what :mod:`.reading` makes of a file becomes one channel, or a UserError.

Free of torch; soundfile and PyAV are imported when the first file is opened. What may go wrong
with a file is one of the ``sound.*`` codes of :mod:`transfergui.core.base.messages`; nothing else
escapes. Files are read in blocks: five hours take no more memory than five seconds.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TypeVar

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.data.file_part import FilePart
from transfergui.core.modalities.audio.sounds import hearing, opening
from transfergui.core.modalities.audio.sounds.errors import SoundError
from transfergui.core.modalities.audio.sounds.hearing import LONGER
from transfergui.core.modalities.audio.sounds.media import Media
from transfergui.core.modalities.audio.sounds.sound import Sound, blocks

T = TypeVar("T")

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for one that Git LFS has not fetched."""

SIGNATURE = re.compile(rb"RIFF....WAVE|FORM....AIF|fLaC|OggS|ID3|\xff[\xe2-\xff]|caff", re.DOTALL)
"""How a file begins that was a sound once, whatever became of the rest."""


class Header(NamedTuple):
    """What a file says of itself.

    Attributes:
        frames: how many values each channel has.
        rate: of them, a second.
        format: the name of the container: ``WAV``, ``MP3``.
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


def header_of(sound: Sound) -> Header:
    """As :func:`header`, of an opened file."""
    return Header(sound.frames, sound.rate, sound.format, sound.subtype)


def window(path: Path | str, start: float, seconds: float) -> tuple[np.ndarray, int]:
    """A part of a sound as :func:`hearing.heard` finds it: float32 [T], and its rate.

    Args:
        start: seconds from the beginning of the file.
        seconds: how much to read; the end of the file may come before.

    Raises:
        UserError: as :func:`header`; ``sound.too_short``: there is nothing at all;
            ``sound.cut_off``: nothing is there at ``start``.
    """
    return read(path, lambda sound: (hearing.heard(sound, start, seconds), sound.rate))


def clip(path: Path, seconds: float) -> tuple[np.ndarray, int, float]:
    """What is heard of one sample: float32 [T], its rate, and where in the file it begins.

    A part of a file lasts ``seconds``. A whole file is taken as it is if it is not clearly
    longer (:data:`hearing.LONGER`), else its middle.

    Raises:
        UserError: as :func:`window`.
    """
    file, part = FilePart.parse(path)
    if part is not None:
        start, length = part / 1000, seconds
    else:
        length = seconds * LONGER
        start = max(0.0, (header(file).seconds - length) / 2)
    return *window(file, start, length), start


# -- reading, with every failure as a sentence


def read(path: Path | str, use: Callable[[Sound], T]) -> T:
    """What ``use`` makes of the opened, not yet decoded sound.

    Raises:
        UserError: as :func:`header`.
    """
    library = soundfile()
    try:
        with opening.open_sound(path, _require_content(path)) as sound:
            return _used(path, sound, use)
    except SoundError as error:
        raise UserError(error.code, path=str(path), **error.values) from error
    except (OSError, library.LibsndfileError) as error:
        raise _refused(path, error) from error


def _used(path: Path | str, sound: Sound, use: Callable[[Sound], T]) -> T:
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


def _require_content(path: Path | str) -> os.stat_result:
    """Ask before opening: a FIFO would hang, a device might do anything."""
    status = os.stat(path)  # noqa: PTH116 - a scan passes plain strings
    if not stat.S_ISREG(status.st_mode):
        raise UserError("sound.not_a_file", path=str(path))
    if status.st_size == 0:
        raise UserError("sound.empty", path=str(path))
    if not os.access(path, os.R_OK):
        raise UserError("sound.unreadable", path=str(path), reason=os.strerror(13))
    return status


def _refused(path: Path | str, error: Exception) -> UserError:
    """Why a file could not be opened."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError("sound.vanished", path=str(path))
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return UserError("sound.unreadable", path=str(path), reason=reason)
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - a path may be a plain string
            head = stream.read(len(LFS_POINTER))
    except OSError as gone:
        return _refused(path, gone)
    return UserError(_of_head(head), path=str(path))


def _of_head(head: bytes) -> str:
    """The code for a file of which libsndfile makes nothing, by its first bytes."""
    if head.startswith(LFS_POINTER):
        return "sound.lfs_pointer"
    return "sound.damaged" if SIGNATURE.match(head) else "sound.not_a_sound"


# -- looking through a file


class Heard(NamedTuple):
    """What there is to hear in a sound.

    Attributes:
        swing: the largest of any channel, of a full scale of 1; NaN where a value is no number.
        cancels: whether its channels must not be mixed, as :class:`hearing.Channels` tells.
    """

    swing: float
    cancels: bool


def listen(sound: Sound, enough: float, scale: float) -> Heard:
    """Read the rest of ``sound`` until there is something to hear.

    Args:
        enough: what swings more is not looked through any further; but any value of a sound of
            floating-point numbers might be none.
        scale: of its values.
    """
    whole = sound.subtype in hearing.FLOATS
    channels = hearing.Channels(sound.channels)
    low, high = np.inf, -np.inf
    for block in blocks(sound):
        if not np.isfinite(block).all():
            return Heard(np.nan, False)
        hearing.require_possible(float(np.abs(block).max()), round(scale))
        channels.add(block)
        low, high = np.minimum(low, block.min(axis=0)), np.maximum(high, block.max(axis=0))
        if not whole and np.max(high - low) > enough * scale:
            break
    return Heard(float(np.max(high - low)) / scale, channels.alone() is not None)


def ends_early(path: str, sound: Sound) -> bool:
    """Whether the end of the file is missing, as far as its format tells.

    Hardly anything is decoded: most formats say how many bytes they have.
    """
    if isinstance(sound, Media) and sound.indexed:
        return not _reaches_end(sound)
    if sound.format == "OGG" and not isinstance(sound, Media):
        with open(path, "rb") as stream:  # noqa: PTH123 - a plain string
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - OGG_PAGE))
            return not _has_last_page(stream.read())
    return sound.cut


OGG_PAGE = 1 << 16
"""Bytes that no page of an Ogg file exceeds."""


def _reaches_end(sound: Sound) -> bool:
    """Whether there is something at the end of what the header says."""
    near = min(sound.frames, sound.rate)
    try:
        sound.seek(max(0, sound.frames - near))
        return 2 * len(sound.read(near)) >= near
    except SoundError:
        return False


def _has_last_page(tail: bytes) -> bool:
    """Whether the last page that begins in ``tail`` says that it is the last."""
    at = tail.rfind(b"OggS")
    return at >= 0 and bool(tail[at + 5 : at + 6] and tail[at + 5] & 4)
