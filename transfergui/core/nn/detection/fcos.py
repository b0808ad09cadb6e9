"""A head that finds boxes: a pyramid of feature maps, and at each of its places an answer.

The pyramid is that of Lin et al., "Feature Pyramid Networks for Object Detection", 2017
(arXiv:1612.03144); the head that of Tian et al., "FCOS: Fully Convolutional One-Stage Object
Detection", 2019 (arXiv:1904.01355): every place of every map says of each class how likely a thing
of it lies there, how far from the place its four sides are, and how central the place is in it.
The same weights look at all maps; how far is counted in a scale that each map learns. Norms over
groups of channels (Wu and He, 2018, arXiv:1803.08494) need no batch, and bring the maps of
whatever network to one scale.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.ops import FeaturePyramidNetwork

from transfergui.core.nn.detection.maps import apart

CHANNELS = 64
"""Of the pyramid and of the towers: on two cores a step with 96 takes 1.7 times as long."""
LAYERS = 2
"""Convolutions of each tower."""
GROUPS = 8
"""Of channels, for norms."""
PRIOR = 0.01
"""How likely a thing of a class is at a place before anything is learnt: most places have none
(Lin et al., 2017, arXiv:1708.02002)."""
FARTHEST = 6.0
"""Exponent of the largest distance, in strides."""
BESIDE = 5
"""Numbers at a place beside one for each class: four sides, and how central it is."""


class FCOS(nn.Module):
    """Maps side by side [N, F] to answers [N, places * (classes + 5)].

    At each place stand the logits of the classes, then left, top, right and bottom as shares of
    the picture's width and height (they may lie outside), then the logit of how central it is.

    Args:
        shapes: channels, height and width of the maps, the finest first.
        classes: how many things are told apart.
    """

    def __init__(self, shapes: Sequence[tuple[int, int, int]], classes: int) -> None:
        super().__init__()
        self.shapes = tuple(shapes)
        self.classes = classes
        self.scaled = nn.ModuleList(nn.GroupNorm(1, each[0]) for each in shapes)
        self.pyramid = FeaturePyramidNetwork([each[0] for each in shapes], CHANNELS)
        self.what = _tower()
        self.where = _tower()
        self.classes_of = _last(classes, -math.log((1 - PRIOR) / PRIOR))
        self.sides_of = _last(4)
        self.centre_of = _last(1)
        self.scales = nn.Parameter(torch.ones(len(shapes)))

    def forward(self, features: Tensor) -> Tensor:
        maps = apart(features, self.shapes)
        scaled = [norm(each) for norm, each in zip(self.scaled, maps, strict=True)]
        levels = self.pyramid(OrderedDict((str(at), each) for at, each in enumerate(scaled)))
        found = [self._answers(each, scale) for each, scale in self._pairs(levels.values())]
        return torch.cat(found, 1).flatten(1)

    def _pairs(self, levels: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
        return list(zip(levels, self.scales, strict=True))

    def _answers(self, level: Tensor, scale: Tensor) -> Tensor:
        """Of a map [N, C, H, W]: [N, H * W, classes + 5]."""
        what, where = self.what(level), self.where(level)
        classes = _places(self.classes_of(what)).float()
        central = _places(self.centre_of(where)).float()
        # in full precision: bfloat16 knows 1/256 of a picture
        far = (scale * _places(self.sides_of(where)).float()).clamp(max=FARTHEST).exp()
        height, width = level.shape[2:]
        middle = places(height, width, level.device)
        far = far / far.new_tensor([width, height, width, height])
        corners = torch.cat([middle - far[..., :2], middle + far[..., 2:]], 2)
        return torch.cat([classes, corners, central], 2)


def _tower() -> nn.Sequential:
    layers: list[nn.Module] = []
    for _number in range(LAYERS):
        conv = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1, bias=False)
        nn.init.normal_(conv.weight, std=math.sqrt(2 / (9 * CHANNELS)))
        layers += [conv, nn.GroupNorm(GROUPS, CHANNELS), nn.ReLU()]
    return nn.Sequential(*layers)


def _last(outputs: int, bias: float = 0.0) -> nn.Conv2d:
    layer = nn.Conv2d(CHANNELS, outputs, 3, padding=1)
    nn.init.normal_(layer.weight, std=0.01)
    assert layer.bias is not None
    nn.init.constant_(layer.bias, bias)
    return layer


def _places(maps: Tensor) -> Tensor:
    """[N, C, H, W] to [N, H * W, C]."""
    return maps.flatten(2).mT


def places(height: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """The middles of the places of a map, x and y as shares: [H * W, 2], row by row."""
    y = (torch.arange(height, device=device) + 0.5) / height
    x = (torch.arange(width, device=device) + 0.5) / width
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([columns, rows], 2).reshape(-1, 2)
