"""Runs compared on the same examples, and what is said of it."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from transfergui.cli import main
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.evaluation import report, run_differences
from transfergui.core.evaluation.difference_texts import rounded_up
from transfergui.core.evaluation.run_differences import PairedDifference, paired
from transfergui.core.figures import one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run

COUNT = 60


def run_with_errors(errors: Sequence[int], first: int = 0, weight: int = 1) -> Run:
    """A run that was tested on 60 samples from number ``first`` on, half of each class, with errors
    in these."""
    recipe = Recipe().replace(data__path="/data", backbone="resnet18")
    truth = [n % 2 for n in range(COUNT)]
    samples = [Sample(f"{first + n}.png", label) for n, label in enumerate(truth)]
    train = (Sample("x.png", 0), Sample("y.png", 1))
    run = Run.create(
        recipe, Split("/", "image", ("a", "b"), train, train, tuple(samples), 0, "split.random")
    )
    said = [label ^ (n in errors) for n, label in enumerate(truth)]
    rows = [
        PredictionRow(s.path, "ab"[t], "ab"[k], 0.9)
        for s, t, k in zip(samples, truth, said, strict=True)
    ]
    measured = one_class.measure(truth, np.eye(2)[said], "ab", train_counts=[weight, 1])
    report.save(run.path, measured, rows, recipe=recipe)
    return run


def compared(one: Run, other: Run) -> PairedDifference:
    found = paired(one, other)
    assert found is not None
    return found


def test_a_clear_difference_is_told_and_a_small_one_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    own, better = run_with_errors(range(20)), run_with_errors(range(4))
    alike = run_with_errors(range(6, 21))
    found = compared(own, better)
    assert (found.verdict, found.shared, found.same) == ("better", COUNT, True)
    assert run_differences.words(found, "one_class", "", "pictures").code == "compare.better"
    assert compared(better, own).verdict == "worse"
    close = compared(own, alike)
    assert close.verdict == "unclear"
    note = run_differences.words(close, "one_class", "", "pictures")
    assert note.code == "compare.needs_more"
    assert main(["compare", str(own.path), str(better.path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["second_only"], said["first_only"]) == ("better", 16, 0)
    assert said["data"]["first"] == said["data"]["second"]
    assert said["data"]["unrecorded"] == COUNT + 2


def test_of_uneven_classes_the_balanced_accuracy_is_compared() -> None:
    found = compared(run_with_errors(range(20), weight=9), run_with_errors((), weight=9))
    assert (found.figure, found.verdict) == ("balanced_accuracy", "better")
    assert found.first == pytest.approx(2 / 3)


def test_runs_on_other_examples_cannot_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = run_with_errors(()), run_with_errors((), first=COUNT)
    assert paired(one, other) is None
    assert main(["compare", str(one.path), str(other.path)]) != 0
    assert compared(one, run_with_errors((), first=20)).same is False
    (one.path / "report.json").unlink()  # a training that was interrupted
    assert run_differences.side_of(one) is None


def test_counts_are_rounded_to_what_they_can_carry() -> None:
    assert [rounded_up(n) for n in (7, 57, 124, 1201)] == [7, 60, 130, 1300]
