"""Runs are deleted into the trash, and brought back."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.places import assignment as assignments
from transfergui.core.runs.run import Run
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.message_bar import MessageBar

T = TypeVar("T")


class RunTrash(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        bar: where it is said what was deleted, with a way back.
        changed: called when runs are gone, or there again.
        failed: called with why a run could not be moved.
    """

    def __init__(
        self,
        parent: QObject,
        bar: MessageBar,
        changed: Callable[[], object],
        failed: Callable[[UserError], object],
    ) -> None:
        super().__init__(parent)
        self._bar, self._changed = bar, changed
        self._discard = Task(self, _discard_all, self._discarded, failed)
        self._restore = Task(self, _restore_all, self._restored, failed)
        self._trashed: list[Path] = []

    def discard(self, chosen: list[Run]) -> None:
        """Move runs to the trash, and offer to bring them back."""
        self._discard.start(chosen)

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._trashed:
            trashed, self._trashed = self._trashed, []
            self._restore.start(trashed)

    def _discarded(self, found: tuple[list[Path], list[str]]) -> None:
        self._trashed, there = found
        count = len(self._trashed)
        text = ngettext("{count} run was deleted.", "{count} runs were deleted.", count)
        if there:
            text = ngettext(
                "{count} run was deleted. A training on {names} may continue there. Run > Other "
                "computers > Runs there… stops it.",
                "{count} runs were deleted. Trainings on {names} may continue there. Run > Other "
                "computers > Runs there… stops them.",
                count,
            )
        said = text.format(count=count, names=comma_list(there))
        self._bar.show_message(said, "info", _("Undo"), self.undo, passing=True)
        self._changed()

    def _restored(self, _restored: object) -> None:
        self._bar.clear()
        self._changed()


def _discard_all(chosen: list[Run]) -> tuple[list[Path], list[str]]:
    """Where they are now, and on which other computers they are trained."""
    there = {name: None for run in chosen for name in _trained_on(run)}
    return [_moved(run.discard, run.path) for run in chosen], list(there)


def _trained_on(run: Run) -> tuple[str, ...]:
    with contextlib.suppress(UserError):
        assigned = assignments.of(run)
        if assigned is not None and assignments.trains(run):
            return (assigned.place.name,)
    return ()


def _restore_all(trashed: list[Path]) -> list[Run]:
    return [_moved(functools.partial(Run.restore, path), path) for path in trashed]


def _moved(move: Callable[[], T], path: Path) -> T:
    """Raises:
    UserError: ``run.not_moved``: the folder cannot be written.
    """
    try:
        return move()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("run.not_moved", path=str(path), reason=reason) from None
