from pathlib import Path

import numpy as np
import pytest

from transfergui.core.dataset import Sample
from transfergui.core.evaluation import metrics, report
from transfergui.core.evaluation.metrics import Report
from transfergui.core.evaluation.siblings import other_grouping
from transfergui.core.recipe import Recipe
from transfergui.core.runs import Run
from transfergui.core.split import Split

RECIPE = Recipe().replace(data__path="/data", backbone="resnet18")


def made(grouped_by: str | None, recipe: Recipe = RECIPE, path: Path | None = None) -> Run:
    """A run with nothing but a report."""
    sample = (Sample("a.png", 0),)
    run = Run.create(recipe, Split("/", "image", ("a", "b"), sample, (), (), 0, "x"), path)
    report.save(run.path, measured(grouped_by), [], recipe=recipe)
    return run


def measured(grouped_by: str | None) -> Report:
    return metrics.measure([0, 1], np.eye(2), ("a", "b"), grouped_by=grouped_by)


def other(run: Run) -> Report | None:
    return other_grouping(run, report.load(run.path))


def test_the_two_ways_of_dividing_find_each_other() -> None:
    at_random, kept = made(""), made("george, jackson")
    found = other(at_random)
    assert found is not None
    assert found.grouped_by == "george, jackson"
    found = other(kept)
    assert found is not None
    assert found.grouped_by == ""


def test_a_run_elsewhere_finds_the_one_beside_it(tmp_path: Path) -> None:
    made("george", path=tmp_path / "kept")
    assert other(made("", path=tmp_path / "random")) is not None


@pytest.mark.parametrize(
    "changes",
    [{"data__path": "/other"}, {"backbone": "vgg11"}, {"strategy": "fine_tuning"}],
    ids=str,
)
def test_what_differs_in_more_is_no_comparison(changes: dict[str, str]) -> None:
    made("george", RECIPE.replace(**changes))
    assert other(made("")) is None


def test_without_anything_to_keep_together_nothing_is_looked_for() -> None:
    made("george")
    assert other(made(None)) is None
    assert other(made("jackson")) is None


def test_runs_that_cannot_be_read_are_passed_over() -> None:
    (made("george").path / report.REPORT).write_text("{")
    made("george").path.joinpath("recipe.json").write_text("{")
    assert other(made("")) is None
