"""The boxes that are drawn in a picture, one of which is chosen: what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from transfergui.core.base.i18n import N_, _
from transfergui.core.data.boxes import NamedBox, boxes_text, parsed_boxes
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.pictures import shapes
from transfergui.gui.pictures.shapes import Point

REST = 400
"""Milliseconds after the last arrow key at which a move is done: one step of undo."""
DRAW, MOVE, RESIZE = N_("Draw a box"), N_("Move a box"), N_("Resize a box")
DELETE, DUPLICATE, RELABEL = (
    N_("Delete a box"),
    N_("Duplicate a box"),
    N_("Change the class of a box"),
)


@dataclass
class Brush:
    """The class of the next box: the one that was chosen last, in whichever picture."""

    name: str = ""


class DrawnBoxes(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        brush: the class of what is drawn; shared with other pictures.

    Attributes:
        boxes: rounded, and in the order of the data, unless one is in the making.
        marked: the same to be painted.
        names: of all classes.
        number: of the box that is chosen; -1 for none.
        edited: boxes were changed; with what was done, for the Edit menu.
        chosen: another box is chosen.
        changed: something is to be painted anew.
    """

    edited = Signal(str)
    chosen = Signal()
    changed = Signal()

    def __init__(self, parent: QObject, brush: Brush) -> None:
        super().__init__(parent)
        self.boxes: list[NamedBox] = []
        self.marked: list[MarkedBox] = []
        self.names: Sequence[str] = ()
        self.number = -1
        self.brush = brush
        self._unsettled = ""
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.settle)

    def put(self, boxes: Sequence[NamedBox], names: Sequence[str]) -> None:
        """Show these boxes; the one that was chosen stays so, where it is still there."""
        chosen = self.current
        self.names = names
        if list(boxes) != self.boxes:
            self.boxes = list(boxes)
            self.number = self.boxes.index(chosen) if chosen in self.boxes else -1
        self.mark()

    @property
    def current(self) -> NamedBox | None:
        """The box that is chosen."""
        return self.boxes[self.number] if 0 <= self.number < len(self.boxes) else None

    def choose(self, number: int) -> None:
        """Make a box the chosen one; -1 for none. Its class is that of the next one, too."""
        self.settle()
        if number != self.number:
            self.number = number
            if self.current is not None:
                self.brush.name = self.current.name
            self.chosen.emit()
            self.changed.emit()

    def step(self, by: int) -> bool:
        """Choose the next box, or the one before; behind the last one, the first.

        Returns:
            Whether there is any.
        """
        order = shapes.in_reading_order(self.boxes)
        if not order:
            return False
        before = -1 if by > 0 else 0
        at = order.index(self.number) if self.current is not None else before
        self.choose(order[(at + by) % len(order)])
        return True

    # -- edits

    def add(self, box: NamedBox, text: str = DRAW) -> None:
        """Draw a box, and choose it."""
        self.settle()
        self.boxes.append(box)
        self.done(len(self.boxes) - 1, text)

    def duplicate(self, by: Point) -> None:
        """Draw a box of the same size and class so far from the chosen one."""
        self.settle()
        if (box := self.current) is not None:
            there = shapes.moved(box, by)
            back = Point(-by.x, -by.y)
            self.add(there if there != box else shapes.moved(box, back), DUPLICATE)

    def delete(self) -> None:
        """Delete the box that is chosen; the next one is chosen then."""
        self.settle()
        if self.current is not None:
            order = shapes.in_reading_order(self.boxes)
            at = order.index(self.number)
            rest = order[at + 1 :] or order[:at][-1:]
            after = self.boxes[rest[0]] if rest else None
            del self.boxes[self.number]
            self.done(self.boxes.index(after) if after is not None else -1, DELETE)

    def rename(self, name: str) -> None:
        """Give the chosen box a class, which is that of the next one, too."""
        self.settle()
        self.brush.name = name
        if (box := self.current) is not None and box.name != name:
            self.boxes[self.number] = box._replace(name=name)
            self.done(self.number, RELABEL)
        else:
            self.chosen.emit()

    # -- edits in the making

    def begin(self, box: NamedBox) -> None:
        """A new box is in the making."""
        self.boxes.append(box)
        self.number = len(self.boxes) - 1
        self.mark()

    def replace(self, box: NamedBox, settling: str = "") -> None:
        """While the chosen box is moved: only its place is another one.

        Args:
            settling: what is done where nothing follows for a moment; by itself, :meth:`done` is
                called.
        """
        if self._unsettled and self._unsettled != settling:
            self.settle()
        self.boxes[self.number] = box
        self.marked[self.number] = shapes.marked([box], self.names)[0]
        self._unsettled = settling
        if settling:
            self._rest.start()
        self.changed.emit()

    def give_up(self, before: NamedBox | None) -> None:
        """The chosen box is as before; None where it was not there."""
        if before is not None:
            self.boxes[self.number] = before
        else:
            del self.boxes[self.number]
            self.number = -1
        self.mark()

    def settle(self) -> None:
        """What was moved by keys is done."""
        self._rest.stop()
        if self._unsettled:
            text, self._unsettled = self._unsettled, ""
            self.done(self.number, text)

    def done(self, number: int, text: str) -> None:
        """Boxes were changed: round and order them as the data do, and tell it.

        Args:
            number: of the box that is to be the chosen one.
        """
        kept = parsed_boxes(boxes_text([self.boxes[number]])) if number >= 0 else ()
        self.boxes = list(parsed_boxes(boxes_text(self.boxes)))
        self.number = self.boxes.index(kept[0]) if kept else -1
        self.mark()
        self.chosen.emit()
        self.edited.emit(_(text))

    def mark(self) -> None:
        """Boxes, or the names of all classes, are other ones."""
        self.marked = list(shapes.marked(self.boxes, self.names))
        self.changed.emit()
