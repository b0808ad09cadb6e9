"""The state machine behind the window: what is open, what is decided, what runs.

::

    EMPTY --open_data--> SCANNING --> READY --start_training--> TRAINING --> READY
                            |           ^                          |
                            +- cancel --+-- the thread has ended - STOPPING <- stop
                                        resume: SCANNING, then TRAINING

Everything that panels do to the program is a method here, or of one of the parts
that are put together here, and what happens when it is called in each state is
defined; a click too many is never an error:

- While a training is being stopped, a wish (open, train, resume) is kept and
  fulfilled when its thread has ended; the last wish counts.
- While a training runs, opening a folder or a run is refused with a sentence;
  the window asks first and stops the training itself.
- Opening a folder while one is scanned scans the new one instead.
- A second Train or Stop does nothing, except that Cancel after Stop hurries it.

Edits of settings, exclusions and labels are all changes of one immutable
recipe, so that undo is a list of recipes. A change for which data are read
first is in force when they were read; what is changed before then is a change
of that recipe, ``wanted``. Files are read and written in tasks
only: a slow disk never stalls the window.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal, SignalInstance

from transfergui.core import plans
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.messages import Level, for_window
from transfergui.core.base.paths import shown
from transfergui.core.data.companions import CompanionOptions
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import WeightState
from transfergui.core.interfaces.plan import Plan
from transfergui.core.projects import after
from transfergui.core.recipe import Recipe, for_modality
from transfergui.core.resolve import for_other_data, for_targets
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run, Stop
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.companion_reader import CompanionReader
from transfergui.gui.session.comparison import Comparison
from transfergui.gui.session.data_opener import DataOpener, Opening
from transfergui.gui.session.forward import Forward
from transfergui.gui.session.pending import PendingChange, source_of
from transfergui.gui.session.project import Project
from transfergui.gui.session.project_file import ProjectFile
from transfergui.gui.session.saved_corrections import SavedCorrections
from transfergui.gui.session.shown_run import ShownRun
from transfergui.gui.session.states import Message, State, StateMachine
from transfergui.gui.session.trainer_thread import training
from transfergui.gui.session.training_runner import Source, TrainingRunner
from transfergui.gui.session.undo_stack import Edits, UndoStack

NOT_MOVED: Mapping[str, Path] = {}
NONE_BESIDE = CompanionOptions()


class Session(QObject):
    """See the module. The attributes are there to read; methods change them.

    Args:
        parent: Qt's owner.
        source: makes the events of a training; another one in tests.

    Attributes:
        project: the data, the recipe and the plan; its attributes and signals are read here, too.
        undo_stack: the changes of the recipe.
        corrections: those of the open data that were made before.
        project_file: the file in which what is open is saved.
        opener: of data, where they are asked about.
        shown_run: the run that is trained or shown, with its history.
        comparison: a run laid under it.
        runner: of a training.
    """

    state_changed = Signal(object)  # State
    message = Signal(object)  # Message
    data_checked = Signal()  # the checks of the open data are done; their findings are kept
    promise_changed = Signal(object, object)  # path of a run; the share that may be wrong, or None
    setting_wanted = Signal(str)  # its path in the recipe: a sentence advises to change it
    waiting_changed = Signal()  # a training begins once data are read, or no longer
    closed = Signal(object)  # Session: nothing runs any more

    recipe = Forward[Recipe]("project")
    weights = Forward[Mapping[str, WeightState]]("project")
    scanned = Forward[Dataset | None]("project")
    dataset = Forward[Dataset | None]("project")
    split = Forward[Split | None]("project")
    plan = Forward[Plan | None]("project")
    plan_error = Forward[UserError | None]("project")
    dataset_changed = Forward[SignalInstance]("project")
    recipe_changed = Forward[SignalInstance]("project")
    plan_changed = Forward[SignalInstance]("project")
    companions = Forward[CompanionReader]("project")
    weights_changed = Forward[SignalInstance]("project")

    run = Forward[Run | None]("shown_run")
    history = Forward[History]("shown_run")
    run_changed = Forward[SignalInstance]("shown_run")
    history_reset = Forward[SignalInstance]("shown_run")
    run_shown = Forward[SignalInstance]("shown_run")
    event_arrived = Forward[SignalInstance]("runner")

    resumed_from = Forward[str]("opener")
    scan_progressed = Forward[SignalInstance]("opener")
    asked = Forward[SignalInstance]("opener")
    resume_doubted = Forward[SignalInstance]("opener")
    resume_refused = Forward[SignalInstance]("opener")

    def __init__(self, parent: QObject | None = None, source: Source = training) -> None:
        super().__init__(parent)
        states = self._states = StateMachine(self.state_changed.emit, self.say, self._leave)
        self.project = Project(self, states, self.say, lambda: self.opener.running)
        self._pending: PendingChange | None = None
        self.undo_stack = UndoStack(self, lambda: self.wanted, self._adopt)
        self.shown_run = ShownRun(self, states, self.say)
        self.comparison = Comparison(self, functools.partial(self._say_error, "runs"))
        self.runner = TrainingRunner(self, states, self.shown_run, self.say, source)
        self.shown_run.watch_wanted.connect(self.runner.follow)
        self.runner.helper.changed.connect(self._leave_late)
        self.runner.taken.connect(lambda run: self.open_run(run.path))
        self.opener = DataOpener(
            self,
            states,
            self.say,
            lambda: self.recipe,
            self._on_opened,
            self._on_reopened,
            self.runner.give_up,
            self._read,
            self._give_up_change,
        )
        self.corrections = SavedCorrections(self, self.undo_stack, lambda: self.recipe.data)
        self.state_changed.connect(self._follow)
        self.recipe_changed.connect(self.corrections.follow_recipe)
        self.corrections.rested.connect(self._leave_late)
        self.project_file = ProjectFile(self, self)
        self.runner.undone.connect(self.project_file.forget)
        self._take_over, self._earlier = (
            Task(self, read, self._on_settings_read, functools.partial(self._say_error, "dataset"))
            for read in (loading.settings_to_open, loading.settings_as_they_were)
        )

    # -- what panels read

    @property
    def state(self) -> State:
        return self._states.state

    @property
    def wanted(self) -> Recipe:
        """What every change starts from: the recipe in force, or the one that will be once the
        data are read that it needs."""
        return self.recipe if self._pending is None else self._pending.recipe

    @property
    def training(self) -> bool:
        """Whether a training runs or is being stopped."""
        return self._states.training

    @property
    def working_out(self) -> bool:
        """Whether data are read or divided, or the settings resolved, at this moment."""
        return self.opener.running or self.project.working_out

    @property
    def obstacle(self) -> str:
        """Why no training can be started now, as a sentence; empty when one can."""
        if self.plan_error is not None:
            return for_window(str(self.plan_error))
        lacks = plans.obstacle(self.plan, self.weights) if self.plan is not None else None
        if lacks is not None and self.state is State.READY:
            return for_window(str(lacks))
        return {
            State.EMPTY: _("Open a folder with your data first."),
            State.SCANNING: _("The data are still being read. Wait until they are shown."),
            State.READY: "",
            State.TRAINING: _("A training is running."),
            State.STOPPING: _("Training is being stopped."),
        }[self.state]

    def say(self, panel: str, text: str = "", level: Level = "error") -> None:
        """Say something on a panel until something else is said; without a text, say nothing."""
        self.message.emit(Message(level, for_window(text), panel))

    def _say_error(self, panel: str, error: UserError | None) -> None:
        self.say(panel, str(error or ""))

    # -- data

    def open_data(self, path: Path, beside: CompanionOptions = NONE_BESIDE) -> None:
        """Scan a folder, a manifest or a zip, without the corrections of what was open before.

        Args:
            beside: other data that were used with these last time.
        """
        if not self._states.postponed(functools.partial(self.open_data, path, beside), "dataset"):
            settings = self.opener.before_sample
            opening = Opening(DataOptions(path=str(path)), settings=settings, beside=beside)
            self.opener.open(opening)

    def open_labelled(self, data: DataOptions, modality: str) -> None:
        """Open data whose labels are in a table of their own (``data.labels``)."""
        wish = functools.partial(self.open_labelled, data, modality)
        if not self._states.postponed(wish, "dataset"):
            self.opener.open(Opening(data, modality, settings=self.opener.before_sample))

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

    def open_data_of(self, run: Run) -> None:
        """Open the data of a run, with its settings and corrections; one step of undo."""
        if not self._states.postponed(functools.partial(self.open_data_of, run), "dataset"):
            self._take_over.start(run)

    def open_data_as_they_were(self, run: Run) -> None:
        """Open the examples that a run was made of, and no others, in the parts that they had; what
        has changed since is said. One step of undo."""
        wish = functools.partial(self.open_data_as_they_were, run)
        if not self._states.postponed(wish, "dataset"):
            self._earlier.start(run)

    def open_project(self, path: Path) -> None:
        """Open a project file: see :meth:`ProjectFile.open`."""
        self.project_file.open(path)

    def postponed(self, wish: Callable[[], object]) -> bool:
        """Whether data cannot be opened now: ``wish`` is kept while a training is being stopped,
        and refused while one runs."""
        return self._states.postponed(wish, "dataset")

    def cancel_scan(self) -> None:
        """Stay with what was open before."""
        if self.state is State.SCANNING:
            self.opener.cancel()
            self._states.settle()

    def _on_opened(self, opening: Opening, scanned: Dataset) -> None:
        pending, self._pending = self._pending, None
        if pending is None:
            self.undo_stack.edits = opening.edits
        else:  # its steps of undo are there already
            opening = replace(opening, settings=pending.recipe, data=pending.recipe.data)
        self.corrections.follow(scanned, opening.corrected)
        settings = self._with_base(opening.settings or self.recipe)
        another = settings.data.path != opening.data.path
        if another:  # those of other data are not theirs
            settings = msgspec.structs.replace(settings, companions=opening.beside)
        settings = for_modality(settings, scanned.modality)
        settings = for_targets(settings, scanned.targets)
        if another:
            settings = after.of_other_data(for_other_data(settings))
        recipe = msgspec.structs.replace(settings, data=opening.data)
        self.project.open(scanned, recipe, opening.fingerprint)

    def _with_base(self, settings: Recipe) -> Recipe:
        """``settings`` without a test set that nobody knows any more, which is said."""
        if not after.lacks_base(settings):
            return settings
        text = _(
            "The run whose test set was kept is missing, so the data are split again: {path}. "
            "Results are no longer measured on the same test set."
        )
        path = shown(Path(settings.split.kept).parent)
        self.say("data", text.format(path=path), "warning")
        return after.of_other_data(settings)

    def _on_settings_read(self, settings: loading.RunSettings) -> None:
        wish = functools.partial(self._on_settings_read, settings)
        if self._states.postponed(wish, "dataset"):
            return
        recipe, text = settings.recipe, _("Open the data of a run")
        if self.dataset is not None and not self._needs_reading(recipe):
            self.change(recipe, text)
            return
        past = () if self.dataset is None else self.undo_stack.past_with(text)
        opening = Opening(recipe.data, recipe.modality, settings=recipe, edits=Edits(past))
        self._read(replace(opening, fingerprint=settings.fingerprint, change=True))

    # -- settings

    def change(self, recipe: Recipe, text: str, merge: bool = False) -> None:
        """Replace the recipe, with undo: see :meth:`UndoStack.change`."""
        self.undo_stack.change(recipe, text, merge)

    def look_for_weights(self) -> None:
        """See :meth:`Project.look_for_weights`."""
        self.project.look_for_weights()

    def _adopt(self, recipe: Recipe, edits: Edits) -> bool:
        """Make ``recipe`` the one in force, scanning what it names where those are other data.

        Returns:
            Whether that was done, or has begun; False where it must wait for a training.
        """
        pending = self._pending
        if not recipe.data.path or not self._needs_reading(recipe):
            self._use(recipe, edits)
        elif pending is not None and pending.has_source(recipe):
            self._pending = replace(pending, recipe=recipe)
            self.undo_stack.edits = edits
            self.project.set_but_data(recipe)
        else:
            before = self.opener.before_sample
            opening = Opening(recipe.data, recipe.modality, recipe, before, edits, change=True)
            if not self._read(opening):
                return False
            self.project.set_but_data(recipe)
        return self._pending is None or self.state is not State.STOPPING

    def _needs_reading(self, recipe: Recipe) -> bool:
        """Whether the data of ``recipe`` are not those that are open, or read in another way."""
        in_force = self.recipe if self._pending is None else self._pending.before
        return source_of(recipe) != source_of(in_force)

    def _use(self, recipe: Recipe, edits: Edits) -> None:
        """Make a recipe for the open data the one in force; what is read for another is not."""
        pending, self._pending = self._pending, None
        self.undo_stack.edits = edits
        if pending is None:
            self.project.use(recipe)
            return
        self.opener.cancel()
        self.project.take_back(recipe)
        if self.state is State.SCANNING:
            self._states.settle()

    # -- changes for which data are read

    def _read(self, opening: Opening) -> bool:
        """Read data; where that is a change of the recipe, others may follow it meanwhile.

        Returns:
            Whether that will be done: it is refused while a training runs.
        """
        if not opening.change:
            self.opener.open(opening)
            return True
        waits = self._states.postponed(self._read_wanted, "dataset")
        if waits and self._states.wish != self._read_wanted:
            return False
        settings = opening.settings
        assert settings is not None
        modality = opening.modality or settings.modality
        recipe = msgspec.structs.replace(settings, data=opening.data, modality=modality)
        self._opening = replace(opening, settings=recipe)
        pending = self._pending
        if pending is None:
            pending = PendingChange(recipe, recipe, self.recipe, self.undo_stack.edits)
        self._pending = replace(pending, recipe=recipe)
        self.undo_stack.edits = opening.edits
        if not waits:
            self._read_wanted()
        return True

    def _read_wanted(self) -> None:
        pending, self._pending = self._pending, None  # which beginning anew does not give up
        self.opener.open(self._opening)
        self._pending = pending

    def _give_up_change(self) -> None:
        """The data of the change that is wanted will not be read."""
        pending, self._pending = self._pending, None
        if pending is not None:
            recipe, self.undo_stack.edits = pending.given_up(self.undo_stack.undo_text)
            self.project.take_back(recipe)

    def _follow(self, state: State) -> None:
        """After a training, another wish may have come in the place of the change that waited."""
        waits = self._states.wish == self._read_wanted
        if state is State.READY and not (self.opener.running or waits):
            self._give_up_change()

    # -- training

    def start_training(self) -> None:
        """Train the plan in a new run."""
        wish = self.start_training
        if self.state is State.TRAINING or self._states.postponed(wish, "training"):
            return
        if self.project.working_out:
            self._states.keep(wish)
        elif self.state is State.READY and self.plan is not None and not self.obstacle:
            self.runner.start(self.plan)
        self.waiting_changed.emit()

    @property
    def waits_to_train(self) -> bool:
        """Whether Train was pressed while data are read or divided: it begins after that."""
        return self._states.wish == self.start_training and not self.training

    def stop_waiting(self) -> None:
        """Train nothing once the data are read."""
        if self.waits_to_train:
            self._states.forget_wish()
            self.waiting_changed.emit()

    def stop(self, how: Stop) -> None:
        """End the training: ``finish`` keeps the best, ``cancel`` pauses it."""
        self._states.forget_wish()
        self.runner.stop(how)

    def resume(
        self,
        run: Run,
        changed: bool = False,
        panel: str = "runs",
        moved: Mapping[str, Path] = NOT_MOVED,
        only_follow: bool = False,
    ) -> None:
        """Go on with a run that was cancelled or interrupted, with its data and settings.

        Args:
            run: which.
            changed: go on even though the data are not what they were; without it,
                ``resume_doubted`` is emitted and nothing is trained.
            panel: whose button was pressed; if it cannot be resumed, that is said there.
            moved: where other data of the run are now, by the places where they were.
            only_follow: of one that is trained on another computer, begin nothing there.
        """
        wish = functools.partial(self.resume, run, changed, panel, moved, only_follow)
        if not self._states.postponed(wish, panel):
            self.opener.reopen(run, changed, panel, moved, only_follow)

    def _on_reopened(self, reopened: loading.Reopened) -> None:
        past = () if self.dataset is None else self.undo_stack.past_with(_("Resume a run"))
        self.undo_stack.edits = Edits(past)  # undo brings back the user's own settings
        self.opener.before_sample = self.opener.before_sample or self.recipe
        self.corrections.follow(reopened.scanned, anew=True)
        self.project.reopen(reopened)
        plan, run, history = reopened.plan, reopened.run, reopened.history
        if reopened.only_follow:
            self.runner.follow_elsewhere(plan, run, history)
        else:
            self.runner.resume(plan, run, history)

    def open_run(self, path: Path) -> None:
        """Show an earlier run."""
        if not self._states.postponed(functools.partial(self.open_run, path), "runs"):
            self.shown_run.open(path)

    # -- leaving

    def close(self) -> None:
        """End everything; a training that runs is left so that it can be resumed, one on another
        computer, or in another process, goes on.

        ``closed`` is emitted when its thread has ended, at once if there is none.
        """
        self._states.closing = True
        self.runner.helper.stop()
        self.project_file.save_now()
        tasks = self._take_over, self._earlier
        for work in (self.opener, self.project, self.shown_run, self.comparison, *tasks):
            work.cancel()
        if self.training and (self.runner.elsewhere or self.runner.watch):
            self.runner.leave()
        elif self.state is State.TRAINING:
            self.stop("cancel")
        elif not self.training:
            self._leave()

    def _leave(self) -> None:
        """Nothing runs any more; what was corrected last may still be written, and a search be
        left."""
        if self.corrections.idle and not self.runner.helper.running:
            self.project_file.release()
            self.closed.emit(self)

    def _leave_late(self) -> None:
        if self._states.closing and not self.training:
            self._leave()
