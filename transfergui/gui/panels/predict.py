"""The Predict stage: give files to a trained network, and see and take away its answers."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import answers, registry, runs, wholes
from transfergui.core.errors import UserError
from transfergui.core.i18n import N_, _, duration
from transfergui.core.modalities import Modality, Preview
from transfergui.core.modalities.given import ZIP, unfolded
from transfergui.core.modalities.tables import SUFFIXES
from transfergui.core.paths import shown
from transfergui.core.runs import Run
from transfergui.core.trained import Prediction, TrainedModel
from transfergui.gui import desktop, style, tasks, words
from transfergui.gui.given import Content, as_files, content
from transfergui.gui.session import Session
from transfergui.gui.tasks import Task
from transfergui.gui.warm_up import warm_up
from transfergui.gui.widgets.answer_table import AnswerRow, AnswerTable
from transfergui.gui.widgets.empty_page import EmptyPage
from transfergui.gui.widgets.message_bar import MessageBar
from transfergui.gui.widgets.model_chooser import Choice, ModelChooser
from transfergui.gui.widgets.sample_viewer import SampleViewer

SHOWN = (N_("Everything"), N_("Looks unsure"), N_("Could not be read"))
"""What the table can be narrowed to."""


@dataclass
class Job:
    """What one background prediction is given, and what it has found so far.

    The worker only appends and counts, the window only reads.
    """

    source: Path
    given: list[Path]
    model: TrainedModel | None = None
    total: int = 0
    rows: list[AnswerRow] = field(default_factory=list)
    began: float = 0.0


class PredictStage(QWidget):
    """One job at a time; what is dropped meanwhile waits its turn."""

    chosen = Signal(object)
    """Path of the network that the user chose from the list."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._list = Task(self, _find_models, self._show_models)
        self._work = Task(
            self, _predict, self._done, self._failed, self._take, broken=self._give_up
        )
        self._job: Job | None = None
        self._model: TrainedModel | None = None
        self._seen = 0
        self._waiting: list[list[Path]] = []
        self._given: list[list[Path]] = []  # all that is in the table, for another model to answer
        self._files: list[Choice] = []
        self._looks_at: dict[Path, str] = {}
        self.bar = MessageBar(session, "predict")
        self.models = ModelChooser()
        self.unsure = QSpinBox()
        self.typed = QLineEdit()
        self.search = QLineEdit()
        self.narrow = QComboBox()
        self.progress = QProgressBar()
        self.left = QLabel()
        self.cancel_button = QPushButton(_("Cancel"))
        self.table = AnswerTable(self)
        self.table.add_action(_("Look at it large"), self._look, "Return")
        self.table.add_action(_("Show in folder"), self._reveal, "Ctrl+Shift+O")
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._follow()

    # -- giving work

    def predict(self, given: list[Path]) -> None:
        """Answer for files and folders, after what is already waiting."""
        if self.models.currentData() is None:
            self.bar.show_message(
                _("First train a network, or choose the file of one above."), passing=True
            )
        elif given:
            self.bar.clear()
            self._given.append(given)
            self._waiting.append(given)
            self._begin_next()

    def cancel(self) -> None:
        """Stop; the answers so far stay."""
        self._waiting.clear()
        self._work.cancel()
        self._take(self._job)
        self._job = None
        self.table.rows.arrange()
        self._follow()

    def paste(self) -> None:
        """Answer for the files on the clipboard, or for the picture or the words there."""
        given = content(QGuiApplication.clipboard().mimeData(), self._modality().typed)
        if given:
            self._take_in(given)
        else:
            self.bar.show_message(
                _("There is nothing on the clipboard that can be predicted."), passing=True
            )

    def clear(self) -> None:
        """Take all answers out of the table."""
        self._given.clear()
        self._take_out()

    def _take_out(self) -> None:
        self.cancel()
        self.table.rows.fill([])
        self._follow()

    def answer_typed(self) -> None:
        """Answer for what was typed."""
        words = self.typed.text().strip()
        if words:
            self._take_in(words)
            self.typed.clear()

    def _take_in(self, given: Content) -> None:
        if isinstance(given, list):
            self.predict(given)
        else:
            keep = functools.partial(as_files, given, self._modality().typed)
            tasks.run(self, keep, self.predict, self._not_written)

    def choose_model(self, path: Path) -> None:
        """Use this run, package or ONNX file from now on."""
        choice = Choice(path, path.name)
        if self.models.place_of(path) < 0:
            self._files.append(choice)
        self.models.choose(choice)
        if path not in self._looks_at:  # only the file itself knows
            self._waiting.append([])
            self._begin_next()
        self._follow()

    def _modality(self) -> Modality:
        """What the chosen network looks at; where that is not known, what the session is about."""
        known = self._looks_at.get(self.models.currentData())
        return registry.modality(known or self._session.recipe.modality)

    # -- building

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self._empty = EmptyPage(
            "sparkle",
            _("Try it on something new"),
            _(
                "Drop files, a folder, a zip or a table of file names here, or paste something "
                "that you copied. Every file gets a prediction and its confidence."
            ),
            _("Choose files…"),
        )
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.bar)
        layout.addLayout(self._model_row())
        layout.addLayout(self._samples_row())
        layout.addWidget(self.typed)
        layout.addLayout(self._narrow_row())
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._progress_row())

    def _model_row(self) -> QHBoxLayout:
        self.models.setAccessibleName(_("Trained network"))
        label = QLabel(_("&Network"))
        label.setBuddy(self.models)
        open_file = _button(
            _("Open a model file…"), _("A model package or an ONNX file."), self._ask_model
        )
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(label)
        row.addWidget(self.models, 1)
        row.addWidget(open_file)
        return row

    def _samples_row(self) -> QHBoxLayout:
        """What goes in at the left, and at the right where the answers go."""
        self._save = _button(
            _("Save CSV…"), _("All answers as a table, every class a column."), self._ask_save
        )
        self._copy = _button(_("Copy"), _("Copy all answers, for a spreadsheet."), self._copy_all)
        self._clear = _button(_("Clear"), _("Take all answers out of the table."), self.clear)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for text, tip, slot in (
            (_("Add files…"), _("Choose files to be answered for."), self._ask_files),
            (_("Add folder…"), _("Everything in a folder."), self._ask_folder),
            (_("Paste"), _("What you copied elsewhere (Ctrl+V)."), self.paste),
        ):
            row.addWidget(_button(text, tip, slot))
        row.addStretch(1)
        for button in (self._save, self._copy, self._clear):
            row.addWidget(button)
        return row

    def _narrow_row(self) -> QHBoxLayout:
        self.typed.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Find a file or an answer"))
        self.search.setAccessibleName(_("Find a file or an answer"))
        self.search.setClearButtonEnabled(True)
        self.narrow.addItems([_(text) for text in SHOWN])
        self.narrow.setAccessibleName(_("Which answers are shown"))
        self.unsure.setRange(0, 100)
        self.unsure.setValue(self.table.unsure)
        self.unsure.setSuffix(" %")
        self.unsure.setToolTip(_("Answers with less confidence are marked: look at them yourself."))
        self.unsure.setAccessibleName(_("Mark as unsure below this confidence"))
        label = QLabel(_("&Unsure below"))
        label.setBuddy(self.unsure)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.search, 1)
        for widget in (self.narrow, label, self.unsure):
            row.addWidget(widget)
        return row

    def _progress_row(self) -> QHBoxLayout:
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Progress of the answers"))
        self.left.setProperty("role", "caption")
        row = QHBoxLayout()
        row.setSpacing(style.BETWEEN)
        row.addWidget(self.progress, 1)
        row.addWidget(self.left)
        row.addWidget(self.cancel_button)
        return row

    def _connect(self) -> None:
        self._session.run_changed.connect(lambda _run: self._list.start())
        self._empty.button.clicked.connect(self._ask_files)
        self.cancel_button.clicked.connect(self.cancel)
        self.table.doubleClicked.connect(lambda _index: self._look())
        self.typed.returnPressed.connect(self.answer_typed)
        self.search.textChanged.connect(self._narrow)
        self.narrow.currentIndexChanged.connect(self._narrow)
        self.unsure.valueChanged.connect(self._narrow)
        self.models.currentIndexChanged.connect(self._model_chosen)
        self.models.activated.connect(self._say_choice)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.paste)

    # -- the models

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list.start()

    def _show_models(self, found: list[Choice]) -> None:
        """The run that is shown stands first, and is taken until the user chooses another."""
        run = self._session.run
        self._looks_at |= {choice.path: choice.modality for choice in found}
        if self.models.fill([*found, *self._files], run.path if run else None):
            self._model_chosen()
        self._follow()

    def _say_choice(self, *_index: object) -> None:
        self.chosen.emit(self.models.currentData())

    def _model_chosen(self, *_index: object) -> None:
        """Answers of different models do not belong into one table: what was given is answered
        anew, where the model is of the same kind of data."""
        before = self._model.modality.key if self._model is not None else ""
        self._take_out()
        self._model = None
        if self._looks_at.get(self.models.currentData(), before) == before:
            self._waiting += self._given
            self._begin_next()
        else:
            self._given.clear()
        self._follow()

    # -- the work

    def _begin_next(self) -> None:
        if self._work.running or not self._waiting:
            return
        source = self.models.currentData()
        self._job = Job(source, self._waiting.pop(0), self._model)
        self._seen = 0
        self._work.start(self._job)
        self._follow()

    def _take(self, job: Job | None) -> None:
        """Show what came since the last time."""
        if job is None or job.model is None:
            return
        if job.model is not self._model:
            self._model = job.model
            self._looks_at[job.source] = job.model.modality.key
            self.table.answers_of(len(job.model.classes), _decoder(job.model))
        new = job.rows[self._seen :]
        self._seen += len(new)
        self.table.rows.append(new)
        self._show_progress(job)

    def _done(self, job: Job) -> None:
        self._take(job)
        self._job = None
        self.table.rows.arrange()
        if job.given and not job.rows:
            noun = _(self._modality().many)
            self.bar.show_message(_("No {noun} were found there.").format(noun=noun), "warning")
        self._begin_next()
        self._follow()

    def _failed(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")
        self._give_up()

    def _give_up(self) -> None:
        self._job = None
        self._waiting.clear()
        self._follow()

    def _show_progress(self, job: Job) -> None:
        done, total = len(job.rows), job.total
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        text = f"{words.number(done)} / {words.number(total)}"
        spent = time.monotonic() - job.began
        if done and total > done and spent > 1:
            left = duration(spent / done * (total - done))
            text = f"{text} · " + _("about {time} left").format(time=left)
        self.left.setText(text)
        self._pages.setCurrentIndex(1)

    # -- showing

    def _follow(self) -> None:
        """What can be done now."""
        busy = self._work.running
        some = bool(self.table.rows.rows)
        self._pages.setCurrentIndex(1 if some or busy else 0)
        for widget in (self.progress, self.left, self.cancel_button):
            widget.setVisible(busy)
        if busy and self._job is not None and not self._job.total:
            self.progress.setRange(0, 0)
            self.left.setText(_("Loading the network…"))
        for button in (self._save, self._copy, self._clear):
            button.setEnabled(some)
        modality = self._modality()
        ask = _("Type or paste a {noun} here and press Enter").format(noun=_(modality.one))
        self.typed.setVisible(bool(modality.typed) and self.models.currentData() is not None)
        self.typed.setPlaceholderText(ask)
        self.typed.setAccessibleName(ask)
        if not self.models.count():
            self.models.setToolTip(_("The trained network that answers."))
            self.models.setPlaceholderText(_("No trained network yet: train one, or open a file"))
        self.table.set_empty_text("" if busy else _("No answer fits."))

    def _narrow(self, *_what: object) -> None:
        """Apply the search, the choice of rows and the threshold."""
        self.table.unsure = self.unsure.value()
        text, which = self.search.text().strip().casefold(), self.narrow.currentIndex()

        def wanted(row: AnswerRow) -> bool:
            if which and not (self.table.is_unsure(row) if which == 1 else bool(row.problem)):
                return False
            return not text or text in f"{row.path.name}\n{row.label(0)}".casefold()

        self.table.rows.show_only(wanted)

    # -- what the buttons do

    def _ask_model(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, _("Open a model"), "", _("Models") + " (*.zip *.onnx)"
        )
        if name:
            self.choose_model(Path(name))

    def _ask_files(self) -> None:
        modality = self._modality()
        others = sorted(f"*{ending}" for ending in (*SUFFIXES, ZIP))
        patterns = " ".join(
            dict.fromkeys((*modality.patterns, *modality.patterns_on_request, *others))
        )
        names, _filter = QFileDialog.getOpenFileNames(
            self, _("Choose files"), "", f"{_(modality.title)} ({patterns});;{_('All files')} (*)"
        )
        self.predict([Path(name) for name in names])

    def _ask_folder(self) -> None:
        if name := QFileDialog.getExistingDirectory(self, _("Choose a folder")):
            self.predict([Path(name)])

    def _ask_save(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the answers"), "predictions.csv", "CSV (*.csv)"
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write all answers as CSV, in the background."""
        assert self._model is not None
        given = [row.answer for row in self.table.rows.rows]
        write = functools.partial(answers.write_csv, path, self._model.classes, given)
        tasks.run(self, write, lambda nothing: self._saved(path), self._not_written)

    def _saved(self, path: Path) -> None:
        self.bar.show_message(
            _("Saved as {path}.").format(path=shown(path)),
            "info",
            _("Show in folder"),
            lambda: desktop.show_in_folder(path),
            passing=True,
        )

    def _not_written(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")

    def _copy_all(self) -> None:
        assert self._model is not None
        given = [row.answer for row in self.table.rows.rows]
        desktop.copy(answers.to_text(self._model.classes, given, "\t"))

    def _look(self) -> None:
        for row in self.table.chosen()[:1]:
            assert self._model is not None
            text = row.problem or f"{row.label(0)} · {words.percent(row.share(0))}"
            SampleViewer(_decoder(self._model), row.path, text, self).open()

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


def _decoder(model: TrainedModel) -> Callable[[Path], Preview]:
    """How samples are decoded to be seen, without holding the network."""
    modality, input = model.modality, model.input
    return lambda path: modality.preview(path, input)


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: slot())
    return button


# -- in worker threads


def _find_models() -> list[Choice]:
    """The runs in which there is a trained network, newest first."""
    found = []
    for run in filter(_trained, runs.list_runs()):
        with contextlib.suppress(UserError):  # the Runs stage says what is wrong with it
            found.append(Choice.of(run))
    return found


def _trained(run: Run) -> bool:
    return (run.checkpoints / "best.safetensors").is_file()


def _predict(job: Job, report: Callable[[Job], None]) -> Job:
    warm_up()
    if job.model is None:
        job.model = TrainedModel.load(job.source)
    given = unfolded(job.given, job.model.modality)
    files = list(job.model.modality.list_files(given.paths, job.model.input))
    job.total, job.began = len(files) + len(given.problems), time.monotonic()
    for problem in given.problems:
        answer = Prediction(Path(problem.path), problem=problem)
        job.rows.append(AnswerRow.of(answer, job.model.classes))
    job.total += wholes.count(files, job.model.modality, given.paths)
    with contextlib.closing(job.model.predict(files)) as found:  # type: ignore[type-var]
        for answer in wholes.with_wholes(found, job.model.modality, given.paths):
            named = replace(answer, name=given.called(answer.path)) if given.zips else answer
            job.rows.append(AnswerRow.of(named, job.model.classes))
            report(job)
    return job
