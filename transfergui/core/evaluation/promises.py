"""A promise that a model is wrong at most so often when it answers, made of what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import per_cent, percent
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import report
from transfergui.core.evaluation.prediction import certainty
from transfergui.core.figures import selective

if TYPE_CHECKING:
    from transfergui.core.interfaces import Objective
    from transfergui.core.runs.doubts import Doubts, Promise
    from transfergui.core.runs.run import Run

CHOICES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of wrong answers that the window offers."""


def promised_text(at_most_wrong: float) -> str:
    """``5 %``"""
    return per_cent(f"{100 * at_most_wrong:.4g}")


def made(doubts: Doubts | None, objective: Objective, at_most_wrong: float) -> Promise:
    """The promise.

    Raises:
        UserError: ``promise.no_confidence``, ``promise.unknown``, ``promise.too_few``,
            ``promise.too_often``: it cannot be made; where it can be with more examples, about how
            many that takes.
    """
    if not objective.confident:
        raise UserError("promise.no_confidence")
    if doubts is None or not len(doubts.confidence):
        raise UserError("promise.unknown")
    found = selective.promise(doubts.confidence, doubts.right, at_most_wrong)
    if found is not None:
        return found
    needed = selective.needed(doubts.confidence, doubts.right, at_most_wrong)
    wrong, count = promised_text(at_most_wrong), len(doubts.confidence)
    if needed is None:
        raise UserError("promise.too_often", wrong=wrong, count=count)
    raise UserError("promise.too_few", wrong=wrong, count=count, needed=needed)


def told(promise: Promise, run: Run | None, objective: Objective, noun: str) -> list[Note]:
    """What it comes to: on the validation samples that it was made of, and on the test samples.

    Args:
        run: of the model; None where it is not at hand.
        noun: what the samples are called.
    """
    notes = [
        Note(
            "promise.made",
            {
                "wrong": promised_text(promise.at_most_wrong),
                "count": promise.unanswered,
                "n": promise.examples,
                "below": percent(promise.below),
                "noun": noun,
            },
        )
    ]
    rows = [] if run is None else report.load_predictions(run.path)
    if rows and run is not None and run.report().get("measured_on") == "test":
        confidence, right = certainty(rows, objective, run.split.targets)
        given = confidence >= promise.below
        values = {"n": len(rows), "count": int((~given).sum()), "noun": noun}
        values |= {"answered": int(given.sum()), "wrong": int((given & ~right).sum())}
        notes.append(Note("promise.tested", values))
    return notes


def kept(
    doubts: Doubts | None, objective: Objective, at_most_wrong: float | None
) -> Promise | None:
    """As :func:`made`; None where nothing is asked for, or it cannot be promised."""
    if at_most_wrong is None:
        return None
    try:
        return made(doubts, objective, at_most_wrong)
    except UserError:
        return None
