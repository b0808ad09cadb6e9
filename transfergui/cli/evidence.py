"""``compare``: is one run better than another, or is it chance?"""

import argparse
from typing import Any

from transfergui.cli import console
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.evaluation import run_differences, siblings
from transfergui.core.runs.run import Run


def compare(arguments: argparse.Namespace) -> None:
    """``transfergui compare RUN RUN [--json]``.

    Raises:
        UserError: a run is missing or damaged; ``compare.nothing_shared``.
    """
    first, second = Run.open(arguments.run), Run.open(arguments.other)
    sides = run_differences.side_of(first), run_differences.side_of(second)
    found = None
    if sides[0] is not None and sides[1] is not None:
        found = run_differences.difference(sides[0], sides[1])
    if found is None or sides[0] is None:
        raise UserError("compare.nothing_shared")
    report = sides[0].report
    noun = _(registry.modality(first.recipe.modality).many)
    note = run_differences.words(found, report.objective, report.unit, noun)
    if arguments.json:
        console.document(_document(found, note.sentence()))
        return
    console.result(note.sentence())
    if not found.same:
        console.say(siblings.other_tests(first, second))


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
        "more_needed": found.found.needed,
        "sentence": said,
    }
