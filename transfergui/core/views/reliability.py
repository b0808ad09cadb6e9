"""Whether predictions with a confidence of 90 % are correct in 90 % of the cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import promises
from transfergui.core.evaluation.kinds import Chart, Shown, Table
from transfergui.core.evaluation.prediction import certainty
from transfergui.core.figures import calibration
from transfergui.core.figures.calibration import Bin, Reliability
from transfergui.core.figures.intervals import wilson
from transfergui.core.runs import doubts
from transfergui.core.views.result import Result
from transfergui.core.views.shares import shares_chart
from transfergui.core.views.view import OF_WHOLE, View, of_whole

FEWEST = 20
WIDEST = 0.1
"""A wider interval of the accuracy holds confidences that are far off as well; so does one of the
calibration error that reaches further."""


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    if not result.objective.confident:
        return "reliability.no_confidence"
    return "reliability.too_few" if len(result.rows) < FEWEST else ""


def compute(result: Result, tell: Tell) -> Shown:
    """The reliability diagram of the report's predictions."""
    confidence, right = certainty(result.rows, result.objective, result.split.targets)
    found = calibration.reliability(confidence, right)
    verdict = _verdict(result, float(confidence.mean()), int(right.sum()), found)
    notes = (
        verdict,
        *(() if found.error <= found.by_chance else _groups(found)),
        Note(
            "reliability.error",
            {
                "error": percent(found.error),
                "low": percent(found.interval.low),
                "high": percent(found.interval.high),
                "chance": percent(found.by_chance),
            },
        ),
        *_fitted(result, verdict.level == "good"),
    )
    figures = {
        "calibration_error": found.error,
        "low": found.interval.low,
        "high": found.interval.high,
        "by_chance": found.by_chance,
        "bins": [
            {"confidence": each.confidence, "right": each.right, "n": each.size}
            for each in found.bins
        ],
    }
    known = doubts.kept(result.run.path, strangers=False).doubts
    offers = tuple(promises.offers(known, result.objective))
    figures["promises"] = [_promised(result, each) for each in offers]
    return Shown(notes, (_chart(found.bins), _table(result, offers)), figures)


def _promised(result: Result, offer: promises.Offer) -> dict[str, object]:
    """What ``report.json`` says of a limit on wrong predictions."""
    promise, refusal = offer.promise, offer.refusal
    if promise is None:
        needed = None if refusal is None else refusal.values.get("needed")
        return {"at_most_wrong": offer.at_most_wrong, "below": None, "needed": needed}
    found = promises.tested(promise, result.rows, result.objective, result.split.targets)
    return {
        "at_most_wrong": offer.at_most_wrong,
        "below": promise.below,
        "unanswered": found.unanswered,
        "answered": found.answered,
        "wrong": found.wrong,
    }


def _table(result: Result, offers: Sequence[promises.Offer]) -> Table:
    """What leaving out uncertain predictions comes to, for each limit on the wrong ones."""
    columns = (
        _("Wrong in at most"),
        _("Confidence needed"),
        _("Without a prediction"),
        _("Wrong predictions"),
    )
    rows = tuple(_row(result, each) for each in offers)
    return Table(_("Leaving out uncertain predictions"), columns, rows, frozenset({0, 1, 2, 3}))


def _row(result: Result, offer: promises.Offer) -> tuple[str, ...]:
    limit, promise = promises.promised_text(offer.at_most_wrong), offer.promise
    if promise is None:
        needed = offer.refusal.values.get("needed") if offer.refusal is not None else None
        if needed is None:
            return limit, _("Not possible"), "–", "–"
        return limit, _("Needs about {count} examples").format(count=needed), "–", "–"
    found = promises.tested(promise, result.rows, result.objective, result.split.targets)
    part = _("{count} of {total}")
    unanswered = part.format(count=found.unanswered, total=len(result.rows))
    wrong = part.format(count=found.wrong, total=found.answered)
    return limit, percent(promise.below), unanswered, wrong


def _verdict(result: Result, mean: float, right: int, found: Reliability) -> Note:
    """Whether the confidence is right: on average, and then in groups; one answer."""
    count = len(result.rows)
    span = wilson(right, count)
    assert span is not None
    values = {
        "confidence": percent(mean, 0),
        "right": right,
        "n": count,
        "share": percent(right / count, 0),
        "low": percent(span.low, 0),
        "high": percent(span.high, 0),
        "noun": result.modality.many,
    }
    if mean > span.high:
        return Note("reliability.overconfident", values, "warning")
    if mean < span.low:
        return Note("reliability.underconfident", values)
    if found.error > found.by_chance:
        return Note("reliability.uneven", values)
    if max(span.high - span.low, found.interval.high) > WIDEST:
        return Note("reliability.unclear", values)
    return Note("reliability.honest", values, "good")


def _groups(found: Reliability) -> Iterator[Note]:
    """The one that is furthest off, where chance does not explain it."""
    off = [each for each in found.bins if _is_off(each)]
    if off:
        worst = max(off, key=lambda each: abs(each.confidence - each.right))
        values = {
            "confidence": percent(worst.confidence, 0),
            "right": round(worst.right * worst.size),
            "n": worst.size,
            "share": percent(worst.right, 0),
        }
        yield Note("reliability.group", values)


def _is_off(each: Bin) -> bool:
    return not each.interval.low <= each.confidence <= each.interval.high


def _fitted(result: Result, good: bool) -> Iterator[Note]:
    """What was done about it in the training; nothing of runs of older versions, and nothing of
    what was left undone where the confidence is ``good`` as it is."""
    known = result.report.calibration
    if known is None or not known.examples:
        return
    values = {"n": known.examples, "noun": result.modality.many}
    if known.temperatures:
        temperature = ", ".join(f"{each:.2f}" for each in known.temperatures)
        yield Note("reliability.calibrated", {**values, "temperature": temperature})
    elif not good:
        yield Note("reliability.not_calibrated", {**values, "least": calibration.FEWEST})


def _chart(bins: tuple[Bin, ...]) -> Chart:
    return shares_chart(
        _("Confidence and accuracy, in groups of equally many predictions"),
        (_("Mean confidence"), _("Accuracy")),
        [(each.confidence, each.right, each.interval) for each in bins],
        diagonal=True,
    )


VIEW = View(
    key="reliability",
    title=N_("Confidence"),
    summary=N_(
        "Shows whether predictions with a confidence of 90 % are correct in 90 % of the cases, and "
        "how many predictions to leave out so that few of the others are wrong."
    ),
    obstacle=of_whole(obstacle),
    compute=compute,
    quick=True,
    unlisted=OF_WHOLE,
)
