"""JPEGs that are damaged within, and those of kinds that are not read here.

Pillow keeps the decoder's warnings to itself: half a picture may be gray and nobody hears of it.
simplejpeg tells them. Small and in gray, it decodes every byte in the time that Pillow takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from transfergui.core.base import shards

DAMAGE = re.compile("corrupt jpeg data|premature end|inconsistent progression", re.IGNORECASE)
"""What libjpeg warns of where pixels are missing or wrong; other warnings are about headers."""
LEFT_OVER = re.compile("extraneous bytes before marker 0xd9", re.IGNORECASE)
"""... and where all pixels were found, but bytes are left: some cameras write such files whole."""

SIGNATURE = b"\xff\xd8\xff"
BEGINNING = 1 << 18
"""Bytes in which the first frame begins."""
FRAMES = re.compile(rb"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf\xf7]")
"""The markers that begin a frame, without their 0xff, by the way it is compressed ..."""
READ_FRAMES = b"\xc0\xc1\xc2\xc3\xc9\xca"
"""... and those that libjpeg-turbo reads."""
SCAN, END = b"\xda", b"\xff\xd9"
ALONE = re.compile(rb"[\x01\xd0-\xd8]")
"""Markers without content."""


HOLE = bytes(64)
"""Zeros that no scan has with the usual Huffman tables: whole sectors that were not written."""
USUAL_TABLE = bytes.fromhex("0002010303020403050504040000017d")
"""How the usual table for brightness begins; with others, plain areas may well be zeros."""


def gray(data: bytes, shorter: int) -> tuple[np.ndarray | None, str | None]:
    """The picture in ``data`` in gray, and which problem its decoding showed.

    Args:
        shorter: both sides keep at least this many pixels, if they have so many.

    Returns:
        uint8 [h, w], not turned upright; None where only Pillow can tell more. The code is
        ``picture.damaged_inside``, ``picture.left_over`` or None.
    """
    try:
        hole = "picture.damaged_inside" if _has_hole(data) else None
        return _decoded(data, shorter, strict=True), hole
    except ValueError as error:
        said = str(error)
    if not DAMAGE.search(said):
        return None, None
    code = "picture.left_over" if LEFT_OVER.search(said) else "picture.damaged_inside"
    try:
        return _decoded(data, shorter, strict=False), code
    except ValueError:
        return None, code


def _has_hole(data: bytes) -> bool:
    """Whether zeros stand where there are pixels in all files that were written to the end."""
    at = data.find(HOLE)
    if at < 0 or USUAL_TABLE not in data:
        return False
    start = _pixels(data)
    end = data.find(END, start)
    return data.find(HOLE, start, end if end >= 0 else len(data)) >= 0


def _pixels(data: bytes) -> int:
    """Where the first scan begins, behind all headers."""
    return next((at for marker, at in _markers(data) if marker == SCAN), len(data))


def _markers(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The markers up to the first scan, without their 0xff, and where each one's content is."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1 : at + 2]
        yield marker, at + 4
        at += 2 if ALONE.match(marker) else 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def _decoded(data: bytes, shorter: int, strict: bool) -> np.ndarray:
    import simplejpeg

    image = simplejpeg.decode_jpeg(
        data, "GRAY", min_height=shorter, min_width=shorter, min_factor=1, strict=strict
    )
    return image[..., 0]


def unsupported(path: Path | str) -> str | None:
    """The kind of a JPEG that libjpeg does not read, in words; None where it is another."""
    if shards.is_member(path):
        data = shards.read(path, BEGINNING)
    else:
        with Path(path).open("rb") as stream:
            data = stream.read(BEGINNING)
    for marker, at in _markers(data):
        if FRAMES.match(marker) and at < len(data):
            bits = data[at]
            known = marker in READ_FRAMES and bits == 8
            return None if known else f"JPEG, {bits} bits, SOF{marker[0] & 15}"
    return None
