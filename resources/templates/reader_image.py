"""Predict pictures with the model beside this file, without TransferGUI.

    pip install numpy pillow onnxruntime
    python predict.py PICTURE_OR_FOLDER ... > predictions.csv

TIFF files with 64-bit floats, 32-bit colours or separate planes also need tifffile: pip install
tifffile. Damage inside a JPEG file is not detected here.

Pictures are prepared exactly as in training. From Python:

    model = Model(Path("folder of this file"))
    model.answer(Path("picture.jpg"))        # {"cat": 0.93, "dog": 0.07}
"""

import contextlib
from pathlib import Path

import numpy as np
from PIL import Image

from transfergui.core.base.i18n import _
from transfergui.core.modalities.image.deep import (
    Reading,
    alpha_is_none,
    is_deep,
    open_tiff,
    read,
    to_8_bit,
)

with contextlib.suppress(ImportError):  # HEIC pictures, where pillow-heif is installed
    import pillow_heif

    pillow_heif.register_heif_opener()

RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
LONGEST = 4  # of a picture longer than this many times its width, only the middle is kept
MAX_PIXELS = 178_000_000
GROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0), "gray": (128, 128, 128)}
SYSTEM = {"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"}
ORIENTATION = 0x0112  # in EXIF
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


# -- from a file to what the network sees


class Reader:
    """Pictures, brought to the size that the network wants."""

    mean = False

    def __init__(self, options, assets):
        self.options = options

    def files(self, names):
        """The files named, and the pictures in the folders named."""
        endings = Image.registered_extensions()
        for path in map(Path, names):
            if path.is_dir():
                found = (p for p in path.rglob("*") if p.suffix.lower() in endings)
                yield from sorted(p for p in found if not ignored(p.relative_to(path)))
            else:
                yield path

    def samples(self, path):
        """The name and the prepared picture of one file."""
        yield str(path), prepare(path, self.options)


def ignored(path):
    """Whether a file is hidden, a system's own, or in a folder that is."""
    return any(name[0] == "." or name.lower() in SYSTEM for name in path.parts)


def prepare(path, options):
    """float32 [3, size, size] in [0, 1]."""
    image = open_picture(path, 2 * max(options["size"], options["resize"]), options)
    picture = np.asarray(FITS[options["fit"]](image, options))
    size = options["size"]
    top, left = (round((length - size) / 2) for length in picture.shape[:2])
    picture = picture[top : top + size, left : left + size]
    return np.ascontiguousarray(picture.transpose(2, 0, 1), dtype=np.float32) / np.float32(255)


def open_picture(path, shorter, options):
    """Upright RGB; large JPEGs are decoded smaller, down to ``shorter`` pixels."""
    with opened(path) as image:
        if image.width * image.height > MAX_PIXELS:
            text = _("too large: {width} x {height} pixels")
            raise ValueError(text.format(width=image.width, height=image.height))
        image.draft("RGB", (shorter, shorter))
        seen = with_8_bits(image, options)
        turn = UPRIGHT.get(orientation(image))
        rgb = on_ground(seen, GROUNDS[options.get("ground", "white")])
    return rgb if turn is None else rgb.transpose(turn)


def opened(path):
    try:
        return Image.open(path)
    except Image.UnidentifiedImageError:
        if path.read_bytes()[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            raise
        return open_tiff(str(path), MAX_PIXELS)


def with_8_bits(image, options):
    """Black and white of deeper pictures are those of the training."""
    if is_deep(image):
        return to_8_bit(read(image), Reading(options.get("integers"), options.get("floats")))
    image.load()
    return image.convert("RGB") if alpha_is_none(image) else image


def orientation(image):
    """EXIF orientation 1 to 8; 1 where damaged EXIF does not tell."""
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:
        return 1


def on_ground(image, colour):
    """RGB; transparent parts get the background of the training."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    below = Image.new("RGBA", image.size, colour)
    return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")


def crop(image, options):
    """The shorter side to ``resize`` pixels; the edges are cut off later."""
    side, short = max(options["resize"], options["size"]), min(image.size)
    width, height = (min(length, LONGEST * short) for length in image.size)
    left, top = (image.width - width) / 2, (image.height - height) / 2
    box = (left, top, left + width, top + height)
    return resized(image, (side * width // short, side * height // short), options, box)


def pad(image, options):
    """The whole picture on a border of the mean colour."""
    size = options["size"]
    scale = size / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    inner = resized(image, (width, height), options)
    canvas = Image.new("RGB", (size, size), tuple(round(255 * mean) for mean in options["mean"]))
    canvas.paste(inner, ((size - width) // 2, (size - height) // 2))
    return canvas


def squash(image, options):
    return resized(image, (options["size"], options["size"]), options)


FITS = {"crop": crop, "pad": pad, "squash": squash}


def resized(image, size, options, box=None):
    filter = RESAMPLING[options["interpolation"]]
    return image.resize(size, filter, box=box, reducing_gap=3.0)
