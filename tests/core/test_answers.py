"""The table of answers: every column has a name of its own, in the program and in predict.py."""

import ast
import csv
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core import answers, cells, paths
from transfergui.core.errors import UserError
from transfergui.core.evaluation import metrics, report
from transfergui.core.modalities import tables
from transfergui.core.trained import Prediction

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
    return answers.to_text(answers.rows(answers.Answered(classes, found)))


def write(path: Path, classes: Sequence[str], found: Sequence[Prediction]) -> None:
    answers.write(path, answers.rows(answers.Answered(classes, found)))


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
    assert len({*answers.COLUMNS, *columns}) == len(answers.COLUMNS) + len(classes)
    assert list(of_script()(classes)) == list(columns)
    pairs = zip(classes, columns, strict=True)
    assert all(a == b for a, b in pairs if a not in answers.COLUMNS)


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
    }


def test_what_was_in_a_zip_is_called_so() -> None:
    row = Prediction(Path("/cache/x/a.png"), np.array([1.0, 0.0]), name=Path("photos.zip/a.png"))
    assert to_text(["a", "b"], [row]).splitlines()[1].startswith("photos.zip/a.png,a,1")


def test_the_predictions_of_a_run_have_such_names_too(tmp_path: Path) -> None:
    classes = ("truth", "label")
    rows = metrics.prediction_rows(["a"], [1], np.array([[0.25, 0.75]]), classes)
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
    assert rows[0] == ["path", "label", "confidence", "a", f"'{text}", "note"]
    assert rows[1][:2] == [f"'{text}", f"'{text}"]
    table = tables.read(tmp_path / "answers.csv")  # as data, it has the names of the files again
    assert table.rows[2][:2] == [text, text] or "\r" in text  # which is an end of a line there

    known = metrics.prediction_rows([text], [1], np.array([[0.25, 0.75]]), ("a", text))
    data = report.predictions_csv(known, ("a", text))
    assert data.count(b"'" + text.encode()) == 4
    (tmp_path / report.PREDICTIONS).write_bytes(data)
    assert report.load_predictions(tmp_path) == known


@given(st.text() | st.text("'=+-@\t\r1.e"))
def test_what_was_made_safe_is_made_plain_again(text: str) -> None:
    assert cells.plain(cells.safe(text)) == text
    assert cells.safe(text) == of_script("safe")(text)
    assert not re.match(r"[=+\-@\t\r]", cells.safe(text)) or cells.NUMBER.fullmatch(text)


@pytest.mark.parametrize("number", ["-1", "+2.5e-3", "-.5", "-7."])
def test_numbers_stay_numbers(number: str) -> None:
    assert cells.safe(number) == number


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
def test_a_table_for_a_device_does_not_replace_it(tmp_path: Path) -> None:
    write(Path(os.devnull), ["a"], [])
    assert Path(os.devnull).is_char_device()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="No such device") as caught:
        write(tmp_path / "pipe", ["a"], [])
    assert caught.value.code == "export.not_writable"
    assert (tmp_path / "pipe").is_fifo()
