"""Files that look like the training data are let pass; others are spoken of, and rightly."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from transfergui.core.app import likeness
from transfergui.core.app.likeness import Looked
from transfergui.core.base.errors import UserError
from transfergui.core.views.result import Features

MODEL = SimpleNamespace(
    run=None,
    modality=SimpleNamespace(many="pictures"),
    objective=SimpleNamespace(several=False, confident=True),
)


def looked(seed: int, labels: str, shift: float = 0.0, strangers: int = 0) -> Looked:
    rng, count = np.random.default_rng(seed), 60
    strange = np.where(
        np.arange(count) < strangers, 2 - np.arange(count) / count, min(0.9, 0.1 + shift)
    )
    rows = rng.normal(size=(count, 40)) + shift
    return Looked([f"{n}.jpg" for n in range(count)], rows, list(labels * count)[:count], strange)


def codes(monkeypatch: pytest.MonkeyPatch, found: Looked, known: Looked | None) -> list[str]:
    """Of what is said of ``found``."""
    monkeypatch.setattr(likeness, "features_of", lambda *_args: None)
    monkeypatch.setattr(likeness, "_looked", lambda *_args: found)
    monkeypatch.setattr(likeness, "_held_out", lambda *_args: known)
    files = [Path(path) for path in found.paths]
    said = likeness.likeness(MODEL, files)  # type: ignore[arg-type]
    assert all(note.sentence() for note in said)
    return [note.code for note in said]


def test_like_data_are_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(5):
        found, known = looked(2 * seed, "abc", strangers=3), looked(2 * seed + 1, "bca")
        assert codes(monkeypatch, found, known) == []


def test_other_data_are_spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    known = looked(1, "abc")
    assert codes(monkeypatch, looked(2, "abc", shift=0.8), known) == ["likeness.apart"]
    assert codes(monkeypatch, looked(2, "abc", strangers=20), known) == ["likeness.strangers"]


def test_a_part_of_the_same_data_is_no_other_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be told apart, but lies no farther from the training samples."""
    part = dataclasses.replace(looked(2, "abc", shift=0.8), strange=np.full(60, 0.1))
    assert codes(monkeypatch, part, looked(1, "abc")) == []


def test_other_shares_of_the_same_classes_are_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked(2, "aaaaab")
    assert codes(monkeypatch, found, looked(1, "abc")) == ["likeness.shares"]


def test_one_class_for_nearly_all_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    said = codes(monkeypatch, looked(2, "a" * 60), looked(1, "abc"))
    assert said == ["likeness.one_class"]
    note = likeness._shares(MODEL, looked(2, "a" * 60), looked(1, "abc"))  # type: ignore[arg-type]
    assert note is not None and note.level == "warning"
    assert codes(monkeypatch, looked(2, "a" * 60), looked(1, "a" * 59 + "b")) == []


def test_without_its_data_only_strangers_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(monkeypatch, looked(2, "a", shift=9.0), None) == []
    assert codes(monkeypatch, looked(2, "a", strangers=30), None) == ["likeness.strangers"]


def test_the_most_unusual_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    note = likeness._strangers(MODEL, looked(2, "a", strangers=20))  # type: ignore[arg-type]
    assert note is not None and note.level == "warning"
    assert note.values["names"] == "0.jpg, 1.jpg, 2.jpg"
    assert (note.values["count"], note.values["total"]) == (20, 60)


def test_few_files_and_what_cannot_be_compared_are_let_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_args: object) -> Features:
        raise UserError("model.onnx_only", path="a.onnx")

    monkeypatch.setattr(likeness, "features_of", gone)
    files = [Path("a.jpg")] * 30
    assert likeness.likeness(MODEL, files[:19]) == []  # type: ignore[arg-type]
    assert likeness.likeness(MODEL, files) == []  # type: ignore[arg-type]
