"""Selected runs side by side: their figures, how much they differ, and their curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import number as digits
from transfergui.core.base.figure_texts import percent, span
from transfergui.core.base.i18n import _, ngettext, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.data.versions import DataDifference
from transfergui.core.evaluation import baselines, run_differences
from transfergui.core.evaluation.run_differences import PairedDifference
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import Run
from transfergui.gui.base import style, words
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.tables.result_table import Column, ResultTable, RowsModel
from transfergui.gui.tables.run_row import RunRow
from transfergui.gui.tables.run_table import BESIDE

LEAST, MOST = 2, 4
"""So many runs are compared."""
HEIGHT, ROW = 190, 26
"""Pixels of the panel at least, and of a row."""
ROOMY = 700
"""Pixels from which on there is room for the curves, too."""
LINES = (
    ("training", Qt.PenStyle.SolidLine),
    ("validation", Qt.PenStyle.DashLine),
    ("test", Qt.PenStyle.DotLine),
    ("other", Qt.PenStyle.DashDotLine),
)
"""Colour and dash of each run's curve."""

POINT = 0.01
"""One per cent."""


@dataclass(frozen=True)
class ComparedRun:
    """One of the runs.

    Attributes:
        name: short, where that tells it from the others.
        place: its number in the comparison; 0 is the one that the others are compared with.
        difference: from that one; None where they were not tested on the same examples.
        points: of the figures themselves; None where they cannot be subtracted.
        data: how its data differ from those of that one; None where that is not known.
        noise: that seeds alone make such a difference; empty where they do not.
    """

    row: RunRow
    name: str
    place: int
    difference: PairedDifference | None = None
    points: float | None = None
    data: DataDifference | None = None
    noise: str = ""

    @property
    def by(self) -> str:
        """``+7 points``, from the examples that both were tested on where there are any."""
        value = self.difference.value if self.difference else self.points
        if self.place == 0 or value is None:
            return ""
        if self.figure is None or self.figure.score.share:
            return _("{difference} points").format(difference=_signed(100 * value))
        return f"{_sign(value)}{self.figure.score.text(abs(value), self.figure.unit)}"

    @property
    def figure(self) -> RunFigure | None:
        return self.row.figure

    @property
    def between(self) -> str:
        found = self.difference
        if found is None or not found.known:
            return ""
        if self.figure is None or self.figure.score.share:
            return span(_signed(100 * found.low), _signed(100 * found.high))
        ends = (f"{_sign(end)}{digits(abs(end))}" for end in (found.low, found.high))
        return span(*ends)

    @property
    def verdict(self) -> str:
        """What the difference means."""
        if self.place == 0:
            return _("compared with this")
        if self.difference is None:
            return _("different test sets") if self.points is not None else _("not comparable")
        if not self.difference.clear:
            return _("no clear difference")
        return _("better") if self.difference.verdict == "better" else _("worse")


class RunComparison(QFrame):
    """A small table beside the validation curves; hidden unless a few runs are selected."""

    wanted = Signal()
    """Two of them are to be shown in detail."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._measure = Task(self, _compared, self._show)
        self._rows: list[RunRow] = []
        self.title = QLabel(_("Comparison"))
        self.title.setProperty("role", "title")
        self.said = WrappedLabel(role="caption")
        self.detail = QPushButton(_("Compare in detail…"))
        self.detail.setProperty("role", "link")
        self.detail.setToolTip(
            style.tip(_("Show the examples on which the two runs differ, curves and settings."))
        )
        self.detail.clicked.connect(lambda _checked=False: self.wanted.emit())
        self.table = ResultTable(_columns(), model=_MarkedRows(_columns()), least=130)
        self.table.setAccessibleName(_("Comparison of the selected runs"))
        self.curves = _Curves()
        self._build()
        self.hide()

    def compare(self, rows: Sequence[RunRow]) -> None:
        """Show these runs, the first one as the reference; nothing of too few or too many."""
        if list(rows) == self._rows:  # what was measured of them is shown already
            return
        self._rows = list(rows)
        fits = LEAST <= len(rows) <= MOST and all(row.state != "damaged" for row in rows)
        self.setVisible(fits)
        self.detail.setVisible(len(rows) == LEAST)
        if fits:
            self.curves.show_rows(rows)
            self._measure.start(list(rows))
        else:
            self._measure.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.curves.setVisible(self.width() >= ROOMY)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(style.GAP)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.detail)
        left.addLayout(head)
        left.addWidget(self.table)
        left.addWidget(self.said)
        left.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[style.INSIDE + style.GAP] * 4)
        layout.setSpacing(style.BETWEEN)
        layout.addLayout(left, 3)
        layout.addWidget(self.curves, 1)
        self.setMinimumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(ROW)

    def _show(self, found: list[ComparedRun]) -> None:
        titles = {each.row.figure.title for each in found if each.row.figure is not None}
        self.table.rows.set_columns(_columns(titles.pop() if len(titles) == 1 else ""))
        self.table.rows.fill(found)
        metrics = self.table.horizontalHeader().fontMetrics()
        for number, column in list(enumerate(self.table.rows.columns))[1:]:
            heading = metrics.horizontalAdvance(column.title) + BESIDE
            self.table.setColumnWidth(number, max(heading, self.table.sizeHintForColumn(number)))
        self.said.setText(_sentence(found))
        frame = 2 * self.table.frameWidth() + self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(frame + len(found) * ROW)  # all of them are seen at once


def _columns(title: str = "") -> list[Column[ComparedRun]]:
    return [
        Column(
            _("Run"),
            lambda each: each.name,
            tip=lambda each: full_name(each.row),
            elide=Qt.TextElideMode.ElideMiddle,
        ),
        Column(
            title or _("Result"),
            lambda each: "" if each.row.figure is None else each.row.figure.text,
            figure=True,
            width=84,
        ),
        Column(_("Difference"), lambda each: each.by, figure=True, width=88),
        Column(
            _("95 % interval"),
            lambda each: each.between,
            explanation=_(
                "Where the true difference most likely lies, in percentage points, also if both "
                "were trained with other seeds. An interval that contains 0 means that there is "
                "no clear difference."
            ),
            figure=True,
            width=108,
        ),
        Column(_("Verdict"), lambda each: each.verdict, width=150),
    ]


def full_name(row: RunRow) -> str:
    """With what tells it from others on the same data."""
    return shown(" · ".join((row.name, row.backbone, row.strategy)))


def short_names(rows: Sequence[RunRow]) -> list[str]:
    """Of each run what tells it from the others; that they have in common needs no room."""
    if len({row.name for row in rows}) == len(rows):
        return [shown(row.name) for row in rows]
    known = [(row.name, row.backbone, row.strategy) for row in rows]
    differ = [len(set(parts)) > 1 for parts in zip(*known, strict=True)]
    names = [
        " · ".join(part for part, told in zip(parts, differ, strict=True) if told and part)
        for parts in known
    ]
    if len(set(names)) < len(names):  # then when they were begun tells them apart
        day = len({row.when[:10] for row in rows}) == 1
        names = [
            f"{name or row.name} · {row.when[11:] if day else row.when[:16]}"
            for name, row in zip(names, rows, strict=True)
        ]
    return list(map(shown, names))


def _sentence(found: Sequence[ComparedRun]) -> str:
    """On how many examples the difference was measured."""
    pairs = [each.difference for each in found if each.difference is not None]
    if not pairs:
        rough = _("These runs share no test examples, so their difference is only a rough guide.")
        return paragraph((rough, _said_of_data(found)))
    if len(found) == LEAST:
        pair = pairs[0]
        said = paragraph((_said(found[0], pair), found[-1].noise))
        data = _said_of_data(found)
        if not pair.first_only and not pair.second_only:
            return paragraph((said, data))
        text = ngettext(
            "Measured on {count} test example that both runs share: only the first run is correct "
            "on {first}, only the second on {second}.",
            "Measured on {count} test examples that both runs share: only the first run is correct "
            "on {first}, only the second on {second}.",
            pair.shared,
        )
        counts = text.format(
            count=words.number(pair.shared),
            first=words.number(pair.first_only),
            second=words.number(pair.second_only),
        )
        return paragraph((said, counts, data))
    return _("Each run is compared with the first one, on the test examples that both share.")


def _said_of_data(found: Sequence[ComparedRun]) -> str:
    """That the second of two runs saw other data; empty where it did not."""
    data = found[-1].data if len(found) == LEAST else None
    if data is None or data.nothing:
        return ""
    text = _("Data of the second run, compared with the first: {words}.")
    return text.format(words=data.words())


def _said(first: ComparedRun, pair: PairedDifference) -> str:
    """Whether the two can be told apart."""
    figure = first.figure
    assert figure is not None
    noun = _(registry.modality(first.row.modality).many)
    said = run_differences.words(pair, figure.objective, figure.unit, noun)
    return paragraph(n.sentence() for n in (said, *run_differences.relabelled(pair, noun)))


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""


def _signed(value: float) -> str:
    rounded = round(value)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}"


class _MarkedRows(RowsModel[ComparedRun]):
    """With the line of its curve before the name of each run."""

    def data(self, index: object, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:  # type: ignore[attr-defined]
            return _line_icon(self.shown[index.row()].place)  # type: ignore[attr-defined]
        return super().data(index, role)


def _pen(place: int) -> QPen:
    token, dash = LINES[place]
    return QPen(style.colour(token), 2, dash)


def _line_icon(place: int) -> QIcon:
    drawn = QPixmap(QSize(16, 16) * 2)
    drawn.setDevicePixelRatio(2)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setPen(_pen(place))
    painter.drawLine(QPointF(0, 8), QPointF(16, 8))
    painter.end()
    return QIcon(drawn)


class _Curves(QWidget):
    """The validation score of each run, each on its own scale, over its own epochs."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[RunRow] = ()
        self.setMinimumWidth(140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Validation scores of the selected runs"))
        style.theme.changed.connect(self.update)

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        self._rows = rows
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scored = [(n, row) for n, row in enumerate(self._rows) if len(row.scores) > 1]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(44, 6, -4, -20)
        painter.setPen(QPen(style.colour("border"), 1))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if not scored:
            return
        values = [value for _n, row in scored for value in row.scores]
        low, high = _ends(values, all(_is_share(row) for row in self._rows))
        last = max(len(row.scores) for _n, row in scored)
        self._write_axes(painter, box, low, high, max(row.epochs or 0 for _n, row in scored))
        for place, row in scored:
            painter.setPen(_pen(place))
            points = [
                QPointF(
                    box.left() + box.width() * at / (last - 1),
                    box.bottom() - box.height() * _share(value, low, high),
                )
                for at, value in enumerate(row.scores)
            ]
            painter.drawPolyline(QPolygonF(points))

    def _write_axes(
        self, painter: QPainter, box: QRectF, low: float, high: float, epochs: int
    ) -> None:
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        share = all(_is_share(row) for row in self._rows)
        for value, y in ((high, box.top()), (low, box.bottom())):
            painter.drawText(
                QRectF(0, y - 8, box.left() - 5, 16),
                right,
                percent(value, 0) if share else f"{value:.2g}",
            )
        below = QRectF(0, box.bottom() + 3, self.width(), 16)
        text = _("Validation score, {count} epochs").format(count=words.number(epochs))
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(below.width())
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, elided)


def _ends(values: Sequence[float], share: bool) -> tuple[float, float]:
    """The ends of the axis; shares are written in whole per cent, and the two must differ."""
    low, high = min(values), max(values)
    if not share:
        return low, high
    low, high = math.floor(100 * low) / 100, math.ceil(100 * high) / 100
    if high - low < 2 * POINT:
        low, high = max(0.0, low - POINT), min(1.0, high + POINT)
    return low, high


def _is_share(row: RunRow) -> bool:
    """Whether its validation score is written in per cent."""
    curves = (each.curve for each in registry.OBJECTIVES if each.key == row.objective)
    return any(curve.share for curve in curves)


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


# -- in a worker thread


def _compared(rows: list[RunRow]) -> list[ComparedRun]:
    first, names = rows[0], short_names(rows)
    found = []
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        difference, points = _difference(first, row) if place else (None, None)
        data = _difference_of_data(first.run, row.run)
        noise = _noise(first.run, difference)
        found.append(ComparedRun(row, name, place, difference, points, data, noise))
    return found


def _difference(first: RunRow, row: RunRow) -> tuple[PairedDifference | None, float | None]:
    """Of two runs with figures of the same kind; of the test examples of both, where there are
    such."""
    one, other = first.figure, row.figure
    if one is None or other is None or one.score.key != other.score.key:
        return None, None
    return run_differences.paired(first.run, row.run), other.value - one.value


def _noise(first: Run, difference: PairedDifference | None) -> str:
    note = baselines.chance(first, difference) if difference is not None else None
    return "" if note is None else note.sentence()


def _difference_of_data(first: Run, run: Run) -> DataDifference | None:
    try:
        return seen_data.difference(first, run)
    except UserError:  # the list of runs says what is wrong with it
        return None
