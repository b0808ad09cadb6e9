"""A spectrogram that runs: each new stretch of sound adds columns at its end."""

from __future__ import annotations

import functools

import numpy as np

from transfergui.core.base.mel_bands import mel_bands

BANDS = 64
WINDOW = 0.03
"""Seconds that one column hears, about: a power of two samples."""
QUIET, LOUD = -70.0, -5.0
"""Decibels of a band that are drawn as nothing and as most. Fixed, unlike those of a preview of a
file: what was drawn must not change when something louder comes."""


class Columns:
    """See the module.

    Args:
        rate: samples a second.
        seconds: how much is shown.
        width: columns for that.

    Attributes:
        shades: uint8 [BANDS, width], 255 the loudest, low tones first, the newest at the end.
        count: columns that ever came.
    """

    def __init__(self, rate: int, seconds: float, width: int = 240) -> None:
        self._rate = rate
        self._window = 2 ** round(np.log2(WINDOW * rate))
        self._step = max(1, round(seconds * rate / width))
        self._rest = np.zeros(0, np.float32)
        self.shades = np.zeros((BANDS, width), np.uint8)
        self.count = 0

    def feed(self, block: np.ndarray) -> int:
        """Take in float32 [T]; returns how many columns came."""
        sound = np.concatenate([self._rest, block])
        spare = len(sound) - self._window
        if spare < 0:
            self._rest = sound
            return 0
        frames = np.lib.stride_tricks.sliding_window_view(sound, self._window)[:: self._step]
        self._rest = sound[len(frames) * self._step :]
        new = shades(frames, self._rate)[:, -self.shades.shape[1] :]
        self.shades = np.concatenate([self.shades[:, new.shape[1] :], new], axis=1)
        self.count += len(frames)
        return len(frames)


def shades(frames: np.ndarray, rate: int) -> np.ndarray:
    """Windows of a sound, float32 [N, window], as columns: uint8 [BANDS, N]."""
    window = frames.shape[1]
    taper, bands = _tables(window, rate)
    spectra = np.abs(np.fft.rfft(frames * taper)) ** 2
    found = 10 * np.log10(spectra @ bands.T + 1e-10)
    scaled = (found - QUIET) / (LOUD - QUIET)
    return np.rint(255 * scaled.clip(0, 1)).astype(np.uint8).T


@functools.lru_cache(maxsize=4)
def _tables(window: int, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """The taper, by which a full-scale tone comes to 0 decibels, and the mel bands."""
    taper = np.hanning(window)
    return (taper / (taper.sum() / 2)).astype(np.float32), mel_bands(window, rate, BANDS)
