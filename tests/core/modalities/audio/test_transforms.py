"""Resampling as torchaudio's; every change within the contract at its extremes."""

import builtins
import math
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.bad_sounds import RATE, tone
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import describe
from transfergui.core.base.parallel import ordered_map
from transfergui.core.modalities.audio import transforms
from transfergui.core.modalities.audio.options import PRESETS, AudioAugment, AudioInput

INPUT = AudioInput(seconds=0.5)
BOUNDS = {option.name: option for option in describe(AudioAugment)}
MOST: dict[str, Any] = {name: option.high for name, option in BOUNDS.items()}
"""Each option with its largest value."""
OF_ONE_SOUND = sorted(set(MOST) - {"mixup"})


def sound(seconds: float = 0.5, pitch: float = 440.0) -> Tensor:
    return torch.from_numpy(tone(seconds, pitch=pitch)[:, 0])


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def augmented(
    loaded: Tensor, input: AudioInput, options: AudioAugment, rng: np.random.Generator
) -> Tensor:
    """One sound, augmented alone."""
    (heard,) = transforms.augment([loaded], input, options, [rng], torch.device("cpu"))
    return heard


def pitch_of(found: Tensor) -> float:
    """The loudest tone, in hertz."""
    return float(torch.fft.rfft(found).abs().argmax() * RATE / len(found))


# -- resampling

RATES = [(8000, 16000), (44100, 16000), (48000, 16000), (11025, 16000), (4000, 16000), (3, 2)]


@pytest.mark.parametrize(("rate", "wanted"), RATES)
def test_plain_resampling_is_torchaudios(rate: int, wanted: int) -> None:
    from torchaudio.functional import resample

    common = math.gcd(rate, wanted)
    given = torch.randn(3000, generator=torch.Generator().manual_seed(0))
    published = resample(given, rate, wanted)
    found = transforms.plain_resample(given, rate // common, wanted // common)
    torch.testing.assert_close(found, published, rtol=0, atol=2e-4)  # its filters are of 32 bits


@pytest.mark.parametrize("error", [ImportError, OSError, RuntimeError])
def test_without_torchaudio_it_is_the_same(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """However a torchaudio for another torch fails."""
    wanted = transforms.resample(sound(), 44100, 16000)
    real = builtins.__import__

    def broken(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("torchaudio"):
            raise error("undefined symbol")
        return real(name, *rest, **more)

    transforms._resampler.cache_clear()
    for name in [name for name in sys.modules if name.startswith("torchaudio")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", broken)
    found = transforms.resample(sound(), 44100, 16000)
    assert transforms._resampler() is transforms.plain_resample
    transforms._resampler.cache_clear()
    torch.testing.assert_close(found, wanted, rtol=0, atol=2e-4)


@pytest.mark.parametrize("rate", [4000, 8000, 11025, 22051, 44101, 48000, 96001, 384000])
def test_any_rate_keeps_pitch_and_length(rate: int) -> None:
    given = torch.from_numpy(tone(1, rate)[:, 0])
    found = transforms.resample(given, rate, RATE)
    assert abs(len(found) - RATE) <= 2
    assert pitch_of(found) == pytest.approx(440, abs=1.5)


def test_the_same_rate_is_left_as_it_is() -> None:
    assert transforms.resample(sound(), RATE, RATE) is not None
    assert torch.equal(transforms.resample(sound(), RATE, RATE), sound())


# -- load and prepare


def write(path: Path, samples: np.ndarray, rate: int = RATE, **options: str) -> Path:
    soundfile.write(path, samples, rate, **options)
    return path


def test_channels_are_mixed_and_an_offset_is_taken_off(tmp_path: Path) -> None:
    left, right = tone(0.5, pitch=300), tone(0.5, pitch=2000)
    both = np.concatenate([left, right], axis=1) + np.float32(0.25)
    loaded = transforms.load(write(tmp_path / "x.wav", both, subtype="FLOAT"), INPUT)
    wanted = torch.from_numpy((left + right)[:, 0] / 2)
    torch.testing.assert_close(loaded, wanted - wanted.mean(), rtol=0, atol=1e-5)
    assert loaded.dtype == torch.float32


def test_windows_are_read_where_they_are(tmp_path: Path) -> None:
    pitches = (300, 600, 1200)
    samples = np.concatenate([tone(0.5, pitch=pitch) for pitch in pitches])
    path = write(tmp_path / "x.flac", samples)
    for number, pitch in enumerate(pitches):
        loaded = transforms.load(Path(f"{path}#{500 * number}"), INPUT)
        assert len(loaded) == 8000
        assert pitch_of(loaded) == pytest.approx(pitch, abs=3)


def test_of_a_long_file_its_middle_is_taken(tmp_path: Path) -> None:
    samples = np.concatenate([tone(5, pitch=pitch) for pitch in (300, 600, 1200)])
    loaded = transforms.load(write(tmp_path / "x.wav", samples), INPUT)
    assert len(loaded) == 12000
    assert pitch_of(loaded) == pytest.approx(600, abs=3)


def test_a_window_behind_the_end_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.wav", tone(1))
    with pytest.raises(UserError) as caught:
        transforms.load(Path(f"{path}#5000"), INPUT)
    assert caught.value.code == "sound.cut_off"


def test_a_sound_without_a_single_value_is_too_short(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        transforms.load(write(tmp_path / "x.wav", np.empty(0)), INPUT)
    assert caught.value.code == "sound.too_short"


def test_numbers_that_are_none_are_told(tmp_path: Path) -> None:
    samples = tone(0.5)
    samples[10] = np.inf
    path = write(tmp_path / "x.wav", samples, subtype="FLOAT")
    with pytest.raises(UserError) as caught:
        transforms.load(path, INPUT)
    assert caught.value.code == "sound.not_finite"


@pytest.mark.parametrize("length", [1, 160, 7999, 8000, 8001, 12000])
def test_prepared_sounds_are_in_the_middle_of_a_clip(length: int) -> None:
    seen = transforms.prepare(torch.arange(1.0, length + 1), INPUT)
    assert seen.shape == (8000,)
    heard = seen.nonzero()[:, 0]
    assert len(heard) == min(length, 8000)
    assert abs(int(heard[0]) - (7999 - int(heard[-1]))) <= 1
    if length > 8000:
        assert seen[0] - 1 == (length - 8000 + 1) // 2


# -- augmentation


def test_nothing_chosen_changes_nothing() -> None:
    for loaded in (sound(0.3), sound(0.5), sound(0.7)):
        seen = augmented(loaded, INPUT, AudioAugment(), generator())
        assert torch.equal(seen, transforms.prepare(loaded, INPUT))


@pytest.mark.parametrize("name", OF_ONE_SOUND)
def test_every_option_changes_something_at_random(name: str) -> None:
    options = AudioAugment(**{name: MOST[name]})
    plain = transforms.prepare(sound(), INPUT)
    one, two = (augmented(sound(), INPUT, options, generator(seed)) for seed in (1, 2))
    assert not torch.equal(one, plain)
    assert not torch.equal(one, two)


@given(
    options=st.builds(AudioAugment, **{name: st.floats(0, MOST[name]) for name in OF_ONE_SOUND}),
    length=st.integers(1, 13000),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=40, deadline=None)
def test_any_change_gives_a_finite_clip(options: AudioAugment, length: int, seed: int) -> None:
    loaded = sound(1.0)[:length]
    before = loaded.clone()
    seen = augmented(loaded, INPUT, options, generator(seed))
    assert seen.shape == (8000,)
    assert seen.dtype == torch.float32
    assert seen.is_contiguous()
    assert torch.isfinite(seen).all()
    assert torch.equal(loaded, before)


def test_threads_do_not_change_what_comes_out() -> None:
    options = PRESETS["Strong"]
    assert isinstance(options, AudioAugment)

    def changed(seed: int) -> Tensor:
        return augmented(sound(), INPUT, options, generator(seed))

    alone = [changed(seed) for seed in range(16)]
    for one, other in zip(alone, ordered_map(changed, range(16), 4), strict=True):
        assert torch.equal(one, other)


def test_gain_is_in_decibels() -> None:
    plain = transforms.prepare(sound(), INPUT)
    ratios = [
        float(augmented(sound(), INPUT, AudioAugment(gain=6), generator(seed))[99])
        / float(plain[99])
        for seed in range(50)
    ]
    assert 0.5 < min(ratios) < 0.6
    assert 1.7 < max(ratios) < 2.0


def test_a_shift_moves_and_keeps_what_fits() -> None:
    loaded = sound(0.3)
    for seed in range(9):
        seen = augmented(loaded, INPUT, AudioAugment(shift=20), generator(seed))
        start = int(seen.nonzero()[0, 0])
        assert torch.equal(seen[start : start + 4800], loaded)
        assert abs(start - 1600) <= 1600


def test_noise_is_as_loud_as_was_said() -> None:
    plain = transforms.prepare(sound(), INPUT)
    shares = []
    for seed in range(30):
        seen = augmented(sound(), INPUT, AudioAugment(noise=50), generator(seed))
        shares.append(float((seen - plain).square().mean().sqrt() / plain.square().mean().sqrt()))
    assert max(shares) <= 0.5
    assert max(shares) > 0.4
    assert min(shares) < 0.1


def test_the_silence_around_a_sound_stays_silent() -> None:
    options = AudioAugment(noise=100, gain=12)
    seen = augmented(sound(0.2), INPUT, options, generator())
    assert len(seen.nonzero()) <= 3200


def test_a_faster_tape_sounds_higher() -> None:
    for seed in range(5):
        seen = augmented(sound(), INPUT, AudioAugment(speed=20), generator(seed))
        factor = 1.2 ** generator(seed).uniform(-1, 1)
        assert pitch_of(seen) == pytest.approx(440 * factor, abs=4)


def test_pitch_alone_keeps_the_length() -> None:
    for seed in range(5):
        rng = generator(seed)
        rng.uniform(-1, 1)
        factor = 2 ** (0.5 * rng.uniform(-1, 1))
        input = msgspec.structs.replace(INPUT, seconds=1.0)
        seen = augmented(sound(1), input, AudioAugment(pitch=6), generator(seed))
        assert pitch_of(seen) == pytest.approx(440 * factor, abs=8)
        assert len(seen.nonzero()) >= 15900


def test_stretching_is_torchaudios() -> None:
    from torchaudio.functional import phase_vocoder

    given, factor = sound(1.0), 1.25
    window = torch.hann_window(transforms.FRAME)
    spectrum = torch.stft(
        given, transforms.FRAME, transforms.STEP, window=window, return_complex=True
    )
    advance = torch.linspace(0, math.pi * transforms.STEP, transforms.FRAME // 2 + 1)[:, None]
    slower = phase_vocoder(spectrum, 1 / factor, advance)
    wanted = torch.istft(
        slower, transforms.FRAME, transforms.STEP, window=window, length=round(16000 * factor)
    )
    found = transforms.stretch(given, factor)
    torch.testing.assert_close(found[:19000], wanted[:19000], rtol=0, atol=1e-3)


def test_a_gap_is_silent_and_the_rest_untouched() -> None:
    plain = transforms.prepare(sound(), INPUT)
    longest = 0
    for seed in range(20):
        seen = augmented(sound(), INPUT, AudioAugment(time_mask=25), generator(seed))
        gone = (seen != plain).nonzero()[:, 0]
        longest = max(longest, len(gone))
        assert not seen[gone].any()
        assert len(gone) == 0 or gone[-1] - gone[0] + 1 - len(gone) < 5
    assert 1000 < longest <= 2000


def test_missing_tones_are_a_band_of_at_most_that_share() -> None:
    flat = torch.zeros(8000)
    flat[4000] = 1  # every tone alike
    for seed in range(10):
        seen = augmented(flat, INPUT, AudioAugment(tone_mask=30), generator(seed))
        gone = (torch.fft.rfft(seen).abs() < 0.5).nonzero()[:, 0].double() * 2
        if len(gone):
            mels = torch.log1p(gone / 700) / math.log1p(8000 / 700)
            assert mels[-1] - mels[0] <= 0.3
            assert len(gone) == len(torch.arange(gone[0], gone[-1] + 1, 2))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_within_bounds(name: str) -> None:
    for key, value in msgspec.to_builtins(PRESETS[name]).items():
        assert 0 <= value <= MOST[key]


# -- mixing


def test_mixup_blends_sounds_and_targets_alike() -> None:
    inputs, targets = torch.eye(6, 50), torch.eye(6)
    mixed, blended = transforms.mix(inputs, targets, AudioAugment(mixup=0.4), generator(3))
    torch.testing.assert_close(mixed[:, :6], blended)
    torch.testing.assert_close(blended.sum(1), torch.ones(6))
    assert torch.equal(inputs, torch.eye(6, 50))
    assert not torch.equal(mixed, inputs)


def test_without_mixup_nothing_is_mixed() -> None:
    inputs, targets = torch.eye(3, 50), torch.eye(3)
    assert transforms.mix(inputs, targets, AudioAugment(), generator()) == (inputs, targets)
