"""What is kept of a model's outputs for the validation samples, while a training goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from transfergui.core.interfaces.objective import Found
from transfergui.core.runs import events as ev

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.group import Group
    from transfergui.core.training.loaders import Source

EXAMPLES = 6
"""Validation samples that are shown while a training goes on."""


class Validated:
    """What is kept of the outputs for validation samples, batch by batch.

    Args:
        val: the samples.

    Attributes:
        not_finite: the rows whose outputs are not all finite.
    """

    def __init__(self, plan: Plan, val: Source) -> None:
        self._plan, self._val = plan, val
        some = min(EXAMPLES, len(val.labels))
        self._shown = {len(val.labels) * number // some for number in range(some)}
        self._logits: dict[int, Tensor] = {}
        self.not_finite: list[int] = []

    def keep(self, rows: list[int], outputs: Tensor) -> Tensor:
        """As ``shrink`` of :func:`.inference.over`."""
        finite = torch.isfinite(outputs).all(1).tolist()
        for row, logits, fine in zip(rows, outputs, finite, strict=True):
            if row in self._shown:
                self._logits[row] = logits.clone()
            if not fine:
                self.not_finite.append(row)
        plan = self._plan
        targets, own = plan.split.targets, plan.objective_options
        return plan.objective.kept(outputs, self._val.wanted[rows], targets, own)

    def share(self, group: Group) -> None:
        """Know what any process of ``group`` has kept."""
        if not group.alone:
            found = group.gather((self._logits, self.not_finite))
            self._logits = {row: each[row] for each, _bad in found for row in each}
            self._logits = dict(sorted(self._logits.items(), key=lambda pair: pair[0]))
            self.not_finite = sorted(row for _logits, each in found for row in each)

    def examples(self) -> tuple[ev.Example, ...]:
        """Some of the samples, as the objective has them drawn."""
        if not self._logits:
            return ()
        objective, targets = self._plan.objective, self._plan.split.targets
        logits = torch.stack([*self._logits.values()]).double()
        answers = objective.answers(logits, targets).numpy()
        said = objective.drawn(answers, Found(targets, self._plan.split.classes))
        paths = [self._val.paths[row] for row in self._logits]
        return tuple(map(ev.Example, paths, said))
