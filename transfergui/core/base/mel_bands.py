"""The mel scale: tones as far apart as they sound."""

import numpy as np


def mel_bands(window: int, rate: int, bands: int) -> np.ndarray:
    """Triangles on the mel scale (O'Shaughnessy's 2595 log10(1 + f / 700), up to a factor).

    None is narrower than a frequency.

    Args:
        window: samples of which spectra are made.
        rate: samples a second.

    Returns:
        float32 [bands, window // 2 + 1]; low tones first.
    """
    tones = np.arange(window // 2 + 1) * (rate / window)
    corners = 700 * np.expm1(np.linspace(0, np.log1p(rate / 2 / 700), bands + 2))
    middle = corners[1:-1, None]
    left = np.minimum(corners[:-2, None], middle - rate / window)
    right = np.maximum(corners[2:, None], middle + rate / window)
    rising, falling = (tones - left) / (middle - left), (right - tones) / (right - middle)
    return np.minimum(rising, falling).clip(0, None).astype(np.float32)
