"""What :class:`.fcos.FCOS` is taught: which places answer for which box, and how wrong they are.

A place is taught a box (Tian et al., 2019, arXiv:1904.01355) that it lies in, not farther than
:data:`RADIUS` strides from its middle, if the box is of the size that the place's map is for; of
several boxes the smallest. The loss of a picture's places is

    L = (focal(classes) + sum over taught places of c * (1 - GIoU) + BCE(central, c)) / taught

with the focal loss FL(p) = -a (1 - p)^g log p, a = 0.25, g = 2 (Lin et al., 2017,
arXiv:1708.02002), the generalised overlap GIoU (Rezatofighi et al., 2019, arXiv:1902.09630), and
how central the place is, c = sqrt(min(l, r) / max(l, r) * min(t, b) / max(t, b)). ``taught`` is
counted over the batch, at least 1: a picture without boxes teaches what is nothing.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention
from torchvision.ops import generalized_box_iou_loss, sigmoid_focal_loss

from transfergui.core.nn.detection.fcos import BESIDE, places

RADIUS = 1.5
SIZES = ((0.0, 8.0), (4.0, 8.0), (4.0, 1e9))
"""Of each map, the finest first, in its strides: how far the farthest side of a box is from a place
that answers for it. Up to 64 pixels, 64 to 128, and more."""
ALPHA, GAMMA = 0.25, 2.0
SMALLEST = 1e-7
PARTS = ("loss_classes", "loss_places", "loss_centres")
"""Of the loss, by what is wrong."""


class Places(NamedTuple):
    """Every place of every map, P in all.

    Attributes:
        middles: x and y as shares [P, 2].
        strides: of their maps, as shares of width and height [P, 2].
        limits: the least and the largest distance of a side, in strides of its own map [P, 2].
    """

    middles: Tensor
    strides: Tensor
    limits: Tensor


class DetectionLoss(nn.Module):
    """See the module.

    Args:
        classes: how many things are told apart.

    Attributes:
        logs: the parts of the last loss, by :data:`PARTS`.
    """

    looks_at_batch = True  # it is divided by how much is to be found in it

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.logs: dict[str, Tensor] = {}

    def forward(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        """A scalar of outputs [N, P * (C + 5)] and boxes [N, M, 5] (class, or -1 of none; left,
        top, right, bottom as shares)."""
        parts = self.parts(outputs, wanted)
        self.logs = {key: part.detach() for key, part in zip(PARTS, parts, strict=True)}
        return sum_of(parts)

    def parts(self, outputs: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is wrong with classes, places and centres."""
        found = outputs.float().reshape(len(outputs), -1, self.classes + BESIDE)
        logits, corners, central = found.split([self.classes, 4, 1], 2)
        with torch.no_grad():
            grid = grid_of(found.shape[1], found.device)
            taught = assigned(grid, wanted)
        target = torch.zeros_like(logits)
        picture, place = (taught >= 0).nonzero(as_tuple=True)
        boxes = wanted[picture, taught[picture, place]]
        target[picture, place, boxes[:, 0].long()] = 1
        count = max(1, len(picture))
        focal = sigmoid_focal_loss(logits, target, ALPHA, GAMMA, "sum") / count
        how = centrality(grid.middles[place], boxes[:, 1:])
        overlap = generalized_box_iou_loss(corners[picture, place], boxes[:, 1:], eps=SMALLEST)
        weight = how.sum().clamp_min(SMALLEST)
        where = (overlap * how).sum() / weight
        centres = central[picture, place, 0]
        middle = F.binary_cross_entropy_with_logits(centres, how, reduction="sum") / count
        return focal, where, middle


def sum_of(parts: Sequence[Tensor]) -> Tensor:
    """The loss of its parts."""
    return torch.stack(list(parts)).sum()


@functools.lru_cache(maxsize=16)
def grid_of(count: int, device: torch.device) -> Places:
    """The places of the maps of a square picture, ``count`` in all: each has a quarter of the
    places of the one before."""
    side = math.isqrt(count // 21)
    if 21 * side**2 != count:
        raise ValueError(f"no square picture has {count} places")
    middles, strides, limits = [], [], []
    for length, sizes in zip((4 * side, 2 * side, side), SIZES, strict=True):
        found = places(length, length, device)
        middles.append(found)
        strides.append(found.new_full((len(found), 2), 1 / length))
        limits.append(found.new_tensor(sizes).expand(len(found), 2))
    return Places(torch.cat(middles), torch.cat(strides), torch.cat(limits))


def assigned(grid: Places, wanted: Tensor) -> Tensor:
    """Which of the boxes [N, M, 5] each place is taught, -1 of none: int [N, P]."""
    return torch.stack([_assigned(grid, boxes) for boxes in wanted])


def _assigned(grid: Places, boxes: Tensor) -> Tensor:
    """The same of one picture: [P] of [M, 5]. One after the other, as one may have a thousand."""
    (rows,) = (boxes[:, 0] >= 0).nonzero(as_tuple=True)
    if not len(rows):
        return rows.new_full((len(grid.middles),), -1)
    low, high = boxes[rows, 1:].split(2, 1)
    at, stride = grid.middles[:, None], grid.strides[:, None]  # [P, 1, 2]
    # a thing that is smaller than a place has a place all the same
    half = torch.maximum((high - low) / 2, 0.5 * stride)
    inside = ((at - (low + high) / 2).abs() <= torch.minimum(half, RADIUS * stride)).all(2)
    far = torch.maximum((at - low) / stride, (high - at) / stride).amax(2)  # [P, M]
    fits = (far >= grid.limits[:, :1]) & (far <= grid.limits[:, 1:])
    area = (high - low).prod(1).expand(far.shape)
    smallest, box = torch.where(inside & fits, area, torch.inf).min(1)
    return rows[box].where(torch.isfinite(smallest), -1)


def centrality(at: Tensor, boxes: Tensor) -> Tensor:
    """How central places [K, 2] are in boxes [K, 4]: [K], from 0 to 1."""
    near = (at - boxes[:, :2]).clamp_min(SMALLEST)
    far = (boxes[:, 2:] - at).clamp_min(SMALLEST)
    return (torch.minimum(near, far) / torch.maximum(near, far)).prod(1).sqrt()
