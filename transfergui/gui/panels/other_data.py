"""Other data beside those that are learnt: a small card for each, and a menu to add some."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.app import compared
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.companions import ROLES, Place, Role
from transfergui.gui.base import style, words
from transfergui.gui.panels.choosing_other_data import (
    accept_folder,
    ask_file,
    ask_folder,
    dropped,
    fill,
)
from transfergui.gui.panels.companion_card import CompanionCard
from transfergui.gui.panels.place_offer import PlaceOffer
from transfergui.gui.parts.scroll_column import keep_seen
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

NAME = 40
"""Letters of a name in a menu."""


class OtherData(QWidget):
    """The cards, and below them what adds one. A folder may be dropped here, or on a card.

    Args:
        new_wanted: called where new examples are to be added to one's own data.
    """

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
        new_wanted: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._new_wanted = new_wanted
        self._session = session
        self.cards: dict[Place, CompanionCard] = {}
        self.add = QPushButton(_("Add other data"))
        self.add.setProperty("role", "link")
        self.add.setToolTip(
            style.tip(
                _(
                    "Data beside your own: from where the model will be used, labelled ones to "
                    "borrow from, or unlabelled ones to learn from first."
                )
            )
        )
        self._menu_of = ""
        self.offer = PlaceOffer(session)
        self._dress()
        self.setAcceptDrops(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        self._shown = QVBoxLayout()
        self._shown.setSpacing(style.INSIDE)
        layout.addLayout(self._shown)
        layout.addWidget(self.offer)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addStretch(1)
        layout.addLayout(row)
        style.theme.changed.connect(self._dress)
        session.companions.changed.connect(self.refresh)
        session.recipe_changed.connect(self.refresh)
        session.plan_changed.connect(self.refresh)
        session.state_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_what: object) -> None:
        """Show what the recipe names, and how far it is read."""
        places = self._session.recipe.others()
        for gone in set(self.cards) - set(places):
            card = self.cards.pop(gone)
            card.hide()
            card.deleteLater()
        for at, place in enumerate(places):
            if place not in self.cards:
                self.cards[place] = CompanionCard(place, self._session)
                self.cards[place].chosen.connect(self._use)
                self.cards[place].alike.answered.connect(self._show_order)
                self._shown.insertWidget(at, self.cards[place])
                self.cards[place].show()  # a layout does so later
            self.cards[place].refresh()
            self.cards[place].allow(not self._session.training)
        self.add.setEnabled(not self._session.training)
        if self._menu_of != (modality := self._session.recipe.modality):
            self._menu_of = modality
            self.add.setMenu(self._menu(registry.modality(modality).many))
        self._show_order()

    def _show_order(self) -> None:
        """Which of the data that were compared are nearer to one's own than which others."""
        known = {place: card.alike.answer for place, card in self.cards.items()}
        for place, card in self.cards.items():
            own = known[place]
            farther = [
                Path(path).name
                for (role, path), other in known.items()
                if own is not None and other is not None and compared.nearer_than(own, other)
            ]
            card.alike.show_order(farther)

    def _dress(self, *_what: object) -> None:
        self.add.setIcon(style.icon("plus", "accent"))

    def _menu(self, noun: str) -> QMenu:
        menu = QMenu(self)
        if self._new_wanted is not None:  # what is looked for here first
            new = _("New {noun} of my classes…").format(noun=_(noun))
            menu.addAction(new, self._new_wanted)
            menu.addSeparator()
        for role, text in ROLES.items():
            entry = menu.addMenu(text.of(noun))
            entry.addAction(_(text.summary)).setEnabled(False)  # what they are good for
            fill(entry, self, functools.partial(self._use, role))
        return menu

    def _use(self, role: Role, path: Path, instead: str = "") -> None:
        """Use what was chosen for a role; read again what is the same, as it may be there now."""
        if str(path) in self._session.wanted.companions.of_role(role):
            self._session.project.read_companions_again()
        else:
            edits.use_beside(self._session, role, path, instead)
        if (card := self.cards.get((role, str(path)))) is not None:
            keep_seen(card)

    # -- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_folder(event, self.add.isEnabled())

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask what the data are for."""
        path = dropped(event)
        if path is None:
            return
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        question = _("What is “{name}” for?").format(name=shown(words.brief(path.name, NAME)))
        menu.addAction(question.replace("&", "&&")).setEnabled(False)
        noun = registry.modality(self._session.recipe.modality).many
        for role, text in ROLES.items():
            action = menu.addAction(text.of(noun), functools.partial(self._use, role, path))
            action.setToolTip(style.tip(_(text.summary)))
        menu.popup(QCursor.pos())


def ask_where(window: QWidget, path: str, found: Callable[[Path], object]) -> None:
    """Ask where the other data of a run are now."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("ask_where")
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(_("Other data were moved"))
    box.setText(
        _(
            "The run was started with other data that are not at {path}. Where are they now? The "
            "run is resumed if they are the same."
        ).format(path=shown(path))
    )
    ways = {
        box.addButton(_("Folder…"), QMessageBox.ButtonRole.AcceptRole): ask_folder,
        box.addButton(_("File…"), QMessageBox.ButtonRole.AcceptRole): ask_file,
    }
    box.addButton(QMessageBox.StandardButton.Cancel)

    def answered() -> None:
        ask = next((ask for button, ask in ways.items() if button is box.clickedButton()), None)
        if ask is not None and (new := ask(window)) is not None:
            found(new)

    box.finished.connect(answered)
    box.open()
