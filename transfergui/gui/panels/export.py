"""The Export stage: a card per format; a file is only written if it answers like the model."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.errors import UserError
from transfergui.core.exporters import Exporter, Parity
from transfergui.core.i18n import _
from transfergui.core.paths import shown
from transfergui.core.runs import Run
from transfergui.gui import desktop, style, words
from transfergui.gui.session import Session
from transfergui.gui.tasks import Task
from transfergui.gui.warm_up import warm_up
from transfergui.gui.widgets.empty_page import TrainFirst, lay_out_stage
from transfergui.gui.widgets.message_bar import MessageBar
from transfergui.gui.widgets.plain import Line, Sentence


class ExportStage(QWidget):
    """The run that is shown can leave in any format, one at a time."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._name = ""
        self._look = Task(self, _exportable, self._show)
        self.heading = Line()
        self.cards = [FormatCard(exporter) for exporter in registry.EXPORTERS]
        self._pages = QStackedWidget()
        self._build()
        session.run_changed.connect(self._open)
        session.plan_changed.connect(self._follow)
        session.state_changed.connect(self._follow)
        self._open(session.run)

    def _build(self) -> None:
        empty = TrainFirst(
            self._session,
            "export",
            _("Nothing to export yet"),
            _(
                "When a training has ended, the trained network can be taken away from here as a "
                "file that works elsewhere."
            ),
        )
        lay_out_stage(
            self, MessageBar(self._session, "export"), self._pages, empty, self._content()
        )

    def _content(self) -> QWidget:
        self.heading.setProperty("role", "heading")
        promise = QLabel(
            _(
                "Each file is tried on your own validation examples before it is kept. If it does "
                "not give the same answers as the trained network, it is not written."
            ),
            wordWrap=True,
        )
        promise.setProperty("role", "caption")
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.heading)
        layout.addWidget(promise)
        for card in self.cards:
            card.asked.connect(functools.partial(self._ask, card))
            card.busy_changed.connect(self._follow)
            layout.addWidget(card)
        layout.addStretch(1)
        return content

    # -- the run

    def _open(self, run: Run | None) -> None:
        if run is None or self._session.training:
            self._look.cancel()
            self._show(None)
        else:
            self._look.start(run)

    def _show(self, found: tuple[Run, str] | None) -> None:
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is not None:
            run, self._name = found
            self.heading.setText(_("Export “{name}”").format(name=shown(run.path.name)))
            for card in self.cards:
                card.take(run)
        self._follow()

    def _follow(self, *_what: object) -> None:
        busy = any(card.busy for card in self.cards)
        waiting = _("Another export is being made.")
        for card in self.cards:
            card.allow("" if not busy or card.busy else waiting)

    def _ask(self, card: FormatCard, _card: object) -> None:
        start = Path.home() / f"{self._name}{card.exporter.suffix}"
        name, _filter = QFileDialog.getSaveFileName(
            self,
            _("Export as {title}").format(title=_(card.exporter.title)),
            str(start),
            f"{_(card.exporter.title)} (*{card.exporter.suffix})",
        )
        if name:
            card.export(_with_suffix(Path(name), card.exporter.suffix))


class FormatCard(QFrame):
    """One format: what it is for, one button, and how the last export of it went."""

    asked = Signal(object)
    """The button was pressed: a file has to be chosen."""
    busy_changed = Signal(object)

    def __init__(self, exporter: Exporter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exporter = exporter
        self._run: Run | None = None
        self._out = Path()
        self._export = Task(self, _export, self._done, self._failed)
        self.button = QPushButton(_("Export…"))
        self.result = Sentence()
        self.folder = QPushButton(_("Open folder"))
        self._icon = QLabel()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
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
        self._export.start(self._run, self.exporter.key, out)
        self._show_result("", _("Writing the file and comparing its answers…"))
        self.busy_changed.emit(True)

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
        self._bar.setAccessibleName(_("The export is being made"))
        said = QHBoxLayout()
        said.setSpacing(style.INSIDE)
        said.addWidget(self._icon)
        said.addWidget(self.result, 1)
        said.addWidget(self.folder)
        column = QVBoxLayout()
        column.setSpacing(style.GAP)
        column.addWidget(title)
        column.addWidget(summary)
        column.addWidget(self._bar)
        column.addLayout(said)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.AROUND)
        layout.addLayout(column, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def _done(self, text: str) -> None:
        self._show_result("check", text, "success")
        self.busy_changed.emit(False)

    def _failed(self, error: UserError) -> None:
        self._show_result("error", str(error), "danger")
        self.busy_changed.emit(False)

    def _show_result(self, icon: str, text: str, token: str = "muted") -> None:
        self.result.setText(text)
        self.result.setVisible(bool(text))
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.setPixmap(style.pixmap(icon, 16, token))
        self.folder.setVisible(icon == "check")
        self._bar.setVisible(self.busy)


def said(parity: Parity, noun: str) -> str:
    """The comparison in words."""
    text = _(
        "Written. {same} of {count} validation {noun} got the same answer; the largest "
        "difference was {difference}."
    )
    return text.format(
        same=words.number(round(parity.agree * parity.samples)),
        count=words.number(parity.samples),
        noun=noun,
        difference=f"{parity.difference:.1g}"
        if parity.difference < 1e-6
        else f"{parity.difference:.6f}",
    )


def _with_suffix(path: Path, suffix: str) -> Path:
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


# -- in worker threads


def _exportable(run: Run) -> tuple[Run, str] | None:
    """The run and a name for its file, if there is a trained network in it."""
    if not (run.checkpoints / "best.safetensors").is_file():
        return None
    name = run.recipe.name or Path(run.recipe.data.path).stem or run.path.name
    return run, re.sub(r"[^\w.-]+", "-", name)


def _export(run: Run, key: str, out: Path) -> str:
    from transfergui.core.exporters import export

    warm_up()
    parity = export.export(run.path, key, out)
    return said(parity, _(registry.modality(run.recipe.modality).many))
