"""Batch normalisation with the statistics of other examples (AdaBN)."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


def batch_norms(network: nn.Module) -> list[_BatchNorm]:
    """Those that keep statistics."""
    found = (module for module in network.modules() if isinstance(module, _BatchNorm))
    return [module for module in found if module.running_mean is not None]


@torch.no_grad()
def estimate(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Give the batch norms of ``network`` the statistics of these inputs, and eval mode to all.

    AdaBN (Li et al. 2016, arXiv:1603.04779): each norm subtracts the mean, and divides by the
    deviation, of its own inputs in this data set. In a batch these are those of the batch; what
    stays is their mean over all batches. What the statistics were before does not matter.

    Args:
        batches: of inputs [N, ...], N > 1, in random order: the variance within a batch of one
            class is too small.
    """
    found = batch_norms(network)
    network.eval()
    before = [norm.momentum for norm in found]
    for norm in found:
        norm.reset_running_stats()
        norm.momentum = None  # the mean of all batches
        norm.train()
    try:
        for inputs in batches:
            network(inputs)
    finally:
        for norm, momentum in zip(found, before, strict=True):
            norm.momentum = momentum
        network.eval()
