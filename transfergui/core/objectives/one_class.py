"""One class: exactly one of a list, by softmax and cross-entropy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from transfergui.core.base.i18n import N_, ngettext
from transfergui.core.base.options import Options
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.figures import answer_rows, calibration, one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Circumstances, Report
from transfergui.core.interfaces.objective import (
    Found,
    LossSettings,
    Match,
    Matched,
    Probe,
    Said,
    Score,
)
from transfergui.core.objectives.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import torch


class OneClassOptions(Options, frozen=True):
    """There are none."""


class OneClass(Usual):
    """See :class:`.interfaces.objective.Objective`; outputs are logits [N, classes]."""

    key = ONE_CLASS
    title = N_("One class")
    summary = N_("Each example belongs to exactly one class.")
    options: type[Options] = OneClassOptions
    curve = Score("accuracy", N_("Accuracy"))
    primary = curve
    balances = True
    smooths = True
    fits = False
    confident = True
    several = False
    probe = curve

    def counted(self, targets: Targets, classes: int) -> str:
        return ngettext("{count} class", "{count} classes", classes).format(count=classes)

    def outputs(self, targets: Targets, classes: int) -> int:
        return classes

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        return tuple(classes)

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        return torch.arange(classes)

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        from transfergui.core.nn.losses import CrossEntropy

        return CrossEntropy(settings.smoothing, settings.class_weights)

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        from torch.nn import functional

        return float(functional.cross_entropy(outputs, wanted))

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        from torch.nn import functional

        return functional.one_hot(wanted, classes).float()

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """How many are right; of mixed targets the larger part counts."""
        wanted = wanted.argmax(1) if wanted.ndim > 1 else wanted
        return (float((outputs.argmax(1).cpu() == wanted.cpu()).sum()),)

    def rate(self, tally: Sequence[float], samples: int) -> float:
        return tally[0] / samples if samples else 0.0

    def calibrate(
        self, outputs: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        import numpy as np

        if len(labels) < calibration.FEWEST:
            return ()
        return (calibration.fit(outputs, np.asarray(labels)),)

    def energy(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return -outputs.logsumexp(1)

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs.softmax(1)

    def evidence(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        from transfergui.core.nn.evidence import log_odds

        return log_odds(outputs)

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        import torch

        logs = torch.stack([each.log_softmax(1) for each in outputs])
        return logs.logsumexp(0) - math.log(len(logs))

    def exports(self, found: Found) -> dict[str, tuple[str, ...]]:
        return {"probabilities": found.classes}

    def exported(self, outputs: torch.Tensor, found: Found) -> tuple[torch.Tensor, ...]:
        return (self.answers(outputs, found.targets),)

    def agreement(
        self, wanted: torch.Tensor, outputs: torch.Tensor, found: Found, close: float
    ) -> float:
        """The same first answer."""
        return float((wanted.argmax(1) == outputs.argmax(1)).double().mean())

    def chosen(self, targets: Targets, counts: Sequence[int]) -> dict[str, Any]:
        return {}

    def compares_alone(self, options: Options) -> bool:
        return False

    def fit(
        self, answers: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        return ()

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        return [Said(found.classes[int(row.argmax())], float(row.max())) for row in answers]

    def columns(self, found: Found) -> tuple[str, ...]:
        return found.classes

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        return tuple(answers.tolist())

    def error(self, row: PredictionRow, targets: Targets) -> float:
        return answer_rows.class_error(row)

    def matched(
        self, classes: Sequence[str], targets: Targets, found: Found, match: Match
    ) -> Matched:
        known = match(classes, found.classes)
        place = {name: index for index, name in enumerate(found.classes)}
        return Matched(
            found,
            tuple(place[known[name]] if name in known else None for name in classes),
            tuple(() if name in known else (name,) for name in classes),
            {name: own for name, own in known.items() if name != own},
        )

    def probes(self, labels: np.ndarray, targets: Targets) -> tuple[Probe, ...]:
        return (Probe("classes", labels),)

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: Circumstances,
    ) -> Report:
        return one_class.measure(
            labels, answers, found.classes, train_counts=train_counts, **circumstances
        )
