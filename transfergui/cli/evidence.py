"""``compare``, ``repeat`` and ``curve``: is one run better than another, how much is chance, and
would more data help?"""

import argparse
from pathlib import Path
from typing import Any

from transfergui.cli import console, progress
from transfergui.cli.training import ended_by_signals
from transfergui.core import registry
from transfergui.core.app import comparing
from transfergui.core.app.comparing import Comparison
from transfergui.core.base import imports
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, ngettext, paragraph
from transfergui.core.base.progress import untold
from transfergui.core.evaluation import (
    baselines,
    csv_tables,
    disagreements,
    run_differences,
    siblings,
)
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.projects import second_test
from transfergui.core.runs import packages, seen_data
from transfergui.core.runs.run import Run
from transfergui.core.training import companions
from transfergui.core.views import learning_curve, repeats
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

REPEATS = companions.SEEDS
"""Of each kind, unless more are asked for."""


def compare(arguments: argparse.Namespace) -> None:
    """``transfergui compare RUN RUN [--data DATA] [--save FILE.csv] [--json]``; with data, models
    of any form.

    Raises:
        UserError: a run is missing or damaged, or a ``compare.`` code.
    """
    if arguments.data is not None:
        _compare_on(arguments)
        return
    for path in (arguments.run, arguments.other):
        if path.is_file() or packages.is_package(path):
            raise UserError("compare.needs_data", path=str(path))
    first, second = Run.open(arguments.run), Run.open(arguments.other)
    if first.path.resolve() == second.path.resolve():
        raise UserError("compare.same_run", path=str(arguments.run))
    made = comparing.runs(first, second)
    found, report = made.difference, made.reports[0]
    if found is None or report is None:
        for run in (first, second):
            run_differences.require_tested(run)
        why = comparing.why_not(first, second)
        raise UserError(why.code, **why.values)
    noun = _(made.modality.many)
    notes = (
        run_differences.words(found, report.objective, report.unit, noun),
        *run_differences.relabelled(found, noun),
        baselines.chance(first, found),
    )
    said = [note.sentence() for note in notes if note is not None]
    _save_differing(made, arguments)
    if arguments.json:
        seen = seen_data.document(first, second)
        document = {**_document(found, paragraph(said)), "data": seen} | _second(second)
        console.document(document | _beside(made), made.root)
        return
    for sentence in said:
        console.result(sentence)
    text = _("Data of the second run, compared with the first: {words}.")
    console.say(text.format(words=seen_data.difference(first, second).words()))
    if not found.same:
        console.say(siblings.other_tests(first, second))
    _show_beside(made)


def _compare_on(arguments: argparse.Namespace) -> None:
    """Two models, whether runs or files, on the same new data.

    Raises:
        UserError: as of :func:`comparing.on_data`.
    """
    from transfergui.core.trained import TrainedModel

    paths = arguments.run, arguments.other
    if paths[0].resolve() == paths[1].resolve():
        raise UserError("compare.same_model", path=str(paths[0]))
    first, second = map(TrainedModel.load, paths)
    made = comparing.on_data(first, second, Path(arguments.data))
    said = [note.sentence() for note in made.notes]
    _save_differing(made, arguments)
    if arguments.json:
        document: dict[str, Any] = {"labelled": made.labelled, "sentences": said}
        if made.difference is not None:
            document |= _document(made.difference, said[0])
        elif made.differing is not None:
            document |= {"shared": made.differing.shared, "sentence": said[0]}
        console.document(document | _beside(made), made.root)
        return
    for sentence in said:
        console.result(sentence)
    _show_beside(made)


def _beside(made: Comparison) -> dict[str, Any]:
    """What was added to the document: how often both say the same, on which examples they do not,
    and in which settings they differ."""
    document: dict[str, Any] = {"agree": None, "agreement": None, "differing": []}
    if (known := made.differing) is not None:
        ends = known.interval
        document["agree"] = known.agree
        document["agreement"] = ends and {
            "value": known.agree / known.shared,
            "low": ends.low,
            "high": ends.high,
        }
        document["differing"] = [each.document() for each in known.examples]
    return document | {"settings": made.settings_by_path or {}}


def _show_beside(made: Comparison) -> None:
    """The figures and the settings as tables, and how many examples differ; A is the first."""
    for table in made.tables:
        if table.rows:
            console.say("")
            console.table(table.rows, table.columns)
    if (known := made.differing) is not None:
        counts = (f"{known.title(kind)}: {n}" for kind, n in known.counts().items())
        console.say("")
        console.say(comma_list(counts))
        if known.examples:
            console.say(_("Save the examples with --save FILE.csv."))
    if made.settings:
        console.say("")
        console.table(made.settings, (_("Setting"), "A", "B"))


def _save_differing(made: Comparison, arguments: argparse.Namespace) -> None:
    """The examples on which both differ, as CSV, where that is asked for."""
    if arguments.save is None:
        return
    examples = made.differing.examples if made.differing else ()
    csv_tables.write(arguments.save, disagreements.table(examples, made.root))
    text = ngettext(
        "{n} example written to {path}", "{n} examples written to {path}", len(examples)
    )
    console.say(text.format(n=len(examples), path=arguments.save))


def _second(run: Run) -> dict[str, Any]:
    """What was measured on the second test set of a run; nothing where it has none."""
    noun = registry.modality(run.recipe.modality).many
    found = second_test.known(run) if run.split.new else None
    return {} if found is None else {"second_test": second_test.document(found, noun)}


def _document(found: run_differences.PairedDifference, said: str) -> dict[str, Any]:
    return run_differences.figures_of(found) | {
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
