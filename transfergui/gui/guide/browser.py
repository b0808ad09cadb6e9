"""Shows one page of the guide: a column of readable width, pictures that fit, hits marked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.guide import render

LEAST = 24
"""Pixels at the least beside the text."""


class GuideBrowser(QTextBrowser):
    """See the module.

    Attributes:
        wanted: a link was followed; with its target as it stands in the page.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName(_("Page of the guide"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.anchorClicked.connect(lambda url: self.wanted.emit(url.toString()))
        self._folder = Path()
        self._hits: list[QTextCursor] = []
        self._at = -1

    def show_page(self, body: str, folder: Path) -> None:
        """Show HTML whose pictures are looked for in ``folder``."""
        self._folder = folder
        self._hits, self._at = [], -1
        document = self.document()
        document.setDefaultFont(style.font(render.TEXT))
        document.setDefaultStyleSheet(render.css(style.tokens()))
        self.setHtml(body)
        self._centre()

    # -- hits of a search

    def mark(self, words: list[str]) -> int:
        """Mark where words occur, go to the first one, and return how many there are."""
        self._hits, self._at = [], -1
        for word in words:
            cursor = self.document().find(word)
            while not cursor.isNull():
                self._hits.append(cursor)
                cursor = self.document().find(word, cursor)
        self._hits.sort(key=QTextCursor.selectionStart)
        self.step(1)
        return len(self._hits)

    def step(self, by: int) -> None:
        """Go to the next hit, or with -1 to the one before."""
        if self._hits:
            self._at = (self._at + by) % len(self._hits)
            cursor = QTextCursor(self._hits[self._at])
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        self._draw_hits()

    def _draw_hits(self) -> None:
        drawn = []
        for at, cursor in enumerate(self._hits):
            shape = QTextCharFormat()
            now = at == self._at
            tokens = style.tokens()
            shape.setBackground(QColor(tokens.accent if now else tokens.selected))
            shape.setForeground(QColor(tokens.on_accent if now else tokens.on_selected))
            mark = QTextEdit.ExtraSelection()
            mark.cursor, mark.format = cursor, shape
            drawn.append(mark)
        self.setExtraSelections(drawn)

    # -- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._centre()

    def _centre(self) -> None:
        """Keep the text to a readable width, in the middle of what there is."""
        beside = max(LEAST, (self.viewport().width() - render.COLUMN) // 2)
        frame = self.document().rootFrame()
        shape = frame.frameFormat()
        if (shape.leftMargin(), shape.rightMargin()) != (beside, beside):
            shape.setLeftMargin(beside)
            shape.setRightMargin(beside)
            shape.setTopMargin(style.AROUND)
            shape.setBottomMargin(2 * style.AROUND)
            frame.setFrameFormat(shape)

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        """A picture beside the page, smoothly made as small as it is shown."""
        file = (self._folder / QUrl(url).toString()).resolve()
        if kind != QTextDocument.ResourceType.ImageResource.value or not file.is_file():
            return super().loadResource(kind, url)
        image = QImage(str(file))
        ratio = self.devicePixelRatioF()
        wide = round(render.COLUMN * ratio)
        if image.width() > wide:
            image = image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(image.width() / render.COLUMN)
        return image

    def dress(self) -> None:
        """Take the colours in force."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, style.colour("surface"))
        self.setPalette(palette)
