"""What can be measured of a picture without knowing what it shows.

Pictures are decoded small (a JPEG at a fraction of its size), so that thousands take seconds.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from transfergui.core.data.properties import Value
from transfergui.core.modalities.image import decode, objects
from transfergui.core.modalities.image.deep import Reading

SIDE = 128
"""Pixels of the shorter side at which pictures are measured, at most."""
STRIP = 0.06
"""Of the shorter side: how wide the border is that is looked at."""
WINDOW = 9
"""Pixels of the blur that sharpness is measured with."""
ALIKE = 8
"""Levels of brightness, of 255, within which pixels count as the same in :func:`_plain`."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
STANDARD_SUM = 3690
"""Of the 64 steps for brightness in annex K of the JPEG standard, which are those of quality 50."""


def measure(path: Path, reading: Reading) -> dict[str, Value]:
    """By the keys of :mod:`.properties`; and where the object is (:mod:`.objects`).

    Raises:
        UserError: ``picture.*``.
    """
    data = decode.content(path)
    values, image = decode.looked_at(path, _of_file, SIDE, reading, data)
    scale = SIDE / min(image.size)
    if scale < 1:
        size = tuple(max(1, round(length * scale)) for length in image.size)
        image = image.resize((size[0], size[1]), Image.Resampling.BOX, reducing_gap=2.0)
    pixels = np.asarray(image, dtype=np.float32)
    return values | {"file_size": float(len(data))} | _of_pixels(pixels) | objects.box(pixels)


def _of_file(image: Image.Image) -> dict[str, Value]:
    """What the file says before it is decoded."""
    width, height = image.size
    if decode.orientation(image) >= 5:  # turned by a right angle
        width, height = height, width
    return {
        "file_type": {"MPO": "JPEG"}.get(image.format or "", image.format or ""),
        "colour_mode": image.mode,
        "jpeg_quality": jpeg_quality(image),
        "camera": camera(image),
        "width": float(width),
        "height": float(height),
        "ratio": width / height,
    }


def camera(image: Image.Image) -> str:
    """What took the picture, by its EXIF; empty where that says nothing."""
    try:
        exif = image.getexif()
        parts = [exif.get(ExifTags.Base.Make, ""), exif.get(ExifTags.Base.Model, "")]
    except Exception:  # any, as in decode.read; the pixels are as good as ever
        return ""
    make, model = (str(part).strip("\0 ") for part in parts)
    return model if model.startswith(make) else f"{make} {model}".strip()


def jpeg_quality(image: Image.Image) -> float:
    """The quality, 1 to 100, with which libjpeg writes about such quantisation tables; NaN of what
    is no JPEG."""
    tables: dict[int, Any] = getattr(image, "quantization", None) or {}
    if not tables:
        return math.nan
    percent = 100 * sum(tables[min(tables)]) / STANDARD_SUM
    quality = (200 - percent) / 2 if percent <= 100 else 5000 / percent
    return round(min(100.0, max(1.0, quality)))


def _of_pixels(pixels: np.ndarray) -> dict[str, Value]:
    """Of a picture float32 [h, w, 3] in [0, 255]."""
    planes = tuple(np.ascontiguousarray(pixels[..., channel]) for channel in range(3))
    red, green, blue = (float(plane.mean()) for plane in planes)
    most = np.maximum(np.maximum(planes[0], planes[1]), planes[2])
    least = np.minimum(np.minimum(planes[0], planes[1]), planes[2])
    luma = planes[0] * LUMA[0] + planes[1] * LUMA[1] + planes[2] * LUMA[2]
    border = _border(luma)
    total = max(1.0, red + green + blue)
    counts = np.bincount(luma.astype(np.uint8).ravel(), minlength=256)
    below = np.cumsum(counts) / luma.size
    return {
        "brightness": float(luma.mean()),
        "contrast": float(luma.std()),
        "saturation": float((most - least).mean()),
        "red": red / total,
        "green": green / total,
        "blue": blue / total,
        "sharpness": sharpness(luma),
        "border_brightness": float(border.mean()),
        "border_contrast": float(border.std()),
        "highest_brightness": float(np.searchsorted(below, 0.98)),
        "lowest_brightness": float(np.searchsorted(below, 0.02)),
        "plain": _plain(counts),
    }


def _border(luma: np.ndarray) -> np.ndarray:
    """The pixels of the strip around a picture."""
    width = max(1, round(STRIP * min(luma.shape)))
    sides = luma[width:-width]
    strips = (luma[:width], luma[-width:], sides[:, :width], sides[:, -width:])
    return np.concatenate([strip.ravel() for strip in strips])


def _plain(counts: np.ndarray) -> float:
    """The share of the pixels that are about as bright as most of them are.

    Args:
        counts: pixels by brightness, int [256].
    """
    around = np.convolve(counts, np.ones(2 * ALIKE + 1, np.int64), mode="same")
    return float(around.max() / counts.sum())


def sharpness(luma: np.ndarray) -> float:
    """0 (nothing but blur) to 1: how much of the differences between neighbours blurring removes.

    One minus the measure of Crete et al., "The blur effect: perception and estimation with a new
    no-reference perceptual blur metric", 2007: what is blurred already changes little by more blur,
    whatever it shows.
    """
    return 1 - max(_blur(luma), _blur(np.ascontiguousarray(luma.T)))


def _blur(luma: np.ndarray) -> float:
    """Along the first axis."""
    from scipy import ndimage

    if len(luma) <= WINDOW:
        return 0.0
    blurred = ndimage.uniform_filter1d(luma, WINDOW, axis=0, mode="nearest")
    own, left = np.abs(luma[1:] - luma[:-1]), np.abs(blurred[1:] - blurred[:-1])
    total = float(own.sum())
    lost = float(np.maximum(0, own - left).sum())
    return (total - lost) / total if total > 0 else 0.0
