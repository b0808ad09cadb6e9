"""The search over settings: what is proposed, that it is told again, and within a training."""

from pathlib import Path

import pytest

from tests.core.training.conftest import Lab
from transfergui.core.interfaces.plan import Plan
from transfergui.core.resolve import resolve
from transfergui.core.training import tuning

RATE = 1e-3


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def plan(lab: Lab) -> Plan:
    return lab.plan(strategy="fine_tuning")


def study(plan: Plan) -> tuning.Study:
    return tuning.Study(tuning.space(plan, RATE), 0, tuning.usual(plan, RATE))


def test_a_frozen_network_is_not_augmented_anew_for_each_trial(lab: Lab, plan: Plan) -> None:
    assert set(tuning.space(plan, RATE)) == {"optim.lr", "head.dropout", "augment"}
    frozen = lab.plan(strategy="feature_extraction")
    assert set(tuning.space(frozen, RATE)) == {"optim.lr", "head.dropout"}


def test_what_is_suggested_is_proposed_first_then_others_within_bounds(plan: Plan) -> None:
    asked = study(plan)
    first = asked.propose()
    assert first == {"optim.lr": RATE, "head.dropout": 0.5, "augment": "Light"}
    asked.tell(0.5)
    for _number in range(12):
        settings = asked.propose()
        assert tuning.SLOWER * RATE <= settings["optim.lr"] <= tuning.FASTER * RATE
        assert 0 <= settings["head.dropout"] <= tuning.DROPPED
        assert settings["augment"] in plan.modality.augment_presets
        asked.tell(None if _number == 3 else settings["head.dropout"])


def test_more_is_tried_where_it_was_good(plan: Plan) -> None:
    """Worth falls with the dropout: the later proposals have less of it than the earlier ones."""
    asked, dropouts = study(plan), []
    for _number in range(30):
        settings = asked.propose()
        asked.tell(-settings["head.dropout"])
        dropouts.append(settings["head.dropout"])
    assert sum(dropouts[-10:]) < 0.6 * sum(dropouts[:10])


def test_a_study_is_told_again_what_it_knew(plan: Plan) -> None:
    """What was good before the interruption is where it goes on."""
    asked = study(plan)
    for dropout in (0.1, 0.12, 0.14, 0.5, 0.6, 0.7, 0.8):
        known = {"optim.lr": RATE, "head.dropout": dropout, "augment": "Light"}
        asked.recall(known, -dropout)
    asked.recall({"optim.lr": 1e3, "head.dropout": 0.1, "augment": "Light"}, 9.0)  # outside
    asked.recall({"optim.lr": RATE}, 9.0)
    asked.propose()
    asked.tell(-0.5)
    dropouts = []
    for _number in range(6):
        dropouts.append(asked.propose()["head.dropout"])
        asked.tell(-dropouts[-1])
    assert sum(dropouts) / len(dropouts) < 0.4


def test_settings_become_a_recipe(plan: Plan) -> None:
    settings = {"optim.lr": 0.002, "head.dropout": 0.1, "augment": "Strong"}
    made = resolve(tuning.applied(plan.recipe, settings, plan), plan.split)
    assert made.phases[0].lr == 0.002
    assert made.recipe.head.dropout == 0.1
    assert made.augment == plan.modality.augment_presets["Strong"]
