"""What new examples brought: the run and the one before it, on the test set that was kept and on
the second one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transfergui.core import registry
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import run_differences, siblings
from transfergui.core.evaluation.difference_texts import figure_title
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.evaluation.outcomes import first_figure
from transfergui.core.projects import after, second_test
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

if TYPE_CHECKING:
    from transfergui.core.evaluation.run_differences import PairedDifference
    from transfergui.core.projects.second_test import SecondTest

NO_BASE = "since.no_base"


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    recipe = result.run.recipe
    if not recipe.split.kept and not result.split.new:
        return NO_BASE
    return "" if result.split.new or after.run_before(recipe) else "since.base_gone"


def looked_at(result: Result) -> int:
    """As :attr:`View.looked_at`: both models predict the second test set."""
    return 2 * len(result.split.new)


def compute(result: Result, tell: Tell) -> Shown:
    """Measure what was not measured yet."""
    return _shown(result, second_test.measured(result.run, tell) if result.split.new else None)


def kept(result: Result) -> tuple[Shown, bool] | None:
    """What was measured before."""
    if not result.split.new:
        return None
    found = second_test.known(result.run)
    return None if found is None else (_shown(result, found), True)


def _shown(result: Result, second: SecondTest | None) -> Shown:
    noun, report = result.modality.many, result.report
    notes: list[Note] = list(siblings.since_base(result.run, report))
    before = after.run_before(result.run.recipe)
    first = None if before is None else run_differences.paired(before, result.run)
    rows: list[tuple[str, ...]] = []
    figures: dict[str, Any] = {}
    if first is not None:
        rows.append(_row(_("Test set as before"), first, result))
        figures["test"] = run_differences.figures_of(first)
    if second is not None:
        notes.append(second_test.said(second, noun))
        figures["second_test"] = second_test.document(second, noun)
        if second.found is not None:
            rows.append(_row(_("Second test set"), second.found, result))
    if not rows:
        return Shown(tuple(notes), (), {"new_examples": figures})
    table = Table(
        title=figure_title(report.objective, first_figure(report)),
        columns=(
            _("Tested on"),
            _("Examples"),
            _("Run before"),
            _("This run"),
            _("Difference (95 % interval)"),
        ),
        rows=tuple(rows),
        figures=frozenset({1, 2, 3, 4}),
    )
    return Shown(tuple(notes), (table,), {"new_examples": figures})


def _row(name: str, found: PairedDifference, result: Result) -> tuple[str, ...]:
    report = result.report
    score = registry.objective(report.objective).primary
    first, second = score.texts(found.first, found.second, report.unit)
    interval = run_differences.interval_text(found, report.objective, report.unit)
    return name, str(found.shared), first, second, interval


VIEW = View(
    "new_examples",
    N_("Did the new examples help?"),
    N_(
        "Compares the run with the one before it: on the test set that stayed as it was, and on "
        "the second test set of new examples, if there is one."
    ),
    obstacle,
    compute,
    looked_at=looked_at,
    button=N_("Compare"),
    kept=kept,
    unlisted=NO_BASE,
)
