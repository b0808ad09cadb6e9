"""A network compiled beside its work: taken where it pays, never in the way, never waited for."""

import math
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import torch
from torch import Tensor, nn

from tests.core.training.conftest import Lab
from transfergui.core.base import files, paths
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.training import compiling, estimate
from transfergui.core.training.compiling import Compiler, Outcome
from transfergui.core.training.inference import BATCH
from transfergui.core.training.precision import EXACT, ComputeMode, Frozen

CPU = torch.device("cpu")
INPUTS = torch.randn(4, 3, 8, 8)
WAIT = 120.0
"""Seconds; a process begins within one."""


class Slow(nn.Sequential):
    """Takes ``seconds`` more than it needs."""

    seconds = 0.004

    def forward(self, inputs: Tensor) -> Tensor:
        time.sleep(self.seconds)
        return super().forward(inputs)


def frozen() -> Frozen:
    torch.manual_seed(0)
    return Frozen(Slow(nn.Conv2d(3, 4, 3), nn.Flatten()), EXACT, CPU)


class Fake:
    """Stands for a package: the network's own answers, some share off, after ``seconds``."""

    seconds = 0.0
    relative_error = 0.0

    def __init__(self, path: Path, example: Tensor) -> None:
        if not path.exists() or path.read_text() != "package":
            raise RuntimeError("damaged")
        self.asked = 0
        self.network = frozen().network  # now: made in each call, it took longer than Slow sleeps

    def takes(self, inputs: Tensor) -> bool:
        return inputs.shape == INPUTS.shape

    @torch.no_grad()
    def __call__(self, inputs: Tensor) -> Tensor:
        self.asked += 1
        time.sleep(self.seconds)
        return nn.Sequential.forward(self.network, inputs) + self.relative_error  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "compiled" / "network"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Fake]]:
    """Every look is long, and the process that compiles does nothing but end."""
    monkeypatch.setattr(compiling, "LONG", 0.0)
    monkeypatch.setattr(compiling, "Package", Fake)
    monkeypatch.setattr(Fake, "seconds", 0.0)
    monkeypatch.setattr(Fake, "relative_error", 0.0)
    says(monkeypatch, f"(folder / {compiling.PACKAGE!r}).write_text('package')")
    return Fake


def says(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """What the process does with its ``folder``."""
    start = "import sys, time; from pathlib import Path; folder = Path(sys.argv[1]); "
    command = [sys.executable, "-c", start + code]
    monkeypatch.setattr(compiling, "command", lambda folder: [*command, str(folder)])


def look(network: Frozen, folder: Path, batches: int = 10**6) -> Callable[[], bool]:
    """Look at batches until the compiler is done with it; returns whether any process ran."""
    began: list[bool] = []
    with Compiler(network, folder, batches) as compiler:
        end = time.monotonic() + WAIT
        while not compiler._settled and time.monotonic() < end:
            compiler.before(INPUTS)
            began.append(compiler._process is not None)
            network(INPUTS)
        assert compiler._settled
    return lambda: any(began)


def test_a_short_look_compiles_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "command", pytest.fail)
    network = frozen()
    with Compiler(network, folder, 20) as compiler:
        for _batch in range(20):
            compiler.before(INPUTS)
            network(INPUTS)
    assert network.compiled is None
    assert not folder.parent.exists()


def test_what_is_quicker_is_taken_and_remembered(folder: Path, fake: type[Fake]) -> None:
    network = frozen()
    expected = network(INPUTS)
    assert look(network, folder)()
    assert isinstance(network.compiled, fake)
    torch.testing.assert_close(network(INPUTS), expected)
    assert sorted(p.name for p in folder.iterdir()) == [compiling.PACKAGE, compiling.OUTCOME]
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]  # nothing is left beside it
    later = frozen()
    assert not look(later, folder, batches=1)()  # at once, and however short the look
    assert isinstance(later.compiled, fake)


def test_another_shape_is_left_to_the_network(folder: Path, fake: type[Fake]) -> None:
    """A batch that was halved, as memory ran out."""
    network = frozen()
    look(network, folder)
    assert isinstance(network.compiled, fake)
    before = network.compiled.asked
    network(INPUTS[:2])
    assert network.compiled.asked == before


@pytest.mark.parametrize(("name", "value"), [("seconds", 0.005), ("relative_error", 1e3)])
def test_what_is_no_better_is_not_tried_again(
    folder: Path, fake: type[Fake], monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    """As it is slower, or answers otherwise."""
    monkeypatch.setattr(fake, name, value)
    network = frozen()
    assert look(network, folder)()
    assert network.compiled is None
    assert not (folder / compiling.PACKAGE).exists()
    monkeypatch.setattr(compiling, "command", pytest.fail)
    look(frozen(), folder)


@pytest.mark.usefixtures("fake")
def test_what_does_not_compile_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, "raise SystemExit('no compiler')")
    network = frozen()
    assert look(network, folder)()
    assert network.compiled is None
    assert compiling._read(folder) == Outcome(gain=0.0)


@pytest.mark.usefixtures("fake")
def test_what_no_other_process_can_build_stays(folder: Path) -> None:
    network = frozen()
    network.network.add_module("own", type("Own", (nn.Identity,), {})())
    assert not look(network, folder)()
    assert compiling._read(folder) == Outcome(gain=0.0)


@pytest.mark.usefixtures("fake")
def test_without_room_on_the_disk_the_look_goes_on(folder: Path) -> None:
    folder.parent.write_text("a file where a folder should be")
    network = frozen()
    look(network, folder)
    assert network.compiled is None


@pytest.mark.usefixtures("fake")
def test_nothing_waits_for_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled, or done sooner than it: the process is gone, and nothing is left."""
    says(monkeypatch, "time.sleep(600)")
    network = frozen()
    with Compiler(network, folder, 10**6) as compiler:
        for _batch in range(3):
            compiler.before(INPUTS)
            network(INPUTS)
        process = compiler._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None
    assert not list(folder.parent.iterdir())


def test_a_package_with_another_checksum_is_never_loaded(
    folder: Path, fake: type[Fake], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is machine code: run, it may end the process."""
    look(frozen(), folder)
    (folder / compiling.PACKAGE).write_text("pAckage")
    monkeypatch.setattr(compiling, "Package", pytest.fail)
    network = frozen()
    with Compiler(network, folder, 1) as compiler:
        compiler.before(INPUTS)
    assert network.compiled is None
    assert not folder.exists()


def test_a_damaged_package_is_dropped(folder: Path, fake: type[Fake]) -> None:
    look(frozen(), folder)
    (folder / compiling.PACKAGE).write_text("")
    network = frozen()
    look(network, folder)
    assert network.compiled is None
    assert not folder.exists()
    look(network, folder)
    assert isinstance(network.compiled, fake)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("c++") is None, reason="needs a C++ compiler")
@pytest.mark.parametrize("way", [EXACT, ComputeMode("bfloat16")])
def test_compiled_answers_alike(tmp_path: Path, way: ComputeMode) -> None:
    """For real: exported, compiled by another process, loaded. Half a minute each."""
    network = Frozen(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten()), way, CPU)
    torch.save((network, INPUTS, 1), tmp_path / compiling.NETWORK)
    subprocess.run(compiling.command(tmp_path), check=True, capture_output=True)
    package = compiling.Package(tmp_path / compiling.PACKAGE, INPUTS)
    assert package.takes(INPUTS)
    assert not package.takes(INPUTS[:2])
    torch.testing.assert_close(package(INPUTS), network(INPUTS), rtol=0.02, atol=0.02)


# -- in a training


def outcome_of(made: Plan, gain: float) -> None:
    """As if the plan's network had been compiled here."""
    store = estimate._store(made, CPU)
    assert store is not None
    folder = compiling.folder_of(store, CPU)
    assert folder.is_relative_to(paths.cache_dir())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / compiling.PACKAGE).write_text("package")
    outcome = compiling.Outcome(gain, files.digest(folder / compiling.PACKAGE))
    (folder / compiling.OUTCOME).write_bytes(msgspec.json.encode(outcome))


def test_a_training_takes_what_was_compiled(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """For all of its batches; it is known from another training."""
    made = lab.plan()
    asked: list[int] = []

    class Ones(Fake):
        def __init__(self, path: Path, example: Tensor) -> None: ...

        def takes(self, inputs: Tensor) -> bool:
            return True

        def __call__(self, inputs: Tensor) -> Tensor:
            asked.append(len(inputs))
            return torch.ones(len(inputs), made.backbone.features)

    monkeypatch.setattr(compiling, "Package", Ones)
    outcome_of(made, gain=2.0)
    _run, events = lab.train()
    assert isinstance(events[-1], ev.Finished)
    batches = [math.ceil(size / BATCH) for size in made.split.sizes().values()]
    assert asked == [BATCH] * sum(batches)


def test_the_estimate_reckons_with_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate.probe, "fastest", lambda *_args, **_limit: 8.0)
    made = lab.plan()
    before = estimate.estimate(made).features
    outcome_of(made, gain=2.0)
    assert estimate.estimate(made).features == pytest.approx(before / 2, rel=0.1)
    outcome_of(made, gain=1.01)
    assert estimate.estimate(made).features == pytest.approx(before, rel=0.1)
