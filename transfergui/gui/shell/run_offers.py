"""Offers about runs: to resume the last one, and to open the data of the one that is shown."""

from __future__ import annotations

import contextlib
import functools

from PySide6.QtCore import QObject

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.data import corrections
from transfergui.core.places.assignment import goes_on, is_elsewhere, place_of
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, list_runs
from transfergui.gui.base import tasks
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session import loading
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

LOOKED_AT = 100
"""Runs among which those are looked for that go on elsewhere."""


class RunOffers(QObject):
    """See the module.

    Args:
        data, training: the bars on which is offered to open data, and to resume.
    """

    def __init__(
        self, parent: QObject, session: Session, data: MessageBar, training: MessageBar
    ) -> None:
        super().__init__(parent)
        self._session, self._data, self._training = session, data, training
        session.run_shown.connect(self._look_for_settings)
        session.project_file.opened.connect(self._look_elsewhere)

    def look_for_unfinished(self) -> None:
        """Offer to resume the last run if it was interrupted."""
        tasks.run(self, _unfinished, self._offer_to_resume)

    def _look_elsewhere(self, _project: object) -> None:
        """Offer to follow what goes on elsewhere, where the program was started by a project."""
        tasks.run(self, _going_on_elsewhere, self._offer_to_resume)

    def offer_again(self) -> None:
        """What was offered in a window in another language."""
        self.look_for_unfinished()
        if self._session.run is not None:
            self._look_for_settings(self._session.run)

    def _offer_to_resume(self, found: tuple[Run, bool] | None) -> None:
        if found is None or self._session.training:
            return
        run, goes_on_there = found
        resume = functools.partial(
            self._session.resume, run, panel="training", only_follow=goes_on_there
        )
        if not goes_on_there:
            text = _("The run “{name}” was interrupted. Resume continues from the last checkpoint.")
            if is_elsewhere(run):
                text = _("The run “{name}” has no result yet. Resume trains it on {host}.")
            named = text.format(name=shown(run.path.name), host=shown(place_of(run)))
            self._training.show_message(named, action=_("Resume"), do=resume)
        elif self._session.state is State.EMPTY:
            resume()  # the program was closed meanwhile
        else:
            text = _("The run “{name}” is trained on {host}.")
            named = text.format(name=shown(run.path.name), host=shown(place_of(run)))
            self._training.show_message(named, action=_("Follow"), do=resume)

    def _look_for_settings(self, run: Run) -> None:
        """Offer to open the data of a run that is shown, with its settings and corrections; not
        where a project shows it that was opened with its own."""
        came_with = self._session.project_file.came_with
        if came_with is not None:
            self._session.project_file.came_with = None
            if came_with == run.path:
                return
        offer = functools.partial(self._offer_settings, run)
        tasks.run(
            self,
            functools.partial(loading.settings_of, run),
            offer,
            lambda error: self._data.show_message(str(error), passing=True),
        )

    def _offer_settings(self, run: Run, settings: loading.RunSettings) -> None:
        session, recipe = self._session, settings.recipe
        plan = session.plan
        current = session.recipe if plan is None else plan.recipe
        if run is session.run and not loading.same_settings(recipe, current):
            opened = session.dataset is not None and loading.same_data(recipe, current)
            self._data.show_message(
                _settings_offer(recipe, opened, session.dataset is not None),
                action=_("Use its settings") if opened else _("Open"),
                do=functools.partial(session.open_data_of, run),
                passing=True,
            )


def _settings_offer(recipe: Recipe, opened: bool, replaces: bool) -> str:
    """Says what a run was trained on, and asks whether to open that.

    Args:
        opened: the data are open already; only the settings are others.
        replaces: data are open, whose settings would be gone.
    """
    undo = _("The present settings are replaced; Edit > Undo brings them back.")
    if opened:
        text = _("This run was trained on the open data, but with other settings. Use them again?")
        return paragraph((text, undo))
    made = corrections.of_options(recipe.data).values()
    text = _("This run was trained on “{name}”. Open its data and settings?")
    if made:
        text = _(
            "This run was trained on “{name}” with {amount} ({counts}). Open its data, settings "
            "and corrections?"
        )
    amount, counts = corrections.amount(made), corrections.counted(made)
    said = text.format(name=shown(recipe.data.name), amount=amount, counts=counts)
    return paragraph((said, undo)) if replaces else said


def _unfinished() -> tuple[Run, bool] | None:
    """A run that goes on elsewhere and that nobody follows, and True; else the newest one, if it
    has begun, nobody trains it, and it has not ended, and False."""
    found = _going_on_elsewhere()
    if found is not None:
        return found
    for run in list_runs()[:1]:
        try:
            history = run.history() if run.recipe and not run.active() else None
        except UserError:  # somebody else's file in the folder of the runs
            return None
        outcome = history.outcome if history else None
        begun = history is not None and (history.begun or is_elsewhere(run))
        cancelled = isinstance(outcome, ev.Finished) and outcome.outcome == "cancelled"
        return (run, False) if begun and (outcome is None or cancelled) else None
    return None


def _going_on_elsewhere() -> tuple[Run, bool] | None:
    """A run that goes on elsewhere and that nobody follows, and True."""
    for run in filter(is_elsewhere, list_runs()[:LOOKED_AT]):
        with contextlib.suppress(UserError):
            if goes_on(run) and not run.active():
                return run, True
    return None
