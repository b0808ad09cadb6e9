"""Where masks begin and end: those of COCO, in run lengths, and the pictures of Supervisely."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PIL import Image

MOST_RUNS = 1_000_000
LARGEST = 100_000_000
"""Bytes of a mask, once it is unpacked."""
Corners = tuple[float, float, float, float] | tuple[()]
"""Left, top, right, bottom in pixels; empty for an empty mask, or one that cannot be read."""


def corners_of_mask(mask: Mapping[str, Any]) -> Corners:
    """The box around a mask of COCO: ``size`` is height and width, ``counts`` how many pixels are
    outside, inside, outside … column by column; as a list, or packed into a text."""
    size, counts = mask.get("size"), mask.get("counts")
    try:
        height = int(size[0])  # type: ignore[index]
        runs = list(_unpacked(counts) if isinstance(counts, str) else map(int, counts or ()))
    except (TypeError, ValueError, IndexError):
        return ()
    return _around(runs, height) if height > 0 else ()


def _around(runs: Sequence[int], height: int) -> Corners:
    left = top = 1 << 62
    right = bottom = -1
    begin = 0
    for number, length in enumerate(runs[:MOST_RUNS]):
        end = begin + length
        if number % 2 and length > 0:
            first, last = begin // height, (end - 1) // height
            left, right = min(left, first), max(right, last)
            several = last > first
            top = 0 if several else min(top, begin % height)
            bottom = height - 1 if several else max(bottom, (end - 1) % height)
        begin = end
    return (left, top, right + 1, bottom + 1) if right >= 0 else ()


def _unpacked(text: str) -> Iterator[int]:
    """The numbers in a text of COCO: five bits in each sign, the sixth for more of them; from the
    third number on, what the one before the last differs by."""
    numbers: list[int] = []
    value = shift = 0
    for sign in text[:MOST_RUNS]:
        bits = ord(sign) - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        if len(numbers) > 2:
            value += numbers[-2]
        numbers.append(value)
        yield value
        value = shift = 0


def corners_of_bitmap(bitmap: Mapping[str, Any]) -> Corners:
    """The box around a mask of Supervisely: a packed PNG, and where its left upper corner is."""
    try:
        x, y = map(float, bitmap["origin"])
        packed = zlib.decompressobj()
        data = packed.decompress(base64.b64decode(bitmap["data"]), LARGEST)
        with Image.open(io.BytesIO(data)) as picture:
            bands = picture.convert("RGBA").getchannel("A") if picture.mode == "RGBA" else picture
            inside = bands.convert("L").getbbox()
    except (KeyError, TypeError, ValueError, OSError, binascii.Error, zlib.error,
            Image.DecompressionBombError):  # fmt: skip
        return ()
    return () if inside is None else (x + inside[0], y + inside[1], x + inside[2], y + inside[3])
