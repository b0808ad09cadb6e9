"""Boxes drawn in pictures: one painter for data, results, predictions and the live view.

A label has a solid line, a prediction a dashed one; each class has a colour, and its name beside
it. Below every line lies a dark one, so that both are seen on light and on dark pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.base import style
from transfergui.gui.base.class_colours import DARK

CASING, FAINT = QColor(0, 0, 0, 170), QColor(0, 0, 0, 90)
"""Below each line, and in thumbnails."""
INK = QColor("#101418")
"""Of the names, on the colours of their classes."""
WIDTH, WRONG = 2.0, 3.5
"""Of a line in pixels: of a box, of one that is wrong."""
THIN, THIN_WRONG = 1.0, 2.5
"""The same in a thumbnail."""
DASHES = (4.0, 2.5)
"""Of a prediction, in widths of the line."""
NAMED = 60
"""Of more boxes in sight, names are only written where there is room inside the box."""
HALO, GAP = QColor(255, 255, 255), 5.0
"""Around the box that is meant, and so many pixels from it."""
LEAST = 80
"""Pixels: a name is not cut shorter than this."""
SOLID, DASHED = Qt.PenStyle.SolidLine, Qt.PenStyle.CustomDashLine


def colour(place: int) -> QColor:
    """Of a class, by its place among the classes of the data."""
    return QColor(DARK[place % len(DARK)])


def rectangle(box: MarkedBox, room: QRectF) -> QRectF:
    """Where a box lies in a picture that fills ``room``."""
    left = room.left() + box.left * room.width()
    top = room.top() + box.top * room.height()
    right = room.left() + box.right * room.width()
    bottom = room.top() + box.bottom * room.height()
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def draw(
    painter: QPainter,
    room: QRectF,
    boxes: Sequence[MarkedBox],
    sight: QRectF | None = None,
    small: bool = False,
    meant: Sequence[MarkedBox] = (),
) -> None:
    """Draw boxes into a picture.

    Args:
        room: that the whole picture fills, in pixels of ``painter``.
        sight: what of it is seen; what lies outside is not drawn.
        small: thin lines without names, for thumbnails.
        meant: boxes of which the first stands out; all others are drawn as if small.
    """
    if meant:
        draw(painter, room, [box for box in boxes if not _is_one(box, meant)], sight, small=True)
        boxes = meant
    placed = [(box, rectangle(box, room)) for box in boxes]
    if sight is not None:
        seen = sight.adjusted(-WRONG, -WRONG, WRONG, WRONG)
        placed = [each for each in placed if seen.intersects(_solid(each[1]))]
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _draw_lines(painter, placed, small)
    for box in meant[:1]:
        around = rectangle(box, room).adjusted(-GAP, -GAP, GAP, GAP)
        for ink, width in ((CASING, 5.0), (HALO, 2.0)):
            painter.setPen(QPen(ink, width))
            painter.drawRoundedRect(around, GAP, GAP)
    if not small:
        _draw_names(painter, placed, sight)
    painter.restore()


def _is_one(box: MarkedBox, meant: Sequence[MarkedBox]) -> bool:
    """Whether a box is among these, whatever is said of it."""

    def place(each: MarkedBox) -> tuple[object, ...]:
        return each.left, each.top, each.right, each.bottom, each.place, each.predicted

    return place(box) in map(place, meant)


def _solid(place: QRectF) -> QRectF:
    """At least a pixel large: Qt says that an empty rectangle meets nothing."""
    return place.adjusted(0, 0, max(0.0, 1 - place.width()), max(0.0, 1 - place.height()))


def _draw_lines(painter: QPainter, placed: Iterable[tuple[MarkedBox, QRectF]], small: bool) -> None:
    """All boxes of one look at once: a thousand of them take a few milliseconds."""
    looks: dict[tuple[int, bool, bool], list[QRectF]] = {}
    for box, place in placed:
        look = box.place % len(DARK), box.predicted, box.wrong
        looks.setdefault(look, []).append(place)
    for (kind, predicted, wrong), places in sorted(looks.items(), key=lambda each: each[0]):
        width = (THIN_WRONG if wrong else THIN) if small else WRONG if wrong else WIDTH
        painter.setPen(QPen(FAINT if small else CASING, width + 2))
        painter.drawRects(places)
        painter.setPen(_pen(colour(kind), width, predicted))
        painter.drawRects(places)


def _pen(ink: QColor, width: float, predicted: bool) -> QPen:
    pen = QPen(QBrush(ink), width, SOLID, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    if predicted:
        pen.setDashPattern(DASHES)
    return pen


def _draw_names(
    painter: QPainter, placed: Sequence[tuple[MarkedBox, QRectF]], sight: QRectF | None
) -> None:
    """A name above its box, or inside where there is no room above; of predictions beside labels,
    below it."""
    font = style.font(style.SMALL)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    height = metrics.height()
    many = len(placed) > NAMED
    both = len({box.predicted for box, _place in placed}) > 1
    top = sight.top() if sight is not None else -height
    for box, place in placed:
        if many and (place.width() < LEAST or place.height() < 2 * height):
            continue
        text = caption(box)
        most = max(LEAST, place.width())
        if metrics.horizontalAdvance(text) + style.GAP > most:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, most - style.GAP)
        wide = metrics.horizontalAdvance(text) + style.GAP
        above = place.top() - height - 1
        at = above if above >= top else place.top() + 1
        if both and box.predicted:
            at = place.bottom() + 2
        tag = QRectF(place.left() - 1, at, wide, height)
        painter.fillRect(tag, colour(box.place))
        painter.setPen(INK)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def caption(box: MarkedBox) -> str:
    """``platelet 87 %``."""
    score = "" if box.score is None else _("{percent} %").format(percent=round(100 * box.score))
    return " ".join(part for part in (shown(box.name), score, box.note) if part)


def summary(boxes: Sequence[MarkedBox]) -> str:
    """``12 red cell, 1 platelet``; empty without boxes."""
    counts = Counter(box.name for box in boxes)
    return comma_list([f"{count} {shown(name)}" for name, count in counts.most_common()])
