"""The figures at the top of the results, by what the report has."""

from __future__ import annotations

from collections.abc import Sequence

from transfergui.core.base.figure_texts import number, percent, share_decimals, span, told_apart
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.data.targets import parsed_number
from transfergui.core.evaluation.box_words import of_count
from transfergui.core.evaluation.figure_words import share_text
from transfergui.core.figures import box_answers
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import Report
from transfergui.gui.base import words
from transfergui.gui.base.words import Noun
from transfergui.gui.parts.term_label import TERMS, TermLabel

MORE: dict[str, tuple[str, str]] = {
    "mean_average_precision": (
        N_("Mean average precision"),
        N_(
            "How well the model ranks the examples with a label before those without, averaged "
            "over the labels: 100 % is perfect, whatever the thresholds are."
        ),
    ),
    "micro_f1": (
        N_("Micro F1"),
        N_("Precision and recall of all labels together in one figure; common labels count more."),
    ),
    "exact_match": (N_("All labels correct"), N_("The share of examples without any wrong label.")),
    "ap": (
        N_("AP"),
        N_(
            "As AP50, but boxes must also fit more exactly: the mean over overlaps (IoU, what two "
            "boxes share of what both cover together) of 0.5 to 0.95."
        ),
    ),
    "found": (N_("Found"), N_("Objects that were found, of all in the test pictures.")),
    "false_alarms": (
        N_("False alarms"),
        N_("Predicted boxes where there is no object of this class, or one that was found."),
    ),
    "count_error": (
        N_("Count off by"),
        N_(
            "How far the predicted number of objects in a picture is from the true one, on average "
            "(mean absolute error). Missed objects and false alarms partly make up for each other."
        ),
    ),
    "threshold": (
        N_("Threshold"),
        N_(
            "Only boxes with at least this confidence are shown and counted. On the validation "
            "set, this value gives the best balance of missed objects and false alarms (F1)."
        ),
    ),
    "mean_absolute_error": (
        N_("Mean absolute error"),
        N_("How far predictions are from the true values, on average."),
    ),
    "median_absolute_error": (
        N_("Median error"),
        N_("Half of the predictions are closer to the true value than this."),
    ),
    "error_baseline": (
        N_("Mean baseline"),
        N_(
            "The mean absolute error of always predicting the mean of the training set. A useful "
            "model has a smaller one."
        ),
    ),
    "r2": (
        N_("R²"),
        N_("1 is perfect; 0 is no better than always predicting the mean."),
    ),
}


def figure_names() -> dict[str, TermLabel]:
    """All figures that there may be."""
    simple = _(
        "A simple method without a pretrained backbone, on the same examples. Transfer learning "
        "helps only if the model does better."
    )
    return {
        "accuracy": TermLabel.term("accuracy"),
        "ap50": TermLabel.term("ap50"),
        **{key: TermLabel(_(title), _(text)) for key, (title, text) in MORE.items()},
        "interval": TermLabel(_("95 % interval"), interval_explanation()),
        "balanced_accuracy": TermLabel.term("balanced_accuracy"),
        "macro_f1": TermLabel.term("macro_f1"),
        "baseline": TermLabel.term("baseline"),
        "simple": TermLabel("", simple),
        "n": TermLabel(_("Test examples"), _(TERMS["test"][1])),
    }


def interval_explanation() -> str:
    """What the interval of a figure means."""
    return _(
        "The range in which the true value most likely lies. The fewer test examples, the wider"
        " the interval. In 95 % of such tests, the interval contains the true value."
    )


def figure_values(found: Report) -> dict[str, str]:
    """The figures that a report has, as texts by their keys in :func:`figure_names`; the one called
    ``simple`` is named by its ``title``."""
    if found.mean_absolute_error is not None:
        return _of_number(found)
    if found.per_label:
        return _of_labels(found)
    if found.found is not None:
        return _of_boxes(found, found.found)
    simple = max(found.baselines, key=lambda each: each.accuracy, default=None)
    values = {
        "accuracy": _percent(found, found.accuracy),
        "interval": _between(found),
        "balanced_accuracy": _within(found, found.balanced_accuracy, found.balanced_interval),
        "macro_f1": _within(found, found.macro_f1, found.macro_f1_interval),
        "baseline": _percent(found, found.majority),
        "n": words.number(found.n),
    }
    if simple is not None:
        values["simple"] = _percent(found, simple.accuracy)
    return values


def simple_title(found: Report) -> str:
    """What the best simple method is called; empty where there is none."""
    simple = max(found.baselines, key=lambda each: each.accuracy, default=None)
    return _(simple.title) if simple else ""


def measured_on(found: Report, noun: Noun) -> str:
    """Of a model for another place, that these are the figures of one's own test set; else empty.

    What is said first of such a model is how good it is there.
    """
    if found.adaptation is None and found.checked is None:
        return ""
    text = _("Measured on your own test set ({amount}), not where you will use the model.")
    return text.format(amount=noun.amount(found.n))


def matrix_note(found: Report, shown: int, noun: Noun) -> str:
    """What a confusion matrix is of, where that is not all there is.

    Args:
        shown: so many classes.
    """
    text = _("The {shown} of {total} classes with the most errors.")
    there = len(found.classes)
    cut = text.format(shown=shown, total=there) if shown < there else ""
    return paragraph((measured_on(found, noun), cut))


def number_pairs(rows: Sequence[PredictionRow]) -> list[tuple[float, float]]:
    """True and predicted numbers."""
    return [(parsed_number(row.truth), float(row.cells[0])) for row in rows if row.cells]


def _of_number(found: Report) -> dict[str, str]:
    ends = found.error_interval
    low, high = ("", "") if ends is None else told_apart(number, ends.low, ends.high)
    between = "" if ends is None else f"{span(low, high)} {found.unit}".strip()
    return {
        "mean_absolute_error": _figure(found.mean_absolute_error, found.unit),
        "interval": between,
        "median_absolute_error": _figure(found.median_absolute_error, found.unit),
        "error_baseline": _figure(found.baseline_mean_absolute_error, found.unit),
        "r2": "" if found.r2 is None else f"{found.r2:.2f}",
        "n": words.number(found.n),
    }


def _of_labels(found: Report) -> dict[str, str]:
    return {
        "mean_average_precision": _percent(found, found.mean_average_precision),
        "interval": _between(found),
        "macro_f1": _percent(found, found.macro_f1),
        "micro_f1": _percent(found, found.micro_f1),
        "exact_match": _percent(found, found.exact_match),
        "n": words.number(found.n),
    }


def _of_boxes(found: Report, count: int) -> dict[str, str]:
    text = _("{count} of {total}")
    off = found.count_error
    known = {} if off is None else {"count_error": of_count(off)}
    return known | {
        "ap50": _percent(found, found.ap50),
        "interval": _between(found),
        "ap": _percent(found, found.ap),
        "found": text.format(count=words.number(count), total=words.number(found.boxes or 0)),
        "false_alarms": words.number(found.false_alarms or 0),
        "threshold": percent(box_answers.threshold(found.fitted), 0),
        "n": words.number(found.n),
    }


def _between(found: Report) -> str:
    """The interval of the primary figure, a share."""
    interval, primary = found.interval, found.primary
    low, high = (interval.low, interval.high) if interval else (None, None)
    if interval is None and primary is not None:
        low, high = primary.low, primary.high
    return "" if low is None or high is None else words.percents(low, high)


def _within(found: Report, share: float | None, ends: Interval | None) -> str:
    """``71 % (60 to 80 %)``."""
    text = _percent(found, share)
    if share is None or ends is None:
        return text
    between = words.percents(ends.low, ends.high)
    return _("{value} ({between})").format(value=text, between=between)


def _percent(found: Report, share: float | None) -> str:
    """With as many decimals as so many test examples can carry; 100 % only where all is right."""
    decimals = share_decimals(found.n)
    return percent(share, decimals) if decimals else share_text(share)


def _figure(value: float | None, unit: str) -> str:
    return "" if value is None else f"{number(value)} {unit}".strip()
