"""In which precision and memory layout a network is quick here: measured once, and remembered.

What pays depends on the network and on the machine. On two cores with AVX-512 BF16, a frozen
MobileNetV2 looks at 115 pictures a second in float32, 257 with its BatchNorm folded into the
convolutions, 378 in bfloat16 as well, and 7 in float16. So a second is spent, once per
network and machine, on finding out; an answer that strays too far from float32's is not taken.
"""

from __future__ import annotations

import contextlib
import copy
import math
import platform
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec
import torch
from torch import Tensor, fx, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.utils.fusion import fuse_conv_bn_eval

from transfergui.core.base import files, paths
from transfergui.core.nn.classifier import to_memory_format
from transfergui.core.nn.composite import build_encoder
from transfergui.core.nn.tracing import OwnThreadTracer
from transfergui.core.training import probe

if TYPE_CHECKING:
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.nn.composite import Weights

Precision = Literal["float32", "bfloat16", "float16"]

GAIN = 1.15
"""So many times as fast as float32, or it is not worth its errors."""
MAX_RELATIVE_ERROR = 0.1
"""The largest error allowed, as a share of how much the features of different samples differ.
bfloat16 has 0.01 on TGNet and SqueezeNet, 0.04 to 0.08 on MobileNetV2: a tenth of what would
change the answer of a linear head on clothing or hand signs."""
WORTHWHILE = 100.0
"""GFLOPs of work, below which nothing is measured: about a second's on two cores."""
PATIENCE = 0.1
"""Seconds for each candidate, after its first run; two runs more at least."""
HOPELESS = 2.0
"""So many times as slow in its first run, a candidate is not run again."""
BACKWARD = 3
"""A step costs so many forward passes."""
LONGEST = 10_000_000
"""Bytes of what is remembered, at most."""
_REMEMBERING = threading.Lock()
"""Of two threads that write what they found, none forgets what the other did."""
_FOLDABLE = weakref.WeakKeyDictionary[nn.Module, list[tuple[str, str]]]()
"""What can be folded of each network that was followed."""


class ComputeMode(msgspec.Struct, frozen=True):
    """How a network computes.

    Attributes:
        channels_last: convolutions' weights lie with their channels innermost.
    """

    precision: Precision = "float32"
    channels_last: bool = True


EXACT = ComputeMode()
"""What figures are measured with that are told, and what exported models compute."""


def candidates(device: torch.device) -> tuple[ComputeMode, ...]:
    """The ways that this device has, :data:`EXACT` first; float16 only where it has scaling."""
    plain = (EXACT, ComputeMode(channels_last=False))
    if device.type == "cuda":
        halves: tuple[ComputeMode, ...] = (ComputeMode("float16"),)
        if torch.cuda.is_bf16_supported(including_emulation=False):
            halves = (ComputeMode("bfloat16"), *halves)
        return plain + halves
    if device.type == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return (*plain, ComputeMode("bfloat16"))
    return plain


# -- frozen networks


class Compiled(Protocol):
    """What answers in the place of a network; see :mod:`.compiling`."""

    def takes(self, inputs: Tensor) -> bool:
        """Whether it was made for inputs of this shape."""

    def __call__(self, inputs: Tensor) -> Tensor:
        """Prepared inputs to float32 features."""


class Frozen(nn.Module):
    """A network that answers without learning, in a given way; its answers are float32.

    Args:
        network: is put into eval mode and into the layout of ``way``.

    Attributes:
        compiled: answers in its place whatever it takes, see :mod:`.compiling`.
    """

    compiled: Compiled | None = None

    def __init__(self, network: nn.Module, way: ComputeMode, device: torch.device) -> None:
        super().__init__()
        self.network = to_memory_format(network.eval(), way.channels_last)
        self.way = way
        self.device = device

    @torch.no_grad()
    def forward(self, inputs: Tensor) -> Tensor:
        if self.compiled is not None and self.compiled.takes(inputs):
            return self.compiled(inputs)
        with autocast(self.way, self.device):
            return self.network(inputs).float()


def fuse_batchnorm(module: nn.Module) -> nn.Module:
    """``module`` in eval mode, each BatchNorm that follows a convolution made part of it.

    Exact but for rounding. A copy; the module itself where there is nothing to fold. Folded is
    what encoders call their ``network``: what they do before it need not be traceable.
    """
    if not any(isinstance(part, _BatchNorm) for part in module.modules()):
        return module
    networks = [name for name, part in module.named_modules() if _is_network(name, part)]
    pairs = {name: _foldable(module.get_submodule(name)) for name in networks}
    module = copy.deepcopy(module)
    for name, known in pairs.items():
        _fold(module.get_submodule(name), known)
    return module


def _is_network(name: str, part: nn.Module) -> bool:
    inner = name.rpartition(".")[2] == "network" and not isinstance(part, nn.ModuleList)
    return inner and any(isinstance(module, _BatchNorm) for module in part.modules())


def _fold(network: nn.Module, pairs: Sequence[tuple[str, str]]) -> None:
    for before, after in pairs:
        conv, norm = network.get_submodule(before), network.get_submodule(after)
        assert isinstance(conv, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        network.set_submodule(before, fuse_conv_bn_eval(conv, norm))
        network.set_submodule(after, nn.Identity())


def _foldable(network: nn.Module) -> list[tuple[str, str]]:
    """The names of each convolution, and of the BatchNorm that follows it and nothing else.

    A network is followed once: a training folds it anew whenever its weights are others.
    """
    if network not in _FOLDABLE:
        nodes = tuple(OwnThreadTracer().trace(network).nodes)
        calls = Counter(str(node.target) for node in nodes if node.op == "call_module")
        found = [(str(node.args[0].target), str(node.target)) for node in nodes if _follows(node)]
        _FOLDABLE[network] = [
            (before, after)
            for before, after in found
            if calls[before] == calls[after] == 1
            and isinstance(network.get_submodule(before), nn.Conv2d)
            and isinstance(network.get_submodule(after), nn.BatchNorm2d)
        ]
    return _FOLDABLE[network]


def _follows(node: fx.Node) -> bool:
    """Whether a module is called with what another made, and nothing else uses that."""
    before = node.args[0] if node.args else None
    if node.op != "call_module" or not isinstance(before, fx.Node):
        return False
    return before.op == "call_module" and len(before.users) == 1


def autocast(way: ComputeMode, device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Within it, ``device`` computes in the precision of ``way``, whatever held outside."""
    dtype = getattr(torch, way.precision)
    if dtype is torch.float32:
        return torch.autocast(device.type, enabled=False)
    return torch.autocast(device.type, dtype)


# -- choosing


def of_frozen(plan: Plan, weights: Weights, device: torch.device) -> ComputeMode:
    """How the plan's backbone, frozen, is to compute on ``device``.

    Raises:
        UserError: no sample can be read to measure with; the weights do not fit.
    """

    def measure() -> ComputeMode:
        return _measure_frozen(plan, weights, device)

    return _chosen(plan, device, "frozen", 1, measure)


def of_training(plan: Plan, phase: Phase, model: Classifier, device: torch.device) -> ComputeMode:
    """How ``model``, what ``phase`` trains of it being trainable, is to learn on ``device``.

    It is laid out so. A head on cached features is quick, and gains nothing by less precision.

    Raises:
        UserError: as :func:`of_frozen`.
    """

    def measure() -> ComputeMode:
        return _measure_training(plan, model, device)

    way = EXACT
    if not phase.cache_features:
        purpose = f"{phase.groups} {phase.only} {phase.low_rank}"
        way = _chosen(plan, device, purpose, BACKWARD * phase.epochs, measure)
    to_memory_format(model, way.channels_last)
    return way


def _chosen(
    plan: Plan,
    device: torch.device,
    purpose: str,
    augmented_copies: int,
    measure: Callable[[], ComputeMode],
) -> ComputeMode:
    """What the recipe says; else what pays, where there is enough to do for it to pay.

    How much there is to do follows from the data set, not from what happens to be cached:
    else features would be looked for in one precision, and kept in another.
    """
    asked = plan.recipe.run.precision
    if asked != "auto":
        return ComputeMode(asked)
    count = len(plan.split.train) + len(plan.split.val)
    if augmented_copies * count * plan.backbone.flops < WORTHWHILE:
        return EXACT
    return remembered(_key(plan, device, purpose), measure)


def _key(plan: Plan, device: torch.device, purpose: str) -> str:
    """All that the answer depends on."""
    shape = plan.modality.input_shape(plan.input)
    purpose = f"{purpose} maps" if plan.backbone.pooled else purpose
    parts = (machine(device), plan.modality.key, plan.backbone.key, shape, purpose)
    return " ".join(map(str, parts))


def machine(device: torch.device) -> str:
    """All of this machine that what is quick on ``device`` depends on."""
    name = platform.node()
    if device.type == "cuda":
        name += torch.cuda.get_device_name(device)
    return f"{name} {device.type} {torch.get_num_threads()} {torch.__version__}"


def remembered(key: str, measure: Callable[[], ComputeMode]) -> ComputeMode:
    """What ``measure`` found the first time that ``key`` was asked for, in any run."""
    path = paths.cache_dir() / "precision.json"
    known = _read(path)
    if key not in known:
        found = measure()
        with _REMEMBERING, contextlib.suppress(OSError):  # a full disk: it is measured again
            files.write_atomic(path, msgspec.json.encode(_read(path) | {key: found}))
        return found
    return known[key]


def _read(path: Path) -> dict[str, ComputeMode]:
    """What cannot be read is deleted, and measured anew."""
    try:
        return msgspec.json.decode(files.read_regular(path, LONGEST), type=dict[str, ComputeMode])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, RecursionError):
        files.remove(path)
        return {}


def _measure_frozen(plan: Plan, weights: Weights, device: torch.device) -> ComputeMode:
    inputs = probe.decoded(plan)[0].to(device)
    encoder = build_encoder(plan.modality, plan.backbone, plan.input, weights).to(device)
    network = fuse_batchnorm(encoder.eval())
    exact = Frozen(network, EXACT, device)(inputs)

    def work(way: ComputeMode) -> Callable[[], object]:
        frozen = Frozen(network, way, device)
        return lambda: frozen(inputs)

    def close(way: ComputeMode) -> bool:
        return relative_error(exact, Frozen(network, way, device)(inputs)) <= MAX_RELATIVE_ERROR

    return quickest(work, device, close)


def _measure_training(plan: Plan, model: Classifier, device: torch.device) -> ComputeMode:
    inputs = probe.decoded(plan)[0].to(device)

    def work(way: ComputeMode) -> Callable[[], object]:
        to_memory_format(model, way.channels_last)
        return lambda: step(model, inputs, way)

    # float16 has to be scaled, and each overflow loses a step
    safe = [way for way in candidates(device) if way.precision != "float16"]
    return quickest(work, device, ways=safe)


def quickest(
    work: Callable[[ComputeMode], Callable[[], object]],
    device: torch.device,
    close: Callable[[ComputeMode], bool] = lambda way: True,
    ways: Sequence[ComputeMode] = (),
) -> ComputeMode:
    """The way in which ``work`` is quickest, if that is worth leaving :data:`EXACT` for.

    Args:
        close: whether what it computes is close enough to what :data:`EXACT` does.
        ways: to choose among, :data:`EXACT` first; all that ``device`` has where empty.
    """
    best, least = EXACT, math.inf
    for way in ways or candidates(device):
        run = work(way)
        if probe.fastest(run, device, limit=0.0) > HOPELESS * GAIN * least:
            continue
        seconds = probe.fastest(run, device, PATIENCE)
        if way == EXACT:
            least = seconds / GAIN
        elif seconds < least and close(way):
            best, least = way, seconds
    return best


@torch.no_grad()
def relative_error(exact: Tensor, other: Tensor) -> float:
    """How far features [N, F] are from ``exact``, as a share of how much these vary."""
    spread = (exact - exact.mean(0)).norm()
    return float((other - exact).norm() / spread) if spread > 0 else math.inf


def step(model: Classifier, inputs: Tensor, way: ComputeMode, freeze_norm: bool = True) -> None:
    """A forward and a backward pass that leave the weights as they were.

    Args:
        freeze_norm: leave the statistics of BatchNorm as they were, too.
    """
    model.train_mode(freeze_norm)
    with autocast(way, inputs.device):
        output = model(inputs)
        logits = output[0] if isinstance(output, tuple) else output
        loss = logits.float().square().mean()
    loss.backward()
    model.zero_grad(set_to_none=True)
