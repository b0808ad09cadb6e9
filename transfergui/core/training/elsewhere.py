"""What a trained model answers to the data where it will be used: looked at once, at the end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transfergui.core.data.companions import WHERE_USED
from transfergui.core.runs.elsewhere import Elsewhere

if TYPE_CHECKING:
    from transfergui.core.data.companions import Role
    from transfergui.core.data.dataset import Sample
    from transfergui.core.data.split import Split
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs import events as ev
    from transfergui.core.training.data_pipeline import Beside
    from transfergui.core.training.held_out import Looks
    from transfergui.core.training.loaders import Source

MOST = 2000
"""Samples of the target whose features are kept, spread over all of them."""


def is_wanted(plan: Plan) -> bool:
    """Whether there are data from where the model will be used, and one class is predicted."""
    return plan.objective.balances and any(
        each.samples for role in WHERE_USED for each in plan.split.of_role(role)
    )


def answered(
    plan: Plan, looks: Looks, val: Source, beside: Beside
) -> Generator[ev.Event, None, Elsewhere]:
    """What is to be kept of the answers to the validation samples, and to other data.

    Args:
        val: the validation samples as the training saw them: of one that moves features to where
            the target's are (CORAL), moved. Its head has learnt for those: where they were not
            moved, it was worse at home in all of four cases, and better where it is used in two.
    """
    split = plan.split
    own = yield from _looked(plan, looks, val, split.val)
    target = yield from _looked(plan, looks, beside.target, _of(split, "target"))
    check = yield from _looked(plan, looks, beside.check, _of(split, "check"))
    count = len(target.rows)
    some = np.unique(np.linspace(0, count - 1, min(MOST, count)).round().astype(int))
    return Elsewhere(
        target=target.answers,
        target_rows=target.rows,
        target_features=target.features[some],
        validated=own.right,
        validated_rows=own.rows,
        validated_features=own.features,
        validated_answers=own.answers,
        checked=check.right,
        checked_rows=check.rows,
    )


class _Looked(NamedTuple):
    """Of the samples that can be read: predictions [N, C], features [N, F], whether the former are
    right [N], and their places among all of them [N]."""

    answers: np.ndarray
    features: np.ndarray
    right: np.ndarray
    rows: np.ndarray


NOTHING = _Looked(np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(0, bool), np.zeros(0, int))


def _of(split: Split, role: Role) -> Sequence[Sample]:
    return [sample for each in split.of_role(role) for sample in each.samples]


def _looked(
    plan: Plan, looks: Looks, source: Source | None, samples: Sequence[Sample]
) -> Generator[ev.Event, None, _Looked]:
    """
    Args:
        source: of those of the ``samples`` that could be read so far; None without any.
    """
    if source is None or not source.labels:
        return NOTHING
    found, rows = yield from looks.inside(source, range(len(source.labels)))
    classes = len(plan.split.classes)
    logits = found[:, -classes:].double()
    answers = plan.objective.answers(logits, plan.split.targets).numpy()
    places = {sample.path: place for place, sample in enumerate(samples)}
    return _Looked(
        answers,
        found[:, :-classes].numpy(),
        answers.argmax(1) == np.array([source.labels[row] for row in rows], int),
        np.array([places[source.paths[row]] for row in rows], int),
    )
