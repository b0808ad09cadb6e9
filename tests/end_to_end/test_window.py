"""The whole path in the real window with every kind of data: open, choose, train, look, predict,
export; real photos among them.

And the same training on the command line gives the same weights, to the bit.
"""

import csv
import functools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from tests.conftest import DATA, TINY
from tests.gui.theme import use_light_theme
from transfergui.cli import main as command_line
from transfergui.core.runs import events as ev
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels.backbone import BackbonePanel
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow

CLASSES = ("hat", "pants", "shoes")
PER_CLASS = 20
PATIENCE = 120_000
"""Milliseconds that a step may take on a busy machine."""


@dataclass(frozen=True)
class Case:
    """What is learnt from, and with which network.

    Attributes:
        per_class: good files of each class.
        bad: files that cannot be used.
        backbone, title: of the network.
        right: share of all files that must be answered rightly in the end.
    """

    folder: Path
    classes: tuple[str, ...]
    per_class: int
    backbone: str
    title: str
    right: float
    bad: tuple[str, ...] = ()

    @property
    def good(self) -> int:
        return len(self.classes) * self.per_class


def clothes(folder: Path) -> Case:
    """Three kinds of clothing, one file among them that is no picture."""
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        for path in sorted((DATA / "images" / "clothing" / name).iterdir())[:PER_CLASS]:
            shutil.copy(path, folder / name)
    (folder / "hat" / "page.jpg").write_text("<html>")
    return Case(folder, CLASSES, PER_CLASS, "squeezenet1_1", "SqueezeNet", 0.8, ("hat/page.jpg",))


def made(key: str, backbone: str, title: str, folder: Path) -> Case:
    """A small collection that is made here, with a network that is built in."""
    TINY[key](folder, per_class=PER_CLASS)
    return Case(folder, ("class_0", "class_1"), PER_CLASS, backbone, title, 0.9)


CASES = (
    pytest.param(clothes, id="photos", marks=pytest.mark.shared_data),
    *(  # from the command line, these are tried at every change
        pytest.param(functools.partial(made, *each), id=name, marks=pytest.mark.slow)
        for name, each in {
            "sounds": ("audio", "tgnet", "TGNet"),
            "texts": ("text", "word_vectors", "Word vectors"),
        }.items()
    ),
)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(DATA / "weights"))
    return request.param(tmp_path / "case")


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    use_light_theme(qapp)
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


def open_folder(qtbot: QtBot, window: MainWindow, case: Case) -> None:
    window.opening.open_path(case.folder)
    qtbot.waitUntil(lambda: window.session.plan is not None, timeout=PATIENCE)
    dataset = window.session.dataset
    assert dataset is not None
    assert dataset.classes == case.classes
    assert dataset.counts() == [case.per_class] * len(case.classes)
    assert tuple(p.path for p in dataset.problems if p.left_out) == case.bad


def choose_backbone(qtbot: QtBot, window: MainWindow, case: Case) -> None:
    panel = window.findChild(BackbonePanel)
    chooser = panel.choose()
    qtbot.waitUntil(lambda: chooser.choose(case.backbone), timeout=PATIENCE)
    click(qtbot, chooser.use)
    qtbot.waitUntil(lambda: case.title in panel.name.text(), timeout=PATIENCE)
    assert window.session.recipe.backbone == case.backbone


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
    """Points of every curve that is drawn, once somebody looks."""
    live, before = window.stage.widget_of("live"), window.stage.key
    assert isinstance(live, LiveStage)
    window.stage.show_stage("live")
    window.stage.show_stage(before)
    curves = {k: c for panel in live.plot.curves.panels for k, c in panel._curves.items()}
    xs = {key: curve.getOriginalDataset()[0] for key, curve in curves.items()}
    return {key: 0 if x is None else len(x) for key, x in xs.items()}


def look_at_results(qtbot: QtBot, window: MainWindow, case: Case) -> None:
    assert window.stage.key == "results"
    results = window.stage.widget_of("results")
    assert isinstance(results, ResultsStage)
    assert tasks.wait_all(60)
    qtbot.waitUntil(lambda: " of " in results.head.headline.text(), timeout=PATIENCE)
    assert results.classes.model().rowCount() == len(case.classes)
    first = case.classes[0]
    results.matrix.chosen.emit((first, first))
    qtbot.waitUntil(lambda: first in results.grid.heading.text(), timeout=PATIENCE)


def predict(qtbot: QtBot, window: MainWindow, case: Case, out: Path) -> None:
    stage = window.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    window.stage.show_stage("predict")
    qtbot.waitUntil(lambda: stage.models.currentData() is not None, timeout=PATIENCE)
    stage.predict([case.folder])
    files = case.good + len(case.bad)
    qtbot.waitUntil(lambda: len(stage.table.rows.shown) == files, timeout=PATIENCE)
    assert tasks.wait_all(60)
    stage.output.save(out)
    qtbot.waitUntil(out.exists, timeout=PATIENCE)


def export_all(qtbot: QtBot, window: MainWindow, folder: Path) -> list[Path]:
    stage = window.stage.widget_of("export")
    assert isinstance(stage, ExportStage)
    window.stage.show_stage("export")
    written = []
    assert tasks.wait_all(60)
    for card in stage.cards:
        qtbot.waitUntil(card.button.isEnabled, timeout=PATIENCE)
        written.append(folder / f"model{card.exporter.suffix}")
        card.export(written[-1])
        qtbot.waitUntil(lambda card=card: "Exported" in card.result.text(), timeout=PATIENCE)
    return written


def test_from_a_folder_to_a_model_that_works_elsewhere(
    qtbot: QtBot, window: MainWindow, case: Case, tmp_path: Path
) -> None:
    open_folder(qtbot, window, case)
    choose_backbone(qtbot, window, case)
    train(qtbot, window)
    epochs = len(window.session.history.epochs)
    drawn = plotted(window)
    assert drawn["val_loss"] == drawn["val_score"] == drawn["train_score"] == epochs > 1
    look_at_results(qtbot, window, case)
    run = window.session.run
    assert run is not None
    assert run.report()["accuracy"] >= 0.7
    predict(qtbot, window, case, tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as stream:
        answers = {row["path"]: row["label"] for row in csv.DictReader(stream)}
    right = sum(label == Path(path).parent.name for path, label in answers.items())
    assert right >= case.right * case.good
    assert_same_answers(run.path, export_all(qtbot, window, tmp_path), case.folder)
    assert_same_weights(run.path, case.folder, tmp_path / "again")


def assert_same_answers(run: Path, exported: list[Path], folder: Path) -> None:
    """Packages and ONNX files answer as the run does, on every file."""

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
