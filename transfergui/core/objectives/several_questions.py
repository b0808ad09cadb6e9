"""Several questions (multi-task): each one class, on one network with a head for each.

Caruana, "Multitask Learning", 1997. The losses of the questions are balanced by their values at
the start, or by weights that are learnt (Kendall, Gal and Cipolla, "Multi-Task Learning Using
Uncertainty to Weigh Losses", 2018, arXiv:1705.07115). An answer that is missing adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.targets import SEVERAL_QUESTIONS, Targets
from transfergui.core.interfaces import LossSettings, Score

if TYPE_CHECKING:
    import torch


class SeveralQuestionsOptions(Options, frozen=True):
    """The options of :class:`SeveralQuestions`."""

    balance: Annotated[
        Literal["start", "uncertainty", "none"],
        option(
            N_("Balance of the questions"),
            N_(
                "How the losses of the questions are weighted against each other: by their values "
                "at the start, by weights that are learnt (uncertainty weighting), or not at all."
            ),
            labels={
                "start": N_("By their values at the start"),
                "uncertainty": N_("By learnt weights"),
                "none": N_("All alike"),
            },
            advanced=True,
        ),
    ] = "start"


class SeveralQuestions:
    """See :class:`transfergui.core.interfaces.Objective`; outputs are the logits of all questions
    side by side [N, C_1 + ... + C_Q], wanted are class indices [N, Q], -1 where missing."""

    key = SEVERAL_QUESTIONS
    title = N_("Several questions")
    summary = N_("Each example answers several questions, each by one class of its own.")
    options: type[Options] = SeveralQuestionsOptions
    curve = Score("accuracy", N_("Accuracy over all questions"))
    primary = Score("mean_accuracy", N_("Mean accuracy of the questions"))

    def outputs(self, targets: Targets, classes: int) -> int:
        return sum(sizes(targets))

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        pairs = zip(targets.names, targets.answers, strict=True)
        return tuple(f"{name}: {answer}" for name, answers in pairs for answer in answers)

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        return torch.tensor(targets.values, dtype=torch.long).reshape(-1, len(targets.names))

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        from transfergui.core.nn.objective_losses import QuestionsLoss, SideBySide

        assert isinstance(settings.options, SeveralQuestionsOptions)
        return SideBySide(
            QuestionsLoss(
                sizes(targets),
                settings.options.balance,
                answered=answered_shares(targets, settings.counts),
                smoothing=settings.smoothing,
            )
        )

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        """The mean of the questions' mean cross-entropies."""
        from torch.nn import functional

        losses = [
            float(functional.cross_entropy(part[asked], truth[asked]))
            for part, truth in zip(self._parts(outputs, targets), wanted.T, strict=True)
            if bool((asked := truth >= 0).any())
        ]
        return sum(losses) / len(losses) if losses else 0.0

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        from transfergui.core.nn.objective_losses import soft_targets

        pairs = zip(wanted.T, sizes(targets), strict=True)
        return torch.cat([soft_targets(each, size) for each, size in pairs], 1)

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """Right answers, and answers."""
        right = asked = 0.0
        for part, truth in self._pairs(outputs.cpu(), wanted.cpu(), targets):
            known = truth >= 0
            right += float((part.argmax(1) == truth)[known].sum())
            asked += float(known.sum())
        return right, asked

    def rate(self, tally: Sequence[float], samples: int) -> float:
        return tally[0] / tally[1] if tally[1] else 0.0

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        import torch

        return torch.cat([part.softmax(1) for part in self._parts(outputs, targets)], 1)

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        import torch

        members = [self._parts(each, targets) for each in outputs]
        logs = [
            torch.stack([part.log_softmax(1) for part in parts]).logsumexp(0) - math.log(len(parts))
            for parts in zip(*members, strict=True)
        ]
        return torch.cat(logs, 1)

    def _parts(self, outputs: torch.Tensor, targets: Targets) -> tuple[torch.Tensor, ...]:
        """The outputs of each question [N, C_k]."""
        return outputs.split(sizes(targets), 1)

    def _pairs(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Outputs [N, C_k] and class indices [N] of each question; of mixed targets, the larger
        part counts."""
        parts = self._parts(outputs, targets)
        if wanted.is_floating_point():
            soft = self._parts(wanted, targets)
            indices = [each.argmax(1).where(each.sum(1) > 0, -1) for each in soft]
        else:
            indices = list(wanted.T)
        return list(zip(parts, indices, strict=True))


def sizes(targets: Targets) -> list[int]:
    """How many classes each question has."""
    return [len(answers) for answers in targets.answers]


def answered_shares(targets: Targets, counts: Sequence[int]) -> list[float]:
    """The share of the training samples that have an answer to each question; 1 where none has."""
    total = max(1, sum(counts))
    pairs = list(zip(targets.values, counts, strict=True))
    found = [
        sum(count for values, count in pairs if values[place] >= 0)
        for place in range(len(targets.names))
    ]
    return [count / total if count else 1.0 for count in found]
