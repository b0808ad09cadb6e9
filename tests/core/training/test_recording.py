"""A run is trained by one program at a time, and a bug is on its record."""

import pytest

from tests.core.training.comparing import FINE
from tests.core.training.conftest import Lab
from transfergui.core.base import lock_marks, locks
from transfergui.core.base.errors import UserError
from transfergui.core.base.lock_marks import Holder, Mark
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import EVENTS, LOCK, Run
from transfergui.core.training import checkpoint, step, trainer


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


def another_takes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer slept, and another one goes on with the run."""
    other = Mark.new(0)._replace(machine="lab/7", boot="7", holder=Holder(4711, "lab"))
    (run.path / LOCK).write_bytes(other.written(1))
    monkeypatch.setattr(lock_marks, "LATE", 0.0)


def test_what_another_computer_has_taken_is_not_written(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lab.plan(**FINE)
    run = lab.run(made)
    events = trainer.train(made, run)
    next(event for event in events if isinstance(event, ev.Started))
    another_takes(run, monkeypatch)
    before = (run.path / EVENTS).read_bytes()
    last = list(events)[-1]
    assert last == ev.Failed(code="run.taken", values={"pid": 4711, "host": "lab"})
    assert (run.path / EVENTS).read_bytes() == before
    assert not run.checkpoints.exists() or not list(run.checkpoints.iterdir())
    assert run.holder() == Holder(4711, "lab")
    with pytest.raises(UserError, match="another TransferGUI"):  # it changes no more
        monkeypatch.setattr(locks, "LOOK", 0.01)
        monkeypatch.setattr(lock_marks, "PATIENCE", 0.05)
        monkeypatch.setattr(locks.time, "sleep", lambda _pause: another_takes(run, monkeypatch))
        with run.claimed():
            pass


def test_no_checkpoint_is_written_of_what_was_taken(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lab.run(lab.plan())
    with run.claimed():
        checkpoint.save_last(run.checkpoints, {})
        another_takes(run, monkeypatch)
        for save in (checkpoint.save_last, checkpoint.save_best):
            with pytest.raises(UserError, match=r"Another TransferGUI \(process 4711 on lab\)"):
                save(run.checkpoints, {})
        with pytest.raises(UserError, match="Another TransferGUI"):
            run.stop_requested()


def test_what_another_computer_may_train_is_waited_for(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lab.plan()
    run = lab.run(made)
    another_takes(run, monkeypatch)
    monkeypatch.setattr(locks, "LOOK", 0.01)
    monkeypatch.setattr(locks, "SETTLE", 0.01)
    monkeypatch.setattr(lock_marks, "PATIENCE", 0.1)
    first, *events = trainer.train(made, run)
    assert isinstance(first, ev.Notice)
    assert (first.code, first.values) == ("run.waiting", {"pid": 4711, "host": "lab"})
    assert isinstance(events[-1], ev.Finished)
    assert first not in run.events()
