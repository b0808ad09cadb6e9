import msgspec
import numpy as np
import pytest

from transfergui.core.figures import adapting
from transfergui.core.figures.adapting import Side


def side(accuracy: float, information: float, weighted: float | None = None) -> Side:
    return Side(accuracy=accuracy, weighted=weighted, information=information, mean_entropy=1.0)


def test_information_is_that_of_sure_and_even_predictions() -> None:
    assert adapting.information(np.eye(4)) == pytest.approx(np.log(4), abs=1e-6)
    assert adapting.information(np.full((9, 4), 0.25)) == pytest.approx(0, abs=1e-6)
    one = np.tile([1.0, 0.0, 0.0, 0.0], (9, 1))  # sure, but all of one class
    assert adapting.information(one) == pytest.approx(0, abs=1e-6)


def test_weights_follow_a_known_density_ratio() -> None:
    """Normal source and target, apart by 1: the ratio is exp(x - 1/2)."""
    rng = np.random.default_rng(0)
    source, target = rng.normal(size=(1500, 1)), rng.normal(1.0, size=(1500, 1))
    found = adapting.weights(source, target)
    assert found is not None
    wanted = np.exp(source[:, 0] - 0.5)
    wanted = np.minimum(wanted, np.quantile(wanted, adapting.CLIPPED))
    assert np.corrcoef(found.each, wanted)[0, 1] > 0.97
    assert found.each.mean() == pytest.approx(1)
    kish = wanted.sum() ** 2 / (wanted**2).sum()
    assert found.effective == pytest.approx(kish, rel=0.15)


def test_alike_data_weigh_alike() -> None:
    rng = np.random.default_rng(0)
    found = adapting.weights(rng.normal(size=(300, 4)), rng.normal(size=(300, 4)))
    assert found is not None
    assert found.effective > 270


def test_of_few_samples_no_density_is_estimated() -> None:
    assert adapting.weights(np.zeros((9, 2)), np.zeros((50, 2))) is None


@pytest.mark.parametrize(
    ("adapted", "lost", "codes"),
    [
        (side(0.88, 1.5), 0, ()),
        (side(0.88, 1.0), 0, ("adapt.less_clear",)),
        (side(0.70, 1.5), 0, ("adapt.worse_at_home",)),
        (side(0.88, 1.5, 0.4), 0, ("adapt.worse_where_alike",)),
        (side(0.88, 1.5), 2, ("adapt.lost_classes",)),
    ],
)
def test_what_speaks_against(adapted: Side, lost: int, codes: tuple[str, ...]) -> None:
    plain = side(0.9, 1.0, 0.8 if adapted.weighted else None)
    assert adapting.against(plain, adapted, 120, 40.0, lost, 10) == codes


def test_of_a_method_that_sharpens_more_is_asked() -> None:
    """A tenth of ln 10, 0.23: whatever it minimises becomes smaller."""
    for information, codes in ((1.2, ("adapt.less_clear",)), (1.25, ())):
        found = adapting.against(side(0.9, 1.0), side(0.9, information), 9, None, 0, 10, True)
        assert found == codes


def test_at_the_temperature_confidence_is_accuracy() -> None:
    """Twice as sure as they should be, and of few without a mistake: not certain."""
    rng = np.random.default_rng(0)
    true = adapting.at_temperature(rng.dirichlet(np.ones(4), 3000), 1.0)
    right = rng.random(len(true)) < true.max(1)
    sharp = adapting.at_temperature(true, 0.5)
    assert adapting.temperature(sharp, right) == pytest.approx(2, rel=0.1)
    few = np.tile([0.9, 0.1], (8, 1))
    sure = adapting.at_temperature(few, adapting.temperature(few, np.full(8, True)))
    assert sure[0, 0] == pytest.approx(0.9, abs=0.01)  # 9 of 10


def test_sharpening_is_no_gain() -> None:
    """The same predictions, more certain only: what is compared stays."""
    rng = np.random.default_rng(0)
    true = rng.dirichlet(np.full(4, 0.5), 2000)
    right = rng.random(len(true)) < true.max(1)
    seen = []
    for sharp in (true, adapting.at_temperature(true, 0.4)):
        heat = adapting.temperature(sharp, right)
        seen.append(adapting.information(adapting.at_temperature(sharp, heat)))
        assert adapting.information(sharp) > 0
    assert seen[0] == pytest.approx(seen[1], abs=0.02)


def test_predictions_that_tell_nothing_are_nothing_to_build_on() -> None:
    """However clear the adapted ones are."""
    found = adapting.against(side(0.9, 0.2), side(0.9, 2.0), 120, 40.0, 0, 10)
    assert found == ("adapt.nothing_known",)


def test_a_head_that_is_sure_of_nothing_may_have_something_to_build_on() -> None:
    for at_home, codes in ((0.3, ()), (0.5, ("adapt.nothing_known",))):
        plain = msgspec.structs.replace(side(0.9, 0.2), at_home=at_home)
        assert adapting.against(plain, side(0.9, 2.0), 120, 40.0, 0, 10) == codes


def test_a_class_is_lost_that_only_the_plain_model_predicts() -> None:
    plain, adapted = np.array([0.5, 0.45, 0.01, 0.04]), np.array([0.5, 0.5, 0.0, 0.0])
    assert adapting.lost(plain, adapted) == [3]
