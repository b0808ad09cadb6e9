"""Samples as thumbnails: a view on a model, decoded on threads as they come into sight."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyleOptionViewItem,
    QWidget,
)

from transfergui.core.base import shards
from transfergui.core.base.paths import shown
from transfergui.core.data.captions import caption, short_caption
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.gui.base import style, tasks
from transfergui.gui.pictures import box_painter
from transfergui.gui.samples import renderers
from transfergui.gui.samples.thumbnail_delegate import (
    BOXES,
    MARK,
    SIDE,
    THUMBNAIL,
    Mark,
    ThumbnailDelegate,
)

CAPACITY = 1500
"""Thumbnails kept decoded: 75 MB at most."""
AT_ONCE = 3
"""Decoded at the same time; the pool of threads has room for other work beside."""
WAITING = 150
"""Asked for and not begun; older wishes are forgotten, as they were scrolled out of sight."""
BATCH = 10_000
"""Items laid out between two looks at the event queue: about 15 ms."""

Decode = Callable[[Path], Preview]


@dataclass(frozen=True)
class Thumbnail:
    """What is kept of a sample.

    Attributes:
        found: its image, or the sentence that says why there is none.
        line, icon: as of :class:`~transfergui.gui.samples.renderers.Renderer`.
        called: the name of a file in a tar; empty for others, whose path says it.
    """

    found: QImage | str
    line: str = ""
    icon: str = ""
    called: str = ""


class ThumbnailCache(QObject):
    """Decodes what is asked for, the newest wish first, and keeps the last ones used.

    Args:
        decode: makes the preview of a file; called in worker threads.
    """

    loaded = Signal(object)
    """Path whose thumbnail (or trouble) is there now."""
    forgotten = Signal()
    """All are to be asked for again: the colours have changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decode: Decode | None = None
        self._kept: OrderedDict[Path, Thumbnail] = OrderedDict()
        self._wanted: OrderedDict[Path, None] = OrderedDict()
        self._begun: set[Path] = set()
        self._pixels = SIDE
        style.theme.changed.connect(self._forget)

    def reset(self, decode: Decode, ratio: float = 1.0) -> None:
        """Forget everything; from now on ``decode``, for screens of ``ratio`` pixels a point."""
        self._decode = decode
        self._pixels = round(SIDE * ratio)
        self._forget()

    def _forget(self) -> None:
        self._kept.clear()
        self._wanted.clear()
        self.forgotten.emit()

    def known(self, path: Path) -> Thumbnail | None:
        """What is kept of a sample, without asking for it."""
        return self._kept.get(path)

    def get(self, path: Path) -> QImage | str | None:
        """The thumbnail, or the sentence that says why there is none, or None: not yet."""
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
        elif path not in self._begun:
            self._wanted[path] = None
            self._wanted.move_to_end(path)
            if len(self._wanted) > WAITING:
                self._wanted.popitem(last=False)
            self._work()
        return kept.found if kept else None

    def _work(self) -> None:
        while self._wanted and len(self._begun) < AT_ONCE:
            self._begin(self._wanted.popitem()[0])

    def _begin(self, path: Path) -> None:
        decode, pixels, dressed = self._decode, self._pixels, style.tokens()
        assert decode is not None

        def keep(result: Thumbnail) -> None:
            self._begun.discard(path)
            if decode is self._decode and dressed is style.tokens():
                self._keep(path, result)
            self._work()

        self._begun.add(path)
        tasks.run(
            self,
            lambda: _thumbnail(decode(path), pixels, shards.name(path)),
            keep,
            lambda error: keep(Thumbnail(error.note.reason())),
        )

    def _keep(self, path: Path, result: Thumbnail) -> None:
        self._kept[path] = result
        while len(self._kept) > CAPACITY:
            self._kept.popitem(last=False)
        self.loaded.emit(path)


def _thumbnail(preview: Preview, pixels: int, called: str) -> Thumbnail:
    image = renderers.draw(preview).scaled(
        pixels,
        pixels,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    renderer = renderers.RENDERERS[preview.kind]
    return Thumbnail(image, renderer.line(preview.data), renderer.icon, called)


class ThumbnailModel(QAbstractListModel):
    """Files by relative path; a row costs nothing until it is painted."""

    def __init__(self, cache: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._root = Path()
        self._paths: Sequence[str] = ()
        self._captions: Mapping[str, str] = {}
        self.mark: Callable[[str], Mark | None] = lambda _path: None
        self.boxes: Callable[[str], Sequence[MarkedBox]] = lambda _path: ()
        self._shown: dict[Path, int] = {}
        cache.loaded.connect(self._tell)
        cache.forgotten.connect(self._tell_all)

    def fill(
        self, root: Path, paths: Sequence[str], captions: Mapping[str, str] | None = None
    ) -> None:
        """Show the files ``paths``, relative to ``root``; ``captions`` instead of their names."""
        self.beginResetModel()
        self._root, self._paths, self._captions = root, paths, captions or {}
        self._shown.clear()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        return 0 if parent is not None and parent.isValid() else len(self._paths)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:  # type: ignore[override]
        """They can be dragged, where the view lets them be."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        path = self._paths[index.row()]
        found: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                found = self._captions.get(path) or self._called(path) or short_caption(path)
            case Qt.ItemDataRole.ToolTipRole:
                found = self._hint(path)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                found = self._description(path)
            case _ if role == BOXES:
                found = self.boxes(path)
            case _ if role == MARK:
                found = self.mark(path)
            case _ if role == THUMBNAIL:
                found = self._thumbnail(index.row())
        return found

    def _called(self, path: str) -> str:
        """The name of a file in a tar, once that was read for its picture."""
        known = self._cache.known(self._root / path)
        return shown(known.called.rpartition("/")[2]) if known else ""

    def _description(self, path: str) -> str:
        mark = self.mark(path)
        said = box_painter.summary(self.boxes(path)), mark.sentence if mark else ""
        return "\n".join(text for text in said if text)

    def _hint(self, path: str) -> str:
        known = self._cache.known(self._root / path)
        line = known.line if known else ""
        called = shown(known.called) if known else ""
        said = (called, line, caption(path), self._description(path))
        return "\n".join(text for text in said if text)

    @property
    def paths(self) -> Sequence[str]:
        return self._paths

    def path(self, row: int) -> str:
        """The path of a row (not through ``data``: Qt drops undecodable bytes)."""
        return self._paths[row]

    def row(self, path: str) -> int:
        """The row of ``path``, -1 where it is not among them."""
        try:
            return self._paths.index(path)
        except ValueError:
            return -1

    def _thumbnail(self, row: int) -> QImage | str | None:
        place = self._root / self._paths[row]
        self._shown[place] = row
        return self._cache.get(place)

    def _tell(self, path: Path) -> None:
        row = self._shown.get(path)
        if row is not None and row < len(self._paths):
            index = self.index(row)
            self.dataChanged.emit(index, index, [THUMBNAIL])

    def _tell_all(self) -> None:
        if self._paths:
            ends = self.index(0), self.index(len(self._paths) - 1)
            self.dataChanged.emit(*ends, [THUMBNAIL])


class Thumbnails(QListView):
    """The view: rows of thumbnails that flow with the width.

    List mode with wrapping instead of icon mode: a million items are laid out in
    0.9 s without a stall over 30 ms, icon mode takes half as long again and
    four times the memory.
    """

    def __init__(self, parent: QWidget | None = None, lines: int = 1) -> None:
        """``lines`` of text below each thumbnail."""
        super().__init__(parent)
        self.cache = ThumbnailCache(self)
        self._model = ThumbnailModel(self.cache, self)
        self._whole = False
        self.setModel(self._model)
        self.setItemDelegate(ThumbnailDelegate(self, lines))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(BATCH)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_whole(self) -> None:
        """From now on, be as high as all rows need: on a page that scrolls as a whole."""
        self._whole = True
        self._bar()

    def mark_by(self, mark: Callable[[str], Mark | None]) -> None:
        """From now on, show what ``mark`` says about each path."""
        self._model.mark = mark

    def draw_boxes(self, boxes: Callable[[str], Sequence[MarkedBox]]) -> None:
        """From now on, draw what ``boxes`` returns for each path; it is asked at each painting."""
        self._model.boxes = boxes

    def fill(
        self,
        root: Path,
        paths: Sequence[str],
        keep_place: bool = False,
        captions: Mapping[str, str] | None = None,
    ) -> None:
        """Show files.

        Args:
            keep_place: stay at the row that is seen, after one was taken away. The keyboard goes on
                from there, but nothing is selected that was not: a second press of Delete must not
                exclude the next one, which nobody has looked at.
        """
        place, row = self.verticalScrollBar().value(), self.currentIndex().row()
        chosen = set(self.selected()) if keep_place else set()
        self._model.fill(root, paths, captions)
        self._bar()
        if keep_place and paths:
            self._stay(max(0, min(row, len(paths) - 1)), chosen)
            self.verticalScrollBar().setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among as many columns as fit."""
        self._bar()
        room, columns = self._columns(self.viewport().width())
        self.setGridSize(QSize(room // columns, self._cell().height()))
        super().resizeEvent(event)

    def _bar(self) -> None:
        """Show the scroll bar if, and only if, it scrolls: with batches, Qt leaves it as it was."""
        inside = self.maximumViewportSize()
        _room, columns = self._columns(inside.width())
        rows = math.ceil(self._model.rowCount() / columns)
        if self._whole:
            self.setFixedHeight(max(1, rows) * self._cell().height() + 2 * self.frameWidth())
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            return
        needed = rows * self._cell().height() > inside.height()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if needed else policy.ScrollBarAlwaysOff
        )

    def _columns(self, width: int) -> tuple[int, int]:
        """The room for columns, and how many of them fit."""
        room = width - 2  # the layout wraps a little early
        return room, max(1, room // self._cell().width())

    def _cell(self) -> QSize:
        return self.itemDelegate().sizeHint(self._style_option(), QModelIndex())

    def _style_option(self) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        return option

    def choose(self, path: str) -> None:
        """Make ``path`` the current one and scroll to it."""
        index = self._model.index(self._model.row(path))
        if index.isValid():
            self._select(index)
            self.scrollTo(index)

    def _stay(self, row: int, chosen: set[str]) -> None:
        """Make ``row`` the current one, and select those of ``chosen`` that are still there."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self._model.index(row), flags.NoUpdate)
        self.select_paths(chosen)

    def select_paths(self, chosen: Collection[str]) -> None:
        """Select exactly those of ``chosen`` that are shown."""
        selection, index = QItemSelection(), self._model.index
        rows = (at for at, path in enumerate(self.paths) if path in chosen)
        for _lag, run in itertools.groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            stretch = [row for _number, row in run]
            selection.select(index(stretch[0]), index(stretch[-1]))
        only = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(selection, only)

    def _select(self, index: QModelIndex) -> None:
        """Make it the current and only selected one, even while Ctrl is held for an undo."""
        only = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, only)

    @property
    def paths(self) -> Sequence[str]:
        """Relative paths of all files, in the order in which they are shown."""
        return self._model.paths

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What is drawn again where the selection changes: all that is seen, instead of one
        rectangle for each of what may be 100 000 rows."""
        return QRegion(self.viewport().rect())

    def selected_count(self) -> int:
        """How many are selected, by their ranges: of a million, an index each takes seconds."""
        return sum(end - begin for begin, end in self._stretches())

    def selected_rows(self) -> list[int]:
        """The rows of the selected files, in their order."""
        return [row for begin, end in self._stretches() for row in range(begin, end)]

    def _stretches(self) -> list[tuple[int, int]]:
        """The selected rows as ranges, each with the row after its last, in their order."""
        chosen = self.selectionModel().selection()
        ranges = (chosen.at(number) for number in range(chosen.count()))
        return sorted((each.top(), each.bottom() + 1) for each in ranges)

    def selected(self) -> list[str]:
        """Relative paths of the selected files, in their order."""
        return [self._model.path(row) for row in self.selected_rows()]
