"""What was trained, compared."""

import dataclasses
from pathlib import Path

import msgspec
import pytest

from tests.core.made_companions import companion, needs_others
from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import registry
from transfergui.core.data.targets import NUMBER
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.training import candidates
from transfergui.core.training.contest import Contest, search_error
from transfergui.core.training.search_clock import Clock


@pytest.fixture
def left_open(lab: Lab) -> Plan:
    return lab.plan(backbone="auto", run__epochs=2)


def made(plan: Plan, folder: Path) -> Contest:
    return Contest(plan, folder, Clock(5, 1, lambda: None))


def test_a_smaller_error_is_worth_more_in_whatever_unit() -> None:
    score = registry.objective(NUMBER).curve
    better, worse = (
        ev.Tried(backbone="a", title="A", accuracy=error, loss=loss)
        for error, loss in ((0.001, 0.3), (0.002, 0.2))
    )
    assert search_error(better, score, 0.004) < search_error(worse, score, 0.004)
    for one in (better, worse):
        other = msgspec.structs.replace(one, accuracy=1000 * (one.accuracy or 0))
        assert search_error(one, score, 0.004) == pytest.approx(search_error(other, score, 4.0))


def test_what_was_as_good_once_is_weaker_than_what_came_later(
    left_open: Plan, tmp_path: Path
) -> None:
    contest = made(left_open, tmp_path)
    early, late = (
        ev.Tried(
            backbone=name,
            title=name,
            strategy="fine_tuning",
            accuracy=0.85,
            dropped="auto.less_sure",
        )
        for name in "ab"
    )
    contest.known |= {candidates.name_of(trial): trial for trial in (early, late)}
    best = ev.Tried(backbone="c", title="c", accuracy=0.95)
    told = list(contest.outdone(best))
    assert [(t.backbone, t.dropped) for t in told] == [("a", "auto.weaker"), ("b", "auto.weaker")]
    assert not list(contest.outdone(early))


def test_other_data_change_nothing(left_open: Plan, tmp_path: Path) -> None:
    """No strategy is tried that adapts, and no trial looks at them."""
    tried = (candidates.FROZEN, candidates.TOGETHER, *candidates.MOVING)
    assert not any(needs_others(strategy) for strategy in tried)
    split = left_open.split
    target = companion(split, "target", split.train)
    beside = msgspec.structs.replace(split, companions=(target,))
    plan = dataclasses.replace(left_open, split=beside)
    contest = made(plan, tmp_path)
    trial = ev.Tried(backbone=BACKBONE, title="", strategy=candidates.FROZEN)
    assert contest._run(trial, candidates.recipe(plan, trial)).split.companions == ()
