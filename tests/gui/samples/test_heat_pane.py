"""Where the model looks, and what is like a sample, beside it in the viewer."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from transfergui.core.runs.run import Run
from transfergui.core.views.insight import insight_of
from transfergui.gui.base import tasks
from transfergui.gui.panels.data import DataStage
from transfergui.gui.pictures.picture_view import PictureView
from transfergui.gui.samples.heat_pane import HeatPane
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem
from transfergui.gui.samples.similar import SimilarDialog
from transfergui.gui.session.session import Session


@pytest.fixture
def viewer(qtbot: QtBot, trained: Callable[[str], Run]) -> SampleViewer:
    run = trained("one_class")
    insight = insight_of(run.path)
    assert insight.result is not None
    looks = [ViewedItem((sample.path,)) for sample in run.split.test[:2]]
    get = functools.partial(insight_of, run.path)
    viewer = SampleViewer(insight.decode, insight.result.root, looks, insight=get)
    qtbot.addWidget(viewer)
    viewer.show()
    return viewer


def wait() -> None:
    for _task in ("explain", "decode"):
        assert tasks.wait_all(60)


def test_heat_is_shown_from_sample_to_sample(viewer: SampleViewer) -> None:
    assert viewer.insight is not None
    heat, strip = viewer.insight.heat, viewer.insight.strip
    assert heat.isHidden() and strip.isHidden()
    viewer.where_it_looks()
    wait()
    assert isinstance(heat.view, PictureView)
    first = heat.lines.texts()
    assert first
    assert heat.output.count() == 2
    chosen = heat.output.currentIndex()
    heat.output.setCurrentIndex(1 - chosen)
    heat.output.activated.emit(1 - chosen)
    wait()
    assert heat.output.currentIndex() == 1 - chosen
    viewer.next()
    wait()
    assert isinstance(heat.view, PictureView)
    viewer.where_it_looks()
    assert heat.isHidden()


def test_similar_training_samples_stand_below(
    viewer: SampleViewer, trained: Callable[[str], Run]
) -> None:
    assert viewer.insight is not None
    viewer.because()
    wait()
    train = {sample.path for sample in trained("one_class").split.train}
    found = viewer.insight.strip.thumbnails.paths
    assert len(found) == 8
    assert set(found) <= train


def test_similar_samples_are_found_before_training(
    qtbot: QtBot, stage: DataStage, ready: Session
) -> None:
    wait()
    path = stage.samples.thumbnails.paths[0]
    stage.samples.thumbnails.choose(path)
    stage.samples.look_for_similar()
    wait()
    dialog = next(each for each in _dialogs(stage) if each.isVisible())
    found = dialog.grid.thumbnails.paths
    assert found[0] == path
    assert len(set(found)) == len(found) == 24
    dialog.close()


def _dialogs(parent: QWidget) -> list[SimilarDialog]:
    return parent.findChildren(SimilarDialog)


def test_a_model_that_cannot_be_read_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    pane = HeatPane(functools.partial(insight_of, tmp_path / "gone"))
    qtbot.addWidget(pane)
    pane.show_sample(tmp_path / "a.png")
    wait()
    assert str(tmp_path / "gone") in pane.waiting.text()
