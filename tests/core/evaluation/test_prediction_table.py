"""The table of answers: every column has a name of its own, in the program and in predict.py."""

import ast
import csv
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import made_answers
from tests.core.made_answers import answered
from tests.core.made_rows import made_rows
from transfergui.core.base import cells, paths
from transfergui.core.base.errors import UserError
from transfergui.core.data import rows as rows_
from transfergui.core.data.dataset import Problem
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation import report
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.reading.tables import table_files

Columns = Callable[[Sequence[str]], Sequence[str]]


def of_script(name: str = "class_columns") -> Any:
    """A function of predict.py, which imports nothing of the program."""
    tree = ast.parse(paths.resource("templates", "predict.py").read_text(encoding="utf-8"))
    wanted = [
        node
        for node in tree.body
        if (isinstance(node, ast.FunctionDef) and node.name == name)
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COLUMNS")
    ]
    space: dict[str, Any] = {"re": re}
    exec(compile(ast.Module(wanted, []), "predict.py", "exec"), space)
    return space[name]


def to_text(classes: Sequence[str], found: Sequence[Prediction]) -> str:
    return answers.to_text(answers.rows(answered(classes, found)))


def write(path: Path, classes: Sequence[str], found: Sequence[Prediction]) -> None:
    answers.write(path, answers.rows(answered(classes, found)))


@pytest.mark.parametrize("columns", [answers.class_columns, of_script()], ids=["core", "script"])
def test_a_class_that_is_called_like_a_column(columns: Columns) -> None:
    assert list(columns(["cat", "label", "path"])) == ["cat", "label (class)", "path (class)"]
    taken = columns(["label", "label (class)", "confidence"])
    assert list(taken) == ["label (class) (class)", "label (class)", "confidence (class)"]


names = st.lists(
    st.sampled_from(["path", "label", "confidence", "label (class)", "x"]) | st.text(), unique=True
)


@given(names)
def test_every_column_has_a_name_of_its_own(classes: list[str]) -> None:
    columns = answers.class_columns(classes)
    assert len({*rows_.COLUMNS, *columns}) == len(rows_.COLUMNS) + len(classes)
    assert list(of_script()(classes)) == list(columns)
    pairs = zip(classes, columns, strict=True)
    assert all(a == b for a, b in pairs if a not in rows_.COLUMNS)


def test_the_figures_stand_below_their_class() -> None:
    row = Prediction(Path("a.png"), np.array([0.25, 0.75]))
    text = to_text(["label", "path"], [row])
    (read,) = csv.DictReader(io.StringIO(text))
    assert read == {
        "path": "a.png",
        "label": "path",
        "confidence": "0.75",
        "label (class)": "0.25",
        "path (class)": "0.75",
        "note": "",
        "reason": "",
    }


def test_what_was_in_a_zip_is_called_so() -> None:
    row = Prediction(Path("/cache/x/a.png"), np.array([1.0, 0.0]), name=Path("photos.zip/a.png"))
    assert to_text(["a", "b"], [row]).splitlines()[1].startswith("photos.zip/a.png,a,1")


def test_the_predictions_of_a_run_have_such_names_too(tmp_path: Path) -> None:
    classes = ("truth", "label")
    rows = made_rows(["a"], [1], np.array([[0.25, 0.75]]), classes)
    data = report.predictions_csv(rows, classes)
    assert data.splitlines()[0] == b"path,truth,label,confidence,truth (class),label (class)"
    (tmp_path / report.PREDICTIONS).write_bytes(data)
    assert report.load_predictions(tmp_path) == rows


FORMULAS = (
    "=HYPERLINK(1)",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "\t=1",
    "\r=1",
    "'=1",
    "''@x",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_that_a_spreadsheet_would_run_is_written(text: str, tmp_path: Path) -> None:
    """Names of files and of classes come from anywhere; the raw ones come back."""
    found = Prediction(Path(text), np.array([0.25, 0.75]))
    (tmp_path / "answers.csv").touch()
    write(tmp_path / "answers.csv", ["a", text], [found])
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["path", "label", "confidence", "a", f"'{text}", "note", "reason"]
    assert rows[1][:2] == [f"'{text}", f"'{text}"]
    table = table_files.read(tmp_path / "answers.csv")  # as data: its names of files
    assert table.rows[2][:2] == [text, text] or "\r" in text  # which is an end of a line there

    known = made_rows([text], [1], np.array([[0.25, 0.75]]), ("a", text))
    data = report.predictions_csv(known, ("a", text))
    assert data.count(b"'" + text.encode()) == 4
    (tmp_path / report.PREDICTIONS).write_bytes(data)
    assert report.load_predictions(tmp_path) == known


@given(st.text() | st.text("'=+-@\t\r1.e"))
def test_what_was_made_safe_is_made_plain_again(text: str) -> None:
    assert cells.plain(cells.safe(text)) == text
    assert cells.safe(text) == of_script("safe")(text)
    assert not re.match(r"[=+\-@\t\r]", cells.safe(text)) or cells.NUMBER.fullmatch(text)


@pytest.mark.parametrize(
    "number",
    ["-1", "+2.5e-3", "-.5", "-7.", "-3.5 kg", "-2 °", "-4%", "-1.2e-05 m/s²", "-3 µm", "-8 €"],
)
def test_numbers_stay_numbers(number: str) -> None:
    """With their units, too: negative ones were given an apostrophe."""
    assert cells.safe(number) == number
    assert of_script("safe")(number) == number


@pytest.mark.parametrize("text", ["-3 kg+1", "-2 A1:B2", "-1 cmd|x", "-1kg!A1", "-2 (3)", "- 3 kg"])
def test_what_is_more_than_a_number_with_a_unit_is_made_safe(text: str) -> None:
    assert cells.safe(text) == of_script("safe")(text) == f"'{text}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
def test_a_table_for_a_device_does_not_replace_it(tmp_path: Path) -> None:
    write(Path(os.devnull), ["a"], [])
    assert Path(os.devnull).is_char_device()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="No such device") as caught:
        write(tmp_path / "pipe", ["a"], [])
    assert caught.value.code == "export.not_writable"
    assert (tmp_path / "pipe").is_fifo()


# -- what is saved beside the predictions


def saved(
    found: Sequence[Prediction], classes: Sequence[str] = ("a", "b"), **more: Any
) -> list[dict[str, str]]:
    """The saved table, read as a spreadsheet reads CSV; no two columns have one name."""
    text = answers.to_text(answers.rows(answered(classes, found), **more))
    heading, *rows = csv.reader(io.StringIO(text))
    assert len(set(heading)) == len(heading)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_every_row_is_saved_with_its_note() -> None:
    sure = Prediction(Path("1.png"), np.array([0.1, 0.9]))
    unsure = Prediction(Path("2.png"), np.array([0.35, 0.65]))
    unread = Prediction(Path("x/3.png"), problem=Problem("input.vanished", path="x/3.png"))
    doubtful = Prediction(
        Path("4.png"), np.array([0, 1.0]), Problem("picture.blank", path="4.png", left_out=False)
    )
    rows = saved([unread, sure, unsure, doubtful])
    assert [row["path"] for row in rows] == [str(Path("x/3.png")), "1.png", "2.png", "4.png"]
    assert [row["label"] for row in rows] == ["", "b", "b", "b"]
    assert rows[0]["confidence"] == rows[0]["a"] == rows[0]["b"] == ""
    assert rows[0]["note"] == "3.png is missing."
    assert [row["note"] for row in rows[1:3]] == ["", "low confidence"]
    assert "4.png" in rows[3]["note"]
    assert saved([unsure], threshold=65)[0]["note"] == ""


def test_the_columns_of_the_user_come_first_and_none_twice() -> None:
    names = ("id", "label", "path", "note", "b")
    own = rows_.OwnRow(names, ["7", "mine", "p", "n", "own b"])
    found = Prediction(Path("t.csv#2"), np.array([0.2, 0.8]), own=(own,))
    (row,) = saved([found])
    assert list(row.items()) == [
        ("id", "7"),
        ("label (your table)", "mine"),
        ("path (your table)", "p"),
        ("note (your table)", "n"),
        ("b", "own b"),
        ("path", "t.csv#2"),
        ("label", "b"),
        ("confidence", "0.8"),
        ("a", "0.2"),
        ("b (class)", "0.8"),
        ("note", ""),
        ("reason", ""),
    ]


@given(names, names)
def test_no_column_of_the_user_hides_another(own: list[str], classes: list[str]) -> None:
    share = np.full(len(classes), 0.5)
    row = rows_.OwnRow(tuple(own), own)
    found = [Prediction(Path("x"), share, own=(row,))] if classes else []
    (heading, *_rows) = answers.rows(answered(classes, found))
    assert len(set(heading)) == len(heading)
    earlier = answered(classes, found, "a")
    (heading, *_rows) = answers.rows(answered(classes, found), earlier)
    assert len(set(heading)) == len(heading)


def test_tables_of_different_columns_and_files_without_one() -> None:
    share = np.array([0.2, 0.8])
    one = Prediction(Path("1"), share, own=(rows_.OwnRow(("id", "who"), ["1", "Ann"]),))
    two = Prediction(Path("2"), share, own=(rows_.OwnRow(("id", "age"), ["2"]),))
    again = rows_.OwnRow(("id",), ["3"]), rows_.OwnRow(("id",), ["4"])
    rows = saved([one, two, Prediction(Path("3"), share), Prediction(Path("4"), share, own=again)])
    assert list(rows[0])[:4] == ["id", "who", "age", "path"]
    kept = [(row["id"], row["who"], row["age"], row["path"]) for row in rows]
    assert kept[:3] == [("1", "Ann", "", "1"), ("2", "", "", "2"), ("", "", "", "3")]
    assert kept[3:] == [("3", "", "", "4"), ("4", "", "", "4")]  # both rows that name the file


def test_cells_of_the_user_that_are_formulas_come_back(tmp_path: Path) -> None:
    """Our columns do not stand first here; the table is known as ours all the same."""
    own = rows_.OwnRow(("id", "text"), ["=1", "'@x"])
    found = [Prediction(Path("=a"), np.array([0.2, 0.8]), own=(own,))]
    for name in ("p.csv", "p.xlsx"):
        answers.write(tmp_path / name, answers.rows(answered(["a", "b"], found)))
        assert table_files.read(tmp_path / name).rows[2][:4] == ["=1", "'@x", "=a", "b"]
    assert "'=1" in (tmp_path / "p.csv").read_text()


def test_a_workbook_holds_texts_as_texts_and_figures_as_figures(tmp_path: Path) -> None:
    cells = ["=1+1", "007", "https://example.org", "a\x01b\udcff", "-5"]
    own = rows_.OwnRow(tuple("vwxyz"), cells)
    found = [Prediction(Path("t"), np.array([0.25, 0.75]), own=(own,))]
    answers.write(tmp_path / "p.XLSX", answers.rows(answered(["a", "b"], found)))
    shutil.copy(tmp_path / "p.XLSX", tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx").active
    heading, row = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert heading == [*"vwxyz", "path", "label", "confidence", "a", "b", "note", "reason"]
    assert row == [*cells[:3], "a_x0001_b\\udcff", "-5", "t", "b", 0.75, 0.25, 0.75, None, None]
    assert {cell.data_type for cell in sheet[2][:5]} <= {"s", "inlineStr"}
    assert sheet["C2"].hyperlink is None


@pytest.mark.parametrize(
    ("limit", "what"), [("MOST_ROWS", "rows"), ("MOST_COLUMNS", "col"), ("MOST_LETTERS", "char")]
)
def test_what_excel_cannot_hold_is_refused(
    limit: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, limit, 2 if limit == "MOST_ROWS" else 5)
    own = rows_.OwnRow(("x",), ["\U0001f600" * 3])
    found = [Prediction(Path("t"), np.array([0.25, 0.75]), own=(own, own))]
    with pytest.raises(UserError, match=what) as caught:
        answers.write(tmp_path / "p.xlsx", answers.rows(answered(["a", "b"], found)))
    assert caught.value.code == "predict.too_large_for_excel"
    assert not list(tmp_path.iterdir())
    answers.write(tmp_path / "p.csv", answers.rows(answered(["a", "b"], found)))


def test_the_predictions_of_two_models_stand_side_by_side() -> None:
    one = Prediction(Path("1"), np.array([0.2, 0.8]))
    two = Prediction(Path("2"), np.array([0.2, 0.8]))
    before = Prediction(Path("1"), np.array([0.6, 0.3, 0.1]))
    earlier = answered(["a", "b", "c"], [before, None], "old")
    first, second = saved([one, two], earlier=earlier)
    old = {name: cell for name, cell in first.items() if name.endswith("(old)")}
    assert old == {
        "label (old)": "a",
        "confidence (old)": "0.6",
        "a (old)": "0.6",
        "b (old)": "0.3",
        "c (old)": "0.1",
        "note (old)": "low confidence",
        "reason (old)": "unsure",
    }
    assert (first["label"], first["confidence"], first["note"]) == ("b", "0.8", "")
    assert {second[name] for name in old} == {""}


# -- every objective


@pytest.mark.parametrize(
    ("objective", "given", "columns", "sure", "unsure"),
    [
        (
            "several_labels",
            ([0.4, 0.05], [0.31, 0.2]),  # thresholds 0.3 and 0.9
            ["high", "odd"],
            ["high", "0.4", "0.4", "0.05", "low confidence", "unsure"],
            ["high", "0.31", "0.31", "0.2", "low confidence", "unsure"],
        ),
        (
            "several_questions",
            ([0.1, 0.9, 0.8, 0.2], [0.1, 0.9, 0.45, 0.55]),
            ["size", "size confidence", "parity", "parity confidence"],
            ["high · e", "0.8", "high", "0.9", "e", "0.8", "", ""],
            ["high · o", "0.55", "high", "0.9", "o", "0.55", "low confidence", "unsure"],
        ),
        (
            "number",
            ([21.5], [-3.25]),
            ["value"],
            ["21.5 kg", "", "21.5", "", ""],
            ["-3.25 kg", "", "-3.25", "", ""],  # no confidence: never unsure
        ),
    ],
)
def test_the_columns_of_every_objective(
    objective: str,
    given: Sequence[Sequence[float]],
    columns: list[str],
    sure: list[str],
    unsure: list[str],
) -> None:
    unread = Prediction(Path("c"), problem=Problem("input.vanished", path="c"))
    pairs = zip("ab", given, strict=True)
    found = [*(made_answers.said_by(objective, name, each) for name, each in pairs), unread]
    text = answers.to_text(answers.rows(made_answers.of(objective, found)))
    heading, *rows = csv.reader(io.StringIO(text))
    assert heading == ["path", "label", "confidence", *columns, "note", "reason"]
    assert rows[0] == ["a", *sure]
    assert rows[1] == ["b", *unsure]
    assert rows[2][:-2] == ["c", *[""] * (len(heading) - 3)]
    assert rows[2][-1] == ""
    assert rows[2][-2] != ""


def test_no_label_is_an_answer() -> None:
    none = made_answers.said_by("several_labels", "a", [0.1, 0.1])
    assert (none.label(()), none.confidence) == ("(none)", pytest.approx(0.9))
    (row,) = list(answers.rows(made_answers.of("several_labels", [none])))[1:]
    assert row == ("a", "(none)", pytest.approx(0.9), 0.1, 0.1, "", "")


@pytest.mark.parametrize("columns", [answers.class_columns, of_script()], ids=["core", "script"])
def test_a_question_that_is_called_like_the_confidence_of_another(columns: Columns) -> None:
    named = ["a", "a confidence", "a confidence", "a confidence confidence"]
    assert len(set(columns(named))) == 4
