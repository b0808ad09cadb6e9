"""Changes that follow quickly while data are read again: none is lost, undone or done again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, open_data, rest
from tests.gui.objective_data import QUESTIONS
from transfergui.core.data.split import SplitOptions
from transfergui.core.recipe import Recipe
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message, State
from transfergui.gui.shell.main_window import MainWindow

Step = Callable[[Session], object]


def ask_for(objective: str, *columns: str) -> Step:
    def change(session: Session) -> None:
        edits.predict(session, "objective", objective, "What is predicted")
        edits.predict(session, "predict", columns, "Predicted columns")

    return change


def by(name: str, value: object) -> Step:
    return lambda session: edits.read_as(session, name, value, name)


def settings(**changes: object) -> Step:
    return lambda session: session.change(session.wanted.replace(**changes), "Change a setting")


READING = ask_for("one_class", "speaker")
STEPS: dict[str, Step] = {
    "excluded": lambda session: edits.exclude(session, ["01.png"]),
    "relabelled": lambda session: edits.relabel(session, ["02.png"], "one · bob"),
    "renamed": lambda session: edits.rename_class(session, "speaker: ann", "anna"),
    "merged": lambda session: edits.merge(session, ["03.png"], "one · bob"),
    "divided": lambda session: edits.divide(session, SplitOptions(val_percent=30, test_percent=20)),
    "read otherwise": by("white", 255.0),
    "setting": settings(run__epochs=3),
}
"""Changes of every kind that data have, and one that they have not."""


@pytest.fixture
def opened(qtbot: QtBot, session: Session, tmp_path: Path) -> Session:
    """Data of two questions."""
    return _open(qtbot, session, tmp_path)


def _open(qtbot: QtBot, session: Session, tmp_path: Path) -> Session:
    folder = QUESTIONS.write(tmp_path / "made")
    session.open_again(QUESTIONS.recipe(folder))
    rest(qtbot, session)
    assert session.dataset is not None
    return session


def settled(qtbot: QtBot, session: Session) -> Recipe:
    """The recipe in force, once nothing is read any more; the data fit it."""
    rest(qtbot, session)
    assert session.wanted is session.recipe
    assert session.plan is not None
    assert session.plan.split.targets == session.dataset.targets
    if session.recipe.data.predict:
        assert session.dataset.targets.objective == session.recipe.data.objective
    return session.recipe


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_change_while_data_are_read_is_kept_with_its_undo(
    qtbot: QtBot, opened: Session, step: Step
) -> None:
    before = opened.recipe
    READING(opened)
    assert opened.state is State.SCANNING
    step(opened)
    after = settled(qtbot, opened)
    assert after.data.objective == "one_class"
    assert opened.dataset is not None
    assert opened.dataset.targets.objective == "one_class"
    back = [after]
    while opened.undo_stack.undo_text:
        opened.undo_stack.undo()
        back.append(opened.wanted)
    assert len(back) == 4
    assert settled(qtbot, opened) == before
    while opened.undo_stack.redo_text:
        opened.undo_stack.redo()
        assert opened.wanted == back[-2]
        back.pop()
    assert settled(qtbot, opened) == after


def test_every_option_of_several_that_are_changed_at_once_is_kept(
    qtbot: QtBot, opened: Session
) -> None:
    by("white", 255.0)(opened)
    by("black", 1.0)(opened)
    assert settled(qtbot, opened).data.options == {"white": 255.0, "black": 1.0}


def test_quick_keys(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    session = _open(qtbot, window.session, tmp_path)
    first = session.recipe
    for step in (*STEPS.values(), READING):
        step(session)
        rest(qtbot, session)
    last, count = session.recipe, len(session.undo_stack.edits.past)
    assert count == len(STEPS) + 2

    def press(times: int, more: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        window.activateWindow()
        for _time in range(times):
            QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | more)

    again = Qt.KeyboardModifier.ShiftModifier
    press(count)
    assert settled(qtbot, session) == first
    press(count, again)
    assert settled(qtbot, session) == last
    press(5)
    press(3, again)
    press(4)
    press(6, again)
    assert settled(qtbot, session) == last
    assert not session.undo_stack.redo_text


def test_back_at_once_reads_nothing(qtbot: QtBot, opened: Session) -> None:
    before = opened.recipe
    by("white", 255.0)(opened)
    assert opened.state is State.SCANNING
    opened.undo_stack.undo()
    assert opened.state is State.READY
    assert settled(qtbot, opened) == before
    assert opened.undo_stack.redo_text == "Change “white”"


@pytest.mark.parametrize("how", ["cancelled", "vanished", "other data"])
def test_what_cannot_be_read_is_taken_back_and_the_rest_stays(
    qtbot: QtBot, opened: Session, pictures: Path, tmp_path: Path, how: str
) -> None:
    before = opened.recipe
    settings(run__epochs=3)(opened)
    if how == "vanished":
        (tmp_path / "made").rename(tmp_path / "gone")
    by("white", 255.0)(opened)
    settings(run__epochs=4)(opened)
    edits.exclude(opened, ["01.png"])
    if how == "cancelled":
        opened.cancel_scan()
    if how == "other data":
        opened.open_data(tmp_path / "no such folder")
    rest(qtbot, opened)
    assert opened.wanted is opened.recipe
    assert opened.recipe.data.options == before.data.options
    assert opened.recipe.run.epochs == 4
    assert opened.recipe.data.exclude == ("01.png",)
    opened.undo_stack.undo()
    assert opened.recipe.run.epochs == 3
    opened.undo_stack.undo()
    assert opened.recipe == before
    rest(qtbot, opened)


def test_a_change_and_its_undo_while_a_training_is_stopped(
    qtbot: QtBot, opened: Session, trainer: FakeTrainer
) -> None:
    before = opened.recipe
    by("white", 255.0)(opened)
    by("black", 1.0)(opened)
    rest(qtbot, opened)
    trainer.hold.clear()
    opened.start_training()
    qtbot.waitUntil(lambda: opened.history.started is not None)
    opened.undo_stack.undo()  # refused
    assert opened.undo_stack.undo_text == "Change “black”"
    opened.stop("cancel")
    opened.undo_stack.undo()
    opened.undo_stack.undo()
    trainer.hold.set()
    assert settled(qtbot, opened) == before
    assert not opened.undo_stack.undo_text


def test_another_wish_takes_the_place_of_a_change_that_waits(
    qtbot: QtBot, opened: Session, trainer: FakeTrainer
) -> None:
    before = opened.recipe
    trainer.hold.clear()
    opened.start_training()
    qtbot.waitUntil(lambda: opened.history.started is not None)
    opened.stop("cancel")
    by("white", 255.0)(opened)
    opened.start_training()
    trainer.hold.set()
    qtbot.waitUntil(lambda: trainer.started == 2)
    assert settled(qtbot, opened) == before
    assert not opened.undo_stack.undo_text


def test_other_data_are_not_corrected_by_paths_of_these(
    qtbot: QtBot, opened: Session, pictures: Path
) -> None:
    open_data(qtbot, opened, pictures)
    rest(qtbot, opened)
    said: list[Message] = []
    opened.message.connect(said.append)
    data = opened.recipe.data
    opened.change(opened.recipe.replace(data__path=str(pictures.parent / "made")), "Open")
    assert opened.state is State.SCANNING
    edits.exclude(opened, ["class_0/00.png"])
    assert said[-1].text.startswith("Other data are being read")
    opened.cancel_scan()
    rest(qtbot, opened)
    assert opened.recipe.data == data
