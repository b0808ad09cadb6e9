"""The window without a mouse and without eyes: names, focus, order of Tab."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import open_data
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.panels import STAGES
from transfergui.gui.shell.main_window import MainWindow

ROW = 8
"""Pixels by which things in one row may differ in height."""
KEYS = [row.key for row in STAGES]


@pytest.fixture
def tested(
    qtbot: QtBot, window: MainWindow, pictures: Path, trained: Callable[[str], Run]
) -> MainWindow:
    """A window with data and a finished run."""
    open_data(qtbot, window.session, pictures)
    window.session.open_run(trained("one_class").path)
    assert tasks.wait_all()
    return window


def go_to(window: MainWindow, key: str) -> QWidget:
    """Show a page, wait for what it draws, return it."""
    window.stage.show_stage(key)
    assert tasks.wait_all()
    return window.stage.widget_of(key)


def focusable(root: QWidget) -> list[QWidget]:
    """The visible widgets inside ``root`` that Tab reaches."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisibleTo(root)
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]


def spoken(widget: QWidget) -> str:
    """What a screen reader calls a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def test_what_has_the_focus_has_a_name(tested: MainWindow) -> None:
    for key in KEYS:
        go_to(tested, key)
        named = {f"{type(w).__name__} {w.objectName()}": spoken(w) for w in focusable(tested)}
        assert named and all(named.values()), (key, named)


def test_tab_reaches_everything_beginning_at_the_top(tested: MainWindow) -> None:
    for key in KEYS:
        page = go_to(tested, key)
        wanted, order, at = focusable(page), [], page.nextInFocusChain()
        while at is not page:
            order += [at] if at in wanted else []
            at = at.nextInFocusChain()
        assert len(order) == len(wanted), key
        tops = [w.mapTo(page, w.rect().topLeft()) for w in order]
        rows = [(top.y(), top.x()) for top in tops]
        assert rows[0] == min(rows, key=lambda r: (r[0] // ROW, r[1])), (key, rows)


def test_the_key_of_a_page_puts_the_focus_on_it(tested: MainWindow) -> None:
    for number, key in enumerate(KEYS, 1):
        pressed = QKeySequence(f"Ctrl+{number}")
        next(a for a in tested.findChildren(QAction) if a.shortcut() == pressed).trigger()
        focus = tested.focusWidget()
        assert tested.stage.key == key
        assert focus is not None and tested.stage.currentWidget().isAncestorOf(focus), key
