"""Renaming and merging the classes of the open data."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.data import targets as meanings
from transfergui.core.data.label_parts import label_parts
from transfergui.gui.base import style, words
from transfergui.gui.base.words import Noun
from transfergui.gui.panels.box_export import BoxExportButton
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.samples.class_bars import ClassBars
from transfergui.gui.samples.overview import DatasetOverview, spread
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session


class ClassEditor(QWidget):
    """How many classes there are, and what can be done with the one that is chosen.

    Args:
        bars: where a class is chosen.
        proposal: where it is offered to merge classes.

    Attributes:
        count: of the classes.
        spread: of a number, its mean and range.
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
        self._tip = _("Rename the selected class in all of its examples. (F2)")
        self.rename.setToolTip(self._tip)
        self.rename.setShortcut(QKeySequence("F2"))
        self.rename.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.rename.triggered.connect(self._ask_for_name)
        self._bars.addAction(self.rename)
        self._bars.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.button = QPushButton(self.rename.text())
        self.button.setProperty("role", "link")
        self.button.setToolTip(self.rename.toolTip())
        self.button.clicked.connect(self.rename.trigger)
        bars.class_chosen.connect(self._allow)
        self.spread = WrappedLabel(role="caption")
        self.spread.hide()
        self.export = BoxExportButton(session)
        self.export.setProperty("role", "link")
        self.export.hide()
        row = QHBoxLayout()
        row.addWidget(self.count, 1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(row)
        layout.addWidget(self.spread)
        layout.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)

    def choose_wanted(self, overview: DatasetOverview) -> None:
        """Choose what was renamed, once it is there."""
        if self.wanted in overview.names:
            self._bars.choose(overview.names.index(self.wanted))
            self.wanted = ""

    def show_overview(self, overview: DatasetOverview) -> None:
        """Show how many classes there are, and what is proposed."""
        self._overview = overview
        counted, spread_out = words.counted(overview.dataset), spread(overview.dataset)
        self.count.setText(counted[:1].upper() + counted[1:])
        self.spread.setText(spread_out)
        self.spread.setVisible(bool(spread_out))
        self.export.setVisible(bool(overview.boxes))
        self._allow()
        self._propose(overview)

    def _allow(self, *_row: object) -> None:
        """Whether what is chosen has a name of its own: a missing answer has none, and a range of
        numbers has none."""
        there = self._overview.dataset.renameable if self._overview is not None else ()
        able = self._bars.current_name() in there
        reason = _("This name does not come from the data and cannot be changed.")
        for part in (self.rename, self.button):
            part.setEnabled(able or not self._bars.currentIndex().isValid())
            part.setToolTip(self._tip if able or not there else reason)
        self.button.setVisible(bool(there))

    def _propose(self, overview: DatasetOverview) -> None:
        """Offer to make classes one whose names are nearly the same."""
        names = next(iter(overview.proposals()), None)
        if names is None:
            self._proposal.clear()
            return
        target = shown(overview.largest(names))
        quoted = comma_list(f"“{shown(name)}”" for name in names)
        text = _("The class names {names} are nearly the same. Should they be one class?")
        merge = _("Merge into “{name}”").format(name=target)
        self._proposal.show_message(text.format(names=quoted), "info", merge, self.merge)

    def _ask_for_name(self) -> None:
        """Ask what the chosen class, label or answer shall be called."""
        old = self._bars.current_name()
        if self._overview is None or old not in self._overview.dataset.renameable:
            return
        title = _("Rename the class “{name}”")
        targets = self._overview.dataset.targets
        if label_parts(targets):
            title = _("Rename “{name}”")
        own = shown(meanings.own_name(targets, old))
        judge = functools.partial(self._judge, old)
        named = functools.partial(self._rename, old)
        NameDialog(self, title.format(name=shown(old)), own, judge, named).open()

    def _judge(self, old: str, name: str) -> NameCheck:
        """What comes of another name: two classes of one name become one."""
        assert self._overview is not None
        dataset = self._overview.dataset
        if not meanings.checked_name(dataset.targets, name):
            return NameCheck(problem=_("Type a name. The name of a class cannot be empty."))
        other = self._renamed(old, name)
        if other in self._overview.names and other != old:
            noun = Noun.of(registry.modality(dataset.modality))
            amount = noun.amount(len(self._overview.of_class(other)))
            text = _("A class “{name}” already exists ({amount}). The two classes will be merged.")
            if label_parts(dataset.targets):
                text = _("“{name}” already exists ({amount}). The two will be merged.")
            return NameCheck(note=text.format(name=name, amount=amount), button=_("Merge"))
        return NameCheck(note=_("Your files are not changed. Undo reverts the change."))

    def _renamed(self, old: str, name: str) -> str:
        """What ``old`` is once it is called ``name``: that, or what is shown so already."""
        assert self._overview is not None
        targets = self._overview.dataset.targets
        new = meanings.renamed_member(targets, old, meanings.checked_name(targets, name))
        return _meant(new, self._overview.names)

    def _rename(self, old: str, name: str) -> None:
        self.wanted = self._renamed(old, name)
        assert self._overview is not None
        targets = self._overview.dataset.targets
        prefix = old.removesuffix(meanings.own_name(targets, old))
        edits.rename_class(self._session, old, self.wanted.removeprefix(prefix))

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
