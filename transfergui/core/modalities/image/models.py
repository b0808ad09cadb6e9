"""Encoders: torchvision's classification networks, and our own, without their last layer.

The last layer (linear, or SqueezeNet's last convolution) is replaced by the
identity, so that what comes out is exactly what that layer got: features
[N, F], pooled and flattened, the network's own dropout included.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from math import isqrt
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from transfergui.core.base import imports
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.modalities.image.tgnet import TGNet
from transfergui.core.nn import state_dicts
from transfergui.core.nn.detection import bodies, maps

AUXILIARY_FROM = 299
"""Pixels; below, the 5x5 convolution of Inception v3's auxiliary branch has too little to see."""

OWN: Mapping[str, Callable[[], nn.Module]] = {"tgnet": TGNet}
"""Networks that torchvision does not have, by key."""

ARGUMENTS: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "inception_v3": lambda size: {"init_weights": True, "aux_logits": size >= AUXILIARY_FROM},
    # its two auxiliary branches are published untrained, and only slow transfer down
    "googlenet": lambda size: {"init_weights": True, "aux_logits": False},
    "vit_": lambda size: {"image_size": size},
    "maxvit_": lambda size: {"input_size": (size, size)},
}
"""What a network must be told when it is made, by the beginning of its key, given the size."""

AUXILIARIES = r"AuxLogits\.|aux1\.|aux2\."
"""These may be in a weights file without being wanted."""


class Encoder(nn.Module):
    """Pictures in [0, 1], [N, 3, S, S], to features, or maps side by side, [N, F]; normalisation
    inside.

    Args:
        network: without its last layer.
        input: its ``mean`` and ``std`` are what the network was trained with.
        aux_features: length of the auxiliary features that come along in train
            mode, as (features, auxiliary features); 0 where there are none.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, network: nn.Module, input: ImageInput, aux_features: int = 0) -> None:
        super().__init__()
        self.network = network
        self.aux_features = aux_features
        for name, values in (("mean", input.mean), ("std", input.std)):
            self.register_buffer(name, torch.tensor(values).view(3, 1, 1), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        features = self.network((pictures - self.mean) / self.std)
        return tuple(features) if isinstance(features, tuple) else features


class Parts(NamedTuple):
    """A network whose last layer was cut off.

    Attributes:
        last: the name of that layer.
        features: how many values it got.
        aux_features: how many its auxiliary counterpart got in train mode; 0 without one.
    """

    network: nn.Module
    last: str
    features: int
    aux_features: int


def build(backbone: Backbone, weights: Path | None, input: ImageInput) -> Encoder:
    """The encoder of ``backbone``, on the CPU, for pictures of ``input.size``.

    Args:
        weights: a file of :mod:`transfergui.core.nn.state_dicts`; None for random
            ones, drawn from torch's default generator.

    Raises:
        UserError: as :func:`filled`.
    """
    parts = filled(backbone, weights, input.size, input.size)
    if backbone.pooled and backbone.body:
        network: Any = parts.network
        network.whole = False
    elif backbone.pooled:
        return Encoder(maps.tapped(parts.network, backbone.maps), input)
    return Encoder(parts.network, input, parts.aux_features)


def filled(backbone: Backbone, weights: Path | None, height: int, width: int) -> Parts:
    """The network of ``backbone``, cut, with its weights; whatever the pictures show.

    Args:
        weights: as for :func:`build`.
        height, width: of the pictures; networks that must be told a size get the height.

    Raises:
        UserError: ``backbone.size``: the network cannot work with pictures of that size;
            or a ``weights.`` code: the file cannot be used.
    """
    parts = _sized(backbone, height, width)
    if weights is None:
        return make(backbone.key, height)
    tensors = state_dicts.run_network(state_dicts.read(weights, limit(backbone)))
    if backbone.body:
        tensors = _of_published(tensors, backbone, weights)
    elif bodies.is_changed(tensors):
        raise UserError("weights.changed_detector", path=weights.name)
    elif bodies.is_detector(tensors):
        tensors = _of_detector(tensors, backbone, parts, weights)
    tensors = _adapted(tensors, parts, height)
    spare = re.compile(rf"{re.escape(parts.last)}\.|{AUXILIARIES}")
    state_dicts.fill(parts.network, tensors, weights, backbone.title, spare)
    return parts


def _of_detector(
    tensors: dict[str, Tensor], backbone: Backbone, parts: Parts, weights: Path
) -> dict[str, Tensor]:
    """The backbone of one of torchvision's detectors. What lies behind its maps (the hidden layer
    of MobileNetV3) is not in it, and is drawn where it is not used, for boxes.

    Raises:
        UserError: ``weights.of_detector``.
    """
    found = bodies.of_detector(tensors, parts.network, weights.name)
    behind = [name for name in parts.network.state_dict() if name.startswith("classifier.")]
    if behind and not backbone.pooled:
        raise UserError("weights.of_detector", path=weights.name, title=backbone.title)
    drawn = make(backbone.key, backbone.input["size"]).network.state_dict() if behind else {}
    return found | {name: drawn[name] for name in behind}


def _of_published(
    tensors: dict[str, Tensor], backbone: Backbone, weights: Path
) -> dict[str, Tensor]:
    """The network and the pyramid of a published detector, all of which must be in its file; of a
    checkpoint, what it holds.

    Raises:
        UserError: as :func:`state_dicts.check`.
    """
    if not bodies.is_detector(tensors):
        return tensors
    tensors = bodies.modern(tensors)
    with _Unallocated():
        whole = _published().detector(backbone.key)
    expected = {name: tensor.to("meta") for name, tensor in whole.state_dict().items()}
    none = re.compile("(?!)")
    state_dicts.check(expected, tensors, weights, backbone.title, none)
    start = bodies.WHOLE
    return {n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)}


def limit(backbone: Backbone) -> int:
    """Bytes that no file with the weights of ``backbone`` exceeds."""
    return 100_000_000 + 16 * backbone.params  # room for an optimiser's state beside them


def require_sizes(backbone: Backbone, size: int, others: Sequence[int]) -> None:
    """Insist that the network made for pictures of ``size`` takes ``others`` in training too.

    Raises:
        UserError: ``backbone.one_size``.
    """
    for other in {min(others), max(others)} - {size}:
        network = outline(backbone.key, size).network.train()
        try:
            with torch.no_grad():
                network(torch.empty(2, 3, other, other, device="meta"))
        except (RuntimeError, ValueError, AssertionError) as error:
            raise UserError("backbone.one_size", title=backbone.title, size=other) from error


def make(key: str, size: int) -> Parts:
    """The network ``key`` for pictures of ``size``, randomly filled, and cut."""
    if key.startswith(bodies.DETECTORS):
        levels = _published().Levels(_published().detector(key).backbone)
        return Parts(levels, "", levels.features, 0)
    network = OWN[key]() if key in OWN else _torchvision(key, size)
    last = [n for n, m in network.named_modules() if isinstance(m, nn.Linear | nn.Conv2d)][-1]
    branch = getattr(network, "AuxLogits", None)
    return Parts(network, last, _cut(network, last), _cut(branch, "fc") if branch else 0)


def _published() -> Any:
    with imports.without_compiler():
        from transfergui.core.nn.detection import published

    return published


def _torchvision(key: str, size: int) -> nn.Module:
    with imports.without_compiler():
        from torchvision.models import get_model

    given = (arguments(size) for start, arguments in ARGUMENTS.items() if key.startswith(start))
    return get_model(key, weights=None, **next(given, {}))


def outline(key: str, size: int) -> Parts:
    """As :func:`make`, without values (on the meta device): takes milliseconds, and no memory."""
    with _Unallocated():
        parts = make(key, size)
    parts.network.to("meta")
    return parts


def _sized(backbone: Backbone, height: int, width: int) -> Parts:
    """The outline, once a picture of that size was sent through it, if it is not its own size:
    what that needs, of torch, takes seconds to import."""
    own = backbone.input["size"]
    try:
        parts = outline(backbone.key, height)
        if (height, width) != (own, own):
            _try_size(backbone.key, height, width)
    except (RuntimeError, ValueError, AssertionError) as error:  # as torchvision likes it
        raise UserError("backbone.size", title=backbone.title, size=height, own=own) from error
    return parts


@functools.cache
def _try_size(key: str, height: int, width: int) -> None:
    """Send a picture through an outline; that it worked is remembered: it takes 0.1 s.

    Raises:
        RuntimeError, ValueError, AssertionError: the network does not take that size.
    """
    network = outline(key, height).network.eval()
    with torch.no_grad():
        network(torch.empty(1, 3, height, width, device="meta"))


def _cut(network: nn.Module, name: str) -> int:
    """Replace a layer by the identity and say how many values it got."""
    layer: Any = network.get_submodule(name)
    network.set_submodule(name, nn.Identity())
    return layer.in_channels if isinstance(layer, nn.Conv2d) else layer.in_features


FILLS = frozenset(
    (
        *(Tensor.normal_, Tensor.uniform_, Tensor.fill_, Tensor.zero_),
        *(Tensor.add_, Tensor.clamp_, Tensor.erfinv_, Tensor.mul_),  # of a truncated normal
        *(nn.init.constant_, nn.init.kaiming_normal_, nn.init.kaiming_uniform_),
        *(nn.init.normal_, nn.init.uniform_),
    )
)
"""What gives a tensor other values and changes nothing else of it."""


class _Unallocated(TorchFunctionMode):
    """Makes new parameters without memory, so that filling them at random costs nothing.

    ``torch.device("meta")`` would also take the small tensors with whose values
    RegNet and Swin compute their shapes. In force in this thread only.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func in (torch.empty, torch.zeros):
            kwargs["device"] = "meta"
        if func in FILLS:
            filled: Tensor = args[0] if args else kwargs["tensor"]
            if filled.is_meta:  # torch would trace it, and import its compiler for that
                return filled
        return func(*args, **kwargs)


# -- weights of other times and sizes


def _adapted(tensors: dict[str, Tensor], parts: Parts, size: int) -> dict[str, Tensor]:
    """``tensors`` under today's names, positions of a Vision Transformer fitted to ``size``."""
    tensors = {_modern(name): tensor for name, tensor in tensors.items()}
    patch = getattr(parts.network, "patch_size", None)
    positions = tensors.get("encoder.pos_embedding")
    if patch is None or positions is None or not _is_grid(positions):
        return tensors
    from torchvision.models.vision_transformer import interpolate_embeddings

    tensors["encoder.pos_embedding"] = positions.float()
    return interpolate_embeddings(size, patch, tensors)


def _modern(name: str) -> str:
    """DenseNet's ``denselayer1.norm.1.weight`` is ``denselayer1.norm1.weight`` since 2018."""
    return re.sub(r"(denselayer\d+\.(?:norm|relu|conv))\.(?=[12]\.)", r"\1", name)


def _is_grid(positions: Tensor) -> bool:
    """Whether position embeddings [1, 1 + n*n, width] are a class token and a square."""
    return positions.ndim == 3 and positions.shape[0] == 1 and _is_square(positions.shape[1] - 1)


def _is_square(number: int) -> bool:
    return number > 0 and isqrt(number) ** 2 == number
