import numpy as np
import pytest

from transfergui.core.figures import selective


def drawn(count: int, seed: int, floor: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Honest confidences, and whether each is right."""
    rng = np.random.default_rng(seed)
    confidence = 1 - (1 - floor) * rng.random(count) ** 2
    return confidence, rng.random(count) < confidence


def test_the_fewest_are_as_the_rule_says() -> None:
    assert selective.fewest(0.05) == 45  # 0.95 ** 45 < 0.1 < 0.95 ** 44
    assert selective.fewest(0.01) == 230


def test_chance_is_the_binomial() -> None:
    from scipy import stats

    for wrong, count, share in ((0, 45, 0.05), (3, 200, 0.02), (700, 20_000, 0.04), (5, 5, 0.5)):
        wanted = stats.binom.cdf(wrong, count, share)
        assert selective._chance(wrong, count, share) == pytest.approx(wanted, rel=1e-9)


def test_a_promise_is_kept_nine_times_of_ten() -> None:
    """The true share of wrong answers above the threshold is known of honest confidences."""
    whole, _right = drawn(200_000, 99)
    broken = 0
    made = 0
    for seed in range(200):
        found = selective.promise(*drawn(400, seed), 0.05)
        if found is not None:
            made += 1
            broken += bool((1 - whole[whole >= found.below]).mean() > 0.05)
    assert made > 150
    assert 2 <= broken <= 20  # it is made use of


def test_none_is_made_of_too_few_or_by_who_is_wrong_too_often() -> None:
    sure, right = np.linspace(0.5, 1, 44), np.ones(44, bool)
    assert selective.promise(sure, right, 0.05) is None
    assert selective.needed(sure, right, 0.05) >= 45
    assert selective.needed(sure, right, 1e-9) > 1_000_000_000  # not: who is wrong too often
    assert selective.needed(sure, right, 1e-320) > 1_000_000_000
    guesses = np.arange(1000) % 5 > 0
    assert selective.promise(np.linspace(0.5, 1, 1000), guesses, 0.05) is None
    assert selective.needed(np.linspace(0.5, 1, 1000), guesses, 0.05) is None


def test_all_are_answered_where_all_are_right() -> None:
    found = selective.promise(np.linspace(0.5, 1, 60), np.ones(60, bool), 0.05)
    assert found is not None
    assert (found.answered, found.wrong, found.below) == (60, 0, 0.25)


def test_equal_confidences_are_answered_together() -> None:
    confidence = np.repeat([1.0, 0.9], 100)
    right = np.repeat([True, False], [150, 50])
    found = selective.promise(confidence, right, 0.05)
    assert found is not None
    assert (found.answered, found.below) == (100, 0.95)


def test_what_would_be_needed_is_about_enough() -> None:
    confidence = np.linspace(0.5, 1, 100)
    right = np.arange(100) != 60
    assert selective.promise(confidence, right, 0.02) is None
    count = selective.needed(confidence, right, 0.02)
    assert count is not None
    assert selective.promise(np.linspace(0.5, 1, count), np.ones(count, bool), 0.02) is not None
    assert 114 < count < 1000


@pytest.mark.filterwarnings("ignore")
def test_thresholds_pass_as_those_of_mapie() -> None:
    """But where it rounds the number of the wrong up: 2.0000000001 are 3 there."""
    from mapie.risk_control import BinaryClassificationController

    confidence, right = drawn(400, 0)
    ordered = np.sort(confidence)[::-1]
    places = selective._tested(ordered, 0.05)
    wanted = BinaryClassificationController(
        lambda rows: np.stack([1 - rows[:, 0], rows[:, 0]], 1),
        risk="precision",
        target_level=0.95,
        confidence_level=selective.SURE,
        list_predict_params=np.array([selective._between(ordered, each) for each in places]),
        fwer_method="fixed_sequence",
    )
    wanted.calibrate(confidence[:, None], right.astype(int))
    wrong = np.cumsum(~right[np.argsort(-confidence, kind="stable")])
    found = [selective._chance(int(wrong[each - 1]), each, 0.05) for each in places]
    same = np.isclose(found, wanted.p_values.ravel(), rtol=1e-9)
    assert same.mean() > 0.7
    assert (found <= wanted.p_values.ravel() * (1 + 1e-9)).all()
    made = selective.promise(confidence, right, 0.05)
    assert made is not None
    assert made.below <= wanted.best_predict_param
