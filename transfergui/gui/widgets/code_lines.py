"""Lines of commands or code under a heading, to be read, selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.i18n import _
from transfergui.gui import desktop, style

MOST = 9
"""Rows that are seen without scrolling."""


class CodeLines(QWidget):
    """Hidden while there are none. Long lines wrap anywhere, so that paths need no scrolling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setTabChangesFocus(True)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setAccessibleName(_("How to use it"))
        self.copy = QPushButton(_("Copy"))
        self.copy.setProperty("role", "link")
        self.copy.setToolTip(_("Copy these lines."))
        self.copy.clicked.connect(lambda: desktop.copy(self.text.toPlainText()))
        title = QLabel(_("How to use it"))
        title.setProperty("role", "caption")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(head)
        layout.addWidget(self.text)
        self.text.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.hide()

    def show_lines(self, lines: Sequence[str]) -> None:
        """Replace what is shown."""
        self.text.setPlainText("\n".join(lines))
        self.setVisible(bool(lines))

    def _fit(self, *_size: object) -> None:
        """As high as the lines are, wrapped."""
        rows = min(MOST, max(1, round(self.text.document().size().height())))
        margin = 2 * round(self.text.document().documentMargin()) + 2 * self.text.frameWidth()
        self.text.setFixedHeight(rows * self.text.fontMetrics().lineSpacing() + margin)
