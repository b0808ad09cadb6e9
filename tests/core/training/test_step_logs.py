"""What a task tells of its steps, averaged."""

import pytest
import torch

from transfergui.core.training.position import Position
from transfergui.core.training.step_logs import StepLogs

STEPS = [(0.1, 32), (0.7, 32), (float("nan"), 32), (0.3, 7)]
MEAN = (0.1 * 32 + 0.7 * 32 + 0.3 * 7) / 71


def told(logs: StepLogs, steps: list[tuple[float, int]]) -> None:
    for value, size in steps:
        logs.add({"one": torch.tensor(value), "other": torch.tensor(2.0)}, size)


def test_the_mean_of_an_epoch_does_not_depend_on_when_it_was_asked_for() -> None:
    at, interrupted = Position(), Position()
    whole = StepLogs(at)
    told(whole, STEPS)
    assert at.logs == {}  # nothing is fetched before somebody asks
    first = StepLogs(interrupted)
    told(first, STEPS[:1])
    first.recent()
    told(first, STEPS[1:2])
    first.fetch()
    second = StepLogs(interrupted)
    told(second, STEPS[2:])
    assert whole.epoch() == second.epoch()
    assert whole.epoch() == pytest.approx({"one": MEAN, "other": 2.0})


def test_recent_ones_are_those_since_the_last_report() -> None:
    logs = StepLogs(Position())
    told(logs, STEPS[:1])
    assert logs.recent() == pytest.approx({"one": 0.1, "other": 2.0})
    told(logs, STEPS[1:3])
    assert logs.recent() == pytest.approx({"one": 0.7, "other": 2.0})
    assert logs.recent() == {}
