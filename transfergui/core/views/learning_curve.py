"""How many more training samples would help, and of which class."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.data import unread
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.figure_words import balanced_first
from transfergui.core.evaluation.kinds import Chart, Line, Shown, Table
from transfergui.core.figures import learning_curve
from transfergui.core.figures.learning_curve import Band
from transfergui.core.training import frozen_probe, sub_samples
from transfergui.core.training.sub_samples import Half, Measured
from transfergui.core.views.result import Result
from transfergui.core.views.view import OF_WHOLE, View, of_whole

if TYPE_CHECKING:
    from transfergui.core.interfaces.objective import Score

TIMES = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0)
"""Of the training samples, where the band is shown."""
HARDLY = 0.02
"""A gain below this is called hardly any."""
BEHIND = 0.1
"""A class whose recall is so far below the mean of the others is named, whatever it needs."""


def obstacle(result: Result) -> str:
    found = frozen_probe.obstacle(result.plan)
    if found:
        return found
    there = len(result.split.train) + len(result.split.val)
    return "" if there >= sub_samples.FEWEST else "curve.too_few"


def compute(result: Result, tell: Tell) -> Shown:
    """Measure draws of training and validation set, and fit the band."""
    plan, split = result.plan, result.split
    rows, samples = frozen_probe.features(plan, (*split.train, *split.val), tell)
    labels = np.array([sample.label for sample in samples])
    at = sub_samples.chosen(labels)
    groups = (
        tuple(samples[row].group or samples[row].path for row in at) if split.grouped_by else ()
    )
    probes = plan.objective.probes(labels[at], split.targets)
    balanced = split.targets.objective == ONE_CLASS and balanced_first(result.report)
    found = sub_samples.measured(rows[at], probes, groups, balanced, tell)
    if len(found.sizes) < learning_curve.LEAST_SIZES:
        return Shown((Note("curve.too_few", _values(result), "warning"),))
    now = len(split.train)
    furthest = learning_curve.HORIZON * found.sizes[-1]
    targets = [min(now * times, furthest) for times in TIMES]
    band = learning_curve.fitted(found.sizes, found.values, targets, found.noise)
    halves = _halves(rows[at], labels[at], found, groups, tell)
    asked = (*split.train, *split.val)
    left_out = unread.notes(asked, samples, result.modality.many)
    made = _shown(result, found, band, now, halves, balanced)
    return replace(made, notes=(*made.notes, *left_out))


def _halves(
    rows: np.ndarray, labels: np.ndarray, found: Measured, groups: tuple[str, ...], tell: Tell
) -> list[Half]:
    """Of one class, which classes need more samples; the worst ones of many."""
    if found.recalls is None:
        return []
    last, members = found.recall_of(-1), np.bincount(labels)
    there = [at for at in range(len(last)) if not np.isnan(last[at])]
    there = [at for at in there if members[at] >= sub_samples.MEMBERS]
    worst = sorted(there, key=lambda at: float(last[at]))[: sub_samples.MOST_CLASSES]
    if len(there) < 2 or 0 < found.groups < sub_samples.FEWEST_GROUPS:
        return []
    return sub_samples.halved(rows, labels, sorted(worst), groups, tell)


def _shown(
    result: Result, found: Measured, band: Band, now: int, halves: list[Half], balanced: bool
) -> Shown:
    score = result.objective.probe
    title = _("Balanced accuracy") if balanced else _(score.title)
    furthest = round(learning_curve.HORIZON * found.sizes[-1])
    if 2 * now > furthest:
        values = _values(result) | {"n": found.n, "have": now, "most": furthest}
        notes = [Note("curve.too_many", values, "warning")]
    else:
        notes = [_said(result, score, title, band, now)]
    unclear = notes[0].code in ("curve.unclear", "curve.too_many")
    if found.recalls is not None and halves:
        notes.append(_next(result, halves, found.recall_of(-1)))
    elif found.recalls is not None and not found.groups:
        values = _values(result) | {"fewest": sub_samples.MEMBERS}
        notes.append(Note("curve.small_classes", values))
    values = _values(result) | {"n": found.n}
    most = min(4 * now, furthest)
    notes += [Note("curve.basis", values), Note("curve.horizon", values | {"most": most})]
    parts: list[Chart | Table] = [_chart(result, found, band, score, title, unclear)]
    if found.recalls is not None and halves:
        parts.append(_classes(result, found, halves))
    return Shown(tuple(notes), tuple(parts), {"curve": _document(result, found, band, halves)})


def _values(result: Result) -> dict[str, Any]:
    return {"noun": result.modality.many}


def _said(result: Result, score: Score, title: str, band: Band, now: int) -> Note:
    """What twice as many training samples would bring."""
    own = float(band.middle[0])
    low, _middle, high = band.at(2 * now)
    values = _values(result) | {
        "title": within(title),
        "now": score.text(own, decimals=0),
        "low": score.text(low, decimals=0),
        "high": score.text(high, decimals=0),
        "count": 2 * now,
        "have": now,
    }
    if high - own < HARDLY:
        return Note("curve.flat", values)
    if low <= own:
        return Note("curve.unclear", values)
    return Note("curve.helps", values, "good")


def _next(result: Result, halves: list[Half], recalls: np.ndarray) -> Note:
    """Which class to add next, where one clearly costs more than the mean of the others.

    Args:
        recalls: of each class [C] with most samples.
    """
    first = max(halves, key=lambda half: half.cost)
    others = [half.cost for half in halves if half is not first]
    quantile = 2.2 + 0.3 * np.log(len(halves))  # one of many is the largest by chance
    clear = first.cost - float(np.mean(others)) > quantile * first.error
    if clear and first.cost >= HARDLY / 4:
        values = {"name": result.split.classes[first.label], "cost": f"{100 * first.cost:.1f}"}
        return Note("curve.next_class", _values(result) | values, "good")
    known = {half.label: float(recalls[half.label]) for half in halves}
    worst = min(known, key=lambda label: known[label])
    rest = [recall for label, recall in known.items() if label != worst]
    if float(np.mean(rest)) - known[worst] < BEHIND:
        return Note("curve.no_class", _values(result))
    recall = result.objective.probe.text(known[worst], decimals=0)
    name = result.split.classes[worst]
    values = _values(result) | {"name": name, "recall": recall}
    tested = result.report.per_class.get(name)
    if tested is None or not tested.support or result.report.measured_on != "test":
        return Note("curve.weakest", values)
    own = result.objective.probe.text(tested.recall, decimals=0)
    return Note("curve.weakest_tested", values | {"tested": own, "count": tested.support})


def _chart(
    result: Result, found: Measured, band: Band, score: Score, title: str, unclear: bool
) -> Chart:
    """
    Args:
        unclear: whether more samples would help cannot be told: a line would say that they do.
    """
    sizes = [float(size) for size in found.sizes]
    return Chart(
        title=_("Learning curve"),
        x_title=_("Training {noun}").format(noun=_(result.modality.many)),
        y_title=title,
        lines=(
            Line(_("Measured"), sizes, found.values.mean(axis=1).tolist(), role="val", points=True),
            Line(
                _("Range in 9 of 10 cases") if unclear else _("Expected (9 of 10 cases)"),
                band.sizes.tolist(),
                band.middle.tolist(),
                band.low.tolist(),
                band.high.tolist(),
                band_only=unclear,
            ),
        ),
        y_percent=score.share,
    )


def _classes(result: Result, found: Measured, halves: list[Half]) -> Table:
    """The recall of each class with few and with most samples, and what half of them would cost."""
    first, last = found.recall_of(0), found.recall_of(-1)
    score = result.objective.probe
    points = _("{difference} points")
    rows = [
        (
            shown(result.split.classes[half.label]),
            score.text(float(first[half.label]), decimals=0),
            score.text(float(last[half.label]), decimals=0),
            points.format(difference=_signed(-100 * half.cost)),
        )
        for half in sorted(halves, key=lambda half: -half.cost)
    ]
    few = _("Recall with {count}")
    columns = (
        _("Class"),
        few.format(count=found.sizes[0]),
        few.format(count=found.sizes[-1]),
        _("With half as many"),
    )
    return Table(_("Which class to add"), columns, tuple(rows), frozenset({1, 2, 3}))


def _signed(value: float) -> str:
    rounded = round(value, 1) + 0.0
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def _document(result: Result, found: Measured, band: Band, halves: list[Half]) -> dict[str, Any]:
    """What ``curve --json`` says."""
    return {
        "figure": result.objective.probe.key,
        "measured": [
            {"size": size, "value": float(values.mean()), "draws": values.tolist()}
            for size, values in zip(found.sizes, found.values, strict=True)
        ],
        "band": [
            {"size": float(size), "low": float(low), "middle": float(middle), "high": float(high)}
            for size, low, middle, high in zip(
                band.sizes, band.low, band.middle, band.high, strict=True
            )
        ],
        "classes": [
            {"class": result.split.classes[half.label], "cost_of_half": half.cost}
            for half in halves
        ],
        "horizon": float(band.sizes[-1]),
    }


VIEW = View(
    key="learning_curve",
    title=N_("How many more examples?"),
    summary=N_(
        "Trains a linear model on smaller and smaller parts of your data. Shows how much two or"
        " four times as many examples would help, and which class needs them most."
    ),
    obstacle=of_whole(obstacle),
    compute=compute,
    button=N_("Measure"),
    unlisted=OF_WHOLE,
)
