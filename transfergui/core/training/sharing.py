"""A step that several processes share: their gradients, and what each tells, added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from transfergui.core.training.divergence import Diverged

if TYPE_CHECKING:
    from transfergui.core.training.group import Group


class Part(NamedTuple):
    """What one process tells of its part of a batch.

    Attributes:
        size: samples of it that could be read.
        loss: its share of the batch's; None where it is not finite.
        tally: as of :meth:`Objective.tally`; empty without a sample.
        logs: what the task tells of it.
        short: memory ran out.
    """

    size: int
    loss: float | None
    tally: tuple[float, ...] = ()
    logs: Mapping[str, float] = {}
    short: bool = False


def added(group: Group, task: nn.Module, own: Part, size: int, norms: bool) -> Part | None:
    """Add up what all processes know of a batch of ``size`` samples; the gradients of ``task``, and
    the statistics of its BatchNorm layers, are then the same in each. None where memory ran out for
    one of them.

    Args:
        own: of this process; its loss and gradients are weighed by its share of ``size``.
        norms: whether BatchNorm layers learn their statistics, each of its own part.

    Raises:
        Diverged: in all processes, where the loss of one is not finite.
    """
    parts = group.gather(own)
    if any(part.short for part in parts):
        return None
    if any(part.loss is None for part in parts):
        raise Diverged
    read = sum(part.size for part in parts)
    if not read:
        return own
    lost = size / read  # what could not be read has no share
    _add_gradients(group, task, own.size / read, lost, norms)
    keys = next(part.logs for part in parts if part.size)
    return Part(
        read,
        lost * sum(part.loss or 0.0 for part in parts),
        tuple(map(sum, zip(*(part.tally for part in parts if part.size), strict=True))),
        {key: lost * sum(part.logs.get(key, 0.0) for part in parts) for key in keys},
    )


def _add_gradients(group: Group, task: nn.Module, share: float, lost: float, norms: bool) -> None:
    """One sum for everything: a message has its price, however short."""
    trained = [p for p in task.parameters() if p.requires_grad]
    statistics = list(_statistics(task)) if norms else []
    known = torch.tensor([float(p.grad is not None) for p in trained], device=_device(trained))
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in trained]
    pieces = [*gradients, known, *(each * share for each in statistics)]
    flat = torch.cat([piece.detach().reshape(-1).float() for piece in pieces])
    group.add(flat)
    found = iter(flat.split([piece.numel() for piece in pieces]))
    summed = [next(found) for _gradient in gradients]
    for parameter, piece, there in zip(trained, summed, next(found).tolist(), strict=True):
        if not there:  # of nobody: the optimizer is to leave it alone
            parameter.grad = None
            continue
        if parameter.grad is None:
            parameter.grad = torch.empty_like(parameter)
        parameter.grad.copy_(piece.view(parameter.shape))
        if lost != 1:
            parameter.grad.mul_(lost)
    for each, piece in zip(statistics, found, strict=True):
        each.copy_(piece.view(each.shape))


def _statistics(task: nn.Module) -> Iterator[Tensor]:
    """What BatchNorm layers that are trained learn of the batches that they see."""
    for module in task.modules():
        trained = isinstance(module, _BatchNorm) and any(
            p.requires_grad for p in module.parameters(recurse=False)
        )
        if trained:
            yield from (each for each in module.buffers(recurse=False) if each.is_floating_point())


def _device(tensors: Sequence[Tensor]) -> torch.device:
    return next((tensor.device for tensor in tensors), torch.device("cpu"))
