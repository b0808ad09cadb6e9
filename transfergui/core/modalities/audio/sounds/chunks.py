"""Files of chunks, which give the length of their samples: WAV, AIFF, CAF, AU."""

import functools
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal, NamedTuple

from transfergui.core.modalities.audio.sounds.formats import BLOCK, WAVE_CODECS
from transfergui.core.modalities.audio.sounds.stretches import Part, Pieces

WAVE_NAMES = {0x45: "G.726", 0x64: "G.726", 0x65: "G.722", 0x161: "WMA", 0x162: "WMA", 0xFF: "AAC"}
AIFF_CODECS = re.compile(
    rb"NONE|raw |sowt|twos|in24|42ni|in32|23ni|fl32|FL32|fl64|FL64|ulaw|ULAW|alaw|ALAW"
    rb"|ima4|GSM |DWVW"
)

SLACK = 16
"""Bytes that may be missing at the end: some programs count the first eight as well."""


Order = Literal["little", "big"]


def chunks(
    stream: BinaryIO, at: int, end: int, order: Order, wide: int = 4
) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and stated length of each chunk from ``at`` on, as long as they are some."""
    while at + 4 + wide <= end:
        stream.seek(at)
        head = stream.read(4 + wide)
        if not re.fullmatch(rb"[ -~]{4}", head[:4]):
            return
        length = int.from_bytes(head[4:], order)
        yield head[:4], at + 4 + wide, length
        at += 4 + wide + length + (length % 2 if wide == 4 else 0)


class Samples(NamedTuple):
    """Where the samples of a file begin, and how many bytes of them its header gives.

    ``header`` makes what is to stand before so many bytes of samples.
    """

    start: int
    stated: int
    header: Callable[[int], Pieces]
    must: bool = False
    foreign: str = ""
    order: Order = "big"
    wide: int = 4
    promised: int = 0


def _part(stream: BinaryIO, size: int, samples: Samples) -> Part:
    """The recording that these are the samples of, where the header is wrong as it should be."""
    room = size - samples.start
    end, length, share = size, min(samples.stated, room), 1.0
    if 0 < samples.stated < room - 1:
        end = _honest_end(stream, samples.start + samples.stated, size, samples)
    if (samples.stated == 0 and room > 1) or end < 0:
        end, length, share = size, room, samples.stated / room
    elif samples.stated > room + SLACK and not _is_unknown(samples.stated):
        share = samples.stated / max(1, room)
    pieces = (*samples.header(length), range(samples.start, samples.start + length))
    cut = share >= 1 and size < samples.promised - SLACK
    return Part(pieces, end, share, samples.must or share < 1, samples.foreign, cut)


STREAMED = (range(0x7FFFF000, 0x80000100), range(0xFFFFFF00, 1 << 32), range(1 << 62, 1 << 64))
"""Lengths that mean that it was not known when the file was begun."""


def _is_unknown(length: int) -> bool:
    return any(length in unknown for unknown in STREAMED)


def _promised(stream: BinaryIO, begin: int, order: Order) -> int:
    """Where a file of chunks that begins at ``begin`` ends, as it says at its beginning."""
    stream.seek(begin + 4)
    length = int.from_bytes(stream.read(4), order)
    return 0 if _is_unknown(length) else begin + 8 + length


def _honest_end(stream: BinaryIO, end: int, size: int, samples: Samples) -> int:
    """Where the file ends whose samples end at ``end``; -1 where they go on.

    Behind samples come chunks, the tags of an MP3, another file, or zeros: else the length in
    the header is wrong.
    """
    stream.seek(end)
    head = stream.read(BLOCK)
    if head.startswith((b"TAG", b"ID3", b"APETAG")) or not any(head):
        return size
    for start in (end, end + 1):  # lengths are even, which not every program knows
        if _begins(stream, start):
            return start
        after = 0
        for _name, at, length in chunks(stream, start, size, samples.order, samples.wide):
            after = at + length + length % 2
            if after <= size and _begins(stream, after):
                return after
        if 0 < after <= size + 1:
            return size
    return -1


def _begins(stream: BinaryIO, at: int) -> bool:
    """Whether another file begins at ``at``."""
    stream.seek(at)
    return bool(re.match(rb"(RIFF|RF64)....WAVE|FORM....AIF|caff\0\1", stream.read(12), re.DOTALL))


def wave_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    form, wide_length = b"", -1
    for name, at, length in chunks(stream, begin + 12, size, "little"):
        if name == b"fmt " and length < BLOCK:
            stream.seek(at)
            form = stream.read(length)
        elif name == b"ds64":
            stream.seek(at + 8)
            wide_length = int.from_bytes(stream.read(8), "little")
        elif name == b"data":
            codec = int.from_bytes(form[:2], "little")
            foreign = "" if codec in WAVE_CODECS else WAVE_NAMES.get(codec, f"WAV 0x{codec:X}")
            is_wide = length == 0xFFFFFFFF and wide_length >= 0
            stated = wide_length if is_wide else length
            header = functools.partial(_wave_header, form)
            must = is_wide and _is_unknown(stated)
            promised = _promised(stream, begin, "little")
            samples = Samples(at, stated, header, must, foreign, "little", promised=promised)
            return _part(stream, size, samples)
    return None


def _wave_header(form: bytes, length: int) -> Pieces:
    def of(number: int) -> bytes:
        return min(number, 0xFFFFFFFF).to_bytes(4, "little")

    size = 20 + len(form) + length
    return (b"RIFF" + of(size) + b"WAVEfmt " + of(len(form)) + form + b"data" + of(length),)


def aiff_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    foreign = ""
    for name, at, length in chunks(stream, begin + 12, size, "big"):
        stream.seek(at)
        if name == b"COMM" and length > 18:
            codec = stream.read(22)[18:]
            foreign = "" if AIFF_CODECS.match(codec) else f"AIFF {codec.decode('latin-1').strip()}"
        elif name == b"SSND":

            def header(length: int, at: int = at) -> Pieces:
                return range(begin, at - 4), (length + 8).to_bytes(4, "big"), range(at, at + 8)

            stated, promised = max(0, length - 8), _promised(stream, begin, "big")
            samples = Samples(at + 8, stated, header, False, foreign, promised=promised)
            return _part(stream, size, samples)
    return None


def caf_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    for name, at, length in chunks(stream, begin + 8, size, "big", 8):
        if name == b"data":

            def header(length: int, at: int = at) -> Pieces:
                return range(begin, at - 8), (length + 4).to_bytes(8, "big"), range(at, at + 4)

            until_end = length == (1 << 64) - 1
            stated = length if until_end else max(0, length - 4)
            return _part(stream, size, Samples(at + 4, stated, header, until_end, wide=8))
    return None


def au_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    stream.seek(begin + 4)
    start, stated = (int.from_bytes(stream.read(4), "big") for _ in range(2))
    if not 24 <= start < size:
        return None

    def header(length: int) -> Pieces:
        length = min(length, 0xFFFFFFFF)
        return range(begin, begin + 8), length.to_bytes(4, "big"), range(begin + 12, begin + start)

    return _part(stream, size, Samples(begin + start, stated, header))
