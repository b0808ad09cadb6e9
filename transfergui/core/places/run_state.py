"""What became of a run, and where it is trained."""

from __future__ import annotations

import os
import platform
from typing import NamedTuple

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.locks import Holder
from transfergui.core.places import assignment as assignments
from transfergui.core.places.assignment import Assignment
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run

TITLES: dict[str, str] = {
    "done": N_("finished"),
    "stopped": N_("stopped by you"),
    "cancelled": N_("paused"),
    "interrupted": N_("interrupted"),
    "failed": N_("failed"),
    "active": N_("in training"),
    "elsewhere": N_("in training elsewhere"),
    "damaged": N_("unreadable"),
}
"""The word for each state. A run is ``elsewhere`` where another computer trains it, or has what it
trained, and no process here follows that."""
FINISHED = ("done", "stopped")


class RunState(NamedTuple):
    """See the module.

    Attributes:
        key: of :data:`TITLES`.
        place: what the user calls the other computer that trains it, or trained it until it was
            interrupted; empty for this one, and where its result is here.
        holder: the process that trains or follows it; None where none does.
    """

    key: str
    place: str = ""
    holder: Holder | None = None

    @property
    def where(self) -> str:
        """In few words, to stand below the state; empty where there is nothing to say."""
        if self.place:
            return _("on {host}").format(host=self.place)
        if self.holder is None or not self.holder.pid or self.holder.pid == os.getpid():
            return ""
        if self.holder.host in ("", platform.node()):
            return _("by process {pid}").format(pid=self.holder.pid)
        return _("on {host}").format(host=self.holder.host)

    @property
    def text(self) -> str:
        """The word for it, and where."""
        title = _(TITLES["active" if self.place and self.key == "elsewhere" else self.key])
        return _("{state} ({where})").format(state=title, where=self.where) if self.where else title


def state_of(run: Run, history: History) -> RunState:
    """
    Args:
        history: of the run.

    Raises:
        UserError: ``run.damaged``.
    """
    holder = run.holder()
    given = assignments.of(run)
    key = _key(run, history, given) if holder is None else "active"
    given = None if key in FINISHED else given
    return RunState(key, "" if given is None or given.brought else given.place.name, holder)


def _key(run: Run, history: History, given: Assignment | None) -> str:
    if assignments.goes_on(run, history):
        return "elsewhere"
    match history.outcome:
        case ev.Finished() as finished:
            return finished.outcome
        case ev.Failed():
            return "failed"
    return "failed" if given is not None and given.ended else "interrupted"
