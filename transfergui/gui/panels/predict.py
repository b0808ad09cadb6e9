"""The Predict stage: give files to a trained network, and see and take away its answers."""

from __future__ import annotations

import contextlib
import html
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QImage,
    QKeySequence,
    QPainter,
    QPixmap,
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

from transfergui.core import answers, paths, registry, runs
from transfergui.core.dataset import caption
from transfergui.core.errors import UserError
from transfergui.core.i18n import N_, _, duration
from transfergui.core.modalities import Modality, Preview
from transfergui.core.modalities.rows import SUFFIXES
from transfergui.core.paths import shown
from transfergui.core.runs import Run
from transfergui.core.trained import Prediction, TrainedModel
from transfergui.gui import desktop, style, words
from transfergui.gui.session import Session
from transfergui.gui.tasks import Task
from transfergui.gui.warm_up import warm_up
from transfergui.gui.widgets.empty_page import EmptyPage
from transfergui.gui.widgets.explained import TERMS
from transfergui.gui.widgets.message_bar import MessageBar
from transfergui.gui.widgets.result_table import Column, ResultTable, RowsModel
from transfergui.gui.widgets.sample_viewer import SampleViewer
from transfergui.gui.widgets.thumbnails import ThumbnailCache

UNSURE = 70
"""Per cent of confidence below which an answer is marked, until the user says otherwise."""
PICTURE = 36
"""Pixels of a thumbnail in the table."""
ICON = 20
"""Pixels of an icon in the place of a thumbnail."""
TOP = 3
THIRD = 4
"""The column of the third answer, which two classes do not have."""

SHOWN = (N_("Everything"), N_("Looks unsure"), N_("Could not be read"))
"""What the table can be narrowed to."""


@dataclass(frozen=True)
class Choice:
    """A model to choose: the folder of a run, a package or an ONNX file.

    Attributes:
        modality: key of what it looks at; empty as long as that is not known.
    """

    path: Path
    name: str
    modality: str = ""


@dataclass(frozen=True)
class AnswerRow:
    """One sample with its answers, the surest first; none where it could not be read."""

    answer: Prediction
    top: tuple[tuple[str, float], ...]
    problem: str

    @classmethod
    def of(cls, answer: Prediction, classes: Sequence[str]) -> AnswerRow:
        if answer.probabilities is None:
            return cls(answer, (), _why(answer))
        order = answer.probabilities.argsort()[::-1][:TOP]
        return cls(answer, tuple((classes[i], float(answer.probabilities[i])) for i in order), "")

    @property
    def path(self) -> Path:
        return self.answer.path

    def label(self, rank: int) -> str:
        return shown(self.top[rank][0]) if rank < len(self.top) else ""

    def share(self, rank: int) -> float | None:
        return self.top[rank][1] if rank < len(self.top) else None


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


def _why(answer: Prediction) -> str:
    """Why there is no answer; the file's folder stands beside it and is left out."""
    if answer.problem is None:
        return ""
    return msgspec.structs.replace(answer.problem, path=caption(answer.path.name)).sentence()


class PredictStage(QWidget):
    """One job at a time; what is dropped meanwhile waits its turn."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._list = Task(self, _find_models, self._show_models)
        self._work = Task(self, _predict, self._done, self._failed, self._take)
        self._job: Job | None = None
        self._model: TrainedModel | None = None
        self._seen = 0
        self._waiting: list[list[Path]] = []
        self._files: list[Choice] = []
        self._looks_at: dict[Path, str] = {}
        self._followed: Path | None = None
        self.bar = MessageBar(session, "predict")
        self.models = QComboBox()
        self.unsure = QSpinBox()
        self.typed = QLineEdit()
        self.search = QLineEdit()
        self.narrow = QComboBox()
        self.progress = QProgressBar()
        self.left = QLabel()
        self.cancel_button = QPushButton(_("Cancel"))
        self._cache = ThumbnailCache(self)
        self.table = self._make_table()
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._follow()

    # -- giving work

    def predict(self, given: list[Path]) -> None:
        """Answer for files and folders, after what is already waiting."""
        if self.models.currentData() is None:
            self.bar.show_message(_("First train a network, or choose the file of one above."))
        elif given:
            self.bar.clear()
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
        given = _pasted(QGuiApplication.clipboard().mimeData(), self._modality().typed)
        if given:
            self.predict(given)
        else:
            self.bar.show_message(_("There is nothing on the clipboard that can be predicted."))

    def clear(self) -> None:
        """Take all answers out of the table."""
        self.cancel()
        self.table.rows.fill([])
        self._follow()

    def answer_typed(self) -> None:
        """Answer for what was typed."""
        words = self.typed.text().strip()
        if words:
            self.predict([_kept(words, self._modality().typed)])
            self.typed.clear()

    def choose_model(self, path: Path) -> None:
        """Use this run, package or ONNX file from now on."""
        if self._place_of(path) < 0:
            self._files.append(Choice(path, path.name))
            self.models.addItem(shown(path.name), path)
        self.models.setCurrentIndex(self._place_of(path))
        if path not in self._looks_at:  # only the file itself knows
            self._waiting.append([])
            self._begin_next()
        self._follow()

    def _place_of(self, path: Path | None) -> int:
        """Where a model is in the list, -1 where it is not; Qt itself would compare objects."""
        known = [self.models.itemData(i) for i in range(self.models.count())]
        return known.index(path) if path in known else -1

    def _modality(self) -> Modality:
        """What the chosen network looks at; where that is not known, what the session is about."""
        known = self._looks_at.get(self.models.currentData())
        return registry.modality(known or self._session.recipe.modality)

    # -- building

    def _make_table(self) -> ResultTable:
        columns = self._columns()
        model = _AnswerModel(columns, self._cache, self)
        table = ResultTable(columns, model=model)
        table.setAccessibleName(_("Answers"))
        table.verticalHeader().setDefaultSectionSize(PICTURE + style.INSIDE)
        table.setIconSize(QSize(PICTURE, PICTURE))
        table.add_action(_("Look at it large"), self._look, "Return")
        table.add_action(_("Show in folder"), self._reveal, "Ctrl+Shift+O")
        table.doubleClicked.connect(lambda _index: self._look())
        self._cache.loaded.connect(lambda _path: table.viewport().update())
        return table

    def _columns(self) -> list[Column[AnswerRow]]:
        return [
            Column(
                _("Given"),
                lambda row: caption(row.path.name),
            ),
            Column(
                _("Answer"), lambda row: row.label(0), lambda row: row.label(0) or None, width=120
            ),
            Column(
                _("Confidence"),
                lambda row: words.percent(row.share(0)) if row.top else "",
                lambda row: row.share(0),
                explanation=_(TERMS["confidence"][1]),
                figure=True,
                share=lambda row: row.share(0),
                width=96,
            ),
            Column(_("Second"), lambda row: _runner_up(row, 1), width=128),
            Column(_("Third"), lambda row: _runner_up(row, 2), width=128),
            Column(
                _("Note"),
                self._note,
                colour=lambda row: "danger" if row.problem else "warning",
                tip=lambda row: f"<qt>{html.escape(self._note(row))}</qt>",
                width=150,
            ),
        ]

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self._empty = EmptyPage(
            "sparkle",
            _("Try it on something new"),
            _(
                "Drop files or a folder here, or paste something that you copied. Every file gets "
                "an answer and how sure the network is of it."
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
        layout.addWidget(self.typed)
        layout.addLayout(self._narrow_row())
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._progress_row())

    def _model_row(self) -> QHBoxLayout:
        self.models.setAccessibleName(_("Trained network"))
        self.models.setToolTip(_("The trained network that answers."))
        self.models.setSizePolicy(
            self.models.sizePolicy().Policy.Expanding, self.models.sizePolicy().Policy.Fixed
        )
        label = QLabel(_("&Network"))
        label.setBuddy(self.models)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(label)
        row.addWidget(self.models, 1)
        for text, tip, slot in (
            (_("Open a model file…"), _("A model package or an ONNX file."), self._ask_model),
            (_("Add files…"), _("Choose files to be answered for."), self._ask_files),
            (_("Add folder…"), _("Everything in a folder."), self._ask_folder),
            (_("Paste"), _("What you copied elsewhere (Ctrl+V)."), self.paste),
        ):
            row.addWidget(_button(text, tip, slot))
        return row

    def _narrow_row(self) -> QHBoxLayout:
        self.typed.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Find a file or an answer"))
        self.search.setAccessibleName(_("Find a file or an answer"))
        self.search.setClearButtonEnabled(True)
        self.narrow.addItems([_(text) for text in SHOWN])
        self.narrow.setAccessibleName(_("Which answers are shown"))
        self.unsure.setRange(0, 100)
        self.unsure.setValue(UNSURE)
        self.unsure.setSuffix(" %")
        self.unsure.setToolTip(_("Answers with less confidence are marked: look at them yourself."))
        self.unsure.setAccessibleName(_("Mark as unsure below this confidence"))
        label = QLabel(_("&Unsure below"))
        label.setBuddy(self.unsure)
        self._save = _button(
            _("Save CSV…"), _("All answers as a table, every class a column."), self._ask_save
        )
        self._copy = _button(_("Copy"), _("Copy all answers, for a spreadsheet."), self._copy_all)
        self._clear = _button(_("Clear"), _("Take all answers out of the table."), self.clear)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.search, 1)
        for widget in (self.narrow, label, self.unsure, self._save, self._copy, self._clear):
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
        self.typed.returnPressed.connect(self.answer_typed)
        self.search.textChanged.connect(self._narrow)
        self.narrow.currentIndexChanged.connect(self._narrow)
        self.unsure.valueChanged.connect(self._narrow)
        self.models.currentIndexChanged.connect(self._model_chosen)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.paste)

    # -- the models

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list.start()

    def _show_models(self, found: list[Choice]) -> None:
        """The run that is shown stands first, and is taken until the user chooses another."""
        before = self.models.currentData()
        run = self._session.run
        self._looks_at |= {choice.path: choice.modality for choice in found}
        current = [c for c in found if run is not None and c.path == run.path]
        follows = before is None or before == self._followed
        ordered = [*current, *(c for c in found if c not in current), *self._files]
        self.models.blockSignals(True)
        self.models.clear()
        for choice in ordered:
            self.models.addItem(shown(choice.name), choice.path)
        self.models.setCurrentIndex(0 if follows else max(0, self._place_of(before)))
        self._followed = self.models.currentData() if follows else None
        self.models.blockSignals(False)
        if self.models.currentData() != before:
            self._model_chosen()
        self._follow()

    def _model_chosen(self, *_index: object) -> None:
        """Answers of different networks do not belong into one table."""
        self.clear()
        self._model = None
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
            self._cache.reset(_decoder(job.model), self.devicePixelRatio())
            self.table.setColumnHidden(THIRD, len(job.model.classes) < TOP)
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
        self._job = None
        self._waiting.clear()
        self.bar.show_message(str(error), "error")
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
            self.models.setPlaceholderText(_("No trained network yet: train one, or open a file"))
        self.table.set_empty_text("" if busy else _("No answer fits."))

    def _narrow(self, *_what: object) -> None:
        """Apply the search, the choice of rows and the threshold."""
        text, which = self.search.text().strip().casefold(), self.narrow.currentIndex()

        def wanted(row: AnswerRow) -> bool:
            if which and not (self._is_unsure(row) if which == 1 else bool(row.problem)):
                return False
            return not text or text in f"{row.path.name}\n{row.label(0)}".casefold()

        self.table.rows.show_only(wanted)

    def _is_unsure(self, row: AnswerRow) -> bool:
        share = row.share(0)
        return share is not None and 100 * share < self.unsure.value()

    def _note(self, row: AnswerRow) -> str:
        return row.problem or (_("looks unsure") if self._is_unsure(row) else "")

    # -- what the buttons do

    def _ask_model(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, _("Open a model"), "", _("Models") + " (*.zip *.onnx)"
        )
        if name:
            self.choose_model(Path(name))

    def _ask_files(self) -> None:
        modality = self._modality()
        tables = sorted(f"*{ending}" for ending in SUFFIXES) if modality.tables else ()
        patterns = " ".join(dict.fromkeys((*modality.patterns, *tables)))
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
        """Write all answers as CSV."""
        assert self._model is not None
        given = [row.answer for row in self.table.rows.rows]
        try:
            answers.write_csv(path, self._model.classes, given)
        except UserError as error:
            self.bar.show_message(str(error), "error")
        else:
            text = _("Saved as {path}.").format(path=shown(path))
            self.bar.show_message(
                text, "info", _("Show in folder"), lambda: desktop.show_in_folder(path)
            )

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
        self.predict(_pasted(event.mimeData(), self._modality().typed))


class _AnswerModel(RowsModel[AnswerRow]):
    """With a thumbnail before the name of each sample, or its first words instead of both."""

    def __init__(
        self, columns: Sequence[Column[AnswerRow]], cache: ThumbnailCache, parent: QWidget
    ) -> None:
        super().__init__(columns, parent)
        self._cache = cache

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.column() == 0 and role == Qt.ItemDataRole.DecorationRole:
            path = self.shown[index.row()].path
            found, known = self._cache.get(path), self._cache.known(path)
            if known is not None and known.icon:
                return _squared(style.pixmap(known.icon, ICON, "muted").toImage())
            return _squared(found if isinstance(found, QImage) else None)
        if index.column() == 0 and role == Qt.ItemDataRole.DisplayRole:
            known = self._cache.known(self.shown[index.row()].path)
            if known is not None and known.line:
                return known.line
        if index.column() == 0 and role == Qt.ItemDataRole.ToolTipRole:
            path = self.shown[index.row()].path
            known = self._cache.known(path)
            said = (known.line if known else "", caption(str(path)))
            return f"<qt>{'<br>'.join(html.escape(part) for part in said if part)}</qt>"
        return super().data(index, role)


def _squared(image: QImage | None) -> QIcon:
    """Amid a square, so that the names stand in line; a quiet square while there is none."""
    side = 2 * PICTURE
    square = QPixmap(side, side)
    square.fill(style.colour("sunken") if image is None else Qt.GlobalColor.transparent)
    if image is not None:
        small = image.width() < side and image.height() < side  # an icon, drawn as it is
        fitted = (
            image.copy() if small else image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        )
        fitted.setDevicePixelRatio(1)
        painter = QPainter(square)
        painter.drawImage((side - fitted.width()) // 2, (side - fitted.height()) // 2, fitted)
        painter.end()
    return QIcon(square)


def _runner_up(row: AnswerRow, rank: int) -> str:
    share = row.share(rank)
    return "" if share is None else f"{row.label(rank)} · {round(100 * share)} %"


def _decoder(model: TrainedModel) -> Callable[[Path], Preview]:
    """How samples are decoded to be seen, without holding the network."""
    modality, input = model.modality, model.input
    return lambda path: modality.preview(path, input)


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: slot())
    return button


def _pasted(data: QMimeData | None, typed: str) -> list[Path]:
    """The files of a drop or of the clipboard; a bare picture or text is kept as a file first.

    Args:
        typed: the ending of a file for a text; empty where texts are of no use.
    """
    if data is None:  # nothing was ever copied
        return []
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if local:
        return local
    if typed and data.text().strip():
        return [_kept(data.text(), typed)]
    if not data.hasImage():
        return []
    target = _fresh(".png")
    return [target] if QImage(data.imageData()).save(str(target)) else []


def _kept(words: str, ending: str) -> Path:
    """A file that holds what was typed or pasted."""
    target = _fresh(ending)
    target.write_text(words, encoding="utf-8")
    return target


def _fresh(ending: str) -> Path:
    """The name of a file that is not there yet, for what was pasted."""
    folder = paths.cache_dir() / "pasted"
    folder.mkdir(parents=True, exist_ok=True)
    stem = time.strftime("pasted-%Y%m%d-%H%M%S")
    names = (f"{stem}-{n}{ending}" if n else f"{stem}{ending}" for n in itertools.count())
    return next(path for name in names if not (path := folder / name).exists())


# -- in worker threads


def _find_models() -> list[Choice]:
    """The runs in which there is a trained network, newest first."""
    found = []
    for run in filter(_trained, runs.list_runs()):
        with contextlib.suppress(UserError):  # the Runs stage says what is wrong with it
            found.append(Choice(run.path, run.path.name, run.recipe.modality))
    return found


def _trained(run: Run) -> bool:
    return (run.checkpoints / "best.safetensors").is_file()


def _predict(job: Job, report: Callable[[Job], None]) -> Job:
    warm_up()
    if job.model is None:
        job.model = TrainedModel.load(job.source)
    files = list(job.model.modality.list_files(job.given, job.model.input))
    job.total, job.began = len(files), time.monotonic()
    with contextlib.closing(job.model.predict(files)) as found:  # type: ignore[type-var]
        for answer in found:
            job.rows.append(AnswerRow.of(answer, job.model.classes))
            report(job)
    return job
