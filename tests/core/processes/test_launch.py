"""Two real processes on this computer: what they learn, and what becomes of one that is lost.

Each start of torchrun loads torch three times: there are few of them, each for much.
"""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from tests.core.training.comparing import assert_same
from tests.core.training.conftest import Lab
from transfergui.core.interfaces.phase import Phase
from transfergui.core.interfaces.plan import Plan
from transfergui.core.processes import agent, launch, seat
from transfergui.core.processes.seat import Seat
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.small_data_defaults import notes
from transfergui.core.training import checkpoint, phase, start
from transfergui.core.training.group import Group
from transfergui.core.training.micro_batches import MicroBatches
from transfergui.core.training.step import TrainStep

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")
SETTINGS: dict[str, Any] = {
    "strategy": "head_first",
    "augment": {"flip": True, "crop": 20.0},
    "run__epochs": 1,
    "run__precision": "float32",
    "run__early_stopping": "none",
    "head__kind": "hidden",
    "head__dropout": 0.3,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, pictures: Path, weights_dir: Path) -> Plan:
    lab = Lab(tmp_path_factory.mktemp("lab"), pictures, weights_dir)
    return lab.plan(**SETTINGS, run__processes=2)


def _in_halves(patch: pytest.MonkeyPatch) -> None:
    """One process computes the halves of each batch one after another, but for a head on cached
    features, which each of two computes whole."""
    make = phase.make_train_step

    def halved(plan: Plan, of: Phase, model: Any, parts: MicroBatches, group: Group) -> TrainStep:
        if not of.cache_features:
            parts = MicroBatches(parts.compute, (plan.recipe.optim.batch_size or 8) // 2)
        return make(plan, of, model, parts, group)

    patch.setattr(phase, "make_train_step", halved)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, made: Plan) -> Run:
    """What one process learns of the same parts."""
    alone = resolve(made.recipe.replace(run__processes=1), made.split)
    run = Run.create(alone.recipe, alone.split, tmp_path_factory.mktemp("whole") / "run")
    with pytest.MonkeyPatch.context() as patch:
        _in_halves(patch)
        assert isinstance(list(start.train(alone, run))[-1], ev.Finished)
    return run


def _assert_same(one: Run, other: Run) -> None:
    """Of the best epoch and of the last one, bit for bit."""
    assert_same(one, other)
    first, second = (torch.load(r.checkpoints / checkpoint.LAST)["model"] for r in (one, other))
    assert first.keys() == second.keys()
    assert not [name for name in first if not torch.equal(first[name], second[name])]


def _followed(made: Plan, run: Run, at: Callable[[ev.Event], object] = id) -> list[ev.Event]:
    events = []
    with contextlib.closing(launch.train(made, run)) as coming:
        for event in coming:
            events.append(event)
            at(event)
    assert not run.active()
    return events


def _rank(number: int) -> psutil.Process:
    """The process of that number below this one."""
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            told = "transfergui.core.processes.rank" in each.cmdline()
            if told and each.environ().get("LOCAL_RANK") == str(number):
                return each
    raise AssertionError("no such process")


def _begins_fine_tuning(event: ev.Event) -> bool:
    return isinstance(event, ev.PhaseStarted) and event.index == 1


def test_a_killed_process_changes_nothing_that_is_learnt(
    tmp_path: Path, made: Plan, whole: Run
) -> None:
    """Bit for bit what one process learns with the same parts of each batch: a frozen phase and
    one in which all is trained, of which the first checkpoint is the one gone on from."""
    run = Run.create(made.recipe, made.split, tmp_path / "run")
    killed: list[int] = []

    def kill(event: ev.Event) -> None:
        if _begins_fine_tuning(event) and not killed:
            victim = _rank(1)
            killed.append(victim.pid)
            victim.kill()

    starting, *events = _followed(made, run, kill)
    assert isinstance(starting, ev.Notice) and starting.code == "processes.starting"
    assert killed
    begun = [event.resumed for event in events if isinstance(event, ev.Started)]
    assert begun == [False, True]
    codes = [event.code for event in events if isinstance(event, ev.Notice)]
    assert codes.count("processes.restarted") == 1
    assert set(codes) >= {note.code for note in notes(made.resolved_defaults)}
    _assert_same(whole, run)
    kept = [event for event in run.events() if not isinstance(event, ev.Progress)]
    assert kept == [event for event in events if not isinstance(event, ev.Progress)]


def test_one_goes_on_with_what_two_began_and_one_that_hangs_is_named(
    tmp_path: Path, made: Plan, whole: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(seat.HANG_VARIABLE, "2")
    monkeypatch.setattr(launch, "GRACE", 1.0)  # who hangs does not end when asked to
    run = Run.create(made.recipe, made.split, tmp_path / "run")

    def hold(event: ev.Event) -> None:
        if _begins_fine_tuning(event):
            _rank(1).suspend()

    last = _followed(made, run, hold)[-1]
    assert isinstance(last, ev.Failed) and last.code == "processes.hung"
    assert last.values["numbers"] == "2"
    assert list(run.events())[-1] == last
    resumed = resume_plan(run)
    resumed = resolve(resumed.recipe.replace(run__processes=1), resumed.split)
    _in_halves(monkeypatch)
    _followed(resumed, run)
    _assert_same(whole, run)


def test_more_processes_than_cores_are_warned_of(
    made: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch.os, "cpu_count", lambda: 2)
    assert launch._too_many(made, 2) == []
    (note,) = launch._too_many(made, 3)
    assert (note.code, note.values) == ("processes.cores", {"count": 3, "cores": 2})


def test_nothing_listens_on_the_network_for_one_computer() -> None:
    found = Seat("run \udcff", 2, store="/tmp/meeting", notices=("{}",))
    assert Seat.of(found.told()) == found
    told = agent.arguments(found)
    assert "--rdzv-conf=store_type=file" in told and "--local-addr=127.0.0.1" in told
