"""Which samples go into which part: stratified, and groups whole as far as they leave something
to test on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np

from transfergui.core.base.i18n import comma_list
from transfergui.core.data.dataset import (
    BY_FOLDER,
    GROUP_COLUMN,
    NO_GROUP,
    Dataset,
    Problem,
    Sample,
    natural_order,
)
from transfergui.core.data.group_split import GroupStratifiedSplitter
from transfergui.core.data.kept_split import Parts
from transfergui.core.data.stratification import iterative_split, number_strata, one_hot
from transfergui.core.data.targets import (
    NUMBER,
    ONE_CLASS,
    SEVERAL_QUESTIONS,
    Targets,
    members_of,
)

NAMED = 5
"""So many classes are named."""


def divided(
    rest: Sequence[Sample], kept: Parts, dataset: Dataset, missing: Mapping[str, int], seed: int
) -> tuple[Parts, Problem | None]:
    """The parts, and why groups were divided, where they were.

    Args:
        rest: samples that are in no part yet.
        kept: those that the user put into validation and test.
        missing: the parts that are to be drawn, with their shares in per cent.
    """
    divide = _by_class if dataset.targets.objective == ONE_CLASS else _stratified
    return divide(rest, kept, dataset, missing, seed)


def _by_class(
    rest: Sequence[Sample], kept: Parts, dataset: Dataset, missing: Mapping[str, int], seed: int
) -> tuple[Parts, Problem | None]:
    """As :func:`divided`, for one class of each sample."""

    def drawn(samples: Sequence[Sample], missing: Mapping[str, int] = missing) -> Parts:
        parts = {**kept, **GroupStratifiedSplitter(samples, dataset.classes, missing, seed).parts()}
        if not parts["val"] and len(missing) > 1:  # the test took what validation needed
            other_way = dict(reversed([*missing.items()]))
            parts = {
                **kept,
                **GroupStratifiedSplitter(samples, dataset.classes, other_way, seed).parts(),
            }
        return parts

    def measured(parts: Parts) -> int:
        return measured_classes(parts, kept)

    strictly = drawn(rest)
    if not missing or measured(strictly) > 1 or not any(sample.group for sample in rest):
        return strictly, None
    at_random = drawn([_without_group(sample) for sample in rest])
    if measured(at_random) <= measured(strictly):  # it is not for the groups
        return strictly, None
    only_val = {name: share for name, share in missing.items() if name == "val"}
    without_test = drawn(rest, only_val)
    if measured(without_test) > measured(strictly):
        return without_test, None
    alone = _of_one_group(rest)
    partly = drawn([_without_group(s) if s.label in alone else s for s in rest])
    if measured(partly) > measured(strictly):
        return _regrouped(partly, rest), _ungrouped(_reason(rest, alone), dataset, rest, alone)
    if not measured(strictly):
        return _regrouped(at_random, rest), _few_groups(dataset, rest)
    return strictly, None


STRATUM, STRATA = 10, 10
"""Numbers of about so many samples are divided alike, in so many strata at most."""


def _stratified(
    rest: Sequence[Sample], kept: Parts, dataset: Dataset, missing: Mapping[str, int], seed: int
) -> tuple[Parts, Problem | None]:
    """As :func:`divided`, for several labels, boxes, several questions, and numbers."""

    def drawn(samples: Sequence[Sample]) -> Parts:
        shares = {part: share / 100 for part, share in missing.items()}
        shares["train"] = 1 - sum(shares.values())
        found = iterative_split(
            _strata(samples, dataset.targets),
            [sample.path for sample in samples],
            shares,
            seed,
            [sample.group for sample in samples],
        )
        return {**kept, **{part: [samples[at] for at in own] for part, own in found.items()}}

    if not missing or not rest:
        return {**kept, "train": list(rest)}, None
    strictly = drawn(rest)
    if all(strictly.values()) or not any(sample.group for sample in rest):
        return strictly, None
    at_random = drawn([_without_group(sample) for sample in rest])
    if not all(at_random.values()):
        return strictly, None
    return _regrouped(at_random, rest), _few_groups(dataset, rest)


def _strata(samples: Sequence[Sample], targets: Targets) -> np.ndarray:
    """The label sets by which samples are divided alike, bool [N, L]."""
    rows = [targets.values[sample.label] for sample in samples]
    if targets.objective == NUMBER:
        numbers = [row[0] for row in rows]
        return one_hot(number_strata(numbers, max(1, min(STRATA, len(numbers) // STRATUM))))
    if targets.objective == SEVERAL_QUESTIONS:
        return one_hot(np.array(rows, dtype=np.int64))
    held = np.zeros((len(rows), len(targets.names)), dtype=bool)
    for at, sample in enumerate(samples):
        held[at, list(members_of(targets, sample.label))] = True
    return held


def measured_classes(parts: Parts, kept: Parts) -> int:
    """How many classes there are to measure the result on; as many as it takes, where the user
    chose the samples; none where there is nothing to train on or to validate with."""
    if not parts["train"] or not parts["val"]:
        return 0
    on = "test" if parts["test"] else "val"
    return 2 if kept[on] else len({sample.label for sample in parts[on]})


def _without_group(sample: Sample) -> Sample:
    return msgspec.structs.replace(sample, group=None)


def _regrouped(parts: Parts, samples: Iterable[Sample]) -> Parts:
    """``parts`` with the groups that their samples have in ``samples``."""
    known = {sample.path: sample for sample in samples}
    return {name: [known.get(s.path, s) for s in part] for name, part in parts.items()}


def _of_one_group(samples: Iterable[Sample]) -> dict[int, str]:
    """The classes of several samples that are all of one group, with that group."""
    groups: dict[int, set[str | None]] = {}
    counts: Counter[int] = Counter()
    for sample in samples:
        groups.setdefault(sample.label, set()).add(sample.group)
        counts[sample.label] += 1
    return {
        label: group
        for label, held in groups.items()
        if counts[label] > 1 and len(held) == 1 and (group := next(iter(held))) is not None
    }


def _reason(samples: Sequence[Sample], alone: Mapping[int, str]) -> str:
    """Why groups leave nothing to test on, as a code."""
    names = set(alone.values())
    if names & {sample.path for sample in samples}:  # copies are grouped by the first of them
        return "split.copies"
    if len(alone) < len({sample.label for sample in samples}):
        return "split.class_of_one_group"
    return "split.one_group" if len(names) == 1 else "split.group_per_class"


def _few_groups(dataset: Dataset, samples: Sequence[Sample]) -> Problem:
    """That groups leave nothing to test on, and how they are taken for none where a column says
    them."""
    groups = len({sample.group for sample in samples if sample.group})
    column = str(dataset.chosen.get(GROUP_COLUMN) or "")
    values = {"noun": dataset.noun, "groups": groups, "column": column}
    said = column not in ("", NO_GROUP, BY_FOLDER)
    code = "split.few_groups_of_column" if said else "split.few_groups"
    return Problem(code, values, path=".", left_out=False)


def _ungrouped(
    code: str, dataset: Dataset, samples: Sequence[Sample], alone: Mapping[int, str]
) -> Problem:
    classes = natural_order(dataset.classes[label] for label in alone)
    values = {
        "noun": dataset.noun,
        "count": len(samples),
        "groups": some(natural_order(alone.values())),
        "classes": some([f"“{name}”" for name in classes]),
    }
    return Problem(code, values, path=".", left_out=False)


def some(names: Sequence[str]) -> str:
    """The first few of them, for a sentence."""
    return comma_list(names[:NAMED]) + (", …" if len(names) > NAMED else "")
