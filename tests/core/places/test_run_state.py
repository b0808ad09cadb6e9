"""What became of a run, and where it is trained."""

import platform

import msgspec
import pytest

from tests.core.runs.test_run import RECIPE, SPLIT
from transfergui.core.base.errors import UserError
from transfergui.core.base.locks import Holder
from transfergui.core.places import assignment
from transfergui.core.places import place as places
from transfergui.core.places.place import Place
from transfergui.core.places.run_state import state_of
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run

COUNTS = {"epochs": 1, "best_epoch": 1, "seconds": 1.0}
LAB = Place("lab", "me@lab")


def told(run: Run) -> tuple[str, str, str]:
    state = state_of(run, run.history())
    return state.key, state.where, state.text


def test_a_run_of_this_computer_says_what_became_of_it() -> None:
    run = Run.create(RECIPE, SPLIT)
    assert told(run) == ("interrupted", "", "interrupted")
    with run.claimed():
        assert told(run) == ("active", "", "in training")  # this process
    run.record(ev.Finished(outcome="cancelled", **COUNTS))
    assert told(run) == ("cancelled", "", "paused")
    run.record(ev.Failed(code="memory.out"))
    assert told(run) == ("failed", "", "failed")
    run.record(ev.Finished(outcome="done", **COUNTS))
    assert told(run) == ("done", "", "finished")


@pytest.mark.parametrize(
    ("holder", "text"),
    [
        (Holder(1, platform.node()), "in training (by process 1)"),
        (Holder(1, "another"), "in training (on another)"),
        (Holder(0, ""), "in training"),
    ],
)
def test_who_trains_it_is_said(holder: Holder, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.create(RECIPE, SPLIT)
    monkeypatch.setattr(Run, "holder", lambda run: holder)
    assert told(run)[2] == text


def test_where_a_run_is_trained_is_said_until_its_result_is_here() -> None:
    run = Run.create(RECIPE, SPLIT)
    places.add(LAB)
    given = msgspec.structs.replace(assignment.assign(run, LAB), begun=True)
    assignment.keep(run, given)
    assert told(run) == ("elsewhere", "on lab", "in training (on lab)")
    with run.claimed():  # somebody follows it
        assert told(run) == ("active", "on lab", "in training (on lab)")
    run.record(ev.Finished(outcome="cancelled", **COUNTS))
    assert told(run) == ("cancelled", "on lab", "paused (on lab)")
    run.record(ev.Failed(code="memory.out"))
    assert told(run) == ("failed", "on lab", "failed (on lab)")
    run.record(ev.Finished(outcome="done", **COUNTS))
    assignment.keep(run, msgspec.structs.replace(given, brought=True))
    assert told(run) == ("done", "", "finished")


def test_a_place_that_was_removed_is_followed_no_more() -> None:
    run = Run.create(RECIPE, SPLIT)
    places.add(LAB)
    given = msgspec.structs.replace(assignment.assign(run, LAB), begun=True)
    assignment.keep(run, given)
    assert [each.path for each in assignment.waiting(LAB)] == [run.path]
    assignment.require_listed(run)
    places.remove("lab")
    assert told(run) == ("interrupted", "on lab", "interrupted (on lab)")
    with pytest.raises(UserError) as raised:
        assignment.require_listed(run)
    assert raised.value.code == "place.removed" and "me@lab" in str(raised.value)
    places.add(LAB)
    assert told(run)[0] == "elsewhere"
    assignment.keep(run, msgspec.structs.replace(given, ended=True))
    assert told(run) == ("failed", "on lab", "failed (on lab)")
