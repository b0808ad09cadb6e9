"""The time estimate: the right order of magnitude, and it knows the cache."""

import threading
import time
from pathlib import Path

import msgspec
import pytest
import torch

from tests.core.made_objectives import meaning
from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import resolve as plan
from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Stop
from transfergui.core.training import devices, precision, probe, start
from transfergui.core.training.estimate import estimate
from transfergui.core.training.precision import ComputeMode


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def test_cached_features_cost_nothing(lab: Lab) -> None:
    cold = estimate(lab.plan())
    lab.train()
    warm = estimate(lab.plan())
    assert cold.features > 0
    assert warm.features == 0


@pytest.mark.parametrize("strategy", ["fine_tuning", "from_scratch"])
def test_more_epochs_take_longer(lab: Lab, strategy: str) -> None:
    one, ten = (estimate(lab.plan(strategy=strategy, run__epochs=n)) for n in (1, 100))
    assert ten.seconds > one.seconds
    assert ten.epoch > 0


def test_trainings_of_single_questions_count(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes as long again, but for the features, which are cached then."""
    monkeypatch.setattr(probe, "fastest", lambda work, device, limit=0.0: 0.5)
    monkeypatch.setattr(probe, "decoded", lambda plan, most: (torch.zeros(4, 3, 32, 32), 0.5))
    made = lab.plan()
    split = meaning(made.split, "several_questions")
    recipe = made.recipe.replace(objective={}, optim__balance="none")
    alone, compared = (
        estimate(plan.resolve(recipe.replace(objective={"compare": each}), split))
        for each in (False, True)
    )
    assert compared.features == alone.features > 0
    again = len(split.targets.names) * (alone.seconds - alone.features)
    assert compared.seconds == pytest.approx(alone.seconds + again)


def test_unreadable_data_are_said(lab: Lab) -> None:
    made = lab.plan()
    gone = msgspec.structs.replace(made.split, root=str(lab.folder / "gone"))
    with pytest.raises(UserError):
        estimate(plan.resolve(made.recipe, gone))


TAUGHT = {"strategy": "distillation", "options": {"teacher": BACKBONE}}


def test_the_teachers_look_counts_until_it_is_cached(lab: Lab) -> None:
    cold = estimate(lab.plan(**TAUGHT))
    assert 0 < cold.features < cold.seconds
    lab.train(**TAUGHT, run__epochs=1)
    assert estimate(lab.plan(**TAUGHT)).features == 0


def test_a_teacher_that_looks_at_more_takes_longer(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time for one sample, and that of decoding it, for each training sample."""
    monkeypatch.setattr(probe, "fastest", lambda work, device, limit=0.0: 8.0)
    monkeypatch.setattr(probe, "decoded", lambda plan, most: (torch.zeros(4, 3, 32, 32), 0.5))
    made = lab.plan(**TAUGHT, optim__batch_size=4)
    assert estimate(made).features == pytest.approx((8.0 / 4 + 0.5) * len(made.split.train))


def test_a_teacher_without_weights_is_estimated_too(lab: Lab) -> None:
    """They may be downloaded after the time was seen."""
    made = lab.plan(**TAUGHT | {"options": {"teacher": "squeezenet1_1"}})
    assert estimate(made).features > 0


def test_what_is_cached_in_another_precision_counts_too(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        precision, "of_frozen", lambda plan, weights, device: ComputeMode("bfloat16")
    )
    lab.train()
    assert estimate(lab.plan()).features == 0


def test_early_stopping_leaves_less_of_many_epochs(lab: Lab) -> None:
    many = {"strategy": "fine_tuning", "run__epochs": 50, "run__patience": 2}
    found = estimate(lab.plan(**many))
    assert found.seconds - found.least == pytest.approx(47 * found.epoch)
    found = estimate(lab.plan(**many, run__early_stopping="none"))
    assert found.least == found.seconds


class Cancelled(BaseException):
    """Nobody waits for the estimate any more."""


def test_an_estimate_that_nobody_waits_for_ends_at_its_next_measurement(lab: Lab) -> None:
    asked = 0

    def check_cancelled() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        estimate(lab.plan(strategy="fine_tuning"), check_cancelled)
    assert asked == 2
    assert probe.fastest(lambda: None, torch.device("cpu")) >= 0  # and nobody is asked after it
    assert asked == 2


def test_a_device_that_is_not_there_is_named(lab: Lab) -> None:
    absent = ({"cuda", "mps"} - set(devices.available_devices())).pop()
    with pytest.raises(UserError, match=absent):
        estimate(lab.plan(run__device=absent))


def test_a_training_waits_until_an_estimate_that_was_cancelled_has_ended(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each would measure the other, and what was found be remembered."""
    measuring, cancelled = threading.Event(), threading.Event()
    order = list[str]()

    def check_cancelled() -> None:
        measuring.set()
        cancelled.wait(20)
        time.sleep(0.3)
        order.append("estimate over")
        raise Cancelled

    def work() -> None:
        with pytest.raises(Cancelled):
            estimate(lab.plan(strategy="fine_tuning"), check_cancelled)

    made = lab.plan(run__epochs=1)
    thread = threading.Thread(target=work)
    thread.start()
    assert measuring.wait(20)
    cancelled.set()
    for event in start.train(made, lab.run(made)):
        order.append(type(event).__name__)
    thread.join()
    assert order[0] == "estimate over"


def test_a_second_estimate_can_be_cancelled_while_it_waits(lab: Lab) -> None:
    def check_cancelled() -> None:
        raise Cancelled

    with probe.alone(), pytest.raises(Cancelled):
        estimate(lab.plan(), check_cancelled)


@pytest.mark.parametrize("how", ["finish", "cancel"])
def test_a_training_that_waits_for_an_estimate_can_be_stopped(lab: Lab, how: Stop) -> None:
    """The estimate may hang, on a network share."""
    made = lab.plan(run__epochs=1)
    run = lab.run(made)
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.02):  # what is asked before it has begun is forgotten then
            run.request_stop(how)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        with probe.alone():
            *_, last = start.train(made, run)
    finally:
        over.set()
        thread.join()
    assert isinstance(last, ev.Finished)
    assert last.outcome == "cancelled"
