"""Boxes that a model found: cut out, and written for other programs, from the menu of Predict."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.core.made_boxes import NAMES, make_boxes
from transfergui.core import registry
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import box_answers
from transfergui.core.interfaces.objective import Found
from transfergui.gui.acting.act_dialog import ActDialog
from transfergui.gui.acting.act_menu import ActMenu, ToAct
from transfergui.gui.acting.box_forms import BoxFilesForm, CropForm
from transfergui.gui.base import tasks


@pytest.fixture
def opened() -> list[Path]:
    """What was opened as data."""
    return []


@pytest.fixture
def menu(qtbot: QtBot, tmp_path: Path, opened: list[Path]) -> Iterator[ActMenu]:
    """Of predictions that are the truth with a score of 0.9, and one box more of 0.2."""
    split = make_boxes(tmp_path / "pictures", 6, 0, 0)
    modality, objective = registry.modality("image"), registry.objective(BOXES)
    found = Found(split.targets, split.classes, (0.5,))
    predictions = []
    for sample in split.train:
        rows = np.reshape(split.targets.values[sample.label], (-1, 5))
        answers = np.zeros((len(rows) + 1, box_answers.ANSWER))
        answers[:-1, 0], answers[:-1, 1], answers[:-1, 2:] = rows[:, 0], 0.9, rows[:, 1:]
        answers[-1, 1:] = 0.2, 0, 0, 1, 1
        (said,) = objective.said(answers.reshape(1, -1), found)
        path = Path(split.root) / sample.path
        predictions.append(Prediction(path, answers.ravel(), said=said))
    model: Any = SimpleNamespace(
        objective=objective, found=found, modality=modality, input=modality.input_options()
    )
    corrected = {str(predictions[0].path): "green 0.1 0.1 0.5 0.5"}
    given = ToAct(model, predictions, "cells", 70, corrected)
    host = QWidget()
    qtbot.addWidget(host)
    menu = ActMenu(lambda: given, print, print, lambda _moved: None, host, open_data=opened.append)
    yield menu


def dialog_of(menu: ActMenu, to: Path) -> ActDialog:
    (dialog,) = menu.window().findChildren(ActDialog)
    assert isinstance(dialog.form, (BoxFilesForm, CropForm))
    dialog.form.to.field.setText(str(to))
    dialog._soon.stop()
    dialog._plan()
    assert tasks.wait_all()
    return dialog


def test_boxes_are_cut_out_and_undone(menu: ActMenu, tmp_path: Path) -> None:
    menu._crop()
    dialog = dialog_of(menu, tmp_path / "new" / "crops")  # neither is there
    count = len(dialog._act.steps) if dialog._act else 0
    assert count > 3 and not (tmp_path / "new").exists()
    dialog.start.click()
    assert tasks.wait_all()
    assert len(list((tmp_path / "new").rglob("*.png"))) == count
    assert str(count) in dialog.said.text() and "crops" in dialog.said.text()
    dialog.undo.click()
    assert tasks.wait_all()
    assert list((tmp_path / "new").rglob("*.png")) == []
    assert dialog.open_button.isHidden()
    dialog.close()


def test_boxes_are_saved_and_opened_as_data(
    menu: ActMenu, opened: list[Path], tmp_path: Path
) -> None:
    menu._follow()
    assert menu.boxes.isVisible() and menu.crop.isEnabled()
    menu._save_boxes()
    dialog = dialog_of(menu, tmp_path / "pictures")
    assert not dialog.start.isEnabled()  # it is not empty
    dialog = dialog_of(menu, tmp_path / "out")
    dialog.start.click()
    assert tasks.wait_all()
    tree = json.loads((tmp_path / "out/annotations/instances_all.json").read_text())
    marks = [mark for mark in tree["annotations"] if mark["image_id"] == 1]
    assert [mark["score"] for mark in marks] == [1.0]  # as it was corrected
    assert {mark["score"] for mark in tree["annotations"]} == {0.9, 1.0}
    assert [each["name"] for each in tree["categories"]] == [*NAMES, "green"]
    data = registry.modality("image").scan(DataOptions(path=str(tmp_path / "out")))
    assert data.targets.objective == BOXES and len(data.samples) == 6
    dialog.open_button.click()
    assert opened == [tmp_path / "out"]
