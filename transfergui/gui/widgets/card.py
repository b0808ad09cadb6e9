"""A step of the left column: number, title, what was decided in one line, and room for more."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.i18n import _
from transfergui.gui import style
from transfergui.gui.session import Session
from transfergui.gui.widgets.message_bar import MessageBar


class Card(QFrame):
    """Base of the three panels of the left column: fill ``body``, keep ``set_summary`` true.

    Folded, only the header and the summary are seen, and messages, which are never hidden.

    Args:
        session: passed on to the message bar.
        key: of the panel, as in :class:`~transfergui.gui.session.Message`.
        number: which step it is, from 1.
        title: translated.
        parent: Qt's owner.

    Attributes:
        body: a vertical layout for what the panel shows.
        bar: the messages.
        folded_changed: folded or unfolded, by the user or by :meth:`set_folded`.
    """

    folded_changed = Signal(object)

    def __init__(
        self, session: Session, key: str, number: int, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self._title = title
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(style.INSIDE)
        self.bar = MessageBar(session, key)
        self._summary = _Elided()
        self._summary.setProperty("role", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, style.INSIDE, 12, style.INSIDE)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self._make_header(number, title))
        layout.addWidget(self._content, 1)
        layout.addWidget(self.bar)
        self.set_folded(False)
        style.theme.changed.connect(self._dress)

    @property
    def folded(self) -> bool:
        return self._content.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Show the summary only, or everything."""
        self._content.setVisible(not folded)
        self._summary.setVisible(folded)
        what = _("Unfold {title}") if folded else _("Fold {title} to one line")
        self._fold.setAccessibleName(what.format(title=self._title))
        self._fold.setToolTip(what.format(title=self._title))
        self._dress()
        self.folded_changed.emit(folded)

    def set_summary(self, text: str) -> None:
        """Everything that was decided here, in one line: seen when the card is folded."""
        self._summary.set_full_text(text)

    def _make_header(self, number: int, title: str) -> QHBoxLayout:
        step = QLabel(str(number))
        step.setProperty("role", "step")
        name = QLabel(title)
        name.setProperty("role", "title")
        self._fold = QToolButton(autoRaise=True)
        self._fold.setIconSize(QSize(16, 16))
        self._fold.clicked.connect(lambda: self.set_folded(not self.folded))
        header = QHBoxLayout()
        header.setSpacing(style.INSIDE)
        header.addWidget(step)
        header.addWidget(name)
        header.addWidget(self._summary, 1)
        header.addStretch()
        header.addWidget(self._fold)
        return header

    def _dress(self) -> None:
        self._fold.setIcon(style.icon("chevron-right" if self.folded else "chevron-down", "muted"))


class _Elided(QLabel):
    """A line that ends in dots where there is no room, with the whole as its tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_full_text(self, text: str) -> None:
        self._full = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._elide()

    def _elide(self) -> None:
        right = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._full, right, self.width()))
