"""Finding pictures and looking into them, without decoding more than is needed."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from transfergui.core import options as opt
from transfergui.core.dataset import DataOptions, Dataset, Problem
from transfergui.core.errors import UserError
from transfergui.core.i18n import N_
from transfergui.core.modalities import ScanProgress, scanning
from transfergui.core.modalities.image import ImageData, decode, near
from transfergui.core.modalities.layouts import Wanted, extension
from transfergui.core.modalities.scanning import Media
from transfergui.core.modalities.walk import Walk, joined

FORMATS = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "JPEG2000": (".jp2", ".j2k", ".jpx"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "HEIF": (".heic", ".heif", ".hif"),
}
"""Pillow's names of formats, and the extensions of each."""

USUAL_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})
SAME_AS = {"MPO": "JPEG", "DIB": "BMP"}
"""Formats of which nobody knows that they are ones of their own (phones write MPO)."""

ENDS = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
"""How whole files end. Cut-off data cannot end so by chance."""
LENGTHS = {"BMP": (2, 0), "WEBP": (4, 8)}
"""Where the file says its length (32 bits, little-endian), and what is not counted there."""
TAIL = 64
PADDING = b"\0\r\n "
TINY = 8
"""Pixels of the shorter side below which there is little to see (digits of 8 x 8 are learnt)."""
EXTREME = 10
"""Ratio of the sides from which on most of a picture is lost by any way of making it square."""

_FORMAT_OF = {ending: name for name, endings in FORMATS.items() for ending in endings}
WANTED = Wanted(N_("pictures"), frozenset(_FORMAT_OF))


def scan(options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
    """See :meth:`transfergui.core.modalities.Modality.scan`."""
    opt.check(options.options, ImageData, "data.options")
    with decode.without_warnings():  # once instead of for every file
        return scanning.scan(options, Media("image", WANTED, inspect, near.pairs), progress)


def list_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files among ``paths``, and the pictures (by name) below the folders among them."""
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on too long names
            yield path
            continue
        folders = Walk(path, WANTED.has_extension)
        below = (joined(folder.path, name) for folder in folders for name in folder.files)
        yield from (path / name for name in sorted(filter(WANTED.has_extension, below)))


def check(path: Path) -> Problem | None:
    """What is wrong with one file, or None."""
    return next((problem for problem in inspect(os.fspath(path)) if problem.left_out), None)


def inspect(path: str) -> Sequence[Problem]:
    """What is wrong with a file (one problem), or worth a note (any number).

    Reads the header and the last bytes; decodes, small, only what may not be whole.
    """
    try:
        return decode.read(path, lambda image: _notes(path, image))
    except UserError as error:
        return (Problem(error.code, path, values=error.values),)


def _notes(path: str, image: Image.Image) -> Sequence[Problem]:
    if not _is_whole(image):
        image.draft(None, (1, 1))  # an eighth of the size, yet every byte is read
        image.load()
    return [Problem(code, path, False, values) for code, values in _remarks(path, image)]


def _remarks(path: str, image: Image.Image) -> Iterator[tuple[str, dict[str, object]]]:
    """Codes and values of what is unusual about a picture that can be used."""
    width, height = image.size
    kind = SAME_AS.get(image.format or "", image.format)
    if _FORMAT_OF.get(extension(path)) != kind:
        yield "picture.wrong_extension", {"format": kind}
    if image.format != "MPO" and getattr(image, "is_animated", False):
        yield "picture.animated", {"frames": getattr(image, "n_frames", 0)}
    if image.mode not in USUAL_MODES:
        yield "picture.unusual_mode", {"mode": image.mode}
    if min(width, height) < TINY:
        yield "picture.tiny", {"width": width, "height": height}
    elif max(width, height) >= EXTREME * min(width, height):
        yield "picture.extreme_shape", {"width": width, "height": height}


def _is_whole(image: Image.Image) -> bool:
    """Whether the file has the end or the length of a whole one; False where that is not told."""
    kind, stream = image.format or "", getattr(image, "fp", None)
    if stream is None or not (kind in ENDS or kind in LENGTHS):
        return False
    position = stream.tell()
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - TAIL) if kind in ENDS else 0)
    part = stream.read(TAIL)
    stream.seek(position)
    if kind in ENDS:
        return bool(part.rstrip(PADDING).endswith(ENDS[kind]))
    start, more = LENGTHS[kind]
    return bool(int.from_bytes(part[start : start + 4], "little") + more <= size)
