"""The main figure of a report as bars: the model with its interval, and the baselines below it.

The window paints them, ``report.html`` draws them as SVG.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from transfergui.core import registry
from transfergui.core.base.figure_texts import number, per_cent, percent, span, told_apart
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import adapted
from transfergui.core.evaluation.baseline_words import no_use
from transfergui.core.evaluation.figure_words import balanced_first, share_text
from transfergui.core.figures.intervals import Interval, Range
from transfergui.core.figures.metrics import Report

MOST_QUESTIONS = 6
"""Bars of single questions; more would be a table."""
ROOM = 1.15
"""The axis of a figure that is no share ends so far above the largest value."""


class Text(Protocol):
    """How values are written; see :func:`_text`."""

    def __call__(self, value: float, *, end: bool = False, more: int = 0) -> str: ...


@dataclass(frozen=True)
class ScoreBar:
    """One bar.

    Attributes:
        name: in front of the bar.
        value, low, high: in the unit of the figure, ``low`` and ``high`` of the 95 % interval.
        text, between: the value and the interval as texts; ``between`` is empty without one.
        is_baseline: painted in grey.
    """

    name: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    between: str = ""
    is_baseline: bool = False

    def sentence(self) -> str:
        """For screen readers."""
        said = (
            _("{name}: {value} (95 % interval {between})") if self.between else _("{name}: {value}")
        )
        return said.format(name=self.name, value=self.text, between=self.between)


@dataclass(frozen=True)
class ScoreBars:
    """Bars of one figure on one axis.

    Attributes:
        title: of the figure, translated.
        bars: the model's first.
        end: of the axis, which begins at 0.
        ticks: texts by their place on the axis.
        higher_is_better: else the figure is an error.
        doubtful: it is not to be trusted, or no better than one answer to everything.
    """

    title: str
    bars: tuple[ScoreBar, ...]
    end: float
    ticks: tuple[tuple[float, str], ...]
    higher_is_better: bool = True
    doubtful: bool = False

    def sentences(self) -> list[str]:
        """For screen readers: a line for each bar."""
        return [bar.sentence() for bar in self.bars]


def score_bars(
    report: Report, others: Sequence[tuple[str, float]] = (), doubted: bool = False
) -> ScoreBars | None:
    """The bars of a report; None where nothing was measured.

    Args:
        others: titles and figures of what was measured beside it.
        doubted: whether the checks of the data found problems.
    """
    primary = report.primary
    if report.accuracy is None and (primary is None or primary.value is None):
        return None
    score = registry.objective(report.objective).primary
    text = functools.partial(_text, score.share, report.unit)
    beside = (*_without(report), *others)
    bars = (
        *_where_used(report, text),
        *_bars(report, text),
        *(_baseline(*other, text) for other in beside),
    )
    doubtful = doubted or no_use(report) is not None
    if score.share:
        ends = tuple((at / 4, per_cent(25 * at)) for at in range(5))
        return ScoreBars(_(score.title), bars, 1.0, ends, doubtful=doubtful)
    end = ROOM * max(max(bar.value, bar.high or 0.0) for bar in bars) or 1.0
    zero = ((0.0, text(0.0)),)
    return ScoreBars(_(score.title), bars, end, zero, score.higher_is_better, doubtful)


def _without(report: Report) -> Iterator[tuple[str, float]]:
    """The same training without other data, where there were some."""
    if report.borrowing is not None:
        yield _("Without other data"), report.borrowing.plain.other


def _where_used(report: Report, text: Text) -> Iterator[ScoreBar]:
    """What is right where the model will be used, and what the model that was not kept gets right
    there: before one's own test set, as that is what the model is for."""
    there = adapted.where_used(report)
    if there is None:
        return
    name = _("Where it will be used")
    yield _bar(name, there.accuracy, text, Interval(there.low, there.high))
    found = report.adaptation
    if found is None:
        return
    kept = found.kept == "adapted"
    other = found.plain.checked if kept else found.adapted.checked
    if other is not None:
        yield _baseline(_("There, not adapted") if kept else _("There, adapted"), other, text)


def _bars(report: Report, text: Text) -> Iterator[ScoreBar]:
    if report.accuracy is not None:
        yield from _of_classes(report, text)
        return
    primary = report.primary
    assert primary is not None
    assert primary.value is not None
    ends = None
    if primary.low is not None and primary.high is not None:
        ends = Range(primary.low, primary.high)
    name = _("All questions (mean)") if report.questions else _("This model")
    if report.found is not None:  # what stands above the bars is another figure
        name = _("This model (AP50)")
    yield _bar(name, primary.value, text, ends)
    for question, own in list(report.questions.items())[:MOST_QUESTIONS]:
        if own.accuracy is not None:
            yield _bar(shown(question), own.accuracy, text, own.interval)
    if report.baseline_mean_average_precision is not None:
        name = _("Same prediction for all")
        yield _baseline(name, report.baseline_mean_average_precision, text)
    if report.baseline_ap50 is not None:
        yield _baseline(_("Same boxes for all"), report.baseline_ap50, text)
    if report.baseline_mean_absolute_error is not None:
        yield _baseline(_("Mean baseline"), report.baseline_mean_absolute_error, text)


def _of_classes(report: Report, text: Text) -> Iterator[ScoreBar]:
    """Of one class: with uneven classes, the figure that counts each class the same comes first."""
    assert report.accuracy is not None
    if balanced_first(report) and report.balanced_accuracy is not None:
        ends = report.balanced_interval
        yield _bar(_("Balanced accuracy"), report.balanced_accuracy, text, ends)
        yield _bar(_("Accuracy"), report.accuracy, text, report.interval)
    else:
        there = report.adaptation is not None or report.checked is not None
        name = _("Your own test set") if there else _("This model")
        yield _bar(name, report.accuracy, text, report.interval)
    if report.teacher is not None and report.teacher.accuracy is not None:
        name = _("Teacher: {title}").format(title=report.teacher.title)
        yield _baseline(name, report.teacher.accuracy, text)
    for simple in report.baselines:
        yield _baseline(_(simple.title), simple.accuracy, text)
    if report.majority is not None:
        yield _baseline(_("Majority baseline"), report.majority, text)


def _bar(name: str, value: float, text: Text, ends: Interval | Range | None) -> ScoreBar:
    if ends is None:
        return ScoreBar(name, value, text(value))
    end = lambda value, more: text(value, end=True, more=more)  # noqa: E731
    between = span(*told_apart(end, ends.low, ends.high))
    return ScoreBar(name, value, text(value), ends.low, ends.high, between)


def _baseline(name: str, value: float, text: Text) -> ScoreBar:
    return ScoreBar(name, value, text(value), is_baseline=True)


def _text(share: bool, unit: str, value: float, *, end: bool = False, more: int = 0) -> str:
    """Per cent without decimals, as few test examples cannot carry any; else three digits.

    Args:
        end: of an interval, which may well reach 100 %; a figure is that only where all is right.
        more: digits beyond the usual ones, of an end.
    """
    if not share:
        return f"{number(value, more)} {unit}".strip()
    return percent(value, more) if end else share_text(value)
