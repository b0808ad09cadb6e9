"""Tables of labelled files, as spreadsheets and people write them."""

import codecs
import json
from pathlib import Path

import pytest

from transfergui.core.encodings import encoding_of
from transfergui.core.errors import UserError
from transfergui.core.modalities import manifest
from transfergui.core.modalities.manifest import Manifest, resolve


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with the files that the tables name."""
    for name in ("cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "dog/2.jpg", "猫/图 1.jpg", "café/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def read(base: Path, text: str | bytes, name: str = "table.csv") -> Manifest:
    data = text.encode() if isinstance(text, str) else text
    (base / name).write_bytes(data)
    return manifest.read(base / name)


def labels(found: Manifest) -> dict[str, str]:
    return {sample.path: found.classes[sample.label] for sample in found.samples}


def reasons(found: Manifest) -> dict[str, int]:
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
    "cat,cat": "rows.not_a_file",
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
    found = read(base, "path,label,split\ncat/1.jpg,cat,holdout\ndog/1.jpg,dog,test\n")
    assert [s.split for s in found.samples] == [None, "test"]
    assert reasons(found) == {"rows.split_unknown": 1}
    assert not found.problems[0].left_out


@pytest.mark.parametrize("text", ["", "name,age\na,1\n", "path\ncat/1.jpg\n", "one column\n"])
def test_tables_without_the_columns_are_refused(base: Path, text: str) -> None:
    with pytest.raises(UserError) as caught:
        read(base, text)
    assert caught.value.code == "data.manifest_columns"
    assert "table.csv" in str(caught.value)


@pytest.mark.parametrize("text", ["path,label\n", "path,label\ngone.jpg,cat\n"])
def test_tables_without_a_row_of_use_are_refused(base: Path, text: str) -> None:
    with pytest.raises(UserError) as caught:
        read(base, text)
    assert caught.value.code == "data.manifest_empty"


def test_cancel(base: Path) -> None:
    (base / "table.csv").write_text("path,label\ncat/1.jpg,cat\n")
    with pytest.raises(KeyboardInterrupt):
        manifest.read(base / "table.csv", _interrupt)


def _interrupt(count: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a/b.jpg", "a/b.jpg"),
        ("./a//b.jpg", "a/b.jpg"),
        ("a\\b.jpg", "a/b.jpg"),
        ("..a/b.jpg", "..a/b.jpg"),
        ("1:02.jpg", "1:02.jpg"),
        ("..", None),
        (".", None),
        ("d:/b.jpg", None),
    ],
)
def test_resolve(written: str, expected: str | None) -> None:
    assert resolve(written) == expected
