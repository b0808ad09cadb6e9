"""The spectrogram is torchaudio's, survives exports, and does not depend on loudness."""

import pytest
import torch
from torch import Tensor

from transfergui.core.modalities.audio.spectrogram import (
    RANGE,
    MelSpectrogram,
    Picture,
    frame_sizes,
    mel_bands,
    resizing,
)


def noise(samples: int = 8000, batch: int = 2) -> Tensor:
    return torch.randn(batch, samples, generator=torch.Generator().manual_seed(0)) / 4


@pytest.mark.parametrize(
    ("rate", "mels", "highest"),
    [(16000, 64, 8000.0), (16000, 40, 4000.0), (44100, 128, 16000.0), (8000, 32, 4000.0)],
)
@pytest.mark.filterwarnings("ignore:At least one mel filterbank")
def test_it_is_what_torchaudio_computes(rate: int, mels: int, highest: float) -> None:
    from torchaudio.transforms import MelSpectrogram as Published

    window, hop, bins = frame_sizes(rate)
    published = Published(rate, bins, window, hop, f_max=highest, n_mels=mels)
    wanted = published(noise())
    found = MelSpectrogram(rate, mels, highest)(noise())
    assert found.shape == wanted.shape
    assert (found - wanted).abs().max() < 1e-4 * wanted.max()
    torch.testing.assert_close(found.log10(), wanted.log10(), rtol=0, atol=1e-3)


def test_bands_of_mel_are_torchaudios() -> None:
    from torchaudio.functional import melscale_fbanks

    wanted = melscale_fbanks(257, 0.0, 8000.0, 64, 16000).T
    torch.testing.assert_close(mel_bands(16000, 512, 64, 8000.0), wanted, rtol=1e-4, atol=1e-5)


def test_a_tone_is_where_it_belongs() -> None:
    """Low tones come first, and what is above ``highest`` is not seen."""
    time = torch.arange(16000) / 16000
    tones = torch.stack([torch.sin(2 * torch.pi * pitch * time) for pitch in (300, 1000, 3000)])
    loudest = MelSpectrogram(16000, 64, 4000.0)(tones).mean(2).argmax(1)
    corners = mel_bands(16000, 512, 64, 4000.0).argmax(1) * (8000 / 256)
    assert (corners[loudest] - torch.tensor([300, 1000, 3000])).abs().max() < 60
    assert Picture(16000, 64, 4000.0, 16000, 96, 192)(tones).shape == (3, 1, 96, 192)


def test_loudness_and_offset_of_the_level_do_not_matter() -> None:
    picture = Picture(16000, 64, 8000.0, 8000, 96, 96)
    torch.testing.assert_close(picture(noise()), picture(noise() / 100), rtol=0, atol=1e-3)


def test_pictures_are_standardised_one_by_one() -> None:
    picture = Picture(16000, 64, 8000.0, 8000, 64, 51)  # as many rows and columns as there are
    several = picture(noise(batch=3))
    torch.testing.assert_close(several.mean((1, 2, 3)), torch.zeros(3), rtol=0, atol=1e-4)
    torch.testing.assert_close(several.std((1, 2, 3)), torch.ones(3), rtol=0, atol=1e-2)
    torch.testing.assert_close(several[1:2], picture(noise(batch=3)[1:2]), rtol=0, atol=1e-4)


def test_silence_is_flat_and_finite() -> None:
    assert Picture(16000, 64, 8000.0, 8000, 96, 96)(torch.zeros(1, 8000)).abs().max() == 0


def test_what_is_faint_is_as_good_as_silent() -> None:
    """Hiss below the range is not drawn: a second of tone, then a second of hiss."""
    tone = torch.sin(torch.arange(16000) * 0.3)
    faint = 10 ** (-(RANGE + 30) / 20) * noise(16000, 1)[0]
    picture = Picture(16000, 64, 8000.0, 32000, 64, 200)
    hissing = picture(torch.cat([tone, faint])[None])[..., 110:]
    assert hissing.max() - hissing.min() < 1e-5


def test_resizing_keeps_what_is_constant() -> None:
    for length, wanted in ((64, 96), (101, 192), (1001, 768)):
        matrix = resizing(length, wanted)
        assert matrix.shape == (length, wanted)
        torch.testing.assert_close(matrix.sum(0), torch.ones(wanted))


def test_gradients_reach_the_waveform() -> None:
    waveforms = torch.cat([noise(), torch.zeros(1, 8000)]).requires_grad_()
    Picture(16000, 64, 8000.0, 8000, 96, 96)(waveforms).square().sum().backward()
    assert waveforms.grad is not None
    assert torch.isfinite(waveforms.grad).all()
