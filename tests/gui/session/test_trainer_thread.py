"""The thread of a training: an outcome always comes, and last."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import user_error
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.gui.session.trainer_thread import TrainerThread, replay

NOTICE = ev.Notice(code="input.vanished", values={"path": "x"})
FINISHED = ev.Finished(outcome="done", epochs=1, best_epoch=1, seconds=1.0)


def reported(qtbot: QtBot, source: Callable[[], Iterator[ev.Event]]) -> list[ev.Event]:
    """Run a thread to its end and give what it reported."""
    events: list[ev.Event] = []
    thread = TrainerThread(source)
    thread.reported.connect(events.append)
    with qtbot.waitSignal(thread.finished):
        thread.start()
    assert thread.wait(5000)
    qtbot.wait(1)
    return events


def test_events_arrive_in_order(qtbot: QtBot) -> None:
    assert reported(qtbot, lambda: iter([NOTICE, FINISHED])) == [NOTICE, FINISHED]


def test_the_generator_is_closed_in_the_thread_before_the_outcome(qtbot: QtBot) -> None:
    closed: list[threading.Thread] = []

    def source() -> Iterator[ev.Event]:
        try:
            yield FINISHED
            yield NOTICE
        finally:
            closed.append(threading.current_thread())

    events = reported(qtbot, source)
    assert events == [NOTICE, FINISHED]
    assert closed
    assert closed[0] is not threading.main_thread()


def test_a_user_error_becomes_its_code(qtbot: QtBot) -> None:
    def source() -> Iterator[ev.Event]:
        yield NOTICE
        raise user_error()

    assert reported(qtbot, source)[-1] == ev.Failed(
        code="input.vanished", values={"path": "cat.jpg"}
    )


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(3), GeneratorExit()])
def test_whatever_is_raised_becomes_a_bug_with_a_traceback(
    qtbot: QtBot, error: BaseException
) -> None:
    def source() -> Iterator[ev.Event]:
        yield NOTICE
        raise error

    last = reported(qtbot, source)[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "bug"
    assert type(error).__name__ in last.details


def test_a_source_that_cannot_even_begin_is_a_bug(qtbot: QtBot) -> None:
    def source() -> Iterator[ev.Event]:
        raise OSError("no")

    assert [event.code for event in reported(qtbot, source)] == ["bug"]  # type: ignore[attr-defined]


def test_a_source_without_an_outcome_is_a_bug(qtbot: QtBot) -> None:
    last = reported(qtbot, lambda: iter([NOTICE]))[-1]
    assert isinstance(last, ev.Failed)
    assert "without an outcome" in last.details


def test_a_recorded_run_is_replayed(qtbot: QtBot, tmp_path: Path) -> None:
    split = Split(
        root=".", modality="image", classes=("a",), train=(), val=(), test=(), seed=0, method=""
    )
    run = Run.create(Recipe(), split, tmp_path / "run")
    for event in (NOTICE, FINISHED):
        run.record(event)
    assert reported(qtbot, replay(run)) == [NOTICE, FINISHED]


TORCH_IN_A_QTHREAD = """
from PySide6.QtCore import QCoreApplication
from transfergui.gui.session.trainer_thread import TrainerThread

def source():
    import torch
    weight = torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.AdamW([weight])
    (weight - 1).square().sum().backward()
    optimizer.step()
    yield from ()

application = QCoreApplication([])
for _again in range(2):
    thread = TrainerThread(source)
    thread.finished.connect(application.quit)
    thread.start()
    application.exec()
    thread.wait()
print("alive")
"""


def test_torch_survives_the_end_of_its_thread() -> None:
    """What torch keeps for a thread is freed after PySide is done with it: a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", TORCH_IN_A_QTHREAD], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "alive\n"), ended.stderr[-2000:]
