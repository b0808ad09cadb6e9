"""Samples one after the other, large; twins side by side. They can be corrected here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import N_, _
from transfergui.core.data.captions import caption
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.base import style, words
from transfergui.gui.pictures.drawn import Brush
from transfergui.gui.samples.answer_bars import AnswerBar, AnswerBars
from transfergui.gui.samples.heat_pane import GetInsight, InsightParts
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.samples.sample_pane import Decode, GetBoxes, SamplePane, line
from transfergui.gui.samples.zoom_bar import ZoomBar

SIZE, PAIR = (680, 680), (1040, 680)
"""Width and height in pixels, of one sample and of two."""
SHARE, MORE = 0.9, 1.5
"""Of the height of the window it may take, and how many times larger than that it becomes."""


@dataclass(frozen=True)
class ViewedItem:
    """What is looked at at once.

    Attributes:
        paths: one sample, or two that are alike; relative to the root.
        text: a sentence to show below.
        bars: how likely a model calls its answers.
        marks: boxes that it is about: the first one stands out, and is zoomed to.
    """

    paths: tuple[str, ...]
    text: str = ""
    bars: tuple[AnswerBar, ...] = ()
    marks: tuple[MarkedBox, ...] = ()


class ViewedItems(Sequence[ViewedItem]):
    """What is looked at for each of ``items``, made when asked for: there may be a million."""

    def __init__(self, items: Sequence[Any], make: Callable[[Any], ViewedItem]) -> None:
        self._items, self._make = items, make

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, at: Any) -> Any:
        return self._make(self._items[at])


@dataclass(frozen=True)
class _Shortcut:
    """What a key does, by the name of the viewer's method."""

    keys: tuple[str, ...]
    method: str
    text: str


KEYS = (
    _Shortcut(("Right", "PgDown"), "next", N_("Next example")),
    _Shortcut(("Left", "PgUp"), "previous", N_("Previous example")),
    _Shortcut(("F2", "Ctrl+L"), "relabel", N_("Relabel")),
    _Shortcut(("Delete",), "exclude", N_("Exclude, or include again")),
    _Shortcut(("H",), "where_it_looks", N_("Show where the model looks")),
    _Shortcut(("B",), "because", N_("Show similar training examples")),
    _Shortcut(("Ctrl+Z",), "undo", N_("Undo a correction that was made here")),
    _Shortcut(("Ctrl+Y", "Ctrl+Shift+Z"), "redo", N_("Redo what was undone here")),
    _Shortcut(("+", "=", "Ctrl++", "Ctrl+="), "zoom_in", N_("Zoom in")),
    _Shortcut(("-", "Ctrl+-"), "zoom_out", N_("Zoom out")),
    _Shortcut(("0", "Ctrl+0"), "zoom_to_fit", N_("Fit into the window")),
    _Shortcut(("1", "Ctrl+1"), "zoom_to_pixels", N_("Actual size (100 %)")),
)


class SampleViewer(QDialog):
    """Shows samples of a list; decodes in the background and says why when that fails.

    Args:
        decode: makes the preview.
        root: what the paths of ``looks`` are relative to.
        looks: in the order in which they are shown.
        at: which one is shown first.
        samples: knows their classes and corrects them; None where they are no data of the user.
        insight: what a model says of them; None without one.
        boxes: that are drawn in them; None for those of the data, which can be corrected.

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
        insight: GetInsight | None = None,
        boxes: GetBoxes | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._decode, self._root, self._looks = decode, root, looks
        self._samples, self._boxes = samples, boxes
        self._at = at
        self._made = self._undone = 0
        self._brush = Brush()
        self._recipe = samples.session.recipe if samples is not None else None
        self.panes: list[SamplePane] = []
        self.text = line("")
        self.bars = AnswerBars()
        self.place = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.zoom = ZoomBar()
        self.insight = None if insight is None else InsightParts(insight)
        self._beside = QHBoxLayout()
        self._beside.setSpacing(style.BETWEEN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self._beside, 1)
        layout.addWidget(self.text)
        layout.addWidget(self.bars)
        if self.insight is not None:
            self._beside.addWidget(self.insight.heat, 1)
            layout.addWidget(self.insight.strip)
        layout.addLayout(self._make_row())
        self._connect()
        self.resize(self._fitting(*(PAIR if len(looks[at].paths) > 1 else SIZE)))
        self._show()
        self.next_button.setFocus()

    @property
    def at(self) -> int:
        """Which one of the list is shown."""
        return self._at

    def _fitting(self, width: int, height: int) -> QSize:
        """Larger in a large window, never smaller than asked for."""
        parent = self.parentWidget()
        above = parent.window().height() if parent is not None else height
        more = min(MORE, max(1.0, SHARE * above / height))
        return QSize(round(width * more), round(height * more))

    # -- what keys and buttons do

    def next(self) -> None:
        self._go(self._at + 1)

    def previous(self) -> None:
        self._go(self._at - 1)

    def relabel(self) -> None:
        """Ask for the class of the sample in the pane that is meant."""
        if (pane := self._meant()) is not None:
            pane.ask_for_label()

    def exclude(self) -> None:
        """Leave out the sample in the pane that is meant, or take it back."""
        if (pane := self._meant()) is not None:
            pane.exclude_button.click()

    def undo(self) -> None:
        """Undo what was corrected here last; older steps are undone in the window."""
        self._settle()
        if self._samples is not None and self._made:
            self._made, self._undone = self._made - 1, self._undone + 1
            self._samples.session.undo_stack.undo()
            self._recipe = self._samples.session.recipe
            self.text.setText(self._looks[self._at].text)

    def redo(self) -> None:
        """Do again what :meth:`undo` undid last."""
        self._settle()
        if self._samples is not None and self._undone:
            self._made, self._undone = self._made + 1, self._undone - 1
            self._samples.session.undo_stack.redo()
            self._recipe = self._samples.session.recipe

    def zoom_in(self) -> None:
        self.zoom.by(1)

    def zoom_out(self) -> None:
        self.zoom.by(-1)

    def zoom_to_fit(self) -> None:
        self.zoom.to(None)

    def zoom_to_pixels(self) -> None:
        self.zoom.to(1.0)

    def where_it_looks(self) -> None:
        """Show which parts the prediction rests on, or hide it again."""
        if self.insight is not None:
            self.insight.look_button.click()

    def because(self) -> None:
        """Show the training examples that are most like this one, or hide them again."""
        if self.insight is not None:
            self.insight.because_button.click()

    def done(self, result: int) -> None:
        super().done(result)
        self.closed.emit(self._looks[self._at].paths[0])

    # -- showing

    def _widen(self, more: bool) -> None:
        """Make room for a second pane, and for what stands below both."""
        assert self.insight is not None
        strip = self.insight.because_button.isChecked()
        self.bars.fill(() if strip else self._looks[self._at].bars)
        if more:
            wanted = PAIR[1] + (self.insight.strip.sizeHint().height() if strip else 0)
            most = round(SHARE * self.screen().availableGeometry().height())
            height = max(self.height(), min(wanted, most))
            self.resize(max(self.width(), PAIR[0]), height)

    def _go(self, at: int) -> None:
        if 0 <= at < len(self._looks):
            self._at = at
            self._show()

    def _show(self) -> None:
        look = self._looks[self._at]
        files = [Path(self._root, path) for path in look.paths]
        self.setWindowTitle(" – ".join(caption(file.name, file.parent) for file in files))
        self._make_panes(len(look.paths))
        self.zoom.forget()
        for pane, path in zip(self.panes, look.paths, strict=False):
            pane.show_sample(path, look.marks)
        self.text.setText(look.text)
        self.text.setVisible(bool(look.text))
        strip = self.insight is not None and self.insight.because_button.isChecked()
        self.bars.fill(() if strip else look.bars)  # there is no room for both
        if self.insight is not None:
            single = len(look.paths) == 1
            self.insight.show_sample(self._root / look.paths[0] if single else None)
        count = words.number(len(self._looks))
        text = _("{number} of {count}").format(number=words.number(self._at + 1), count=count)
        self.place.setText(text)
        self.previous_button.setEnabled(self._at > 0)
        self.next_button.setEnabled(self._at + 1 < len(self._looks))

    def _make_panes(self, count: int) -> None:
        while len(self.panes) < count:
            pane = SamplePane(self._decode, self._root, self._samples, self._boxes, self._brush)
            pane.again.connect(self.zoom.forget)
            pane.seen.connect(self.zoom.take)
            pane.failed.connect(self._hide_repeated)
            pane.edited.connect(self._count)
            self.panes.append(pane)
            self._beside.insertWidget(len(self.panes) - 1, pane, 1)
        for number, pane in enumerate(self.panes):
            pane.setVisible(number < count)
            pane.clear()

    def _hide_repeated(self) -> None:
        """The sentence about a file that cannot be read stands in its place already."""
        if len(self._looks[self._at].paths) == 1:
            self.text.hide()

    def _settle(self) -> None:
        """Boxes that are moved by keys right now are corrected first."""
        for pane in self.panes:
            if pane.editor is not None:
                pane.editor.settle()

    def _count(self) -> None:
        assert self._samples is not None
        before, self._recipe = self._recipe, self._samples.session.recipe
        if before is not self._recipe:
            self._made, self._undone = self._made + 1, 0
            self._say_done(self._samples.session.undo_stack.undo_text)
            self.edited.emit()

    def _say_done(self, what: str) -> None:
        """Of twins, the sentence about both is not true any more."""
        if len(self._looks[self._at].paths) > 1:
            text = _("Done: {what}. Press Ctrl+Z to undo.")
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
        for button in self.insight.parts if self.insight is not None else ():
            row.addWidget(button)
            button.toggled.connect(self._widen)
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
