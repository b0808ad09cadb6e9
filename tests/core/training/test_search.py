"""The automatic choice: by validation only, everything told, within the time."""

import dataclasses
import functools
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import (
    candidates,
    contest,
    estimate,
    phase,
    probe,
    ranking,
    search,
    search_clock,
    start,
    trainer,
)
from transfergui.core.training.estimate import Estimate
from transfergui.core.training.group import Group


@pytest.fixture(autouse=True, scope="module")
def _short_probes() -> Iterator[None]:
    """How long things take is measured once, not six times: there is time for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(probe, "RUNS", 1)
        yield


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    """Networks of a few thousand parameters: what is searched is the same."""
    return small_weights


def searched(plan: Plan, minutes: float = 5) -> tuple[list[ev.Tried], Recipe]:
    told = list[ev.Event]()
    with tempfile.TemporaryDirectory() as folder:
        searching = search.search(plan, minutes, Path(folder))
        while True:
            try:
                told.append(next(searching))
            except StopIteration as found:
                return [event for event in told if isinstance(event, ev.Tried)], found.value[0]


def fates(trials: list[ev.Tried]) -> list[ev.Tried]:
    """What was told last of each."""
    return list({(t.backbone, t.strategy): t for t in trials}.values())


@pytest.fixture
def left_open(lab: Lab) -> Plan:
    return lab.plan(backbone="auto", run__epochs=2)


class Search(NamedTuple):
    """A whole search over all networks.

    Attributes:
        told: all its events, in order.
        recipe: what it chose.
        seen: the data of each training.
    """

    plan: Plan
    told: list[ev.Event]
    recipe: Recipe
    seen: list[Split]

    @property
    def trials(self) -> list[ev.Tried]:
        return [event for event in self.told if isinstance(event, ev.Tried)]


@pytest.fixture(scope="module")
def shared_lab(tmp_path_factory: pytest.TempPathFactory, pictures: Path, weights_dir: Path) -> Lab:
    """For what several tests look at and none changes."""
    return Lab(tmp_path_factory.mktemp("shared"), pictures, weights_dir)


@pytest.fixture(scope="module")
def whole_search(automatic: "Callable[[str], Whole]") -> Search:
    """That of a training which chose by itself among all networks."""
    whole = automatic("auto")
    assert whole.search is not None
    return whole.search


def test_everything_tried_is_told_and_the_best_on_validation_is_taken(
    whole_search: Search,
) -> None:
    plan, trials, recipe = whole_search.plan, whole_search.trials, whole_search.recipe
    (chosen,) = (trial for trial in trials if not trial.dropped)
    assert chosen is trials[-1]
    trials = fates(trials)
    assert (recipe.backbone, recipe.strategy) == (chosen.backbone, chosen.strategy)
    trained = [trial for trial in trials if trial.strategy and trial.accuracy is not None]
    (together,) = [t for t in trained if t.strategy == candidates.TOGETHER]
    titles = {registry.backbone(plan.modality, key).title for key in (BACKBONE, "tgnet")}
    assert set(together.title.split(" + ")) == titles
    assert {(t.backbone, t.strategy) for t in trained if t.strategy != candidates.TOGETHER} == {
        (key, way) for key in (BACKBONE, "tgnet") for way in (candidates.FROZEN, *candidates.MOVING)
    }
    assert contest.search_error(chosen) == min(map(contest.search_error, trained))
    assert {t.dropped for t in trained if t is not chosen} <= {"auto.weaker", "auto.less_sure"}
    resolve(recipe, plan.split)


def test_no_test_sample_is_looked_at(whole_search: Search) -> None:
    assert whole_search.seen
    assert not any(split.test for split in whole_search.seen)
    assert whole_search.plan.split.test


def test_what_takes_too_long_is_not_begun(left_open: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "estimate", lambda plan, check_cancelled: Estimate(9e9, 1.0, 9e8))
    trials, recipe = searched(left_open)
    dropped = {t.strategy: t.dropped for t in trials if t.strategy in candidates.MOVING}
    assert dropped == dict.fromkeys(candidates.MOVING, "auto.too_slow")
    assert recipe.strategy == candidates.FROZEN


@pytest.mark.parametrize(
    ("seconds", "first", "half", "little"),
    [
        (200, 12, 12, 12),
        (80.5, 7, 7, 7),
        (60.5, 5, None, 5),
        (19, 1, None, None),
        (1, 1, None, None),
    ],
)
def test_what_does_not_fit_is_shortened_to_what_is_left(
    lab: Lab, tmp_path: Path, seconds: float, first: int, half: int | None, little: int | None
) -> None:
    """The very first one always; others where half of their epochs fit, or any if they must."""
    made = lab.plan(strategy="fine_tuning", run__epochs=None)
    left_open = lab.plan(strategy="auto", run__epochs=None)
    searching = search._Search(left_open, seconds / 60, tmp_path, lambda: None)
    cost = Estimate(seconds=10 + 12 * 10.0, features=10.0, epoch=10.0)

    def epochs(least: float) -> int | None:
        fitting = searching._fitting(made, cost, least)
        return fitting and (fitting.run.epochs or 12)

    assert epochs(0.5) == first
    searching.contest.best = cast("contest.Candidate", object())
    assert epochs(0.5) == half
    assert epochs(0.0) == little


def test_where_nothing_fits_the_likeliest_is_moved_a_little(
    left_open: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = dataclasses.replace(left_open, recipe=left_open.recipe.replace(run__epochs=None))
    monkeypatch.setattr(
        estimate, "estimate", lambda plan, check_cancelled: Estimate(1000.0, 0.0, 100.0)
    )
    trials, _recipe = searched(plan, minutes=4)
    moved = [t for t in trials if t.strategy in candidates.MOVING and t.accuracy is not None]
    assert {(t.backbone, t.strategy) for t in moved} == {(BACKBONE, candidates.MOVING[0])}
    assert {t.dropped for t in moved} <= {"auto.weaker_short", "auto.so_far", ""}


def test_what_restraint_sets_is_no_cut(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are few examples, a head has more epochs than usual: it is whole with them."""
    made = lab.plan(strategy="auto", backbone="auto", run__epochs=None)
    few = tuple(ranking.spread(made.split.train, 15))
    thin = dataclasses.replace(made, split=msgspec.structs.replace(made.split, train=few))
    monkeypatch.setattr(candidates, "MOVING", ())
    trials, recipe = searched(thin)
    assert recipe.run.epochs == 100
    assert "auto.weaker_short" not in {t.dropped for t in trials}
    assert len([t for t in fates(trials) if t.strategy and t.accuracy is not None]) == 3


def test_what_is_estimated_once_is_not_estimated_again(
    left_open: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def noted(plan: Plan, check_cancelled: object) -> Estimate:
        asked.append(f"{plan.backbone.key} {plan.strategy.key}")
        return Estimate(9e9, 1.0, 9e8)

    monkeypatch.setattr(estimate, "estimate", noted)
    searched(left_open)
    assert len(asked) == len(set(asked))


def test_nothing_is_done_before_it_is(whole_search: Search) -> None:
    """Not even the last one, while it is being trained."""
    shares = {True: list[float](), False: list[float]()}
    training = False
    for event in whole_search.told:
        if isinstance(event, ev.Tried):
            training = event.dropped == "auto.now"
        elif isinstance(event, ev.Progress):
            shares[training].append(event.step / event.steps)
    assert max(shares[True]) < 1
    assert shares[False][-1] == 1


def test_networks_that_cannot_look_together_are_not_tried_so(
    left_open: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(plan: Plan, networks: object, states: object) -> Plan:
        raise UserError("fusion.no_partner", title=plan.backbone.title)

    rows = [
        dataclasses.replace(row, gather=alone) if row.key == candidates.TOGETHER else row
        for row in registry.STRATEGIES
    ]
    monkeypatch.setattr(registry, "STRATEGIES", tuple(rows))
    monkeypatch.setattr(candidates, "MOVING", ())
    trials, _recipe = searched(left_open)
    assert candidates.TOGETHER not in {trial.strategy for trial in trials}


class Late:
    """The time of a search is over after so many epochs of a training of a strategy."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, strategy: str, epochs: int) -> None:
        self.strategy, self.epochs, self.over = strategy, epochs, epochs == 0
        self._train = trainer.train
        monkeypatch.setattr(trainer, "train", self._watched)
        left = property(lambda searching: -1.0 if self.over else 1000.0)
        monkeypatch.setattr(search_clock.Clock, "left", left)
        monkeypatch.setattr(
            estimate, "estimate", lambda plan, check_cancelled: Estimate(1.0, 0.0, 0.1)
        )

    def _watched(self, plan: Plan, run: Run, group: Group) -> Iterator[ev.Event]:
        for event in self._train(plan, run, group):
            if plan.strategy.key == self.strategy and isinstance(event, ev.EpochEnded):
                self.epochs -= 1
                self.over |= self.epochs == 0
            yield event


def test_a_training_that_takes_longer_than_thought_ends_with_the_time(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it came to counts, as one of so many epochs; what it would take in full is told by
    what it took."""
    Late(monkeypatch, "fine_tuning", 3)
    trials, _recipe = searched(lab.plan(run__epochs=8, run__early_stopping="none"))
    (moved,) = (t for t in fates(trials) if t.strategy == "fine_tuning")
    assert moved.accuracy is not None
    assert moved.full == pytest.approx(moved.seconds * 8 / 3)
    (skipped,) = (t for t in fates(trials) if t.strategy == "head_first")
    assert skipped.dropped == "auto.no_time"
    assert skipped.accuracy is None


def test_one_that_was_cut_is_taken_as_one_of_so_many_epochs(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its test must not go on with the epochs that it was spared."""
    Late(monkeypatch, "fine_tuning", 3)
    search_error = contest.search_error
    monkeypatch.setattr(
        contest,
        "search_error",
        lambda t, *of: search_error(t, *of) - 9 * (t.strategy == "fine_tuning"),
    )
    made = lab.plan(strategy="auto", run__epochs=8, run__early_stopping="none")
    run = lab.run(made)
    last = list(start.train(made, run))[-1]
    assert isinstance(last, ev.Finished)
    assert (last.outcome, last.epochs) == ("done", 3)
    assert (run.recipe.strategy, run.recipe.run.epochs) == ("fine_tuning", 3)


def test_what_learnt_nothing_in_time_is_told_so(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(monkeypatch, "feature_extraction", -1)
    monkeypatch.setattr(candidates, "MOVING", ("fine_tuning",))
    told = list[ev.Tried]()
    with tempfile.TemporaryDirectory() as folder:
        for event in search.search(lab.plan(run__epochs=8), 5, Path(folder)):
            if isinstance(event, ev.Tried):
                told.append(event)
                late.over = event.strategy == "fine_tuning" and event.dropped == "auto.now"
    (moved,) = (t for t in fates(told) if t.strategy == "fine_tuning")
    assert (moved.dropped, moved.accuracy) == ("auto.no_time", None)


def test_nothing_is_begun_once_the_time_is_over(
    left_open: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even an estimate, which takes seconds."""
    late = Late(monkeypatch, "feature_extraction", -1)
    asked = list[str]()

    def noted(plan: Plan, check_cancelled: Callable[[], None]) -> Estimate:
        asked.append(plan.strategy.key)
        check_cancelled()
        late.over = len(asked) == 2
        check_cancelled()
        return Estimate(1.0, 0.0, 0.1)

    monkeypatch.setattr(estimate, "estimate", noted)
    trials, _recipe = searched(left_open)
    assert asked == [candidates.FROZEN] * 2
    assert len([t for t in fates(trials) if t.strategy and t.accuracy is not None]) == 1
    assert {t.dropped for t in fates(trials) if t.strategy} == {"auto.no_time", ""}


def test_a_look_that_takes_too_long_is_given_up(
    left_open: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[str]()

    def look(plan: Plan, row: Backbone, check_cancelled: Callable[[], None]) -> ranking.Ranked:
        looks.append(row.key)
        if len(looks) == 2:
            monkeypatch.setattr(search_clock.Clock, "left", property(lambda searching: 10.0))
            check_cancelled()
        return ranking.Ranked(key=row.key, title=row.title, accuracy=0.5)

    monkeypatch.setattr(ranking, "look", look)
    trials, _recipe = searched(left_open, minutes=5)
    (given_up,) = (t for t in fates(trials) if not t.strategy and t.backbone == looks[1])
    assert given_up.dropped == "auto.no_time"


def test_networks_that_are_looked_at_are_rows_from_the_beginning(whole_search: Search) -> None:
    trials = whole_search.trials
    assert trials[0].dropped == "auto.looking"
    looked = [t for t in fates(trials) if not t.strategy]
    assert {t.dropped for t in looked} == {"auto.likely"}
    assert all(t.accuracy is not None for t in looked)


# -- as a training


class Whole(NamedTuple):
    """A training that chose by itself.

    Attributes:
        made: what it was begun with.
        trained: the folder of the run whose epoch it was, for each epoch that was trained.
        seconds: how long it took; ``tried`` until all was tried.
        search: what was searched.
    """

    made: Plan
    run: Run
    events: list[ev.Event]
    trained: list[str]
    tried: float
    seconds: float
    search: Search | None


@pytest.fixture(scope="module")
def automatic(shared_lab: Lab) -> Callable[[str], Whole]:
    """A training to the end on this backbone, or with ``"auto"`` on all; made once for each."""
    settings = {"strategy": "auto", "run__epochs": 2, "options": {"minutes": 5.0}}
    exact = {"run__precision": "float32"}  # measured in another home, it might be another
    find, train = search.search, trainer.train

    @functools.cache
    def make(backbone: str) -> Whole:
        made = shared_lab.plan(backbone=backbone, **settings, **exact)
        run, trained, searches = shared_lab.run(made), list[str](), list[Search]()
        step = phase.PhaseLoop._epoch

        def noted(self: phase.PhaseLoop, train_step: object) -> object:
            trained.append(str(self.checkpoints._folder.parent))
            return step(self, train_step)  # type: ignore[arg-type]

        def searching(*given: Any, **named: Any) -> Any:
            told, seen = list[ev.Event](), list[Split]()

            def seeing(plan: Plan, run: Run, group: Group) -> Iterator[ev.Event]:
                seen.append(plan.split)
                return train(plan, run, group)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(trainer, "train", seeing)
                found = find(*given, **named)
                while True:
                    try:
                        told.append(next(found))
                    except StopIteration as end:
                        searches.append(Search(given[0], told, end.value[0], seen))
                        return end.value
                    yield told[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(phase.PhaseLoop, "_epoch", noted)
            patch.setattr(search, "search", searching)
            began, events, tried = time.monotonic(), list[ev.Event](), 0.0
            for event in start.train(made, run):
                events.append(event)
                if isinstance(event, ev.Tried):
                    tried = time.monotonic() - began
        seconds = time.monotonic() - began
        return Whole(made, run, events, trained, tried, seconds, next(iter(searches), None))

    return make


def test_a_network_that_was_named_is_kept(automatic: Callable[[str], Whole]) -> None:
    run = automatic(BACKBONE).run
    assert {trial.backbone for trial in run.history().trials} == {BACKBONE}
    assert run.recipe.backbone == BACKBONE


def test_what_a_search_took_is_all_that_it_took(automatic: Callable[[str], Whole]) -> None:
    """Not only the training that it kept."""
    whole = automatic(BACKBONE)
    last = whole.events[-1]
    assert isinstance(last, ev.Finished)
    assert 0 < whole.tried * 0.9 < last.seconds <= whole.seconds


def test_the_run_begins_with_the_search_and_keeps_what_it_found(
    automatic: Callable[[str], Whole],
) -> None:
    made, run, events, *_rest = automatic("auto")
    (chosen,) = (e for e in events if isinstance(e, ev.Tried) and not e.dropped)
    started = next(e for e in events if isinstance(e, ev.Started))
    assert (started.backbone, started.strategy) == (chosen.backbone, chosen.strategy)
    assert (run.recipe.backbone, run.recipe.strategy) == (chosen.backbone, chosen.strategy)
    assert isinstance(events[-1], ev.Finished)
    assert run.history().trials[-1] == chosen
    assert run.report()["n"] == len(made.split.test)


def test_what_was_found_is_not_trained_again(lab: Lab, automatic: Callable[[str], Whole]) -> None:
    """It is taken over as it is: to the bit what its recipe gives by itself."""
    made, run, _events, trained, *_rest = automatic("auto")
    assert trained
    assert str(run.path) not in trained
    assert not (run.path / start.SEARCH).exists()
    plain = lab.run(resolve(run.recipe, made.split))
    list(start.train(resolve(run.recipe, made.split), plain))
    ours, theirs = (load_file(r.best) for r in (run, plain))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    figures = [[(e.val_loss, e.best) for e in r.history().epochs] for r in (run, plain)]
    assert figures[0] == figures[1]
    assert run.report()["accuracy"] == plain.report()["accuracy"]


@pytest.mark.parametrize(
    ("after", "backbone"),
    [
        (0, BACKBONE),
        (2, BACKBONE),
        pytest.param(0, "auto", marks=pytest.mark.slow),
        pytest.param(2, "auto", marks=pytest.mark.slow),
    ],
)
def test_a_search_that_was_cancelled_goes_on(
    lab: Lab, automatic: Callable[[str], Whole], after: int, backbone: str
) -> None:
    """On all networks, where none was named."""
    made, whole, *_rest = automatic(backbone)
    run = lab.run(made)
    told = 0
    for last in start.train(made, run):
        told += isinstance(last, ev.Tried)
        if told >= after:
            run.request_stop("cancel")
    assert isinstance(last, ev.Finished)
    assert last.outcome == "cancelled"
    assert (run.recipe.strategy, run.recipe.backbone) == ("auto", backbone)
    assert "auto.now" not in {trial.dropped for trial in run.history().trials}
    over = ("auto.weaker", "auto.less_sure")
    known = {way(t) for t in run.history().trials if t.strategy and t.dropped in over}
    last = None
    for last in start.train(resume_plan(run), run):
        assert not (isinstance(last, ev.Tried) and way(last) in known and not last.dropped)
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
    assert run.recipe == whole.recipe
    rows = [{(*way(t), t.accuracy) for t in r.history().trials} for r in (run, whole)]
    assert rows[0] == rows[1]


def way(trial: ev.Tried) -> tuple[str, str]:
    return trial.backbone, trial.strategy


def test_finish_takes_the_best_so_far(lab: Lab) -> None:
    made = lab.plan(strategy="auto", run__epochs=2, options={"time": "one"})
    run = lab.run(made)
    for last in start.train(made, run):
        if isinstance(last, ev.Tried) and last.dropped == "auto.so_far":
            run.request_stop("finish")
    assert isinstance(last, ev.Finished)
    assert run.recipe.strategy == candidates.FROZEN
    assert run.report()["n"] == len(made.split.test)


def test_finish_before_anything_was_trained_is_said(lab: Lab) -> None:
    made = lab.plan(strategy="auto", run__epochs=2, options={"time": "one"})
    run, told = lab.run(made), list[ev.Event]()
    for event in start.train(made, run):
        told.append(event)
        run.request_stop("finish")
    assert isinstance(told[-1], ev.Finished)
    assert told[-1].outcome == "cancelled"
    assert any(isinstance(e, ev.Notice) and e.code == "training.nothing_learnt" for e in told)


def test_a_search_whose_data_are_gone_says_so(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not that nothing could be tried: every trial would fail."""
    values = {"lost": 3, "total": 3, "path": "a.png"}

    def gone(made: Plan, run: Run, group: Group) -> Iterator[ev.Event]:
        yield ev.Failed(code="data.vanished_val", values=values)

    monkeypatch.setattr(trainer, "train", gone)
    made = lab.plan(strategy="auto")
    *_before, last = start.train(made, lab.run(made))
    assert last == ev.Failed(code="data.vanished_val", values=values)


def test_why_every_training_failed_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = ev.Failed(code="device.missing", values={"device": "cuda"})
    monkeypatch.setattr(trainer, "train", lambda made, run, group: (each for each in [failed]))
    monkeypatch.setattr(candidates, "MOVING", ())
    made = lab.plan(strategy="auto")
    assert list(start.train(made, lab.run(made)))[-1] == failed


def test_nothing_to_try_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    made = lab.plan(backbone="auto", strategy="auto")
    monkeypatch.setattr(ranking, "turns", lambda plan, seconds: [])
    last = list(start.train(made, lab.run(made)))[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "auto.nothing"


SIZES = [(1, 2, 3), (1, 16, 16), (2, 2, 2), (1, 1, 6)]


@pytest.mark.parametrize(
    ("strategy", "sizes"),
    [
        *(("fusion", sizes) for sizes in SIZES),
        ("auto", SIZES[0]),
        *(pytest.param("auto", sizes, marks=pytest.mark.slow) for sizes in SIZES[1:]),
    ],
)
def test_classes_of_one_example(own: Lab, sizes: tuple[int, ...], strategy: str) -> None:
    for folder, size in zip(sorted(own.pictures.iterdir()), sizes, strict=True):
        for picture in sorted(folder.iterdir())[size:]:
            picture.unlink()
    options = {"time": "one"} if strategy == "auto" else {"partners": ["tgnet"]}
    backbone = "auto" if strategy == "auto" else BACKBONE
    made = own.plan(strategy=strategy, backbone=backbone, options=options, run__epochs=1)
    rows = [row for row in ranking.rank(made) if not row.skipped]
    assert strategy == "fusion" or {row.key for row in rows} == {BACKBONE, "tgnet"}
    last = list(start.train(made, own.run(made)))[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
