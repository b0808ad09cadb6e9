"""A run that another process trains: what it tells is followed, and so is its end, or its death."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.runs.test_events import STARTED
from tests.core.runs.test_run import RECIPE, SPLIT
from transfergui.core.runs import events as ev
from transfergui.core.runs import watching
from transfergui.core.runs.run import EVENTS, Run
from transfergui.core.runs.watching import Tail, Watch

TOLD = [ev.Saved(kind="last", epoch=number) for number in range(1, 4)]
PAUSED = ev.Finished(outcome="cancelled", epochs=1, best_epoch=None, seconds=1.0)
DONE = ev.Finished(outcome="done", epochs=3, best_epoch=3, seconds=1.0)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(watching, "WAIT", 0.01)
    monkeypatch.setattr(watching, "LATE", 0.2)
    return Run.create(RECIPE, SPLIT)


class Trainer:
    """Holds a run in another thread, whose lock is as good as another process's."""

    def __init__(self, run: Run) -> None:
        self._run, self._end, self._begun = run, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def __enter__(self) -> Trainer:
        self._thread.start()
        assert self._begun.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def _hold(self) -> None:
        with self._run.claimed():
            self._begun.set()
            self._end.wait(20)

    def end(self) -> None:
        self._end.set()
        self._thread.join()


def told_after(events: Iterator[ev.Event], *expected: ev.Event) -> None:
    assert [next(events) for _event in expected] == list(expected)


def test_what_is_told_is_followed_to_the_outcome(run: Run) -> None:
    with Trainer(run) as trainer:
        run.record(STARTED)
        watch = Watch(run)
        assert watch.history.started == STARTED
        assert watch.trainer["pid"] > 0
        events = watch.events()
        for event in TOLD:
            run.record(event)
        told_after(events, *TOLD)
        run.record(DONE)
        trainer.end()
        assert list(events) == [DONE]


def test_an_end_that_was_resumed_is_none(run: Run) -> None:
    run.record(PAUSED)  # of before
    with Trainer(run) as trainer:
        events = Watch(run).events()
        run.record(TOLD[0])
        told_after(events, TOLD[0])
        run.record(PAUSED)
        run.record(TOLD[1])  # it was resumed before anybody looked
        told_after(events, TOLD[1])
        trainer.end()
        (last,) = events
    assert isinstance(last, ev.Failed)
    assert last.code == "watch.died"


def test_an_end_of_just_before_is_told(run: Run) -> None:
    with Trainer(run):
        run.record(DONE)
        watch = Watch(run)
    assert list(watch.events()) == [DONE]


KILLED = """
import sys
from pathlib import Path
from tests.core.runs.test_watching import TOLD
from transfergui.core.runs.run import EVENTS, Run
run = Run(Path(sys.argv[1]))
with run.claimed():
    run.record(TOLD[0])
    with (run.path / EVENTS).open("ab") as stream:
        stream.write(b'{"event": "Saved", "ki')
    print("told", flush=True)
    sys.stdin.read()
"""


def test_the_death_of_the_process_is_told(run: Run) -> None:
    command = [sys.executable, "-c", KILLED, str(run.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "told\n"
        watch = Watch(run)
        process.kill()
        process.communicate(timeout=30)
        (last,) = watch.events()
    assert len(watch.history.notices) == 0
    assert last == ev.Failed(code="watch.died", values=watch.trainer)
    assert watch.trainer["pid"] == process.pid


def test_who_leaves_hears_nothing_more(run: Run) -> None:
    with Trainer(run):
        watch = Watch(run)
        watch.leave()
        (last,) = watch.events()
    assert isinstance(last, ev.Finished)
    assert not run.history().outcome  # it goes on


def test_silence_is_told_once_and_that_it_is_over(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SILENT", 0.05)
    with Trainer(run):
        watch = Watch(run)
        events, history = watch.events(), watch.history
        history.add(silent := next(events))
        assert isinstance(silent, ev.Notice)
        assert silent.code == "watch.silent"
        run.record(TOLD[0])
        assert next(events) == TOLD[0]
        history.add(next(events))
        assert [notice.code for notice in history.notices] == ["watch.back"]


def test_a_share_that_is_gone_for_a_while_is_waited_for(run: Run) -> None:
    there = run.path
    away = there.with_name("away")
    with Trainer(run):
        events = Watch(run).events()
        moved = there.parent.rename(there.parent.with_name("other"))
        lost = next(events)
        assert isinstance(lost, ev.Notice)
        assert lost.code == "watch.unreachable"
        moved.rename(there.parent)
        run.record(TOLD[0])
        assert next(events) == TOLD[0]
        there.rename(away)  # say it was deleted
        assert [e.code for e in events if isinstance(e, ev.Notice | ev.Failed)] == [
            "watch.back",
            "run.missing",
        ]


def test_lines_are_taken_when_they_are_whole(tmp_path: Path) -> None:
    path = tmp_path / EVENTS
    tail = Tail(path)
    assert list(tail.read()) == []
    whole, half = ev.to_line(TOLD[0]), ev.to_line(TOLD[1])
    path.write_bytes(whole + half[:20])
    assert list(tail.read()) == [TOLD[0]]
    path.write_bytes(whole + half[:20] + bytes(len(half) - 20) + ev.to_line(TOLD[2]))
    assert list(tail.read()) == []  # zeros: the share knows how long it is, and not what is in it
    path.write_bytes(whole + half + b"no event\n" + ev.to_line(TOLD[2]))
    assert list(tail.read()) == TOLD[1:]


def test_zeros_that_stay_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash of a computer may leave them in a file for ever."""
    monkeypatch.setattr(watching, "UNREADABLE", 2)
    path = tmp_path / EVENTS
    path.write_bytes(bytes(30) + b"\n" + ev.to_line(TOLD[0]))
    tail = Tail(path)
    assert [list(tail.read()) for _look in range(3)] == [[], [], [TOLD[0]]]


def test_a_file_that_was_cut_off_is_followed_further(tmp_path: Path) -> None:
    """As :class:`transfergui.core.places.following.Follower` does with what was lost there."""
    path = tmp_path / EVENTS
    first, second, third = map(ev.to_line, TOLD)
    path.write_bytes(first + second)
    tail = Tail(path)
    assert list(tail.read()) == TOLD[:2]
    path.write_bytes(first)
    for _look in range(watching.CUT + 1):
        assert list(tail.read()) == []
    path.write_bytes(first + third)
    assert list(tail.read()) == TOLD[2:]
