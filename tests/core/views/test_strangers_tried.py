"""Unrelated examples: made for each kind of data, and counted."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.base.progress import untold
from transfergui.core.data.dataset import Sample
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.views import strangers_tried
from transfergui.core.views.result import Features, Result


def result(modality: str, unlike: float, name: str = "") -> Result:
    """A model to which everything is as unlike."""
    kind = registry.modality(modality)

    def predict(paths: Sequence[Path]) -> Iterator[Prediction]:
        for path in paths:
            if not kind.typed:  # a tokenizer belongs to reading texts
                kind.load(path, kind.input_options())
            yield Prediction(path, np.array([0.1, 0.9]), unlike=unlike).judged(None)

    model = SimpleNamespace(classes=("a", "b"), input=kind.input_options(), predict=predict)
    of = SimpleNamespace(
        model=model,
        modality=kind,
        objective=registry.objective(ONE_CLASS),
        report=SimpleNamespace(strangers=object()),
        split=SimpleNamespace(
            modality=modality, targets=Targets(objective="number"), classes=(), languages=()
        ),
        run=SimpleNamespace(recipe=SimpleNamespace(name=name)),
    )
    return cast("Result", of)


@pytest.mark.parametrize("modality", list(strangers_tried.KINDS))
def test_what_is_told_and_what_is_missed(modality: str) -> None:
    told = strangers_tried.compute(result(modality, 3.0), untold)
    assert [note.code for note in told.notes] == ["strangers.told", "strangers.surest"]
    assert all(note.level == "info" for note in told.notes)  # no tick for what is easy
    assert len(told.parts) == len(strangers_tried.KINDS[modality])
    missed = strangers_tried.compute(result(modality, 0.5), untold)
    assert missed.notes[0].code == "strangers.missed"
    assert missed.figures["told"] == 0


def test_what_a_model_was_trained_on_is_not_unrelated() -> None:
    all_kinds = strangers_tried.compute(result("image", 3.0), untold)
    own = strangers_tried.compute(result("image", 3.0, "digits"), untold)
    assert len(own.parts) == len(all_kinds.parts) - 1
    chinese = result("text", 3.0)
    chinese.split.languages = ("Hani",)  # type: ignore[misc]
    shown = strangers_tried.compute(chinese, untold)
    assert "Chinese remarks" not in [part.title for part in shown.parts]


def test_a_model_that_cannot_tell() -> None:
    old = result("image", 0.0)
    old.report.strangers = None  # type: ignore[misc]
    old.split.val = old.split.train = (None,) * 20  # type: ignore[misc, assignment]
    assert strangers_tried.obstacle(old) == "strangers.unknown"
    old.split.val = old.split.val[1:]  # type: ignore[misc]
    assert strangers_tried.obstacle(old) == "strangers.few"
    assert strangers_tried.obstacle(result("image", 0.0)) == ""


def of_classes(apart: float, frozen: bool = True) -> Result:
    """Three classes whose features are so far apart."""
    rng = np.random.default_rng(0)

    def features(count: int) -> Features:
        labels = np.arange(count) % 3
        rows = np.eye(20)[10] + apart * np.eye(20)[labels] + rng.normal(0, 0.05, (count, 20))
        samples = tuple(Sample(f"{at}.png", int(label)) for at, label in enumerate(labels))
        return Features(samples, rows.astype(np.float32), np.zeros((count, 3)))

    parts = {"train": features(90), "val": features(30), "test": features(30)}
    split = SimpleNamespace(
        **{name: each.samples for name, each in parts.items()},
        targets=Targets(),
        classes=("a", "b", "c"),
        grouped_by=None,
    )
    of = SimpleNamespace(
        split=split,
        is_frozen=frozen,
        modality=registry.modality("image"),
        features=lambda name, _tell: parts[name],
        part=lambda name: parts[name].samples,
    )
    return cast("Result", of)


@pytest.mark.parametrize(
    "apart, code, level",
    [(3.0, "strangers.classes_told", "good"), (0.0, "strangers.classes_missed", "warning")],
)
def test_classes_that_were_never_seen(apart: float, code: str, level: str) -> None:
    made = of_classes(apart)
    found = strangers_tried.left_out(made, untold)
    assert sum(each.total for each in found) == 60
    (note,) = strangers_tried.class_notes(made, found)
    assert (note.code, note.level) == (code, level)
    assert note.sentence()
    assert strangers_tried._table(made, found).rows[0][2] == "20"
