"""For each error, the training examples that pull the prediction there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.looking import nearest
from transfergui.core.views.insight import Alike, alike_of, pulling
from transfergui.core.views.view import View, every_example

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.figures.metrics import PredictionRow
    from transfergui.core.views.result import Features, Result

ERRORS = 12
"""Errors that are explained, the most confident first."""
EACH = 5
"""Training examples for each; so many agree where its own label is doubted."""


def compute(result: Result, tell: Tell) -> Shown:
    """As :attr:`View.compute`."""
    wrong = _errors(result)[:ERRORS]
    train = result.features("train", tell)
    test = result.features("test", tell)
    places = {sample.path: at for at, sample in enumerate(test.samples)}
    known = [row for row in wrong if row.path in places]
    found = [(row, pulling(result, train, test, places[row.path], EACH)) for row in known]
    doubted = [_is_doubted(result, row, train, test.rows[places[row.path]]) for row in known]
    galleries = tuple(
        Gallery(_title(row, doubts), (Item(row.path, _("This error")), *map(_item, pulls)))
        for (row, pulls), doubts in zip(found, doubted, strict=True)
    )
    notes = _notes(result, found, sum(doubted))
    return Shown(notes, galleries, {"errors": [_figures(*e) for e in found]})


def _errors(result: Result) -> list[PredictionRow]:
    """The wrong predictions, the worst first."""
    targets = result.split.targets
    errors = [(result.objective.error(row, targets), row) for row in result.rows]
    return [row for error, row in sorted(errors, key=lambda each: -each[0]) if error > 0]


def _title(row: PredictionRow, doubted: bool) -> str:
    if row.confidence is None:
        text = _("Predicted “{label}”, labelled “{truth}”")
    else:
        text = _("Predicted “{label}” ({sure}), labelled “{truth}”")
    sure = percent(row.confidence, 0)
    said = text.format(label=row.label, truth=row.truth, sure=sure)
    return _("{text}: its label may be wrong").format(text=said) if doubted else said


def _is_doubted(result: Result, row: PredictionRow, train: Features, query: np.ndarray) -> bool:
    """Whether the label rather than the prediction may be wrong: all training examples that are
    most like it have the predicted class."""
    if result.objective.key != ONE_CLASS:
        return False
    nearest_ones = alike_of(train, nearest.alike(train.rows, query), result.split.classes, EACH)
    return {each.label for each in nearest_ones} == {row.label}


def _item(alike: Alike) -> Item:
    return Item(alike.path, alike.label)


def _notes(
    result: Result, found: list[tuple[PredictionRow, list[Alike]]], doubted: int
) -> tuple[Note, ...]:
    if not found:
        return (Note("because.no_errors", level="good"),)
    if doubted:
        values = {"count": doubted, "total": len(found)}
        labels = Note("because.label_errors", values, "warning")
        return (labels, Note("because.pulling"), Note("because.what_to_do"))
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
    summary=N_("Shows the training examples that contribute most to each error."),
    obstacle=_obstacle,
    compute=compute,
    looked_at=every_example,
)
