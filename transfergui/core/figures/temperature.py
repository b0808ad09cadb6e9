"""Logits at the temperature at which their confidences are what they say.

There is one temperature, or one for each of several questions; none where none was fitted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from transfergui.core.data.targets import Targets

if TYPE_CHECKING:
    import torch


def calibrated(
    outputs: torch.Tensor, targets: Targets, temperatures: Sequence[float]
) -> torch.Tensor:
    """Outputs [N, O], divided by the temperatures."""
    if not temperatures:
        return outputs
    if len(temperatures) == 1:
        return outputs / temperatures[0]
    pairs = zip(temperatures, targets.answers, strict=True)
    scale = [each for each, answers in pairs for _answer in answers]
    return outputs / outputs.new_tensor(scale)


def thresholds(fitted: Sequence[float], temperatures: Sequence[float]) -> tuple[float, ...]:
    """Thresholds of probabilities, at the temperature: the same labels are above them."""
    if not fitted or not temperatures:
        return tuple(fitted)
    (temperature,) = temperatures
    return tuple(_moved(each, temperature) for each in fitted)


def _moved(share: float, temperature: float) -> float:
    if not 0 < share < 1:
        return share
    return 1 / (1 + math.exp(-math.log(share / (1 - share)) / temperature))


def fault(temperatures: Sequence[float], targets: Targets) -> bool:
    """Whether temperatures that come from others do not belong to these targets."""
    return len(temperatures) not in {0, 1, len(targets.answers)}
