"""The Results stage: how good it is, in words first, and what it gets wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
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

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import parsed_labels
from transfergui.core.evaluation import report
from transfergui.core.evaluation import words as report_words
from transfergui.core.figures import metrics
from transfergui.core.figures.metrics import PredictionRow, Report
from transfergui.core.runs.run import Run
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.result_figures import (
    figure_names,
    figure_values,
    number_pairs,
    simple_title,
)
from transfergui.gui.panels.run_results import RunResults, caption, sentence
from transfergui.gui.parts.empty_page import NoRunPage, lay_out_stage
from transfergui.gui.parts.figures import Figures
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.other_dataset_notice import OtherDatasetNotice
from transfergui.gui.parts.responsive_splitter import ResponsiveSplitter
from transfergui.gui.parts.term_label import TERMS, TermLabel
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.plots.error_histogram import ErrorHistogram
from transfergui.gui.plots.scatter_plot import ScatterPlot
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.session.session import Session
from transfergui.gui.tables.class_columns import class_columns
from transfergui.gui.tables.confusion_matrix import ConfusionMatrix
from transfergui.gui.tables.label_columns import label_columns, label_rows
from transfergui.gui.tables.result_table import ResultTable

SAID = 5
"""So many sentences about the result are shown."""
LONGEST = {"truth": 40, "label": 40, "name": 40, "names": 120}
"""Letters that a sentence shows of the user's names; the middle of longer ones is left out."""
TURNED = 800
"""Pixels of width from which on table and matrix stand side by side."""
PART_HEIGHT, GRID_HEIGHT = 256, 196
"""The least, in pixels: a matrix of ten classes, and a whole row of mistakes, are seen."""
LABEL = 80
"""Pixels of the names of labels, beside five columns of figures."""
GRID_ROWS = 2000
"""So many mistakes are shown at once; nobody looks at more."""


class ResultsStage(QWidget):
    """Figures above, classes and confusions in the middle, the samples behind them below."""

    go = Signal(object)
    """Key of another stage that should be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._results: RunResults | None = None
        self._whole: RunResults | None = None
        self._read = Task(self, RunResults.read, self._show, self._failed)
        self.bar = MessageBar(session, "results")
        self.headline = WrappedLabel(role="heading")
        self.about = ElidedLabel(role="caption")
        self.elsewhere = OtherDatasetNotice(session)
        self.sentences = WrappedLabel()
        self.figures = Figures(figure_names())
        self.classes = ResultTable(class_columns())
        self.labels = ResultTable(label_columns(), least=LABEL)
        self.scatter = ScatterPlot()
        self.errors = ErrorHistogram()
        self.question = QComboBox()
        self.matrix = ConfusionMatrix()
        self.note = QLabel(wordWrap=True)
        self.percent = QToolButton()
        self.true = QToolButton()
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
        self._middle = QStackedWidget()
        for page in (both, self._number_part()):
            self._middle.addWidget(page)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self._middle)
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
        self.question.setAccessibleName(_("Question"))
        self.question.setToolTip(_("The question that the figures below are about."))
        layout.addWidget(self.question, 0, Qt.AlignmentFlag.AlignLeft)
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
        self.labels.setAccessibleName(_("Figures of each label"))
        self.question.setAccessibleName(_("The question whose figures are shown"))
        copy = tool_button(_("Copy"), _("Copy the table, to paste it into a spreadsheet."))
        copy.clicked.connect(lambda: self._table().copy())
        self._tables = QStackedWidget()
        for table in (self.classes, self.labels):
            self._tables.addWidget(table)
        self._table_title = QLabel(_("Class by class"))
        return _part(self._table_title, [copy], self._tables)

    def _number_part(self) -> QWidget:
        """Of a number: each prediction beside the truth, and how far they are off."""
        both = QSplitter(Qt.Orientation.Horizontal)
        for title, plot in (
            (_("Predicted against true"), self.scatter),
            (_("Errors"), self.errors),
        ):
            part = _part(QLabel(title), [], plot)
            part.setMinimumHeight(PART_HEIGHT)
            both.addWidget(part)
        both.setSizes([500, 300])
        both.setChildrenCollapsible(False)
        both.setHandleWidth(style.BETWEEN)
        return both

    def _table(self) -> ResultTable:
        """The table that is shown."""
        return self.classes if self._tables.currentIndex() == 0 else self.labels

    def _matrix_part(self) -> QWidget:
        self.percent.setCheckable(True)
        self.percent.setText(_("Per cent"))
        self.percent.setProperty("role", "tool")
        self.percent.setToolTip(_("Of 100 of each class, instead of how many."))
        self.true.setCheckable(True)
        self.true.setText(_("True"))
        self.true.setProperty("role", "tool")
        self.true.setToolTip(_("Which labels the examples really have together."))
        copy = tool_button(_("Copy"), _("Copy the matrix, to paste it into a spreadsheet."))
        copy.clicked.connect(self.matrix.copy)
        self.note.setProperty("role", "caption")
        self._matrix_title = TermLabel(_("Confusion matrix"), _(TERMS["confusion"][1]))
        return _part(self._matrix_title, [self.true, self.percent, copy], self.matrix, self.note)

    def _connect(self) -> None:
        session = self._session
        session.run_changed.connect(self._open)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._follow)
        session.plan_changed.connect(self._follow)
        self.percent.toggled.connect(
            lambda on: self.matrix.cells.use_unit("percent" if on else "count")
        )
        self.true.toggled.connect(self._fill_matrix)
        self.matrix.chosen.connect(self._show_behind)
        self.classes.activated.connect(lambda index: self._show_class(index.row()))
        self.classes.clicked.connect(lambda index: self._show_class(index.row()))
        self.labels.activated.connect(lambda index: self._show_label(index.row()))
        self.labels.clicked.connect(lambda index: self._show_label(index.row()))
        self.scatter.chosen.connect(self._show_point)
        self.question.activated.connect(self._show_question)
        self.grid.back.clicked.connect(self._forget_choice)
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

    def _show(self, results: RunResults | None) -> None:
        self._results = self._whole = results
        self.bar.clear()
        self._pages.setCurrentIndex(0 if results is None else 1)
        if results is not None:
            self._show_words(results)
            self.grid.use(results.root, results.decode, results.split)
            self.question.clear()
            for name in results.report.questions:
                text = _("Question: {name}").format(name=shown(name))
                self.question.addItem(text, (name,))  # Qt drops undecodable bytes of a text
            self.question.setVisible(bool(results.report.questions))
            self._show_question()
        self._follow()

    def _show_question(self, *_number: int) -> None:
        """Show the parts of one question of several, or of all there is."""
        assert self._whole is not None
        chosen = self.question.currentData()
        self._results = self._whole.of_question(*chosen) if chosen else self._whole
        self._show_parts(self._results)

    def _show_parts(self, results: RunResults) -> None:
        found = results.report
        self.figures.rename("simple", simple_title(found))
        self.figures.show_only(figure_values(found))
        of_number, of_labels = found.mean_absolute_error is not None, bool(found.per_label)
        self._middle.setCurrentIndex(int(of_number))
        self._tables.setCurrentIndex(int(of_labels))
        self._table_title.setText(_("Label by label") if of_labels else _("Class by class"))
        self.true.setVisible(of_labels)
        self.classes.rows.fill(found.per_class.items())
        self.labels.rows.fill(label_rows(found))
        self._fill_matrix()
        self._show_note(found)
        if of_number:
            pairs = number_pairs(results.rows)
            self.scatter.fill(pairs, found.unit)
            self.errors.fill([said - truth for truth, said in pairs], found.unit)
        self._show_mistakes(results)

    def _fill_matrix(self, *_checked: object) -> None:
        """Show what is taken for what; of labels, which come together."""
        assert self._results is not None
        of_truth = self.true.isChecked()
        self.matrix.fill(self._results.report, of_truth)
        together = _("Labels that belong together") if of_truth else _("Labels predicted together")
        confused = _("Confusion matrix")
        self._matrix_title.setText(together if self.matrix.cells.together else confused)

    def _show_words(self, results: RunResults) -> None:
        first, *others = report_words.notes(results.report, results.modality, results.beside)
        _say(self.headline, [first])
        self.about.setText(results.about)
        _say(self.sentences, others[:SAID])

    def _show_note(self, found: Report) -> None:
        shown_classes, there = len(self.matrix.cells.names), len(found.classes)
        if found.mean_absolute_error is not None:
            return
        text = _("The {shown} classes with most mistakes, of {total}.")
        cut = shown_classes < there
        self.note.setText(text.format(shown=shown_classes, total=there) if cut else "")
        self.note.setVisible(cut)

    def _show_mistakes(self, results: RunResults) -> None:
        mistakes = results.mistakes(GRID_ROWS)
        heading = _("Errors, most confident first ({count})") if mistakes else _("No errors")
        if results.report.mean_absolute_error is not None:
            heading = _("Largest errors first ({count})")
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
        if self._results.report.per_label:
            self._fill_with_way_back(*self._with_labels(pair))
            return
        text = _("“{truth}” taken for “{label}”") if truth != label else _("“{truth}” recognised")
        self._fill_with_way_back(text.format(truth=truth, label=label), rows)

    def _show_class(self, number: int) -> None:
        """The mistakes of one class: missed ones and false alarms."""
        assert self._results is not None
        name, _figures = self.classes.rows.shown[number]
        rows = [row for row in self._results.rows if name in (row.truth, row.label)]
        heading = _("Mistakes with “{name}”").format(name=shown(name))
        self._fill_with_way_back(heading, metrics.top_mistakes(rows, GRID_ROWS))

    def _with_labels(self, pair: tuple[str, str]) -> tuple[str, list[PredictionRow]]:
        """A heading, and the samples for which both labels were predicted, or that have both."""
        assert self._results is not None
        of_truth = self.true.isChecked()
        said = [(row, row.truth if of_truth else row.label) for row in self._results.rows]
        rows = [row for row, text in said if {*pair} <= {*parsed_labels(text)}]
        names = " + ".join(f"“{shown(name)}”" for name in dict.fromkeys(pair))
        text = _("True: {names}") if of_truth else _("Predicted: {names}")
        return text.format(names=names), rows

    def _show_label(self, number: int) -> None:
        """The mistakes with one label: missed ones and false alarms."""
        assert self._results is not None
        name = self.labels.rows.shown[number].name
        rows = [
            row
            for row in self._results.rows
            if (name in parsed_labels(row.truth)) != (name in parsed_labels(row.label))
        ]
        heading = _("Mistakes with “{name}”").format(name=shown(name))
        self._fill_with_way_back(heading, rows[:GRID_ROWS])

    def _show_point(self, number: int) -> None:
        """The sample of one point of the scatter plot."""
        assert self._results is not None
        row = self._results.rows[number]
        self._fill_with_way_back(_("The sample of this point"), [row])

    def _forget_choice(self) -> None:
        self.matrix.clear_choice()
        if self._results is not None:
            self._show_mistakes(self._results)

    def _fill_with_way_back(self, heading: str, rows: list[PredictionRow]) -> None:
        self._fill(f"{heading} ({words.number(len(rows))})", rows)
        self.grid.back.setText(_("Show all mistakes"))
        self.grid.back.show()

    def _fill(self, heading: str, rows: list[PredictionRow]) -> None:
        assert self._results is not None
        report = self._results.report
        captions = {row.path: caption(row, report) for row in rows}
        said = {row.path: sentence(row, report) for row in rows}
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


def _say(label: WrappedLabel, notes: list[Note]) -> None:
    """Say notes with long names cut, and in full as the tool tip."""
    label.setText(" ".join(_brief(note) for note in notes))
    label.setToolTip(style.tip(" ".join(note.sentence() for note in notes)))


def _brief(note: Note) -> str:
    """Its sentence, with the middle of endless names left out."""
    cut = {
        key: words.brief(str(note.values[key]), most)
        for key, most in LONGEST.items()
        if key in note.values
    }
    return Note(note.code, note.values | cut).sentence()


def _scrolled(content: QWidget) -> QScrollArea:
    """In a low window the page scrolls, rather than that its parts are cut."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


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
