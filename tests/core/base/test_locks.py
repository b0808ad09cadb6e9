"""Locks between computers that do not see each other's: two of them have the file of a lock on a
share that gives the system's own lock to both, as sshfs does. The other computer is a process that
is given every lock, and has another name."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from transfergui.core.base import lock_marks, locks
from transfergui.core.base.lock_marks import Holder, Mark

TIMES = {"BEAT": 0.2, "PATIENCE": 2.0, "UNMARKED": 0.3, "GAP": 0.5, "LATE": 0.3}
SETTLE, LOOK = 0.6, 0.05
OTHER = f"""
import sys, time
from pathlib import Path
from transfergui.core.base import lock_marks, locks
for name, seconds in {TIMES}.items():
    setattr(lock_marks, name, seconds)
locks.SETTLE, locks.LOOK = {SETTLE}, {LOOK}
name = sys.argv[2]
lock_marks.machine = lock_marks.boot = lambda: name
lock_marks.platform.node = lambda: name
locks._lock_system = lambda handle, shared: None
path = Path(sys.argv[1])
try:
    with locks.held(path):
        print("held", flush=True)
        while locks.taken(path) is None and not Path(name).exists():
            time.sleep(0.02)
        print("taken" if locks.taken(path) else "done", flush=True)
except locks.Busy as busy:
    print("busy", busy.holder.host, flush=True)
"""


class Computer:
    """Another one, which wants the lock at once."""

    def __init__(self, path: Path, name: str = "other") -> None:
        self.name = str(path.with_name(name))
        command = [sys.executable, "-c", OTHER, str(path), self.name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    @property
    def holder(self) -> Holder:
        return Holder(self.process.pid, self.name)

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        Path(self.name).touch()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in TIMES.items():
        monkeypatch.setattr(lock_marks, name, seconds)
    monkeypatch.setattr(locks, "SETTLE", SETTLE)
    monkeypatch.setattr(locks, "LOOK", LOOK)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


sleeps = pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped here")


@contextlib.contextmanager
def computer(path: Path, name: str = "other") -> Iterator[Computer]:
    """One that holds the lock."""
    found = Computer(path, name)
    try:
        assert found.said() == "held"
        yield found
    finally:
        found.process.kill()
        found.process.communicate()


def refused(path: Path) -> Holder:
    with pytest.raises(locks.Busy) as caught, locks.held(path):
        pass
    return caught.value.holder


def waited_for(path: Path) -> None:
    """Until its holder counts as dead."""
    until = time.monotonic() + 20
    while locks.holder(path) is not None:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_another_computer_holds_is_held(path: Path) -> None:
    with computer(path) as other:
        os.utime(path, (1, 1))  # whatever its clock says
        for _look in range(int(2 * TIMES["PATIENCE"] / 0.1)):
            assert locks.holder(path) == other.holder
            time.sleep(0.1)
        assert refused(path) == other.holder
        other.end()
        assert other.said() == "done"
        other.process.wait()
    assert not path.exists()
    with locks.held(path):
        assert locks.left(path) is None


def test_what_a_dead_computer_held_is_free_after_a_while(path: Path) -> None:
    with computer(path) as other:
        other.kill()
        assert locks.holder(path) == locks.left(path) == other.holder  # it may live
        began = time.monotonic()
        with locks.held(path):
            assert time.monotonic() > began + TIMES["PATIENCE"] - 0.5
            assert locks.taken(path) is None
        assert not path.exists()


def test_of_a_window_that_looks_on_it_is_free_too(path: Path) -> None:
    with computer(path) as other:
        other.kill()
        waited_for(path)
        assert locks.left(path) is None
        began = time.monotonic()
        with locks.held(path):  # what is known already is not waited for again
            assert time.monotonic() < began + SETTLE + 1


@sleeps
def test_two_looks_far_apart_kill_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer has slept, or was cut off as the other one was."""
    with computer(path) as other:
        os.kill(other.process.pid, signal.SIGSTOP)
        assert locks.holder(path) == other.holder
        now = time.monotonic
        monkeypatch.setattr(lock_marks.time, "monotonic", lambda: now() + 3600)
        assert locks.holder(path) == other.holder


@sleeps
def test_who_slept_learns_that_it_was_taken(path: Path) -> None:
    with computer(path) as other:
        os.kill(other.process.pid, signal.SIGSTOP)
        with locks.held(path):
            os.kill(other.process.pid, signal.SIGCONT)
            assert other.said() == "taken"
            other.process.wait()
            assert path.exists()  # it does not delete what is ours
            assert locks.holder(path) == Holder(os.getpid(), lock_marks.platform.node())
            assert locks.taken(path) is None


@sleeps
def test_who_slept_longer_than_the_other_had_it_learns_it_too(path: Path) -> None:
    with computer(path) as other:
        os.kill(other.process.pid, signal.SIGSTOP)
        with locks.held(path):
            pass
        assert not path.exists()
        os.kill(other.process.pid, signal.SIGCONT)
        assert other.said() == "taken"


@sleeps
def test_a_file_that_was_deleted_by_hand_ends_nothing(path: Path) -> None:
    with computer(path) as other:
        path.unlink()
        time.sleep(3 * TIMES["BEAT"])
        other.end()
        assert other.said() == "done"


def test_of_three_computers_that_take_it_at_once_one_has_it(path: Path) -> None:
    with computer(path) as dead:
        dead.kill()
        three = [Computer(path, name) for name in ("first", "second", "third")]
        said = sorted(each.said().split()[0] for each in three)
        for each in three:
            each.kill()
            each.process.communicate()
    assert said == ["busy", "busy", "held"]


def test_a_killed_process_of_this_computer_is_noticed_at_once(path: Path) -> None:
    device = path.parent.stat().st_dev
    path.write_bytes(Mark.new(device).written(7))
    assert locks.holder(path) is None
    began = time.monotonic()
    with locks.held(path):
        assert time.monotonic() < began + SETTLE / 2


def test_what_was_held_before_this_computer_started_anew_is_free(path: Path) -> None:
    mark = Mark.new(path.parent.stat().st_dev)._replace(boot="earlier")
    path.write_bytes(mark.written(7))
    assert locks.holder(path) is None


def test_another_mount_of_the_same_share_is_like_another_computer(path: Path) -> None:
    if not lock_marks.boot():
        pytest.skip("this system has no name for its last start")
    path.write_bytes(Mark.new(path.parent.stat().st_dev + 1).written(7))
    assert locks.holder(path) == Holder(os.getpid(), lock_marks.platform.node())


def test_without_locks_what_a_killed_process_left_is_free_after_a_while(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(handle: int, shared: bool) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks, "_lock_system", unsupported)
    path.write_bytes(Mark.new(path.parent.stat().st_dev).written(7))
    assert locks.holder(path) is not None
    with locks.held(path):
        assert locks.holder(path) is not None
        assert refused(path).pid == os.getpid()


def test_what_several_use_is_not_waited_for(path: Path) -> None:
    with locks.shared(path), locks.shared(path):
        assert refused(path).pid == 0
    began = time.monotonic()
    with locks.held(path):
        assert time.monotonic() < began + TIMES["UNMARKED"]


def test_a_file_that_another_process_here_made_just_now_is_not_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who made it has not locked it yet, and finds it held then."""
    monkeypatch.setattr(lock_marks, "UNMARKED", 60)  # of a file that says nothing
    lock, held = locks._lock, contextlib.ExitStack()

    def overtaken(handle: int, shared: bool) -> bool | None:
        monkeypatch.setattr(locks, "_lock", lock)
        held.enter_context(locks.held(path, time.monotonic()))
        return lock(handle, shared)

    monkeypatch.setattr(locks, "_lock", overtaken)
    assert refused(path).pid == os.getpid()
    with held:
        assert locks.taken(path) is None and path.exists()
    assert not path.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_holds_nothing(path: Path) -> None:
    with locks.held(path):
        child = os.fork()
        if not child:
            os._exit(locks._heart.find(path) is not None)
        assert os.waitpid(child, 0)[1] == 0
        assert locks._heart.find(path) is not None


def test_who_cannot_wait_is_told_that_it_is_not_sure(path: Path) -> None:
    """A window that opens a project, say."""
    with computer(path) as other:
        other.kill()
        began = time.monotonic()
        with pytest.raises(locks.Busy) as caught, locks.held(path, began + 0.5):
            pass
        assert caught.value.holder == other.holder._replace(sure=False)
        with locks.in_turn(path.with_name("file")):  # of another file: as ever
            assert time.monotonic() < began + TIMES["PATIENCE"]
