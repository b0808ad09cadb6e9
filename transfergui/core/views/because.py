"""For each error, the training examples that pull the prediction there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.views.insight import Alike, pulling
from transfergui.core.views.view import View, every_example

if TYPE_CHECKING:
    from transfergui.core.figures.metrics import PredictionRow
    from transfergui.core.views.result import Result

ERRORS = 12
"""Errors that are explained, the most confident first."""
EACH = 5
"""Training examples for each."""


def compute(result: Result, tell: Tell) -> Shown:
    """As :attr:`View.compute`."""
    wrong = _errors(result)[:ERRORS]
    train = result.features("train", tell)
    test = result.features("test", tell)
    places = {sample.path: at for at, sample in enumerate(test.samples)}
    found = [
        (row, pulling(result, train, test, places[row.path], EACH))
        for row in wrong
        if row.path in places
    ]
    galleries = tuple(
        Gallery(_title(row), (Item(row.path, _("This error")), *map(_item, pulls)))
        for row, pulls in found
    )
    return Shown(_notes(result, found), galleries, {"errors": [_figures(*e) for e in found]})


def _errors(result: Result) -> list[PredictionRow]:
    """The wrong predictions, the worst first."""
    targets = result.split.targets
    errors = [(result.objective.error(row, targets), row) for row in result.rows]
    return [row for error, row in sorted(errors, key=lambda each: -each[0]) if error > 0]


def _title(row: PredictionRow) -> str:
    if row.confidence is None:
        text = _("Predicted {label}, but {truth} is correct")
    else:
        text = _("Predicted {label} ({sure}), but {truth} is correct")
    sure = percent(row.confidence, 0)
    return text.format(label=row.label, truth=row.truth, sure=sure)


def _item(alike: Alike) -> Item:
    return Item(alike.path, alike.label)


def _notes(result: Result, found: list[tuple[PredictionRow, list[Alike]]]) -> tuple[Note, ...]:
    if not found:
        return (Note("because.no_errors", level="good"),)
    if result.objective.key == ONE_CLASS:
        return (Note("because.pulling"), Note("because.what_to_do"))
    return (Note("because.alike"), Note("because.what_to_do"))


def _figures(row: PredictionRow, pulls: list[Alike]) -> dict[str, object]:
    examples = [
        {"path": each.path, "label": each.label, "likeness": round(each.likeness, 4)}
        for each in pulls
    ]
    return {"path": row.path, "truth": row.truth, "label": row.label, "because": examples}


def _obstacle(result: Result) -> str:
    return "" if result.rows else "because.no_test"


VIEW = View(
    key="because",
    title=N_("Because of these"),
    summary=N_("For each error, the training examples that pull the prediction there."),
    obstacle=_obstacle,
    compute=compute,
    looked_at=every_example,
)
