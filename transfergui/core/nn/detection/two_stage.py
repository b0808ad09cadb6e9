"""A head that finds boxes in two stages: places that may hold something, then what each holds.

Faster R-CNN (Ren et al., "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal
Networks", 2015, arXiv:1506.01497) on a pyramid of feature maps (Lin et al., 2017,
arXiv:1612.03144), made of torchvision's own modules. The first stage proposes boxes, the second
cuts each one out of the maps (RoIAlign: He et al., "Mask R-CNN", 2017, arXiv:1703.06870), says what
it is and moves its sides; these four numbers are the same for all classes, as in R-FCN (Dai et al.,
2016, arXiv:1605.06409). With anchors a, proposals r and what is wanted of those sampled,

    L = BCE(object, a) + smooth L1(sides, a) + CE(class, r) + smooth L1(sides, r)

While it answers, shapes are fixed, so that a graph can hold it: as many proposals in every picture
(:data:`PROPOSALS`), suppressed by :mod:`.suppression`. So that everything behind it is the same as
behind :class:`.fcos.FCOS`, each proposal stands as a place of that: the logits of classes and of
how central it is, whose sigmoids' product is the square of the probability.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import (
    RegionProposalNetwork,
    RPNHead,
    concat_box_prediction_layers,
)
from torchvision.ops import FeaturePyramidNetwork, MultiScaleRoIAlign, roi_align

from transfergui.core.nn.detection.fcos import CHANNELS
from transfergui.core.nn.detection.maps import apart
from transfergui.core.nn.detection.suppression import kept
from transfergui.core.nn.taught import Taught

PROPOSALS = 200
"""Of each picture, of which every one is looked at."""
CANDIDATES = 200
"""Of each map, before suppression."""
FINEST = 8
"""Pixels of a place of the finest map, in which anchors are counted whatever the picture's size."""
SIZES = (2.5, 4.0, 6.5)
"""Of the sides of anchors, in places of their map."""
RATIOS = (0.5, 1.0, 2.0)
UNITS = 256
"""Of the two layers of the second stage."""
POOLED = 7
WHOLE = 112
"""Pixels: smaller boxes are cut out of the finest map."""
SAMPLED = 128
"""Proposals of a picture that teach the second stage, a quarter of them objects at most."""
UNSURE = -15.0
"""The least logarithm of a probability."""
CERTAIN = 30.0
"""A logit whose sigmoid is 1."""


class TwoStage(Taught):
    """Maps side by side [N, F] to answers [N, places * (classes + 5)]; while it is taught, to the
    parts of its loss [N, 3], the same in each row.

    Args:
        shapes: channels, height and width of the maps, the finest first.
        classes: how many things are told apart.
        side: pixels of the square pictures.

    Attributes:
        proposing, looking: the two stages.
        proposals: of each picture, of which every one is looked at.
        candidates: of each map, before suppression.
    """

    proposing: RegionProposalNetwork
    looking: RoIHeads
    proposals: int = PROPOSALS
    candidates: int = CANDIDATES

    def __init__(self, shapes: Sequence[tuple[int, int, int]], classes: int, side: int) -> None:
        super().__init__()
        self.shapes = tuple(shapes)
        self.classes = classes
        self.side = side

    def levels(self, maps: list[Tensor]) -> OrderedDict[str, Tensor]:
        """What both stages look at, by name, the finest first."""
        raise NotImplementedError

    def forward(self, features: Tensor) -> Tensor:
        levels = self.levels(apart(features, self.shapes))
        levels = OrderedDict((name, each.float()) for name, each in levels.items())
        # in full precision: bfloat16 knows 1/256 of a picture
        with torch.autocast(features.device.type, enabled=False):
            if self.training and self.wanted is not None:
                return self._losses(levels, self.wanted)
            return self._answers(levels)

    # -- learning

    def _losses(self, levels: dict[str, Tensor], wanted: Tensor) -> Tensor:
        count = len(wanted)
        pictures = self._pictures(wanted.new_zeros(()).expand(count, 3, self.side, self.side))
        targets = [self._truth(boxes) for boxes in wanted]
        proposals, first = self.proposing(pictures, levels, targets)
        _none, second = self.looking(levels, proposals, pictures.image_sizes, targets)
        sides = first["loss_rpn_box_reg"] + second["loss_box_reg"]
        parts = torch.stack([first["loss_objectness"], second["loss_classifier"], sides])
        return parts.expand(count, len(parts))

    def _truth(self, boxes: Tensor) -> dict[str, Tensor]:
        """Of a picture's boxes [M, 5], -1 of none: in pixels, and their classes, from 1 on."""
        there = boxes[boxes[:, 0] >= 0]
        return {"boxes": self.side * there[:, 1:].float(), "labels": there[:, 0].long() + 1}

    def _pictures(self, pictures: Tensor) -> ImageList:
        return ImageList(pictures, [(self.side, self.side)] * len(pictures))

    # -- answering

    def _answers(self, levels: dict[str, Tensor]) -> Tensor:
        proposals, there = self._proposals(list(levels.values()))
        logits, sides = self._looked_at(levels, proposals)
        flat = self.looking.box_coder.decode_single(sides, proposals.reshape(-1, 4))
        told = squared(logits)[:, 1:].reshape(-1, self.proposals, self.classes)
        told = torch.where(there[:, :, None], told, 2 * UNSURE).clamp_min(2 * UNSURE)
        classes, corners = self._placed(told, flat.reshape(told.shape[0], -1, 4))
        central = torch.full_like(classes[:, :, :1], CERTAIN)
        return torch.cat([classes, corners / self.side, central], 2).flatten(1)

    def _placed(self, told: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
        """Of the logits of proposals [N, P, C] and their moved boxes [N, P * (C + 1), 4],
        the first for nothing, those of places: [N, places, C] and [N, places, 4]."""
        return told, boxes.unflatten(1, (self.proposals, -1))[:, :, 0]

    def _proposals(self, levels: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Of each picture boxes [N, P, 4] in pixels, in the order of their anchors, and which of
        them there are [N, P]. Nothing is learnt through them."""
        objects, sides = self.proposing.head(levels)
        blank = objects[0].new_zeros(1, 3, self.side, self.side)
        (anchors,) = self.proposing.anchor_generator(self._pictures(blank), levels)
        counts = [each[0].numel() for each in objects]
        scores, sides = concat_box_prediction_layers(objects, sides)
        scores = scores.reshape(-1, len(anchors))
        pictures = scores.shape[0]  # len() would fix it in a graph
        every = anchors.expand(pictures, -1, -1).reshape(-1, 4)
        boxes = self.proposing.box_coder.decode_single(sides, every)
        boxes = boxes.reshape(-1, len(anchors), 4).clamp(0, self.side)
        best: list[Tensor] = []
        at: list[Tensor] = []
        begin = 0
        for count in counts:  # each map by itself
            value, place = scores[:, begin : begin + count].topk(min(self.candidates, count))
            chosen = _rows(boxes, begin + place)
            some = kept(chosen, self.proposing.nms_thresh)
            some = some & ((chosen[..., 2:] - chosen[..., :2]) >= self.proposing.min_size).all(2)
            if self.proposing.score_thresh > 0:
                some = some & ~(value.sigmoid() < self.proposing.score_thresh)
            best.append(torch.where(some, value, -torch.inf))
            at.append(begin + place)
            begin += count
        most = min(self.proposals, sum(each.shape[1] for each in at))
        value, order = torch.cat(best, 1).topk(most)
        # by their anchors: the order does not hang on which of two like scores is a hair larger
        none = torch.full_like(order, len(anchors))
        place = torch.cat(at, 1).gather(1, order).where(value > -torch.inf, none).sort(1).values
        there = place < len(anchors)
        found = _rows(boxes, place.clamp(max=len(anchors) - 1)).detach()
        # what is no number would be read out of memory that is not the map's
        found = torch.where(there[:, :, None], found, 0.0)
        return _filled(found, self.proposals), _filled(there, self.proposals)

    def _looked_at(self, levels: dict[str, Tensor], proposals: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [N * P, classes + 1] and how the sides are to move for each, [N * P,
        (classes + 1) * 4]."""
        numbers = torch.arange(proposals.shape[0], device=proposals.device, dtype=proposals.dtype)
        numbers = numbers[:, None, None].expand(-1, self.proposals, 1)
        places = torch.cat([numbers, proposals], 2).reshape(-1, 5)
        root = (places[:, 3:] - places[:, 1:3]).prod(1).clamp_min(0).sqrt()
        cutting = self.looking.box_roi_pool
        seen = [levels[name] for name in cutting.featmap_names if name in levels]
        strides = [self.side / high for _channels, high, _wide in self.shapes][: len(seen)]
        finest, coarsest = round(math.log2(strides[0])), round(math.log2(strides[-1]))
        level = cutting.canonical_level + torch.log2(root / cutting.canonical_scale) + 1e-6
        level = torch.floor(level).clamp(finest, coarsest) - finest
        # out of every map, so that the shape is fixed; that of its size is taken
        found = torch.zeros((), device=proposals.device)
        for number, each in enumerate(seen[: coarsest - finest + 1]):
            scale = each.shape[2] / self.side
            cut = roi_align(each, places, POOLED, scale, 2)
            found = torch.where((level == number)[:, None, None, None], cut, found)
        logits, sides = self.looking.box_predictor(self.looking.box_head(found))
        return logits, sides


class FasterRCNN(TwoStage):
    """See the module.

    Args:
        shapes: channels, height and width of the maps, the finest first.
        classes: how many things are told apart.
    """

    def __init__(self, shapes: Sequence[tuple[int, int, int]], classes: int) -> None:
        super().__init__(shapes, classes, FINEST * shapes[0][1])
        self.scaled = nn.ModuleList(nn.GroupNorm(1, each[0]) for each in shapes)
        self.pyramid = FeaturePyramidNetwork([each[0] for each in shapes], CHANNELS)
        self.proposing = _proposing([FINEST * 2**at for at in range(len(shapes))])
        self.looking = _looking([str(at) for at in range(len(shapes))], classes)

    def levels(self, maps: list[Tensor]) -> OrderedDict[str, Tensor]:
        scaled = [norm(each) for norm, each in zip(self.scaled, maps, strict=True)]
        return self.pyramid(OrderedDict((str(at), each) for at, each in enumerate(scaled)))


class Predictor(nn.Module):
    """Of each proposal the logits of nothing and of the classes, and how its sides move, which is
    the same for all classes but repeated for each, as torchvision's loss has it."""

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.cls_score = nn.Linear(features, classes + 1)
        self.bbox_pred = nn.Linear(features, 4)
        nn.init.normal_(self.cls_score.weight, std=0.01)
        nn.init.normal_(self.bbox_pred.weight, std=0.001)
        nn.init.zeros_(self.cls_score.bias)
        nn.init.zeros_(self.bbox_pred.bias)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.cls_score(features)
        return logits, self.bbox_pred(features).repeat(1, logits.shape[1])


def squared(logits: Tensor) -> Tensor:
    """The logits of the squares of the probabilities p that are the softmax of ``logits`` [R, C].

    logit(p^2) = 2 log p - log(1 - p) - log(1 + p), where 1 - p of the likeliest is the sum of the
    others: from p itself, which is 1 in 32 bits, it could not be told which of two sure boxes is
    the surer one, and two programs would be far apart.
    """
    told = logits.log_softmax(1)
    likeliest = logits == logits.amax(1, keepdim=True)
    likeliest = likeliest & (likeliest.cumsum(1) == 1)
    others = torch.where(likeliest, -torch.inf, logits).logsumexp(1, keepdim=True)
    others = others - logits.logsumexp(1, keepdim=True)
    # of all others, p is at most a half
    missing = torch.where(likeliest, others, torch.log(-torch.expm1(told.clamp_max(-0.5))))
    return 2 * told - missing - torch.log1p(told.exp())


def _proposing(strides: Sequence[int]) -> RegionProposalNetwork:
    sizes = tuple(tuple(int(size * stride) for size in SIZES) for stride in strides)
    anchors = AnchorGenerator(sizes, (RATIOS,) * len(strides))
    head = RPNHead(CHANNELS, anchors.num_anchors_per_location()[0])
    most = {"training": 2 * PROPOSALS, "testing": PROPOSALS}
    return RegionProposalNetwork(
        anchors,
        head,
        fg_iou_thresh=0.7,
        bg_iou_thresh=0.3,
        batch_size_per_image=256,
        positive_fraction=0.5,
        pre_nms_top_n=dict.fromkeys(most, CANDIDATES),
        post_nms_top_n=most,
        nms_thresh=0.7,
    )


def _looking(names: list[str], classes: int) -> RoIHeads:
    cut = MultiScaleRoIAlign(names, POOLED, 2, canonical_scale=WHOLE, canonical_level=4)
    return RoIHeads(
        cut,
        TwoMLPHead(CHANNELS * POOLED**2, UNITS),
        Predictor(UNITS, classes),
        fg_iou_thresh=0.5,
        bg_iou_thresh=0.5,
        batch_size_per_image=SAMPLED,
        positive_fraction=0.25,
        bbox_reg_weights=None,
        score_thresh=0.05,
        nms_thresh=0.5,
        detections_per_img=100,
    )


def _rows(table: Tensor, at: Tensor) -> Tensor:
    """Of each picture of a table [N, A, 4] the rows [N, K]: [N, K, 4]."""
    return table.gather(1, at[:, :, None].expand(-1, -1, 4))


def _filled(found: Tensor, count: int) -> Tensor:
    """[N, K, ...] with zeros behind, to ``count``."""
    missing = count - found.shape[1]
    if not missing:
        return found
    behind = found[:, :1].repeat_interleave(missing, 1)
    return torch.cat([found, torch.zeros_like(behind)], 1)
