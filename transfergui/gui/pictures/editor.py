"""A picture with its boxes, and what can be done with them: draw, name, delete."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from transfergui.core.base.i18n import N_, _
from transfergui.core.data.boxes import NamedBox, boxes_text
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.pictures.canvas import BoxCanvas
from transfergui.gui.pictures.class_field import ClassField
from transfergui.gui.pictures.drawn import Brush

EMPTY, UNDECIDED = N_("Mark as without objects"), N_("Mark as not drawn yet")
OBJECT = N_("object")
"""What the first box is called until it has a name."""


class BoxEditor(QWidget):
    """See the module.

    Args:
        data: the picture, uint8 [height, width, 3].
        brush: the class of the next box.
        undecided: whether the picture can be one that nobody has looked at yet.

    Attributes:
        canvas: the picture; ``drawn``: its boxes.
        field: the class.
        empty: whether there is nothing to be found in the picture.
        edited: boxes were changed, or there are none now, or it is not said any more; with the
            text of the boxes, empty where nothing is said, and what was done, for the Edit menu.
    """

    edited = Signal(str, str)

    def __init__(self, data: np.ndarray, brush: Brush, undecided: bool = False) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._undecided = undecided
        self.canvas = BoxCanvas(data, brush)
        self.drawn = self.canvas.drawn
        self.field = ClassField()
        self.empty = QCheckBox(_("No objects"))
        self.new = self._button(_("New box"), self.canvas.new_box, _("Draw a box (N)."))
        text = _("Draw the same box again beside it (Ctrl+D).")
        self.again = self._button(_("Duplicate"), self.canvas.duplicate, text)
        text = _("Delete the selected box (Delete).")
        self.delete = self._button(_("Delete box"), self.drawn.delete, text)
        self._build()
        self.drawn.edited.connect(self._tell)
        self.drawn.chosen.connect(self._follow)
        self.canvas.class_asked.connect(self._take_key)
        self.canvas.name_asked.connect(self.field.ask)
        self.field.taken.connect(self.name_box)
        self.empty.clicked.connect(self._mark_empty)

    def put(self, boxes: Sequence[NamedBox] | None, names: Sequence[str]) -> None:
        """Show boxes.

        Args:
            boxes: None where nobody has looked at the picture yet.
            names: of all classes.
        """
        new = (box.name for box in boxes or ())
        self._names = tuple(dict.fromkeys((*names, *new)))
        brush = self.drawn.brush
        if brush.name not in self._names:
            brush.name = self._names[0] if self._names else _(OBJECT)
        self.drawn.put(boxes or (), self._names)
        with QSignalBlocker(self.empty):
            self.empty.setChecked(boxes is not None and not boxes)
        self._follow()

    def name_box(self, name: str) -> None:
        """Give the chosen box a class, which is that of the next one, too."""
        self._names = self.drawn.names = tuple(dict.fromkeys((*self._names, name)))
        self.drawn.rename(name)
        self._follow()
        self.canvas.setFocus()

    def draw_as(self, name: str) -> None:
        """Give the next box a class; no box is chosen then."""
        self.drawn.choose(-1)
        self._names = self.drawn.names = tuple(dict.fromkeys((*self._names, name)))
        self.drawn.brush.name = name
        self._follow()
        self.canvas.setFocus()

    def ask_for_name(self) -> None:
        """Put the keyboard where the class is typed."""
        self.field.ask()

    def settle(self) -> None:
        """What is in the making is done."""
        self.drawn.settle()

    # -- following

    def _take_key(self, place: int) -> None:
        if place < len(self._names):
            self.name_box(self._names[place])

    def _mark_empty(self, empty: bool) -> None:
        self.drawn.settle()
        if not empty and not self._undecided:  # the only way to say so is to draw a box
            self.empty.setChecked(not self.drawn.boxes)
            return
        text = boxes_text(()) if empty else ""
        self.drawn.put((), self._names)
        self._follow()
        self.edited.emit(text, _(EMPTY) if empty else _(UNDECIDED))

    def _tell(self, what: str) -> None:
        drawn = self.drawn.boxes
        gone = not drawn and self._undecided  # the last one was deleted: nothing is said any more
        unnamed = not self._names
        with QSignalBlocker(self.empty):
            self.empty.setChecked(not drawn and not self._undecided)
        self.edited.emit("" if gone else boxes_text(drawn), what)
        if unnamed and drawn:
            self.field.ask()

    def _follow(self) -> None:
        box = self.drawn.current
        self.field.fill(self._names, box.name if box is not None else self.drawn.brush.name)
        for button in (self.again, self.delete):
            button.setEnabled(box is not None)

    # -- building

    def _build(self) -> None:
        self.empty.setToolTip(
            style.tip(
                _(
                    "There is nothing to find in this picture. The model learns from such "
                    "pictures, too: where it should find nothing."
                )
            )
        )
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for part in (self.field, self.new, self.again, self.delete):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.empty)
        hint = WrappedLabel(role="caption")
        hint.setText(
            _(
                "Drag to draw. Click a box, then drag it or its edges. Tab: next box. Escape, "
                "then Tab: leave the picture. Arrows: move (with Ctrl: farther). Shift+arrows: "
                "resize. 1 to 9: class. N: new. Delete: delete. Ctrl+Z: undo."
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(row)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(hint)
        self.setFocusProxy(self.canvas)
        parts = (self.canvas, self.field, self.new, self.again, self.delete, self.empty)
        for former, later in itertools.pairwise(parts):
            QWidget.setTabOrder(former, later)

    def _button(self, text: str, slot: Callable[[], object], tip: str) -> QWidget:
        button = tool_button(text, tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the picture
        button.clicked.connect(lambda _checked=False: slot())
        return button
