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

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core import plans
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import messages
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import Split
from transfergui.core.interfaces import Plan, WeightState
from transfergui.core.recipe import Recipe, for_modality
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run, Stop
from transfergui.gui.base import errors
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.comparison import Comparison
from transfergui.gui.session.data_opener import DataOpener, Opening
from transfergui.gui.session.plan_resolver import PlanResolver
from transfergui.gui.session.saved_corrections import SavedCorrections
from transfergui.gui.session.states import Level, Message, State, StateMachine
from transfergui.gui.session.trainer_thread import training
from transfergui.gui.session.training_runner import Source, TrainingRunner
from transfergui.gui.session.undo_stack import Edits, UndoStack


class Session(QObject):
    """See the module. The attributes are there to read; methods change them.

    Args:
        parent: Qt's owner.
        source: makes the events of a training; another one in tests.

    Attributes:
        recipe: all settings.
        weights: where the weights of the modality's networks are, by key, as last looked; empty
            until that is known.
        scanned: what is open, without exclusions and labels.
        dataset: what is open, exclusions and labels applied; None before the first.
        split: of ``dataset``; None where nothing can be learnt from it.
        plan: the recipe resolved; None where it does not fit, then ``plan_error`` says why.
        run: the run that is trained or shown; None before the first and while one is made.
        history: what ``run`` has reported so far.
        comparison: a run laid under ``run``.
        undo_stack: the changes of the recipe.
        opener: of data, where they are asked about.
        corrections: those of the open data that were made before.
        resumed_from: key of the panel whose button has resumed a run last.
    """

    state_changed = Signal(object)  # State
    dataset_changed = Signal(object)  # Dataset; its split is in ``split``
    recipe_changed = Signal(object)  # Recipe
    plan_changed = Signal(object)  # Plan | None
    weights_changed = Signal(object)  # dict[str, WeightState]: weights arrived, or are gone
    event_arrived = Signal(object)  # Event, already in ``history``
    history_reset = Signal(object)  # History, replaced
    run_changed = Signal(object)  # Run | None: another one, or its training has ended
    run_shown = Signal(object)  # Run: an earlier one, whose data can be opened; ``open_data_of``
    message = Signal(object)  # Message
    scan_progressed = Signal(object)  # int, files seen
    asked = Signal(object)  # Question about the data that are opened; see ``opener.answer``
    resume_doubted = Signal(object)  # Run whose data have changed; see ``resume``
    resume_refused = Signal(object)  # str, the panel on which it was said why
    closed = Signal(object)  # Session: nothing runs any more

    def __init__(self, parent: QObject | None = None, source: Source = training) -> None:
        super().__init__(parent)
        self.recipe = Recipe()
        self.weights: Mapping[str, WeightState] = {}
        self.scanned: Dataset | None = None
        self.dataset: Dataset | None = None
        self.split: Split | None = None
        self.plan: Plan | None = None
        self.plan_error: UserError | None = None
        self.run: Run | None = None
        self.history = History()
        self.resumed_from = "runs"
        self._run_fingerprint = ""
        self._states = StateMachine(self.state_changed.emit, self.say, self._leave)
        self.undo_stack = UndoStack(self, lambda: self.recipe, self._adopt)
        self.comparison = Comparison(self, functools.partial(self._say_error, "runs"))
        self.corrections = SavedCorrections(self, self.undo_stack)
        self.recipe_changed.connect(self.corrections.follow_recipe)
        self.corrections.rested.connect(self._on_corrections_saved)
        self._make_workers(source)

    def _make_workers(self, source: Source) -> None:
        self.opener = DataOpener(
            self,
            lambda: self.recipe,
            begun=self._on_scan_begun,
            opened=self._on_opened,
            refused=self._on_not_opened,
            reopened=self._on_reopened,
            not_reopened=self._on_not_reopened,
            not_launched=self._on_not_launched,
            progress=self.scan_progressed.emit,
            broken=self._states.settle,
        )
        self._resolver = PlanResolver(
            self,
            derived=self._on_derived,
            resolved=self._set_plan,
            settled=self._settle_unless_busy,
            broken=self._on_not_derived,
        )
        self._runner = TrainingRunner(
            self,
            source,
            created=self._on_created,
            refused=self._on_not_created,
            broken=self._on_not_launched,
            reported=self._on_event,
            ended=self._on_training_ended,
        )
        said = functools.partial(functools.partial, self._say_error)
        self._look = Task(self, loading.look, self._on_looked, said("backbone"))
        self._show = Task(self, loading.read_run, self._on_shown, said("runs"))
        self._take_over = Task(self, loading.settings_of, self._on_settings_read, said("dataset"))

    # -- what panels read

    @property
    def state(self) -> State:
        return self._states.state

    @property
    def training(self) -> bool:
        """Whether a training runs or is being stopped."""
        return self._states.training

    @property
    def working_out(self) -> bool:
        """Whether data are read or divided, or the settings resolved, at this moment."""
        return self.opener.running or self._resolver.running

    @property
    def obstacle(self) -> str:
        """Why no training can be started now, as a sentence; empty when one can."""
        if self.plan_error is not None:
            return str(self.plan_error)
        lacks = plans.obstacle(self.plan, self.weights) if self.plan is not None else None
        if lacks is not None and self.state is State.READY:
            return str(lacks)
        return {
            State.EMPTY: _("Open a folder first: the program learns from your own data."),
            State.SCANNING: _("The folder is still being looked through."),
            State.READY: "",
            State.TRAINING: _("A training is running."),
            State.STOPPING: _("The training is being stopped."),
        }[self.state]

    def say(self, panel: str, text: str = "", level: Level = "error") -> None:
        """Say something on a panel until something else is said; without a text, say nothing."""
        self.message.emit(Message(level, text, panel))

    def _say_error(self, panel: str, error: UserError | None) -> None:
        self.say(panel, str(error or ""))

    # -- data

    def open_data(self, path: Path) -> None:
        """Scan a folder, a manifest or a zip, without the corrections of what was open before."""
        if not self._states.postponed(functools.partial(self.open_data, path), "dataset"):
            settings = self.opener.before_sample
            self.opener.open(Opening(DataOptions(path=str(path)), settings=settings))

    def open_again(self, recipe: Recipe) -> None:
        """Open data with the settings that they had, and use the corrections saved for them.

        Args:
            recipe: without corrections.
        """
        if not self._states.postponed(functools.partial(self.open_again, recipe), "dataset"):
            opening = Opening(recipe.data, recipe.modality, settings=recipe, corrected=True)
            self.opener.open(opening)

    def open_sample(self, key: str = samples.DEFAULT) -> None:
        """Open a bundled sample, with settings of its own until other data are opened."""
        if not self._states.postponed(functools.partial(self.open_sample, key), "dataset"):
            self.opener.open_sample(key)

    def cancel_scan(self) -> None:
        """Stay with what was open before."""
        if self.state is State.SCANNING:
            self._cancel_scan()
            self._states.settle()

    def _cancel_scan(self) -> None:
        self.opener.cancel()
        self._states.forget_wish()

    def _on_scan_begun(self) -> None:
        self._states.forget_wish()
        self.say("dataset")
        self._states.enter(State.SCANNING)

    def _on_opened(self, opening: Opening, scanned: Dataset) -> None:
        self.undo_stack.edits = opening.edits
        self._run_fingerprint = opening.fingerprint
        self.scanned = scanned
        self.corrections.follow(scanned, opening.corrected)
        settings = for_modality(opening.settings or self.recipe, scanned.modality)
        self._set_recipe(msgspec.structs.replace(settings, data=opening.data))
        self._resolver.derive(scanned, self.recipe)

    def _on_not_opened(self, error: UserError) -> None:
        if isinstance(error, Question):
            self._states.settle()
            self.asked.emit(error)
        else:
            self.say("dataset", str(error))
            self._states.settle()

    # -- settings

    def change(self, recipe: Recipe, text: str, merge: bool = False) -> None:
        """Replace the recipe, with undo: see :meth:`UndoStack.change`."""
        self.undo_stack.change(recipe, text, merge)

    def look_for_weights(self) -> None:
        """Look which weights are on this computer (now), and resolve the recipe by that."""
        self._look.start(self.recipe)

    def _adopt(self, recipe: Recipe, edits: Edits) -> bool:
        """Make ``recipe`` the one in force, working out again what depends on what changed.

        Returns:
            Whether that was done, or has begun; False where it must wait for a training.
        """
        old = self.recipe
        if recipe.data.path and _source_of(recipe) != _source_of(old):
            if self._states.postponed(lambda: self._adopt(recipe, edits), "dataset"):
                return False
            self._set_recipe(msgspec.structs.replace(recipe, data=old.data))
            before = self.opener.before_sample
            self.opener.open(Opening(recipe.data, recipe.modality, before=before, edits=edits))
            return True
        self.undo_stack.edits = edits
        self._set_recipe(recipe)
        if self.scanned is not None and _division_of(recipe) != _division_of(old):
            self._resolver.derive(self.scanned, self.recipe)
        elif not self._resolver.deriving:
            self._resolver.resolve(self.recipe, self.split, self.weights)
        return True

    def _on_derived(self, derived: loading.Derived) -> None:
        self._take_data(derived.dataset, derived.split)
        self._set_weights(derived.weights)
        self.say("dataset", str(derived.error or ""))
        self._compare_with_run(derived.dataset)
        self.dataset_changed.emit(self.dataset)
        if derived.error is None:
            self._resolver.resolve(self.recipe, self.split, self.weights)
        else:
            self._resolver.cancel_resolving()
            self._set_plan(None, derived.error)
        self._settle_unless_busy()

    def _take_data(self, dataset: Dataset, split: Split | None) -> None:
        self.dataset, self.split = dataset, split
        self._states.rest = State.READY

    def _compare_with_run(self, dataset: Dataset) -> None:
        """Tell once where the data of a run are opened and have changed since."""
        before, self._run_fingerprint = self._run_fingerprint, ""
        if before not in ("", dataset.fingerprint):
            text = _("Files were added, removed or changed since this run was trained.")
            self.say("dataset", text, "warning")

    def _on_not_derived(self) -> None:
        """A bug was reported. What was open before stays, but no longer fits the recipe."""
        self._set_plan(None, None)
        self._settle_unless_busy()

    def _settle_unless_busy(self) -> None:
        if not (self.training or self.working_out):
            self._states.settle()

    def _on_looked(self, states: Mapping[str, WeightState]) -> None:
        if states != self.weights:
            self._set_weights(states)
            if not self._resolver.deriving:
                self._resolver.resolve(self.recipe, self.split, self.weights)

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

    def start_training(self) -> None:
        """Train the plan in a new run."""
        wish = self.start_training
        if self.state is State.TRAINING or self._states.postponed(wish, "training"):
            return
        if self._resolver.running:
            self._states.keep(wish)
        elif self.state is State.READY and self.plan is not None and not self.obstacle:
            self._begin_training(self.plan)
            self._runner.create()

    def stop(self, how: Stop) -> None:
        """End the training: ``finish`` keeps the best, ``cancel`` leaves it to be resumed."""
        self._states.forget_wish()
        hurried = self.training and how == "cancel" != self._runner.stopping
        if self.state is State.TRAINING or hurried:
            self._runner.stopping = how
            self._states.enter(State.STOPPING)
            self._runner.ask_to_stop()

    def resume(self, run: Run, changed: bool = False, panel: str = "runs") -> None:
        """Go on with a run that was cancelled or interrupted, with its data and settings.

        Args:
            run: which.
            changed: go on even though the data are not what they were; without it,
                ``resume_doubted`` is emitted and nothing is trained.
            panel: whose button was pressed; if it cannot be resumed, that is said there.
        """
        if not self._states.postponed(functools.partial(self.resume, run, changed, panel), panel):
            self.resumed_from = panel
            self.say(panel)
            self._cancel_scan()
            self._states.enter(State.SCANNING)
            self.opener.reopen(run, changed)

    def _on_not_reopened(self, error: UserError) -> None:
        self._states.settle()
        self.say(self.resumed_from, str(error))
        self.resume_refused.emit(self.resumed_from)

    def _on_reopened(self, reopened: loading.Reopened) -> None:
        if not reopened.same:
            self._states.settle()
            self.resume_doubted.emit(reopened.run)
            return
        self.undo_stack.edits = Edits()
        self.opener.before_sample = None
        self._resolver.cancel()
        self.scanned = reopened.scanned
        self._take_data(reopened.dataset, reopened.plan.split)
        self.corrections.follow(reopened.scanned)
        self._set_recipe(reopened.plan.recipe)
        self.dataset_changed.emit(self.dataset)
        self._set_plan(reopened.plan, None)
        self._begin_training(reopened.plan)
        self._launch(reopened.run, reopened.history)

    def _begin_training(self, plan: Plan) -> None:
        self._runner.prepare(plan)
        self.say("training")
        self._show.cancel()
        self._set_run(None, History())  # before anybody asks how far the training is
        self._states.enter(State.TRAINING)

    def _on_created(self, run: Run) -> None:
        if self._states.closing:
            self._states.settle()  # the run can be resumed, as any other
        else:
            self._launch(run, History())

    def _on_not_created(self, error: UserError) -> None:
        self.say("training", str(error))
        self._states.settle()

    def _on_not_launched(self) -> None:
        """A bug was reported. Where the thread was begun by then, its end is waited for."""
        if self._runner.running:
            self.stop("cancel")
        else:
            self._states.settle()

    def _launch(self, run: Run, history: History) -> None:
        self._set_run(run, history)
        self._runner.launch(run, history)

    def _on_event(self, event: ev.Event) -> None:
        match event:
            case ev.Failed(code="bug"):
                errors.report_text(event.details)
            case ev.Failed():
                self.say("training", messages.sentence(event.code, event.values))
        self.event_arrived.emit(event)

    def _on_training_ended(self) -> None:
        self._states.enter(self._states.rest)
        self.run_changed.emit(self.run)
        self._states.settle()

    # -- runs

    def open_run(self, path: Path) -> None:
        """Show an earlier run."""
        if not self._states.postponed(functools.partial(self.open_run, path), "runs"):
            self._show.start(path)

    def open_data_of(self, run: Run) -> None:
        """Open the data of a run, with its settings and corrections; one step of undo."""
        if not self._states.postponed(functools.partial(self.open_data_of, run), "dataset"):
            self._take_over.start(run)

    def tell_renamed(self, path: Path) -> None:
        """A run was renamed: where it is the one that is shown, its name is read again."""
        if self.run is not None and self.run.path == path and not self.training:
            self.run_changed.emit(self.run)

    def _set_run(self, run: Run | None, history: History) -> None:
        self.run, self.history = run, history
        self.run_changed.emit(run)
        self.history_reset.emit(history)

    def _on_shown(self, shown: tuple[Run, History]) -> None:
        self.say("runs")
        self._set_run(*shown)
        self.run_shown.emit(self.run)

    def _on_settings_read(self, settings: loading.RunSettings) -> None:
        wish = functools.partial(self._on_settings_read, settings)
        if self._states.postponed(wish, "dataset"):
            return
        recipe, text = settings.recipe, _("Open the data of a run")
        if self.dataset is not None and _source_of(recipe) == _source_of(self.recipe):
            self.change(recipe, text)
            return
        past = () if self.dataset is None else self.undo_stack.past_with(text)
        opening = Opening(recipe.data, recipe.modality, settings=recipe, edits=Edits(past))
        self.opener.open(replace(opening, fingerprint=settings.fingerprint))

    # -- leaving

    def close(self) -> None:
        """End everything; a training that runs is left so that it can be resumed.

        ``closed`` is emitted when its thread has ended, at once if there is none.
        """
        self._states.closing = True
        self._cancel_scan()
        for work in (self._resolver, self._look, self._show, self._take_over, self.comparison):
            work.cancel()
        if self.state is State.TRAINING:
            self.stop("cancel")
        elif not self.training:
            self._leave()

    def _leave(self) -> None:
        """Nothing runs any more; what was corrected last may still be written."""
        if self.corrections.idle:
            self.closed.emit(self)

    def _on_corrections_saved(self) -> None:
        if self._states.closing and not self.training:
            self.closed.emit(self)


def _source_of(recipe: Recipe) -> tuple[Any, ...]:
    """What needs a new scan when it changes."""
    return recipe.modality, recipe.data.path, recipe.data.test, recipe.data.options


def _division_of(recipe: Recipe) -> tuple[Any, ...]:
    """What needs a new split when it changes."""
    return recipe.data, recipe.split, recipe.run.seed


def _weights_of(recipe: Recipe) -> tuple[Any, ...]:
    """What weights are looked for, and where."""
    return recipe.modality, recipe.weights_dir
