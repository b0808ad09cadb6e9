"""All classes at once: a tile for each, with some of its samples, its name and how many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.base.words import Noun
from transfergui.gui.samples.thumbnails import ThumbnailCache

ACROSS, DOWN, MOST_DOWN = 3, 2, 4
"""Samples on a tile at least, and in how many rows at most, where there are few classes."""
LEAST, MOST = 76, 112
"""Pixels of one of them; they fill the width of the tile."""
BETWEEN = 3
PAD = 10
AROUND = 3 * PAD
"""Pixels beside the samples of a tile, half a PAD of which is between tiles."""
LINE = 24
"""Pixels of its words."""
EXAMPLES = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2


class TileGrid(NamedTuple):
    """How many samples stand on a tile, and the side of one of them in pixels."""

    across: int
    down: int
    side: int


class ClassTiles(QListView):
    """The view; a click or Enter opens a class.

    Args:
        cache: of the thumbnails, shared with the view of a single class.

    Attributes:
        grid: of the samples on each tile.
    """

    opened = Signal(object)
    """Number of a class."""

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _TileModel(cache, self)
        self.grid = TileGrid(ACROSS, DOWN, LEAST)
        self.setModel(self._model)
        self.setItemDelegate(_TileDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))
        self.activated.connect(lambda index: self.opened.emit(index.row()))
        cache.loaded.connect(lambda _path: self.viewport().update())
        cache.forgotten.connect(lambda: self.viewport().update())

    def fill(
        self, root: Path, names: Sequence[str], paths: Sequence[Sequence[str]], noun: Noun
    ) -> None:
        """Show classes with their samples, relative to ``root``."""
        row = self.currentIndex().row()
        self._model.fill(root, names, paths, noun)
        self._share()
        if 0 <= row < len(names):
            self.setCurrentIndex(self._model.index(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among as many columns as fit."""
        self._share()
        super().resizeEvent(event)

    def _share(self) -> None:
        """Fewer classes get larger tiles, with more samples."""
        inside, count = self.maximumViewportSize(), max(1, self._model.rowCount())
        bar = self.verticalScrollBar().sizeHint().width()  # whether or not it is shown now
        room = inside.width() - bar - 2
        columns = max(1, min(count, room // (ACROSS * (LEAST + BETWEEN) - BETWEEN + AROUND)))
        width = room // columns
        across = max(ACROSS, math.ceil((width - AROUND) / (MOST + BETWEEN)))
        side = (width - AROUND - (across - 1) * BETWEEN) // across
        high = inside.height() // math.ceil(count / columns) - AROUND - LINE
        down = max(DOWN, min(MOST_DOWN, high // (side + BETWEEN)))
        self.grid = TileGrid(across, down, side)
        self._model.examples = across * down
        self.setGridSize(QSize(width, down * (side + BETWEEN) + AROUND + LINE))


class _TileModel(QAbstractListModel):
    def __init__(self, cache: ThumbnailCache, parent: QWidget) -> None:
        super().__init__(parent)
        self._cache = cache
        self.examples = ACROSS * DOWN
        self._root = Path()
        self._names: Sequence[str] = ()
        self._paths: Sequence[Sequence[str]] = ()
        self._noun = Noun("", "")

    def fill(
        self, root: Path, names: Sequence[str], paths: Sequence[Sequence[str]], noun: Noun
    ) -> None:
        self.beginResetModel()
        self._root, self._names, self._paths, self._noun = root, names, paths, noun
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        row = index.row()
        name, amount = shown(self._names[row]), self._noun.amount(len(self._paths[row]))
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name}: {amount}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return style.tip(f"{name}: {amount}")
        if role == COUNT:
            return amount
        return self._examples(self._paths[row]) if role == EXAMPLES else None

    def _examples(self, paths: Sequence[str]) -> list[QImage | None]:
        """Of some samples, from all over the class, their images; None while they are not there."""
        count = min(self.examples, len(paths))
        chosen = (paths[number * len(paths) // count] for number in range(count))
        found = (self._cache.get(self._root / path) for path in chosen)
        return [each if isinstance(each, QImage) else None for each in found]


class _TileDelegate(QStyledItemDelegate):
    """The samples side by side, filling squares; their name and count below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return self._view.gridSize()

    @property
    def _view(self) -> ClassTiles:
        view = self.parent()
        assert isinstance(view, ClassTiles)
        return view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        self.initStyleOption(option, index)
        state = QStyle.StateFlag
        chosen = bool(option.state & state.State_HasFocus)
        over = bool(option.state & state.State_MouseOver)
        painter.save()
        painter.setRenderHints(
            painter.RenderHint.Antialiasing | painter.RenderHint.SmoothPixmapTransform
        )
        card = QRectF(option.rect).adjusted(PAD / 2, PAD / 2, -PAD / 2, -PAD / 2)
        line = "accent" if chosen else "muted" if over else "border"
        painter.setPen(QPen(style.colour(line), 2 if chosen else 1))
        painter.setBrush(style.colour("surface"))
        painter.drawRoundedRect(card, style.RADIUS, style.RADIUS)
        inside = card.toRect().adjusted(PAD, PAD, -PAD, -PAD)
        across_all, _down, side = self._view.grid
        for number, image in enumerate(index.data(EXAMPLES)):
            down, across = divmod(number, across_all)
            corner = QPoint(across * (side + BETWEEN), down * (side + BETWEEN))
            _draw_square(painter, QRect(inside.topLeft() + corner, QSize(side, side)), image)
        words = QRect(inside.left(), inside.bottom() - 18, inside.width(), 20)
        _write(painter, words, option.text, index.data(COUNT))
        painter.restore()


def _draw_square(painter: QPainter, place: QRect, image: QImage | None) -> None:
    """The middle of an image; a quiet square while there is none."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(place), 4, 4)
    painter.fillPath(path, style.colour("sunken"))
    if image is not None:
        side = min(image.width(), image.height())
        middle = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        painter.save()
        painter.setClipPath(path)
        painter.drawImage(place, image, middle)
        painter.restore()


def _write(painter: QPainter, box: QRect, name: str, amount: str) -> None:
    painter.setFont(style.font(style.SMALL))
    painter.setPen(style.colour("muted"))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, right, amount)
    taken = painter.fontMetrics().horizontalAdvance(amount) + style.INSIDE
    painter.setFont(style.font(bold=True))
    painter.setPen(style.colour("text"))
    room = box.adjusted(0, 0, -taken, 0)
    elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, elided)
