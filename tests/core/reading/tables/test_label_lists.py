"""A list for each label, as Pascal VOC keeps them."""

from pathlib import Path
from typing import Any

from PIL import Image

from transfergui.core.base import options as opt
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.targets import parsed_labels
from transfergui.core.modalities.image import files
from transfergui.core.reading.tables import label_lists

MARKS = {
    "bird_train": ["a 1", "b -1", "c -1"],
    "cat_train": ["a  1", "b  0", "c  1"],
    "bird_val": ["d -1", "e  1"],
    "cat_val": ["d  1", "e -1"],
    "bird_trainval": ["a 1", "b -1", "c -1", "d -1", "e 1"],
    "train": ["a", "b", "c"],
}


def made(root: Path, marks: dict[str, list[str]], home: str = "ImageSets/Main") -> list[str]:
    (root / home).mkdir(parents=True)
    for name, lines in marks.items():
        (root / home / f"{name}.txt").write_text("\n".join(lines) + "\n")
    return [f"{home}/{name}.txt" for name in marks]


def scanned(root: Path, **options: Any) -> Dataset:
    (root / "JPEGImages").mkdir()
    for at, name in enumerate("abcde"):
        Image.new("RGB", (32, 32), (at * 50, 0, 0)).save(root / f"JPEGImages/{name}.jpg")
    return files.scan(opt.check({"path": str(root), **options}, DataOptions))


def test_lists_are_a_table_of_labels(tmp_path: Path) -> None:
    found = label_lists.find(tmp_path, made(tmp_path, MARKS))
    assert found is not None
    assert found.table.keys == ("path", "bird", "cat", "split")
    assert list(found.table.rows.values()) == [
        ["a", "1", "1", "train"],
        ["b", "0", "0", "train"],
        ["c", "0", "1", "train"],
        ["d", "0", "1", "val"],
        ["e", "1", "0", "val"],
    ]
    (told,) = found.problems
    assert (told.code, told.values) == ("data.difficult_labels", {"count": 1})


def test_zero_beside_one_alone_is_no(tmp_path: Path) -> None:
    marks = {"bird_train": ["a 1", "b 0"], "cat_train": ["a 0", "b 1"]}
    found = label_lists.find(tmp_path, made(tmp_path, marks))
    assert found is not None
    assert not found.problems


def test_other_lists_are_none(tmp_path: Path) -> None:
    texts = {"bird_train": ["a 1", "b 7"], "cat_train": ["a 0", "b 1"], "x_val": ["see b 1 c"]}
    assert label_lists.find(tmp_path, made(tmp_path, texts)) is None


def test_the_labels_and_the_split_of_pictures_are_read(tmp_path: Path) -> None:
    made(tmp_path, MARKS)
    dataset = scanned(tmp_path)
    said = {s.path[-5]: (parsed_labels(dataset.classes[s.label]), s.split) for s in dataset.samples}
    assert {name: (list(names), split) for name, (names, split) in said.items()} == {
        "a": (["bird", "cat"], "train"),
        "b": ([], "train"),
        "c": (["cat"], "train"),
        "d": (["cat"], "val"),
        "e": (["bird"], "val"),
    }
    assert dataset.chosen["table"] == "ImageSets/Main"
    assert "data.difficult_labels" in {problem.code for problem in dataset.problems}


def test_boxes_come_before_lists(tmp_path: Path) -> None:
    made(tmp_path, MARKS)
    (tmp_path / "Annotations").mkdir()
    for name in "abcde":
        box = "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox>"
        text = f"<annotation><object><name>bird</name>{box}</object></annotation>"
        (tmp_path / f"Annotations/{name}.xml").write_text(text)
    dataset = scanned(tmp_path)
    assert (dataset.targets.objective, dataset.targets.names) == ("boxes", ("bird",))
