"""The sweep of the learning rate: what it suggests, what it may look at, what it leaves alone."""

import itertools
import math
from pathlib import Path

import msgspec
import pytest

from tests.core.training.conftest import Lab
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned
from transfergui.core.resolve import resolve
from transfergui.core.runs.run import Stopped
from transfergui.core.training import rates
from transfergui.core.training.compute import Compute

RATES = [10 ** (-5 + at / 10) for at in range(50)]


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def training_only(plan: Plan) -> Plan:
    """Validation and test samples that would be missed by anybody who looked for them."""
    gone = tuple(
        msgspec.structs.replace(sample, path=f"gone/{sample.path}") for sample in plan.split.val
    )
    split = msgspec.structs.replace(plan.split, val=gone, test=gone)
    return resolve(plan.recipe, split)


def test_the_valley_is_where_the_loss_falls() -> None:
    """Flat, then falling by a decade and a half, then running away."""
    losses = [2.0] * 15 + [2.0 - 0.1 * at for at in range(1, 16)] + [0.5 + at for at in range(20)]
    suggested = rates.valley(RATES, losses)
    assert suggested is not None
    assert RATES[17] < suggested < RATES[27]


def test_noise_does_not_end_the_valley() -> None:
    fall = [2.0 - 0.1 * at for at in range(15)]
    noisy = list(itertools.chain.from_iterable((loss, 2.5) for loss in fall))
    assert rates.valley(RATES, noisy) is not None


@pytest.mark.parametrize("losses", [[], [1.0] * 30, [1.0 + at for at in range(30)]])
def test_where_nothing_falls_nothing_is_suggested(losses: list[float]) -> None:
    assert rates.valley(RATES, losses) is None


@pytest.mark.parametrize("strategy", ["feature_extraction", "fine_tuning", "from_scratch"])
def test_a_sweep_grows_the_rate_on_training_samples_alone(lab: Lab, strategy: str) -> None:
    plan = training_only(lab.plan(strategy=strategy))
    found = rates.sweep(plan)
    (phase,) = plan.phases
    assert found.rates == sorted(found.rates)
    assert len(found.rates) == len(found.losses) <= rates.STEPS
    assert found.rates[0] == pytest.approx(rates.BELOW * phase.lr)
    assert all(map(math.isfinite, found.losses))
    assert found.suggested is None or found.suggested in found.rates


def test_a_sweep_computes_as_the_training_will(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    used = []

    def noting(device: str, precision: str = "float32") -> Compute:
        used.append(precision)
        return Compute(device, precision)

    monkeypatch.setattr(rates, "Compute", noting)
    rates.sweep(lab.plan(strategy="fine_tuning", run__precision="bfloat16"))
    assert used[-1] == "bfloat16"


def test_the_network_learns_in_a_sweep(lab: Lab) -> None:
    found = rates.sweep(lab.plan(strategy="feature_extraction"))
    assert min(found.losses) < 0.9 * found.losses[0]
    assert found.suggested is not None


def test_what_it_moved_is_thrown_away(lab: Lab) -> None:
    """Weights are as they were, the same sweep gives the same again, nothing is written."""
    plan = lab.plan(strategy="fine_tuning")
    before = planned.require_weights(plan).read_bytes()
    first, second = rates.sweep(plan), rates.sweep(plan)
    assert first == second
    assert planned.require_weights(plan).read_bytes() == before
    assert not list(lab.folder.iterdir())


def test_a_sweep_can_be_ended(lab: Lab) -> None:
    def check_cancelled() -> None:
        raise Stopped("cancel")

    with pytest.raises(Stopped):
        rates.sweep(lab.plan(strategy="fine_tuning"), check_cancelled)


def test_several_phases_have_no_one_rate(lab: Lab) -> None:
    assert rates.applies(lab.plan(strategy="fine_tuning"))
    assert not rates.applies(lab.plan(strategy="head_first"))
