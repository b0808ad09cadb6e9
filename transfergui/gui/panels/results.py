"""The Results stage: how good it is, in words first, and what it gets wrong."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.runs.run import Run
from transfergui.core.views.insight import insight_of
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.no_result_page import NoResultPage
from transfergui.gui.panels.report_opener import ReportOpener
from transfergui.gui.panels.result_figures import matrix_note, measured_on, number_pairs
from transfergui.gui.panels.result_head import ResultHead
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.parts.empty_page import lay_out_stage
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.other_dataset_notice import OtherDatasetNotice
from transfergui.gui.parts.responsive_splitter import NEVER, ResponsiveSplitter
from transfergui.gui.parts.scroll_column import WHOLE
from transfergui.gui.parts.scroll_page import scrolled
from transfergui.gui.parts.term_label import TERMS, TermLabel
from transfergui.gui.parts.titled_part import titled_part
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.plots.error_histogram import ErrorHistogram
from transfergui.gui.plots.number_plots import beside_each_other
from transfergui.gui.plots.scatter_plot import ScatterPlot
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.samples.similar import Find, SimilarIn, offer
from transfergui.gui.session import edits
from transfergui.gui.session.better_model import search_better
from transfergui.gui.session.session import Session
from transfergui.gui.tables.class_columns import box_columns, class_columns
from transfergui.gui.tables.confusion_matrix import ConfusionMatrix
from transfergui.gui.tables.label_columns import label_columns, label_rows
from transfergui.gui.tables.result_table import ResultTable
from transfergui.gui.tables.save_table import save_button
from transfergui.gui.views.views_page import ViewsPage

TURNED = 800
"""Pixels of width from which on table and matrix may stand side by side."""
FEW_CLASSES = 12
"""More classes than this have table and matrix below each other: both are wide."""
MOST_CLASSES = 40
"""Rows that a table shows before the press of a button, so that the page alone scrolls."""
NAME = 200
"""Pixels of the names of classes at most: further away, figures are not read with them."""
MATRIX_ROWS = (120, 620)
"""Pixels of the rows of the matrix together: at least where they are few, at most if many. So that
the first row of errors of a few classes is seen whole at 1280x800."""
LABEL = 80
"""Pixels of the names of labels, beside five columns of figures."""
FIRST_ROW = 200
"""Pixels of the errors' heading with the first row of them."""
GRID_ROWS = 2000
"""So many errors are known to the page at once; nobody looks at more."""
GRID_PAGE = 60
"""So many are shown first, and with every press of the button below them."""


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
        self._last: Path | None = None
        self.bar = MessageBar(session, "results")
        self.opener = ReportOpener(self, self.bar)
        self.head = ResultHead()
        self.elsewhere = OtherDatasetNotice(session)
        self.classes = ResultTable(class_columns())
        self.labels = ResultTable(label_columns(), least=LABEL)
        self.found = ResultTable(box_columns())
        self.scatter = ScatterPlot()
        self.errors = ErrorHistogram()
        self.question = QComboBox()
        self.matrix = ConfusionMatrix()
        self.note = WrappedLabel(role="caption")
        self.measured = WrappedLabel(role="caption")
        self.percent = QToolButton()
        self.true = QToolButton()
        self.grid = SampleGrid(session, lines=2)
        self.more = QPushButton(_("Show more"))
        self.tabs = QTabWidget()
        self.views = ViewsPage(session)
        self._listed: list[PredictionRow] = []
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._open(session.run)

    # -- building

    def _build(self) -> None:
        empty = NoResultPage(self._session)
        self.tabs.addTab(self._make_content(), _("Summary"))
        self.tabs.addTab(self.views, _("Look closer"))
        both = QWidget()
        layout = QVBoxLayout(both)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.elsewhere)
        layout.addWidget(self.tabs, 1)
        lay_out_stage(self, self.bar, self._pages, empty, both)

    def _make_content(self) -> QWidget:
        self._both = ResponsiveSplitter(TURNED)
        self._matrix_side = self._matrix_part()
        for part in (self._make_class_side(), self._matrix_side):
            self._both.addWidget(part)
        self._both.setSizes([420, 380])
        self._both.setChildrenCollapsible(False)
        self._both.setHandleWidth(style.BETWEEN)
        self._numbers = beside_each_other(self.scatter, self.errors)
        self.grid.thumbnails.show_whole()
        self.question.setAccessibleName(_("Question"))
        self.question.setToolTip(_("The figures below are about this question."))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, style.INSIDE, 0, 0)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.head)
        layout.addWidget(self.question, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._both)
        layout.addWidget(self._numbers)
        layout.addWidget(self.grid)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self._content = content
        self._area = scrolled(content)
        return self._area

    def _make_class_side(self) -> QWidget:
        self.classes.setAccessibleName(_("Figures of each class"))
        self.labels.setAccessibleName(_("Figures of each label"))
        self.found.setAccessibleName(_("Figures of each class"))
        copy = tool_button(_("Copy"), _("Copy the table for a spreadsheet."))
        copy.clicked.connect(lambda: self._table().copy())
        save = save_button(self, lambda: self._table().lines(), _("classes"), self._say)
        self._tables = QStackedWidget()
        for table in (self.classes, self.labels, self.found):
            table.widen_to_titles()
            self._tables.addWidget(table)
        self._table_title = QLabel(_("Classes"))
        self._all_rows = QPushButton(_("Show more"))
        self._all_rows.setProperty("role", "link")
        self._class_side = QWidget()
        below = self._tables, self._all_rows, self.measured
        part = titled_part(self._table_title, [copy, save], *below, stretch=True)
        row = QHBoxLayout(self._class_side)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(part, 1)
        row.addStretch()
        self._class_part = part
        return self._class_side

    def _table(self) -> ResultTable:
        """The table that is shown."""
        return (self.classes, self.labels, self.found)[self._tables.currentIndex()]

    def _matrix_part(self) -> QWidget:
        self.percent.setCheckable(True)
        self.percent.setText(_("Per cent"))
        self.percent.setProperty("role", "tool")
        self.percent.setToolTip(_("Show the share of each class instead of counts."))
        self.true.setCheckable(True)
        self.true.setText(_("True labels"))
        self.true.setProperty("role", "tool")
        self.true.setToolTip(_("Show which labels occur together in the data."))
        copy = tool_button(_("Copy"), _("Copy the matrix for a spreadsheet."))
        copy.clicked.connect(self.matrix.copy)
        self._matrix_title = TermLabel(_("Confusion matrix"), _(TERMS["confusion"][1]))
        buttons = [self.true, self.percent, copy]
        return titled_part(self._matrix_title, buttons, self.matrix, self.note, stretch=True)

    def _connect(self) -> None:
        offer(self.grid, self._session, self._where_similar)
        session = self._session
        session.run_changed.connect(self._open)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._follow)
        session.plan_changed.connect(self._follow)
        self.head.report_wanted.connect(self._open_page)
        self.head.run_wanted.connect(session.open_run)
        self.head.setting_wanted.connect(session.setting_wanted)
        self.head.export_wanted.connect(lambda: self.go.emit("export"))
        self.head.checks_wanted.connect(self._show_checks)
        session.data_checked.connect(self.head.look_again)
        self.head.search_wanted.connect(lambda: search_better(session))
        self._all_rows.clicked.connect(lambda: self._show_rows(len(self._table().rows.shown)))
        self._both.turned.connect(self._keep_names_near)
        self.more.clicked.connect(lambda: self._list(len(self.grid.thumbnails.paths) + GRID_PAGE))
        chosen = self.grid.thumbnails.selectionModel().currentChanged
        chosen.connect(self._scroll_to)
        self.percent.toggled.connect(
            lambda on: self.matrix.cells.use_unit("percent" if on else "count")
        )
        self.true.toggled.connect(self._fill_matrix)
        self.matrix.chosen.connect(self._show_behind)
        for table in (self.classes, self.labels, self.found):
            table.activated.connect(lambda index: self._show_errors_with(index.row()))
            table.clicked.connect(lambda index: self._show_errors_with(index.row()))
        self.scatter.chosen.connect(self._show_point)
        self.question.activated.connect(self._show_question)
        self.grid.back.clicked.connect(self._forget_choice)
        self.grid.edited.connect(self._say_changed)

    def take_over(self, former: ResultsStage) -> None:
        """Go on where the page in another language was."""
        self.head.unfold(former.head.unfolded)
        self.percent.setChecked(former.percent.isChecked())
        self._last = former._last
        self.tabs.setCurrentIndex(former.tabs.currentIndex())

    # -- reading

    def _open(self, run: Run | None) -> None:
        if run is None or self._session.training:
            self._read.cancel()
            self._show(None)
        else:
            self._read.start(run)

    def _show_checks(self) -> None:
        """To the checks of the data of the run, which are opened where others are."""
        if self._whole is not None and not self._open_data(self._whole):
            self._session.open_data_of(self._whole.run)
        self.go.emit("data/checks")

    def _failed(self, error: UserError) -> None:
        self._show(None)
        self.bar.show_message(str(error), "error")

    # -- showing

    def _show(self, results: RunResults | None) -> None:
        self._results = self._whole = results
        self.bar.clear()
        self._pages.setCurrentIndex(0 if results is None else 1)
        self.views.show_run(None if results is None else results.run)
        if results is not None:
            self.views.about.setText(results.about)
            last, self._last = self._last, results.run.path
            if last != self._last:  # of another run, the result itself comes first
                self.tabs.setCurrentIndex(0)
            self.head.show_results(results)
            self._area.verticalScrollBar().setValue(0)
            self.grid.use(results.root, results.decode, results.split)
            self.grid.draw_boxes(results.boxes)
            whole = not results.objective.places
            insight = functools.partial(insight_of, results.run.path)
            self.grid.explain_with(insight if whole else None)
            self.grid.offer_similar(whole)
            self.question.clear()
            for name in results.report.questions:
                text = _("Question: {name}").format(name=shown(name))
                self.question.addItem(text, (name,))  # Qt drops undecodable bytes of a text
            self.question.setVisible(bool(results.report.questions))
            self._show_question()
        self._follow()

    def _where_similar(self) -> SimilarIn | None:
        """Where the trained model looks for examples like one of the grid."""
        if (results := self._whole) is None:
            return None
        insight = functools.partial(insight_of, results.run.path)
        find: Find = lambda path, tell: insight().similar(path, tell)  # noqa: E731
        return SimilarIn(find, results.root, results.decode, results.split)

    def _show_question(self, *_number: int) -> None:
        """Show the parts of one question of several, or of all there is."""
        assert self._whole is not None
        chosen = self.question.currentData()
        self._results = self._whole.of_question(*chosen) if chosen else self._whole
        self._show_parts(self._results)

    def _show_parts(self, results: RunResults) -> None:
        found = results.report
        self.head.show_figures(found)
        of_number, of_labels = found.mean_absolute_error is not None, bool(found.per_label)
        of_boxes = found.found is not None
        self._numbers.setVisible(of_number)
        self._both.setVisible(not of_number)
        self._matrix_side.setVisible(not of_boxes)
        self._tables.setCurrentIndex(2 if of_boxes else int(of_labels))
        self._table_title.setText(_("Labels") if of_labels else _("Classes"))
        self.true.setVisible(of_labels)
        self.classes.rows.fill(found.per_class.items())
        self.labels.rows.fill(label_rows(found))
        self.found.rows.fill(found.per_class.items() if of_boxes else ())
        self._fill_matrix()
        self._show_notes(results)
        self._fit_parts(len(found.per_label or found.per_class))
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
        together = _("Labels that occur together") if of_truth else _("Labels predicted together")
        confused = _("Confusion matrix")
        self._matrix_title.setText(together if self.matrix.cells.together else confused)

    def _fit_parts(self, classes: int) -> None:
        """Table and matrix as high as they need, so that the page alone scrolls."""
        table, few = self._table(), classes <= FEW_CLASSES
        beside = style.BETWEEN + self._matrix_side.minimumSizeHint().width()
        needs = table.needed_width() + beside
        self._both.use_width(max(TURNED, needs) if few else NEVER)
        self._tables.setMinimumWidth(min(table.needed_width(), TURNED))
        self._keep_names_near()
        self._show_rows(MOST_CLASSES)
        self.matrix.setFixedHeight(self.matrix.needed_height(*MATRIX_ROWS))

    def _keep_names_near(self) -> None:
        """Limit the width of the table; beside the matrix, which has the rest, that of its side."""
        widest = self._table().needed_width() + NAME
        beside = self._both.orientation() is Qt.Orientation.Horizontal
        self._class_part.setMaximumWidth(widest)
        self._class_side.setMaximumWidth(widest if beside else WHOLE)

    def _show_rows(self, most: int) -> None:
        """Show so many rows of the table at most, without a scroll bar of its own."""
        table = self._table()
        self._tables.setFixedHeight(table.show_first(most))
        self._all_rows.setVisible(len(table.rows.shown) > most)

    def _show_notes(self, results: RunResults) -> None:
        found, noun = results.report, words.Noun.of(results.modality)
        of_matrix = matrix_note(found, len(self.matrix.cells.names), noun)
        for label, text in (self.note, of_matrix), (self.measured, measured_on(found, noun)):
            label.setText(text)
            label.setVisible(bool(text))

    def _show_mistakes(self, results: RunResults) -> None:
        mistakes = results.mistakes(GRID_ROWS)
        heading = _("Errors, most confident first ({count})") if mistakes else _("No errors")
        if results.report.mean_absolute_error is not None:
            heading = _("Largest errors first ({count})")
        elif results.report.found is not None and mistakes:
            heading = _("Pictures with errors, most errors first ({count})")
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
        text = (
            _("“{truth}” predicted as “{label}”")
            if truth != label
            else _("“{truth}” predicted correctly")
        )
        self._fill_with_way_back(text.format(truth=truth, label=label), rows)

    def _show_errors_with(self, number: int) -> None:
        """The errors of one class or label: missed ones and false alarms."""
        assert self._results is not None
        name = self._table().rows.shown[number][0]
        heading = _("Errors with “{name}”").format(name=shown(name))
        self._fill_with_way_back(heading, self._results.errors_with(name, GRID_ROWS))

    def _with_labels(self, pair: tuple[str, str]) -> tuple[str, list[PredictionRow]]:
        """A heading, and the samples for which both labels were predicted, or that have both."""
        assert self._results is not None
        of_truth = self.true.isChecked()
        rows = self._results.with_labels(pair, of_truth)
        names = " + ".join(f"“{shown(name)}”" for name in dict.fromkeys(pair))
        text = _("True: {names}") if of_truth else _("Predicted: {names}")
        return text.format(names=names), rows

    def _show_point(self, number: int) -> None:
        """The sample of one point of the scatter plot."""
        assert self._results is not None
        row = self._results.rows[number]
        self._fill_with_way_back(_("The example at this point"), [row])

    def _forget_choice(self) -> None:
        self.matrix.clear_choice()
        if self._results is not None:
            self._show_mistakes(self._results)

    def _fill_with_way_back(self, heading: str, rows: list[PredictionRow]) -> None:
        self._fill(words.bracketed(heading, words.number(len(rows))), rows)
        self.grid.back.setText(_("Show all errors"))
        self.grid.back.show()
        self._area.ensureVisible(0, self.grid.y() + FIRST_ROW, 0, 0)

    def _fill(self, heading: str, rows: list[PredictionRow]) -> None:
        self._listed = rows
        self.grid.heading.setText(heading)
        self._list(GRID_PAGE)

    def _list(self, count: int) -> None:
        """Show the first ``count`` of the rows that are listed."""
        assert self._results is not None
        rows = self._listed[:count]
        captions = {row.path: self._results.caption(row) for row in rows}
        said = {row.path: self._results.sentence(row) for row in rows}
        self.grid.fill(self.grid.heading.text(), list(captions), captions, said)
        self.grid.thumbnails.setVisible(bool(rows))
        self.more.setVisible(len(rows) < len(self._listed))

    def _scroll_to(self, index: QModelIndex) -> None:
        """Keep the example that is current in sight."""
        view = self.grid.thumbnails
        box = view.visualRect(index)
        place = view.viewport().mapTo(self._content, box.center())
        self._area.ensureVisible(place.x(), place.y(), 0, box.height() // 2 + style.INSIDE)

    def _open_data(self, results: RunResults) -> bool:
        """Whether the data of a run are those that are open."""
        opened = self._session.dataset is not None
        return opened and results.data == self._session.recipe.data.path

    def _follow(self, *_what: object) -> None:
        """What can be done now."""
        results = self._results
        same = results is not None and self._open_data(results)
        self.elsewhere.show_data(results.data if results is not None else "")
        new = results is not None and results.can_be_searched
        self.head.offer_search(same and new and not self._session.training)
        self.grid.allow_edits(
            "" if same else _("Open the training data of this run to correct its labels.")
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
        self.opener.open(self._results.run, self.views.result, self.views.shown())

    def _say(self, text: str) -> None:
        self.bar.show_message(text, passing=True)

    def _say_changed(self) -> None:
        self._say(edits.said_of_result(self._session))
