"""A batch that needs more memory than there is is cut before the first step, and that is said."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import torch

from tests.core.training.comparing import FINE, assert_same, best_of
from tests.core.training.conftest import SIZE, Lab
from transfergui.core import resolve as plan
from transfergui.core.base import messages
from transfergui.core.nn import recomputed
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import budget, devices, step, trainer
from transfergui.core.training.budget import Need

SETTINGS = {**FINE, "augment": {}, "head__dropout": 0.0, "run__epochs": 1}
CPU = torch.device("cpu")
CODES = (
    "memory.smaller_parts",
    "memory.tight",
    "memory.halved",
    "memory.recomputed",
    "memory.recomputed_parts",
)


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def steps_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints, which are large beside steps on pictures this small, count for nothing."""
    monkeypatch.setattr(budget, "COPIES", 0)


def said(events: list[ev.Event]) -> list[str]:
    notices = (e for e in events if isinstance(e, ev.Notice))
    return [notice.code for notice in notices if notice.code in CODES]


@pytest.mark.parametrize(
    ("free", "size"),
    [(10_000, 32), (996, 32), (995, 16), (548, 16), (547, 8), (156, 2), (155, 1), (1, 1)],
)
def test_halved_until_it_fits(free: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SHARE", 1.0)
    assert budget.fitting(Need(fixed=100, saving=50, sample=28), 32, free) == size


def test_parts_do_not_help_where_checkpoints_need_more() -> None:
    assert budget.fitting(Need(fixed=100, saving=500, sample=28), 32, 300) == 16


def memory_of(patch: pytest.MonkeyPatch, gigabytes: float) -> None:
    patch.setattr(devices, "available_memory", lambda device: int(gigabytes * 10**9))


def test_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    need = Need(fixed=10**9, saving=0, sample=10**8)
    memory_of(monkeypatch, 5)
    assert budget.planned(need, 32, CPU) == (None, False, need, ())
    memory_of(monkeypatch, 3)
    limit, recomputes, _need, (notice,) = budget.planned(need, 32, CPU)
    assert (limit, recomputes) == (16, False)
    assert notice.code == "memory.smaller_parts"
    assert notice.values == {"needed": "4.2", "free": "3.0", "size": "32", "pieces": "16"}
    memory_of(monkeypatch, 1)
    limit, _recomputes, _need, (notice,) = budget.planned(need, 32, CPU)
    assert limit == 1
    assert notice.code == "memory.tight"
    assert notice.values == {"needed": "1.1", "free": "1.0"}


@pytest.mark.parametrize(
    ("gigabytes", "adds_up", "limit", "recomputes", "code"),
    [
        (5, False, None, False, ""),
        (3, True, 16, False, "smaller_parts"),  # costs no time, and changes nothing
        (3, False, None, True, "recomputed"),
        (1.9, False, 16, True, "recomputed_parts"),
        (1.2, True, 1, True, "recomputed_parts"),  # not even one sample fits otherwise
        (1.0, True, 1, False, "tight"),
    ],
)
def test_activations_are_computed_again_where_parts_would_change_the_result(
    monkeypatch: pytest.MonkeyPatch,
    gigabytes: float,
    adds_up: bool,
    limit: int | None,
    recomputes: bool,
    code: str,
) -> None:
    monkeypatch.setattr(budget, "SHARE", 1.0)
    memory_of(monkeypatch, gigabytes)
    need = Need(fixed=10**9, saving=0, sample=10**8, recomputed=5 * 10**7)
    if code == "recomputed_parts" and adds_up:
        need = need._replace(sample=3 * 10**8, recomputed=2 * 10**8)
    found = budget.planned(need, 32, CPU, adds_up)
    assert (found.limit, found.recomputes) == (limit, recomputes)
    assert [notice.code for notice in found.notices] == ([f"memory.{code}"] if code else [])
    for notice in found.notices:
        assert "{" not in messages.sentence(notice.code, notice.values)  # every value is there


def measured(lab: Lab, **settings: object) -> Need:
    made = lab.plan(**{**SETTINGS, **settings})
    run = lab.run(made)
    found = []
    plain = budget.measure

    def noting(*args: object) -> Need | None:
        found.append(plain(*args))  # type: ignore[arg-type]
        return found[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "measure", noting)
        list(trainer.train(made, run))
    assert found[0] is not None
    return found[0]


def test_what_is_measured_follows_the_work(lab: Lab) -> None:
    small, large = measured(lab), measured(lab, input={"size": 64, "resize": 64})
    assert 3 < large.sample / small.sample < 4.5  # four times the pixels
    whole = measured(lab, optim__batch_size=16)
    assert (whole.sample, whole.saving) == (small.sample, small.saving)
    assert whole.fixed - small.fixed == budget.AHEAD * 8 * 3 * SIZE * SIZE * 4


def test_enough_memory_changes_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    run, events = lab.train(**SETTINGS)
    assert said(events) == []
    monkeypatch.setattr(budget, "measure", lambda *args: None)  # as before there was a budget
    plain, _events = lab.train(**SETTINGS)
    for name, tensor in best_of(plain).items():
        assert torch.equal(tensor, best_of(run)[name])


@pytest.mark.usefixtures("steps_only")
def test_too_little_memory_cuts_the_batch(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    roomy, _events = lab.train(**SETTINGS)
    need = measured(lab)
    sizes = set()
    plain = step.TrainStep._backward

    def noting(self: step.TrainStep, piece: tuple[torch.Tensor, ...], size: int) -> object:
        sizes.add(len(piece[0]))
        return plain(self, piece, size)

    monkeypatch.setattr(step.TrainStep, "_backward", noting)
    monkeypatch.setattr(devices, "available_memory", lambda device: int(need.of(4) / budget.SHARE))
    cramped, events = lab.train(**SETTINGS)
    assert set(said(events)) == {"memory.smaller_parts"}  # once in each phase that needs more
    assert max(sizes) <= 4  # a phase that trains more leaves less for the samples
    assert isinstance(events[-1], ev.Finished)
    for name, tensor in best_of(roomy).items():
        torch.testing.assert_close(tensor, best_of(cramped)[name], rtol=1e-2, atol=1e-4)


@pytest.mark.slow
@pytest.mark.usefixtures("steps_only")
def test_a_resumed_training_keeps_its_parts(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bits as without the interruption, though there is more memory now."""
    need = measured(lab)
    settings = {**SETTINGS, "run__epochs": 2}
    little = int(need.of(4) / budget.SHARE)
    monkeypatch.setattr(devices, "available_memory", lambda device: little)
    whole, events = lab.train(**settings)
    assert said(events)
    ended = [type(e) for e in events].index(ev.EpochEnded)
    made = lab.plan(**settings)
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", ended))
    monkeypatch.setattr(devices, "available_memory", lambda device: 10**12)
    list(trainer.train(plan.resume_plan(run), run))
    for name, tensor in best_of(whole).items():
        assert torch.equal(tensor, best_of(run)[name])


# -- activations that are computed again: BatchNorm looks at the whole batch

LEARNING = {"strategy": "from_scratch", "augment": {}, "run__epochs": 2}


@pytest.fixture
def any_gain(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little a network this small gains."""
    monkeypatch.setattr(budget, "WORTHWHILE", 1.0)
    monkeypatch.setattr(recomputed, "BACKWARD", 1)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[bool]:
    """How many pieces were computed, by whether activations were computed again."""
    found, plain = Counter[bool](), step.TrainStep._backward

    def counting(self: step.TrainStep, piece: tuple[torch.Tensor, ...], size: int) -> object:
        found[self.recomputes] += 1
        return plain(self, piece, size)

    monkeypatch.setattr(step.TrainStep, "_backward", counting)
    return found


def between(need: Need, size: int) -> int:
    """As much memory as ``size`` samples fit into only if activations are computed again."""
    assert need.recomputed is not None
    return int((need.fixed + (need.sample + need.recomputed) / 2 * size) / budget.SHARE)


@pytest.mark.usefixtures("steps_only", "any_gain")
def test_the_result_does_not_depend_on_the_memory(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, counted: Counter[bool]
) -> None:
    roomy, events = lab.train(**LEARNING)
    need = measured(lab, **LEARNING)
    assert said(events) == []
    assert not counted[True]
    counted.clear()
    memory_of(monkeypatch, between(need, 8) / 10**9)
    cramped, events = lab.train(**LEARNING)
    assert said(events) == ["memory.recomputed"]
    assert not counted[False]
    assert_same(roomy, cramped)


@pytest.mark.usefixtures("steps_only", "any_gain")
def test_a_resumed_training_computes_again_what_it_needs_to(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In parts, of which each looks at itself, and with activations that are computed again."""
    need = measured(lab, **LEARNING)
    memory_of(monkeypatch, between(need, 4) / 10**9)
    whole, events = lab.train(**LEARNING)
    assert said(events) == ["memory.recomputed_parts"]
    ended = [type(e) for e in events].index(ev.EpochEnded)
    made = lab.plan(**LEARNING)
    for resumed_with in (between(need, 4), 10**12):
        run = lab.run(made)
        list(lab.interrupted(run, made, "cancel", ended))
        monkeypatch.setattr(devices, "available_memory", lambda device, free=resumed_with: free)
        list(trainer.train(plan.resume_plan(run), run))
        assert_same(whole, run)
        memory_of(monkeypatch, between(need, 4) / 10**9)


@pytest.mark.usefixtures("any_gain")
@pytest.mark.parametrize("settings", [{}, {"optim__accumulate": 2}], ids=["one", "several"])
def test_memory_that_runs_out_in_a_step(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, settings: dict[str, int]
) -> None:
    """What the step had learnt by then is forgotten: statistics of BatchNorm, too."""
    roomy, _events = lab.train(**LEARNING, **settings)
    steps, calls, convolve = set[bool](), Counter[str](), torch.nn.Conv2d.forward
    plain = step.TrainStep._backward

    def noting(self: step.TrainStep, piece: tuple[torch.Tensor, ...], size: int) -> object:
        steps.clear()
        steps.add(self.recomputes)
        calls["pieces"] += 1
        return plain(self, piece, size)

    def short(self: torch.nn.Conv2d, inputs: torch.Tensor) -> torch.Tensor:
        calls["convolutions"] += inputs.requires_grad
        # not in the first step, and behind some layers
        if inputs.requires_grad and steps == {False} and calls["convolutions"] >= 30:
            raise torch.OutOfMemoryError
        return convolve(self, inputs)

    monkeypatch.setattr(step.TrainStep, "_backward", noting)
    monkeypatch.setattr(torch.nn.Conv2d, "forward", short)
    cramped, events = lab.train(**LEARNING, **settings)
    told = [e for e in events if isinstance(e, ev.Notice) and e.code.startswith("memory.")]
    assert [(e.code, e.values) for e in told] == [("memory.recomputed_after", {"size": 8})]
    assert_same(roomy, cramped)


@pytest.mark.usefixtures("any_gain")
def test_memory_that_runs_out_again_is_met_by_parts(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: step.TrainStep, piece: tuple[torch.Tensor, ...], size: int) -> object:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(step.TrainStep, "_backward", never)
    _run, events = lab.train(**LEARNING)
    told = [e.code for e in events if isinstance(e, ev.Notice) and e.code.startswith("memory.")]
    assert told == ["memory.recomputed_after", *["memory.halved"] * 3]
    assert events[-1].code == "memory.exhausted"


# -- a process whose memory is really limited

LIMITED = """
import resource, sys
import psutil, torch
from transfergui.core.base import allocator
from transfergui.cli import main
allocator.keep_blocks()
torch.set_num_threads(1)
data, out, bound, *more = sys.argv[1:]
train = ["train", data, "--backbone", "squeezenet1_1", "--strategy", "from_scratch"]
train += ["--epochs", "1"]
train += ["--set", "augment={}", "--set", "run.device=cpu", "--set", "run.precision=float32"]
small = ["--set", "input.size=32", "--set", "input.resize=32"]
assert main([*train, *small, "--out", out + "_warm"]) == 0  # imports all that it needs
allocator.give_back()
now = psutil.Process().memory_info().vms
resource.setrlimit(resource.RLIMIT_AS, (now + int(bound), now + int(bound)))
sys.exit(main([*train, *more, "--out", out]))
"""


def limited(pictures: Path, out: Path, megabytes: int, *more: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", LIMITED, str(pictures), str(out), str(megabytes * 10**6)]
    return subprocess.run([*command, *more], capture_output=True, text=True, check=False)


LARGE = ("--set", "input.size=224", "--set", "input.resize=224", "--set", "optim.batch_size=32")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others bound it otherwise")
@pytest.mark.parametrize(
    "megabytes", [*(pytest.param(each, marks=pytest.mark.slow) for each in (1200, 5)), 600]
)
def test_a_process_with_little_memory(lab: Lab, megabytes: int) -> None:
    """In parts, or a sentence; never a bug, and no file that is called damaged."""
    ended = limited(lab.pictures, lab.folder / "out", megabytes, *LARGE)
    assert "Traceback" not in ended.stderr
    assert ended.returncode in (0, 1), ended.stderr
    if ended.returncode == 0:
        assert ("gradients are added up" in ended.stderr) >= (megabytes == 600)
        assert Run(lab.folder / "out").report()["n"]
    else:
        assert ended.stderr.rstrip().endswith(("[memory.out]", "[memory.exhausted]")), ended.stderr
    assert (ended.returncode == 0) >= (megabytes == 1200), ended.stderr
    assert (ended.returncode == 1) >= (megabytes == 5), ended.stderr
