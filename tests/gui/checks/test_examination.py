"""The checks in the background: begun, stopped, paused by a training, outdated by a change."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import FakeTrainer, open_data, rest
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.checks.check import Finding
from transfergui.core.interfaces.plan import Plan
from transfergui.gui.base import tasks
from transfergui.gui.checks import examination
from transfergui.gui.checks.examination import Examination, Outcomes, Stage, Step
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

FOUND = Finding("near_duplicates", (Note("check.nothing_found"),))


class Worker:
    """Stands in for the checks: finds one thing, then waits as long as it is held."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.error: UserError | None = None
        self.starts = 0

    def examine(self, plan: Plan, report: Callable[[Step], None]) -> Outcomes:
        self.starts += 1
        if self.error is not None:
            raise self.error
        found: Outcomes = {"near_duplicates": FOUND}
        report(Step("quality", 1, 4, found))
        while not self.go.wait(0.01):
            report(Step("quality", 2, 4, found))
        return {**found, "quality": Finding("quality")}


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    made = Worker()
    monkeypatch.setattr(examination, "_examine", made.examine)
    monkeypatch.setattr(examination, "_price", lambda plan: 3.0)
    yield made
    made.go.set()


@pytest.fixture
def checks(qtbot: QtBot, worker: Worker, session: Session, tmp_path: Path) -> Examination:
    made = Examination(session, session)
    open_data(qtbot, session, make_tiny_pictures(tmp_path / "beetles", classes=3, per_class=8))
    rest(qtbot, session)
    return made


def test_they_find_and_what_they_found_is_kept_until_the_data_change(
    qtbot: QtBot, checks: Examination, session: Session
) -> None:
    assert checks.stage is Stage.WAITING and checks.possible
    checks.start()
    rest(qtbot, session)
    assert checks.stage is Stage.DONE
    assert list(checks.outcomes) == ["near_duplicates", "quality"]
    session.change(session.recipe.replace(run__epochs=3), "Set up")
    rest(qtbot, session)
    assert checks.stage is Stage.DONE and not checks.outdated
    edits.exclude(session, ["class_0/00.png"])
    rest(qtbot, session)
    assert checks.stage is Stage.WAITING and checks.outdated
    assert checks.outcomes["near_duplicates"] is FOUND


def test_what_is_quick_begins_by_itself(
    qtbot: QtBot, checks: Examination, worker: Worker, session: Session
) -> None:
    checks._settled.timeout.emit()
    rest(qtbot, session)
    assert checks.stage is Stage.DONE and worker.starts == 1


def test_what_takes_long_waits_for_the_user(
    qtbot: QtBot, checks: Examination, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "QUICK", 1.0)
    checks._settled.timeout.emit()
    rest(qtbot, session)
    assert (checks.stage, checks.seconds) == (Stage.WAITING, 3.0)


def test_stopping_keeps_what_was_found(qtbot: QtBot, checks: Examination, worker: Worker) -> None:
    worker.go.clear()
    checks.start()
    qtbot.waitUntil(lambda: "near_duplicates" in checks.outcomes)
    checks.stop()
    assert checks.stage is Stage.STOPPED
    assert tasks.wait_all()
    assert list(checks.outcomes) == ["near_duplicates"]


def test_a_training_pauses_them(
    qtbot: QtBot, checks: Examination, worker: Worker, session: Session, trainer: FakeTrainer
) -> None:
    worker.go.clear()
    trainer.hold.clear()
    checks.start()
    qtbot.waitUntil(lambda: worker.starts == 1)
    session.start_training()
    qtbot.waitUntil(lambda: session.training)
    assert checks.stage is Stage.PAUSED and not checks.possible
    worker.go.set()
    trainer.hold.set()
    rest(qtbot, session)
    qtbot.waitUntil(lambda: checks.stage is Stage.DONE)
    assert worker.starts == 2


def test_why_they_cannot_be_done_is_told(
    qtbot: QtBot, checks: Examination, worker: Worker, session: Session
) -> None:
    worker.error = UserError("memory.out")
    checks.start()
    rest(qtbot, session)
    assert checks.stage is Stage.FAILED and checks.error is worker.error


def test_each_step_of_a_check_is_timed_from_its_own_beginning(
    checks: Examination, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left is estimated by it: another count begins anew."""
    clock = iter(range(1, 9))
    monkeypatch.setattr(examination.time, "monotonic", lambda: next(clock))
    began = []
    for done, total in [(0, 0), (1, 9), (8, 9), (0, 9), (1, 5)]:
        checks._show(Step("near_duplicates", done, total))
        began.append(checks.began)
    assert began == [1, 2, 2, 3, 4]
