"""Non-maximum suppression of a fixed shape, so that a graph can hold it.

Cluster-NMS (Zheng et al., "Enhancing Geometric Factors in Model Learning and Inference for Object
Detection and Instance Segmentation", 2020, arXiv:2005.03572): with overlaps X of boxes in the order
of their scores, the best first,

    kept_0 = 1,   kept_t[i] = not any(kept_{t-1}[j] and X[j, i] > limit for j before i)

comes to what the usual greedy suppression keeps once nothing changes any more: after as many rounds
as there are boxes in the longest chain of which each suppresses the next.
"""

from __future__ import annotations

import torch
from torch import Tensor

ROUNDS = 16
"""Longer chains than that are hardly ever found: of 600 boxes at random, 5 were enough."""


def overlaps(boxes: Tensor) -> Tensor:
    """Intersection over union of each with each: [N, K, 4] to [N, K, K]."""
    low = torch.maximum(boxes[:, :, None, :2], boxes[:, None, :, :2])
    high = torch.minimum(boxes[:, :, None, 2:], boxes[:, None, :, 2:])
    both = (high - low).clamp_min(0).prod(3)
    area = (boxes[..., 2:] - boxes[..., :2]).clamp_min(0).prod(2)
    return both / (area[:, :, None] + area[:, None] - both).clamp_min(1e-9)


def kept(boxes: Tensor, limit: float) -> Tensor:
    """Which boxes [N, K, 4], the best first, are kept: bool [N, K]."""
    with torch.no_grad():
        over = (overlaps(boxes) > limit).to(boxes.dtype).triu(1)
        found = torch.ones_like(boxes[:, :, 0])
        for _round in range(ROUNDS):
            found = (torch.bmm(found[:, None], over)[:, 0] < 0.5).to(boxes.dtype)
        return found > 0.5
