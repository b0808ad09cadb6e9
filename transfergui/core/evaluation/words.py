"""A report in plain words: may one believe the result, and what would make it better?"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from transfergui.core import registry
from transfergui.core.base.figure_texts import hundredths, number, per_cent, told_apart
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.data import labels
from transfergui.core.data.imbalance import UNEVEN
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation import adapted, borrowed, borrowing_gain, box_words, curves
from transfergui.core.figures.intervals import clearly_above
from transfergui.core.figures.metrics import EnsembleSummary, Report
from transfergui.core.interfaces.objective import Score
from transfergui.core.interfaces.plan import Modality

FEW = 30
"""Below this many test samples, one sample moves the accuracy by more than three points."""
MANY = 300
"""From this many test samples on, it is not their number that makes a figure doubtful."""
FEW_GROUPS = 5
"""Below this many tested groups, nobody knows how much groups differ."""
TOO_SURE = 0.1
"""From this distance of the mean confidence above the upper end of the interval on."""
NAMED = 5
"""How many classes a sentence names."""


@dataclass(frozen=True)
class OtherTest:
    """Two trainings on the same data that were not tested on the same samples.

    Attributes:
        name: the folder of the other training.
        n, before: how many samples this one and the other were tested on.
        shared: how many of them both were tested on, with the same class.
    """

    name: str
    n: int
    before: int
    shared: int


@dataclass(frozen=True)
class Beside:
    """What other trainings say beside the report of one.

    Attributes:
        grouping: of one that differs in what was kept together.
        test: how the test of the one before it differs.
        notes: how it does beside the frozen backbone and the same model from scratch, where these
            were measured.
        others: titles and figures of those, for bars.
        data: what the checks of its data found, as of :mod:`.data_checks`.
    """

    grouping: Report | None = None
    test: OtherTest | None = None
    notes: tuple[Note, ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    data: tuple[Note, ...] = ()


ALONE = Beside()
APART = frozenset({"check.balance_apart", "check.balance_apart_names"})
"""Codes of notes that classes have no source in common, which no way of dividing the data mends."""
NO_USE = frozenset(
    {
        "report.no_better",
        "report.no_better_grouped",
        "report.no_better_apart",
        "report.worse_than_majority",
        "report.worse_than_majority_grouped",
        "report.worse_apart",
        "report.labels_no_better",
        "report.number_no_better",
        "report.boxes_no_better",
    }
)
"""Codes of notes on a model that is no better than one prediction for everything."""


MAYBE = frozenset(
    {
        "report.maybe_no_better",
        "report.hardly_better",
        "report.searched_hardly_better",
        "report.labels_maybe_no_better",
        "report.number_maybe_no_better",
    }
)
"""Codes of notes on a model that may be no better, as far as its test tells."""


def notes(report: Report, modality: Modality, beside: Beside = ALONE) -> list[Note]:
    """What to say about ``report``, the most important first.

    Args:
        beside: what other trainings say beside it.
    """
    values = {"n": report.n, "noun": modality.many}
    apart = any(note.code in APART for note in beside.data)
    says = (
        _headline,
        lambda _report: [*beside.data],
        lambda report: adapted.notes(report, modality.many),
        lambda report: borrowing_gain.notes(report, modality.many),
        lambda report: borrowed.notes(report, modality.many),
        _labels,
        _number,
        _boxes,
        _questions,
        _unknown_classes,
        _matched_classes,
        _trained_on,
        functools.partial(_other_test, other=beside.test),
        _joined,
        _teacher,
        functools.partial(_baseline, apart=apart),
        _simple,
        lambda _report: [*beside.notes],
        functools.partial(_grouping, other=beside.grouping, apart=apart),
        _ungrouped,
        _few_trained,
        _interval,
        _groups,
        _few,
        _seen_before,
        _validation,
        _best_epoch,
        _untested,
        _too_sure,
        _confusion,
    )
    if report.n == 0 and report.adaptation is not None:  # of a run whose data are gone
        found = [Note("adapt.unmeasured", {}, "warning"), *adapted.notes(report, modality.many)]
    elif report.n == 0:
        found = [Note("report.nothing", values, "warning"), *_unknown_classes(report)]
    else:
        found = [note for say in says for note in say(report)]
    return [Note(r.code, values | r.values, r.level) for r in found]


def details(report: Report, modality: Modality) -> list[Note]:
    """What explains a figure but is no verdict on the model: for a tooltip, or below a chart."""
    if report.moment is None or report.n == 0:
        return []
    found = curves.choice_of_epoch(report.moment, report.objective, report.unit)
    return [Note(r.code, {"noun": modality.many} | r.values, r.level) for r in found]


def no_use(report: Report, noun: str = "", data: Sequence[Note] = ()) -> Note | None:
    """What is said of a model that is no better than one prediction for everything; None of others.

    Args:
        noun: what its samples are called.
        data: as :attr:`Beside.data`.
    """
    apart = any(note.code in APART for note in data)
    said = (*_labels(report), *_number(report), *_boxes(report), *_baseline(report, apart))
    found = next((note for note in said if note.code in NO_USE), None)
    return found and Note(found.code, {"n": report.n, "noun": noun} | found.values, found.level)


def maybe_no_use(report: Report, noun: str) -> Note | None:
    """What is said of a model that may be no better than one prediction for everything."""
    said = (*_labels(report), *_number(report), *_baseline(report, False))
    if not any(note.code in MAYBE for note in said):
        return None
    return Note("model.maybe_no_better", {"count": report.n, "noun": noun}, "warning")


def of_hundred(share: float) -> int:
    """A share in whole per cent; 0 and 100 are kept for "none" and "all"."""
    whole = int(hundredths(share))
    return whole if share in (0.0, 1.0) else min(99, max(1, whole))


def _of_hundred(share: float, more: int) -> str:
    """The same with so many decimals."""
    return hundredths(share, more) if more else str(of_hundred(share))


def balanced_first(report: Report) -> bool:
    """Whether the classes are so uneven that accuracy alone would mislead."""
    return report.imbalance >= UNEVEN


def _headline(report: Report) -> list[Note]:
    if report.accuracy is None:
        return box_words.headline(report) or _score(report)
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


def _figure(report: Report, value: float, more: int = 0) -> str:
    """A value of the primary figure: ``84 %``, ``3.1 kg``; with so many digits ``more``."""
    if registry.objective(report.objective).primary.share:
        return per_cent(_of_hundred(value, more))
    return f"{number(value, more)} {report.unit}".strip()


def _score(report: Report) -> list[Note]:
    """The primary figure of what is not one class."""
    primary = report.primary
    if primary is None or primary.value is None:
        return []
    title = _(registry.objective(report.objective).primary.title)
    baseline = _constant(report)
    figures = _figures(report, primary.value, primary.value if baseline is None else baseline)
    values = {"title": title, "value": figures[0]}
    if primary.low is None or primary.high is None:
        return [Note("report.score", values)]
    ends = {"low": _figure(report, primary.low), "high": _figure(report, primary.high)}
    return [Note("report.score_between", values | ends)]


def _figures(report: Report, one: float, other: float) -> tuple[str, str]:
    """Two values of the primary figure that are compared."""
    return told_apart(functools.partial(_figure, report), one, other)


def _constant(report: Report) -> float | None:
    """The primary figure of predicting the same for all samples."""
    known = (
        report.baseline_mean_average_precision,
        report.baseline_mean_absolute_error,
        report.baseline_ap50,
    )
    return next((value for value in known if value is not None), None)


LABELS = ("report.labels_baseline", "report.labels_maybe_no_better", "report.labels_no_better")
NUMBERS = ("report.number_baseline", "report.number_maybe_no_better", "report.number_no_better")


def _beside_constant(report: Report, codes: tuple[str, str, str]) -> list[Note]:
    """The primary figure beside that of predicting the same for all samples.

    Args:
        codes: where it is better, where that may be chance, and where it is not.
    """
    primary, baseline = report.primary, _constant(report)
    if primary is None or primary.value is None or baseline is None:
        return []
    sign = 1 if primary.higher_is_better else -1
    worse_end = primary.low if primary.higher_is_better else primary.high
    values = {"baseline": _figures(report, primary.value, baseline)[1]}
    if sign * primary.value <= sign * baseline:
        return [Note(codes[2], values, "warning")]
    if worse_end is not None and sign * worse_end <= sign * baseline:
        return [Note(codes[1], values, "warning")]
    return [Note(codes[0], values, "good")]


def _labels(report: Report) -> list[Note]:
    """Of several labels."""
    if report.exact_match is None:
        return []
    found = _beside_constant(report, LABELS)
    decided = {
        "macro": _known(report.macro_f1),
        "micro": _known(report.micro_f1),
        "hits": round(report.exact_match * report.n),
        "right": of_hundred(report.exact_match),
    }
    found.append(Note("report.labels_f1", decided))
    if report.none_true or report.none_predicted:
        shares = {"truth": report.none_true or 0.0, "said": report.none_predicted or 0.0}
        values = {name: of_hundred(share) for name, share in shares.items()}
        found.append(Note("report.labels_none", values))
    return found


def _known(value: float | None) -> str:
    """A share in per cent."""
    return _("n/a") if value is None else per_cent(of_hundred(value))


def _number(report: Report) -> list[Note]:
    """Of a number."""
    if report.mean_absolute_error is None:
        return []
    found = _beside_constant(report, NUMBERS)
    if report.median_absolute_error is not None:
        values = {"median": _figure(report, report.median_absolute_error)}
        found.append(Note("report.number_spread", values))
    if report.r2 is not None:
        found.append(Note("report.number_r2", {"r2": f"{report.r2:.2f}"}))
    return found


def _boxes(report: Report) -> list[Note]:
    """Of boxes in pictures."""
    if report.found is None:
        return []
    return [*_beside_constant(report, box_words.BASELINE), *box_words.notes(report)]


def _questions(report: Report) -> list[Note]:
    """Of several questions: a sentence for each."""
    return [note for name, own in report.questions.items() for note in _question(name, own)]


def _question(name: str, own: Report) -> list[Note]:
    if own.accuracy is None:
        return [Note("report.question_nothing", {"name": name}, "warning")]
    values: dict[str, Any] = {
        "name": name,
        "n": own.n,
        "hits": round(own.accuracy * own.n),
        "right": of_hundred(own.accuracy),
    }
    level, code = _of_question(own)
    if own.majority is not None:
        values |= {"majority": own.majority_class, "baseline": of_hundred(own.majority)}
    return [Note(code, values, level), *_alone(name, own)]


def _of_question(own: Report) -> tuple[Level, str]:
    """How an answer to one question is called beside always predicting one class."""
    if own.majority is None or own.accuracy is None or own.interval is None:
        return "info", "report.question"
    if own.accuracy <= own.majority:
        return "warning", "report.question_no_better"
    if own.interval.low <= own.majority:
        return "warning", "report.question_maybe_no_better"
    return "good", "report.question_baseline"


def _alone(name: str, own: Report) -> list[Note]:
    """A question beside its own training, where there was one."""
    alone = own.alone
    if alone is None or alone.accuracy is None or own.accuracy is None:
        return []
    together, single = told_apart(_of_hundred, own.accuracy, alone.accuracy)
    values = {"name": name, "n": own.n, "together": together, "alone": single}
    level, code = TOGETHER[alone.verdict]
    return [Note(code, values, level)]


TOGETHER: dict[str, tuple[Level, str]] = {
    "helped": ("good", "report.alone_helped"),
    "harmed": ("warning", "report.alone_harmed"),
    "unclear": ("info", "report.alone_unclear"),
}
"""How a question is called that was learnt together with others."""


def _unknown_classes(report: Report) -> list[Note]:
    """Samples of unknown classes are left out; of several labels or questions, only what is unknown
    is."""
    if not report.unknown_classes:
        return []
    found = [f"“{name}” ({count})" for name, count in sorted(report.unknown_classes.items())]
    names = _list(found)
    if report.objective != ONE_CLASS:
        return [Note("evaluate.unknown_names", {"names": names, "total": report.n}, "warning")]
    left = sum(report.unknown_classes.values())
    values = {"count": left, "total": left + report.n, "names": names}
    return [Note("evaluate.unknown_classes", values, "warning")]


def _matched_classes(report: Report) -> list[Note]:
    if not report.matched_classes:
        return []
    pairs = sorted(report.matched_classes.items())
    if report.objective == NUMBER:
        ((name, own),) = pairs
        return [Note("evaluate.other_column", {"name": name, "own": own}, "warning")]
    found = [f"{labels.quoted([name])} = {labels.quoted([own])}" for name, own in pairs]
    return [Note("evaluate.matched_classes", {"names": _list(found)})]


def _trained_on(report: Report) -> list[Note]:
    if report.trained_on is None:
        return [Note("evaluate.unchecked")]
    values = {"count": report.trained_on}
    return [Note("evaluate.learnt_from", values, "warning")] if report.trained_on else []


def _other_test(report: Report, other: OtherTest | None) -> list[Note]:
    """That its figures and those of the training before are of different tests."""
    if other is None or report.measured_on != "test":
        return []
    values = {"name": other.name, "before": other.before, "shared": other.shared}
    return [Note("report.other_test", values)]


def of_joined(joined: EnsembleSummary, objective: str, unit: str = "") -> Note:
    """What came of putting trainings together, but for the noun.

    Args:
        objective: key of what is predicted, with its ``unit``.
    """
    values: dict[str, Any] = {"count": joined.count, "of": joined.of}
    if joined.together is None or joined.best is None:
        return Note("soup.unchecked", values)
    score = registry.objective(objective).curve
    together, best = joined.together, joined.best
    if objective != ONE_CLASS:
        texts = score.texts(together, best, unit)
        values |= {"title": _(score.title), "together": texts[0], "best": texts[1]}
        return Note(OF_SCORES[_gain(joined, score)], values)
    texts = told_apart(lambda share, more: f"{100 * share:.{1 + more}f}", together, best)
    values |= {"together": texts[0], "best": texts[1]}
    return Note(OF_CLASSES[_gain(joined, score)], values)


Gain = Literal["alone", "better", "as_good", "less_sure"]
OF_CLASSES: dict[Gain, str] = {
    "alone": "soup.alone",
    "better": "soup.better",
    "as_good": "soup.as_good",
    "less_sure": "soup.less_sure",
}
"""What to say of trainings that were put together."""
OF_SCORES: dict[Gain, str] = {
    "alone": "soup.score_alone",
    "better": "soup.score_better",
    "as_good": "soup.score_as_good",
    "less_sure": "soup.score_as_good",
}
"""The same where it is not about shares of right answers."""


def _gain(joined: EnsembleSummary, score: Score) -> Gain:
    if joined.count == 1:
        return "alone"
    if score.worth(joined.together) > score.worth(joined.best):
        return "better"
    return "less_sure" if joined.less_sure else "as_good"


def _joined(report: Report) -> list[Note]:
    if report.joined is None:
        return []
    return [of_joined(report.joined, report.objective, report.unit)]


def _teacher(report: Report) -> list[Note]:
    """The student beside its teacher."""
    teacher = report.teacher
    if teacher is None or report.accuracy is None:
        return []
    values: dict[str, Any] = {"title": teacher.title}
    if teacher.accuracy is None:
        code = "report.teacher_elsewhere" if teacher.answers else "report.teacher_silent"
        return [Note(code, values)]
    values |= {
        "teacher": of_hundred(teacher.accuracy),
        "teacher_hits": round(teacher.accuracy * report.n),
        "right": of_hundred(report.accuracy),
        "hits": round(report.accuracy * report.n),
        "size": round(teacher.own / 1e6, 1),
        "other": round(teacher.params / 1e6, 1),
    }
    return [Note("report.teacher", values)]


def _baseline(report: Report, apart: bool) -> list[Note]:
    if report.majority is None or report.interval is None or report.accuracy is None:
        return []
    values = {"name": report.majority_class, "baseline": of_hundred(report.majority)}
    if report.majority == 1:
        code = "report.one_tested" if report.n == 1 else "report.one_class_tested"
        return [Note(code, values, "warning")]
    if learnt_nothing(report):
        return [*_useless(report, values, apart), *_at_chance(report)]
    if not balanced_first(report) and report.interval.low <= report.majority:
        hardly = "report.searched_hardly_better" if report.tried else "report.hardly_better"
        few = "report.maybe_no_better" if report.n < MANY else hardly
        return [Note(few, values, "warning")]
    return [Note("report.baseline", values, "good")]


def _useless(report: Report, values: dict[str, Any], apart: bool) -> list[Note]:
    """Of a model that is no better than one answer: to train for longer does not help one that is
    worse, nor do more groups where classes have none in common (``apart``)."""
    assert report.accuracy is not None
    assert report.majority is not None
    worse = report.accuracy < report.majority
    if report.grouped_by:
        values = values | {"by": report.grouped_by}
        code = "report.worse_than_majority_grouped" if worse else "report.no_better_grouped"
        if apart:
            code = "report.worse_apart" if worse else "report.no_better_apart"
        return [Note(code, values, "warning")]
    return [Note("report.worse_than_majority" if worse else "report.no_better", values, "warning")]


def _at_chance(report: Report) -> list[Note]:
    """That guessing tells the classes apart as well, as far as this test can tell."""
    assert report.balanced_accuracy is not None
    chance, ends = _chance(report), report.balanced_interval
    values = {"right": of_hundred(report.balanced_accuracy), "chance": of_hundred(chance)}
    least = ends.low if ends else report.balanced_accuracy
    return [Note("report.at_chance", values, "warning")] if least <= chance else []


def _chance(report: Report) -> float:
    """The balanced accuracy of guessing, and of always answering the same: 1 of C."""
    return 1 / sum(row.support > 0 for row in report.per_class.values())


def learnt_nothing(report: Report) -> bool:
    """Whether one answer to everything does as well, by whichever figure stands first."""
    if report.accuracy is None or report.balanced_accuracy is None or report.majority is None:
        return False
    if not balanced_first(report):
        return report.accuracy <= report.majority
    return report.balanced_accuracy <= _chance(report)


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


def _simple(report: Report) -> list[Note]:
    """Whether transfer learning helped, beside the best of the baselines without a backbone."""
    best = max(report.baselines, key=lambda simple: simple.accuracy, default=None)
    if best is None or report.accuracy is None:
        return []
    right, simple, n = report.accuracy, best.accuracy, min(best.n, report.n)
    shares = told_apart(_of_hundred, right, simple)
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


def _grouping(report: Report, other: Report | None, apart: bool) -> list[Note]:
    """What it means that samples which belong together were kept together, or were not.

    Args:
        apart: whether classes have no group in common: then grouping measures little.
    """
    if report.grouped_by is None:
        return []
    kept = bool(report.grouped_by)
    values: dict[str, Any] = {"by": report.grouped_by or (other.grouped_by if other else "")}
    means = Note("report.grouped", values, "good")
    code = "report.not_grouped_apart" if apart else "report.not_grouped"
    found = [means if kept else Note(code, level="warning")]
    if other is not None and other.accuracy is not None and report.accuracy is not None:
        values |= {"right": of_hundred(report.accuracy), "other": of_hundred(other.accuracy)}
        code = "report.random_beside" if kept else "report.grouped_beside"
        found.append(Note(code, values))
    elif other is not None and (figures := _both(report, other)) is not None:
        code = "report.random_beside_score" if kept else "report.grouped_beside_score"
        found.append(Note(code, values | figures))
    return found


def _both(report: Report, other: Report) -> dict[str, str] | None:
    """The primary figures of two reports, where they are the same figure."""
    one, two = report.primary, other.primary
    if one is None or two is None or one.name != two.name:
        return None
    if one.value is None or two.value is None:
        return None
    title = _(registry.objective(report.objective).primary.title)
    right, beside = _figures(report, one.value, two.value)
    return {"title": title, "right": right, "other": beside}


def _ungrouped(report: Report) -> list[Note]:
    why = report.ungrouped
    return [Note(why.code, why.values, "warning")] if why else []


def _few_trained(report: Report) -> list[Note]:
    """That groups left less to train on than the settings ask for."""
    if not report.few_trained:
        return []
    values = {"by": report.grouped_by, **report.few_trained}
    return [Note("check.balance_shares", values, "warning")]


def _interval(report: Report) -> list[Note]:
    if report.interval is None or report.n == 1:
        return []
    # the upper end may be "100": "99" would put a figure of 99.6 outside its own interval
    low, high = of_hundred(report.interval.low), int(hundredths(report.interval.high))
    return [Note("report.interval", {"low": low, "high": high})]


def _groups(report: Report) -> list[Note]:
    """That few groups were tested, where the interval is about groups."""
    count, by = report.tested_groups, report.grouped_by or ""
    if not by or not 1 <= count < FEW_GROUPS:
        return []
    code = "report.one_group" if count == 1 else "report.few_groups"
    return [Note(code, {"count": count, "by": by}, "warning")]


def _few(report: Report) -> list[Note]:
    return [Note("report.few", level="warning")] if report.n < FEW else []


def _validation(report: Report) -> list[Note]:
    return [Note("report.validation", level="warning")] if report.measured_on == "val" else []


def _seen_before(report: Report) -> list[Note]:
    count = report.seen_before
    return [Note("report.seen_before", {"count": count}, "warning")] if count else []


def _best_epoch(report: Report) -> list[Note]:
    """Whose weights these are, where that may surprise."""
    return [] if report.moment is None else curves.of_best_epoch(report.moment)


def _untested(report: Report) -> list[Note]:
    names = [name for name, row in report.per_class.items() if row.support == 0]
    names += [name for name, row in report.per_label.items() if row.support == 0]
    if not names:
        return []
    return [Note("report.untested", {"count": len(names), "names": _list(names)}, "warning")]


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


def _list(names: list[str]) -> str:
    return comma_list(names[:NAMED]) + (" …" if len(names) > NAMED else "")
