"""A bug, shown with what happened and the text to copy; it never ends the program.

What the user can mend is a :class:`~transfergui.core.base.errors.UserError` and appears in the
card that it concerns (:mod:`transfergui.gui.parts.message_bar`), never here.
"""

import logging
import platform
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
)

from transfergui import __version__
from transfergui.core.base import memory
from transfergui.core.base.i18n import _

log = logging.getLogger(__name__)


def report_bug(error: BaseException) -> None:
    """Log an unforeseen exception and show it; may be called from any thread.

    That memory ran out is no bug: a sentence says so.
    """
    exhausted = memory.as_user_error(error)
    if exhausted is not None:
        log.warning("%s", "".join(traceback.format_exception(error)))
        _reporter.exhausted.emit(str(exhausted))
        return
    text = "".join(traceback.format_exception(error))
    log.error("%s", text)
    report_text(text)


def report_text(text: str) -> None:
    """Show the traceback of a bug that was caught elsewhere, as in a training."""
    _reporter.reported.emit(text)


def install() -> None:
    """Send exceptions that nobody catches (those of slots) to :func:`report_bug`."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
        else:
            report_bug(error.with_traceback(trace))

    sys.excepthook = hook


def show_bug(details: str) -> None:
    """Open the dialog, or add to the one that is open."""
    if _reporter.dialog is None:
        _reporter.dialog = BugDialog()
        _reporter.dialog.finished.connect(_reporter.closed)
        _reporter.dialog.open()
    _reporter.dialog.add(details)


class BugDialog(QDialog):
    """One sentence, and a text that helps to fix the bug."""

    LIMIT = 20
    """So many bugs are kept; a bug at every mouse move must not fill the memory."""

    def __init__(self) -> None:
        super().__init__(QApplication.activeWindow())
        self.setWindowTitle(_("Error in TransferGUI"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)
        self._bugs: list[str] = []
        sentence = QLabel(
            _(
                "This is a bug in TransferGUI. Your data and your models are unchanged, and you "
                "can continue to work. To help fix the bug, copy the text below and send it to "
                "the people who gave you TransferGUI."
            )
        )
        sentence.setWordWrap(True)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(_("Details of the error"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(_("Copy text"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        for part in (sentence, self.text, buttons):
            layout.addWidget(part)

    def add(self, details: str) -> None:
        """Show one more traceback."""
        if details not in self._bugs and len(self._bugs) < self.LIMIT:
            self._bugs.append(details)
            self.text.setPlainText("\n".join([environment(), *self._bugs]))

    def copy(self) -> None:
        """Put the whole text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def environment() -> str:
    """The versions that a bug report needs, one line."""
    return (
        f"TransferGUI {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.platform()}"
    )


class BugReporter(QObject):
    """Takes reports from any thread into the thread of the window."""

    reported = Signal(object)
    exhausted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.dialog: BugDialog | None = None
        self.box: QMessageBox | None = None
        # queued: a dialog that opened amid a paint event would end the process
        self.reported.connect(self.take, Qt.ConnectionType.QueuedConnection)
        self.exhausted.connect(self.tell, Qt.ConnectionType.QueuedConnection)

    def take(self, text: str) -> None:
        show_bug(text)

    def closed(self) -> None:
        self.dialog = None

    def tell(self, sentence: str) -> None:
        """Show that memory ran out; once while the box is open."""
        if self.box is None:
            self.box = QMessageBox(QApplication.activeWindow())
            self.box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.box.setIcon(QMessageBox.Icon.Warning)
            self.box.setText(sentence)
            self.box.finished.connect(self.box_closed)
            self.box.open()

    def box_closed(self) -> None:
        self.box = None


_reporter = BugReporter()
