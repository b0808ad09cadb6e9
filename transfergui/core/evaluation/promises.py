"""A promise that a model is wrong at most so often when it answers, made of what is kept of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import per_cent, percent
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import report
from transfergui.core.evaluation.prediction import certainty
from transfergui.core.figures import selective
from transfergui.core.runs import doubts

if TYPE_CHECKING:
    from transfergui.core.data.targets import Targets
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.runs.doubts import Doubts, Promise
    from transfergui.core.runs.run import Run

CHOICES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of wrong answers that the window offers."""


TENS = 10
"""Examples to collect are named to so many; nobody knows better."""


def promised_text(at_most_wrong: float) -> str:
    """``5 %``"""
    return per_cent(f"{100 * at_most_wrong:.4g}")


def made(known: Doubts | None, objective: Objective, at_most_wrong: float) -> Promise:
    """The promise.

    Raises:
        UserError: ``promise.no_confidence``, ``promise.unknown``, ``promise.too_few``,
            ``promise.too_often``: it cannot be made; where it can be with more examples, about how
            many that takes.
    """
    if not objective.confident:
        raise UserError("promise.no_confidence")
    if known is None or not len(known.confidence):
        raise UserError("promise.unknown")
    found = selective.promise(known.confidence, known.right, at_most_wrong)
    if found is not None:
        return found
    needed = selective.needed(known.confidence, known.right, at_most_wrong)
    wrong, count = promised_text(at_most_wrong), len(known.confidence)
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
        found = tested(promise, rows, objective, run.split.targets)
        values = {"n": len(rows), "count": found.unanswered, "noun": noun}
        values |= {"answered": found.answered, "wrong": found.wrong}
        notes.append(Note("promise.tested", values))
    return notes


@dataclass(frozen=True)
class Tested:
    """What a promise comes to on the test samples: how many get an answer, and which are wrong."""

    unanswered: int
    answered: int
    wrong: int


def tested(
    promise: Promise, rows: Sequence[PredictionRow], objective: Objective, targets: Targets
) -> Tested:
    """As :class:`Tested`, of the predictions of a report."""
    confidence, right = certainty(rows, objective, targets)
    given = confidence >= promise.below
    return Tested(int((~given).sum()), int(given.sum()), int((given & ~right).sum()))


@dataclass(frozen=True)
class Offer:
    """What a user can choose.

    Attributes:
        promise: None where it cannot be made.
        refusal: the sentence why.
    """

    at_most_wrong: float
    promise: Promise | None
    refusal: Note | None = None


def offers(known: Doubts | None, objective: Objective) -> Iterator[Offer]:
    """One for each of :data:`CHOICES`."""
    for share in CHOICES:
        try:
            yield Offer(share, made(known, objective, share))
        except UserError as error:
            yield Offer(share, None, error.note)


def choose(run: Run, objective: Objective, at_most_wrong: float | None) -> Promise | None:
    """Make a promise and keep it in the run, from where Predict and all exports take it.

    Args:
        at_most_wrong: None to predict always.

    Raises:
        UserError: as :func:`made`, ``promise.too_few`` as ``promise.too_few_in_all``;
            ``disk.full``. What was kept before stays.
    """
    known = doubts.kept(run.path, strangers=False).doubts
    try:
        promise = None if at_most_wrong is None else made(known, objective, at_most_wrong)
    except UserError as error:
        values, sizes = error.note.values, run.split.sizes()
        if error.code != "promise.too_few" or not values["count"] <= sizes["val"]:
            raise
        in_all = math.ceil(values["needed"] / values["count"] * sum(sizes.values()) / TENS) * TENS
        raise UserError("promise.too_few_in_all", **values, total=in_all) from None
    doubts.keep_wanted(run.path, at_most_wrong)
    return promise


def kept(known: Doubts | None, objective: Objective, at_most_wrong: float | None) -> Promise | None:
    """As :func:`made`; None where nothing is asked for, or it cannot be promised."""
    if at_most_wrong is None:
        return None
    try:
        return made(known, objective, at_most_wrong)
    except UserError:
        return None
