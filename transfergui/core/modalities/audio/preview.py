"""Sounds to look at and to play, without torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from transfergui.core.base.heat_colours import stretched
from transfergui.core.base.mel_bands import mel_bands
from transfergui.core.data.captions import caption
from transfergui.core.interfaces.samples import Preview, Sound
from transfergui.core.modalities.audio import decode
from transfergui.core.modalities.audio.options import AudioInput

BANDS = 64
FRAMES = 400
"""As many as a preview has pixels to show them."""
RANGE = 70.0
"""Decibels from black to white."""


def of_file(path: Path, input: AudioInput) -> Preview:
    """What is heard of one sample, at the file's own rate.

    Raises:
        UserError: ``sound.*``, as :func:`decode.clip`.
    """
    samples, rate, start = decode.clip(path, input.seconds)
    return of_samples(samples, rate, start, caption(path.name))


def of_samples(samples: np.ndarray, rate: int, start: float = 0.0, title: str = "") -> Preview:
    """float32 [T] as a preview; what is too loud to be played is brought down."""
    loudest = max(1.0, float(np.abs(samples).max(initial=0)))
    sound = Sound(samples / loudest, rate, spectrogram(samples, rate), start)
    return Preview("sound", sound, title)


def explained(path: Path, samples: np.ndarray, heat: np.ndarray, input: AudioInput) -> Preview:
    """What a network hears of a sample, float32 [T] at ``input.rate``, with how much each tone and
    moment counts.

    Args:
        heat: [h, w]; low tones and the beginning first, tones on the mel scale up to the highest
            that the network's own spectrogram shows.
    """
    shown = of_samples(samples, input.rate, 0.0, caption(path.name))
    sound: Sound = shown.data
    bands, frames = sound.spectrogram.shape
    top = np.log1p(min(input.highest, input.rate / 2) / 700) / np.log1p(input.rate / 2 / 700)
    whole = np.zeros((bands, frames), np.float32)
    reached = max(1, min(bands, round(top * bands)))
    whole[:reached] = stretched(heat, (reached, frames))
    return replace(shown, data=replace(sound, heat=whole))


def spectrogram(samples: np.ndarray, rate: int) -> np.ndarray:
    """Decibels in mel bands as shades: uint8 [:data:`BANDS`, up to :data:`FRAMES`]."""
    window = 2 ** round(np.log2(0.03 * rate))
    padded = np.pad(samples, (0, max(0, window - len(samples))))
    step = max(window // 4, -(-(len(padded) - window) // (FRAMES - 1)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::step]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(window).astype(np.float32))) ** 2
    decibels = 10 * np.log10(spectra @ mel_bands(window, rate, BANDS).T + 1e-10)
    shades = (decibels - max(decibels.max(), -20.0)) / RANGE + 1
    return np.rint(255 * shades.clip(0, 1)).astype(np.uint8).T
