"""Settings that compete with those of the best that a search found."""

import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import registry
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.training import (
    candidates,
    contest,
    estimate,
    search,
    settings_search,
    start,
    tuning,
)
from transfergui.core.training.estimate import Estimate


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def searched(plan: Plan, **more: Any) -> tuple[list[ev.Event], Recipe]:
    with tempfile.TemporaryDirectory() as folder:
        searching, told = (
            search.search(plan, 5, Path(folder), settings=True, **more),
            list[ev.Event](),
        )
        while True:
            try:
                told.append(next(searching))
            except StopIteration as found:
                return told, found.value[0]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_search, "TRIALS", 3)
    monkeypatch.setattr(candidates, "MOVING", ())


@pytest.mark.usefixtures("few")
def test_settings_are_rows_and_the_best_on_validation_is_taken(lab: Lab) -> None:
    told, recipe = searched(lab.plan(strategy="auto", run__epochs=4))
    rows = {str(t.settings): t for t in told if isinstance(t, ev.Tried)}
    assert len(rows) == 1 + settings_search.TRIALS
    (chosen,) = (t for t in rows.values() if not t.dropped)
    assert chosen is told[-1]
    assert {t.dropped for t in rows.values() if t is not chosen} <= {
        "auto.weaker",
        "auto.less_sure",
    }
    assert contest.search_error(chosen) == min(map(contest.search_error, rows.values()))
    for path, value in chosen.settings.items():
        part, name = path.split(".")
        assert getattr(getattr(recipe, part), name) == value


@pytest.mark.usefixtures("few")
def test_what_was_tried_before_is_known(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    made = lab.plan(strategy="auto", run__epochs=4)
    known = ev.Tried(
        backbone=BACKBONE,
        title="",
        strategy="feature_extraction",
        settings={"optim.lr": 0.001, "head.dropout": 0.33},
        accuracy=1.0,
        loss=0.0,
        dropped="auto.weaker",
    )
    other = ev.Tried(backbone="tgnet", title="", settings={"optim.lr": 1.0}, accuracy=2.0)
    recalled = list[dict[str, Any]]()
    recall = tuning.Study.recall
    monkeypatch.setattr(
        tuning.Study,
        "recall",
        lambda s, x, search_error: (recalled.append(x), recall(s, x, search_error)),
    )
    told, _recipe = searched(made, earlier=[known, other])
    assert known.settings in recalled
    assert other.settings not in recalled
    assert known.settings not in [e.settings for e in told if isinstance(e, ev.Tried)]


@pytest.mark.usefixtures("few")
def test_what_is_proposed_again_is_not_trained_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"optim.lr": 3e-3, "head.dropout": 0.1}
    propose = tuning.Study.propose
    monkeypatch.setattr(tuning.Study, "propose", lambda s: (propose(s), settings)[1])
    told, recipe = searched(lab.plan(strategy="auto", run__epochs=4))
    rows = [t for t in told if isinstance(t, ev.Tried) and t.settings and t.accuracy is not None]
    assert len({t.seconds for t in rows}) == 1
    assert recipe.optim.lr in (None, 3e-3)


@pytest.mark.usefixtures("few")
def test_without_time_for_settings_that_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "estimate", lambda plan, check_cancelled: Estimate(9e9, 1.0, 9e8))
    told, recipe = searched(lab.plan(strategy="auto", run__epochs=4))
    assert [e.code for e in told if isinstance(e, ev.Notice)] == ["auto.no_settings"]
    assert recipe.optim.lr == registry.strategy(recipe.strategy).lr


@pytest.mark.usefixtures("few")
def test_an_interrupted_search_goes_on_where_its_settings_were(lab: Lab, tmp_path: Path) -> None:
    made = lab.plan(strategy="auto", run__epochs=4, options={"settings": True, "minutes": 5.0})
    run = lab.run(made)
    for event in start.train(made, run):
        if isinstance(event, ev.Tried) and event.settings:
            run.request_stop("cancel")
    (before,) = {str(t.settings) for t in run.history().trials if t.settings}
    last = list(start.train(resume_plan(run), run))[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
    rows = run.history().trials
    assert before in {str(t.settings) for t in rows}
    assert len({str((t.strategy, t.settings)) for t in rows}) == len(rows)
    (chosen,) = (t for t in rows if not t.dropped)
    assert rows[-1] == chosen
