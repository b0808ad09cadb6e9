"""The loss of heads that make their own while they learn (:mod:`transfergui.core.nn.taught`), and
how wrong what they answer is.

Answers are judged as they stand, as the proposals that they came from are not kept. Of each true
box t, that of the boxes that overlap it by a half is judged which is the most certain of its class
(where none does, that which overlaps the most), as suppression would keep it; of all boxes, those
that hardly overlap any:

    L = mean over t of (-log p(class of t) + 1 - overlap with t)
        + mean over the boxes that hardly overlap any t of -log p(nothing)

Its size is not that of the loss while learning.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention
from torchvision.ops import box_iou

from transfergui.core.nn.detection.fcos import BESIDE

SAME = 0.5
"""From this overlap on, a box answers for a true one."""
OTHER = 0.3
"""Below, for none."""
LEAST = 1e-7


class TaughtLoss(nn.Module):
    """See the module.

    Args:
        classes: how many things are told apart.
        names: of the parts of which the losses of a head consist, in their order.

    Attributes:
        logs: the parts of the last loss, by name; none where answers were judged.
    """

    def __init__(self, classes: int, names: Sequence[str]) -> None:
        super().__init__()
        self.classes = classes
        self.names = tuple(names)
        self.logs: dict[str, Tensor] = {}

    def forward(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        """A scalar of the parts of a head's loss [N, parts]; or of its answers
        [N, P * (C + 5)] and boxes [N, M, 5], as :func:`judged`."""
        if outputs.shape[1] != len(self.names):
            self.logs = {}
            return judged(outputs, wanted, self.classes)
        parts = outputs.float().mean(0)
        self.logs = dict(zip(self.names, parts.detach(), strict=True))
        return parts.sum()


def judged(outputs: Tensor, wanted: Tensor, classes: int) -> Tensor:
    """How wrong answers [N, P * (C + 5)] are, of boxes [N, M, 5] (class, or -1 of none; left, top,
    right, bottom as shares); see the module."""
    found = outputs.float().reshape(len(outputs), -1, classes + BESIDE)
    logits, corners, central = found.split([classes, 4, 1], 2)
    # of a square root of two probabilities, as everywhere
    told = (F.logsigmoid(logits) + F.logsigmoid(central)) / 2
    nothing = (1 - told.exp().sum(2, keepdim=True)).clamp_min(LEAST).log()
    pairs = zip(torch.cat([nothing, told], 2), corners, wanted, strict=True)
    return torch.stack([_of_picture(*each) for each in pairs]).mean()


def _of_picture(told: Tensor, corners: Tensor, boxes: Tensor) -> Tensor:
    """Of log-probabilities [P, C + 1], corners [P, 4] and boxes [M, 5]."""
    there = boxes[boxes[:, 0] >= 0]
    if not len(there):
        return -told[:, 0].mean()
    overlaps = box_iou(corners, there[:, 1:].to(corners.dtype))  # [P, M]
    certain = told[:, 1 + there[:, 0].long()]  # [P, M]
    near, most = overlaps >= SAME, torch.where(overlaps >= SAME, certain, -torch.inf).argmax(0)
    box = torch.where(near.any(0), most, overlaps.argmax(0))
    one = torch.arange(len(there), device=told.device)
    wrong = (1 - overlaps[box, one] - certain[box, one]).mean()
    beside = overlaps.amax(1) < OTHER
    return wrong - (told[:, 0] * beside).sum() / beside.sum().clamp_min(1)
