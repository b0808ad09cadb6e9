"""Where a training stands.

Whatever is random is counted: it follows from the numbers of a position and the recipe's seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from transfergui.core.base.i18n import _
from transfergui.core.base.records import Count, Epoch, Number, Seconds
from transfergui.core.training.step import added

if TYPE_CHECKING:
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.training.step import StepResult

NO_BEST = (math.inf, math.inf)


class Position(msgspec.Struct):
    """Where a training stands: everything to go on from but tensors.

    Attributes:
        phase: index of the current phase.
        epoch: epochs done, over all phases; ``phase_epoch`` in this phase.
        step: batches done in the current epoch.
        loss_sum, tally, seen: over the samples of the current epoch; nothing has a tally before the
            first batch.
        right: the tally of one class, in checkpoints of older versions.
        best_epoch, best: the best epoch, and (value, tie-breaker) to be made smaller.
        stale: epochs since.
        limit: samples that fit into memory at once, None where no limit was met.
        logs: of what the task tells of its steps, the sum over the samples of the current epoch,
            and how many these are.
        seconds: spent so far, features and interrupted work included.
    """

    phase: Epoch = 0
    epoch: Epoch = 0
    phase_epoch: Epoch = 0
    step: Count = 0
    loss_sum: Number = 0.0
    right: Number | None = None
    tally: tuple[Number, ...] = ()
    seen: Count = 0
    logs: dict[str, tuple[Number, Count]] = {}
    best_epoch: Epoch | None = None
    best: tuple[float, float] = NO_BEST
    stale: Count = 0
    limit: Annotated[int, msgspec.Meta(ge=1)] | None = None
    seconds: Seconds = 0.0
    plateau: dict[str, float] = {}

    @classmethod
    def restored(cls, values: dict[str, Any], phases: Sequence[Phase]) -> Position:
        """Of a checkpoint.

        Raises:
            ValueError: it is none of a training of these ``phases``, or damaged.
        """
        at = msgspec.convert(values, cls)
        at._require_within(phases)
        labelled = phases[at.phase].through is None
        if at.right is not None and at.seen and not at.tally and labelled:
            at.tally = (at.right,)
        return at

    def begin_phase(self, index: int) -> None:
        self.phase, self.phase_epoch, self.stale = index, 0, 0
        self.begin_epoch()

    def begin_epoch(self) -> None:
        self.step, self.loss_sum, self.tally, self.seen, self.logs = 0, 0.0, (), 0, {}

    def end_step(self, result: StepResult, size: int) -> None:
        """One more batch, of ``size`` samples, is done."""
        self.step += 1
        self.loss_sum += result.loss * size
        self.tally = added(self.tally, result.tally) if self.tally else result.tally
        self.seen += size

    def end_epoch(self) -> None:
        self.epoch, self.phase_epoch = self.epoch + 1, self.phase_epoch + 1
        self.begin_epoch()

    def changed_prefix(self, phases: Sequence[Phase]) -> str:
        """How the names of all tensors begin that the phases so far may have changed."""
        so_far = phases[: self.phase + 1]
        return "head." if all(phase.cache_features for phase in so_far) else ""

    def _require_within(self, phases: Sequence[Phase]) -> None:
        epochs = [phase.epochs for phase in phases[: self.phase + 1]]
        if self.phase >= len(phases) or self.phase_epoch > epochs[-1] or self.epoch > sum(epochs):
            raise ValueError(_("its epoch number is higher than the last epoch of this run"))
