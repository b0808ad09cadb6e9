"""Where a training stands, put on the disk now and then, and taken up again.

The files are those of :mod:`.checkpoint`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core.nn import state_dicts
from transfergui.core.nn.classifier import all_finite
from transfergui.core.runs import events as ev
from transfergui.core.training import checkpoint, optim
from transfergui.core.training.averaging import Average
from transfergui.core.training.divergence import Diverged

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.training.best_weights import BestWeights
    from transfergui.core.training.position import Position
    from transfergui.core.training.step import TrainStep

SAVE_EVERY = 5.0
"""Seconds between two checkpoints at the end of an epoch."""
SAVE_WITHIN = 60.0
"""Seconds after which a checkpoint is made amid an epoch."""


class Checkpointer:
    """The checkpoints of one training.

    Args:
        at: where it stands.
        best: is saved first.
        folder: of the checkpoints.
        began: when the training did, as of :func:`time.monotonic`.
        writes: whether this process writes them; of several that train together, one does.
    """

    def __init__(
        self,
        plan: Plan,
        model: Classifier,
        at: Position,
        best: BestWeights,
        folder: Path,
        began: float,
        writes: bool = True,
    ) -> None:
        self._plan = plan
        self._model = model
        self._at = at
        self._best = best
        self._folder = folder
        self._writes = writes
        self._saved = self._counted = began

    def is_due(self, seconds: float) -> bool:
        """Whether the last checkpoint is older than that."""
        return time.monotonic() - self._saved > seconds

    def save(
        self, train_step: TrainStep, plateau: optim.Plateau, average: Average | None
    ) -> Iterator[ev.Event]:
        """Both checkpoints, ``best`` first.

        Raises:
            Diverged: a weight is not finite; nothing was saved.
        """
        if not all_finite(train_step.task):
            raise Diverged
        if not self._writes:
            self._saved = time.monotonic()
            return
        yield from self._best.save()
        self.count_time()
        at = self._at
        at.limit, at.plateau = train_step.micro_batches.limit, plateau.state()
        tree = {
            "position": msgspec.to_builtins(at),
            # the others are as loaded
            "model": checkpoint.cpu_state(self._model, at.changed_prefix(self._plan.phases)),
            "task": _own_state(train_step.task),
            "optimizer": train_step.optimizer.state_dict(),
        }
        if average is not None:
            averaged = checkpoint.cpu_copy(average.tensors)
            tree |= {"average": averaged, "averaged": average.steps}
        checkpoint.save_last(self._folder, tree)
        self._saved = time.monotonic()
        yield ev.Saved(kind="last", epoch=at.epoch)

    def count_time(self) -> None:
        """Bring the seconds of the position up to now."""
        now = time.monotonic()
        self._at.seconds += now - self._counted
        self._counted = now

    def average(self, last: dict[str, Any] | None) -> Average | None:
        """The moving average of the weights, as it was; None where none is asked for.

        Raises:
            UserError: ``run.last_damaged``.
        """
        decay, changed = self._plan.recipe.optim.average, self._at.changed_prefix(self._plan.phases)
        if not decay:
            return None
        average = Average(self._model, decay, changed)
        if last is None:
            return average
        with checkpoint.restoring(self._folder):
            checkpoint.require_fit(average.tensors, last["average"])
            return Average(self._model, decay, changed, (last["average"], last["averaged"]))

    def restore_step(
        self, train_step: TrainStep, plateau: optim.Plateau, last: dict[str, Any]
    ) -> None:
        """Put back what is trained beside the model, the optimizer and the schedule.

        Raises:
            UserError: ``run.last_damaged``.
        """
        with checkpoint.restoring(self._folder):
            held = train_step.task.state_dict()
            checkpoint.require_fit(held, last["task"])
            for name, tensor in last["task"].items():
                held[name].copy_(tensor)
            train_step.optimizer.load_state_dict(last["optimizer"])
            checkpoint.require_fitting_optimizer(train_step.optimizer)
            plateau.restore(self._at.plateau)


def restore_model(model: Classifier, last: dict[str, Any]) -> None:
    """Put back the weights; what was trained of ``model`` is trainable already.

    Raises:
        ValueError: they do not fit.
    """
    held = model.state_dict()
    checkpoint.require_fit(held, last["model"])
    state_dicts.load(model, held | last["model"])


def rate_of(last: dict[str, Any]) -> float:
    """The learning rate of the last step."""
    return float(last["optimizer"]["param_groups"][0]["lr"])


def _own_state(task: torch.nn.Module) -> dict[str, Tensor]:
    """What the strategy's task holds beside the model."""
    return checkpoint.cpu_copy(
        {k: v for k, v in task.state_dict().items() if not k.startswith(optim.OF_MODEL)}
    )
