"""What is asked of the desktop: tables on the clipboard hold no formulas."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from transfergui.gui.base import desktop


def test_a_copied_table_has_no_formulas_and_no_cells_of_its_own(qapp: QApplication) -> None:
    desktop.copy_table([["class", "-1.5"], ["=HYPERLINK(1)", "a\tb\nc"], ["@SUM(1)", "\udcff"]])
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["class\t-1.5", "'=HYPERLINK(1)\ta b c", "'@SUM(1)\t\\udcff"]
