"""PNGs that are damaged within: Pillow does not compare the check sums of pixels."""

import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def is_whole(data: bytes) -> bool:
    """Whether every chunk that matters has the check sum that stands behind it, up to the end."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        stored = int.from_bytes(data[end : end + 4], "big")
        critical = not kind[0] & 32  # capital first letters, in PNG
        if critical and zlib.crc32(data[at + 4 : end]) != stored:
            return False
        if kind == b"IEND":
            return True
        at = end + 4
    return False
