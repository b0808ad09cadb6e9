"""The Results stage of a run that finds boxes: nothing is trained, its answers are made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.data.targets import BOXES, of_boxes
from transfergui.core.evaluation import report
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.interfaces.objective import Found
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.session.session import Session
from transfergui.gui.views.gallery_view import CardGallery
from transfergui.gui.views.sweep_view import SweepView

CLASSES = (
    "cell 0.1 0.1 0.3 0.3; dot 0.5 0.5 0.6 0.6",
    "(none)",
    "cell 0.6 0.1 0.9 0.5",
)
NONE = (0, 0, 0, 0, 0, 0)
ANSWERS = (
    ((0, 0.9, 0.1, 0.1, 0.3, 0.3), (1, 0.2, 0.5, 0.5, 0.6, 0.6)),
    ((1, 0.8, 0.4, 0.4, 0.7, 0.7), NONE),
    ((0, 0.7, 0.6, 0.1, 0.9, 0.5), NONE),
)
FITTED = (0.5,)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two of three objects found, one false alarm."""
    for number in range(len(CLASSES)):
        pixels = np.full((60, 80, 3), 90 + 40 * number, dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    samples = tuple(Sample(f"{number}.png", number) for number in range(len(CLASSES)))
    targets = of_boxes(CLASSES, ("cell", "dot"))
    parts = samples, samples, samples
    split = Split(
        str(tmp_path), "image", CLASSES, *parts, seed=0, method="split.folders", targets=targets
    )
    run = Run.create(Recipe().replace(data__path=str(tmp_path)), split, tmp_path / "run")
    objective, found = registry.objective(BOXES), Found(targets, CLASSES, FITTED)
    answers, labels = np.array(ANSWERS).reshape(len(CLASSES), -1), [0, 1, 2]
    measured = objective.measure(answers, labels, found, [1, 1, 1], {"fitted": FITTED})
    rows = prediction_rows([s.path for s in samples], labels, answers, objective, found)
    report.save(run.path, measured, rows, recipe=run.recipe, found=found)
    return run


def labelled(run: Run) -> None:
    """Write the boxes of the pictures beside them, so that the data can be opened."""
    root = Path(run.split.root)
    for number, text in enumerate(CLASSES):
        boxes = [(box.name, *box[1:]) for box in parsed_boxes(text)]
        objects = "".join(
            f"<object><name>{name}</name><bndbox><xmin>{80 * left}</xmin><ymin>{60 * top}</ymin>"
            f"<xmax>{80 * right}</xmax><ymax>{60 * bottom}</ymax></bndbox></object>"
            for name, left, top, right, bottom in boxes
        )
        size = "<size><width>80</width><height>60</height></size>"
        whole = f"<annotation><filename>{number}.png</filename>{size}{objects}</annotation>"
        (root / f"{number}.xml").write_text(whole)


@pytest.fixture
def stage(qtbot: QtBot, session: Session, run: Run) -> ResultsStage:
    stage = ResultsStage(session)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    session.open_run(run.path)
    assert tasks.wait_all()
    return stage


def test_what_cannot_hold_boxes_is_not_exported(qtbot: QtBot, session: Session, run: Run) -> None:
    run.checkpoints.mkdir(exist_ok=True)
    run.best.touch()
    stage = ExportStage(session)
    qtbot.addWidget(stage)
    session.open_run(run.path)
    assert tasks.wait_all()
    why = {card.exporter.key: card.button.toolTip() for card in stage.cards}
    assert {key for key, said in why.items() if said} == {"html", "pt2"}
    assert all(card.button.isEnabled() != bool(why[card.exporter.key]) for card in stage.cards)


def test_what_was_found_is_told_and_drawn(stage: ResultsStage) -> None:
    assert stage.head.headline.text() == "Found 2 of 3; one false alarm in 3 pictures"
    assert not stage.matrix.isVisible()
    assert stage.found.isVisible()
    names = [row[0] for row in stage.found.rows.shown]
    assert names == ["cell", "dot"]
    assert stage.grid.thumbnails.paths == ["0.png", "1.png"]
    assert [box.wrong for box in stage.grid._boxes("0.png")] == [False, True, False]
    figures = {key: f.value.text() for key, f in stage.head.figures._figures.items()}
    assert figures["found"] == "2 of 3"
    stage._show_errors_with(names.index("cell"))
    assert stage.grid.thumbnails.paths == []
    stage._show_errors_with(names.index("dot"))
    assert len(stage.grid.thumbnails.paths) == 2


def test_a_slider_tells_what_other_thresholds_find(qtbot: QtBot, stage: ResultsStage) -> None:
    stage.tabs.setCurrentIndex(1)
    assert tasks.wait_all()
    stage.views.choose("box_threshold")
    assert tasks.wait_all()
    (sweep,) = stage.views.page("box_threshold").findChildren(SweepView)
    assert "2 of 3" in sweep.said.text()
    assert not sweep.back.isEnabled()
    sweep.slider.setValue(0)
    assert "3 of 3" in sweep.said.text()
    assert sweep.chart._marked == pytest.approx((1, 3 / 4))
    sweep.slider.setValue(sweep.slider.maximum())
    assert "0 of 3" in sweep.said.text()
    assert sweep.chart._marked is None
    sweep.back.click()
    assert "2 of 3" in sweep.said.text()


def test_an_error_is_cut_out_and_its_picture_opened(qtbot: QtBot, stage: ResultsStage) -> None:
    stage.tabs.setCurrentIndex(1)
    assert tasks.wait_all()
    stage.views.choose("box_errors")
    assert tasks.wait_all()
    alarms, missed = stage.views.page("box_errors").findChildren(CardGallery)
    assert [card.item.path for card in alarms.cards] == ["1.png"]
    assert "Confidence only 20 %" in missed.cards[0].item.caption
    picture = missed.cards[0].pictures[0].pixmap()
    assert picture.width() / picture.height() == pytest.approx(80 / 60, abs=0.1)
    missed.look(0)
    assert tasks.wait_all()
    (viewer,) = missed.findChildren(SampleViewer)
    assert len(viewer.panes[0].view.boxes) == 3
    (mark,) = missed.cards[0].item.marked
    assert viewer.panes[0].view._meant == (mark,)
    assert viewer.panes[0].view.zoom > 2  # 80 pixels fit at 4 at most; the box alone is seen
    viewer.close()
    assert stage.views.cards["sample_map"].isHidden()
    assert not stage.views.cards["repeats"].isHidden()


def test_boxes_of_an_error_are_corrected_by_drawing_with_undo(
    qtbot: QtBot, stage: ResultsStage, session: Session, run: Run
) -> None:
    labelled(run)
    session.open_data_of(run)
    qtbot.waitUntil(lambda: session.dataset is not None)
    stage.tabs.setCurrentIndex(1)
    stage.views.choose("box_errors")
    assert tasks.wait_all()
    alarms, missed = stage.views.page("box_errors").findChildren(CardGallery)
    missed.look(0)
    assert tasks.wait_all()
    (viewer,) = missed.findChildren(SampleViewer)
    viewer.relabel()
    assert tasks.wait_all()
    pane = viewer.panes[0]
    assert pane.editor is not None
    assert pane.editor.drawn.current is not None
    assert pane.editor.drawn.current.name == "dot"  # the one that was missed
    assert pane.take_button.isHidden()
    pane.editor.delete.click()
    assert session.wanted.data.relabel["0.png"] == "cell 0.1 0.1 0.3 0.3"
    viewer.undo()
    assert "0.png" not in session.wanted.data.relabel
    pane.relabel_button.click()
    assert tasks.wait_all()
    assert pane.editor is None
    viewer.close()
    alarms.look(0)
    assert tasks.wait_all()
    (viewer,) = alarms.findChildren(SampleViewer)
    viewer.relabel()
    assert tasks.wait_all()
    pane = viewer.panes[0]
    pane.take_button.click()
    assert session.wanted.data.relabel["1.png"] == "dot 0.4 0.4 0.7 0.7"
    assert pane.take_button.isHidden()
    viewer.undo()
    assert "1.png" not in session.wanted.data.relabel
    assert not pane.take_button.isHidden()
    viewer.close()
