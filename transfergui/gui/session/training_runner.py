"""One training: its run is made, its thread started and watched, and asked to stop.

It runs in this process or in its children, on another computer, or in a process that somebody else
started, here or there: then it is only followed, and left at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.messages import Level
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import assignment as assignments
from transfergui.core.places import following
from transfergui.core.places.assignment import is_elsewhere
from transfergui.core.places.place import Place
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run, Stop
from transfergui.core.runs.watching import Watch
from transfergui.gui.base import errors
from transfergui.gui.base.tasks import Task
from transfergui.gui.session.search_helper import SearchHelper
from transfergui.gui.session.shown_run import ShownRun
from transfergui.gui.session.states import Say, State, StateMachine
from transfergui.gui.session.trainer_thread import (
    EventSource,
    TrainerThread,
    following_only,
    watching,
)

Source = Callable[[Plan, Run], EventSource]

MILDER: dict[str, Level] = {"place.not_stopped": "warning"}
"""How bad it is where the training has not failed."""
TAKEN = ("run.busy", "run.taken")
"""Another process trains the run."""


@dataclass(frozen=True)
class Ending:
    """What becomes of a training that is stopped now.

    Attributes:
        unlabelled: it still learns without labels, so that there is no model to keep.
        empty: nothing has been learned yet.
        others: another process trains it, which goes on without this one.
        elsewhere: another computer does, likewise.
        searching: it is a search: the best of its trainings is kept.
    """

    unlabelled: bool = False
    empty: bool = False
    others: bool = False
    elsewhere: bool = False
    searching: bool = False


class TrainingRunner(QObject):
    """See the module. One training at a time.

    Args:
        parent: Qt's owner.
        states: of the session.
        shown: where the run and what it reports are shown.
        say: says something on a panel.
        source: makes the events of a training.

    Attributes:
        stopping: how the training was asked to end, if it was.
        place: the other computer on which the next training runs; None for this one.
        helper: takes part in a search that is followed.
    """

    event_arrived = Signal(object)  # Event, already in the history
    undone = Signal(object)  # Run: it was just made, nothing came of it, and it was deleted
    taken = Signal(object)  # Run: what was to be resumed is trained by another process
    sending_wanted = Signal(object, object)  # Plan and Place: what is sent is to be agreed to

    def __init__(
        self, parent: QObject, states: StateMachine, shown: ShownRun, say: Say, source: Source
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.stopping: Stop | None = None
        self.place: Place | None = None
        self.helper = SearchHelper(self, say)
        self._states, self._shown, self._say = states, shown, say
        self._create = Task(
            self, _made, self._on_created, self._on_not_created, broken=self.give_up
        )
        self._ask = Task(self, Run.request_stop, self._on_asked, failed=self._on_not_asked)
        self._plan: Plan | None = None
        self._run: Run | None = None
        self._thread: TrainerThread | None = None
        self._asked: Stop | None = None
        self._heard = False  # of the training, since it was asked
        self._watch: Watch | None = None
        self._left = self._taken = self._new = self._only_follows = False

    @property
    def ending(self) -> Ending:
        """What would become of the training, if it were stopped now."""
        history, others = self._shown.history, self._watch is not None
        at = history.progress
        searching = bool(history.trials) or (at is not None and at.stage == "search")
        return Ending(
            unlabelled=self._learns_unlabelled,
            empty=not history.has_learned,
            others=others,
            elsewhere=self.elsewhere and not self.sending,
            searching=searching,
        )

    @property
    def _learns_unlabelled(self) -> bool:
        """Whether the training looks at no labels so far: there is no model that could be kept."""
        phases = self._plan.phases if self._plan is not None else ()
        if not self._states.training or not phases:
            return False
        begun = self._shown.history.phases
        now = begun[-1].name if begun else phases[0].name
        return any(phase.through is not None and phase.name == now for phase in phases)

    @property
    def _came_to_nothing(self) -> bool:
        """Whether the run was deleted: it was to be trained elsewhere, and nothing was sent."""
        failed = isinstance(self._shown.history.outcome, ev.Failed)
        return failed and self._run is not None and assignments.discard_empty(self._run)

    @property
    def elsewhere(self) -> bool:
        """Whether what runs is a training on another computer, which goes on without this one."""
        run = self._run if self._watch is None else None
        return self._states.training and run is not None and is_elsewhere(run)

    @property
    def watch(self) -> Watch | None:
        """The training of another process that is followed, if it is one."""
        return self._watch

    @property
    def sending(self) -> bool:
        """Whether files are still sent: the training there has not begun."""
        history = self._shown.history
        begun = any(notice.code == "place.begun" for notice in history.notices)
        return self.elsewhere and not begun and history.started is None

    def start(self, plan: Plan) -> None:
        """Train a plan in a new run; on another computer, once it was agreed to what is sent."""
        if self.place is not None:
            self.sending_wanted.emit(plan, self.place)
        else:
            self._begin(plan)
            self._create.start(plan, None)

    def start_elsewhere(self, plan: Plan, place: Place) -> None:
        """Train a plan on another computer in a new run."""
        if self._states.state is State.READY:
            self._begin(plan)
            self._create.start(plan, place)

    def resume(self, plan: Plan, run: Run, history: History) -> None:
        """Go on with a run."""
        self._begin(plan)
        self.launch(run, history)

    def follow_elsewhere(self, plan: Plan, run: Run, history: History) -> None:
        """Show what another computer trains; nothing is begun there."""
        self._begin(plan)
        self._only_follows = True
        self.launch(run, history)

    def follow(self, watch: Watch) -> None:
        """Show what another process trains, until it ends or is left."""
        self._begin(None)
        self._watch = watch
        self._states.leave = self.leave
        self.launch(watch.run, watch.history)

    def stop(self, how: Stop) -> None:
        """End the training, if one runs; see :meth:`Session.stop`."""
        hurried = self._states.training and how == "cancel" != self.stopping
        if self._states.state is State.TRAINING or hurried:
            self.stopping = how
            self._states.enter(State.STOPPING)
            self.ask_to_stop()

    def leave(self) -> None:
        """Follow no longer a training that goes on: on another computer, or in another process."""
        assert self._run is not None
        self._states.enter(State.STOPPING)
        self._left = True
        if self._watch is None:
            following.leave(self._run)
        else:
            self._watch.leave()

    def give_up(self) -> None:
        """A bug was reported. Where the thread was begun by then, its end is waited for."""
        if self._thread is None:
            self._states.settle()
        else:
            self._states.forget_wish()
            self.stop("cancel")

    def _begin(self, plan: Plan | None) -> None:
        self.stopping = self._asked = None
        self._left = self._taken = self._new = self._only_follows = False
        self._plan, self._run = plan, None
        self._say("training", "", "error")
        self._shown.cancel()
        self._shown.set(None, History())  # before anybody asks how far the training is
        self._states.enter(State.TRAINING)

    def _on_created(self, run: Run) -> None:
        if self._states.closing:
            self._states.settle()  # the run can be resumed, as any other
        else:
            self._new = True
            self.launch(run, History())

    def _on_not_created(self, error: UserError) -> None:
        self._say("training", str(error), "error")
        self._states.settle()

    def launch(self, run: Run, history: History) -> None:
        """Train the plan in ``run``, or follow it, and add what happens to ``history``."""
        self._shown.set(run, history)
        self._run, self._history = run, history
        if self._watch is not None:
            source = watching(self._watch)
        else:
            assert self._plan is not None
            make = following_only if self._only_follows else self.source
            source = make(self._plan, run)
        thread = TrainerThread(source, self)
        thread.reported.connect(self._on_event)
        thread.finished.connect(self._on_thread_ended)
        thread.start()
        self._thread = thread
        self.ask_to_stop()

    def ask_to_stop(self) -> None:
        """Write the wish to stop; one writer at a time, :meth:`_on_asked` repeats what changed."""
        wish = self.stopping
        if wish and wish != self._asked and self._thread and self._run and not self._ask.running:
            self._asked, self._heard = wish, False
            self._ask.start(self._run, wish)

    def _on_asked(self, _nothing: None) -> None:
        self.ask_to_stop()

    def _on_not_asked(self, error: UserError) -> None:
        """Nothing can be written there: once the run is trained here, it is asked without that."""
        self._asked = None
        if self._watch is not None:
            self._say("training", str(error), "error")
        elif self._heard:  # meanwhile it is
            self.ask_to_stop()

    def _on_event(self, event: ev.Event) -> None:
        if self._left:
            return
        self._history.add(event)
        self._heard = True
        self.ask_to_stop()
        match event:
            case ev.Failed(code="bug"):
                if self._watch is None:  # else the other process has reported it
                    errors.report_text(event.details)
            case ev.Finished(outcome="stopped" | "cancelled") if not (self.stopping or self._watch):
                text = _("This training was ended from another window or by a command.")
                self._say("training", text, "info")
            case ev.Failed():
                self._taken = event.code in TAKEN
                level = "info" if self._taken else MILDER.get(event.code, "error")
                self._say("training", event.sentence(), level)
        self.event_arrived.emit(event)

    def _on_thread_ended(self) -> None:
        assert self._thread is not None
        self._thread.wait()  # it says so a moment before it is
        self._thread.deleteLater()
        watched = self._watch is not None
        self._thread = self._watch = self._states.leave = None
        self.helper.stop()
        undone = self._new and self._came_to_nothing
        if undone or (self._left and watched):
            self._shown.set(None, History())
        elif self._left:
            self._shown.set(self._run, self._history)
        if undone:
            self.undone.emit(self._run)
        self._states.enter(self._states.rest)
        self._shown.tell_ended()
        self._states.settle()
        if self._taken and self._run is not None:
            self.taken.emit(self._run)


def _made(plan: Plan, place: Place | None) -> Run:
    """A new run; of a training on another computer, one that says so.

    Raises:
        UserError: ``run.not_writable``.
    """
    run = Run.create(plan.recipe, plan.split)
    run.heed_stops()
    if place is not None:
        assignments.assign(run, place)
    return run
