"""The Export stage: cards, and what became of an export, in words."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.gui import finished
from transfergui.core.base.errors import UserError
from transfergui.core.exporters import export
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.exporter import Parity
from transfergui.core.runs.run import Run
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.panels import export as panel
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.session.session import Session

GOOD = Parity(samples=64, difference=3.1e-6, agree=1.0, scale=9.0)


@pytest.fixture
def stage(qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch) -> ExportStage:
    monkeypatch.setattr(panel, "warm_up", lambda: None)
    monkeypatch.setattr(export, "export", lambda *_given: GOOD)
    stage = ExportStage(ready)
    qtbot.addWidget(stage)
    stage.show()
    run = finished.finished_run(ready.plan)
    run.checkpoints.mkdir()
    (run.checkpoints / "best.safetensors").touch()
    ready.open_run(run.path)
    assert tasks.wait_all()
    return stage


def test_there_is_a_card_for_every_format(stage: ExportStage):
    assert [card.exporter for card in stage.cards] == list(formats.EXPORTERS)
    assert all(card.button.isEnabled() for card in stage.cards)


def test_the_parity_is_told_in_words(stage: ExportStage, tmp_path: Path):
    card = stage.cards[0]
    assert not card.folder.isVisible()
    card.export(tmp_path / "a.zip")
    assert tasks.wait_all()
    assert card.result.text() == (
        "Exported and tested: 64 of 64 validation pictures get the same prediction "
        "(largest difference 0.0000031)."
    )
    assert card.folder.isVisible()


def test_how_a_file_is_used_is_shown_with_the_own_classes(
    qtbot: QtBot, stage: ExportStage, ready: Session, tmp_path: Path
):
    cards = {card.exporter.key: card for card in stage.cards}
    package, onnx = cards["package"], cards["onnx"]
    assert not package.usage.isVisible()
    for card in (package, onnx):
        card.export(tmp_path / f"shapes{card.exporter.suffix}")
        assert tasks.wait_all()
    sample = ready.run.split.test[0].path
    file = tmp_path / "shapes" / sample
    assert package.usage.isVisible()
    assert "Open a model file…" in package.usage.first.text()
    lines = package.usage.shown()
    assert [line.text.toPlainText() for line in lines] == [
        f"transfergui predict {tmp_path}/shapes.zip {file}",
        f"python -m zipfile -e {tmp_path}/shapes.zip {tmp_path}/shapes",
        "pip install numpy pillow onnxruntime",
        f"python {tmp_path}/shapes/predict.py {file}",
    ]
    assert onnx.usage.shown()[2].text.toPlainText() == (
        'session.run(["probabilities"], {"input": inputs})[0]'
    )
    stage.resize(520, 900)
    shown = lines[0].text
    block = shown.document().lastBlock()
    qtbot.waitUntil(lambda: block.layout().lineCount() > 1)  # it is wrapped, and seen to its end
    last = shown.blockBoundingGeometry(block).translated(shown.contentOffset())
    assert last.bottom() <= shown.viewport().height()
    assert (stage.width(), stage.height()) == (520, 900)
    lines[2].copy.click()
    assert QGuiApplication.clipboard().text() == "pip install numpy pillow onnxruntime"
    package.export(tmp_path / "again.zip")
    assert not package.usage.isVisible()
    assert tasks.wait_all()


def test_a_file_without_classes_is_told_to_give_features():
    parity = Parity(samples=61, difference=0.055661, agree=1.0, scale=5.91, features=True)
    assert panel.said(parity, "pictures") == (
        "Exported and tested: all 61 validation pictures give the same features "
        "(largest difference 0.056; largest feature value 5.9)."
    )


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (2.4e-8, "2e-08"), (123.4, "120"), (0.5, "0.5")]
)
def test_differences_have_two_digits(value, text):
    assert panel._short(value) == text


def test_a_refused_export_says_why(stage: ExportStage, tmp_path: Path, monkeypatch):
    def refuse(*_given: object) -> Parity:
        raise UserError("export.differs", difference="0.31", agree=91)

    monkeypatch.setattr(export, "export", refuse)
    card = stage.cards[0]
    card.export(tmp_path / "a.zip")
    assert tasks.wait_all()
    assert "outputs differ from the trained model" in card.result.text()
    assert not card.folder.isVisible()
    assert card.button.isEnabled()


def test_one_export_at_a_time(stage: ExportStage, tmp_path: Path, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(export, "export", lambda *_given: gate.wait(10) and GOOD)
    first, *others = stage.cards
    first.export(tmp_path / "a.zip")
    assert not any(card.button.isEnabled() for card in stage.cards)
    assert others[0].button.toolTip() == "Another export is running. Wait until it has finished."
    gate.set()
    assert tasks.wait_all()
    assert all(card.button.isEnabled() for card in stage.cards)


def test_what_is_trained_meanwhile_does_not_take_the_place_of_what_is_exported(
    qtbot: QtBot, stage: ExportStage, ready: Session, tmp_path: Path, monkeypatch
):
    gate = threading.Event()
    monkeypatch.setattr(export, "export", lambda *_given: gate.wait(10) and GOOD)
    card, exported = stage.cards[0], ready.run
    card.export(tmp_path / "a.zip")
    ready.start_training()
    qtbot.waitUntil(lambda: ready.training)
    assert stage._pages.currentIndex() == 1
    qtbot.waitUntil(lambda: not ready.training)
    ready.run.checkpoints.mkdir()
    ready.run.best.touch()
    stage.refresh()
    qtbot.waitUntil(lambda: not stage._look.running)
    assert stage.models.currentData() == card._run.path == exported.path
    assert card.result.text().startswith("Writing the file")
    gate.set()
    assert tasks.wait_all()
    assert card.result.text().startswith("Exported and tested")
    assert stage.models.currentData() == card._run.path == exported.path
    stage.refresh()
    assert tasks.wait_all()
    assert stage.models.currentData() == card._run.path == ready.run.path
    assert not card.result.text()


def test_the_file_gets_the_ending_of_its_format(stage: ExportStage, tmp_path: Path, monkeypatch):
    asked: list[str] = []

    def choose(_parent: object, _title: str, start: str, _filter: str) -> tuple[str, str]:
        asked.append(start)
        return str(tmp_path / "my model.v2"), ""

    made: list[Path] = []
    file_dialogs.folders.remember("export", tmp_path / "the last one.zip")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    monkeypatch.setattr(export, "export", lambda *given: made.append(given[2]) or GOOD)
    stage.cards[1].button.click()
    assert tasks.wait_all()
    suffix = stage.cards[1].exporter.suffix
    assert asked == [str(tmp_path / f"shapes{suffix}")]
    assert made == [tmp_path / f"my model.v2{suffix}"]


def test_a_run_without_a_trained_network_leaves_the_stage_empty(qtbot: QtBot, ready: Session):
    stage = ExportStage(ready)
    qtbot.addWidget(stage)
    ready.open_run(finished.finished_run(ready.plan, "cancelled").path)
    assert tasks.wait_all()
    assert stage._pages.currentIndex() == 0


def another(ready: Session) -> Run:
    """One more run with a trained network."""
    run = finished.finished_run(ready.plan)
    run.checkpoints.mkdir()
    run.best.touch()
    return run


def test_the_run_that_is_shown_is_exported_until_another_is_chosen(
    qtbot: QtBot, stage: ExportStage, ready: Session
):
    first, second = ready.run, another(ready)
    stage.refresh()
    assert tasks.wait_all()
    assert stage.models.count() == 2
    assert stage.cards[0]._run.path == first.path
    stage.models.setCurrentIndex(stage.models.place_of(second.path))
    stage.models.activated.emit(stage.models.currentIndex())
    stage.hide()
    stage.show()
    assert tasks.wait_all()
    assert stage.cards[0]._run.path == second.path  # it stays
    ready.open_run(first.path)
    assert tasks.wait_all()
    assert stage.cards[0]._run.path == first.path


def test_runs_of_the_same_network_are_told_apart(stage: ExportStage, ready: Session):
    said = stage.models.currentText()
    assert "shapes · MobileNetV2 · Feature extraction · 20" in said
    assert str(ready.run.path) in stage.models.toolTip()


def test_an_export_says_what_it_does_and_can_be_cancelled(
    stage: ExportStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun, go_on = threading.Event(), threading.Event()

    def slow(_run: Path, _key: str, _out: Path, check_cancelled: Callable[[], object]) -> Parity:
        check_cancelled()
        begun.set()
        assert go_on.wait(10)
        check_cancelled()  # ends it here
        raise AssertionError

    monkeypatch.setattr(export, "export", slow)
    card, other = stage.cards[:2]
    card.export(tmp_path / "a.zip")
    assert begun.wait(10)
    assert card.progress.cancel_button.isVisible() and "so far" in card.progress.left.text()
    assert "Other exports" in card.result.text() and not other.button.isEnabled()
    card.progress.cancel_button.click()
    assert "cancelled" in card.result.text() and not card.progress.cancel_button.isVisible()
    assert card.button.isEnabled() and other.button.isEnabled()
    go_on.set()
    assert tasks.wait_all()
    assert "cancelled" in card.result.text() and not (tmp_path / "a.zip").exists()
