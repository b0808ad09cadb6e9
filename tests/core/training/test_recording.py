"""A run is trained by one program at a time, and a bug is on its record."""

import pytest

from tests.core.training.comparing import FINE
from tests.core.training.conftest import Lab
from transfergui.core.base.errors import UserError
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import step, trainer


def test_two_cannot_train_one_run(lab: Lab) -> None:
    made = lab.plan()
    run = lab.run(made)
    first = trainer.train(made, run)
    next(first)
    with pytest.raises(UserError, match="another TransferGUI"):
        next(trainer.train(made, Run.open(run.path)))
    first.close()


def test_memory_that_ran_out_is_no_bug(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of a step, which would be tried again with less."""

    def exhausted(*args: object) -> None:
        raise MemoryError

    monkeypatch.setattr(step.TrainStep, "step", exhausted)
    made = lab.plan(**FINE)
    run = lab.run(made)
    failed = list(trainer.train(made, run))[-1]
    assert isinstance(failed, ev.Failed)
    assert failed.code == "memory.out"
    assert list(run.events())[-1] == failed
    monkeypatch.undo()
    assert isinstance(list(trainer.train(resume_plan(run), run))[-1], ev.Finished)


def test_bugs_are_recorded_and_raised(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(step.TrainStep, "step", broken)
    made = lab.plan(**FINE)
    run = lab.run(made)
    with pytest.raises(ZeroDivisionError):
        list(trainer.train(made, run))
    failed = list(run.events())[-1]
    assert isinstance(failed, ev.Failed)
    assert failed.code == "bug"
    assert "ZeroDivisionError" in failed.details
