"""What an empty stage shows: what will be there, and the way to it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.message_overlay import MessageOverlay
from transfergui.gui.session.session import Session

WIDTH = 440


def lay_out_stage(
    stage: QWidget, bar: MessageBar, pages: QStackedWidget, empty: QWidget, content: QWidget
) -> None:
    """Lay a stage out: ``empty`` (page 0) or ``content`` (page 1), and messages at its end."""
    pages.addWidget(empty)
    pages.addWidget(content)
    layout = QVBoxLayout(stage)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.INSIDE)
    layout.addWidget(pages, 1)
    layout.addWidget(MessageOverlay(stage, [bar]))


class Paragraph(QLabel):
    """A centred text of a fixed width, as high as it needs in the font that it gets in the end."""

    def __init__(self, text: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setFixedWidth(width)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))


class EmptyPage(QWidget):
    """An icon, a heading, a sentence, and a button if there is something to do.

    Attributes:
        title: the heading.
        button: hidden when it has no text.
        more: below it, for something else that can be done; hidden until it is offered.
        other: below both, as a link; hidden when it has no text.
    """

    def __init__(
        self,
        icon: str,
        heading: str,
        text: str,
        action: str = "",
        parent: QWidget | None = None,
        other: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(heading, alignment=Qt.AlignmentFlag.AlignCenter)
        self.title.setProperty("role", "heading")
        self.text = Paragraph(text, WIDTH)
        self.button = QPushButton(action)
        self.more = QPushButton()
        self.other = QPushButton(other)
        self.other.setProperty("role", "link")
        for each in (self.button, self.more, self.other):
            if not each.text():  # it is in no window yet: shown, it would be one for a moment
                each.hide()
        layout = QVBoxLayout(self)
        layout.setSpacing(style.BETWEEN)
        layout.addStretch(2)
        for part in (self._picture, self.title, self.text, self.button, self.more, self.other):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        style.theme.changed.connect(self._dress)
        self._dress()

    def offer(self, action: str) -> QPushButton:
        """Offer something else as well, with a button below the first."""
        self.more.setText(action)
        self.more.show()
        return self.more

    def show_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._dress()

    def _dress(self) -> None:
        self._picture.setPixmap(style.pixmap(self._icon, 48, "muted"))


class NoRunPage(EmptyPage):
    """Of a stage that needs a training: offers to start one, or says what is in the way."""

    def __init__(
        self, session: Session, icon: str, heading: str, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(icon, heading, text, _("Train"), parent)
        self._session = session
        self.button.clicked.connect(session.start_training)
        for signal in (session.state_changed, session.plan_changed, session.dataset_changed):
            signal.connect(self._follow)
        self._follow()

    def _follow(self, *_what: object) -> None:
        obstacle = self._session.obstacle
        self.button.setEnabled(not obstacle)
        self.button.setToolTip(style.tip(obstacle))
        self.button.setAccessibleDescription(obstacle)
