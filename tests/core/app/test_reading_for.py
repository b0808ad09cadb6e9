"""Data that leave something open, which the run knows."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PIL import Image

from transfergui.core import registry
from transfergui.core.app import reading_for
from transfergui.core.base.errors import Question
from transfergui.core.data.dataset import DataOptions, Dataset


def pictures(folder: Path, *names: str) -> None:
    for at, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 32), (at * 20, 90, 200 - at * 20)).save(path)


def read(folder: Path, objective: str, classes: tuple[str, ...] = (), **learnt: str) -> Dataset:
    """The data in a folder, for a model that learnt from data with the options ``learnt``."""
    recipe = SimpleNamespace(data=SimpleNamespace(options=learnt))
    card, modality = SimpleNamespace(recipe=recipe), registry.modality("image")
    model = SimpleNamespace(card=card, modality=modality, classes=classes, renamed={})
    options = DataOptions(str(folder), objective=objective, options={"keep_untrained": True})
    return reading_for.read_for(cast("Any", model), options, scanned)


def scanned(modality: str, options: DataOptions) -> Dataset:
    return registry.modality(modality).scan(options)


def test_folders_of_numbers_are_read_as_the_run_read_its_own(tmp_path: Path) -> None:
    names = [f"{kilo} kg/{at}.png" for kilo in ("0.5", "1", "1.5") for at in range(3)]
    pictures(tmp_path, *names)
    with pytest.raises(Question):
        read(tmp_path, "number")
    dataset = read(tmp_path, "number", layout="class")
    assert {dataset.targets.values[s.label] for s in dataset.samples} == {(0.5,), (1.0,), (1.5,)}


def test_boxes_are_labels_again(tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{at}.jpg" for at in range(4)))
    images = [{"id": at, "file_name": f"{at}.jpg"} for at in range(4)]
    kinds = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    boxes = [
        {"id": n, "image_id": n % 4, "category_id": 1 + n % 3 % 2, "bbox": [1, 1, 5, 5]}
        for n in range(8)
    ]
    tree = {"images": images, "annotations": boxes, "categories": kinds}
    (tmp_path / "boxes.json").write_text(json.dumps(tree))
    for more in ({}, {"layout": "boxes"}):
        dataset = read(tmp_path, "several_labels", **more)
        assert dataset.targets.names == ("cat", "dog")
        assert len(dataset.samples) == 4


def test_the_table_and_the_column_of_the_run_are_taken_where_they_are_there(tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{at}.jpg" for at in range(8)))
    for name, shift in (("first", 0), ("second", 1)):
        rows = [
            f"{at}.jpg,{'ab'[(at + shift) % 2]},{'xyz'[(at // 2 + shift) % 3]}" for at in range(8)
        ]
        (tmp_path / f"{name}.csv").write_text("\n".join(["file,tree,state", *rows]) + "\n")
    own = {"table": "second.csv", "label_column": "state"}
    dataset = read(tmp_path, "one_class", ("x", "y", "z"), **own)
    assert (dataset.chosen["table"], dataset.chosen["label_column"]) == ("second.csv", "state")
    assert dataset.classes == ("x", "y", "z")
    with pytest.raises(Question) as asked:
        read(tmp_path, "one_class", table="third.csv")
    assert asked.value.setting == "data.options.label_column"
