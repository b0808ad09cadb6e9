"""Answer what is on pictures with the model beside this file, without TransferGUI.

    pip install numpy pillow onnxruntime
    python predict.py PICTURE_OR_FOLDER ... > answers.csv

Pictures are prepared exactly as they were in training. From Python:

    model = Model(Path("folder of this file"))
    model.answer(Path("picture.jpg"))        # {"cat": 0.93, "dog": 0.07}
"""

import contextlib
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

with contextlib.suppress(ImportError):  # HEIC pictures, where pillow-heif is installed
    import pillow_heif

    pillow_heif.register_heif_opener()

RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
LONGEST = 4  # of a picture longer than this many times its width, only the middle is kept
MAX_PIXELS = 178_000_000
WHITES = {"I": (4095.0, 65535.0), "F": (1.0, 255.0, 4095.0, 65535.0)}
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
                yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in endings)
            else:
                yield path

    def samples(self, path):
        """The name and the prepared picture of one file."""
        yield str(path), prepare(path, self.options)


def prepare(path, options):
    """float32 [3, size, size] in [0, 1]."""
    image = open_picture(path, 2 * max(options["size"], options["resize"]))
    picture = np.asarray(FITS[options["fit"]](image, options))
    size = options["size"]
    top, left = (round((length - size) / 2) for length in picture.shape[:2])
    picture = picture[top : top + size, left : left + size]
    return np.ascontiguousarray(picture.transpose(2, 0, 1), dtype=np.float32) / np.float32(255)


def open_picture(path, shorter):
    """Upright RGB; large JPEGs are decoded smaller, down to ``shorter`` pixels."""
    with Image.open(path) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"{image.width} x {image.height} pixels are too many")
        image.draft("RGB", (shorter, shorter))
        image.load()
        turn = UPRIGHT.get(orientation(image))
        rgb = to_rgb(image)
    return rgb if turn is None else rgb.transpose(turn)


def orientation(image):
    """EXIF orientation 1 to 8; 1 where damaged EXIF does not tell."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1


def to_rgb(image):
    """Transparent parts become white, more than 8 bits are scaled."""
    if image.mode[0] in WHITES:
        image = to_8_bit(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def to_8_bit(image):
    values = np.array(image, dtype=np.float32)
    values[~np.isfinite(values)] = 0
    low, high = float(values.min()), float(values.max())
    fitting = [white for white in WHITES[image.mode[0]] if low >= 0 and high <= white]
    black, white = (0.0, fitting[0]) if fitting else (low, high)
    values -= black
    values *= 255 / ((white - black) or 1)
    return Image.fromarray(np.rint(values).astype(np.uint8))


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
