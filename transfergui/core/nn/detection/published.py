"""torchvision's Faster R-CNN detectors, trained on COCO: taken over whole, but for the last layer.

What gives the maps, the network and its pyramid, is the encoder (:class:`Levels`); what finds boxes
on them, the proposals and the layers that look at each, is the head (:class:`Published`), as
torchvision's builder makes them, with weights of the file. New is only the layer that tells classes
apart and moves the sides of a box, for each class by itself (Ren et al., 2015, arXiv:1506.01497).
The answers are those of torchvision's own program, but that of the ResNets at most
:data:`PROPOSALS` proposals are looked at, not 1000, and suppression is that of :mod:`.decode`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models import get_model
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor

from transfergui.core.nn.detection.decode import CANDIDATES
from transfergui.core.nn.detection.two_stage import SAMPLED, UNSURE, TwoStage

KNOWN = 91
"""Classes of COCO as they are numbered, with that of nothing."""
WIDTH = 256
"""Channels of each map of the pyramid."""
PROPOSALS = 300
"""As many as the paper has; torchvision looks at 1000. What the second stage computes grows with
them."""
EPSILON = 1e-5
"""Of the norms of the network; but :data:`WITHOUT` has none, as it was trained so."""
WITHOUT = "fasterrcnn_resnet50_fpn"


def detector(key: str, classes: int = KNOWN) -> Any:
    """torchvision's, drawn at random.

    Args:
        classes: with that of nothing.
    """
    made = get_model(
        key,
        weights=None,
        weights_backbone=None,
        num_classes=classes,
        box_batch_size_per_image=SAMPLED,
    )
    for module in made.backbone.body.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 0.0 if key == WITHOUT else EPSILON
    return made


class Levels(nn.Module):
    """Pictures [N, 3, S, S] to the maps of a pyramid, side by side: [N, F].

    Attributes:
        whole: whether the mean of each map is wanted, not its places: [N, maps * channels].
        features: how many numbers that is.
    """

    def __init__(self, backbone: Any) -> None:
        super().__init__()
        self.body = backbone.body
        self.fpn = backbone.fpn
        self.whole = True
        self.features = WIDTH * (len(backbone.fpn.layer_blocks) + 1)  # the last is only pooled

    def forward(self, pictures: Tensor) -> Tensor:
        found = self.fpn(self.body(pictures)).values()
        return torch.cat([m.mean((2, 3)) if self.whole else m.flatten(1) for m in found], 1)


class Published(TwoStage):
    """The head of one of torchvision's detectors.

    Args:
        key: its name there.
        shapes: channels, height and width of the maps of :class:`Levels`.
        classes: how many things are told apart.
        side: pixels of the square pictures.
    """

    def __init__(
        self, key: str, shapes: Sequence[tuple[int, int, int]], classes: int, side: int
    ) -> None:
        super().__init__(shapes, classes, side)
        made = detector(key)
        self.proposing, self.looking = made.rpn, made.roi_heads
        width = self.looking.box_predictor.cls_score.in_features
        self.looking.box_predictor = FastRCNNPredictor(width, classes + 1)
        self.candidates = made.rpn._pre_nms_top_n["testing"]
        self.proposals = proposals(key)

    def levels(self, maps: list[Tensor]) -> OrderedDict[str, Tensor]:
        names = [*map(str, range(len(maps) - 1)), "pool"]
        return OrderedDict(zip(names, maps, strict=True))

    def _placed(self, told: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
        """A place for each of the likeliest pairs of a proposal and a class: the box of each class
        is another."""
        at = told.flatten(1).topk(places(self.proposals, self.classes)).indices
        # by their number: the order does not hang on which of two like scores is a hair larger
        at = at.sort(1).values
        best = told.flatten(1).gather(1, at)
        proposal = torch.div(at, self.classes, rounding_mode="floor")
        name = at - proposal * self.classes
        box = proposal * (self.classes + 1) + name + 1
        corners = boxes.gather(1, box[:, :, None].expand(-1, -1, 4))
        own = name[:, :, None] == torch.arange(self.classes, device=name.device)
        return torch.where(own, best[:, :, None], 2 * UNSURE), corners


def proposals(key: str) -> int:
    """How many are looked at in each picture."""
    return 150 if key.endswith("_320_fpn") else PROPOSALS


def places(proposals: int, classes: int) -> int:
    """How many pairs of a proposal and a class are answered."""
    return min(CANDIDATES, proposals * classes)
