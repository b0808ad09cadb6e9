"""The whole path in the real window on real photos: open, choose, train, look, predict, export.

And the same training on the command line gives the same weights, to the bit.
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from transfergui.cli import main as command_line
from transfergui.core import events as ev
from transfergui.core.trained import TrainedModel
from transfergui.gui import style, tasks
from transfergui.gui.main_window import MainWindow
from transfergui.gui.panels.backbone import BackbonePanel
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session import Session, State
from transfergui.gui.settings import Settings

CLASSES = ("hat", "pants", "shoes")
PER_CLASS = 20
PATIENCE = 120_000
"""Milliseconds that a step may take on a busy machine."""


@pytest.fixture
def clothes(tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three kinds of clothing, one file among them that is no picture; real weights at hand."""
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(shared_data / "weights"))
    folder = tmp_path / "clothes"
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        for path in sorted((shared_data / "images" / "clothing" / name).iterdir())[:PER_CLASS]:
            shutil.copy(path, folder / name)
    (folder / "hat" / "page.jpg").write_text("<html>")
    return folder


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    style.theme.install(qapp, "light")
    window = MainWindow(Session(), Settings())
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    yield window
    assert tasks.wait_all(60)
    window.close()
    qtbot.waitUntil(lambda: not window.session.training, timeout=PATIENCE)
    window.deleteLater()


def click(qtbot: QtBot, button: object) -> None:
    assert button.isEnabled(), button.toolTip()  # type: ignore[attr-defined]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def open_folder(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.open_path(folder)
    qtbot.waitUntil(lambda: window.session.plan is not None, timeout=PATIENCE)
    dataset = window.session.dataset
    assert dataset is not None
    assert dataset.classes == CLASSES
    assert dataset.counts() == [PER_CLASS] * 3
    assert [p.path for p in dataset.problems] == ["hat/page.jpg"]


def choose_backbone(qtbot: QtBot, window: MainWindow, key: str) -> None:
    panel = window.findChild(BackbonePanel)
    chooser = panel.choose()
    qtbot.waitUntil(lambda: chooser.choose(key), timeout=PATIENCE)
    click(qtbot, chooser.use)
    qtbot.waitUntil(lambda: "SqueezeNet" in panel.name.text(), timeout=PATIENCE)
    assert window.session.recipe.backbone == key


def train(qtbot: QtBot, window: MainWindow) -> None:
    click(qtbot, window.findChild(TrainingPanel).button)
    qtbot.waitUntil(lambda: window.stage.key == "live", timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: window.session.state is State.READY and window.session.history.outcome is not None,
        timeout=PATIENCE,
    )
    outcome = window.session.history.outcome
    assert isinstance(outcome, ev.Finished), outcome
    assert outcome.outcome == "done"


def plotted(window: MainWindow) -> dict[str, int]:
    """Points of every curve that is drawn."""
    live = window.stage.widget_of("live")
    assert isinstance(live, LiveStage)
    live.plot.refresh()
    curves = {k: c for panel in live.plot._panels for k, c in panel._curves.items()}
    xs = {key: curve.getOriginalDataset()[0] for key, curve in curves.items()}
    return {key: 0 if x is None else len(x) for key, x in xs.items()}


def look_at_results(qtbot: QtBot, window: MainWindow) -> None:
    assert window.stage.key == "results"
    results = window.stage.widget_of("results")
    assert isinstance(results, ResultsStage)
    assert tasks.wait_all(60)
    qtbot.waitUntil(lambda: " of " in results.headline.text(), timeout=PATIENCE)
    assert results.classes.model().rowCount() == 3
    results.matrix.chosen.emit(("hat", "hat"))
    qtbot.waitUntil(lambda: "hat" in results.grid.heading.text(), timeout=PATIENCE)


def predict(qtbot: QtBot, window: MainWindow, folder: Path, out: Path) -> None:
    stage = window.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    window.stage.show_stage("predict")
    qtbot.waitUntil(lambda: stage.models.currentData() is not None, timeout=PATIENCE)
    stage.predict([folder])
    qtbot.waitUntil(lambda: len(stage.table.rows.shown) == 3 * PER_CLASS + 1, timeout=PATIENCE)
    assert tasks.wait_all(60)
    stage.save(out)
    qtbot.waitUntil(out.exists, timeout=PATIENCE)


def export_all(qtbot: QtBot, window: MainWindow, folder: Path) -> list[Path]:
    stage = window.stage.widget_of("export")
    assert isinstance(stage, ExportStage)
    window.stage.show_stage("export")
    written = []
    assert tasks.wait_all(60)
    for card in stage.cards:
        qtbot.waitUntil(card.button.isEnabled, timeout=PATIENCE)
        written.append(folder / f"clothes{card.exporter.suffix}")
        card.export(written[-1])
        qtbot.waitUntil(lambda card=card: "Written" in card.result.text(), timeout=PATIENCE)
    return written


def test_from_a_folder_of_photos_to_a_model_that_works_elsewhere(
    qtbot: QtBot, window: MainWindow, clothes: Path, tmp_path: Path
) -> None:
    open_folder(qtbot, window, clothes)
    choose_backbone(qtbot, window, "squeezenet1_1")
    train(qtbot, window)
    epochs = len(window.session.history.epochs)
    drawn = plotted(window)
    assert drawn["val_loss"] == drawn["val_accuracy"] == drawn["train_accuracy"] == epochs > 1
    look_at_results(qtbot, window)
    run = window.session.run
    assert run is not None
    assert run.report()["accuracy"] >= 0.7
    predict(qtbot, window, clothes, tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as stream:
        answers = {row["path"]: row["label"] for row in csv.DictReader(stream)}
    right = sum(label == Path(path).parent.name for path, label in answers.items())
    assert right >= 0.8 * 3 * PER_CLASS
    assert_same_answers(run.path, export_all(qtbot, window, tmp_path), clothes)
    assert_same_weights(run.path, clothes, tmp_path / "again")


def assert_same_answers(run: Path, exported: list[Path], folder: Path) -> None:
    """Packages and ONNX files answer as the run does, on every picture."""

    def labels(source: Path) -> list[str | None]:
        model = TrainedModel.load(source)
        paths = sorted(folder.glob("*/*.*"))
        return [answer.label(model.classes) for answer in model.predict(paths)]

    wanted = labels(run)
    for path in exported:
        if path.suffix in (".zip", ".onnx"):
            assert labels(path) == wanted, path


def assert_same_weights(run: Path, folder: Path, out: Path) -> None:
    """The command line, with the recipe that the window made."""
    assert (
        command_line(
            ["train", str(folder), "--recipe", str(run / "recipe.json"), "--out", str(out)]
        )
        == 0
    )
    window, terminal = (load_file(p / "checkpoints" / "best.safetensors") for p in (run, out))
    assert window.keys() == terminal.keys()
    assert not [name for name in window if not torch.equal(window[name], terminal[name])]
