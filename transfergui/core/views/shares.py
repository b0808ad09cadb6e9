"""A chart of shares with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

from transfergui.core.base.i18n import _
from transfergui.core.evaluation.kinds import Chart, Line
from transfergui.core.figures.intervals import Interval

Point = tuple[float, float, Interval]
"""What the share is by, in [0, 1], the share, and its 95 % interval."""


def shares_chart(
    title: str, axes: tuple[str, str], points: Sequence[Point], diagonal: bool = False
) -> Chart:
    """Shares of the test set in groups.

    Args:
        axes: what is across and what is up, translated.
        diagonal: as of :class:`.kinds.Chart`.
    """
    line = Line(
        name=_("Test set"),
        x=[across for across, _share, _interval in points],
        y=[share for _across, share, _interval in points],
        low=[interval.low for _across, _share, interval in points],
        high=[interval.high for _across, _share, interval in points],
        role="test",
    )
    return Chart(
        title=title,
        x_title=axes[0],
        y_title=axes[1],
        lines=(line,),
        x_percent=True,
        y_percent=True,
        y_range=(0.0, 1.0),
        diagonal=diagonal,
    )
