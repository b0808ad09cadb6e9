"""What predictions of the test set rest on: heat maps of right and wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.figures.intervals import Z95, wilson
from transfergui.core.looking import explain
from transfergui.core.looking.explain import Explainer, Explanation
from transfergui.core.views.view import View, nothing_in_the_way

if TYPE_CHECKING:
    from transfergui.core.figures.metrics import PredictionRow
    from transfergui.core.views.result import Result

SHOWN = 8
"""Errors, and as many correct predictions."""
MEASURED = 100
"""Test pictures of which the heat on the border is measured: the error is then below 3 points."""
FEWEST = 10
"""Below so many pictures nothing is said about the border."""
BATCH = 8


def compute(result: Result, tell: Tell) -> Shown:
    """As :attr:`View.compute`."""
    explainer = Explainer(result.model)
    wrong, right = _chosen(result)
    rows = [*wrong, *right]
    more = _spread(result.rows, MEASURED)
    total = len(rows) + len(more)
    found: list[tuple[PredictionRow, Explanation]] = []
    for done, row in enumerate(rows):
        tell(done, total)
        try:
            found.append((row, explainer.explain(result.root / row.path)))
        except UserError:  # the file is gone or damaged; the report says so
            continue
    shares: list[float] = []
    if found and found[0][1].border is not None:
        shares = _border_shares(result, explainer, more, lambda at: tell(len(rows) + at, total))
    explanations = [each for _row, each in found]
    galleries = (
        Gallery(_("Errors, most confident first"), _items(found, False, result)),
        Gallery(_("Correct predictions"), _items(found, True, result)),
    )
    return Shown(
        (*_notes(explanations), *border_notes(shares)),
        tuple(gallery for gallery in galleries if gallery.items),
        _figures(explanations, shares),
    )


def _chosen(result: Result) -> tuple[list[PredictionRow], list[PredictionRow]]:
    """Errors, the worst first; correct ones, spread over the test set."""
    targets = result.split.targets
    errors = [(result.objective.error(row, targets), row) for row in result.rows]
    wrong = sorted((e for e in errors if e[0] > 0), key=lambda each: -each[0])
    right = [row for error, row in errors if error == 0]
    return [row for _error, row in wrong[:SHOWN]], _spread(right, SHOWN)


def _spread(rows: Sequence[PredictionRow], count: int) -> list[PredictionRow]:
    """Up to ``count`` of them, at equal distances: they are sorted by class."""
    places = np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int))
    return [rows[at] for at in places.tolist()]


def _items(
    found: Sequence[tuple[PredictionRow, Explanation]], right: bool, result: Result
) -> tuple[Item, ...]:
    targets = result.split.targets
    return tuple(
        Item(row.path, _caption(row, each), beside=each.preview)
        for row, each in found
        if (result.objective.error(row, targets) == 0) == right
    )


def _caption(row: PredictionRow, explanation: Explanation) -> str:
    sure = "" if row.confidence is None else f" {percent(row.confidence, 0)}"
    if row.right:
        text = f"{row.label}{sure}"
    else:
        text = _("{label}, not {truth}").format(label=f"{row.label}{sure}", truth=row.truth)
    doubtful = explanation.check is not None and not explanation.check.reliable
    return _("{text} (map not reliable)").format(text=text) if doubtful else text


# -- in words


def _notes(explanations: Sequence[Explanation]) -> tuple[Note, ...]:
    if not explanations:
        return ()
    return (*check_notes(explanations), explain.legend(explanations[0]))


def check_notes(explanations: Sequence[Explanation]) -> tuple[Note, ...]:
    """Whether the maps hold what they claim, by more than chance explains."""
    checked = [each.check.reliable for each in explanations if each.check is not None]
    interval = wilson(sum(checked), len(checked))
    if interval is None:
        return ()
    sure = interval.low > explain.CHANCE
    values = {
        "count": sum(checked),
        "n": len(checked),
        "chance": percent(explain.CHANCE, 0),
    }
    if sure:
        return (Note("looking.maps_reliable", values, "good"),)
    return (Note("looking.maps_unreliable", values, "warning"),)


def border_notes(shares: Sequence[float]) -> tuple[Note, ...]:
    """How much of the heat lies on the border.

    A warning from where the border counts more than its area, by more than chance explains: who
    takes a picture of something has it in the middle, so a model that rests on it does less.
    """
    if len(shares) < FEWEST:
        return ()
    mean = float(np.mean(shares))
    half = Z95 * float(np.std(shares, ddof=1)) / len(shares) ** 0.5
    values = {
        "share": percent(mean, 0),
        "area": percent(explain.BORDER_AREA, 0),
        "count": len(shares),
    }
    if mean - half > explain.BORDER_AREA:
        return (Note("looking.border", values, "warning"),)
    return (Note("looking.middle", values),)


def _border_shares(
    result: Result,
    explainer: Explainer,
    rows: Sequence[PredictionRow],
    tell: Callable[[int], None],
) -> list[float]:
    shares: list[float] = []
    for start in range(0, len(rows), BATCH):
        tell(start)
        prepared = []
        for row in rows[start : start + BATCH]:
            try:
                prepared.append(result.model.read(result.root / row.path))
            except UserError:  # as above
                continue
        if prepared:
            heats = explainer.heat(prepared, explainer.predicted(prepared))
            shares += [explain.border_share(heat) for heat in heats if heat.any()]
    return shares


def _figures(explanations: Sequence[Explanation], shares: Sequence[float]) -> dict[str, object]:
    checked = [each.check.reliable for each in explanations if each.check is not None]
    figures: dict[str, object] = {"checked": len(checked), "reliable": sum(checked)}
    if shares:
        figures["border_share"] = round(float(np.mean(shares)), 4)
        figures["border_area"] = explain.BORDER_AREA
    return figures


VIEW = View(
    key="where_it_looks",
    title=N_("Where the model looks"),
    summary=N_(
        "Heat maps show which parts of an example a prediction rests on, and a test says whether "
        "they can be believed."
    ),
    obstacle=nothing_in_the_way,
    compute=compute,
)
