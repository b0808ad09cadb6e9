"""What is told while it trains: shares by work, seconds by the present phase, never both mixed."""

import time

import pytest
import torch

from tests.core.training.conftest import Lab
from transfergui.core.runs import events as ev
from transfergui.core.training import progress_reporter
from transfergui.core.training.progress_reporter import ProgressReporter, Workload

TWO_PHASES = {"strategy": "head_first", "run__epochs": 3}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


def share(work: Workload, phase: int, epochs: float) -> float:
    return work.share(work.left(phase, epochs))


def step(measured: ProgressReporter, phase: int, epochs: float) -> ev.Progress | None:
    rest = {"step": 1, "steps": 1, "seen": 8, "loss": 1.0, "lr": 0.1, "accuracy": 0.5}
    return next(measured.step(phase, epochs, epochs, **rest), None)  # type: ignore[arg-type]


def test_an_epoch_of_a_head_is_next_to_nothing_beside_one_of_the_network(lab: Lab) -> None:
    made = lab.plan(**TWO_PHASES)
    work = Workload(made)
    head, _whole = made.phases
    assert head.cache_features
    assert share(work, 0, 0) == 0
    assert share(work, 0, head.epochs) == share(work, 1, 0) < 0.5
    assert share(work, 1, made.phases[1].epochs) == 1


def test_a_phase_that_ended_early_is_done_when_the_next_begins(lab: Lab) -> None:
    work = Workload(lab.plan(**TWO_PHASES))
    assert share(work, 0, 1) < share(work, 1, 0)


def test_seconds_left_are_not_reckoned_from_a_phase_of_another_kind(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head's epochs take milliseconds: that the network's will, too, was told to users."""
    clock = Clock(monkeypatch)
    made = lab.plan(**TWO_PHASES)
    measured = ProgressReporter(made, torch.device("cpu"))
    told = []
    for phase, pace in ((0, 0.3), (1, 10.0)):
        for epochs in range(1, made.phases[phase].epochs + 1):
            clock.now += pace
            told.append((phase, step(measured, phase, float(epochs))))
    assert all(at is None or at.eta is None for phase, at in told if phase == 0)
    in_second = [at.eta for phase, at in told if phase == 1 and at is not None]
    assert in_second == [None, pytest.approx(10.0), pytest.approx(0.0)]


def test_a_look_before_a_training_tells_no_time_for_the_whole(lab: Lab) -> None:
    for strategy, known in (("feature_extraction", True), ("head_first", False)):
        measured = ProgressReporter(lab.plan(strategy=strategy), torch.device("cpu"))
        measured._reported -= progress_reporter.EVERY
        (at,) = measured.stage("features", 0.0, 4, 8)
        assert (at.eta is not None) is known


def test_the_test_is_part_of_the_time_that_is_left(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the look takes for as many samples: 0 s were left, then 6, at the end."""
    clock = Clock(monkeypatch)
    made = lab.plan()
    measured = ProgressReporter(made, torch.device("cpu"))
    measured.begin_stage()
    clock.now += 8.0
    (at,) = measured.stage("features", 0.0, 4, 8)
    assert at.eta == pytest.approx(2.0 * (4 + len(made.split.test)))


def test_the_share_only_grows(lab: Lab) -> None:
    _run, events = lab.train(**TWO_PHASES)
    shares = [e.share for e in events if isinstance(e, ev.Progress) and e.share is not None]
    assert shares == sorted(shares)
