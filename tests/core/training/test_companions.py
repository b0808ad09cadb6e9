"""Repeats of a run by several processes, for which threads with trainings of a moment stand in."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.training.conftest import Lab
from transfergui.core.evaluation import baselines
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import companions, start
from transfergui.core.training.recording import recorded


def test_two_processes_train_each_repeat_once_and_both_wait_for_all(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained, told, both = list[tuple[str, str]](), list[int](), threading.Barrier(2, timeout=10)

    def train(plan: Plan, run: Run) -> Iterator[ev.Event]:
        def events() -> Any:
            if len(trained) < 2:  # each has begun one, before either ends
                trained.append((threading.current_thread().name, run.path.name))
                both.wait()
            else:
                trained.append((threading.current_thread().name, run.path.name))
            time.sleep(0.05)
            (run.path / "report.json").write_text("{}")
            yield ev.Finished("done", 1, 1, 0.1)

        yield from recorded(run, events())

    monkeypatch.setattr(start, "train", train)
    monkeypatch.setattr(companions, "PAUSE", 0.01)
    monkeypatch.setattr(baselines, "load", lambda path: None)
    run = lab.run(lab.plan())
    over = list[int]()

    def repeat(tell: Any) -> None:
        companions.repeat(run, tell, 3)
        over.append(sum(map(len, companions.repeats(run).values())))

    other = threading.Thread(target=repeat, args=(lambda done, total: None,))
    other.start()
    repeat(lambda done, total: told.append(done))
    other.join(10)
    assert over == [6, 6]
    assert sorted(name for _who, name in trained) == sorted({name for _who, name in trained})
    assert len(trained) == 6 and len({who for who, _name in trained}) == 2
    assert told == sorted(told)
