"""BatchNorm over the whole batch, of which several processes compute a part each.

Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167) divides by the deviation of the
batch, so that half a batch gives other outputs. While they learn its statistics, processes
therefore tell each other, in every such layer, the mean and the squared deviations of their part,
from which each works out those of the batch (Chan, Golub and LeVeque, "Updating Formulae and a
Pairwise Algorithm for Computing Sample Variances", 1979); and in the backward pass the two sums
over the batch that its gradient needs. That is what ``torch.nn.SyncBatchNorm`` does, on graphics
cards only. The layers stay what they are: the network, its keys and its files do not change.

Memory may run out for one process in the middle of a step. The others would wait for it: so every
message has one length, whatever the layer, and begins with whether its sender can go on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm

if TYPE_CHECKING:
    from transfergui.core.training.group import Group

GIVES_UP, DONE = 1.0, -1.0
"""What a message may begin with, and the number that stands for no layer."""
HEADER = 3
"""Numbers before the values: whether the sender gives up, the layer, how much was looked at."""


class OtherGaveUp(Exception):  # noqa: N818 - a request to come to an end, not an error
    """Another process cannot go on with this step."""


class SharedNorms:
    """The BatchNorm layers of one network, in each of the processes that train it together.

    Args:
        group: takes the same steps with the same network in each process.

    Attributes:
        counts: whether what this process looks at now is of the batch, or stands for nothing where
            the others have more.
    """

    def __init__(self, group: Group, network: nn.Module) -> None:
        self.group = group
        self.norms = [
            module
            for module in network.modules()
            if isinstance(module, _BatchNorm) and type(module).forward is _BatchNorm.forward
        ]
        widest = max((norm.num_features for norm in self.norms), default=0)
        self._length = HEADER + 2 * widest
        self._device = next((p.device for p in network.parameters()), torch.device("cpu"))
        self.counts = True

    @contextlib.contextmanager
    def normalizing(self) -> Iterator[None]:
        """Within, those layers that are in train mode normalise over the whole batch, and only
        :class:`OtherGaveUp` and what :meth:`give_up` was called for may end it early."""
        try:
            for number, norm in enumerate(self.norms):
                norm.__dict__["forward"] = _Forward(self, number, norm)
            yield
            self.exchange(DONE, 0, ())
        finally:
            for norm in self.norms:
                norm.__dict__.pop("forward", None)

    def give_up(self) -> None:
        """Let the others know that this process cannot go on.

        Called once, after :meth:`normalizing` was left by another error than
        :class:`OtherGaveUp`.
        """
        with contextlib.suppress(OtherGaveUp):
            self._sent(GIVES_UP, DONE, 0, ())

    def exchange(self, layer: float, count: float, values: Sequence[Tensor]) -> Tensor:
        """What every process has sent of a layer: [processes, 1 + values], counts first.

        Raises:
            OtherGaveUp: in all processes that did not.
        """
        return self._sent(0.0, layer, count, values)

    def _sent(self, state: float, layer: float, count: float, values: Sequence[Tensor]) -> Tensor:
        together = torch.zeros(self.group.size, self._length, device=self._device)
        head = torch.tensor([state, layer, count])
        own = torch.cat([head.to(self._device), *(each.float() for each in values)])
        together[self.group.rank, : len(own)] = own
        self.group.add(together)
        heads = together[:, :2].tolist()
        if any(state for state, _layer in heads):
            raise OtherGaveUp
        if any(other != layer for _state, other in heads):
            raise RuntimeError(f"processes are at the layers {heads}")
        return together[:, HEADER - 1 : len(own)]


class _Forward:
    """Takes the place of a layer's ``forward``, as of :class:`_BatchNorm`."""

    def __init__(self, shared: SharedNorms, number: int, norm: _BatchNorm) -> None:
        self.shared, self.number, self.norm = shared, number, norm

    def __call__(self, inputs: Tensor) -> Tensor:
        norm = self.norm
        if not norm.training:
            return type(norm).forward(norm, inputs)
        norm._check_input_dim(inputs)
        output, mean, variance, count = _Normalized.apply(
            inputs, norm.weight, norm.bias, norm.eps, self.number, self.shared
        )
        if norm.running_mean is not None and norm.running_var is not None:
            assert norm.num_batches_tracked is not None
            norm.num_batches_tracked.add_(1)
            tracked, momentum = float(norm.num_batches_tracked), norm.momentum
            share = 1 / tracked if momentum is None else momentum
            unbiased = variance * (count / (count - 1).clamp(min=1))
            norm.running_mean.mul_(1 - share).add_(mean, alpha=share)
            norm.running_var.mul_(1 - share).add_(unbiased, alpha=share)
        return output


class _Normalized(torch.autograd.Function):
    """Inputs [N, C, ...] to the same, normalised over the N of all processes; and their mean and
    variance [C], and of how many values each is []."""

    @staticmethod
    def forward(
        ctx: Any,
        inputs: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
        eps: float,
        number: int,
        shared: SharedNorms,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        channels = inputs.shape[1]
        count = inputs.numel() // channels if shared.counts else 0
        if count:
            mean, variance = torch.batch_norm_update_stats(inputs.float(), None, None, 0.0)
        else:
            mean = variance = torch.zeros(channels, device=inputs.device)
        found = shared.exchange(number, count, (mean, variance))
        counts, means, variances = found.split([1, channels, channels], 1)
        every = counts.sum()
        mean = (counts * means).sum(0) / every
        variance = (counts * (variances + (means - mean).square())).sum(0) / every
        ctx.save_for_backward(inputs, weight, mean, variance, every)
        ctx.eps, ctx.number, ctx.shared, ctx.counts = eps, number, shared, shared.counts
        output = functional.batch_norm(inputs, mean, variance, weight, bias, False, 0.0, eps)
        ctx.mark_non_differentiable(mean, variance, every)
        return output, mean, variance, every

    @staticmethod
    def backward(ctx: Any, gradient: Tensor, *_others: Tensor) -> tuple[Any, ...]:
        inputs, weight, mean, variance, every = ctx.saved_tensors
        eps, layer = ctx.eps, ctx.number
        found = torch.ops.aten.native_batch_norm_backward(
            gradient.contiguous(memory_format=_format(inputs)),
            inputs,
            weight,
            mean,
            variance,
            None,
            None,
            False,
            eps,
            [True, True, True],
        )
        at_inputs, at_weight, at_bias = found
        sums = ctx.shared.exchange(layer, 0, (at_weight, at_bias))[:, 1:].sum(0)
        if ctx.counts:  # else the statistics do not depend on these inputs
            scale = (variance + eps).rsqrt()
            factor = scale if weight is None else scale * weight
            by_weight, by_bias = (sums / every).chunk(2)
            shape = [1, -1, *[1] * (inputs.ndim - 2)]
            slope = (factor * scale * by_weight).view(shape)
            offset = (factor * by_bias).view(shape)
            centred = inputs.float() - mean.view(shape)
            at_inputs = (at_inputs - centred.mul_(slope).add_(offset)).to(inputs.dtype)
        own = (None, None) if weight is None else (at_weight, at_bias)
        return at_inputs, *own, None, None, None


def _format(inputs: Tensor) -> torch.memory_format:
    last = inputs.ndim == 4 and inputs.is_contiguous(memory_format=torch.channels_last)
    return torch.channels_last if last else torch.contiguous_format
