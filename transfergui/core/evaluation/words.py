"""A report in plain words: may one believe the result, and what would make it better?"""

from __future__ import annotations

import functools

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import (
    adapted,
    baseline_words,
    borrowed,
    borrowing_gain,
    box_words,
    curves,
    joined_words,
    question_words,
    simple_words,
    tested_words,
)
from transfergui.core.evaluation.baseline_words import APART
from transfergui.core.evaluation.beside import ALONE, Beside
from transfergui.core.evaluation.figure_words import (
    balanced_first,
    figure_texts,
    of_hundred,
)
from transfergui.core.figures.metrics import Report
from transfergui.core.interfaces.plan import Modality

TOO_SURE = 0.1
"""From this distance of the mean confidence above the upper end of the interval on."""


def notes(report: Report, modality: Modality, beside: Beside = ALONE) -> list[Note]:
    """What to say about ``report``, the most important first.

    Args:
        beside: what other trainings say beside it.
    """
    values = {"n": report.n, "noun": modality.many}
    apart = any(note.code in APART for note in beside.data)
    says = (
        functools.partial(_headline, one=modality.one, many=modality.many),
        lambda _report: [*beside.data],
        lambda report: adapted.notes(report, modality.many),
        lambda report: borrowing_gain.notes(report, modality.many),
        lambda report: borrowed.notes(report, modality.many),
        baseline_words.notes_of_labels,
        baseline_words.notes_of_number,
        baseline_words.notes_of_boxes,
        question_words.notes,
        tested_words.unknown_classes,
        tested_words.matched_classes,
        tested_words.trained_on,
        functools.partial(tested_words.other_test, other=beside.test),
        joined_words.notes_of_joined,
        joined_words.notes_of_teacher,
        functools.partial(baseline_words.beside_majority, apart=apart),
        simple_words.notes,
        lambda _report: [*beside.notes],
        functools.partial(tested_words.grouping, other=beside.grouping, apart=apart),
        tested_words.ungrouped,
        tested_words.few_trained,
        tested_words.interval,
        tested_words.few_groups,
        tested_words.few_samples,
        tested_words.seen_before,
        tested_words.on_validation,
        _best_epoch,
        tested_words.untested_classes,
        _too_sure,
        _confusion,
    )
    if report.n == 0 and report.adaptation is not None:  # of a run whose data are gone
        found = [Note("adapt.unmeasured", {}, "warning"), *adapted.notes(report, modality.many)]
    elif report.n == 0:
        found = [Note("report.nothing", values, "warning"), *tested_words.unknown_classes(report)]
    else:
        found = [note for say in says for note in say(report)]
    named = [Note(r.code, values | r.values, r.level) for r in found]
    told = {_said(note): note for note in reversed(named)}  # of several classes, the same
    return [note for note in named if told[_said(note)] is note]


def _said(note: Note) -> str:
    return note.sentence() if note.is_known else repr(note)


def details(report: Report, modality: Modality) -> list[Note]:
    """What explains a figure but is no verdict on the model: for a tooltip, or below a chart."""
    if report.moment is None or report.n == 0:
        return []
    found = curves.choice_of_epoch(report.moment, report.objective, report.unit)
    return [Note(r.code, {"noun": modality.many} | r.values, r.level) for r in found]


def _headline(report: Report, one: str, many: str) -> list[Note]:
    if report.accuracy is None:
        return box_words.headline(report, one, many) or _score(report)
    assert report.balanced_accuracy is not None
    plain = {
        "hits": round(report.accuracy * report.n),
        "right": of_hundred(report.accuracy),
    }
    there = adapted.where_used(report)
    if there is not None:  # that is what the model is for; its own test set comes after
        return [adapted.headline(there), Note("report.own_test", plain), *_balanced(report)]
    if not balanced_first(report):
        return [Note("report.accuracy", plain)]
    return [*_balanced(report), Note("report.balanced_plain", plain)]


def _balanced(report: Report) -> list[Note]:
    """Of uneven classes: the figure that counts each of them the same."""
    if not balanced_first(report) or report.balanced_accuracy is None:
        return []
    return [Note("report.balanced", {"right": of_hundred(report.balanced_accuracy)})]


def _score(report: Report) -> list[Note]:
    """The primary figure of what is not one class."""
    primary = report.primary
    if primary is None or primary.value is None:
        return []
    title = _(registry.objective(report.objective).primary.title)
    baseline = baseline_words.constant_figure(report)
    figures = figure_texts(report, primary.value, primary.value if baseline is None else baseline)
    values = {"title": title, "value": figures[0]}
    if primary.low is None or primary.high is None:
        return [Note("report.score", values)]
    low, high = figure_texts(report, primary.low, primary.high)
    return [Note("report.score_between", values | {"low": low, "high": high})]


def _best_epoch(report: Report) -> list[Note]:
    """Whose weights these are, where that may surprise."""
    return [] if report.moment is None else curves.of_best_epoch(report.moment)


def _too_sure(report: Report) -> list[Note]:
    if report.interval is None or report.confidence is None or report.accuracy is None:
        return []
    if report.confidence < report.interval.high + TOO_SURE:
        return []
    values = {"confidence": of_hundred(report.confidence), "right": of_hundred(report.accuracy)}
    return [Note("report.too_sure", values, "warning")]


def _confusion(report: Report) -> list[Note]:
    if not report.confused:
        return []
    pair = report.confused[0]
    values = {
        "truth": pair.truth,
        "label": pair.label,
        "count": pair.count,
        "support": report.per_class[pair.truth].support,
    }
    only = report.accuracy is not None and round(report.n * (1 - report.accuracy)) == 1
    return [Note("report.only_error" if only else "report.confused", values)]
