"""The plots of ``report.html`` as data: charts over axes, and predicted against true numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from transfergui.core.base.figure_texts import per_cent, span
from transfergui.core.base.i18n import _
from transfergui.core.data.targets import parsed_number
from transfergui.core.evaluation.curves import followed
from transfergui.core.evaluation.kinds import Chart, Line, Points
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.runs.history import History

WIDTH, HEIGHT = 640, 240
POINTS = 400
TICKS = 5
"""About so many parts of an axis."""
MARKED = 40
"""Up to so many points, each has a dot."""
PLAIN = 6
"""Looks of lines without a role, one after the other."""


@dataclass(frozen=True)
class Tick:
    """A line of the grid: where it lies in the box, and the figure beside it."""

    place: float
    text: str


@dataclass(frozen=True)
class DrawnLine:
    """A line in a box of WIDTH x HEIGHT.

    Attributes:
        look: its role; of one without, ``plain0``, ``plain1`` ...
        pieces: what is joined, each as an SVG polyline wants it.
        dots: points to be marked.
        band: the outline of the band around it; empty without one.
    """

    look: str
    name: str
    pieces: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    band: str = ""


@dataclass(frozen=True)
class DrawnChart:
    """Lines that share their axes.

    Attributes:
        across, up: the ticks of the axes; the box ends at the first and the last of ``up``.
        diagonal: a polyline; empty without one.
    """

    chart: Chart
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[DrawnLine, ...]
    diagonal: str = ""


Row = list[tuple[float, float]]


def charts(history: History) -> list[DrawnChart]:
    """Loss and score over the epochs; a chart without points is left out."""
    rows = history.epochs
    steps = list(zip(history.steps, history.smoothed, strict=True))
    if len(steps) <= len(rows):  # a quick training tells less often than once an epoch
        steps = [(row.epoch, row.train_loss) for row in rows]
    train, val = _("training"), _("validation")
    loss = (
        _line(train, "train", steps),
        _line(val, "val", ((row.epoch, row.val_loss) for row in rows)),
    )
    score = (
        _line(train, "train", ((row.epoch, row.train_score) for row in rows)),
        _line(val, "val", ((row.epoch, row.val_score) for row in rows)),
    )
    figure = followed(history).curve
    epoch, share = _("epoch"), figure.share
    every = (
        Chart(_("Loss"), epoch, _("Loss"), loss),
        Chart(
            _(figure.title),
            epoch,
            _(figure.title),
            score,
            y_percent=share,
            y_range=(0.0, 1.0) if share else (0.0, 0.0),
        ),
    )
    return [drawn for chart in every if (drawn := draw(chart, across_from=0.0)) is not None]


def _line(name: str, role: str, points: Iterable[tuple[float, float | None]]) -> Line:
    """Without what was not measured and what is not finite."""
    known = [(x, y) for x, y in points if y is not None and math.isfinite(y)]
    return Line(name, [x for x, _y in known], [y for _x, y in known], role=role)  # type: ignore[arg-type]


# -- any chart


class _Scale:
    """Where values lie between round figures.

    Args:
        low, high: ends of what is shown at least.
        size: of the box.
        whole: whether the box ends at round figures, or at the values themselves.
    """

    def __init__(
        self, low: float, high: float, size: float, *, whole: bool, logarithmic: bool = False
    ) -> None:
        self._log, self._size = logarithmic and low > 0, size
        self.figures = _powers(low, high) if self._log else nice(low, high)
        ends = (self.figures[0], self.figures[-1]) if whole else (low, high)
        self._low, self._high = map(self._at, ends)
        if self._high == self._low:
            self._high = self._low + 1.0

    def _at(self, value: float) -> float:
        return math.log10(max(value, 1e-300)) if self._log else value

    def place(self, value: float) -> float:
        return self._size * (self._at(value) - self._low) / (self._high - self._low)

    def ticks(self, share: bool, down: bool = False) -> tuple[Tick, ...]:
        """Those within the box; ``down`` counts from above."""
        places = ((self.place(value), _written(value, share)) for value in self.figures)
        inside = [(p, text) for p, text in places if -0.01 <= p <= self._size + 0.01]
        return tuple(Tick(self._size - p if down else p, text) for p, text in inside)


def draw(chart: Chart, across_from: float | None = None) -> DrawnChart | None:
    """A chart in a box of WIDTH x HEIGHT; None without points.

    Args:
        across_from: where the axis across begins; by default where the lines do.
    """
    found = [(line, _finite(line)) for line in chart.lines]
    points = [point for _line, row in found for point in row]
    if not points:
        return None
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    ys += [v for line, _row in found for v in (*(line.low or ()), *(line.high or ()))]
    ys = [y for y in ys if math.isfinite(y)] + list(chart.y_range or ())
    log = chart.x_logarithmic
    xs += chart.x_range or ()
    begin = min(xs) if across_from is None else min(across_from, *xs)
    across = _Scale(begin, max(xs), WIDTH, whole=False, logarithmic=log)
    up = _Scale(min(ys), max(ys), HEIGHT, whole=True)
    plain = iter(range(len(found)))
    lines = tuple(
        _drawn(line, row, line.role if line.role != "plain" else f"plain{next(plain) % PLAIN}",
               across, up)
        for line, row in found
        if row
    )  # fmt: skip
    ends = (max(min(xs), min(ys)), min(max(xs), max(ys)))
    diagonal = " ".join(_at(value, value, across, up) for value in ends) if chart.diagonal else ""
    ticks = across.ticks(chart.x_percent)
    if across_from is not None:  # epochs are whole
        ticks = tuple(tick for tick in ticks if "." not in tick.text)
    return DrawnChart(chart, ticks, up.ticks(chart.y_percent, down=True), lines, diagonal)


def _finite(line: Line) -> Row:
    return [
        (float(x), float(y))
        for x, y in zip(line.x, line.y, strict=True)
        if math.isfinite(x) and math.isfinite(y)
    ]


def _at(x: float, y: float, across: _Scale, up: _Scale) -> str:
    return f"{across.place(x):.1f},{HEIGHT - up.place(y):.1f}"


def _drawn(line: Line, row: Row, look: str, across: _Scale, up: _Scale) -> DrawnLine:
    pieces = () if line.points or line.band_only else _pieces(line, across, up)
    few = line.points or len(row) == 1 or (look == "val" and len(row) <= MARKED)
    few = few and not line.band_only
    dots = (_at(x, y, across, up).split(",") for x, y in (row if few else ()))
    band = ""
    if line.low is not None and line.high is not None:
        upper = [(x, y) for x, y in zip(line.x, line.high, strict=True) if math.isfinite(y)]
        lower = [(x, y) for x, y in zip(line.x, line.low, strict=True) if math.isfinite(y)]
        band = " ".join(_at(x, y, across, up) for x, y in (*upper, *reversed(lower)))
    return DrawnLine(look, line.name, pieces, tuple((x, y) for x, y in dots), band)


def _pieces(line: Line, across: _Scale, up: _Scale) -> tuple[str, ...]:
    """A line, interrupted where a value is missing, with :data:`POINTS` points or so."""
    parts: list[Row] = [[]]
    for x, y in zip(line.x, line.y, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            parts[-1].append((x, y))
        elif parts[-1]:
            parts.append([])
    step = -(-len(line.x) // POINTS)
    thinned = (
        part[::step] + ([part[-1]] if (len(part) - 1) % step else []) for part in parts if part
    )
    return tuple(" ".join(_at(x, y, across, up) for x, y in part) for part in thinned)


def _written(value: float, share: bool) -> str:
    return per_cent(f"{100 * value:.6g}") if share else f"{value:g}"


def _powers(low: float, high: float) -> list[float]:
    """1, 2, 5, 10 ... from ``low`` to ``high``, or the ends themselves."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [n * 10.0**power for power in powers for n in (1, 2, 5)]
    return [value for value in found if low * 0.999 <= value <= high * 1.001] or [low, high]


def nice(low: float, high: float) -> list[float]:
    """Round figures at equal distances, the first not above ``low``, the last not below ``high``.

    Heckbert, "Nice Numbers for Graph Labels", in Graphics Gems, 1990.
    """
    span, size = high - low, max(abs(low), abs(high))
    if span <= 1e-3 * size or not span:  # all the same, but for rounding
        span = size or 1.0
    rough = span / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1)]


# -- numbers

SIDE = 420
"""Of the scatter plot."""
MOST_POINTS = 5000


@dataclass(frozen=True)
class Scatter:
    """Predicted against true numbers, in a box of SIDE x SIDE.

    Attributes:
        points: from the left and from above.
        ticks: of both axes: from the left, and the figure.
        left_out: points that are not drawn, as there are too many.
    """

    points: list[tuple[str, str]]
    ticks: list[Tick]
    unit: str
    left_out: int


def scatter(rows: Sequence[PredictionRow], unit: str) -> Scatter | None:
    """The plot of a number, both axes alike; None without rows."""
    pairs = [(parsed_number(row.truth), float(row.cells[0])) for row in rows if row.cells]
    if not pairs:
        return None
    step = -(-len(pairs) // MOST_POINTS)
    kept = pairs[::step]
    values = [value for pair in pairs for value in pair]
    figures = nice(min(values), max(values))
    low, span = figures[0], figures[-1] - figures[0]
    return Scatter(
        points=[
            (f"{SIDE * (x - low) / span:.1f}", f"{SIDE * (1 - (y - low) / span):.1f}")
            for x, y in kept
        ],
        ticks=[Tick(SIDE * (value - low) / span, f"{value:g}") for value in figures],
        unit=unit,
        left_out=len(pairs) - len(kept),
    )


# -- maps

GROUPS = 10
"""Groups with a colour of their own."""
PARTS = 5
"""Colours of a number."""
MAPPED = 2000
"""Points that a page draws of a map."""


@dataclass(frozen=True)
class MapGroup:
    """Points of one colour, from the left and from above, in a box of WIDTH x SIDE."""

    name: str
    look: str
    points: list[tuple[str, str]]


def map_of(points: Points) -> list[MapGroup]:
    """A map by the first thing that it can be coloured by, the largest groups first."""
    step = -(-len(points.xy) // MAPPED)
    xy = np.asarray(points.xy, dtype=float)[::step]
    low, high = xy.min(axis=0), xy.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    places = (xy - low) / span * (WIDTH, SIDE)
    values = next(iter(points.colourings.values()), [""] * len(points.xy))
    known = _named(values)[::step]
    names = [name for name, _count in Counter(known).most_common()]
    kept = names if len(names) <= GROUPS else names[: GROUPS - 1]
    found = {name: MapGroup(name, f"group{place}", []) for place, name in enumerate(kept)}
    others = MapGroup(_("Others: {count}").format(count=len(names) - len(kept)), "other", [])
    for name, (x, y) in zip(known, places.tolist(), strict=True):
        found.get(name, others).points.append((f"{x:.1f}", f"{SIDE - y:.1f}"))
    return [*found.values(), *([others] if others.points else [])]


def _named(values: Sequence[str] | np.ndarray) -> list[str]:
    """What each point is called; numbers by the fifth of them that they are in."""
    if not (isinstance(values, np.ndarray) and values.dtype.kind in "fiu"):
        return [str(value) for value in values]
    edges = sorted(set(np.quantile(values, np.linspace(0, 1, PARTS + 1)).tolist()))
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(0, len(edges) - 2))
    last = len(edges) - 1
    return [span(f"{edges[at]:.4g}", f"{edges[min(at + 1, last)]:.4g}") for at in places.tolist()]
