"""What is asked of the desktop: tables on the clipboard hold no formulas."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from transfergui.gui.base import desktop


def test_a_copied_table_has_no_formulas_and_no_cells_of_its_own(qapp: QApplication) -> None:
    desktop.copy_table([["class", "-1.5"], ["=HYPERLINK(1)", "a\tb\nc"], ["@SUM(1)", "\udcff"]])
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["class\t-1.5", "'=HYPERLINK(1)\ta b c", "'@SUM(1)\t\\udcff"]


def test_what_cannot_be_opened_is_said_and_can_be_copied(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    desktop.open_file(tmp_path / "report.html")
    (box,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
    assert str(tmp_path / "report.html") in box.text()
    next(button for button in box.buttons() if button.text() == "Copy").click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "report.html")


def test_a_link_without_any_browser_is_said(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``xdg-open`` starts, and ends without a word."""
    asked = tmp_path / "xdg-mime"
    asked.write_text("#!/bin/sh\n")
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    link = QUrl("https://example.org")
    assert desktop._has_no_program(link)
    asked.write_text("#!/bin/sh\necho firefox.desktop\n")
    assert not desktop._has_no_program(link)
    asked.unlink()
    assert not desktop._has_no_program(link)  # nobody to ask
