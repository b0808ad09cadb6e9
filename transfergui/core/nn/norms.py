"""Batch normalisation with the statistics of other examples (AdaBN)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


def batch_norms(network: nn.Module) -> list[_BatchNorm]:
    """Those that keep statistics."""
    found = (module for module in network.modules() if isinstance(module, _BatchNorm))
    return [module for module in found if module.running_mean is not None]


class Statistics:
    """What the batch norms of ``networks`` that are in train mode have learnt by now."""

    def __init__(self, *networks: nn.Module) -> None:
        norms = [norm for each in networks for norm in batch_norms(each) if norm.training]
        self._buffers = [buffer for norm in norms for buffer in norm.buffers(recurse=False)]
        self._values = [buffer.clone() for buffer in self._buffers]

    def restore(self) -> None:
        """Forget what they have learnt since."""
        for buffer, value in zip(self._buffers, self._values, strict=True):
            buffer.copy_(value)


@contextlib.contextmanager
def estimating(network: nn.Module) -> Iterator[None]:
    """Within, the batch norms of ``network`` take over the statistics of what it is run on.

    AdaBN (Li et al. 2016, arXiv:1603.04779): each norm subtracts the mean, and divides by the
    deviation, of its own inputs in this data set. In a batch these are those of the batch; what
    stays is their mean over all batches. What the statistics were before does not matter. Batches
    of inputs [N, ...], N > 1, must be drawn at random: the variance within a batch of one class is
    too small. In eval mode at the end.
    """
    found = batch_norms(network)
    network.eval()
    before = [norm.momentum for norm in found]
    for norm in found:
        norm.reset_running_stats()
        norm.momentum = None  # the mean of all batches
        norm.train()
    try:
        yield
    finally:
        for norm, momentum in zip(found, before, strict=True):
            norm.momentum = momentum
        network.eval()


@torch.no_grad()
def estimate(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Give the batch norms of ``network`` those of ``batches``, as of :func:`estimating`."""
    with estimating(network):
        for inputs in batches:
            network(inputs)
