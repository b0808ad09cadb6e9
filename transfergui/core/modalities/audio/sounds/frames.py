"""Files of frames and pages, of which several may follow each other: MP3, Ogg, FLAC."""

import bisect
import contextlib
import functools
import mmap
import re
from collections.abc import Callable
from typing import Any, BinaryIO

from transfergui.core.modalities.audio.sounds.chunks import SLACK
from transfergui.core.modalities.audio.sounds.formats import (
    BLOCK,
    CONTAINERS,
    UNKNOWN_LENGTH,
    little_endian,
)
from transfergui.core.modalities.audio.sounds.stretches import Part, Pieces, Stretches

FRAME = re.compile(rb"\xff[\xe2-\xff]")
"""How a frame of an MP3 begins."""
NOTED = re.compile(
    rb"\xff[\xe2-\xff](?:.{11}|.{19}|.{34})(?:Xing|Info)\0\0\0|\xff[\xe2-\xff].{34}VBRI", re.DOTALL
)
"""How the frame of an MP3 begins in which its encoder notes how much there is."""
FURTHER = 4096
"""Bytes of an MP3 in which its first frame ends."""


def mp3_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    """By the note that most encoders leave in the first frame, of how many bytes there are."""
    start = begin + id3_length(stream, begin)
    stream.seek(start)
    head = stream.read(FURTHER)
    zeros = len(head) - len(head := head.lstrip(b"\0"))  # some tags are longer than they say
    start += zeros
    if begin == 0 and CONTAINERS["AAC"].match(head):
        return Part((), size, foreign="AAC")
    if not FRAME.match(head):
        return None
    told = xing_length(head)
    promised = start + told
    stop, end, note = size, size, b""
    if promised < size:
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            stop, end = _next_mp3(content, promised if told else start + 4, bool(told))
            note = b"" if NOTED.match(head) else _missing_note(content, start, stop)
    pieces: Pieces = (note, range(start, stop)) if note else (range(start, stop),)
    return Part(pieces, end, must=bool(zeros or note), cut=size < promised - SLACK)


def _missing_note(content: mmap.mmap, at: int, stop: int) -> bytes:
    """The first frame that an encoder should have written, with how many follow; empty where all
    have one bit rate: libsndfile takes that of the first one for all."""
    head, start, count, kinds = content[at : at + 4], at, 0, set()
    while at < stop and (length := frame_length(bits := content[at : at + 3])):
        kinds.add(bits[2] >> 4)
        count += 1
        at += length
    if len(kinds) < 2:
        return b""
    head = bytes((head[0], head[1] | 1, head[2] & 0x0F | 0x90, head[3]))  # at a usual bit rate
    mono, first = head[3] >> 6 == 3, head[1] >> 3 & 3 == 3
    side = (17 if mono else 32) if first else (9 if mono else 17)
    length = frame_length(head[:3])
    numbers = count.to_bytes(4, "big") + (length + stop - start).to_bytes(4, "big")
    return (head + bytes(side) + b"Xing\0\0\0\3" + numbers).ljust(length, b"\0")


def _next_mp3(content: mmap.mmap, at: int, told: bool) -> tuple[int, int]:
    """Where a recording stops, and where the next one begins, which may be behind tags.

    Args:
        at: where the first one should stop.
        told: whether its encoder told that; else only a frame with another note tells.
    """
    if told:
        at += _uncounted(content, at)
        begin = at + _tags_length(content, at)
        if _is_mp3(content, begin):
            return at, begin
    found = NOTED.search(content, at)
    return (found.start(), found.start()) if found else (len(content), len(content))


def _is_mp3(content: mmap.mmap, at: int) -> bool:
    """Whether a recording begins at ``at``, with tags or with a frame."""
    return content[at : at + 3] == b"ID3" or bool(FRAME.match(content, at))


def _uncounted(content: mmap.mmap, at: int) -> int:
    """The length of the frame at ``at`` if it is the last one of a recording: the frame with the
    note is not counted by some encoders."""
    length = 0 if NOTED.match(content, at) else frame_length(content[at : at + 3])
    after = min(at + length, len(content))
    is_last = not FRAME.match(content, after) or NOTED.match(content, after)
    return after - at if is_last else 0


def _tags_length(content: mmap.mmap, at: int) -> int:
    """Bytes of the tags that stand behind a recording (ID3v1, APE), and of zeros."""
    begin = at
    while True:
        if content[at : at + 3] == b"TAG":
            at += 128
        elif content[at : at + 8] == b"APETAGEX":
            at += 32 + little_endian(content[at : at + 16], 12)
        elif content[at : at + 1] == b"\0":
            found = re.compile(rb"\0+").match(content, at)
            at = found.end() if found else at
        else:
            return at - begin


BIT_RATES = {  # kbit/s by version and layer
    "1": (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    "2": (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}


@functools.lru_cache(maxsize=1 << 10)
def frame_length(head: bytes) -> int:
    """Bytes of the frame of an MP3 (layer III) of which ``head`` is the first three; 0 for none."""
    if len(head) < 3 or not FRAME.match(head) or head[1] >> 1 & 3 != 1:
        return 0
    version, rate_index = head[1] >> 3 & 3, head[2] >> 2 & 3
    if version == 1 or rate_index == 3:
        return 0
    rate = (44100, 48000, 32000)[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    bits = 1000 * BIT_RATES["1" if version == 3 else "2"][head[2] >> 4]
    return (144 if version == 3 else 72) * bits // rate + (head[2] >> 1 & 1) if bits else 0


def id3_length(stream: BinaryIO, at: int = 0) -> int:
    """Bytes of the ID3v2 tags at ``at``, which have sizes of 7 bits a byte."""
    begin = at
    while True:
        stream.seek(at)
        head = stream.read(10)
        if not head.startswith(b"ID3") or len(head) < 10:
            return at - begin
        size = functools.reduce(lambda size, byte: size << 7 | byte & 0x7F, head[6:10], 0)
        at += 10 + size + (10 if head[5] & 0x10 else 0)


def xing_length(head: bytes) -> int:
    """Bytes of an MP3 by the note in its first frame (Xing, Info, VBRI); 0 where there is none.

    That frame is counted by some and not by others, who promise too little.
    """
    if head[36:40] == b"VBRI":
        return int.from_bytes(head[46:50], "big")
    found = re.search(rb"(?:Xing|Info)\0\0\0(.)", head[:200], re.DOTALL)
    if not found or not found[1][0] & 2:
        return 0
    at = found.end() + (4 if found[1][0] & 1 else 0)
    return int.from_bytes(head[at : at + 4], "big")


def ogg_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    """Up to the next page that begins a stream, but for those of the same recording."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = begin
        while content[at : at + 4] == b"OggS" and at + 27 < size and content[at + 5] & 2:
            segments = content[at + 26]
            at += 27 + segments + sum(content[at + 27 : at + 27 + segments])
        following = re.compile(rb"OggS\0[\x02\x06].{8}").search(content, at)
        end = following.start() if following else size
    return Part((range(begin, end),), end)


FLAC = b"fLaC\0\0\0\x22"
"""How a FLAC begins."""


def flac_part(stream: BinaryIO, begin: int, size: int) -> Part | None:
    """Up to the next file, which is looked for behind the last of the samples.

    Where the header does not say how many there are, it is made to: libsndfile stumbles at the
    end of such files.
    """
    import soundfile

    def opened() -> Any:
        return soundfile.SoundFile(Stretches(stream, (range(begin, size),)))

    near, frames, is_unknown, cut = 8, 0, False, True
    with contextlib.suppress(soundfile.LibsndfileError):
        file = Stretches(stream, (range(begin, size),))
        with soundfile.SoundFile(file) as sound:
            frames = sound.frames
            if is_unknown := frames >= UNKNOWN_LENGTH:
                places = range(1 << 36)
                frames = bisect.bisect_left(places, True, key=lambda at: not _has(opened, at))
            sound.seek(max(0, frames - 1))  # which another file behind it may confuse
            near, cut = max(8, file.tell() - BLOCK), False  # it reads ahead
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = content.find(FLAC, begin + near)
    end = found if found > 0 else size
    if not (is_unknown and frames):
        return Part((range(begin, end),), end, cut=cut and end == size)
    stream.seek(begin + 21)
    bits = (stream.read(1)[0] >> 4 << 36 | frames).to_bytes(5, "big")
    return Part((range(begin, begin + 21), bits, range(begin + 26, end)), end, must=True)


def _has(opened: Callable[[], Any], frame: int) -> bool:
    """Whether a sound has so many frames and one more, by looking for it."""
    import soundfile

    with opened() as sound:
        try:
            sound.seek(frame)
        except soundfile.LibsndfileError:
            return False
        return True
