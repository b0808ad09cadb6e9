"""Relabelling by keyboard and menu, of several samples at once, wherever they are selected."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import open_data, rest
from transfergui.gui.base import tasks
from transfergui.gui.panels.data import DataStage
from transfergui.gui.samples.class_chooser import ClassChooser
from transfergui.gui.shell.main_window import MainWindow
from transfergui.gui.shell.menus import EDIT

ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def stage(qtbot: QtBot, window: MainWindow, pictures: Path) -> DataStage:
    """With two copies among the problems."""
    for number in (3, 5):
        content = (pictures / "class_0" / f"0{number}.png").read_bytes()
        (pictures / "class_0" / f"copy{number}.png").write_bytes(content)
    open_data(qtbot, window.session, pictures)
    rest(qtbot, window.session)
    stage = window.stage.widget_of("data")
    assert isinstance(stage, DataStage)
    return stage


def select(view: QAbstractItemView, *rows: int) -> None:
    model = view.selectionModel()
    model.clear()
    for row in rows:
        model.select(view.model().index(row, 0), ROWS)
    view.window().activateWindow()
    assert QTest.qWaitForWindowActive(view.window())
    view.setFocus()


def chooser(qtbot: QtBot, window: QWidget) -> ClassChooser:
    found = window.findChild(ClassChooser)
    assert isinstance(found, ClassChooser)
    found.activateWindow()  # no window manager does so here
    qtbot.waitUntil(lambda: QApplication.activeWindow() is found)
    return found


def entry(window: MainWindow, text: str) -> QAction:
    """Of the Edit menu, as it is when the menu is opened."""
    menus = {menu.title(): menu for menu in window.menuBar().findChildren(QMenu)}
    menus[EDIT].aboutToShow.emit()
    return next(a for a in menus[EDIT].actions() if a.text().replace("&", "") == text)


def by_key(window: MainWindow, view: QAbstractItemView) -> None:
    QTest.keyClick(view, Qt.Key.Key_F2)


def by_menu(window: MainWindow, view: QAbstractItemView) -> None:
    entry(window, "Relabel…").trigger()


def by_context_menu(window: MainWindow, view: QAbstractItemView) -> None:
    next(a for a in view.actions() if a.text().startswith("Relabel")).trigger()


@pytest.mark.parametrize("ask", [by_key, by_menu, by_context_menu])
@pytest.mark.parametrize("where", ["grid", "problems"])
def test_several_get_another_class_in_one_step(
    qtbot: QtBot,
    window: MainWindow,
    stage: DataStage,
    ask: Callable[[MainWindow, QAbstractItemView], None],
    where: str,
) -> None:
    session = window.session
    if where == "grid":
        view: QAbstractItemView = stage.samples.thumbnails
        paths = [stage.samples.thumbnails.paths[row] for row in (1, 2)]
    else:
        view = stage.problems.view
        paths = [problem.path for problem in stage.problems.shown()[:2]]
    select(view, *((1, 2) if where == "grid" else (0, 1)))
    before = session.recipe
    ask(window, view)
    dialog = chooser(qtbot, window)
    assert dialog.windowTitle() == "Relabel 2 pictures"
    assert dialog._now.text() == "Current class: class_0"
    qtbot.keyClicks(dialog.name, "_1")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert session.recipe.data.relabel == dict.fromkeys(paths, "class_1")
    assert session.undo_stack.undo_text == "Relabel 2 pictures"
    session.undo_stack.undo()
    assert session.recipe == before
    rest(qtbot, session)


def test_escape_leaves_everything(qtbot: QtBot, window: MainWindow, stage: DataStage) -> None:
    select(stage.samples.thumbnails, 0)
    before = window.session.recipe
    by_key(window, stage.samples.thumbnails)
    qtbot.keyClick(chooser(qtbot, window), Qt.Key.Key_Escape)
    assert window.session.recipe == before
    assert not window.session.undo_stack.undo_text


def test_the_menu_is_about_what_was_selected_last(window: MainWindow, stage: DataStage) -> None:
    assert not entry(window, "Relabel…").isEnabled()
    assert "Select examples" in entry(window, "Relabel…").toolTip()
    select(stage.problems.view, 1)
    copy = stage.problems.shown()[1].path
    select(stage.samples.thumbnails, 4)
    assert entry(window, "Exclude").isEnabled()
    entry(window, "Exclude").trigger()
    assert window.session.recipe.data.exclude == (stage.samples.thumbnails.paths[4],)
    assert tasks.wait_all()
    assert tasks.wait_all()
    row = [problem.path for problem in stage.problems.shown()].index(copy)
    select(stage.problems.view, row)
    entry(window, "Exclude").trigger()
    assert window.session.recipe.data.exclude[1:] == (copy,)
    assert tasks.wait_all()


def test_on_a_page_without_samples_the_menu_offers_nothing(
    window: MainWindow, stage: DataStage
) -> None:
    select(stage.samples.thumbnails, 0)
    assert entry(window, "Exclude").isEnabled()
    window.stage.show_stage("runs")
    assert not entry(window, "Exclude").isEnabled()
    assert not entry(window, "Relabel…").isEnabled()
