"""Notes made by calculation: four kinds that differ in nothing but the kind."""

import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from transfergui.core.app.samples import catalogue as samples
from transfergui.core.app.samples import notes

SIDE = 64
"""Pixels of a spectrogram in the strip."""
SHOWN = {"plucked": (2, 21), "bowed": (6, 18), "struck": (3, 19), "noisy": (8, 5)}
"""Two notes of each class, by number."""
COLOURS = [(24, 26, 46), (88, 44, 116), (206, 82, 92), (252, 178, 96), (255, 250, 224)]
"""From silent to loud."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("notes")
    notes.write(home)
    return home


def read(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getframerate() == notes.RATE
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def test_there_are_as_many_of_each_class(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(notes.KINDS)
    assert all(len(list((folder / name).glob("*.wav"))) == notes.EACH for name in notes.KINDS)


def test_no_class_is_given_away_by_length_or_loudness(folder: Path) -> None:
    for name in notes.KINDS:
        sounds = [read(path) for path in sorted((folder / name).iterdir())]
        seconds = [len(sound) / notes.RATE for sound in sounds]
        peaks = [float(np.abs(sound).max()) for sound in sounds]
        assert notes.SHORTEST <= min(seconds) < 0.8
        assert 1.1 < max(seconds) <= notes.LONGEST
        assert min(peaks) < 0.15
        assert 0.6 < max(peaks) < 1
        assert 0.9 < np.mean(seconds) < 1.0


def test_every_note_is_another(folder: Path) -> None:
    contents = {path.read_bytes() for path in folder.rglob("*.wav")}
    assert len(contents) == notes.EACH * len(notes.KINDS)


def test_a_plucked_string_sounds_at_its_pitch_and_dies_away() -> None:
    sound = notes.plucked(220.0, notes.RATE, np.random.default_rng(0))
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    harmonics = [spectrum[n * 220 - 8 : n * 220 + 9].max() for n in (1, 2, 3)]
    assert min(harmonics) > 20 * np.median(spectrum)
    assert np.square(sound[-4000:]).sum() < 0.1 * np.square(sound[:4000]).sum()


def test_a_bowed_string_swells() -> None:
    sound = notes.bowed(220.0, notes.RATE, np.random.default_rng(0))
    assert np.square(sound[:300]).mean() < 0.1 * np.square(sound[6000:10000]).mean()


def spectrogram(sound: np.ndarray) -> np.ndarray:
    """uint8 [SIDE, SIDE, 3]: tones from 80 to 7000 hertz, high ones above, by time."""
    starts = np.linspace(0, len(sound) - 1024, SIDE).astype(int)
    frames = np.stack([sound[start : start + 1024] for start in starts]) * np.hanning(1024)
    power = np.abs(np.fft.rfft(frames, 4096)) ** 2
    bins = (np.geomspace(80, 7000, SIDE)[::-1] * 4096 / notes.RATE).astype(int)
    loudness = 10 * np.log10(power[:, bins].T + 1e-12)
    level = np.clip((loudness - loudness.max() + 55) / 55, 0, 1)
    places = np.linspace(0, 1, len(COLOURS))
    channels = [np.interp(level, places, [c[i] for c in COLOURS]) for i in range(3)]
    return np.rint(np.stack(channels, axis=2)).astype(np.uint8)


def test_the_strip_shows_the_sample(folder: Path) -> None:
    """To renew it: save ``strip`` as ``resources/samples/notes.png``."""
    files = [folder / name / f"{n:02}.wav" for name, shown in SHOWN.items() for n in shown]
    strip = np.hstack([spectrogram(read(path)) for path in files])
    path = samples.find("notes").strip_path
    assert path is not None
    difference = np.abs(np.asarray(Image.open(path)).astype(int) - strip)
    assert difference.mean() < 0.5  # another processor may round another way
