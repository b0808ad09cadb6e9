"""Every stage of every procedure is stopped in every way, and nothing is lost."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.training.comparing import FINE, FROZEN, TAUGHT, assert_same
from tests.core.training.conftest import Lab
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, Stop, Stopped
from transfergui.core.training import candidates, probe, progress_reporter, start
from transfergui.core.training.stops import Stops

HEAD_FIRST = {"strategy": "head_first", "run__epochs": 2}
SEARCH = {"strategy": "auto", "backbone": "auto", "options": {"time": "one"}, "run__epochs": 2}
TOGETHER = {"strategy": "soup", "backbone": "auto"}
PROCEDURES = {
    "feature_extraction": FROZEN,
    "fine_tuning": FINE,
    "head_first": HEAD_FIRST,
    "distillation": TAUGHT,
    "recommended": SEARCH,
    "soup": TOGETHER,
}

When = Callable[[ev.Event], bool]


def stage(name: str) -> When:
    return lambda event: isinstance(event, ev.Progress) and event.stage == name


def is_found(event: ev.Event) -> bool:
    """Told between a search and the training of what it found."""
    return isinstance(event, ev.Started)


def tried(event: ev.Event) -> bool:
    return isinstance(event, ev.Tried) and event.dropped == "auto.so_far"


STAGES: dict[str, When] = {
    **{name: stage(name) for name in ("features", "teach", "train", "validate", "evaluate")},
    "search": tried,
    "found": is_found,
    "first phase": lambda event: isinstance(event, ev.PhaseStarted) and event.index == 0,
    "second phase": lambda event: isinstance(event, ev.PhaseStarted) and event.index == 1,
    "saved": lambda event: isinstance(event, ev.Saved) and event.kind == "last",
}
CASES = {
    "feature_extraction": ("first phase", "features", "train", "validate", "saved", "evaluate"),
    "fine_tuning": ("train", "validate", "saved", "evaluate"),
    "head_first": ("features", "second phase", "validate", "evaluate"),
    "distillation": ("teach", "train", "validate", "evaluate"),
    "recommended": ("search", "found", "features", "evaluate"),
    "soup": ("first phase", "validate", "evaluate"),
}
WAYS: dict[str, tuple[Stop, ...]] = {
    "finish": ("finish",),
    "cancel": ("cancel",),
    "both": ("finish", "cancel"),
    "close": (),
}
QUICK = {
    ("feature_extraction", "features", "close"),
    ("feature_extraction", "validate", "both"),
    ("fine_tuning", "validate", "cancel"),
    ("fine_tuning", "evaluate", "cancel"),
    ("head_first", "second phase", "finish"),
    ("distillation", "teach", "cancel"),
    ("recommended", "found", "finish"),
    ("soup", "validate", "finish"),
    ("soup", "evaluate", "finish"),
}
"""Tried at every change; the others take minutes."""
MATRIX = [
    pytest.param(procedure, name, way, marks=[] if case in QUICK else pytest.mark.slow)
    for procedure, names in CASES.items()
    for name in names
    for way in WAYS
    for case in [(procedure, name, way)]
]


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture(autouse=True)
def _every_batch_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_reporter, "EVERY", 0.0)
    monkeypatch.setattr(probe, "RUNS", 1)
    monkeypatch.setattr(candidates, "MOVING", ())


@pytest.fixture
def planned(lab: Lab) -> Callable[[str], Plan]:
    def made(procedure: str) -> Plan:
        settings: dict[str, Any] = dict(PROCEDURES[procedure])
        if procedure == "soup":
            frozen = {**FROZEN, "augment": {}}
            runs = [lab.train(**frozen, optim__lr=rate)[0] for rate in (0.01, 0.012)]
            settings["options"] = {"runs": [str(run.path) for run in runs]}
        return lab.plan(**settings)

    return made


def stopped(made: Plan, run: Run, when: When, wishes: tuple[Stop, ...]) -> list[ev.Event]:
    """What is told of a training that is asked for each of ``wishes``, one after the other, from
    the event on that ``when`` waits for; without any it is closed there, as by a crash."""
    told = list[ev.Event]()
    waiting = iter(wishes)
    events = start.train(made, run)
    begun = False
    for event in events:
        told.append(event)
        begun = begun or when(event)
        if begun and not wishes:
            events.close()
            break
        if begun and (wish := next(waiting, None)):
            run.request_stop(wish)
    assert begun, [type(event).__name__ for event in told]
    return told


def finished(events: list[ev.Event]) -> ev.Finished:
    last = events[-1]
    assert isinstance(last, ev.Finished), last
    return last


@pytest.mark.parametrize(("procedure", "name", "way"), MATRIX)
def test_every_stage_is_stopped_in_every_way(
    lab: Lab, planned: Callable[[str], Plan], procedure: str, name: str, way: str
) -> None:
    made = planned(procedure)
    run = lab.run(made)
    events = stopped(made, run, STAGES[name], WAYS[way])
    assert not run.active()
    outcome = "cancelled" if way == "close" else finished(events).outcome
    if way == "cancel":
        assert outcome == "cancelled"
    if outcome != "cancelled":
        assert run.report()["n"] == len(made.split.test)
        with pytest.raises(UserError, match="already finished"):
            resume_plan(run)
        return
    assert not run.report()
    last = finished(list(start.train(resume_plan(run), run)))
    assert last.outcome == "done"
    assert run.report()["n"] == len(made.split.test)


@pytest.mark.parametrize(
    ("procedure", "name", "outcome"),
    [
        ("feature_extraction", "features", "cancelled"),
        ("feature_extraction", "train", "stopped"),
        ("fine_tuning", "validate", "stopped"),
        ("fine_tuning", "evaluate", "done"),
        ("head_first", "second phase", "stopped"),
        ("recommended", "search", "done"),
        ("soup", "evaluate", "done"),
    ],
)
def test_finish_keeps_what_there_is(
    lab: Lab, planned: Callable[[str], Plan], procedure: str, name: str, outcome: str
) -> None:
    made = planned(procedure)
    events = stopped(made, lab.run(made), STAGES[name], ("finish",))
    assert finished(events).outcome == outcome
    codes = [event.code for event in events if isinstance(event, ev.Notice)]
    assert ("training.nothing_learnt" in codes) == (outcome == "cancelled")


@pytest.mark.parametrize("name", ["validate", "evaluate", "saved"])
@pytest.mark.parametrize("way", ["cancel", "close"])
def test_stopped_and_resumed_equals_uninterrupted(lab: Lab, name: str, way: str) -> None:
    whole, _events = lab.train(**FINE, run__epochs=2)
    made = lab.plan(**FINE, run__epochs=2)
    run = lab.run(made)
    stopped(made, run, STAGES[name], WAYS[way])
    *_, last = start.train(resume_plan(run), run)
    assert isinstance(last, ev.Finished)
    assert (last.outcome, last.epochs) == ("done", 2)
    rates = [[epoch.lr for epoch in r.history().epochs] for r in (whole, run)]
    assert rates[0] == rates[1]
    assert_same(whole, run)


@pytest.mark.parametrize("average", [0.0, 0.9])
def test_finish_while_a_resumed_training_prepares(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, average: float
) -> None:
    """Before its first epoch was over it was cancelled; what it learnt then is kept."""
    made = lab.plan(**FROZEN, optim__average=average)
    run = lab.run(made)
    stopped(made, run, stage("train"), ("cancel",))
    events = stopped(
        resume_plan(run), run, lambda event: isinstance(event, ev.PhaseStarted), ("finish",)
    )
    last = finished(events)
    assert (last.outcome, last.epochs, last.best_epoch) == ("stopped", 1, 1)
    assert run.report()["n"] == len(made.split.test)
    (epoch,) = run.history().epochs
    assert epoch.lr > 0


def test_a_stop_in_the_test_of_what_a_search_found_is_not_answered_twice(
    lab: Lab, planned: Callable[[str], Plan]
) -> None:
    """Asked for in the search, and again, as the window did, when the training was started."""
    made = planned("recommended")
    run = lab.run(made)
    events = list[ev.Event]()
    for event in start.train(made, run):
        events.append(event)
        if tried(event) or isinstance(event, ev.Started):
            run.request_stop("finish")
    assert finished(events).outcome in ("done", "stopped")
    assert run.report()["n"] == len(made.split.test)


@pytest.mark.parametrize("how", ["finish", "cancel"])
def test_files_are_not_all_looked_through_once_it_is_stopped(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, how: Stop
) -> None:
    """To look features up reads every file."""
    from transfergui.core.training import feature_pass

    monkeypatch.setattr(feature_pass, "BATCH", 4)
    made = lab.plan(**FROZEN)
    run = lab.run(made)
    read = list[str]()
    digest = feature_pass.FeaturePass._digest

    def noted(self: feature_pass.FeaturePass, sample: Any) -> Any:
        read.append(sample.path)
        run.request_stop(how)
        return digest(self, sample)

    monkeypatch.setattr(feature_pass.FeaturePass, "_digest", noted)
    events = list(start.train(made, run))
    assert finished(events).outcome == "cancelled"
    assert len(read) < len(made.split.train)


# -- a request


@pytest.mark.parametrize(
    ("wishes", "answers"),
    [
        ([None], []),
        (["finish", "finish"], ["finish"]),
        (["finish", None, "cancel", "cancel"], ["finish", "cancel"]),
        (["cancel", "finish"], ["cancel"]),
    ],
)
def test_each_request_is_answered_once(wishes: list[Stop | None], answers: list[Stop]) -> None:
    given = iter(wishes)
    stops = Stops(lambda: next(given))
    told = list[Stop]()
    for _wish in wishes:
        try:
            stops.check()
        except Stopped as stop:
            told.append(stop.how)
    assert told == answers


def test_one_of_several_processes_ends_a_pass_where_nothing_is_kept() -> None:
    """Features took minutes that nobody wanted any more."""
    stops = Stops(lambda: "finish")
    stops.check_apart(keeps=True)
    with pytest.raises(Stopped):
        stops.check_apart(keeps=False)


def test_what_ends_anyway_is_only_cancelled() -> None:
    wishes: Iterator[Stop] = iter(("finish", "cancel"))
    stops = Stops(lambda: next(wishes))
    stops.finishing()
    stops.check()
    with pytest.raises(Stopped) as caught:
        stops.check()
    assert caught.value.how == "cancel"


# -- kill -9

KILLED = """
import sys
from pathlib import Path
from transfergui.core import resolve
from transfergui.core.runs.run import Run
from transfergui.core.training import candidates, checkpointer, probe, progress_reporter, start
from transfergui.core.training import trainer
checkpointer.SAVE_EVERY = checkpointer.SAVE_WITHIN = progress_reporter.EVERY = 0.0
probe.RUNS, candidates.MOVING = 1, ()
run = Run.open(Path(sys.argv[1]))
print("ready", flush=True)
for event in start.train(resolve.resume_plan(run), run):
    print(type(event).__name__, getattr(event, "stage", ""), flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("procedure", "told"),
    [
        ("feature_extraction", "Progress features"),
        ("fine_tuning", "Progress train"),
        ("fine_tuning", "Progress validate"),
        ("fine_tuning", "Progress evaluate"),
        ("distillation", "Progress teach"),
        ("recommended", "Tried "),
        ("recommended", "Started "),
        ("soup", "Progress validate"),
    ],
)
def test_killed_in_any_stage_it_goes_on(
    lab: Lab, planned: Callable[[str], Plan], procedure: str, told: str
) -> None:
    made = planned(procedure)
    run = lab.run(made)
    command = [sys.executable, "-c", KILLED, str(run.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(line.rstrip("\n") == told for line in process.stdout)
        process.kill()
    last = finished(list(start.train(resume_plan(run), run)))
    assert last.outcome == "done"
    assert run.report()["n"] == len(made.split.test)
