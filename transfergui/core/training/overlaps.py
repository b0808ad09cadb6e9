"""What is in one's own data and in other data at once, by content, and would spoil a figure."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergui.core import plans
from transfergui.core.data.companions import Companion, Place, Role
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.data.likeness import saved_again
from transfergui.core.interfaces.plan import Plan

Contents = Mapping[Path, str]
"""The digest of each sample that could be read."""
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

    measuring: Contents
    training: Contents
    checks: Contents

    def forbidden(self, role: Role) -> Iterator[tuple[str, set[str]]]:
        """What data with ``role`` must not contain, each with the code that says so."""
        measuring, training = set(self.measuring.values()), set(self.training.values())
        if role == "check":
            yield "companion.learnt", measuring | training
            return
        yield "companion.measures", measuring | set(self.checks.values())
        if role == "source":  # a copy of one's own is no borrowing: it would count twice
            yield "companion.own_already", training


def untold(_place: Place, _count: int) -> None:
    """As of :data:`Tell`: nothing is told."""


def apart(plan: Plan, found: Sequence[Companion], tell: Tell = untold) -> Iterator[Companion]:
    """Each of ``found`` without what must not be in it, which is counted in its problems; of what
    is also in one's own training set and may stay is said how much it is.

    Copies that were saved again or hardly changed are found where the modality can tell
    (:meth:`~transfergui.core.interfaces.plan.Modality.copies`).

    Args:
        plan: with the split beside which they are.
    """
    if not found:
        return
    split = plan.split

    def contents(root: str, samples: Sequence[Sample]) -> Contents:
        # counted on, so that it can be ended; what is shown is how many were read
        looked_at = functools.partial(tell, found[0].place, len(found[0].samples))
        read = plans.digests(plan, Path(root), samples, looked_at)
        return {Path(root, path): digest for path, digest in read.items()}

    measuring = contents(split.root, (*split.val, *split.test))
    known = Known(measuring, contents(split.root, split.train), {})
    kept: dict[Place, Companion] = {}
    for each in sorted(found, key=lambda companion: companion.role != "check"):  # that one first
        rest = _without(plan, each, known, tell)
        if each.role == "check":
            known = dataclasses.replace(known, checks=contents(rest.root, rest.samples))
        kept[each.place] = rest
    yield from (kept[each.place] for each in found)


def _of_copies(
    plan: Plan,
    companion: Companion,
    digests: Mapping[str, str],
    known: Known,
    check_cancelled: Callable[[], object],
) -> dict[str, str] | None:
    """The digests of those samples of which ``companion`` has a copy that was saved again, by the
    copy's path; None where there are too many to look for such."""
    own = {**known.training, **known.measuring, **known.checks}
    same = set(own.values())
    others = {
        path: Path(companion.root, path) for path, digest in digests.items() if digest not in same
    }
    return saved_again(
        lambda mine, theirs: plan.modality.copies(mine, theirs, plan.input, check_cancelled),
        own,
        others,
    )


def _without(plan: Plan, companion: Companion, known: Known, tell: Tell) -> Companion:
    """``companion`` without what ``known`` forbids; what is said of that comes first."""
    count = len(companion.samples)
    looked_at = functools.partial(tell, companion.place, count)
    digests = plans.digests(plan, Path(companion.root), companion.samples, looked_at)
    copies = _of_copies(plan, companion, digests, known, looked_at)
    digests |= copies or {}
    training, checks = set(known.training.values()), set(known.checks.values())
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
        only_checks = {*digests.values()} <= checks
        say("companion.only_checks" if only_checks else "companion.only_own", count)
        told = told[-1:]
    also = sum(digests.get(each.path) in training for each in rest)
    if also:
        say("companion.also_training", also, left_out=False)
    if copies is None:
        say("data.near_unchecked", count, left_out=False)
    if not told:
        return companion
    problems = (*told, *companion.problems)
    return msgspec.structs.replace(companion, samples=rest, problems=problems)
