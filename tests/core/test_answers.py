"""The table of answers: every column has a name of its own, in the program and in predict.py."""

import ast
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core import answers, paths
from transfergui.core.evaluation import metrics, report
from transfergui.core.trained import Prediction

Columns = Callable[[Sequence[str]], Sequence[str]]


def of_script() -> Columns:
    """``class_columns`` of predict.py, which imports nothing of the program."""
    tree = ast.parse(paths.resource("templates", "predict.py").read_text(encoding="utf-8"))
    wanted = [
        node
        for node in tree.body
        if (isinstance(node, ast.FunctionDef) and node.name == "class_columns")
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COLUMNS")
    ]
    space: dict[str, Columns] = {}
    exec(compile(ast.Module(wanted, []), "predict.py", "exec"), space)
    return space["class_columns"]


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
    text = answers.to_text(["label", "path"], [row])
    (read,) = csv.DictReader(io.StringIO(text))
    assert read == {
        "path": "a.png",
        "label": "path",
        "confidence": "0.75",
        "label (class)": "0.25",
        "path (class)": "0.75",
    }


def test_what_was_in_a_zip_is_called_so() -> None:
    row = Prediction(Path("/cache/x/a.png"), np.array([1.0, 0.0]), name=Path("photos.zip/a.png"))
    assert answers.to_text(["a", "b"], [row]).splitlines()[1].startswith("photos.zip/a.png,a,1")


def test_the_predictions_of_a_run_have_such_names_too(tmp_path: Path) -> None:
    classes = ("truth", "label")
    rows = metrics.prediction_rows(["a"], [1], np.array([[0.25, 0.75]]), classes)
    data = report.predictions_csv(rows, classes)
    assert data.splitlines()[0] == b"path,truth,label,confidence,truth (class),label (class)"
    (tmp_path / report.PREDICTIONS).write_bytes(data)
    assert report.load_predictions(tmp_path) == rows
