"""Workbooks with pictures and a summary."""

import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.core.made_answers import of, said_by
from transfergui.core.acting import spreadsheet
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem
from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.samples import Preview


def preview(path: Path) -> Preview:
    if path.name == "gone.jpg":
        raise UserError("input.vanished", path=str(path))
    return Preview("picture", np.full((20, 30, 3), 200, np.uint8))


def test_pictures_stand_beside_the_predictions(tmp_path: Path) -> None:
    found = [said_by(ONE_CLASS, name, (0.9, 0.1)) for name in ("=1.jpg", "2.jpg")]
    found.append(said_by(ONE_CLASS, "3.jpg", (0.6, 0.4)))
    found.append(Prediction(Path("gone.jpg"), problem=Problem("input.vanished", path="gone.jpg")))
    told: list[tuple[int, int]] = []
    path = tmp_path / "p.xlsx"
    answered = of(ONE_CLASS, found, "beetles")
    count = spreadsheet.write(path, answered, preview, tell=lambda *at: told.append(at))
    assert (count, told[-1]) == (3, (3, 4))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert any(name.startswith("xl/media/") for name in names)
    assert any(name.startswith("xl/charts/") for name in names)
    book = openpyxl.load_workbook(path)
    rows = list(book["predictions"].iter_rows(values_only=True))
    assert rows[0][:4] == ("picture", "path", "label", "confidence")
    assert rows[1][:4] == (None, "=1.jpg", "a", 0.9)
    assert book["predictions"]["B2"].data_type == "s"
    summary = {row[0]: row[1:3] for row in book["summary"].iter_rows(values_only=True)}
    assert summary["a"] == (3, pytest.approx(0.8))
    assert summary["Low confidence"][0] == summary["Without a prediction"][0] == 1


def test_every_objective_is_summed_up(tmp_path: Path) -> None:
    labels = [said_by(SEVERAL_LABELS, "1.jpg", (0.8, 0.95)), said_by(SEVERAL_LABELS, "2", (0.8, 0))]
    counted = spreadsheet.groups(of(SEVERAL_LABELS, labels))
    assert {name: len(sure) for name, sure in counted["Prediction"].items()} == {
        "high": 2,
        "odd": 1,
    }
    questions = [said_by(SEVERAL_QUESTIONS, "1.jpg", (0.1, 0.9, 0.7, 0.3))]
    found = spreadsheet.groups(of(SEVERAL_QUESTIONS, questions))
    assert {name: list(group) for name, group in found.items()} == {
        "size": ["high"],
        "parity": ["e"],
    }
    assert spreadsheet.groups(of(NUMBER, [said_by(NUMBER, "1.jpg", (3.0,))])) == {}
    path = tmp_path / "n.xlsx"
    spreadsheet.write(path, of(NUMBER, [said_by(NUMBER, "1.jpg", (3.0,))]), preview)
    rows = openpyxl.load_workbook(path)["summary"].iter_rows(values_only=True)
    assert ("Mean", 3) in [row[:2] for row in rows]
