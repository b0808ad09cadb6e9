"""Samples as thumbnails under a heading, and what one can do about each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.base import desktop, style, words
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.samples.heat_pane import GetInsight
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.samples.sample_pane import Decode, GetBoxes
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem, ViewedItems
from transfergui.gui.samples.thumbnail_delegate import Mark
from transfergui.gui.samples.thumbnails import Thumbnails
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session


@dataclass(frozen=True)
class _MenuEntry:
    """An entry of the context menu; ``method`` of the grid, ``edits`` if it corrects the data.

    With a ``tip`` it is a button above the thumbnails as well, while any are selected.
    """

    method: str
    title: str
    shortcuts: tuple[str, ...]
    edits: bool = False
    tip: str = ""


ACTS = (
    _MenuEntry(
        "look", N_("View large"), ("Return",), tip=N_("Open the first selected example (Enter).")
    ),
    _MenuEntry("reveal", N_("Show in folder"), ("Ctrl+Shift+O",)),
    _MenuEntry(
        "relabel",
        N_("Relabel…"),
        ("F2", "Ctrl+L"),
        edits=True,
        tip=N_("Give the selected examples another class (F2)."),
    ),
    _MenuEntry(
        "exclude",
        N_("Exclude"),
        ("Delete",),
        edits=True,
        tip=N_("Exclude the selected examples from training (Delete). No file is changed."),
    ),
    _MenuEntry("copy", N_("Copy path"), ("Ctrl+C",)),
    _MenuEntry("look_for_similar", N_("Find similar"), ("Ctrl+Shift+F",)),
)


class SampleGrid(QWidget):
    """Corrections are changes of the session's recipe, with undo.

    Args:
        session: whose data are corrected.
        lines: of text below each thumbnail.

    Attributes:
        back: a link beside the heading, hidden until it is wanted.
        selection: how many are selected, and buttons for what one can do with them; hidden while
            none are.
        edited: something was excluded or relabelled.
        similar_wanted: with the path of the sample to which similar ones are looked for.
    """

    edited = Signal()
    similar_wanted = Signal(object)

    def __init__(self, session: Session, lines: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._root = Path()
        self._open = OpenSamples(session, Path())
        self._decode: Decode | None = None
        self._boxes: GetBoxes | None = None
        self._sentences: Mapping[str, str] = {}
        self.heading = ElidedLabel()
        self.back = QPushButton()
        self.thumbnails = Thumbnails(lines=lines)
        self.thumbnails.mark_by(self._mark)
        self.thumbnails.draw_boxes(self._drawn)
        self.selection = QWidget()
        self._count = QLabel()
        self._build()
        self._insight: GetInsight | None = None
        actions = {act: self._add(act) for act in ACTS}
        self._similar = next(actions[act] for act in ACTS if act.method == "look_for_similar")
        self._similar.setVisible(False)
        self._edits = {act: action for act, action in actions.items() if act.edits}
        self._add_buttons([action for act, action in actions.items() if act.tip])
        chosen = self.thumbnails.selectionModel().selectionChanged
        chosen.connect(lambda *_what: self._show_selection())
        session.recipe_changed.connect(self._repaint)
        self._show_selection()

    def use(self, root: Path, decode: Decode, run: Split | None = None) -> None:
        """From now on, paths are below ``root`` and decoded so.

        Args:
            run: how the run divided its data whose samples are shown; None for the open data.
        """
        self._root, self._decode = root, decode
        self._open = OpenSamples(self._session, root, run)
        self.thumbnails.cache.reset(decode, self.devicePixelRatio())

    def offer_similar(self, there: bool = True) -> None:
        """Similar samples can be looked for: :attr:`similar_wanted` is heard; or cannot."""
        self._similar.setVisible(there)

    def explain_with(self, insight: GetInsight | None) -> None:
        """A model says of samples that are looked at where it looks."""
        self._insight = insight

    def draw_boxes(self, boxes: GetBoxes) -> None:
        """From now on, draw the boxes that ``boxes`` returns, here and where one is seen large;
        without it, those of the data are drawn, and can be corrected."""
        self._boxes = boxes
        self.thumbnails.viewport().update()

    def fill(
        self,
        heading: str,
        paths: Sequence[str],
        captions: Mapping[str, str] | None = None,
        sentences: Mapping[str, str] | None = None,
        keep_place: bool = False,
    ) -> None:
        """Show samples.

        Args:
            paths: relative to the root.
            captions: what stands below a thumbnail instead of its file name.
            sentences: what is said about a sample that is looked at.
            keep_place: stay where the view is, after one was taken away.
        """
        self.heading.setText(heading)
        self._sentences = sentences or {}
        self.thumbnails.fill(self._root, paths, keep_place, captions)
        if not keep_place:
            self.thumbnails.scrollToTop()
        self._show_selection()  # a model that is filled anew drops it without a signal

    def allow_edits(self, obstacle: str) -> None:
        """Exclude and relabel, unless ``obstacle`` says why not."""
        for act, action in self._edits.items():
            action.setEnabled(not obstacle)
            action.setToolTip(style.tip(obstacle or _(act.tip)))

    @property
    def correctable(self) -> bool:
        """Whether samples are selected that can be corrected."""
        allowed = all(action.isEnabled() for action in self._edits.values())
        return allowed and self.thumbnails.selected_count() > 0

    # -- what one can do with what is selected

    def look(self) -> SampleViewer | None:
        """Open the first one large; from there, one goes on through all that are shown."""
        for row in self.thumbnails.selected_rows()[:1]:
            assert self._decode is not None
            looks = ViewedItems(self.thumbnails.paths, _with_text(self._sentences))
            viewer = SampleViewer(
                self._decode, self._root, looks, row, self._open, self, self._insight, self._boxes
            )
            viewer.edited.connect(self.edited)
            viewer.closed.connect(self.thumbnails.choose)
            viewer.open()
            return viewer
        return None

    def reveal(self) -> None:
        """Show the first one in the file manager."""
        for path in self.thumbnails.selected()[:1]:
            desktop.show_sample(self._root / path)

    def copy(self) -> None:
        """Copy the paths of the files that they are in, one a line."""
        files = dict.fromkeys(FilePart.parse(path).file for path in self.thumbnails.selected())
        desktop.copy("\n".join(str(self._root / file) for file in files))

    def look_for_similar(self) -> None:
        """Ask for samples that are like the first one."""
        for path in self.thumbnails.selected()[:1]:
            self.similar_wanted.emit(path)

    def exclude(self) -> None:
        """Leave them out of the data."""
        if paths := self.thumbnails.selected():
            self.thumbnails.setFocus()  # the button is hidden as soon as nothing is selected
            edits.exclude(self._session, paths)
            self.edited.emit()

    def relabel(self) -> None:
        """Ask for the class that they should have; boxes are drawn where one is seen large."""
        if self._open.have_boxes:
            if (viewer := self.look()) is not None:
                viewer.relabel()
            return
        self._open.relabel(self, self.thumbnails.selected(), self.edited.emit)

    # -- building

    def _build(self) -> None:
        self.heading.setProperty("role", "title")
        self.back.setProperty("role", "link")
        self.thumbnails.setAccessibleName(_("Examples"))
        self.thumbnails.doubleClicked.connect(self.look)
        top = self._top = QHBoxLayout()
        top.setSpacing(style.BETWEEN)
        top.addWidget(self.heading)
        top.addWidget(self.back)
        top.addStretch(1)
        top.addWidget(self.selection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(top)
        layout.addWidget(self.thumbnails, 1)
        self.back.hide()

    def _add_buttons(self, actions: Sequence[QAction]) -> None:
        self._count.setProperty("role", "caption")
        row = QHBoxLayout(self.selection)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.GAP)
        row.addWidget(self._count)
        for action in actions:
            button = QToolButton()
            button.setProperty("role", "tool")
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the thumbnails
            row.addWidget(button)
        # nothing moves below a click that selects; until then, the heading has the room
        self._top.addStrut(self.selection.sizeHint().height())

    def _show_selection(self) -> None:
        count = self.thumbnails.selected_count()
        text = ngettext("{n} selected", "{n} selected", count)
        self._count.setText(text.format(n=words.number(count)))
        self.selection.setVisible(count > 0)

    def _repaint(self, _recipe: object) -> None:
        """Marks may have changed."""
        self.thumbnails.viewport().update()

    def _mark(self, path: str) -> Mark | None:
        """What the user corrected about a sample: it is seen, not only remembered."""
        said, name = self._open.correction(path)
        return Mark(name, said) if said else None

    def _drawn(self, path: str) -> Sequence[MarkedBox]:
        return self._open.boxes(path) if self._boxes is None else self._boxes(path)

    def _add(self, act: _MenuEntry) -> QAction:
        action = QAction(_(act.title), self.thumbnails)
        action.setShortcuts([QKeySequence(key) for key in act.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setIconText(action.text())  # else a button shows it without the dots
        action.setToolTip(style.tip(_(act.tip)))
        action.triggered.connect(getattr(self, act.method))
        self.thumbnails.addAction(action)
        return action


def _with_text(sentences: Mapping[str, str]) -> Callable[[str], ViewedItem]:
    return lambda path: ViewedItem((path,), sentences.get(path, ""))
