"""Corrections of the open data are saved as they are made, and offered when the data are opened.

What was saved before and is neither used nor forgotten stays in the file. Files are read and
written in the background, one after the other. Another window may correct the same data: what it
has saved stays, too.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import corrections
from transfergui.core.data.corrections import Correction, Found
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.recipe import Recipe
from transfergui.gui.base.tasks import Task
from transfergui.gui.session.undo_stack import UndoStack


@dataclass(frozen=True)
class _Job:
    """Work in a worker thread, and what is done with its result."""

    work: Callable[[], Any]
    done: Callable[[Any], object]


class SavedCorrections(QObject):
    """The corrections that are kept for the data that are open.

    Args:
        parent: Qt's owner.
        undo_stack: of the recipe in which corrections are in force.
        in_force: returns the data options in force.

    Attributes:
        offer: what was saved before and is not in force; its ``usable`` can be used.
        used: what was used without asking, as the data were opened again.
        trouble: why corrections of these data could not be read or written, last; None if they
            could.
    """

    offered = Signal(object)  # Found, whenever ``offer`` is another one
    troubled = Signal(object)  # UserError | None, whenever ``trouble`` is another one
    rested = Signal()  # nothing is read or written any more

    def __init__(
        self, parent: QObject, undo_stack: UndoStack, in_force: Callable[[], DataOptions]
    ) -> None:
        super().__init__(parent)
        self.offer = Found()
        self.used: tuple[Correction, ...] = ()
        self.trouble: UserError | None = None
        self._edits, self._in_force = undo_stack, in_force
        self._scanned: Dataset | None = None
        self._found: Found | None = None
        self._saved: tuple[Correction, ...] = ()
        self._on_disk: tuple[Correction, ...] = ()  # of this window
        self._digests: dict[str, str] = {}
        self._jobs: deque[_Job] = deque()
        self._then: Callable[[Any], object] = _nothing
        self._task = Task(self, _do, self._finish, self._fail, broken=self._go_on)
        self._seen: DataOptions | None = None
        self._at_once = False
        self._earlier: list[DataOptions] = []

    @property
    def idle(self) -> bool:
        """Whether nothing is read or written."""
        return not (self._jobs or self._task.running)

    def follow(self, scanned: Dataset, at_once: bool = False, anew: bool = False) -> None:
        """Other data are open, or the same ones again.

        Args:
            scanned: without corrections.
            at_once: use what is saved for them without asking.
            anew: what was corrected in steps until now, which can be undone, is not in force and
                was not taken back either: it stays saved, and is offered.
        """
        self._earlier = list(self._edits.data_so_far) if anew else []
        self._scanned, self._found = scanned, None
        self._at_once, self.used = at_once, ()
        self._saved, self._on_disk, self._digests = (), (), {}
        self._show(Found())
        self._tell(None)
        done = functools.partial(self._on_found, scanned)
        self._queue(lambda: _find(scanned), done)

    def follow_recipe(self, recipe: Recipe) -> None:
        """Another recipe is in force."""
        if recipe.data is not self._seen:  # thousands of corrections are not compared for a slider
            self._update()

    def use(self) -> None:
        """Apply what is offered, as one step of undo."""
        recipe, usable = self._edits.recipe(), self.offer.usable
        if recipe.data.path != self._in_force().path:
            return  # other data are read at this moment
        data = corrections.applied(recipe.data, usable)
        text = _("Use {amount} from last time").format(amount=corrections.amount(usable))
        self._edits.change(msgspec.structs.replace(recipe, data=data), text)

    def forget(self) -> None:
        """Delete what is offered and what of it cannot be used; what is in force stays saved."""
        if self._found is not None:
            pending = {each.key for each in self.offer.usable}
            usable = tuple(each for each in self._found.usable if each.key not in pending)
            self._found = msgspec.structs.replace(self._found, usable=usable, gone=(), changed=())
            self._update()

    # -- what is saved, and what is offered

    def _on_found(self, scanned: Dataset, result: tuple[Found, UserError | None]) -> None:
        found, error = result
        if scanned is self._scanned:
            self._tell(error)
            self._found, self._saved, self._on_disk = found, found.all, found.all
            self._digests = {each.path: each.digest for each in found.usable}
            self._update()
            if self._at_once and self.offer.usable:
                self.used = self.offer.usable
                self.use()

    def _update(self) -> None:
        if self._found is None or self._scanned is None:
            return
        self._seen = self._in_force()
        pending = self._pending(self._found)
        in_force = corrections.of_options(self._seen).values()
        wanted = corrections.merged(pending.all, in_force)
        if not corrections.same(wanted, self._saved):
            self._saved = wanted
            self._save(self._scanned, pending, wanted)
        self._show(pending)

    def _pending(self, found: Found) -> Found:
        """What of ``found`` no step of undo has touched: it was neither used nor replaced."""
        if not found.all:
            return found
        current = self._in_force()
        recipes = {id(data): data for data in self._edits.data_so_far}
        for data in self._earlier:
            recipes.pop(id(data), None)
        recipes[id(current)] = current
        touched = {
            key
            for data in recipes.values()
            if data.path == current.path
            for key in corrections.keys(data)
        }
        parts = {
            name: tuple(each for each in getattr(found, name) if each.key not in touched)
            for name in ("usable", "gone", "changed")
        }
        return Found(origin=found.origin, **parts)

    def _save(self, scanned: Dataset, pending: Found, wanted: tuple[Correction, ...]) -> None:
        kept = {each.path: each.digest for each in (*pending.gone, *pending.changed)}
        rows = corrections.with_known(wanted, self._digests | kept)
        work = functools.partial(_save, scanned, rows, self._on_disk, pending.origin)
        self._queue(work, functools.partial(self._on_saved, scanned, kept))

    def _on_saved(
        self, scanned: Dataset, kept: dict[str, str], rows: tuple[Correction, ...]
    ) -> None:
        if scanned is self._scanned:
            self._on_disk = rows
            self._digests |= {each.path: each.digest for each in rows if each.path not in kept}
            self._tell(None)

    def _show(self, offer: Found) -> None:
        if offer != self.offer:
            self.offer = offer
            self.offered.emit(offer)

    def _tell(self, error: UserError | None) -> None:
        if error is not self.trouble:
            self.trouble = error
            self.troubled.emit(error)

    # -- one after the other

    def _queue(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._jobs.append(_Job(work, done))
        if not self._task.running:
            self._next()

    def _next(self) -> None:
        job = self._jobs.popleft()
        self._then = job.done
        self._task.start(job.work)

    def _finish(self, result: Any) -> None:
        self._then(result)
        self._go_on()

    def _fail(self, error: UserError) -> None:
        self._tell(error)
        self._go_on()

    def _go_on(self) -> None:
        if self._task.running:
            return
        if self._jobs:
            self._next()
        else:
            self.rested.emit()


def _do(work: Callable[[], Any]) -> Any:
    return work()


def _nothing(_result: object) -> None:
    pass


# -- in a worker thread


def _find(scanned: Dataset) -> tuple[Found, UserError | None]:
    """What is saved; nothing where that cannot be read, and why."""
    try:
        return corrections.find(scanned), None
    except UserError as error:
        return Found(), error


def _save(
    scanned: Dataset,
    rows: tuple[Correction, ...],
    known: tuple[Correction, ...],
    origin: Path | None,
) -> tuple[Correction, ...]:
    """Save, and delete the file of the place where the data were before, if they were moved."""
    saved = corrections.save(scanned, rows, known)
    if origin is not None and origin != corrections.place(scanned.source):
        corrections.forget(origin)
    return saved
