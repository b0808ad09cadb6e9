"""Formats of sounds, what their files end in, and how they begin."""

import re

BLOCK = 1 << 16
"""Frames that are read at once."""
UNKNOWN_LENGTH = 1 << 60
"""Frames; what libsndfile says where a streamed file does not."""


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


def little_endian(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 4], "little")
