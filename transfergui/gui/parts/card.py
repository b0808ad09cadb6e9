"""A step of the left column: number, title, what was decided in one line, and room for more."""

from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.help_button import HelpButton
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.term_label import TERMS, TermLabel
from transfergui.gui.session.session import Session


class Panel(Protocol):
    """What a card needs of the panel in it, which is a widget."""

    def summary(self) -> str:
        """Everything that was decided there, in one line."""


class Card(QFrame):
    """A panel with its header. Folded, its summary and its messages are still seen.

    Args:
        session: whose messages and changes are shown.
        key: of the panel, as in :class:`~transfergui.gui.session.states.Message`.
        number: which step it is, from 1.
        title: translated.
        panel: a widget with ``summary()``.

    Attributes:
        bar: the messages; below the panel, until the window takes them out of what scrolls.
        folded_changed: folded or unfolded, by the user or by :meth:`set_folded`.
        help_wanted: the “?” was pressed; with the key of the panel.
    """

    folded_changed = Signal(object)
    help_wanted = Signal(object)

    def __init__(self, session: Session, key: str, number: int, title: str, panel: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self._title = title
        self.key = key
        self.panel = panel
        self.bar = MessageBar(session, key)
        self._summary = ElidedLabel(Qt.TextElideMode.ElideRight, role="caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, style.GAP, 12, style.INSIDE)
        layout.setSpacing(style.GAP)
        layout.addLayout(self._make_header(number, title))
        layout.addWidget(panel, 1)
        layout.addWidget(self.bar)
        self.set_folded(False)
        for changed in (session.recipe_changed, session.dataset_changed, session.plan_changed):
            changed.connect(self.refresh)
        style.theme.changed.connect(self._dress)

    @property
    def folded(self) -> bool:
        return self.panel.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Show the summary only, or everything."""
        self.panel.setVisible(not folded)
        self._summary.setVisible(folded)
        self.refresh()
        what = _("Expand {title}") if folded else _("Collapse {title} to one line")
        self._fold.setAccessibleName(what.format(title=self._title))
        self._fold.setToolTip(what.format(title=self._title))
        self._dress()
        self.folded_changed.emit(folded)

    def refresh(self) -> None:
        """Read the panel's summary anew."""
        panel: Panel = self.panel  # type: ignore[assignment]
        self._summary.setText(panel.summary())

    def _make_header(self, number: int, title: str) -> QHBoxLayout:
        step = QLabel(str(number))
        step.setProperty("role", "step")
        name = TermLabel(title, _(TERMS[self.key][1]) if self.key in TERMS else "")
        name.setProperty("role", "title")
        self._fold = QToolButton(autoRaise=True)
        self._fold.setIconSize(QSize(16, 16))
        self._fold.clicked.connect(lambda: self.set_folded(not self.folded))
        about = HelpButton(title)
        about.clicked.connect(lambda: self.help_wanted.emit(self.key))
        header = QHBoxLayout()
        header.setSpacing(style.INSIDE)
        header.addWidget(step)
        header.addWidget(name)
        header.addWidget(self._summary, 1)
        header.addStretch()
        header.addWidget(about)
        header.addWidget(self._fold)
        return header

    def _dress(self) -> None:
        self._fold.setIcon(style.icon("chevron-right" if self.folded else "chevron-down", "muted"))
