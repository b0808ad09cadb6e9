"""What a trained model answers to the data where it will be used: looked at once, at the end."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transfergui.core.runs.elsewhere import Elsewhere

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces import Plan
    from transfergui.core.runs import events as ev
    from transfergui.core.training.data_pipeline import Beside
    from transfergui.core.training.held_out import Looks
    from transfergui.core.training.loaders import Source

MOST = 2000
"""Samples of the target whose features are kept."""


def answered(
    plan: Plan, looks: Looks, val: Source, beside: Beside
) -> Generator[ev.Event, None, Elsewhere | None]:
    """What is to be kept of the answers; None where no target is known, or not one class is
    predicted."""
    if beside.target is None or not plan.objective.balances:
        return None
    target = yield from _looked(plan, looks, beside.target)
    own = yield from _looked(plan, looks, val)
    checked = np.zeros(0, bool)
    if beside.check is not None:
        checked = _right((yield from _looked(plan, looks, beside.check)), beside.check)
    return Elsewhere(
        target.answers, target.features[:MOST], _right(own, val), own.features, checked
    )


class _Looked(NamedTuple):
    """Predictions [N, C] and features [N, F] of the samples that can be read, and their rows."""

    answers: np.ndarray
    features: np.ndarray
    rows: list[int]


def _looked(plan: Plan, looks: Looks, source: Source) -> Generator[ev.Event, None, _Looked]:
    found, rows = yield from looks.inside(source, range(len(source.labels)))
    classes = len(plan.split.classes)
    return _Looked(_answers(plan, found[:, -classes:]), found[:, :-classes].numpy(), rows)


def _right(found: _Looked, source: Source) -> np.ndarray:
    """Whether each prediction is right, bool [N]."""
    return found.answers.argmax(1) == np.array([source.labels[row] for row in found.rows])


def _answers(plan: Plan, logits: torch.Tensor) -> np.ndarray:
    return plan.objective.answers(logits.double(), plan.split.targets).numpy()
