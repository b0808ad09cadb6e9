"""What is seen before anything is open: what belongs here, a sample to begin with, ways to both."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import samples
from transfergui.core.i18n import _
from transfergui.core.paths import shown
from transfergui.gui import style, words
from transfergui.gui.session import Session, State
from transfergui.gui.widgets.empty_page import Paragraph

WIDTH = 480
DIGIT = 40
"""Side of a picture of the sample, in pixels."""


class Welcome(QWidget):
    """Two pages: ways in, and how far the first scan is.

    Attributes:
        folder_wanted, file_wanted, sample_wanted: a button was pressed.
        path_chosen: a recent folder was chosen.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    sample_wanted = Signal()
    path_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._picture = QLabel()
        self.folder = _button(_("Open folder…"), self.folder_wanted, "primary")
        self.file = _button(_("Open zip or table…"), self.file_wanted)
        self.sample = _button(_("Open the sample"), self.sample_wanted)
        self.recent = QVBoxLayout()
        self.count = QLabel()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(session.cancel_scan)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_ways())
        self._pages.addWidget(self._make_progress())
        layout = QVBoxLayout(self)
        layout.addWidget(self._pages)
        session.state_changed.connect(self._show_state)
        session.scan_progressed.connect(self._show_count)
        style.theme.changed.connect(self._dress)
        self._dress()

    def show_recent(self, paths: Iterable[Path]) -> None:
        """Offer what was opened lately."""
        while (item := self.recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in list(paths)[:4]:
            button = QPushButton(shown(path.name) or shown(path))
            button.setProperty("role", "link")
            button.setToolTip(shown(path))
            button.clicked.connect(lambda checked=False, p=path: self.path_chosen.emit(p))
            self.recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _make_ways(self) -> QWidget:
        heading = QLabel(_("Drop a folder of pictures here"))
        heading.setProperty("role", "heading")
        text = Paragraph(
            _(
                "Inside it, one folder for each class, named after what its pictures show: "
                "“beetles/ladybird”, “beetles/stag beetle” … Twenty pictures of each are a good "
                "start. They are only read, never changed, and stay on this computer."
            ),
            WIDTH,
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.folder, self.file):
            buttons.addWidget(button)
        page = QWidget()
        layout = _centred(page, (self._picture, heading, text))
        layout.insertLayout(4, buttons)
        layout.insertSpacing(5, style.INSIDE)
        layout.insertWidget(6, self._make_sample(), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.insertLayout(7, self.recent)
        layout.setAlignment(buttons, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _make_sample(self) -> QWidget:
        """The first project: what it shows, what will happen, and the button."""
        name = QLabel(_("Just looking? Begin with handwritten digits"))
        name.setProperty("role", "title")
        text = Paragraph(
            _(
                "Open these 1797 scans and press Train: in less than a minute a network learns to "
                "read them, and you see how well. It works without the internet."
            ),
            WIDTH - 2 * style.BETWEEN,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignLeft)
        digits = QLabel()
        digits.setPixmap(_digits())
        digits.setMinimumHeight(DIGIT)
        digits.setAccessibleName(_("Handwritten digits from zero to nine"))
        card = QFrame()
        card.setProperty("role", "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        for part in (name, digits, text):
            layout.addWidget(part)
        layout.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _make_progress(self) -> QWidget:
        heading = QLabel(_("Looking through the folder"))
        heading.setProperty("role", "heading")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(WIDTH)
        bar.setAccessibleName(heading.text())
        page = QWidget()
        _centred(page, (heading, bar, self.count, self.cancel))
        return page

    def _show_state(self, state: State) -> None:
        scanning = state is State.SCANNING
        self._pages.setCurrentIndex(int(scanning))
        if scanning:
            self.count.setText("")

    def _show_count(self, count: int) -> None:
        self.count.setText(_("{count} files seen").format(count=words.number(count)))

    def _dress(self) -> None:
        self._picture.setPixmap(style.pixmap("folder", 48, "muted"))


def _centred(page: QWidget, parts: Iterable[QWidget]) -> QVBoxLayout:
    layout = QVBoxLayout(page)
    layout.setSpacing(style.BETWEEN)
    layout.addStretch(2)
    for part in parts:
        layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addStretch(3)
    return layout


def _digits() -> QPixmap:
    """One of each class of the sample, side by side, with round corners."""
    strip = QPixmap(str(samples.SAMPLES[0].strip_path))
    side, ratio = strip.height(), 2
    count = strip.width() // side
    drawn = QPixmap(QSize(count * (DIGIT + style.GAP) - style.GAP, DIGIT) * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHints(
        painter.RenderHint.Antialiasing | painter.RenderHint.SmoothPixmapTransform
    )
    for number in range(count):
        place = QRectF(number * (DIGIT + style.GAP), 0, DIGIT, DIGIT)
        corners = QPainterPath()
        corners.addRoundedRect(place, style.RADIUS, style.RADIUS)
        painter.setClipPath(corners)
        painter.drawPixmap(place, strip, QRectF(number * side, 0, side, side))
    painter.end()
    return drawn


def _button(text: str, signal: object, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", role)
    button.clicked.connect(signal)
    return button
