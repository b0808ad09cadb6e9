"""An encoder's feature maps, side by side in one vector for each picture.

So they go through the loop, the cache of features and frozen phases like the features of a whole
picture. :func:`tapped` makes a network give them, :func:`apart` takes them apart again, and
:func:`found` finds out which maps a network has.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor, fx, nn

from transfergui.core.interfaces.networks import Map
from transfergui.core.nn.tracing import OwnThreadTracer

STRIDES = ((8, 16, 32), (4, 8, 16))
"""Pixels of the picture for each place of the three maps: of networks for pictures of ordinary
size, and of those for small ones, which never halve a picture five times."""
WIDENED = 3.5
"""A map with more than so many times the channels of the one before only widens another: a 1x1
convolution for classifiers, which costs memory and tells a pyramid nothing new."""


def shapes(maps: Sequence[Map], height: int, width: int) -> list[tuple[int, int, int]]:
    """Channels, height and width of each map of pictures of that size."""
    return [(each.channels, -(-height // each.stride), -(-width // each.stride)) for each in maps]


def width_of(maps: Sequence[Map], height: int, width: int) -> int:
    """How many numbers they are, side by side."""
    return sum(map(prod, shapes(maps, height, width)))


def apart(features: Tensor, shapes: Sequence[tuple[int, int, int]]) -> list[Tensor]:
    """Maps [N, C, H, W] of what :func:`tapped` made of pictures: [N, F]."""
    parts = features.split([prod(shape) for shape in shapes], 1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def means(features: Tensor, shapes: Sequence[tuple[int, int, int]]) -> Tensor:
    """The mean of each channel of such maps over the picture [N, channels of all maps]."""
    return torch.cat([part.mean((2, 3)) for part in apart(features, shapes)], 1)


def tapped(network: nn.Module, maps: Sequence[Map]) -> fx.GraphModule:
    """``network``, giving maps [N, F] instead of what it gives; it keeps all of its parameters, and
    their names.

    It is followed as it answers, not as it learns: of layers that are left out at random in
    training (stochastic depth) none is.
    """
    training = network.training
    network.eval()
    tracer = _Tracer([each.at for each in maps])
    graph = tracer.trace(network)
    last = next(node for node in graph.nodes if node.op == "output")
    with graph.inserting_before(last):
        flat = [graph.call_function(torch.flatten, (tracer.made[each.at], 1)) for each in maps]
        last.args = (graph.call_function(torch.cat, (flat, 1)),)
    traced = fx.GraphModule(network, graph)  # with what is not used any more, too
    traced.graph.eliminate_dead_code()
    traced.recompile()
    return traced.train(training)


class _Tracer(OwnThreadTracer):
    """Remembers what some modules made.

    Attributes:
        made: by the names of the modules.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.made: dict[str, fx.Node] = {}
        self._names = frozenset(names)

    def followed(self, module: nn.Module, result: Any) -> Any:
        name = self.path_of_module(module)
        if name in self._names and isinstance(result, fx.Proxy):
            self.made[name] = result.node
        return result


def found(network: nn.Module, names: Sequence[str], size: int) -> tuple[Map, ...]:
    """The maps of a network on the meta device, as of the first of :data:`STRIDES` of which it has
    every one; none where it has not, or does not take such pictures.

    Args:
        names: modules whose outputs they may be, in the order in which they are used.
        size: of pictures.
    """
    seen: dict[str, tuple[int, ...]] = {}
    hooks = []
    for name in names:

        def keep(_module: nn.Module, _inputs: object, output: object, name: str = name) -> None:
            seen[name] = tuple(output.shape) if isinstance(output, Tensor) else ()

        hooks.append(network.get_submodule(name).register_forward_hook(keep))
    try:
        with torch.no_grad():
            network.eval()(torch.empty(1, 3, size, size, device="meta"))
    except (RuntimeError, ValueError, AssertionError):  # it takes pictures of its own size only
        return ()
    finally:
        for hook in hooks:
            hook.remove()
    choices = (_chosen(seen, size, strides) for strides in STRIDES)
    return next(filter(None, choices), ())


def _chosen(seen: dict[str, tuple[int, ...]], size: int, strides: Sequence[int]) -> tuple[Map, ...]:
    chosen: list[Map] = []
    for stride in strides:
        side = size // stride
        fitting = [Map(n, s[1], stride) for n, s in seen.items() if s[2:] == (side, side)]
        if chosen:
            fitting = [m for m in fitting if m.channels <= WIDENED * chosen[-1].channels]
        if not fitting:
            return ()
        chosen.append(fitting[-1])
    return tuple(chosen)
