"""``explain``: a picture of each file, and a document about all."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.conftest import Run, objective_run  # noqa: F401 - a fixture
from transfergui.__main__ import main


def test_explain_writes_a_picture_of_each_file_and_a_document(
    objective_run: Callable[[str, str], Run],  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = objective_run("one_class", "image")
    sample = Path(run.split.root) / run.split.test[0].path
    out = tmp_path / "out"
    given = [str(run.path), str(sample), str(tmp_path / "gone.png"), "--out", str(out)]
    assert main(["explain", *given, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads((out / "explanations.json").read_text("utf-8"))
    (found,) = document["explanations"]
    assert (out / found["file"]).is_file()
    assert [problem["code"] for problem in document["problems"]] == ["predict.missing"]
    assert main(["explain", *given, "--for", "bears"]) != 0
