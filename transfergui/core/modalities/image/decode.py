"""Opening pictures: any file that Pillow knows becomes an upright RGB picture, or a UserError.

Free of torch. What may go wrong with a file is one of the ``picture.*`` codes of
:mod:`transfergui.core.base.messages`; nothing else escapes, and no warning either.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import io
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

from transfergui.core.base import memory, shards
from transfergui.core.base.errors import UserError
from transfergui.core.modalities.image import deep, jpeg
from transfergui.core.modalities.image.deep import PLAIN, Ground, Reading

T = TypeVar("T")

MAX_PIXELS = 178_000_000
"""Larger pictures are refused before they are decoded: a 60 KB file can claim gigabytes."""

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000", "PPM")
"""Only pixel formats with a signature. Pillow's others guess (TGA) or start programs (EPS)."""

SIGNATURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|BM|II[*+]\0|MM\0[*+]|RIFF....WEBP|....ftypavi[fs]", re.DOTALL
)
"""How a file begins that was a picture once, whatever became of the rest."""
TIFF = re.compile(rb"II[*+]\0|MM\0[*+]")

OTHERS = {
    "JPEG XL": re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "),
    "Photoshop": re.compile(rb"8BPS"),
    "OpenEXR": re.compile(rb"v/1\x01"),
    "FITS": re.compile(rb"SIMPLE  ="),
    "icon": re.compile(rb"\0\0[\1\2]\0.\0", re.DOTALL),
    "DirectDraw": re.compile(rb"DDS "),
    "GIMP": re.compile(rb"gimp xcf"),
    "JPEG XR": re.compile(rb"II\xbc"),
    "HDR": re.compile(rb"#\?(RADIANCE|RGBE)"),
    "QOI": re.compile(rb"qoif"),
    "BPG": re.compile(rb"BPG\xfb"),
    "MNG": re.compile(rb"\x8aMNG"),
    "DICOM": re.compile(rb".{128}DICM", re.DOTALL),
}
"""How pictures begin that are not read here, whatever their names say."""

UNREADABLE = re.compile("unsupported|not supported|unknown|not available|unrecognized")
"""What Pillow says of files that it understands, but cannot decode."""

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for one that Git LFS has not fetched."""

HEIC = re.compile(rb"....ftyp(hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)

UNREAD = {
    "too_large": "picture.too_large",
    "cut_off": "picture.cut_off",
    "unsupported": "picture.unsupported",
}
"""What is said of a :class:`deep.UnreadableError`."""

GROUNDS: dict[Ground, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "gray": (128, 128, 128),
}
"""The colours that transparent parts may get."""

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


def open_picture(
    path: Path,
    shorter: int | None = None,
    reading: Reading = PLAIN,
    data: bytes | None = None,
) -> Image.Image:
    """The (first) picture in ``path``: RGB, upright, without transparent parts.

    Args:
        path: a regular file, or a link to one.
        shorter: a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as both sides
            keep at least this many pixels; None decodes in full.
        reading: how the data set is read.
        data: what is in the file, where that was read already.

    Raises:
        UserError: ``picture.*``, saying why the file cannot be used.
    """
    return read(path, lambda image: _upright_rgb(image, shorter, reading), data)


def looked_at(
    path: Path, look: Callable[[Image.Image], T], shorter: int, reading: Reading, data: bytes
) -> tuple[T, Image.Image]:
    """What ``look`` says of the file before it is decoded, and what :func:`open_picture` gives.

    Raises:
        UserError: as :func:`open_picture`.
    """
    return read(path, lambda image: (look(image), _upright_rgb(image, shorter, reading)), data)


def thumbnail(path: Path, size: int, reading: Reading = PLAIN) -> np.ndarray:
    """The picture in ``path``, at most ``size`` pixels wide and high: uint8 [h, w, 3].

    Raises:
        UserError: as :func:`open_picture`.
    """
    image = open_picture(path, size, reading)
    image.thumbnail((size, size), Image.Resampling.BILINEAR)
    return np.asarray(image)


def transparent(path: Path, reading: Reading) -> Image.Image:
    """The picture in ``path`` with 8 bits, as it is stored otherwise: with transparent parts.

    Raises:
        UserError: as :func:`open_picture`.
    """
    return read(path, lambda image: _seen(image, reading))


def content(path: Path | str) -> bytes:
    """All bytes of a picture file.

    Raises:
        UserError: as :func:`open_picture`.
    """
    try:
        if shards.is_member(path):
            return _member(path)
        _require_content(path)
        return Path(path).read_bytes()
    except OSError as error:
        raise _as_user_error(path, error) from error


def upright(path: Path, pixels: Image.Image, data: bytes) -> Image.Image:
    """``pixels``, decoded from ``data`` in ``path`` as they are stored, turned as its EXIF says.

    Raises:
        UserError: as :func:`open_picture`.
    """
    turn = UPRIGHT.get(read(path, orientation, data))
    return pixels if turn is None else pixels.transpose(turn)


# -- reading, with every failure as a sentence


def read(path: Path | str, use: Callable[[Image.Image], T], data: bytes | None = None) -> T:
    """What ``use`` makes of the opened, not yet decoded picture.

    Args:
        data: what is in the file, where that was read already.

    Raises:
        UserError: as :func:`open_picture`.
    """
    try:
        if data is None and shards.is_member(path):
            data = _member(path)
        elif data is None:
            _require_content(path)
        with without_warnings(), _opened(path, data) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(path)
            return use(image)
    except UserError:
        raise
    except Exception as error:
        if memory.explains(error):
            raise
        # Pillow raises nearly anything on damaged files: struct.error, SyntaxError, IndexError ...
        raise _as_user_error(path, error) from error


def _opened(path: Path | str, data: bytes | None) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data) if data else path, formats=_formats())
        image.filename = os.fspath(path)  # to open it again, where that must be
        return image
    except UnidentifiedImageError:
        if not TIFF.match(_head(path)):
            raise
        return deep.open_tiff(os.fspath(path), MAX_PIXELS)


def _member(path: Path | str) -> bytes:
    """A picture in a tar.

    Raises:
        UserError: ``picture.empty``, ``picture.cut_off``, ``picture.in_changed_tar``,
            ``data.tar_changed``.
        OSError: the tar cannot be read.
    """
    try:
        data = shards.read(path)
    except shards.DamagedError as error:
        if error.code == "changed":
            raise UserError("data.tar_changed", path=str(shards.on_disk(Path(path)))) from error
        cut_off = error.code == "cut_off"
        code = "picture.cut_off" if cut_off else "picture.in_changed_tar"
        raise UserError(code, path=str(path)) from error
    if not data:
        raise UserError("picture.empty", path=str(path))
    return data


def _head(path: Path | str, size: int = 132) -> bytes:
    """The first bytes of a file."""
    if shards.is_member(path):
        return shards.read(path, size)
    with Path(path).open("rb") as stream:
        return stream.read(size)


def _require_content(path: Path | str) -> None:
    """Ask before opening: a FIFO would hang, a device might do anything."""
    status = os.stat(path)  # noqa: PTH116 - a scan passes a million plain strings
    if not stat.S_ISREG(status.st_mode):
        raise UserError("picture.not_a_file", path=str(path))
    if status.st_size == 0:
        raise UserError("picture.empty", path=str(path))


def _as_user_error(path: Path | str, error: Exception) -> UserError:
    if isinstance(error, UnidentifiedImageError):
        return _unidentified(path)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError("picture.vanished", path=str(path))
    if isinstance(error, OSError) and error.errno:
        return UserError("picture.unreadable", path=str(path), reason=os.strerror(error.errno))
    return _undecodable(path, error)


def _undecodable(path: Path | str, error: Exception) -> UserError:
    said = str(error).lower()
    if isinstance(error, Image.DecompressionBombError):
        return _too_large(path)
    if isinstance(error, deep.UnreadableError):
        values = {"limit": MAX_PIXELS // 1_000_000, "format": error.stored}
        return UserError(UNREAD[error.code], path=str(path), **values)
    if isinstance(error, EOFError) or "truncated" in said:
        return UserError("picture.cut_off", path=str(path))
    kind = str(error) if UNREADABLE.search(said) else _unsupported_jpeg(path)
    if kind:
        return UserError("picture.unsupported", path=str(path), format=kind)
    return UserError("picture.damaged", path=str(path))


def _too_large(path: Path | str) -> UserError:
    return UserError("picture.too_large", path=str(path), limit=MAX_PIXELS // 1_000_000)


def _unidentified(path: Path | str) -> UserError:
    """What to say of a file that Pillow makes nothing of, by its first bytes."""
    head = _head(path)
    if head.startswith(LFS_POINTER):
        return UserError("picture.lfs_pointer", path=str(path))
    if HEIC.match(head) and "HEIF" not in _formats():
        return UserError("picture.heic", path=str(path))
    other = next((name for name, begins in OTHERS.items() if begins.match(head)), None)
    if other := other or _unsupported_jpeg(path):
        return UserError("picture.unsupported", path=str(path), format=other)
    once = SIGNATURE.match(head) or HEIC.match(head)
    return UserError("picture.damaged" if once else "picture.not_a_picture", path=str(path))


def _unsupported_jpeg(path: Path | str) -> str | None:
    return jpeg.unsupported(path) if _head(path).startswith(jpeg.SIGNATURE) else None


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


def _upright_rgb(image: Image.Image, shorter: int | None, reading: Reading) -> Image.Image:
    if shorter is not None:
        image.draft("RGB", (shorter, shorter))
    seen = _seen(image, reading)
    turn = UPRIGHT.get(orientation(image))
    rgb = _on_ground(seen, reading.ground)
    return rgb if turn is None else rgb.transpose(turn)


def _seen(image: Image.Image, reading: Reading) -> Image.Image:
    """``image``, loaded, with 8 bits, and transparent where its tags say so."""
    if deep.is_deep(image):
        return deep.to_8_bit(deep.read(image), reading)
    image.load()
    return image.convert("RGB") if deep.alpha_is_none(image) else image


def orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; 1 where damaged EXIF does not tell."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # any, as in read; the pixels are as good as ever
        return 1


def _on_ground(image: Image.Image, ground: Ground) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    below = Image.new("RGBA", image.size, GROUNDS[ground])
    return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")
