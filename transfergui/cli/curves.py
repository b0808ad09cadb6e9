"""Loss and accuracy over the epochs, drawn with plain characters: the window's curves as text.

::

    loss
     2.213 |o
           |.o
           | .oo
     0.080 |   ..oooooo
           +-----^-----
            . training  o validation  ^ best of 10 epochs: 5
"""

import math
from collections.abc import Iterator, Sequence

from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _
from transfergui.core.evaluation.curves import followed
from transfergui.core.runs.history import History

COLUMNS, ROWS = 60, 8
"""Of the area in which the curves are drawn; not so wide where there are few epochs."""
MARKS = ".o"
"""Of training and of validation, which lies above."""
BEST = "^"

Curve = Sequence[float | None]
"""A value per epoch; None, and what is not finite, leaves a gap."""


def lines(history: History) -> list[str]:
    """Both charts and what their marks mean; nothing before the end of the first epoch."""
    rows = history.epochs
    if not rows:
        return []
    losses = [r.train_loss for r in rows], [r.val_loss for r in rows]
    shares = [r.train_score for r in rows], [r.val_score for r in rows]
    score = followed(history).curve
    factor = 100 if score.share else 1
    figures = [[None if s is None else factor * s for s in curve] for curve in shares]
    title = within(_(score.title))
    title = _("{title} in %").format(title=title) if score.share else title
    best = None if history.best is None else rows.index(history.best)
    drawn = [*_chart(_("loss"), losses, best), *_chart(title, figures, best)]
    return [*drawn, _legend(len(rows), best)]


def _chart(title: str, curves: Sequence[Curve], best: int | None) -> Iterator[str]:
    """One chart: title, area and axis. The scale reaches from the lowest value to the highest."""
    finite = [v for curve in curves for v in curve if v is not None and math.isfinite(v)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    count = len(curves[0])
    width = _column(count - 1, count) + 1
    area = [[" "] * width for _row in range(ROWS)]
    for mark, curve in zip(MARKS, curves, strict=True):
        for epoch, value in enumerate(curve):
            if value is not None and math.isfinite(value):
                level = (value - low) / ((high - low) or 1.0)
                area[round((1 - level) * (ROWS - 1))][_column(epoch, count)] = mark
    labels = [f"{high:.3f}", *[""] * (ROWS - 2), f"{low:.3f}"]
    axis = ["-"] * width
    if best is not None:
        axis[_column(best, count)] = BEST
    yield title
    for label, line in zip(labels, area, strict=True):
        yield f"{label:>8} |{''.join(line)}".rstrip()
    yield f"{'':>8} +{''.join(axis)}"


def _column(epoch: int, epochs: int) -> int:
    """Where an epoch (from 0) stands; where there are many, the last of a column is seen."""
    return epoch * (COLUMNS // epochs) if epochs <= COLUMNS else epoch * COLUMNS // epochs


def _legend(epochs: int, best: int | None) -> str:
    training, validation = _("training"), _("validation")
    parts = [f"{MARKS[0]} {training}", f"{MARKS[1]} {validation}"]
    if best is not None:
        text = _("best epoch: {best} of {epochs}")
        parts.append(f"{BEST} {text.format(epochs=epochs, best=best + 1)}")
    return " " * 10 + "   ".join(parts)
