"""The time estimate: the right order of magnitude, and it knows the cache."""

import msgspec
import pytest

from tests.core.training.conftest import Lab
from transfergui.core import plan
from transfergui.core.errors import UserError
from transfergui.core.training.estimate import estimate


def test_cached_features_cost_nothing(lab: Lab) -> None:
    cold = estimate(lab.plan())
    lab.train()
    warm = estimate(lab.plan())
    assert cold.features > 0
    assert warm.features == 0
    assert warm.seconds < cold.seconds


@pytest.mark.parametrize("strategy", ["fine_tuning", "from_scratch"])
def test_more_epochs_take_longer(lab: Lab, strategy: str) -> None:
    one, ten = (estimate(lab.plan(strategy=strategy, run__epochs=n)) for n in (1, 100))
    assert ten.seconds > one.seconds
    assert ten.epoch > 0


def test_unreadable_data_are_said(lab: Lab) -> None:
    made = lab.plan()
    gone = msgspec.structs.replace(made.split, root=str(lab.folder / "gone"))
    with pytest.raises(UserError):
        estimate(plan.resolve(made.recipe, gone))
