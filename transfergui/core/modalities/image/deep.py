"""Pictures of more than 8 bits: their values as stored, and the one scale that a data set has.

What 16-bit and floating-point files store has no natural white. Guessed for each file, it would
wipe out the brightness that tells classes apart; so it is measured over all files of a data set
(:func:`extent`, :func:`scale`), and kept with the model.

Free of torch and of the rest of the program: this file becomes part of the ``predict.py`` of
exported models, which therefore reads pictures exactly alike.
"""

import contextlib
import sys
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from PIL import Image

Range = tuple[float, float]
"""Black and white, or the lowest and the highest, in stored values."""
Kind = Literal["integers", "floats"]
Ground = Literal["white", "black", "gray"]


class Reading(NamedTuple):
    """How stored values become what is seen: the same for all pictures of a data set.

    Attributes:
        integers, floats: black and white of pictures of more than 8 bits; None where the data
            set had none: then each file's own values tell.
        ground: what is seen through transparent parts.
    """

    integers: Range | None = None
    floats: Range | None = None
    ground: Ground = "white"


PLAIN = Reading()
"""Of a data set of which nothing is known."""


class Deep(NamedTuple):
    """A picture of more than 8 bits.

    Attributes:
        values: as stored [h, w, 1 or 3], from dark to bright; NaN where there are none. With 8
            bits, they are not to be scaled.
        alpha: uint8 [h, w], or None where nothing is transparent.
    """

    values: np.ndarray
    alpha: np.ndarray | None = None

    @property
    def kind(self) -> Kind:
        return "floats" if self.values.dtype.kind == "f" else "integers"


FULL: dict[Kind, tuple[float, ...]] = {
    "integers": (*(2.0**bits - 1 for bits in (8, 10, 12, 14, 16, 24, 31, 32)),),
    "floats": (1.0, 255.0, 4095.0, 65535.0),
}
"""Values that usually stand for white: 12-bit cameras and scanners store into 16 bits, whose
white would make their pictures black."""
ROOM = 4
"""One of :data:`FULL` is taken if the values use at least this part of it: 1/4."""
ABSURD = 1e30
"""Floats beyond are marks for missing values, such as the lowest of 32 bits."""

BITS, PHOTOMETRIC, PLANES, EXTRA_SAMPLES, SAMPLE_FORMAT, NO_DATA = 258, 262, 284, 338, 339, 42113
"""Tags of TIFF."""
SIGNED, SEPARATE = 2, 2
"""Of :data:`SAMPLE_FORMAT`, and of :data:`PLANES`: each colour lies for itself."""
WHITE_IS_ZERO, MODE_RGB = 0, 2
"""Two ways to understand the values of a TIFF (:data:`PHOTOMETRIC`)."""
ALPHAS = (1, 2)
"""What :data:`EXTRA_SAMPLES` says of a band for transparency: multiplied into colours, or not."""


# -- the scale of a data set


def extent(deep: Deep) -> Range | None:
    """The lowest and the highest value; None where there are none, or nothing to be scaled."""
    values = deep.values
    if values.dtype == np.uint8:
        return None
    if deep.kind == "floats":
        values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else None


def scale(kind: Kind, extent: Range) -> Range:
    """Black and white for values that reach from the lowest to the highest of ``extent``.

    Black is 0 and white the next usual one, unless the values fill little of its range; where
    there are negative ones, the ends themselves.
    """
    low, high = extent
    if low < 0:
        return (low, high) if high > low else (low, 0.0)
    usual = (full for full in FULL[kind] if full / ROOM < high <= full)
    return 0.0, next(usual, high) or 1.0


def joined(one: Range | None, other: Range | None) -> Range | None:
    """What reaches as far as both."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


MANY, FAR = 5, 16
"""Of so many files, one that reaches so many times as far as all others is an outlier."""


def outlier(extents: Sequence[Range]) -> int | None:
    """The place of the one extent that is far beyond all others; None for none."""
    reach = [max(abs(low), abs(high)) for low, high in extents]
    if len(reach) < MANY:
        return None
    second, first = sorted(range(len(reach)), key=reach.__getitem__)[-2:]
    return first if reach[first] > FAR * reach[second] > 0 else None


def told(deep: Deep, reading: Reading) -> Range | None:
    """Black and white for ``deep``; None where ``reading`` does not tell."""
    if deep.values.dtype == np.uint8:
        return 0.0, 255.0
    return reading.floats if deep.kind == "floats" else reading.integers


def range_of(deep: Deep, reading: Reading) -> Range:
    """Black and white for ``deep``, by its own values where ``reading`` does not tell."""
    return told(deep, reading) or scale(deep.kind, extent(deep) or (0.0, 1.0))


def to_8_bit(deep: Deep, reading: Reading) -> Image.Image:
    """``deep`` as it is seen: RGB or L, with alpha where it has some. What is brighter than white
    is white, missing values are black."""
    black, white = range_of(deep, reading)
    values = np.nan_to_num(deep.values.astype(np.float32), nan=black, posinf=white, neginf=black)
    values -= black
    values *= 255 / (white - black)
    pixels = np.rint(np.clip(values, 0, 255)).astype(np.uint8)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    if deep.alpha is not None:
        image.putalpha(Image.fromarray(deep.alpha))
    return image


# -- what Pillow opens


def is_deep(image: Image.Image) -> bool:
    """Whether ``image``, opened but not loaded, has more than 8 bits or signed values."""
    if isinstance(image, Unusual) or image.mode[0] in "IF":
        return True
    if image.format == "TIFF":
        colours = image.mode in ("RGB", "RGBA") and max(_tag(image, BITS), default=8) > 8
        return colours or (image.mode == "L" and SIGNED in _tag(image, SAMPLE_FORMAT))
    return image.mode in ("RGB", "RGBA") and ";16" in _rawmode(image)


def read(image: Image.Image) -> Deep:
    """The values of ``image``, for which :func:`is_deep` holds; not loaded yet."""
    if isinstance(image, Unusual):
        return image.deep
    if SEPARATE in _tag(image, PLANES):  # of which Pillow takes the first for all
        return open_tiff(image.filename, image.width * image.height).deep  # type: ignore[attr-defined]
    if image.mode in ("RGB", "RGBA"):
        return _colours(image)
    values = _gray(image)
    key = image.info.get("transparency")
    alpha = None if not isinstance(key, int) else _visible(values != key)
    if image.format == "TIFF":
        values = _without_missing(values, next(iter(_tag(image, NO_DATA)), None))
        if WHITE_IS_ZERO in _tag(image, PHOTOMETRIC):
            values = _turned(values, next(iter(_tag(image, BITS)), 8 * values.itemsize))
    return Deep(values[..., None], alpha)


def _gray(image: Image.Image) -> np.ndarray:
    signed = SIGNED in _tag(image, SAMPLE_FORMAT)
    values = np.asarray(image)
    if values.dtype == np.uint8:
        return _unsigned(values.view(np.int8))
    if values.dtype == np.int32 and image.format == "TIFF" and not signed:
        return values.view(np.uint32)
    return values.astype(values.dtype.newbyteorder("="))


def _unsigned(values: np.ndarray) -> np.ndarray:
    """Signed values of 8 bits as others have them: the lowest is 0."""
    return values.view(np.uint8) ^ np.uint8(128) if values.dtype == np.int8 else values


def _turned(values: np.ndarray, bits: int) -> np.ndarray:
    """Values that count from white to black, from black to white."""
    if values.dtype.kind == "f":
        high = float(np.nanmax(values, initial=0))
        return next((full for full in FULL["floats"] if high <= full), high) - values
    return (2**bits - 1) - values if values.dtype.kind == "u" else ~values


def _without_missing(values: np.ndarray, said: Any) -> np.ndarray:
    """``values`` with NaN for marks of missing ones: absurd floats, and what the file says is one.

    Args:
        said: what the file says is such a mark, as GDAL writes it.
    """
    if values.dtype.kind == "f":
        values = values.astype(np.promote_types(values.dtype, np.float32))
    missing = np.abs(values) > ABSURD if values.dtype.kind == "f" else np.zeros((), bool)
    with contextlib.suppress(TypeError, ValueError):
        missing = missing | (values == float(said))
    if not missing.any():
        return values
    kind = np.float64 if values.dtype.itemsize > 2 else np.float32
    return np.where(missing, np.nan, values.astype(kind))


def _colours(image: Image.Image) -> Deep:
    """Colours of 16 bits, of which Pillow unpacks the upper 8: so the lower ones separately."""
    raw = _rawmode(image)
    if raw == "LA;16B":  # two bytes of gray and two of alpha, taken for four bands
        halves = _unpacked(image, "RGBA", "RGBA").astype(np.uint16)
        gray, alpha = 256 * halves[..., ::2][..., 0] + halves[..., 1], halves[..., 2]
        return Deep(gray[..., None], alpha.astype(np.uint8))
    premultiplied = raw.startswith("RGBa")
    raw = raw.replace("RGBa", "RGBA")
    upper, lower = (_unpacked(image, image.mode, r).astype(np.uint16) for r in (raw, _lower(raw)))
    bands = 256 * upper + lower
    values = bands[..., :3]
    if bands.shape[2] > 3 and _has_alpha(image):
        if premultiplied:
            values = unmultiplied(values, bands[..., 3])
        return Deep(values, (bands[..., 3] >> 8).astype(np.uint8))
    key = image.info.get("transparency")
    return Deep(values, _visible((values != key).any(2)) if isinstance(key, tuple) else None)


def _has_alpha(image: Image.Image) -> bool:
    return image.format != "TIFF" or bool(_tag(image, EXTRA_SAMPLES))


def alpha_is_none(image: Image.Image) -> bool:
    """Whether the fourth band is no transparency, though Pillow takes it for some: of a TIFF that
    does not say so (mostly it is near infrared)."""
    return image.format == "TIFF" and image.mode == "RGBA" and not _tag(image, EXTRA_SAMPLES)


def unmultiplied(values: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Colours [h, w, 3] into which ``alpha`` [h, w] was multiplied, without it."""
    full = np.iinfo(alpha.dtype).max
    shares = np.maximum(alpha, 1)[..., None] / full
    return np.minimum(np.rint(values / shares), full).astype(values.dtype)


def _visible(shown: np.ndarray) -> np.ndarray:
    return np.where(shown, 255, 0).astype(np.uint8)


def _openable(path: str) -> Any:
    """What a library can open: the path, or the bytes of a file in a tar, which only the program
    reads; the script of a package, which has this module in it, has no tars."""
    shards = sys.modules.get("transfergui.core.base.shards")
    return path if shards is None else shards.source(path)


def _unpacked(image: Image.Image, mode: str, raw: str) -> np.ndarray:
    """The file of ``image``, opened again and unpacked in another way."""
    name: str = image.filename  # type: ignore[attr-defined]
    with Image.open(_openable(name), formats=(image.format,)) as again:  # type: ignore[arg-type]
        again.tile = [tile._replace(args=_with_raw(tile.args, raw)) for tile in again.tile]
        again._mode = mode
        return np.asarray(again)


def _with_raw(args: Any, raw: str) -> Any:
    return raw if isinstance(args, str) else (raw, *args[1:])


def _rawmode(image: Image.Image) -> str:
    """How Pillow unpacks the bytes of ``image``: ``RGB;16B``, say; empty where it does not tell."""
    tiles = getattr(image, "tile", None)
    args = tiles[0][3] if tiles else ""
    first = args if isinstance(args, str) else args[0] if isinstance(args, tuple) and args else ""
    return first if isinstance(first, str) else ""


def _lower(raw: str) -> str:
    """The raw mode that takes the other byte of two."""
    native = "L" if sys.byteorder == "little" else "B"
    order = native if raw[-1] == "N" else raw[-1]
    return raw[:-1] + ("B" if order == "L" else "L")


def _tag(image: Image.Image, tag: int) -> tuple[Any, ...]:
    """The values of a tag of a TIFF; empty where it has none."""
    found = image.tag_v2.get(tag, ()) if hasattr(image, "tag_v2") else ()
    return found if isinstance(found, tuple) else (found,)


# -- what only tifffile opens


class UnreadableError(Exception):
    """A file that is not read.

    Attributes:
        code: ``too_large``, ``cut_off`` or ``unsupported``.
        stored: how its values are stored, in words.
    """

    def __init__(self, code: str, stored: str = "") -> None:
        super().__init__(f"{code} {stored}".strip())
        self.code = code
        self.stored = stored


class Unusual(Image.Image):
    """A TIFF that Pillow cannot open, read by tifffile already.

    Attributes:
        mode: what is stored, in words: ``float64``.
    """

    format = "TIFF"

    def __init__(self, deep: Deep, mode: str, orientation: int) -> None:
        super().__init__()
        self.deep = deep
        self._mode = mode
        self._size = deep.values.shape[1::-1]
        self._orientation = orientation

    def getexif(self) -> Image.Exif:
        exif = Image.Exif()
        exif[0x0112] = self._orientation
        return exif


def open_tiff(path: str, max_pixels: int) -> Unusual:
    """The first picture of a TIFF: floats of 64 bits, colours of 32, more bands, separate planes.

    Raises:
        UnreadableError: it is too large, cut off, or stored in a way that is in no way known here.
        Exception: nearly any, as tifffile raises it on a damaged file.
    """
    import tifffile

    with tifffile.TiffFile(_openable(path)) as file:
        page: Any = file.pages[0]
        if page.imagewidth * page.imagelength > max_pixels:
            raise UnreadableError("too_large")
        ends = map(sum, zip(page.dataoffsets, page.databytecounts, strict=True))
        if max(ends, default=0) > file.filehandle.size:
            raise UnreadableError("cut_off")
        bands, stored = _bands(page), f"{page.dtype} x {page.samplesperpixel}"
        if bands is None:
            raise UnreadableError("unsupported", f"TIFF, {stored}")
        orientation = page.tags.valueof("Orientation", 1)
        return Unusual(_of_bands(bands, page), stored.removesuffix(" x 1"), orientation)


def _bands(page: Any) -> np.ndarray | None:
    """The values [h, w, bands]; None where they are in no way known here."""
    gray_or_rgb = page.photometric in (WHITE_IS_ZERO, 1, MODE_RGB)
    if not gray_or_rgb or page.dtype is None or page.dtype.kind not in "uif":
        return None
    try:
        array = page.asarray()
    except ValueError as error:  # a compression that needs a library which is not here
        if "requires" in str(error) or "not supported" in str(error):
            return None
        raise
    if page.axes == "SYX":
        array = np.moveaxis(array, 0, -1)
    shape = (page.imagelength, page.imagewidth, page.samplesperpixel)
    return array.reshape(shape) if array.size == np.prod(shape) else None


def _of_bands(bands: np.ndarray, page: Any) -> Deep:
    """By the tags: the colours first, then what is transparent, if anything is."""
    colours = 3 if page.photometric == MODE_RGB and bands.shape[2] >= 3 else 1
    values = bands[..., :colours]
    extra = list(page.extrasamples or ())
    alpha = next((colours + at for at, kind in enumerate(extra) if kind in ALPHAS), None)
    values = _without_missing(_unsigned(values), page.tags.valueof("GDAL_NODATA"))
    if page.photometric == WHITE_IS_ZERO:
        values = _turned(values, page.bitspersample)
    if alpha is None or alpha >= bands.shape[2] or bands.dtype.kind != "u":
        return Deep(values)
    seen = bands[..., alpha]
    if extra[alpha - colours] == ALPHAS[0]:
        values = unmultiplied(values, seen)
    shares = seen >> (8 * seen.dtype.itemsize - 8)
    return Deep(values, shares.astype(np.uint8))
