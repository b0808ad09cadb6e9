"""What ``evaluate`` prints: the figures of whatever is predicted."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.core.evaluation.test_objective_reports import labels, numbers, questions
from transfergui.cli import models
from transfergui.core import registry

MODEL = cast("Any", SimpleNamespace(modality=registry.modality("image")))


def printed(report: Any, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    models._show_report(MODEL, report)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_labels_have_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(labels().report, capsys)
    assert ["label", "examples", "precision", "recall", "F1"] in lines
    assert ["cat", "40", *["100.0", "%"] * 3] in lines


def test_each_question_has_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(questions().report, capsys)
    assert [line for line in lines if line in (["letter"], ["mark"])] == [["letter"], ["mark"]]
    assert lines.count(["class", "examples", "precision", "recall", "F1"]) == 2
    assert ["x", "40", "66.7", "%", "100.0", "%", "80.0", "%"] in lines


def test_a_number_has_sentences_and_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(numbers().report, capsys)
    assert lines[0][:5] == ["Mean", "absolute", "error", "1.33", "kg"]
    assert not any("precision" in line for line in lines)
