"""What files without an ending are, by their first bytes."""

from __future__ import annotations

import codecs
import re

HEAD = 512
"""Bytes of a file that are looked at."""
CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes that no text has but one in UTF-16."""
SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), ending)
    for pattern, ending in (
        (rb"\xff\xd8\xff", ".jpg"),
        (rb"\x89PNG", ".png"),
        (rb"GIF8", ".gif"),
        (rb"BM", ".bmp"),
        (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", ".tif"),
        (rb"RIFF....WEBP", ".webp"),
        (rb"RIFF....WAVE|RF64....WAVE", ".wav"),
        (rb"fLaC", ".flac"),
        (rb"OggS", ".ogg"),
        (rb"ID3|\xff[\xe2-\xff]", ".mp3"),
        (rb"FORM....AIF", ".aiff"),
    )
)


def ending(head: bytes) -> str:
    """The ending that a file which begins with ``head`` would usually have; empty for none.

    Whatever holds no control characters is a text: ``.txt``.
    """
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if head and (marked or not CONTROLS.search(head)):
        return ".txt"
    return next((ending for pattern, ending in SIGNATURES if pattern.match(head)), "")
