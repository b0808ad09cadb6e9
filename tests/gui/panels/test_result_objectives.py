"""The Results stage shows what belongs to each objective."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.data import targets
from transfergui.core.data.targets import Targets
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.figures import metrics
from transfergui.core.interfaces.objective import Found
from transfergui.core.runs.run import Run
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.session.session import Session


def results(
    session: Session, meant: Targets, classes: Sequence[str], labels: list[int], answers: np.ndarray
) -> RunResults:
    """Of a model that answered so to the first samples of the open data."""
    dataset, plan = session.dataset, session.plan
    assert dataset is not None
    assert plan is not None
    objective = registry.objective(meant.objective)
    found = Found(meant, tuple(classes), (0.5,) * answers.shape[1])
    paths = [sample.path for sample in dataset.samples[: len(labels)]]
    counts = [1] * len(classes)
    circumstances = metrics.Circumstances(seconds=0.1, fitted=found.fitted)
    report = objective.measure(answers, labels, found, counts, circumstances)
    rows = prediction_rows(paths, labels, answers, objective, found)
    return RunResults(
        run=Run(Path("run")),
        about="",
        data=session.recipe.data.path,
        report=report,
        rows=rows,
        root=dataset.root,
        modality=plan.modality,
        input=plan.input,
        split=msgspec.structs.replace(plan.split, targets=meant, classes=tuple(classes)),
    )


@pytest.fixture
def stage(qtbot: QtBot, ready: Session) -> ResultsStage:
    stage = ResultsStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    return stage


def figures(stage: ResultsStage) -> dict[str, str]:
    shown = stage.head.figures._figures.items()
    return {key: each.value.text() for key, each in shown if not each.isHidden()}


def heading(stage: ResultsStage) -> str:
    return stage.grid.heading.text()


def test_labels_have_a_row_each_and_what_is_predicted_together(
    stage: ResultsStage, ready: Session
) -> None:
    classes = ("cat", "dog", "cat; dog", "(none)")
    meant = targets.of_labels(classes, ("cat", "dog"))
    answers = np.array([[0.9, 0.2], [0.8, 0.7], [0.6, 0.9], [0.1, 0.3]])
    stage._show(results(ready, meant, classes, [0, 1, 2, 3], answers))
    assert [row.name for row in stage.labels.rows.shown] == ["cat", "dog"]
    cat = stage.labels.rows.shown[0]
    assert (cat.figures.recall, cat.figures.precision, cat.threshold) == (1.0, 2 / 3, 0.5)
    assert stage.matrix.cells.table()[1:] == [["cat", "3", "2"], ["dog", "2", "2"]]
    assert figures(stage)["exact_match"] == "75 %"
    assert "accuracy" not in figures(stage)
    assert heading(stage) == "Errors, most confident first (1)"
    stage._show_errors_with(0)
    assert heading(stage) == "Errors with “cat” (1)"
    stage._show_behind(("cat", "dog"))
    assert heading(stage) == "Predicted: “cat” + “dog” (2)"
    stage.true.setChecked(True)
    assert stage.matrix.cells.table()[1:] == [["cat", "2", "1"], ["dog", "1", "2"]]
    assert stage._matrix_title.text() == "Labels that occur together"
    stage._show_behind(("cat", "dog"))
    assert heading(stage) == "True: “cat” + “dog” (1)"


def test_each_question_has_what_one_class_has(stage: ResultsStage, ready: Session) -> None:
    classes = ("1 · ann", "2 · bob", "? · ann")
    meant = targets.of_questions(classes, ("digit", "speaker"))
    answers = np.array(
        [[0.9, 0.1, 0.8, 0.2], [0.7, 0.3, 0.1, 0.9], [0.5, 0.5, 0.4, 0.6]]
    )  # digits right, wrong, missing; speakers right, right, wrong
    stage._show(results(ready, meant, classes, [0, 1, 2], answers))
    assert [stage.question.itemText(i) for i in range(2)] == [
        "Question: digit",
        "Question: speaker",
    ]
    assert figures(stage)["accuracy"] == "50 %"
    assert figures(stage)["n"] == "2"
    assert heading(stage) == "Errors, most confident first (1)"
    stage.question.setCurrentIndex(1)
    stage._show_question()
    assert figures(stage)["n"] == "3"
    assert stage.matrix.cells.names == ["ann", "bob"]
    assert stage._results is not None
    assert [(row.truth, row.label) for row in stage._results.mistakes(9)] == [("ann", "bob")]


def test_numbers_lie_beside_a_diagonal_and_the_worst_come_first(
    stage: ResultsStage, ready: Session
) -> None:
    classes = ("1", "2", "4")
    meant = msgspec.structs.replace(targets.of_numbers(classes, "weight", "kg"), mean=2.0)
    answers = np.array([[1.5], [2.0], [1.0]])
    stage._show(results(ready, meant, classes, [0, 1, 2], answers))
    assert stage._both.isHidden()
    x, y = stage.scatter.points.getData()
    assert (list(x), list(y)) == ([1, 2, 4], [1.5, 2.0, 1.0])
    shown = figures(stage)
    assert shown["mean_absolute_error"] == "1.17 kg"
    assert shown["error_baseline"] == "1 kg"
    assert heading(stage).startswith("Largest errors first")
    found = cast("RunResults", stage._results).mistakes(9)
    assert [row.truth for row in found] == ["4", "1"]
    assert stage.errors.bins == [(-2.75, 1), (-2.25, 0), (-1.75, 0), (-1.25, 0), (-0.75, 0),
                                 (-0.25, 0), (0.25, 1), (0.75, 1)]  # fmt: skip
    stage.scatter.chosen.emit(0)
    assert heading(stage) == "The example at this point (1)"
    stage._forget_choice()
    assert heading(stage).startswith("Largest errors first")


def test_one_class_is_as_it_was(stage: ResultsStage, ready: Session) -> None:
    answers = np.array([[0.9, 0.1], [0.6, 0.4]])
    stage._show(results(ready, Targets(), ("ant", "bee"), [0, 1], answers))
    assert stage._numbers.isHidden()
    assert stage._tables.currentIndex() == 0
    assert stage.question.isHidden()
    assert figures(stage)["accuracy"] == "50 %"


def test_the_mistakes_are_seen_whatever_is_shown(stage: ResultsStage, ready: Session) -> None:
    """The hidden page of a number made the page of classes twice as high."""
    answers = np.array([[0.9, 0.1], [0.6, 0.4]])
    stage._show(results(ready, Targets(), ("ant", "bee"), [0, 1], answers))
    assert stage._both.sizeHint().height() < 400
