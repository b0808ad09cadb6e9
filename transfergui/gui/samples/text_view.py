"""A text, large: the whole of it to read, and what the network makes of it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.heat_colours import FAINT
from transfergui.core.base.i18n import _, ngettext, paragraph
from transfergui.core.interfaces.samples import UNKNOWN, Text
from transfergui.gui.base import style, words
from transfergui.gui.samples.renderers import word_format


class TextView(QWidget):
    """The text can be selected and copied; its tokens stand below it, where they are known."""

    def __init__(self, text: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit(text.text, readOnly=True)
        self.text.setAccessibleName(_("The text"))
        self.text.setExtraSelections(_coloured(self.text, text))
        self.said = QLabel(sentences(text), wordWrap=True)
        self.said.setProperty("role", "warning" if text.unknown or text.cut else "caption")
        self.said.setVisible(bool(text.tokens))
        self.chips = TokenChips(text.pieces)
        below = QWidget()
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(style.INSIDE)
        heading = QLabel(_("What the model reads"))
        heading.setProperty("role", "title")
        inside.addWidget(heading)
        inside.addWidget(self.said)
        inside.addWidget(_scrolled(self.chips), 1)
        below.setVisible(bool(text.tokens))
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(style.BETWEEN)
        parts.addWidget(self.text)
        parts.addWidget(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)


def _coloured(view: QPlainTextEdit, text: Text) -> list[QTextEdit.ExtraSelection]:
    """How much each word speaks for a prediction."""
    found = []
    for start, end, share in text.shares:
        if abs(share) >= FAINT:
            part = QTextEdit.ExtraSelection()
            cursor = QTextCursor(view.document())
            cursor.setPosition(_units(text.text, start))
            cursor.setPosition(_units(text.text, end), QTextCursor.MoveMode.KeepAnchor)
            part.cursor, part.format = cursor, word_format(share)
            found.append(part)
    return found


def _units(text: str, place: int) -> int:
    """A place in a text as Qt counts it: characters beyond the first 65536 are two."""
    return place + sum(ord(character) > 0xFFFF for character in text[:place])


def sentences(text: Text) -> str:
    """How much of a text the network reads, knows, and is not shown, in words."""
    read = len(text.tokens)
    if text.weights:
        told = counted(text)
    else:
        told = ngettext(
            "The model reads one token.", "The model reads {count} tokens, in order.", read
        )
    said = [told.format(count=words.number(read))]
    if text.unknown:
        known = _(
            "{share} % of the tokens are unknown to the model, which treats all of them alike."
        )
        said.append(known.format(share=max(1, round(100 * text.unknown))))
    if text.cut:
        cut = ngettext(
            "The last token does not fit and is not read.",
            "The last {count} tokens do not fit and are not read.",
            text.cut,
        )
        said.append(cut.format(count=words.number(text.cut)))
    return paragraph(said)


def counted(text: Text) -> str:
    """What is shown of a text whose words are only counted; empty of others."""
    if not text.weights:
        return ""
    return _(
        "The model counts words or characters and short sequences of them, and ignores any "
        "other order. The numbers are their weights in this text (TF-IDF)."
    )


class TokenChips(QWidget):
    """Tokens as little boxes that flow with the width; unknown ones are marked."""

    HIGH, BETWEEN, PAD = 22, 4, 6

    def __init__(self, tokens: tuple[str, ...]) -> None:
        super().__init__()
        self._tokens = [_shown(token) for token in tokens]
        self._unknown = [token == UNKNOWN for token in tokens]
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(" ".join(tokens))
        self.setToolTip(_("Tokens that the model does not know are marked with a question mark."))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes(width)
        return boxes[-1].bottom() + 1 if boxes else 0

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(400))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for box, text, unknown in zip(
            self._boxes(self.width()), self._tokens, self._unknown, strict=True
        ):
            if box.intersects(event.rect()):
                painter.setPen(style.colour("warning" if unknown else "border"))
                painter.setBrush(style.colour("sunken"))
                painter.drawRoundedRect(box, 4, 4)
                painter.setPen(style.colour("warning" if unknown else "text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _boxes(self, width: int) -> list[QRect]:
        """Where each stands, row by row."""
        boxes, left, top = [], 0, 0
        for text in self._tokens:
            wide = min(self.fontMetrics().horizontalAdvance(text) + 2 * self.PAD, width - 1)
            if left and left + wide >= width:
                left, top = 0, top + self.HIGH + self.BETWEEN
            boxes.append(QRect(left, top, wide, self.HIGH))
            left += wide + self.BETWEEN
        return boxes


def _shown(token: str) -> str:
    return "?" if token == UNKNOWN else token


def _scrolled(inside: QWidget) -> QScrollArea:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, style.INSIDE, 0)
    layout.addWidget(inside)
    layout.addStretch(1)
    area = QScrollArea(widgetResizable=True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area
