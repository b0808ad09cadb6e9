"""Which problems of a dataset are listed, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from transfergui.core.base.i18n import N_, _
from transfergui.core.data.dataset import Problem

WHOLE = "."
"""The path of a problem of all the data."""
STEP = 1000
"""After so many problems, it is asked whether anybody still waits."""


class ProblemColumn(IntEnum):
    KIND = 0
    FILE = 1
    WHAT = 2


@dataclass(frozen=True)
class Consequence:
    """What happens to the file of a problem (untranslated)."""

    title: str
    help: str


LEFT_OUT = Consequence(N_("Left out"), N_("This file cannot be used. The file was not changed."))
NOTED = Consequence(N_("Noted"), N_("This file is used. Check it, or exclude it."))
KINDS = (LEFT_OUT, NOTED)


@dataclass(frozen=True)
class Wish:
    """What is to be listed.

    Attributes:
        words: what the file or the sentence contains; empty for all.
        kind: None for both.
        column: by which rows are sorted; -1 for none.
    """

    words: str = ""
    kind: Consequence | None = None
    column: int = -1
    descending: bool = False


def kind(problem: Problem) -> Consequence:
    return LEFT_OUT if problem.left_out else NOTED


def cell(problem: Problem, column: ProblemColumn) -> str:
    if column == ProblemColumn.KIND:
        return _(kind(problem).title)
    if column == ProblemColumn.WHAT:
        return problem.reason()
    return _("(all data)") if problem.path == WHOLE else problem.called


def arranged(
    problems: Sequence[Problem], wish: Wish, report: Callable[[None], object] = lambda _none: None
) -> Sequence[Problem]:
    """Those of ``problems`` that are wanted; ``report`` may raise where nobody waits any more."""
    words = wish.words.casefold()

    def wanted(problem: Problem) -> bool:
        if wish.kind is not None and kind(problem) is not wish.kind:
            return False
        return not words or any(words in cell(problem, c).casefold() for c in ProblemColumn)

    found = problems
    if words or wish.kind is not None:
        found = []
        for at, problem in enumerate(problems):
            if at % STEP == 0:
                report(None)
            if wanted(problem):
                found.append(problem)
    if wish.column < 0:
        return found
    column = ProblemColumn(wish.column)
    return sorted(found, key=lambda p: cell(p, column).casefold(), reverse=wish.descending)
