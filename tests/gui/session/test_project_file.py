"""What is open is saved in its project as it changes, and comes back as it was."""

import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, end, open_data, rest
from transfergui.core.projects import project
from transfergui.gui.base import tasks
from transfergui.gui.session import edits
from transfergui.gui.session.project_file import SAVE_AFTER
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message


def reopened(session: Session, path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.project_file.opened, timeout=20_000):
        session.open_project(path)
    rest(qtbot, session)


def test_corrections_are_saved_and_come_back(
    session: Session, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_data(qtbot, session, pictures)
    path, file = tmp_path / "beetles.transfergui", session.project_file
    told: list[Message] = []
    session.message.connect(told.append)
    file.save_as(path)
    assert tasks.wait_all()
    (said,) = [message for message in told if str(path) in message.text]
    assert (said.panel, said.level) == ("dataset", "info")
    session.project_file.stage = "predict"
    edits.exclude(session, ["class_0/00.png"])
    rest(qtbot, session)
    file.save_now()
    assert sum(str(path) in message.text for message in told) == 1  # not what saves itself
    saved = project.load(path)
    assert (saved.recipe.data.exclude, saved.project.stage) == (("class_0/00.png",), "predict")
    edits.exclude(session, ["class_0/01.png"])
    other = tmp_path / "other"
    shutil.copytree(pictures, other)
    messages: list[Message] = []
    session.message.connect(messages.append)
    session.message.connect(lambda told: "beetles" in told.text and setattr(file, "stage", "live"))
    open_data(qtbot, session, other)
    assert file.path is None and any("beetles" in message.text for message in messages)
    qtbot.wait(SAVE_AFTER + 100)  # another page is shown then: nobody saves that
    assert project.load(path).project.stage == "predict"
    reopened(session, path, qtbot)
    assert file.path == path
    assert session.recipe.data.exclude == ("class_0/00.png", "class_0/01.png")
    assert session.recipe.data.path == str(pictures)


def test_moved_data_are_asked_for(
    session: Session, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first, now = tmp_path / "first", tmp_path / "now"
    shutil.copytree(pictures, first)
    open_data(qtbot, session, first)
    path = tmp_path / "p" / "beetles.transfergui"
    path.parent.mkdir()
    session.project_file.save_as(path)
    qtbot.waitUntil(path.is_file, timeout=20_000)
    first.rename(now)
    with qtbot.waitSignal(session.project_file.missing, timeout=20_000) as asked:
        session.open_project(path)
    assert asked.args == [path, str(first)]
    with qtbot.waitSignal(session.project_file.opened, timeout=20_000):
        session.project_file.open(path, {str(first): str(now)})
    rest(qtbot, session)
    assert session.recipe.data.path == str(now)


def test_a_second_window_opens_it_for_reading(
    session: Session, trainer: FakeTrainer, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_data(qtbot, session, pictures)
    path, own = tmp_path / "beetles.transfergui", tmp_path / "mine.transfergui"
    session.project_file.save_as(path)
    assert tasks.wait_all()
    second = Session(source=trainer)
    told: list[Message] = []
    second.message.connect(told.append)
    reopened(second, path, qtbot)
    file = second.project_file
    assert file.path == path and file.read_only
    (said,) = [message for message in told if "read-only" in message.text]
    assert (said.panel, said.level) == ("dataset", "warning")
    edits.exclude(second, ["class_0/00.png"])
    rest(qtbot, second)
    file.save_now()
    qtbot.wait(SAVE_AFTER + 100)
    assert not project.load(path).recipe.data.exclude
    file.save_as(path)
    assert "another name" in told[-1].text and file.read_only
    file.save_as(own)
    assert tasks.wait_all()
    assert project.load(own).recipe.data.exclude == ("class_0/00.png",) and not file.read_only
    reopened(session, path, qtbot)  # in the window that has it, it stays one that is saved
    assert not session.project_file.read_only
    with qtbot.waitSignal(session.closed, timeout=20_000):
        session.close()
    reopened(second, path, qtbot)
    assert not file.read_only
    end(qtbot, second, trainer)
    assert not list(tmp_path.glob(".*"))
