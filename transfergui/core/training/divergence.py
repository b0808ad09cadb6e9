"""A training whose loss is not finite any more: the sample that is the reason, if one is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from transfergui.core.base.errors import UserError
from transfergui.core.training.features import FeatureSource

if TYPE_CHECKING:
    from transfergui.core.training.loaders import Batch, Source

CODES = ("training.diverged_sample", "training.diverged_kept", "training.diverged")
"""Of :func:`error`: another computer would come to the same."""
OUTLYING = 100.0
"""So many times what is usual in its batch, a sample is the likely reason of a divergence."""


class Diverged(Exception):  # noqa: N818 - an outcome, not an error of the program
    """The loss or a gradient is not finite; the weights are as they were before the step.

    Args:
        suspects: paths of the few samples of which the outputs are not finite.
    """

    def __init__(self, suspects: Sequence[str] = ()) -> None:
        super().__init__()
        self.suspects = suspects


def suspect(source: Source, batch: Batch | None, network: nn.Module, device: torch.device) -> str:
    """The path of a sample that is far from the others of its batch; else nothing.

    Args:
        source: of the training.
        batch: the last one; None where there was none yet.
    """
    if isinstance(source, FeatureSource):  # all of which set the scale of the head
        row = outlier(torch.nn.Identity(), source.versions[0])
        return "" if row is None else source.paths[row]
    if batch is None:
        return ""
    row = outlier(network, batch.inputs.to(device))
    return "" if row is None else source.paths[batch.rows[row]]


@torch.no_grad()
def outlier(network: nn.Module, inputs: Tensor) -> int | None:
    """The row of ``inputs`` [N, ...] that, or the answer of ``network`` to which, is far larger
    than the others, or not finite; None where there is none."""
    network.eval()
    for values in (inputs, network(inputs)):
        if values.is_floating_point() and len(values) > 1:
            peaks = values.float().flatten(1).abs().amax(1).nan_to_num(nan=math.inf)
            usual = float(peaks.median())
            if math.isfinite(usual) and float(peaks.max()) > OUTLYING * usual > 0:
                return int(peaks.argmax())
    return None


def error(path: str, epoch: int, lr: float, kept: bool) -> UserError:
    """Why: a sample that is unlike all others, else the learning rate.

    Args:
        path: of the sample; empty where it is none.
        kept: whether there is a model of an earlier epoch.
    """
    if path:
        return UserError("training.diverged_sample", epoch=epoch, path=path)
    code = "training.diverged_kept" if kept else "training.diverged"
    return UserError(code, epoch=epoch, lr=lr, smaller=f"{lr / 10:.1g}")
