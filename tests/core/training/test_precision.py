"""The way a network computes: the quickest that is close enough, remembered; exact figures."""

import errno
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
import torch
from torch import Tensor, fx, nn

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import registry
from transfergui.core.base import files, paths
from transfergui.core.networks import planned
from transfergui.core.nn.classifier import build_classifier
from transfergui.core.nn.tracing import OwnThreadTracer
from transfergui.core.recipe import HeadOptions
from transfergui.core.runs import events as ev
from transfergui.core.training import precision
from transfergui.core.training.precision import EXACT, ComputeMode, Frozen

CPU = torch.device("cpu")
HALF = ComputeMode("bfloat16")
IMAGE = registry.modality("image")


class Clock:
    """Stands for the machine: each way takes the seconds that were given for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: dict[ComputeMode, float]) -> None:
        self.seconds = seconds
        self.asked: list[ComputeMode] = []
        monkeypatch.setattr(precision, "candidates", lambda device: tuple(seconds))
        monkeypatch.setattr(precision.probe, "fastest", lambda work, device, limit: work())

    def work(self, way: ComputeMode) -> Callable[[], float]:
        self.asked.append(way)
        return lambda: self.seconds[way]


@pytest.mark.parametrize(
    ("seconds", "best"),
    [
        ({EXACT: 1.0, HALF: 0.5}, HALF),
        ({EXACT: 1.0, HALF: 0.95}, EXACT),  # not worth its errors
        ({EXACT: 1.0, HALF: 5.0}, EXACT),
        ({EXACT: 1.0, ComputeMode(channels_last=False): 0.8, HALF: 0.6}, HALF),
        (
            {EXACT: 1.0, ComputeMode(channels_last=False): 0.4, HALF: 0.6},
            ComputeMode(channels_last=False),
        ),
    ],
)
def test_the_quickest_way_is_taken(
    monkeypatch: pytest.MonkeyPatch, seconds: dict[ComputeMode, float], best: ComputeMode
) -> None:
    assert precision.quickest(Clock(monkeypatch, seconds).work, CPU) == best


def test_a_way_that_strays_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, {EXACT: 1.0, HALF: 0.1})
    assert precision.quickest(clock.work, CPU, close=lambda way: False) == EXACT


def test_what_was_found_is_remembered() -> None:
    assert precision.remembered("network", lambda: HALF) == HALF
    assert precision.remembered("other", lambda: EXACT) == EXACT
    assert precision.remembered("network", pytest.fail) == HALF


@pytest.mark.parametrize("damage", ["", "{", "[" * 100_000, '{"network": 3}', None])
def test_a_damaged_memory_is_made_anew(damage: str | None) -> None:
    precision.remembered("network", lambda: HALF)
    place = paths.cache_dir() / "precision.json"
    if damage is None:  # a folder
        place.unlink()
        (place / "within").mkdir(parents=True)
    else:
        place.write_text(damage)
    assert precision.remembered("network", lambda: EXACT) == EXACT
    assert precision.remembered("network", pytest.fail) == EXACT


def test_threads_that_find_at_once_forget_nothing() -> None:
    keys = [f"network {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: precision.remembered(key, lambda: HALF), keys))
    for key in keys:
        assert precision.remembered(key, pytest.fail) == HALF


def test_a_full_disk_forgets_but_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_atomic", no_space)
    assert precision.remembered("network", lambda: HALF) == HALF
    assert precision.remembered("network", lambda: EXACT) == EXACT


def test_little_work_is_not_measured(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "candidates", pytest.fail)
    lab.train()
    assert not (paths.cache_dir() / "precision.json").exists()


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A little work is worth measuring too, and bfloat16 always wins."""
    monkeypatch.setattr(precision, "WORTHWHILE", 0.0)
    monkeypatch.setattr(precision, "candidates", lambda device: (EXACT, HALF))
    monkeypatch.setattr(precision, "MAX_RELATIVE_ERROR", 10.0)
    ticks = {EXACT: 1.0, HALF: 0.5}

    def quickest(
        work: object, device: object, close: Callable[[ComputeMode], bool] = bool, ways: object = ()
    ) -> ComputeMode:
        return next(way for way in sorted(ticks, key=ticks.__getitem__) if close(way))

    monkeypatch.setattr(precision, "quickest", quickest)


@pytest.mark.usefixtures("measuring")
def test_what_was_found_is_what_is_done(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features and fine-tuning in the quickest way; all looks at the end in full precision."""
    used: list[str] = []
    forward = Frozen.forward

    def watched(self: Frozen, inputs: Tensor) -> Tensor:
        used.append(self.way.precision)
        return forward(self, inputs)

    monkeypatch.setattr(Frozen, "forward", watched)
    _run, events = lab.train(strategy="fine_tuning", run__epochs=1)
    started = next(event for event in events if isinstance(event, ev.PhaseStarted))
    assert started.precision == "bfloat16"
    end = used.index("float32")
    assert set(used[:end]) == {"bfloat16"}
    assert set(used[end:]) == {"float32"}
    assert isinstance(events[-1], ev.Finished)


@pytest.mark.usefixtures("measuring")
def test_cached_features_are_those_of_the_way(lab: Lab) -> None:
    _run, events = lab.train()
    assert isinstance(events[-1], ev.Finished)
    folders = sorted((paths.cache_dir() / "features").iterdir())
    assert len(folders) == 2  # bfloat16 to learn from, float32 to be measured on
    known = (paths.cache_dir() / "precision.json").read_text()
    assert '"bfloat16"' in known


def test_a_recipe_may_insist(lab: Lab) -> None:
    plan = lab.plan(run__precision="bfloat16")
    assert precision.of_frozen(plan, planned.require_weights(plan), CPU) == HALF


# -- folding


def network() -> nn.Sequential:
    """Of two convolutions, one without and one with a second use of what it gives."""

    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(4, 4, 3, padding=1)
            self.norm = nn.BatchNorm2d(4)

        def forward(self, maps: Tensor) -> Tensor:
            found = self.conv(maps)
            return self.norm(found) + found

    inner = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), Twice())
    outer = nn.Sequential()
    outer.add_module("network", inner)
    return outer


@torch.no_grad()
def learnt(module: nn.Module) -> nn.Module:
    """With statistics that are not the identity."""
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean = torch.randn(part.num_features)
            part.running_var = torch.rand(part.num_features) + 0.5
    return module.eval()


def norms(module: nn.Module) -> int:
    return sum(isinstance(part, nn.BatchNorm2d) for part in module.modules())


def test_folding_changes_nothing_but_the_norms() -> None:
    whole = learnt(network())
    inputs = torch.randn(2, 3, 8, 8)
    fused = precision.fuse_batchnorm(whole)
    torch.testing.assert_close(fused(inputs), whole(inputs), rtol=1e-4, atol=1e-5)
    assert (norms(whole), norms(fused)) == (2, 1)  # what is used twice stays


def test_folding_leaves_networks_of_other_threads_alone() -> None:
    """One may be learning while the time of the next training is estimated."""
    other, inputs = learnt(network()), torch.randn(2, 3, 8, 8)
    expected, found = other(inputs), list[Tensor]()

    class Meanwhile(nn.Sequential):
        def forward(self, maps: Tensor) -> Tensor:
            thread = threading.Thread(target=lambda: found.append(other(inputs)))
            thread.start()
            thread.join()
            return super().forward(maps)

    whole = learnt(network())
    whole.network = Meanwhile(*whole.network)
    fused = precision.fuse_batchnorm(whole)
    assert norms(fused) == 1
    torch.testing.assert_close(found[0], expected)


def test_a_network_is_followed_once_whatever_its_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    traced = list[nn.Module]()
    trace = OwnThreadTracer.trace

    def counted(self: OwnThreadTracer, root: nn.Module) -> fx.Graph:
        traced.append(root)
        return trace(self, root)

    monkeypatch.setattr(OwnThreadTracer, "trace", counted)
    whole, inputs = learnt(network()), torch.randn(2, 3, 8, 8)
    for _time in range(2):
        learnt(whole)
        fused = precision.fuse_batchnorm(whole)
        torch.testing.assert_close(fused(inputs), whole(inputs), rtol=1e-4, atol=1e-5)
    assert traced == [whole.network]


def test_nothing_to_fold() -> None:
    plain = nn.Sequential(nn.Linear(2, 2))
    assert precision.fuse_batchnorm(plain) is plain


@pytest.mark.parametrize("modality", ["image", "audio"])
@pytest.mark.parametrize("key", [BACKBONE, "tgnet"])
def test_encoders_can_be_folded(modality: str, key: str) -> None:
    kind = registry.modality(modality)
    row = registry.backbone(kind, key)
    input = kind.input_options(**row.input)
    encoder = learnt(kind.build(row, None, input))
    inputs = torch.rand_like(kind.example(input))
    with torch.no_grad():
        expected, found = encoder(inputs), precision.fuse_batchnorm(encoder)(inputs)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)
    assert norms(precision.fuse_batchnorm(encoder)) == 0


# -- the measurement itself


def test_a_step_leaves_the_model_as_it_was() -> None:
    row = registry.backbone(IMAGE, BACKBONE)
    input = IMAGE.input_options(**row.input | {"size": 32, "resize": 32})
    model = build_classifier(IMAGE, row, input, HeadOptions(), 3, lambda outputs: outputs[0])
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    precision.step(model, torch.rand(2, 3, 32, 32), HALF)
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_measurement_runs_for_real(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "WORTHWHILE", 0.0)
    monkeypatch.setattr(precision, "PATIENCE", 0.0)
    _run, events = lab.train(strategy="fine_tuning", run__epochs=1)
    assert isinstance(events[-1], ev.Finished)
    assert (paths.cache_dir() / "precision.json").is_file()


def test_how_far_features_stray() -> None:
    exact = torch.tensor([[0.0, 1.0], [2.0, 1.0]])
    assert precision.relative_error(exact, exact) == 0
    assert precision.relative_error(exact, exact + torch.tensor([0.1, 0.0])) == pytest.approx(0.1)
    assert precision.relative_error(torch.ones(2, 2), torch.ones(2, 2)) > 1  # nothing can be said


def test_float16_is_not_chosen_to_train_in(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[tuple[ComputeMode, ...]]()

    def quickest(work: object, device: object, ways: tuple[ComputeMode, ...] = ()) -> ComputeMode:
        asked.append(tuple(ways))
        return EXACT

    halves = (EXACT, ComputeMode("bfloat16"), ComputeMode("float16"))
    monkeypatch.setattr(precision, "candidates", lambda device: halves)
    monkeypatch.setattr(precision, "quickest", quickest)
    monkeypatch.setattr(precision.probe, "decoded", lambda plan: (torch.zeros(1), 0.0))
    precision._measure_training(cast("Any", None), cast("Any", None), torch.device("cpu"))
    assert asked == [(EXACT, ComputeMode("bfloat16"))]
