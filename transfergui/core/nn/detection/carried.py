"""What the head of a detector gives the head of another: its pyramid, and where both are of one
kind, its towers or stages; of the layers that tell classes apart, the rows of classes of the same
name. So it is with the head in a published file, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from transfergui.core.nn.detection.bodies import of_head

HEAD = "head."
"""How names begin in the checkpoint of a run."""
SIDES = "looking.box_predictor.bbox_pred"
"""Four rows for each class, and for nothing; or four for all."""
CLASSES = {"classes_of": 0, "looking.box_predictor.cls_score": 1, SIDES: 1}
"""The layers that tell classes apart, and how many rows stand before these: that of nothing."""


@torch.no_grad()
def take_over(
    head: nn.Module, tensors: Mapping[str, Tensor], own: Sequence[str], known: Sequence[str]
) -> None:
    """Put what fits of a detector into ``head``; all else stays as it was drawn.

    Args:
        tensors: the checkpoint of its run, or a published file.
        own: the names of the classes of ``head``.
        known: those of the detector.
    """
    pairs = [(own.index(name), known.index(name)) for name in own if name in known]
    published = {HEAD + name: tensor for name, tensor in of_head(tensors).items()}
    tensors = published or tensors
    for name, tensor in head.state_dict().items():
        before = tensors.get(HEAD + name)
        layer = name.rpartition(".")[0]
        if before is None or before.shape[1:] != tensor.shape[1:]:
            continue
        by_class = layer in CLASSES and (layer != SIDES or len(tensor) > 4)
        if not by_class:
            if before.shape == tensor.shape:
                tensor.copy_(before)
            continue
        first = CLASSES[layer]
        rows = 4 if layer == SIDES else 1
        to_rows, from_rows = tensor.unflatten(0, (-1, rows)), before.unflatten(0, (-1, rows))
        to_rows[:first] = from_rows[:first]
        for to, at in pairs:
            to_rows[first + to] = from_rows[first + at]
