"""What every objective promises to the rest of the program."""

import math

import numpy as np
import pytest
import torch

from tests.core.made_boxes import NAMES
from transfergui.core import registry
from transfergui.core.base.options import Options
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    of_boxes,
    of_labels,
    of_numbers,
    of_questions,
)
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.figures import metrics
from transfergui.core.interfaces.objective import Found, LossSettings, Objective
from transfergui.core.modalities.image import backbones
from transfergui.core.objectives.boxes import BoxesOptions
from transfergui.core.recipe import HeadOptions

CLASSES = {
    ONE_CLASS: ("a", "b", "c"),
    SEVERAL_LABELS: ("(none)", "cat", "cat; dog"),
    SEVERAL_QUESTIONS: ("one · ann", "? · bob", "two · ?"),
    NUMBER: ("1", "2.5", "4"),
    BOXES: ("(none)", "blue 0.1 0.1 0.6 0.7", "blue 0 0 0.5 0.5; red 0.5 0.5 1 1"),
}
MEANT = {
    SEVERAL_LABELS: of_labels,
    SEVERAL_QUESTIONS: lambda classes: of_questions(classes, ("digit", "speaker")),
    NUMBER: lambda classes: of_numbers(classes, "weight", "kg"),
    BOXES: lambda classes: of_boxes(classes, NAMES),
}
COUNTS = (3, 2, 1)
CIRCUMSTANCES = metrics.Circumstances(measured_on="test", seconds=1.0)


def targets_of(objective: Objective) -> Targets:
    classes = CLASSES[objective.key]
    return MEANT[objective.key](classes) if objective.key in MEANT else Targets()


@pytest.mark.parametrize(
    ("objective", "own"),
    [
        *((each, each.options()) for each in registry.OBJECTIVES),
        (registry.objective(BOXES), BoxesOptions(head="faster_rcnn")),
    ],
    ids=lambda each: getattr(each, "key", getattr(each, "head", "")),
)
def test_outputs_are_learnt_scored_and_read(objective: Objective, own: Options) -> None:
    targets, classes = targets_of(objective), CLASSES[objective.key]
    row = objective.encoder(next(r for r in backbones.rows() if r.key == "tgnet"), (3, 64, 64))
    torch.manual_seed(0)
    head = objective.head(row, targets, len(classes), HeadOptions(dropout=0.0), own)
    outputs = head(torch.randn(3, row.features))
    wanted = objective.table(targets, len(classes))
    assert len(wanted) == len(classes)
    loss = objective.loss(targets, LossSettings(own, counts=COUNTS))
    value = loss(outputs, wanted)
    value.backward()
    assert (value.ndim, bool(torch.isfinite(value))) == (0, True)
    with torch.no_grad():
        kept = objective.kept(outputs, wanted, targets, own)
        assert math.isfinite(objective.validation_loss(kept, wanted, targets))
        score = objective.scored(kept, wanted, targets)
        if objective.adds_up:
            found = objective.rate(objective.tally(outputs, wanted, targets), len(wanted))
            assert found == pytest.approx(score)
        answers = objective.answers(outputs.double(), targets).numpy()
        decided = objective.decided(outputs, targets)
        assert np.array_equal(objective.settled(decided.double(), targets).numpy(), answers)
    assert answers.shape == (3, objective.answered(targets, len(classes)))
    fitted = objective.fit(answers, [0, 1, 2], targets)
    names = objective.output_names(targets, classes)
    assert len(fitted) == (objective.thresholds(len(names)) if objective.fits else 0)
    reading = Found(targets, classes, fitted)
    rows = prediction_rows(["x", "y", "z"], [0, 1, 2], answers, objective, reading)
    assert all(len(each.cells) == len(objective.columns(reading)) for each in rows)
    assert all((each.confidence is not None) == objective.confident for each in rows)
    assert all(objective.error(each, targets) >= 0 for each in rows)
    report = objective.measure(answers, [0, 1, 2], reading, COUNTS, CIRCUMSTANCES)
    assert (report.objective, report.n) == (objective.key, 3)
    assert report.primary is not None and report.primary.name == objective.primary.key


def test_what_is_learnt_perfectly_is_found_perfectly() -> None:
    """Of boxes: answers that are the truth."""
    objective = registry.objective(BOXES)
    targets = targets_of(objective)
    answers = np.zeros((3, objective.answered(targets, 3)))
    for row, values in enumerate(targets.values):
        for at in range(len(values) // 5):
            name, *corners = values[5 * at : 5 * at + 5]
            answers[row, 6 * at : 6 * at + 6] = (name, 0.9, *corners)
    fitted = objective.fit(answers, [0, 1, 2], targets)
    reading = Found(targets, CLASSES[BOXES], fitted)
    assert [each.label for each in objective.said(answers, reading)] == list(CLASSES[BOXES])
    report = objective.measure(answers, [0, 1, 2], reading, COUNTS, CIRCUMSTANCES)
    assert report.primary is not None and report.primary.value == pytest.approx(1)
