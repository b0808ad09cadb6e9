"""A table of any rows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from transfergui.gui.tables.result_table import Column, ResultTable

HELD = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("held", HELD)
def test_the_program_selects_one_row_whatever_key_is_held(
    qtbot: QtBot, held: Qt.KeyboardModifier
) -> None:
    table = ResultTable([Column("Name", str)])
    qtbot.addWidget(table)
    table.rows.fill(["a", "b", "c"])
    table.show()
    QTest.keyPress(table, Qt.Key.Key_Z, held)
    assert QGuiApplication.keyboardModifiers() & held
    for row in (0, 2, 2, 1):
        table.selectRow(row)
        assert table.chosen() == [table.rows.shown[row]]
        assert table.currentIndex().row() == row
