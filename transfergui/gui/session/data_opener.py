"""Data are scanned, new ones and those of a run, and asked about where they are ambiguous."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec
from PySide6.QtCore import QObject

from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
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
    """

    data: DataOptions
    modality: str | None = None
    settings: Recipe | None = None
    before: Recipe | None = None
    edits: Edits = field(default_factory=Edits)
    fingerprint: str = ""
    corrected: bool = False


class DataOpener(QObject):
    """See the module; beginning cancels what was scanned before.

    Args:
        parent: Qt's owner.
        recipe: returns the recipe in force.
        begun: called when data are scanned from now on.
        opened: called with what was scanned, and the dataset without corrections.
        refused: called with why something could not be opened, or with the question that must be
            answered first.
        reopened, not_reopened, not_launched: called with the data of a run, with why they cannot be
            used, and after a bug in that.
        progress: called with the number of files seen.
        broken: called after a bug in scanning.

    Attributes:
        before_sample: the recipe before a sample was opened; None where none is open.
    """

    def __init__(
        self,
        parent: QObject,
        recipe: Callable[[], Recipe],
        *,
        begun: Callable[[], object],
        opened: Callable[[Opening, Dataset], object],
        refused: Callable[[UserError], object],
        reopened: Callable[[loading.Reopened], object],
        not_reopened: Callable[[UserError], object],
        not_launched: Callable[[], object],
        progress: Callable[[int], object],
        broken: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.before_sample: Recipe | None = None
        self._recipe, self._begun, self._opened, self._refused = recipe, begun, opened, refused
        self._question: Question | None = None
        task = functools.partial(Task, self, progress=progress)
        self._scan = task(
            loading.scan, self._on_scanned, failed=self._on_not_scanned, broken=broken
        )
        self._sample = task(
            loading.scan_sample, self._on_sample_scanned, failed=refused, broken=broken
        )
        self._reopen = task(loading.reopen, reopened, failed=not_reopened, broken=not_launched)

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
        self._scan.start(opening.modality, opening.data)

    def open_sample(self, key: str) -> None:
        """Scan a bundled sample, with settings of its own until other data are opened."""
        self._begin()
        self._sample.start(key)

    def reopen(self, run: Run, changed: bool) -> None:
        """Scan the data of a run that shall go on, even if they have ``changed``."""
        self._reopen.start(run, changed)

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
        self.open(replace(opening, modality=tree["modality"], data=data))

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _begin(self) -> None:
        self._question = None
        self.cancel()
        self._begun()

    def _on_scanned(self, scanned: Dataset) -> None:
        self.before_sample = self._opening.before
        self._opened(self._opening, scanned)

    def _on_sample_scanned(self, found: tuple[Recipe, Dataset]) -> None:
        recipe, scanned = found
        before = self.before_sample or self._recipe()
        self._opening = Opening(recipe.data, recipe.modality, settings=recipe, before=before)
        self._on_scanned(scanned)

    def _on_not_scanned(self, error: UserError) -> None:
        if isinstance(error, Question):
            self._question = error
        self._refused(error)
