"""Other data beside those that are learnt: read in a task, and kept while nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from transfergui.core.app import companions
from transfergui.core.app.companions import Memory, Reading
from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import Companion, Place
from transfergui.core.interfaces.plan import Plan
from transfergui.gui.base.tasks import Task


class CompanionReader(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        read: called with a plan that has its other data, or with why there is none; and whether
            that was found in a task.
        broken: called after a bug.

    Attributes:
        companions: what was read, by place.
        errors: why other data cannot be used, by place.
        plan: by which they are read, maybe of another strategy than the chosen one.
        counts: while they are read: how many samples were looked at, by place.
    """

    changed = Signal()

    def __init__(
        self,
        parent: QObject,
        read: Callable[[Plan | None, UserError | None, bool], object],
        broken: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.companions: Mapping[Place, Companion] = {}
        self.errors: Mapping[Place, UserError] = {}
        self.counts: dict[Place, int] = {}
        self._tell = read
        self._memory: Memory = {}
        self._found = Reading((), {})
        self._known: tuple[Any, ...] = ()
        self.plan: Plan | None = None
        self._lacking: UserError | None = None
        self._task = Task(self, _read, self._on_read, progress=self._on_progress, broken=broken)

    @property
    def running(self) -> bool:
        return self._task.running

    def complete(self, plan: Plan, lacking: UserError | None = None) -> None:
        """Give out ``plan`` with the other data that it names: at once where they are known.

        Args:
            lacking: why the strategy cannot work; they are read all the same, by the plan of
                another strategy, and this is given out in its place.
        """
        self.plan, self._lacking = plan, lacking
        known = _key(plan)
        if plan.recipe.companions.places() and not _same(known, self._known):
            self._begin(plan, known)
            return
        self._task.cancel()
        if not plan.recipe.companions.places():
            self._show(Reading(plan.split.companions, {}), ())  # groups of one's own data
        self._give(in_task=False)

    def again(self) -> None:
        """Read everything from the disk the next time, as it may have changed there."""
        self._memory = {}
        self._known = ()

    def take(self, plan: Plan) -> None:
        """``plan`` has its other data: those of a run."""
        self._task.cancel()
        self.plan, self._lacking = plan, None
        self._show(Reading(plan.split.companions, {}), ())

    def cancel(self) -> None:
        self._task.cancel()

    def _begin(self, plan: Plan, known: tuple[Any, ...]) -> None:
        self._wanted = known
        self.counts = {}
        self._task.start(plan, self._memory)
        self.changed.emit()

    def _on_progress(self, told: tuple[Place, int]) -> None:
        place, count = told
        self.counts[place] = count
        self.changed.emit()

    def _on_read(self, found: Reading) -> None:
        self._show(found, self._wanted)
        self._give(in_task=True)

    def _show(self, found: Reading, known: tuple[Any, ...]) -> None:
        self._found, self._known = found, known
        self.companions = {each.place: each for each in found.companions}
        self.errors = found.errors
        self.counts = {}
        self.changed.emit()

    def _give(self, in_task: bool) -> None:
        plan = self.plan
        assert plan is not None
        error = self._lacking
        if error is None:
            error = companions.obstacle(plan, self._found)
        if error is None and (self._found.companions or self._found.errors):
            plan = companions.without(plan, self._found.errors)
            plan = companions.joined(plan, self._found.companions)
        self._tell(plan if error is None else None, error, in_task)


def _read(plan: Plan, memory: Memory, report: Callable[[tuple[Place, int]], None]) -> Reading:
    return companions.read(plan, lambda place, count: report((place, count)), memory)


def _key(plan: Plan) -> tuple[Any, ...]:
    """All that the other data of a plan depend on."""
    return plan.split, plan.recipe.companions, plan.recipe.data.objective, plan.input


def _same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """The split by identity: comparing a million samples takes long, and it is made anew only
    where something has changed."""
    if len(one) != len(other):
        return False
    return one[0] is other[0] and one[1:] == other[1:]
