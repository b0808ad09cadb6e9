"""Other ways to the same predictions, kept beside a run: from scratch, and a linear model on the
frozen backbone. What is said of the run beside them, on the same test samples."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation import outcomes, run_differences
from transfergui.core.evaluation.difference_texts import BALANCED, figure_title, rounded_up
from transfergui.core.evaluation.report import load
from transfergui.core.evaluation.run_differences import PairedDifference, Side
from transfergui.core.figures import repeats
from transfergui.core.figures.metrics import Report
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import REPORT, Run

BESIDE = "beside"
"""The folder, in a run, of what was trained or measured beside it."""
FEW_POINTS = 3
"""Below this, a difference is given with one decimal."""
LEAST_REPEATS = 3
"""Fewer runs of one recipe say nothing of how far they are apart."""
PROBE, SCRATCH, PLAIN, PUBLISHED = "probe", "scratch", "plain", "published"
"""In that folder: the linear model on the frozen backbone, the run from scratch, the one without
the other data, and the one with published weights instead of those of another run."""
PROBE_CODES = {
    "better": "transfer.probe_better",
    "worse": "transfer.probe_worse",
    "unclear": "transfer.probe_unclear",
}
"""What is said of the model beside the frozen backbone with a linear model."""
SCRATCH_CODES = {
    "better": "transfer.helped",
    "worse": "transfer.harmed",
    "unclear": "transfer.unclear",
}
"""What is said of it beside the same network from random weights."""
PUBLISHED_CODES = {
    "better": "transfer.own_helped",
    "worse": "transfer.own_harmed",
    "unclear": "transfer.own_unclear",
}
"""What is said of it beside the same training with published weights."""
MORE = {
    "transfer.own_unclear": "transfer.own_needs_more",
    "transfer.probe_unclear": "transfer.probe_needs_more",
    "transfer.unclear": "transfer.needs_more",
}
"""The same where more test samples would tell."""


@dataclass(frozen=True)
class Other:
    """Another way to the same predictions.

    Attributes:
        title: translated.
        codes: of the sentences about the model beside it, by the verdict.
    """

    title: str
    side: Side
    codes: dict[str, str]


def folder(run: Run) -> Path:
    """Where everything beside a run is."""
    return run.path / BESIDE


def finished(run: Run, name: str) -> Run | None:
    """The run of that name beside a run; None where it has not ended, or cannot be read."""
    with contextlib.suppress(UserError):
        found = Run.open(folder(run) / name)
        ended = found.history().outcome
        if isinstance(ended, ev.Finished) and ended.outcome != "cancelled":
            load(found.path)
            return found if found.recipe else None
    return None


def known_probe(run: Run) -> Side | None:
    """What was measured of the frozen backbone; None where nothing was, or where it cannot be
    read: it can be measured again."""
    place = folder(run) / PROBE
    return _side(run, place) if (place / REPORT).is_file() else None


def _side(run: Run, place: Path) -> Side | None:
    """What is compared of what was measured beside a run; None where it cannot be read."""
    with contextlib.suppress(UserError):
        return run_differences.side_of(run, place)
    return None


def others(run: Run) -> dict[str, Other]:
    """What there is to compare with, from scratch first."""
    found: dict[str, Other] = {}
    trained = {
        "from_scratch": (SCRATCH, _("From scratch"), SCRATCH_CODES),
        "published": (PUBLISHED, _("Published weights"), PUBLISHED_CODES),
    }
    for key, (name, title, codes) in trained.items():
        beside = finished(run, name)
        side = None if beside is None else _side(beside, beside.path)
        if side is not None:
            found[key] = Other(title, side, codes)
    probe = known_probe(run)
    if probe is not None:
        found["frozen_probe"] = Other(_("Linear model"), probe, PROBE_CODES)
    return found


def said(found: PairedDifference, other: Other, report: Report, noun: str) -> Note:
    """What the difference of the run from another way means."""
    score = registry.objective(report.objective).primary
    first, second = score.texts(found.first, found.second, report.unit)
    values: dict[str, Any] = {
        "title": within(figure_title(report.objective, found.figure)),
        "other": first,
        "own": second,
        "n": found.shared,
        "noun": noun,
    }
    code = other.codes[found.verdict]
    if found.verdict == "better":
        return Note(code, values, "good")
    if found.verdict == "worse":
        return Note(code, values, "warning")
    if found.found.needed is None:
        return Note(code, values)
    more = rounded_up(found.found.needed)
    return Note(MORE[code], {**values, "more": more})


def value_of(report: Report, figure: str) -> float | None:
    """The figure of a report that stands first."""
    if report.objective == ONE_CLASS and figure == BALANCED:
        return report.balanced_accuracy
    return report.primary.value if report.primary else None


def apart_by_seed(run: Run) -> float | None:
    """So far are two runs of its recipe on its split apart at most in 95 of 100 cases, by the
    figure that stands first; None where it was not repeated.

    Raises:
        UserError: ``run.damaged``.
    """
    names = sorted(path.name for path in folder(run).glob("seed-*"))
    known = [run, *(found for name in names if (found := finished(run, name)))]
    reports = [load(each.path) for each in known if (each.path / REPORT).is_file()]
    if len(reports) < LEAST_REPEATS:
        return None
    figure = outcomes.first_figure(reports[0])
    values = [value for each in reports if (value := value_of(each, figure)) is not None]
    return repeats.apart(values) if len(values) >= LEAST_REPEATS else None


def chance(run: Run, found: PairedDifference) -> Note | None:
    """That a difference from a run, which the test set shows, is no larger than seeds make it; None
    where that is not so, or not known."""
    with contextlib.suppress(UserError):
        apart = apart_by_seed(run)
        if apart is not None and found.clear and abs(found.value) < apart:
            text = difference_text(load(run.path), apart)
            return Note("compare.noise", {"spread": text}, "warning")
    return None


def difference_text(report: Report, value: float) -> str:
    """A difference of two figures: in points where they are shares."""
    score = registry.objective(report.objective).primary
    if score.share:
        points = 100 * value
        text = f"{points:.0f}" if points >= FEW_POINTS else f"{points:.1f}"
        return _("{difference} points").format(difference=text)
    return score.text(value, report.unit)


def beside(run: Run, noun: str) -> tuple[tuple[Note, ...], tuple[tuple[str, float], ...]]:
    """What is said of a run, and the titles and figures of the others; nothing where nothing was
    trained or measured beside it."""
    if not folder(run).is_dir():
        return (), ()
    with contextlib.suppress(UserError):  # damaged: they can be made again
        own, known = run_differences.side_of(run), others(run)
        if own is not None:
            figure = outcomes.first_figure(own.report)
            pairs = [
                (other, run_differences.difference(other.side, own)) for other in known.values()
            ]
            notes = tuple(said(d, o, own.report, noun) for o, d in pairs if d is not None)
            values = [(o.title, value_of(o.side.report, figure)) for o in known.values()]
            return notes, tuple((title, value) for title, value in values if value is not None)
    return (), ()
