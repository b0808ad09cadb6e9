"""A table of labels is saved after every change, in the background, the last one for sure."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.labelling.table import LabelTable
from transfergui.gui.base.tasks import Task
from transfergui.gui.labelling import work
from transfergui.gui.labelling.work import Opened


class TableSaver(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        opened: whose table it is.

    Attributes:
        failed: it could not be saved; with the error.
    """

    failed = Signal(object)

    def __init__(self, parent: QObject, opened: Opened) -> None:
        super().__init__(parent)
        self._opened = opened
        self._wanted: LabelTable | None = None
        self._last: LabelTable | None = None
        self._saves = self._newest = 0
        self._writing = threading.Lock()
        self._task = Task(self, self._write, self._on_saved, self._on_failed)

    def save(self, table: LabelTable) -> None:
        """Save a table as soon as the one before is saved."""
        self._wanted = self._last = table
        self._begin()

    def save_now(self) -> None:
        """Save at once what was not saved yet.

        Raises:
            UserError: it cannot be saved, as on a full disk; the next saving tries again.
        """
        if self._last is not None and (self._wanted is not None or self._task.running):
            self._wanted = self._last
            self._saves += 1
            self._write(self._saves, self._last)
            self._wanted = None

    def _begin(self) -> None:
        if self._wanted is not None and not self._task.running:
            table, self._wanted = self._wanted, None
            self._saves += 1
            self._task.start(self._saves, table)

    def _write(self, number: int, table: LabelTable) -> None:
        """In a worker thread; never over a table that was written later."""
        with self._writing:
            if number > self._newest:
                work.save(table, self._opened)
                self._newest = number

    def _on_saved(self, _nothing: object) -> None:
        self._begin()

    def _on_failed(self, error: UserError) -> None:
        if self._wanted is None:
            self._wanted = self._last  # tried again with the next change, and at the end
        self.failed.emit(error)
