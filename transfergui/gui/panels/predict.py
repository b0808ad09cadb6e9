"""The Predict stage: give files to a trained network, and see and take away its answers."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base import archives
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.evaluation import promises
from transfergui.core.evaluation.prediction_table import Predicting, doubt_text
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.given import ZIP
from transfergui.core.reading.tables.table_files import SUFFIXES
from transfergui.core.trained import TrainedModel
from transfergui.core.views.insight import insight_of
from transfergui.gui.acting.act_menu import ActMenu
from transfergui.gui.acting.watch_dialog import WatchDialog
from transfergui.gui.base import desktop, file_dialogs, style, tasks, words
from transfergui.gui.capture.live_switch import LiveSwitch
from transfergui.gui.networks.better_run import BetterRunNotice
from transfergui.gui.networks.model_notice import ModelNotice
from transfergui.gui.networks.model_row import ModelRow
from transfergui.gui.panels.compared_line import ComparedLine
from transfergui.gui.panels.found_boxes import FoundBoxes
from transfergui.gui.panels.prediction_corrections import PredictionCorrections
from transfergui.gui.panels.prediction_filter import PredictionFilter
from transfergui.gui.panels.prediction_output import PredictionOutput
from transfergui.gui.panels.prediction_queue import PredictionJob, PredictionQueue, decoder
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.message_overlay import MessageOverlay
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.samples.answer_bars import bars_of
from transfergui.gui.samples.given import Content, as_files, content
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem, ViewedItems
from transfergui.gui.samples.similar import Find, SimilarDialog, SimilarIn
from transfergui.gui.session.session import Session
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable


class PredictStage(QWidget):
    """One job at a time; what is dropped meanwhile waits its turn."""

    chosen = Signal(object)
    """Path of the network that the user chose from the list."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._elsewhere: tuple[float | None, ...] = ()  # chosen in Results while this is busy
        self.bar = MessageBar(session, "predict")
        self.model_row = ModelRow(session)
        self.models = self.model_row.chooser
        self.better = BetterRunNotice()
        self.about = ModelNotice(session)
        self.adapt = QCheckBox(_("Adapt (experimental)"))
        self.adapted = NoteLines()
        self.typed = QLineEdit()
        self.table = PredictionTable(self)
        self.filter = PredictionFilter(self.table)
        self.progress = ProgressRow(_("Progress of the predictions"))
        self.live = LiveSwitch(self._show_error)
        self.table.add_action(_("View large"), self._look, "Return")
        self.table.add_action(_("Show in folder"), self._reveal, "Ctrl+Shift+O")
        self.table.add_action(_("Find similar"), self._find_similar, "Ctrl+Shift+F")
        self._pages = QStackedWidget()
        self._queue = PredictionQueue(
            self,
            self.model_row,
            self.table,
            self.bar,
            modality=self._modality,
            progressed=self._show_progress,
            changed=self._follow,
        )
        self.boxes = FoundBoxes(self, self._queue, self.table)
        self.output = PredictionOutput(self, self.table, self._queue, self.bar)
        self.corrections = PredictionCorrections(
            self, session, self.table, self.bar, lambda: self._queue.model
        )
        self.undoing = self.corrections
        self.output.corrected = self.boxes.corrected = lambda: self.corrections.kept
        self.corrections.kept_changed.connect(self.boxes.sum_up)
        self.compared = ComparedLine(self._queue)
        self._build()
        self._connect()
        self._follow()

    # -- giving work

    def predict(self, given: list[Path]) -> None:
        """Answer for files and folders, after what is already waiting."""
        if self.model_row.current is None:
            self.bar.show_message(
                _("Train a model first, or open a model file above."), passing=True
            )
        elif given:
            self.bar.clear()
            self.live.setChecked(False)
            self._queue.add(given)

    def cancel(self) -> None:
        """Stop; the answers so far stay."""
        self._queue.cancel()

    def paste(self) -> None:
        """Answer for the files on the clipboard, or for the picture or the words there."""
        given = content(QGuiApplication.clipboard().mimeData(), self._modality().typed)
        if given:
            self._take_in(given)
        else:
            self.bar.show_message(
                _(
                    "The clipboard holds nothing that can be predicted. Copy files, a picture "
                    "or a text first."
                ),
                passing=True,
            )

    def clear(self) -> None:
        """Take all answers out of the table, and forget what was given."""
        self._queue.clear()

    def answer_typed(self) -> None:
        """Answer for what was typed."""
        words = self.typed.text().strip()
        if words:
            self._take_in(words)
            self.typed.clear()

    def take_over(self, former: PredictStage) -> None:
        """Go on where the page in another language was."""
        self.model_row.take_over(former.model_row)
        self._queue.take_over(former._queue)
        self.adapt.setChecked(self._queue.adapts)
        self.filter.take_over(former.filter)
        self.large.setChecked(former.large.isChecked())
        self.typed.setText(former.typed.text())

    def _take_in(self, given: Content) -> None:
        if isinstance(given, list):
            self.predict(given)
        else:
            keep = functools.partial(as_files, given, self._modality().typed)
            tasks.run(self, keep, self.predict, self._show_error)

    def choose_model(self, path: Path) -> None:
        """Use this run, package or ONNX file from now on."""
        self.model_row.choose(path)
        self._follow()

    def _modality(self) -> Modality:
        """What the chosen network looks at; where that is not known, what the session is about."""
        return registry.modality(self.model_row.kind or self._session.recipe.modality)

    # -- building

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self._empty = EmptyPage(
            "sparkle",
            _("Predict new files"),
            _(
                "Drop files, a folder, a zip or tar file, or a table of texts or file names here, "
                "or paste what you copied elsewhere. Every example gets a prediction and its "
                "confidence."
            ),
            _("Choose files…"),
        )
        self._no_model = EmptyPage(
            "sparkle",
            _("No model yet"),
            _(
                "Train a model first, or open one: a model package (.zip) or an ONNX file that "
                "was exported from TransferGUI."
            ),
            _("Open a model file…"),
        )
        reading = EmptyPage("sparkle", _("Reading the models…"), _("Your runs are listed soon."))
        for page in (self._empty, self.table, self._no_model, self.live.page, reading):
            self._pages.addWidget(page)
        self._pages.setMinimumHeight(140)  # pixels: the window grows with no line above it
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self.model_row)
        layout.addWidget(self.about)
        layout.addWidget(self.better)
        layout.addLayout(self._samples_row())
        self.typed.setClearButtonEnabled(True)
        layout.addWidget(self.typed)
        ways = QHBoxLayout()  # not in the row of buttons, which is as wide as may be
        ways.addWidget(self.adapt)
        ways.addWidget(self.boxes.slider)
        ways.addStretch(1)
        ways.addWidget(self.live)
        layout.addLayout(ways)
        layout.addWidget(self.adapted)
        self._filter_row = QWidget()
        self._filter_row.setLayout(self.filter)
        self.filter.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._filter_row)
        layout.addWidget(self.boxes.total)
        layout.addWidget(self.corrections.row)
        layout.addWidget(self.compared)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self.progress)
        layout.addWidget(MessageOverlay(self, [self.bar]))

    def _samples_row(self) -> QHBoxLayout:
        """What goes in at the left, and at the right where the answers go."""
        output = self.output
        moved, pictures = self._queue.follow_moved, output.ask_with_pictures
        self._save = ActMenu(
            output.to_act, output.ask, pictures, moved, self, self._watch, self._session.open_data
        )
        self._copy = _button(
            _("Copy"), _("Copy the rows shown, for a spreadsheet."), self.output.copy
        )
        self._clear = _button(_("Clear"), _("Remove all predictions from the table."), self.clear)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for text, tip, slot in (
            (_("Add files…"), _("Choose files to predict."), self._ask_files),
            (_("Add folder…"), _("Predict every file in a folder."), self._ask_folder),
            (_("Paste"), _("Predict what you copied elsewhere (Ctrl+V)."), self.paste),
        ):
            row.addWidget(_button(text, tip, slot))
        self.adapt.setToolTip(
            style.tip(
                _(
                    "Experimental (Tent): before files that you add are predicted, the "
                    "normalisation layers of a copy of the model are adjusted to them. For a new "
                    "camera or microphone; all classes should occur among the files. The model "
                    "itself stays as it is. Nothing tells whether more predictions are correct."
                )
            )
        )
        row.addStretch(1)
        self.large = tool_button("", _("Show large pictures in the table."), _("Large pictures"))
        self.large.setCheckable(True)
        self.large.toggled.connect(self.table.show_large)
        for button in (self.large, self._save, self._copy, self._clear):
            row.addWidget(button)
        style.theme.changed.connect(self._dress)
        self._dress()
        return row

    def _dress(self) -> None:
        self.large.setIcon(style.icon("picture"))

    def _connect(self) -> None:
        self._session.run_changed.connect(self._look_for_models)
        self._session.data_checked.connect(self.model_row.refresh)
        self._empty.button.clicked.connect(self._ask_files)
        self._no_model.button.clicked.connect(self.model_row.ask)
        self.progress.cancel_button.clicked.connect(self.cancel)
        self.table.doubleClicked.connect(lambda _index: self._look())
        self.typed.returnPressed.connect(self.answer_typed)
        self.adapt.toggled.connect(self._queue.adapt)
        self.models.currentIndexChanged.connect(lambda _index: self._queue.follow_model())
        self.model_row.listed.connect(self._show_models)
        self.model_row.opened.connect(self._follow)
        self.models.activated.connect(self._say_choice)
        self.live.toggled.connect(lambda _on: self._follow())
        self.models.currentIndexChanged.connect(lambda _index: self._look_for_better())
        self.better.wanted.connect(self._take_better)
        self.filter.promised.connect(self._promise)
        self._session.promise_changed.connect(self._take_promise)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.paste)

    # -- the models

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model_row.refresh()

    def _look_for_models(self, _run: object) -> None:
        self.model_row.refresh()

    def _show_models(self, another: bool) -> None:
        if another:
            self._queue.follow_model()
        if said_gone := self.models.said_gone():
            self.bar.show_message(said_gone, "warning")
        self._look_for_better()
        self._follow()

    def _look_for_better(self) -> None:
        self.better.look(self.model_row.choice, self.model_row.known)
        self.about.show_choice(self.model_row.choice)

    def _take_better(self, path: Path) -> None:
        self.choose_model(path)
        self._say_choice()

    def _say_choice(self, *_index: object) -> None:
        self.chosen.emit(self.models.currentData())

    # -- showing

    def _show_progress(self, job: PredictionJob) -> None:
        if job.total:
            self.progress.show_progress(len(job.rows), job.total, job.began)
        else:  # nothing is predicted yet
            self.progress.show_waiting(_("Comparing with the training data…"))
        if not self.live.isChecked():
            self._pages.setCurrentIndex(1)

    def _show_error(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")

    def _follow(self) -> None:
        """What can be done now."""
        busy, job = self._queue.running, self._queue.job
        some = bool(self.table.rows.rows)
        modality, current = self._modality(), self.model_row.current
        live = self.live.follow(modality, current)
        none = 4 if self.model_row.reading else 2
        self._pages.setCurrentIndex(3 if live else 1 if some or busy else 0 if current else none)
        self.progress.set_visible(busy)
        if busy and job is not None and not job.total:
            self.progress.show_waiting(_("Loading the model…"))
        self._filter_row.setVisible((some or busy) and not live)
        self.compared.follow((some or busy) and not live)
        told = self._queue.model  # of one that is not known yet, it is offered
        fits = told is None or told.objective.balances or self._queue.adapts
        self.adapt.setVisible(fits and not live)
        self.adapted.fill(self._queue.adapted)
        self.adapted.setVisible(bool(self._queue.adapted))
        for button in (self._copy, self._clear):
            button.setEnabled(some)
        ask = _("Type or paste a {noun} here and press Enter").format(noun=_(modality.one))
        self.typed.setVisible(bool(modality.typed) and self.model_row.current is not None)
        self.typed.setPlaceholderText(ask)
        self.typed.setAccessibleName(ask)
        model = self._queue.model
        sure = model is None or model.objective.confident
        promise = None if model is None else model.promise
        boxes = model is not None and model.objective.places
        self.filter.follow(sure, promise.at_most_wrong if promise else None, busy, boxes)
        self.boxes.follow(live)
        self._follow_promise()
        self.corrections.follow(live)
        self.table.set_empty_text("" if busy else _("No prediction matches the filter."))

    # -- what the buttons do

    def _ask_files(self) -> None:
        modality = self._modality()
        others = sorted(f"*{ending}" for ending in (*SUFFIXES, ZIP, *archives.ENDINGS))
        patterns = " ".join(
            dict.fromkeys((*modality.patterns, *modality.patterns_on_request, *others))
        )
        kinds = _("{kind} ({patterns});;All files (*)").format(
            kind=_(modality.title), patterns=patterns
        )
        self.predict(file_dialogs.ask_files(self, _("Choose files"), "predict", kinds))

    def _ask_folder(self) -> None:
        if folder := file_dialogs.ask_folder(self, _("Choose a folder"), "predict"):
            self.predict([folder])

    def _watch(self) -> None:
        """Open the dialog that watches a folder with the chosen model."""
        if (model := self.model_row.current) is None:
            self.predict([])  # says what is missing
            return
        name = self.model_row.name_of(model)
        WatchDialog(model, name, self.table.unsure, self.window()).show()

    def _look(self) -> None:
        """Open the first selected row large; from there, one goes on through all rows."""
        rows = list(self.table.rows.shown)
        for row in self.table.chosen()[:1]:
            model = self._queue.model
            assert model is not None
            look_at = functools.partial(_look_at, model)
            looks = ViewedItems(rows, look_at)
            at = next(at for at, each in enumerate(rows) if each is row)  # not by their figures
            changed = self._queue.adapts or model.objective.places  # boxes show it themselves
            source = None if changed else self._queue.source
            insight = functools.partial(insight_of, source) if source else None
            boxes = self.boxes.among(rows)
            given = (decoder(model), Path(), looks, at)
            SampleViewer(*given, parent=self, insight=insight, boxes=boxes).open()

    def _find_similar(self) -> None:
        """Show the examples of the model's run that are most like the first selected row."""
        model, source = self._queue.model, self._queue.source
        for row in self.table.chosen()[:1]:
            if model is None or source is None:
                return
            find: Find = lambda path, tell: insight_of(source).similar(path, tell)  # noqa: E731
            split = model.run.split if model.run is not None else None
            root = Path(split.root) if split is not None else Path()
            where = SimilarIn(find, root, decoder(model), split)
            SimilarDialog(self._session, where, row.path, self).open()

    def _promise(self, share: float | None) -> None:
        """Leave predictions out so that no more than this share is wrong, and keep that."""
        model = self._queue.model
        if model is not None and not self._queue.running:
            self.bar.clear()
            work = functools.partial(_promised, model, share)
            tasks.run(self, work, self._show_promise, self._refuse_promise)

    def _show_promise(self, found: tuple[TrainedModel, str]) -> None:
        model, said = found
        if not self._queue.running:
            self._queue.judge_by(model)
            if said:
                self.bar.show_message(said, "info")
        if model.run is not None:
            share = None if model.promise is None else model.promise.at_most_wrong
            self._session.promise_changed.emit(model.run.path, share)

    def _take_promise(self, path: object, share: float | None) -> None:
        """Chosen in Results, of the model that is used here."""
        if path == self._queue.source:
            self._elsewhere = (share,)
            self._follow_promise()

    def _follow_promise(self) -> None:
        """Judge by what was chosen in Results, once no prediction is made by the choice before."""
        model = self._queue.model
        if not self._elsewhere or model is None or self._queue.running:
            return
        (share,), self._elsewhere = self._elsewhere, ()
        now = None if model.promise is None else model.promise.at_most_wrong
        if share != now:
            with contextlib.suppress(UserError):  # said where it was chosen
                self._queue.judge_by(model.promising(share))

    def _refuse_promise(self, error: UserError) -> None:
        self.bar.show_message(str(error), "warning")
        self._follow()

    def _reveal(self) -> None:
        for row in self.table.chosen()[:1]:
            desktop.show_sample(row.path)

    # -- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        words = data.hasText() and self._modality().typed
        if data.hasUrls() or data.hasImage() or words:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take_in(content(event.mimeData(), self._modality().typed))


def _look_at(model: Predicting, row: PredictionRow) -> ViewedItem:
    """A row with its answer below it."""
    sure = "" if row.share(0) is None else f" · {words.percent(row.share(0))}"
    bars = bars_of(row.answer.probabilities, model.objective, model.found)
    said = f"{row.label(0)}{sure}"
    if row.answer.doubt:
        why = doubt_text(row.answer.doubt)
        said = why if row.answer.withheld else words.bracketed(said, why)
    return ViewedItem((str(row.path),), row.problem or said, bars)


def _promised(model: TrainedModel, share: float | None) -> tuple[TrainedModel, str]:
    """The model with a promise, which is kept in its run, and what that comes to in words.

    Raises:
        UserError: it cannot be promised, or not be kept.
    """
    promising = model.promising(share)
    if model.run is not None:
        promises.choose(model.run, model.objective, share)
    if promising.promise is None:
        return promising, ""
    made, noun = promising.promise, model.modality.many
    notes = promises.told(made, model.run, model.objective, noun)
    return promising, " ".join(note.sentence() for note in notes)


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: slot())
    return button
