"""Predictions stand beside the rows of the user's own tables, never beside other ones."""

import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tests.workbooks import workbook
from transfergui.core import registry
from transfergui.core.app import predicting
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.modalities.text.transforms import load
from transfergui.core.reading.given import unfolded
from transfergui.core.trained import TrainedModel


class Model:
    """Answers at once.

    Attributes:
        before: called before each sample is read.
    """

    classes = ("a", "b")

    def __init__(self, modality: str) -> None:
        self.modality = registry.modality(modality)
        self.input: Options = self.modality.input_options()
        self.before: Any = lambda path: None

    def predict(self, paths: Iterable[Path]) -> Iterator[Prediction]:
        for path in paths:
            self.before(path)
            yield Prediction(path, np.array([0.25, 0.75]))


def predicted(model: Model, *paths: Path) -> list[Prediction]:
    given = unfolded(paths, model.modality)
    files = list(model.modality.list_files(given.paths, model.input))
    return list(predicting.predict(cast(TrainedModel, model), given, files))


def cells(prediction: Prediction) -> list[dict[str, str]]:
    return [dict(zip(row.names, row.cells, strict=True)) for row in prediction.own]


TABLE = "id;text;mood\n1;It was lovely today;good\n2;It was dreary;bad;extra\n"


def test_a_row_of_a_table_keeps_all_its_cells(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    first, second = predicted(Model("text"), tmp_path / "t.csv")
    assert str(first.path).endswith("t.csv#2")
    assert cells(first) == [{"id": "1", "text": "It was lovely today", "mood": "good"}]
    (row,) = cells(second)
    assert row == {"id": "2", "text": "It was dreary", "mood": "bad", "4": "extra"}


def test_a_row_without_a_text_is_a_row_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text,who\n1,It was lovely,Ann\n2, ,Bob\n,,\n")
    found = predicted(Model("text"), tmp_path / "t.csv")
    assert [cells(each)[0]["who"] for each in found] == ["Ann", "Bob"]
    with pytest.raises(UserError) as caught:
        load(found[1].path, TextInput(assets=str(tmp_path)))
    assert caught.value.code == "text.no_text"


def test_rows_of_a_workbook_and_of_a_folder_of_tables(tmp_path: Path) -> None:
    rows = [["id", "text"], ["7", "It was lovely"]]
    workbook(tmp_path / "d" / "w.xlsx", One=rows, Two=[rows[0], ["8", "It was dreary"]])
    (tmp_path / "d" / "plain.txt").write_text("It is fine")
    model = Model("text")
    model.input = TextInput(text_column="text")
    found = predicted(model, tmp_path / "d")
    assert [cells(each) for each in found] == [
        [],
        [{"id": "7", "text": "It was lovely"}],
        [{"id": "8", "text": "It was dreary"}],
    ]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name in ("1.png", "2.png"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_rows_of_a_table_that_names_files(pictures: Path) -> None:
    table = pictures / "list.csv"
    table.write_text("file,patient\n1.png,Ann\n2.png,Bob\n1.png,Eve\ngone.png,Max\n")
    (pictures / "more.csv").write_text("file,age\n2.png,50\n")
    one, two = predicted(Model("image"), table, pictures / "more.csv")
    assert cells(one) == [{"file": "1.png", "patient": p} for p in ("Ann", "Eve")]
    assert cells(two) == [{"file": "2.png", "patient": "Bob"}, {"file": "2.png", "age": "50"}]


def test_a_table_in_a_zip_keeps_its_rows_when_the_folder_is_gone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("t.csv", TABLE)
    first, _second = predicted(Model("text"), tmp_path / "z.zip")
    assert str(first.name).endswith("t.csv#2")
    first.path.parent.joinpath("t.csv").unlink()
    assert cells(first)[0]["mood"] == "good"


def test_a_table_that_changes_meanwhile_is_told(tmp_path: Path) -> None:
    table, model = tmp_path / "t.csv", Model("text")
    table.write_text(TABLE)

    def change(path: Path) -> None:
        if str(path).endswith("#3"):
            table.write_text(TABLE.replace("lovely", "so very lovely"))

    model.before = change
    first, second = predicted(model, table)
    assert first.probabilities is not None and cells(first)
    assert second.problem is not None and second.problem.code == "predict.changed"
    assert second.probabilities is None and not second.own


def test_another_model_is_only_set_beside_the_same_file(pictures: Path) -> None:
    files = [pictures / "1.png", pictures / "2.png"]
    earlier = {predicting.key(each): each for each in predicted(Model("image"), *files)}
    os.utime(files[1], ns=(1, 1))
    one, two = predicted(Model("image"), *files)
    assert predicting.beside(one, earlier) is earlier[str(files[0])]
    other = predicting.beside(two, earlier)
    assert other is not None and other.problem is not None
    assert other.problem.code == "predict.changed_since"
    assert predicting.beside(one, {}) is None
