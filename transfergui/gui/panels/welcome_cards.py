"""Data to open with one click, as cards: what was open lately, and the samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.app.samples.catalogue import Bundled
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.base.settings import Recent
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.session import recent
from transfergui.gui.session.recent_projects import RecentProject

TILE = 40
"""Side of a picture on a card, in pixels."""


class DataCard(QPushButton):
    """Data as one large button: what they look like, and words below."""

    WIDTH, LEAST = 280, 150

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = QLabel()
        self._picture.setFixedHeight(TILE)
        self._picture.setMinimumWidth(1)  # of a narrower card, the strip's beginning is seen
        self._words = QVBoxLayout(self)
        self._words.setContentsMargins(*[style.BETWEEN] * 4)
        self._words.setSpacing(style.GAP)
        self._add(self._picture)
        self._words.addSpacing(style.GAP)
        style.theme.changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        wrapped, plain = self._words.totalHeightForWidth(self.LEAST), self._words.totalSizeHint()
        return QSize(self.WIDTH, max(wrapped, plain.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.LEAST, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dress()

    @property
    def _tiles(self) -> int:
        """How many pictures there is room for."""
        room = self.width() - 2 * style.BETWEEN
        return max(1, (room + style.GAP) // (TILE + style.GAP))

    def _add(self, label: QLabel) -> None:
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words.addWidget(label)

    def _dress(self) -> None:
        raise NotImplementedError


class RecentCard(DataCard):
    """Data that were open lately; pictures and the last result come when they are known.

    Attributes:
        name, size_text, result, when: the words on the card.
    """

    def __init__(self, entry: Recent) -> None:
        super().__init__()
        self._entry = entry
        self._images: Sequence[QImage] = ()
        self.name = ElidedLabel(role="title")
        self.size_text = ElidedLabel(Qt.TextElideMode.ElideRight, role="caption")
        self.result = ElidedLabel(role="caption")
        self.when = ElidedLabel(role="caption")
        self.name.setText(recent.title(entry))
        self.size_text.setText(recent.size(entry))
        self.when.setText(recent.day(entry.opened))
        for label in (self.name, self.size_text, self.result, self.when):
            self._add(label)
        self.setToolTip(style.tip(shown(Path(entry.path))))
        self._say()
        self._dress()

    def show_found(self, found: RecentProject) -> None:
        """Show what was found; data that are gone cannot be chosen."""
        self._images = found.pictures
        self.setEnabled(found.there)
        self.result.setText(found.result or recent.labels(self._entry) or _("No result yet"))
        if not found.there:
            known = (recent.day(self._entry.opened), _("not found"))
            self.when.setText(recent.PARTED.join(part for part in known if part))
        self._say()
        self._dress()

    def _say(self) -> None:
        """To a screen reader, what stands on the card."""
        self.setAccessibleName(_("Open “{name}”").format(name=self.name.text()))
        said = (self.size_text.text(), self.result.text(), self.when.text())
        self.setAccessibleDescription(recent.PARTED.join(part for part in said if part))

    def _dress(self) -> None:
        if self._images:
            self._picture.setPixmap(mosaic(self._images[: self._tiles]))
        else:
            self._picture.setPixmap(style.pixmap(_symbol(self._entry), TILE, "muted"))


class SampleCard(DataCard):
    """A sample: what it looks like, its name, what is to be told apart."""

    def __init__(self, sample: Bundled) -> None:
        super().__init__()
        self._sample = sample
        self.setAccessibleName(_("Open the sample “{title}”").format(title=_(sample.title)))
        self.setAccessibleDescription(_(sample.sentence))
        self._picture.setAccessibleName(_(sample.strip_shows))
        for text, role in ((_(sample.title), "title"), (_(sample.sentence), "caption")):
            label = QLabel(text, wordWrap=True)
            label.setProperty("role", role)
            self._add(label)
        self._words.addStretch()
        self._dress()

    def _dress(self) -> None:
        strip = self._sample.strip_path
        self._picture.setPixmap(
            mosaic(_squares(strip, self._tiles)) if strip else style.pixmap("lines", TILE, "accent")
        )


class CardGrid(QWidget):
    """Cards of one width side by side, in as many columns as there is room for.

    Args:
        least: pixels of the narrowest card.
        most: columns at most.
    """

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self._least, self._most = least, most
        self.cards: list[DataCard] = []
        self._columns = self._rows = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(style.BETWEEN)

    def fill(self, cards: Sequence[DataCard]) -> None:
        """Replace the cards."""
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = list(cards)
        self._arrange()

    def limit_rows(self, most: int) -> None:
        """Show only the cards of the first rows; 0 for all."""
        if most != self._rows:
            self._rows = most
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wanted() != self._columns:
            self._arrange()

    def _wanted(self) -> int:
        fit = (self.width() + style.BETWEEN) // (self._least + style.BETWEEN)
        return max(1, min(fit, self._most))

    def _arrange(self) -> None:
        self._columns = self._wanted()
        for number, card in enumerate(self.cards):
            row, column = divmod(number, self._columns)
            self._grid.addWidget(card, row, column)
            card.setVisible(not self._rows or row < self._rows)
        for column in range(self._most):
            self._grid.setColumnStretch(column, int(column < self._columns))


def mosaic(squares: Sequence[QImage]) -> QPixmap:
    """``squares`` side by side, with round corners."""
    count, ratio = len(squares), 2
    drawn = QPixmap(QSize(count * (TILE + style.GAP) - style.GAP, TILE) * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHints(
        painter.RenderHint.Antialiasing | painter.RenderHint.SmoothPixmapTransform
    )
    for number, square in enumerate(squares):
        place = QRectF(number * (TILE + style.GAP), 0, TILE, TILE)
        corners = QPainterPath()
        corners.addRoundedRect(place, style.RADIUS, style.RADIUS)
        painter.setClipPath(corners)
        painter.drawImage(place, square)
    painter.end()
    return drawn


def _symbol(entry: Recent) -> str:
    """The icon of what the data are."""
    try:
        return registry.modality(entry.modality).icon
    except UserError:  # not known, or of another version of the program
        return "folder"


def _squares(strip: Path, most: int) -> list[QImage]:
    """The first of the squares that stand side by side in a file."""
    whole = QImage(str(strip))
    side = whole.height()
    count = min(whole.width() // side, most)
    return [whole.copy(number * side, 0, side, side) for number in range(count)]
