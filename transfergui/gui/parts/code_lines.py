"""Lines of commands or code, each to be read, selected and copied alone."""

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
from transfergui.core.exporters.exporter import UsageLine
from transfergui.gui.base import desktop, style
from transfergui.gui.parts.labels import WrappedLabel


class CodeLines(QWidget):
    """Hidden while there are none. Each is copied alone, without the sentence that explains it.

    Long lines wrap anywhere, so that paths need no scrolling.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(_("How to use it"))
        title.setProperty("role", "caption")
        self.first = WrappedLabel()
        self._lines: list[CodeLine] = []
        self._inside = QVBoxLayout()
        self._inside.setSpacing(style.GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(title)
        layout.addWidget(self.first)
        layout.addLayout(self._inside)
        self.hide()

    def show_lines(self, lines: Sequence[UsageLine], first: str = "") -> None:
        """Replace what is shown.

        Args:
            first: a sentence above them: how one does without.
        """
        for old in self._lines:
            old.hide()
            old.deleteLater()
        self._lines = [CodeLine(line) for line in lines]
        for widget in self._lines:
            self._inside.addWidget(widget)
        self.first.setText(first)
        self.first.setVisible(bool(first))
        self.setVisible(bool(lines))

    def shown(self) -> list[CodeLine]:
        return list(self._lines)


class CodeLine(QWidget):
    """What a line is for, and below it the line itself with a button that copies it."""

    def __init__(self, line: UsageLine) -> None:
        super().__init__()
        what = WrappedLabel(role="caption")
        what.setText(line.what)
        self.text = _Code(line)
        self.copy = QPushButton(_("Copy"))
        self.copy.setProperty("role", "link")
        self.copy.setToolTip(_("Copy this line."))
        self.copy.setAccessibleDescription(line.what)
        self.copy.clicked.connect(lambda: desktop.copy(line.code))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.text, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(what)
        layout.addLayout(row)


class _Code(QPlainTextEdit):
    """As high as its lines are, wrapped at the width that it has."""

    def __init__(self, line: UsageLine) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(line.what)
        self.textChanged.connect(self._fit)
        self.setPlainText(line.code)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        document = self.document()
        blocks = map(document.findBlockByNumber, range(document.blockCount()))
        high = sum(self.blockBoundingRect(block).height() for block in blocks)  # lays them out
        margin = 2 * document.documentMargin() + 2 * self.frameWidth()
        self.setFixedHeight(math.ceil(high + margin) + 1)
