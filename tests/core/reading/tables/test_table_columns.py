"""Tables that say what files are, as spreadsheets and people write them."""

import codecs
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.workbooks import workbook
from transfergui.core.base import options as opt
from transfergui.core.base.encodings import encoding_of
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.classes import class_lists
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.names.words import words
from transfergui.core.reading.sources import reader, wanted
from transfergui.core.reading.tables import column_names, table_columns, table_files
from transfergui.core.reading.tables.cells import plain_cell, separator


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with the files that the tables name."""
    for name in ("cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "dog/2.jpg", "猫/图 1.jpg", "café/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


WANTED = wanted.Wanted("pictures", frozenset({".jpg"}))


def list_table(path: Path, progress: ScanProgress = lambda count: None, **asked: str) -> Listing:
    data = {"path": str(path), "objective": asked.pop("objective", ""), "options": asked}
    return reader.read(opt.check(data, DataOptions), WANTED, progress)


def read(base: Path, text: str | bytes, name: str = "table.csv") -> Listing:
    data = text.encode() if isinstance(text, str) else text
    (base / name).write_bytes(data)
    return list_table(base / name)


def labels(found: Listing) -> dict[str, str]:
    return {sample.path: found.classes[sample.label] for sample in found.samples}


def reasons(found: Listing) -> dict[str, int]:
    """How many rows per reason; every reason is a sentence."""
    assert all(problem.sentence() for problem in found.problems)
    return {p.code: p.values.get("count", 1) for p in found.problems}


TWO = {"cat/1.jpg": "cat", "dog/1.jpg": "dog"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(base: Path, delimiter: str, newline: str) -> None:
    rows = [("path", "label"), ("cat/1.jpg", "cat"), ("dog/1.jpg", "dog")]
    assert labels(read(base, newline.join(delimiter.join(row) for row in rows))) == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings_of_chinese(base: Path, encoding: str) -> None:
    text = "path,label\n猫/图 1.jpg,猫\ncat/1.jpg,其他\n"
    assert labels(read(base, text.encode(encoding))) == {"猫/图 1.jpg": "猫", "cat/1.jpg": "其他"}


def test_western_letters_are_not_taken_for_chinese(base: Path) -> None:
    found = read(base, "path;label\ncafé/1.jpg;été\ncat/1.jpg;hiver\n".encode("cp1252"))
    assert labels(found) == {"café/1.jpg": "été", "cat/1.jpg": "hiver"}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF16_BE + b"\0a", "utf-16"),
        (b"\0a\0b", "utf-16-be"),
        ("图".encode()[:2], "utf-8"),
        (b"\xe9s", "cp1252"),
        (b"\x81 \xe9", "latin-1"),
    ],
)
def test_encoding_of(head: bytes, expected: str) -> None:
    assert encoding_of(head) == expected


def test_header_names_in_any_order_and_case(base: Path) -> None:
    text = (
        "Group,Class,n,File_Name,Split\np1,cat,7,cat/1.jpg,Train\np2,dog,8,dog/1.jpg,validation\n"
    )
    found = read(base, text)
    assert labels(found) == TWO
    assert [(s.group, s.split) for s in found.samples] == [("p1", "train"), ("p2", "val")]


def test_no_header_if_the_first_cell_is_a_file(base: Path) -> None:
    found = read(base, "cat/1.jpg,cat,test,g\ndog/1.jpg,dog,,\n")
    assert labels(found) == TWO
    assert [(s.split, s.group) for s in found.samples] == [("test", "g"), (None, None)]


def test_a_comma_in_a_label_does_not_fool_the_delimiter(base: Path) -> None:
    found = read(base, "path\tlabel\ncat/1.jpg\tcat, tabby\ndog/1.jpg\tdog\n")
    assert labels(found)["cat/1.jpg"] == "cat, tabby"


def test_json_lines(base: Path) -> None:
    rows: list[object] = [
        {"path": "cat/1.jpg", "label": 0, "split": None},
        {"path": "dog/1.jpg", "label": "1", "split": "test"},
        {"path": "dog/2.jpg", "label": None},
        {"path": "cat/2.jpg", "label": float("nan")},
        ["not", "an", "object"],
    ]
    lines = [*map(json.dumps, rows), '{"path": "cut', "[" * 100_000]
    found = read(base, "\n".join(lines), "table.jsonl")
    assert labels(found) == {"cat/1.jpg": "0", "dog/1.jpg": "1"}
    assert found.samples[1].split == "test"
    assert reasons(found) == {"rows.no_label": 2, "rows.broken": 3}


BAD_ROWS = {
    "cat/9.jpg,cat": "rows.missing",
    "cat,cat": "rows.missing",
    "cat/2.jpg,": "rows.no_label",
    "cat/2.jpg,  ": "rows.no_label",
    "cat/2.jpg,NaN": "rows.no_label",
    "cat/2.jpg": "rows.no_label",
    ",cat": "rows.no_path",
    "../secret.jpg,cat": "rows.outside",
    "cat/../../secret.jpg,cat": "rows.outside",
    "/etc/passwd,cat": "rows.outside",
    "C:\\Users\\cat.jpg,cat": "rows.outside",
    "\\\\server\\share\\cat.jpg,cat": "rows.outside",
    "https://example.org/cat.jpg,cat": "rows.url",
    "file:///etc/passwd,cat": "rows.url",
    '"cat/2.jpg,cat': "rows.broken",
    "cat/2\0.jpg,cat": "rows.broken",
    "cat/2.jpg," + "x" * 200_000: "rows.broken",
    "cat/1.jpg,cat": "rows.repeated",
    "cat/./1.jpg,cat": "rows.repeated",
    "n" * 300 + ",cat": "rows.missing",
}


@pytest.mark.parametrize(
    ("column", "code"), [("split", "rows.other_split"), ("patient", "rows.other_group")]
)
def test_a_file_that_is_named_again_for_another_part(base: Path, column: str, code: str) -> None:
    one, other = ("train", "test") if column == "split" else ("a", "b")
    rows = f"cat/1.jpg,cat,{one}\ncat/1.jpg,cat,{other}\ndog/1.jpg,dog,{one}\n"
    found = read(base, f"path,label,{column}\n{rows}")
    assert [p.code for p in found.problems] == [code]
    assert found.problems[0].values["row"] == 3
    assert f"cat/1.jpg: {one}, then {other})" in found.problems[0].sentence()
    assert {s.split if column == "split" else s.group for s in found.samples} == {one}


@pytest.mark.parametrize("row", BAD_ROWS, ids=lambda row: ascii(row[:30]))
def test_a_bad_row_is_counted_and_spoils_no_other(base: Path, row: str) -> None:
    found = read(base, f"path,label\ncat/1.jpg,cat\n{row}\n{row}\ndog/1.jpg,dog\n")
    assert labels(found) == TWO
    assert reasons(found) == {BAD_ROWS[row]: 2}
    assert found.problems[0].values["row"] == 3
    assert found.problems[0].path == "table.csv"


def test_windows_separators_and_own_absolute_paths_are_resolved(base: Path) -> None:
    found = read(base, f"path,label\ncat\\1.jpg,cat\n{base}/dog/1.jpg,dog\n")
    assert labels(found) == TWO


def test_two_labels_for_one_file(base: Path) -> None:
    found = read(base, "path,label\ncat/1.jpg,cat\ncat/1.jpg,dog\ndog/1.jpg,dog\n")
    assert labels(found) == {"dog/1.jpg": "dog"}
    assert reasons(found) == {"rows.two_labels": 1}
    assert found.problems[0].path == "cat/1.jpg"


def test_an_unknown_split_is_noted_and_the_row_used(base: Path) -> None:
    found = read(base, "path,label,split\ncat/1.jpg,cat,later\ndog/1.jpg,dog,test\n")
    assert [s.split for s in found.samples] == [None, "test"]
    assert reasons(found) == {"rows.split_unknown": 1}
    assert not found.problems[0].left_out


@pytest.mark.parametrize("text", ["", "name,age\na,1\n", "path\ncat/1.jpg\n", "one column\n"])
def test_tables_without_the_columns_are_refused(base: Path, text: str) -> None:
    with pytest.raises(UserError) as caught:
        read(base, text)
    assert caught.value.code in ("data.table_columns", "tables.empty")
    assert "table.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("path,label\n", "data.table_no_rows"),
        ("path,label\ngone.jpg,cat\n", "data.manifest_empty"),
    ],
)
def test_tables_without_a_row_of_use_are_refused(base: Path, text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        read(base, text)
    assert caught.value.code == code


def test_cancel(base: Path) -> None:
    (base / "table.csv").write_text("path,label\ncat/1.jpg,cat\n")
    with pytest.raises(KeyboardInterrupt):
        list_table(base / "table.csv", _interrupt)


def _interrupt(count: int) -> None:
    raise KeyboardInterrupt


# -- names of files


PATHS = ["hands/img/A 1.jpg", "hands/img/é.jpg", "dog/9.jpg", "b/x.jpg", "c/x.jpg", "top.JPG"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("hands/img/A 1.jpg", 0),
        ("hands\\img\\a 1.JPG", 0),
        ("a 1", 0),
        ("A 1.png", 0),
        ("img/A 1.jpg", 0),
        ("D:\\data\\hands\\img\\A 1.jpg", 0),
        ("/home/me/hands/img/A 1.jpg", 0),
        ("e\u0301.jpg", 1),
        ("9", 2),
        ("dog/9.jpg", 2),
        ("cat/9.jpg", None),
        ("x.jpg", None),
        ("b/x.jpg", 3),
        ("c/x", 4),
        ("./top.jpg", 5),
        ("anywhere/top.jpg", 5),
        ("https://example.org/top.jpg", None),
        ("", None),
        ("n" * 5000, None),
    ],
)
def test_what_people_write_for_a_file(written: str, expected: int | None) -> None:
    assert Lookup(PATHS).file(written) == expected


def test_names_may_be_relative_to_the_table() -> None:
    paths = ["audio/x.wav", "meta/x.wav"]
    assert Lookup(paths, "meta").file("../audio/x.wav") == 0
    assert Lookup(paths, "meta").file("x.wav") == 1
    assert Lookup(paths, "meta").file("../sounds/x.wav") is None


def test_a_row_may_name_a_folder_of_files() -> None:
    paths = ["p1/a.jpg", "p1/b.jpg", "p2/c.jpg"]
    assert list(Lookup(paths).folder("P1")) == [0, 1]
    assert list(Lookup(paths).folder("p3")) == []


# -- which column is what


def chosen(found: Listing) -> dict[str, str]:
    return {key.removesuffix("_column"): value for key, value in found.chosen.items() if value}


def test_ids_without_ending_one_hot_and_the_class_in_words(base: Path) -> None:
    text = "id,target,category,fold\n1,0,cat,1\n2,1,dog,1\n"
    for name in ("a.jpg", "b.jpg"):
        (base / name).write_bytes(b"x")
    found = read(base, text.replace("1,0,c", "a,0,c").replace("2,1,d", "b,1,d"))
    assert labels(found) == {"a.jpg": "cat", "b.jpg": "dog"}
    assert chosen(found)["label"] == "category"
    hot = read(base, "file, cat, dog\na.jpg,1,0\nb.jpg,0,1\ncat/1.jpg,1,1\ncat/2.jpg,0,0\n")
    several = {"cat/1.jpg": "cat; dog", "cat/2.jpg": "(none)"}
    assert labels(hot) == {"a.jpg": "cat", "b.jpg": "dog"} | several
    assert hot.targets.objective == "several_labels"
    assert reasons(hot) == {}


def test_groups_and_splits_are_found_and_can_be_changed(base: Path) -> None:
    rows = [
        "cat/1.jpg,cat,p1,yes,x",
        "cat/2.jpg,cat,p1,no,y",
        "dog/1.jpg,dog,p2,yes,y",
        "dog/2.jpg,dog,p2,no,x",
    ]
    found = read(base, "\n".join(["image,label,Patient ID,is_train,scanner", *rows]))
    assert [s.group for s in found.samples] == ["p1", "p1", "p2", "p2"]
    assert [s.split for s in found.samples] == ["train", "test", "train", "test"]
    assert chosen(found)["group"] == "Patient ID"
    assert found.choices["group_column"]["scanner"] == "scanner"
    other = list_table(base / "table.csv", group_column="scanner")
    assert [s.group for s in other.samples] == ["x", "y", "y", "x"]
    none = list_table(base / "table.csv", group_column="-")
    assert {s.group for s in none.samples} == {None}


def test_files_by_where_they_were_on_a_server(tmp_path: Path) -> None:
    """As Google writes them, without a header: no row is lost to one."""
    for n in range(6):
        (tmp_path / f"p{n}.jpg").touch()
    rows = [
        f"{'TEST' if n > 3 else 'TRAIN'},gs://bucket/x/p{n}.jpg,{'ab'[n % 2]}" for n in range(6)
    ]
    found = read(tmp_path, "\n".join(rows))
    assert labels(found) == {f"p{n}.jpg": "ab"[n % 2] for n in range(6)}
    assert [s.split for s in sorted(found.samples, key=lambda s: s.path)] == [
        *["train"] * 4, *["test"] * 2
    ]  # fmt: skip
    assert reasons(found) == {"data.by_name": 6}


def test_certain_labels_are_no_predictions(tmp_path: Path) -> None:
    """Open Images says with which confidence a person labelled: 1 or 0."""
    for n in range(6):
        (tmp_path / f"i{n}.jpg").touch()
    sure = [f"i{n},verification,{'ab'[n % 2]},1" for n in range(6)]
    (tmp_path / "labels.csv").write_text("\n".join(["ImageID,Source,LabelName,Confidence", *sure]))
    found = list_table(tmp_path)
    assert len(labels(found)) == 6
    assert found.chosen["group_column"] == ""  # one value for all groups nothing


def test_a_table_that_looks_predicted_is_offered_where_nothing_else_is(tmp_path: Path) -> None:
    for n in range(6):
        (tmp_path / f"i{n}.jpg").touch()
    rows = [f"i{n}.jpg,{'ab'[n % 2]},0.{n}5" for n in range(6)]
    (tmp_path / "found.csv").write_text("\n".join(["file,label,score", *rows]))
    with pytest.raises(Question) as asked:
        list_table(tmp_path)
    assert "table" in asked.value.choices
    assert len(labels(list_table(tmp_path, layout="table"))) == 6


@pytest.mark.parametrize("between", [" ", "\t", ",", "   "])
def test_lists_of_files_with_their_classes_in_text_files(tmp_path: Path, between: str) -> None:
    for n in range(9):
        (tmp_path / f"i{n}.jpg").touch()
    for part, numbers in (("train", range(6)), ("test", range(6, 9))):
        rows = [f"./i{n}.jpg{between}{n % 3}" for n in numbers]
        (tmp_path / f"{part}.txt").write_text("\n".join(rows) + "\n")
    (tmp_path / "README.txt").write_text("The files i1.jpg and\nso on are mine, thanks for all.")
    found = list_table(tmp_path)
    assert labels(found) == {f"i{n}.jpg": str(n % 3) for n in range(9)}
    assert {s.path: s.split for s in found.samples}["i7.jpg"] == "test"
    assert reasons(found) == {}


def test_a_list_of_files_is_no_list_of_names_of_classes(tmp_path: Path) -> None:
    lines = ["a.jpg 0", "b.jpg 1", "c.jpg 0"]
    (tmp_path / "train.txt").write_text("\n".join(lines))
    (tmp_path / "classes.txt").write_text("oak\nash\n")
    found = class_lists.find(tmp_path, ["0", "1"])
    assert [each.key for each in found] == ["classes.txt"]


def test_choices_of_label_studio(tmp_path: Path) -> None:
    tasks = []
    for n in range(4):
        (tmp_path / f"p{n}.jpg").touch()
        result = [{"type": "choices", "value": {"choices": ["cup" if n % 2 else "pen"]}}]
        data = {"image": f"/data/upload/1/ab12cd34-p{n}.jpg"}
        tasks.append({"id": n, "data": data, "annotations": [{"result": result}]})
    (tmp_path / "project.json").write_text(json.dumps(tasks))
    assert labels(list_table(tmp_path)) == {
        f"p{n}.jpg": "cup" if n % 2 else "pen" for n in range(4)
    }


def test_another_table_says_what_belongs_together(tmp_path: Path) -> None:
    for n in range(8):
        (tmp_path / f"i{n}.jpg").touch()
    marks = [f"i{n},{int(n < 4)},{int(n >= 4)},0" for n in range(8)]
    (tmp_path / "truth.csv").write_text("\n".join(["image,MEL,NV,UNK", *marks]))
    lesions = [f"i{n},L{n // 2},{'fm'[n % 2]}" for n in range(8)]
    (tmp_path / "people.csv").write_text("\n".join(["image,lesion_id,sex", *lesions]))
    found = list_table(tmp_path, table="truth.csv")
    assert {s.path: s.group for s in found.samples} == {f"i{n}.jpg": f"L{n // 2}" for n in range(8)}
    assert found.chosen["group_column"] == "lesion_id"
    assert {p.code: p.path for p in found.problems} == {
        "data.groups_of_table": "people.csv", "data.empty_class": "UNK"
    }  # fmt: skip
    chosen = list_table(tmp_path, table="truth.csv", group_column="lesion_id")
    assert chosen.samples == found.samples
    alone = list_table(tmp_path, table="truth.csv", group_column="-")
    assert {s.group for s in alone.samples} == {None}
    assert {p.code: p.path for p in alone.problems}["data.table_not_chosen"] == "people.csv"


def test_an_attribute_of_people_is_the_last_guess(tmp_path: Path) -> None:
    for n in range(12):
        (tmp_path / f"i{n}.jpg").touch()
    rows = [f"i{n}.jpg,{'fm'[n % 2]},{('low', 'mid', 'high')[n % 3]}" for n in range(12)]
    (tmp_path / "t.csv").write_text("\n".join(["file,who,what", *rows]))
    with pytest.raises(Question) as asked:
        list_table(tmp_path)
    assert (asked.value.guess, list(asked.value.answers)) == ("what", ["who", "what", "who, what"])


def test_a_row_for_each_folder_with_a_value_of_its_own_tells_no_classes(tmp_path: Path) -> None:
    """As the coordinates of stations: utm_y is not called y."""
    for station in ("North", "South", "West"):
        for kind in ("fox", "boar"):
            (tmp_path / station / kind).mkdir(parents=True)
            for n in range(4):
                (tmp_path / station / kind / f"{station}{kind}{n}.jpg").touch()
    rows = [f"{name},4{n}1.5,7{n}0.5" for n, name in enumerate(("North", "South", "West"))]
    (tmp_path / "stations.csv").write_text("\n".join(["station,UTM_X,UTM_Y", *rows]))
    with pytest.raises(Question) as asked:
        list_table(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("data.which_level", "group/class")


def test_tables_of_the_same_columns_are_offered_together(tmp_path: Path) -> None:
    for n in range(8):
        (tmp_path / f"{n}.jpg").touch()
    for month, first in (("May", 0), ("June", 4)):
        rows = [f"{n}.jpg,{'ab'[n % 2]}" for n in range(first, first + 4)]
        (tmp_path / f"{month}.csv").write_text("\n".join(["file,kind", *rows]))
    with pytest.raises(Question) as asked:
        list_table(tmp_path)
    assert list(asked.value.choices) == ["*", "June.csv", "May.csv"]
    found = list_table(tmp_path, table="*")
    assert labels(found) == {f"{n}.jpg": "ab"[n % 2] for n in range(8)}
    assert found.chosen["table"] == "*"
    assert set(found.choices["table"]) == {"*", "June.csv", "May.csv"}
    assert len(labels(list_table(tmp_path, table="May.csv"))) == 4


def test_tables_for_each_part_in_folders_that_are_called_so(tmp_path: Path) -> None:
    """As those of ISIC: the word for the part stands among others, twice."""
    for n, part in enumerate(["Training", "Training", "Validation", "Validation"]):
        for label in "ab":
            (tmp_path / f"Task3_{part}_Input").mkdir(exist_ok=True)
            (tmp_path / f"Task3_{part}_Input/{label}{n}.jpg").touch()
    for part, numbers in (("Training", (0, 1)), ("Validation", (2, 3))):
        home = tmp_path / f"Task3_{part}_GroundTruth"
        home.mkdir()
        rows = [
            f"{label}{n},{int(label == 'a')},{int(label == 'b')}" for label in "ab" for n in numbers
        ]
        (home / f"Task3_{part}_GroundTruth.csv").write_text("\n".join(["image,MEL,NV", *rows]))
    found = list_table(tmp_path)
    parts = {s.path.rpartition("/")[2]: (found.classes[s.label], s.split) for s in found.samples}
    assert parts["a0.jpg"] == ("MEL", "train")
    assert parts["b3.jpg"] == ("NV", "val")
    assert len(parts) == 8


def test_a_column_that_only_counts_is_a_group(tmp_path: Path) -> None:
    kinds = [f"{n}.jpg;{'Elstar' if n % 2 else 'Boskoop'};Baum {n % 3}" for n in range(12)]
    for n in range(12):
        (tmp_path / f"{n}.jpg").touch()
    found = read(tmp_path, "\n".join(["Foto;Sorte;Baum", *kinds]))
    assert set(found.classes) == {"Boskoop", "Elstar"}
    assert {s.path: s.group for s in found.samples}["4.jpg"] == "Baum 1"
    assert (found.chosen["label_column"], found.chosen["group_column"]) == ("Sorte", "Baum")
    alone = [f"{n}.jpg;Baum {n % 3}" for n in range(12)]  # nothing else may be the classes
    assert set(read(tmp_path, "\n".join(["Foto;Baum", *alone])).classes) == {
        "Baum 0", "Baum 1", "Baum 2"
    }  # fmt: skip


def test_a_column_that_differs_in_every_row_is_no_group(base: Path) -> None:
    found = read(base, "path,label,source\ncat/1.jpg,cat,u1\ncat/2.jpg,cat,u2\ndog/1.jpg,dog,u3\n")
    assert {s.group for s in found.samples} == {None}


def test_several_columns_that_may_be_the_classes_are_asked_about(base: Path) -> None:
    rows = [
        "cat/1.jpg,red,big",
        "cat/2.jpg,red,small",
        "dog/1.jpg,blue,big",
        "dog/2.jpg,blue,small",
    ]
    with pytest.raises(Question) as asked:
        read(base, "\n".join(["file,colour,size", *rows]))
    assert asked.value.setting == "data.options.label_column"
    assert set(asked.value.answers) == {"colour", "size", "colour, size"}
    found = list_table(base / "table.csv", label_column="size")
    assert set(labels(found).values()) == {"big", "small"}


def test_a_table_of_boxes_is_not_taken_for_classes(base: Path) -> None:
    with pytest.raises(Question) as asked:
        read(
            base,
            "filename,class,xmin,ymin,xmax,ymax\n"
            "cat/1.jpg,cat,1,1,2,2\ncat/1.jpg,cat,3,3,4,4\ndog/1.jpg,dog,1,1,2,2\n"
            "dog/2.jpg,dog,1,1,2,2\ndog/2.jpg,cat,1,1,2,2\n",
        )
    assert asked.value.code == "data.detection"
    found = list_table(base / "table.csv", layout="boxes")
    assert labels(found) == TWO
    assert reasons(found) == {"data.several_boxes": 1}


def test_a_table_alone_may_name_files_anywhere_below_it(base: Path) -> None:
    found = read(base, "id,label\n1,x\nnothing,y\n图 1,z\n")
    assert labels(found) == {"猫/图 1.jpg": "z"}  # "1" is in three folders
    assert reasons(found) == {"rows.missing": 2}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["cat", "dog", "cat|dog"], "|"),
        (["cat", "dog", "cat, dog", "dog,cat"], ","),
        (["Smith, John", "Doe, Jane", "Roe, Ann"], ""),
        (["a|b", "c|d"], ""),
        (["cat", "dog"], ""),
        (["scab", "rust", "scab rust", "healthy"], " "),
        (["red fox", "red", "dog"], ""),
        ([], ""),
    ],
)
def test_several_labels_in_a_cell(cells: list[str], expected: str) -> None:
    assert separator(cells) == expected


def test_rows_with_several_labels_are_left_out_and_counted(base: Path) -> None:
    rows = ["cat/1.jpg,cat", "dog/1.jpg,dog", "cat/2.jpg,cat|dog", "dog/2.jpg,|dog"]
    found = read(base, "\n".join(["Image Index,Finding Labels", *rows]))
    assert labels(found) == TWO | {"dog/2.jpg": "dog"}
    assert reasons(found) == {"rows.several_labels": 1}


def test_a_spreadsheet_that_lost_the_zeros_of_a_number() -> None:
    assert Lookup(["0007.jpg", "0017.jpg"]).file("7") == 0
    assert Lookup(["a/07.jpg", "b/007.jpg"]).file("7") is None


def test_files_are_matched_by_name_alone_where_their_folders_are_others(base: Path) -> None:
    """As what Label Studio exports: paths of its own server."""
    for name in ("a.jpg", "b.jpg"):
        (base / "cat" / name).write_bytes(b"x")
    found = read(base, "image,choice\n/data/upload/1/a.jpg,x\n/data/upload/1/b.jpg,y\n")
    assert labels(found) == {"cat/a.jpg": "x", "cat/b.jpg": "y"}
    assert reasons(found) == {"data.by_name": 2}
    with pytest.raises(UserError):  # "1.jpg" is in three folders
        read(base, "image,choice\n/data/upload/1.jpg,x\n/data/upload/2.jpg,y\n")


def test_a_column_of_measurements_is_no_column_of_classes(base: Path) -> None:
    rows = [f"{name},{label},{n / 2}" for n, (name, label) in enumerate(TWO.items())]
    text = "\n".join(["Bild,Urteil,Wert", *rows])
    with pytest.raises(Question) as asked:
        read(base, text)
    assert [*asked.value.answers] == ["Urteil", "Wert"]
    assert asked.value.guess == "Urteil"
    assert labels(read(base, text.replace("Urteil", "label"))) == TWO


def test_numbers_in_other_columns_are_no_names_of_files() -> None:
    """GTSRB: a width of 5 is not 00005.png."""
    paths = [f"{n:05}.png" for n in range(9)]
    table = table_files.parse(
        Path("x.csv"),
        b"Width,ClassId,Path\n" + b"".join(b"5,%d,%05d.png\n" % (n % 2, n) for n in range(9)),
    )
    where = table_columns.columns(table, Lookup(paths))
    assert (where.name(where.path), where.name(where.label)) == ("Path", "ClassId")


def test_patients_by_number(tmp_path: Path) -> None:
    assert list(Lookup(["001/a.jpg", "002/b.jpg"]).folder("2")) == [1]


def test_two_columns_that_name_different_files_are_asked_about() -> None:
    paths = [f"{n:04}.jpg" for n in range(1, 10)]
    rows = b"".join(b"%d,%d,%s\n" % (n, 10 - n, (b"a", b"b")[n % 2]) for n in range(1, 10))
    plain = table_files.parse(Path("x.csv"), b"Nr,Stelle,label\n" + rows)
    assert table_columns.columns(plain, Lookup(paths)).rivals == (1,)
    told = table_files.parse(Path("x.csv"), b"Nr,Foto-Nr,label\n" + rows)
    where = table_columns.columns(told, Lookup(paths))
    assert (where.name(where.path), where.rivals) == ("Foto-Nr", ())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Pat.-Nr.", True),
        ("Patientennummer", True),
        ("PatID", True),
        ("N\u00b0 patient", False),  # by its last word
        ("Sprecher", True),
        ("Patient Age", False),
        ("Pattern", False),
    ],
)
def test_names_of_groups(name: str, found: bool) -> None:
    word = next(iter(words(name)), "")
    assert bool(column_names.GROUP_WORD.fullmatch(word) and column_names.identifies(name)) == found


def test_a_file_is_told_by_its_folder_in_another_column(tmp_path: Path) -> None:
    """Recorders of one kind at several stations call their files alike."""
    for station in ("A", "B"):
        for n in range(3):
            path = tmp_path / f"Site {station}/Data/{n}00.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    rows = [f"Site {s};{n}00;{('x', 'y')[n % 2]}" for s in "AB" for n in range(3)]
    (tmp_path / "list.csv").write_text("\n".join(["station;enregistrement;esp\u00e8ce", *rows]))
    found = list_table(tmp_path)
    assert found.chosen["label_column"] == "esp\u00e8ce"
    assert {f"{p[:6]}/{p[-7:]}": name for p, name in labels(found).items()} == {
        f"Site {s}/{n}00.jpg": ("x", "y")[n % 2] for s in "AB" for n in range(3)
    }


def test_what_label_studio_writes() -> None:
    paths = ["images/photo 1.jpg", "images/b.jpg"]
    assert Lookup(paths).file("/data/local-files/?d=images/photo%201.jpg") == 0
    assert Lookup(paths).file("/data/upload/3/9f2c81ab-b.jpg") == 1
    assert plain_cell('{"choices": ["dress", "hat"]}') == "dress|hat"
    assert plain_cell("{not json") == "{not json"


def test_ages_are_no_names_of_files_although_they_are_found() -> None:
    paths = [f"{n}.jpg" for n in range(30)]
    rows = "".join(f"{20 + n % 4},{'fm'[n % 2]}\n" for n in range(12))
    table = table_files.parse(Path("x.csv"), f"age,sex\n{rows}".encode())
    assert table_columns.columns(table, Lookup(paths)).path is None


def test_exact_names_are_believed_rather_than_running_numbers() -> None:
    """As pandas writes a table, with its index first."""
    paths = [f"{n}.jpg" for n in range(6)]
    rows = "".join(f"{n},{5 - n}.jpg,{'ab'[n % 2]}\n" for n in range(6))
    table = table_files.parse(Path("x.csv"), f",filename,label\n{rows}".encode())
    where = table_columns.columns(table, Lookup(paths))
    assert (where.name(where.path), where.rivals) == ("filename", ())


# -- several tables, several sheets


def pictures(folder: Path, count: int, home: str = "img") -> list[str]:
    names = [f"{at:04}.jpg" for at in range(1, count + 1)]
    for name in names:
        (folder / home / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / home / name).touch()
    return names


def said(
    folder: Path, name: str, rows: list[list[str]], header: str = "file,accents,client_id"
) -> None:
    (folder / name).write_text("\n".join([header, *(",".join(row) for row in rows)]))


def parts(found: Listing) -> dict[str, int]:
    return dict(Counter(str(sample.split) for sample in found.samples))


@pytest.mark.parametrize(
    "names",
    [
        ("train.csv", "dev.csv", "test.csv", "validated.csv"),
        ("voices_train.csv", "voices_val.csv", "voices_test.csv", "voices_all.csv"),
        ("train.csv", "valid.csv", "eval.csv", "everything.csv"),
        ("meta/Training.csv", "meta/Validierung.csv", "meta/Test.csv", "meta/other.csv"),
    ],
)
def test_tables_that_divide_the_data_go_before_one_of_all(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    rows = [[name, "ns"[at % 2], f"p{at // 2}"] for at, name in enumerate(pictures(tmp_path, 20))]
    (tmp_path / names[0]).parent.mkdir(exist_ok=True)
    for name, part in zip(names, (rows[:12], rows[12:16], rows[16:18], rows), strict=True):
        said(tmp_path, name, part)
    found = list_table(tmp_path)
    expected = {"train": 12, "val": 4, "test": 2}
    assert parts(found) == expected
    assert found.chosen["table"] == names[0]
    (told,) = [p for p in found.problems if p.code == "data.table_repeats"]
    assert (told.path, told.left_out) == (names[3], False)
    assert (told.values["count"], told.values["rows"]) == (18, 20)
    again = list_table(tmp_path, table=names[0])  # as it is shown
    assert parts(again) == expected
    assert list_table(tmp_path, table=names[3]).chosen["table"] == names[3]
    assert len(list_table(tmp_path, table=names[3]).samples) == 20
    assert len(list_table(tmp_path, table=names[1]).samples) == 4


def test_titles_above_the_header_do_not_hide_a_table_beside_folders(tmp_path: Path) -> None:
    """The folders were taken for classes without a word."""
    names = pictures(tmp_path, 10, "Bilder/A") + pictures(tmp_path, 20, "Bilder/B")[10:]
    for name in names[:10]:
        (tmp_path / "Bilder/B" / name).unlink()
    head: list[list[object]] = [["Labor", "", "Stand 03.2024"], ["Bearbeiter: K. M."], []]
    rows: list[list[object]] = [["Bild-Nr.", "Ra", "Beurteilung", "Charge", "Verwendung", "Notiz"]]
    rows += [[n, n / 7, ("rau", "glatt")[n % 2], f"Ch-{n // 5}", "Prüfen" if n > 14 else "Lernen",
              None] for n in range(1, 21)]  # fmt: skip
    legend: list[list[object]] = [["rau", "Ra > 1"], ["glatt", "Ra < 1"]]
    workbook(tmp_path / "Proben.xlsx", Legende=legend, Proben=[*head, *rows, ["Summe", 30.0]])
    with pytest.raises(Question) as caught:
        list_table(tmp_path)
    assert (caught.value.code, caught.value.guess) == ("data.table_or_folders", "table")
    found = list_table(tmp_path, layout="table")
    assert Counter(labels(found).values()) == {"rau": 10, "glatt": 10}
    assert parts(found) == {"train": 14, "test": 6}
    assert found.chosen["sheet"] == "Proben"
    assert found.choices["sheet"] == {"Legende": "Legende", "Proben": "Proben"}
    assert reasons(found) == {"tables.other_sheets": 1, "rows.above": 2, "rows.total": 1}
    by_folder = list_table(tmp_path, layout="class")
    (told,) = by_folder.problems
    assert told.code == "data.table_beside_folders"
    assert "table" in by_folder.choices["layout"]  # what the sentence names
    assert "Proben.xlsx" in by_folder.choices["table"]


def test_of_several_sheets_that_name_files_it_is_asked_which(tmp_path: Path) -> None:
    names = pictures(tmp_path, 12)
    rows: list[list[object]] = [[name, "mf"[at % 2]] for at, name in enumerate(names)]
    head: list[object] = ["Photo", "Taxon"]
    readme: list[list[object]] = [["Project", "Moss"], ["Contact", "A. B."]]
    path = tmp_path / "list.xlsx"
    workbook(path, Readme=readme, of2023=[head, *rows[:8]], of2024=[head, *rows[8:]])
    for source in (tmp_path, path):
        with pytest.raises(Question) as caught:
            list_table(source)
        assert (caught.value.code, caught.value.guess) == ("data.which_sheet", "*")
        assert list(caught.value.choices) == ["*", "of2023", "of2024"]
        assert len(list_table(source, sheet="*").samples) == 12
        alone = list_table(source, sheet="of2024")
        assert Counter(labels(alone).values()) == {"m": 2, "f": 2}
        with pytest.raises(UserError) as refused:
            list_table(source, sheet="of2025")
        assert refused.value.code == "data.unknown_sheet"
    workbook(path, train=[head, *rows[:8]], test=[head, *rows[8:]])
    assert parts(list_table(tmp_path)) == {"train": 8, "test": 4}


def test_numbers_of_classes_are_no_names_of_files(tmp_path: Path) -> None:
    names = pictures(tmp_path, 12)
    classes = [{"id": 1, "name": "moss"}, {"id": 2, "name": "fern"}]
    rows = [{"file": name, "label": ("moss", "fern")[at % 2]} for at, name in enumerate(names)]
    (tmp_path / "info.json").write_text(json.dumps({"classes": classes, "photos": rows}))
    found = list_table(tmp_path)
    assert Counter(labels(found).values()) == {"moss": 6, "fern": 6}
    assert found.chosen["sheet"] == "photos"
    assert reasons(found)["tables.other_sheets"] == 1


def test_sheets_of_tables_that_divide_the_data(tmp_path: Path) -> None:
    names = pictures(tmp_path, 24)
    rows: list[list[object]] = [[name, "mf"[at % 2]] for at, name in enumerate(names)]
    head: list[object] = ["Photo", "Taxon"]
    workbook(tmp_path / "train.xlsx", A1=[head, *rows[:8]], A2=[head, *rows[8:16]])
    workbook(tmp_path / "test.xlsx", B1=[head, *rows[16:20]], B2=[head, *rows[20:]])
    with pytest.raises(Question) as caught:
        list_table(tmp_path)
    assert (caught.value.code, caught.value.guess) == ("data.which_sheet", "*")
    assert parts(list_table(tmp_path, sheet="*")) == {"train": 16, "test": 8}
    assert parts(list_table(tmp_path, sheet="A1")) == {"train": 8, "test": 8}


def test_captions_are_no_classes(tmp_path: Path) -> None:
    rows = [[name, f"somebody wears thing {name}"] for name in pictures(tmp_path, 8)]
    said(tmp_path, "metadata.csv", rows, "file_name,text")
    with pytest.raises(Question) as caught:
        list_table(tmp_path)
    assert caught.value.code == "data.only_parts"
    found = list_table(tmp_path, layout="class")
    assert found.classes == ["img"]
    assert [(p.code, p.path) for p in found.problems] == [("data.table_unlabelled", "metadata.csv")]


def test_questions_of_label_studio_are_columns(base: Path) -> None:
    """Names as the server wrote them; tasks that are open, cancelled or answered in two ways."""

    def annotation(state: str, cancelled: bool = False) -> dict[str, object]:
        state_of = {"from_name": "state", "type": "choices", "value": {"choices": [state]}}
        sure = {"from_name": "sure", "type": "rating", "value": {"rating": 2}}
        return {"result": [state_of, sure], "was_cancelled": cancelled}

    answers = {
        "4fdf309e-1.jpg": [annotation("good"), annotation("good")],
        "4fdf309e-2.jpg": [annotation("bad")],
        "4fdf309e-图_1.jpg": [annotation("bad"), annotation("good", cancelled=True)],
    }
    tasks = [
        {"data": {"image": f"/data/upload/7/{n}"}, "annotations": a, "updated_by": 1, "drafts": []}
        for n, a in answers.items()
    ]
    for folder in ("cat", "café"):
        for path in (base / folder).iterdir():
            path.unlink()
    (base / "project.json").write_text(json.dumps(tasks))
    found = list_table(base / "project.json", label_column="annotations.result.state")
    assert labels(found) == {"dog/1.jpg": "good", "dog/2.jpg": "bad", "猫/图 1.jpg": "bad"}


def test_folders_of_a_server_that_are_not_there(base: Path) -> None:
    found = read(base, "path,label\n/upload/7/cat/1.jpg,cat\ndog/big/1.jpg,dog\n")
    assert labels(found) == TWO


def test_columns_that_mark_every_row_are_no_classes(base: Path) -> None:
    found = read(base, "path,done,checked,kind\ncat/1.jpg,1,0,cat\ndog/1.jpg,1,1,dog\n")
    assert labels(found) == TWO


def test_two_files_in_a_row(base: Path) -> None:
    """The photos of one article have its class, and stay together."""
    rows = ("cat/1,cat/2,1", "dog/1,,2", "dog/2,café/1,2", ",图 1,2")
    (base / "a.csv").write_text("Photo 1,Photo 2,class\n" + "".join(f"{row}\n" for row in rows))
    found = list_table(base / "a.csv")
    assert labels(found) == {
        "cat/1.jpg": "1", "cat/2.jpg": "1", "dog/1.jpg": "2", "dog/2.jpg": "2", "café/1.jpg": "2",
    }  # fmt: skip
    groups = {sample.path: sample.group for sample in found.samples}
    assert groups["cat/1.jpg"] == groups["cat/2.jpg"] != groups["dog/2.jpg"]
    assert reasons(found) == {"data.more_files": 1, "rows.no_path": 1}


def test_a_class_in_the_first_row_of_a_block(base: Path) -> None:
    for at in range(12):
        (base / f"p{at}.jpg").write_bytes(b"x")
    rows = "".join(f"p{at},{'abca'[at // 3] if at % 3 == 0 else ''}\n" for at in range(12))
    (base / "t.csv").write_text(f"path,label\n{rows}")
    with pytest.raises(Question) as asked:
        list_table(base / "t.csv")
    assert (asked.value.setting, asked.value.guess) == ("data.options.fill_down", "yes")
    assert Counter(labels(list_table(base / "t.csv", fill_down="yes")).values()) == {
        "a": 6, "b": 3, "c": 3,
    }  # fmt: skip
    assert reasons(list_table(base / "t.csv", fill_down="no"))["rows.no_label"] == 8


def test_crosses_in_one_of_several_columns_and_two_files_in_a_cell(base: Path) -> None:
    """As a museum keeps its list: an x for the kind, ``a.jpg; b.jpg`` for two photos."""
    rows = (
        "cat/1.jpg; cat/2.jpg,1890,x,",
        "dog/1.jpg,1900,,X",
        "dog/2.jpg,1900,x,x",
        "café/1.jpg,1890,,",
    )
    (base / "t.csv").write_text("Foto,Época,Vestido,Zapatos\n" + "".join(f"{r}\n" for r in rows))
    found = list_table(base / "t.csv")
    assert labels(found) == {
        "cat/1.jpg": "Vestido", "cat/2.jpg": "Vestido", "dog/1.jpg": "Zapatos",
        "dog/2.jpg": "Vestido; Zapatos", "café/1.jpg": "(none)",
    }  # fmt: skip
    assert reasons(found) == {}
    assert len({sample.group for sample in found.samples}) == 2
    one = list_table(base / "t.csv", objective="one_class")
    assert reasons(one) == {"rows.several_labels": 1, "rows.no_label": 1}


def test_a_class_in_many_spellings_is_one_of_the_columns(base: Path) -> None:
    """Of a list of singers: yes and no are not likelier, only because the voices are misspelt."""
    spelt = ["Soprano", "soprano", "SOPRANO", "Alto", "alto", "ALTO", "Bass", "bass"]
    (base / "t.csv").write_text(
        "File,Voice,Paid\n" + "".join(f"cat/{n}.jpg,{v},{'yes' if n % 3 else 'no'}\n"
                                      for n, v in enumerate(spelt))
    )  # fmt: skip
    table = table_files.read(base / "t.csv")
    where = table_columns.columns(table, Lookup([f"cat/{n}.jpg" for n in range(8)]))
    assert {where.names[at] for at in where.labels} == {"Voice", "Paid"}


def test_a_name_without_an_ending_of_a_file_that_is_there_twice() -> None:
    twice = Lookup(["a/1.wav", "a/1.opus", "b/2.wav", "c/2.wav"])
    assert twice.file("1") == 1
    assert twice.file("2") is None


def test_who_is_in_one_fold_only_is_the_group_not_the_fold(base: Path) -> None:
    people = ["Ann", "Bob", "Cleo", "Dan"]
    rows = [f"cat/{n}.jpg,{'yes' if n % 3 else 'no'},{people[n % 4]},{n % 2}" for n in range(16)]
    (base / "t.csv").write_text("\n".join(["file,answer,ringer,fold", *rows]) + "\n")
    table = table_files.read(base / "t.csv")
    where = table_columns.columns(table, Lookup([f"cat/{n}.jpg" for n in range(16)]))
    assert where.name(where.group) == "ringer"
    assert "fold" not in {where.names[at] for at in where.labels}


def test_left_and_right_are_rather_no_classes(base: Path) -> None:
    rows = [f"cat/{n}.jpg,{('dcha', 'izq')[n % 2]},{('a', 'b', 'c')[n % 3]}" for n in range(18)]
    (base / "t.csv").write_text("\n".join(["file,lado,postura", *rows]) + "\n")
    table = table_files.read(base / "t.csv")
    where = table_columns.columns(table, Lookup([f"cat/{n}.jpg" for n in range(18)]))
    assert [where.names[at] for at in where.labels] == ["postura", "lado"]


def test_columns_that_may_say_who_samples_are_of_are_named(base: Path) -> None:
    people = ["Aoife", "Cian", "Declan", "Maeve", "Niamh"]
    rows = [f"cat/{n}.jpg,{('one', 'two')[n % 2]},{people[n % 5]},{n % 7}" for n in range(30)]
    (base / "t.csv").write_text("\n".join(["file,label,presenter,stars", *rows]) + "\n")
    table = table_files.read(base / "t.csv")
    paths = [f"cat/{n}.jpg" for n in range(30)]
    where = table_columns.columns(table, Lookup(paths))
    found = table_columns.may_group(table, True, where.label, (where.path, where.split))
    assert [table.first[at] for at in found] == ["presenter"]


@pytest.mark.parametrize(("name", "sure"), [("Kind", False), ("Klasse", False), ("label", True)])
def test_a_name_that_means_other_things_is_not_believed(base: Path, name: str, sure: bool) -> None:
    """``Kind`` is a child in German, ``Klasse`` a school class."""
    children, clothes = ("Elif", "Jonas", "Mia"), ("hat", "shoe", "coat", "sock")
    rows = [f"cat/{n}.jpg,{clothes[n % 4]},{children[n % 3]},{n % 2}" for n in range(24)]
    (base / "t.csv").write_text("\n".join([f"file,Kleidung,{name},seen", *rows]) + "\n")
    table = table_files.read(base / "t.csv")
    where = table_columns.columns(table, Lookup([f"cat/{n}.jpg" for n in range(24)]))
    assert where.sure == sure
    assert where.name(where.label) == name
    assert {where.names[at] for at in where.labels} >= {name, "Kleidung"}
