"""Encoders of networks that are made of others (:mod:`transfergui.core.networks.composite`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.networks import composite
from transfergui.core.nn import state_dicts

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.plan import Modality

Weights = Path | tuple[Path, ...]
"""The file of a network; or, of one that is made of several, the file of each part."""
NOTHING = re.compile(r"(?!)")


class Composite(nn.Module):
    """Prepared inputs [N, ...] to the features of several encoders, side by side: [N, F1 + F2 ...].

    What a part gives beside its features in train mode (Inception's auxiliary ones) is left out.

    Args:
        parts: encoders.
        sizes: of each part the height and width that pictures are brought to for it, bilinear
            and antialiased; None where it takes what was prepared.
    """

    aux_features = 0

    def __init__(self, parts: Sequence[nn.Module], sizes: Sequence[tuple[int, int] | None]) -> None:
        super().__init__()
        self.network = nn.ModuleList(parts)
        self.sizes = tuple(sizes)

    def forward(self, inputs: Tensor) -> Tensor:
        found = [
            part(inputs if size is None else resized(inputs, size))
            for part, size in zip(self.network, self.sizes, strict=True)
        ]
        return torch.cat([each[0] if isinstance(each, tuple) else each for each in found], 1)

    def each(self) -> list[nn.Module]:
        """Every part as an encoder of its own, for the same inputs; they share the weights."""
        pairs = zip(self.network, self.sizes, strict=True)
        return [part if size is None else Composite([part], [size]) for part, size in pairs]


def separate(encoder: nn.Module, count: int) -> list[nn.Module]:
    """The ``count`` networks that an encoder is made of; itself where that is one."""
    if count == 1:
        return [encoder]
    assert isinstance(encoder, Composite)
    return encoder.each()


def resized(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    """Pictures [N, C, H, W] to [N, C, *size]."""
    return F.interpolate(pictures, size, mode="bilinear", antialias=True)


def build_encoder(
    modality: Modality, backbone: Backbone, input: Options, weights: Weights | None = None
) -> nn.Module:
    """As :meth:`transfergui.core.interfaces.plan.Modality.build`, also of a network made of others.

    Args:
        weights: None for random ones. One file for a network made of others is the checkpoint
            of a run that trained it; for one of a single part, the file of that part.

    Raises:
        UserError: as there; ``weights.misfit``.
    """
    if not backbone.parts:
        assert not isinstance(weights, tuple)
        return modality.build(backbone, weights, input)
    inputs = composite.part_inputs(modality, backbone, input)
    if isinstance(weights, Path) and len(inputs) == 1:
        weights = (weights,)
    files = weights if isinstance(weights, tuple) else (None,) * len(inputs)
    encoders = [
        build_encoder(modality, part.backbone, own, file)
        for part, own, file in zip(backbone.parts, inputs, files, strict=True)
    ]
    encoder = Composite(encoders, [_size(modality, input, own) for own in inputs])
    if isinstance(weights, Path):
        _fill(encoder, weights, backbone)
    return encoder


def _size(modality: Modality, whole: Options, own: Options) -> tuple[int, int] | None:
    """What pictures are brought to for a part; None: it takes what was prepared."""
    wanted = modality.input_shape(own)
    if wanted == modality.input_shape(whole):
        return None
    _channels, height, width = wanted
    return height, width


def _fill(encoder: Composite, file: Path, backbone: Backbone) -> None:
    limit = 100_000_000 + 16 * backbone.params  # room for an optimiser's state beside them
    tensors = state_dicts.run_network(state_dicts.read(file, limit))
    state_dicts.check(encoder.network.state_dict(), tensors, file, backbone.title, NOTHING)
    state_dicts.load(encoder.network, tensors)
