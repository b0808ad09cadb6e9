"""How many objects the model counts in each picture, beside how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from transfergui.core.base.figure_texts import span
from transfergui.core.base.i18n import N_, _, grouped
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.data.captions import short_caption
from transfergui.core.evaluation import box_marks
from transfergui.core.evaluation.box_words import of_count
from transfergui.core.evaluation.kinds import Chart, Line, Part, Shown, Table
from transfergui.core.figures import box_answers, box_counts
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.box_counts import Counted
from transfergui.core.views.box_threshold import CLASSES, matches_of, obstacle
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

MOST = 20
"""Pictures in the table of the largest errors."""
CLEAR = 0.05
"""Share of the objects from which on there are too many or too few in all pictures together."""


def compute(result: Result, tell: Tell) -> Shown:
    """True against predicted counts: a point for each picture and class, and the errors."""
    least = box_answers.threshold(result.report.fitted)
    found = box_counts.counted(matches_of(result), least)
    names = result.report.classes
    parts: list[Part] = [_chart(found, names), _classes(found, names)]
    parts += _pictures(found, result.rows, result.split.root)
    errors = dict(zip(names, found.errors.tolist(), strict=False))
    figures = {"count_error": float(found.errors[-1]), "count_errors": errors}
    return Shown(tuple(_notes(found, len(result.rows))), tuple(parts), figures)


def _notes(found: Counted, pictures: int) -> Iterator[Note]:
    if not np.abs(found.said - found.truth).any():
        yield Note("boxes.counts_exact", level="good")
        return
    truth, said = int(found.truth[:, -1].sum()), int(found.said[:, -1].sum())
    means = {
        "error": of_count(float(found.errors[-1])),
        "truth": of_count(truth / pictures),
        "said": of_count(said / pictures),
    }
    yield Note("boxes.counts", means)
    values = {"truth": truth, "said": said}
    if abs(said - truth) <= CLEAR * truth:
        yield Note("boxes.counts_even", values)
    elif said < truth:
        yield Note("boxes.counts_low", values)
    else:
        yield Note("boxes.counts_high", values)


def _chart(found: Counted, names: Sequence[str]) -> Chart:
    """Of many classes, only all together; many pictures may have the same counts."""
    shown_names = [*map(shown, names)] if len(names) <= CLASSES else [_("All classes")]
    columns = range(len(names)) if len(names) <= CLASSES else [len(names)]
    lines = tuple(
        Line(name, found.truth[:, at].tolist(), found.said[:, at].tolist(), points=True)
        for name, at in zip(shown_names, columns, strict=True)
    )
    most = float(max(1, found.truth[:, columns].max(), found.said[:, columns].max()))
    return Chart(
        title=_("Objects in each picture: true and predicted"),
        x_title=_("True count"),
        y_title=_("Predicted count"),
        lines=lines,
        x_range=(0.0, most),
        y_range=(0.0, most),
        diagonal=True,
    )


def _classes(found: Counted, names: Sequence[str]) -> Table:
    """Of each class, and of all together."""
    columns = (
        _("Class"),
        _("True"),
        _("Predicted"),
        _("Mean absolute error"),
        _("95 % interval"),
        _("Exact pictures"),
    )
    every = [*map(shown, names)] + ([_("All classes")] if len(names) > 1 else [])
    part = _("{count} of {total}")
    rows = []
    for at, name in enumerate(every):
        truth, said = found.truth[:, at], found.said[:, at]
        ends = found.interval(at)
        between = "–" if ends is None else span(of_count(ends.low), of_count(ends.high))
        exact = part.format(count=int((truth == said).sum()), total=len(truth))
        error = of_count(float(found.errors[at]))
        rows.append((name, grouped(truth.sum()), grouped(said.sum()), error, between, exact))
    title = _("Errors of the count in one picture")
    return Table(title, columns, tuple(rows), frozenset({1, 2, 3, 4, 5}))


def _pictures(found: Counted, rows: Sequence[PredictionRow], root: str) -> Iterator[Table]:
    """The pictures that are counted worst."""
    off = np.abs(found.said[:, :-1] - found.truth[:, :-1]).sum(1)
    worst = [at for at in np.argsort(-off, kind="stable").tolist()[:MOST] if off[at]]
    if worst:
        columns = _("Picture"), _("True"), _("Predicted"), _("Off by")
        listed = tuple(
            (
                short_caption(rows[at].path, root),
                box_marks.summary(rows[at].truth),
                box_marks.summary(rows[at].label),
                str(off[at]),
            )
            for at in worst
        )
        yield Table(_("Largest errors of the count"), columns, listed, frozenset({3}))


VIEW = View(
    key="box_counts",
    title=N_("Counts"),
    summary=N_("Shows how far off the model is when it counts the objects in a picture."),
    obstacle=obstacle,
    compute=compute,
    quick=True,
    unlisted="boxes.other_runs",
)
