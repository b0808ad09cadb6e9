"""Columns of yes and no as the world writes them: -1, blanks, few of them, beside other columns."""

import json
from pathlib import Path

import pytest

from tests.core.reading.tables.test_predicted import codes, made, said, scan, text_scan
from transfergui.core.base.errors import Question
from transfergui.core.data.dataset import Dataset
from transfergui.core.reading.parsing import numbers


@pytest.mark.parametrize("no", ["-1", "-1.0", "0"])
def test_minus_one_beside_one_alone_is_no(tmp_path: Path, no: str) -> None:
    """As CelebA writes it."""
    cells = ["1,{}", "{},{}", "1,1", "{},1"]
    found = scan(made(tmp_path, ["image_id,Bald,Male", *(row.replace("{}", no) for row in cells)]))
    assert found.targets.names == ("Bald", "Male")
    assert said(found) == ["Bald", "(none)", "Bald; Male", "Male"]
    assert codes(found) == {"data.without_labels": 1}


def test_minus_one_beside_one_and_zero_is_unknown(tmp_path: Path) -> None:
    """As CheXpert, and the test labels of Kaggle's toxic comments, write it."""
    rows = ["1,0", "0,0", "-1,-1", "1,1", "0,-1", "0,1"]
    found = scan(made(tmp_path, ["file,edema,mass", *rows]))
    assert sorted({s.path: found.classes[s.label] for s in found.samples}.items()) == [
        ("0.jpg", "edema"),
        ("1.jpg", "(none)"),
        ("3.jpg", "edema; mass"),
        ("5.jpg", "mass"),
    ]
    assert codes(found)["rows.unknown_mark"] == 2


def test_empty_cells_beside_no_are_told_and_rows_of_them_left_out(tmp_path: Path) -> None:
    rows = ["1,0", "0,0", ",", "1,", "0,1", "nan,1"]
    found = scan(made(tmp_path, ["file,edema,mass", *rows]))
    assert [s.path for s in found.samples] == ["0.jpg", "1.jpg", "3.jpg", "4.jpg", "5.jpg"]
    told = codes(found)
    assert (told["rows.no_label"], told["rows.empty_marks"]) == (1, 2)
    crosses = scan(made(tmp_path, ["file,edema,mass", "x,", ",", "x,x", ",x"]))
    assert said(crosses) == ["edema", "(none)", "edema; mass", "mass"]
    assert "rows.empty_marks" not in codes(crosses)


def test_what_is_neither_yes_nor_no_is_counted(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,edema,mass", *["1,0", "0,maybe", "1,1", "0,1"]])
    found = scan(folder, objective="several_labels", predict=["edema", "mass"])
    assert (found.targets.names, codes(found)["rows.unknown_mark"]) == (("edema", "mass"), 1)


def test_labels_that_few_rows_have(tmp_path: Path) -> None:
    """Most rows are none of them: toxic comments, finds of an inspection."""
    rows = [*["0,0,0"] * 16, "1,0,0", "1,1,0", "0,0,1", "1,0,0"]
    found = scan(made(tmp_path, ["file,toxic,threat,insult", *rows]))
    assert found.targets.names == ("insult", "threat", "toxic")
    assert codes(found)["data.without_labels"] == 16


def test_few_labels_of_texts(tmp_path: Path) -> None:
    rows = [f"a long text number {n},{int(n == 3)},{int(n in (3, 4))}" for n in range(20)]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["comment_text,toxic,threat", *rows]))
    found = text_scan(table)
    assert found.targets.names == ("threat", "toxic")
    assert codes(found)["data.without_labels"] == 18


def test_parts_of_which_one_has_a_single_label(tmp_path: Path) -> None:
    for part, rows in (("train", ["1,0", "0,1", "0,0", "1,1"]), ("test", ["0,0", "1,0"])):
        (tmp_path / part).mkdir()
        for n in range(len(rows)):
            (tmp_path / part / f"{part}{n}.jpg").write_text(f"{part} {n}")
        cells = [f"{part}{n}.jpg,{row}" for n, row in enumerate(rows)]
        (tmp_path / part / "_classes.csv").write_text("\n".join(["filename,Cat,Dog", *cells]))
    found = scan(tmp_path)
    assert sorted((s.path, s.split, found.classes[s.label]) for s in found.samples) == [
        ("test/test0.jpg", "test", "(none)"),
        ("test/test1.jpg", "test", "Cat"),
        ("train/train0.jpg", "train", "Cat"),
        ("train/train1.jpg", "train", "Dog"),
        ("train/train2.jpg", "train", "(none)"),
        ("train/train3.jpg", "train", "Cat; Dog"),
    ]


def test_numbers_of_parts_are_written_alike(tmp_path: Path) -> None:
    """Alone, 1.234 would be decimals."""
    for part, rows in (("train", ["1.234,5", "2.000,5", "1.100,0"]), ("test", ["1.234", "2.345"])):
        (tmp_path / part).mkdir()
        for n in range(len(rows)):
            (tmp_path / part / f"{part}{n}.jpg").write_text(f"{part} {n}")
        cells = [f"{part}{n}.jpg;{row}" for n, row in enumerate(rows)]
        (tmp_path / part / "weights.csv").write_text("\n".join(["file;weight", *cells]))
    found = scan(tmp_path, objective="number")
    assert {s.path: found.classes[s.label] for s in found.samples if s.split == "test"} == {
        "test/test0.jpg": "1234",
        "test/test1.jpg": "2345",
    }


def test_marks_beside_words_are_one_of_the_answers(tmp_path: Path) -> None:
    """CheXpert: sex and position are words, the findings are marks, of which one is called so."""
    rows = ["m,1,0,1", "f,0,0,0", "m,0,1,1", "f,1,0,0", "f,1,1,0", "m,0,1,1"]
    folder = made(tmp_path, ["file,sex,No Finding,Edema,Mass", *rows])
    with pytest.raises(Question) as asked:
        scan(folder)
    assert asked.value.guess == "No Finding, Edema, Mass"
    found = scan(folder, label_column=asked.value.guess)
    assert found.targets.names == ("Edema", "Mass", "No Finding")


def test_marks_or_a_column_of_words_is_asked(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,kind,spam,ad", *["news,1,0", "blog,0,0", "news,1,1"] * 2])
    with pytest.raises(Question) as asked:
        scan(folder, objective="several_labels")
    assert (asked.value.code, set(asked.value.choices)) == (
        "data.which_labels",
        {"kind", "spam, ad"},
    )
    found = scan(folder, objective="several_labels", label_column="spam, ad")
    assert found.targets.names == ("ad", "spam")


def test_numbers_are_among_the_answers_to_which_column(tmp_path: Path) -> None:
    """A table of houses: the price is no class."""
    rows = [f"{city},{100 + n * n},{n % 3}" for n, city in enumerate(["Ulm", "Bonn"] * 8)]
    with pytest.raises(Question) as asked:
        scan(made(tmp_path, ["file,city,price,rooms", *rows]))
    assert asked.value.code == "data.which_column"
    assert "price" in asked.value.choices
    with pytest.raises(Question) as then:
        scan(tmp_path, label_column="price")
    assert (then.value.code, then.value.guess) == ("data.class_or_number", "number")


def test_numbers_beside_pictures_in_a_folder_of_their_own_are_asked_about(tmp_path: Path) -> None:
    """Before, the folder ``images`` was offered as the only class, and the table not mentioned."""
    (tmp_path / "images").mkdir()
    prices = ["$350,100", "$99,200", "$420,000", "$180,750"]
    for n in range(len(prices)):
        (tmp_path / "images" / f"{n}.jpg").write_text(f"file {n}")
    rows = [f'images/{n}.jpg,"{price}"' for n, price in enumerate(prices)]
    (tmp_path / "houses.csv").write_text("\n".join(["image,price", *rows]))
    with pytest.raises(Question) as asked:
        scan(tmp_path)
    assert (asked.value.code, list(asked.value.choices)) == ("data.only_numbers", ["number"])
    found = scan(tmp_path, objective="number")
    assert said_of(found) == ["350100", "99200", "420000", "180750"]


def said_of(found: Dataset) -> list[str]:
    return [found.classes[s.label] for s in found.samples]


@pytest.mark.parametrize(("count", "name"), [(1, "x"), (30, "x"), (1, "x#")])
def test_folders_of_many_numbers_with_gaps_are_asked_about(
    tmp_path: Path, count: int, name: str
) -> None:
    """Ages, however many pictures there are of each; not the numbers of classes."""
    for age in range(20, 35):
        (tmp_path / str(age)).mkdir()
        for n in range(count):
            (tmp_path / str(age) / f"{name}{n}.jpg").write_text(f"{age} {n}")
    with pytest.raises(Question) as asked:
        scan(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("data.classes_or_number", "number")
    assert scan(tmp_path, objective="one_class").classes[0] == "20"
    assert scan(tmp_path, objective="number").targets.names == ("number",)


def test_class_numbers_without_gaps_are_classes(tmp_path: Path) -> None:
    rows = [str(n % 15) for n in range(90)]
    found = scan(made(tmp_path, ["file,label", *rows]))
    assert (found.targets.objective, len(found.classes)) == ("one_class", 15)
    other = tmp_path / "ages"
    other.mkdir()
    with pytest.raises(Question) as asked:
        scan(made(other, ["file,target", *[str(20 + n % 15) for n in range(90)]]))
    assert asked.value.code == "data.class_or_number"


def test_a_label_left_out_leaves_the_others_and_one_that_is_none_yet_the_row(
    tmp_path: Path,
) -> None:
    rows = ["cat;dog", "dog", "No Finding", "cat", "to be determined", "cat;to be determined"] * 2
    folder = made(tmp_path, ["file,tags", *rows])
    found = scan(folder, objective="several_labels", leave_out="No Finding|to be determined")
    assert said(found) == ["cat; dog", "dog", "(none)", "cat", "cat"] * 2
    assert found.chosen["leave_out"] == "No Finding|to be determined"
    told = {p.path: (p.code, p.left_out) for p in found.problems if "left_out" in p.code}
    assert told == {
        "No Finding": ("data.left_out_label", False),
        "to be determined": ("data.left_out_class", True),
    }
    assert all(problem.sentence() for problem in found.problems)


def test_a_row_for_each_label_of_a_text(tmp_path: Path) -> None:
    rows = [f"a text of some words number {n},{tag}" for n in (1, 2, 3) for tag in ("cat", "dog")]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["text,label", *rows[:-1], "another text of some words,dog"]))
    found = text_scan(table, objective="several_labels")
    assert sorted(said_of(found)) == ["cat", "cat; dog", "cat; dog", "dog"]
    assert codes(found)["text.united"] == 4


def test_boxes_say_several_labels(tmp_path: Path) -> None:
    """As COCO: all classes that occur are labels, none is an answer."""
    for n in range(4):
        (tmp_path / f"{n}.jpg").write_text(f"file {n}")
    images = [{"id": n, "file_name": f"{n}.jpg"} for n in range(4)]
    boxes = [(0, 1), (0, 2), (1, 2), (2, 1)]
    marks = [{"image_id": at, "category_id": c, "bbox": [0, 0, 1, 1]} for at, c in boxes]
    kinds = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    tree = {"images": images, "annotations": marks, "categories": kinds}
    (tmp_path / "labels.json").write_text(json.dumps(tree))
    found = scan(tmp_path, objective="several_labels", layout="boxes")
    assert said_of(found) == ["cat; dog", "dog", "cat", "(none)"]


def test_indian_thousands_and_numbers_that_cannot_be_trained() -> None:
    how = numbers.written(["12,34,567", "1,23,456.5"])
    assert [how.value(cell) for cell in ("12,34,567", "1,23,456.5")] == [1234567, 123456.5]
    assert how.value("12,3,456") is None
    assert [how.value(cell) for cell in ("1e30", "1e31", "-1e39")] == [1e30, None, None]


def test_a_list_with_the_count_above_and_no_name_for_the_files(tmp_path: Path) -> None:
    """CelebA's ``list_attr_celeba.txt``."""
    folder = made(tmp_path, ["x", "1", "2", "3"])
    (folder / "table.csv").unlink()
    rows = ["0.jpg  1 -1", "1.jpg -1 -1", "2.jpg  1  1"]
    (folder / "list_attr.txt").write_text("\n".join(["3", "Bald Male ", *rows, ""]))
    found = scan(folder)
    assert (found.targets.names, said(found)) == (
        ("Bald", "Male"),
        ["Bald", "(none)", "Bald; Male"],
    )


def test_marks_of_all_or_of_no_row_are_told(tmp_path: Path) -> None:
    rows = [f"{n % 2},{n // 2 % 2},0,1" for n in range(8)]
    found = scan(made(tmp_path, ["file,a,b,never,always", *rows]))
    assert found.targets.names == ("a", "b")
    told = {p.path: p.code for p in found.problems if p.code.startswith("data.label_of")}
    assert told == {"never": "data.label_of_none", "always": "data.label_of_all"}
    table = tmp_path / "t.csv"
    table.write_text(
        "\n".join(["text,a,b,never", *(f"some words {n},{r[:5]}" for n, r in enumerate(rows))])
    )
    assert "data.label_of_none" in codes(text_scan(table))


@pytest.mark.parametrize(
    ("cells", "told"),
    [(["1.234", "5.678"], 1.234), (["1,234", "5,678"], 1234), (["1.234", "5.6"], None)],
)
def test_numbers_that_can_be_read_in_two_ways_are_told(
    tmp_path: Path, cells: list[str], told: float | None
) -> None:
    folder = made(tmp_path, ["file;weight", *[""] * 4])
    rows = [f"{n}.jpg;{cells[n % 2]}" for n in range(4)]
    (folder / "table.csv").write_text("\n".join(["file;weight", *rows]))
    found = scan(folder, objective="number")
    values = {p.code: p.values.get("value") for p in found.problems}
    assert values.get("data.unclear_decimal") == told
    assert "data.unclear_decimal" not in codes(scan(folder, objective="number", decimal="."))


def test_a_label_that_says_none_is_told(tmp_path: Path) -> None:
    rows = ["cat|dog", "No Finding", "cat", "dog", "cat|dog", "No Finding", "cat|dog"]
    folder = made(tmp_path, ["file,Finding Labels", *rows])
    assert codes(scan(folder))["data.label_none"] == 2
    assert "data.label_none" not in codes(scan(folder, leave_out="No Finding"))


def test_few_numbers_as_classes_are_told(tmp_path: Path) -> None:
    found = scan(made(tmp_path, ["file,rating", *["1", "2", "3", "4", "5"] * 3]))
    assert (found.targets.objective, len(found.classes)) == ("one_class", 5)
    assert "data.classes_are_numbers" in codes(found)
    (tmp_path / "table.csv").write_text(
        "\n".join(["file,rating", *(f"{n}.jpg,{n % 3}" for n in range(15))])
    )
    assert "data.classes_are_numbers" not in codes(scan(tmp_path))
