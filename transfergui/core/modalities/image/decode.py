"""Opening pictures: any file that Pillow knows becomes an upright RGB picture, or a UserError.

Free of torch. What may go wrong with a file is one of the ``picture.*`` codes of
:mod:`transfergui.core.messages`; nothing else escapes, and no warning either.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import re
import stat
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from transfergui.core.errors import UserError

T = TypeVar("T")

MAX_PIXELS = 178_000_000
"""Larger pictures are refused before they are decoded: a 60 KB file can claim gigabytes."""

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000", "PPM")
"""Only pixel formats with a signature. Pillow's others guess (TGA) or start programs (EPS)."""

SIGNATURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\0|MM\0\*|RIFF....WEBP|....ftypavi[fs]", re.DOTALL
)
"""How a file begins that was a picture once, whatever became of the rest."""

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for one that Git LFS has not fetched."""

HEIC = re.compile(rb"....ftyp(hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)

WHITES = {"I": (4095.0, 65535.0), "F": (1.0, 255.0, 4095.0, 65535.0)}
"""The values that stand for white in pictures of more than 8 bits, by the mode's first letter.

12-bit cameras and scanners store into 16 bits; taken as 16 bits, their pictures would be black.
"""

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by its EXIF orientation."""


def open_picture(path: Path, shorter: int | None = None) -> Image.Image:
    """The (first) picture in ``path``: RGB, upright, transparent parts white.

    Args:
        path: a regular file, or a link to one.
        shorter: a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as both sides
            keep at least this many pixels; None decodes in full.

    Raises:
        UserError: ``picture.*``, saying why the file cannot be used.
    """
    return read(path, lambda image: _upright_rgb(image, shorter))


def thumbnail(path: Path, size: int) -> np.ndarray:
    """The picture in ``path``, at most ``size`` pixels wide and high: uint8 [h, w, 3].

    Raises:
        UserError: as :func:`open_picture`.
    """
    image = open_picture(path, size)
    image.thumbnail((size, size), Image.Resampling.BILINEAR)
    return np.asarray(image)


# -- reading, with every failure as a sentence


def read(path: Path | str, use: Callable[[Image.Image], T]) -> T:
    """What ``use`` makes of the opened, not yet decoded picture.

    Raises:
        UserError: as :func:`open_picture`.
    """
    try:
        _require_content(path)
        with without_warnings(), Image.open(path, formats=_formats()) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(path)
            return use(image)
    except UserError:
        raise
    except Exception as error:
        # Pillow raises nearly anything on damaged files: struct.error, SyntaxError, IndexError ...
        raise _as_user_error(path, error) from error


def _require_content(path: Path | str) -> None:
    """Ask before opening: a FIFO would hang, a device might do anything."""
    status = os.stat(path)  # noqa: PTH116 - a scan passes a million plain strings
    if not stat.S_ISREG(status.st_mode):
        raise UserError("picture.not_a_file", path=str(path))
    if status.st_size == 0:
        raise UserError("picture.empty", path=str(path))


def _as_user_error(path: Path | str, error: Exception) -> UserError:
    if isinstance(error, Image.DecompressionBombError):
        return _too_large(path)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError("picture.vanished", path=str(path))
    if isinstance(error, OSError) and error.errno:
        return UserError("picture.unreadable", path=str(path), reason=os.strerror(error.errno))
    if isinstance(error, UnidentifiedImageError):
        return UserError(_unidentified(path), path=str(path))
    cut_off = isinstance(error, EOFError) or "truncated" in str(error).lower()
    return UserError("picture.cut_off" if cut_off else "picture.damaged", path=str(path))


def _too_large(path: Path | str) -> UserError:
    return UserError("picture.too_large", path=str(path), limit=MAX_PIXELS // 1_000_000)


def _unidentified(path: Path | str) -> str:
    """The code for a file that Pillow makes nothing of, by its first bytes."""
    with Path(path).open("rb") as stream:
        head = stream.read(len(LFS_POINTER))
    if head == LFS_POINTER:
        return "picture.lfs_pointer"
    if HEIC.match(head) and "HEIF" not in _formats():
        return "picture.heic"
    once = SIGNATURE.match(head) or HEIC.match(head)
    return "picture.damaged" if once else "picture.not_a_picture"


@functools.cache
def _formats() -> tuple[str, ...]:
    if importlib.util.find_spec("pillow_heif") is None:
        return FORMATS
    import pillow_heif

    pillow_heif.register_heif_opener()
    return (*FORMATS, "HEIF")


_warnings_lock = threading.Lock()
_warnings_off = contextlib.ExitStack()
_readers = 0


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Keep Pillow's warnings (corrupt EXIF, large pictures) inside; what matters raises.

    The filters belong to the process, and threads that restored them in another order than
    they changed them would leave them changed: so the first reader sets, the last restores.
    """
    global _readers  # noqa: PLW0603 - counts over all threads
    with _warnings_lock:
        if _readers == 0:
            _warnings_off.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", module="PIL")
        _readers += 1
    try:
        yield
    finally:
        with _warnings_lock:
            _readers -= 1
            if _readers == 0:
                _warnings_off.close()


# -- from what is stored to what is seen


def _upright_rgb(image: Image.Image, shorter: int | None) -> Image.Image:
    if shorter is not None:
        image.draft("RGB", (shorter, shorter))
    image.load()
    turn = UPRIGHT.get(_orientation(image))
    rgb = _rgb(image)
    return rgb if turn is None else rgb.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; 1 where damaged EXIF does not tell."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # any, as in _read; the pixels are as good as ever
        return 1


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode[0] in WHITES:
        image = _to_8_bit(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def _to_8_bit(image: Image.Image) -> Image.Image:
    values = np.array(image, dtype=np.float32)
    values[~np.isfinite(values)] = 0
    low, high = float(values.min()), float(values.max())
    fitting = [white for white in WHITES[image.mode[0]] if low >= 0 and high <= white]
    black, white = (0.0, fitting[0]) if fitting else (low, high)
    values -= black
    values *= 255 / ((white - black) or 1)
    return Image.fromarray(np.rint(values).astype(np.uint8))
