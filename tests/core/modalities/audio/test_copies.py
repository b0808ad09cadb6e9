"""A recording with noise, and another recording of the same tones."""

from pathlib import Path

import numpy as np
import soundfile

from transfergui.core.modalities.audio.copies import comparison, correlation
from transfergui.core.modalities.audio.modality import LIKENESS
from transfergui.core.modalities.audio.options import AudioInput

RATE = 8000


def word(seed: int) -> np.ndarray:
    """Tones that come and go, with a pitch that wavers: half a second."""
    rng = np.random.default_rng(seed)
    pitch = 200 + np.cumsum(rng.normal(size=RATE // 2))
    loud = np.interp(np.arange(RATE // 2), np.arange(0, RATE // 2, 200), rng.random(20))
    found: np.ndarray = loud * np.sin(2 * np.pi * np.cumsum(pitch) / RATE)
    return found


def test_noise_and_silence_change_no_recording(tmp_path: Path) -> None:
    sound, rng = word(0), np.random.default_rng(9)
    noisy = sound + 0.1 * sound.std() * rng.normal(size=len(sound))
    later = np.concatenate([np.zeros(500), 0.3 * sound])
    kinds = {"a": sound, "noisy": noisy, "later": later, "other": word(1)}
    for name, values in kinds.items():
        soundfile.write(tmp_path / f"{name}.wav", 0.5 * values, RATE)
    compare = comparison(AudioInput(seconds=1.0))
    first = tmp_path / "a.wav"
    assert compare(first, tmp_path / "noisy.wav") > LIKENESS.same
    assert compare(first, tmp_path / "later.wav") > LIKENESS.same
    assert compare(first, tmp_path / "other.wav") < LIKENESS.same - LIKENESS.apart


def test_nothing_is_like_nothing() -> None:
    assert correlation(np.zeros(0), np.ones(4)) == 0
    assert correlation(np.zeros(4), np.ones(4)) == 0
