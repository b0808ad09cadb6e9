import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.evaluation import report, run_differences, siblings
from transfergui.core.evaluation.beside import OtherTest
from transfergui.core.evaluation.best_run import best_run
from transfergui.core.evaluation.siblings import NOTHING_MORE, other_grouping
from transfergui.core.figures import one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run

RECIPE = Recipe().replace(data__path="/data", backbone="resnet18")


def made(grouped_by: str | None, recipe: Recipe = RECIPE, path: Path | None = None) -> Run:
    """A run with nothing but a report."""
    sample = (Sample("a.png", 0),)
    run = Run.create(recipe, Split("/", "image", ("a", "b"), sample, (), (), 0, "x"), path)
    report.save(run.path, measured(grouped_by), [], recipe=recipe)
    return run


def measured(grouped_by: str | None) -> Report:
    return one_class.measure([0, 1], np.eye(2), ("a", "b"), grouped_by=grouped_by)


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
    [
        {"data__path": "/other"},
        {"data__objective": "number"},
        {"data__predict": ("weight",)},
        {"backbone": "vgg11"},
        {"strategy": "fine_tuning"},
    ],
    ids=str,
)
def test_what_differs_in_more_is_no_comparison(changes: dict[str, Any]) -> None:
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


# -- another test

ABC = tuple(Sample(f"{name}.png", 0) for name in "abc")


def run_tested_on(*test: Sample, path: str = "/data", begun: int = 0, val: Sample = ABC[0]) -> Run:
    divided = Split("/", "image", ("cat", "dog"), ABC, (val,), test, 0, "split.random")
    run = Run.create(RECIPE.replace(data__path=path, backbone="vgg11"), divided)
    report.save(run.path, measured(None), [], recipe=RECIPE)
    os.utime(run.path / "recipe.json", (begun, begun))
    return run


def test_the_test_of_the_training_before_is_looked_at() -> None:
    run_tested_on(Sample("x.png", 0), begun=1)
    before = run_tested_on(*ABC, begun=2)
    run_tested_on(Sample("y.png", 0), begun=3, path="/other data")
    run = run_tested_on(ABC[0], Sample("b.png", 1), begun=4)  # b has another class now
    run_tested_on(Sample("z.png", 0), begun=5)
    found = siblings.test_before(run)
    assert found == OtherTest(before.path.name, n=2, before=3, shared=1)


def test_the_same_test_is_not_mentioned() -> None:
    run_tested_on(*ABC, begun=1)
    assert siblings.test_before(run_tested_on(*ABC[::-1], begun=2)) is None


def test_without_a_readable_training_before_nothing_is_said() -> None:
    run_tested_on(ABC[0], begun=1).path.joinpath("split.json").write_text("{")
    run_tested_on(ABC[0], begun=2).path.joinpath("report.json").unlink()
    assert siblings.test_before(run_tested_on(*ABC, begun=3)) is None


def test_two_trainings_that_are_compared() -> None:
    one = run_tested_on(*ABC)
    assert siblings.other_tests(one, run_tested_on(*ABC)) == ""
    said = siblings.other_tests(one, run_tested_on(*ABC[:2], val=ABC[1]))
    assert "Shared in the validation sets: 0 (of 1 and 1)" in said
    assert "in the test sets: 2 (of 3 and 2)" in said


# -- before and after the data were corrected


def run_on(wrong: int, begun: int, recipe: Mapping[str, Any] = NOTHING_MORE, **data: Any) -> Run:
    """A run tested on 60 samples with so many errors; ``data`` are corrections of its recipe."""
    given = {path: "abc".index(name) for path, name in data.get("relabel", {}).items()}
    paths = [f"{number:02}.png" for number in range(60)]
    test = tuple(Sample(path, given.get(path, at % 2)) for at, path in enumerate(paths))
    classes = ("a", "b", "c") if 2 in given.values() else ("a", "b")
    gone = data.get("exclude", ())
    train = tuple(s for s in (Sample("x.png", 0), Sample("y.png", 1)) if s.path not in gone)
    divided = Split("/", "image", classes, train, ABC, test, 0, "split.random")
    corrected = {f"data__{name}": value for name, value in data.items()}
    made = RECIPE.replace(**corrected, **recipe)
    run = Run.create(made, divided)
    said = [(sample.label + (at < wrong)) % len(classes) for at, sample in enumerate(test)]
    rows = [
        PredictionRow(sample.path, classes[sample.label], classes[label], 0.9)
        for sample, label in zip(test, said, strict=True)
    ]
    found = one_class.measure([s.label for s in test], np.eye(len(classes))[said], classes)
    report.save(run.path, found, rows, recipe=made)
    os.utime(run.path / "recipe.json", (begun, begun))
    return run


def mended(run: Run) -> tuple[Note, ...]:
    return siblings.mended(run, report.load(run.path))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(4, "report.mended_better"), (28, "report.mended_unclear"), (50, "report.mended_worse")],
)
def test_what_corrections_changed_is_said_with_its_interval(wrong: int, code: str) -> None:
    run_on(30, 1)
    (note,) = mended(run_on(wrong, 2, exclude=("y.png",)))
    assert note.code == code
    assert note.values["changes"] == "1 excluded"
    assert note.values["shared"] == 60
    assert "points" in note.values["interval"]
    assert note.sentence()


def test_corrections_are_no_cause_where_settings_differ_too() -> None:
    """A run with the same settings is compared, even if another one is newer."""
    run_on(4, 1, recipe={"run__epochs": 3})
    (note,) = mended(run_on(50, 2, exclude=("y.png",)))
    assert (note.code, note.level) == ("report.mended_and_set", "info")
    assert "3" in note.values["settings"] and note.sentence()
    run_on(30, 1)
    run_on(20, 3, recipe={"run__epochs": 3})
    (note,) = mended(run_on(50, 4, exclude=("y.png",)))
    assert note.code == "report.mended_worse" and note.values["first"] == "50 %"


def test_without_corrections_between_two_runs_nothing_is_said_of_them() -> None:
    run_on(30, 1)
    assert mended(run_on(4, 2)) == ()
    assert mended(run_on(4, 3, confirmed={"y.png": "b"})) == ()
    assert mended(run_on(4, 0, exclude=("y.png",))) == ()


def test_the_run_before_is_measured_on_the_corrected_labels() -> None:
    """Of its 10 errors, 4 were wrong labels; one more example is of a class that it cannot say."""
    before = run_on(10, 1)
    relabel = {f"{n:02}.png": "ab"[(n + 1) % 2] for n in range(4)} | {"59.png": "c"}
    run = run_on(0, 2, relabel=relabel)
    found = run_differences.paired(before, run)
    assert found is not None
    assert (found.shared, found.relabelled, found.unknown) == (59, 4, 1)
    assert round(59 * found.first) == 53
    other_way = run_differences.paired(run, before)
    assert other_way is not None
    assert other_way.first == pytest.approx(found.second)
    codes = [note.code for note in mended(run)]
    assert codes[1:] == ["compare.relabelled", "compare.unknown_class", "report.mended_part"]


def test_a_run_on_labels_corrected_since_is_no_best_run() -> None:
    """50 of 60 correct by its own report, 54 on the corrected labels: one sentence says it."""
    before = run_on(10, 1)
    relabel = {f"{n:02}.png": "ab"[(n + 1) % 2] for n in range(4)}
    run = run_on(8, 2, relabel=relabel)
    assert best_run(run, report.load(run.path)) is None
    (note, _relabelled) = mended(run)
    assert note.values["first"] == "90 %"
    later = run_on(4, 3, relabel=relabel)
    found = best_run(run, report.load(run.path))
    assert found is not None and (found.run.path, found.labels) == (later.path, "same")
    found = best_run(before, report.load(before.path))
    assert found is not None and (found.run.path, found.labels) == (later.path, "corrected")
    assert round(60 * found.own) == 54 and "corrected" in found.sentence("X", "pictures")


def test_merged_classes_are_called_alike_in_both() -> None:
    run = run_on(0, 2, rename={"b": "a"}, relabel={f"{n:02}.png": "a" for n in range(60)})
    found = run_differences.paired(run_on(30, 1), run)
    assert found is not None
    assert (found.first, found.second, found.relabelled) == (1, 1, 0)
