"""What predictions rest on, and whether that holds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.core.conftest import Run
from transfergui.core.looking import explain, saving
from transfergui.core.looking.explain import FINE, Check, Explainer, Explanation
from transfergui.core.trained import TrainedModel


def spot(row: float, column: float, side: int = 8) -> np.ndarray:
    """A map with one hot place."""
    rows, columns = np.mgrid[:side, :side]
    return np.exp(-((rows - row) ** 2 + (columns - column) ** 2))


def test_the_hottest_fifth_is_hot_and_others_lie_elsewhere() -> None:
    hot = explain.hottest(spot(2, 2), None)
    assert hot.shape == (FINE, FINE)
    assert hot.mean() == pytest.approx(explain.HOT, abs=0.01)
    assert hot[20, 20]
    assert not hot[60, 60]
    others = explain.other_regions(hot, None, np.random.default_rng(0))
    assert len(others) == explain.RIVALS
    assert all(each.sum() == hot.sum() for each in others)
    assert all((each & hot).sum() <= explain.OVERLAP * hot.sum() for each in others)


def test_words_are_hidden_whole() -> None:
    units = np.array([-1, 0, 1, 1, 2, 3, 4, -1])
    hot = explain.hottest(np.array([9.0, 0.1, 0.5, 0.4, -2, 0.2, 0.3, 9]), units)
    assert hot.tolist() == [False, False, True, True, False, False, False, False]
    others = explain.other_regions(hot, units, np.random.default_rng(0))
    assert len(others) == len(set(units[units >= 0])) - 1
    nothing = explain.hottest(np.array([0.0, -1, -1, -1, -1, -1, -1, 0]), units)
    assert not nothing.any()


@pytest.mark.parametrize(
    "objective, modality, kind",
    [
        ("one_class", "text", "text"),
        ("number", "image", "picture"),
        ("several_questions", "image", "picture"),
        ("one_class", "audio", "sound"),
    ],
)
def test_every_objective_and_modality_is_explained(
    objective_run: Callable[[str, str], Run],
    tmp_path: Path,
    objective: str,
    modality: str,
    kind: str,
) -> None:
    run = objective_run(objective, modality)
    model = TrainedModel.load(run.path)
    sample = run.split.test[0]
    found = Explainer(model).explain(Path(run.split.root) / sample.path)
    assert found.preview.kind == kind
    assert found.name == model.classes[found.output]
    assert np.abs(found.heat).max() == pytest.approx(1)
    assert found.check is not None
    assert found.check.before == pytest.approx(found.answer, abs=1e-4)
    assert explain.notes(found, model)[0].sentence()
    other = Explainer(model).explain(found.path, len(model.classes) - 1, check=False)
    assert other.output == len(model.classes) - 1
    name = saving.save(found, model, tmp_path, set())
    again = saving.save(found, model, tmp_path, {name})
    assert {path.name for path in tmp_path.iterdir()} == {name, again}
    document = saving.document(found, model, name)
    assert document["check"]["reliable"] == found.check.reliable
    if kind == "text":
        words = [word["word"] for word in document["words"]]
        assert "guests" in words
        assert '<span style="background' in (tmp_path / name).read_text("utf-8")


def test_words_count_as_much_as_leaving_them_out_does(
    objective_run: Callable[[str, str], Run],
) -> None:
    run = objective_run("one_class", "text")
    model = TrainedModel.load(run.path)
    path = Path(run.split.root) / run.split.test[0].path
    found = Explainer(model).explain(path, check=False)
    units, prepared = model.modality.units(path, model.input), model.read(path)
    assert units is not None
    words = np.unique(units[units >= 0])
    shorter = [model.modality.without(prepared, units == word, model.input) for word in words]
    outputs = model.logits(torch.stack([prepared, *shorter])).double()
    evidence = model.objective.evidence(outputs, model.card.targets)[:, found.output].numpy()
    said = [found.heat[units == word].sum() for word in words]
    assert np.corrcoef(said, evidence[0] - evidence[1:])[0, 1] > 0.9


@pytest.mark.parametrize("modality", ["text", "image", "audio"])
def test_a_model_without_gradients_is_explained_by_hiding(
    objective_run: Callable[[str, str], Run], modality: str
) -> None:
    run = objective_run("one_class", modality)
    model = TrainedModel.load(run.path)
    path = Path(run.split.root) / run.split.test[0].path
    onnx = TrainedModel(model.card, model.modality, model.input, model.logits)
    found, own = Explainer(onnx).explain(path), Explainer(model).explain(path)
    assert (found.method, own.method) == ("hiding", "both" if modality == "image" else "gradients")
    assert (found.output, found.heat.ndim) == (own.output, own.heat.ndim)
    assert np.abs(found.heat).max() == pytest.approx(1)
    assert explain.legend(found).sentence() != explain.legend(own).sentence()


def made(reliable: bool, kind: int = 2) -> Explanation:
    heat = np.ones((8,) * kind)
    check = Check(0.97, 0.31 if reliable else 0.96, 0.95, reliable)
    nothing: object = None
    return Explanation(
        Path("a"),
        0,
        "ants",
        0.97,
        heat,
        heat,
        heat > 0,
        check,
        None,
        nothing,  # type: ignore[arg-type]
    )
