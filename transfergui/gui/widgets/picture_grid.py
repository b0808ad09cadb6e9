"""Samples of a training with what was answered, and what one can do about each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.core.evaluation.metrics import PredictionRow
from transfergui.core.i18n import N_, _
from transfergui.core.modalities import Preview
from transfergui.core.paths import shown
from transfergui.gui import desktop, style
from transfergui.gui.widgets.sample_viewer import SampleViewer
from transfergui.gui.widgets.thumbnails import Thumbnails

Decode = Callable[[Path], Preview]


@dataclass(frozen=True)
class _Act:
    """An entry of the context menu that is also a button; ``edits`` need the data to be open."""

    key: str
    title: str
    shortcut: str
    edits: bool = False


ACTS = (
    _Act("look", N_("Look at it large"), "Return"),
    _Act("reveal", N_("Show in folder"), "Ctrl+Shift+O"),
    _Act("relabel", N_("Relabel to…"), "Ctrl+L", edits=True),
    _Act("exclude", N_("Exclude"), "Delete", edits=True),
    _Act("copy", N_("Copy path"), "Ctrl+C"),
)


class PictureGrid(QWidget):
    """A heading and thumbnails with truth and answer below each.

    Attributes:
        relabel_asked, exclude_asked: with the relative paths of the selected samples.
    """

    relabel_asked = Signal(object)
    exclude_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root = Path()
        self._decode: Decode | None = None
        self._rows: dict[str, PredictionRow] = {}
        self.heading = QLabel()
        self.heading.setProperty("role", "title")
        self.back = QPushButton()
        self.back.setProperty("role", "link")
        self.thumbnails = Thumbnails(lines=2)
        self.thumbnails.setAccessibleName(_("Examples with what was answered"))
        self._actions = {act.key: self._action(act) for act in ACTS}
        self.thumbnails.doubleClicked.connect(self._look)
        self._build()

    def use(self, root: Path, decode: Decode) -> None:
        """From now on, paths are below ``root`` and decoded so."""
        self._root, self._decode = root, decode
        self.thumbnails.cache.reset(decode, self.devicePixelRatio())

    def fill(self, heading: str, rows: Sequence[PredictionRow]) -> None:
        """Show these answers, in this order."""
        self.heading.setText(heading)
        self._rows = {row.path: row for row in rows}
        captions = {row.path: caption(row) for row in rows}
        self.thumbnails.fill(self._root, list(self._rows), captions=captions)
        self._follow()

    def allow_edits(self, obstacle: str) -> None:
        """Exclude and relabel, unless ``obstacle`` says why not."""
        for act in ACTS:
            if act.edits:
                self._actions[act.key].setEnabled(not obstacle)
                self._actions[act.key].setToolTip(obstacle or _(act.title))

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(style.BETWEEN)
        top.addWidget(self.heading)
        top.addWidget(self.back)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(top)
        layout.addWidget(self.thumbnails, 1)

    def _action(self, act: _Act) -> QAction:
        slots: dict[str, Callable[[], object]] = {
            "look": self._look,
            "reveal": lambda: self._each_first(desktop.show_in_folder),
            "relabel": lambda: self._ask(self.relabel_asked.emit),
            "exclude": lambda: self._ask(self.exclude_asked.emit),
            "copy": lambda: desktop.copy("\n".join(str(p) for p in self._files())),
        }
        action = QAction(_(act.title), self.thumbnails)
        action.setShortcut(QKeySequence(act.shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: slots[act.key]())
        self.thumbnails.addAction(action)
        return action

    def _follow(self) -> None:
        self.thumbnails.setCurrentIndex(QModelIndex())
        self.thumbnails.scrollToTop()

    def _files(self) -> list[Path]:
        return [self._root / path for path in self.thumbnails.selected()]

    def _each_first(self, act: Callable[[Path], object]) -> None:
        for path in self._files()[:1]:
            act(path)

    def _ask(self, ask: Callable[[list[str]], object]) -> None:
        if chosen := self.thumbnails.selected():
            ask(chosen)

    def _look(self, *_index: object) -> None:
        for path in self.thumbnails.selected()[:1]:
            assert self._decode is not None
            text = sentence(self._rows[path])
            SampleViewer(self._decode, self._root / path, text, self).open()


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
    return round(100 * row.confidence)
