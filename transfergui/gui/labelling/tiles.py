"""The examples that are labelled: thumbnails with the label or the suggestion below each.

Press on a picture and move to drag it onto a class; press beside the pictures and move for a rubber
band.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style, words
from transfergui.gui.samples.thumbnail_delegate import SIDE, ThumbnailDelegate
from transfergui.gui.samples.thumbnails import Thumbnails

MIME = "application/x-transfergui-examples"
"""Marks a drag of examples within the window; which ones are the selected ones."""
ICON, BESIDE = 12, 2
"""Pixels of the sign before a label, and between both."""


@dataclass(frozen=True)
class Said:
    """What stands below an example.

    Attributes:
        text: the label or the suggestion; empty where there is neither.
        share: the confidence of a suggestion.
        icon: of :func:`transfergui.gui.base.style.icon`.
        token: the colour of both.
        name: of the example, which stands below that.
    """

    text: str
    share: str = ""
    icon: str = ""
    token: str = "muted"
    name: str = ""


class _Captions(Mapping[str, str]):
    """What is said of each example, as it is at the moment."""

    def __init__(self, say: Callable[[str], Said]) -> None:
        self._say = say

    def __getitem__(self, path: str) -> str:
        said = self._say(path)
        if not said.text:
            return said.name
        if not said.share:
            return _("{example}: {label}").format(example=said.name, label=said.text)
        text = _("{example}: {label}, suggested ({share})")
        return text.format(example=said.name, label=said.text, share=said.share)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1  # an empty mapping would count as none


class LabelTiles(Thumbnails):
    """The view.

    Attributes:
        accepted, cleared, played: the keys for that were pressed: Enter, Delete, Space.
    """

    accepted = Signal()
    cleared = Signal()
    played = Signal()

    def __init__(self, say: Callable[[str], Said], parent: QWidget | None = None) -> None:
        """``say`` tells what stands below each example."""
        super().__init__(parent)
        self.say = say
        self._captions = _Captions(say)
        self.setItemDelegate(_TileDelegate(self, 2))
        self.setSelectionRectVisible(True)
        self.setAccessibleName(_("Examples to label"))

    def show_paths(self, root: Any, paths: Sequence[str], keep_place: bool) -> None:
        """Show examples, with what is said of each."""
        self.fill(root, paths, keep_place, self._captions)

    @property
    def last_seen(self) -> int:
        """The row behind the last one that is in sight, at least in part."""
        columns = max(1, (self.viewport().width() - 2) // max(1, self.gridSize().width()))
        bottom = self.verticalScrollBar().value() + self.viewport().height()
        return columns * -(-bottom // max(1, self.gridSize().height()))

    def go_to(self, paths: Collection[str]) -> None:
        """Select these, as far as they are shown; the first of them is the current one."""
        wanted = frozenset(paths)
        first = next((path for path in self.paths if path in wanted), None)
        if first is not None:
            self.choose(first)
        self.select_paths(wanted)

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        signal = {
            Qt.Key.Key_Return: self.accepted,
            Qt.Key.Key_Enter: self.accepted,
            Qt.Key.Key_Delete: self.cleared,
            Qt.Key.Key_Backspace: self.cleared,
            Qt.Key.Key_Space: self.played,
        }.get(Qt.Key(event.key()))
        if plain and signal is not None:
            signal.emit()
        elif plain and event.key() == Qt.Key.Key_Escape and self.selected_rows():
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins on a picture, a rubber band beside it."""
        self.setDragEnabled(self._is_on_picture(event.position().toPoint()))
        super().mousePressEvent(event)

    def _is_on_picture(self, place: QPoint) -> bool:
        index = self.indexAt(place)
        return index.isValid() and picture_box(self.visualRect(index)).contains(place)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag what is selected."""
        if chosen := self.selected_rows():
            drag = QDrag(self)
            data = QMimeData()
            data.setData(MIME, b"1")
            drag.setMimeData(data)
            drag.setPixmap(self._dragged(chosen))
            drag.exec(Qt.DropAction.CopyAction)

    def _dragged(self, rows: Sequence[int]) -> QPixmap:
        """The first one, with the number of all."""
        index = self.model().index(rows[0], 0)
        ratio = self.devicePixelRatio()
        box = picture_box(self.visualRect(index))
        pixmap = self.viewport().grab(box)
        if not box.intersects(self.viewport().rect()):
            pixmap = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(style.colour("sunken"))
        if len(rows) > 1:
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(style.font(bold=True))
            text = words.number(len(rows))
            wide = painter.fontMetrics().horizontalAdvance(text) + 2 * style.INSIDE
            badge = QRect(4, 4, max(wide, 24), 24)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("accent"))
            painter.drawRoundedRect(badge, 12, 12)
            painter.setPen(style.colour("on_accent"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
            painter.end()
        return pixmap


def picture_box(cell: QRect) -> QRect:
    """Where the picture is in the cell of a tile."""
    box = QRect(0, cell.top() + style.INSIDE, SIDE, SIDE)
    box.moveLeft(cell.center().x() - SIDE // 2)
    return box


class _TileDelegate(ThumbnailDelegate):
    """A thumbnail with its label, which is certain, or its suggestion, which is not, and its name
    below that."""

    def draw_name(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, name: str, index: Any
    ) -> None:
        view = self.parent()
        assert isinstance(view, LabelTiles)
        said = view.say(view.paths[index.row()])
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if not said.text:
            _draw_name(painter, line, said.name, selected)
            return
        _draw_name(painter, line.translated(0, line.height()), said.name, selected)
        certain = said.token == "success"
        painter.save()
        painter.setFont(style.font(style.SMALL, bold=certain))
        painter.setPen(
            style.colour("on_selected" if selected else "text" if certain else said.token)
        )
        metrics = painter.fontMetrics()
        sign = ICON + BESIDE if said.icon else 0
        share = metrics.horizontalAdvance(f" {said.share}") if said.share else 0
        room = line.width() - sign - share
        text = metrics.elidedText(said.text, Qt.TextElideMode.ElideRight, room)
        if said.share:
            text = f"{text} {said.share}"
        left = line.left() + max(0, line.width() - sign - metrics.horizontalAdvance(text)) // 2
        if said.icon:
            place = QPoint(left, line.center().y() - ICON // 2)
            painter.drawPixmap(place, style.pixmap(said.icon, ICON, said.token))
        box = QRect(left + sign, line.top(), line.right() - left - sign + 1, line.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


def _draw_name(painter: QPainter, line: QRect, name: str, selected: bool) -> None:
    """Names of files often differ in their end only: the middle is left out."""
    painter.save()
    painter.setFont(style.font(style.SMALL))
    painter.setPen(style.colour("on_selected" if selected else "muted"))
    text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
