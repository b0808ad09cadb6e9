"""Undo and redo of the page in front: of labels while they are given, of corrected predictions
under Predict, else of the settings."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal

from transfergui.core.base.i18n import _
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


@runtime_checkable
class HasUndo(Protocol):
    """A stage of which a part has an undo of its own: ``undoing``, which is a ``QObject`` with a
    signal ``undo_changed``."""

    undoing: Undoable


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
        stage.built.connect(self._follow)

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self._front().undo_text

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self._front().redo_text

    @property
    def nothing_text(self) -> str:
        """Where other changes are undone than those of the stage in front, as a sentence; empty
        where all are undone here."""
        if self._front() is self._session.undo_stack or self._stage.over is not None:
            return ""
        return _("Only corrections are undone here. Open Data to undo changes of the settings.")

    def undo(self) -> None:
        self._front().undo()

    def redo(self) -> None:
        self._front().redo()

    def _front(self) -> Undoable:
        over = self._stage.over
        if isinstance(over, Undoable):
            return over
        stage = self._stage.current
        return stage.undoing if isinstance(stage, HasUndo) else self._session.undo_stack

    def _follow(self, _key: object, stage: object) -> None:
        """Also a stage tells when something else can be undone."""
        if isinstance(stage, HasUndo):
            stage.undoing.undo_changed.connect(self.changed)  # type: ignore[attr-defined]
        self.changed.emit()
