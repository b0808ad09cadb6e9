"""The Export stage: a card per format; a file is only written if it answers like the model."""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import MODEL
from transfergui.core.base.i18n import N_, _, duration, paragraph
from transfergui.core.evaluation import promises
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.exporter import Exporter, Parity, UsageLine
from transfergui.core.runs import doubts
from transfergui.core.runs.run import Run, list_runs
from transfergui.gui.base import desktop, file_dialogs, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.networks.model_chooser import ModelChoice, ModelChooser
from transfergui.gui.networks.model_notice import ModelNotice
from transfergui.gui.panels.serve_card import ServeCard
from transfergui.gui.parts.code_lines import CodeLines
from transfergui.gui.parts.empty_page import NoRunPage, lay_out_stage
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.session.session import Session


@dataclass(frozen=True)
class ExportableModel(ModelChoice):
    """A run with a trained network.

    Attributes:
        stem: what its file is proposed to be called.
        at_most_wrong: the share of its predictions that may be wrong; None where that was not
            chosen.
    """

    stem: str = ""
    at_most_wrong: float | None = None


@dataclass(frozen=True)
class ExportResult:
    """What is said of a file that was written, and lines on how to use it."""

    text: str
    usage: tuple[UsageLine, ...]


WRITTEN = 2
"""So many steps of an export are reported before the file is there: loaded, begun."""
IN_WINDOW = {
    "package": N_(
        "Without a terminal: on the Predict page, click “Open a model file…”. Before you pass it "
        "on: its README.md has places marked “To be filled in”."
    ),
    "html": N_(
        "Double-click the file: the browser opens it. Its title is the name of the run, which you "
        "can change in Runs."
    ),
    "onnx": N_("Without a terminal: on the Predict page, click “Open a model file…”."),
    "backbone": N_(
        "Without a terminal: on the Backbone card, click “Change…”, then “Use a weights file…”."
    ),
}
"""How this program itself opens a file, by the key of its format."""


class ExportStage(QWidget):
    """Any trained network can leave in any format, one at a time; first the one that is shown."""

    ended = Signal()
    """An export has, whether or not a file was written."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._found: dict[Path, ExportableModel] = {}
        self._look = Task(self, _exportables, self._show)
        self._wanted: Path | None = None
        self.heading = QLabel(_("Export a model as a file"))
        self.models = ModelChooser()
        self.about = ModelNotice(session, elsewhere=False)
        first, *others = formats.EXPORTERS  # the package, which is right for most
        self.cards = [FormatCard(first, _("Best for most uses")), *map(FormatCard, others)]
        self.serve = ServeCard()
        self.bar = MessageBar(self._session, "export")
        self._pages = QStackedWidget()
        self._build()
        session.run_changed.connect(self._follow_run)
        session.plan_changed.connect(self._follow)
        session.state_changed.connect(self._follow)
        self.models.currentIndexChanged.connect(self._take)
        self.refresh()

    def choose(self, path: Path) -> None:
        """Export this one from now on, if it is a run with a trained network."""
        self._wanted = path
        self.refresh()

    def take_over(self, former: ExportStage) -> None:
        """Go on where the page in another language was."""
        self._wanted, self._found = former._wanted, dict(former._found)
        self.models.take_over(former.models)
        self.serve.take_over(former.serve)
        self._take()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _build(self) -> None:
        empty = NoRunPage(
            self._session,
            "export",
            _("Nothing to export yet"),
            _(
                "After training, export the model here as a file, to use it in other programs or "
                "on other computers."
            ),
        )
        lay_out_stage(self, self.bar, self._pages, empty, self._content())

    def _content(self) -> QWidget:
        self.heading.setProperty("role", "heading")
        self.limit = WrappedLabel(role="caption")
        tested = QLabel(
            _(
                "Each exported file is tested on your validation set first. If its predictions "
                "differ from those of the model, nothing is written."
            ),
            wordWrap=True,
        )
        tested.setProperty("role", "caption")
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.heading)
        layout.addLayout(self._model_row())
        layout.addWidget(self.about)
        layout.addWidget(tested)
        layout.addWidget(self.limit)
        for card in self.cards:
            card.asked.connect(functools.partial(self._ask, card))
            card.busy_changed.connect(self._follow)
            layout.addWidget(card)
        layout.addWidget(self.serve)
        layout.addStretch(1)
        area = QScrollArea()  # in a low window it scrolls, rather than that the window grows
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        self.serve.started.connect(
            lambda: QTimer.singleShot(0, self, lambda: area.ensureWidgetVisible(self.serve))
        )
        return area

    def _model_row(self) -> QHBoxLayout:
        self.models.setAccessibleName(_("Model to export"))
        label = QLabel(_("&Model"))
        label.setBuddy(self.models)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(label)
        row.addWidget(self.models, 1)
        return row

    # -- the run

    def _follow_run(self, run: Run | None) -> None:
        """What is shown from now on is exported, until another one is chosen."""
        self._wanted = run.path if run else None
        self.refresh()

    def refresh(self) -> None:
        """Look again which runs there are, in the background."""
        if self._session.training:
            self._look.cancel()
            self._show([])
        else:
            self._look.start(self._session.run)

    def _show(self, found: list[ExportableModel]) -> None:
        if self._busy:  # the run that is exported stays chosen: what is said is about it
            return
        run = self._session.run
        self._pages.setCurrentIndex(1 if found else 0)
        self._found = {each.path: each for each in found}
        if found:
            self.models.fill(found, run.path if run else None)
            if said_gone := self.models.said_gone():
                self.bar.show_message(said_gone, "warning")
            if self._wanted in self._found:
                self.models.choose(self._found[self._wanted])
            self._wanted = None
            self._take()
        self._follow()

    def _take(self, *_index: object) -> None:
        """What the cards export."""
        chosen = self._found.get(self.models.currentData())
        if chosen is not None:
            for card in self.cards:
                card.take(Run(chosen.path))
        self.serve.take(None if chosen is None else chosen.path)
        self.about.show_choice(chosen)
        wanted = None if chosen is None else chosen.at_most_wrong
        self.limit.setVisible(wanted is not None)
        if wanted is not None:
            text = _("The model leaves out uncertain predictions: wrong in at most {share}.")
            self.limit.setText(text.format(share=promises.promised_text(wanted)))
        self._follow()

    @property
    def _busy(self) -> bool:
        return any(card.busy for card in self.cards)

    def _follow(self, *_what: object) -> None:
        busy = self._busy
        waiting = _("Another export is running. Wait until it has finished.")
        self.models.setEnabled(not busy)
        for card in self.cards:
            card.allow(waiting if busy and not card.busy else self._obstacle(card.exporter))
        if not busy:
            self.ended.emit()

    def _obstacle(self, exporter: Exporter) -> str:
        """Why the chosen model cannot be written in a format, as far as that is known."""
        chosen = self._found.get(self.models.currentData())
        if chosen is None or chosen.figure is None:
            return ""
        obstacle = exporter.obstacle(registry.objective(chosen.figure.objective))
        return "" if obstacle is None else str(obstacle)

    def _ask(self, card: FormatCard, _card: object) -> None:
        stem = self._found[self.models.currentData()].stem
        title, suffix = _(card.exporter.title), card.exporter.suffix
        kinds = {f"{title} (*{suffix})": suffix}
        if card.exporter.key == "package":
            opens = _("{title}, opens in TransferGUI on a double click").format(title=title)
            kinds[f"{opens} (*{MODEL.suffix})"] = MODEL.suffix
        target, kind = file_dialogs.ask_target(
            self,
            _("Export as {title}").format(title=title),
            "export",
            f"{stem}{suffix}",
            ";;".join(kinds),
        )
        if target:
            card.export(_with_suffix(target, kinds.get(kind, suffix), set(kinds.values())))


class FormatCard(QFrame):
    """One format: what it is for, one button, and how the last export of it went.

    Args:
        advice: beside its title; the button of such a card is the coloured one.
    """

    asked = Signal(object)
    """The button was pressed: a file has to be chosen."""
    busy_changed = Signal(object)

    def __init__(self, exporter: Exporter, advice: str = "") -> None:
        super().__init__()
        self.exporter = exporter
        self._advice = advice
        self._run: Run | None = None
        self._out = Path()
        self._export = Task(self, _export, self._done, self._failed, self._tell)
        self.button = QPushButton(_("Export…"))
        self.result = WrappedLabel()
        self.usage = CodeLines()
        self.folder = QPushButton(_("Open folder"))
        self._icon = QLabel()
        self.progress = ProgressRow(_("Export in progress"))
        self._began = 0.0
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._show_time)
        self._build()
        self._show_result("", "")
        self.allow("")

    @property
    def busy(self) -> bool:
        return self._export.running

    def take(self, run: Run) -> None:
        """Export this run from now on; what was said about another one goes."""
        if self._run is None or self._run.path != run.path:
            self._run = run
            self._show_result("", "")

    def allow(self, obstacle: str) -> None:
        """Enable the button unless ``obstacle`` says why not."""
        self.button.setEnabled(not obstacle and not self.busy and self._run is not None)
        self.button.setToolTip(obstacle)
        self.button.setAccessibleDescription(obstacle)

    def export(self, out: Path) -> None:
        """Write ``out`` in the background."""
        assert self._run is not None
        self._out = out
        self._began = time.monotonic()
        self._export.start(self._run, self.exporter.key, out)
        self._tell(0)
        self._show_time()
        self._clock.start()
        self.progress.cancel_button.setFocus()  # the other buttons are disabled: it would go on
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """End it; nothing is written."""
        if self.busy:
            self._export.cancel()
            self._end("", _("Export cancelled. Nothing was written."))

    def _tell(self, step: int) -> None:
        """Say which of its steps is done at the moment."""
        now = (
            _("Writing the file. Other exports can begin after this one.")
            if step < WRITTEN
            else _("Comparing its predictions with those of the model…")
        )
        self._show_result("", now)

    def _show_time(self) -> None:
        spent = max(1.0, time.monotonic() - self._began)
        self.progress.show_waiting(_("{time} so far").format(time=duration(spent)))

    def _end(self, icon: str, text: str, token: str = "muted") -> None:
        self._clock.stop()
        focused = self.progress.cancel_button.hasFocus()
        self._show_result(icon, text, token)
        self.busy_changed.emit(False)
        if focused:
            self.button.setFocus()

    def _build(self) -> None:
        self.setProperty("role", "card")
        title = QLabel(f"{_(self.exporter.title)}  ·  *{self.exporter.suffix}")
        title.setProperty("role", "title")
        self.setAccessibleName(_(self.exporter.title))
        self.button.setAccessibleName(_("Export as {title}").format(title=_(self.exporter.title)))
        self.button.setFixedWidth(112)
        self.folder.setProperty("role", "link")
        self.folder.clicked.connect(lambda: desktop.show_in_folder(self._out))
        self.button.clicked.connect(lambda: self.asked.emit(self))
        summary = QLabel(_(self.exporter.summary), wordWrap=True)
        summary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.progress.cancel_button.clicked.connect(lambda _checked=False: self.cancel())
        said = QHBoxLayout()
        said.setSpacing(style.INSIDE)
        said.addWidget(self._icon)
        said.addWidget(self.result, 1)
        said.addWidget(self.folder)
        column = QVBoxLayout()
        column.setSpacing(style.GAP)
        heading = QHBoxLayout()
        heading.setSpacing(style.BETWEEN)
        heading.addWidget(title)
        if self._advice:
            advice = QLabel(self._advice)
            advice.setProperty("role", "success")
            heading.addWidget(advice)
            self.button.setProperty("role", "primary")
        heading.addStretch(1)
        column.addLayout(heading)
        column.addWidget(summary)
        column.addLayout(self.progress)
        column.addLayout(said)
        column.addWidget(self.usage)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.AROUND)
        layout.addLayout(column, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def _done(self, made: ExportResult) -> None:
        self._end("check", made.text, "success")
        self.usage.show_lines(made.usage, _(IN_WINDOW.get(self.exporter.key, "")))

    def _failed(self, error: UserError) -> None:
        self._end("error", str(error), "danger")

    def _show_result(self, icon: str, text: str, token: str = "muted") -> None:
        self.result.setText(text)
        self.result.setVisible(bool(text))
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.setPixmap(style.pixmap(icon, 16, token))
        self.folder.setVisible(icon == "check")
        self.usage.show_lines(())
        self.progress.set_visible(self.busy)


def said(parity: Parity, noun: str) -> str:
    """The comparison in words."""
    if parity.features:
        text = _(
            "Exported and tested: all {count} validation {noun} give the same features (largest"
            " difference {difference}; largest feature value {scale})."
        )
        return text.format(
            count=words.number(parity.samples),
            noun=noun,
            difference=_short(parity.difference),
            scale=_short(parity.scale),
        )
    text = _(
        "Exported and tested: {same} of {count} validation {noun} get the same prediction "
        "(largest difference {difference})."
    )
    return text.format(
        same=words.number(round(parity.agree * parity.samples)),
        count=words.number(parity.samples),
        noun=noun,
        difference=_short(parity.difference),
    )


def _short(value: float) -> str:
    """Two digits that count, without an exponent unless it is tiny: ``0.056``, ``120``."""
    rounded = float(f"{value:.2g}")
    if 0 < rounded < 1e-6:
        return f"{rounded:.1g}"
    return f"{rounded:.7f}".rstrip("0").rstrip(".")


def _with_suffix(path: Path, suffix: str, known: Set[str]) -> Path:
    """A name that has an ending which was offered, by itself the one of the kind chosen."""
    return path if path.suffix.lower() in known else path.with_name(path.name + suffix)


# -- in worker threads


def _exportables(shown_one: Run | None) -> list[ExportableModel]:
    """The runs in which there is a trained network, newest first.

    Args:
        shown_one: the one that is shown, which may lie elsewhere.
    """
    found = []
    runs = {run.path: run for run in (*([shown_one] if shown_one else []), *list_runs())}
    for run in runs.values():
        if run.best.is_file():
            with contextlib.suppress(UserError):  # the Runs stage says what is wrong with it
                found.append(_exportable(run))
    return found


def _exportable(run: Run) -> ExportableModel:
    recipe = run.recipe
    name = run.name or recipe.name or Path(recipe.data.name).stem or run.path.name
    stem = re.sub(r"[^\w.-]+", "-", name)
    wanted = doubts.kept(run.path, strangers=False).wanted
    return ExportableModel.of(run, stem=stem, at_most_wrong=wanted)


def _export(run: Run, key: str, out: Path, report: Callable[[int], None]) -> ExportResult:
    from transfergui.core.exporters import export

    warm_up()
    steps = itertools.count()
    parity = export.export(run.path, key, out, lambda: report(next(steps)))
    compared = said(parity, _(registry.modality(run.recipe.modality).many))
    missing = doubts.kept(run.path, bool(run.report().get("strangers"))).notes
    text = paragraph((compared, _size(out), *(note.sentence() for note in missing)))
    return ExportResult(text, export.usage(run, key, out))


def _size(path: Path) -> str:
    """How large a file is, which matters where it is sent; empty where that cannot be told."""
    try:
        size = max(1, round(path.stat().st_size / 1e6))
    except OSError:
        return ""
    return _("The file has {size} MB.").format(size=words.number(size))
