"""Activations that are computed again in the backward pass instead of being kept for it.

Activation checkpointing (Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory
Cost", 2016, arXiv:1604.06174): of each segment of a network only the inputs are kept, and what lies
within is computed a second time when its gradients are wanted. That costs about one more forward
pass, and changes nothing: the second pass draws the same random numbers, in the same precision, and
leaves the statistics of BatchNorm alone, so gradients are the same to the bit.

A segment is a block of the network, as its groups name them: a residual block, the layer of a
transformer; where layers simply follow each other, those of one group. The network stays what it
is: segments are called otherwise within :meth:`Recomputation.active` only, so that its keys, its
files and its exports do not change.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor, fx, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._pytree import tree_leaves, tree_map

Value = TypeVar("Value")

BACKWARD = 2
"""What a segment needs while it is gone through backwards, as a multiple of what it keeps: it is
all there, and gradients of it. Measured on a processor with 12 pictures of 224 pixels, as the peak
less what lies outside: 1.8 for MobileNetV2, 2.3 for DenseNet-121, 2.4 for ResNet-50."""
CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
"""What only holds blocks, or the layers of one."""


class Segment(NamedTuple):
    """What is computed again as one.

    Attributes:
        function: of any arguments.
        modules: those whose parameters and buffers it uses.
    """

    function: Callable[..., Any]
    modules: tuple[nn.Module, ...]

    def learns(self, arguments: Sequence[Any]) -> bool:
        """Whether anything is kept of it: nothing is where neither it nor what lies before it is
        trained."""
        parameters = (p for module in self.modules for p in module.parameters())
        given = (each for each in tree_leaves(arguments) if isinstance(each, Tensor))
        return torch.is_grad_enabled() and any(
            tensor.requires_grad for tensor in itertools.chain(given, parameters)
        )


_Context = contextlib.AbstractContextManager[Any]
Call = Callable[[Segment, tuple[Any, ...], dict[str, Any]], Any]
"""How a segment is called."""


class Place(NamedTuple):
    """A module whose ``forward`` is taken over, and what makes that of how segments are called."""

    module: nn.Module
    forward: Callable[[Call], Callable[..., Any]]


class Kept(NamedTuple):
    """Bytes that a forward pass keeps for the backward pass, without parameters and buffers.

    Attributes:
        plain: all of it.
        outside: between the segments, and what goes into them.
        inside: of each segment what else it keeps, in the order in which they are called.
    """

    plain: int
    outside: int
    inside: tuple[int, ...]

    @property
    def recomputed(self) -> int:
        """Where the segments are computed again, one after another."""
        return self.outside + BACKWARD * max(self.inside, default=0)

    def __sub__(self, other: Kept) -> Kept:
        """What more samples keep beyond what fewer do."""
        pairs = zip(self.inside, other.inside, strict=True)
        inside = tuple(max(0, more - less) for more, less in pairs)
        plain, outside = self.plain - other.plain, self.outside - other.outside
        return Kept(max(0, plain), max(0, outside), inside)


class Recomputation:
    """The segments of one network.

    Args:
        network: whose groups are given as of
            :attr:`transfergui.core.interfaces.networks.Backbone.groups`.
    """

    def __init__(self, network: nn.Module, groups: Sequence[Sequence[str]]) -> None:
        self._network = network
        self._groups = groups

    @functools.cached_property
    def places(self) -> list[Place]:
        """Where segments are called; none where the network has none."""
        return list(_places(self._network, self._groups))

    def active(self) -> contextlib.AbstractContextManager[None]:
        """Within it, forward passes that keep anything for a backward pass keep the inputs of
        segments only. The backward pass may come afterwards."""
        return self._calling(_recomputed)

    def kept(self, forward: Callable[[], object]) -> Kept:
        """What ``forward`` keeps, which runs the network with gradients."""
        ledger = _Ledger(self._network)
        with self._calling(ledger.call), torch.enable_grad():
            with saved_tensors_hooks(ledger.note(ledger.outside), _same):
                output = forward()
            found = ledger.kept()  # while it is all there: no address is used twice
        del output
        return found

    @contextlib.contextmanager
    def _calling(self, call: Call) -> Iterator[None]:
        for place in self.places:
            place.module.__dict__["forward"] = place.forward(call)
        try:
            yield
        finally:
            for place in self.places:
                place.module.__dict__.pop("forward", None)


def _recomputed(segment: Segment, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    if not segment.learns((arguments, named)):
        return segment.function(*arguments, **named)
    from torch.utils.checkpoint import checkpoint  # takes torch's compiler with it

    # DenseNet's layers get a list, which grows afterwards
    arguments, named = tree_map(_same, (arguments, named))

    def contexts() -> tuple[_Context, _Context]:
        return contextlib.nullcontext(), _buffers_kept(segment.modules)

    return checkpoint(
        segment.function, *arguments, use_reentrant=False, context_fn=contexts, **named
    )


@contextlib.contextmanager
def _buffers_kept(modules: Sequence[nn.Module]) -> Iterator[None]:
    """Within it, ``modules`` in train mode change copies of their buffers: a second pass over the
    same batch must not change the statistics of BatchNorm again."""
    changing = [each for top in modules for each in top.modules() if each.training]
    before = [(each, dict(each._buffers)) for each in changing if each._buffers]
    for module, buffers in before:
        copies = {name: None if b is None else b.clone() for name, b in buffers.items()}
        module._buffers.update(copies)
    try:
        yield
    finally:
        for module, buffers in before:
            module._buffers.update(buffers)


# -- how much is kept


class _Ledger:
    """Counts what is kept, by the address of its memory."""

    def __init__(self, network: nn.Module) -> None:
        own = itertools.chain(network.parameters(), network.buffers())
        self._own = {each.untyped_storage().data_ptr() for each in own}
        self.outside: dict[int, int] = {}
        self._given: dict[int, int] = {}
        self._inside: list[dict[int, int]] = []

    def note(self, kept: dict[int, int]) -> Callable[[Tensor], Tensor]:
        """What notes a tensor in ``kept``, as a hook."""

        def noting(tensor: Tensor) -> Tensor:
            storage = tensor.untyped_storage()
            if storage.data_ptr() not in self._own:
                kept[storage.data_ptr()] = storage.nbytes()
            return tensor

        return noting

    def call(self, segment: Segment, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if not segment.learns((arguments, named)):
            return segment.function(*arguments, **named)
        given = self.note(self._given)
        for each in tree_leaves((arguments, named)):
            if isinstance(each, Tensor):
                given(each)
        self._inside.append({})
        with saved_tensors_hooks(self.note(self._inside[-1]), _same):
            return segment.function(*arguments, **named)

    def kept(self) -> Kept:
        plain = dict(self.outside)
        seen, inside = self.outside | self._given, []
        outside = sum(seen.values())
        for each in self._inside:
            plain |= each
            inside.append(sum(size for at, size in each.items() if at not in seen))
            seen |= each
        return Kept(sum(plain.values()), outside, tuple(inside))


def _same(value: Value) -> Value:
    return value


# -- which segments there are


def _places(network: nn.Module, groups: Sequence[Sequence[str]]) -> Iterator[Place]:
    graphs = {
        path: module
        for path, module in network.named_modules()
        if isinstance(module, fx.GraphModule)
    }
    for path, graph in graphs.items():
        yield _of_graph(graph, [_below(path, prefixes) for prefixes in groups])
    taken: set[nn.Module] = {each for graph in graphs.values() for each in graph.modules()}
    first = _first_layers(network, groups)
    for path in itertools.chain.from_iterable(groups):
        module = _found(network, path)
        if module is None or module in taken:
            continue
        parent = network.get_submodule(path.rpartition(".")[0])
        if not _is_layer(module):
            yield from map(_of_block, _blocks(module))
        elif type(parent).forward is nn.Sequential.forward and parent not in taken:
            taken.add(parent)
            yield _of_layers(parent, first)


def _below(path: str, prefixes: Sequence[str]) -> list[str]:
    start = f"{path}." if path else ""
    return [each.removeprefix(start) for each in prefixes if each.startswith(start)]


def _found(network: nn.Module, path: str) -> nn.Module | None:
    """The module of a group; None of a parameter that has a place of its own in it."""
    try:
        return network.get_submodule(path)
    except AttributeError:
        return None


def _is_layer(module: nn.Module) -> bool:
    return not any(True for _child in module.children())


def _blocks(module: nn.Module) -> Iterator[nn.Module]:
    """The blocks within ``module``, which is one itself where it holds layers only."""
    if _is_layer(module):
        return  # what it keeps is what goes into it
    children = list(module.children())
    if isinstance(module, CONTAINERS) and not all(map(_is_layer, children)):
        for child in children:
            yield from _blocks(child)
    else:
        yield module


def _of_block(block: nn.Module) -> Place:
    function = block.forward

    def forward(call: Call) -> Callable[..., Any]:
        segment = Segment(function, (block,))
        return lambda *arguments, **named: call(segment, arguments, named)

    return Place(block, forward)


# -- layers that simply follow each other


def _first_layers(network: nn.Module, groups: Sequence[Sequence[str]]) -> set[nn.Module]:
    """With which each group begins."""
    found = (_found(network, prefixes[0]) for prefixes in groups if prefixes)
    return {module for module in found if module is not None}


def _of_layers(parent: nn.Module, first: set[nn.Module]) -> Place:
    """Layers in a row, cut where groups begin; blocks among them have places of their own."""
    runs: list[list[nn.Module]] = [[]]
    for child in parent.children():
        if child in first or not _is_layer(child) or not all(map(_is_layer, runs[-1])):
            runs.append([])
        runs[-1].append(child)
    steps = [_Run(run) for run in runs if run]

    def forward(call: Call) -> Callable[..., Any]:
        def run_all(values: Any) -> Any:
            for step in steps:
                values = step(call, values)
            return values

        return run_all

    return Place(parent, forward)


class _Run:
    """Modules in a row: layers, or one block."""

    def __init__(self, modules: Sequence[nn.Module]) -> None:
        self._plain = not all(map(_is_layer, modules))
        self._segment = Segment(self._all, tuple(modules))

    def __call__(self, call: Call, values: Any) -> Any:
        return self._all(values) if self._plain else call(self._segment, (values,), {})

    def _all(self, values: Any) -> Any:
        for module in self._segment.modules:
            values = module(values)
        return values


# -- networks that were followed by torch.fx, whose blocks nobody calls


def _of_graph(module: fx.GraphModule, groups: Sequence[Sequence[str]]) -> Place:
    nodes = [node for node in module.graph.nodes if node.op not in ("placeholder", "output")]
    labels = _Labels(groups)
    cut = [list(each) for _label, each in itertools.groupby(nodes, labels.of)]
    parts = [_Part(module, each) for each in cut]
    given = [node for node in module.graph.nodes if node.op == "placeholder"]
    last = next(node for node in module.graph.nodes if node.op == "output")

    def forward(call: Call) -> Callable[..., Any]:
        def run_all(*arguments: Any) -> Any:
            values = dict(zip(given, arguments, strict=True))
            for part in parts:
                inputs = tuple(values[node] for node in part.needed)
                values |= zip(part.made, call(part.segment, inputs, {}), strict=True)
            return fx.node.map_arg(last.args[0], values.__getitem__)

        return run_all

    return Place(module, forward)


class _Labels:
    """Of each node of a graph, in their order, of which segment it is."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._groups = groups
        self._last: object = None

    def of(self, node: fx.Node) -> object:
        """The block around it; else the group of a layer; else as the node before."""
        self._last = _block_around(node) or self._group_of(node) or self._last
        return self._last

    def _group_of(self, node: fx.Node) -> str:
        if node.op != "call_module":
            return ""
        path = f"{node.target}."
        names = [p[0] for p in self._groups if any(path.startswith(f"{each}.") for each in p)]
        return names[0] if names else ""


def _block_around(node: fx.Node) -> str:
    """The outermost module around a node that does not merely hold others; empty for none."""
    around = node.meta.get("nn_module_stack", {})
    for path, kind in around.values():
        if path and path != node.target and not issubclass(kind, CONTAINERS):
            return path
    return ""


class _Part:
    """Some nodes of a graph in a row.

    Attributes:
        needed: nodes before them, whose values they take.
        made: those of them whose values others take.
    """

    def __init__(self, module: fx.GraphModule, nodes: Sequence[fx.Node]) -> None:
        inside = set(nodes)
        taken = [each for node in nodes for each in node.all_input_nodes if each not in inside]
        self.needed = list(dict.fromkeys(taken))
        self.made = [node for node in nodes if not inside.issuperset(node.users)]
        self._nodes = nodes
        self._interpreter = fx.Interpreter(module, garbage_collect_values=False)
        targets = [str(node.target) for node in nodes if node.op == "call_module"]
        self.segment = Segment(self._run, tuple(map(module.get_submodule, targets)))

    def _run(self, *inputs: Any) -> list[Any]:
        values = dict(zip(self.needed, inputs, strict=True))
        self._interpreter.env = values
        try:
            for node in self._nodes:
                values[node] = self._interpreter.run_node(node)
            return [values[node] for node in self.made]
        finally:
            self._interpreter.env = {}
