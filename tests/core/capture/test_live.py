from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import soundfile
from PIL import Image

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.capture.live import LivePredictor
from transfergui.core.capture.vote import Vote
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.capture import Captured
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel


def test_a_picture_of_a_camera_is_predicted_as_its_file(trained_run: Run, tmp_path: Path) -> None:
    model = TrainedModel.load(trained_run.path)
    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "frame.png")
    (wanted,) = model.predict([tmp_path / "frame.png"])
    answer = LivePredictor(model).answer(Captured(pixels))
    np.testing.assert_allclose(answer.own.probabilities, wanted.probabilities, atol=1e-6)
    assert answer.voted.said == wanted.said
    assert (answer.counted, answer.own.problem) == (1, None)


def test_a_clip_of_a_microphone_is_predicted_as_its_file(
    objective_run: Callable[[str, str], Run], tmp_path: Path
) -> None:
    model = TrainedModel.load(objective_run("one_class", "audio").path)
    device = model.modality.device
    assert device is not None
    seconds = device.seconds(model.input)
    rng = np.random.default_rng(0)
    clip = rng.normal(0, 0.1, round(8000 * seconds)).astype(np.float32)
    soundfile.write(tmp_path / "clip.wav", clip, 8000, subtype="FLOAT")
    (wanted,) = model.predict([tmp_path / "clip.wav"])
    predictor = LivePredictor(model)
    answer = predictor.answer(Captured(clip, 8000))
    np.testing.assert_allclose(answer.own.probabilities, wanted.probabilities, atol=1e-5)
    silent = predictor.answer(Captured(np.zeros_like(clip), 8000))
    assert silent.voted.problem is not None
    assert silent.voted.problem.code == "sound.silent"


def test_texts_have_no_device() -> None:
    model = SimpleNamespace(modality=registry.modality("text"))
    with pytest.raises(UserError) as caught:
        LivePredictor(cast(TrainedModel, model))
    assert caught.value.code == "capture.no_device"


def answer(*shares: float, unlike: float | None = None) -> Prediction:
    return Prediction(Path(), np.array(shares), unlike=unlike)


def test_the_vote_is_the_mean_of_the_last_second(trained_run: Run) -> None:
    vote = Vote(TrainedModel.load(trained_run.path))
    vote.add(answer(0, 0, 1), 0.0)
    vote.add(answer(1, 0, 0, unlike=0.2), 1.0)  # the first one is a second old
    vote.add(answer(0.5, 0.5, 0, unlike=9.0), 1.3)
    voted = vote.add(answer(0.6, 0.4, 0, unlike=0.4), 1.9)
    assert len(vote) == 3
    assert voted.probabilities is not None
    assert voted.probabilities.tolist() == pytest.approx([0.7, 0.3, 0])
    assert voted.unlike == pytest.approx(0.4)
    assert voted.said is not None
    assert (voted.said.label, voted.doubt) == ("class_0", "")


def test_boxes_have_no_mean() -> None:
    """Those of two frames are not the same boxes: the newest frame alone counts."""
    found = SimpleNamespace(
        objective=registry.objective("boxes"), said=lambda _answers: None, promise=None
    )
    vote = Vote(cast(TrainedModel, found))
    vote.add(answer(0, 0.9, 0, 0, 0.2, 0.2), 1.0)
    voted = vote.add(answer(1, 0.8, 0.5, 0.5, 1, 1), 1.2)
    assert voted.probabilities is not None
    assert voted.probabilities.tolist() == [1, 0.8, 0.5, 0.5, 1, 1]


def test_numbers_vote_too(objective_run: Callable[[str, str], Run]) -> None:
    model = TrainedModel.load(objective_run("number", "image").path)
    predictor = LivePredictor(model)
    rng = np.random.default_rng(1)
    answers = [
        predictor.answer(Captured(rng.integers(0, 256, (40, 40, 3), np.uint8))) for _ in range(3)
    ]
    mean = np.mean([each.own.probabilities for each in answers], axis=0)
    np.testing.assert_allclose(answers[-1].voted.probabilities, mean)
    assert answers[-1].voted.said == model.said(mean)
