"""By how much one run is better than another, measured on the test examples of both."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import outcomes
from transfergui.core.evaluation.difference_texts import (
    BALANCED,
    ends_text,
    figure_title,
    rounded_up,
)
from transfergui.core.evaluation.outcomes import Outcomes
from transfergui.core.evaluation.report import PREDICTIONS, VALIDATED, load, load_predictions
from transfergui.core.evaluation.rescored import NOTHING_RESCORED, Rescored, rescored
from transfergui.core.figures import detection, multilabel
from transfergui.core.figures import paired as pairs
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.detection import Matches
from transfergui.core.figures.grouped import Groups
from transfergui.core.figures.metrics import Report
from transfergui.core.figures.paired import Paired, Verdict
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import REPORT, Run


@dataclass(frozen=True)
class PairedDifference:
    """Of the figures of two runs, the second minus the first, on the examples of both.

    Attributes:
        figure: key of the figure: that of the objective, or ``balanced_accuracy``.
        shared: how many examples both were tested on.
        same: whether neither was tested on any other.
        first, second: the figures on these.
        found: the difference, and what may be said of it.
        first_only, second_only: how many only the one, or only the other, predicts correctly; 0
            where an example is not right or wrong.
        groups: how many groups the examples are of; 0 where they stand each for itself.
        relabelled: how many of them were relabelled between the runs: both are compared on the
            labels of the later one.
        unknown: how many more were, but as a class that the earlier run does not know.
    """

    figure: str
    shared: int
    same: bool
    first: float
    second: float
    found: Paired
    first_only: int = 0
    second_only: int = 0
    groups: int = 0
    relabelled: int = 0
    unknown: int = 0

    @property
    def value(self) -> float:
        return self.found.difference

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval of :attr:`value`; NaN where that is unknown."""
        return self.found.low

    @property
    def high(self) -> float:
        return self.found.high

    @property
    def known(self) -> bool:
        """Whether anything is known of how much the examples differ: there is an interval."""
        return math.isfinite(self.low)

    @property
    def verdict(self) -> Verdict:
        """Of the second run."""
        return self.found.verdict

    @property
    def clear(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self.found.verdict != "unclear"


@dataclass(frozen=True)
class Side:
    """What is compared of one model on its test examples.

    Attributes:
        groups: of each example; none where they stand each for itself.
        rows: its predictions, in the order of ``found``.
    """

    report: Report
    found: Outcomes
    groups: Groups = ()
    rows: Sequence[PredictionRow] = ()


def side_of(run: Run, folder: Path | None = None) -> Side | None:
    """What is compared of a run; None of one that was not tested.

    Args:
        folder: where report and predictions are; by default those of the run.

    Raises:
        UserError: ``run.damaged``.
    """
    if not ((folder or run.path) / REPORT).exists():
        return None
    return _side(run, load(folder or run.path), load_predictions(folder or run.path))


def validated(run: Run) -> Side | None:
    """What is compared of a run on its validation samples; None where that was not kept.

    Raises:
        UserError: ``run.damaged``.
    """
    report, rows = load(run.path), load_predictions(run.path, VALIDATED)
    found = outcomes.outcomes(report, rows)
    if found is None:
        return None
    return Side(report, found, outcomes.groups_of(run.split, found.keys))


def _side(run: Run, report: Report, rows: Sequence[PredictionRow]) -> Side | None:
    found = outcomes.outcomes(report, rows)
    if found is None:
        return None
    groups = outcomes.groups_of(run.split, found.keys) if _grouped(report) else ()
    return Side(report, found, groups, rows)


def sides_of(first: Run, second: Run) -> tuple[Side, Side, Rescored] | None:
    """What is compared of two runs: the earlier one on the labels of the later one, where an
    example was relabelled between them. None where one was not tested.

    Raises:
        UserError: ``run.damaged``.
    """
    one, other = side_of(first), side_of(second)
    if one is None or other is None:
        return None
    if one.found.objective != other.found.objective or one.found.keys == other.found.keys:
        return one, other, NOTHING_RESCORED
    swapped = first.began > second.began
    early, late, side = (second, first, one) if swapped else (first, second, other)
    report = load(early.path)
    made = rescored(early, load_predictions(early.path), late, dict(side.found.keys), report)
    again = _side(early, report, made.rows)
    if again is None:
        return one, other, NOTHING_RESCORED
    return (one, again, made) if swapped else (again, other, made)


def require_tested(run: Run) -> None:
    """Insist that what a test of a run wrote is there.

    Raises:
        UserError: ``compare.not_tested``; ``run.damaged``: a file is missing.
    """
    ended = run.history().outcome
    tested = isinstance(ended, ev.Finished) and ended.outcome != "cancelled"
    for name in (REPORT, PREDICTIONS):
        if not (run.path / name).is_file():
            if tested:
                reason = _("it is missing")
                raise UserError("run.damaged", path=str(run.path / name), reason=reason)
            raise UserError("compare.not_tested", path=str(run.path))


def _grouped(report: Report) -> bool:
    return bool(report.grouped_by) and report.measured_on == "test"


def paired(first: Run, second: Run) -> PairedDifference | None:
    """The difference on the examples that both were tested on; None without any, or where the two
    predict different things."""
    try:
        sides = sides_of(first, second)
    except (UserError, FileNotFoundError):  # the Runs stage says what is wrong with it
        return None
    return None if sides is None else difference(*sides)


def difference(
    one: Side, other: Side, made: Rescored = NOTHING_RESCORED
) -> PairedDifference | None:
    """As :func:`paired`, of what was read."""
    if one.found.objective != other.found.objective:
        return None
    places = {key: row for row, key in enumerate(other.found.keys)}
    rows = [row for row, key in enumerate(one.found.keys) if key in places]
    if not rows:
        return None
    first = one.found.at(rows)
    second = other.found.at([places[key] for key in first.keys])
    same = len(rows) == len(one.found.keys) == len(other.found.keys)
    groups = tuple(one.groups[row] for row in rows) if one.groups else ()
    if len(set(groups)) < 2:
        groups = ()
    figure = outcomes.first_figure(one.report)
    found = _compared(figure, first, second, same, groups)
    if found is None or not (made.relabelled or made.unknown):
        return found
    own = {path for path, _truth in first.keys}
    return replace(found, relabelled=len(made.relabelled & own), unknown=made.unknown)


def _compared(
    figure: str, first: Outcomes, second: Outcomes, same: bool, groups: Groups
) -> PairedDifference | None:
    if first.boxes is not None and second.boxes is not None:
        return _of_boxes(figure, first.boxes, second.boxes, same, groups)
    if first.values is None or second.values is None:
        return _of_labels(figure, first, second, same, groups)
    only: dict[str, int] = {}
    objective = registry.objective(first.objective)
    if objective.balances:
        one, other = first.values > 0, second.values > 0
        only = {
            "first_only": int((one & ~other).sum()),
            "second_only": int((other & ~one).sum()),
        }
    if figure == BALANCED:
        first, second = outcomes.balanced(first), outcomes.balanced(second)
    assert first.values is not None
    assert second.values is not None
    if objective.balances and figure != BALANCED and not groups:
        found = pairs.of_shares(first.values > 0, second.values > 0, seeds=pairs.SEED_SHARE)
    else:
        better = objective.primary.higher_is_better
        seeds = pairs.SEED_SHARE
        if not objective.primary.share:
            seeds = pairs.SEED_PART * float(first.values.mean())
        found = pairs.of_values(first.values, second.values, groups, better, seeds=seeds)
    means = float(first.values.mean()), float(second.values.mean())
    return PairedDifference(
        figure, len(first.keys), same, *means, found, groups=len(set(groups)), **only
    )


def _of_labels(
    figure: str, first: Outcomes, second: Outcomes, same: bool, groups: Groups
) -> PairedDifference | None:
    if first.truth is None or first.scores is None or second.scores is None:
        return None
    if first.scores.shape != second.scores.shape or not first.truth.any():
        return None
    one = multilabel.MeanPrecision(first.truth, first.scores)
    other = multilabel.MeanPrecision(first.truth, second.scores)
    n = len(first.keys)
    return _of_figures(figure, one, other, n, same, groups)


def _of_boxes(
    figure: str, first: Matches, second: Matches, same: bool, groups: Groups
) -> PairedDifference | None:
    if not len(first.truth.score):
        return None
    one, other = (functools.partial(detection.ap50, each) for each in (first, second))
    return _of_figures(figure, one, other, first.pictures, same, groups)


def _of_figures(
    figure: str,
    one: Callable[[np.ndarray], np.ndarray],
    other: Callable[[np.ndarray], np.ndarray],
    n: int,
    same: bool,
    groups: Groups,
) -> PairedDifference:
    """Of figures that are no means over the examples, as of :func:`.paired.of_figures`."""
    found = pairs.of_figures(one, other, n, groups, seeds=pairs.SEED_SHARE)
    whole = np.ones((1, n), dtype=np.int64)
    means = float(one(whole)[0]), float(other(whole)[0])
    return PairedDifference(figure, n, same, *means, found, groups=len(set(groups)))


def figures_of(found: PairedDifference) -> dict[str, Any]:
    """A difference for programs."""
    ends = {"low": found.low, "high": found.high}
    return {
        "figure": found.figure,
        "first": found.first,
        "second": found.second,
        "difference": found.value,
        "interval": ends if found.known else None,
        "p": found.found.p,
        "verdict": found.verdict,
        "shared": found.shared,
    }


# -- in words


def words(found: PairedDifference, objective: str, unit: str, noun: str) -> Note:
    """What the difference means, the second run called B.

    Args:
        noun: of the examples, several of them, translated.
    """
    score = registry.objective(objective).primary
    first, second = score.texts(found.first, found.second, unit)
    values: dict[str, Any] = {
        "title": within(figure_title(objective, found.figure)),
        "first": first,
        "second": second,
        "n": found.shared,
        "noun": noun,
    }
    if found.verdict == "better":
        return Note("compare.better", values, "good")
    if found.verdict == "worse":
        return Note("compare.worse", values, "warning")
    if found.found.needed is None:
        return Note("compare.unclear", values)
    return Note("compare.needs_more", {**values, "more": rounded_up(found.found.needed)})


def relabelled(found: PairedDifference, noun: str) -> tuple[Note, ...]:
    """That both runs are compared on corrected labels; nothing where none differ.

    Args:
        noun: of the examples, several of them.
    """
    counts = {"compare.relabelled": found.relabelled, "compare.unknown_class": found.unknown}
    return tuple(
        Note(code, {"count": count, "noun": noun}) for code, count in counts.items() if count
    )


def interval_text(found: PairedDifference, objective: str, unit: str) -> str:
    """The 95 % interval of the difference, as of :func:`ends_text`."""
    return ends_text(found.low, found.high, objective, unit)
