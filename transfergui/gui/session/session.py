"""The state machine behind the window: what is open, what is decided, what runs.

::

    EMPTY --open_data--> SCANNING --> READY --start_training--> TRAINING --> READY
                            |           ^                          |
                            +- cancel --+-- the thread has ended - STOPPING <- stop
                                        resume: SCANNING, then TRAINING

Everything that panels do to the program is a method here, and what happens when
it is called in each state is defined; a click too many is never an error:

- While a training is being stopped, a wish (open, train, resume) is kept and
  fulfilled when its thread has ended; the last wish counts.
- While a training runs, opening a folder or a run is refused with a sentence;
  the window asks first and stops the training itself.
- Opening a folder while one is scanned scans the new one instead.
- A second Train or Stop does nothing, except that Cancel after Stop hurries it.

Edits of settings, exclusions and labels are all changes of one immutable
recipe, so that undo is a list of recipes. Files are read and written in tasks
only: a slow disk never stalls the window.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core import plans
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import messages
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import Split
from transfergui.core.interfaces import Plan, WeightState
from transfergui.core.recipe import Recipe, for_modality
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run, Stop
from transfergui.gui.base import errors
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading as reading
from transfergui.gui.session.saved_corrections import SavedCorrections
from transfergui.gui.session.trainer_thread import EventSource, TrainerThread, training


class State(enum.Enum):
    """Where the session stands; see the module."""

    EMPTY = "empty"
    SCANNING = "scanning"
    READY = "ready"
    TRAINING = "training"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Message:
    """A sentence for one card; an empty text takes the card's earlier message away.

    Attributes:
        level: how bad it is.
        text: the sentence, translated.
        panel: key of the panel that it concerns: ``dataset``, ``backbone``, ``training``,
            ``data``, ``live``, ``results``, ``predict``, ``export`` or ``runs``.
    """

    level: Literal["info", "warning", "error"]
    text: str
    panel: str


class Edit(msgspec.Struct, frozen=True):
    """One step of undo: the recipe on the other side of it, and what it is called."""

    recipe: Recipe
    text: str


@dataclass(frozen=True)
class Step:
    """What was undone or done again.

    Attributes:
        text: what the change is called.
        old, new: the recipes before and after.
        again: whether it was done again.
    """

    text: str
    old: Recipe
    new: Recipe
    again: bool = False


class Session(QObject):
    """See the module. The attributes are there to read; methods change them.

    Args:
        parent: Qt's owner.
        source: makes the events of a training; another one in tests.

    Attributes:
        recipe: all settings.
        weights: where the weights of the modality's networks are, by key, as last looked; empty
            until that is known.
        dataset: what is open, exclusions and labels applied; None before the first.
        split: of ``dataset``; None where nothing can be learnt from it.
        plan: the recipe resolved; None where it does not fit, then ``plan_error`` says why.
        run: the run that is trained or shown; None before the first and while one is made.
        history: what ``run`` has reported so far.
        compared: a run laid under ``run``, with its history.
        corrections: those of the open data that were made before.
        resumed_from: key of the panel whose button has resumed a run last.
    """

    state_changed = Signal(object)  # State
    dataset_changed = Signal(object)  # Dataset; its split is in ``split``
    recipe_changed = Signal(object)  # Recipe
    stepped = Signal(object)  # Step, undone or done again
    plan_changed = Signal(object)  # Plan | None
    weights_changed = Signal(object)  # dict[str, WeightState]: weights arrived, or are gone
    event_arrived = Signal(object)  # Event, already in ``history``
    history_reset = Signal(object)  # History, replaced
    run_changed = Signal(object)  # Run | None: another one, or its training has ended
    run_shown = Signal(object)  # Run: an earlier one, whose data can be opened; ``open_data_of``
    compared_changed = Signal(object)  # tuple[Run, History] | None
    message = Signal(object)  # Message
    scan_progressed = Signal(object)  # int, files seen
    asked = Signal(object)  # Question about the data that are opened; see ``answer``
    resume_doubted = Signal(object)  # Run whose data have changed; see ``resume``
    resume_refused = Signal(object)  # str, the panel on which it was said why
    closed = Signal(object)  # Session: nothing runs any more

    def __init__(
        self,
        parent: QObject | None = None,
        source: Callable[[Plan, Run], EventSource] = training,
    ) -> None:
        super().__init__(parent)
        self.recipe = Recipe()
        self.weights: Mapping[str, WeightState] = {}
        self.dataset: Dataset | None = None
        self.split: Split | None = None
        self.plan: Plan | None = None
        self.plan_error: UserError | None = None
        self.run: Run | None = None
        self.history = History()
        self.compared: tuple[Run, History] | None = None
        self.resumed_from = "runs"
        self._state = State.EMPTY
        self._scanned: Dataset | None = None
        self._question: Question | None = None
        self._run_fingerprint = ""
        self._past: list[Edit] = []
        self._future: list[Edit] = []
        self._before_sample: Recipe | None = None
        self._wish: Callable[[], object] | None = None
        self._stop: Stop | None = None
        self._asked: Stop | None = None
        self._heard = False
        self._closing = False
        self._source = source
        self._thread: TrainerThread | None = None
        self._trained: Plan | None = None
        self._make_tasks()
        self.corrections = SavedCorrections(self)
        self.corrections.rested.connect(self._on_corrections_saved)

    def _make_tasks(self) -> None:
        scan = functools.partial(
            Task, self, progress=self.scan_progressed.emit, broken=self._settle
        )
        failed = self._on_not_opened
        self._scan = scan(reading.scan, self._on_scanned, failed=self._on_not_scanned)
        self._sample = scan(reading.scan_sample, self._on_sample_scanned, failed=failed)
        self._reopen = Task(
            self,
            reading.reopen,
            self._on_reopened,
            self._on_not_reopened,
            self.scan_progressed.emit,
            broken=self._on_not_launched,
        )
        self._derive = Task(self, reading.derive, self._on_derived, broken=self._on_not_derived)
        self._resolving = Task(
            self, resolve, self._on_resolved, self._on_not_resolved, broken=self._on_not_derived
        )
        self._look = Task(self, reading.look, self._on_looked, self._say_error("backbone"))
        self._create = Task(
            self, Run.create, self._on_created, self._on_not_created, broken=self._on_not_launched
        )
        self._ask = Task(self, Run.request_stop, self._on_asked, failed=self._on_asked)
        self._show = Task(self, reading.read_run, self._on_shown, self._say_error("runs"))
        self._take_over = Task(
            self, reading.settings_of, self._on_settings_read, self._say_error("dataset")
        )
        self._compare = Task(self, reading.read_run, self._on_compared, self._say_error("runs"))

    # -- what panels read

    @property
    def state(self) -> State:
        return self._state

    @property
    def training(self) -> bool:
        """Whether a training runs or is being stopped."""
        return self._state in (State.TRAINING, State.STOPPING)

    @property
    def working_out(self) -> bool:
        """Whether data are read or divided, or the settings resolved, at this moment."""
        tasks = (*self._scans, self._derive, self._resolving)
        return any(task.running for task in tasks)

    @property
    def obstacle(self) -> str:
        """Why no training can be started now, as a sentence; empty when one can."""
        if self.plan_error is not None:
            return str(self.plan_error)
        lacks = plans.obstacle(self.plan, self.weights) if self.plan is not None else None
        if lacks is not None and self._state is State.READY:
            return str(lacks)
        return {
            State.EMPTY: _("Open a folder first: the program learns from your own data."),
            State.SCANNING: _("The folder is still being looked through."),
            State.READY: "",
            State.TRAINING: _("A training is running."),
            State.STOPPING: _("The training is being stopped."),
        }[self._state]

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self._past[-1].text if self._past else ""

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self._future[-1].text if self._future else ""

    @property
    def own_classes(self) -> tuple[str, ...]:
        """The classes of what is open, by the names that the data give them."""
        return self._scanned.classes if self._scanned is not None else ()

    @property
    def data_so_far(self) -> Iterator[DataOptions]:
        """The data options in force, and those that :meth:`undo` leads back to."""
        yield self.recipe.data
        yield from (edit.recipe.data for edit in self._past)

    # -- data

    def open_data(self, path: Path) -> None:
        """Scan a folder, a manifest or a zip, without the corrections of what was open before."""
        if not self._postponed(functools.partial(self.open_data, path), "dataset"):
            data = DataOptions(path=str(path))
            self._begin_scan(_Opening(data, settings=self._before_sample))

    def open_again(self, recipe: Recipe) -> None:
        """Open data with the settings that they had, and use the corrections saved for them.

        Args:
            recipe: without corrections.
        """
        if not self._postponed(functools.partial(self.open_again, recipe), "dataset"):
            opening = _Opening(recipe.data, recipe.modality, settings=recipe, corrected=True)
            self._begin_scan(opening)

    def open_sample(self, key: str = samples.DEFAULT) -> None:
        """Open a bundled sample, with settings of its own until other data are opened."""
        if not self._postponed(functools.partial(self.open_sample, key), "dataset"):
            self._show_scan()
            self._sample.start(key)

    def answer(self, question: Question, value: str) -> None:
        """Open the data that ``question`` is about, understood as ``value`` says.

        Nothing happens where others were opened since it was asked.
        """
        if question is not self._question:
            return
        opening = self._opening
        tree = {"modality": opening.modality, "data": msgspec.to_builtins(opening.data)}
        tree = opt.assign(tree, question.setting, value)
        data = opt.check(tree["data"], DataOptions, "data")
        self._begin_scan(replace(opening, modality=tree["modality"], data=data))

    def cancel_scan(self) -> None:
        """Stay with what was open before."""
        if self._state is State.SCANNING:
            self._cancel_scan()
            self._settle()

    # -- settings

    def change(self, recipe: Recipe, text: str, merge: bool = False) -> None:
        """Replace the recipe, with undo.

        Args:
            recipe: the new one.
            text: what was done, as the Edit menu says it: "Exclude 3 pictures".
            merge: one step of undo together with the change before, if it has the same
                text: for sliders and typing.
        """
        if recipe == self.recipe:
            return
        merged = merge and self.undo_text == text and not self._future
        past = self._past if merged else [*self._past, Edit(self.recipe, text)]
        self._adopt(recipe, past, [])

    def undo(self) -> None:
        """Back to the recipe before the last change."""
        if self._past:
            *past, edit = self._past
            old = self.recipe
            if self._adopt(edit.recipe, past, [*self._future, Edit(old, edit.text)]):
                self.stepped.emit(Step(edit.text, old, edit.recipe))

    def redo(self) -> None:
        """Forward again after :meth:`undo`."""
        if self._future:
            *future, edit = self._future
            old = self.recipe
            if self._adopt(edit.recipe, [*self._past, Edit(old, edit.text)], future):
                self.stepped.emit(Step(edit.text, old, edit.recipe, again=True))

    def tell(self, panel: str, text: str) -> None:
        """Say on a panel that something was done, until something else is."""
        self._say(panel, text, "info")

    def look_for_weights(self) -> None:
        """Look which weights are on this computer (now), and resolve the recipe by that."""
        self._look.start(self.recipe)

    # -- training

    def start_training(self) -> None:
        """Train the plan in a new run."""
        if self._state is State.TRAINING or self._postponed(self.start_training, "training"):
            return
        if self._derive.running or self._resolving.running:
            self._wish = self.start_training
        elif self._state is State.READY and self.plan is not None and not self.obstacle:
            self._begin_training(self.plan)
            self._create.start(self.plan.recipe, self.plan.split)

    def stop(self, how: Stop) -> None:
        """End the training: ``finish`` keeps the best, ``cancel`` leaves it to be resumed."""
        self._wish = None
        if self._state is State.TRAINING or (self.training and how == "cancel" != self._stop):
            self._stop = how
            self._set_state(State.STOPPING)
            self._ask_to_stop()

    def resume(self, run: Run, changed: bool = False, panel: str = "runs") -> None:
        """Go on with a run that was cancelled or interrupted, with its data and settings.

        Args:
            run: which.
            changed: go on even though the data are not what they were; without it,
                ``resume_doubted`` is emitted and nothing is trained.
            panel: whose button was pressed; if it cannot be resumed, that is said there.
        """
        if not self._postponed(functools.partial(self.resume, run, changed, panel), panel):
            self.resumed_from = panel
            self._say(panel)
            self._cancel_scan()
            self._set_state(State.SCANNING)
            self._reopen.start(run, changed)

    # -- runs

    def open_run(self, path: Path) -> None:
        """Show an earlier run."""
        if not self._postponed(functools.partial(self.open_run, path), "runs"):
            self._show.start(path)

    def open_data_of(self, run: Run) -> None:
        """Open the data of a run, with its settings and corrections; one step of undo."""
        if not self._postponed(functools.partial(self.open_data_of, run), "dataset"):
            self._take_over.start(run)

    def tell_renamed(self, path: Path) -> None:
        """A run was renamed: where it is the one that is shown, its name is read again."""
        if self.run is not None and self.run.path == path and not self.training:
            self.run_changed.emit(self.run)

    def compare_run(self, path: Path | None) -> None:
        """Lay another run under the one that is shown; None takes it away."""
        if path is None:
            self._compare.cancel()
            self._on_compared(None)
        else:
            self._compare.start(path)

    # -- leaving

    def close(self) -> None:
        """End everything; a training that runs is left so that it can be resumed.

        ``closed`` is emitted when its thread has ended, at once if there is none.
        """
        self._closing = True
        self._cancel_scan()
        ended = (self._derive, self._resolving, self._look, self._show, self._take_over)
        for task in (*ended, self._compare):
            task.cancel()
        if self._state is State.TRAINING:
            self.stop("cancel")
        elif not self.training:
            self._leave()

    # -- scanning

    def _begin_scan(self, opening: _Opening) -> None:
        self._show_scan()
        self._opening = opening
        self._scan.start(opening.modality, opening.data)

    def _show_scan(self) -> None:
        self._question = None
        self._cancel_scan()
        self._say("dataset")
        self._set_state(State.SCANNING)

    def _cancel_scan(self) -> None:
        for task in self._scans:
            task.cancel()
        self._wish = None

    @property
    def _scans(self) -> tuple[Task, ...]:
        return self._scan, self._sample, self._reopen

    def _on_scanned(self, scanned: Dataset) -> None:
        opening = self._opening
        self._past, self._future = opening.past, opening.future
        self._before_sample = opening.before
        self._run_fingerprint = opening.fingerprint
        self._scanned = scanned
        self.corrections.follow(scanned, opening.corrected)
        settings = for_modality(opening.settings or self.recipe, scanned.modality)
        self._set_recipe(msgspec.structs.replace(settings, data=opening.data))
        self._begin_derive(scanned)

    def _on_sample_scanned(self, found: tuple[Recipe, Dataset]) -> None:
        recipe, scanned = found
        before = self._before_sample or self.recipe
        self._opening = _Opening(recipe.data, recipe.modality, settings=recipe, before=before)
        self._on_scanned(scanned)

    def _on_not_scanned(self, error: UserError) -> None:
        if isinstance(error, Question):
            self._question = error
            self._settle()
            self.asked.emit(error)
        else:
            self._on_not_opened(error)

    def _on_not_opened(self, error: UserError) -> None:
        self._say("dataset", str(error))
        self._settle()

    def _on_not_reopened(self, error: UserError) -> None:
        self._settle()
        self._say(self.resumed_from, str(error))
        self.resume_refused.emit(self.resumed_from)

    def _on_reopened(self, reopened: reading.Reopened) -> None:
        if not reopened.same:
            self._settle()
            self.resume_doubted.emit(reopened.run)
            return
        self._past, self._future = [], []
        self._before_sample = None
        self._derive.cancel()
        self._resolving.cancel()
        self._scanned, self.dataset = reopened.scanned, reopened.dataset
        self.split = reopened.plan.split
        self.corrections.follow(reopened.scanned)
        self._set_recipe(reopened.plan.recipe)
        self.dataset_changed.emit(self.dataset)
        self._set_plan(reopened.plan, None)
        self._begin_training(reopened.plan)
        self._launch(reopened.run, reopened.history)

    # -- settings

    def _adopt(self, recipe: Recipe, past: list[Edit], future: list[Edit]) -> bool:
        """Make ``recipe`` the one in force, working out again what depends on what changed.

        Returns:
            Whether that was done, or has begun; False where it must wait for a training.
        """
        old = self.recipe
        if recipe.data.path and _source_of(recipe) != _source_of(old):
            if self._postponed(lambda: self._adopt(recipe, past, future), "dataset"):
                return False
            self._set_recipe(msgspec.structs.replace(recipe, data=old.data))
            before = self._before_sample
            opening = _Opening(
                recipe.data, recipe.modality, before=before, past=past, future=future
            )
            self._begin_scan(opening)
            return True
        self._past, self._future = past, future
        self._set_recipe(recipe)
        if self._scanned is not None and _division_of(recipe) != _division_of(old):
            self._begin_derive(self._scanned)
        elif not self._derive.running:
            self._resolve()
        return True

    def _begin_derive(self, scanned: Dataset) -> None:
        self._resolving.cancel()  # by a split that is replaced
        self._derive.start(scanned, self.recipe)

    def _on_derived(self, derived: reading.Derived) -> None:
        self.dataset, self.split = derived.dataset, derived.split
        self._set_weights(derived.weights)
        self._say("dataset", str(derived.error or ""))
        self._compare_with_run(derived.dataset)
        self.dataset_changed.emit(self.dataset)
        if derived.error is None:
            self._resolve()
        else:
            self._resolving.cancel()
            self._set_plan(None, derived.error)
        self._settle_unless_busy()

    def _compare_with_run(self, dataset: Dataset) -> None:
        """Tell once where the data of a run are opened and have changed since."""
        before, self._run_fingerprint = self._run_fingerprint, ""
        if before not in ("", dataset.fingerprint):
            text = _("Files were added, removed or changed since this run was trained.")
            self._say("dataset", text, "warning")

    def _on_not_derived(self) -> None:
        """A bug was reported. What was open before stays, but no longer fits the recipe."""
        self._set_plan(None, None)
        self._settle_unless_busy()

    def _settle_unless_busy(self) -> None:
        if not (self.training or self.working_out):
            self._settle()

    def _resolve(self) -> None:
        """Resolve the recipe: at once, or in a task where files that it names must be read."""
        self._resolving.cancel()
        if self.split is None:
            return
        if reading.names_files(self.recipe):
            self._resolving.start(self.recipe, self.split, self.weights)
            return
        try:
            self._set_plan(resolve(self.recipe, self.split, self.weights), None)
        except UserError as error:
            self._set_plan(None, error)

    def _on_resolved(self, plan: Plan) -> None:
        self._set_plan(plan, None)
        self._settle_unless_busy()

    def _on_not_resolved(self, error: UserError) -> None:
        self._set_plan(None, error)
        self._settle_unless_busy()

    def _on_looked(self, states: Mapping[str, WeightState]) -> None:
        if states != self.weights:
            self._set_weights(states)
            if not self._derive.running:
                self._resolve()

    def _set_weights(self, states: Mapping[str, WeightState]) -> None:
        self.weights = states
        self.weights_changed.emit(states)

    def _set_recipe(self, recipe: Recipe) -> None:
        moved = _weights_of(recipe) != _weights_of(self.recipe)
        self.recipe = recipe
        if moved:
            self.weights = {}
            self.look_for_weights()
        self.recipe_changed.emit(recipe)

    def _set_plan(self, plan: Plan | None, error: UserError | None) -> None:
        self.plan, self.plan_error = plan, error
        self.plan_changed.emit(plan)

    # -- training

    def _begin_training(self, plan: Plan) -> None:
        self._stop = None
        self._trained = plan
        self._say("training")
        self._show.cancel()
        self._set_run(None, History())  # before anybody asks how far the training is
        self._set_state(State.TRAINING)

    def _on_created(self, run: Run) -> None:
        if self._closing:
            self._settle()  # the run can be resumed, as any other
        else:
            self._launch(run, History())

    def _on_not_created(self, error: UserError) -> None:
        self._say("training", str(error))
        self._settle()

    def _on_not_launched(self) -> None:
        """A bug was reported. Where the thread was begun by then, its end is waited for."""
        if self._thread is None:
            self._settle()
        else:
            self.stop("cancel")

    def _launch(self, run: Run, history: History) -> None:
        assert self._trained is not None
        self._set_run(run, history)
        self._heard = False
        thread = TrainerThread(self._source(self._trained, run), self)
        thread.reported.connect(self._on_event)
        thread.finished.connect(self._on_thread_ended)
        thread.start()
        self._thread = thread
        self._ask_to_stop()

    def _on_event(self, event: ev.Event) -> None:
        self.history.add(event)
        if not self._heard:
            self._heard = True
            self._asked = None  # what was asked before, or just now, is cleared by the start
            self._ask_to_stop()
        match event:
            case ev.Failed(code="bug"):
                errors.report_text(event.details)
            case ev.Failed():
                self._say("training", messages.sentence(event.code, event.values))
        self.event_arrived.emit(event)

    def _on_thread_ended(self) -> None:
        assert self._thread is not None
        self._thread.wait()  # it says so a moment before it is
        self._thread.deleteLater()
        self._thread = None
        self._set_state(self._rest)
        self.run_changed.emit(self.run)
        self._settle()

    def _ask_to_stop(self) -> None:
        """Write the wish to stop; one writer at a time, :meth:`_on_asked` repeats what changed."""
        if self._stop and self._thread and self.run and not self._ask.running:
            self._asked = self._stop
            self._ask.start(self.run, self._stop)

    def _on_asked(self, _nothing: UserError | None) -> None:
        """A request that could not be written, before the run was claimed, is repeated then."""
        if self._asked != self._stop:
            self._ask_to_stop()

    # -- runs

    def _set_run(self, run: Run | None, history: History) -> None:
        self.run, self.history = run, history
        self.run_changed.emit(run)
        self.history_reset.emit(history)

    def _on_shown(self, shown: tuple[Run, History]) -> None:
        self._say("runs")
        self._set_run(*shown)
        self.run_shown.emit(self.run)

    def _on_settings_read(self, settings: reading.RunSettings) -> None:
        if self._postponed(functools.partial(self._on_settings_read, settings), "dataset"):
            return
        recipe, text = settings.recipe, _("Open the data of a run")
        if self.dataset is not None and _source_of(recipe) == _source_of(self.recipe):
            self.change(recipe, text)
            return
        past = [] if self.dataset is None else [*self._past, Edit(self.recipe, text)]
        opening = _Opening(recipe.data, recipe.modality, settings=recipe, past=past)
        self._begin_scan(replace(opening, fingerprint=settings.fingerprint))

    def _on_compared(self, compared: tuple[Run, History] | None) -> None:
        self._say("runs")
        self.compared = compared
        self.compared_changed.emit(compared)

    # -- states

    def _postponed(self, wish: Callable[[], object], panel: str) -> bool:
        """Whether ``wish`` cannot be done now: kept while stopping, refused while training."""
        if self._state is State.STOPPING:
            self._wish = wish
        elif self._state is State.TRAINING:
            text = _("A training is running. Stop it first, or wait until it ends.")
            self._say(panel, text, "info")
        return self.training or self._closing

    @property
    def _rest(self) -> State:
        return State.EMPTY if self.dataset is None else State.READY

    def _settle(self) -> None:
        """Nothing runs any more."""
        self._set_state(self._rest)
        if self._closing:
            self._leave()
        self._fulfil()

    def _leave(self) -> None:
        """Nothing runs any more; what was corrected last may still be written."""
        if self.corrections.idle:
            self.closed.emit(self)

    def _on_corrections_saved(self) -> None:
        if self._closing and not self.training:
            self.closed.emit(self)

    def _fulfil(self) -> None:
        wish, self._wish = self._wish, None
        if wish is not None:
            wish()

    def _set_state(self, state: State) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _say(
        self, panel: str, text: str = "", level: Literal["info", "warning", "error"] = "error"
    ) -> None:
        self.message.emit(Message(level, text, panel))

    def _say_error(self, panel: str) -> Callable[[UserError], None]:
        return lambda error: self._say(panel, str(error))


@dataclass(frozen=True)
class _Opening:
    """What is scanned, and what is in force once it was.

    Attributes:
        modality: what the data are; None where they must tell.
        settings: the recipe to take over but for its data; None for the one in force.
        before: the recipe to return to when the next data are opened, None to keep it.
        past, future: the steps of undo.
        fingerprint: of these data, corrected, when a run was trained on them; empty where no run
            is opened.
        corrected: use the corrections that are saved for them, without asking.
    """

    data: DataOptions
    modality: str | None = None
    settings: Recipe | None = None
    before: Recipe | None = None
    past: list[Edit] = field(default_factory=list)
    future: list[Edit] = field(default_factory=list)
    fingerprint: str = ""
    corrected: bool = False


def _source_of(recipe: Recipe) -> tuple[Any, ...]:
    """What needs a new scan when it changes."""
    return recipe.modality, recipe.data.path, recipe.data.test, recipe.data.options


def _division_of(recipe: Recipe) -> tuple[Any, ...]:
    """What needs a new split when it changes."""
    return recipe.data, recipe.split, recipe.run.seed


def _weights_of(recipe: Recipe) -> tuple[Any, ...]:
    """What weights are looked for, and where."""
    return recipe.modality, recipe.weights_dir
