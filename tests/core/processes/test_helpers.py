"""A search by two real processes of this computer, of which one is lost."""

import contextlib
import sys
import time

import psutil
import pytest

from tests.core.made_plans import planned
from tests.core.training.conftest import Lab
from transfergui.core.base import locks
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.processes import helpers, launch
from transfergui.core.processes.seat import Machines
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import candidates, estimate, joining
from transfergui.core.training.estimate import Estimate


def _helper() -> psutil.Process:
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "transfergui.core.processes.helper" in each.cmdline():
                return each
    raise AssertionError("no such process")


def _wait_for_helper(run: Run) -> None:
    until = time.monotonic() + 60
    present = run.path / joining.SEARCH / joining.PRESENT
    while not any(locks.holder(path) for path in present.glob("*")):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")
def test_what_a_lost_process_was_to_train_is_trained_and_that_is_said(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOVING", ("fine_tuning",))
    made = lab.plan(strategy="auto", run__processes=2, run__epochs=1, options={"time": "all"})
    run = lab.run(made)

    def cost(plan: Plan, check_cancelled: object) -> Estimate:
        if not killed:
            _wait_for_helper(run)
        return Estimate(1.0, 0.0, 0.1)

    monkeypatch.setattr(estimate, "estimate", cost)
    killed, told = [], list[ev.Event]()
    with contextlib.closing(launch.train(made, run)) as events:
        for event in events:
            told.append(event)
            if isinstance(event, ev.Tried) and event.dropped == "auto.elsewhere":
                killed.append(helper := _helper())
                helper.kill()
                while helper.status() != psutil.STATUS_ZOMBIE:
                    time.sleep(0.01)
    assert len(killed) == 1
    assert isinstance(told[-1], ev.Finished) and told[-1].outcome == "done"
    (lost,) = (e for e in told if isinstance(e, ev.Notice) and e.code.startswith("join."))
    assert (lost.code, lost.values) == ("join.lost", {"number": 2, "count": 2, "status": -9})
    assert lost in list(run.events())
    rows = {t.strategy: t for t in told if isinstance(t, ev.Tried)}
    assert set(rows) == {candidates.FROZEN, "fine_tuning"}
    assert all(row.accuracy is not None for row in rows.values())
    assert run.recipe.run.processes == 1


def test_each_process_has_a_graphics_card_of_those_that_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(helpers.CARDS, raising=False)
    assert helpers.card(1) == "1"
    monkeypatch.setenv(helpers.CARDS, "4, 6")
    assert helpers.card(1) == "6"


def test_several_computers_take_part_by_themselves(lab: Lab) -> None:
    made = planned(strategy="auto", run__device="cpu")
    with pytest.raises(UserError) as caught:
        list(launch.train(made, Run(lab.folder), Machines(2, 0, "127.0.0.1:1")))
    assert caught.value.code == "processes.search_machines"
