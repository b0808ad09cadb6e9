"""Boxes that are drawn in unsorted pictures: their table, and the data set that it makes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.labelling import box_table
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.examples import examples
from transfergui.core.labelling.table import LabelTable

TEXT = "cell 0.1 0.1 0.5 0.5; plate 0 0 1 1"


def test_what_is_drawn_is_kept_and_read_as_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name in ("a", "b", "c"):
        Image.fromarray(rng.integers(0, 255, (40, 60, 3), np.uint8)).save(tmp_path / f"{name}.png")
    found = examples(registry.modality("image"), str(tmp_path))
    table = LabelTable(found.root, found.modality).with_class("rod")
    table = box_table.with_boxes(table, "a.png", TEXT)
    table = box_table.with_boxes(table, "b.png", "(none)")
    assert table.classes == ("rod", "cell", "plate")
    assert box_table.counts(table) == {"rod": 0, "cell": 1, "plate": 1}
    place = box_table.place(tmp_path)
    tables.save(table, place)
    assert box_table.load(place, found.root, found.modality) == table
    data = registry.modality("image").scan(box_table.drawn_data(found, place), lambda _n: None)
    assert data.targets.objective == "boxes" and data.targets.names == ("cell", "plate")
    assert {sample.path: data.classes[sample.label] for sample in data.samples} == table.labels
    assert not box_table.with_boxes(table, "b.png", "").labels.get("b.png")


def test_a_label_that_is_no_box_is_told(tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_text("path,label\na.png,cat\n")
    with pytest.raises(UserError) as caught:
        box_table.load(tmp_path / "boxes.csv", str(tmp_path), "image")
    assert caught.value.code == "labelling.unreadable"
