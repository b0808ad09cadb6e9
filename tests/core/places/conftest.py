"""A place on this machine, and one training that was really done there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import make_tiny_pictures
from tests.core.places.made import here, lab, planned
from tests.standin_ssh import StandIn
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import assignment as assignments
from transfergui.core.places import place as places
from transfergui.core.places.following import Follower
from transfergui.core.places.place import Place
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run


@pytest.fixture
def standin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """``ssh`` reaches a home of its own; without faults."""
    found = StandIn(tmp_path / "standin")
    found.use(monkeypatch)
    return found


@pytest.fixture
def place(standin: StandIn) -> Place:
    return lab()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_pictures(tmp_path_factory.mktemp("places") / "pictures", per_class=8)


@pytest.fixture(scope="session")
def plan(pictures: Path) -> Plan:
    return planned(pictures)


@pytest.fixture(scope="session")
def trained(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> Iterator[tuple[Run, Run, list[ev.Event], StandIn]]:
    """The same recipe trained here and there, the latter over a bad line: a run each, what was
    told, and the stand-in."""
    folder = tmp_path_factory.mktemp("there")
    standin = StandIn(folder / "standin")
    with pytest.MonkeyPatch.context() as patch:
        standin.use(patch)
        patch.setattr("transfergui.core.places.following.PAUSES", (0.1,))
        standin.break_by(corrupt_sent=20_000, drop_sent=40_000, drop_told=3_000)
        run = Run.create(plan.recipe, plan.split, folder / "run")
        patch.setenv("TRANSFERGUI_SETTINGS", str(folder / "settings"))
        assignments.assign(run, places.add(lab()))
        told = list(Follower(plan, run).events())
        yield here(plan, folder / "here"), run, told, standin
