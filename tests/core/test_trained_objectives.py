"""What a trained model of every objective answers and says of labelled data."""

import csv
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.core.made_answers import FOUND
from tests.core.made_objectives import MEANINGS, UNIT
from transfergui.cli import main
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.targets import (
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    of_labels,
    of_numbers,
    of_questions,
)
from transfergui.core.evaluating import evaluate
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation import words
from transfergui.core.recipe import Recipe
from transfergui.core.runs.card import Card
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.sources import described
from transfergui.core.trained import TrainedModel

Made = Callable[..., Run]
SIZES = ("primary", "mean_average_precision", "micro_f1", "r2", "mean_absolute_error", "n")
EVERY = pytest.mark.parametrize("objective", MEANINGS)


def test_data(run: Run) -> Dataset:
    """The test samples of a run as labelled data."""
    split = run.split
    root = Path(split.root)
    return Dataset(
        root,
        root,
        split.modality,
        split.classes,
        split.test,
        input=split.input,
        targets=split.targets,
    )


test_data.__test__ = False  # type: ignore[attr-defined]


@EVERY
@pytest.mark.parametrize("modality", ["image", "audio", "text"])
def test_evaluated_on_its_own_test_it_says_what_its_report_says(
    objective: str, modality: str, objective_run: Made
) -> None:
    run = objective_run(objective, modality)
    known = reports.load(run.path)
    found = evaluate(TrainedModel.load(run.path), test_data(run)).report
    for name in SIZES:
        mine, theirs = getattr(found, name), getattr(known, name)
        if name == "primary":
            mine, theirs = mine.value, theirs.value
        assert mine == (theirs if theirs is None else pytest.approx(theirs, abs=1e-4)), name
    assert found.baseline_mean_absolute_error == known.baseline_mean_absolute_error
    assert (
        found.baseline_mean_average_precision == known.baseline_mean_average_precision
    )  # that needs the counts of the training
    assert {n: q.accuracy for n, q in found.questions.items()} == {
        n: q.accuracy for n, q in known.questions.items()
    }
    assert found.measured_on == "data"
    assert found.trained_on == 0
    assert found.unknown_classes == found.matched_classes == {}


def shuffled(data: Dataset, objective: str) -> Dataset:
    """The same data with its names in another order, and one more that no model knows."""
    classes = data.classes
    made: dict[str, Callable[[], tuple[tuple[str, ...], Targets]]] = {
        SEVERAL_LABELS: lambda: (
            more := tuple(f"unheard of; {name}" for name in classes if name != "(none)"),
            of_labels(more, ("unheard of", *reversed(data.targets.names))),
        ),
        SEVERAL_QUESTIONS: lambda: (
            more := tuple(" · ".join((*reversed(name.split(" · ")), "x")) for name in classes),
            of_questions(more, ("parity", "size", "colour")),
        ),
        NUMBER: lambda: (classes, of_numbers(classes, "mass")),
    }
    more, targets = made[objective]()
    if objective == SEVERAL_LABELS:
        place = {f"unheard of; {name}": name for name in classes}
        kept = [classes.index(place[name]) for name in more]
        samples = [
            msgspec.structs.replace(s, label=kept.index(s.label))
            for s in data.samples
            if s.label in kept
        ]
        return msgspec.structs.replace(data, classes=more, targets=targets, samples=tuple(samples))
    return msgspec.structs.replace(data, classes=more, targets=targets)


@EVERY
def test_names_are_matched_and_unknown_ones_counted(objective: str, objective_run: Made) -> None:
    run = objective_run(objective)
    model, data = TrainedModel.load(run.path), test_data(run)
    other = shuffled(data, objective)
    plain = evaluate(model, msgspec.structs.replace(data, samples=kept(data, other)))
    found = evaluate(model, other)
    assert found.report.n == len(other.samples) == plain.report.n
    assert found.rows == plain.rows
    assert found.report.primary == plain.report.primary
    unknown = {SEVERAL_LABELS: "unheard of", SEVERAL_QUESTIONS: "colour"}.get(objective)
    assert found.report.unknown_classes == ({unknown: found.report.n} if unknown else {})


def kept(data: Dataset, other: Dataset) -> tuple:
    paths = {sample.path for sample in other.samples}
    return tuple(sample for sample in data.samples if sample.path in paths)


@EVERY
def test_data_of_another_objective_are_refused_in_a_sentence(
    objective: str, objective_run: Made
) -> None:
    run = objective_run(objective)
    data = msgspec.structs.replace(test_data(run), targets=Targets())
    with pytest.raises(UserError, match=rf"One class.*--objective {objective}") as caught:
        evaluate(TrainedModel.load(run.path), data)
    assert caught.value.code == "evaluate.other_objective"


def test_a_number_of_another_name_is_compared_and_said(objective_run: Made) -> None:
    run = objective_run(NUMBER)
    data = test_data(run)
    targets = msgspec.structs.replace(data.targets, names=("price",))
    model = TrainedModel.load(run.path)
    report = evaluate(model, msgspec.structs.replace(data, targets=targets)).report
    assert report.matched_classes == {"price": "weight"}
    said = [note.sentence() for note in words.notes(report, model.modality)]
    assert any("“weight”" in each and "“price”" in each for each in said)
    assert not evaluate(model, data).report.matched_classes


def test_numbers_in_another_unit_are_refused(objective_run: Made) -> None:
    run = objective_run(NUMBER)
    data = test_data(run)
    targets = msgspec.structs.replace(data.targets, unit="g")
    with pytest.raises(UserError, match=f"in {UNIT}") as caught:
        evaluate(TrainedModel.load(run.path), msgspec.structs.replace(data, targets=targets))
    assert caught.value.code == "evaluate.other_unit"


@EVERY
def test_the_card_says_what_is_predicted(objective: str, objective_run: Made) -> None:
    run = objective_run(objective)
    model = TrainedModel.load(run.path)
    split = run.split
    assert model.card.targets == msgspec.structs.replace(split.targets, values=())
    assert model.classes == model.objective.output_names(split.targets, split.classes)
    (found,) = model.predict([Path(split.root) / split.test[0].path])
    assert found.probabilities is not None
    assert found.probabilities.shape == (len(model.classes),)
    said = model.objective.said(found.probabilities[None], model.found)[0]
    assert (found.label(model.classes), found.confidence) == said
    if objective == NUMBER:
        assert found.confidence is None
        assert found.label(()).endswith(f" {UNIT}")
        assert 15 < np.array(found.probabilities).item() < 35


# -- on the command line


@EVERY
@pytest.mark.parametrize("asked", [True, False])
def test_predict_writes_the_columns_of_the_objective(
    objective: str,
    asked: bool,
    objective_run: Made,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = objective_run(objective)
    words = ["predict", str(run.path), run.split.root, "--csv", str(tmp_path / "p.csv")]
    assert main([*words, *(["--unsure", "100"] if asked else [])]) == 0
    said = Note("predict.no_confidence").sentence() in capsys.readouterr().err
    assert said == (asked and objective == NUMBER)
    heading, *rows = csv.reader((tmp_path / "p.csv").read_text(encoding="utf-8").splitlines())
    columns = {
        SEVERAL_LABELS: ["high", "odd", "third"],
        SEVERAL_QUESTIONS: ["size", "size confidence", "parity", "parity confidence"],
        NUMBER: ["value"],
    }[objective]
    assert heading == ["path", "label", "confidence", *columns, "note", "reason"]
    assert len(rows) == 24
    if asked:
        assert {row[-1] for row in rows} == ({""} if objective == NUMBER else {"unsure"})
    assert ({row[2] for row in rows} == {""}) == (objective == NUMBER)


@EVERY
def test_predict_shows_answers_to_people(
    objective: str, objective_run: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    run = objective_run(objective)
    path = Path(run.split.root) / run.split.test[0].path
    assert main(["predict", str(run.path), str(path)]) == 0
    out = capsys.readouterr().out
    (found,) = TrainedModel.load(run.path).predict([path])
    assert found.label(()) in out
    assert found.confidence is None or f"{found.confidence:.3f}" in out


# -- cards that come from others


def card_of(objective: str, **changes: object) -> Card:
    """A card of a model of that objective, changed."""
    found = FOUND[objective]
    plain = {"targets": found.targets, "fitted": found.fitted, "classes": found.classes}
    input = msgspec.to_builtins(registry.modality("image").input_options())
    return Card(
        name="m",
        modality="image",
        backbone="tgnet",
        input=input,
        recipe=Recipe(),
        **{**plain, **changes},  # type: ignore[arg-type]
    )


def changed(objective: str, **fields: object) -> Targets:
    return msgspec.structs.replace(FOUND[objective].targets, **fields)


@pytest.mark.parametrize(
    ("objective", "changes", "reason"),
    [
        (ONE_CLASS, {"fitted": (0.5, 0.5)}, "threshold"),
        (ONE_CLASS, {"targets": Targets("smell")}, "smell"),
        (ONE_CLASS, {"targets": Targets(answers=(("a",),))}, "differ in number"),
        (SEVERAL_LABELS, {"classes": ("high", "even")}, "outputs"),
        (SEVERAL_LABELS, {"classes": ("odd", "high")}, "outputs"),
        (SEVERAL_LABELS, {"fitted": (0.5,)}, "one threshold"),
        (SEVERAL_LABELS, {"fitted": (0.5, 1.5)}, "between 0 and 1"),
        (SEVERAL_LABELS, {"fitted": (0.5, math.nan)}, "between 0 and 1"),
        (
            SEVERAL_LABELS,
            {"classes": ("a", "a"), "targets": changed(SEVERAL_LABELS, names=("a", "a"))},
            "names are repeated",
        ),
        (
            SEVERAL_QUESTIONS,
            {"targets": changed(SEVERAL_QUESTIONS, answers=(("low", "high"),))},
            "differ in number",
        ),
        (
            SEVERAL_QUESTIONS,
            {"targets": changed(SEVERAL_QUESTIONS, answers=(("low", "low"), ("e", "o")))},
            "names are repeated",
        ),
        (
            SEVERAL_QUESTIONS,
            {"targets": changed(SEVERAL_QUESTIONS, answers=(("low", "high"), ()))},
            "no answers",
        ),
        (NUMBER, {"targets": changed(NUMBER, scale=0.0)}, "standard deviation"),
        (NUMBER, {"targets": changed(NUMBER, scale=-1.0)}, "standard deviation"),
        (NUMBER, {"targets": changed(NUMBER, mean=math.inf)}, "standard deviation"),
        (NUMBER, {"classes": ("a", "b"), "targets": changed(NUMBER, names=("a", "b"))}, "outputs"),
    ],
)
def test_a_card_whose_outputs_cannot_be_right(
    objective: str, changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    modality = registry.modality("image")
    described(modality, card_of(objective), tmp_path, tmp_path)
    with pytest.raises(UserError, match=reason) as caught:
        described(modality, card_of(objective, **changes), tmp_path, tmp_path)
    assert caught.value.code == "model.damaged"


@pytest.mark.parametrize("fitted", [["a"], [2.0], 0.5, [0.5], [[0.5]]])
def test_a_run_whose_thresholds_cannot_be_right(
    fitted: object, objective_run: Made, tmp_path: Path
) -> None:
    shutil.copytree(objective_run(SEVERAL_LABELS).path, tmp_path / "run")
    path = tmp_path / "run" / REPORT
    report = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(report | {"fitted": fitted}), "utf-8")
    with pytest.raises(UserError) as caught:
        TrainedModel.load(tmp_path / "run")
    assert caught.value.code in ("run.damaged", "model.damaged")
