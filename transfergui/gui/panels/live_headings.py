"""What the Live stage says above the curves: how far a training is, and how it has ended."""

from __future__ import annotations

from transfergui.core import registry
from transfergui.core.base.i18n import N_, _
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import IN_BYTES, History
from transfergui.gui.base import words
from transfergui.gui.session.states import State

STAGE_TEXTS: dict[str, str] = {
    "search": N_("Automatic search: attempt {done} of about {total}"),
    "features": N_("Computing features of your {noun}"),
    "teach": N_("Computing the teacher's outputs: {done} of {total} {noun}"),
    "train": N_("Training in progress"),
    "validate": N_("Training: measuring on the validation set"),
    "evaluate": N_("Testing on {noun} the model has never seen"),
    "compare": N_("Training each question alone: {done} of {total}"),
    "beside": N_("Training without the other data, to compare"),
    "read": N_("Reading your files, to find which are missing there: {done} of {total}"),
    "send": N_("Sending files to the other computer: {done} of {total}"),
    "fetch": N_("Bringing back the results: {done} of {total}"),
}
ENDINGS: dict[str, str] = {
    "done": N_("Training finished"),
    "stopped": N_("Training stopped by you; the best epoch was kept and tested"),
    "cancelled": N_("Training paused; Resume continues from here"),
}
FAILED = N_("Training failed")
UNCONNECTED = (
    *("place.unreachable", "place.refused", "place.silent", "place.no_ssh"),
    *("place.host_unknown", "place.host_changed"),
)
FAILURES: dict[str, str] = {
    **dict.fromkeys(UNCONNECTED, N_("Not connected to the other computer")),
    "place.not_stopped": N_("Not connected; the training may continue on {name}"),
    "place.launch_failed": N_("The training could not begin on {name}"),
    "place.gone": N_("The folder of this run on {name} is gone"),
    "watch.died": N_("This run was interrupted; Resume continues from the last checkpoint"),
}
"""Headings where a training has not failed, by the code of what is said of it."""
WITHOUT = {
    "place.connecting": N_("Connecting to {name}…"),
    "place.lost": N_("Not connected; the training may continue on {name}"),
    "place.lost_sending": N_("Not connected to {name}; sending continues once it is reached"),
}
"""Headings while there is no connection."""
IN_HEADING = ("place.connecting",)
"""Notices of which the heading says everything."""
GOES_ON = N_("In training on {name}; Resume follows it")
TO_BRING = N_("Training finished on {name}; Resume brings back the results")
"""Headings of a run that another computer trains, or has trained, and that nobody follows."""
SEARCHED = N_("Automatic search finished; the best model was kept and tested")
SEARCH_STOPPED = N_("Automatic search stopped by you; the best model so far was kept and tested")
ENDED_EARLY = N_("Training ended by early stopping: the validation result no longer improved")


def noun_of(history: History) -> str:
    if history.started is None:
        return _("examples")
    return _(registry.modality(history.started.modality).many)


def heading_of(history: History, state: State, noun: str) -> str:
    if state is State.STOPPING:
        return _("Stopping…")
    if state is State.TRAINING:
        return _under_way(history, noun)
    if isinstance(history.outcome, ev.Finished):
        return _(_ending(history, history.outcome))
    if isinstance(history.outcome, ev.Failed):
        failed = history.outcome
        return _(FAILURES.get(failed.code, FAILED)).format(**failed.values)
    if not history.begun:
        return _("Nothing was trained yet; Resume starts the training")
    return _("This run was interrupted; Resume continues from the last checkpoint")


def _under_way(history: History, noun: str) -> str:
    at = history.progress
    if (lost := history.lost) is not None:
        return _(WITHOUT[lost.code]).format(**lost.values)
    if at is None and history.epochs:  # shorter than the time between two reports of progress
        return _(STAGE_TEXTS["train"])
    if at is None or (at.stage == "search" and not at.step):
        return _("Preparing…")
    counted = words.size if at.stage in IN_BYTES else words.number
    done, total = counted(at.step), counted(at.steps)
    return _(STAGE_TEXTS[at.stage]).format(noun=noun, done=done, total=total)


def _ending(history: History, outcome: ev.Finished) -> str:
    """How it ended; of a search, not how the training ended that it kept."""
    planned = history.started.epochs if history.started else 0
    if outcome.outcome != "done":
        return ENDINGS[outcome.outcome]
    if history.trials and has_curves(history):  # else finished trainings were put together
        asked = any(notice.code == "auto.finish" for notice in history.notices)
        return SEARCH_STOPPED if asked else SEARCHED
    return ENDED_EARLY if outcome.epochs < planned else ENDINGS["done"]


def has_curves(history: History) -> bool:
    """Not while it still chooses what to train, nor where finished trainings are put together."""
    at, started = history.progress, history.started
    if started is not None:
        return registry.strategy(started.strategy).procedure != "combine"
    return not (history.trials or (at is not None and at.stage == "search"))
