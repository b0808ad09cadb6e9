"""What files of recordings end in."""

import itertools

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
