"""Samples side by side: as thumbnails that can be corrected, or as cards with heat maps."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.data.split import Split
from transfergui.core.evaluation import crops
from transfergui.core.evaluation.kinds import Gallery, Item
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import style
from transfergui.gui.samples.heat_pane import GetInsight
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem, ViewedItems
from transfergui.gui.samples.similar import Find, SimilarIn, offer
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message
from transfergui.gui.views.preview_card import PreviewCard

PAGE = 24
"""Cards that are shown first, and with every press of the button below them."""
THUMBNAILS = 60
"""The same of thumbnails, which are smaller."""


class Place:
    """Where the samples of a run are, how they are decoded to be seen, and what its model says of
    each; None where nobody asks it."""

    def __init__(
        self,
        session: Session,
        root: Path,
        decode: Decode,
        split: Split,
        insight: GetInsight | None = None,
    ) -> None:
        self.session, self.root, self.decode, self.split = session, root, decode, split
        self.insight = insight

    def equip(self, grid: SampleGrid) -> None:
        """Let ``grid`` show these samples, and all that is known of them."""
        grid.use(self.root, self.decode, self.split)
        grid.explain_with(self.insight)
        if self.insight is not None:
            offer(grid, self.session, self._where_similar)

    def _where_similar(self) -> SimilarIn | None:
        insight = self.insight
        if insight is None:
            return None
        find: Find = lambda path, tell: insight().similar(path, tell)  # noqa: E731
        return SimilarIn(find, self.root, self.decode, self.split)


def gallery_view(gallery: Gallery, place: Place) -> QWidget:
    """Thumbnails where they say everything; cards where something was made of the samples."""
    paths = [item.path for item in gallery.items]
    plain = all(i.path and (i.preview, i.beside, i.part) == (None,) * 3 for i in gallery.items)
    if plain and len(set(paths)) == len(paths):
        return ThumbnailGallery(gallery, place)
    return CardGallery(gallery, place)


class ThumbnailGallery(QWidget):
    """Samples of the data, with what can be done about each."""

    def __init__(self, gallery: Gallery, place: Place) -> None:
        super().__init__()
        lines = max((item.caption.count("\n") + 1 for item in gallery.items), default=1)
        self._gallery = gallery
        self.grid = SampleGrid(place.session, lines=lines)
        self.grid.thumbnails.show_whole()
        give_heading_room(self.grid)
        self.grid.thumbnails.setAccessibleName(gallery.title)
        place.equip(self.grid)
        self.more = _more_button(self)
        self.more.clicked.connect(lambda: self._list(len(self.grid.thumbnails.paths) + THUMBNAILS))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._list(THUMBNAILS)

    def _list(self, count: int) -> None:
        items = self._gallery.items[:count]
        captions = {item.path: item.caption for item in items if item.caption}
        said = {path: text.replace("\n", " ") for path, text in captions.items()}
        self.grid.fill(self._gallery.title, [item.path for item in items], captions, said)
        self.more.setVisible(len(items) < len(self._gallery.items))


class CardGallery(QWidget):
    """Cards in as many columns as fit."""

    def __init__(self, gallery: Gallery, place: Place) -> None:
        super().__init__()
        self._items, self._place = gallery.items, place
        self.cards: list[PreviewCard] = []
        self._columns = 0
        title = QLabel(gallery.title)
        title.setProperty("role", "title")
        self.more = _more_button(self)
        self.more.clicked.connect(lambda: self._add(PAGE))
        self._grid = QGridLayout()
        self._grid.setSpacing(style.INSIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(title)
        layout.addLayout(self._grid)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._add(PAGE)

    def look(self, at: int) -> None:
        """Open an item large, beside what was made of it; from there, one goes on."""
        place, items = self._place, self._items
        samples = OpenSamples(place.session, place.root, place.split)
        looks = ViewedItems(range(len(items)), lambda n: _viewed(items[n], n))
        decode = functools.partial(_large, items, place)
        boxes = {item.path: item.boxes for item in items}
        drawn = lambda path: boxes.get(path, ())  # noqa: E731
        viewer = SampleViewer(decode, place.root, looks, at, samples, self, boxes=drawn)
        viewer.edited.connect(self._say_changed)
        viewer.open()

    def _say_changed(self) -> None:
        session = self._place.session
        text = edits.said_of_result(session)
        session.message.emit(Message("info", text, "results"))

    def _add(self, count: int) -> None:
        begin = len(self.cards)
        for at, item in enumerate(self._items[begin : begin + count], begin):
            card = PreviewCard(item, _small(item, self._place))
            card.clicked.connect(functools.partial(self.look, at))
            self.cards.append(card)
        self.more.setVisible(len(self.cards) < len(self._items))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """One column: else it would never have fewer of them than it had before."""
        hint = super().minimumSizeHint()
        hint.setWidth(max((PreviewCard.width_of(item) for item in self._items), default=1))
        return hint

    def _arrange(self) -> None:
        widest = max((PreviewCard.width_of(item) for item in self._items), default=1)
        columns = max(1, (self.width() + style.INSIDE) // (widest + style.INSIDE))
        if columns == self._columns and self._grid.count() == len(self.cards):
            return
        self._columns = columns
        for at, card in enumerate(self.cards):
            top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(card, at // columns, at % columns, top)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column == columns))
        self._grid.setColumnStretch(columns, 1)


def give_heading_room(grid: SampleGrid) -> None:
    """Let the heading of samples have the whole width while none are selected."""
    room = grid.selection.sizePolicy()
    room.setRetainSizeWhenHidden(False)
    grid.selection.setSizePolicy(room)


def _more_button(parent: QWidget) -> QPushButton:
    return QPushButton(_("Show more"), parent)


def _small(item: Item, place: Place) -> Callable[[], Preview]:
    return lambda: crops.look(item, functools.partial(place.decode, place.root / item.path))


def _viewed(item: Item, number: int) -> ViewedItem:
    own = item.path or f"{number + 1}"
    beside = (f"{own} · {item.beside.caption or number + 1}",) if item.beside else ()
    apart = " " if item.part is None else " – "
    return ViewedItem((own, *beside), item.caption.replace("\n", apart), marks=item.marked)


def _large(items: Sequence[Item], place: Place, path: Path, large: bool = False, /) -> Preview:
    """What a pane of the viewer shows: a sample, or what was made of it."""
    for number, item in enumerate(items):
        own, *beside = (place.root / name for name in _viewed(item, number).paths)
        if path in beside and item.beside is not None:
            return item.beside
        if path == own and item.preview is not None:
            return item.preview
    return place.decode(path, large)
