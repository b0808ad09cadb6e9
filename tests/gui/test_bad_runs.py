"""One bad run: a row that says so, beside the others, in a window that goes on."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.faults.files import FAULTS, put
from tests.gui import finished
from transfergui.core import registry
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.networks.own_models import own_models
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.runs import RunsStage
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message
from transfergui.gui.shell.main_window import MainWindow
from transfergui.gui.tables.run_row import RunRow

pytestmark = pytest.mark.skipif(os.name == "nt", reason="FIFOs are of POSIX")

FILES = ("recipe.json", "split.json", "report.json", "events.jsonl", "predictions.csv")
SHOWN = ("recipe.json", "report.json", "events.jsonl")
"""What a row of the table is read from."""
WHOLE = {("recipe.json", fault) for fault in ("text", "NaN", "infinity", "1e308", "-1", "10**400")}
WHOLE |= {("events.jsonl", "half"), ("events.jsonl", "nothing")}
"""What is left whole: an untouched recipe may hold no such number, half a log is half a history."""


@pytest.fixture
def good(ready: Session) -> Run:
    return finished.finished_run(ready.plan)


def bad(good: Run, file: str, fault: str) -> Run:
    """A copy of ``good`` with one file replaced."""
    name = "".join(c if c.isalnum() else "_" for c in f"{file} {fault}")
    path = Path(shutil.copytree(good.path, good.path.with_name(name)))
    put(path / file, fault)
    return Run(path)


def stage_of(kind: type[QWidget], session: Session, qtbot: QtBot) -> Any:
    stage = kind(session)
    qtbot.addWidget(stage)
    stage.resize(900, 700)
    stage.show()
    return stage


def draw(stage: QWidget) -> None:
    for _time in range(3):
        QCoreApplication.processEvents()
        stage.grab()


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "gone"])
def test_a_bad_run_is_a_row(qtbot: QtBot, ready: Session, good: Run, fault: str) -> None:
    """It ended the process, or emptied the table."""
    made = {file: bad(good, file, fault) for file in SHOWN}
    stage = stage_of(RunsStage, ready, qtbot)
    stage.refresh()
    assert tasks.wait_all(30)
    draw(stage)
    rows = {row.run.path: row for row in stage.table.rows.rows}
    assert rows.keys() == {good.path, *(run.path for run in made.values())}
    assert rows[good.path].state == "done"
    for file, run in made.items():
        row = rows[run.path]
        if row.state != "damaged":
            assert (file, fault) in WHOLE, (file, row)
            continue
        assert file in row.problem
        assert str(run.path) in row.problem
    for number in range(len(rows)):  # each can be selected, sorted by, copied
        stage.table.selectRow(number)
    for column in range(stage.table.rows.columnCount()):
        stage.table.sortByColumn(column, stage.table.horizontalHeader().sortIndicatorOrder())
    stage.table.copy()
    draw(stage)


def test_a_bug_in_one_row_hides_no_other(
    qtbot: QtBot, ready: Session, good: Run, bugs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = finished.finished_run(ready.plan)
    read = RunRow._of

    def fails(run: Run, began: float) -> RunRow:
        if run.path == other.path:
            raise ZeroDivisionError("nobody foresaw it")
        return read(run, began)

    monkeypatch.setattr(RunRow, "_of", fails)
    stage = stage_of(RunsStage, ready, qtbot)
    stage.refresh()
    assert tasks.wait_all()
    states = {row.run.path: row.state for row in stage.table.rows.rows}
    assert states == {good.path: "done", other.path: "damaged"}
    assert "nobody foresaw it" in bugs[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_run_can_be_opened_compared_and_chosen(
    qtbot: QtBot, ready: Session, good: Run, fault: str
) -> None:
    """A sentence, or what is left of it; nothing that Qt asks for raises."""
    said: list[Message] = []
    ready.message.connect(said.append)
    stages = [stage_of(kind, ready, qtbot) for kind in (ResultsStage, LiveStage)]
    for file in FILES:
        run = bad(good, file, fault)
        for act in (ready.open_run, ready.comparison.compare):
            act(run.path)
            assert tasks.wait_all(30)
            for stage in stages:
                draw(stage)
        ready.comparison.compare(None)
    assert tasks.wait_all(30)
    for modality in registry.MODALITIES:
        own_models(modality)
    assert all(message.text != "None" for message in said)


def test_the_window_opens_among_bad_runs(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, pictures: Path
) -> None:
    window.session.open_data(pictures)
    qtbot.waitUntil(lambda: window.session.plan is not None)
    good = finished.finished_run(window.session.plan)
    for file in FILES:
        for fault in FAULTS:
            bad(good, file, fault)
    window.offers.look_for_unfinished()
    for key in ("runs", "results", "live", "predict", "export"):
        window.stage.show_stage(key)
        assert tasks.wait_all(60)
        draw(window)
