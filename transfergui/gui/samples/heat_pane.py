"""What a model says of the sample that is looked at: where it looks, and which examples are like
it. Computed in the background, anew for each sample as long as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QToolButton, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.samples import Preview
from transfergui.core.looking import explain
from transfergui.core.views.insight import Alike, Insight
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.samples.sample_pane import VIEWS
from transfergui.gui.samples.thumbnails import Thumbnails

GetInsight = Callable[[], Insight]
"""Called in a worker thread; raises :class:`UserError` where the model cannot be read."""
STRIP = 172
"""Pixels that a row of examples takes."""
MOST_NAMES = 200
"""Outputs that can be chosen; more are explained as they are predicted."""


class Explained(NamedTuple):
    """What a worker found.

    Attributes:
        names: of all outputs of the model.
    """

    preview: Preview
    notes: tuple[Note, ...]
    names: tuple[str, ...]
    output: int


class HeatPane(QWidget):
    """Where the model looks in one sample.

    Attributes:
        view: what shows the sample with its heat; None until there is one.
        output: which output is explained, where the user chooses.
    """

    def __init__(self, insight: GetInsight) -> None:
        super().__init__()
        self._insight = insight
        self._path = Path()
        self._work = Task(self, self._explain, self._show, self._fail)
        self.view: QWidget | None = None
        self.heading = ElidedLabel(role="title")
        self.heading.setText(_("Where the model looks"))
        self.output = QComboBox()
        self.output.setAccessibleName(_("Explained prediction"))
        self.output.setToolTip(_("Which prediction the colours explain."))
        self.output.hide()
        self.output.activated.connect(lambda _row: self._start())
        self.waiting = WrappedLabel()
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.lines = NoteLines()
        self._room = QVBoxLayout()
        self._room.addWidget(self.waiting, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.heading)
        layout.addWidget(self.output)
        layout.addLayout(self._room, 1)
        layout.addWidget(self.lines)

    def show_sample(self, path: Path) -> None:
        """Explain the prediction for a file, the one that was made."""
        self._path = path
        self.output.clear()
        self._start()

    def cancel(self) -> None:
        """Nobody looks any more."""
        self._work.cancel()

    def _start(self) -> None:
        self._clear()
        self.waiting.setText(_("Computing the heat map…"))
        self._work.start(self._path, self.output.currentData())

    def _clear(self) -> None:
        if self.view is not None:
            self.view.hide()
            self.view.deleteLater()
            self.view = None
        self.lines.fill(())
        self.waiting.show()

    def _explain(self, path: Path, output: int | None) -> Explained:
        warm_up()
        insight = self._insight()
        found = insight.explain(path, output)
        notes = (*explain.notes(found, insight.model), explain.legend(found))
        return Explained(found.preview, notes, insight.model.classes, found.output)

    def _show(self, found: Explained) -> None:
        self.waiting.hide()
        self.view = VIEWS[found.preview.kind](found.preview.data)
        self._room.addWidget(self.view, 1)
        self.lines.fill(found.notes)
        with QSignalBlocker(self.output):
            if not self.output.count():
                for place, name in enumerate(found.names):
                    self.output.addItem(shown(name), place)
            self.output.setCurrentIndex(found.output)
        self.output.setVisible(1 < len(found.names) <= MOST_NAMES)

    def _fail(self, error: UserError) -> None:
        self.waiting.setText(str(error))


class BecauseStrip(QWidget):
    """The training examples that are most like one sample, in a row."""

    def __init__(self, insight: GetInsight) -> None:
        super().__init__()
        self._insight = insight
        self._work = Task(self, self._find, self._show, self._fail, self._tell)
        self.heading = ElidedLabel(role="title")
        self.thumbnails = Thumbnails()
        self.thumbnails.setAccessibleName(_("Most similar training examples"))
        self.thumbnails.setMinimumHeight(STRIP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.heading)
        layout.addWidget(self.thumbnails)

    def show_sample(self, path: Path) -> None:
        """Look for what is like a file."""
        self.thumbnails.fill(Path(), ())
        self.heading.setText(_("Looking for similar training examples…"))
        self._work.start(path)

    def cancel(self) -> None:
        """Nobody looks any more."""
        self._work.cancel()

    def _find(
        self, path: Path, report: Callable[[tuple[int, int]], None]
    ) -> tuple[Insight, Sequence[Alike]]:
        warm_up()
        insight = self._insight()
        return insight, insight.because(path, lambda done, total: report((done, total)))

    def _tell(self, progress: tuple[int, int]) -> None:
        text = _("Looking for similar training examples ({done} of {total})…")
        self.heading.setText(text.format(done=progress[0], total=progress[1]))

    def _show(self, found: tuple[Insight, Sequence[Alike]]) -> None:
        insight, alike = found
        assert insight.result is not None
        self.heading.setText(_("Most similar training examples"))
        self.thumbnails.cache.reset(insight.decode, self.devicePixelRatio())
        captions = {each.path: shown(each.label) for each in alike}
        self.thumbnails.fill(insight.result.root, list(captions), captions=captions)

    def _fail(self, error: UserError) -> None:
        self.heading.setText(str(error))


class InsightParts:
    """Two buttons, and what each of them shows; for a viewer to lay out.

    Attributes:
        parts: of each button, what it shows.
    """

    def __init__(self, insight: GetInsight) -> None:
        self.heat, self.strip = HeatPane(insight), BecauseStrip(insight)
        self.look_button = _switch(
            _("Where it looks"), _("Show which parts the prediction is based on (H).")
        )
        self.because_button = _switch(
            _("Because of these"), _("Show the most similar training examples (B).")
        )
        self.parts: dict[QToolButton, HeatPane | BecauseStrip] = {
            self.look_button: self.heat,
            self.because_button: self.strip,
        }
        self._path: Path | None = None
        for button, part in self.parts.items():
            part.hide()
            button.toggled.connect(lambda _on: self._follow())

    def show_sample(self, path: Path | None) -> None:
        """Another sample is looked at; None for one about which nothing is said."""
        self._path = path
        for part in self.parts.values():
            part.hide()
        for button in self.parts:
            button.setEnabled(path is not None)
        self._follow()

    def _follow(self) -> None:
        for button, part in self.parts.items():
            wanted = button.isChecked() and self._path is not None
            if wanted and part.isHidden() and self._path is not None:
                part.show_sample(self._path)
            elif not wanted:
                part.cancel()
            part.setVisible(wanted)


def _switch(text: str, tip: str) -> QToolButton:
    button = tool_button(text, tip)
    button.setCheckable(True)
    return button
