"""A sentence in the card that it concerns, there as long as its cause is.

What went wrong with former data goes when others are opened; what only says that something was
done, with the next that is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from PySide6.QtGui import QAccessible, QAccessibleEvent, QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.messages import Level
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.note_lines import SIGNS
from transfergui.gui.parts.scroll_column import keep_seen
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message, State


class MessageBar(QFrame):
    """Shows the session's messages for one panel, each replacing the one before.

    Args:
        session: whose messages.
        panel: key of the panel.
        parent: Qt's owner.
    """

    def __init__(self, session: Session, panel: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "message")
        self._panel = panel
        self._level: Level = "info"
        self._passing = self._of_former_data = False
        self._icon = QLabel()
        self.text = WrappedLabel()
        self.text.setTextInteractionFlags(self.text.textInteractionFlags().TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = QPushButton()
        self.action.setProperty("role", "link")
        self.action.hide()
        self.action.clicked.connect(self._act)
        self._do: Callable[[], object] | None = None
        self.other = QPushButton()
        self.other.setProperty("role", "link")
        self.other.hide()
        self.other.clicked.connect(self._act_otherwise)
        self._do_other: Callable[[], object] | None = None
        self._close = QPushButton()
        self._close.setProperty("role", "link")
        self._close.setAccessibleName(_("Close the message"))
        self._close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.INSIDE, 2, style.GAP, 2)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self._icon)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.other)
        layout.addWidget(self._close)
        self.hide()
        session.message.connect(self._take)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._forget_former)
        for acted in (session.state_changed, session.recipe_changed, session.run_changed):
            acted.connect(self._pass)
        style.theme.changed.connect(self._dress)

    def show_message(
        self,
        text: str,
        level: Level = "info",
        action: str = "",
        do: Callable[[], object] | None = None,
        passing: bool = False,
        other: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Show a sentence, with a button that says ``action`` and does ``do``.

        Args:
            passing: until something else is done, or the page is left.
            other: what a second button says and does.
        """
        self._level, self._do = level, do
        self._passing, self._of_former_data = passing, False
        self.text.setText(text)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        second, self._do_other = other or ("", None)
        self.other.setText(second)
        self.other.setVisible(bool(second))
        self.setAccessibleName(text)
        self.setProperty("level", level)
        self._dress()
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(bool(text))
        if text:
            keep_seen(self)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def offers(self) -> bool:
        """Whether there is a button beside the message."""
        return not self.isHidden() and bool(self.action.text())

    def take_over(self, former: Self) -> None:
        """Show what a bar in another language says, but not its buttons: they may lead to widgets
        that go."""
        if not former.isHidden() and not former.offers:
            self.show_message(former.text.text(), former._level, passing=former._passing)

    def clear(self) -> None:
        """Take the message away."""
        self.show_message("")

    def _act(self) -> None:
        if self._do is not None:
            self._do()

    def _act_otherwise(self) -> None:
        if self._do_other is not None:
            self._do_other()

    def _take(self, message: Message) -> None:
        if message.panel == self._panel:
            self.show_message(message.text, message.level, passing=message.level == "info")

    def _follow(self, state: State) -> None:
        """While other data are looked through, what is said here is about the former ones."""
        self._of_former_data = state is State.SCANNING

    def _forget_former(self, _dataset: object) -> None:
        if self._of_former_data and self._level != "info":  # an offer is no trouble
            self.clear()

    def _pass(self, _what: object) -> None:
        if self._passing:
            self.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # the window was not merely put aside
            self._pass(None)

    def _dress(self) -> None:
        icon, token = SIGNS[self._level]
        self._icon.setPixmap(style.pixmap(icon, 16, token))
        self._close.setIcon(style.icon("close", "muted"))
