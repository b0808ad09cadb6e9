"""How long a training takes, by a run that was like it."""

import os

import msgspec
import pytest

from tests.core.made_plans import planned
from tests.core.runs.test_events import STARTED
from tests.core.runs.test_history import ended
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import EVENTS, RECIPE, Run
from transfergui.core.training import earlier


def trained(made: Plan, resumed: bool = False) -> None:
    """A run of two epochs of 1 s each, which took 20 s from its start to its report."""
    run = Run.create(made.recipe, made.split)
    sizes = made.split.sizes()
    run.record(msgspec.structs.replace(STARTED, sizes=sizes, resumed=resumed))
    for epoch in (1, 2):
        run.record(msgspec.structs.replace(ended(epoch), seconds=1.0))
    run.record(ev.Finished(outcome="done", epochs=2, best_epoch=2, seconds=5.0))
    os.utime(run.path / RECIPE, (1000, 1000))
    os.utime(run.path / EVENTS, (1020, 1020))


def wanted(processes: int, epochs: int = 10) -> Plan:
    return planned(run__processes=processes, run__epochs=epochs)


def test_the_start_and_the_end_stay_and_the_epochs_are_as_many_as_are_planned() -> None:
    trained(wanted(2, epochs=2))
    assert earlier.seconds(wanted(2)) == pytest.approx(18 + 10)
    assert earlier.seconds(wanted(3)) is None
    assert earlier.seconds(wanted(1)) is None


def test_a_run_that_was_interrupted_measures_nothing() -> None:
    trained(wanted(2), resumed=True)
    assert earlier.seconds(wanted(2)) is None
