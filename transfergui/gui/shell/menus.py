"""The menus of the window: commands as data, earlier data, samples, stages and colours."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QWidget

from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import i18n
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.base.settings import Settings
from transfergui.gui.base.style import Scheme
from transfergui.gui.panels import STAGES
from transfergui.gui.session import recent
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.undoing import UndoCommands


@dataclass(frozen=True)
class Command:
    """One line of a menu.

    Attributes:
        menu: its title, marked with ``N_``.
        slot: the method, as seen from the window; empty for a line between two groups.
        text: marked with ``N_``.
        key: the shortcut, or several.
        elsewhere: the key works where samples are selected; the menu only tells of it.
    """

    menu: str
    slot: str = ""
    text: str = ""
    key: str = ""
    elsewhere: bool = False

    @property
    def name(self) -> str:
        """The method without the object that it belongs to."""
        return self.slot.rpartition(".")[2]


FILE, EDIT, RUN, VIEW, HELP = N_("&File"), N_("&Edit"), N_("&Run"), N_("&View"), N_("&Help")

COMMANDS = (
    Command(FILE, "opening.open_folder", N_("&Open folder…"), "Ctrl+O"),
    Command(FILE, "opening.open_file", N_("Open &zip, tar or table…")),
    Command(FILE, "labelling.ask_for_folder", N_("&Label a folder…")),
    Command(FILE, "drawing.ask_for_folder", N_("Draw &boxes in a folder…")),
    Command(FILE, "opening.open_run", N_("Open r&un…")),
    Command(FILE, "opening.record_examples", N_("Re&cord examples…")),
    Command(FILE, "arrivals.add_folder", N_("A&dd new examples…"), "Ctrl+Shift+N"),
    Command(FILE),
    Command(FILE, "opening.open_project", N_("Open &project…")),
    Command(FILE, "projects.save", N_("Sa&ve project"), "Ctrl+S"),
    Command(FILE, "projects.save_as", N_("Save project &as…"), "Ctrl+Shift+S"),
    Command(FILE),
    Command(FILE, "close", N_("&Quit"), "Ctrl+Q"),
    Command(EDIT, "undoing.undo", N_("&Undo"), "Ctrl+Z"),
    Command(EDIT, "undoing.redo", N_("&Redo"), "Ctrl+Shift+Z; Ctrl+Y"),
    Command(EDIT),
    Command(EDIT, "corrections.relabel", N_("Re&label…"), "F2", elsewhere=True),
    Command(EDIT, "corrections.exclude", N_("E&xclude"), "Delete", elsewhere=True),
    Command(RUN, "train", N_("&Train"), "Ctrl+R"),
    Command(RUN, "stop", N_("&Stop…"), "Esc"),
    Command(RUN),
    Command(RUN, "places.show", N_("&Other computers…")),
    Command(RUN, "compare_models", N_("Compare &models on a folder…")),
    Command(RUN, "show_runs_folder", N_("Show the &runs folder")),
    Command(VIEW, "fold_cards", N_("&Collapse or expand cards"), "Ctrl+0"),
    Command(HELP, "help.show_help", N_("&Guide"), "F1"),
    Command(HELP, "help.explain", N_("&Explain this field"), "Shift+F1"),
    Command(HELP, "help.show_keys", N_("&Keyboard shortcuts")),
    Command(HELP, "help.show_glossary", N_("Gl&ossary")),
    Command(HELP),
    Command(HELP, "associating.ask", N_("Open files by &double-click…")),
    Command(HELP, "help.show_about", N_("&About TransferGUI")),
)

SCHEMES: dict[Scheme, str] = {
    "system": N_("Follow the &system"),
    "light": N_("&Light"),
    "dark": N_("&Dark"),
}


LANGUAGE, ANOTHER = "Language", "语言"
"""The heading of the languages in English and in Chinese, for somebody who is in the wrong one."""


class RecentMenu(QMenu):
    """Data that were open lately, filled in when it is opened.

    Args:
        choose: opens what is chosen.
        forget: forgets all of them.
    """

    def __init__(
        self,
        parent: QWidget,
        settings: Settings,
        choose: Callable[[Path], object],
        forget: Callable[[], object],
    ) -> None:
        super().__init__(_("Open &recent"), parent)
        self._settings, self._choose, self._forget = settings, choose, forget
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        recent.fill(self, self._settings.remembered.recent, self._choose)
        projects = self._settings.remembered.projects
        if projects:
            self.addSection(_("Projects"))
        for path in map(Path, projects):
            action = self.addAction(shown(path.stem).replace("&", "&&"))
            action.setToolTip(style.tip(shown(path)))
            action.triggered.connect(functools.partial(self._choose_project, path))
        self.addSeparator()
        forget = self.addAction(_("Clear the list"), self._forget)
        forget.setEnabled(bool(self._settings.recent or projects))

    def _choose_project(self, path: Path, _checked: bool = False) -> None:
        self._choose(path)


class Menus(QObject):
    """See the module.

    Args:
        window: has the methods that :data:`COMMANDS` name.
        undoing: what Undo and Redo do on the page in front.
        correctable: returns whether samples are selected that can be corrected.

    Attributes:
        actions: of the commands, by the name of their method.
        recent: the menu of earlier data.
    """

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        undoing: UndoCommands,
        correctable: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self._session, self._undoing, self._correctable = session, undoing, correctable
        bar = window.menuBar()
        self._menus = {title: bar.addMenu(_(title)) for title in (FILE, EDIT, RUN, VIEW, HELP)}
        self.actions: dict[str, QAction] = {}
        for command in COMMANDS:
            self._add(window, command)
        self._menus[EDIT].aboutToShow.connect(self._allow_corrections)
        self._allow_corrections()
        for changed in (session.state_changed, session.recipe_changed, session.plan_changed):
            changed.connect(self.refresh)
        undoing.changed.connect(self.refresh)

    def _add(self, window: QMainWindow, command: Command) -> None:
        menu = self._menus[command.menu]
        if not command.slot:
            menu.addSeparator()
            return
        action = menu.addAction(_(command.text), operator.attrgetter(command.slot)(window))
        action.setShortcuts(QKeySequence.listFromString(command.key))
        if command.elsewhere:  # for the whole window it would be ambiguous: neither works
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.actions[command.name] = action

    def add_data(self, recent_data: RecentMenu, open_sample: Callable[[str], object]) -> None:
        """Offer earlier data and the samples."""
        file = self._menus[FILE]
        self.recent = recent_data
        samples_menu = QMenu(_("Try a &sample"), file)
        for sample in samples.SAMPLES:
            samples_menu.addAction(_(sample.title), functools.partial(open_sample, sample.key))
        for menu in (recent_data, samples_menu):
            file.insertMenu(self.actions["open_run"], menu)

    def add_stages(self, show: Callable[[str], object]) -> None:
        """Offer the stages, with their keys."""
        menu = self._menus[VIEW]
        menu.addSeparator()
        for number, row in enumerate(STAGES, 1):
            action = menu.addAction(_(row.title), functools.partial(show, row.key))
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))

    def add_schemes(self, chosen: Scheme, use: Callable[[Scheme], object]) -> None:
        """Offer light and dark colours."""
        self._menus[VIEW].addSeparator()
        menu = self._menus[VIEW].addMenu(_("Co&lours"))
        group = QActionGroup(self)
        for scheme, text in SCHEMES.items():
            action = menu.addAction(_(text), functools.partial(use, scheme))
            action.setCheckable(True)
            action.setChecked(scheme == chosen)
            group.addAction(action)

    def add_languages(
        self, names: Mapping[str, str], chosen: str, use: Callable[[str], object]
    ) -> None:
        """Offer the languages, each by its own name."""
        title, other = _("Lan&guage"), LANGUAGE if i18n.is_translated() else ANOTHER
        menu = self._menus[VIEW].addMenu(f"{title} · {other}")
        group = QActionGroup(self)
        for language, name in names.items():
            action = menu.addAction(_(name), functools.partial(use, language))
            action.setCheckable(True)
            action.setChecked(language == chosen)
            group.addAction(action)

    def refresh(self) -> None:
        """Offer what can be done now."""
        session, actions = self._session, self.actions
        actions["train"].setEnabled(not session.obstacle)
        actions["train"].setToolTip(style.tip(session.obstacle))
        actions["stop"].setEnabled(session.state is State.TRAINING)
        for name in ("save", "save_as", "add_folder"):
            possible = session.dataset is not None
            actions[name].setEnabled(possible and (name != "add_folder" or not session.training))
            tip = "" if session.dataset is not None else _("Open a folder with your data first.")
            actions[name].setToolTip(style.tip(tip))
        for name, text, plain in (
            ("undo", self._undoing.undo_text, _("&Undo")),
            ("redo", self._undoing.redo_text, _("&Redo")),
        ):
            actions[name].setEnabled(bool(text))
            actions[name].setText(f"{plain}: {text}" if text else plain)
            actions[name].setToolTip(style.tip("" if text else self._undoing.nothing_text))

    def _allow_corrections(self) -> None:
        possible = self._correctable()
        tip = "" if possible else _("Select examples under Data or Results first.")
        for name in ("relabel", "exclude"):
            self.actions[name].setEnabled(possible)
            self.actions[name].setToolTip(style.tip(tip))


def keys(bar: QMenuBar) -> list[tuple[str, str]]:
    """What each command of the menus does, and its keys."""
    native = QKeySequence.SequenceFormat.NativeText
    actions = [a for menu in bar.findChildren(QMenu) for a in menu.actions()]
    keys = [(_plain(a.text()), a.shortcut().toString(native)) for a in actions]
    return [(text, key) for text, key in keys if key]


def _plain(text: str) -> str:
    """The text of a menu without its letter: ``Open``, also of ``打开(&O)…``."""
    return re.sub(r"\(&\w\)|&", "", text)
