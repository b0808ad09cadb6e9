"""For each error, the training examples that pull the prediction there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.figure_texts import figure_text, percent, suffix
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.data import unread
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.views.insight import Alike
from transfergui.core.views.pulling import Pulled, Pulling
from transfergui.core.views.view import OF_WHOLE, View, every_example, of_whole

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.views.result import Result

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
    pulling = Pulling(result, train, test, EACH)
    found: list[tuple[PredictionRow, Pulled]] = []
    for row in (row for row in wrong if row.path in places):
        tell(len(found), len(wrong))
        found.append((row, pulling.of(places[row.path])))
    galleries = tuple(
        Gallery(
            _title(result, row, pulled),
            (Item(row.path, _("This error")), *(_item(result, each) for each in pulled.examples)),
        )
        for row, pulled in found
    )
    asked = (*result.part("train"), *result.part("test"))
    left_out = unread.notes(asked, (*train.samples, *test.samples), result.modality.many)
    notes = (*left_out, *(_notes(result, found) if found or not wrong else ()))
    return Shown(notes, galleries, {"errors": [_figures(result, *each) for each in found]})


def _errors(result: Result) -> list[PredictionRow]:
    """The wrong predictions, the worst first."""
    targets = result.split.targets
    errors = [(result.objective.error(row, targets), row) for row in result.rows]
    return [row for error, row in sorted(errors, key=lambda each: -each[0]) if error > 0]


def _title(result: Result, row: PredictionRow, pulled: Pulled) -> str:
    if row.confidence is None:
        text = _("Predicted “{label}”, labelled “{truth}”")
    else:
        text = _("Predicted “{label}” ({sure}), labelled “{truth}”")
    sure = percent(row.confidence, 0)
    said = text.format(label=row.label, truth=row.truth, sure=sure)
    if result.objective.key == NUMBER:
        way = (
            _("{text}: what raises the prediction")
            if pulled.raises
            else _("{text}: what lowers the prediction")
        )
        said = way.format(text=said)
    elif pulled.output is not None:
        way = (
            _("{text}: what raises “{name}”")
            if pulled.raises
            else _("{text}: what lowers “{name}”")
        )
        said = way.format(text=said, name=result.model.classes[pulled.output])
    return _("{text}: its label may be wrong").format(text=said) if pulled.doubted else said


def _item(result: Result, alike: Alike) -> Item:
    if alike.moves is None:
        return Item(alike.path, alike.label)
    return Item(alike.path, f"{alike.label}\n{_amount(result, alike.moves)}")


def _amount(result: Result, moves: float) -> str:
    """``+1.3 cm``, or ``-4 points`` of a probability."""
    if result.objective.key == NUMBER:
        unit = suffix(result.split.targets.unit)
        return f"{'+' if moves >= 0 else '−'}{figure_text(float(f'{abs(moves):.2g}'))}{unit}"
    text = f"{100 * moves:+.1f}".replace("-", "−")
    return _("{count} points").format(count=text)


def _notes(result: Result, found: list[tuple[PredictionRow, Pulled]]) -> tuple[Note, ...]:
    if not found:
        return (Note("because.no_errors", level="good"),)
    doubted = sum(pulled.doubted for _row, pulled in found)
    values = {"count": doubted, "total": len(found)}
    labels = (Note("because.label_errors", values, "warning"),) if doubted else ()
    if result.objective.key == ONE_CLASS:
        return (*labels, Note("because.pulling"), Note("because.what_to_do"))
    agreed = sum(bool(pulled.agrees) for _row, pulled in found)
    values = {"count": agreed, "total": len(found)}
    how = Note("because.moving", values, "warning" if agreed < len(found) / 2 else "info")
    return (*labels, how, Note("because.what_to_do"))


def _figures(result: Result, row: PredictionRow, pulled: Pulled) -> dict[str, object]:
    examples = [
        {"path": each.path, "label": each.label}
        | (
            {"likeness": round(each.likeness, 4)}
            if each.moves is None
            else {"moves": float(f"{each.moves:.4g}")}
        )
        for each in pulled.examples
    ]
    of = {} if pulled.output is None else {"output": result.model.classes[pulled.output]}
    known = {"path": row.path, "truth": row.truth, "label": row.label, **of}
    return {**known, "label_doubted": pulled.doubted, "because": examples}


def _obstacle(result: Result) -> str:
    return "" if result.rows else "because.no_test"


VIEW = View(
    key="because",
    title=N_("Because of these"),
    summary=N_("Shows the training examples that contribute most to each error."),
    obstacle=of_whole(_obstacle),
    compute=compute,
    looked_at=every_example,
    unlisted=OF_WHOLE,
)
