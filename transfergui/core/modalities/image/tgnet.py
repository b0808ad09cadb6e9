"""TGNet: the network whose weights come with the program.

A residual network (He et al. 2015, arXiv:1512.03385) of plain 3x3 convolutions,
which every processor computes fast, in bfloat16 too; depthwise ones are not.
Nothing in it depends on the size of the picture: it takes 64 to 160 pixels,
and others. At the end a 1x1 convolution widens the last block's channels, as
MobileNetV2 does (Sandler et al. 2018, arXiv:1801.04381): a new linear head on
few examples does better on more features. For the same reason the features are
means *and* standard deviations over all places, of the widened maps and of the
last two blocks' (statistics pooling: Snyder et al. 2018, "X-Vectors"). How much
a pattern varies tells textures apart, and earlier blocks keep what the old
classes did not need. Linear probes gained three points of a hundred by it.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

CHANNELS = (48, 96, 192, 384)
"""Of the four blocks; each but the first halves width and height."""
WIDE = 768
POOLED = 2
"""Of the blocks, how many of the last ones are pooled beside the widened maps."""
FEATURES = 2 * (WIDE + sum(CHANNELS[-POOLED:]))
BLOCK_SCALE = 2.0
"""Brings the blocks' statistics to the scale of the widened maps', which vary twice as much."""
EPSILON = 1e-6
"""The square root has no slope at zero."""
CLASSES = 200
"""Of the pictures that it was pretrained on; the layer for them is cut off by ``models``."""


class TGNet(nn.Module):
    """Pictures [N, 3, H, W], normalised, to logits [N, ``classes``]."""

    def __init__(self, classes: int = CLASSES) -> None:
        super().__init__()
        inputs = (CHANNELS[0], *CHANNELS)
        self.stem = convolution(3, CHANNELS[0], 3, stride=2)
        self.layers = nn.Sequential(
            *(Block(inputs[i], width, 2 if i else 1) for i, width in enumerate(CHANNELS))
        )
        self.widen = convolution(CHANNELS[-1], WIDE, 1)
        self.head = nn.Linear(FEATURES, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, pictures: Tensor) -> Tensor:
        maps = F.relu(self.stem(pictures))
        blocks = []
        for layer in self.layers:
            maps = layer(maps)
            blocks.append(BLOCK_SCALE * statistics(maps))
        wide = statistics(F.relu(self.widen(maps)))
        return self.head(torch.cat([wide, *blocks[-POOLED:]], 1))


class Block(nn.Module):
    """Two 3x3 convolutions and a way around them."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = convolution(outputs, outputs, 3)
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)

    def forward(self, maps: Tensor) -> Tensor:
        return F.relu(self.second(F.relu(self.first(maps))) + self.shortcut(maps))


def statistics(maps: Tensor) -> Tensor:
    """Means and standard deviations over all places: maps [N, C, H, W] to [N, 2 C]."""
    mean = maps.mean((2, 3), keepdim=True)
    variance = (maps - mean).square().mean((2, 3))
    return torch.cat([mean.flatten(1), (variance + EPSILON).sqrt()], 1)


def convolution(inputs: int, outputs: int, side: int, stride: int = 1) -> nn.Sequential:
    """A convolution that keeps the size (but for ``stride``), and its BatchNorm."""
    conv = nn.Conv2d(inputs, outputs, side, stride, padding=side // 2, bias=False)
    return nn.Sequential(OrderedDict(conv=conv, norm=nn.BatchNorm2d(outputs)))
