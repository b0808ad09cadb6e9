"""Two runs side by side, and two models on the same data."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import make_tiny_pictures
from tests.core.evaluation.test_run_differences import COUNT, run_with_errors
from tests.core.made_runs import make_run
from transfergui.cli import main
from transfergui.core.app import comparing
from transfergui.core.evaluation import disagreements
from transfergui.core.evaluation.disagreements import COLUMNS
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel


def test_runs_show_on_which_examples_they_differ_and_who_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = run_with_errors(range(10)), run_with_errors(range(6, 12))
    found = comparing.runs(one, other)
    assert found.differing is not None
    assert found.differing.counts() == {"first": 2, "second": 6, "both_wrong": 0}
    assert (found.differing.shared, found.differing.agree) == (COUNT, COUNT - 8)
    assert {note.code for note in found.notes} >= {"compare.needs_more", "compare.no_curves"}
    assert [row[0] for row in found.tables[1].rows] == ["a", "b"]
    assert found.settings == ()
    csv_file = tmp_path / "differ.csv"
    command = ["compare", str(one.path), str(other.path), "--save", str(csv_file)]
    assert main([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["agree"], said["shared"], said["settings"]) == (COUNT - 8, COUNT, {})
    assert said["agreement"]["low"] < said["agreement"]["value"] < said["agreement"]["high"]
    with csv_file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert {(row["path"], row["which"]) for row in rows} == {
        (each["path"], each["which"]) for each in said["differing"]
    }


def test_settings_that_differ_are_told_and_others_are_not() -> None:
    one, other = run_with_errors(()), run_with_errors(())
    recipe = other.recipe.replace(optim__lr=0.5, run__epochs=3, name="mine")
    (other.path / "recipe.json").write_text(recipe.to_json(), encoding="utf-8")
    found = comparing.runs(one, Run(other.path))
    assert found.settings_by_path is not None
    assert {*found.settings_by_path} == {"optim.lr", "run.epochs"}
    assert {(each.title, each.second) for each in found.settings} == {
        ("Learning rate", "0.5"),
        ("Epochs", "at most 3"),
    }


def test_what_cannot_be_compared_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = run_with_errors(()), run_with_errors((), first=COUNT)
    found = comparing.runs(one, other)
    assert found.notes[0].code == "compare.nothing_shared"
    assert found.differing is None
    (other.path / "report.json").unlink()
    assert comparing.runs(one, other).notes[0].code == "compare.not_tested"
    package = tmp_path / "model.zip"
    package.write_bytes(b"PK")
    assert main(["compare", str(one.path), str(package)]) != 0
    assert "[compare.needs_data]" in capsys.readouterr().err


def rows(*labels: str, sure: float = 0.9, truth: str = "") -> list[PredictionRow]:
    return [PredictionRow(f"{n}.png", truth, each, sure) for n, each in enumerate(labels)]


def test_examples_that_both_get_wrong_in_two_ways_are_a_kind_of_their_own() -> None:
    found = disagreements.between(
        rows("a", "b", "c", truth="a"), rows("a", "c", "c", truth="a"), "one_class"
    )
    assert found.counts() == {"first": 0, "second": 0, "both_wrong": 1}
    assert (found.shared, found.agree) == (3, 2)


def test_of_numbers_the_nearer_one_is_told() -> None:
    one, other = (
        [PredictionRow(f"{n}", "10", f"{v:g}", None, (v,)) for n, v in enumerate(values)]
        for values in ((9.0, 12.0, 10.0), (5.0, 11.0, 10.0))
    )
    found = disagreements.between(one, other, "number")
    assert found.counts() == {"first": 1, "second": 1}
    assert found.apart == pytest.approx(5 / 3)
    assert [each.path for each in found.examples] == ["0", "1"]  # the largest distance first


# -- two models on the same data

CLASSES = ("class_0", "class_1")


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """Two models of the same random weights, of which one has its classes the other way round: only
    one of them is right, always."""
    made = (
        make_run(tmp_path / name, classes)
        for name, classes in (("one", CLASSES), ("other", CLASSES[::-1]))
    )
    one, other = (run.path for run in made)
    return one, other


def test_on_labelled_data_it_is_told_who_is_right(
    models: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = make_tiny_pictures(tmp_path / "data", per_class=3)
    command = ["compare", *map(str, models), "--data", str(data), "--json"]
    assert main(command) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["labelled"] is True
    assert (said["shared"], said["agree"]) == (6, 0)
    assert said["first_only"] + said["second_only"] == 6
    assert {each["which"] for each in said["differing"]} <= {"first", "second"}
    assert {each["truth"] for each in said["differing"]} == {*CLASSES}


def test_without_labels_only_their_agreement_is_told(
    models: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "flat"
    data.mkdir()
    for number, path in enumerate(
        make_tiny_pictures(tmp_path / "data", per_class=2).rglob("*.png")
    ):
        shutil.copy(path, data / f"{number}.png")
    (data / "bad.png").write_bytes(b"no picture")
    steps = list[tuple[int, int, int]]()
    one, other = map(TrainedModel.load, models)
    found = comparing.on_data(one, other, data, lambda *step: steps.append(step))
    assert found.labelled is False
    assert found.difference is None
    assert found.differing is not None
    assert (found.differing.shared, found.differing.agree) == (4, 0)
    assert {each.which for each in found.differing.examples} == {"unlabelled"}
    codes = [note.code for note in found.notes]
    assert codes[:3] == ["compare.agree", "compare.unread", "compare.unlabelled"]
    assert steps[-1] == (1, 5, 5)
    assert main(["compare", str(models[0]), str(models[0]), "--data", str(data)]) != 0
    assert "[compare.same_model]" in capsys.readouterr().err
