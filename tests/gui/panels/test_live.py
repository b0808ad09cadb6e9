"""The Live stage: states, figures, diagnoses and what its buttons do."""

import dataclasses
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import FakeTrainer, rest
from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks, words
from transfergui.gui.panels import live_headings
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.time_left import Countdown, TimeLeft
from transfergui.gui.parts import dialogs
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State


@pytest.fixture
def stage(qtbot: QtBot, ready: Session) -> LiveStage:
    stage = LiveStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    return stage


def show(stage: LiveStage, history: History) -> None:
    """As if a run with this history had been opened."""
    session = stage._session
    assert session.plan is not None
    shown = session.shown_run
    shown.run, shown.history = finished.finished_run(session.plan), history
    session.history_reset.emit(history)


def test_the_empty_stage_offers_to_train(qtbot: QtBot, stage: LiveStage, trainer: FakeTrainer):
    button = stage._pages.currentWidget().button
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.heading.text() == "Training finished", timeout=20_000)
    assert trainer.started == 1
    rest(qtbot, stage._session)


def test_a_training_on_other_data_than_are_open_says_so(
    qtbot: QtBot, stage: LiveStage, tmp_path: Path, tiny_pictures: Callable[..., Path]
) -> None:
    session = stage._session
    session.start_training()
    rest(qtbot, session)
    assert tasks.wait_all()
    assert not stage.whose.isVisible()
    session.open_data(tiny_pictures(tmp_path / "other data"))
    rest(qtbot, session)
    assert stage.whose.isVisible()
    assert "“other data”" in stage.whose.text()
    session.start_training()
    rest(qtbot, session)
    assert tasks.wait_all()
    assert not stage.whose.isVisible()


def test_while_the_teacher_looks_it_says_at_how_many() -> None:
    history = History()
    history.add(finished.started())
    history.add(ev.Progress(stage="teach", epoch=0.0, step=120, steps=600, rate=40.0))
    heading = live_headings.heading_of(history, State.TRAINING, live_headings.noun_of(history))
    assert heading == "Computing the teacher's outputs: 120 of 600 pictures"
    assert history.share == pytest.approx(0.2)


def test_what_arrives_is_drawn_soon(qtbot: QtBot, stage: LiveStage) -> None:
    """As many epochs as the run on the disk has: it may be read again meanwhile."""
    show(stage, finished.history(done=5))
    session = stage._session

    def points() -> int:
        return len(stage.plot.curves.loss._curves["val_loss"].getOriginalDataset()[0])

    assert points() == 5
    for event in finished.epochs(6, 8):
        session.run.record(event)
        session.history.add(event)
        session.event_arrived.emit(event)
    assert points() == 5  # arrival is not drawing
    qtbot.waitUntil(lambda: points() == 8)


def test_while_it_chooses_the_table_has_the_room_of_the_curves(qtbot: QtBot, stage: LiveStage):
    """There are none, as long as it is not known what is trained."""
    history = History()
    for row in range(9):
        history.add(ev.Tried(backbone=str(row), title=str(row), dropped="auto.weaker"))
    show(stage, history)
    assert not stage.plot.isVisible()
    assert not stage.figures.isVisible()
    bar = stage.trials.table.verticalScrollBar()
    qtbot.waitUntil(lambda: not bar.isVisible())
    chosen = finished.history(done=3)
    chosen.trials = history.trials
    show(stage, chosen)
    assert stage.plot.isVisible()
    assert stage.figures.isVisible()
    qtbot.waitUntil(bar.isVisible)


def test_every_stage_is_called_something() -> None:
    assert set(live_headings.STAGE_TEXTS) == set(get_args(ev.Stage))


def test_without_data_it_says_what_is_in_the_way(qtbot: QtBot, session: Session):
    stage = LiveStage(session)
    qtbot.addWidget(stage)
    button = stage._pages.currentWidget().button
    assert not button.isEnabled()
    assert button.accessibleDescription() == session.obstacle != ""
    assert session.obstacle in button.toolTip()


def test_while_it_learns_without_labels_there_is_no_best_to_keep(
    qtbot: QtBot, stage: LiveStage, trainer: FakeTrainer
) -> None:
    trainer.hold.clear()
    session = stage._session
    session.start_training()
    qtbot.waitUntil(lambda: session.history.started is not None)
    plan, begun = session.plan, session.history.phases
    (first, *_rest) = plan.phases
    names = {"name": begun[-1].name} if begun else {}
    first = dataclasses.replace(first, through="unlabelled", **names)
    session.runner._plan = dataclasses.replace(plan, phases=(first,))
    stage.refresh()
    seen = {each.text() for each in stage.stop.menu().actions() if each.isVisible()}
    assert seen == {"Pause", "Keep training"}
    dialogs.ask_to_stop(stage, session.stop, session.runner.ending)
    box = stage.window().findChild(QMessageBox)
    assert {each.text() for each in box.buttons()} == {"Pause", "Keep training"}
    session.stop("cancel")
    rest(qtbot, session)
    assert not session.runner.ending.unlabelled


@pytest.mark.parametrize(
    ("which", "outcome", "heading", "resumable"),
    [
        (0, "stopped", "Training stopped by you; the best epoch was kept and tested", False),
        (1, "cancelled", "Training paused; Resume continues from here", True),
    ],
)
def test_the_two_ways_to_stop(
    qtbot: QtBot, stage: LiveStage, trainer: FakeTrainer, which, outcome, heading, resumable
):
    trainer.hold.clear()
    session = stage._session
    session.start_training()
    qtbot.waitUntil(lambda: session.history.started is not None)
    stage.refresh()
    assert stage.stop.isVisible()
    stage.stop.menu().actions()[which].trigger()
    assert session.state is State.STOPPING
    rest(qtbot, session)
    assert session.history.outcome.outcome == outcome
    stage.refresh()
    assert stage.heading.text() == heading
    assert stage.resume.isVisible() is resumable
    assert not stage.stop.isVisible()


def test_the_resume_button_goes_on(qtbot: QtBot, stage: LiveStage, trainer: FakeTrainer):
    trainer.hold.clear()
    session = stage._session
    session.start_training()
    qtbot.waitUntil(lambda: session.history.started is not None)
    session.stop("cancel")
    rest(qtbot, session)
    trainer.hold.set()
    stage.refresh()
    stage.resume.click()
    qtbot.waitUntil(lambda: stage.heading.text() == "Training finished", timeout=20_000)
    rest(qtbot, session)


def test_figures_in_the_midst_of_a_training(stage: LiveStage):
    stage._session._states.state = State.TRAINING
    show(stage, finished.history(done=5))
    values = {key: f.value.text() for key, f in stage.figures._figures.items()}
    assert values == {
        "epoch": "5 / 10",
        "best": "3 (loss 1.000, accuracy 80.0 %)",
        "speed": "50 pictures per second",
        "memory": "1.0 GB",
    }
    assert stage.progress.value() == 500
    assert stage.left.text() == "About 12 s left"
    assert stage.progress.accessibleDescription() == "About 12 s left"
    stage._session._states.state = State.READY


@pytest.mark.parametrize(("epochs", "early"), [(5, True), (10, False)])
def test_the_heading_says_that_it_ended_early(stage: LiveStage, epochs: int, early: bool):
    history = finished.history(done=epochs)
    history.add(ev.Finished(outcome="done", epochs=epochs, best_epoch=3, seconds=60))
    show(stage, history)
    assert "Training" in stage.heading.text()
    assert ("early" in stage.heading.text()) is early


@pytest.mark.parametrize(
    ("asked", "text"),
    [(False, "Automatic search finished"), (True, "Automatic search stopped")],
)
def test_of_a_search_it_says_how_the_search_ended(stage: LiveStage, asked: bool, text: str):
    """Not how the training did that it kept."""
    history = finished.history(done=5)
    history.add(ev.Tried(backbone="a", title="A", strategy="fine_tuning"))
    if asked:
        history.add(ev.Notice(code="auto.finish"))
    history.add(ev.Finished(outcome="done", epochs=5, best_epoch=3, seconds=60))
    show(stage, history)
    assert stage.heading.text().startswith(text)


def test_trainings_put_together_are_no_search(stage: LiveStage):
    history = History()
    history.add(msgspec.structs.replace(finished.started(), strategy="soup"))
    history.add(ev.Tried(backbone="a", title="A", strategy="soup"))
    history.add(ev.Finished(outcome="done", epochs=2, best_epoch=1, seconds=60))
    show(stage, history)
    assert "search" not in stage.heading.text()


def test_notices_and_diagnoses_are_sentences(stage: LiveStage):
    history = finished.history(done=5, planned=30)  # else it ends before
    for _twice in range(2):
        history.add(ev.Notice(code="training.nothing_learnt", level="warning"))
    stage._session._states.state = State.TRAINING
    show(stage, history)
    said = stage.says.texts()
    assert any("Early stopping" in text for text in said)
    assert len(said) == len(set(said))  # the same notice is said once
    stage._session._states.state = State.READY


def test_what_is_kept_of_a_search_is_a_model_and_no_epoch(qtbot: QtBot, stage: LiveStage) -> None:
    history = finished.history(done=2)
    show(stage, history)
    assert not stage._session.runner.ending.searching
    history.add(ev.Progress(stage="search", epoch=0.0, step=1, steps=9))
    dialogs.ask_to_stop(stage, stage._session.stop, stage._session.runner.ending)
    assert "the best model so far" in stage.window().findChild(QMessageBox).text()
    dialogs.forget_stop_question(stage)


def test_a_lost_connection_is_no_failure(stage: LiveStage) -> None:
    """Neither while it lasts, nor where a pause could not reach the training."""
    history = finished.history(done=5)
    history.add(ev.Progress(stage="validate", epoch=5.0, step=1, steps=9, eta=200.0))
    stage._session._states.state = State.TRAINING
    show(stage, history)
    assert stage.left.isVisible()
    history.add(ev.Notice(code="place.lost", values={"name": "lab"}, level="warning"))
    stage.refresh()
    assert stage.heading.text() == "Not connected; the training may continue on lab"
    assert not stage.left.isVisible()
    stage._session._states.state = State.READY
    history.add(ev.Failed(code="place.not_stopped", values={"name": "lab"}))
    stage.refresh()
    assert stage.heading.text() == "Not connected; the training may continue on lab"
    assert stage.resume.isVisible()


def test_the_button_of_a_diagnosis_changes_the_recipe_with_undo(qtbot: QtBot, stage: LiveStage):
    history = History()
    history.add(finished.started())
    for epoch, loss in enumerate((1.0, 2.0, 4.0), start=1):
        history.add(
            ev.EpochEnded(
                epoch=epoch,
                phase=0,
                train_loss=loss,
                train_score=0.5,
                val_loss=loss,
                val_score=0.9,
                lr=0.1,
                seconds=1,
                best=epoch == 1,
            )
        )
    show(stage, history)
    with qtbot.waitSignal(stage._session.recipe_changed):
        stage.says.acted.emit(stage._diagnoses[0])
    assert stage._session.recipe.optim.lr == pytest.approx(0.01)
    stage._session.undo_stack.undo()
    assert stage._session.recipe.optim.lr is None


def test_a_vanished_disk_is_said_and_the_training_goes_on_when_it_is_back(
    qtbot: QtBot, stage: LiveStage, trainer: FakeTrainer, pictures: Path
):
    session = stage._session
    values = {"count": 9, "total": 24, "path": "class_0/00.png"}
    trainer.error = UserError("data.vanished", **values)
    session.start_training()
    rest(qtbot, session)
    stage.refresh()
    assert "disconnected" in stage.says.texts()[0]
    assert "class_0/00.png" in stage.says.texts()[0]
    trainer.error = None
    unplugged = pictures.rename(pictures.with_name("unplugged"))
    stage.resume.click()  # too early
    rest(qtbot, session)
    stage.refresh()
    assert stage.resume.isVisible()
    unplugged.rename(pictures)
    stage.resume.click()
    qtbot.waitUntil(lambda: stage.heading.text() == "Training finished", timeout=20_000)
    assert trainer.started == 2
    rest(qtbot, session)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (ev.Failed(code="input.vanished", values={"path": "a.jpg"}), "a.jpg is missing."),
        (ev.Failed(code="bug", details="Traceback ..."), "bug in TransferGUI"),
    ],
)
def test_a_failure_says_why_and_offers_to_go_on(stage: LiveStage, failure, words):
    history = finished.history(done=2)
    history.add(failure)
    show(stage, history)
    assert stage.heading.text() == "Training failed"
    assert words in stage.says.texts()[0]
    assert "Traceback" not in stage.says.texts()[0]
    assert stage.resume.isVisible()


def test_an_interrupted_run_is_named_so(stage: LiveStage):
    show(stage, finished.history(done=2))
    assert "interrupted" in stage.heading.text()


def test_a_compared_run_is_named_in_the_key(qtbot: QtBot, stage: LiveStage):
    show(stage, finished.history(done=3))
    run = stage._session.run
    stage._session.comparison.compare(run.path)
    qtbot.waitUntil(lambda: stage._session.comparison.current is not None)
    assert run.path.name in stage.plot.curves.loss.key.accessibleDescription()
    stage.plot.tools.actions["remove"].trigger()
    assert stage._session.comparison.current is None


def test_a_compared_run_with_another_test_is_said_to_have_one(
    qtbot: QtBot, stage: LiveStage, tmp_path: Path
):
    show(stage, finished.history(done=3))
    run = stage._session.run
    other = shutil.copytree(run.path, tmp_path / "other")
    divided = run.split
    msgspec.structs.replace(divided, test=divided.test[1:]).save(other / "split.json")
    stage._session.comparison.compare(other)
    qtbot.waitUntil(stage.tests.isVisible)
    count = len(divided.test)
    assert f"test sets: {count - 1} (of {count} and {count - 1})" in stage.tests.text()
    stage._session.comparison.compare(run.path)
    qtbot.waitUntil(lambda: not stage.tests.isVisible())


def test_curves_that_cannot_be_saved_are_a_sentence(stage: LiveStage, tmp_path: Path):
    (tmp_path / "blocked").touch()
    for name in ("a.csv", "a.png", "a.svg"):
        stage.bar.clear()
        stage.plot.export.save(tmp_path / "blocked" / name)
        assert tasks.wait_all()
        assert f"{name} cannot be written" in stage.bar.text.text()


def test_where_trainings_are_put_together_there_are_no_curves(stage: LiveStage) -> None:
    history = finished.history(done=2)
    assert history.started is not None
    history.started = msgspec.structs.replace(history.started, strategy="soup")
    show(stage, history)
    assert not stage.plot.isVisible()
    assert not stage.figures.isVisible()


def test_the_time_left_of_a_search_is_the_most_it_takes() -> None:
    at = ev.Progress(stage="search", epoch=0.0, step=1, steps=4, eta=48.0)
    assert words.left(at) == "At most 48 s left"
    assert words.left(msgspec.structs.replace(at, stage="train")) == "About 48 s left"
    assert words.left(msgspec.structs.replace(at, eta=None)) == ""


def test_a_run_that_predicts_something_else_is_not_laid_under(
    qtbot: QtBot, stage: LiveStage, session: Session
) -> None:
    """Its per cent would be drawn on an axis of kilograms."""
    other = finished.history()
    assert other.started is not None
    other.started = msgspec.structs.replace(other.started, objective="number", unit="kg")
    session.history.add(finished.started())
    session.comparison.current = (Run(Path("other")), other)
    session.comparison.changed.emit(session.comparison.current)
    assert stage.plot._beneath is None
    assert "predicts something else" in stage.tests.text()


def test_the_time_left_goes_on_between_two_reports(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Countdown, "SECOND", 10)
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    left = TimeLeft()
    qtbot.addWidget(left)
    at = ev.Progress(stage="search", epoch=0, step=1, steps=2, eta=540.0)
    left.follow(at)
    assert left.text() == "At most 9 min left"
    now[0] += 120.0
    qtbot.waitUntil(lambda: left.text() == "At most 7 min left", timeout=5_000)
    left.follow(at)  # what is shown ten times a second is no news
    assert left.text() == "At most 7 min left"
    now[0] += 1000.0
    qtbot.waitUntil(left.isHidden, timeout=5_000)
    left.follow(msgspec.structs.replace(at, eta=30.0))
    assert left.text() == "At most 30 s left"
