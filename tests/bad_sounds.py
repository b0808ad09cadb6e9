"""Makes sound files that need care, numbered 41 in the project's list of faults.

As :mod:`tests.bad_files` does for pictures: ``make(folder)`` writes a data set of two classes
and returns where each file is.
"""

from pathlib import Path

import numpy as np
import soundfile

RATE = 16000


def tone(seconds: float, rate: int = RATE, pitch: float = 440.0, channels: int = 1) -> np.ndarray:
    """A tone with a little noise: float32 [T, channels]."""
    time = np.arange(round(seconds * rate))[:, None] / rate
    noise = np.random.default_rng(len(time)).standard_normal((len(time), channels))
    return (0.3 * np.sin(2 * np.pi * pitch * time) + 0.01 * noise).astype(np.float32)


def make(folder: Path) -> dict[str, Path]:
    """Good recordings of about a second, and every odd one among them."""
    home = folder / "cat"
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(8):
            soundfile.write(folder / name / f"{number}.wav", tone(1 + number / 50), RATE)
    return {_key(path): path for path in (*_odd(home), *_bad(home))}


def _odd(home: Path) -> list[Path]:
    """What can be used."""

    def write(name: str, data: np.ndarray, rate: int = RATE, **options: str) -> Path:
        soundfile.write(home / name, data, rate, **options)
        return home / name

    mp3_in_wav = write("wrong_extension.mp3", tone(1.05, 44100), 44100)
    return [
        write("eight_bit.wav", tone(1.01), subtype="PCM_U8"),
        write("twenty_four_bit.wav", tone(1.02), subtype="PCM_24"),
        write("float.wav", tone(1.03), subtype="FLOAT"),
        write("seven_channels.wav", tone(1.0, channels=7)),
        write("slow.wav", tone(1.0, 4000), 4000),
        write("fast.wav", tone(1.0, 384000), 384000),
        write("odd_rate.wav", tone(1.0, 44101), 44101),
        write("offset.wav", tone(1.04) + np.float32(0.5)),
        write("compressed.flac", tone(1.06)),
        write("vorbis.ogg", tone(1.07)),
        write("opus.opus", tone(1.0, 48000), 48000, format="OGG", subtype="OPUS"),
        write("mpeg.mp3", tone(1.08, 44100), 44100),
        write("apple.aiff", tone(1.09)),
        write("gr\u00fc\u00df \u732b.wav", tone(1.11)),
        mp3_in_wav.rename(home / "wrong_extension.wav"),
    ]


def _bad(home: Path) -> list[Path]:
    """What cannot be used, or is noted."""

    def write(name: str, data: np.ndarray, **options: str) -> Path:
        soundfile.write(home / name, data, RATE, **options)
        return home / name

    def store(name: str, data: bytes) -> Path:
        (home / name).write_bytes(data)
        return home / name

    def cut(name: str, share: float, **options: str) -> Path:
        whole = write(name, tone(4.0), **options)
        data = whole.read_bytes()
        return store(name, data[: int(share * len(data))])

    hole = tone(1.0)
    hole[5000] = np.nan
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 1\n" % 7
    return [
        write("no_sound.wav", np.zeros(0)),
        write("ten_milliseconds.wav", tone(0.01)),
        write("silence.wav", np.zeros(RATE)),
        write("constant.wav", np.full(RATE, 0.4)),
        write("nan.wav", hole, subtype="FLOAT"),
        store("nothing.wav", b""),
        store("text.wav", b"This is a text, not a sound.\n" * 40),
        store("pointer.wav", pointer),
        store("apple.m4a", b"\0\0\0\x20ftypM4A \0\0\2\0" + bytes(200)),
        store("hidden_apple.wav", b"\0\0\0\x20ftypM4A \0\0\2\0" + bytes(200)),
        store("random.flac", b"fLaC" + bytes(range(256))),
        cut("cut_wav.wav", 0.5),
        cut("cut_aiff.aiff", 0.98),
        cut("cut_flac.flac", 0.5),
        cut("cut_mp3.mp3", 0.5),
        cut("cut_mp3_late.mp3", 0.9),
        cut("cut_ogg.ogg", 0.5),
    ]


def _key(path: Path) -> str:
    """The name without its ending, which two of the files share."""
    return "apple_m4a" if path.suffix == ".m4a" else path.stem
