"""A simple model of features is scored by what its objective says, on samples it has not seen."""

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.data.targets import of_labels, of_numbers, of_questions
from transfergui.core.interfaces.objective import Probe
from transfergui.core.training import linear_probe

N, WIDTH = 60, 8
RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=(N, WIDTH)).astype(np.float32)


def seeing(what: np.ndarray, much: float = 4.0) -> np.ndarray:
    """Features of which the first tells ``what``."""
    made = NOISE.copy()
    made[:, 0] += much * what
    return made


def test_average_precision_of_a_label_that_can_be_seen_and_of_one_that_cannot() -> None:
    truth = (np.arange(N) % 4 == 0).astype(np.uint8)
    assert linear_probe.of_label(seeing(truth, 9.0), truth).mean() > 0.95
    assert linear_probe.of_label(NOISE, truth).mean() < 0.6
    assert len(linear_probe.of_label(NOISE, truth)) == linear_probe.FOLDS


@pytest.mark.parametrize("positives", [0, 1, N - 1, N])
def test_a_label_that_cannot_be_learnt_and_tested_has_no_score(positives: int) -> None:
    truth = (np.arange(N) < positives).astype(np.uint8)
    assert linear_probe.of_label(NOISE, truth).size == 0


def test_r2_is_one_of_what_is_linear_and_not_above_zero_of_noise() -> None:
    values = 20 + 3 * NOISE.astype(float) @ np.arange(WIDTH)
    assert linear_probe.of_number(NOISE, values).mean() == pytest.approx(1, abs=1e-3)
    other = np.random.default_rng(1).normal(size=N)
    assert linear_probe.of_number(NOISE, other).mean() < 0.1
    assert linear_probe.of_number(NOISE, np.full(N, 3.0)).size == 0
    assert linear_probe.of_number(NOISE[:3], other[:3]).size == 0


def test_the_unit_does_not_matter_to_r2() -> None:
    values = seeing(np.arange(N) / N)[:, 0] + NOISE[:, 3]
    plain = linear_probe.of_number(NOISE, values)
    assert linear_probe.of_number(NOISE, 1000 * values + 5) == pytest.approx(plain, abs=1e-6)


def test_missing_answers_are_neither_learnt_nor_tested() -> None:
    labels = np.arange(N) % 3 - 1  # a third of them is -1
    known = labels >= 0
    found = linear_probe.of_classes(NOISE, labels)
    assert (found == linear_probe.of_classes(NOISE[known], labels[known])).all()


def test_several_probes_are_averaged_and_those_without_a_score_left_out() -> None:
    truth = (np.arange(N) % 2).astype(np.uint8)
    x = seeing(truth)
    one, other = linear_probe.of_label(x, truth), linear_probe.of_label(x, 1 - truth)
    probes = [Probe("label", each) for each in (truth, 1 - truth, 0 * truth)]
    value, deviation = linear_probe.scored(x, probes)
    assert value == pytest.approx((one.mean() + other.mean()) / 2)
    assert deviation == pytest.approx((one.std() + other.std()) / 2)
    assert linear_probe.scored(x, probes[2:]) == (None, None)


def test_what_each_objective_asks() -> None:
    labels = np.array([0, 2, 1])
    (one,) = registry.objective("one_class").probes(labels, of_labels(()))
    assert (one.kind, one.wanted.tolist()) == ("classes", [0, 2, 1])
    several = of_labels(("(none)", "b", "a; b"), ("a", "b"))
    found = registry.objective("several_labels").probes(labels, several)
    assert [(p.kind, p.wanted.tolist()) for p in found] == [
        ("label", [0, 1, 0]),
        ("label", [0, 1, 1]),
    ]
    asked = of_questions(("x · a", "y · ?", "x · b"), ("p", "q"))
    found = registry.objective("several_questions").probes(labels, asked)
    assert [(p.kind, p.wanted.tolist()) for p in found] == [
        ("classes", [0, 0, 1]),
        ("classes", [0, 1, -1]),
    ]
    (number,) = registry.objective("number").probes(labels, of_numbers(("1", "2.5", "-3"), "w"))
    assert (number.kind, number.wanted.tolist()) == ("number", [1.0, -3.0, 2.5])
