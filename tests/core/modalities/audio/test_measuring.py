"""What is measured of recordings."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from transfergui.core.modalities.audio import measuring

RATE = 8000


def measured(folder: Path, samples: np.ndarray) -> dict[str, float | str]:
    soundfile.write(folder / "a.wav", samples.astype(np.float32), RATE, subtype="PCM_16")
    return measuring.measure(folder / "a.wav", 2.0)


def tone(amplitude: float) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * 300 * np.arange(2 * RATE) / RATE)


def test_a_tone(tmp_path: Path) -> None:
    values = measured(tmp_path, tone(0.5))
    assert (values["length"], values["sample_rate"], values["channels"]) == (2, RATE, 1)
    assert values["loudness"] == pytest.approx(-9.03, abs=0.1)  # half of 1, squared, halved
    assert (values["silence"], values["clipping"]) == (0, 0)
    assert values["file_type"] == "WAV PCM_16"


def test_clipping_and_silence(tmp_path: Path) -> None:
    assert float(measured(tmp_path, np.clip(tone(2.0), -1, 1))["clipping"]) > 0.3
    quiet = tone(0.5)
    quiet[: 3 * RATE // 2] = 0
    assert measured(tmp_path, quiet)["silence"] == pytest.approx(0.75, abs=0.02)
