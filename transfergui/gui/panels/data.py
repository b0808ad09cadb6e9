"""The Data stage: every class, its samples, what is wrong with them, and how they are divided."""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.app.seen_input import SeenInput
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.options import Options
from transfergui.core.base.paths import shown
from transfergui.core.data import corrections, few_trained
from transfergui.core.data.corrections import Found
from transfergui.core.data.dataset import Dataset, Problem
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split, count_of, problems
from transfergui.core.data.versions import corrections_in
from transfergui.core.interfaces.plan import Modality, Plan
from transfergui.core.interfaces.samples import Preview
from transfergui.core.views.insight import Before
from transfergui.gui.base import style, tasks, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.base.words import Noun
from transfergui.gui.checks.offer import LeakOffer
from transfergui.gui.checks.tab import CheckTab
from transfergui.gui.forms.data_form import DataForm
from transfergui.gui.forms.split_sliders import SplitSliders
from transfergui.gui.panels.class_editor import ClassEditor
from transfergui.gui.panels.correction_export import export_corrections
from transfergui.gui.parts.column import column
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.message_overlay import MessageOverlay
from transfergui.gui.samples.augment_preview import AugmentPreview
from transfergui.gui.samples.class_bars import ClassBars
from transfergui.gui.samples.class_tiles import ClassTiles
from transfergui.gui.samples.overview import DatasetOverview, FileList
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.samples.sample_info import OpenSamples, relabelled
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem, ViewedItems
from transfergui.gui.samples.similar import Find, SimilarIn, offer
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.tables.correction_table import CorrectionTable, Kind, SampleCorrection
from transfergui.gui.tables.problem_rows import WHOLE
from transfergui.gui.tables.problem_table import ProblemTable

LARGE = 1200
"""Pixels of the stage from which on all classes are shown first."""
SHARES = ("val_percent", "test_percent")
GIVEN = {
    "split.folders": SHARES,
    "split.val_from_train": ("test_percent",),
    "split.test_from_train": ("val_percent",),
}
"""Shares that the data themselves decide, by the method of the split."""


class DataStage(QWidget):
    """Classes on the left, the samples of one in the middle, what concerns all of them below."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._overview: DatasetOverview | None = None
        self._shown: tuple[Any, ...] | None = None
        self._first = 0
        self._reading: tuple[Modality, Options] | None = None
        self._seen: SeenInput | None = None
        self._gather = Task(self, DatasetOverview.of, self._show)
        self.form = DataForm()
        self.bars = ClassBars()
        self.samples = SampleGrid(session)
        self._before = Before()
        self.tiles = ClassTiles(self.samples.thumbnails.cache)
        self._middle = QStackedWidget()
        self._automatic = False
        self._both = QSplitter(Qt.Orientation.Vertical)
        self._above = QSplitter(Qt.Orientation.Horizontal)
        self._last: SampleGrid | ProblemTable = self.samples
        self.problems = ProblemTable()
        self.corrections = CorrectionTable()
        self.checks = CheckTab(session)
        self.split = SplitSliders()
        self.preview = AugmentPreview(self._run_warm)
        self.tabs = QTabWidget()
        self.enlarge = QPushButton(_("Enlarge"))
        self.enlarge.setCheckable(True)
        self.proposal = MessageBar(session, "data.proposal")
        self.classes = ClassEditor(session, self.bars, self.proposal)
        self.earlier = MessageBar(session, "data.corrections")
        self.bar = MessageBar(session, "data")
        self.leak = MessageBar(session, "data.checks")
        LeakOffer(session, self.leak, self.tabs, self.checks)
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._show_dataset(session.dataset)
        self._offer_earlier(session.corrections.offer)
        self._show_trouble(session.corrections.trouble)

    def choose_class(self, label: int) -> None:
        """Show the samples of a class, as soon as the classes are known."""
        self._first = label
        self.enlarge.setChecked(False)
        self.bars.choose(label)
        self._middle.setCurrentWidget(self.samples)

    def show_all(self) -> None:
        """Show a tile for each class."""
        self._middle.setCurrentWidget(self.tiles)
        self.tiles.setFocus()

    def show_part(self, _part: str) -> None:
        """Bring the checks to the front, and do them where that was not done."""
        self.tabs.setCurrentWidget(self.checks)
        self.checks.begin()

    # -- building

    def _build(self) -> None:
        self._pages.addWidget(_empty())
        self._pages.addWidget(self._content())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.form)
        layout.addWidget(self._pages, 1)
        layout.addWidget(MessageOverlay(self, [self.bar, self.leak, self.earlier, self.proposal]))

    def _content(self) -> QWidget:
        self.bars.setAccessibleName(_("Classes"))
        above = self._above
        above.addWidget(column(self.classes, self.bars))
        for part in (self.samples, self.tiles):
            self._middle.addWidget(part)
        self.tiles.setAccessibleName(_("All classes"))
        self.samples.back.setText(_("All classes"))
        above.addWidget(self._middle)
        above.setStretchFactor(1, 1)
        above.setSizes([210, 640])
        self.enlarge.setProperty("role", "link")
        self.enlarge.setToolTip(_("Hides or shows the classes and examples above."))
        self.tabs.addTab(self.problems, _("Problems"))
        self.tabs.addTab(self.corrections, _("Corrections"))
        self.tabs.addTab(self.checks, _("Checks"))
        self.tabs.addTab(self.split, _("Training, validation, test"))
        sees = column(self.preview)
        sees.setContentsMargins(0, style.INSIDE, 0, 0)
        self.tabs.addTab(sees, _("Model input"))
        both = self._both
        both.addWidget(above)
        both.addWidget(self.tabs)
        both.setStretchFactor(0, 1)
        both.setSizes([400, 290])
        self.tabs.setCornerWidget(self.enlarge)
        for splitter in (above, both):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(style.BETWEEN)
        return both

    def _connect(self) -> None:
        session = self._session
        offer(self.samples, session, self._where_similar)
        session.dataset_changed.connect(self._show_dataset)
        session.recipe_changed.connect(self._show_split)
        session.state_changed.connect(self._show_split)
        session.state_changed.connect(self._show_form)
        session.plan_changed.connect(self._show_plan)
        session.corrections.offered.connect(self._offer_earlier)
        session.corrections.troubled.connect(self._show_trouble)
        self.form.edited.connect(functools.partial(edits.read_as, session))
        self.form.predicted_edited.connect(functools.partial(edits.predict, session))
        self.bars.class_chosen.connect(self._show_class)
        self.bars.clicked.connect(lambda _index: self._middle.setCurrentWidget(self.samples))
        self.tiles.opened.connect(self.choose_class)
        self.samples.back.clicked.connect(self.show_all)
        self.problems.opened.connect(self._open_problem)
        self.problems.exclude_asked.connect(functools.partial(edits.exclude, session))
        self.problems.relabel_asked.connect(self._relabel)
        self.problems.group_asked.connect(self._group)
        self.corrections.undo_asked.connect(self._revert)
        self.corrections.opened.connect(self._open_correction)
        self.corrections.export_asked.connect(lambda: export_corrections(self, session))
        self.checks.counted.connect(self._count_checks)
        self.enlarge.toggled.connect(self._make_room)
        grids = [self.samples, *(page.grid for page in self.checks.pages)]
        views: list[tuple[SampleGrid | ProblemTable, QAbstractItemView]] = [
            *((grid, grid.thumbnails) for grid in grids),
            (self.problems, self.problems.view),
        ]
        for part, view in views:
            selected = view.selectionModel().selectionChanged
            selected.connect(functools.partial(self._note_choice, part))
        self.split.chosen.connect(functools.partial(edits.divide, session))

    # -- showing

    def _show_dataset(self, dataset: Dataset | None) -> None:
        self._pages.setCurrentIndex(0 if dataset is None else 1)
        if dataset is None:
            return
        self._gather.start(dataset)
        self._show_form()
        self._show_split()
        self._show_plan(self._session.plan)

    def _show(self, overview: DatasetOverview) -> None:
        dataset, before = overview.dataset, self._overview
        self._overview = overview
        if before is None or _place(before.dataset) != _place(dataset):
            self._read_as(dataset)
            for part in (self.samples, self.checks):
                part.use(dataset.root, self._decode)
            large = self.width() >= LARGE and len(overview.names) > 1
            self._middle.setCurrentWidget(self.tiles if large else self.samples)
        counts = [len(paths) for paths in overview.paths]
        self.tiles.fill(dataset.root, overview.titles, overview.paths, _noun(dataset))
        self.samples.back.setVisible(len(overview.names) > 1)
        self._automatic = True
        groups, colours = overview.groups(), overview.colours()
        self.bars.fill(overview.names, counts, _noun(dataset), groups, colours)
        self.classes.choose_wanted(overview)
        if not self.bars.currentIndex().isValid():
            self.bars.choose(self._first)
        self._automatic = False
        self._show_problems(overview)
        self.classes.show_overview(overview)

    def _show_plan(self, plan: Plan | None) -> None:
        if plan is None:
            self.preview.set_options(None)
        else:
            if self._seen is None or not self._seen.serves(plan):
                self._seen = SeenInput(plan)
            self.preview.set_options((plan.input, plan.augment), self._seen.options)
        if self._overview is not None:
            self._read_as(self._overview.dataset)

    def _show_form(self) -> None:
        dataset, session = self._session.dataset, self._session
        if dataset is not None:
            obstacle = "" if session.state is State.READY else session.obstacle
            self.form.show_dataset(dataset, session.recipe.data, obstacle)

    def _show_class(self, label: int) -> None:
        if self._overview is None:
            return
        dataset, paths = self._overview.dataset, self._overview.paths[label]
        name = self._overview.names[label]
        amount = _noun(dataset).amount(len(paths))
        same = (*_place(dataset), name) == self._shown
        self._shown = (*_place(dataset), name)
        if not self._automatic:
            self._middle.setCurrentWidget(self.samples)
        self.samples.fill(self._overview.heading(label, amount), paths, keep_place=same)
        if not same:
            root, opened = dataset.root, OpenSamples(self._session, dataset.root)
            self.preview.use(
                registry.modality(dataset.modality),
                FileList(root, paths),
                lambda path: opened.boxes(path.relative_to(root).as_posix()),
            )

    def _show_problems(self, overview: DatasetOverview) -> None:
        split = self._session.split
        found = problems(overview.dataset, split)
        obstacle = self._session.plan_error if split is None else None
        self.problems.fill(found, overview.noted, str(obstacle or ""))
        corrected = _corrections(self._session)
        self.corrections.fill(corrected, overview.dataset.root)
        for tab, title, count in (
            (self.problems, _("Problems"), count_of(found)),
            (self.corrections, _("Corrections"), corrections_in(self._session.recipe.data)),
        ):
            text = words.bracketed(title, words.number(count)) if count else title
            self.tabs.setTabText(self.tabs.indexOf(tab), text)

    def _count_checks(self, count: int) -> None:
        """Say on the tab how many checks found something to look at."""
        text = words.bracketed(_("Checks"), words.number(count)) if count else _("Checks")
        self.tabs.setTabText(self.tabs.indexOf(self.checks), text)

    def _make_room(self, wanted: bool) -> None:
        """Give the tabs the room of the classes and samples above them."""
        self._above.setVisible(not wanted)
        self.enlarge.setText(_("Reduce") if wanted else _("Enlarge"))

    def _offer_earlier(self, found: Found) -> None:
        """Offer corrections that were made when these data were open before."""
        saved, forget = self._session.corrections, _("Discard")
        if found.usable:
            text = _("{amount} from last time ({counts}). Use them?").format(
                amount=corrections.amount(found.usable), counts=corrections.counted(found.usable)
            )
            said = paragraph((text, corrections.unusable(found)))
            self.earlier.show_message(
                said, "info", _("Use"), saved.use, other=(forget, saved.forget)
            )
        elif (found.gone or found.changed) and not self._session.undo_stack.undo_text:
            text = corrections.unusable(found)
            self.earlier.show_message(text, "warning", forget, saved.forget)
        else:
            self.earlier.clear()

    def _show_trouble(self, error: UserError | None) -> None:
        self.bar.show_message(str(error or ""), "error")

    def _show_split(self) -> None:
        split, dataset = self._session.split, self._session.dataset
        if split is not None and dataset is not None:
            asked = self._session.recipe.split
            few = few_trained.note(split, asked, registry.modality(split.modality).many)
            said = (split.sentence(), few.sentence() if few else "")
            self.split.show_split(
                split.sizes(),
                asked,
                _noun(dataset),
                paragraph(said),
                self._fixed(split),
            )

    def _fixed(self, split: Split) -> dict[str, str]:
        """Why shares cannot be changed, by the name of their option."""
        if self._session.training:
            reason = _("The split cannot be changed while training.")
            return dict.fromkeys(SHARES, reason)
        given = _("Your folders or your table set this share. Change it there.")
        return dict.fromkeys(GIVEN.get(split.method, ()), given)

    # -- doing

    def _open_problem(self, problem: Problem) -> None:
        """Show what a problem is about: a class, or a file."""
        assert self._overview is not None
        dataset = self._overview.dataset
        if problem.path in self._overview.names:
            self.choose_class(self._overview.names.index(problem.path))
        elif problem.path != WHOLE:
            classes = frozenset(dataset.classes)
            listed = [each for each in self.problems.shown() if _is_of_file(each, classes)]
            looks, at = ViewedItems(listed, _look_at), listed.index(problem)
            samples = OpenSamples(self._session, dataset.root, names=_classes(listed))
            SampleViewer(self._decode, dataset.root, looks, at, samples, self).open()

    def _open_correction(self, chosen: SampleCorrection) -> None:
        """Look at a corrected sample; from there, one goes on through all of them."""
        assert self._overview is not None
        root, listed = self._overview.dataset.root, self.corrections.shown()
        looks = ViewedItems(listed, lambda each: ViewedItem((each.path,), each.text))
        samples = OpenSamples(self._session, root)
        SampleViewer(self._decode, root, looks, listed.index(chosen), samples, self).open()

    def _revert(self, chosen: Sequence[SampleCorrection]) -> None:
        of_kind = {kind: [each.path for each in chosen if each.kind == kind] for kind in Kind}
        edits.revert(self._session, *of_kind.values())

    def _relabel(self, paths: Sequence[str]) -> None:
        """Ask for the class of files that were selected among the problems."""
        assert self._overview is not None
        OpenSamples(self._session, self._overview.dataset.root).relabel(self, paths)

    def _group(self, key: str) -> None:
        recipe = self._session.wanted.replace(**{"data.options.group_by": key})
        self._session.change(recipe, _("Group by"))

    def _note_choice(self, part: SampleGrid | ProblemTable, *_what: object) -> None:
        self._last = part

    @property
    def correctable(self) -> bool:
        """Whether samples are selected that can be corrected, where that was done last."""
        return self._last.correctable

    def relabel(self) -> None:
        """Ask for the class of what was selected last."""
        self._last.relabel()

    def exclude(self) -> None:
        """Leave out what was selected last."""
        self._last.exclude()

    # -- words and files

    def _run_warm(
        self,
        function: Callable[[], object],
        done: Callable[[Any], object],
        failed: Callable[[UserError], object],
    ) -> Task:
        """Run what needs torch in the background, importing it first without a stall."""

        def work() -> object:
            warm_up()
            return function()

        return tasks.run(self, work, done, failed)

    def _read_as(self, dataset: Dataset) -> None:
        """Samples are decoded as the network will get them, where that is known."""
        modality, plan = registry.modality(dataset.modality), self._session.plan
        if plan is not None and plan.modality is modality:
            self._reading = modality, plan.input
        else:
            self._reading = modality, opt.check(dataset.input, modality.input_options, "input")

    def _where_similar(self) -> SimilarIn | None:
        """Where the pretrained backbone looks for examples like one of the grid."""
        if (plan := self._session.plan) is None:
            text = _("Similar examples can be searched once the split is made.")
            self.bar.show_message(text, passing=True)
            return None
        find: Find = lambda path, tell: self._before.similar(plan, path, tell)  # noqa: E731
        return SimilarIn(find, Path(plan.split.root), self._decode)

    def _decode(self, path: Path, large: bool = False, /) -> Preview:
        """In a worker thread."""
        assert self._reading is not None
        modality, input = self._reading
        return modality.preview(path, input, large)


def _noun(dataset: Dataset) -> Noun:
    return Noun.of(registry.modality(dataset.modality))


def _corrections(session: Session) -> list[SampleCorrection]:
    """What the user corrected, what was excluded first."""
    data, known = session.recipe.data, session.wanted.data
    excluded, together = _("Excluded by you"), _("Kept in one set with its copies")
    return [
        *(SampleCorrection(path, excluded, Kind.EXCLUDED) for path in data.exclude),
        *(
            SampleCorrection(path, relabelled(session, path), Kind.RELABELLED)
            for path in data.relabel
            if path in known.relabel
        ),
        *(SampleCorrection(path, together, Kind.TOGETHER) for path in data.together),
        *(
            SampleCorrection(path, _("Label “{name}” confirmed").format(name=shown(name)), kind)
            for kind in (Kind.CONFIRMED,)
            for path, name in data.confirmed.items()
        ),
    ]


def _example(problem: Problem) -> str:
    """The sample that a problem is about, or the first one of those in the file that it names."""
    first = str(problem.values.get("first", ""))
    return first if FilePart.parse(first).file == problem.path else problem.path


def _is_of_file(problem: Problem, classes: Container[str]) -> bool:
    """Whether a problem is about a file, not about a class or the data as a whole."""
    return problem.path != WHOLE and problem.path not in classes


def _look_at(problem: Problem) -> ViewedItem:
    """What a problem is about: a sample, or one beside its twin."""
    twin = (problem.twin,) if problem.twin else ()
    return ViewedItem((_example(problem), *twin), problem.sentence())


def _classes(problems: Iterable[Problem]) -> dict[str, str]:
    """The classes of samples that are left out, as far as their problems name them."""
    named = [each for each in problems if each.twin and "name" in each.values]
    known = {each.path: str(each.values["name"]) for each in named}
    return {each.twin: str(each.values["other_name"]) for each in named} | known


def _place(dataset: Dataset) -> tuple[Any, ...]:
    """What samples of the same name are other ones by."""
    return dataset.root, dataset.modality, dataset.chosen


def _empty() -> QWidget:
    """What belongs here, while nothing is open."""
    return EmptyPage(
        "folder",
        _("Your data will be shown here"),
        _(
            "Open a folder on the left. Then look through every class, exclude or relabel single "
            "files, and see the split into training, validation and test set."
        ),
    )
