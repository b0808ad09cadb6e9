"""Data are scanned, new ones and those of a run, and asked about where they are ambiguous."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.companions import CompanionOptions
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.projects import after
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.states import Say, State, StateMachine
from transfergui.gui.session.undo_stack import Edits


@dataclass(frozen=True)
class Opening:
    """What is scanned, and what is in force once it was.

    Attributes:
        modality: what the data are; None where they must tell.
        settings: the recipe to take over but for its data; None for the one in force.
        before: the recipe to return to when the next data are opened, None to keep it.
        edits: the steps of undo.
        fingerprint: of these data, corrected, when a run was trained on them; empty where no run
            is opened.
        corrected: use the corrections that are saved for them, without asking.
        change: whether this is a change of the recipe; then ``settings`` has its data, too.
        beside: other data that were used with these data; those of ``settings`` are used where
            they are for the same data.
    """

    data: DataOptions
    modality: str | None = None
    settings: Recipe | None = None
    before: Recipe | None = None
    edits: Edits = field(default_factory=Edits)
    fingerprint: str = ""
    corrected: bool = False
    change: bool = False
    beside: CompanionOptions = field(default_factory=CompanionOptions)


class DataOpener(QObject):
    """See the module; beginning cancels what was scanned before.

    Args:
        parent: Qt's owner.
        states: of the session.
        say: says something on a panel.
        recipe: returns the recipe in force.
        opened: called with what was scanned, and the dataset without corrections.
        reopened: called with a run that goes on, and its data.
        not_launched: called after a bug in that.
        answered: called with what is opened once a question about it was answered.
        given_up: called where what was opened will not be read: it cannot be, or is wanted no more.

    Attributes:
        resumed_from: key of the panel whose button has resumed a run last.
        before_sample: the recipe before a sample was opened or a run was resumed, which have
            settings of their own; None where neither is open.
    """

    scan_progressed = Signal(object)  # int, files seen
    refused = Signal(object, object)  # path of data that are not read now, and the UserError why
    asked = Signal(object)  # Question about the data that are opened; see ``answer``
    resume_doubted = Signal(object)  # Run whose data have changed; see ``reopen``
    resume_refused = Signal(object)  # str, the panel on which it was said why
    companion_moved = Signal(object, object)  # Run, and the path where its other data were

    def __init__(
        self,
        parent: QObject,
        states: StateMachine,
        say: Say,
        recipe: Callable[[], Recipe],
        opened: Callable[[Opening, Dataset], object],
        reopened: Callable[[loading.Reopened], object],
        not_launched: Callable[[], object],
        answered: Callable[[Opening], object],
        given_up: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.before_sample: Recipe | None = None
        self.resumed_from = "runs"
        self._states, self._say, self._recipe = states, say, recipe
        self._opened, self._reopened = opened, reopened
        self._answered, self._given_up = answered, given_up
        self._question: Question | None = None
        self._taken = ""
        report, settle, failed = self.scan_progressed.emit, states.settle, self._on_not_opened
        self._scan = Task(
            self, loading.scan, self._on_scanned, self._on_not_scanned, report, settle
        )
        self._sample = Task(
            self, loading.scan_sample, self._on_sample_scanned, failed, report, settle
        )
        self._reopen = Task(
            self, loading.reopen, self._on_reopened, self._on_not_reopened, report, not_launched
        )

    @property
    def running(self) -> bool:
        return any(task.running for task in self._tasks)

    @property
    def _tasks(self) -> tuple[Task, ...]:
        return self._scan, self._sample, self._reopen

    def open(self, opening: Opening) -> None:
        """Scan data."""
        self._begin()
        self._opening = opening
        settings = opening.settings or self._recipe()
        same = settings.data.path == opening.data.path
        kept = settings.split.kept if same and not after.lacks_base(settings) else ""
        self._scan.start(opening.modality, opening.data, kept)

    def open_sample(self, key: str) -> None:
        """Scan a bundled sample, with settings of its own until other data are opened."""
        self._begin()
        self._sample.start(key)

    def reopen(
        self, run: Run, changed: bool, panel: str, moved: Mapping[str, Path], only_follow: bool
    ) -> None:
        """Scan the data of a run that shall go on; see :meth:`Session.resume`."""
        self.resumed_from = panel
        self._say(panel, "", "error")
        self.cancel()
        self._states.enter(State.SCANNING)
        self._resuming = run
        self._reopen.start(run, changed, moved, only_follow)

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
        self._answered(replace(opening, modality=tree["modality"], data=data))

    def cancel(self) -> None:
        """Scan nothing any more, and forget what was wanted next."""
        for task in self._tasks:
            task.cancel()
        self._states.forget_wish()
        self._given_up()

    def _begin(self) -> None:
        self._question, self._taken = None, ""
        self.cancel()
        self._say("dataset", "", "error")
        self._states.enter(State.SCANNING)

    def _on_scanned(self, scanned: Dataset) -> None:
        self.before_sample = self._opening.before
        self._opened(self._opening, scanned)
        if self._taken:
            self._say("data", self._taken, "warning")

    def _on_sample_scanned(self, found: tuple[Recipe, Dataset]) -> None:
        recipe, scanned = found
        before = self.before_sample or self._recipe()
        self._opening = Opening(recipe.data, recipe.modality, settings=recipe, before=before)
        self._on_scanned(scanned)

    def _on_not_scanned(self, error: UserError) -> None:
        if isinstance(error, Question):
            self._question = error
            self._given_up()
            self._states.settle()
            self.refused.emit(self._opening.data.path, error)
            if error.certain:
                self._take(error)
            else:
                self.asked.emit(error)
        else:
            self._on_not_opened(error)
            self.refused.emit(self._opening.data.path, error)

    def _take(self, question: Question) -> None:
        """Open data with the only answer that there is; said once they are shown."""
        self.answer(question, question.guess)
        text = _(
            "No column holds classes, so the numbers in “{name}” are predicted. You can change "
            "this under “How your data are read”."
        )
        self._taken = text.format(name=question.note.values["names"])

    def _on_not_opened(self, error: UserError) -> None:
        self._say("dataset", str(error), "error")
        self._given_up()
        self._states.settle()

    def _on_reopened(self, reopened: loading.Reopened) -> None:
        if reopened.same:
            self._reopened(reopened)
        else:
            self._states.settle()
            self.resume_doubted.emit(reopened.run)

    def _on_not_reopened(self, error: UserError) -> None:
        self._states.settle()
        self._say(self.resumed_from, str(error), "error")
        self.resume_refused.emit(self.resumed_from)
        if error.code == "companion.moved":
            self.companion_moved.emit(self._resuming, error.note.values["path"])
