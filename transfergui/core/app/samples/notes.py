"""200 short notes made by calculation, a folder per class: plucked, bowed, struck, and noise.

Pitch, length, loudness, brightness and the background vary alike in every class, so that only
the kind of the sound tells them apart; a quarter of them is hard to hear below the background.
"""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

RATE = 16_000
EACH = 50
"""Notes of each class."""
LOWEST, HIGHEST = 110.0, 880.0
"""Hertz: three octaves from A2."""
SHORTEST, LONGEST = 0.7, 1.2
"""Seconds."""
PARTIALS = {
    "bar": (1.0, 2.756, 5.404, 8.933),
    "bell": (0.5, 1.0, 1.183, 1.506, 2.0, 2.514, 2.662, 3.011, 4.166),
    "membrane": (1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156),
}
"""Partial tones of what is struck, as multiples of the pitch (Fletcher and Rossing,
"The Physics of Musical Instruments", 1998)."""

Rng = np.random.Generator


def write(folder: Path) -> None:
    """Fill ``folder`` with 16-bit wav files of one channel at 16 kHz."""
    for label, (name, play) in enumerate(KINDS.items()):
        home = folder / name
        home.mkdir()
        for number in range(EACH):
            sound = note(play, np.random.default_rng((label, number)))
            _write_wav(home / f"{number:02}.wav", sound)


def note(play: Callable[[float, int, Rng], np.ndarray], rng: Rng) -> np.ndarray:
    """One note before its background: float64 [T], the loudest sample below 1."""
    pitch = LOWEST * (HIGHEST / LOWEST) ** rng.random()
    length = round(RATE * rng.uniform(SHORTEST, LONGEST))
    before = round(RATE * rng.uniform(0.0, 0.15))
    sound = np.zeros(length)
    sound[before:] = play(pitch, length - before, rng)
    sound /= np.sqrt(np.mean(sound**2))
    signal_to_noise = 10 ** (rng.uniform(0.0, 30.0) / 20)
    sound += _background(length, rng) / signal_to_noise
    return sound / np.abs(sound).max() * 10 ** (rng.uniform(-24.0, -1.0) / 20)


# -- the classes: pitch in hertz and T to float64 [T] of any loudness


def plucked(pitch: float, length: int, rng: Rng) -> np.ndarray:
    """A string: noise that runs round a delay line and is smoothed each time.

    Karplus and Strong, "Digital Synthesis of Plucked-String and Drum Timbres", 1983.
    """
    period = round(RATE / pitch)
    lasting = 0.5 ** (period / (RATE * rng.uniform(0.08, 0.6)))  # the half-life in seconds
    dull = rng.uniform(0.1, 0.5)
    string = np.zeros(length + 2 * period)
    string[1 : period + 1] = _smoothed(rng.uniform(-1, 1, period), int(rng.integers(1, 5)))
    for start in range(period + 1, length + period, period):
        earlier = string[start - period - 1 : start]
        again = (1 - dull) * earlier[1:] + dull * earlier[:-1]
        string[start : start + period] = lasting * again[: len(string) - start]
    return string[1 : length + 1]


def bowed(pitch: float, length: int, rng: Rng) -> np.ndarray:
    """A string that sticks to the bow and slips: a sawtooth that swells, with vibrato."""
    time = np.arange(length) / RATE
    vibrato = rng.uniform(0.002, 0.012) * np.sin(2 * np.pi * rng.uniform(4.5, 7.0) * time)
    phase = 2 * np.pi * np.cumsum(pitch * (1 + vibrato)) / RATE
    order = np.arange(1, int(0.45 * RATE / pitch / 1.02) + 1)
    strength = order ** -rng.uniform(0.9, 1.8) * rng.uniform(0.4, 1.0, len(order))
    tone = strength @ np.sin(order[:, np.newaxis] * phase)
    attack, release = RATE * rng.uniform(0.03, 0.25), RATE * rng.uniform(0.05, 0.3)
    swell = np.minimum(np.arange(length) / attack, np.arange(length, 0, -1) / release)
    scratch = rng.uniform(0.0, 0.2) * _smoothed(rng.standard_normal(length), 2)
    return (tone + scratch) * np.clip(swell, 0, 1)


def struck(pitch: float, length: int, rng: Rng) -> np.ndarray:
    """A bar, a bell or a skin: partial tones that fit no scale, the higher the shorter."""
    ratios = np.array(PARTIALS[str(rng.choice(list(PARTIALS)))])
    ratios = ratios * rng.uniform(0.98, 1.02, len(ratios))
    ratios = ratios[ratios * pitch < 0.45 * RATE]
    time = np.arange(length) / RATE
    decay = rng.uniform(3.0, 14.0) * ratios ** rng.uniform(0.3, 1.0)
    strength = ratios ** -rng.uniform(0.2, 1.2) * rng.uniform(0.3, 1.0, len(ratios))
    phases = rng.uniform(0, 2 * np.pi, len(ratios))[:, np.newaxis]
    tones = np.sin(2 * np.pi * pitch * ratios[:, np.newaxis] * time + phases)
    knock = rng.standard_normal(length) * np.exp(-time * rng.uniform(150, 400))
    attack = np.clip(time / rng.uniform(0.001, 0.008), 0, 1)
    return attack * (
        strength @ (tones * np.exp(-decay[:, np.newaxis] * time)) + rng.uniform(0, 0.5) * knock
    )


def noisy(pitch: float, length: int, rng: Rng) -> np.ndarray:
    """One to three bursts of noise about ``pitch`` or an octave of it: hisses, puffs, rattles."""
    centre = pitch * 2.0 ** rng.integers(0, 4)
    noise = _shaped(length, lambda f: _band(f, centre, rng.uniform(0.15, 1.0)), rng)
    envelope = np.zeros(length)
    bursts = rng.integers(1, 4)
    for start in np.sort(rng.integers(0, max(1, length // 2), bursts)) * (bursts > 1):
        time = np.arange(length - start) / RATE
        rise, fall = rng.uniform(0.002, 0.15), rng.uniform(3.0, 14.0)
        envelope[start:] += np.clip(time / rise, 0, 1) * np.exp(-fall * time)
    return noise * envelope


KINDS = {"plucked": plucked, "bowed": bowed, "struck": struck, "noisy": noisy}


# -- noise


def _background(length: int, rng: Rng) -> np.ndarray:
    """A room, a street, a tape: noise of mean power 1 whose low or high tones prevail."""
    slope = rng.uniform(-1.2, 0.2)
    return _shaped(length, lambda f: np.maximum(f, 30.0) ** slope, rng)


def _shaped(length: int, strength: Callable[[np.ndarray], np.ndarray], rng: Rng) -> np.ndarray:
    """Noise of mean power 1 whose tones are as strong as ``strength`` says of their hertz."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    noise = np.fft.irfft(spectrum * strength(np.fft.rfftfreq(length, 1 / RATE)), length)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def _band(frequency: np.ndarray, centre: float, octaves: float) -> np.ndarray:
    distance = np.log2(np.maximum(frequency, 1.0) / centre)
    return np.asarray(np.exp(-0.5 * (distance / octaves) ** 2))


def _smoothed(values: np.ndarray, width: int) -> np.ndarray:
    """The mean over ``width`` neighbours."""
    return np.convolve(values, np.full(width, 1 / width), mode="same")


def _write_wav(path: Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.rint(sound * 32767).astype("<i2").tobytes())
