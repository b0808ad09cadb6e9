"""Entropy minimisation on the examples that are predicted: Tent, for norms alone.

Wang et al., "Tent: Fully Test-Time Adaptation by Entropy Minimization", ICLR 2021
(arXiv:2006.10726). Of logits f(x) [N, C] with probabilities p, minimises

    H = -1/N sum_n sum_c p_nc log p_nc

over the scales and shifts of norms, in one pass over the examples. Batch norms use the statistics
of each batch meanwhile, and those of all these examples at the end. In the paper a prediction
depends on its batch; here, on all examples alike.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from transfergui.core.nn import norms
from transfergui.core.nn.classifier import Classifier

LR = 1e-3
"""Of Adam, as the paper's for small pictures."""
BATCH = 32
NORMS = (_BatchNorm, nn.LayerNorm, nn.GroupNorm)


def parameters(encoder: nn.Module) -> list[nn.Parameter]:
    """Scales and shifts of the norms; empty where there are none."""
    found = [module for module in encoder.modules() if isinstance(module, NORMS)]
    return [parameter for module in found for parameter in module.parameters(recurse=False)]


def entropy(logits: Tensor) -> Tensor:
    """The mean entropy in nats of logits [N, C]."""
    logs = logits.float().log_softmax(1)
    return -(logs.exp() * logs).sum(1).mean()


def adapt(model: Classifier, inputs: Tensor, size: int = BATCH, seed: int = 0) -> Iterator[int]:
    """Change the norms of ``model`` for ``inputs`` [N, ...], N > 1; tells how many were looked at.

    The same inputs in the same order give the same weights. ``model`` is in eval mode at the end.

    Args:
        size: of a batch, about.
    """
    trained = parameters(model.encoder)
    model.eval().requires_grad_(False)
    for parameter in trained:
        parameter.requires_grad_(True)
    optimizer = torch.optim.Adam(trained, lr=LR)
    order = torch.from_numpy(np.random.default_rng(seed).permutation(len(inputs)))
    parts = order.tensor_split(max(1, round(len(inputs) / size)))
    own = norms.batch_norms(model.encoder)
    before = [norm.momentum for norm in own]
    for norm in own:
        norm.momentum = 0.0  # the statistics that are kept are estimated below
        norm.train()
    done = 0
    for part in parts:
        optimizer.zero_grad(set_to_none=True)
        with torch.enable_grad():
            entropy(model(inputs[part])).backward()
        optimizer.step()
        done += len(part)
        yield done
    for norm, momentum in zip(own, before, strict=True):
        norm.momentum = momentum
    model.requires_grad_(False)
    if own:
        norms.estimate(model.encoder, (inputs[part] for part in parts))
    model.eval()
