"""What every test of the window gets: no bug dialog unnoticed, no thread left, a fake trainer."""

import functools
import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import TINY, make_tiny_pictures
from tests.gui import finished
from tests.gui.theme import use_light_theme
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Modality, Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training.estimate import Estimate
from transfergui.gui.base import errors, file_dialogs, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.checks import examination
from transfergui.gui.panels import training as training_panel
from transfergui.gui.panels.data import DataStage
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow

LATE = 0.5
"""Seconds that the window may stall; on an idle machine, no test comes to a tenth of that.

The limit finds what grows with the data. It is no measurement: a neighbour's load doubles times.
"""


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """A run of an objective, by its key, that was really trained; made once."""

    @functools.cache
    def make(objective: str) -> Run:
        return finished.trained_run(objective, tmp_path_factory.mktemp(objective))

    return make


@pytest.fixture
def bugs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tracebacks that would have been shown."""
    shown: list[str] = []
    monkeypatch.setattr(errors, "show_bug", shown.append)
    return shown


@pytest.fixture(autouse=True)
def _no_bugs(request: pytest.FixtureRequest, bugs: list[str]) -> Iterator[None]:
    """A test fails when a bug was reported, unless it asked for ``bugs`` itself."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents()  # reports are queued
    if "bugs" not in request.function.__code__.co_varnames:
        assert not bugs, "\n".join(bugs)


@pytest.fixture(autouse=True)
def _no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks of data begin when a test asks for them, not by themselves."""
    monkeypatch.setattr(examination, "SETTLED", 10_000_000)


@pytest.fixture(autouse=True)
def _no_folder_used() -> None:
    """Dialogs for files begin at home, whatever an earlier test has chosen."""
    file_dialogs.folders.keep_in({})


@pytest.fixture(autouse=True)
def _no_key_held() -> Iterator[None]:
    """A key with Shift leaves it held down for Qt: tables would add to their selection."""
    yield
    held = QGuiApplication.keyboardModifiers() if QGuiApplication.instance() else None
    if held:
        elsewhere = QWindow()
        QTest.keyClick(elsewhere, Qt.Key.Key_Shift)
        assert not QGuiApplication.keyboardModifiers()


class Clockwork:
    """A 16 ms timer in the thread of the window: how late it was at worst."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._last = self._computed = self._waited = 0.0
        self._timer = QTimer(interval=16)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        # What two thousand earlier tests left behind is not the window's: walking through it
        # took the garbage collector 0.6 s. The program does the same after importing torch.
        gc.collect()
        gc.freeze()
        self._last = time.monotonic()
        self._computed, self._waited = time.process_time(), _waited()
        self._timer.start()

    def stop(self) -> None:
        gc.unfreeze()
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now, computed, waited = time.monotonic(), time.process_time(), _waited()
        late = now - self._last - 0.016 - (waited - self._waited)
        if _overloaded():  # then others took the time, unless this process itself computed
            late = min(late, computed - self._computed)
        self.worst = max(self.worst, late)
        self._last, self._computed, self._waited = now, computed, waited


def _waited() -> float:
    """Seconds that this thread could have run, had others left it a processor; 0 if unknown."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def _overloaded() -> bool:
    """Whether more wants to run on this machine than it has processors."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (os.cpu_count() or 1)


@pytest.fixture
def smooth(qtbot: QtBot) -> Iterator[Clockwork]:
    """Fails the test when the thread of the window stalled for more than :data:`LATE`.

    Starts to count when the test calls ``start``.
    """
    clockwork = Clockwork()
    yield clockwork
    assert clockwork.worst <= LATE, f"the window stalled for {clockwork.worst:.3f} s"


class FakeTrainer:
    """Trains nothing, but keeps the contract of the real one: claims, clears, records, stops.

    Attributes:
        error: raised amid the first epoch.
        hold: the training waits before each step while this is not set.
        started: how many trainings have begun.
        most: how many ran at the same time, at most.
    """

    EPOCHS = 3
    STEPS = 4

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.started = 0
        self.most = 0
        self._running = 0
        self._lock = threading.Lock()

    def __call__(self, plan: Plan, run: Run) -> Callable[[], Iterator[ev.Event]]:
        return lambda: self._events(plan, run)

    def _events(self, plan: Plan, run: Run) -> Iterator[ev.Event]:
        with self._lock:
            self.started += 1
            self._running += 1
            self.most = max(self.most, self._running)
        try:
            with run.claimed():
                run.clear_stop()
                for event in self._work(plan, run):
                    run.record(event)
                    yield event
        finally:
            with self._lock:
                self._running -= 1

    def _work(self, plan: Plan, run: Run) -> Iterator[ev.Event]:
        yield ev.Started(
            run=str(run.path),
            resumed=False,
            modality=plan.modality.key,
            backbone=plan.backbone.key,
            strategy=plan.strategy.key,
            device="cpu",
            precision="float32",
            classes=plan.split.classes,
            sizes=plan.split.sizes(),
            epochs=self.EPOCHS,
            baseline=0.5,
            objective=plan.objective.key,
        )
        yield ev.PhaseStarted(
            index=0, name="Train", epoch=0, epochs=self.EPOCHS, trainable=10, frozen=0
        )
        for epoch in range(self.EPOCHS):
            for step in range(self.STEPS):
                while not self.hold.wait(0.002) and run.stop_requested() is None:
                    pass
                if self.error is not None:
                    raise self.error
                how = run.stop_requested()
                if how is not None:
                    outcome = "cancelled" if how == "cancel" else "stopped"
                    yield ev.Finished(outcome=outcome, epochs=epoch, best_epoch=None, seconds=0.0)
                    return
                at = epoch + (step + 1) / self.STEPS
                yield ev.Progress(
                    stage="train", epoch=at, step=step + 1, steps=self.STEPS, loss=1.0 / at, lr=0.1
                )
            yield ev.EpochEnded(
                epoch=epoch + 1,
                phase=0,
                train_loss=1.0 / (epoch + 1),
                train_score=0.8,
                val_loss=1.1 / (epoch + 1),
                val_score=0.7,
                lr=0.1,
                seconds=0.01,
                best=True,
            )
        yield ev.Finished(outcome="done", epochs=self.EPOCHS, best_epoch=3, seconds=0.1)


@pytest.fixture
def trainer() -> FakeTrainer:
    return FakeTrainer()


@pytest.fixture
def session(qtbot: QtBot, trainer: FakeTrainer) -> Iterator[Session]:
    """A session whose trainings are fake; closed in order afterwards."""
    session = Session(source=trainer)
    yield session
    end(qtbot, session, trainer)


def estimated(seconds: float, least: float | None = None) -> Estimate:
    """As of a training in which early stopping leaves ``least`` seconds at the soonest."""
    return Estimate(seconds=seconds, features=0.0, epoch=1.0, least=least or seconds)


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, trainer: FakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The main window, shown, whose trainings and estimates are fake."""
    monkeypatch.setattr(training_panel, "_estimate", lambda plan: estimated(42.0))
    use_light_theme(qapp)
    window = MainWindow(Session(source=trainer), Settings())
    window.show()
    qtbot.waitExposed(window)
    yield window
    end(qtbot, window.session, trainer)
    window.close()
    window.deleteLater()
    assert tasks.wait_all()


@pytest.fixture
def stage(qtbot: QtBot, session: Session) -> DataStage:
    """The stage of the data; modules about another stage have a fixture of their own."""
    stage = DataStage(session)
    qtbot.addWidget(stage)
    stage.resize(900, 740)
    stage.show()
    return stage


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of two classes with twelve small pictures each."""
    return make_tiny_pictures(tmp_path / "shapes")


@dataclass(frozen=True)
class Made:
    """Two classes of 12 samples each in ``folder``."""

    modality: Modality
    folder: Path


@pytest.fixture(params=registry.MODALITIES, ids=lambda modality: modality.key)
def made_data(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """A small collection of every kind of data, one after the other."""
    return Made(request.param, TINY[request.param.key](tmp_path / "made"))


@pytest.fixture
def ready(qtbot: QtBot, session: Session, pictures: Path) -> Session:
    """A session that could train at once."""
    open_data(qtbot, session, pictures)
    return session


def open_data(qtbot: QtBot, session: Session, folder: Path) -> None:
    """Open a folder and wait until it was scanned."""
    session.open_data(folder)
    qtbot.waitUntil(lambda: session.state is not State.SCANNING)
    assert session.state is State.READY


def rest(qtbot: QtBot, session: Session) -> None:
    """Wait until nothing runs."""
    qtbot.waitUntil(lambda: session.state in (State.EMPTY, State.READY), timeout=20_000)
    assert tasks.wait_all(60)


def end(qtbot: QtBot, session: Session, trainer: FakeTrainer) -> None:
    """Close a session and wait for its thread."""
    trainer.hold.set()
    session.close()
    qtbot.waitUntil(lambda: not session.training, timeout=20_000)
    tasks.cancel_all()
    assert tasks.wait_all(60)
    session.deleteLater()


def user_error() -> UserError:
    return UserError("input.vanished", path="cat.jpg")
