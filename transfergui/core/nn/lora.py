"""Low-rank updates of the attention's linear layers, as parametrisations of their weights.

Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021 (arXiv:2106.09685). A
weight W [rows, columns] stays as it was pretrained; in its place the layer is given

    W + (alpha / r) up @ down        up [rows, r] of zeros, down [r, columns] at random

and only up and down are trained. Merging writes that sum where W was.

Why not peft: it puts a layer of its own in place of each linear one, which says W when it is
asked for ``weight``. torchvision's Swin never calls the layers of its attention, but hands their
weights to a function: peft 0.21 adds its adapters there, and they change nothing. A parametrised
weight is the updated one for whoever asks, in ``nn.MultiheadAttention`` too (whose
``in_proj_weight`` is the stacked W of query, key and value; they share ``down``), and a merged one
has the name that it had. The price: the gradient of the whole W is computed on the way to those
of up and down.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

ATTENTION = re.compile(r"attn|attention")
"""In the name of what attends, in every network that we know; and of nothing else there, but:"""
BESIDE = re.compile(r"(^|\.)mlp")
"""MaxViT's attention layers end in a perceptron of their own."""


class LowRankUpdate(nn.Module):
    """W [rows, columns] to W + (alpha / rank) up @ down, at first to W itself.

    Args:
        rank: at most this; never more than W has rows or columns.
    """

    def __init__(self, weight: Tensor, rank: int, alpha: float) -> None:
        super().__init__()
        rank = min(rank, *weight.shape)
        self.scale = alpha / rank
        self.down = nn.Parameter(weight.new_empty(rank, weight.shape[1]))
        self.up = nn.Parameter(weight.new_zeros(weight.shape[0], rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))  # as the authors' own code

    def forward(self, weight: Tensor) -> Tensor:
        return weight + self.scale * (self.up @ self.down)


def attention_layers(network: nn.Module) -> Iterator[tuple[nn.Module, str]]:
    """The weights of the attention's linear layers: each a module, and its name there."""
    for path, module in network.named_modules():
        if not ATTENTION.search(path) or BESIDE.search(path):
            continue
        if isinstance(module, nn.Linear):
            yield module, "weight"
        elif isinstance(module, nn.MultiheadAttention) and module.in_proj_weight is not None:
            yield module, "in_proj_weight"


def has_attention(network: nn.Module) -> bool:
    """Whether :func:`attach` would find anything."""
    return any(True for _found in attention_layers(network))


def attach(network: nn.Module, rank: int, alpha: float) -> None:
    """Update every attention layer of ``network`` from now on; drawn from torch's generator."""
    for module, name in list(attention_layers(network)):
        update = LowRankUpdate(getattr(module, name).detach(), rank, alpha)
        parametrize.register_parametrization(module, name, update, unsafe=True)  # the shape stays


def merge(network: nn.Module) -> None:
    """Write the updated weights where the pretrained ones were, under their usual names."""
    for _path, module, name in list(_updated(network)):
        parametrize.remove_parametrizations(module, name, leave_parametrized=True)


def is_attached(network: nn.Module) -> bool:
    """Whether any layer of ``network`` is updated."""
    return any(True for _found in _updated(network))


def parameters(network: nn.Module) -> set[nn.Parameter]:
    """Those of the updates."""
    updates = (m for m in network.modules() if isinstance(m, LowRankUpdate))
    return {parameter for update in updates for parameter in update.parameters()}


@torch.no_grad()
def merged_state(network: nn.Module) -> dict[str, Tensor]:
    """The ``state_dict`` that ``network`` would have after :func:`merge`; it is not changed."""
    state = dict(network.state_dict())
    for path, module, name in _updated(network):
        prefix = f"{path}." if path else ""
        held = f"{prefix}parametrizations.{name}."
        state = {key: tensor for key, tensor in state.items() if not key.startswith(held)}
        state[f"{prefix}{name}"] = getattr(module, name)
    return state


def _updated(network: nn.Module) -> Iterator[tuple[str, nn.Module, str]]:
    """Each module with an updated weight: its path, itself, the weight's name.

    Others have parametrisations too: wav2vec 2.0 normalises a weight so.
    """
    for path, module in network.named_modules():
        held: Any = getattr(module, "parametrizations", {})
        for name, chain in held.items():
            if isinstance(chain[0], LowRankUpdate):
                yield path, module, name
