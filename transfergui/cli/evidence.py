"""``compare``, ``repeat`` and ``curve``: is one run better than another, how much is chance, and
would more data help?"""

import argparse
from pathlib import Path
from typing import Any

from transfergui.cli import console, progress
from transfergui.cli.training import ended_by_signals
from transfergui.core import registry
from transfergui.core.base import imports
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.progress import untold
from transfergui.core.evaluation import baselines, run_differences, siblings
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.projects import second_test
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import Run
from transfergui.core.training import companions
from transfergui.core.views import learning_curve, repeats
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

REPEATS = companions.SEEDS
"""Of each kind, unless more are asked for."""


def compare(arguments: argparse.Namespace) -> None:
    """``transfergui compare RUN RUN [--json]``.

    Raises:
        UserError: a run is missing or damaged; ``compare.nothing_shared``.
    """
    first, second = Run.open(arguments.run), Run.open(arguments.other)
    if first.path.resolve() == second.path.resolve():
        raise UserError("compare.same_run", path=str(arguments.run))
    sides = run_differences.sides_of(first, second)
    found = None if sides is None else run_differences.difference(*sides)
    if found is None or sides is None:
        for run in (first, second):
            run_differences.require_tested(run)
        raise UserError("compare.nothing_shared")
    report = sides[0].report
    noun = _(registry.modality(first.recipe.modality).many)
    notes = (
        run_differences.words(found, report.objective, report.unit, noun),
        *run_differences.relabelled(found, noun),
        baselines.chance(first, found),
    )
    said = [note.sentence() for note in notes if note is not None]
    if arguments.json:
        seen = seen_data.document(first, second)
        console.document({**_document(found, paragraph(said)), "data": seen} | _second(second))
        return
    for sentence in said:
        console.result(sentence)
    text = _("Data of the second run, compared with the first: {words}.")
    console.say(text.format(words=seen_data.difference(first, second).words()))
    if not found.same:
        console.say(siblings.other_tests(first, second))


def _second(run: Run) -> dict[str, Any]:
    """What was measured on the second test set of a run; nothing where it has none."""
    noun = registry.modality(run.recipe.modality).many
    found = second_test.known(run) if run.split.new else None
    return {} if found is None else {"second_test": second_test.document(found, noun)}


def _document(found: run_differences.PairedDifference, said: str) -> dict[str, Any]:
    return {
        "figure": found.figure,
        "first": found.first,
        "second": found.second,
        "difference": found.value,
        "interval": {"low": found.low, "high": found.high},
        "p": found.found.p,
        "verdict": found.verdict,
        "shared": found.shared,
        "same_test": found.same,
        "first_only": found.first_only,
        "second_only": found.second_only,
        "groups": found.groups,
        "relabelled": found.relabelled,
        "relabelled_unknown": found.unknown,
        "more_needed": found.found.needed,
        "sentence": said,
    }


def repeat(arguments: argparse.Namespace) -> None:
    """``transfergui repeat RUN [--count N] [--json]``: what is trained by then is kept.

    Raises:
        UserError: the run is missing or damaged, was not tested or is not one training; or why a
            training failed.
        KeyboardInterrupt: it was interrupted; the same command goes on.
    """
    result = _result_for(repeats.VIEW, arguments.run)
    text = _("Repeating the training with other seeds and splits")
    try:
        with ended_by_signals(), progress.counting(text) as tell:
            shown = repeats.compute(result, tell, arguments.count)
    except KeyboardInterrupt:
        console.say(_("Finished repeats are kept. The same command continues."))
        raise
    _show(shown, {"run": str(result.run.path)} | _figures(shown, "repeats"), arguments.json)


def _result_for(view: View, path: Path) -> Result:
    """The result of a run, for a view that can be computed of it.

    Raises:
        UserError: the run is missing or damaged; or why the view cannot be computed.
    """
    run = Run.open(path)
    with imports.beside(*imports.TRAINING):
        result = Result(run)
        code = view.obstacle(result)
    if code:
        raise UserError(code, noun=_(result.modality.many))
    return result


def _figures(shown: Shown, name: str) -> dict[str, Any]:
    found = shown.figures.get(name, {})
    assert isinstance(found, dict)
    return found


def _show(shown: Shown, document: dict[str, Any], as_json: bool) -> None:
    """Sentences and tables; or ``document`` with the sentences."""
    said = [note.sentence() for note in shown.notes]
    if as_json:
        console.document({**document, "sentences": said})
        return
    for sentence in said:
        console.result(sentence)
    for part in shown.parts:
        if isinstance(part, Table):
            console.table(part.rows, part.columns)


def curve(arguments: argparse.Namespace) -> None:
    """``transfergui curve RUN [--json]``.

    Raises:
        UserError: the run is missing or damaged, or has no learning curve.
    """
    result = _result_for(learning_curve.VIEW, arguments.run)
    shown = learning_curve.VIEW.compute(result, untold)
    _show(shown, _figures(shown, "curve"), arguments.json)
