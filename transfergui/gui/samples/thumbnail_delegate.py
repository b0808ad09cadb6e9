"""How a thumbnail is painted: the picture and its boxes, a mark in the corner, the name below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.base import style
from transfergui.gui.pictures import box_painter

SIDE = 112
"""Thumbnails fit into a square of this many device-independent pixels."""
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
"""Of the name of a file."""

THUMBNAIL = Qt.ItemDataRole.UserRole + 1
MARK = Qt.ItemDataRole.UserRole + 2
"""The :class:`Mark` of a sample, or None."""
BOXES = Qt.ItemDataRole.UserRole + 3
"""The boxes that are drawn in a sample."""
BADGE = 22
"""Pixels of the disc in the corner of a thumbnail that is marked."""


@dataclass(frozen=True)
class Mark:
    """A sign in the corner of a thumbnail, and the sentence that explains it on hover."""

    icon: str
    sentence: str


class ThumbnailDelegate(QStyledItemDelegate):
    """The thumbnail above its name; a quiet square until it is decoded."""

    def __init__(self, parent: QWidget, lines: int) -> None:
        super().__init__(parent)
        self._lines = lines

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        pad = 2 * style.INSIDE
        words = self._lines * option.fontMetrics.height()
        return QSize(SIDE + pad, SIDE + pad + words + style.GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        if option.state & QStyle.StateFlag.State_HasFocus:
            _draw_focus(painter, option.rect)
        box = QRect(0, option.rect.top() + style.INSIDE, SIDE, SIDE)
        box.moveLeft(option.rect.center().x() - SIDE // 2)
        found = index.data(THUMBNAIL)
        _draw_thumbnail(painter, option, box, found, index.data(BOXES) or ())
        if mark := index.data(MARK):
            _draw_mark(painter, box, mark)
        line = QRect(option.rect.left() + 1, box.bottom() + style.GAP, option.rect.width() - 2, 0)
        line.setHeight(option.fontMetrics.height())
        self.draw_name(painter, option, line, name, index)

    def draw_name(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, name: str, index: Any
    ) -> None:
        """Write the name below the thumbnail; ``line`` is the first line for it."""
        _draw_name(painter, option, line, name)

    def helpEvent(self, event: Any, view: Any, option: Any, index: Any) -> bool:
        """The tool tip says why a file could not be shown."""
        trouble = index.data(THUMBNAIL) if index.isValid() else None
        if event.type() == QEvent.Type.ToolTip and isinstance(trouble, str):
            name = index.data(Qt.ItemDataRole.ToolTipRole)
            QToolTip.showText(event.globalPos(), style.tip(f"{name}: {trouble}"), view)
            return True
        return super().helpEvent(event, view, option, index)


def _draw_thumbnail(
    painter: QPainter,
    option: QStyleOptionViewItem,
    box: QRect,
    found: QImage | str | None,
    boxes: Sequence[MarkedBox],
) -> None:
    if isinstance(found, QImage):
        size = found.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(), size)
        place.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, found)
        box_painter.draw(painter, QRectF(place), boxes, small=True)
        return
    colour = QColor(option.palette.text().color())
    colour.setAlphaF(0.06)
    painter.fillRect(box, colour)
    if isinstance(found, str):
        painter.setPen(option.palette.placeholderText().color())
        inside = box.adjusted(6, 6, -6, -6)
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, found)


def _draw_focus(painter: QPainter, cell: QRect) -> None:
    """Where the keyboard is: it may be on a sample that is not selected."""
    painter.save()
    painter.setPen(QColor(style.tokens().accent))
    painter.drawRect(cell.adjusted(0, 0, -1, -1))
    painter.restore()


def _draw_mark(painter: QPainter, box: QRect, mark: Mark) -> None:
    """A disc with an icon, so that it is seen without colours and on any picture."""
    disc = QRect(box.right() - BADGE - 2, box.top() + 3, BADGE, BADGE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(style.tokens().border))
    painter.setBrush(QColor(style.tokens().surface))
    painter.drawEllipse(disc)
    side = BADGE - 8
    place = QRect(0, 0, side, side)
    place.moveCenter(disc.center())
    painter.drawPixmap(place, style.pixmap(mark.icon, 16))
    painter.restore()


def _draw_name(painter: QPainter, option: QStyleOptionViewItem, line: QRect, name: str) -> None:
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    palette = option.palette
    painter.setPen((palette.highlightedText() if selected else palette.text()).color())
    lines = name.splitlines()
    # names of files differ at the end; of several lines, each begins with what matters
    dots = Qt.TextElideMode.ElideMiddle if len(lines) < 2 else Qt.TextElideMode.ElideRight
    for part in lines:
        fits = option.fontMetrics.horizontalAdvance(part) <= line.width()
        said = part if fits else ENDING.sub("", part)  # the name tells more than the kind of file
        text = option.fontMetrics.elidedText(said, dots, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, text)
        line.translate(0, line.height())
