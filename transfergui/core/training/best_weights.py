"""The best epoch of a training: which one it is, its weights, and when to stop waiting for a better
one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.training import checkpoint
from transfergui.core.training.position import NO_BEST

if TYPE_CHECKING:
    from torch import Tensor

    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.training.position import Position


class BestWeights:
    """The weights of the best epoch so far; in memory until they are saved.

    Args:
        at: is told which epoch that is, and how many have passed since.
        folder: of the checkpoints.
        writes: whether this process keeps them; of several that train together, one does.
    """

    def __init__(
        self, plan: Plan, model: Classifier, at: Position, folder: Path, writes: bool = True
    ) -> None:
        self._plan = plan
        self._model = model
        self._at = at
        self._folder = folder
        self._writes = writes
        self._state: dict[str, Tensor] | None = None

    def judge(self, loss: float | None, score: float | None) -> bool:
        """Whether the epoch just ended is the best so far; if so, keep its weights.

        Args:
            loss, score: on the validation samples; None where there are none.
        """
        at, value = self._at, self._error(loss, score)
        if value >= at.best:
            at.stale += 1
            return False
        at.best, at.best_epoch, at.stale = value, at.epoch, 0
        self._keep()
        return True

    def is_stale(self) -> bool:
        """Whether early stopping ends the phase."""
        stops = self._plan.recipe.run.early_stopping != "none"
        return stops and self._at.stale >= self._plan.patience

    def save(self) -> Iterator[ev.Event]:
        """The best weights, where they are newer than those on the disk."""
        best = self._state
        if best is None or not all(bool(torch.isfinite(t).all()) for t in best.values()):
            return
        checkpoint.save_best(self._folder, checkpoint.cpu_plain_state(self._model) | best)
        self._state = None
        yield ev.Saved(kind="best", epoch=self._at.best_epoch or 0)

    def replace_if_lost(self) -> Iterator[ev.Event]:
        """Where ``best`` is damaged, what was restored counts as the best until there is a better
        epoch."""
        at = self._at
        if at.best_epoch is None:
            return
        try:
            checkpoint.read_best(self._folder, self._model)
        except UserError as error:
            at.best, at.best_epoch, at.stale = NO_BEST, at.epoch, 0
            self._keep()
            yield ev.Notice(code="training.best_lost", values=error.note.values, level="warning")

    def _keep(self) -> None:
        if not self._writes:
            return
        changed = self._at.changed_prefix(self._plan.phases)
        self._state = checkpoint.cpu_plain_state(self._model, changed)

    def _error(self, loss: float | None, score: float | None) -> tuple[float, float]:
        """What to make smaller; without validation samples, the last epoch is the best."""
        if loss is None or score is None:
            return -float(self._at.epoch), 0.0
        wrong = -self._plan.objective.curve.worth(score)
        by_score = self._plan.recipe.run.early_stopping == "accuracy"
        return (wrong, loss) if by_score else (loss, wrong)
