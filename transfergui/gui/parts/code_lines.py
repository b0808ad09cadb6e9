"""Lines of commands or code under a heading, to be read, selected and copied."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.gui.base import desktop, style


class CodeLines(QWidget):
    """Hidden while there are none. Long lines wrap anywhere, so that paths need no scrolling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _Code()
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
        self.hide()

    def show_lines(self, lines: Sequence[str]) -> None:
        """Replace what is shown."""
        self.text.setPlainText("\n".join(lines))
        self.setVisible(bool(lines))


class _Code(QPlainTextEdit):
    """As high as its lines are, wrapped at the width that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("How to use it"))
        self.textChanged.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        document = self.document()
        blocks = map(document.findBlockByNumber, range(document.blockCount()))
        high = sum(self.blockBoundingRect(block).height() for block in blocks)  # lays them out
        margin = 2 * document.documentMargin() + 2 * self.frameWidth()
        self.setFixedHeight(math.ceil(high + margin) + 1)
