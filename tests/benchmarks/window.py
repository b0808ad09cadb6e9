"""What the window costs: how soon it is there, and what a training loses under it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyqtgraph  # noqa: F401 - as the program does in the background, before it is needed
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.measured import Measured, Task
from transfergui.core import plans
from transfergui.core.base import allocator
from transfergui.core.runs import events as ev
from transfergui.gui.base import style, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow

TICK = 16
"""Milliseconds of the timer that notices when the window stalls."""

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from transfergui.gui.shell.app import open_window
application = QApplication([])
window = open_window(application)
QTimer.singleShot(0, application.quit)
application.exec()
"""
PLOT = """
import pyqtgraph
from PySide6.QtCore import QTimer
application = pyqtgraph.mkQApp()
plot = pyqtgraph.PlotWidget()
plot.show()
QTimer.singleShot(0, application.quit)
application.exec()
"""


def window_visible(task: Task) -> Measured:
    """From the start of Python to the program's window, drawn once."""
    return _started(PROGRAM)


def empty_plot(task: Task) -> Measured:
    """From the start of Python to an empty plot of pyqtgraph, drawn once."""
    return _started(PLOT)


def _started(program: str) -> Measured:
    """The second time, when the disk has been read."""
    seconds = 0.0
    for _time in range(2):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", program + "\nimport os; os._exit(0)"], check=True)
        seconds = time.perf_counter() - began
    return Measured(seconds)


def window_fine_tuning(task: Task) -> Measured:
    """As :func:`tests.benchmarks.arms.terminal_fine_tuning`, the plots of the window visible."""
    from tests.benchmarks.arms import EPOCHS

    allocator.keep_blocks()
    warm_up()
    app = QApplication([])
    style.theme.install(app, "light")
    window = MainWindow(Session(), Settings())
    window.resize(1280, 800)
    window.show()
    session = window.session
    session.open_data(Path(task.data))
    _wait(lambda: session.plan is not None)
    recipe = session.recipe.replace(
        backbone=task.backbone,
        strategy="fine_tuning",
        weights_dir=task.weights,
        run__device=task.device,
        run__epochs=EPOCHS,
        run__precision="float32",
    )
    session.change(recipe, "benchmark")
    _wait(lambda: session.plan is not None and plans.epochs(session.plan) == EPOCHS)
    tasks.wait_all(60)
    lateness: list[float] = []
    clock = _clock(lateness)
    times: list[tuple[float, float]] = []
    session.event_arrived.connect(lambda _: times.append((time.thread_time(), time.perf_counter())))
    session.start_training()
    _wait(lambda: session.state is State.READY and session.history.outcome is not None)
    clock.stop()
    computed, whole = np.subtract(times[-1], times[0])
    assert isinstance(session.history.outcome, ev.Finished), session.history.outcome
    assert session.run is not None
    last = [event for event in session.run.events() if isinstance(event, ev.EpochEnded)][-1]
    window.close()
    return Measured(
        last.seconds,
        len(session.run.split.train),
        worst=max(lateness),
        late=float(np.percentile(lateness, 99)),
        share=float(computed / whole),
    )


def _clock(lateness: list[float]) -> QTimer:
    """Notes how late each tick is, in seconds."""
    timer = QTimer(interval=TICK)
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        lateness.append(max(0.0, now - last[0] - TICK / 1000))
        last[0] = now

    timer.timeout.connect(tick)
    timer.start()
    return timer


def _wait(done: Callable[[], bool]) -> None:
    """As the program itself waits: asleep until there is something to do."""
    loop = QEventLoop()
    timer = QTimer(interval=200)
    timer.timeout.connect(lambda: done() and loop.quit())
    timer.start()
    loop.exec()
    timer.stop()
