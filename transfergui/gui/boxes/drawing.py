"""A folder of pictures in which boxes are drawn: its table, with undo, saved after every change."""

from __future__ import annotations

from collections import Counter

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import box_name
from transfergui.core.data.targets import BOXES, Targets, called
from transfergui.core.labelling import box_table
from transfergui.core.labelling.table import LabelTable
from transfergui.gui.labelling.history import TableHistory
from transfergui.gui.labelling.saving import TableSaver
from transfergui.gui.labelling.work import Opened
from transfergui.gui.pictures.editor import OBJECT


class Drawing(QObject):
    """See the module. Every edit is one step of undo.

    Args:
        parent: Qt's owner.
        opened: what is drawn in.

    Attributes:
        history: of the table.
        trouble: why the boxes could not be saved.
        changed: the table is another one.
        stepped: the same by undo or redo; with the pictures that have other boxes now.
    """

    changed = Signal()
    stepped = Signal(object)
    troubled = Signal()

    def __init__(self, parent: QObject | None, opened: Opened) -> None:
        super().__init__(parent)
        self.opened = opened
        self.history = TableHistory(self, opened.table)
        self.trouble: UserError | None = None
        self._known = frozenset(opened.paths)
        self._saver = TableSaver(self, opened)
        self._saver.failed.connect(self._on_trouble)
        self.history.changed.connect(self._on_changed)

    @property
    def table(self) -> LabelTable:
        return self.history.table

    @property
    def done(self) -> int:
        """In how many pictures boxes were drawn, or in which it was said that there are none."""
        return sum(path in self._known for path in self.table.labels)

    @property
    def boxes(self) -> Counter[str]:
        """How many boxes each class has."""
        return Counter(box_table.counts(self.table))

    def text(self, path: str) -> str:
        """The boxes of a picture; empty where it was not drawn in yet."""
        return self.table.labels.get(path, "")

    # -- edits

    def draw(self, path: str, text: str, what: str) -> None:
        """Other boxes in a picture; ``what`` was done, for the Edit menu.

        The class of a box that was drawn before any class had a name goes with its last box.
        """
        table, unnamed = box_table.with_boxes(self.table, path, text), _(OBJECT)
        if self.boxes[unnamed] and not box_table.counts(table).get(unnamed):
            table = table.without_class(unnamed)
        self.history.change(table, what)

    def add_class(self, name: str) -> None:
        """Offer a class; without a usable name, nothing happens."""
        if name := box_name(name):
            said = _("Add the class “{name}”").format(name=shown(name))
            self.history.change(self.table.with_class(name), said)

    def rename(self, old: str, new: str) -> None:
        """Call a class otherwise, in all boxes; where the other one exists, both become one."""
        meaning, names = Targets(BOXES), {old: box_name(new)}
        labels = {p: called(meaning, text, names) for p, text in self.table.labels.items()}
        classes = tuple(dict.fromkeys(names.get(name, name) for name in self.table.classes))
        text = _("Rename “{name}” to “{new}”").format(name=shown(old), new=shown(names[old]))
        table = msgspec.structs.replace(self.table, labels=labels, classes=classes)
        self.history.change(table, text)

    def remove(self, name: str) -> None:
        """Offer a class without boxes no more; others stay."""
        if name in self.table.classes and not self.boxes[name]:
            text = _("Delete the class “{name}”").format(name=shown(name))
            self.history.change(self.table.without_class(name), text)

    def undo(self) -> None:
        self._step(self.history.undo)

    def redo(self) -> None:
        self._step(self.history.redo)

    def save_now(self) -> None:
        """Save what was not saved yet.

        Raises:
            UserError: the boxes cannot be saved, as on a full disk.
        """
        self._saver.save_now()

    def _step(self, step: object) -> None:
        before = self.table.labels
        assert callable(step)
        step()
        after = self.table.labels
        paths = before.keys() | after.keys()
        self.stepped.emit(sorted(p for p in paths if before.get(p) != after.get(p)))

    def _on_changed(self) -> None:
        self._saver.save(self.table)
        self.changed.emit()

    def _on_trouble(self, error: UserError) -> None:
        self.trouble = error
        self.troubled.emit()
