"""Log-mel spectrograms as an ``nn.Module`` of plain torch, so that exports carry them.

Framing and the Fourier transform are one convolution; what it computes is
torchaudio's ``MelSpectrogram`` (a test compares them).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

WINDOW = 0.025
"""Seconds that one frame hears."""
HOP = 0.010
"""Seconds between frames."""
RANGE = 35.0
"""Decibels below the loudest; what is fainter is as good as silent. Chosen on spoken digits, where
features of MobileNetV2 told 0.87 of them apart with 30, 0.85 with 40 and 0.78 with 80."""
FLAT = 1e-3
"""Added to the variance, in square decibels: silence has none."""
LEAST = 1e-10
"""Power that stands for none, before the logarithm."""


class MelSpectrogram(nn.Module):
    """Waveforms [N, T] to the power in mel bands [N, mels, frames], a frame every :data:`HOP`.

    Frames are centred, the ends mirrored, the window Hann's; bands are HTK's triangles.
    Equal to ``torchaudio.transforms.MelSpectrogram(rate, n_fft, win_length, hop_length,
    f_max=highest, n_mels=mels)``, but with every sum in one product.

    Args:
        rate: samples per second.
        mels: number of bands.
        highest: hertz where the last band ends.
    """

    kernel: Tensor
    bands: Tensor

    def __init__(self, rate: int, mels: int, highest: float) -> None:
        super().__init__()
        window, self.hop, bins = frame_sizes(rate)
        self.margin = window // 2
        heard = math.floor(highest / rate * bins) + 1  # of the bins, those that a band reaches
        self.register_buffer("kernel", _fourier(window, bins, heard), persistent=False)
        bands = mel_bands(rate, bins, mels, highest)[:, :heard]
        self.register_buffer("bands", bands, persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        margins = (self.margin, self.margin)
        padded = F.pad(waveforms[:, None], margins, mode="reflect")
        real, imaginary = F.conv1d(padded, self.kernel, stride=self.hop).chunk(2, 1)
        return self.bands @ (real.square() + imaginary.square())


class Picture(nn.Module):
    """Waveforms [N, T] to pictures [N, 1, height, width] of mean 0 and deviation 1.

    Low tones come first. Shades are decibels, so that it does not matter how loud a sound was
    recorded.

    Args:
        samples: T.
    """

    down: Tensor
    across: Tensor

    def __init__(
        self, rate: int, mels: int, highest: float, samples: int, height: int, width: int
    ) -> None:
        super().__init__()
        self.power = MelSpectrogram(rate, mels, highest)
        frames = (
            1 + (samples + 2 * self.power.margin - self.power.kernel.shape[-1]) // self.power.hop
        )
        self.register_buffer("down", resizing(mels, height).T.contiguous(), persistent=False)
        self.register_buffer("across", resizing(frames, width), persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        decibels = 10 * self.power(waveforms).clamp(min=LEAST).log10()
        shades = torch.maximum(decibels, decibels.amax((1, 2), keepdim=True) - RANGE)
        shades = shades - shades.mean((1, 2), keepdim=True)
        variance = shades.square().mean((1, 2), keepdim=True)
        return (self.down @ (shades * (variance + FLAT).rsqrt()) @ self.across)[:, None]


def frame_sizes(rate: int) -> tuple[int, int, int]:
    """Samples of a window and between windows, and the length of the Fourier transform."""
    window = round(WINDOW * rate) // 2 * 2
    return window, max(1, round(HOP * rate)), 2 ** math.ceil(math.log2(window))


def _fourier(window: int, bins: int, heard: int) -> Tensor:
    """Cosines, then sines, of the first ``heard`` of ``bins`` frequencies: [2 * heard, 1, window].

    Hann's window is in them. In double precision: angles grow to hundreds of turns.
    """
    time = torch.arange(window, dtype=torch.float64)
    angles = torch.arange(heard, dtype=torch.float64)[:, None] * time * (2 * math.pi / bins)
    waves = torch.cat([angles.cos(), -angles.sin()])
    return (waves * torch.hann_window(window, dtype=torch.float64)).float()[:, None]


def mel_bands(rate: int, bins: int, mels: int, highest: float) -> Tensor:
    """Triangles on the mel scale: weights [mels, bins // 2 + 1] of each frequency in each band."""
    top = 2595 * math.log10(1 + highest / 700)
    corners = 700 * (10 ** (torch.linspace(0, top, mels + 2, dtype=torch.float64) / 2595) - 1)
    tones = torch.linspace(0, rate / 2, bins // 2 + 1, dtype=torch.float64)
    left, middle, right = (corners[i : mels + i, None] for i in range(3))
    rising, falling = (tones - left) / (middle - left), (right - tones) / (right - middle)
    return torch.minimum(rising, falling).clamp(min=0).float()


def resizing(length: int, wanted: int) -> Tensor:
    """The matrix [length, wanted] that resizes rows of values, linearly and antialiased."""
    unit = torch.eye(length)[None, None]
    resized = F.interpolate(unit, size=(length, wanted), mode="bilinear", antialias=True)
    return resized[0, 0].contiguous()
