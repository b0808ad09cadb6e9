"""Groups with clearly more errors are found, and nothing is made up."""

import numpy as np
import pytest

from transfergui.core.figures import group_tests


def groups_of(rng: np.random.Generator, count: int, n: int) -> list[np.ndarray]:
    return [rng.random(n) < 0.25 for _number in range(count)]


@pytest.mark.parametrize("numbers", [False, True], ids=["shares", "numbers"])
def test_the_group_with_more_errors_is_found(numbers: bool) -> None:
    rng = np.random.default_rng(0)
    groups = groups_of(rng, 20, 300)
    errors = (rng.random(300) < np.where(groups[7], 0.4, 0.1)).astype(float)
    if numbers:
        errors = np.abs(rng.normal(size=300)) * np.where(groups[7], 2, 1)
    ((at, found), *others) = group_tests.worse(groups, errors)
    assert (at, others) == (7, [])
    assert found.n == groups[7].sum()
    assert found.low < found.inside < found.high
    assert found.inside > found.outside


@pytest.mark.parametrize("numbers", [False, True], ids=["shares", "numbers"])
def test_chance_is_named_no_more_often_than_promised(numbers: bool) -> None:
    said = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        errors = np.abs(rng.normal(size=120))
        if not numbers:
            errors = (errors > 1).astype(float)
        said += bool(group_tests.worse(groups_of(rng, 20, 120), errors))
    assert said <= 8  # 5 % of 100


def test_small_groups_say_nothing() -> None:
    assert not group_tests.is_large_enough(np.arange(100) < 9)
    assert group_tests.is_large_enough(np.arange(100) < 10)
    assert not group_tests.is_large_enough(np.arange(100) < 91)


@pytest.mark.parametrize("of_speaker", [True, False])
def test_errors_of_a_speaker_explain_those_of_quiet_recordings(of_speaker: bool) -> None:
    rng = np.random.default_rng(0)
    speaker = np.arange(200) < 60
    quiet = np.where(speaker, rng.random(200) < 0.7, rng.random(200) < 0.1)
    errors = (rng.random(200) < np.where(speaker if of_speaker else quiet, 0.8, 0.1)).astype(float)
    share = group_tests.explained([speaker, ~speaker], quiet, errors, tests=10)
    assert (share > 0.5) == of_speaker
    assert group_tests.explains(speaker, quiet, errors) == of_speaker
