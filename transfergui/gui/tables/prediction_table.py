"""The answers of a trained network as a table: a row for each sample, with what it looks like."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QIcon, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.captions import caption
from transfergui.core.data.doubt import UNLIKE, UNSURE
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.gui.base import style, words
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.pictures import box_painter
from transfergui.gui.samples.thumbnails import ThumbnailCache
from transfergui.gui.tables.result_table import ELIDE, Column, ResultTable, RowsModel

PICTURE = 36
"""Pixels of a thumbnail in the table."""
LARGE = 112
"""The same, where large pictures are wanted."""
ICON = 20
"""Pixels of an icon in the place of a thumbnail."""
TOP = 3
PARTED = " · "
BEGAN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
"""When a run began, in its name."""
"""Stands between the parts of a name."""
NAME = 180
"""Pixels of the name and its thumbnail, however narrow the window is."""
ANSWER, CONFIDENCE = 1, 2
EARLIER = (3, 4)
"""The columns of another model, beside the answer of this one."""
NOTE = 5
TWO = 2
"""So many classes have a runner-up."""
SECOND, THIRD = 6, 7
"""The columns of the next answers; two classes have no third one, and two models neither."""
SPARED = {SECOND: 720, THIRD: 830}
"""In tables narrower than so many pixels they are not shown."""


READABLE = 260
"""Pixels of the name that a long note leaves."""
FIT_AFTER = 50
"""Milliseconds after which columns follow the rows that came."""
FITTED = 100
"""Rows that columns are fitted to. Qt looks at a thousand, and all the way to the end of what is
seen: while 6000 predictions came, the window did little else, and the model waited for it."""

Top = tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class PredictionRow:
    """One sample with its answers, the surest first; none where it could not be read.

    Attributes:
        problem: why it could not be read.
        prediction_warning: why its answer means little.
        earlier: what another model said of the same sample.
        cells: of the columns of what is predicted; see :mod:`.answer_columns`.
    """

    answer: Prediction
    top: Top
    problem: str = ""
    prediction_warning: str = ""
    earlier: PredictionRow | None = None
    cells: tuple[float | str, ...] = ()

    @classmethod
    def of(
        cls,
        answer: Prediction,
        classes: Sequence[str],
        earlier: PredictionRow | None = None,
        cells: tuple[float | str, ...] = (),
        text: str = "",
    ) -> PredictionRow:
        """The row of an answer of a network with these classes.

        Args:
            text: the answer as it is shown, where that is not what the saved table has.
        """
        if answer.probabilities is None:
            return cls(answer, (), problem=answers.problem_of(answer), earlier=earlier)
        top: Top = ()
        if len(answer.probabilities) == len(classes):
            order = answer.probabilities.argsort()[::-1][:TOP]
            top = tuple((classes[i], float(answer.probabilities[i])) for i in order)
        said = answer.said
        if said is not None:  # several labels or answers, or a number, has no runners-up
            label = text or said.label
            top = ((label, said.confidence), *(top[1:] if top and said.label == top[0][0] else ()))
        if answer.withheld:
            top = (("", answer.confidence),)
        warning = answers.problem_of(answer)
        return cls(answer, top, prediction_warning=warning, earlier=earlier, cells=cells)

    @property
    def path(self) -> Path:
        return self.answer.path

    def without_answer(self) -> PredictionRow:
        """The same sample as a network that said nothing of it."""
        return PredictionRow(self.answer, ())

    @property
    def caption(self) -> str:
        """What is called so: a file, a piece of it, or all of its pieces."""
        name = caption(self.path.name, self.path.parent)
        if not self.answer.parts:
            return name
        text = _("{name}, whole recording ({count} clips)")
        return text.format(name=name, count=words.number(self.answer.parts))

    def label(self, rank: int) -> str:
        """The answer at this place, 0 the surest; empty where there are fewer."""
        return shown(self.top[rank][0]) if rank < len(self.top) else ""

    @property
    def order(self) -> str | float | None:
        """What predictions are sorted by: their names; a number by how much it is."""
        if self.cells and self.share(0) is None and isinstance(self.cells[0], float):
            return self.cells[0]
        return self.label(0) or None

    def share(self, rank: int) -> float | None:
        """How sure the network is of it, in [0, 1]."""
        return self.top[rank][1] if rank < len(self.top) else None


class PredictionTable(ResultTable):
    """The rows of one network.

    Attributes:
        unsure: per cent of confidence below which an answer is marked.
    """

    def __init__(self, parent: QWidget) -> None:
        cache = ThumbnailCache(parent)
        columns = _columns(self)
        super().__init__(columns, parent, _PredictionModel(columns, cache, parent), NAME)
        self.unsure = answers.UNSURE
        self._corrected: dict[Path, str] = {}
        self._called: Callable[[str], str] = shown
        self._added: dict[Path, str] = {}
        self._hidden: set[int] = set()
        self._cache = cache
        self.setAccessibleName(_("Predictions"))
        self._hide(TOP, False)
        self.show_large(False)
        self._fitting = QTimer(self, singleShot=True, interval=FIT_AFTER)
        self._fitting.timeout.connect(self.fit)
        self.horizontalHeader().setResizeContentsPrecision(FITTED)
        self.rows.rowsInserted.connect(self._fit_to)
        self.rows.modelReset.connect(self._fitting.start)
        cache.loaded.connect(lambda _path: self.viewport().update())

    def show_large(self, large: bool) -> None:
        """Show each sample large, or as small as a row of text."""
        side = LARGE if large else PICTURE
        assert isinstance(self.rows, _PredictionModel)
        self.rows.side = side
        self.setIconSize(QSize(side, side))
        self.verticalHeader().setDefaultSectionSize(side + style.INSIDE)
        self._least = NAME + side - PICTURE
        self._spare()
        self._share_width()
        self.viewport().update()

    def draw_boxes(self, boxes: Callable[[PredictionRow], Sequence[MarkedBox]]) -> None:
        """From now on, draw what ``boxes`` returns into large pictures."""
        assert isinstance(self.rows, _PredictionModel)
        self.rows.boxes = boxes

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._spare()
        super().resizeEvent(event)
        self._fitting.start()

    def _fit_to(self, _parent: QModelIndex, first: int, _last: int) -> None:
        """Rows came, the ``first`` of them here; later ones than :data:`FITTED` change nothing."""
        if first < FITTED:
            self._fitting.start()

    def fit(self) -> None:
        """Give columns no more room than what they say, so that names and notes have it."""
        if not self.rows.rowCount():
            return
        columns = [ANSWER, *EARLIER[:1], NOTE, SECOND, THIRD]
        visible = [each for each in columns if not self.isColumnHidden(each)]
        for column in visible:
            needed = max(self.sizeHintForColumn(column), self._title_width(column))
            self.setColumnWidth(column, min(needed, self.rows.columns[column].width))
        header = self.horizontalHeader()
        others = header.length() - header.sectionSize(0) - header.sectionSize(NOTE)
        room = self.viewport().width() - others - READABLE - (self._least - NAME)
        needed = max(self.sizeHintForColumn(NOTE), self._title_width(NOTE))
        self.setColumnWidth(NOTE, min(needed, max(room, self.rows.columns[NOTE].width)))

    def _title_width(self, column: int) -> int:
        title = QFontMetrics(style.font(style.SMALL)).horizontalAdvance(
            self.rows.columns[column].title
        )
        return title + 3 * style.INSIDE

    def _spare(self) -> None:
        """A narrow table does without the runners-up: the viewer shows them, too."""
        for column, least in SPARED.items():
            narrow = self.viewport().width() < least + self._least - NAME
            self.setColumnHidden(column, narrow or column in self._hidden)

    def answers_of(
        self,
        classes: int,
        decode: Callable[[Path], Preview],
        names: tuple[str, str] | None = None,
        own: Sequence[Column[PredictionRow]] = (),
        sure: bool = True,
    ) -> None:
        """Rows that come from now on are of a network with so many classes; 0 where a prediction
        has no runners-up.

        Args:
            decode: makes a sample visible.
            names: of this network and of an earlier one, whose answers stand beside it.
            own: columns of what is predicted.
            sure: whether predictions have a confidence.
        """
        self._cache.reset(decode, self.devicePixelRatio())
        self.rows.set_columns([*_columns(self, names), *own])
        self._hide(classes, names is not None)
        self.setColumnHidden(CONFIDENCE, not sure)
        for number, column in enumerate(own, THIRD + 1):
            self.setColumnWidth(number, column.width)

    def _hide(self, classes: int, compared: bool) -> None:
        """Two columns for each of two networks, or three answers of one; the least wanted last."""
        gone = {SECOND: compared or classes < TWO, THIRD: compared or classes < TOP}
        self._hidden = {column for column, hidden in gone.items() if hidden}
        self._spare()
        for column in EARLIER:
            self.setColumnHidden(column, not compared)
        for column in (ANSWER, EARLIER[0]):
            self.setColumnWidth(column, self.rows.columns[column].width)

    def is_unsure(self, row: PredictionRow) -> bool:
        """Whether an answer is to be looked at."""
        return answers.doubt(row.answer, self.unsure) == UNSURE

    def is_unlike(self, row: PredictionRow) -> bool:
        """Whether a sample is unlike anything that the network was trained on."""
        return row.answer.doubt == UNLIKE

    def note(self, row: PredictionRow) -> str:
        """What is to be said about an answer: why there is none, or that it is doubtful."""
        return self._note(row, short=True)

    def whole_note(self, row: PredictionRow) -> str:
        """The same, with the name of the file."""
        return self._note(row, short=False)

    def show_corrected(
        self,
        corrected: dict[Path, str],
        added: dict[Path, str],
        called: Callable[[str], str] = shown,
    ) -> None:
        """Say of some rows, by their paths, which class the user gave them.

        Args:
            added: those that became examples of the data.
            called: what a class is called here.
        """
        self._called = called
        if (corrected, added) != (self._corrected, self._added):
            self._corrected, self._added = corrected, added
            self.viewport().update()
            self._fitting.start()

    def _note(self, row: PredictionRow, short: bool) -> str:
        if (name := self._corrected.get(row.path)) is not None:
            own = row.answer.said
            same = name == own.label if own is not None else shown(name) == row.label(0)
            text = _("Confirmed: {name}") if same else _("Corrected: {name}")
            return text.format(name=self._called(name))
        if (name := self._added.get(row.path)) is not None:
            return _("Corrected: {name} (added)").format(name=self._called(name))
        said, before = answers.note(row.answer, self.unsure, short), row.earlier
        if said or before is None or not before.problem:
            return said
        return answers.note(before.answer, self.unsure, short)


def _columns(
    table: PredictionTable, names: tuple[str, str] | None = None
) -> list[Column[PredictionRow]]:
    """Args:
    names: of two networks whose answers stand side by side; None for one network.
    """
    mine, theirs = names or ("", "")
    return [
        Column(
            _("Example"),
            lambda row: row.caption,
            elide=Qt.TextElideMode.ElideMiddle,  # the time of a piece stands at the end
        ),
        *_answer_columns(mine, _("Prediction"), lambda row: row),
        *_answer_columns(theirs, _("Before"), lambda row: row.earlier or row.without_answer()),
        Column(
            _("Note"),
            table.note,
            colour=lambda row: "danger" if row.problem else "warning",
            tip=table.whole_note,
            width=160,
        ),
        _runner_up(_("2nd prediction"), 1, _("The class with the second-highest confidence.")),
        _runner_up(_("3rd prediction"), 2, _("The class with the third-highest confidence.")),
    ]


def titles(one: str, other: str) -> tuple[str, str]:
    """Two names without the parts that both begin with: what tells them apart stands first."""
    ones, others = one.split(PARTED), other.split(PARTED)
    shared = 0
    while shared < min(len(ones), len(others)) - 1 and ones[shared] == others[shared]:
        shared += 1
    ones, others = ones[shared:], others[shared:]
    if BEGAN.fullmatch(ones[0]) and BEGAN.fullmatch(others[0]):  # nothing else tells them apart
        places = slice(11, None) if ones[0][:10] == others[0][:10] else slice(0, 16)
        text = _("Run of {time}")
        ones[0], others[0] = (text.format(time=each[0][places]) for each in (ones, others))
    return PARTED.join(ones), PARTED.join(others)


def _answer_columns(
    name: str, title: str, of: Callable[[PredictionRow], PredictionRow]
) -> tuple[Column[PredictionRow], Column[PredictionRow]]:
    """Answer and confidence of a network.

    Args:
        name: of the network; empty where there is only one.
        title: of the column.
        of: the row with its answer.
    """
    answer = Column[PredictionRow](
        title,
        lambda row: of(row).label(0) or (_("no prediction") if of(row).answer.withheld else ""),
        lambda row: of(row).order,
        explanation=_("Predictions of {name}").format(name=shown(name)) if name else "",
        colour=lambda row: "muted" if of(row).answer.withheld else "",
        tip=lambda row: of(row).label(0),
        elide=Qt.TextElideMode.ElideMiddle,  # names of classes often differ at the end
        width=112 if name else 120,
    )
    confidence = Column[PredictionRow](
        _("Confidence"),
        lambda row: "" if of(row).share(0) is None else words.percent(of(row).share(0)),
        lambda row: of(row).share(0),
        explanation=_(TERMS["confidence"][1]),
        figure=True,
        share=lambda row: of(row).share(0),
        width=96,
    )
    return answer, confidence


class _PredictionModel(RowsModel[PredictionRow]):
    """With a thumbnail before the name of each sample, or its first words instead of both."""

    def __init__(
        self, columns: Sequence[Column[PredictionRow]], cache: ThumbnailCache, parent: QWidget
    ) -> None:
        super().__init__(columns, parent)
        self._cache = cache
        self.side = PICTURE
        self.boxes: Callable[[PredictionRow], Sequence[MarkedBox]] = lambda _row: ()

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.column() == 0 and role == Qt.ItemDataRole.DecorationRole:
            path = self.shown[index.row()].path
            found, known = self._cache.get(path), self._cache.known(path)
            if known is not None and known.icon:
                icon = style.pixmap(known.icon, ICON, "muted").toImage()
                return _squared(icon, self.side, enlarged=False)
            if isinstance(found, QImage) and self.side == LARGE:
                found = with_boxes(found, self.boxes(self.shown[index.row()]))
            return _squared(found if isinstance(found, QImage) else None, self.side)
        if index.column() == 0 and role == Qt.ItemDataRole.DisplayRole:
            known = self._cache.known(self.shown[index.row()].path)
            if known is not None and known.line:
                return known.line
        if index.column() == 0 and role == ELIDE:
            known = self._cache.known(self.shown[index.row()].path)
            if known is not None and known.line:
                return Qt.TextElideMode.ElideRight
        if index.column() == 0 and role == Qt.ItemDataRole.ToolTipRole:
            path = self.shown[index.row()].path
            known = self._cache.known(path)
            said = (known.line if known else "", caption(str(path), ""))
            return f"<qt>{'<br>'.join(html.escape(part) for part in said if part)}</qt>"
        return super().data(index, role)


def with_boxes(image: QImage, boxes: Sequence[MarkedBox]) -> QImage:
    """A small picture with boxes in it."""
    if not boxes:
        return image
    drawn = QImage(image)
    painter = QPainter(drawn)
    box_painter.draw(painter, QRectF(QPointF(), QSizeF(image.size())), boxes, small=True)
    painter.end()
    return drawn


def _squared(image: QImage | None, side: int, enlarged: bool = True) -> QIcon:
    """Amid a square, so that the names stand in line; a quiet square while there is none."""
    side = 2 * side
    square = QPixmap(side, side)
    square.fill(style.colour("sunken") if image is None else Qt.GlobalColor.transparent)
    if image is not None:
        room = side if enlarged else min(side, max(image.width(), image.height()))
        smooth = Qt.TransformationMode.SmoothTransformation
        fitted = image.scaled(room, room, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        fitted.setDevicePixelRatio(1)
        painter = QPainter(square)
        painter.drawImage((side - fitted.width()) // 2, (side - fitted.height()) // 2, fitted)
        painter.end()
    return QIcon(square)


def _runner_up(title: str, rank: int, explanation: str) -> Column[PredictionRow]:
    """A name and how likely it is; of a long name the midst is left out, never the figure."""

    def text(row: PredictionRow) -> str:
        share = row.share(rank)
        return "" if share is None else f"{row.label(rank)} · {percent(share, 0)}"

    middle = Qt.TextElideMode.ElideMiddle
    return Column(title, text, explanation=explanation, tip=text, elide=middle, width=128)
