"""The Predict stage: give files to a trained network, and see and take away its answers."""

from __future__ import annotations

import contextlib
import functools
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

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

from transfergui.core import registry
from transfergui.core.app import predicting, wholes
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, duration
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces import Modality
from transfergui.core.reading.given import ZIP, unfolded
from transfergui.core.reading.tables.table_files import SUFFIXES
from transfergui.core.runs import run as runs
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import desktop, file_dialogs, style, tasks, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.networks.model_chooser import ModelChoice, ModelChooser
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.message_overlay import MessageOverlay
from transfergui.gui.samples.given import Content, as_files, content, was_pasted
from transfergui.gui.samples.sample_viewer import Decode, SampleViewer, ViewedItem, ViewedItems
from transfergui.gui.session.session import Session
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable

SHOWN = (N_("Everything"), N_("Looks unsure"), N_("Could not be read"))
"""What the table can be narrowed to."""
SAVED = ("Excel (*.xlsx)", "CSV (*.csv)")
"""What the table can be saved as."""


class Earlier(NamedTuple):
    """What a model said before another one was chosen.

    Attributes:
        source: where the model is.
        rows: its answers, by their :func:`predicting.key`.
    """

    source: Path
    name: str
    classes: Sequence[str]
    rows: dict[str, Prediction]

    def beside(self, answer: Prediction) -> PredictionRow | None:
        """What this model said of the same sample."""
        found = predicting.beside(answer, self.rows)
        return None if found is None else PredictionRow.of(found, self.classes)


class Gift(NamedTuple):
    """What was given at once, for any model that is chosen later.

    Attributes:
        modality: key of what the model looked at; empty as long as that is not known.
    """

    modality: str
    paths: list[Path]


@dataclass
class Job:
    """What one background prediction is given, and what it has found so far.

    The worker only appends and counts, the window only reads.

    Attributes:
        known: what earlier models said, by the key of their modality.
        earlier: which of it stands beside the answers.
    """

    source: Path
    given: list[Path]
    model: TrainedModel | None = None
    known: dict[str, Earlier] = field(default_factory=dict)
    earlier: Earlier | None = None
    total: int = 0
    rows: list[PredictionRow] = field(default_factory=list)
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
        self._source: Path | None = None
        self._compared: Earlier | None = None
        self._seen = 0
        self._waiting: list[list[Path]] = []
        self._given: list[Gift] = []
        self._earlier: dict[str, Earlier] = {}  # by the key of the modality
        self._again = False
        self._files: list[ModelChoice] = []
        self._looks_at: dict[Path, str] = {}
        self._names: dict[Path, str] = {}
        self.bar = MessageBar(session, "predict")
        self.models = ModelChooser()
        self.unsure = QSpinBox()
        self.typed = QLineEdit()
        self.search = QLineEdit()
        self.narrow = QComboBox()
        self.progress = QProgressBar()
        self.left = QLabel()
        self.cancel_button = QPushButton(_("Cancel"))
        self.table = PredictionTable(self)
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
            kind = self._looks_at.get(self.models.currentData(), "")
            self._given.append(Gift(kind, given))
            self._waiting.append(given)
            self._begin_next()

    def cancel(self) -> None:
        """Stop; the answers so far stay."""
        self._again = False
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
        """Take all answers out of the table, and forget what was given."""
        self._given.clear()
        self.cancel()
        self._earlier.clear()
        self._compared = None
        self.table.rows.fill([])
        if self._model is not None:
            self.table.answers_of(len(self._model.classes), _decoder(self._model))
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
        choice = ModelChoice(path, path.name)
        if self.models.place_of(path) < 0:
            self._files.append(choice)
        self._names.setdefault(path, choice.name)
        self.models.choose(choice)
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
        layout.addLayout(self._model_row())
        layout.addLayout(self._samples_row())
        layout.addWidget(self.typed)
        layout.addLayout(self._narrow_row())
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._progress_row())
        layout.addWidget(MessageOverlay(self, [self.bar]))

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
            _("Save…"),
            _(
                "Save the rows that are shown, in this order, as .xlsx or .csv: with the columns "
                "of your own table, every class and the notes."
            ),
            self._ask_save,
        )
        self._copy = _button(
            _("Copy"), _("Copy the rows that are shown, for a spreadsheet."), self._copy_all
        )
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

    def _show_models(self, found: list[ModelChoice]) -> None:
        """The run that is shown stands first, and is taken until the user chooses another."""
        run = self._session.run
        self._looks_at |= {choice.path: choice.modality for choice in found}
        self._names |= {choice.path: choice.name for choice in found}
        if self.models.fill([*found, *self._files], run.path if run else None):
            self._model_chosen()
        if said_gone := self.models.said_gone():
            self.bar.show_message(said_gone, "warning")
        self._follow()

    def _say_choice(self, *_index: object) -> None:
        self.chosen.emit(self.models.currentData())

    def _model_chosen(self, *_index: object) -> None:
        """What was given is predicted again, and the answers so far stand beside the new ones."""
        self.cancel()
        self._keep_answers()
        self._model = None
        self.table.rows.fill([])
        source = self.models.currentData()
        self._again = source is not None and source not in self._looks_at
        if self._again:  # only the file itself knows what it looks at
            self._waiting.append([])
            self._begin_next()
        elif source is not None:
            self._answer_again()
        self._follow()

    def _keep_answers(self) -> None:
        """Keep the answers in the table, to show them beside those of another model."""
        rows = self.table.rows.rows
        if self._model is not None and self._source is not None and rows:
            kept = {predicting.key(row.answer): row.answer for row in rows}
            name = self._names.get(self._source, self._source.name)
            earlier = Earlier(self._source, name, self._model.classes, kept)
            self._earlier[self._model.modality.key] = earlier

    def _answer_again(self) -> None:
        """Predict what was given for models of this kind of data; the rest is kept and said."""
        self._again = False
        kind = self._looks_at.get(self.models.currentData(), "")
        self._waiting = [gift.paths for gift in self._given if gift.modality in (kind, "")]
        others = {gift.modality for gift in self._given if gift.modality not in (kind, "")}
        if others and kind:
            text = _(
                "This model classifies {noun}. The {others} that you gave are kept for a model "
                "that classifies them."
            )
            names = ", ".join(sorted(_(registry.modality(key).many) for key in others))
            noun = _(registry.modality(kind).many)
            self.bar.show_message(text.format(noun=noun, others=names), passing=True)
        self._begin_next()

    # -- the work

    def _begin_next(self) -> None:
        if self._work.running or not self._waiting:
            return
        source = self.models.currentData()
        known = {key: each for key, each in self._earlier.items() if each.source != source}
        self._job = Job(source, self._waiting.pop(0), self._model, known)
        self._seen = 0
        self._work.start(self._job)
        self._follow()

    def _take(self, job: Job | None) -> None:
        """Show what came since the last time."""
        if job is None or job.model is None:
            return
        if job.model is not self._model:
            kind = job.model.modality.key
            self._model, self._source, self._compared = job.model, job.source, job.earlier
            self._looks_at[job.source] = kind
            self._given = [Gift(gift.modality or kind, gift.paths) for gift in self._given]
            self.table.answers_of(len(job.model.classes), _decoder(job.model), self._side_by_side())
        new = job.rows[self._seen :]
        self._seen += len(new)
        self.table.rows.append(new)
        self._show_progress(job)

    def _side_by_side(self) -> tuple[str, str] | None:
        """The names of the model and of the earlier one beside it; None where there is none."""
        if self._compared is None or self._source is None:
            return None
        mine, theirs = self._names.get(self._source, self._source.name), self._compared.name
        if mine == theirs:
            return f"{mine} ({self._source.name})", f"{theirs} ({self._compared.source.name})"
        return mine, theirs

    def _done(self, job: Job) -> None:
        self._take(job)
        self._job = None
        self.table.rows.arrange()
        if job.given and not job.rows:
            noun = _(self._modality().many)
            self.bar.show_message(_("No {noun} were found there.").format(noun=noun), "warning")
        if self._again:
            self._answer_again()
        self._begin_next()
        self._follow()

    def _failed(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")
        self._give_up()

    def _give_up(self) -> None:
        self._job, self._again = None, False
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

        def wanted(row: PredictionRow) -> bool:
            if which and not (self.table.is_unsure(row) if which == 1 else bool(row.problem)):
                return False
            return not text or text in f"{row.path.name}\n{row.label(0)}".casefold()

        self.table.rows.show_only(wanted)

    # -- what the buttons do

    def _ask_model(self) -> None:
        kinds = _("Models") + " (*.zip *.onnx)"
        if file := file_dialogs.ask_file(self, _("Open a model"), "model", kinds):
            self.choose_model(file)

    def _ask_files(self) -> None:
        modality = self._modality()
        others = sorted(f"*{ending}" for ending in (*SUFFIXES, ZIP))
        patterns = " ".join(
            dict.fromkeys((*modality.patterns, *modality.patterns_on_request, *others))
        )
        kinds = f"{_(modality.title)} ({patterns});;{_('All files')} (*)"
        self.predict(file_dialogs.ask_files(self, _("Choose files"), "predict", kinds))

    def _ask_folder(self) -> None:
        if folder := file_dialogs.ask_folder(self, _("Choose a folder"), "predict"):
            self.predict([folder])

    def _ask_save(self) -> None:
        title, name, kinds = _("Save the answers"), f"predictions{answers.EXCEL}", ";;".join(SAVED)
        target, chosen = file_dialogs.ask_target(self, title, "answers", name, kinds)
        if target:
            self.save(with_ending(target, chosen))

    def save(self, path: Path) -> None:
        """Write what the table shows, in the background: as a workbook where ``path`` ends in
        ``.xlsx``, else as CSV."""
        write = functools.partial(answers.write, path, self._saved_rows())
        tasks.run(self, write, lambda nothing: self._saved(path), self._not_written)

    def _saved_rows(self) -> Iterator[answers.Row]:
        """What the table shows: its rows in their order, with their notes."""
        assert self._model is not None
        rows, earlier, names = self.table.rows.shown, None, self._side_by_side()
        if names is not None and self._compared is not None:
            before = [row.earlier and row.earlier.answer for row in rows]
            earlier = answers.Answered(self._compared.classes, before, names[1])
        given = answers.Answered(self._model.classes, [row.answer for row in rows])
        return answers.rows(given, earlier, self.table.unsure)

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
        desktop.copy(answers.to_text(self._saved_rows(), "\t"))

    def _look(self) -> None:
        """Open the first selected row large; from there, one goes on through all rows."""
        rows = list(self.table.rows.shown)
        for row in self.table.chosen()[:1]:
            assert self._model is not None
            looks, at = ViewedItems(rows, _look_at), _place_of(row, rows)
            SampleViewer(_decoder(self._model), Path(), looks, at, parent=self).open()

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


def with_ending(path: Path, kind: str) -> Path:
    """``path`` with the ending of the chosen kind of file, where it has none."""
    return path if path.suffix else path.with_suffix(kind[kind.index(".") : -1])


def _decoder(model: TrainedModel) -> Decode:
    """How samples are decoded to be seen, without holding the network."""
    modality, input = model.modality, model.input
    return lambda path, large=False, /: modality.preview(path, input, large)


def _place_of(row: PredictionRow, rows: Sequence[PredictionRow]) -> int:
    """Where ``row`` itself is among ``rows``, which are not compared by their figures."""
    return next(at for at, each in enumerate(rows) if each is row)


def _look_at(row: PredictionRow) -> ViewedItem:
    """A row with its answer below it."""
    text = row.problem or f"{row.label(0)} · {words.percent(row.share(0))}"
    return ViewedItem((str(row.path),), text)


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: slot())
    return button


# -- in worker threads


def _find_models() -> list[ModelChoice]:
    """The runs in which there is a trained network, newest first."""
    found = []
    for run in filter(_trained, runs.list_runs()):
        with contextlib.suppress(UserError):  # the Runs stage says what is wrong with it
            found.append(ModelChoice.of(run))
    return found


def _trained(run: Run) -> bool:
    return (run.checkpoints / "best.safetensors").is_file()


def _predict(job: Job, report: Callable[[Job], None]) -> Job:
    warm_up()
    model = job.model or TrainedModel.load(job.source)
    job.earlier = earlier = job.known.get(model.modality.key)
    job.model = model
    given = unfolded(job.given, model.modality)
    given.rows |= {path: predicting.text_of(path) for path in job.given if was_pasted(path)}
    files = list(model.modality.list_files(given.paths, model.input))
    job.total, job.began = len(files) + len(given.problems), time.monotonic()
    job.total += wholes.count(files, model.modality, given.paths)
    problems = (Prediction(Path(each.path), problem=each) for each in given.problems)
    with contextlib.closing(predicting.predict(model, given, files)) as found:  # type: ignore[type-var]
        whole = wholes.with_wholes(found, model.modality, given.paths)
        for answer in itertools.chain(problems, whole):
            before = earlier.beside(answer) if earlier else None
            job.rows.append(PredictionRow.of(answer, model.classes, before))
            report(job)
    return job
