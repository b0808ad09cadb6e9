"""Unrelated examples: made for each kind of data, and counted."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.base.progress import untold
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.views import strangers_tried
from transfergui.core.views.result import Result


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
        split=SimpleNamespace(modality=modality),
        run=SimpleNamespace(recipe=SimpleNamespace(name=name)),
    )
    return cast("Result", of)


@pytest.mark.parametrize("modality", list(strangers_tried.KINDS))
def test_what_is_told_and_what_is_missed(modality: str) -> None:
    told = strangers_tried.compute(result(modality, 3.0), untold)
    assert [note.code for note in told.notes] == ["strangers.told", "strangers.surest"]
    assert len(told.parts) == len(strangers_tried.KINDS[modality])
    missed = strangers_tried.compute(result(modality, 0.5), untold)
    assert missed.notes[0].code == "strangers.missed"
    assert missed.figures["told"] == 0


def test_what_a_model_was_trained_on_is_not_unrelated() -> None:
    all_kinds = strangers_tried.compute(result("image", 3.0), untold)
    own = strangers_tried.compute(result("image", 3.0, "digits"), untold)
    assert len(own.parts) == len(all_kinds.parts) - 1


def test_a_model_that_cannot_tell() -> None:
    old = result("image", 0.0)
    old.report.strangers = None  # type: ignore[misc]
    assert strangers_tried.obstacle(old) == "strangers.unknown"
    assert strangers_tried.obstacle(result("image", 0.0)) == ""
