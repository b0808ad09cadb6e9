"""Previews of sounds: what is played and what is drawn."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.bad_sounds import RATE, tone
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.samples import Sound
from transfergui.core.modalities.audio import preview
from transfergui.core.modalities.audio.options import AudioInput

INPUT = AudioInput(seconds=1.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    samples = np.concatenate([tone(1, pitch=pitch) for pitch in (300, 1000, 4000)])
    soundfile.write(tmp_path / "x.wav", samples, RATE)
    return tmp_path / "x.wav"


def sound_of(path: Path) -> Sound:
    found = preview.of_file(path, INPUT)
    assert found.kind == "sound"
    assert isinstance(found.data, Sound)
    return found.data


def test_a_window_is_what_is_heard_of_it(path: Path) -> None:
    low, high = sound_of(path), sound_of(Path(f"{path}#2000"))
    assert (low.rate, low.start) == (RATE, 0.75)  # the middle of a file that is too long
    assert (len(low.samples), len(high.samples)) == (24000, 16000)
    assert high.start == 2.0
    assert high.spectrogram.dtype == np.uint8
    assert high.spectrogram.shape[0] == preview.BANDS
    assert high.spectrogram.shape[1] <= preview.FRAMES
    assert high.spectrogram.max() == 255


def test_higher_tones_are_further_up(path: Path) -> None:
    rows = [
        int(sound_of(Path(f"{path}#{start}")).spectrogram.mean(1).argmax())
        for start in (0, 1000, 2000)
    ]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize("samples", [1, 100, 16000, 600000])
@pytest.mark.parametrize("rate", [4000, 16000, 384000])
def test_any_length_and_rate_can_be_drawn(samples: int, rate: int) -> None:
    drawn = preview.spectrogram(np.zeros(samples, np.float32), rate)
    assert drawn.shape[0] == preview.BANDS
    assert 1 <= drawn.shape[1] <= preview.FRAMES
    assert not drawn.any()


def test_what_is_too_loud_is_brought_down() -> None:
    found = preview.of_samples(np.array([0.5, -4, 2], np.float32), RATE).data
    assert found.samples.tolist() == [0.125, -1, 0.5]
    quiet = preview.of_samples(np.array([0.5, -0.25], np.float32), RATE).data
    assert quiet.samples.tolist() == [0.5, -0.25]


def test_a_bad_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_text("no sound")
    with pytest.raises(UserError) as caught:
        preview.of_file(tmp_path / "x.wav", INPUT)
    assert caught.value.code == "sound.not_a_sound"
