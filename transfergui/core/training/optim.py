"""Optimisers with layer-wise rates, and the schedules of the learning rate.

Schedules are functions of the progress in [0, 1], so that a resumed training
needs nothing but its position.
"""

import inspect
import math
from collections.abc import Callable

import torch
from torch import nn

from transfergui.core.interfaces.phase import Phase
from transfergui.core.nn.classifier import Classifier
from transfergui.core.recipe import OptimOptions

OF_MODEL = "model."
"""How the names of a task's tensors begin that belong to the model."""
ONE_CYCLE_RISE = 0.3
ONE_CYCLE_START = 25.0


def make_optimizer(
    model: Classifier, phase: Phase, options: OptimOptions, task: nn.Module | None = None
) -> torch.optim.Optimizer:
    """The optimiser of a phase; each parameter group remembers its peak rate as ``peak``.

    The head, what ``task`` holds beside the model, and the topmost group are trained at
    ``phase.lr``, each group below at its upper neighbour's rate times ``phase.decay``
    (Howard and Ruder 2018); the head and what ``task`` holds at ``phase.fresh`` times their rate.
    Norms and biases are not decayed (Goyal et al. 2017, arXiv:1706.02677).
    """
    heads = [p for m in (model.head, model.auxiliary) if m is not None for p in m.parameters()]
    if task is not None:
        heads += [p for name, p in task.named_parameters() if not name.startswith(OF_MODEL)]
    layers = [heads, *reversed(model.group_parameters())]
    groups = []
    for depth, parameters in enumerate(layers):
        rate = phase.lr * (phase.decay ** (depth - 1) if depth else phase.fresh)
        for decayed in (True, False):
            chosen = [p for p in parameters if p.requires_grad and (p.ndim > 1) is decayed]
            if chosen:
                held = decayed and (phase.decay_backbone or depth == 0)
                decay = options.weight_decay if held else 0.0
                groups.append({"params": chosen, "lr": rate, "peak": rate, "weight_decay": decay})
    return _OPTIMIZERS[options.optimizer](groups, options)


HOOKED = ("add_param_group", "load_state_dict", "state_dict", "zero_grad")
"""Methods of an optimiser that torch wraps for torch.compile; ``step`` is one more."""


def _eager(kind: type[torch.optim.Optimizer]) -> Callable[..., torch.optim.Optimizer]:
    """``kind`` without what torch wraps around its methods for torch.compile.

    Each of these wrappers imports the compiler (torch._dynamo, 1.5 s) when it is called
    first, and does nothing outside of a compiled function; ``step`` is also put under ``no_grad``.
    """
    plain = {name: inspect.unwrap(getattr(kind, name)) for name in HOOKED}
    return type(
        kind.__name__, (kind,), plain | {"step": torch.no_grad()(inspect.unwrap(kind.step))}
    )


_AdamW, _Adam, _SGD = map(_eager, (torch.optim.AdamW, torch.optim.Adam, torch.optim.SGD))


def _sgd(groups: list, options: OptimOptions) -> torch.optim.Optimizer:
    nesterov = options.momentum > 0
    return _SGD(groups, lr=0.0, momentum=options.momentum, nesterov=nesterov)


_OPTIMIZERS: dict[str, Callable[[list, OptimOptions], torch.optim.Optimizer]] = {
    "adamw": lambda groups, options: _AdamW(groups, lr=0.0),
    "adam": lambda groups, options: _Adam(groups, lr=0.0),
    "sgd": _sgd,
}


def set_rate(optimizer: torch.optim.Optimizer, factor: float) -> float:
    """Set every group's rate to its peak times ``factor``; returns the head's rate."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor
    return float(optimizer.param_groups[0]["lr"])


def rate_factor(schedule: str, progress: float, warmup: float) -> float:
    """The share of the peak rate at ``progress`` in [0, 1].

    Args:
        schedule: ``cosine`` (Loshchilov and Hutter 2017), ``one_cycle`` (Smith and
            Topin 2018), ``plateau`` or ``constant``.
        warmup: share of the training in which the rate rises linearly from zero;
            one-cycle has its own rise.
    """
    if schedule == "one_cycle":
        return _one_cycle(progress)
    if progress < warmup:
        return progress / warmup
    if schedule == "cosine":
        return _cosine((progress - warmup) / max(1e-9, 1 - warmup))
    return 1.0


def _cosine(progress: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


def _one_cycle(progress: float) -> float:
    if progress < ONE_CYCLE_RISE:
        start = 1 / ONE_CYCLE_START
        return start + (1 - start) * _cosine(1 - progress / ONE_CYCLE_RISE)
    return _cosine((progress - ONE_CYCLE_RISE) / (1 - ONE_CYCLE_RISE))


class Plateau:
    """Lowers the rate tenfold when the validation loss stops improving for ``patience`` epochs."""

    FACTOR = 0.1

    def __init__(self, patience: int) -> None:
        self.patience = max(1, patience // 2)  # before early stopping gives up
        self.factor = 1.0
        self.best = math.inf
        self.stale = 0

    def epoch_ended(self, loss: float) -> None:
        if loss < self.best:
            self.best, self.stale = loss, 0
            return
        self.stale += 1
        if self.stale >= self.patience:
            self.factor, self.stale = self.factor * self.FACTOR, 0

    def state(self) -> dict[str, float]:
        return {"factor": self.factor, "best": self.best, "stale": self.stale}

    def restore(self, state: dict[str, float]) -> None:
        self.factor, self.best, self.stale = state["factor"], state["best"], int(state["stale"])


def gradient_norm(module: nn.Module, limit: float) -> float:
    """The total gradient norm; gradients are shortened to ``limit`` where that is above 0."""
    trained = [p for p in module.parameters() if p.grad is not None]
    return float(nn.utils.clip_grad_norm_(trained, limit if limit > 0 else math.inf))
