"""A few samples decoded, a piece of work timed."""

from types import SimpleNamespace

import msgspec
import pytest
import torch

from tests.core.training.conftest import SIZE, Lab
from transfergui.core import resolve as plan
from transfergui.core.base.errors import UserError
from transfergui.core.training import probe

CPU = torch.device("cpu")


def test_some_samples_are_decoded(lab: Lab) -> None:
    inputs, seconds = probe.decoded(lab.plan(), most=5)
    assert inputs.shape[1:] == (3, SIZE, SIZE)
    assert 2 <= len(inputs) <= 6
    assert seconds > 0


def test_none_that_can_be_read_is_said(lab: Lab) -> None:
    made = lab.plan()
    gone = msgspec.structs.replace(made.split, root=str(lab.folder / "gone"))
    with pytest.raises(UserError):
        probe.decoded(plan.resolve(made.recipe, gone))


def test_augmenting_costs_only_where_it_is_done(lab: Lab) -> None:
    assert probe.augmenting(lab.plan()) == 0
    assert probe.augmenting(lab.plan(strategy="fine_tuning")) > 0


def test_the_fastest_run_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 0.0, 5.0, 5.0, 5.0, 6.0, 6.0, 6.0, 9.0, 99.0])
    clock = SimpleNamespace(perf_counter=lambda: next(moments))
    monkeypatch.setattr(probe, "time", clock)  # not that of the whole process
    assert probe.fastest(lambda: None, CPU, limit=8.0) == 1.0


def test_no_run_begins_too_late() -> None:
    runs: list[int] = []
    probe.fastest(lambda: runs.append(1), CPU, limit=0.0)
    assert len(runs) == 1
