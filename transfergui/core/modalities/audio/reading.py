"""Reading sounds by what they hold, whatever their names and headers say.

``predict.py`` carries this module along, so that it reads the same sounds as the program: nothing
here imports the rest of it. What libsndfile decodes is read with soundfile, everything else that
holds sound (m4a, webm, wma, amr, films) with PyAV, where that is installed. Where a header gives a
wrong length, or a file holds several recordings one after the other, libsndfile is shown a file
that it understands (:class:`Stretches`).
"""

import bisect
import contextlib
import functools
import io
import itertools
import math
import mmap
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Literal, NamedTuple

import numpy as np

FORMATS = {
    "WAV": (".wav", ".wave", ".bwf", ".rf64"),
    "FLAC": (".flac",),
    "OGG": (".ogg", ".oga", ".opus", ".spx"),
    "MP3": (".mp3",),
    "AIFF": (".aiff", ".aif", ".aifc"),
    "AU": (".au", ".snd"),
    "CAF": (".caf",),
    "W64": (".w64",),
    "MP4": (".m4a", ".m4b", ".m4r", ".3gp", ".3ga", ".3g2"),
    "Matroska": (".webm", ".weba", ".mka"),
    "AAC": (".aac",),
    "WMA": (".wma",),
    "AMR": (".amr", ".awb"),
    "Monkey's Audio": (".ape",),
    "WavPack": (".wv",),
}
"""Formats of sounds, and the extensions of each."""
VIDEOS = {
    "MP4": (".mp4", ".m4v", ".mov"),
    "Matroska": (".mkv",),
    "AVI": (".avi",),
    "WMA": (".wmv", ".asf"),
    "OGG": (".ogv",),
    "MPEG": (".mpg", ".mpeg", ".mts", ".m2ts"),
    "Flash": (".flv",),
}
"""Formats of videos, and the extensions of each."""
ENDINGS = frozenset(itertools.chain(*FORMATS.values()))
VIDEO_ENDINGS = frozenset(itertools.chain(*VIDEOS.values()))

REASONS = {
    "sound.needs_av": "it is stored as {format}, which needs PyAV: pip install av",
    "sound.unsupported": "it is stored as {format}, which cannot be read: convert it to WAV",
    "sound.damaged": "it is damaged: copy it again",
    "sound.no_sound_track": "it is a video without sound",
    "sound.impossible_rate": "its header says {rate} samples a second, which no recording has",
    "sound.impossible_values": "it holds values up to {peak:.3g}, which no recording has",
    "sound.too_short": "nothing is to be heard in it",
    "sound.cut_off": "nothing is to be heard from second {start:g} on",
    "sound.not_finite": "it holds values that are no numbers",
}
"""Why a sound is of no use, in few words, by the codes of the program's sentences."""

LOWEST, HIGHEST = 1000, 1_000_000
"""Samples a second; a header that says less or more is wrong."""
LONGER = 1.5
"""A file of more than so many clips is more than one sample."""
BLOCK = 1 << 16
"""Frames that are read at once."""
UNKNOWN_LENGTH = 1 << 60
"""Frames; what libsndfile says where a streamed file does not."""


class SoundError(ValueError):
    """A file is of no use; ``code`` is one of :data:`REASONS`, ``values`` are of its words."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(REASONS[code].format(**values))
        self.code = code
        self.values = values


# -- what a file is


CONTAINERS = {
    "MP4": re.compile(rb"....(ftyp|moov|mdat|wide|pnot)", re.DOTALL),
    "Matroska": re.compile(rb"\x1a\x45\xdf\xa3"),
    "AVI": re.compile(rb"RIFF....AVI ", re.DOTALL),
    "AAC": re.compile(rb"\xff[\xf0\xf1\xf8\xf9]|ADIF"),
    "WMA": re.compile(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    "AMR": re.compile(rb"#!AMR"),
    "Monkey's Audio": re.compile(rb"MAC "),
    "WavPack": re.compile(rb"wvpk"),
    "True Audio": re.compile(rb"TTA[12]"),
    "Musepack": re.compile(rb"MPCK|MP\+"),
    "Flash": re.compile(rb"FLV\x01"),
    "MPEG": re.compile(rb"\0\0\x01\xba|\x47.{187}\x47|.{4}\x47.{191}\x47", re.DOTALL),
    "Speex": re.compile(rb"OggS.{24,28}Speex   ", re.DOTALL),
    "FLAC in Ogg": re.compile(rb"OggS.{24,28}\x7fFLAC", re.DOTALL),
    "Theora": re.compile(rb"OggS.{24,28}\x80theora", re.DOTALL),
    "compressed CAF": re.compile(rb"caff.{4}desc.{16}(?!lpcm|alac|ulaw|alaw)", re.DOTALL),
}
"""How files begin that libsndfile cannot read and PyAV can, by the name of the format."""

WAVE_CODECS = {1, 2, 3, 6, 7, 0x11, 0x14, 0x31, 0x38, 0x40, 0x50, 0x55, 0xFFFE}
"""Numbers of the encodings in WAV files that libsndfile can read."""
WAVE_NAMES = {0x45: "G.726", 0x64: "G.726", 0x65: "G.722", 0x161: "WMA", 0x162: "WMA", 0xFF: "AAC"}
AIFF_CODECS = re.compile(
    rb"NONE|raw |sowt|twos|in24|42ni|in32|23ni|fl32|FL32|fl64|FL64|ulaw|ULAW|alaw|ALAW"
    rb"|ima4|GSM |DWVW"
)
FRAME = re.compile(rb"\xff[\xe2-\xff]")
"""How a frame of an MP3 begins."""
NOTED = re.compile(
    rb"\xff[\xe2-\xff](?:.{11}|.{19}|.{34})(?:Xing|Info)\0\0\0|\xff[\xe2-\xff].{34}VBRI", re.DOTALL
)
"""How the frame of an MP3 begins in which its encoder notes how much there is."""
FURTHER = 4096
"""Bytes of an MP3 in which its first frame ends."""

Pieces = tuple[bytes | range, ...]


class Part(NamedTuple):
    """One recording in a file.

    Attributes:
        pieces: stretches of the file and bytes between, which make a file of this part alone.
        end: where in the file the next one begins.
        stated: what the header gives for the length, as a share of what is there.
        must: libsndfile understands the pieces only, not the file as it is.
        foreign: the name of a format that needs PyAV; empty where libsndfile can read it.
        cut: the file ends before the place that the header gives for the end.
    """

    pieces: Pieces
    end: int
    stated: float = 1.0
    must: bool = False
    foreign: str = ""
    cut: bool = False


SLACK = 16
"""Bytes that may be missing at the end: some programs count the first eight as well."""


@functools.lru_cache(maxsize=1 << 12)
def _parts(path: str, size: int, _time: int) -> tuple[Part, ...]:
    """The recordings in a file, as far as its format can tell; remembered while it is the same."""
    with open(path, "rb") as stream:  # noqa: PTH123 - a plain string
        head = stream.read(256)
        foreign = next((name for name, begins in CONTAINERS.items() if begins.match(head)), "")
        if foreign:
            return (Part((), size, foreign=foreign),)
        look = next((look for mark, look in LOOKS.items() if mark.match(head)), None)
        found: list[Part] = []
        at = 0
        while look and at < size and (part := look(stream, at, size)):
            found.append(part)
            at = part.end
        return tuple(found)


# -- files of chunks, which give the length of their samples

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


def _wave(stream: BinaryIO, begin: int, size: int) -> Part | None:
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


def _aiff(stream: BinaryIO, begin: int, size: int) -> Part | None:
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


def _caf(stream: BinaryIO, begin: int, size: int) -> Part | None:
    for name, at, length in chunks(stream, begin + 8, size, "big", 8):
        if name == b"data":

            def header(length: int, at: int = at) -> Pieces:
                return range(begin, at - 8), (length + 4).to_bytes(8, "big"), range(at, at + 4)

            until_end = length == (1 << 64) - 1
            stated = length if until_end else max(0, length - 4)
            return _part(stream, size, Samples(at + 4, stated, header, until_end, wide=8))
    return None


def _au(stream: BinaryIO, begin: int, size: int) -> Part | None:
    stream.seek(begin + 4)
    start, stated = (int.from_bytes(stream.read(4), "big") for _ in range(2))
    if not 24 <= start < size:
        return None

    def header(length: int) -> Pieces:
        length = min(length, 0xFFFFFFFF)
        return range(begin, begin + 8), length.to_bytes(4, "big"), range(begin + 12, begin + start)

    return _part(stream, size, Samples(begin + start, stated, header))


# -- files of frames and pages, of which several may follow each other


def _mp3(stream: BinaryIO, begin: int, size: int) -> Part | None:
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
            at += 32 + _little(content[at : at + 16], 12)
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


def _ogg(stream: BinaryIO, begin: int, size: int) -> Part | None:
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


def _flac(stream: BinaryIO, begin: int, size: int) -> Part | None:
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


LOOKS = {
    re.compile(rb"(RIFF|RF64)....WAVE", re.DOTALL): _wave,
    re.compile(rb"FORM....AIF", re.DOTALL): _aiff,
    re.compile(rb"caff"): _caf,
    re.compile(rb"\.snd"): _au,
    re.compile(rb"OggS"): _ogg,
    re.compile(rb"fLaC"): _flac,
    re.compile(rb"ID3|\xff[\xe2-\xff]"): _mp3,
}
"""What is asked for the recordings in a file, by how it begins."""


class Stretches(io.RawIOBase):
    """A file that can be read, made of stretches of an opened one and of bytes between."""

    def __init__(self, stream: BinaryIO, pieces: Pieces) -> None:
        self._stream = stream
        self._pieces = pieces
        self._ends = list(itertools.accumulate(map(len, pieces)))
        self._at = 0

    def __repr__(self) -> str:
        return repr(self._stream.name)  # libsndfile says what it could not open

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._ends[-1]}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as there is something: libsndfile takes less for the end."""
        view, done = memoryview(buffer).cast("B"), 0
        while done < len(view) and self._at < self._ends[-1]:
            number = bisect.bisect_right(self._ends, self._at)
            piece, left = self._pieces[number], self._ends[number] - self._at
            wanted = min(left, len(view) - done)
            start = len(piece) - left
            if isinstance(piece, bytes):
                content = piece[start : start + wanted]
            else:
                self._stream.seek(piece.start + start)
                content = self._stream.read(wanted)
            if not content:
                break
            view[done : done + len(content)] = content
            done += len(content)
            self._at += len(content)
        return done


# -- opened sounds


class Sound:
    """An opened sound: float32 [frames, channels], from any frame on.

    Attributes:
        rate: frames a second.
        frames: how many there are.
        format, subtype: libsndfile's names of the container and the encoding, or the like.
        parts: how many recordings follow each other in the file; ``heard``: how many of them are
            read, which must be alike in rate and channels.
        stated: what the header gives for the length, as a share of what is there.
        cut: whether the end of the file is missing, where its beginning tells.
        video: whether there are moving pictures, too.
    """

    rate: int
    channels: int
    frames: int
    format: str
    subtype: str
    parts: int = 1
    heard: int = 1
    stated: float = 1.0
    cut: bool = False
    video: bool = False

    def seek(self, frame: int) -> None:
        raise NotImplementedError

    def read(self, frames: int) -> np.ndarray:
        """The next frames; fewer at the end of the sound."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Sound":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_sound(path: str | os.PathLike[str], status: os.stat_result | None = None) -> Sound:
    """Open the sound at ``path``; ``status`` is the file's, where it is known.

    Raises:
        SoundError: it cannot be used.
        soundfile.LibsndfileError: libsndfile makes nothing of it.
        OSError: the file cannot be opened.
    """
    status = status or os.stat(path)  # noqa: PTH116 - a scan passes plain strings
    sound = _opened(path, status)
    if not LOWEST <= sound.rate <= HIGHEST:
        sound.close()
        raise SoundError("sound.impossible_rate", rate=sound.rate)
    return sound


def _opened(path: str | os.PathLike[str], status: os.stat_result) -> Sound:
    import soundfile

    file = functools.partial(soundfile.SoundFile, _name(path))
    with contextlib.suppress(soundfile.LibsndfileError):  # of which scans see thousands
        if _is_ordinary(path, status.st_size):
            return of_libsndfile(file)
        if sound := _whole_flac(path, status.st_size):
            return sound
    asked = os.fspath(path), status.st_size, status.st_mtime_ns
    found = _parts(*asked)
    if found and found[0].foreign:
        return Media(path, found[0].foreign)
    if len(found) > 1 or any(part.must for part in found):
        return Joined(path, found)
    try:
        sound = of_libsndfile(file)
    except soundfile.LibsndfileError:
        if not found or isinstance(found[0].pieces[0], range):
            raise
        return Joined(path, found)  # without the chunk that it tripped over
    if sound.frames >= UNKNOWN_LENGTH:
        sound.frames = _counted(*asked)
    for part in found:
        sound.cut, sound.stated = part.cut, part.stated
    return sound


def _is_ordinary(path: str | os.PathLike[str], size: int) -> bool:
    """Whether a file is a WAV of which every length is right and nothing follows the samples."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        head = os.read(descriptor, 256)
    finally:
        os.close(descriptor)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE" or size < _little(head, 4):
        return False
    at, codec = 12, -1
    while at + 8 <= len(head):
        name, length = head[at : at + 4], _little(head, at + 4)
        if name == b"data":
            return codec in WAVE_CODECS and size - 1 <= at + 8 + length <= size
        if name == b"fmt ":
            codec = int.from_bytes(head[at + 8 : at + 10], "little")
        at += 8 + length + length % 2
    return False


def _whole_flac(path: str | os.PathLike[str], size: int) -> Sound | None:
    """A FLAC that reaches its end and has nothing behind it, opened once; None for other files.

    Not on Windows, where libsndfile may have descriptors of its own.
    """
    import soundfile

    if os.name == "nt":
        return None
    descriptor = os.open(path, os.O_RDONLY)
    if os.pread(descriptor, 4, 0) != b"fLaC":
        os.close(descriptor)
        return None
    sound = Plain(soundfile.SoundFile(descriptor))  # which closes it
    if _is_all(sound, descriptor, size):
        return sound
    sound.close()
    return None


def _is_all(sound: "Plain", descriptor: int, size: int) -> bool:
    """Whether a FLAC has its last sample, near the end of its file, and no other one follows."""
    import soundfile

    if not 0 < sound.frames < UNKNOWN_LENGTH:
        return False
    with contextlib.suppress(soundfile.LibsndfileError):
        sound.seek(sound.frames - 1)
        near = max(8, os.lseek(descriptor, 0, os.SEEK_CUR) - BLOCK)  # it reads ahead
        rest = os.pread(descriptor, 2 * BLOCK, near) if size - near <= 2 * BLOCK else FLAC
        sound.seek(0)
        return FLAC not in rest
    return False


def _little(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 4], "little")


@functools.lru_cache(maxsize=1 << 12)
def _counted(path: str, _size: int, _time: int) -> int:
    """Frames, by decoding all of them."""
    import soundfile

    with soundfile.SoundFile(_name(path)) as file:
        return sum(map(len, blocks(Plain(file))))


def _name(path: str | os.PathLike[str]) -> str | bytes:
    """As soundfile takes it, also where the name is no valid text."""
    return os.fspath(path) if os.name == "nt" else os.fsencode(path)


def of_libsndfile(opened: Callable[[], Any]) -> Sound:
    """A sound that libsndfile reads; ``opened`` opens it, again where it cannot go back."""
    file = opened()
    if not file.seekable():
        return Once(file, opened)
    sound = Plain(file)
    if sound.subtype.startswith("DWVW"):
        sound.close()
        raise SoundError("sound.unsupported", format="AIFF DWVW")
    return Mpeg(sound) if sound.subtype.startswith("MPEG") else sound


class Plain(Sound):
    """A sound that soundfile reads."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._at = 0
        self.rate, self.channels, self.frames = file.samplerate, file.channels, file.frames
        self.format, self.subtype = file.format, file.subtype

    def seek(self, frame: int) -> None:
        frame = min(frame, self.frames)
        if frame != self._at:
            self._file.seek(frame)
            self._at = frame

    def read(self, frames: int) -> np.ndarray:
        values = self._file.read(frames, dtype="float32", always_2d=True)
        self._at += len(values)
        return values

    def close(self) -> None:
        self._file.close()


class Mpeg(Sound):
    """An MP3, whose frames refer to what was up to 511 bytes before them.

    libsndfile gives silence for those that it cannot decode after it sought; and soundfile seeks
    after each time that it reads. So the frames before are read with those that are wanted.
    """

    AHEAD = 16 * 1152

    def __init__(self, sound: Plain) -> None:
        self._sound = sound
        self._at = 0
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames
        self.format, self.subtype = sound.format, sound.subtype

    def seek(self, frame: int) -> None:
        self._at = min(frame, self.frames)

    def read(self, frames: int) -> np.ndarray:
        ahead = min(self._at, self.AHEAD)
        self._sound.seek(self._at - ahead)
        values = self._sound.read(ahead + frames)[ahead:]
        self._at += len(values)
        return values

    def close(self) -> None:
        self._sound.close()


class Forward(Sound):
    """A sound that is decoded from some place on, and cannot go back."""

    def __init__(self) -> None:
        self._at = 0
        self._blocks: Iterator[np.ndarray] | None = None
        self._rest = np.empty((0, 1), np.float32)

    def _from(self, frame: int) -> Iterator[np.ndarray]:
        """Blocks of any length, from a frame on."""
        raise NotImplementedError

    def seek(self, frame: int) -> None:
        if frame != self._at or self._blocks is None:
            self._at, self._blocks = min(frame, self.frames), None

    def read(self, frames: int) -> np.ndarray:
        if self._blocks is None:
            self._blocks, self._rest = self._from(self._at), self._rest[:0]
        taken = [np.empty((0, self.channels), np.float32)]
        wanted = min(frames, self.frames - self._at)
        while wanted > 0:
            if not len(self._rest):
                block = next(self._blocks, None)
                if block is None:
                    break
                self._rest = block
            taken.append(self._rest[:wanted])
            self._rest = self._rest[wanted:]
            wanted -= len(taken[-1])
            self._at += len(taken[-1])
        return np.concatenate(taken)


class Once(Forward):
    """A sound that libsndfile can read from the beginning only, as GSM 6.10."""

    def __init__(self, file: Any, opened: Callable[[], Any]) -> None:
        super().__init__()
        self._file, self._again = file, opened
        self.rate, self.channels, self.frames = file.samplerate, file.channels, file.frames
        self.format, self.subtype = file.format, file.subtype

    def _from(self, frame: int) -> Iterator[np.ndarray]:
        self._file.close()
        self._file = self._again()
        left = frame
        while len(block := self._file.read(BLOCK, dtype="float32", always_2d=True)):
            if left < len(block):
                yield block[left:]
            left = max(0, left - len(block))

    def close(self) -> None:
        self._file.close()


class Joined(Sound):
    """The recordings of a file, one after the other, as long as they are alike."""

    def __init__(self, path: str | os.PathLike[str], found: tuple[Part, ...]) -> None:
        self.cut = any(part.cut for part in found)
        self._stream = open(path, "rb")  # noqa: PTH123, SIM115 - closed with the sound
        self._sounds: list[Sound] = []
        self.parts, self.stated = len(found), found[0].stated
        try:
            for part in found:
                if not self._add(part):
                    break
        except BaseException:
            self.close()
            raise
        first = self._sounds[0]
        self.heard = len(self._sounds)
        self.rate, self.channels = first.rate, first.channels
        self.format, self.subtype = first.format, first.subtype
        self._ends = list(itertools.accumulate(sound.frames for sound in self._sounds))
        self.frames = self._ends[-1]
        self._number = 0

    def _add(self, part: Part) -> bool:
        """Open one more; False where it is unlike the first, or damaged."""
        import soundfile

        try:
            file = functools.partial(Stretches, self._stream, part.pieces)
            sound = of_libsndfile(lambda: soundfile.SoundFile(file()))
        except soundfile.LibsndfileError:
            if not self._sounds:
                raise
            return False
        first = self._sounds[0] if self._sounds else sound
        if (sound.rate, sound.channels) != (first.rate, first.channels):
            sound.close()
            return False
        self._sounds.append(sound)
        return True

    def seek(self, frame: int) -> None:
        self._number = min(bisect.bisect_right(self._ends, frame), self.heard - 1)
        begins = self._ends[self._number] - self._sounds[self._number].frames
        self._sounds[self._number].seek(frame - begins)

    def read(self, frames: int) -> np.ndarray:
        taken = [self._sounds[self._number].read(frames)]
        while (left := frames - sum(map(len, taken))) and self._number + 1 < self.heard:
            self._number += 1
            self._sounds[self._number].seek(0)
            taken.append(self._sounds[self._number].read(left))
        return np.concatenate(taken)

    def close(self) -> None:
        for sound in self._sounds:
            sound.close()
        self._stream.close()


class Media(Forward):
    """A sound that PyAV decodes: FFmpeg's formats, among them videos."""

    FAR = 10.0
    """Seconds; places before are decoded from the beginning."""
    AHEAD = 1.0
    """Seconds that are decoded before a far place: encoders refer to what was before."""
    INDEXED = ("mov", "matroska", "avi", "asf", "flv")
    """FFmpeg's names of the formats in which places are found, and that say how long they are."""
    indexed: bool
    NAMES = {"wav": "WAV", "ogg": "OGG", "caf": "CAF", "aiff": "AIFF"}

    def __init__(self, path: str | os.PathLike[str], format: str) -> None:
        super().__init__()
        try:
            import av
        except ImportError:
            raise SoundError("sound.needs_av", format=format) from None
        self._av = av
        # A damaged file makes FFmpeg look for places and streams that there are not.
        self._errors = (av.error.FFmpegError, ValueError, OSError, IndexError)
        self._file = open(path, "rb")  # noqa: PTH123, SIM115 - closed with the sound
        self._container: Any = None
        try:
            self._open(format)
            self._look()
        except BaseException:
            self.close()
            raise

    def _open(self, format: str) -> None:
        """From the beginning: going back loses what encoders say of it."""
        if self._container is not None:
            self._container.close()
        self._file.seek(0)
        with self._as_sentence():
            try:
                self._container = self._av.open(self._file, metadata_errors="ignore")
            except TypeError:  # from version 19 on, tags in other encodings are no error
                self._container = self._av.open(self._file)
        self._stream = self._container.streams.best("audio")
        self._fresh = True
        codec = self._stream and self._stream.codec_context
        if not codec or not codec.sample_rate:
            if not self._container.streams.audio:
                raise SoundError("sound.no_sound_track")
            raise SoundError("sound.unsupported", format=format)
        self.format = self.NAMES.get(self._container.format.name, format)

    def _look(self) -> None:
        covers = self._av.stream.Disposition.attached_pic
        pictures = self._container.streams.video
        self.video = any(not stream.disposition & covers for stream in pictures)
        codec = self._stream.codec_context
        self.rate, self.channels = codec.sample_rate, codec.layout.nb_channels
        self.subtype = codec.name.upper()
        self.indexed = self._container.format.name.startswith(self.INDEXED)
        self._begin = float((self._stream.start_time or 0) * self._stream.time_base)
        self.frames = round(self._seconds() * self.rate)

    def _seconds(self) -> float:
        if self.indexed and self._stream.duration:
            return float(self._stream.duration * self._stream.time_base)
        said = re.fullmatch(r"(\d+):(\d+):(\d+\.\d+)", self._stream.metadata.get("DURATION", ""))
        if self.indexed and said:
            return 3600 * int(said[1]) + 60 * int(said[2]) + float(said[3])
        if self.indexed and self._container.duration and not self.video:
            return self._container.duration / 1e6
        return self._counted()

    def _counted(self) -> float:
        """Seconds, by all packets: recordings of browsers and streams do not say it."""
        seconds, last = 0.0, 0.0
        self._fresh = False
        with self._as_sentence():
            for packet in self._container.demux(self._stream):
                length = float((packet.duration or 0) * packet.time_base)
                seconds += length
                if packet.pts is not None:
                    last = max(last, float(packet.pts * packet.time_base) + length - self._begin)
        return last if self.indexed else seconds

    @contextlib.contextmanager
    def _as_sentence(self) -> Iterator[None]:
        try:
            yield
        except SoundError:
            raise
        except self._errors as error:
            raise SoundError("sound.damaged") from error

    def _from(self, frame: int) -> Iterator[np.ndarray]:
        """Far places by the timestamps of the container, near ones by counting."""
        far = self.indexed and frame > self.FAR * self.rate
        with self._as_sentence():
            if far:
                to = self._begin + frame / self.rate - self.AHEAD
                time = math.floor(to / self._stream.time_base)
                self._container.seek(time, stream=self._stream)
            elif not self._fresh:
                self._open(self.format)
            self._fresh = False
            at = None if far else 0
            for decoded in self._container.decode(self._stream):
                if decoded.sample_rate != self.rate or decoded.layout.nb_channels != self.channels:
                    raise SoundError("sound.unsupported", format="a stream of several sample rates")
                if at is None:
                    if decoded.time is None:
                        raise SoundError("sound.damaged")
                    at = round((decoded.time - self._begin) * self.rate)
                values = _of_frame(decoded)
                if frame < at + len(values):
                    yield values[max(0, frame - at) :]
                at += len(values)

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
        self._file.close()


def _of_frame(frame: Any) -> np.ndarray:
    """A frame of PyAV as float32 [frames, channels], from -1 to 1."""
    values = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(frame.samples, -1)
    if values.dtype.kind == "f":
        return np.ascontiguousarray(values, np.float32)
    if values.dtype == np.uint8:
        return (values.astype(np.float32) - 128) / 128
    return (values / (np.iinfo(values.dtype).max + 1)).astype(np.float32)


# -- what is heard of them


def windows(duration: float, seconds: float) -> list[int]:
    """Where the clips of a recording begin, in milliseconds; none where it is a single one.

    One after the other. What is left at the end is one more if it is at least half a clip.
    """
    if duration <= LONGER * seconds:
        return []
    return [round(1000 * seconds * at) for at in range(math.floor(duration / seconds + 0.5))]


def blocks(sound: Sound, frames: int = UNKNOWN_LENGTH) -> Iterator[np.ndarray]:
    """What comes next, float32 [up to :data:`BLOCK`, channels] at a time."""
    while frames > 0 and len(block := sound.read(min(BLOCK, frames))):
        frames -= len(block)
        yield block


def heard(sound: Sound, start: float, seconds: float) -> np.ndarray:
    """A part of a sound in one channel, of a scale of 1: float32 [T].

    Channels are mixed; where they would cancel each other (:class:`Channels`), the loudest one is
    taken. That is decided for each part by itself, by what is read of it.

    Args:
        start: seconds from the beginning of the file.
        seconds: how much to read; the end of the file may come before.

    Raises:
        SoundError: there is nothing of use.
    """
    if not sound.frames:
        raise SoundError("sound.too_short", milliseconds=0)
    scale = full_scale(sound)
    at, length = min(round(start * sound.rate), sound.frames), round(seconds * sound.rate)
    sound.seek(at)
    channels, mixed = Channels(sound.channels), []
    for block in blocks(sound, length):
        channels.add(block)
        mixed.append(block.mean(axis=1))
    if not mixed:
        raise SoundError("sound.cut_off", start=start)
    if (one := channels.alone()) is not None:
        sound.seek(at)
        mixed = [block[:, one] for block in blocks(sound, length)]
    values = np.concatenate(mixed)
    if not np.isfinite(values).all():
        raise SoundError("sound.not_finite")
    require_possible(float(np.abs(values).max(initial=0)), scale)
    return values if scale == 1 else values / np.float32(scale)


class Channels:
    """Decides whether channels may be mixed, by their powers.

    The power of the sum of n channels is n times that of all of them where they are alike, and
    once where they have nothing in common or only one is in use. Where it is less than
    :data:`CANCELLED` of that, one was recorded upside down, and mixing leaves noise.
    """

    CANCELLED = 0.1
    AS_LOUD = 0.9
    """Of the power of the loudest channel; the first one that has it is taken."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._frames = 0
        self._sums = np.zeros(count + 1)
        self._squares = np.zeros(count + 1)

    def add(self, block: np.ndarray) -> None:
        """Take in float32 [T, channels]."""
        if self._count == 1:
            return
        values = block.astype(np.float64)
        values = np.concatenate([values, values.sum(axis=1, keepdims=True)], axis=1)
        self._frames += len(values)
        self._sums += values.sum(axis=0)
        self._squares += np.einsum("tc,tc->c", values, values)

    def alone(self) -> int | None:
        """The channel that is to be heard instead of all, or None."""
        if not self._frames:
            return None
        powers = self._squares / self._frames - (self._sums / self._frames) ** 2
        each, mixed = powers[:-1], powers[-1]
        if not mixed < self.CANCELLED * each.sum():
            return None
        return int(np.argmax(each >= self.AS_LOUD * each.max()))


FLOATS = ("FLOAT", "DOUBLE")
"""libsndfile's names of floating-point numbers."""
SCALES = {8: 1, 1 << 16: 1 << 15, 1 << 24: 1 << 23, 1 << 32: 1 << 31}
"""What stands for full scale in a file of floating-point numbers whose largest is at most ..."""
ABSURD = 1000.0
"""So many times full scale (60 dB above it), a value is an error of the file."""
LOOKED_AT, AT_ONCE = 16, 4096
"""Places of a file in which the largest number is looked for, and frames in each."""


def require_possible(peak: float, scale: int) -> None:
    """
    Raises:
        SoundError: values up to ``peak`` are no recording's of that full ``scale``: one of them in
            a file is enough to ruin a training.
    """
    if peak > ABSURD * scale:
        raise SoundError("sound.impossible_values", peak=peak)


def full_scale(sound: Sound) -> int:
    """What stands for 1 in a sound: some programs write whole numbers of 16 bits as floats.

    Decided once for a file, by places all over it.

    Raises:
        SoundError: no recording has such values.
    """
    if sound.subtype not in FLOATS:
        return 1
    peak = 0.0
    for at in np.linspace(0, max(0, sound.frames - AT_ONCE), LOOKED_AT).astype(int):
        sound.seek(int(at))
        values = np.abs(sound.read(AT_ONCE))
        peak = max(peak, float(values[np.isfinite(values)].max(initial=0)))
    scale = next((scale for limit, scale in SCALES.items() if peak <= limit), None)
    if scale is None:
        raise SoundError("sound.impossible_values", peak=peak)
    return scale
