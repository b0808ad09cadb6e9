"""Background work: where results go, and which are dropped."""

import functools
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QThread
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import user_error
from transfergui.core.base.notes import Note
from transfergui.gui.base import tasks
from transfergui.gui.base.tasks import Task


def test_the_result_arrives_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    parent, got = QObject(), []
    here = QThread.currentThread()
    tasks.run(
        parent,
        lambda: QThread.currentThread() is here,
        lambda result: got.append((result, QThread.currentThread() is here)),
    )
    assert tasks.wait_all()
    assert got == [(False, True)]


def test_starting_again_drops_the_older_result(qtbot: QtBot) -> None:
    parent, got = QObject(), []
    gate = threading.Event()

    def work(number: int) -> int:
        gate.wait(5)
        return number

    task = Task(parent, work, got.append)
    task.start(1)
    task.start(2)
    assert task.running
    gate.set()
    assert tasks.wait_all()
    assert got == [2]
    assert not task.running


def test_a_cancelled_task_ends_at_its_next_report(qtbot: QtBot) -> None:
    parent, got, counted = QObject(), [], []
    begun = threading.Event()

    def work(report: Callable[[Any], None]) -> None:
        for count in range(10**9):
            report(count)
            counted.append(count)
            begun.set()

    task = Task(parent, work, got.append)
    task.start()
    assert begun.wait(5)
    task.cancel()
    assert tasks.wait_all()
    assert got == []
    assert len(counted) < 10**9


def test_progress_arrives_now_and_then(qtbot: QtBot) -> None:
    parent, seen = QObject(), []

    def work(report: Callable[[Any], None]) -> str:
        for count in range(1000):
            report(count)
        return "done"

    tasks.run(parent, work, seen.append, progress=seen.append)
    assert tasks.wait_all()
    assert seen[0] == 0
    assert seen[-1] == "done"
    assert len(seen) < 100


def test_a_user_error_goes_to_failed(qtbot: QtBot) -> None:
    parent, failed = QObject(), []

    def work() -> None:
        raise user_error()

    tasks.run(parent, work, lambda result: None, failed.append)
    assert tasks.wait_all()
    assert [error.code for error in failed] == ["input.vanished"]


def test_memory_that_ran_out_goes_to_failed(qtbot: QtBot) -> None:
    parent, failed = QObject(), []

    def work() -> None:
        raise MemoryError

    tasks.run(parent, work, lambda result: None, failed.append)
    assert tasks.wait_all()
    assert [error.code for error in failed] == ["memory.out"]


def test_memory_that_ran_out_where_nobody_asks_is_said_once(qtbot: QtBot, bugs: list[str]) -> None:
    parent = QObject()

    def work() -> None:
        raise MemoryError

    for _time in range(2):
        tasks.run(parent, work, lambda result: None)
        assert tasks.wait_all()
        QCoreApplication.sendPostedEvents()
    (box,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox))
    assert box.text() == Note("memory.out").sentence()
    box.close()
    assert bugs == []


def test_anything_else_is_a_bug(qtbot: QtBot, bugs: list[str]) -> None:
    parent, failed = QObject(), []

    def work() -> None:
        raise SystemExit("not even this ends the program")

    tasks.run(parent, work, failed.append, failed.append)
    assert tasks.wait_all()
    assert failed == []
    assert "not even this" in bugs[0]


def test_a_result_for_what_was_deleted_is_dropped(qtbot: QtBot) -> None:
    parent, got = QObject(), []
    gate = threading.Event()
    tasks.run(parent, lambda: gate.wait(5), got.append)
    shiboken6.delete(parent)
    gate.set()
    assert tasks.wait_all()
    assert got == []


def test_cancel_all_ends_every_task(qtbot: QtBot) -> None:
    parent = QObject()

    def work(report: Callable[[Any], None]) -> None:
        while True:
            report(0)

    for _number in range(6):  # more than there are threads
        tasks.run(parent, work, lambda result: None)
    tasks.cancel_all()
    assert tasks.wait_all()


def test_waiting_has_an_end(qtbot: QtBot) -> None:
    parent, gate = QObject(), threading.Event()
    tasks.run(parent, lambda: gate.wait(5), lambda result: None)
    assert not tasks.wait_all(0.05)
    gate.set()
    assert tasks.wait_all()


def test_torch_serves_one_task_after_another(qtbot: QtBot) -> None:
    """In the threads of a QThreadPool the second one would wait for ever, and the window too."""
    import torch

    def work() -> int:
        with torch.inference_mode():
            return torch.nn.Conv2d(3, 4, 3)(torch.zeros(1, 3, 8, 8)).shape[1]

    parent, got = QObject(), []
    for _again in range(4):
        tasks.run(parent, work, got.append)
        assert tasks.wait_all(60)
    assert got == [4, 4, 4, 4]


def test_the_same_threads_serve_and_end_when_there_is_no_work(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "IDLE", 0.2)
    monkeypatch.setattr(tasks, "_pool", functools.cache(tasks.TaskPool))
    parent, served = QObject(), set[threading.Thread]()
    for _number in range(5 * tasks.THREADS):
        tasks.run(parent, threading.current_thread, served.add)
    assert tasks.wait_all()
    assert 1 <= len(served) <= tasks.THREADS
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in served))
    tasks.run(parent, threading.current_thread, served.add)
    assert tasks.wait_all()
    tasks.dismiss()


def test_a_waiting_thread_keeps_nothing_of_its_last_task(qtbot: QtBot) -> None:
    class Large:
        pass

    parent, large = QObject(), Large()
    there = weakref.ref(large)
    task = Task(parent, id, lambda result: None)
    task.start(large)
    del large
    assert tasks.wait_all()
    qtbot.waitUntil(lambda: there() is None)
