"""Trainings elsewhere: sent, followed, stopped, resumed, brought back, over a bad connection."""

import json
import os
import threading
import time
from pathlib import Path

import msgspec
import pytest

from tests.core.places.made import lab
from tests.standin_ssh import StandIn
from transfergui.core.base import records
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import assignment as assignments
from transfergui.core.places import bringing, following, frames
from transfergui.core.places import place as places
from transfergui.core.places.following import Follower
from transfergui.core.places.place import Place
from transfergui.core.places.run_state import state_of
from transfergui.core.places.ssh import Connection, LostError
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run

Trained = tuple[Run, Run, list[ev.Event], StandIn]


def assigned(plan: Plan, folder: Path, place: Place) -> Run:
    run = Run.create(plan.recipe, plan.split, folder)
    assignments.assign(run, places.add(place))
    return run


ALWAYS = ("place.connecting", "place.connected")


def codes(events: list[ev.Event]) -> list[str]:
    """What is said, but for what is said of every connection."""
    said = [each.code for each in events if isinstance(each, ev.Notice | ev.Failed)]
    return [code for code in said if code not in ALWAYS]


# -- one training, over a line that drops twice and has a wrong byte


def test_the_model_is_the_one_trained_here(trained: Trained) -> None:
    here, there, _told, _standin = trained
    assert there.best.read_bytes() == here.best.read_bytes()


def test_report_and_predictions_are_those_of_here(trained: Trained) -> None:
    here, there, _told, _standin = trained
    reports = [run.report() for run in (here, there)]
    for report in reports:
        report.pop("seconds")
    assert reports[0] == reports[1]
    for name in ("predictions.csv", "recipe.json", "split.json"):
        assert (there.path / name).read_bytes() == (here.path / name).read_bytes()


def test_what_was_told_is_kept_once(trained: Trained) -> None:
    here, there, told, _standin = trained
    assert codes(told).count("place.begun") == 1
    assert {"place.lost_sending", "place.lost", "place.back"} <= {*codes(told)}
    sent = [e for e in told if isinstance(e, ev.Progress) and e.stage == "send"]
    assert sent[-1].step == sent[-1].steps > 0
    own, other = ([type(e) for e in run.events() if not _passes(e)] for run in (here, there))
    assert own == other
    assert isinstance(told[-1], ev.Finished) and told[-1].outcome == "done"
    assert len(there.history().epochs) == 2


def _passes(event: ev.Event) -> bool:
    return isinstance(event, ev.Progress | ev.Notice)


def test_no_path_of_there_is_left(trained: Trained) -> None:
    _here, there, _told, standin = trained
    name = str(standin.there).encode()
    texts = [p for p in there.path.rglob("*") if p.suffix in (".json", ".csv", ".html")]
    assert [p.name for p in texts if name in p.read_bytes()] == []


def test_data_lie_there_once(trained: Trained, plan: Plan) -> None:
    _here, _there, _told, standin = trained
    laid = [p for p in standin.there.glob("jobs/*/files/**/*") if p.is_file()]
    assert len(laid) == sum(plan.split.sizes().values())
    assert all(path.stat().st_nlink == 2 for path in laid)
    assert not any((standin.there / "store" / "parts").iterdir())


def test_a_finished_one_is_not_begun_again(
    trained: Trained, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection was lost while it was brought back."""
    _here, there, _told, standin = trained
    standin.use(monkeypatch)
    found = assignments.of(there)
    assert found is not None and found.brought
    with pytest.raises(UserError, match="removed"):  # whatever a run names is not connected to
        Follower(plan, there)
    places.add(found.place)
    report = (there.path / "report.json").read_bytes()
    (there.path / "report.json").unlink()
    assignments.keep(there, assignments.Assignment(found.place, found.job, begun=True))
    told = list(Follower(plan, there).events())
    assert isinstance(told[-1], ev.Finished)
    assert (there.path / "report.json").read_bytes() == report
    assert "place.begun" not in codes(told)


# -- stopping and leaving: nothing is trained here, a shell plays the training


PLAYED = (
    "echo '{event}' >> {run}/events.jsonl; while [ ! -f {run}/stop ]; do sleep 0.05; done; "
    'echo \'{"event": "Finished", "outcome": "cancelled", "epochs": 0, "best_epoch": null, '
    '"seconds": 1}\' >> {run}/events.jsonl'
).replace("{event}", '{"event": "Saved", "kind": "last", "epoch": 1}')


def test_leaving_lets_it_go_on_and_a_stop_reaches_it(
    plan: Plan, place: Place, standin: StandIn, tmp_path: Path
) -> None:
    run = assigned(plan, tmp_path / "run", lab(launch=PLAYED))
    follower = Follower(plan, run)
    told = list[ev.Event]()
    for event in follower.events():
        told.append(event)
        if isinstance(event, ev.Saved):
            following.leave(run)
    assert follower.begun and isinstance(told[-1], ev.Finished)
    assert run.history().outcome is None
    found = assignments.of(run)
    assert found is not None
    with Connection(place) as link:
        assert link.ask("state", job=found.job).fields["state"] == "running"
    again = Follower(plan, run)
    asking = threading.Timer(0.5, run.request_stop, ("cancel",))
    asking.start()
    told = list(again.events())
    asking.join()
    assert codes(told) == []
    assert isinstance(told[-1], ev.Finished) and told[-1].outcome == "cancelled"
    assert run.history().outcome == told[-1]


def test_a_training_that_cannot_begin_says_why(
    plan: Plan, standin: StandIn, tmp_path: Path
) -> None:
    run = assigned(plan, tmp_path / "run", lab(launch="echo no such queue; exit 3 # {run}"))
    told = list(Follower(plan, run).events())
    assert codes(told)[-1] == "place.launch_failed"
    assert isinstance(told[-1], ev.Failed) and "no such queue" in told[-1].sentence()
    assert "exit 3" in told[-1].sentence()
    assert state_of(run, run.history()).key == "failed"
    assert not assignments.goes_on(run) and not assignments.trains(run)


def died_there(plan: Plan, folder: Path, told: str = "") -> Run:
    """A run that was begun elsewhere and killed there, of which nobody here knows; ``told`` came
    over there when nobody followed any more."""
    run = assigned(plan, folder, lab(launch="true {run}"))
    assert codes(list(Follower(plan, run).events())).count("place.begun") == 1
    found = assignments.of(run)
    assert found is not None and found.ended
    assignments.keep(run, msgspec.structs.replace(found, ended=False))
    if told:
        there = Path(os.environ["PATH"].partition(":")[0]).parent / "home" / "transfergui"
        (there / "jobs" / found.job / run.path.name / "events.jsonl").write_text(told)
    return run


def test_what_has_died_is_told_where_nobody_asked_to_go_on(
    plan: Plan, standin: StandIn, tmp_path: Path
) -> None:
    """The window was opened again: it only follows."""
    run = died_there(plan, tmp_path / "run")
    told = list(Follower(plan, run, only_follow=True).events())
    assert codes(told) == ["place.launch_failed"]
    assert not assignments.goes_on(run)


SAVED = '{"event": "Saved", "kind": "last", "epoch": 1}\n'
AGAIN = ["place.died", "place.sent_nothing", "place.begun", "place.launch_failed"]


@pytest.mark.parametrize("told", ["", SAVED])
def test_what_has_died_is_begun_anew_at_the_first_resume(
    told: str, plan: Plan, standin: StandIn, tmp_path: Path
) -> None:
    """The other computer was restarted while nobody followed: that is said, and it goes on."""
    run = died_there(plan, tmp_path / "run", told)
    assert codes(list(Follower(plan, run).events())) == AGAIN
    assert codes(list(Follower(plan, run).events())) == AGAIN[1:]  # known by now
    assert (run.path / "events.jsonl").exists() is bool(told)


def test_begun_before_the_program_was_killed_is_not_begun_twice(
    plan: Plan, standin: StandIn, tmp_path: Path
) -> None:
    """The answer to that was lost with it: it runs there, and here that is not known."""
    run = assigned(plan, tmp_path / "run", lab(launch=PLAYED))
    for event in (follower := Follower(plan, run)).events():
        if isinstance(event, ev.Saved):
            following.leave(run)
    found = assignments.of(run)
    assert found is not None and follower.begun
    assignments.keep(run, msgspec.structs.replace(found, asked=True))
    assert assignments.goes_on(run)
    asking = threading.Timer(0.5, run.request_stop, ("cancel",))
    asking.start()
    told = list(Follower(plan, run, only_follow=True).events())
    asking.join()
    assert codes(told) == [] and isinstance(told[-1], ev.Finished)
    found = assignments.of(run)
    assert found is not None and found.begun and not found.asked


def test_asked_to_begin_and_not_begun_before_the_program_was_killed(
    plan: Plan, standin: StandIn, tmp_path: Path
) -> None:
    """Nobody deleted its folder: it has never begun, and begins when the user asks for it."""
    run = assigned(plan, tmp_path / "run", lab(launch="true {run}"))
    found = assignments.of(run)
    assert found is not None
    assignments.keep(run, msgspec.structs.replace(found, begun=True, asked=True, sent=True))
    assert codes(list(Follower(plan, run, only_follow=True).events())) == ["place.not_begun"]
    assert not assignments.goes_on(run)
    assignments.keep(run, msgspec.structs.replace(found, begun=True, asked=True, sent=True))
    assert "place.begun" in codes(list(Follower(plan, run).events()))


def test_pausing_ends_what_is_sent_again(plan: Plan, standin: StandIn, tmp_path: Path) -> None:
    """Of a run that was begun before, too: nothing is begun after that."""
    run = died_there(plan, tmp_path / "run")
    told = list[ev.Event]()
    for event in Follower(plan, run).events():
        told.append(event)
        if isinstance(event, ev.Notice) and event.code == "place.died":
            run.request_stop("cancel")
    assert codes(told) == ["place.died"]
    assert isinstance(told[-1], ev.Finished) and told[-1].outcome == "cancelled"


def test_a_try_that_sent_nothing_leaves_no_run(
    plan: Plan, standin: StandIn, tmp_path: Path
) -> None:
    standin.break_by(down=True)
    run = assigned(plan, tmp_path / "run", lab())
    assert codes(list(Follower(plan, run).events())) == ["place.unreachable"]
    assert assignments.discard_empty(run) and not run.path.exists()
    standin.break_by()
    run = assigned(plan, tmp_path / "other", lab(launch="true {run}"))
    list(Follower(plan, run).events())
    assert not assignments.discard_empty(run) and run.path.exists()


def test_a_failure_over_there_is_told_as_one(plan: Plan, standin: StandIn, tmp_path: Path) -> None:
    event = '{"event": "Failed", "code": "weights.damaged", "values": {"path": "/there/w.pth"}}'
    run = assigned(plan, tmp_path / "run", lab(launch=f"echo '{event}' >> {{run}}/events.jsonl"))
    told = list(Follower(plan, run).events())
    assert codes(told)[-2:] == ["place.failed_there", "weights.damaged"]
    assert run.history().outcome == told[-1]


def test_deleted_over_there(plan: Plan, standin: StandIn, tmp_path: Path) -> None:
    """By somebody, while it was trained; what was told of it is forgotten, and it begins anew."""
    line = "echo '{}' >> {run}/events.jsonl; rm -rf {run}"
    run = assigned(plan, tmp_path / "run", lab(launch=line))
    told = list(Follower(plan, run).events())
    assert codes(told)[-1] == "place.gone"
    found = assignments.of(run)
    assert found is not None and not found.begun
    assert run.history().outcome is None and not run.history().notices


def test_killed_while_the_connection_was_lost(
    plan: Plan, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, not begun again unasked."""
    monkeypatch.setattr(following, "PAUSES", (0.1,))
    run = assigned(plan, tmp_path / "run", lab(launch="sleep 0.5 # {run}"))
    standin.break_by(drop_told=3_000)
    told = list(Follower(plan, run).events())
    assert codes(told).count("place.begun") == 1
    assert codes(told)[-1] == "place.launch_failed"


def test_cancelled_while_it_is_sent(plan: Plan, standin: StandIn, tmp_path: Path) -> None:
    standin.break_by(delay=0.2)
    run = assigned(plan, tmp_path / "run", lab())
    told = list[ev.Event]()
    for event in Follower(plan, run).events():
        told.append(event)
        run.request_stop("cancel")
    assert isinstance(told[-1], ev.Finished) and told[-1].outcome == "cancelled"
    assert not list(standin.there.glob("jobs/*"))


def test_nobody_answers(
    plan: Plan, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.break_by(down=True)
    run = assigned(plan, tmp_path / "run", lab())
    told = list(Follower(plan, run).events())
    assert codes(told) == ["place.unreachable"]
    standin.break_by(refused=True)
    assert codes(list(Follower(plan, run).events())) == ["place.refused"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert codes(list(Follower(plan, run).events())) == ["place.no_ssh"]


def test_another_side_that_reads_no_more_counts_as_lost(
    standin: StandIn,
) -> None:
    """What is sent fills the pipe, and nobody would ever return from writing to it."""
    script = standin.folder / "bin" / "ssh"
    said = {"transfergui": "", "protocol": frames.PROTOCOL, "folder": "/there", "bytes": 0}
    script.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\nexec sleep 60\n")
    with Connection(lab(), patience=0.5) as link, pytest.raises(LostError):
        for _piece in range(3):
            link.send("put", bytes(1_000_000))


def test_begun_before_and_out_of_reach(
    plan: Plan, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried for as long as somebody waits; a stop that does not arrive is said."""
    monkeypatch.setattr(following, "PAUSES", (0.1,))
    standin.break_by(down=True)
    run = assigned(plan, tmp_path / "run", lab())
    found = assignments.of(run)
    assert found is not None
    assignments.keep(run, assignments.Assignment(found.place, found.job, begun=True))
    told = list[ev.Event]()
    for event in Follower(plan, run).events():
        told.append(event)
        time.sleep(0.2)
        run.request_stop("cancel")
    assert codes(told) == ["place.lost", "place.not_stopped"]


def test_versions_that_differ_are_told(
    plan: Plan, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"transfergui": "0.0.1", "python": "3.0.0"}
    monkeypatch.setattr("transfergui.core.places.examining.current_environment", lambda: other)
    run = assigned(plan, tmp_path / "run", lab(launch="true {run}"))
    notes = [e for e in Follower(plan, run).events() if isinstance(e, ev.Notice)]
    assert [note.code for note in notes[:3]] == [*ALWAYS, "place.versions"]
    assert "0.0.1" in notes[2].sentence() and notes[2].is_known


def test_the_assignment_is_kept(run_folder: Run) -> None:
    assert assignments.of(run_folder) is None
    found = assignments.assign(run_folder, lab())
    assert assignments.of(run_folder) == found
    assert not found.begun and not found.brought
    (run_folder.path / assignments.FILE).write_text("{")
    with pytest.raises(records.UserError) as raised:
        assignments.of(run_folder)
    assert raised.value.code == "run.damaged"


@pytest.fixture
def run_folder(plan: Plan, tmp_path: Path) -> Run:
    return Run.create(plan.recipe, plan.split, tmp_path / "run")


@pytest.mark.parametrize("path", ["../x", "/x", ".", "", "a/../../x", "a\0b"])
def test_nothing_is_brought_to_elsewhere(path: str) -> None:
    row = {"path": path, "size": 1, "hash": "0" * 64}
    with pytest.raises(UserError) as told:
        bringing._rows([row])
    assert told.value.code == "place.unknown_answer"


def test_what_is_of_here_is_not_brought_under_another_spelling() -> None:
    spelt = ("recipe.json", "./recipe.json", ".//place.json", "lock", "./stop", "report.json")
    rows = [{"path": path, "size": 1, "hash": "0" * 64} for path in spelt]
    assert [row.path for row in bringing._rows(rows)] == ["report.json"]
