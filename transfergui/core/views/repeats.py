"""How much the result of a recipe changes with the seed and with the split."""

from __future__ import annotations

from typing import Any

from transfergui.core import registry
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baselines import difference_text, value_of
from transfergui.core.evaluation.difference_texts import figure_title
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.evaluation.outcomes import first_figure
from transfergui.core.figures import repeats as spreads
from transfergui.core.figures.metrics import Report
from transfergui.core.runs.run import Run
from transfergui.core.training import companions
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

SAID = {"seed": "repeats.seed", "split": "repeats.split"}
"""What is said of each kind of repeat."""
SAME = "repeats.same"
"""The same where all come to the same figure."""


def obstacle(result: Result) -> str:
    if not result.rows:
        return "transfer.untested"
    return "" if companions.can_repeat(result.run.recipe) else "repeats.no_training"


def compute(result: Result, tell: Tell, count: int | None = None) -> Shown:
    """Train what is missing."""
    companions.repeat(result.run, tell, count)
    return _shown(result)


def kept(result: Result) -> tuple[Shown, bool] | None:
    """What is trained so far."""
    found = companions.repeats(result.run)
    count = sum(map(len, found.values()))
    wanted = companions.SEEDS
    if companions.divides(result.split):
        wanted += companions.SPLITS
    return (_shown(result), count >= wanted) if count else None


def _shown(result: Result) -> Shown:
    own = result.report
    figure = first_figure(own)
    known = companions.repeats(result.run)
    rows = [(_("This run"), _seed(result.run), _text(own, figure))]
    notes: list[Note] = []
    figures: dict[str, object] = {"figure": figure}
    names = {"seed": _("Same split, other seed"), "split": _("Other split and seed")}
    for kind, runs in known.items():
        found = [reports.load(run.path) for run in runs]
        rows += [
            (names[kind], _seed(run), _text(each, figure))
            for run, each in zip(runs, found, strict=True)
        ]
        values = [value for each in (own, *found) if (value := value_of(each, figure)) is not None]
        apart = spreads.apart(values) if len(values) > 1 else None
        figures[kind] = {"values": values, "apart": apart}
        if len(values) == 2:
            notes.append(_said(own, figure, values, "repeats.one", result.modality.many))
        if len(values) > 2:
            notes.append(_said(own, figure, values, SAID[kind], result.modality.many))
    table = Table(
        title=_("Repeats"),
        columns=(_("Training"), _("Seed"), figure_title(own.objective, figure)),
        rows=tuple(rows),
        figures=frozenset({1, 2}),
    )
    return Shown(tuple(notes), (table,), {"repeats": figures})


def _said(report: Report, figure: str, values: list[float], code: str, noun: str) -> Note:
    """From the smallest to the largest, and what difference of two runs means nothing."""
    score = registry.objective(report.objective).primary
    apart = spreads.apart(values)
    shown: dict[str, Any] = {
        "title": within(figure_title(report.objective, figure)),
        "count": len(values),
        "others": len(values) - 1,
        "low": score.text(min(values), report.unit),
        "high": score.text(max(values), report.unit),
        "apart": difference_text(report, apart),
        "noun": noun,
    }
    alike = len(values) > 2 and min(values) == max(values)
    return Note(SAME if alike else code, shown)


def _text(report: Report, figure: str) -> str:
    return registry.objective(report.objective).primary.text(value_of(report, figure), report.unit)


def _seed(run: Run) -> str:
    return str(run.recipe.run.seed)


VIEW = View(
    key="repeats",
    title=N_("How much is chance?"),
    summary=N_(
        "Repeats the training with other seeds and splits. The spread of the results shows "
        "which differences may be chance. This takes as long as several runs; finished repeats "
        "are kept if you pause."
    ),
    obstacle=obstacle,
    compute=compute,
    button=N_("Repeat the training"),
    kept=kept,
)
