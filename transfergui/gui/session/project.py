"""What is open and decided: the data, the recipe, and the plan that both make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import WeightState
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.companion_reader import CompanionReader
from transfergui.gui.session.plan_resolver import PlanResolver
from transfergui.gui.session.states import Say, State, StateMachine


class Project(QObject):
    """See the module. Where the recipe or the data change, the plan follows.

    Args:
        parent: Qt's owner.
        states: of the session.
        say: says something on a panel.
        scanning: returns whether data are scanned at this moment.

    Attributes:
        recipe: all settings.
        weights: where the weights of the modality's networks are, by key, as last looked; empty
            until that is known.
        scanned: what is open, without exclusions and labels.
        dataset: what is open, exclusions and labels applied; None before the first.
        split: of ``dataset``; None where nothing can be learnt from it.
        plan: the recipe resolved; None where it does not fit, then ``plan_error`` says why.
    """

    dataset_changed = Signal(object)  # Dataset; its split is in ``split``
    recipe_changed = Signal(object)  # Recipe
    plan_changed = Signal(object)  # Plan | None
    weights_changed = Signal(object)  # dict[str, WeightState]: weights arrived, or are gone

    def __init__(
        self, parent: QObject, states: StateMachine, say: Say, scanning: Callable[[], bool]
    ) -> None:
        super().__init__(parent)
        self.recipe = Recipe()
        self.weights: Mapping[str, WeightState] = {}
        self.scanned: Dataset | None = None
        self.dataset: Dataset | None = None
        self.split: Split | None = None
        self.plan: Plan | None = None
        self.plan_error: UserError | None = None
        self._fingerprint = ""
        self._states, self._say, self._scanning = states, say, scanning
        self._taken_back = False
        self._look = Task(
            self,
            loading.look,
            self._on_looked,
            lambda error: say("backbone", str(error), "error"),
        )
        self._resolver = PlanResolver(
            self,
            derived=self._on_derived,
            resolved=self._set_plan,
            settled=self._settle_unless_busy,
            broken=self._on_not_derived,
        )

    @property
    def companions(self) -> CompanionReader:
        """The other data that the recipe names."""
        return self._resolver.companions

    @property
    def working_out(self) -> bool:
        """Whether data are divided, or the recipe resolved, at this moment."""
        return self._resolver.running

    # -- data

    def open(self, scanned: Dataset, recipe: Recipe, fingerprint: str) -> None:
        """Work with other data from now on.

        Args:
            scanned: the data, without corrections.
            fingerprint: of them, corrected, when a run was trained on them; empty where no run is
                opened.
        """
        self._fingerprint = fingerprint
        self.scanned = scanned
        self.set_recipe(recipe)
        self._resolver.derive(scanned, self.recipe)

    def reopen(self, reopened: loading.Reopened) -> None:
        """Work with the data and the plan of a run from now on."""
        self._resolver.cancel()
        self.scanned = reopened.scanned
        split = reopened.plan.split
        own = tuple(each for each in split.companions if each.own)
        self._set_data(reopened.dataset, msgspec.structs.replace(split, companions=own))
        self.set_recipe(reopened.recipe)
        self.companions.take(reopened.plan)
        self.dataset_changed.emit(self.dataset)
        self._set_plan(reopened.plan, None)

    def cancel(self) -> None:
        """Work out nothing any more."""
        self._resolver.cancel()
        self._look.cancel()

    def _set_data(self, dataset: Dataset, split: Split | None) -> None:
        self.dataset, self.split = dataset, split
        self._states.rest = State.READY

    def _on_derived(self, derived: loading.Derived) -> None:
        self._set_data(derived.dataset, derived.split)
        self._set_weights(derived.weights)
        if derived.error is not None or not self._taken_back:  # why it was taken back stays
            self._say("dataset", str(derived.error or ""), "error")
        self._taken_back = False
        self._compare_with_run(derived.dataset)
        self.dataset_changed.emit(self.dataset)
        if derived.error is None:
            self._resolve()
        else:
            self._resolver.cancel_resolving()
            self._set_plan(None, derived.error)
        self._settle_unless_busy()

    def _compare_with_run(self, dataset: Dataset) -> None:
        """Tell once where the data of a run are opened and have changed since."""
        before, self._fingerprint = self._fingerprint, ""
        if before and before != dataset.fingerprint:
            text = _("Files were added, removed or changed since this run was trained.")
            self._say("dataset", text, "warning")

    def _on_not_derived(self) -> None:
        """A bug was reported. What was open before stays, but no longer fits the recipe."""
        self._set_plan(None, None)
        self._settle_unless_busy()

    def _settle_unless_busy(self) -> None:
        if not (self._states.training or self._scanning() or self.working_out):
            self._states.settle()

    # -- settings

    def use(self, recipe: Recipe) -> None:
        """Set a recipe for the same data, and work out again what depends on what changed."""
        old = self.recipe
        self.set_recipe(recipe)
        if self.scanned is not None and _division_of(recipe) != _division_of(old):
            self._resolver.derive(self.scanned, self.recipe)
        elif not self._resolver.deriving:
            self._resolve()

    def read_companions_again(self) -> None:
        """Look again for other data, which may be there by now."""
        self.companions.again()
        if not self._resolver.deriving:
            self._resolve()

    def set_recipe(self, recipe: Recipe) -> None:
        moved = _weights_of(recipe) != _weights_of(self.recipe)
        self.recipe = recipe
        if moved:
            self.weights = {}
            self.look_for_weights()
        self.recipe_changed.emit(recipe)

    def take_back(self, recipe: Recipe) -> None:
        """Set the recipe that fits the data again, after another one whose data were not read."""
        self.set_recipe(recipe)
        if self.scanned is not None:
            self._taken_back = True
            self._resolver.derive(self.scanned, recipe)

    def set_but_data(self, recipe: Recipe) -> None:
        """Set a recipe whose data are scanned first."""
        self.set_recipe(msgspec.structs.replace(recipe, data=self.recipe.data))

    def look_for_weights(self) -> None:
        """Look which weights are on this computer (now), and resolve the recipe by that."""
        self._look.start(self.recipe)

    def _on_looked(self, states: Mapping[str, WeightState]) -> None:
        if states != self.weights:
            self._set_weights(states)
            if not self._resolver.deriving:
                self._resolve()

    def _set_weights(self, states: Mapping[str, WeightState]) -> None:
        self.weights = states
        self.weights_changed.emit(states)

    def _resolve(self) -> None:
        self._resolver.resolve(self.recipe, self.split, self.weights)

    def _set_plan(self, plan: Plan | None, error: UserError | None) -> None:
        self.plan, self.plan_error = plan, error
        self.plan_changed.emit(plan)


def _division_of(recipe: Recipe) -> tuple[Any, ...]:
    """What needs a new split when it changes."""
    return recipe.data, recipe.split, recipe.run.seed


def _weights_of(recipe: Recipe) -> tuple[Any, ...]:
    """What weights are looked for, and where."""
    return recipe.modality, recipe.weights_dir
