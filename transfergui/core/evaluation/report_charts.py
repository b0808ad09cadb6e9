"""The plots of ``report.html`` as data: curves over epochs, and predicted against true numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.data.targets import ONE_CLASS, parsed_number
from transfergui.core.figures.metrics import PredictionRow
from transfergui.core.runs.history import History

WIDTH, HEIGHT = 640, 240
POINTS = 400
TICKS = 5
"""About so many parts of an axis."""


Kind = Literal["train", "val"]


@dataclass(frozen=True)
class Curve:
    """``points`` as an SVG polyline wants them, in a box of WIDTH x HEIGHT."""

    kind: Kind
    points: str


@dataclass(frozen=True)
class Tick:
    """A line of the grid: where it lies in the box, and the figure beside it."""

    place: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Curves that share their axes.

    Attributes:
        across, up: the ticks of the axes; the box ends at the first and the last of ``up``.
    """

    title: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    curves: tuple[Curve, ...]


Line = list[tuple[float, float]]


def charts(history: History) -> list[Chart]:
    """Loss and accuracy over the epochs; a chart without points is left out."""
    rows = history.epochs
    loss: dict[Kind, Line] = {
        "train": _points(zip(history.steps, history.smoothed, strict=True)),
        "val": _points((row.epoch, row.val_loss) for row in rows),
    }
    accuracy: dict[Kind, Line] = {
        "train": _points((row.epoch, row.train_score) for row in rows),
        "val": _points((row.epoch, row.val_score) for row in rows),
    }
    score = registry.objective(history.started.objective if history.started else ONE_CLASS).curve
    span = (0.0, 1.0) if score.share else (0.0, None)
    found = (_chart(_("Loss"), loss), _chart(_(score.title), accuracy, *span))
    return [chart for chart in found if chart is not None]


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


def _points(line: Iterable[tuple[float, float | None]]) -> Line:
    """Without what was not measured and what is not finite."""
    return [(x, y) for x, y in line if y is not None and math.isfinite(y)]


def _chart(
    title: str, lines: Mapping[Kind, Line], low: float | None = None, high: float | None = None
) -> Chart | None:
    points = [point for line in lines.values() for point in line]
    if not points:
        return None
    figures = nice(
        min(y for x, y in points) if low is None else low,
        max(y for x, y in points) if high is None else high,
    )
    low, high = figures[0], figures[-1]
    epochs = max(x for x, y in points) or 1
    numbers = [number for number in nice(0, epochs) if number <= epochs and number % 1 == 0]
    return Chart(
        title,
        across=tuple(Tick(WIDTH * number / epochs, f"{number:g}") for number in numbers),
        up=tuple(Tick(HEIGHT * (high - y) / (high - low), f"{y:g}") for y in figures),
        curves=tuple(
            Curve(kind, _polyline(line, epochs, low, high)) for kind, line in lines.items() if line
        ),
    )


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


def _polyline(line: Line, epochs: float, low: float, high: float) -> str:
    step = -(-len(line) // POINTS)
    kept = line[::step] + ([line[-1]] if (len(line) - 1) % step else [])
    across, up = WIDTH / epochs, HEIGHT / (high - low)
    return " ".join(f"{x * across:.1f},{HEIGHT - (y - low) * up:.1f}" for x, y in kept)
