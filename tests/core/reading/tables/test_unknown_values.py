"""Cells that say that something is not known: ``NA``, ``unknown``."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.modalities.image import files


def scanned(root: Path, cells: list[str], name: str = "kind", **options: Any) -> Dataset:
    for at in range(len(cells)):
        Image.new("RGB", (32, 32), (at * 4, 255 - at * 4, at)).save(root / f"{at}.png")
    rows = [f"{at}.png,{cell}" for at, cell in enumerate(cells)]
    (root / "table.csv").write_text("\n".join([f"file,{name}", *rows]) + "\n")
    return files.scan(opt.check({"path": str(root), **options}, DataOptions))


@pytest.mark.parametrize(
    ("options", "cells"),
    [
        ({}, ["oak", "elm", "NA"]),
        ({"objective": "several_labels"}, ["oak|elm", "elm", "NA"]),
    ],
)
def test_a_class_that_may_say_that_nobody_knows_is_noted(
    tmp_path: Path, options: dict[str, Any], cells: list[str]
) -> None:
    dataset = scanned(tmp_path, cells * 6, **options)
    (told,) = (p for p in dataset.problems if p.code == "data.unknown_class")
    assert (told.path, told.values["count"], told.left_out) == ("NA", 6, False)
    dataset = scanned(tmp_path, cells * 6, **options, options={"leave_out": "NA"})
    assert "NA" not in (*dataset.classes, *dataset.targets.names)
    assert not [p for p in dataset.problems if p.code == "data.unknown_class"]


@pytest.mark.parametrize("word", ["NA", "unknown", "missing", "n/a", "-", "None"])
def test_numbers_are_found_though_many_are_missing(tmp_path: Path, word: str) -> None:
    cells = [word if at % 3 == 0 else f"{at * 1.37:.2f}" for at in range(30)]
    with pytest.raises(Question) as asked:
        scanned(tmp_path, cells, "weight")
    assert asked.value.code == "data.only_numbers"
    dataset = scanned(tmp_path, cells, "weight", objective="number")
    assert len(dataset.samples) == 20
    (told,) = (p for p in dataset.problems if p.left_out and p.code.startswith("rows."))
    assert (told.code, told.values["count"]) == ("rows.no_number", 10)


def test_other_words_among_numbers_are_no_missing_numbers(tmp_path: Path) -> None:
    cells = ["many" if at % 3 == 0 else f"{at * 1.37:.2f}" for at in range(30)]
    dataset = scanned(tmp_path, cells, "weight", objective="number")
    assert {p.code for p in dataset.problems if p.left_out} == {"rows.not_a_number"}
