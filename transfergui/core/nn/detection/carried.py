"""What the head of a detector gives the head of another: its pyramid, and where both are of one
kind, its towers or stages; of the layer that tells classes apart, the rows of classes of the same
name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

HEAD = "head."
"""How names begin in the checkpoint of a run."""
CLASSES = {"classes_of": 0, "looking.box_predictor.cls_score": 1}
"""The layers that tell classes apart, and how many rows stand before these: that of nothing."""


@torch.no_grad()
def take_over(
    head: nn.Module, tensors: Mapping[str, Tensor], own: Sequence[str], known: Sequence[str]
) -> None:
    """Put what fits of a detector into ``head``; all else stays as it was drawn.

    Args:
        tensors: the checkpoint of its run.
        own: the names of the classes of ``head``.
        known: those of the detector.
    """
    pairs = [(own.index(name), known.index(name)) for name in own if name in known]
    for name, tensor in head.state_dict().items():
        before = tensors.get(HEAD + name)
        layer = name.rpartition(".")[0]
        if before is None or before.shape[1:] != tensor.shape[1:]:
            continue
        if layer not in CLASSES:
            if before.shape == tensor.shape:
                tensor.copy_(before)
            continue
        first = CLASSES[layer]
        tensor[:first] = before[:first]
        for to, at in pairs:
            tensor[first + to] = before[first + at]
