"""JPEGs that are damaged within, and those of kinds that are not read here.

Pillow keeps the decoder's warnings to itself: half a picture may be gray and nobody hears of it.
simplejpeg tells them. Small and in gray, it decodes every byte in the time that Pillow takes.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

DAMAGE = re.compile("corrupt jpeg data|premature end|inconsistent progression", re.IGNORECASE)
"""What libjpeg warns of where pixels are missing or wrong; other warnings are about headers."""
LEFT_OVER = re.compile("extraneous bytes before marker 0xd9", re.IGNORECASE)
"""... and where all pixels were found, but bytes are left: some cameras write such files whole."""

SIGNATURE = b"\xff\xd8\xff"
FRAMES = re.compile(rb"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf\xf7]")
"""The markers that begin a frame, without their 0xff, by the way it is compressed ..."""
READ_FRAMES = b"\xc0\xc1\xc2\xc3\xc9\xca"
"""... and those that libjpeg-turbo reads."""
ALONE = re.compile(rb"[\x01\xd0-\xd8]")
"""Markers without content."""


def gray(data: bytes, shorter: int) -> tuple[np.ndarray | None, str | None]:
    """The picture in ``data`` in gray, and which problem its decoding showed.

    Args:
        shorter: both sides keep at least this many pixels, if they have so many.

    Returns:
        uint8 [h, w], not turned upright; None where only Pillow can tell more. The code is
        ``picture.damaged_inside``, ``picture.left_over`` or None.
    """
    try:
        return _decoded(data, shorter, strict=True), None
    except ValueError as error:
        said = str(error)
    if not DAMAGE.search(said):
        return None, None
    code = "picture.left_over" if LEFT_OVER.search(said) else "picture.damaged_inside"
    try:
        return _decoded(data, shorter, strict=False), code
    except ValueError:
        return None, code


def _decoded(data: bytes, shorter: int, strict: bool) -> np.ndarray:
    import simplejpeg

    image = simplejpeg.decode_jpeg(
        data, "GRAY", min_height=shorter, min_width=shorter, min_factor=1, strict=strict
    )
    return image[..., 0]


def unsupported(path: Path | str) -> str | None:
    """The kind of a JPEG that libjpeg does not read, in words; None where it is another."""
    with Path(path).open("rb") as stream:
        data = stream.read(1 << 18)
    at = 2
    while data[at : at + 1] == b"\xff" and at + 10 < len(data):
        marker = data[at + 1 : at + 2]
        if FRAMES.match(marker):
            bits = data[at + 4]
            known = marker in READ_FRAMES and bits == 8
            return None if known else f"JPEG, {bits} bits, SOF{marker[0] & 15}"
        at += 2 if ALONE.match(marker) else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
