"""Undo and redo of the page in front: of labels while they are given, else of the settings."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal

from transfergui.gui.session.session import Session
from transfergui.gui.shell.stage import StageTabs


@runtime_checkable
class Undoable(Protocol):
    """A page with an undo of its own."""

    @property
    def undo_text(self) -> str: ...

    @property
    def redo_text(self) -> str: ...

    def undo(self) -> None: ...

    def redo(self) -> None: ...


class UndoCommands(QObject):
    """See the module.

    Attributes:
        changed: something else can be undone now; the session tells of its own changes.
    """

    changed = Signal()

    def __init__(self, session: Session, stage: StageTabs) -> None:
        super().__init__(stage)
        self._session, self._stage = session, stage
        stage.over_changed.connect(self.changed)
        stage.currentChanged.connect(self.changed)

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self._front().undo_text

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self._front().redo_text

    def undo(self) -> None:
        self._front().undo()

    def redo(self) -> None:
        self._front().redo()

    def _front(self) -> Undoable:
        over = self._stage.over
        return over if isinstance(over, Undoable) else self._session.undo_stack
