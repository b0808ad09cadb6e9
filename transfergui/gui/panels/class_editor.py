"""Renaming and merging the classes of the open data."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import words
from transfergui.gui.base.words import Noun
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.samples.class_bars import ClassBars
from transfergui.gui.samples.overview import DatasetOverview
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session


class ClassEditor(QWidget):
    """How many classes there are, and what can be done with the one that is chosen.

    Args:
        bars: where a class is chosen.
        proposal: where it is offered to merge classes.

    Attributes:
        count: of the classes.
        rename: asks for another name of the chosen class.
        wanted: the class that is chosen as soon as it is there; empty without one.
    """

    def __init__(self, session: Session, bars: ClassBars, proposal: MessageBar) -> None:
        super().__init__()
        self._session, self._bars, self._proposal = session, bars, proposal
        self._overview: DatasetOverview | None = None
        self.wanted = ""
        self.count = QLabel()
        self.count.setProperty("role", "title")
        self.rename = QAction(_("Rename…"), bars)
        self.rename.setToolTip(_("Rename the chosen class; all of its examples follow. (F2)"))
        self.rename.setShortcut(QKeySequence("F2"))
        self.rename.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.rename.triggered.connect(self._ask_for_name)
        self._bars.addAction(self.rename)
        self._bars.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        button = QPushButton(self.rename.text())
        button.setProperty("role", "link")
        button.setToolTip(self.rename.toolTip())
        button.clicked.connect(self.rename.trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.count, 1)
        row.addWidget(button)

    def choose_wanted(self, overview: DatasetOverview) -> None:
        """Choose what was renamed, once it is there."""
        if self.wanted in overview.names:
            self._bars.choose(overview.names.index(self.wanted))
            self.wanted = ""

    def show_overview(self, overview: DatasetOverview) -> None:
        """Show how many classes there are, and what is proposed."""
        self._overview = overview
        self.count.setText(words.counted(overview.dataset))
        self.rename.setEnabled(bool(overview.dataset.renameable))
        self._propose(overview)

    def _propose(self, overview: DatasetOverview) -> None:
        """Offer to make classes one whose names are nearly the same."""
        names = next(iter(overview.proposals()), None)
        if names is None:
            self._proposal.clear()
            return
        target = shown(overview.largest(names))
        quoted = ", ".join(f"“{shown(name)}”" for name in names)
        text = _("{names} are nearly the same name. Are they meant to be one class?")
        merge = _("Merge into “{name}”").format(name=target)
        self._proposal.show_message(text.format(names=quoted), "info", merge, self.merge)

    def _ask_for_name(self) -> None:
        """Ask what the chosen class shall be called."""
        old = self._bars.current_name()
        if self._overview is None or old not in self._overview.dataset.renameable:
            return
        title = _("Rename the class “{name}”").format(name=shown(old))
        judge = functools.partial(self._judge, old)
        named = functools.partial(self._rename, old)
        NameDialog(self, title, shown(old), judge, named).open()

    def _judge(self, old: str, name: str) -> NameCheck:
        """What comes of another name: two classes of one name become one."""
        if not name:
            return NameCheck(problem=_("Type a name: a class cannot have an empty one."))
        assert self._overview is not None
        dataset = self._overview.dataset
        other = _meant(name, self._overview.names)
        if other in self._overview.names and other != old:
            noun = Noun.of(registry.modality(dataset.modality))
            amount = noun.amount(len(self._overview.of_class(other)))
            text = _("There is a class “{name}” already ({amount}). Both become one class.")
            return NameCheck(note=text.format(name=name, amount=amount), button=_("Merge"))
        return NameCheck(note=_("Your files stay as they are. Undo takes it back."))

    def _rename(self, old: str, name: str) -> None:
        self.wanted = _meant(name, self._overview.names if self._overview else ())
        edits.rename_class(self._session, old, self.wanted)

    def merge(self) -> None:
        """Do what is proposed: relabel the smaller classes as the largest."""
        assert self._overview is not None
        for names in self._overview.proposals()[:1]:
            target = self._overview.largest(names)
            others = [name for name in names if name != target]
            paths = [path for name in others for path in self._overview.of_class(name)]
            edits.merge(self._session, paths, target)


def _meant(name: str, classes: Sequence[str]) -> str:
    """The class that is shown as ``name``, which may hold what cannot be typed; or a new one."""
    return next((each for each in classes if shown(each) == name), name)
