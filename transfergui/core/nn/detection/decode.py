"""From the answers at every place to the boxes of a picture.

A box's score is sqrt(class * central), as FCOS's reference program has it. Of boxes of one class
that overlap by more than :data:`SAME`, the one with the largest score is kept (non-maximum
suppression, class by class).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.ops import batched_nms

from transfergui.core.nn.detection.fcos import BESIDE

MOST = 100
"""Boxes of a picture: K."""
NUMBERS = 6
"""Of each: class, score, left, top, right, bottom."""
LEAST = 0.05
"""Smaller scores are none."""
SAME = 0.5
"""Overlap (IoU). FCOS's reference program has 0.6. Three small detectors on 40 validation pictures
of blood cells: AP50 0.804, 0.489, 0.698 with 0.5; 0.798, 0.474, 0.678 with 0.6, and 9 to 16 % more
false alarms at one threshold. To leave out boxes inside others, too (0.9 of the smaller), helped
two of them and harmed one."""
CANDIDATES = 1000
"""With the largest scores are looked at."""


def scores(outputs: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """Scores [N, P, C] and corners [N, P, 4], within the picture, of outputs [N, P * (C + 5)]."""
    found = outputs.reshape(outputs.shape[0], -1, classes + BESIDE)  # len() would fix it in a graph
    logits, corners, central = found.split([classes, 4, 1], 2)
    return (logits.sigmoid() * central.sigmoid()).sqrt(), corners.clamp(0, 1)


def decoded(outputs: Tensor, classes: int) -> Tensor:
    """Boxes [N, K * 6] of outputs [N, P * (C + 5)], the largest score first; a score of 0 is
    none."""
    every, corners = scores(outputs, classes)
    result = outputs.new_zeros(len(outputs), MOST, NUMBERS)
    for picture in range(len(outputs)):
        found = _of_picture(every[picture], corners[picture])
        result[picture, : len(found)] = found
    return result.flatten(1)


def _of_picture(scores: Tensor, corners: Tensor) -> Tensor:
    """[K, 6] of scores [P, C] and corners [P, 4]."""
    flat = scores.flatten()
    best, at = flat.topk(min(CANDIDATES, len(flat)))
    at, best = at[best >= LEAST], best[best >= LEAST]
    name, boxes = at % scores.shape[1], corners[at // scores.shape[1]]
    kept = batched_nms(boxes.float(), best.float(), name, SAME)[:MOST]
    shown = kept[((boxes[kept, 2:] - boxes[kept, :2]) > 0).all(1)]
    return torch.cat([name[shown, None].to(best.dtype), best[shown, None], boxes[shown]], 1)


def undecided(outputs: Tensor, classes: int) -> tuple[Tensor, Tensor, Tensor]:
    """What :func:`.onnx_nodes.complete` decodes: corners [N, P, 4], scores [N, C, P], and the
    smallest score that is looked at [N, 1, 1]; exportable."""
    every, corners = scores(outputs, classes)
    flat = every.flatten(1)
    best = flat.topk(min(CANDIDATES, flat.shape[1])).values
    return corners, every.mT, best[:, -1, None, None]
