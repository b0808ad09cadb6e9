"""Pictures of the window on real data, to be looked at: ``python -m tests.screenshots --out DIR``.

Drives the real window, offscreen, from the welcome to the export, with real trainings, and saves
what it sees: by default at 1280x800, some of it also at 1920x1080 and in dark. ``--size``,
``--scale``, ``--language`` and ``--dark`` show all of it otherwise; ``--only`` a part of it.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

from tests import pseudo
from tests.gui import finished
from tests.places import DATA
from transfergui.core.base import paths
from transfergui.core.base.paths import resource
from transfergui.core.runs import events as ev
from transfergui.gui.base import style, tasks
from transfergui.gui.panels.backbone import BackbonePanel
from transfergui.gui.panels.data import DataStage
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session.states import State
from transfergui.gui.shell import app as application
from transfergui.gui.shell.main_window import MainWindow

README = {
    "live-over-another": "window.png",
    "search": "recommended.png",
    "data-with-problems": "data.png",
    "results": "results.png",
    "predict": "predict.png",
}
"""Which pictures the README and the guide show, and under which names."""

SMALL, LARGE = QSize(1280, 800), QSize(1920, 1080)


class Photographer:
    """Takes pictures of a window and of its dialogs.

    Args:
        window: what is photographed.
        out: the folder for ``<number>-<name>[-dark][-large].png``.
        size: of the window.
        scheme: its colours.
    """

    def __init__(
        self, window: MainWindow, out: Path, size: QSize = SMALL, scheme: style.Scheme = "light"
    ) -> None:
        self.window, self.out, self.size, self.scheme = window, out, size, scheme
        self._number = 0
        out.mkdir(parents=True, exist_ok=True)

    def shoot(self, name: str, every: bool = False) -> None:
        """One picture; with ``every``, also in dark and large, unless another size is asked for."""
        self._number += 1
        stem = f"{self._number:02}-{name}"
        self._save(stem, self.size)
        if every and self.size == SMALL and self.scheme == "light":
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


def trained(window: MainWindow) -> Path:
    """A finished run of the clothes, which is shown; trained where there is none yet."""
    session = window.session
    if session.dataset is None or session.dataset.root != DATA / "images" / "clothing":
        open_folder(window, "images/clothing")
    known = sorted(paths.runs_dir().glob("*clothing*")) if paths.runs_dir().is_dir() else []
    if known:
        session.open_run(known[0])
        settle(1)
    else:
        train(window)
    assert session.run is not None
    return session.run.path


def set_up(window: MainWindow, **dotted: object) -> None:
    """Change the recipe as the panels would."""
    window.session.change(window.session.recipe.replace(**dotted), "Set up")


# -- what is photographed, in the order of the work


def welcome(window: MainWindow, camera: Photographer) -> None:
    camera.shoot("welcome", every=True)
    window.session.open_data(DATA / "nowhere")
    until(lambda: window.session.state is State.EMPTY)
    camera.shoot("error-in-a-card")


def empty_stages(window: MainWindow, camera: Photographer) -> None:
    """What the stages say before there is a run."""
    open_folder(window, "images/hand-signs")
    for key in ("live", "results", "predict", "export", "runs"):
        window.stage.show_stage(key)
        camera.shoot(f"empty-{key}")


def data(window: MainWindow, camera: Photographer) -> None:
    for name in ("audio/spoken-digits", "text/movie-reviews"):
        look_through(window, camera, name)
    open_folder(window, "images/brain-mri")
    camera.shoot("data-with-problems", every=True)


def cards(window: MainWindow, camera: Photographer) -> None:
    open_folder(window, "images/clothing")
    backbone = window.cards["backbone"].panel
    assert isinstance(backbone, BackbonePanel)
    backbone.change.click()
    camera.shoot("backbones")
    close_dialogs(window)
    training = window.cards["training"].panel
    assert isinstance(training, TrainingPanel)
    training.more.click()
    camera.shoot("advanced")
    training.more.click()


def results(window: MainWindow, camera: Photographer) -> None:
    trained(window)
    window.stage.show_stage("results")
    camera.shoot("results", every=True)
    stage = window.stage.widget_of("results")
    assert isinstance(stage, ResultsStage)
    stage.head.unfold(True)
    camera.shoot("results-details")
    stage.head.unfold(False)
    open_confusion(window)
    camera.shoot("results-a-cell-opened")


def objectives(window: MainWindow, camera: Photographer) -> None:
    """The results of other objectives, of small pictures that are made for it."""
    for objective in ("several_labels", "several_questions", "number"):
        folder = paths.runs_dir() / objective
        with tempfile.TemporaryDirectory() as place:
            run = finished.trained_run(objective, Path(place))
            shutil.copytree(run.path, folder)
            window.session.open_run(folder)
            settle(1)
            window.stage.show_stage("results")
            camera.shoot(f"results-{objective}")


def other_modalities(window: MainWindow, camera: Photographer) -> None:
    for name in ("audio/spoken-digits", "text/movie-reviews"):
        open_folder(window, name)
        train(window)
        window.stage.show_stage("results")
        camera.shoot(f"results-{Path(name).name}")


def export_and_predict(window: MainWindow, camera: Photographer) -> None:
    trained(window)
    export(window)
    camera.shoot("export")
    predict(window, DATA / "images" / "clothing" / "shirt")
    camera.shoot("predict")


def live(window: MainWindow, camera: Photographer) -> None:
    """Over another run, being stopped, stopped, and failed."""
    session, first = window.session, trained(window)
    small = {"size": 96, "resize": 104}  # so that it does not take minutes
    set_up(window, strategy="fine_tuning", options={}, input=small, run__epochs=6)
    session.comparison.compare(first)
    session.start_training()
    until(lambda: len(session.history.epochs) >= 2)
    camera.shoot("live-over-another", every=True)
    window.stop()
    camera.shoot("stop")
    close_dialogs(window)
    session.stop("finish")
    until(lambda: session.state is State.READY)
    window.stage.show_stage("live")
    camera.shoot("live-stopped")
    stage = window.stage.widget_of("live")
    assert isinstance(stage, LiveStage)
    session.history.outcome = ev.Failed("bug")
    stage.refresh()
    camera.shoot("live-failed")


def runs(window: MainWindow, camera: Photographer) -> None:
    trained(window)
    window.stage.show_stage("runs")
    camera.shoot("runs", every=True)


def guide(window: MainWindow, camera: Photographer) -> None:
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
    stage.tabs.setCurrentIndex(4)
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


def search(window: MainWindow, camera: Photographer) -> None:
    """What the automatic search tried so far, and in the end."""
    session = window.session
    open_folder(window, "images/hand-signs")
    set_up(window, strategy="auto", options={"minutes": 3.0}, input={}, run__epochs=None)
    session.start_training()
    until(lambda: any(t.dropped == "auto.now" for t in session.history.trials[3:]))
    settle(5)
    camera.shoot("search", every=True)
    until(lambda: session.state is State.READY)
    window.stage.show_stage("live")
    camera.shoot("search-done", every=True)


def predict(window: MainWindow, folder: Path) -> None:
    stage = window.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    window.stage.show_stage("predict")
    until(lambda: stage.models.currentData() is not None)
    stage.predict([folder])
    until(lambda: len(stage.table.rows.shown) == len(list(folder.iterdir())))


def close_dialogs(window: MainWindow) -> None:
    for dialog in QApplication.topLevelWidgets():
        if dialog is not window and dialog.isWindow():
            dialog.close()


PARTS: dict[str, Callable[[MainWindow, Photographer], None]] = {
    "welcome": welcome,
    "empty": empty_stages,
    "data": data,
    "cards": cards,
    "results": results,
    "export": export_and_predict,
    "live": live,
    "search": search,
    "modalities": other_modalities,
    "objectives": objectives,
    "runs": runs,
    "guide": guide,
}
"""What ``--only`` names, in the order of the work."""


def main() -> None:
    arguments = _arguments()
    if arguments.scale != 1:
        os.environ["QT_SCALE_FACTOR"] = str(arguments.scale)
    _speak(arguments.language)
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRANSFERGUI_HOME"] = home
        os.environ["TRANSFERGUI_WEIGHTS"] = str(DATA / "weights")
        app = QApplication([])
        window = application.open_window(app)
        scheme: style.Scheme = "dark" if arguments.dark else "light"
        style.theme.use(scheme)
        try:
            camera = Photographer(window, arguments.out, arguments.size, scheme)
            drive(window, camera, arguments.only or list(PARTS))
        finally:
            window.leave()
            until(lambda: not window.session.training)
            tasks.wait_all(60)
    if arguments.readme:
        keep(arguments.out, arguments.language)


def drive(window: MainWindow, camera: Photographer, parts: Sequence[str]) -> None:
    for name, part in PARTS.items():
        if name in parts:
            part(window, camera)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts; all by default")
    parser.add_argument("--size", type=_size, default=SMALL, help="1366x768, say")
    parser.add_argument("--scale", type=float, default=1, help="2 for 200 per cent")
    parser.add_argument("--language", default="en", help="zh_CN, or xx for a longer English")
    parser.add_argument("--dark", action="store_true", help="in dark colours")
    parser.add_argument(
        "--readme", action="store_true", help="also renew the pictures in resources/screenshots"
    )
    return parser.parse_args()


def _size(text: str) -> QSize:
    width, height = map(int, text.split("x"))
    return QSize(width, height)


def _speak(language: str) -> None:
    """Of the pseudo-language there is no catalogue."""
    os.environ["TRANSFERGUI_LANGUAGE"] = "en" if language == pseudo.NAME else language
    if language == pseudo.NAME:
        application.languages.use = lambda _app, _language="": pseudo.use()


def keep(folder: Path, language: str) -> None:
    """Put the pictures that README and guide show into ``resources``, in few colours: small files;
    those in another language than English into a folder of its own."""
    shelf = resource("screenshots", *([language] if language == "zh_CN" else []))
    shelf.mkdir(exist_ok=True)
    for name, kept in README.items():
        (taken,) = folder.glob(f"[0-9][0-9]-{name}.png")
        with Image.open(taken) as picture:
            small = picture.convert("RGB").quantize(256)
            small.save(shelf / kept, optimize=True)


if __name__ == "__main__":
    main()
