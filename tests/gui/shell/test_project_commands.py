"""Projects from the menus: the window goes on where it stopped."""

import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui.conftest import open_data, rest
from tests.gui.finished import finished_run
from transfergui.core.projects import after
from transfergui.gui.session.states import Message
from transfergui.gui.shell.main_window import MainWindow


def test_recent_data_are_opened_in_their_project(
    window: MainWindow, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    session, other = window.session, tmp_path / "other"
    shutil.copytree(pictures, other)
    open_data(qtbot, session, pictures)
    rest(qtbot, session)
    path = tmp_path / "beetles.transfergui"
    session.project_file.save_as(path)
    window.stage.show_stage("runs")
    session.project_file.save_now()
    assert window.windowTitle().startswith("beetles")
    qtbot.waitUntil(path.is_file, timeout=20_000)
    open_data(qtbot, session, other)
    rest(qtbot, session)
    assert session.project_file.path is None
    with qtbot.waitSignal(session.project_file.opened, timeout=20_000):
        window.opening.open_recent(pictures)
    rest(qtbot, session)
    assert (session.project_file.path, window.stage.key) == (path, "runs")


def test_without_the_run_that_has_the_test_set_data_are_split_again(
    window: MainWindow, pictures: Path, qtbot: QtBot
) -> None:
    session = window.session
    open_data(qtbot, session, pictures)
    rest(qtbot, session)
    assert session.plan is not None
    run = finished_run(session.plan)
    session.change(after.keeping(session.wanted, run), "keep")
    rest(qtbot, session)
    assert session.recipe.split.kept
    shutil.rmtree(run.path)
    said: list[Message] = []
    session.message.connect(said.append)
    session.open_data(pictures)
    rest(qtbot, session)
    assert session.split is not None and not session.recipe.split.kept
    assert any(message.level == "warning" and message.panel == "data" for message in said)
