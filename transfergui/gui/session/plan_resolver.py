"""From scanned data and a recipe to a plan with its other data, in tasks where that takes long."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import WeightState
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import for_strategy, resolve
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.companion_reader import CompanionReader

Found = tuple[Plan, UserError | None]
"""A plan, and why the strategy cannot work where the plan is that of another one."""
Resolved = Callable[[Plan | None, UserError | None], object]


class PlanResolver(QObject):
    """Corrects and divides data, and resolves recipes; see the module.

    Args:
        parent: Qt's owner.
        derived: called with :class:`~transfergui.gui.session.loading.Derived`.
        resolved: called with a plan, or with why there is none.
        settled: called when a task has ended with a plan, or with none.
        broken: called after a bug.

    Attributes:
        companions: the other data that the recipe names.
    """

    def __init__(
        self,
        parent: QObject,
        *,
        derived: Callable[[loading.Derived], object],
        resolved: Resolved,
        settled: Callable[[], object],
        broken: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._resolved, self._settled = resolved, settled
        self._derive = Task(self, loading.derive, derived, broken=broken)
        self._resolve = Task(
            self, _resolved, self._on_resolved, self._on_not_resolved, broken=broken
        )
        self.companions = CompanionReader(self, self._on_completed, broken)

    @property
    def deriving(self) -> bool:
        """Whether data are corrected and divided at this moment."""
        return self._derive.running

    @property
    def running(self) -> bool:
        return self._derive.running or self._resolve.running or self.companions.running

    def derive(self, scanned: Dataset, recipe: Recipe) -> None:
        """Correct and divide ``scanned``; a plan for a split that is replaced is dropped."""
        self.cancel_resolving()
        self._derive.start(scanned, recipe)

    def resolve(
        self, recipe: Recipe, split: Split | None, weights: Mapping[str, WeightState]
    ) -> None:
        """Resolve the recipe: at once, or in a task where files that it names must be read."""
        self.cancel_resolving()
        if split is None:
            return
        if loading.names_files(recipe):
            self._resolve.start(recipe, split, weights)
            return
        try:
            found = _resolved(recipe, split, weights)
        except UserError as error:
            self._resolved(None, error)
        else:
            self.companions.complete(*found)

    def cancel_resolving(self) -> None:
        self._resolve.cancel()
        self.companions.cancel()

    def cancel(self) -> None:
        self._derive.cancel()
        self.cancel_resolving()

    def _on_resolved(self, found: Found) -> None:
        self.companions.complete(*found)
        if not self.companions.running:
            self._settled()

    def _on_completed(self, plan: Plan | None, error: UserError | None, in_task: bool) -> None:
        self._resolved(plan, error)
        if in_task:
            self._settled()

    def _on_not_resolved(self, error: UserError) -> None:
        self._resolved(None, error)
        self._settled()


def _resolved(recipe: Recipe, split: Split, weights: Mapping[str, WeightState]) -> Found:
    """The plan of ``recipe``. Where its strategy cannot work, say because other data are lacking,
    that of the proposed strategy: the other data that are there are read by it.

    Raises:
        UserError: the recipe does not fit with that strategy either.
    """
    try:
        return resolve(recipe, split, weights), None
    except UserError as error:
        plain = for_strategy(recipe, Recipe().strategy)
        if plain == recipe:
            raise
        try:
            return resolve(plain, split, weights), error
        except UserError:
            raise error from None
