"""The bars of each objective: the model with its interval first, then what it is compared with."""

import msgspec
import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.data import targets
from transfergui.core.evaluation import words
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.figures import metrics, one_class
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import Baseline
from transfergui.core.interfaces.objective import Found

ANSWERS = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.2, 0.8]])


def of_classes(**circumstances: object) -> metrics.Report:
    counts = circumstances.pop("counts", [3, 2])
    return one_class.measure(
        [0, 0, 1, 1], ANSWERS, ("a", "b"), train_counts=counts, **circumstances
    )  # type: ignore[arg-type]


def test_of_classes_the_baselines_stand_below_the_model() -> None:
    found = score_bars(of_classes(baselines=(Baseline("TF-IDF", 0.25, 4),)))
    assert found is not None
    assert [bar.value for bar in found.bars] == [0.75, 0.25, 0.5]
    assert [bar.is_baseline for bar in found.bars] == [False, True, True]
    model = found.bars[0]
    assert model.low is not None
    assert model.high is not None
    assert model.low < 0.75 < model.high
    assert model.between in model.sentence()
    assert found.sentences()[1] == "TF-IDF: 25 %"


def test_of_uneven_classes_the_balanced_figure_stands_first() -> None:
    found = score_bars(of_classes(counts=[90, 3]))
    assert found is not None
    assert [bar.name for bar in found.bars[:2]] == ["Balanced accuracy", "Accuracy"]
    assert found.bars[0].between
    assert found.bars[1].between


def test_of_a_number_the_axis_holds_all_of_it() -> None:
    meant = msgspec.structs.replace(targets.of_numbers(("1", "2", "4"), "weight", "kg"), mean=2.0)
    answers, objective = np.array([[1.5], [2.0], [1.0]]), registry.objective("number")
    found = Found(meant, ("1", "2", "4"), ())
    report = objective.measure(answers, [0, 1, 2], found, [1, 1, 1], metrics.Circumstances())
    bars = score_bars(report)
    assert bars is not None
    assert not bars.higher_is_better
    assert bars.bars[0].text == "1.17 kg"
    assert bars.bars[1].is_baseline
    assert bars.end > max(bar.high or bar.value for bar in bars.bars)


def test_of_nothing_there_are_none() -> None:
    assert score_bars(one_class.measure([], np.empty((0, 2)), ("a", "b"))) is None


def test_all_but_one_is_not_all() -> None:
    """As in the headline: 268 of 269 correct (99 %)."""
    answers = np.eye(2)[[*[0] * 134, *[1] * 135]]
    report = one_class.measure([1, *[0] * 133, *[1] * 135], answers, ("a", "b"))
    first = score_bars(report).bars[0]
    assert (first.text, first.between) == ("99 %", "98 % to 100 %")


@pytest.mark.parametrize(("count", "expected"), [(999, 0), (1000, 1)])
def test_few_examples_carry_no_decimals(count: int, expected: int) -> None:
    from transfergui.core.base.figure_texts import share_decimals

    assert share_decimals(count) == expected


def test_where_the_model_will_be_used_comes_before_its_own_test_set() -> None:
    report = of_classes()
    report = msgspec.structs.replace(report, checked=metrics.Checked(0.575, 0.42, 0.71, 40))
    found = score_bars(report)
    assert found is not None
    assert [bar.value for bar in found.bars[:2]] == [0.575, 0.75]
    assert found.bars[0].between
    notes = words.notes(report, registry.modality("image"))
    assert [note.code for note in notes[:2]] == ["report.where_used", "report.own_test"]


def test_the_ends_of_a_narrow_interval_differ() -> None:
    """“97 % to 97 %” of 150,000 test pictures says nothing."""
    ends = Interval(0.9713, 0.9731)
    report = msgspec.structs.replace(of_classes(), n=150_000, accuracy=0.972, interval=ends)
    found = score_bars(report)
    assert found is not None
    assert found.bars[0].between == "97.1 % to 97.3 %"
    said = [note.sentence() for note in words.notes(report, registry.modality("image"))]
    assert any("lies between 97.1 % and 97.3 %" in sentence for sentence in said)
