"""What is in one's own data and in other data at once, by content, and would spoil a figure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from transfergui.core import plans
from transfergui.core.data.companions import Companion, Place
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.interfaces.plan import Plan

Tell = Callable[[Place, int], None]
"""Told which data are looked at, and how many samples of them were; may raise to end it."""


def untold(_place: Place, _count: int) -> None:
    """As of :data:`Tell`: nothing is told."""


def apart(plan: Plan, found: Sequence[Companion], tell: Tell = untold) -> Iterator[Companion]:
    """Each of ``found`` without what must not be in it, which is counted in its problems.

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
    own = measuring
    if any(each.role == "check" for each in found):
        own = measuring | contents(split.root, split.train)
    checks: set[str] = set()
    kept: dict[Place, Companion] = {}
    for each in sorted(found, key=lambda companion: companion.role != "check"):  # that one first
        checking = each.role == "check"
        rest = _without(plan, each, own if checking else measuring | checks, tell)
        if checking:
            checks = contents(rest.root, rest.samples)
        kept[each.place] = rest
    yield from (kept[each.place] for each in found)


def _without(plan: Plan, companion: Companion, forbidden: set[str], tell: Tell) -> Companion:
    count = len(companion.samples)
    looked_at = functools.partial(tell, companion.place, count)
    digests = plans.digests(plan, Path(companion.root), companion.samples, looked_at)
    kept = tuple(each for each in companion.samples if digests.get(each.path) not in forbidden)
    left_out = count - len(kept)
    if not left_out:
        return companion
    code = "companion.learnt" if companion.role == "check" else "companion.measures"
    problem = Problem(code, {"count": left_out, "noun": plan.modality.many}, path=companion.path)
    return msgspec.structs.replace(companion, samples=kept, problems=(*companion.problems, problem))
