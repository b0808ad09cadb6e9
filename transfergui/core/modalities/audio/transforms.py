"""From a file to what the network hears: one channel, one rate, one length, random changes.

Everything here is done to the waveform; spectrograms are made inside the network,
so that exports carry them. Everything random comes from the generator passed in:
the same generator gives the same sound, in whatever thread.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.base.parallel import ordered_map
from transfergui.core.modalities.audio import decode
from transfergui.core.modalities.audio.options import AudioAugment, AudioInput

FINEST = 1000
"""Rates are brought to a ratio of whole numbers of which the lower is at most this: for 44101 to
16000 the filters would fill gigabytes, and nobody hears a hundred-thousandth of a semitone."""
ZEROS = 6
"""Zero crossings of the resampling filter to each side."""
ROLLOFF = 0.99
"""Of the lower of two rates, what the filter lets through."""


# -- without chance


def load(path: Path, input: AudioInput) -> Tensor:
    """One sample, as :func:`decode.clip` finds it, at ``input.rate``: float32 [T].

    A constant offset, which is nothing that can be heard, is taken off.

    Raises:
        UserError: ``sound.*``, as :func:`decode.clip`.
    """
    samples, rate, _ = decode.clip(path, input.seconds)
    return load_samples(samples, rate, input)


def load_samples(samples: np.ndarray, rate: int, input: AudioInput) -> Tensor:
    """As :func:`load`, of a sound that is in no file: float32 [T], recorded at ``rate``."""
    return resample(torch.from_numpy(samples - samples.mean()), rate, input.rate)


def prepare(loaded: Tensor, input: AudioInput) -> Tensor:
    """The middle of a :func:`load`-ed sound, or all of it with silence around: [T], a clip."""
    return _placed(loaded, input.samples, 0.5)


def _placed(sound: Tensor, length: int, place: float) -> Tensor:
    """``sound`` with ``place`` (0 to 1) of what is missing, or too much, in front of it."""
    spare = length - len(sound)
    before = math.floor(place * spare)
    return F.pad(sound, (before, spare - before))


QUIETEN = 512
"""Values of a window in which tones are taken out: 32 ms of 16000 a second."""


def without(prepared: Tensor, hidden: np.ndarray, input: AudioInput) -> Tensor:
    """A prepared sound [T] without the tones and moments ``hidden`` [h, w]: low tones and the
    beginning first, tones on the mel scale up to the highest that spectrograms show."""
    if hidden.all():
        return torch.zeros_like(prepared)
    window = torch.hann_window(QUIETEN)
    step = QUIETEN // 4
    spectrum = torch.stft(prepared, QUIETEN, step, window=window, return_complex=True)
    tones = np.arange(spectrum.shape[0]) * (input.rate / QUIETEN)
    highest = min(input.highest, input.rate / 2)
    rows = np.log1p(tones / 700) / math.log1p(highest / 700) * hidden.shape[0]
    moments = np.arange(spectrum.shape[1]) * step / max(1, len(prepared)) * hidden.shape[1]
    top, last = hidden.shape[0] - 1, hidden.shape[1] - 1
    region = hidden[np.minimum(rows.astype(int), top)][:, np.minimum(moments.astype(int), last)]
    kept = spectrum * torch.from_numpy(~region)
    return torch.istft(kept, QUIETEN, step, window=window, length=len(prepared))


def resample(sound: Tensor, rate: int, wanted: int) -> Tensor:
    """``sound`` [T], recorded at ``rate``, at the rate ``wanted``."""
    ratio = Fraction(wanted, rate).limit_denominator(FINEST)
    if ratio == 1:
        return sound
    return _resampler()(sound, ratio.denominator, ratio.numerator)


Resampler = Callable[[Tensor, int, int], Tensor]


@functools.cache
def _resampler() -> Resampler:
    """torchaudio's, or the same in plain torch where torchaudio cannot be imported."""
    try:
        from torchaudio.functional import resample
    except (ImportError, OSError, RuntimeError):  # built for another torch, it raises any of them
        return plain_resample
    return resample


def plain_resample(sound: Tensor, rate: int, wanted: int) -> Tensor:
    """Band-limited interpolation (Smith 2002, https://ccrma.stanford.edu/~jos/resample/).

    What ``torchaudio.functional.resample`` computes, for rates without a common factor: each of
    ``wanted`` filters gives one value of the output for every ``rate`` values of the input.
    """
    filters, margin = _filters(rate, wanted)
    padded = F.pad(sound[None, None], (margin, margin + rate))
    parts = F.conv1d(padded, filters, stride=rate)[0].T.flatten()
    return parts[: math.ceil(wanted * len(sound) / rate)]


@functools.lru_cache(maxsize=16)
def _filters(rate: int, wanted: int) -> tuple[Tensor, int]:
    """Windowed sincs [wanted, 1, ...], and how far they reach to each side."""
    base = min(rate, wanted) * ROLLOFF
    margin = math.ceil(ZEROS * rate / base)
    shifts = torch.arange(0, -wanted, -1, dtype=torch.float64)[:, None, None] / wanted
    times = torch.arange(-margin, margin + rate, dtype=torch.float64)[None, None] / rate
    angles = ((shifts + times) * base).clamp(-ZEROS, ZEROS) * math.pi
    window = (angles / ZEROS / 2).cos().square()
    return (torch.sinc(angles / math.pi) * window * (base / rate)).float(), margin


# -- with chance


def augment(
    loaded: Sequence[Tensor],
    input: AudioInput,
    options: AudioAugment,
    rngs: Sequence[np.random.Generator],
    device: torch.device,
) -> Tensor:
    """Like :func:`prepare`, each changed by its own generator; with every option off, the very
    same: float32 [N, T], on ``device``.

    Computed on the processor, where there are several on threads: hardly two of them are resampled
    or stretched to the same length, so that a graphics card would have one at a time too.
    """

    def changed(pair: tuple[Tensor, np.random.Generator]) -> Tensor:
        return _changed(pair[0], input, options, pair[1])

    pairs = zip(loaded, rngs, strict=True)
    each = map(changed, pairs) if device.type == "cpu" else ordered_map(changed, pairs)
    return torch.stack(list(each)).to(device)


def _changed(
    loaded: Tensor, input: AudioInput, options: AudioAugment, rng: np.random.Generator
) -> Tensor:
    sound = loaded
    if options.speed or options.pitch:
        sound = _replayed(sound, options, rng)
    if options.noise:
        sound = sound + _noise(sound, rng) * (rng.uniform(0, options.noise / 100))
    sound = _shifted(sound, input.samples, options.shift / 100, rng)
    if options.tone_mask:
        sound = _without_tones(sound, input.rate, options.tone_mask / 100, rng)
    if options.time_mask:
        sound = _with_gap(sound, options.time_mask / 100, rng)
    if options.gain:
        sound = sound * float(10 ** (rng.uniform(-options.gain, options.gain) / 20))
    return sound.contiguous()


def _replayed(sound: Tensor, options: AudioAugment, rng: np.random.Generator) -> Tensor:
    """Faster or slower, higher or lower.

    Speed is that of a tape (Ko et al., "Audio Augmentation for Speech Recognition", 2015): it
    moves the pitch as well. A change of pitch alone is a faster tape, stretched again.
    """
    speed = (1 + options.speed / 100) ** rng.uniform(-1, 1)
    pitch = 2 ** (options.pitch / 12 * rng.uniform(-1, 1))
    played = _squeezed(sound, max(1, round(len(sound) / (speed * pitch))))
    return stretch(played, pitch) if options.pitch else played


def _squeezed(sound: Tensor, length: int) -> Tensor:
    """``sound`` played within ``length`` values, by its spectrum: what becomes too high is lost."""
    spectrum = torch.fft.rfft(sound)
    return torch.fft.irfft(spectrum[: length // 2 + 1], n=length) * (length / len(sound))


FRAME, STEP = 512, 128
"""Values of a frame of :func:`stretch`, and between frames."""


def stretch(sound: Tensor, factor: float) -> Tensor:
    """``sound`` [T] made ``factor`` times as long, at the same pitch.

    A phase vocoder (Flanagan & Golden 1966): frames of the spectrum are read faster or slower, and
    every tone goes on from the phase where it was.
    """
    window = torch.hann_window(FRAME)
    padded = F.pad(sound, (0, max(0, FRAME - len(sound))))  # mirroring needs half a frame
    spectrum = torch.stft(padded, FRAME, STEP, window=window, return_complex=True)
    spectrum = F.pad(spectrum, (0, 2))
    places = torch.arange(0, spectrum.shape[1] - 2, 1 / factor, dtype=torch.float64)
    before, share = places.long(), (places % 1).float()
    one, next_ = spectrum[:, before], spectrum[:, before + 1]
    turns = torch.linspace(0, math.pi * STEP, FRAME // 2 + 1)[:, None]
    steps = next_.angle() - one.angle() - turns
    steps = steps - 2 * math.pi * (steps / (2 * math.pi)).round() + turns
    phases = torch.cat([one[:, :1].angle(), steps[:, :-1]], 1).cumsum(1)
    stretched = torch.polar(torch.lerp(one.abs(), next_.abs(), share), phases)
    length = round(len(sound) * factor)
    return torch.istft(stretched, FRAME, STEP, window=window, length=length)


def _noise(sound: Tensor, rng: np.random.Generator) -> Tensor:
    """Noise as loud as ``sound``, between white (hissing) and brown (rumbling)."""
    white = torch.from_numpy(rng.standard_normal(len(sound), dtype=np.float32))
    spectrum = torch.fft.rfft(white)
    fall = torch.arange(1, len(spectrum) + 1) ** -rng.uniform(0, 1)
    noise = torch.fft.irfft(spectrum * fall, n=len(sound))
    return noise * (_loudness(sound) / _loudness(noise).clamp(min=1e-9))


def _loudness(sound: Tensor) -> Tensor:
    """Root of the mean square."""
    return sound.square().mean().sqrt()


def _shifted(sound: Tensor, length: int, share: float, rng: np.random.Generator) -> Tensor:
    """A clip of ``length``, up to ``share`` of it away from the middle."""
    shift = round(length * rng.uniform(-share, share)) if share else 0
    placed = _placed(sound, length + 2 * abs(shift), 0.5)
    return placed[abs(shift) + shift : abs(shift) + shift + length]


def _with_gap(sound: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """A stretch silenced (Park et al., "SpecAugment", 2019, arXiv:1904.08779)."""
    length = round(len(sound) * rng.uniform(0, share))
    start = rng.integers(0, len(sound) - length + 1)
    silenced = sound.clone()
    silenced[start : start + length] = 0
    return silenced


def _without_tones(sound: Tensor, rate: int, share: float, rng: np.random.Generator) -> Tensor:
    """A band of tones taken out, wide as SpecAugment's are on the mel scale.

    On the waveform, as in SpeechBrain (Ravanelli et al. 2021, arXiv:2106.04624), so that networks
    that listen to waveforms learn from it too.
    """
    spectrum = torch.fft.rfft(sound)
    width = rng.uniform(0, share)
    start = rng.uniform(0, 1 - width)
    mels = np.array([start, start + width]) * math.log1p(rate / 2 / 700)
    low, high = (np.expm1(mels) * 700 / (rate / 2) * len(spectrum)).round().astype(int)
    spectrum[low:high] = 0
    return torch.fft.irfft(spectrum, n=len(sound))


# -- sounds of a batch with each other


def mix(
    inputs: Tensor, targets: Tensor, options: AudioAugment, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Blend sounds and their targets alike: mixup (Zhang et al. 2018, arXiv:1710.09412).

    λ x + (1 - λ) x', λ ~ Beta(α, α).

    Args:
        inputs: [N, T]; not changed.
        targets: probabilities [N, classes], or anything else that is blended as they are,
            [N, F]; not changed.
    """
    if not options.mixup:
        return inputs, targets
    others = torch.from_numpy(rng.permutation(len(inputs))).to(inputs.device)
    kept = rng.beta(options.mixup, options.mixup)
    return torch.lerp(inputs[others], inputs, kept), torch.lerp(targets[others], targets, kept)
