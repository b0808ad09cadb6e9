"""Weight averaging: what is validated and kept is a moving average of the trained weights.

Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; with the
exponential average and the warm-up of Tan and Le's EfficientNet training (2019): after step t,
average = d * average + (1 - d) * weights, d = min(decay, (1 + t) / (10 + t)). Steps that go to
and fro cancel out, as if the learning rate were smaller than it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn


class Average:
    """The average of a model's floating-point tensors whose names begin with ``prefix``.

    Args:
        decay: in (0, 1).
        start: what an earlier :attr:`tensors` and :attr:`steps` were, to go on from there.
    """

    def __init__(
        self,
        model: nn.Module,
        decay: float,
        prefix: str,
        start: tuple[dict[str, Tensor], int] | None = None,
    ) -> None:
        self._model = model
        self._decay = decay
        self._prefix = prefix
        self.tensors = {name: tensor.clone() for name, tensor in self._current()}
        self.steps = 0
        if start is not None:
            kept, self.steps = start
            for name, tensor in self.tensors.items():
                tensor.copy_(kept[name])

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after a step."""
        self.steps += 1
        decay = min(self._decay, (1 + self.steps) / (10 + self.steps))
        for name, tensor in self._current():
            self.tensors[name].lerp_(tensor, 1 - decay)

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Within the block, the model is the average."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, tensor in self._current():
            own = tensor.clone()
            tensor.copy_(self.tensors[name])
            self.tensors[name].copy_(own)

    def _current(self) -> Iterator[tuple[str, Tensor]]:
        for name, tensor in self._model.state_dict().items():
            if name.startswith(self._prefix) and tensor.is_floating_point():
                yield name, tensor
