"""What is seen before anything is open: what belongs here, samples to begin with, ways to both."""

import functools
import itertools
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base.i18n import _
from transfergui.core.registry import kinds
from transfergui.gui.base import style, words
from transfergui.gui.base.settings import Recent
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.welcome_cards import CardGrid, RecentCard, SampleCard
from transfergui.gui.panels.welcome_strip import WelcomeStrip
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session import recent_projects
from transfergui.gui.session.recent_projects import RecentProject
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

BAR = 480
"""Pixels of the bar that moves while data are read."""
WIDEST = 920
"""Pixels of the page at most, however wide the window is."""
MOST = 4
"""So many of the data opened last are offered."""
ROOMY = 660
"""Pixels of the page in which the drawings and the recent data have room above the samples."""


class WelcomePage(QWidget):
    """Two pages: ways in, and how far the first scan is.

    Attributes:
        folder_wanted, file_wanted, record_wanted, drawing_wanted: a button was pressed.
        sample_wanted: with the key of a sample whose card was pressed.
        path_chosen: a recent folder was chosen.
        samples: the cards, by key.
        recent: the cards of what was open lately.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    record_wanted = Signal()
    drawing_wanted = Signal()
    sample_wanted = Signal(object)
    path_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = _button(_("Open folder…"), self.folder_wanted, "primary")
        self.file = _button(_("Open zip, tar or table…"), self.file_wanted)
        self.record = _button(_("Record examples…"), self.record_wanted)
        self.record.setToolTip(_("Take pictures or sounds with a camera or a microphone."))
        self.boxes = _button(_("Draw boxes…"), self.drawing_wanted)
        self.boxes.setToolTip(
            style.tip(
                _(
                    "Draw a box around each object in your pictures. The model learns where they "
                    "are and what they are, and counts them."
                )
            )
        )
        self.samples: dict[str, SampleCard] = {}
        self.recent: list[RecentCard] = []
        self._strip = WelcomeStrip()
        self._recent_cards = CardGrid(180, MOST)
        self._recent_title = _title(_("Recent"))
        self._look = Task(self, recent_projects.look, self._show_found)
        self.count = QLabel()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(session.cancel_scan)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_ways())
        self._pages.addWidget(self._make_progress())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        session.state_changed.connect(self._show_state)
        session.scan_progressed.connect(self._show_count)
        self.show_recent([])

    def show_recent(self, entries: Sequence[Recent]) -> None:
        """Offer what was opened lately; pictures, results and what is gone follow."""
        offered = list(entries)[:MOST]
        self.recent = [RecentCard(entry) for entry in offered]
        for card, entry in zip(self.recent, offered, strict=True):
            path = Path(entry.path)
            card.clicked.connect(functools.partial(self._choose, path))
        self._recent_cards.fill(self.recent)
        for part in (self._recent_title, self._recent_cards):
            part.setVisible(bool(offered))
        for before, after in itertools.pairwise((self.boxes, *self.recent, *self.samples.values())):
            self.setTabOrder(before, after)  # they were made later than what stands below them
        self._share()
        self._look.start(offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """In a low window, who has been here before sees the recent data instead of the strip."""
        roomy = self.height() >= ROOMY
        self._strip.setVisible(roomy or not self.recent)
        self._recent_cards.limit_rows(0 if roomy else 1)

    def _choose(self, path: Path, _checked: bool = False) -> None:
        self.path_chosen.emit(path)

    def _show_found(self, found: list[RecentProject]) -> None:
        for card, project in zip(self.recent, found, strict=True):
            card.show_found(project)

    def _make_ways(self) -> QWidget:
        heading = QLabel(_("Train a model on your own {kinds}").format(kinds=kinds()))
        heading.setProperty("role", "heading")
        heading.setWordWrap(True)
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(style.BETWEEN, style.BETWEEN, style.BETWEEN, style.INSIDE)
        layout.setSpacing(style.BETWEEN)
        layout.addStretch(2)
        layout.addWidget(heading)
        layout.addWidget(self._strip)
        layout.addWidget(self._make_drop_area())
        for title, cards in (
            (self._recent_title, self._recent_cards),
            (_title(_("Try a sample")), self._make_samples()),
        ):
            part = QVBoxLayout()
            part.setSpacing(style.INSIDE)
            part.addWidget(title)
            part.addWidget(cards)
            layout.addLayout(part)
        layout.addStretch(3)
        return _scrolled(column)

    def _make_drop_area(self) -> QWidget:
        """What can be dropped, and the buttons that do the same."""
        heading = _title(_("Drop a folder here"))
        text = WrappedLabel()
        text.setText(
            _(
                "The folder needs one subfolder for each class, such as “beetles/ladybird” and "
                "“beetles/stag beetle”, with about 20 examples or more in each. Examples that are "
                "not sorted yet can be labelled here. To find and count things in pictures, draw "
                "boxes around them here, or open a folder that has boxes. A zip file, tar "
                "files or a table work, too. Your data stay on this computer, and are only moved "
                "or renamed if you ask for that."
            )
        )
        told = QVBoxLayout()
        told.setSpacing(style.GAP)
        told.addStretch()
        told.addWidget(heading)
        told.addWidget(text)
        told.addStretch()
        buttons = QVBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.folder, self.file, self.record, self.boxes):
            buttons.addWidget(button)
        area = _DropArea()
        layout = QHBoxLayout(area)
        layout.setContentsMargins(*[style.AROUND - style.GAP] * 4)
        layout.setSpacing(style.AROUND)
        layout.addLayout(told, 1)
        layout.addLayout(buttons)
        layout.setAlignment(buttons, Qt.AlignmentFlag.AlignVCenter)
        return area

    def _make_samples(self) -> QWidget:
        """A card for each sample."""
        for sample in samples.SAMPLES:
            card = SampleCard(sample)
            card.clicked.connect(functools.partial(self.sample_wanted.emit, sample.key))
            self.samples[sample.key] = card
        grid = CardGrid(180, len(self.samples))
        grid.fill(list(self.samples.values()))
        return grid

    def _make_progress(self) -> QWidget:
        heading = QLabel(_("Reading your data"))
        heading.setProperty("role", "heading")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(BAR)
        bar.setAccessibleName(heading.text())
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(style.BETWEEN)
        layout.addStretch(2)
        for part in (heading, bar, self.count, self.cancel):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        return page

    def _show_state(self, state: State) -> None:
        scanning = state is State.SCANNING
        self._pages.setCurrentIndex(int(scanning))
        if scanning:
            self.count.setText("")

    def _show_count(self, count: int) -> None:
        self.count.setText(_("{count} files found").format(count=words.number(count)))


class _DropArea(QWidget):
    """A field with a dashed line around it: something can be dropped there (and on all of the
    window)."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        style.theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("outline"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(style.colour("surface"))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, 2 * style.RADIUS, 2 * style.RADIUS)


def _scrolled(column: QWidget) -> QScrollArea:
    """``column`` in the middle; in a low window it scrolls."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(column, 1000)
    row.addStretch(1)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "title")
    return label


def _button(text: str, signal: object, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", role)
    button.clicked.connect(signal)
    return button
