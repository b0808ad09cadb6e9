"""Samples one after the other, large; twins side by side. They can be corrected here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data.dataset import caption, file_of
from transfergui.core.interfaces import Preview
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.samples.picture_view import PictureView
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.samples.sound_view import SoundView
from transfergui.gui.samples.text_view import TextView

SIZE, PAIR = (680, 680), (1040, 680)
"""Width and height in pixels, of one sample and of two."""


class Decode(Protocol):
    """Makes the preview of a sample; called in a worker thread."""

    def __call__(self, path: Path, large: bool = False, /) -> Preview: ...


@dataclass(frozen=True)
class ViewedItem:
    """What is looked at at once.

    Attributes:
        paths: one sample, or two that are alike; relative to the root.
        text: a sentence to show below.
    """

    paths: tuple[str, ...]
    text: str = ""


class ViewedItems(Sequence[ViewedItem]):
    """What is looked at for each of ``items``, made when asked for: there may be a million."""

    def __init__(self, items: Sequence[Any], make: Callable[[Any], ViewedItem]) -> None:
        self._items, self._make = items, make

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, at: Any) -> Any:
        return self._make(self._items[at])


@dataclass(frozen=True)
class _Key:
    """What a key does, by the name of the viewer's method."""

    keys: tuple[str, ...]
    method: str
    text: str


KEYS = (
    _Key(("Right",), "next", N_("Next example")),
    _Key(("Left",), "previous", N_("Previous example")),
    _Key(("F2", "Ctrl+L"), "relabel", N_("Relabel")),
    _Key(("Delete",), "exclude", N_("Exclude, or include again")),
    _Key(("Ctrl+Z",), "undo", N_("Undo a correction that was made here")),
    _Key(("+", "=", "Ctrl++", "Ctrl+="), "zoom_in", N_("Larger")),
    _Key(("-", "Ctrl+-"), "zoom_out", N_("Smaller")),
    _Key(("0", "Ctrl+0"), "zoom_to_fit", N_("Fit into the window")),
    _Key(("1", "Ctrl+1"), "zoom_to_pixels", N_("Own size (100 %)")),
)


class SampleViewer(QDialog):
    """Shows samples of a list; decodes in the background and says why when that fails.

    Args:
        decode: makes the preview.
        root: what the paths of ``looks`` are relative to.
        looks: in the order in which they are shown.
        at: which one is shown first.
        samples: knows their classes and corrects them; None where they are no data of the user.

    Attributes:
        edited: one was relabelled or excluded.
        closed: with the path of the sample that was looked at last.
        panes: one, or two beside each other.
    """

    edited = Signal()
    closed = Signal(object)

    def __init__(
        self,
        decode: Decode,
        root: Path,
        looks: Sequence[ViewedItem],
        at: int = 0,
        samples: OpenSamples | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._decode, self._root, self._looks = decode, root, looks
        self._samples = samples
        self._at = at
        self._made = 0
        self._recipe = samples.session.recipe if samples is not None else None
        self.panes: list[SamplePane] = []
        self.text = line("")
        self.place = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.zoom = ZoomBar()
        self._beside = QHBoxLayout()
        self._beside.setSpacing(style.BETWEEN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self._beside, 1)
        layout.addWidget(self.text)
        layout.addLayout(self._make_row())
        self._connect()
        self.resize(*(PAIR if len(looks[at].paths) > 1 else SIZE))
        self._show()
        self.next_button.setFocus()

    @property
    def at(self) -> int:
        """Which one of the list is shown."""
        return self._at

    # -- what keys and buttons do

    def next(self) -> None:
        self._go(self._at + 1)

    def previous(self) -> None:
        self._go(self._at - 1)

    def relabel(self) -> None:
        """Ask for the class of the sample in the pane that is meant."""
        if (pane := self._meant()) is not None:
            pane.relabel_button.click()

    def exclude(self) -> None:
        """Leave out the sample in the pane that is meant, or take it back."""
        if (pane := self._meant()) is not None:
            pane.exclude_button.click()

    def undo(self) -> None:
        """Undo what was corrected here last; older steps are undone in the window."""
        if self._samples is not None and self._made:
            self._made -= 1
            self._samples.session.undo_stack.undo()
            self._recipe = self._samples.session.recipe
            self.text.setText(self._looks[self._at].text)

    def zoom_in(self) -> None:
        self.zoom.by(1)

    def zoom_out(self) -> None:
        self.zoom.by(-1)

    def zoom_to_fit(self) -> None:
        self.zoom.to(None)

    def zoom_to_pixels(self) -> None:
        self.zoom.to(1.0)

    def done(self, result: int) -> None:
        super().done(result)
        self.closed.emit(self._looks[self._at].paths[0])

    # -- showing

    def _go(self, at: int) -> None:
        if 0 <= at < len(self._looks):
            self._at = at
            self._show()

    def _show(self) -> None:
        look = self._looks[self._at]
        self.setWindowTitle(" – ".join(caption(Path(path).name) for path in look.paths))
        self._make_panes(len(look.paths))
        self.zoom.forget()
        for pane, path in zip(self.panes, look.paths, strict=False):
            pane.show_sample(path)
        self.text.setText(look.text)
        self.text.setVisible(bool(look.text))
        count = words.number(len(self._looks))
        text = _("{number} of {count}").format(number=words.number(self._at + 1), count=count)
        self.place.setText(text)
        self.previous_button.setEnabled(self._at > 0)
        self.next_button.setEnabled(self._at + 1 < len(self._looks))

    def _make_panes(self, count: int) -> None:
        while len(self.panes) < count:
            pane = SamplePane(self._decode, self._root, self._samples)
            pane.seen.connect(self.zoom.take)
            pane.failed.connect(self._hide_repeated)
            pane.edited.connect(self._count)
            self.panes.append(pane)
            self._beside.addWidget(pane, 1)
        for number, pane in enumerate(self.panes):
            pane.setVisible(number < count)
            pane.clear()

    def _hide_repeated(self) -> None:
        """The sentence about a file that cannot be read stands in its place already."""
        if len(self._looks[self._at].paths) == 1:
            self.text.hide()

    def _count(self) -> None:
        assert self._samples is not None
        before, self._recipe = self._recipe, self._samples.session.recipe
        if before is not self._recipe:
            self._made += 1
            self._say_done(self._samples.session.undo_stack.undo_text)
            self.edited.emit()

    def _say_done(self, what: str) -> None:
        """Of twins, the sentence about both is not true any more."""
        if len(self._looks[self._at].paths) > 1:
            text = _("Done: {what}. Ctrl+Z takes it back.")
            self.text.setText(text.format(what=what))

    def _refresh(self, *_what: object) -> None:
        for pane in self.panes:
            pane.refresh()

    def _meant(self) -> SamplePane | None:
        """The only pane; of two the one that has the focus, so that keys never hit the other."""
        there = [pane for pane in self.panes if not pane.isHidden()]
        if len(there) == 1:
            return there[0]
        focus = self.focusWidget()
        return next((p for p in there if focus is not None and p.isAncestorOf(focus)), None)

    # -- building

    def _make_row(self) -> QHBoxLayout:
        self.previous_button = self._button(_("Previous"), self.previous, _("Left arrow key"))
        self.next_button = self._button(_("Next"), self.next, _("Right arrow key"))
        close = self._button(_("Close"), self.reject, _("Esc"))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for part in (self.previous_button, self.place, self.next_button):
            row.addWidget(part)
            part.setVisible(len(self._looks) > 1)
        row.addStretch(1)
        row.addWidget(self.zoom)
        row.addWidget(close)
        return row

    def _button(self, text: str, slot: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)  # Enter would press it
        button.clicked.connect(lambda _checked: slot())
        return button

    def _connect(self) -> None:
        for each in KEYS:
            for key in each.keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.activated.connect(getattr(self, each.method))
        if self._samples is not None:
            session = self._samples.session
            session.recipe_changed.connect(self._refresh)
            session.dataset_changed.connect(self._refresh)
            session.plan_changed.connect(self._refresh)


class SamplePane(QWidget):
    """One sample: its class and part above it, its place below it, and what can be done.

    Attributes:
        view: what shows the sample; None until it was decoded.
        trouble: why it cannot be shown.
        heading, facts: its class, and what else is known of it.
        seen: with the view, when there is one.
        failed: it cannot be shown.
    """

    seen = Signal(object)
    failed = Signal()
    edited = Signal()

    def __init__(self, decode: Decode, root: Path, samples: OpenSamples | None) -> None:
        super().__init__()
        self._root, self._samples = root, samples
        self._path = ""
        self._read = Task(self, lambda path: decode(path, True), self._show, self._fail)
        self.view: QWidget | None = None
        self.heading = ElidedLabel(role="title")
        self.facts = ElidedLabel(role="caption")
        self.trouble = line("")
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place = line("")
        self.relabel_button = _tool(_("Relabel…"), _("Give it another class (F2)."))
        self.exclude_button = _tool(_("Exclude"), "")
        self.folder_button = _tool(_("Show in folder"), "")
        self._room = QVBoxLayout()
        self._build()

    def show_sample(self, path: str) -> None:
        """Show the sample ``path``, relative to the root."""
        self.clear()
        self._path = path
        self.place.setText(_place(self._root / path))
        self.heading.setText("")
        self.refresh()
        self._read.start(self._root / path)

    def clear(self) -> None:
        """Show nothing any more."""
        self._read.cancel()
        if isinstance(self.view, SoundView):
            self.view.player.stop()
        if self.view is not None:
            self.view.hide()
            self.view.deleteLater()
            self.view = None
        self.trouble.setText("")
        self.trouble.show()

    def refresh(self) -> None:
        """Say what is known of the sample now."""
        if self._samples is None:
            return
        facts = self._samples.facts(self._path)
        if facts.name:
            self.heading.setText(_("Class: {name}").format(name=shown(facts.name)))
        self.facts.setText(facts.sentence())
        self.relabel_button.setEnabled(not facts.obstacle and not facts.excluded)
        self.exclude_button.setEnabled(not facts.obstacle)
        self.exclude_button.setText(_("Include again") if facts.excluded else _("Exclude"))
        tip = (
            _("Use it again (Delete).")
            if facts.excluded
            else _("Leave it out of the data (Delete). The file stays where it is.")
        )
        self.exclude_button.setToolTip(facts.obstacle or tip)
        again = _("It is excluded. Include it again first.") if facts.excluded else ""
        relabel = facts.obstacle or again or _("Give it another class (F2).")
        self.relabel_button.setToolTip(relabel)

    def _show(self, preview: Preview) -> None:
        self.trouble.hide()
        self.view = VIEWS[preview.kind](preview.data)
        self._room.addWidget(self.view, 1)
        self.seen.emit(self.view)

    def _fail(self, error: UserError) -> None:
        self.trouble.setText(str(error))
        self.failed.emit()

    def _relabel(self) -> None:
        if self._samples is not None:
            self._samples.relabel(self, [self._path], self.edited.emit)

    def _exclude(self) -> None:
        if self._samples is not None:
            self._samples.exclude(self._path)
            self.edited.emit()

    def _build(self) -> None:
        self._room.addWidget(self.trouble, 1)
        self.relabel_button.clicked.connect(self._relabel)
        self.exclude_button.clicked.connect(self._exclude)
        self.folder_button.clicked.connect(lambda: desktop.show_sample(self._root / self._path))
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.relabel_button, self.exclude_button, self.folder_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.heading)
        layout.addWidget(self.facts)
        layout.addLayout(self._room, 1)
        layout.addWidget(self.place)
        layout.addLayout(buttons)
        for part in (self.heading, self.facts, self.relabel_button, self.exclude_button):
            part.setVisible(self._samples is not None)


class ZoomBar(QWidget):
    """Zooms all pictures that are shown, as one; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._views: list[PictureView] = []
        self.percent = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000 %"))
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fit = _tool(_("Fit"), _("Fit the picture into the window (0)."))
        self.pixels = _tool(_("100 %"), _("One pixel of the screen for each of the picture (1)."))
        self.smaller = _tool("−", _("Smaller (-, or the mouse wheel)."), _("Smaller"))
        self.larger = _tool("+", _("Larger (+, or the mouse wheel)."), _("Larger"))
        self.smaller.clicked.connect(lambda: self.by(-1))
        self.larger.clicked.connect(lambda: self.by(1))
        self.fit.clicked.connect(lambda: self.to(None))
        self.pixels.clicked.connect(lambda: self.to(1.0))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.GAP)
        for part in (self.smaller, self.percent, self.larger, self.fit, self.pixels):
            row.addWidget(part)
        self.hide()

    def take(self, view: QWidget) -> None:
        """Zoom ``view``, too, if it is a picture."""
        if isinstance(view, PictureView):
            for other in self._views[:1]:
                view.follow(other)
            self._views.append(view)
            view.changed.connect(lambda: self._lead(view))
            view.shown.connect(self._say)
            self.show()
            self._say()

    def forget(self) -> None:
        """Other samples are shown."""
        for view in self._views:
            view.shown.disconnect(self._say)
        self._views.clear()
        self.hide()

    def by(self, steps: int) -> None:
        for view in self._views[:1]:
            view.zoom_by(steps)

    def to(self, zoom: float | None) -> None:
        for view in self._views[:1]:
            view.set_zoom(zoom)

    def _lead(self, view: PictureView) -> None:
        for other in self._views:
            if other is not view:
                other.follow(view)

    def _say(self) -> None:
        for view in self._views[:1]:
            self.percent.setText(_("{percent} %").format(percent=round(100 * view.zoom)))


def _place(path: Path) -> str:
    """Where the file is, and which part of it this is."""
    name = caption(path.name)
    folder, file = shown(path.parent), shown(Path(file_of(path.name)))
    return shown(path) if name == file else f"{folder}: {name}"


def line(text: str) -> WrappedLabel:
    """A sentence that can be selected and copied."""
    label = WrappedLabel()
    label.setText(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _tool(text: str, tip: str, name: str = "") -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(name or text)
    button.setProperty("role", "tool")
    return button


VIEWS: dict[str, Callable[[Any], QWidget]] = {
    "picture": PictureView,
    "sound": SoundView,
    "text": TextView,
}
"""What shows the data of a preview large, by its kind."""
