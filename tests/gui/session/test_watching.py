"""A run that another process trains, in a window that follows it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.core.runs.test_watching import Trainer
from tests.gui.conftest import FakeTrainer, rest
from transfergui.core.runs import events as ev
from transfergui.core.runs import watching
from transfergui.core.runs.run import Run, list_runs
from transfergui.core.training import joining
from transfergui.gui.base import tasks
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.runs import RunsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.parts import dialogs
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

OPTIONS = ["--backbone", "tgnet", "--strategy", "from_scratch", "--epochs", "5000"]
LONG = 120_000
"""Milliseconds that a process may need on a busy machine."""
SMALL = ["input.size=32", "input.resize=32", "augment={}", "run.early_stopping=none"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "WAIT", 0.02)
    monkeypatch.setattr(watching, "LATE", 0.2)


@pytest.fixture
def live(qtbot: QtBot, session: Session) -> LiveStage:
    stage = LiveStage(session)
    qtbot.addWidget(stage)
    stage.resize(900, 740)
    stage.show()
    return stage


@pytest.fixture
def run(ready: Session) -> Run:
    assert ready.plan is not None
    assert ready.plan.split is not None
    return Run.create(ready.plan.recipe, ready.plan.split)


def follow(qtbot: QtBot, session: Session, run: Run) -> None:
    def is_followed() -> bool:
        watch = session.runner.watch
        return watch is not None and watch.run.path == run.path

    session.open_run(run.path)
    qtbot.waitUntil(is_followed, timeout=LONG)


def started(session: Session, run: Run, trainer: FakeTrainer) -> list[ev.Event]:
    """What a training tells at first."""
    assert session.plan is not None
    return list(itertools.islice(trainer._work(session.plan, run), 5))


def test_a_training_of_the_command_line_is_followed_and_stopped(
    qtbot: QtBot, session: Session, live: LiveStage, pictures: Path
) -> None:
    settings = [part for each in SMALL for part in ("--set", each)]
    command = [sys.executable, "-m", "transfergui", "train", str(pictures), *OPTIONS, *settings]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            qtbot.waitUntil(lambda: any(run.active() for run in list_runs()), timeout=LONG)
            (run,) = list_runs()
            follow(qtbot, session, run)  # nothing is open here
            assert session.state is State.TRAINING
            qtbot.waitUntil(lambda: len(session.history.epochs) > 1, timeout=LONG)
            before = session.history.epochs[-1].epoch
            qtbot.waitUntil(lambda: session.history.epochs[-1].epoch > before, timeout=LONG)
            live.refresh()
            assert live.watched.isVisible()
            assert str(process.pid) in live.watched.text.text()
            assert session.history.share > 0
            assert live.figures.isVisible()
            session.stop("finish")
            qtbot.waitUntil(lambda: session.state is State.EMPTY, timeout=LONG)
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert isinstance(session.history.outcome, ev.Finished)
    assert session.history.outcome.outcome == "stopped"
    assert session.run is not None
    assert session.run.report()
    live.refresh()
    assert live.watched.isHidden()
    assert live.results.isVisible()


def test_a_paused_run_that_another_process_finished_is_shown_so(
    qtbot: QtBot, ready: Session, live: LiveStage, trainer: FakeTrainer, run: Run
) -> None:
    """The window said “Training paused” until Resume was pressed."""
    ready.shown_run._timer.setInterval(20)
    told = [""]
    ready.message.connect(lambda message: told.append(message.text))
    *others, last = started(ready, run, trainer)
    for event in others:
        run.record(event)
    run.record(ev.Finished(outcome="cancelled", epochs=1, best_epoch=1, seconds=1))
    ready.open_run(run.path)
    qtbot.waitUntil(lambda: ready.run is not None and ready.run.path == run.path)
    with run.claimed():
        run.record(last)
        run.record(ev.Finished(outcome="done", epochs=2, best_epoch=1, seconds=2))
        qtbot.waitUntil(lambda: "trains this run now" in told[-1])
        outcome = ready.history.outcome
        assert isinstance(outcome, ev.Finished) and outcome.outcome == "cancelled"  # not yet
    qtbot.waitUntil(lambda: getattr(ready.history.outcome, "outcome", "") == "done")
    assert told[-1] == ""
    live.refresh()
    assert live.results.isVisible()
    assert not live.resume.isVisible()


def test_the_death_of_the_trainer_is_told_and_resume_is_offered(
    qtbot: QtBot, ready: Session, live: LiveStage, trainer: FakeTrainer, run: Run
) -> None:
    told = list[str]()
    ready.message.connect(lambda message: told.append(message.text))
    with Trainer(run) as other:
        for event in started(ready, run, trainer):
            run.record(event)
        follow(qtbot, ready, run)
        assert ready.history.started is not None
        other.end()
        rest(qtbot, ready)
    assert ready.history.outcome == ev.Failed(
        code="watch.died", values=ready.history.outcome.values
    )
    assert ready.history.outcome.sentence() in told
    live.refresh()
    assert live.resume.isVisible()
    live.resume.click()
    rest(qtbot, ready)
    assert trainer.started == 1
    assert isinstance(ready.history.outcome, ev.Finished)


def test_what_another_process_trains_is_left_for_anything_else(
    qtbot: QtBot, ready: Session, live: LiveStage, run: Run, pictures: Path
) -> None:
    with Trainer(run):
        follow(qtbot, ready, run)
        dialogs.ask_to_stop(live, ready.stop, ready.runner.ending, leave=ready.runner.leave)
        box = live.window().findChild(QMessageBox)
        next(each for each in box.buttons() if each.text() == "Stop following").click()
        rest(qtbot, ready)
        assert ready.run is None
        follow(qtbot, ready, run)
        with qtbot.waitSignal(ready.dataset_changed):
            ready.open_data(pictures)
        rest(qtbot, ready)
        follow(qtbot, ready, run)
        with qtbot.waitSignal(ready.closed):
            ready.close()
        assert run.active()
        assert run.stop_requested() is None


def test_who_resumes_what_another_window_trains_is_told_and_follows_it(
    qtbot: QtBot, ready: Session, run: Run
) -> None:
    told = list[str]()
    ready.message.connect(lambda message: told.append(message.text))
    panel = TrainingPanel(ready)
    qtbot.addWidget(panel)
    with Trainer(run):
        ready.resume(run)
        qtbot.waitUntil(lambda: ready.runner.watch is not None)
        assert any("another TransferGUI" in text for text in told)
        qtbot.waitUntil(lambda: run.path.name in panel.whose.text())  # whose settings these are
        ready.runner.leave()
        rest(qtbot, ready)
        assert panel.whose.isHidden()


def test_the_list_of_runs_keeps_up_with_other_processes(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, run: Run
) -> None:
    stage = RunsStage(ready)
    qtbot.addWidget(stage)
    stage.resize(900, 740)
    stage.show()
    assert tasks.wait_all()
    with Trainer(run):
        stage._reader._look()
        assert tasks.wait_all()
        (row,) = stage.table.rows.rows
        assert (row.state, row.epochs) == ("active", 0)
        assert stage.buttons["open"].text() == "Follow"
        for event in trainer._work(ready.plan, run):
            run.record(event)
        stage._reader._look()
        assert tasks.wait_all()
        (row,) = stage.table.rows.rows
        assert row.epochs == trainer.EPOCHS
    stage._reader._look()
    assert tasks.wait_all()
    assert stage.table.rows.rows[0].state == "done"
    assert stage.buttons["open"].text() == "Open"


def test_this_window_takes_part_in_a_search(
    qtbot: QtBot, ready: Session, live: LiveStage, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = threading.Event()

    def join(_run: Run, is_over: Callable[[], bool]) -> Iterator[ev.Event]:
        trial = ev.Tried(backbone="tgnet", title="TGNet", strategy="from_scratch")
        yield from (trial, ev.Finished(outcome="done", epochs=1, best_epoch=1, seconds=1), trial)
        while not is_over():
            time.sleep(0.01)
        left.set()

    monkeypatch.setattr(joining, "join", join)
    assert ready.plan is not None
    search = Run.create(ready.plan.recipe.replace(strategy="auto"), ready.plan.split)
    line, helper = live.watched, ready.runner.helper
    with Trainer(run), Trainer(search):
        follow(qtbot, ready, run)
        live.refresh()
        assert line.join.isHidden()
        follow(qtbot, ready, search)
        live.refresh()
        assert line.join.isVisible()
        line.join.click()
        qtbot.waitUntil(lambda: helper.count == 2)
        assert "TGNet" in line.text.text()
        line.join.click()
        qtbot.waitUntil(lambda: not helper.running)
        assert ready.runner.watch is not None
        assert line.join.isEnabled()
        left.clear()
        line.join.click()
        with qtbot.waitSignal(ready.closed):
            ready.close()
        assert left.is_set()
        assert search.active()
