"""The Results stage: how good it is, in words first, and what it gets wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base import messages
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Options
from transfergui.core.base.paths import shown
from transfergui.core.data.split import Split
from transfergui.core.evaluation import report, siblings
from transfergui.core.evaluation import words as report_words
from transfergui.core.evaluation.words import ALONE, Beside
from transfergui.core.figures import metrics
from transfergui.core.figures.metrics import ClassFigures, PredictionRow, Report
from transfergui.core.interfaces import Modality, Preview
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.sources import input_of
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.run_names import RunName
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.empty_page import NoRunPage, lay_out_stage
from transfergui.gui.parts.figures import Figures
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.other_dataset_notice import OtherDatasetNotice
from transfergui.gui.parts.responsive_splitter import ResponsiveSplitter
from transfergui.gui.parts.term_label import TERMS, TermLabel
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.session.session import Session
from transfergui.gui.tables.confusion_matrix import ConfusionMatrix
from transfergui.gui.tables.result_table import Column, ResultTable

SAID = 5
"""So many sentences about the result are shown."""
LONGEST = {"truth": 40, "label": 40, "name": 40, "names": 120}
"""Letters that a sentence shows of the user's names; the middle of longer ones is left out."""
TURNED = 800
"""Pixels of width from which on table and matrix stand side by side."""
PART_HEIGHT, GRID_HEIGHT = 256, 196
"""The least, in pixels: a matrix of ten classes, and a whole row of mistakes, are seen."""
GRID_ROWS = 2000
"""So many mistakes are shown at once; nobody looks at more."""


@dataclass(frozen=True)
class Results:
    """What is known about a run, read in a worker thread.

    Attributes:
        about: which training it was, in one line.
        input: how its samples are read.
        beside: what other trainings on the same data say beside it.
    """

    run: Run
    about: str
    report: Report
    rows: list[PredictionRow]
    root: Path
    modality: Modality
    input: Options
    split: Split
    beside: Beside = ALONE

    @classmethod
    def read(cls, run: Run) -> Results | None:
        """None for a run that was never tested.

        Raises:
            UserError: ``run.damaged``.
        """
        if not (run.path / REPORT).is_file():
            return None
        split, found = run.split, report.load(run.path)
        return cls(
            run=run,
            about=_about(run),
            report=found,
            rows=report.load_predictions(run.path),
            root=Path(split.root),
            modality=registry.modality(split.modality),
            input=input_of(run),
            split=split,
            beside=siblings.beside(run, found),
        )

    def decode(self, path: Path, large: bool = False, /) -> Preview:
        """A sample to be seen."""
        return self.modality.preview(path, self.input, large)

    def behind(self, pair: tuple[str, str]) -> list[PredictionRow]:
        """The answers of one cell of the matrix, the surest first."""
        found = [row for row in self.rows if (row.truth, row.label) == pair]
        return sorted(found, key=lambda row: -(row.confidence or 0.0))


def _about(run: Run) -> str:
    """``clothing · MobileNetV2 · Fine-tuning · 2026-11-22 09:48:01 · its folder``."""
    return f"{RunName.of(run).full} · {shown(run.path.name)}"


class ResultsStage(QWidget):
    """Figures above, classes and confusions in the middle, the samples behind them below."""

    go = Signal(object)
    """Key of another stage that should be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._results: Results | None = None
        self._read = Task(self, Results.read, self._show, self._failed)
        self.bar = MessageBar(session, "results")
        self.headline = WrappedLabel(role="heading")
        self.about = ElidedLabel(role="caption")
        self.elsewhere = OtherDatasetNotice(session)
        self.sentences = WrappedLabel()
        self.figures = Figures(_figure_names())
        self.classes = ResultTable(_class_columns())
        self.matrix = ConfusionMatrix()
        self.note = QLabel(wordWrap=True)
        self.percent = QToolButton()
        self.grid = SampleGrid(session, lines=2)
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._open(session.run)

    # -- building

    def _build(self) -> None:
        empty = NoRunPage(
            self._session,
            "target",
            _("No results yet"),
            _(
                "When a training ends, it is tested on examples that were kept aside. How good "
                "it is, what it gets wrong, and whether you may believe it will stand here."
            ),
        )
        lay_out_stage(self, self.bar, self._pages, empty, self._content())

    def _content(self) -> QWidget:
        self.sentences.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        both = ResponsiveSplitter(TURNED)
        for part in (self._class_part(), self._matrix_part()):
            part.setMinimumHeight(PART_HEIGHT)
            both.addWidget(part)
        both.setSizes([420, 380])
        self.grid.setMinimumHeight(GRID_HEIGHT)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(both)
        parts.addWidget(self.grid)
        parts.setSizes([370, 210])
        for splitter in (both, parts):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(style.BETWEEN)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self._top_row())
        layout.addWidget(self.about)
        layout.addWidget(self.elsewhere)
        layout.addWidget(self.sentences)
        layout.addWidget(self.figures)
        layout.addWidget(parts, 1)
        return _scrolled(content)

    def _top_row(self) -> QHBoxLayout:
        page = QPushButton(_("Open report"))
        page.setToolTip(_("Everything on one page, to keep or to pass on."))
        page.clicked.connect(self._open_page)
        export = QPushButton(_("Export the model"))
        export.setToolTip(_("Take the trained network away as a file."))
        export.clicked.connect(lambda: self.go.emit("export"))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.headline, 1)
        row.addWidget(page, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(export, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _class_part(self) -> QWidget:
        self.classes.setAccessibleName(_("Figures of each class"))
        copy = _tool(_("Copy"), _("Copy the table, to paste it into a spreadsheet."))
        copy.clicked.connect(self.classes.copy)
        title = QLabel(_("Class by class"))
        return _part(title, [copy], self.classes)

    def _matrix_part(self) -> QWidget:
        self.percent.setCheckable(True)
        self.percent.setText(_("Per cent"))
        self.percent.setProperty("role", "tool")
        self.percent.setToolTip(_("Of 100 of each class, instead of how many."))
        copy = _tool(_("Copy"), _("Copy the matrix, to paste it into a spreadsheet."))
        copy.clicked.connect(self.matrix.copy)
        self.note.setProperty("role", "caption")
        title = TermLabel(_("What it takes for what"), _(TERMS["confusion"][1]))
        return _part(title, [self.percent, copy], self.matrix, self.note)

    def _connect(self) -> None:
        session = self._session
        session.run_changed.connect(self._open)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._follow)
        session.plan_changed.connect(self._follow)
        self.percent.toggled.connect(
            lambda on: self.matrix.cells.use_unit("percent" if on else "count")
        )
        self.matrix.chosen.connect(self._show_behind)
        self.classes.activated.connect(lambda index: self._show_class(index.row()))
        self.classes.clicked.connect(lambda index: self._show_class(index.row()))
        self.grid.back.clicked.connect(self.matrix.clear_choice)
        self.grid.edited.connect(self._say_changed)

    # -- reading

    def _open(self, run: Run | None) -> None:
        if run is None or self._session.training:
            self._read.cancel()
            self._show(None)
        else:
            self._read.start(run)

    def _failed(self, error: UserError) -> None:
        self._show(None)
        self.bar.show_message(str(error), "error")

    # -- showing

    def _show(self, results: Results | None) -> None:
        self._results = results
        self.bar.clear()
        self._pages.setCurrentIndex(0 if results is None else 1)
        if results is not None:
            self._show_words(results)
            self._show_figures(results.report)
            self.classes.rows.fill(results.report.per_class.items())
            self.matrix.fill(results.report)
            self._show_note(results.report)
            self.grid.use(results.root, results.decode, results.split)
            self._show_mistakes(results)
        self._follow()

    def _show_words(self, results: Results) -> None:
        first, *others = report_words.remarks(results.report, results.modality, results.beside)
        _say(self.headline, [first])
        self.about.setText(results.about)
        _say(self.sentences, others[:SAID])

    def _show_figures(self, found: Report) -> None:
        interval = found.interval
        between = ""
        if interval is not None:
            between = f"{100 * interval.low:.0f} – {100 * interval.high:.0f} %"
        simple = max(found.baselines, key=lambda each: each.accuracy, default=None)
        self.figures.rename("simple", _(simple.title) if simple else "")
        self.figures.show_values(
            {
                "accuracy": words.percent(found.accuracy),
                "interval": between,
                "balanced_accuracy": words.percent(found.balanced_accuracy),
                "macro_f1": words.percent(found.macro_f1),
                "baseline": words.percent(found.majority),
                "simple": words.percent(simple.accuracy if simple else None),
                "n": words.number(found.n),
            }
        )

    def _show_note(self, found: Report) -> None:
        shown_classes, there = len(self.matrix.cells.names), len(found.classes)
        text = _("The {shown} classes with most mistakes, of {total}.")
        cut = shown_classes < there
        self.note.setText(text.format(shown=shown_classes, total=there) if cut else "")
        self.note.setVisible(cut)

    def _show_mistakes(self, results: Results) -> None:
        mistakes = metrics.top_mistakes(results.rows, GRID_ROWS)
        heading = _("Mistakes, the surest first ({count})") if mistakes else _("No mistakes")
        self._fill(heading.format(count=words.number(len(mistakes))), mistakes)
        self.grid.back.hide()

    def _show_behind(self, pair: tuple[str, str] | None) -> None:
        if self._results is None:
            return
        if pair is None:
            self._show_mistakes(self._results)
            return
        rows = self._results.behind(pair)
        truth, label = map(shown, pair)
        text = _("“{truth}” taken for “{label}”") if truth != label else _("“{truth}” recognised")
        self._fill_with_way_back(text.format(truth=truth, label=label), rows)

    def _show_class(self, number: int) -> None:
        """The mistakes of one class: missed ones and false alarms."""
        assert self._results is not None
        name, _figures = self.classes.rows.shown[number]
        rows = [row for row in self._results.rows if name in (row.truth, row.label)]
        heading = _("Mistakes with “{name}”").format(name=shown(name))
        self._fill_with_way_back(heading, metrics.top_mistakes(rows, GRID_ROWS))

    def _fill_with_way_back(self, heading: str, rows: list[PredictionRow]) -> None:
        self._fill(f"{heading} ({words.number(len(rows))})", rows)
        self.grid.back.setText(_("Show all mistakes"))
        self.grid.back.show()

    def _fill(self, heading: str, rows: list[PredictionRow]) -> None:
        captions = {row.path: caption(row) for row in rows}
        said = {row.path: sentence(row) for row in rows}
        self.grid.fill(heading, list(captions), captions, said)

    def _follow(self, *_what: object) -> None:
        """What can be done now."""
        dataset, results = self._session.dataset, self._results
        same = dataset is not None and results is not None and dataset.root == results.root
        self.elsewhere.show_root(results.root if results is not None else None)
        self.grid.allow_edits(
            "" if same else _("Open the folder that this run learnt from to correct its labels.")
        )

    # -- doing

    @property
    def correctable(self) -> bool:
        """Whether samples are selected that can be corrected."""
        return self.grid.correctable

    def relabel(self) -> None:
        """Ask for the class of the selected samples."""
        self.grid.relabel()

    def exclude(self) -> None:
        """Leave the selected samples out."""
        self.grid.exclude()

    def _open_page(self) -> None:
        assert self._results is not None
        desktop.open_file(self._results.run.path / report.PAGE)

    def _say_changed(self) -> None:
        self.bar.show_message(
            _(
                "Done: {what}. Train again to see what it changes; these figures stay as they "
                "were measured. Undo takes it back."
            ).format(what=self._session.undo_stack.undo_text),
            passing=True,
        )


def _say(label: WrappedLabel, remarks: list[report_words.Remark]) -> None:
    """Say remarks with long names cut, and in full as the tool tip."""
    label.setText(" ".join(_brief(remark) for remark in remarks))
    label.setToolTip(style.tip(" ".join(remark.sentence() for remark in remarks)))


def _brief(remark: report_words.Remark) -> str:
    """Its sentence, with the middle of endless names left out."""
    cut = {
        key: words.brief(str(remark.values[key]), most)
        for key, most in LONGEST.items()
        if key in remark.values
    }
    return messages.sentence(remark.code, remark.values | cut)


def _scrolled(content: QWidget) -> QScrollArea:
    """In a low window the page scrolls, rather than that its parts are cut."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def caption(row: PredictionRow) -> str:
    """Two lines: what it is, what was answered and how surely."""
    answer = _("{label} · {percent} %")
    return "\n".join(
        (shown(row.truth), "→ " + answer.format(label=shown(row.label), percent=_whole(row)))
    )


def sentence(row: PredictionRow) -> str:
    """The same as a sentence."""
    if row.right:
        text = _("Labelled “{truth}”, and recognised with {percent} % confidence.")
    else:
        text = _("Labelled “{truth}”, but taken for “{label}” with {percent} % confidence.")
    return text.format(truth=shown(row.truth), label=shown(row.label), percent=_whole(row))


def _whole(row: PredictionRow) -> int:
    return round(100 * (row.confidence or 0.0))


Row = tuple[str, ClassFigures]


def _class_columns() -> list[Column[Row]]:
    def figure(name: str) -> Column[Row]:
        title, explanation = TERMS[name]
        return Column(
            title=_(title),
            text=lambda row: words.percent(getattr(row[1], name)),
            key=lambda row: getattr(row[1], name),
            explanation=_(explanation),
            figure=True,
            share=lambda row: getattr(row[1], name),
            width=72,
        )

    return [
        Column(_("Class"), lambda row: shown(row[0]), tip=lambda row: shown(row[0])),
        figure("recall"),
        figure("precision"),
        figure("f1"),
        Column(
            title=_("Tested"),
            text=lambda row: words.number(row[1].support),
            key=lambda row: row[1].support,
            explanation=_("How many examples of this class the test had. Few make figures vague."),
            figure=True,
            width=60,
        ),
    ]


def _figure_names() -> dict[str, TermLabel]:
    interval = _(
        "With so few test examples, chance plays a part. In 95 of 100 such tests the true figure "
        "lies within this range."
    )
    simple = _(
        "What a simple method without any pretrained network gets right of the same examples. "
        "The transfer is worth something only above it."
    )
    return {
        "accuracy": TermLabel.term("accuracy"),
        "interval": TermLabel(_("Likely between"), interval),
        "balanced_accuracy": TermLabel.term("balanced_accuracy"),
        "macro_f1": TermLabel.term("macro_f1"),
        "baseline": TermLabel.term("baseline"),
        "simple": TermLabel("", simple),
        "n": TermLabel(_("Tested on"), _(TERMS["test"][1])),
    }


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setProperty("role", "tool")
    return button


def _part(title: QLabel, buttons: list[QToolButton], *below: QWidget) -> QWidget:
    """A titled part with its buttons at the right."""
    title.setProperty("role", "title")
    top = QHBoxLayout()
    top.setSpacing(style.GAP)
    top.addWidget(title)
    top.addStretch(1)
    for button in buttons:
        top.addWidget(button)
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.GAP)
    layout.addLayout(top)
    for widget in below:
        layout.addWidget(widget)
    return part
