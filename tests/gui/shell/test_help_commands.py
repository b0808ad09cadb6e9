"""What is explained of the widget that has the focus."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from transfergui.gui.shell.help_commands import explanation


def test_a_field_and_the_column_of_a_table_are_explained(qtbot: QtBot) -> None:
    field, table = QLineEdit(), QTableView()
    for widget in (field, table):
        qtbot.addWidget(widget)
    assert explanation(field) == ""
    field.setWhatsThis("How fast it learns.")
    assert explanation(field) == "How fast it learns."
    model = QStandardItemModel(1, 2, table)
    heading = QStandardItem("Recall")
    heading.setWhatsThis("How many were found.")
    model.setHorizontalHeaderItem(1, heading)
    table.setModel(model)
    table.setCurrentIndex(model.index(0, 1))
    assert explanation(table) == "How many were found."
    model.setHeaderData(1, Qt.Orientation.Horizontal, "", Qt.ItemDataRole.WhatsThisRole)
    assert explanation(table) == ""
