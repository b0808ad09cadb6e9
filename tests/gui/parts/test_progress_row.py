"""A bar with what is done, and how long the rest takes."""

import time

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from transfergui.gui.parts.progress_row import ProgressRow


def test_progress_and_the_time_left_are_said(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    row = ProgressRow("Progress")
    page.setLayout(row)
    row.show_waiting("Loading")
    assert (row.bar.maximum(), row.left.text()) == (0, "Loading")
    row.show_progress(1, 4, time.monotonic())
    assert (row.bar.value(), row.bar.maximum(), row.left.text()) == (1, 4, "1 / 4")
    row.show_progress(2, 4, time.monotonic() - 10)
    assert row.left.text() == "2 / 4 · about 10 s left"
    row.set_visible(False)
    assert not row.bar.isVisibleTo(page) and not row.cancel_button.isVisibleTo(page)
