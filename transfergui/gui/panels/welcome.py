"""What is seen before anything is open: what belongs here, samples to begin with, ways to both."""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.app.samples import catalogue as samples
from transfergui.core.app.samples.catalogue import Bundled
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.registry import kinds
from transfergui.gui.base import style, words
from transfergui.gui.base.settings import Recent
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.empty_page import Paragraph
from transfergui.gui.session import recent
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

WIDTH = 480
MOST = 4
"""So many of the data opened last are offered."""
TILE = 40
"""Side of a picture of a sample, in pixels."""


class WelcomePage(QWidget):
    """Two pages: ways in, and how far the first scan is.

    Attributes:
        folder_wanted, file_wanted: a button was pressed.
        sample_wanted: with the key of a sample whose card was pressed.
        path_chosen: a recent folder was chosen.
        samples: the cards, by key.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    sample_wanted = Signal(object)
    path_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._picture = QLabel()
        self.folder = _button(_("Open folder…"), self.folder_wanted, "primary")
        self.file = _button(_("Open zip or table…"), self.file_wanted)
        self.samples: dict[str, SampleCard] = {}
        self.recent = QGridLayout()
        self.recent.setHorizontalSpacing(style.BETWEEN)
        self.recent.setVerticalSpacing(0)
        self._rows: list[tuple[QPushButton, QLabel]] = []
        self._look = Task(self, recent.look, self._mark_gone)
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

    def show_recent(self, entries: Sequence[Recent]) -> None:
        """Offer what was opened lately; what is gone says so as soon as that is known."""
        while (item := self.recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._rows.clear()
        shown_entries = list(entries)[:MOST]
        for row, entry in enumerate(shown_entries):
            about = QLabel(recent.about(entry), textFormat=Qt.TextFormat.PlainText)
            about.setProperty("role", "caption")
            button = self._recent_button(entry)
            self.recent.addWidget(button, row, 0)
            self.recent.addWidget(about, row, 1)
            self._rows.append((button, about))
        self._look.start(shown_entries)

    def _recent_button(self, entry: Recent) -> QPushButton:
        name, path = recent.title(entry), Path(entry.path)
        middle = Qt.TextElideMode.ElideMiddle
        button = QPushButton(self.fontMetrics().elidedText(name, middle, WIDTH // 2))
        button.setProperty("role", "link")
        button.setAccessibleName(name)
        button.setAccessibleDescription(recent.about(entry))
        button.setToolTip(style.tip(shown(path)))
        button.clicked.connect(lambda checked=False: self.path_chosen.emit(path))
        return button

    def _mark_gone(self, there: list[bool]) -> None:
        for row, found in enumerate(there):
            button, about = self._rows[row]
            button.setEnabled(found)
            if not found:
                known = (about.text(), _("not found"))
                about.setText(recent.PARTED.join(part for part in known if part))

    def _make_ways(self) -> QWidget:
        heading = QLabel(_("Drop a folder here"))
        heading.setProperty("role", "heading")
        text = _(
            "It holds your {kinds}: one folder inside it for each class, named after it, as in "
            "“beetles/ladybird”, “beetles/stag beetle” … Twenty of each class are a good start. A "
            "table or a zip will do, too. Your data are only read, never changed, and stay on this "
            "computer."
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.folder, self.file):
            buttons.addWidget(button)
        page = QWidget()
        parts = (self._picture, heading, Paragraph(text.format(kinds=kinds()), WIDTH))
        layout = _centred(page, parts)
        layout.insertLayout(4, buttons)
        layout.insertLayout(5, self.recent)
        layout.insertSpacing(6, style.INSIDE)
        layout.insertWidget(7, self._make_samples(), 0, Qt.AlignmentFlag.AlignHCenter)
        for part in (buttons, self.recent):
            layout.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _make_samples(self) -> QWidget:
        """The first project: a card for each sample, and what will happen."""
        title = QLabel(_("Just looking? Begin with a sample"))
        title.setProperty("role", "title")
        text = _(
            "Open one and press Train: in less than a minute a network learns it, and you see "
            "how well. It works without the internet."
        )
        promise = Paragraph(text, WIDTH)
        promise.setProperty("role", "caption")
        cards = QHBoxLayout()
        cards.setSpacing(style.BETWEEN)
        for sample in samples.SAMPLES:
            card = SampleCard(sample)
            card.clicked.connect(functools.partial(self.sample_wanted.emit, sample.key))
            self.samples[sample.key] = card
            cards.addWidget(card)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(promise, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(style.INSIDE)
        layout.addLayout(cards)
        return part

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


class SampleCard(QPushButton):
    """A sample as one large button: what it looks like, its name, what is to be told apart."""

    WIDTH, LEAST = 264, 176

    def __init__(self, sample: Bundled) -> None:
        super().__init__()
        self._sample = sample
        self.setProperty("role", "choice")
        self.setAccessibleName(_("Open the sample “{title}”").format(title=_(sample.title)))
        self.setAccessibleDescription(_(sample.sentence))
        self.setMaximumWidth(self.WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._picture, title, text = QLabel(), QLabel(_(sample.title)), QLabel(_(sample.sentence))
        self._picture.setFixedHeight(TILE)
        self._picture.setMinimumWidth(1)  # of a narrower card, the strip's beginning is seen
        self._picture.setAccessibleName(_(sample.strip_shows))
        title.setProperty("role", "title")
        text.setProperty("role", "caption")
        for label in (title, text):
            label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.GAP)
        for label in (self._picture, title, text):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)
        layout.insertSpacing(1, style.GAP)
        layout.addStretch()
        style.theme.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return QSize(self.WIDTH, layout.totalHeightForWidth(self.LEAST))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.LEAST, self.sizeHint().height())

    def _dress(self) -> None:
        strip = self._sample.strip_path
        room = self.WIDTH - 2 * style.BETWEEN
        self._picture.setPixmap(
            _tiles(strip, room) if strip else style.pixmap("lines", TILE, "accent")
        )


def _tiles(strip: Path, room: int) -> QPixmap:
    """As many of the squares of ``strip`` as fit into ``room`` pixels, with round corners."""
    squares = QPixmap(str(strip))
    side, ratio = squares.height(), 2
    count = min(squares.width() // side, (room + style.GAP) // (TILE + style.GAP))
    drawn = QPixmap(QSize(count * (TILE + style.GAP) - style.GAP, TILE) * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHints(
        painter.RenderHint.Antialiasing | painter.RenderHint.SmoothPixmapTransform
    )
    for number in range(count):
        place = QRectF(number * (TILE + style.GAP), 0, TILE, TILE)
        corners = QPainterPath()
        corners.addRoundedRect(place, style.RADIUS, style.RADIUS)
        painter.setClipPath(corners)
        painter.drawPixmap(place, squares, QRectF(number * side, 0, side, side))
    painter.end()
    return drawn


def _button(text: str, signal: object, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", role)
    button.clicked.connect(signal)
    return button
