"""Where and how precisely a training computes: one owner for each training.

By torch alone (automatic mixed precision: Micikevicius et al., "Mixed Precision Training", 2018,
arXiv:1710.03740): Accelerate, which did this before, keeps one state for the whole process, that a
training in one thread and anything that computes in another would share.
"""

from __future__ import annotations

import contextlib

import torch
from torch import Tensor

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.training import devices

TYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}


class Compute:
    """A device and a precision.

    Args:
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``float32``, ``bfloat16`` or ``float16``.

    Attributes:
        scaler: of the losses, where small gradients would vanish (``float16``); else None.

    Raises:
        UserError: ``device.missing``, ``device.precision``: the machine cannot do that.
    """

    def __init__(self, device: str, precision: str = "float32") -> None:
        self.device = devices.find(device)
        self.precision = precision
        if not _can(self.device, precision):
            reason = _("not supported by {device}").format(device=self.device.type)
            raise UserError("device.precision", precision=precision, reason=reason)
        scaled = precision == "float16"
        self.scaler = torch.amp.GradScaler(self.device.type) if scaled else None

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """Within it, what gains by it is computed in the precision."""
        if self.precision not in TYPES:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, TYPES[self.precision])

    def backward(self, loss: Tensor) -> None:
        """Add the gradients of a loss; scaled where there is a scaler."""
        (loss if self.scaler is None else self.scaler.scale(loss)).backward()

    def unscale(self, optimizer: torch.optim.Optimizer) -> None:
        """Make the gradients the true ones."""
        if self.scaler is not None:
            self.scaler.unscale_(optimizer)

    def step(self, optimizer: torch.optim.Optimizer) -> None:
        """One step; left out, and the next one scaled less, where scaled gradients overflowed."""
        if self.scaler is None:
            optimizer.step()
        else:
            self.scaler.step(optimizer)
            self.scaler.update()


def _can(device: torch.device, precision: str) -> bool:
    if precision == "float16":
        return device.type != "cpu"
    if precision == "bfloat16" and device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return True
