"""Validation pictures with what is found in them, while a model is trained."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.core.made_boxes import make_boxes
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.gui.panels.live_examples import MOST, LiveExamples
from transfergui.gui.samples.sample_viewer import SampleViewer


def ended(epoch: int, *examples: ev.Example) -> ev.EpochEnded:
    return ev.EpochEnded(epoch, 0, 1.0, None, 1.0, 0.5, 0.1, 1.0, True, {}, examples)


def test_boxes_are_drawn_in_validation_pictures(qtbot: QtBot, tmp_path: Path) -> None:
    split = make_boxes(tmp_path / "data", 2, 8, 0)
    plan = resolve(Recipe().replace(backbone="tgnet"), split)
    run = Run.create(plan.recipe, split, tmp_path / "run")
    shown = LiveExamples()
    qtbot.addWidget(shown)
    shown.show_epochs(run, [ended(1)])
    assert shown.isHidden()
    truth = split.classes[split.val[0].label].split("; ")
    said = "; ".join(text.replace(" ", " 0.9 ", 1) for text in truth if text != "(none)")
    wrong = ev.Example(split.val[1].path, "red 0.5 0 0 0.02 0.02")
    gone = ev.Example("gone.png", "(none)")
    examples = (ev.Example(split.val[0].path, said or "(none)"), wrong, gone)
    shown.show_epochs(run, [ended(1), ended(2, *examples), ended(3)])
    qtbot.waitUntil(lambda: not shown.isHidden(), timeout=20_000)
    assert "2" in shown.heading.text()
    previews = [tile._preview for tile in shown.tiles]
    assert len(previews) == MOST and previews[2:] == [None] * (MOST - 2)
    first, second = (preview.boxes if preview else () for preview in previews[:2])
    assert not any(box.wrong for box in first)
    assert [box.score for box in second if box.predicted and box.wrong] == [0.5]
    shown.tiles[1].pressed.emit(shown.tiles[1])
    (viewer,) = shown.findChildren(SampleViewer)
    assert viewer.at == 1 and viewer.panes[0]._boxes(str(tmp_path / "data" / split.val[1].path))
    viewer.close()
    shown.show_epochs(None, [])
    assert shown.isHidden()
