"""A map of samples: coloured, moved through, with thumbnails under the pointer and a lasso."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.figure_texts import figure_text
from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.data.captions import short_caption
from transfergui.core.evaluation.kinds import Points
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.samples.thumbnails import ThumbnailCache
from transfergui.gui.views.gallery_view import Place, give_heading_room
from transfergui.gui.views.map_colours import Group, groups
from transfergui.gui.views.map_plot import MapPlot, Tool

LEGEND = 150
"""Pixels of width."""
MOST = 300
"""Samples of a choice that are listed as thumbnails."""
LONGEST = 28
"""Letters of a name beside it."""
SIDE = 96
"""Pixels of the thumbnail under the pointer."""

TOOLS: tuple[tuple[Tool, str, str], ...] = (
    (
        "lasso",
        N_("Lasso"),
        N_("Drag around points to select them; hold Shift to add to the selection."),
    ),
    ("rectangle", N_("Rectangle"), N_("Drag a rectangle over points to select them.")),
    ("move", N_("Move"), N_("Drag to move the map. The wheel zooms, a double click resets.")),
)


class MapView(QWidget):
    """See the module.

    Attributes:
        plot: the points.
        grid: the chosen ones, which can be relabelled and excluded.
    """

    def __init__(self, points: Points, place: Place) -> None:
        super().__init__()
        self._points, self._place = points, place
        self._layouts = {points.layout: np.asarray(points.xy)}
        self._groups: list[Group] = []
        self._chosen = np.empty(0, dtype=np.int64)
        self._under: int | None = None
        self._began = 0.0
        self._work = Task(self, _lay_out, self._take_layout, progress=self._tell)
        self.plot = MapPlot()
        self.colour = QComboBox()
        self.tools = QComboBox()
        self.layouts: dict[str, QToolButton] = {}
        self.legend = QListWidget()
        self.count = QLabel()
        self.progress = ProgressRow(_("Progress of the layout"))
        self.hint = _Hint(self.plot)
        self._cache = ThumbnailCache(self)
        self._cache.reset(place.decode)
        self.grid = SampleGrid(place.session)
        place.equip(self.grid)
        give_heading_room(self.grid)
        self._build()
        self._connect()
        self._colour()
        self._begin_others()

    # -- building

    def _build(self) -> None:
        self.colour.addItems(list(self._points.colourings))
        self.colour.setAccessibleName(_("Colour by"))
        self.legend.setAccessibleName(_("Legend: choose a group to select its points"))
        self.legend.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.legend.setFixedWidth(LEGEND)
        self.plot.setAccessibleName(self._points.title)
        self.count.setProperty("role", "caption")
        above = QHBoxLayout()
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(style.INSIDE)
        above.addWidget(self.legend_column())
        above.addWidget(self.plot, 1)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.INSIDE)
        column.addLayout(self._make_row())
        column.addLayout(above, 1)
        column.addLayout(self.progress)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(top)
        both.addWidget(self.grid)
        both.setSizes([420, 190])
        both.setStretchFactor(0, 1)
        both.setChildrenCollapsible(False)
        both.setHandleWidth(style.BETWEEN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(both)
        self.grid.hide()
        self.progress.set_visible(False)

    def legend_column(self) -> QWidget:
        """What the colours mean, below the choice of what they are of."""
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.colour)
        layout.addWidget(self.legend, 1)
        layout.addWidget(self.count)
        self.colour.setFixedWidth(LEGEND)
        return part

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        kinds = QButtonGroup(self)
        for name in (self._points.layout, *self._points.layouts):
            button = _switch(name, _("Arrange the points with {name}.").format(name=name))
            button.clicked.connect(functools.partial(self._use_layout, name))
            button.setEnabled(name in self._layouts)
            kinds.addButton(button)
            if self._points.layouts:
                row.addWidget(button)
            self.layouts[name] = button
        self.layouts[self._points.layout].setChecked(True)
        row.addStretch(1)
        for tool, title, tip in TOOLS:
            self.tools.addItem(_(title), tool)
            self.tools.setItemData(self.tools.count() - 1, _(tip), Qt.ItemDataRole.ToolTipRole)
        self.tools.setAccessibleName(_("What dragging does"))
        row.addWidget(self.tools)
        whole = tool_button(_("Show all"), _("Show the whole map again (Home)."))
        whole.clicked.connect(self.plot.show_all)
        row.addWidget(whole)
        return row

    def _connect(self) -> None:
        self.colour.currentIndexChanged.connect(self._colour)
        self.tools.currentIndexChanged.connect(self._use_tool)
        self._use_tool()
        self.legend.itemSelectionChanged.connect(self._choose_groups)
        self.plot.pointed.connect(self._name)
        self.plot.enclosed.connect(self._enclose)
        self.progress.cancel_button.clicked.connect(self._cancel)
        self._cache.loaded.connect(lambda _path: self._name(self._under))
        style.theme.changed.connect(self._colour)
        session = self._place.session
        session.dataset_changed.connect(self._follow)
        self._follow()

    def _use_tool(self, *_index: int) -> None:
        self.plot.use_tool(self.tools.currentData())
        tip = self.tools.currentData(Qt.ItemDataRole.ToolTipRole)
        self.tools.setToolTip(style.tip(tip))

    # -- layouts

    def _begin_others(self) -> None:
        """Compute the first layout that is not known yet, in the background."""
        wanted = next((n for n in self._points.layouts if n not in self._layouts), None)
        if wanted is not None:
            self._began = time.monotonic()
            self._work.start(wanted, self._points.layouts[wanted])
            self.progress.set_visible(True)
            self.progress.show_waiting(_("Computing {name}…").format(name=wanted))

    def _tell(self, told: tuple[int, int]) -> None:
        self.progress.show_progress(*told, self._began)

    def _cancel(self) -> None:
        self._work.cancel()
        self.progress.set_visible(False)

    def _take_layout(self, found: tuple[str, np.ndarray]) -> None:
        name, xy = found
        self._layouts[name] = xy
        self.layouts[name].setEnabled(True)
        self.progress.set_visible(False)
        if not len(self._chosen):  # nobody works with the other one
            self._use_layout(name)
        self._begin_others()

    def _use_layout(self, name: str, _checked: bool = False) -> None:
        self.layouts[name].setChecked(True)
        self.plot.draw(self._layouts[name], self._groups)

    @property
    def layout_name(self) -> str:
        """The layout that is shown."""
        return next(name for name, button in self.layouts.items() if button.isChecked())

    # -- colours

    def _colour(self, *_what: object) -> None:
        values = list(self._points.colourings.values())[self.colour.currentIndex()]
        self._groups = groups(values, len(self._points.paths))
        self.legend.blockSignals(True)
        self.legend.clear()
        for group in self._groups:
            item = QListWidgetItem(_symbol(group), group.text)
            item.setToolTip(style.tip(group.text))
            self.legend.addItem(item)
        self.legend.blockSignals(False)
        self._use_layout(self.layout_name)

    # -- pointing

    def _name(self, row: int | None) -> None:
        """Show the sample under the pointer."""
        self._under = row
        if row is None:
            self.hint.hide()
            return
        path = self._points.paths[row]
        found = self._cache.get(self._place.root / path)
        lines = [words.brief(short_caption(path, self._place.root), LONGEST)]
        for title, values in self._points.colourings.items():
            lines.append(f"{title}: {_value(values[row])}")
        self.hint.show_sample(found, "\n".join(lines), self.plot.place_of(row))

    # -- choosing

    def _enclose(self, rows: np.ndarray, more: bool) -> None:
        self.legend.blockSignals(True)
        self.legend.clearSelection()
        self.legend.blockSignals(False)
        self.choose(np.union1d(self._chosen, rows) if more else rows)

    def _choose_groups(self) -> None:
        at = sorted(index.row() for index in self.legend.selectedIndexes())
        none = [np.empty(0, dtype=np.int64)]
        self.choose(np.concatenate([*none, *(self._groups[place].rows for place in at)]))

    def choose(self, rows: np.ndarray) -> None:
        """Ring points, and list their samples below the map."""
        self._chosen = np.asarray(rows, dtype=np.int64)
        self.plot.choose(self._chosen)
        paths = [self._points.paths[row] for row in self._chosen[:MOST]]
        count = len(self._chosen)
        text = ngettext("{count} selected", "{count} selected", count)
        heading = text.format(count=words.number(count))
        if count > MOST:
            text = _("{count} selected, the first {shown} are listed")
            heading = text.format(count=words.number(count), shown=words.number(MOST))
        self.grid.fill(heading, paths)
        self.grid.setVisible(bool(count))

    def _follow(self, *_what: object) -> None:
        dataset, root = self._place.session.dataset, self._place.root
        same = dataset is not None and dataset.root == root
        text = _("Open the training data of this run to correct its labels.")
        self.grid.allow_edits("" if same else text)
        count = len(self._points.paths)
        text = ngettext("{count} point", "{count} points", count)
        self.count.setText(text.format(count=words.number(count)))


class _Hint(QFrame):
    """A thumbnail with what is known of it, in a corner of the map."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture, self.text = QLabel(), QLabel(textFormat=Qt.TextFormat.PlainText)
        self.text.setProperty("role", "caption")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[style.GAP] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.picture)
        layout.addWidget(self.text)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.hide()

    def show_sample(self, found: QImage | str | None, text: str, point: QPoint) -> None:
        """Show a sample, whose thumbnail may be on its way, beside its point."""
        size = QSize(SIDE, SIDE)
        self.picture.setVisible(isinstance(found, QImage))
        if isinstance(found, QImage):
            smooth = Qt.TransformationMode.SmoothTransformation
            small = found.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            self.picture.setPixmap(QPixmap.fromImage(small))
        self.text.setText(text)
        self.adjustSize()
        room = self._map.rect()
        left = point.x() + style.BETWEEN
        if left + self.width() > room.right():
            left = point.x() - style.BETWEEN - self.width()
        top = point.y() - self.height() // 2
        lowest = max(0, room.bottom() - self.height())
        self.move(max(0, left), min(max(0, top), lowest))
        self.show()
        self.raise_()


def _value(value: object) -> str:
    """What is known of a point, in words."""
    return shown(value) if isinstance(value, str) else figure_text(float(value))  # type: ignore[arg-type]


def _switch(text: str, tip: str) -> QToolButton:
    button = tool_button(text, tip)
    button.setCheckable(True)
    return button


def _symbol(group: Group) -> QIcon:
    """The look of the points of a group."""
    import pyqtgraph as pg

    side = 16
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    pen, brush = pg.mkPen(None), pg.mkBrush(group.colour)
    pg.graphicsItems.ScatterPlotItem.drawSymbol(painter, group.symbol, 11, pen, brush)
    painter.end()
    return QIcon(pixmap)


# -- in a worker thread


def _lay_out(
    name: str, compute: Callable[[Tell], np.ndarray], report: Callable[[tuple[int, int]], None]
) -> tuple[str, np.ndarray]:
    return name, compute(lambda done, total: report((done, total)))
