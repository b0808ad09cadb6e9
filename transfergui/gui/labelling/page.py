"""The page on which a folder is labelled: its examples, and the classes beside them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.base.paths import shown
from transfergui.gui.base import desktop, style, words
from transfergui.gui.labelling.class_panel import ClassPanel
from transfergui.gui.labelling.gallery import Gallery
from transfergui.gui.labelling.head import LabelHead
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.labelling.large_view import LargeView
from transfergui.gui.labelling.player import ExamplePlayer
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.message_overlay import MessageOverlay
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.samples.thumbnail_delegate import Mark
from transfergui.gui.session.session import Session

LEAST = 560
"""Pixels."""


@dataclass(frozen=True)
class _Act:
    """What can be done with the selected examples: ``method`` of the page."""

    method: str
    title: str
    key: str
    tip: str


ACTS = (
    _Act(
        "accept",
        N_("Accept"),
        "Enter",
        N_("Give each selected example the class that is suggested for it."),
    ),
    _Act(
        "select_similar",
        N_("Select similar"),
        "S",
        N_("Also select the examples that look most like the selected ones."),
    ),
    _Act(
        "make_class",
        N_("New class…"),
        "N",
        N_("Make a new class of the selected examples. This also splits a class."),
    ),
    _Act(
        "clear",
        N_("Clear label"),
        "Delete",
        N_("Remove the labels of the selected examples."),
    ),
)


class LabelPage(QWidget):
    """See the module.

    Args:
        session: whose messages are shown.
        labelling: what is labelled.

    Attributes:
        closed: the page is to be left; everything is saved.
        train_wanted, export_wanted: a button was pressed.
        reading_wanted: examples are to be read in another way; with the options.
        gallery: the examples; ``tiles`` of it.
        classes: beside them.
        head: above them.
        buttons: what can be done with the selected examples, by method.
        bar: messages.
        player: of recordings.
    """

    closed = Signal()
    train_wanted = Signal()
    export_wanted = Signal()
    reading_wanted = Signal(object)

    def __init__(self, session: Session, labelling: Labelling) -> None:
        super().__init__()
        self.labelling = labelling
        self.head = LabelHead(labelling)
        self.classes = ClassPanel(labelling)
        self.gallery = Gallery(labelling)
        self.tiles = self.gallery.tiles
        self._large: LargeView | None = None
        self.count = ElidedLabel(role="caption")
        self.buttons: dict[str, QWidget] = {}
        self.bar = MessageBar(session, "labelling")
        self.player = ExamplePlayer(self, labelling.opened)
        self.tiles.mark_by(self._mark)
        self._build()
        self._connect()
        self._add_keys()
        self._show_selection()

    @property
    def opened(self) -> Opened:
        """What is labelled."""
        return self.labelling.opened

    @property
    def done(self) -> int:
        """How many examples have a label."""
        return self.labelling.labelled

    @property
    def classes_named(self) -> int:
        """How many classes there are."""
        return len(self.labelling.table.classes)

    def save_now(self) -> None:
        """Save what was not saved yet.

        Raises:
            UserError: the labels cannot be saved, as on a full disk.
        """
        self.labelling.save_now()

    def finish(self) -> None:
        """End the work, and save what was not saved yet.

        Raises:
            UserError: as of :meth:`save_now`; the work has ended all the same.
        """
        self.head.better.stop()
        self.labelling.finish()

    @property
    def name(self) -> str:
        """Of what is labelled."""
        return shown(self.labelling.opened.source.name)

    def begin(self) -> None:
        """Put the keyboard where one begins: classes are named first."""
        (self.tiles if self.labelling.table.classes else self.classes.field).setFocus()

    def minimumSizeHint(self) -> QSize:
        """No more than other pages ask for: the column is beside them, but not beside this one."""
        return super().minimumSizeHint().boundedTo(QSize(LEAST, 10_000))

    # -- what keys and buttons do

    def take(self, name: str) -> None:
        """Give the selected examples a class, and go on to the next."""
        if paths := self.tiles.selected():
            self.gallery.go_on(lambda: self.labelling.label(paths, name))
        else:
            self._tell(_("Select examples first. Then you can give them a class."))

    def rename(self) -> None:
        """Ask for another name of the class that is highlighted."""
        if (name := self.classes.list.current_name) in self.labelling.table.classes:
            self.classes.ask_for_name(name)
        else:
            self._tell(_("Click a class first. Then F2 renames it."))

    def accept(self) -> None:
        """Give each selected example the class that is suggested for it."""
        chosen = self.tiles.selected()
        guesses, labels = self.labelling.suggested.guesses, self.labelling.table.labels
        paths = [path for path in chosen if path in guesses and path not in labels]
        if paths:
            self.gallery.go_on(lambda: self.labelling.accept(paths))
        elif chosen:
            self._tell(_("Nothing is suggested for the selected examples."))

    def clear(self) -> None:
        """Remove the labels of the selected examples."""
        labels = self.labelling.table.labels
        if paths := [path for path in self.tiles.selected() if path in labels]:
            self.labelling.clear(paths)

    def select_similar(self) -> None:
        """Also select the examples that look like the selected ones, and show them first."""
        if not (paths := self.tiles.selected()):
            self._tell(_("Select an example first. Then similar ones can be found."))
        elif self.labelling.features is None:
            self._tell(_("Similar examples can be found once all examples have been analysed."))
        else:
            self.labelling.look_for_similar(paths)

    def make_class(self) -> None:
        """Ask for the name of a new class for the selected examples."""
        if paths := self.tiles.selected():
            make = functools.partial(self._make_class, paths)
            NameDialog(self, _("New class of the selected"), "", self._judge, make).open()

    def play(self) -> None:
        """Play the current example, or show it large where it is no recording."""
        for path in self._current():
            self.player.toggle(path)

    def look(self) -> None:
        """Show the current example large."""
        for path in self._current():
            self._look_at(path)

    def reveal(self) -> None:
        """Show the current example in the file manager."""
        for path in self._current():
            desktop.show_sample(self.labelling.opened.root / path)

    def undo(self) -> None:
        self.labelling.history.undo()

    def redo(self) -> None:
        self.labelling.history.redo()

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self.labelling.history.undo_text

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self.labelling.history.redo_text

    def _take_key(self, key: int) -> None:
        if name := self.classes.name_of_key(key):
            self.take(name)
        else:
            self._tell(_("No class has the number {key} yet.").format(key=key))

    def _make_class(self, paths: Sequence[str], name: str) -> None:
        self.gallery.go_on(lambda: self.labelling.split(paths, name))

    def _judge(self, name: str) -> NameCheck:
        if not name:
            return NameCheck(
                problem=_("Type a name. The name of a class cannot be empty."), button=_("Add")
            )
        if name in self.labelling.names:
            note = _("This class exists. The selected examples will be added to it.")
            return NameCheck(note=note, button=_("Add"))
        return NameCheck(button=_("Add"))

    def _look_at(self, path: str) -> None:
        self.tiles.go_to([path])  # keys are about what is shown, not about others beside it
        self._large = LargeView(self.labelling.opened, path, self)
        self._large.numbered.connect(self._take_key)
        self._large.stepped.connect(self._step)
        self._large.finished.connect(lambda: setattr(self, "_large", None))
        self._large.open()

    def _step(self, step: int) -> None:
        """Select another example, which the large view follows."""
        rows, paths = self.tiles.selected_rows(), self.tiles.paths
        if rows and 0 <= rows[0] + step < len(paths):
            self.tiles.go_to([paths[rows[0] + step]])

    def _current(self) -> list[str]:
        """The example on which the keyboard is, where it is selected; else the first that is."""
        row, chosen = self.tiles.currentIndex().row(), self.tiles.selected_rows()
        return [self.tiles.paths[row if row in chosen else chosen[0]]] if chosen else []

    # -- showing

    def _mark(self, path: str) -> Mark | None:
        return Mark("play", _("Playing")) if path == self.player.path else None

    def _show_selection(self, *_what: object) -> None:
        chosen = len(self.tiles.selectedIndexes())
        text = ngettext("{n} selected", "{n} selected", chosen)
        self.count.setText(text.format(n=words.number(chosen)) if chosen else "")
        possible = {
            "accept": bool(self.labelling.guessed()),
            "select_similar": self.labelling.features is not None,
        }
        for method, button in self.buttons.items():
            button.setEnabled(chosen > 0 and possible.get(method, True))
        if self._large is not None and len(current := self._current()) == 1:
            self._large.show_example(current[0])

    def _tell(self, text: str) -> None:
        self.bar.show_message(text, passing=True)

    def _show_trouble(self) -> None:
        self.bar.show_message(str(self.labelling.trouble or ""), "error")

    # -- building

    def _build(self) -> None:
        row = self.gallery.row
        row.addWidget(self.count)
        for each in ACTS:
            button = tool_button(_(each.title), style.tip(f"{_(each.tip)} ({_(each.key)})"))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the examples
            button.clicked.connect(getattr(self, each.method))
            self.buttons[each.method] = button
            row.addWidget(button)
        parts = QHBoxLayout()
        parts.setSpacing(style.BETWEEN)
        parts.addWidget(self.classes)
        parts.addWidget(self.gallery, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.head)
        layout.addLayout(parts, 1)
        layout.addWidget(MessageOverlay(self, [self.bar]))

    def _connect(self) -> None:
        labelling, tiles, head = self.labelling, self.tiles, self.head
        labelling.troubled.connect(self._show_trouble)
        for changed in (labelling.changed, labelling.suggestions_changed, labelling.progressed):
            changed.connect(self._show_selection)  # what is filled anew drops it without a signal
        head.leave.clicked.connect(self.closed)
        head.export.clicked.connect(self.export_wanted)
        head.reading.changed.connect(self.reading_wanted)
        head.train.clicked.connect(self.train_wanted)
        self.classes.taken.connect(self.take)
        self.classes.list.dropped.connect(self.take)
        self.classes.examples_wanted.connect(functools.partial(self.gallery.show_view, "class"))
        self.player.changed.connect(tiles.viewport().update)
        self.player.look_wanted.connect(self._look_at)
        tiles.accepted.connect(self.accept)
        tiles.cleared.connect(self.clear)
        tiles.played.connect(self.play)
        tiles.doubleClicked.connect(self.look)
        tiles.selectionModel().selectionChanged.connect(self._show_selection)

    def _add_keys(self) -> None:
        for key in range(10):
            self._add_key(str(key), functools.partial(self._take_key, key), self)
        self._add_key("F2", self.rename, self)
        self._add_key("S", self.select_similar, self.gallery)  # elsewhere, a name may be typed
        self._add_key("N", self.make_class, self.gallery)
        entries = [(_(each.title), getattr(self, each.method)) for each in ACTS]
        entries += [(_("View large"), self.look), (_("Show in folder"), self.reveal)]
        for title, slot in entries:
            action = QAction(title, self.tiles)
            action.triggered.connect(slot)
            self.tiles.addAction(action)

    def _add_key(self, key: str, slot: Callable[[], object], where: QWidget) -> None:
        shortcut = QShortcut(QKeySequence(key), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)
