"""Pictures of the window on real data, to be looked at: ``python -m tests.screenshots --out DIR``.

Drives the real window, offscreen, from the welcome to the export, with real
trainings, and saves what it sees at 1280x800 in light; a few also in dark and
at 1920x1080.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.places import DATA
from transfergui.core.base.paths import resource
from transfergui.gui.base import style, tasks
from transfergui.gui.panels.data import DataStage
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.session.states import State
from transfergui.gui.shell import app as application
from transfergui.gui.shell.main_window import MainWindow

README = {
    "live-over-another": "window.png",
    "recommended": "recommended.png",
    "data-with-problems": "data.png",
    "results": "results.png",
    "predict": "predict.png",
}
"""Which pictures the README shows, and under which names."""

SMALL, LARGE = QSize(1280, 800), QSize(1920, 1080)


class Photographer:
    """Takes pictures of a window and of its dialogs.

    Args:
        window: what is photographed.
        out: the folder for ``<number>-<name>[-dark][-large].png``.
    """

    def __init__(self, window: MainWindow, out: Path) -> None:
        self.window, self.out = window, out
        self._number = 0
        out.mkdir(parents=True, exist_ok=True)

    def shoot(self, name: str, every: bool = False) -> None:
        """One picture; with ``every``, also in dark and large."""
        self._number += 1
        stem = f"{self._number:02}-{name}"
        self._save(stem, SMALL)
        if every:
            self._save(f"{stem}-large", LARGE)
            style.theme.use("dark")
            self._save(f"{stem}-dark", SMALL)
            style.theme.use("light")

    def _save(self, stem: str, size: QSize) -> None:
        self.window.resize(size)
        settle()
        picture = self.window.grab()
        for dialog in QApplication.topLevelWidgets():
            if dialog is not self.window and dialog.isVisible() and dialog.isWindow():
                dialog.grab().save(str(self.out / f"{stem}-dialog.png"))
        picture.save(str(self.out / f"{stem}.png"))
        print(stem, flush=True)


def settle(seconds: float = 0.6) -> None:
    """Let everything that was begun arrive and be drawn."""
    wait(round(seconds * 1000))
    tasks.wait_all(60)
    wait(50)


def wait(milliseconds: int) -> None:
    """As ``QTest.qWait``, which keeps Python's lock: a training would take 100 times as long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        wait(20)


def open_folder(window: MainWindow, name: str) -> None:
    window.session.open_data(DATA / name)
    until(lambda: window.session.state is State.READY)


def train(window: MainWindow) -> None:
    window.session.start_training()
    until(lambda: window.session.state is State.READY)


def set_up(window: MainWindow, **dotted: object) -> None:
    """Change the recipe as the panels would."""
    window.session.change(window.session.recipe.replace(**dotted), "Set up")


def drive(window: MainWindow, camera: Photographer) -> None:
    """The whole way, in the order of the work."""
    session, stage = window.session, window.stage
    camera.shoot("welcome", every=True)
    session.open_data(DATA / "nowhere")
    until(lambda: session.state is State.EMPTY)
    camera.shoot("error-in-a-card")
    for name in ("audio/spoken-digits", "text/movie-reviews"):
        look_through(window, camera, name)
    open_folder(window, "images/brain-mri")
    camera.shoot("data-with-problems", every=True)
    open_folder(window, "images/clothing")
    backbone = window.cards["backbone"].panel
    press(backbone, "Change")
    camera.shoot("backbones")
    close_dialogs(window)
    training = window.cards["training"].panel
    press(training, "Advanced")
    camera.shoot("advanced")
    press(training, "Back")
    train(window)
    first = session.run
    assert first is not None
    camera.shoot("results", every=True)
    open_confusion(window)
    camera.shoot("results-a-cell-opened")
    export(window)
    camera.shoot("export")
    predict(window, DATA / "images" / "clothing" / "shirt")
    camera.shoot("predict")
    small = {"size": 96, "resize": 104}  # so that it does not take minutes
    set_up(window, strategy="fine_tuning", options={}, input=small, run__epochs=6)
    session.comparison.compare(first.path)
    session.start_training()
    until(lambda: len(session.history.epochs) >= 2)
    camera.shoot("live-over-another", every=True)
    window.stop()
    camera.shoot("stop")
    close_dialogs(window)
    session.stop("finish")
    until(lambda: session.state is State.READY)
    recommended(window, camera)
    stage.show_stage("runs")
    camera.shoot("runs")
    window.help.show_help()
    camera.shoot("help")
    close_dialogs(window)


def look_through(window: MainWindow, camera: Photographer, name: str) -> None:
    """How the data are read, what the network sees of them, and one of them large."""
    open_folder(window, name)
    stage, stem = window.stage.widget_of("data"), Path(name).name
    assert isinstance(stage, DataStage)
    stage.form.set_folded(False)
    camera.shoot(f"{stem}-read")
    stage.form.set_folded(True)
    stage.tabs.setCurrentIndex(2)
    settle()
    camera.shoot(f"{stem}-seen", every=True)
    stage.tabs.setCurrentIndex(0)
    stage.samples.thumbnails.setCurrentIndex(stage.samples.thumbnails.model().index(3, 0))
    stage.samples.look()
    settle()
    camera.shoot(f"{stem}-large")
    close_dialogs(window)


def open_confusion(window: MainWindow) -> None:
    """A click on the commonest mistake."""
    results = window.stage.widget_of("results")
    assert isinstance(results, ResultsStage)
    assert window.session.run is not None
    commonest = window.session.run.report()["confused"][0]
    results.matrix.chosen.emit((commonest["truth"], commonest["label"]))


def export(window: MainWindow) -> None:
    stage = window.stage.widget_of("export")
    assert isinstance(stage, ExportStage)
    window.stage.show_stage("export")
    until(stage.cards[1].button.isEnabled)
    with tempfile.TemporaryDirectory() as out:
        stage.cards[1].export(Path(out) / "clothing.onnx")
        until(lambda: not stage.cards[1].busy)


def recommended(window: MainWindow, camera: Photographer) -> None:
    """What it tried so far, and in the end."""
    session = window.session
    open_folder(window, "images/hand-signs")
    set_up(window, strategy="auto", options={"minutes": 3.0}, input={}, run__epochs=None)
    session.start_training()
    until(lambda: any(t.dropped == "auto.now" for t in session.history.trials[3:]))
    settle(5)
    camera.shoot("recommended", every=True)
    until(lambda: session.state is State.READY)
    window.stage.show_stage("live")
    camera.shoot("recommended-done", every=True)


def predict(window: MainWindow, folder: Path) -> None:
    stage = window.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    window.stage.show_stage("predict")
    until(lambda: stage.models.currentData() is not None)
    stage.predict([folder])
    until(lambda: len(stage.table.rows.shown) == len(list(folder.iterdir())))


def press(panel: QWidget, text: str) -> None:
    buttons = panel.findChildren(QAbstractButton)
    next(b for b in buttons if b.isVisible() and b.text().startswith(text)).click()


def close_dialogs(window: MainWindow) -> None:
    for dialog in QApplication.topLevelWidgets():
        if dialog is not window and dialog.isWindow():
            dialog.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--readme", action="store_true", help="also renew the pictures in resources/screenshots"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRANSFERGUI_HOME"] = home
        os.environ["TRANSFERGUI_WEIGHTS"] = str(DATA / "weights")
        app = QApplication([])
        window = application.open_window(app)
        style.theme.use("light")
        try:
            drive(window, Photographer(window, arguments.out))
        finally:
            window.leave()
            until(lambda: not window.session.training)
            tasks.wait_all(60)
    if arguments.readme:
        keep(arguments.out)


def keep(folder: Path) -> None:
    """Put the pictures that the README shows into ``resources``, in few colours: small files."""
    for name, kept in README.items():
        (taken,) = folder.glob(f"*-{name}.png")
        with Image.open(taken) as picture:
            small = picture.convert("RGB").quantize(256)
            small.save(resource("screenshots", kept), optimize=True)


if __name__ == "__main__":
    main()
