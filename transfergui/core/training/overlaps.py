"""What is in one's own data and in other data at once, by content, and would spoil a figure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergui.core import plans
from transfergui.core.data.companions import Companion, Place, Role
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.interfaces.plan import Plan

Tell = Callable[[Place, int], None]
"""Told which data are looked at, and how many samples of them were; may raise to end it."""


@dataclass(frozen=True)
class Known:
    """Contents that other data may have, too.

    Attributes:
        measuring: of one's own validation and test sets.
        training: of one's own training set.
        checks: of other data that only check the model.
    """

    measuring: set[str]
    training: set[str]
    checks: set[str]

    def forbidden(self, role: Role) -> Iterator[tuple[str, set[str]]]:
        """What data with ``role`` must not contain, each with the code that says so."""
        if role == "check":
            yield "companion.learnt", self.measuring | self.training
            return
        yield "companion.measures", self.measuring | self.checks
        if role == "source":  # a copy of one's own is no borrowing: it would count twice
            yield "companion.own_already", self.training


def untold(_place: Place, _count: int) -> None:
    """As of :data:`Tell`: nothing is told."""


def apart(plan: Plan, found: Sequence[Companion], tell: Tell = untold) -> Iterator[Companion]:
    """Each of ``found`` without what must not be in it, which is counted in its problems; of what
    is also in one's own training set and may stay is said how much it is.

    Only copies byte by byte are found (of rows of a table, the same text), not pictures that were
    saved again.

    Args:
        plan: with the split beside which they are.
    """
    if not found:
        return
    split = plan.split

    def contents(root: str, samples: Sequence[Sample]) -> set[str]:
        # counted on, so that it can be ended; what is shown is how many were read
        looked_at = functools.partial(tell, found[0].place, len(found[0].samples))
        return set(plans.digests(plan, Path(root), samples, looked_at).values())

    measuring = contents(split.root, (*split.val, *split.test))
    training = contents(split.root, split.train)
    checks: set[str] = set()
    kept: dict[Place, Companion] = {}
    for each in sorted(found, key=lambda companion: companion.role != "check"):  # that one first
        rest = _without(plan, each, Known(measuring, training, checks), tell)
        if each.role == "check":
            checks = contents(rest.root, rest.samples)
        kept[each.place] = rest
    yield from (kept[each.place] for each in found)


def _without(plan: Plan, companion: Companion, known: Known, tell: Tell) -> Companion:
    """``companion`` without what ``known`` forbids; what is said of that comes first."""
    count = len(companion.samples)
    looked_at = functools.partial(tell, companion.place, count)
    digests = plans.digests(plan, Path(companion.root), companion.samples, looked_at)
    rest, told = companion.samples, []

    def say(code: str, count: int, left_out: bool = True) -> None:
        values = {"count": count, "noun": plan.modality.many}
        told.append(Problem(code, values, path=companion.path, left_out=left_out))

    for code, forbidden in known.forbidden(companion.role):
        kept = tuple(each for each in rest if digests.get(each.path) not in forbidden)
        if len(kept) < len(rest):
            say(code, len(rest) - len(kept))
        rest = kept
    if count and not rest:
        only_checks = {*digests.values()} <= known.checks
        say("companion.only_checks" if only_checks else "companion.only_own", count)
        told = told[-1:]
    also = sum(digests.get(each.path) in known.training for each in rest)
    if also:
        say("companion.also_training", also, left_out=False)
    if not told:
        return companion
    problems = (*told, *companion.problems)
    return msgspec.structs.replace(companion, samples=rest, problems=problems)
