"""Tables that say more than one class: several labels, several questions, a number."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.workbooks import workbook
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.modalities.text import files as texts
from transfergui.core.reading import scanning
from transfergui.core.reading.media import Media
from transfergui.core.reading.sources.wanted import Wanted

FILES = Media("image", Wanted("pictures", frozenset({".jpg"})), lambda path: ())


def options(path: Path, **said: Any) -> DataOptions:
    own = {name: said.pop(name) for name in ("objective", "predict", "test") if name in said}
    return opt.check({"path": str(path), "options": said, **own}, DataOptions)


def scan(path: Path, **said: Any) -> Dataset:
    return scanning.scan(options(path, **said), FILES, lambda count: None)


def made(folder: Path, rows: list[str], name: str = "table.csv") -> Path:
    """A folder of files that are all different, and a table of them: ``{n}.jpg,...``."""
    for n in range(len(rows) - 1):
        (folder / f"{n}.jpg").write_text(f"file {n}")
    cells = [rows[0], *(f"{n}.jpg,{row}" for n, row in enumerate(rows[1:]))]
    (folder / name).write_text("\n".join(cells))
    return folder


def said(dataset: Dataset) -> list[str]:
    """The class of each sample, by the number of its file."""
    by_path = {s.path: dataset.classes[s.label] for s in dataset.samples}
    return [by_path[path] for path in sorted(by_path, key=lambda path: int(path.split(".")[0]))]


def codes(dataset: Dataset) -> dict[str, Any]:
    assert all(problem.sentence() for problem in dataset.problems)
    return {problem.code: problem.values.get("count") for problem in dataset.problems}


# -- several labels

TAGS = ["cat;dog", "cat", "", "dog;cat", "bird", "bird;cat", "dog", "cat;dog;bird"]
SAID = ["cat; dog", "cat", "(none)", "cat; dog", "bird", "bird; cat", "dog", "bird; cat; dog"]


@pytest.mark.parametrize("between", [";", "|", ", "])
def test_labels_in_one_column(tmp_path: Path, between: str) -> None:
    rows = [f'"{tags.replace(";", between)}"' for tags in TAGS]
    found = scan(made(tmp_path, ["file,tags", *rows]))
    assert found.targets.objective == "several_labels"
    assert found.targets.names == ("bird", "cat", "dog")
    assert said(found) == SAID
    assert found.chosen["separator"] == between.strip()
    assert {";", ",", "|", "-"} <= found.choices["separator"].keys()
    assert codes(found)["data.without_labels"] == 1
    means = [found.targets.values[s.label] for s in found.samples]
    assert means == [(1, 2), (1,), (), (1, 2), (0,), (0, 1), (2,), (0, 1, 2)]


def test_the_separator_can_be_said(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,tags", *(tags.replace(";", "/") for tags in TAGS)])
    assert said(scan(folder, separator="/")) == SAID
    whole = scan(folder, objective="several_labels", separator="-")
    assert said(whole)[0] == "cat/dog"
    assert whole.chosen["separator"] == "-"


def test_a_slip_in_one_row_makes_no_several_labels(tmp_path: Path) -> None:
    rows = ["cat", "dog"] * 9 + ["cat;dog"]
    found = scan(made(tmp_path, ["file,kind", *rows]))
    assert (found.targets.objective, found.classes) == ("one_class", ("cat", "dog"))
    assert codes(found)["rows.several_labels"] == 1
    several = scan(tmp_path, objective="several_labels")
    assert said(several)[-1] == "cat; dog"


HOT = ["1,0,1", "0,1,0", "0,0,0", "1,1,0", "1,0,0", "0,0,1"]


def test_columns_of_marks_are_labels(tmp_path: Path) -> None:
    """As Roboflow writes them."""
    folder = made(tmp_path, ["filename, cat, dog, bird", *HOT], "_classes.csv")
    found = scan(folder)
    assert found.targets.names == ("bird", "cat", "dog")
    assert said(found) == ["bird; cat", "dog", "(none)", "cat; dog", "cat", "bird"]
    assert "separator" not in found.chosen


def test_columns_of_one_mark_in_each_row_are_one_class(tmp_path: Path) -> None:
    rows = ["1,0,0", "0,1,0", "0,0,1"] * 3
    found = scan(made(tmp_path, ["filename,cat,dog,bird", *rows]))
    assert (found.targets.objective, found.classes) == ("one_class", ("bird", "cat", "dog"))
    asked = scan(tmp_path, objective="several_labels")
    assert (asked.targets.objective, said(asked)) == ("several_labels", said(found))


def test_tables_of_parts_are_read_alike(tmp_path: Path) -> None:
    """The test table marks one column in each row by chance."""
    for part, rows in (("train", HOT), ("test", ["1,0,0", "0,1,0", "0,0,1"])):
        (tmp_path / part).mkdir()
        for n in range(len(rows)):
            (tmp_path / part / f"{part}{n}.jpg").write_text(f"{part} {n}")
        cells = [f"{part}{n}.jpg,{row}" for n, row in enumerate(rows)]
        (tmp_path / part / "_classes.csv").write_text("\n".join(["filename,cat,dog,bird", *cells]))
    found = scan(tmp_path)
    assert found.targets.objective == "several_labels"
    assert [s.split for s in found.samples] == ["test"] * 3 + ["train"] * 6
    assert codes(found) == {"data.without_labels": 1}


def test_a_row_for_each_label_of_a_file(tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / f"{n}.jpg").write_text(f"file {n}")
    rows = ["0.jpg,cat", "0.jpg,dog", "1.jpg,dog", "2.jpg,cat", "3.jpg,cat", "3.jpg,dog"]
    (tmp_path / "t.csv").write_text("\n".join(["file,label", *rows]))
    assert codes(scan(tmp_path))["rows.two_labels"] is None
    found = scan(tmp_path, objective="several_labels")
    assert said(found) == ["cat; dog", "dog", "cat", "cat; dog"]


def test_labels_that_are_the_same_are_one_and_odd_names_are_tidied(tmp_path: Path) -> None:
    rows = ['"Cat|dog"', '"cat|a;b"', '"dog"', '"dog|Cat"', '"a;b|dog"', '"cat"']
    with pytest.raises(Question) as asked:
        scan(made(tmp_path, ["file,tags", *rows]), separator="|")
    assert asked.value.code == "data.similar_classes"
    found = scan(tmp_path, separator="|", similar_labels="merge")
    assert found.targets.names == ("a,b", "Cat", "dog")
    assert said(found)[1] == "a,b; Cat"


@pytest.mark.parametrize("ending", [".xlsx", ".json", ".tsv"])
def test_labels_in_other_kinds_of_tables(tmp_path: Path, ending: str) -> None:
    made(tmp_path, ["file,tags", *TAGS], "gone.csv")
    (tmp_path / "gone.csv").unlink()
    rows = [(f"{n}.jpg", tags) for n, tags in enumerate(TAGS)]
    path = tmp_path / f"table{ending}"
    if ending == ".xlsx":
        workbook(path, files=[("file", "tags"), *rows])
    elif ending == ".json":
        entries = [{"file": name, "tags": [t for t in tags.split(";") if t]} for name, tags in rows]
        path.write_text(json.dumps(entries))
    else:
        path.write_text("\n".join("\t".join(row) for row in [("file", "tags"), *rows]))
    found = scan(tmp_path)
    assert found.targets.objective == "several_labels"
    assert said(found) == SAID


# -- several questions

ANSWERS = ["red,big", "red,small", "blue,big", "blue,?", "red,big", "blue,small"]


def test_several_columns_are_questions(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,colour,size", *ANSWERS])
    found = scan(folder, predict=["colour", "size"])
    assert found.targets.objective == "several_questions"
    assert found.targets.names == ("colour", "size")
    assert found.targets.answers == (("blue", "red"), ("big", "small"))
    assert said(found)[:4] == ["red · big", "red · small", "blue · big", "blue · ?"]
    assert [found.targets.values[s.label] for s in found.samples][3] == (0, -1)
    assert codes(found)["data.without_answer"] == 1
    assert scan(folder, predict=["2", "3"]) == found


def test_several_columns_are_one_of_the_answers_to_which_column(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,colour,size", *ANSWERS])
    with pytest.raises(Question) as asked:
        scan(folder)
    assert (asked.value.code, asked.value.setting) == (
        "data.which_column",
        "data.options.label_column",
    )
    assert asked.value.choices == {
        "colour": "“colour”: blue, red (2 different)",
        "size": "“size”: big, small (2 different)",
    }
    assert "colour, size" in asked.value.answers
    assert asked.value.chosen("colour, size") == ["colour", "size"]
    found = scan(folder, label_column="colour, size")
    assert found.targets.names == ("colour", "size")
    assert found.chosen["label_column"] == "colour, size"


def test_which_of_many_questions_are_meant_is_asked(tmp_path: Path) -> None:
    rows = [f"{row},{'xy'[n % 2]}" for n, row in enumerate(ANSWERS * 2)]
    folder = made(tmp_path, ["file,colour,size,mark", *rows])
    with pytest.raises(Question) as asked:
        scan(folder, objective="several_questions")
    assert asked.value.code == "data.which_questions"
    assert asked.value.guess == "colour, size, mark"
    assert list(asked.value.choices) == ["colour", "size", "mark"]
    found = scan(folder, objective="several_questions", label_column="colour, mark")
    assert found.targets.names == ("colour", "mark")


def test_a_row_without_any_answer_is_left_out(tmp_path: Path) -> None:
    found = scan(made(tmp_path, ["file,colour,size", *ANSWERS, ","]), predict=["colour", "size"])
    assert codes(found)["rows.no_answer"] == 1
    assert len(found.samples) == 6


def test_a_column_that_is_predicted_groups_nothing(tmp_path: Path) -> None:
    rows = [f"{['zero', 'one', 'two'][n % 3]},{['anna', 'ben', 'cleo'][n // 3]}" for n in range(9)]
    folder = made(tmp_path, ["file,digit,speaker", *rows])
    assert {s.group for s in scan(folder, label_column="digit").samples} == {"anna", "ben", "cleo"}
    found = scan(folder, predict=["digit", "speaker"])
    assert {s.group for s in found.samples} == {None}
    assert found.targets.answers[1] == ("anna", "ben", "cleo")


def test_columns_that_are_not_there_are_refused(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,colour,size", *ANSWERS])
    with pytest.raises(UserError) as refused:
        scan(folder, predict=["colour", "weight"])
    assert (refused.value.code, refused.value.note.values["name"]) == (
        "data.unknown_column",
        "weight",
    )
    with pytest.raises(UserError) as several:
        scan(folder, predict=["colour", "size"], objective="one_class")
    assert several.value.code == "data.one_column"


def test_data_for_a_model_may_lack_a_question(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,size", *(row.split(",")[1] for row in ANSWERS)])
    wanted = {"predict": ["colour", "size"], "objective": "several_questions"}
    with pytest.raises(UserError):
        scan(folder, **wanted)
    found = scan(folder, keep_untrained=True, **wanted)
    assert found.targets.names == ("colour", "size")
    assert said(found)[:2] == ["? · big", "? · small"]


def test_data_for_a_model_of_numbers_may_call_the_column_otherwise(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,mass", *(f"{n * 7 % 31}.25" for n in range(20))])
    wanted = {"predict": ["weight"], "objective": "number", "keep_untrained": True}
    assert scan(folder, **wanted).targets.names == ("mass",)
    angles = folders(tmp_path / "angles", "0/1.jpg", "45/2.jpg", "90/3.jpg")
    assert scan(angles, **wanted).targets.values == ((0.0,), (45.0,), (90.0,))


def test_a_separate_test_folder_is_read_for_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    folder = made(tmp_path / "a", ["file,colour,size", *ANSWERS])
    test = made(tmp_path / "b", ["file,size,colour", "big,blue", "small,red"])
    for n in range(2):
        (test / f"{n}.jpg").write_text(f"of the test {n}")
    found = scan(folder, label_column="colour, size", test=str(test))
    tested = [found.classes[s.label] for s in found.samples if s.split == "test"]
    assert tested == ["blue · big", "red · small"]


# -- a number

WEIGHTS = ["3,5 kg", "1.234,5 kg", "12 kg", "-", "900 g", "heavy", "7", "0,25 kg"]


def test_numbers_with_units_and_commas(tmp_path: Path) -> None:
    rows = [f'"{cell}"' for cell in WEIGHTS]
    found = scan(made(tmp_path, ["file,weight", *rows]), objective="number")
    assert (found.targets.objective, found.targets.names) == ("number", ("weight",))
    assert found.targets.unit == "kg"
    assert said(found) == ["3.5", "1234.5", "12", "7", "0.25"]
    assert found.classes == ("0.25", "3.5", "7", "12", "1234.5")
    assert found.targets.values == ((0.25,), (3.5,), (7.0,), (12.0,), (1234.5,))
    assert (found.chosen["unit"], found.chosen["decimal"]) == ("kg", ",")
    assert {name: codes(found)[f"rows.{name}"] for name in ("no_number", "not_a_number")} == {
        "no_number": 1,
        "not_a_number": 1,
    }
    assert codes(found)["rows.other_unit"] == 1


@pytest.mark.parametrize("cell", ["1e39", "-1e39", "1e31", "1e400"])
def test_a_number_that_no_network_can_hold_is_left_out_and_said(tmp_path: Path, cell: str) -> None:
    found = scan(made(tmp_path, ["file,weight", "1", "2", "3", cell]), objective="number")
    assert said(found) == ["1", "2", "3"]
    assert codes(found)["rows.number_too_large"] == 1


@pytest.mark.parametrize("cell", ["inf", "nan", "NaN", "-inf"])
def test_what_is_no_number_is_left_out_and_said(tmp_path: Path, cell: str) -> None:
    found = scan(made(tmp_path, ["file,weight", "1", "2", "3", cell]), objective="number")
    assert said(found) == ["1", "2", "3"]
    assert {"rows.no_number", "rows.not_a_number"} & codes(found).keys()


def test_a_column_of_such_numbers_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        scan(made(tmp_path, ["file,weight", "1e39", "2e39", "3e39"]), objective="number")
    assert refused.value.code == "data.manifest_empty"
    assert "3 rows of table.csv have a number beyond 1e30" in str(refused.value)


def test_many_numbers_are_asked_about(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,label", "", *(f"{n}.5" for n in range(20)), "n/a"])
    with pytest.raises(Question) as asked:
        scan(folder)
    assert (asked.value.code, asked.value.setting) == ("data.class_or_number", "data.objective")
    assert list(asked.value.choices) == ["number", "one_class"]
    assert "(0.5, 1.5, " in str(asked.value)
    assert "(20)" in str(asked.value)
    assert len(scan(folder, objective="one_class").classes) == 20
    number = scan(folder, objective="number")
    assert (number.targets.names, number.targets.values[3]) == (("label",), (3.5,))


def test_few_numbers_that_come_again_are_classes_without_a_question(tmp_path: Path) -> None:
    found = scan(made(tmp_path, ["file,label", *(str(n % 3) for n in range(12))]))
    assert (found.targets.objective, found.classes) == ("one_class", ("0", "1", "2"))


def test_a_table_of_numbers_alone_is_asked_about(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,price", *(f"{n * 7 % 31}.25" for n in range(20))])
    for path in (folder, folder / "table.csv"):
        with pytest.raises(Question) as asked:
            scan(path)
        assert (asked.value.code, asked.value.guess) == ("data.only_numbers", "number")
    assert scan(folder, objective="number").targets.names == ("price",)


def test_which_of_several_numbers_is_asked(tmp_path: Path) -> None:
    rows = [f"{n * 7 % 31}.25,{n * 3 % 17}.5" for n in range(20)]
    folder = made(tmp_path, ["file,price,size", *rows])
    with pytest.raises(Question) as asked:
        scan(folder, objective="number")
    assert (asked.value.code, list(asked.value.choices)) == (
        "data.which_number",
        ["price", "size"],
    )
    found = scan(folder, objective="number", label_column="size")
    assert found.targets.names == ("size",)


def test_what_fits_nothing_is_refused(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,kind", *(["cat", "dog"] * 4)])
    for objective, code in (
        ("number", "data.no_numbers"),
        ("several_questions", "data.no_questions"),
    ):
        with pytest.raises(UserError) as refused:
            scan(folder, objective=objective)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("objective", "option", "value"),
    [
        ("one_class", "separator", ";"),
        ("one_class", "unit", "kg"),
        ("several_labels", "decimal", ","),
        ("number", "leave_out", "3"),
    ],
)
def test_options_of_something_else_are_refused(
    tmp_path: Path, objective: str, option: str, value: str
) -> None:
    folder = made(tmp_path, ["file,kind", *(f"{n % 4}" for n in range(12))])
    with pytest.raises(UserError) as refused:
        scan(folder, objective=objective, **{option: value})
    assert refused.value.code == "data.option_unfit"
    assert refused.value.note.values["option"] == f"data.options.{option}"


# -- folders


def folders(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("same" if "same" in name else name)
    return root


def test_a_file_in_several_class_folders_has_several_labels(tmp_path: Path) -> None:
    names = (
        "cat/1.jpg",
        "dog/2.jpg",
        "cat/same.jpg",
        "dog/same.jpg",
        "bird/same.jpg",
        "bird/3.jpg",
    )
    folder = folders(tmp_path, *names)
    plain = scan(folder)
    assert codes(plain)["data.two_classes"] is None
    assert len(plain.samples) == 3
    found = scan(folder, objective="several_labels")
    united = {s.path: found.classes[s.label] for s in found.samples}
    assert united == {
        "bird/3.jpg": "bird",
        "bird/same.jpg": "bird; cat; dog",
        "cat/1.jpg": "cat",
        "dog/2.jpg": "dog",
    }
    assert codes(found)["data.united"] == 3
    assert found.conflicts == ()


def test_copies_in_a_table_have_the_labels_of_all_rows(tmp_path: Path) -> None:
    folder = made(tmp_path, ["file,kind", "cat", "dog", "cat", "dog"])
    (folder / "3.jpg").write_text("file 0")
    assert codes(scan(folder))["data.two_classes"] is None
    found = scan(folder, objective="several_labels")
    assert said(found) == ["cat; dog", "dog", "cat"]


def test_levels_of_folders_are_questions(tmp_path: Path) -> None:
    names = [f"{a}/{c}/{n}.jpg" for a in ("Greek", "Latin") for c in "xy" for n in range(2)]
    folder = folders(tmp_path, *names, "Greek/alone.jpg")
    found = scan(folder, predict=["level:1", "level:2"])
    assert found.targets.names == ("level 1", "level 2")
    assert found.targets.answers == (("Greek", "Latin"), ("x", "y"))
    assert found.classes == ("Greek · ?", "Greek · x", "Greek · y", "Latin · x", "Latin · y")
    for same in ({"objective": "several_questions"}, {"layout": "levels"}):
        assert scan(folder, **same).targets == found.targets
    assert scan(folder, predict=["level:1"]).classes == ("Greek", "Latin")
    with pytest.raises(UserError) as deep:
        scan(folder, predict=["level:3"])
    assert (deep.value.code, deep.value.note.values["count"]) == ("data.no_level", 2)


def test_levels_below_parts_of_the_data(tmp_path: Path) -> None:
    names = [
        f"{part}/{a}/{c}/{part}{n}.jpg"
        for part in ("train", "test")
        for a in ("Greek", "Latin")
        for c in "xy"
        for n in range(2)
    ]
    found = scan(folders(tmp_path, *names), predict=["level:1", "level:2"])
    assert found.targets.answers == (("Greek", "Latin"), ("x", "y"))
    assert {s.path.split("/")[0]: s.split for s in found.samples} == {
        "test": "test",
        "train": "train",
    }


def test_folders_called_by_numbers_are_a_number(tmp_path: Path) -> None:
    names = [f"{angle}/{n}.jpg" for angle in (0, 45, 90) for n in range(2)]
    found = scan(folders(tmp_path, *names, "other/1.jpg"), objective="number")
    assert found.targets.values == ((0.0,), (45.0,), (90.0,))
    assert codes(found)["data.class_no_number"] == 1
    with pytest.raises(UserError) as refused:
        scan(folders(tmp_path / "b", "cat/1.jpg", "dog/2.jpg"), objective="number")
    assert refused.value.code == "data.no_numbers"
    assert "1e30" not in str(refused.value)
    with pytest.raises(UserError) as large:
        scan(
            folders(tmp_path / "c", "1e39/1.jpg", "2e39/2.jpg"), objective="number", layout="class"
        )
    assert large.value.code == "data.numbers_too_large"


# -- texts


def written(path: Path, rows: list[str]) -> Path:
    cells = [
        rows[0],
        *(f"this is the text of row number {n},{row}" for n, row in enumerate(rows[1:])),
    ]
    path.write_text("\n".join(cells))
    return path


def text_scan(path: Path, **said: Any) -> Dataset:
    return texts.scan(options(path, **said))


def row_classes(dataset: Dataset) -> list[str]:
    by_row = {int(s.path.split("#")[1]): dataset.classes[s.label] for s in dataset.samples}
    return [by_row[row] for row in sorted(by_row)]


def test_texts_with_several_labels(tmp_path: Path) -> None:
    found = text_scan(written(tmp_path / "t.csv", ["text,tags", *TAGS]))
    assert found.targets.names == ("bird", "cat", "dog")
    assert row_classes(found) == SAID
    assert found.chosen["separator"] == ";"
    hot = text_scan(written(tmp_path / "h.csv", ["text,cat,dog,bird", *HOT]))
    assert row_classes(hot) == ["bird; cat", "dog", "(none)", "cat; dog", "cat", "bird"]


def test_texts_with_several_questions(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ["text,colour,size", *ANSWERS])
    with pytest.raises(Question) as asked:
        text_scan(path)
    assert "colour, size" in asked.value.answers
    for said in ({"predict": ["colour", "size"]}, {"label_column": "colour, size"}):
        found = text_scan(path, **said)
        assert row_classes(found)[:4] == ["red · big", "red · small", "blue · big", "blue · ?"]
        assert found.chosen["label_column"] == "colour, size"
        assert found.input["text_column"] == "text"


def test_texts_with_a_number(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ["text,price (€)", *(f"{n * 7 % 31}.25" for n in range(20))])
    with pytest.raises(Question) as asked:
        text_scan(path)
    assert asked.value.setting == "data.objective"
    for said in ({"predict": ["price (€)"]}, {"label_column": "price (€)"}):
        with pytest.raises(Question) as which:
            text_scan(path, **said)
        assert (which.value.code, which.value.guess) == ("data.class_or_number", "number")
        assert len(text_scan(path, objective="one_class", **said).classes) == 20
    found = text_scan(path, objective="number")
    assert (found.targets.names, found.targets.unit) == (("price",), "€")
    assert row_classes(found)[:3] == ["0.25", "7.25", "14.25"]


def test_tables_of_texts_for_parts_are_read_alike(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", ["text,tags", *TAGS])
    rows = [f"another text of number {n},{tag}" for n, tag in enumerate(("cat", "dog", "bird"))]
    (tmp_path / "test.csv").write_text("\n".join(["text,tags", *rows]))
    found = text_scan(tmp_path)
    assert found.targets.objective == "several_labels"
    assert {s.path.split(".")[0]: s.split for s in found.samples} == {
        "test": "test",
        "train": "train",
    }


def test_a_separate_test_table_is_read_for_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ["text,colour,size", *ANSWERS])
    other = tmp_path / "other.csv"
    other.write_text("text,size,colour\nsome words of their own,big,blue\nmore of them,small,red\n")
    found = text_scan(path, predict=["colour", "size"], test=str(other))
    tested = [found.classes[s.label] for s in found.samples if s.split == "test"]
    assert tested == ["blue · big", "red · small"]


@pytest.mark.parametrize(
    ("header", "cell", "unit", "code"),
    [
        ("length (mm)", "12.4O", "mm", "rows.not_a_number"),
        ("length", "12.4 mm", "", "rows.not_a_number"),
        ("length", "1 2.4 mm", "", "rows.not_a_number"),
        ("length (mm)", "1 2.4 mm", "mm", "rows.not_a_number"),
        ("length (mm)", "approx 12", "mm", "rows.not_a_number"),
        ("length (mm)", "12,4", "mm", "rows.decimal_comma"),
    ],
)
def test_a_slip_in_one_cell_is_named_and_changes_no_other_row(
    tmp_path: Path, header: str, cell: str, unit: str, code: str
) -> None:
    rows = [f"file,{header}", "3.1", "4.25", "5.5", f'"{cell}"']
    found = scan(made(tmp_path, rows), objective="number")
    assert (said(found), found.targets.unit) == (["3.1", "4.25", "5.5"], unit)
    (problem,) = (each for each in found.problems if each.code == code)
    assert f"“{cell}”" in problem.sentence()
    assert codes(found)[code] == 1


def test_a_point_among_decimal_commas_is_said(tmp_path: Path) -> None:
    rows = ["file,weight", '"3,1"', '"4,25"', '"5,5"', "12.4"]
    found = scan(made(tmp_path, rows), objective="number")
    assert codes(found)["rows.decimal_point"] == 1


def test_folders_called_by_numbers_in_another_unit_are_left_out(tmp_path: Path) -> None:
    for name in ("3 kg", "4 kg", "5 kg", "900 g"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.jpg").write_text(name)
    found = scan(tmp_path, objective="number", layout="class")
    assert found.targets.unit == "kg"
    assert "900 g" in {each.path for each in found.problems if each.code == "data.class_no_number"}


BEETLES = [f"{n + 1},{'fm'[n % 2]},{4.3 + n * 0.7:.1f}" for n in range(20)]


def test_a_number_beside_the_only_column_of_words_is_offered(tmp_path: Path) -> None:
    made(tmp_path, ["picture,no,sex,length (mm)", *BEETLES])
    with pytest.raises(Question) as asked:
        scan(tmp_path)
    assert asked.value.code == "data.which_column"
    assert [*asked.value.answers] == ["sex", "length (mm)"]
    assert scan(tmp_path, label_column="sex").classes == ("f", "m")
    assert scan(tmp_path, objective="one_class").classes == ("f", "m")
    number = scan(tmp_path, label_column="length (mm)", objective="number")
    assert number.targets.unit == "mm"


def test_a_number_beside_classes_that_are_called_so_is_not_asked_about(tmp_path: Path) -> None:
    made(tmp_path, ["picture,no,species,length (mm)", *BEETLES])
    assert scan(tmp_path).classes == ("f", "m")


def test_a_running_number_is_no_answer(tmp_path: Path) -> None:
    made(tmp_path, ["picture,no,sex", *(row.rpartition(",")[0] for row in BEETLES)])
    assert scan(tmp_path).classes == ("f", "m")


def test_a_number_beside_the_only_words_about_texts_is_offered(tmp_path: Path) -> None:
    rows = [
        f"The beetle number {n} sat on a leaf for a while,{row}" for n, row in enumerate(BEETLES)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["text,no,sex,length (mm)", *rows]))
    with pytest.raises(Question) as asked:
        texts.scan(options(tmp_path / "t.csv"))
    assert [*asked.value.answers] == ["sex", "length (mm)"]


@pytest.mark.parametrize("objective", ["", "several_questions"])
def test_a_measured_number_is_no_question_beside_others(tmp_path: Path, objective: str) -> None:
    made(tmp_path, ["picture,no,sex,length (mm)", *BEETLES])
    with pytest.raises(UserError) as refused:
        scan(tmp_path, predict=["sex", "length (mm)"], objective=objective)
    assert refused.value.code == "data.number_no_question"
    assert "“length (mm)”" in str(refused.value)


def test_years_that_come_often_may_be_a_question(tmp_path: Path) -> None:
    rows = [f"{2000 + n % 13},{'fm'[n % 2]}" for n in range(78)]
    found = scan(made(tmp_path, ["file,year,sex", *rows]), predict=["year", "sex"])
    assert found.targets.names == ("year", "sex")


def test_several_labels_in_cells_are_no_question_beside_others(tmp_path: Path) -> None:
    rows = [f"{tags},{'ns'[n % 2]}" for n, tags in enumerate(TAGS * 2)]
    made(tmp_path, ["file,plants,site", *rows])
    with pytest.raises(UserError) as refused:
        scan(tmp_path, predict=["plants", "site"])
    assert refused.value.code == "data.labels_no_question"
    assert "“plants”" in str(refused.value)


def test_columns_asked_of_folders_without_a_table_name_the_levels(tmp_path: Path) -> None:
    for outer, inner in (("Greek", "a"), ("Greek", "b"), ("Latin", "a"), ("Latin", "c")):
        (tmp_path / outer / inner).mkdir(parents=True, exist_ok=True)
        (tmp_path / outer / inner / "1.jpg").write_text(outer + inner)
    with pytest.raises(UserError) as refused:
        scan(tmp_path, predict=["alphabet", "character"])
    assert refused.value.code == "data.predicted_folders"
    assert "level:1,level:2" in str(refused.value)
