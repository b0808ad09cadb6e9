"""Several processes in one search: nothing twice, nothing lost, one table. Threads with trainings
that only take a moment stand in for the processes: a lock on a file is between them, too."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.core.runs.test_events import STARTED
from tests.core.runs.test_history import ended
from tests.core.training.conftest import Lab
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run, Stopped
from transfergui.core.training import (
    candidates,
    contest,
    estimate,
    joining,
    rates,
    search,
    settings_search,
    trainer,
    tuning,
)
from transfergui.core.training.estimate import Estimate
from transfergui.core.training.recording import recorded

SEARCHING = "first"
"""The name of the thread that searches."""
WAYS = (candidates.FROZEN, *candidates.MOVING)


class Killed(BaseException):
    """A process that is killed: its locks are free, and nothing else was put in order."""


class Trainings:
    """Trainings of two epochs that learn nothing.

    Attributes:
        begun, done: by whom, and the folder, in order.
        meanwhile: called after the first epoch of each.
    """

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.done: list[tuple[str, str]] = []
        self.meanwhile: Callable[[str, Run], None] = lambda who, run: None

    def train(self, plan: Plan, run: Run, *_of: Any) -> Iterator[ev.Event]:
        yield from recorded(run, self.events(plan, run))

    def events(self, plan: Plan, run: Run, *_of: Any, **_group: Any) -> Any:
        who, (name, last) = threading.current_thread().name, (run.path.name, len(plan.phases) - 1)
        self.begun.append((who, name))
        yield ev.PhaseStarted(last, "", 0, 2, 1, 0)
        for epoch in (1, 2):
            score = int(name[:3], 16) / 0xFFF
            yield ev.EpochEnded(epoch, last, 0.1, 0.5, 0.1, score, 1e-3, 0.1, epoch == 2)
            if epoch == 1:
                self.meanwhile(who, run)
            time.sleep(0.02)
            if run.stop_requested() is not None:
                yield ev.Finished("cancelled", epoch, None, 0.1)
                return
        self.done.append((who, name))
        yield ev.Finished("done", 2, 2, 0.1)

    @property
    def names(self) -> list[str]:
        """What was trained to the end."""
        return [name for _who, name in self.done]


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> Trainings:
    found = Trainings()
    monkeypatch.setattr(trainer, "train", found.train)
    monkeypatch.setattr(trainer, "events", found.events)
    cost = Estimate(seconds=0.1, features=0.0, epoch=0.05)
    monkeypatch.setattr(estimate, "estimate", lambda plan, check_cancelled: cost)
    monkeypatch.setattr(rates, "applies", lambda plan: False)
    monkeypatch.setattr(settings_search, "TRIALS", 6)
    monkeypatch.setattr(joining, "PAUSE", 0.02)
    return found


@pytest.fixture
def run(lab: Lab) -> Run:
    return lab.run(lab.plan(strategy="auto", run__epochs=None))


class Helper(threading.Thread):
    """Takes part in the search of a run; ``ended`` is how that ended."""

    def __init__(self, run: Run, name: str = "other") -> None:
        super().__init__(name=name)
        self.joined = run
        self.ended: BaseException | None = None

    def run(self) -> None:
        try:
            for _event in joining.join(self.joined):
                pass
        except (Killed, UserError) as error:
            self.ended = error


def searched(lab: Lab, run: Run, *helpers: Helper, stop: Any = lambda: None) -> list[ev.Tried]:
    """The table of a search of ``run`` in which ``helpers`` take part from the beginning."""
    plan = lab.plan(strategy="auto", run__epochs=None)
    threading.current_thread().name = SEARCHING
    told = list[ev.Event]()
    try:
        with run.claimed():
            for helper in helpers:
                helper.start()
            present = run.path / joining.SEARCH / joining.PRESENT
            while sum(helper.is_alive() for helper in helpers) > len(list(present.glob("*"))):
                time.sleep(0.01)
            told += search.search(plan, 5, run.path / joining.SEARCH, stop, settings=True)
    finally:
        for helper in helpers:
            helper.join(10)
            assert not helper.is_alive()
        threading.current_thread().name = "MainThread"
    rows = [event for event in told if isinstance(event, ev.Tried)]
    return list({(t.strategy, str(t.settings)): t for t in rows}.values())


def test_two_train_everything_once_and_each_is_told_once(
    lab: Lab, run: Run, trainings: Trainings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, tell = list[object](), tuning.Study.tell
    monkeypatch.setattr(tuning.Study, "tell", lambda s, *of: (told.append(of[1]), tell(s, *of)))
    rows = searched(lab, run, Helper(run))
    assert {row.strategy for row in rows} == set(WAYS)
    assert sorted(set(trainings.names)) == sorted(trainings.names)
    assert {who for who, _name in trainings.done} == {SEARCHING, "other"}
    assert len(rows) == len(trainings.names) == len(WAYS) + settings_search.TRIALS
    assert len(told) == len(set(map(id, told))) == settings_search.TRIALS
    (chosen,) = (row for row in rows if not row.dropped)
    assert contest.search_error(chosen) == min(map(contest.search_error, rows))
    assert not any(row.dropped in ("auto.elsewhere", "auto.now") for row in rows)


def test_alone_everything_is_trained_one_after_the_other(
    lab: Lab, run: Run, trainings: Trainings
) -> None:
    rows = searched(lab, run)
    assert trainings.begun == trainings.done
    assert [row.strategy for row in rows if not row.settings] == list(WAYS)
    assert len(rows) == len(WAYS) + settings_search.TRIALS
    assert not list(run.path.glob(f"*/*/{joining.OFFER}"))


def test_what_a_killed_process_left_is_taken_up(lab: Lab, run: Run, trainings: Trainings) -> None:
    left = list[str]()

    def kill(who: str, of: Run) -> None:
        if who == "other":
            left.append(of.path.name)
            raise Killed

    trainings.meanwhile = kill
    helper = Helper(run)
    rows = searched(lab, run, helper)
    assert isinstance(helper.ended, Killed)
    (name,) = left
    assert [who for who, each in trainings.begun if each == name] == ["other", SEARCHING]
    assert sorted(set(trainings.names)) == sorted(trainings.names)
    assert len(rows) == len(trainings.names) == len(WAYS) + settings_search.TRIALS


def test_what_another_trained_just_before_it_was_claimed_is_not_trained_again(
    lab: Lab, run: Run, trainings: Trainings, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved = joining.resolve

    def slowly(*of: Any) -> Plan:
        made = resolved(*of)
        for path in (run.path / joining.SEARCH).glob(f"*/{joining.OFFER}"):
            if not joining.ended(own := Run(path.parent)).is_final and not own.active():
                for _event in trainings.train(made, own):
                    pass
        return made

    monkeypatch.setattr(joining, "resolve", slowly)
    rows = searched(lab, run, Helper(run))
    assert sorted(set(trainings.names)) == sorted(trainings.names)
    assert len(rows) == len(trainings.names) == len(WAYS) + settings_search.TRIALS


def test_another_process_may_take_up_what_is_left(lab: Lab, run: Run, trainings: Trainings) -> None:
    """Of three, one is killed; the first is busy until the third has done what was left."""
    left, killed, taken = list[str](), threading.Event(), threading.Event()

    def meanwhile(who: str, of: Run) -> None:
        if who == "other" and not left:
            left.append(of.path.name)
            killed.set()
            raise Killed
        if who == "third" and of.path.name in left:
            taken.set()
        elif who == "third":  # which leaves the next one to the other
            assert killed.wait(10)
        elif left:
            assert taken.wait(10)

    trainings.meanwhile = meanwhile
    rows = searched(lab, run, Helper(run), Helper(run, "third"))
    assert [who for who, each in trainings.begun if each == left[0]] == ["other", "third"]
    assert len(rows) == len(trainings.names) == len(WAYS) + settings_search.TRIALS


def test_what_fails_elsewhere_is_trained_by_the_first(
    lab: Lab, run: Run, trainings: Trainings
) -> None:
    """The data may not be there; who cannot train leaves, and says why."""

    def fail(who: str, of: Run) -> None:
        if who == "other":
            raise UserError("data.vanished_val", lost=1, total=1, path="a.png")

    trainings.meanwhile = fail
    helper = Helper(run)
    rows = searched(lab, run, helper)
    assert isinstance(helper.ended, UserError)
    assert helper.ended.code == "data.vanished_val"
    assert len(rows) == len(trainings.names) == len(WAYS) + settings_search.TRIALS
    assert {who for who, _name in trainings.done} == {SEARCHING}


def test_the_end_of_a_search_ends_what_others_train(
    lab: Lab, run: Run, trainings: Trainings
) -> None:
    busy = threading.Event()

    def meanwhile(who: str, of: Run) -> None:
        if who == "other" and len(trainings.done) > 2:
            busy.set()
            until = time.monotonic() + 10
            while of.stop_requested() is None and time.monotonic() < until:
                time.sleep(0.01)

    def stop() -> None:
        if busy.is_set():
            busy.clear()
            raise Stopped("finish")

    trainings.meanwhile = meanwhile
    rows = searched(lab, run, Helper(run), stop=stop)
    assert "auto.interrupted" in {row.dropped for row in rows}
    assert len([row for row in rows if not row.dropped]) == 1


def test_who_takes_part_leaves_when_the_first_is_killed(
    lab: Lab, run: Run, trainings: Trainings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it trains is kept for the search that goes on some time."""
    monkeypatch.setattr(joining.Offers, "close", lambda offers: None)  # who is killed does not
    left, busy = list[Run](), threading.Event()

    def meanwhile(who: str, of: Run) -> None:
        if who == SEARCHING:
            assert busy.wait(10)
            raise Killed
        left.append(of)
        busy.set()
        while joining.Run(run.path).active():
            time.sleep(0.01)
        time.sleep(2 * joining.PAUSE)

    trainings.meanwhile = meanwhile
    helper = Helper(run)
    with pytest.raises(Killed):
        searched(lab, run, helper)
    assert helper.ended is None
    (last,) = (list(each.events())[-1] for each in left)
    assert isinstance(last, ev.Finished) and last.outcome == "cancelled"


def test_how_far_another_process_is_comes_with_its_row(run: Run) -> None:
    trial = ev.Tried(backbone="a", title="A", strategy="fine_tuning")
    offer = joining.Offer(trial, run, 0.0, lambda trial: None)
    offer.look()
    assert offer.news() is None  # nobody trains it
    with run.claimed():
        run.record(msgspec.structs.replace(STARTED, epochs=40))
        run.record(ended(3))
        offer.look()
        said = offer.news()
        assert said is not None
        assert (said.title, said.dropped, said.epoch, said.epochs) == ("A", "auto.elsewhere", 3, 40)
        offer.look()
        assert offer.news() is None  # nothing is new


def test_who_hangs_is_named_and_not_waited_for(
    lab: Lab, run: Run, trainings: Trainings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "SILENT", 0.3)
    monkeypatch.setattr(joining, "CLOSING", 10)
    answers, settled = threading.Event(), list[ev.Tried]()

    def meanwhile(who: str, of: Run) -> None:
        if who == "other":
            assert answers.wait(10)

    def told(trial: ev.Tried) -> None:
        settled.append(trial)
        if trial.dropped == "auto.failed":
            answers.set()

    settle = contest.Contest.settle
    monkeypatch.setattr(
        contest.Contest, "settle", lambda s, trial, *of: (told(trial), settle(s, trial, *of))[1]
    )
    trainings.meanwhile = meanwhile
    rows = searched(lab, run, Helper(run))
    assert len([row for row in rows if row.dropped == "auto.failed"]) == 1
    assert len(rows) == len(WAYS) + settings_search.TRIALS
    assert len([row for row in rows if not row.dropped]) == 1


def test_only_a_search_that_goes_on_can_be_joined(lab: Lab, run: Run) -> None:
    with pytest.raises(UserError) as idle:
        joining.require(run)
    with pytest.raises(UserError) as none:
        joining.require(lab.run(lab.plan()))
    assert (idle.value.code, none.value.code) == ("join.idle", "join.no_search")


def test_who_comes_too_late_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    with run.claimed():
        assert not list(joining.join(run, is_over=lambda: True))
    assert not (run.path / joining.SEARCH).exists()


def test_a_recipe_that_a_share_shows_cut_off_is_read_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sshfs did, when the search had written what it chose."""
    run = lab.run(lab.plan())
    text = (run.path / RECIPE).read_text()
    (run.path / RECIPE).write_text(text[:-10])
    looks: list[float] = []

    def shown(seconds: float) -> None:
        looks.append(seconds)
        (run.path / RECIPE).write_text(text)

    monkeypatch.setattr(joining.time, "sleep", shown)
    assert not joining.searches(run)
    assert len(looks) == 1
    (run.path / RECIPE).write_text(text[:-10])
    monkeypatch.setattr(joining, "CUT_OFF", -1.0)
    with pytest.raises(UserError, match="cut off"):
        joining.searches(run)
