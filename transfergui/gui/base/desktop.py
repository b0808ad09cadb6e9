"""What is asked of the desktop around the window: show a file, open a folder, copy a text."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QProcess, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from transfergui.core.base import paths
from transfergui.core.base.cells import safe
from transfergui.core.base.i18n import _
from transfergui.core.data.file_part import FilePart

ASKED = 1.0
"""Seconds that the system is given to say which program opens something."""


def show_in_folder(path: Path) -> None:
    """Open the file manager at ``path``, the file selected where the system can do so."""
    if sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    elif sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", QDir.toNativeSeparators(str(path))])
    else:
        open_folder(path.parent)


def show_sample(path: Path) -> None:
    """Open the file manager at the file that a sample is in."""
    show_in_folder(FilePart.parse(path).path)


def open_folder(folder: Path) -> None:
    """Open ``folder``, or the nearest folder above it that exists, in the file manager."""
    existing = next((p for p in (folder, *folder.parents) if p.is_dir()), paths.home())
    _open(QUrl.fromLocalFile(str(existing)), str(existing))


def copy(text: str) -> None:
    """Put ``text`` on the clipboard; undecodable bytes of file names are escaped."""
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    QGuiApplication.clipboard().setText(clean)


def copy_table(rows: Iterable[Sequence[str]]) -> None:
    """Put rows on the clipboard as spreadsheets paste them: tabs between, and no formulas."""
    copy("".join("\t".join(map(_in_a_table, row)) + "\n" for row in rows))


def _in_a_table(cell: str) -> str:
    """Tabs and ends of lines within a cell would begin another one."""
    return safe(" ".join(re.split(r"[\t\r\n]+", cell)))


def open_file(path: Path) -> None:
    """Open ``path`` with the program that the system has for it."""
    _open(QUrl.fromLocalFile(str(path)), str(path))


def open_link(address: str) -> None:
    """Open a page of the web in the browser."""
    _open(QUrl(address), address)


def _open(url: QUrl, place: str) -> None:
    """Open ``url``; where the system has no program for it, say where it is, to be copied."""
    if _has_no_program(url) or not QDesktopServices.openUrl(url):
        _say_not_opened(place)


BROWSERS = (
    *("x-www-browser", "www-browser", "firefox", "chromium", "chromium-browser"),
    *("google-chrome", "epiphany", "konqueror", "falkon", "brave-browser", "microsoft-edge"),
)
"""What ``xdg-open`` starts where no program is set."""


def _has_no_program(url: QUrl) -> bool:
    """Whether Linux has no browser or file manager: Qt takes it for done once ``xdg-open`` was
    started, which then ends without a word."""
    asking = shutil.which("xdg-mime")
    if not sys.platform.startswith("linux") or asking is None or os.environ.get("BROWSER"):
        return False
    folder = url.isLocalFile()
    if folder and not Path(url.toLocalFile()).is_dir():
        return False
    kind = "inode/directory" if folder else f"x-scheme-handler/{url.scheme()}"
    try:
        found = subprocess.run(
            [asking, "query", "default", kind], capture_output=True, timeout=ASKED, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return not found.stdout.strip() and not any(map(shutil.which, BROWSERS))


def _say_not_opened(place: str) -> None:
    box = QMessageBox(QApplication.activeWindow())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Information)
    box.setWindowTitle("TransferGUI")
    box.setTextFormat(Qt.TextFormat.PlainText)
    text = _("No program on this computer could open this:\n\n{path}")
    box.setText(text.format(path=paths.shown(place)))
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    copying = box.addButton(_("Copy"), QMessageBox.ButtonRole.ActionRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Close))

    def end() -> None:  # holds the box, which may have no parent
        if box.clickedButton() is copying:
            copy(place)

    box.finished.connect(end)
    box.open()
