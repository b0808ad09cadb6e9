"""runs and rename, as a person and as a script see them."""

import argparse
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.core.runs.test_run import RECIPE, SPLIT
from transfergui.cli import argument_types, main
from transfergui.core.base import paths
from transfergui.core.runs.run import Run


@pytest.fixture
def run() -> Run:
    return Run.create(RECIPE, SPLIT)


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    assert main(["runs", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_renamed_run_is_listed_by_its_name(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["name"] for row in listed(capsys)] == ["beetles"]
    assert main(["rename", str(run.path), "  my   best one "]) == 0
    assert f"{run.path} is now named “my best one”." in capsys.readouterr().err
    (row,) = listed(capsys)
    assert row["name"] == "my best one"
    assert (row["state"], row["where"]) == ("interrupted", None)
    assert (row["run"], row["data"], row["accuracy"]) == (str(run.path), "/data/beetles", None)
    assert main(["runs"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split()[:3] == ["name", "started", "state"]
    assert "  interrupted  " in line
    assert line.startswith("my best one")
    assert line.endswith(str(run.path))


@pytest.mark.parametrize(
    ("name", "said"),
    [("  ", "The name is empty"), ("x" * 81, "81 characters; at most 80")],
)
def test_names_that_cannot_be_are_refused(
    run: Run, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rename", str(run.path), name]) == 1
    assert said in capsys.readouterr().err
    assert run.name == ""


def test_a_damaged_run_is_listed_with_why(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    (run.path / "recipe.json").write_text("{", encoding="utf-8")
    (row,) = listed(capsys)
    assert row["name"] == run.path.name
    assert "recipe.json" in row["problem"]
    assert row["state"] == "damaged"


def test_without_runs_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRANSFERGUI_RUNS", str(tmp_path / "none"))
    assert not paths.runs_dir().exists() or not list(paths.runs_dir().iterdir())
    assert main(["runs"]) == 0
    assert "There are no runs yet." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("report", "cell"),
    [
        (
            {
                "objective": "number",
                "unit": "kg",
                "primary": {"name": "mean_absolute_error", "value": 3.1234},
            },
            "mean absolute error 3.12 kg",
        ),
        (
            {
                "objective": "several_labels",
                "primary": {"name": "mean_average_precision", "value": 0.8432},
            },
            "mean average precision 84.3 %",
        ),
        ({"objective": "of_later", "primary": {"name": "depth", "value": 2.0}}, "depth 2.000"),
    ],
    ids=lambda value: value["objective"] if isinstance(value, dict) else "",
)
def test_a_run_is_listed_with_the_figure_of_its_objective(
    run: Run, report: dict[str, Any], cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (run.path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (row,) = listed(capsys)
    assert row["objective"] == report["objective"]
    assert row["primary"] == report["primary"] | {"unit": report.get("unit", "")}
    assert row["accuracy"] is None
    assert main(["runs"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert "result" in heading.split()
    assert cell in line


def test_the_accuracy_of_a_run_of_earlier_is_its_primary_figure(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (run.path / "report.json").write_text('{"accuracy": 0.875}', encoding="utf-8")
    (row,) = listed(capsys)
    assert (row["objective"], row["accuracy"]) == ("one_class", 0.875)
    assert row["primary"] == {"name": "accuracy", "value": 0.875, "unit": ""}
    assert main(["runs"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert "accuracy" in heading.split()
    assert "87.5 %" in line


def test_a_report_whose_figure_is_none_is_said(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (run.path / "report.json").write_text('{"primary": {"value": "x"}}', encoding="utf-8")
    (row,) = listed(capsys)
    assert "report.json" in row["problem"]
    assert main(["runs"]) == 0


def test_the_runs_of_a_folder(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Run.create(RECIPE, SPLIT, tmp_path / "elsewhere" / "one")
    for folder in (other.path.parent, other.path):
        assert main(["runs", str(folder), "--json"]) == 0
        assert [row["run"] for row in json.loads(capsys.readouterr().out)] == [str(other.path)]
    assert main(["runs", str(tmp_path / "nowhere")]) == 1
    assert "run.no_folder" in capsys.readouterr().err


def test_a_run_is_called_by_its_name_where_that_is_clear(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = [SimpleNamespace(path=tmp_path / f"r{n}", name=name) for n, name in enumerate("xyy")]
    for run in runs:
        run.recipe, run.called = None, lambda _recipe, name=run.name: name
    monkeypatch.setattr(argument_types, "list_runs", lambda: runs)
    assert argument_types.run_path("x") == argument_types.run_path("r0") == tmp_path / "r0"
    assert argument_types.run_path("z") == Path("z")
    assert argument_types.run_path("deep/x") == Path("deep/x")
    with pytest.raises(argparse.ArgumentTypeError, match=r"r1.*r2"):
        argument_types.run_path("y")
    (tmp_path / "y").touch()
    assert argument_types.run_path("y") == Path("y")
