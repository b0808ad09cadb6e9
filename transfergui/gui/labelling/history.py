"""Changes of a table of labels, with undo: a table is immutable, so what is kept are tables."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from transfergui.core.labelling.table import LabelTable


@dataclass(frozen=True)
class TableEdit:
    """One step of undo: the table on the other side of it, and what it is called."""

    table: LabelTable
    text: str


class TableHistory(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        table: to begin with.

    Attributes:
        table: in force.
    """

    changed = Signal()

    def __init__(self, parent: QObject, table: LabelTable) -> None:
        super().__init__(parent)
        self.table = table
        self._past: list[TableEdit] = []
        self._future: list[TableEdit] = []

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self._past[-1].text if self._past else ""

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self._future[-1].text if self._future else ""

    def change(self, table: LabelTable, text: str) -> None:
        """Put ``table`` in force, with undo; nothing happens where it is the same.

        Args:
            text: what was done, as the Edit menu says it: "Label 3 pictures".
        """
        if table != self.table:
            self._past.append(TableEdit(self.table, text))
            self._future.clear()
            self._use(table)

    def undo(self) -> None:
        """Back to the table before the last change."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Forward again after :meth:`undo`."""
        self._step(self._future, self._past)

    def _step(self, back: list[TableEdit], there: list[TableEdit]) -> None:
        if back:
            edit = back.pop()
            there.append(TableEdit(self.table, edit.text))
            self._use(edit.table)

    def _use(self, table: LabelTable) -> None:
        self.table = table
        self.changed.emit()
