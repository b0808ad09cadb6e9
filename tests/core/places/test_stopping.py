"""What runs elsewhere is listed and stopped, whether or not its run is still on this computer."""

import shutil
from collections.abc import Iterator

import pytest

from tests.core.places.made import lab
from tests.core.places.test_following import PLAYED, assigned
from tests.standin_ssh import StandIn
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import following, ssh, stopping
from transfergui.core.places.following import Follower
from transfergui.core.places.place import Place
from transfergui.core.places.stopping import Running
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run


@pytest.fixture
def left(plan: Plan, standin: StandIn) -> Iterator[Run]:
    """A run that is trained elsewhere and that nobody follows."""
    run = assigned(plan, paths.runs_dir() / "beetles", lab(launch=PLAYED))
    for event in Follower(plan, run).events():
        if isinstance(event, ev.Saved):
            following.leave(run)
    yield run
    for each in stopping.running(lab()):
        stopping.pause(lab(), each.training.job)


def test_what_was_deleted_here_is_found_and_stopped(left: Run, place: Place) -> None:
    owners = list[str]()
    (here,) = stopping.running(place)
    owners.append(here.owner)
    trashed = left.discard()
    owners.append(stopping.running(place)[0].owner)
    shutil.rmtree(trashed)
    (found,) = stopping.running(place)
    assert [*owners, found.owner] == ["here", "trash", "unknown"]
    assert found.training.run == "beetles" and found.training.began is not None
    assert stopping.chosen(place, [found], "beetles") == found
    stopping.pause(place, found.training.job)
    assert stopping.running(place) == []


def test_what_does_not_end_is_told(
    left: Run, place: Place, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = stopping.running(place)
    monkeypatch.setattr(stopping, "PATIENCE", -1.0)
    with pytest.raises(UserError, match=found.training.job) as raised:
        stopping.pause(place, found.training.job)
    assert raised.value.code == "place.not_ended"
    monkeypatch.undo()
    standin.use(monkeypatch)


def test_a_name_that_several_trainings_have_is_not_enough(place: Place) -> None:
    one, other = (
        Running(stopping.Training(f"beetles.0000000{number}", "beetles"), "here")
        for number in range(2)
    )
    assert stopping.chosen(place, [one, other], other.training.job) == other
    for name in ("beetles", "moths"):
        with pytest.raises(UserError, match=one.training.job):
            stopping.chosen(place, [one, other], name)


def test_an_older_version_cannot_list(
    place: Place, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ssh.Connection.ask
    monkeypatch.setattr(ssh.Connection, "ask", lambda self, what, **fields: ask(self, what))
    with pytest.raises(UserError) as raised:
        stopping.running(place)
    assert raised.value.code == "place.no_list"
