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


def test_the_first_rows_are_shown_in_any_order_and_all_are_copied(qtbot: QtBot):
    table = ResultTable([Column("Number", str, key=int)])
    qtbot.addWidget(table)
    table.rows.fill(range(5))
    table.show_first(3)

    def seen() -> list[object]:
        return [table.rows.index(row, 0).data() for row in range(table.rows.rowCount())]

    assert seen() == ["0", "1", "2"]
    table.selectRow(0)
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert seen() == ["4", "3", "2"]
    assert table.chosen() == []  # 0 is out of sight
    table.rows.append([5, 6])
    assert len(seen()) == 3
    table.copy()
    assert QGuiApplication.clipboard().text().split() == [
        "Number",
        "4",
        "3",
        "2",
        "1",
        "0",
        "5",
        "6",
    ]
    table.show_first(6)
    assert seen() == ["4", "3", "2", "1", "0", "5"]
    table.show_first(9)
    table.rows.append([7, 8, 9])
    assert seen() == ["4", "3", "2", "1", "0", "5", "6", "7", "8"]
