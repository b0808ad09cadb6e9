"""What views and reports show, as neutral data that the window and ``report.html`` draw.

A new view is made of these; it touches neither the window nor the report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.interfaces.samples import MarkedBox, Preview

Role = Literal["train", "val", "test", "baseline", "plain"]
"""What a line is of; its colour and dash follow from it."""


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Attributes:
        name: for the legend, in the user's language.
        x, y: [N], in the units of the axes; NaN leaves a gap.
        low, high: ends of a band around it [N].
        points: points that are not joined.
        band_only: the band is drawn without the line: it alone can be told.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    role: Role = "plain"
    points: bool = False
    band_only: bool = False


@dataclass(frozen=True)
class Chart:
    """Lines over axes.

    Attributes:
        x_title, y_title: what the axes are, with the unit.
        x_percent, y_percent: shares, shown in per cent.
        x_logarithmic: equal ratios take equal room.
        x_range, y_range: what is shown at least; by default what there is.
        diagonal: whether the line on which both are equal is drawn.
    """

    title: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    x_percent: bool = False
    y_percent: bool = False
    x_logarithmic: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    diagonal: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of texts.

    Attributes:
        figures: the columns that hold figures, which stand on the right.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Item:
    """One sample of a gallery.

    Attributes:
        path: relative to the folder of the data; empty where it is no sample of theirs.
        caption: what is said of it.
        preview: what is shown of it; by default, what the modality shows.
        beside: what is shown beside that: a heat map, say.
        part: of a picture, what alone is shown until one looks at the whole: left, top, right and
            bottom as shares of its width and height.
        boxes: that are drawn in the picture; alike in all items of one path.
        marked: which of them this item is about: it alone is drawn in the part.
    """

    path: str
    caption: str = ""
    preview: Preview | None = None
    beside: Preview | None = None
    part: tuple[float, float, float, float] | None = None
    boxes: tuple[MarkedBox, ...] = ()
    marked: tuple[MarkedBox, ...] = ()


@dataclass(frozen=True)
class Gallery:
    """Samples side by side."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Points:
    """A map of samples.

    Attributes:
        xy: float32 [N, 2].
        paths: [N], relative to the folder of the data.
        colourings: what the points can be coloured by, in the user's language: for each point [N] a
            category or a number.
        layout: what this way to lay them out is called.
        layouts: others, by what they are called: each computes float32 [N, 2], which takes longer.
    """

    title: str
    xy: np.ndarray
    paths: Sequence[str]
    colourings: Mapping[str, Sequence[str] | np.ndarray]
    layout: str = ""
    layouts: Mapping[str, Callable[[Tell], np.ndarray]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sweep:
    """A chart of what comes of a threshold that one moves.

    Attributes:
        chart: as it is at every threshold.
        name: of the threshold, in the user's language.
        thresholds: that can be chosen, rising; shares [M].
        x, y: the point of the chart at each [M].
        said: what comes of each, by its number.
        chosen: the number of the one that the model has.
        table: what comes of each in more detail, by its number; the same rows at every one.
    """

    chart: Chart
    name: str
    thresholds: Sequence[float]
    x: Sequence[float]
    y: Sequence[float]
    said: Callable[[int], str]
    chosen: int
    table: Callable[[int], Table] | None = None

    @property
    def still(self) -> Chart:
        """The chart with the point of the model, where nothing moves."""
        at = self.chosen
        point = Line(
            _("Threshold of the model"), [self.x[at]], [self.y[at]], role="test", points=True
        )
        return replace(self.chart, lines=(*self.chart.lines, point))


Part = Chart | Sweep | Table | Gallery | Points


@dataclass(frozen=True)
class Shown:
    """What a view shows.

    Attributes:
        notes: sentences, the most important one first.
        figures: what ``report.json`` says of it.
    """

    notes: tuple[Note, ...] = ()
    parts: tuple[Part, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)
