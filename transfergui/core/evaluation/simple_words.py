"""A model beside simple methods without a backbone, in words: whether transfer learning helped."""

from __future__ import annotations

from transfergui.core.base.figure_texts import hundredths, told_apart
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation.baseline_words import MANY
from transfergui.core.evaluation.figure_words import with_decimals
from transfergui.core.figures.intervals import clearly_above
from transfergui.core.figures.metrics import Report

NOT_WORTH_IT = {
    (True, True): "report.frozen_worse",
    (True, False): "report.frozen_not_worth_it",
    (False, True): "report.worse",
    (False, False): "report.not_worth_it",
}
"""What to say by whether the backbone was frozen, and clearly worse than the simple method."""


SEARCHED = {True: "report.searched_worse", False: "report.searched_not_worth_it"}
"""The same where more than freezing was tried: it is not advised again."""


BELOW = {
    "report.frozen_not_worth_it": "report.frozen_below",
    "report.not_worth_it": "report.below",
    "report.searched_not_worth_it": "report.searched_below",
}
"""The same where the model is below the simple method, but not clearly."""


AS_IT_IS = frozenset({"feature_extraction", "fusion"})
"""Strategies that freeze every backbone."""


def notes(report: Report) -> list[Note]:
    """Whether transfer learning helped, beside the best of the baselines without a backbone."""
    best = max(report.baselines, key=lambda simple: simple.accuracy, default=None)
    if best is None or report.accuracy is None:
        return []
    right, simple, n = report.accuracy, best.accuracy, min(best.n, report.n)
    shares = told_apart(with_decimals, right, simple)
    values = {"title": _(best.title), "right": shares[0], "simple": shares[1]}
    if not report.transferred:
        return [Note("report.nothing_transferred", values)]
    if clearly_above(right, simple, n):
        gain = max(1, int(hundredths(right - simple)))
        return [Note("report.worth_it", {**values, "gain": gain}, "good")]
    if right > simple and n < MANY:
        return [Note("report.maybe_worth_it", values)]
    worse = clearly_above(simple, right, n)
    searched = bool(report.frozen) and not AS_IT_IS.issuperset(report.tried)
    code = SEARCHED[worse] if searched else NOT_WORTH_IT[bool(report.frozen), worse]
    code = code if worse or right >= simple else BELOW[code]
    return [Note(code, values, "warning")]
