"""Runs of every objective, really trained, as the stages show them."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.panels.test_refusals import OBJECTIVES
from transfergui.core.base import paths
from transfergui.core.base.i18n import _
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.runs import RunsStage
from transfergui.gui.session.session import Session
from transfergui.gui.tables import run_table

Trained = Callable[[str], Run]


NUMBER = re.compile(r"-?\d+(\.(?P<decimals>\d+))? kg")


@pytest.fixture(params=OBJECTIVES)
def run(request: pytest.FixtureRequest, trained: Trained, session: Session) -> Run:
    """Shown in the session."""
    run = trained(request.param)
    session.open_run(run.path)
    assert tasks.wait_all(60)
    return run


def test_results_show_what_was_measured(qtbot: QtBot, session: Session, run: Run) -> None:
    stage = ResultsStage(session)
    qtbot.addWidget(stage)
    stage.show()
    assert tasks.wait_all(60)
    assert stage._results is not None
    assert len(stage._results.rows) == len(run.split.test)
    report, primary = run.report(), run.report()["primary"]
    shown = {k: each.value.text() for k, each in stage.head.figures._figures.items()}
    assert shown["n"] == str(report["n"] if "questions" not in report else len(run.split.test))
    if primary["name"] in shown:
        figure = RunFigure.of(report)
        assert figure is not None
        said = shown[primary["name"]]
        assert said in (figure.text, f"{100 * primary['value']:.0f} %")
    else:  # each question has figures of its own
        assert stage.question.count() == len(run.split.targets.names)


def test_predict_answers_the_samples_as_the_test_did(
    qtbot: QtBot, session: Session, run: Run
) -> None:
    stage = PredictStage(session)
    qtbot.addWidget(stage)
    stage.show()
    assert tasks.wait_all(60)
    stage.choose_model(run.path)
    files = [Path(run.split.root) / sample.path for sample in run.split.test]
    stage.predict(files)
    rows = stage.table.rows
    qtbot.waitUntil(
        lambda: not stage._queue.running and len(rows.rows) == len(files), timeout=60_000
    )
    with (run.path / "predictions.csv").open(encoding="utf-8") as file:
        saved = {row["path"]: row["label"].lstrip("'") for row in csv.DictReader(file)}
    root = Path(run.split.root)
    answered = {row.path.relative_to(root).as_posix(): row.label(0) for row in rows.rows}
    if (scale := NUMBER.fullmatch(answered[files[0].relative_to(root).as_posix()])) is None:
        assert answered == saved
    else:  # shown with as many digits as its error can carry
        decimals = len(scale["decimals"] or "")
        assert answered == {path: _rounded(text, decimals) for path, text in saved.items()}


def _rounded(text: str, decimals: int) -> str:
    number, _space, unit = text.partition(" ")
    return f"{float(number):.{decimals}f} {unit}"


def test_export_offers_what_can_be_written(qtbot: QtBot, session: Session, run: Run) -> None:
    stage = ExportStage(session)
    qtbot.addWidget(stage)
    stage.show()
    assert tasks.wait_all(60)
    assert any(card.button.isEnabled() for card in stage.cards)


@pytest.mark.parametrize("width", [862, 1500])
def test_runs_name_the_figure_of_each_in_full(
    qtbot: QtBot, session: Session, trained: Trained, width: int
) -> None:
    for objective in OBJECTIVES:
        shutil.copytree(trained(objective).path, paths.runs_dir() / objective)
    stage = RunsStage(session)
    qtbot.addWidget(stage)
    stage.resize(width, 700)
    stage.show()
    assert tasks.wait_all(60)
    qtbot.waitUntil(lambda: len(stage.table.rows.rows) == len(OBJECTIVES))
    for row in stage.table.rows.rows:
        assert row.figure == RunFigure.of(row.run.report())
    (column,) = [n for n, each in enumerate(stage.table.rows.columns) if each.title == _("Result")]
    needed = min(stage.table.sizeHintForColumn(column), run_table.WIDEST)
    assert stage.table.horizontalHeader().sectionSize(column) >= needed
