"""Which parts of an input a network's output rests on, computed with captum.

Three ways, by what the network is:

- networks with spatial maps: gradient times activation of the last one, summed over its channels
  (HiResCAM, Draelos and Carin 2020, arXiv:2011.08891). With global average pooling and a linear
  head this is Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391) exactly; where something else
  pools, a standard deviation say, Grad-CAM's mean gradient is zero and this is not.
- vision transformers: the same of the patches before the last attention.
- what counts words: the features that each word made, times their gradients: for a linear head its
  own sum.
- everything else (networks that hear, word vectors, transformers for texts):
  integrated gradients (Sundararajan et al. 2017, arXiv:1703.01365) from an input without content.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from math import isqrt
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.nn import lora
from transfergui.core.nn.classifier import Classifier
from transfergui.core.nn.composite import Composite

LEAST = 6
"""Places of a map along each side: of fewer, an earlier and finer map is taken. Networks made for
224 pixels end in 7 x 7; pictures of 96 pixels end in 3 x 3, where nothing can be told apart."""
GRID = 14
"""Places along each side of a map of integrated gradients: the patches of a vision transformer."""
MOMENTS = 50
"""Moments of a waveform in such a map."""
STEPS = 16
"""Of the integral: the attributions then add up to the output to within a few per cent. Half as
many for whole inputs, whose networks are large."""

MAPS = 4
"""Axes of pictures and of maps [N, C, H, W]."""

Score = Callable[[Tensor], Tensor]
"""Outputs [N, O] to what is explained [N, O]."""


class _Seen(NamedTuple):
    """A module's output in a forward pass, with its spatial size."""

    name: str
    height: int
    width: int


class Attribution:
    """Explains outputs of one network; one sample after the other or several at once.

    Args:
        model: in eval mode; nobody else may use it meanwhile.
        score: what is explained.
    """

    def __init__(self, model: Classifier, score: Score) -> None:
        self._model = model
        self._score = score
        self._maps: dict[int, nn.Module | None] = {}
        self._patches: dict[int, nn.Module | None] = {}

    def heat(self, inputs: Tensor, places: Sequence[int], empty: Tensor) -> Tensor:
        """How much each part of the inputs speaks for the outputs ``places``.

        Args:
            inputs: prepared [N, ...].
            places: an output for each [N].
            empty: the inputs without any content [N, ...].

        Returns:
            [N, h, w] of what looks at pictures (of spectrograms low tones and the beginning come
            first), [N, T] of tokens; above zero speaks for the output, below against it.
        """
        target = torch.tensor(list(places))
        with torch.inference_mode(False), torch.enable_grad():
            parts = [
                self._of_part(part, inputs.clone(), target, empty.clone())
                for part in _parts(self._model.encoder)
            ]
        return _added(parts).detach()

    def _of_part(self, part: nn.Module, inputs: Tensor, target: Tensor, empty: Tensor) -> Tensor:
        if hasattr(part, "spread"):
            return self._counted(part, inputs, target)
        if not inputs.is_floating_point():
            return self._integrated(_embedding(self._model, part, inputs), inputs, target, empty)
        network = self._seeing(part, inputs)
        if network is None:
            return _pooled(self._integrated(part, inputs, target, empty, of_input=True))
        if (layer := self._last_map(part, inputs)) is not None:
            return self._activated(layer, inputs, target)
        if (patches := self._last_patches(part, inputs)) is not None:
            return _as_grid(self._activated(patches, inputs, target))
        return _pooled(self._integrated(network, inputs, target, empty, of_input=True))

    def _seeing(self, part: nn.Module, inputs: Tensor) -> nn.Module | None:
        """The network of ``part`` if that is given pictures; one that hears is given none."""
        network = getattr(part, "network", None)
        if not isinstance(network, nn.Module):
            return None
        given: list[bool] = []
        hook = network.register_forward_pre_hook(
            lambda _m, args: given.append(args[0].ndim == MAPS)
        )
        try:
            with torch.no_grad():
                self._model(inputs[:1])
        finally:
            hook.remove()
        return network if given and given[-1] else None

    def _forward(self, inputs: Tensor) -> Tensor:
        return self._score(self._model(inputs))

    def _activated(self, layer: nn.Module, inputs: Tensor, target: Tensor) -> Tensor:
        from captum.attr import LayerGradientXActivation

        method = LayerGradientXActivation(self._forward, layer)
        found = method.attribute(inputs.requires_grad_(), target)
        return found.sum(1 if found.ndim == MAPS else 2)

    def _integrated(
        self,
        layer: nn.Module,
        inputs: Tensor,
        target: Tensor,
        empty: Tensor,
        of_input: bool = False,
    ) -> Tensor:
        """Summed over what each place holds: channels, or the width of a vector."""
        from captum.attr import LayerIntegratedGradients

        method = LayerIntegratedGradients(self._forward, layer)
        found = [
            method.attribute(
                inputs[at : at + 1],
                empty[at : at + 1],
                int(target[at]),
                n_steps=STEPS // 2 if of_input else STEPS,
                internal_batch_size=8,
                attribute_to_layer_input=of_input,
            )
            for at in range(len(inputs))
        ]
        whole = torch.cat([each[0] if isinstance(each, tuple) else each for each in found])
        return whole if whole.ndim == 2 else whole.sum(1 if of_input else -1)

    def _counted(self, part: nn.Module, inputs: Tensor, target: Tensor) -> Tensor:
        """Of the features that ``part`` gives, whatever other parts lie beside them."""
        found: list[Tensor] = []

        def watch(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
            found.append(output.detach().requires_grad_())
            return found[-1]

        with _hooked(part, watch):
            scores = self._forward(inputs)
        chosen = scores.gather(1, target[:, None]).sum()
        (gradient,) = torch.autograd.grad(chosen, found[-1])
        return part.spread(inputs, found[-1].detach() * gradient)  # type: ignore[operator]

    def _last_map(self, part: nn.Module, inputs: Tensor) -> nn.Module | None:
        """The last module whose output is a map that all of ``part`` goes through; None where there
        is none, or attention comes behind it."""
        if id(part) not in self._maps:
            network: nn.Module = part.network  # type: ignore[assignment]
            modules = dict(network.named_modules())
            chosen = None
            for each in _candidates(network, lambda: self._model(inputs[:1])):
                if not self._all_through(modules[each.name], part, inputs[:1]):
                    continue
                if chosen is None or min(each.height, each.width) > min(chosen[1:]):
                    chosen = each
                if min(each.height, each.width) >= LEAST:
                    break
            self._maps[id(part)] = None if chosen is None else modules[chosen.name]
        return self._maps[id(part)]

    def _last_patches(self, part: nn.Module, inputs: Tensor) -> nn.Module | None:
        """The last module whose output is a vector for each patch of a square, through which all of
        ``part`` goes, and of which more than the first vector counts; None where there is none."""
        if id(part) not in self._patches:
            network: nn.Module = part.network  # type: ignore[assignment]
            target = torch.zeros(1, dtype=torch.int64)
            chosen = None
            for layer in _patch_layers(network, lambda: self._model(inputs[:1])):
                if self._all_through(layer, part, inputs[:1]):
                    found = self._activated(layer, inputs[:1].detach().clone(), target)
                    if bool(found[:, 1:].any()):
                        chosen = layer
                        break
            self._patches[id(part)] = chosen
        return self._patches[id(part)]

    def _all_through(self, layer: nn.Module, part: nn.Module, inputs: Tensor) -> bool:
        """Whether nothing gets around ``layer``: what ``part`` makes then depends on it alone."""
        outputs: list[Tensor] = []

        def cut(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
            return output.detach()

        def keep(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            outputs.append(output)

        with _hooked(layer, cut), _hooked(part, keep):
            self._model(inputs.detach().requires_grad_())
        return not outputs[-1].requires_grad


def _parts(encoder: nn.Module) -> Iterator[nn.Module]:
    """The encoders that an encoder is made of; itself where that is one."""
    if isinstance(encoder, Composite):
        for part in encoder.network:
            yield from _parts(part)
    else:
        yield encoder


def _added(parts: Sequence[Tensor]) -> Tensor:
    """Maps of several networks as one, on the finest of their grids; sums stay what they were."""
    if len(parts) == 1 or parts[0].ndim == 2:
        return torch.stack(list(parts)).sum(0)
    size = (max(p.shape[1] for p in parts), max(p.shape[2] for p in parts))
    scaled = [
        F.interpolate(p[:, None], size, mode="bilinear")[:, 0]
        * (p.shape[1] * p.shape[2] / (size[0] * size[1]))
        for p in parts
    ]
    return torch.stack(scaled).sum(0)


def _pooled(found: Tensor) -> Tensor:
    """Attributions of pixels [N, H, W], or of a waveform [N, T], as a coarse map [N, h, w]."""
    if found.ndim == 2:
        return F.adaptive_avg_pool1d(found[:, None], min(MOMENTS, found.shape[1]))
    size = (min(GRID, found.shape[1]), min(GRID, found.shape[2]))
    return F.adaptive_avg_pool2d(found[:, None], size)[:, 0]


def _candidates(network: nn.Module, forward: Callable[[], object]) -> list[_Seen]:
    """The outputs that may be maps, the last first; none from before the last layer that attends:
    what a place holds after it is of all places."""
    seen: list[_Seen | None] = []

    def watch(name: str) -> Callable[..., None]:
        attends = bool(lora.ATTENTION.search(name)) and not lora.BESIDE.search(name)

        def note(_module: nn.Module, _inputs: object, output: object) -> None:
            if isinstance(output, Tensor) and output.ndim == 4:
                _n, _channels, height, width = output.shape
                if min(height, width) > 1 and not attends:
                    seen.append(_Seen(name, height, width))
            if attends:
                seen.append(None)

        return note

    with contextlib.ExitStack() as stack, torch.no_grad():
        for name, module in network.named_modules():
            stack.callback(module.register_forward_hook(watch(name)).remove)
        forward()
    after = len(seen) - seen[::-1].index(None) if None in seen else 0
    unique = {each.name: each for each in seen[after:] if each is not None}
    return list(unique.values())[::-1]


def _patch_layers(network: nn.Module, forward: Callable[[], object]) -> list[nn.Module]:
    """The modules that make vectors [N, T, D] of the patches of a square, with or without one for
    the whole before them; the last first."""
    seen: list[nn.Module] = []

    def note(module: nn.Module, _inputs: object, output: object) -> None:
        if not isinstance(output, Tensor) or output.ndim != MAPS - 1:
            return
        if any(_is_square(output.shape[1] - first) for first in (0, 1)):
            seen.append(module)

    with contextlib.ExitStack() as stack, torch.no_grad():
        for module in network.modules():
            stack.callback(module.register_forward_hook(note).remove)
        forward()
    return list(dict.fromkeys(seen[::-1]))


def _is_square(count: int) -> bool:
    return count > 1 and isqrt(count) ** 2 == count


def _as_grid(patches: Tensor) -> Tensor:
    """Heat of patches [N, T] as a map [N, h, w]; a vector for the whole before them is left out."""
    side = isqrt(patches.shape[1])
    return patches[:, -(side**2) :].unflatten(1, (side, side))


def _embedding(model: Classifier, part: nn.Module, ids: Tensor) -> nn.Module:
    """The layer of ``part`` that makes vectors of token numbers."""
    found: list[nn.Module] = []

    def note(module: nn.Module, given: tuple[object, ...], _output: object) -> None:
        if isinstance(given[0], Tensor) and given[0].shape == ids[:1].shape and not found:
            found.append(module)

    with contextlib.ExitStack() as stack, torch.no_grad():
        for module in part.modules():
            if isinstance(module, nn.Embedding):
                stack.callback(module.register_forward_hook(note).remove)
        model(ids[:1])
    return found[0]


@contextlib.contextmanager
def _hooked(module: nn.Module, hook: Callable[..., object]) -> Iterator[None]:
    handle = module.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()
