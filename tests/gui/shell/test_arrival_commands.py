"""New examples are dropped onto the window: added, on the same test set, with undo."""

import shutil
from pathlib import Path

from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import open_data, rest
from tests.gui.finished import finished_run
from transfergui.gui.panels.arrival_dialog import ArrivalDialog
from transfergui.gui.session.states import Message
from transfergui.gui.shell.arrival_commands import QUESTION
from transfergui.gui.shell.main_window import MainWindow


def test_what_is_dropped_is_added_and_opened_as_it_was(
    window: MainWindow, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    session, new = window.session, make_tiny_pictures(tmp_path / "new", per_class=6, seed=5)
    open_data(qtbot, session, pictures)
    rest(qtbot, session)
    assert session.plan is not None and session.split is not None
    run, before = finished_run(session.plan), session.split
    shutil.copy(pictures / before.test[0].path, new / "class_0" / "copy.png")
    said: list[Message] = []
    session.message.connect(said.append)
    window.arrivals.take(new)
    box = window.findChild(QMessageBox, QUESTION)
    next(button for button in box.buttons() if button.text() == "Add…").click()
    qtbot.waitUntil(lambda: window.findChild(ArrivalDialog) is not None)
    dialog = window.findChild(ArrivalDialog)
    dialog.percent.setValue(50)
    dialog.add_button.click()
    qtbot.waitUntil(lambda: session.split is not before, timeout=20_000)
    rest(qtbot, session)
    split = session.split
    assert (split.test, split.val) == (before.test, before.val)
    assert len(split.new) == 6
    assert session.recipe.split.kept == str(run.path / "split.json")
    assert any("copies" in message.text or "copy" in message.text for message in said)
    session.open_data_as_they_were(run)
    qtbot.waitUntil(lambda: session.split is not split, timeout=20_000)
    rest(qtbot, session)
    assert (session.split.train, session.split.new) == (before.train, ())
    for _step in range(2):
        session.undo_stack.undo()
        rest(qtbot, session)
    assert (session.recipe.data.added, session.recipe.split.kept) == ((), "")
