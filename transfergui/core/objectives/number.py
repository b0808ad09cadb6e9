"""A number (regression): smooth L1 loss on standardised targets.

Girshick, "Fast R-CNN", 2015 (arXiv:1504.08083), for the loss. The model's output is the number in
standard deviations of the training samples from their mean, so that one learning rate suits
kilometres and millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import figure_text
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.options import Options
from transfergui.core.data.targets import NUMBER, Targets, number_text, parsed_number
from transfergui.core.figures import metrics, regression
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
from transfergui.core.objectives.matching import extended
from transfergui.core.objectives.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import torch


class NumberOptions(Options, frozen=True):
    """There are none."""


class Number(Usual):
    """See :class:`.interfaces.objective.Objective`; outputs [N, 1] are standardised, wanted
    are numbers in their unit [N]."""

    key = NUMBER
    title = N_("A number")
    summary = N_("Each example has a number, such as an age, a price or an angle.")
    options: type[Options] = NumberOptions
    curve = Score("mean_absolute_error", N_("Mean absolute error"), False, False)
    primary = curve
    balances = False
    smooths = False
    fits = False
    confident = False
    several = False
    probe = Score("r2", N_("R²"), share=False)

    def counted(self, targets: Targets, classes: int) -> str:
        if not targets.unit:
            return _("a number")
        return _("a number in {unit}").format(unit=targets.unit)

    def outputs(self, targets: Targets, classes: int) -> int:
        return 1

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        return targets.names

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        return torch.tensor([value for (value,) in targets.values], dtype=torch.float32)

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        from transfergui.core.nn.objective_losses import StandardizedSmoothL1, Standardizer

        return StandardizedSmoothL1(Standardizer(targets.mean, targets.scale))

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        from torch.nn import functional

        standard = (wanted - targets.mean) / targets.scale
        return float(functional.smooth_l1_loss(outputs.reshape(-1), standard))

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        return wanted.reshape(-1, 1)

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """The sum of the absolute errors."""
        said = self.answers(outputs.cpu().double(), targets).reshape(-1)
        return (float((said - wanted.cpu().double().reshape(-1)).abs().sum()),)

    def rate(self, tally: Sequence[float], samples: int) -> float:
        return tally[0] / samples if samples else 0.0

    def calibrate(
        self, outputs: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        return ()

    def energy(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs.sum(1) * 0

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs * targets.scale + targets.mean

    def evidence(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        import torch

        return torch.stack(list(outputs)).mean(0)

    def exports(self, found: Found) -> dict[str, tuple[str, ...]]:
        (name,), unit = found.targets.names, found.targets.unit
        return {"value": (f"{name} ({unit})" if unit else name,)}

    def exported(self, outputs: torch.Tensor, found: Found) -> tuple[torch.Tensor, ...]:
        """The number in its unit [N, 1]."""
        return (self.answers(outputs, found.targets),)

    def agreement(
        self, wanted: torch.Tensor, outputs: torch.Tensor, found: Found, close: float
    ) -> float:
        return float(((wanted - outputs).abs() <= close).all(1).double().mean())

    def chosen(self, targets: Targets, counts: Sequence[int]) -> dict[str, Any]:
        return {}

    def compares_alone(self, options: Options) -> bool:
        return False

    def fit(
        self, answers: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        return ()

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        unit = f" {found.targets.unit}" if found.targets.unit else ""
        return [Said(f"{figure_text(float(row[0]))}{unit}", None) for row in answers]

    def columns(self, found: Found) -> tuple[str, ...]:
        return ("value",)

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        return (float(answers[0]),)

    def error(self, row: PredictionRow, targets: Targets) -> float:
        """The absolute error."""
        (value,) = row.cells
        return abs(float(value) - parsed_number(row.truth))

    def matched(
        self, classes: Sequence[str], targets: Targets, found: Found, match: Match
    ) -> Matched:
        """Those in another unit cannot be compared; a column of another name is named."""
        own, unit = found.targets.unit, targets.unit
        if own and unit and own != unit:
            raise UserError("evaluate.other_unit", own=own, unit=unit)
        longer, labels = extended(found, targets.values, lambda row: number_text(row[0]))
        pairs = zip(targets.names, found.targets.names, strict=True)
        renamed = {name: known for name, known in pairs if name != known}
        return Matched(longer, labels, ((),) * len(labels), renamed)

    def probes(self, labels: np.ndarray, targets: Targets) -> tuple[Probe, ...]:
        import numpy as np

        return (Probe("number", np.array([targets.values[n][0] for n in labels.tolist()])),)

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: Circumstances,
    ) -> Report:
        targets = found.targets
        truth = [targets.values[label][0] for label in labels]
        mean = None if train_counts is None else targets.mean
        figures = regression.measure(truth, answers.reshape(-1), train_mean=mean)
        base = figures.baseline
        return Report(
            objective=self.key,
            primary=metrics.primary(self.primary.key, figures.mae, figures.mae_interval, False),
            macro_f1=None,
            n=figures.n,
            classes=found.targets.names,
            mean_absolute_error=figures.mae,
            median_absolute_error=figures.median_error,
            baseline_mean_absolute_error=None if base is None else base.mae,
            r2=figures.r2,
            unit=targets.unit,
            error_interval=figures.mae_interval,
            **metrics.no_class_figures(),
            **circumstances,
        )
