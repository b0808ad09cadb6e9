"""Labels written for use elsewhere, and taken away again."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.acting.record import Record
from transfergui.core.acting.undo import undo
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.labelling import export
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.examples import examples
from transfergui.core.labelling.export import Labelled
from transfergui.core.labelling.table import LabelTable
from transfergui.core.reading.tables import label_files


@pytest.fixture
def given(tmp_path: Path) -> Labelled:
    data = TINY["image"](tmp_path / "data", per_class=8)
    found = examples(registry.modality("image"), str(data))
    table = LabelTable(found.root, "image")
    for path in found.paths:
        table = table.assigned([path], path.partition("/")[0].replace("class_", "Class: "))
    tables.save(table, tmp_path / "labels.csv")
    return export.labelled(found, tmp_path / "labels.csv")


@pytest.mark.parametrize("how", ["folders", "links"])
def test_folders_are_the_same_data_with_the_same_split(
    how: export.How, given: Labelled, tmp_path: Path
) -> None:
    act = export.planned(given, tmp_path / "out", how)
    assert not (tmp_path / "out").exists()
    outcome, record = export.written(act)
    assert (outcome.done, outcome.left) == (16, [])
    again = registry.modality("image").scan(DataOptions(path=str(tmp_path / "out")))
    assert again.classes == ("Class_ 0", "Class_ 1")  # names that Windows takes
    assert [each.split for each in again.samples].count("test") == [*given.parts.values()].count(
        "test"
    )
    with Record.open(record) as opened:
        undo(opened)
    assert not list((tmp_path / "out").rglob("*.png"))
    assert len(list((tmp_path / "data").rglob("*.png"))) == 16


def test_tables_name_each_example(given: Labelled, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "labels.csv").write_text("mine")
    for how in ("csv", "jsonl"):
        export.written(export.planned(given, tmp_path / "out", how))  # type: ignore[arg-type]
    assert (tmp_path / "out" / "labels.csv").read_text() == "mine"
    with (tmp_path / "out" / "labels (2).csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = (tmp_path / "out" / "labels.jsonl").read_text().splitlines()
    assert rows == [json.loads(line) for line in lines]
    assert rows[0] == {
        "path": "../data/class_0/00.png",
        "label": "Class: 0",
        "split": given.parts["class_0/00.png"],
    }
    again = registry.modality("image").scan(
        DataOptions(path=str(tmp_path / "data"), labels=str(tmp_path / "out" / "labels (2).csv"))
    )
    assert [each.path for each in again.samples] == [each.path for each in given.dataset.samples]
    export.written(export.planned(given, tmp_path / "data", "csv", "mine"))
    assert "\nclass_0/00.png," in (tmp_path / "data" / "mine.csv").read_text()


def test_a_folder_within_one_of_the_same_name_keeps_its_own_labels(tmp_path: Path) -> None:
    data = TINY["image"](tmp_path / "photos", per_class=2)
    shutil.copytree(data / "class_1", data / "photos" / "class_0")  # as unpacked twice
    found = examples(registry.modality("image"), str(data))
    outer, inner = "class_0/00.png", "photos/class_0/00.png"
    for labels in ({outer: "a", "class_1/00.png": "b"}, {outer: "a", "class_0/01.png": "b"}):
        tables.save(LabelTable(found.root, "image", labels=labels), tmp_path / "given.csv")
        given = export.labelled(found, tmp_path / "given.csv")
        act = export.planned(given, tmp_path, "csv")
        export.written(act)
        read = label_files.read(Path(act.steps[0].target), data)
        assert read == labels and inner not in read


def test_a_table_behind_a_link_is_found_by_every_program(given: Labelled, tmp_path: Path) -> None:
    real = tmp_path / "far" / "away" / "out"
    real.mkdir(parents=True)
    (tmp_path / "out").symlink_to(real)
    (tmp_path / "linked").symlink_to(tmp_path / "data")
    export.written(export.planned(given, tmp_path / "out", "csv"))
    with (real / "labels.csv").open(newline="") as stream:
        assert all((real / row["path"]).is_file() for row in csv.DictReader(stream))
    wanted = {each.path for each in given.dataset.samples}
    for folder in (tmp_path / "out", real):
        for root in (tmp_path / "data", tmp_path / "linked"):
            assert label_files.read(folder / "labels.csv", root).keys() == wanted


@pytest.mark.parametrize("inside", ["", "class_0/new"])
def test_copies_do_not_become_data_themselves(inside: str, given: Labelled, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        export.planned(given, tmp_path / "data" / inside, "folders")
    assert caught.value.code == "labelling.into_data"
    assert export.planned(given, tmp_path / "data", "csv").steps


def test_rows_of_a_table_become_files(tmp_path: Path) -> None:
    rows = "".join(f"The {word} house number {n}\n" for n, word in enumerate(("warm", "cold") * 6))
    (tmp_path / "remarks.csv").write_text("remark\n" + rows)
    found = examples(registry.modality("text"), str(tmp_path / "remarks.csv"))
    table = LabelTable(found.root, "text").assigned(found.paths[::2], "good")
    tables.save(table.assigned(found.paths[1::2], "bad"), tmp_path / "given.csv")
    given = export.labelled(found, tmp_path / "given.csv")
    outcome, _record = export.written(export.planned(given, tmp_path / "out", "folders"))
    assert outcome.done == 12
    (first,) = (tmp_path / "out").rglob("remarks-2.txt")
    assert (first.parent.name, first.read_text()) == ("good", "The warm house number 0")
    with pytest.raises(UserError) as caught:
        export.planned(given, tmp_path / "out", "links")
    assert caught.value.code == "labelling.rows_copied"
