"""Layer-wise rates, schedules, clipping."""

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from transfergui.core.interfaces.phase import Phase
from transfergui.core.nn.classifier import Classifier
from transfergui.core.recipe import OptimOptions
from transfergui.core.training import optim

PHASE = Phase(name="", epochs=1, groups=-1, lr=0.1, decay=0.5)


def network() -> Classifier:
    encoder = nn.Sequential(*(nn.Linear(4, 4) for _ in range(3)))
    return Classifier(encoder, nn.Linear(4, 2), groups=(("0",), ("1",), ("2",)))


def rates(model: Classifier, optimizer: torch.optim.Optimizer) -> dict[str, float]:
    """The peak rate of every parameter, by name."""
    peaks = {id(p): group["peak"] for group in optimizer.param_groups for p in group["params"]}
    return {name: peaks[id(p)] for name, p in model.named_parameters() if id(p) in peaks}


def test_rates_decay_from_the_head_down() -> None:
    model = network()
    found = rates(model, optim.make_optimizer(model, PHASE, OptimOptions()))
    assert found["head.weight"] == found["encoder.2.weight"] == pytest.approx(0.1)
    assert found["encoder.1.weight"] == pytest.approx(0.05)
    assert found["encoder.0.bias"] == pytest.approx(0.025)
    assert len(found) == 8


def test_frozen_parameters_are_left_out() -> None:
    model = network()
    model.set_trainable(1)
    found = rates(model, optim.make_optimizer(model, PHASE, OptimOptions()))
    assert set(found) == {"head.weight", "head.bias", "encoder.2.weight", "encoder.2.bias"}


def test_biases_are_not_decayed() -> None:
    model = network()
    optimizer = optim.make_optimizer(model, PHASE, OptimOptions(weight_decay=0.3))
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            assert group["weight_decay"] == (0.3 if parameter.ndim > 1 else 0.0)


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle", "plateau", "constant"])
@given(progress=st.floats(0, 1), warmup=st.floats(0, 0.5))
def test_factors_stay_between_zero_and_one(schedule: str, progress: float, warmup: float) -> None:
    assert -1e-9 <= optim.rate_factor(schedule, progress, warmup) <= 1 + 1e-9


def test_cosine_warms_up_and_falls_to_zero() -> None:
    factor = [optim.rate_factor("cosine", p / 100, 0.1) for p in range(101)]
    assert factor[5] == pytest.approx(0.5)
    assert max(factor) == factor[10] == pytest.approx(1.0)
    assert factor[10:] == sorted(factor[10:], reverse=True)
    assert factor[100] == pytest.approx(0.0)


def test_one_cycle_starts_low_and_peaks_at_its_rise() -> None:
    assert optim.rate_factor("one_cycle", 0.0, 0.0) == pytest.approx(1 / optim.ONE_CYCLE_START)
    assert optim.rate_factor("one_cycle", optim.ONE_CYCLE_RISE, 0.0) == pytest.approx(1.0)
    assert optim.rate_factor("one_cycle", 1.0, 0.0) == pytest.approx(0.0)


def test_plateau_lowers_the_rate_when_nothing_improves() -> None:
    plateau = optim.Plateau(patience=4)
    for loss in (1.0, 0.9, 0.95, 0.91):
        plateau.epoch_ended(loss)
    assert plateau.factor == pytest.approx(0.1)
    twin = optim.Plateau(patience=4)
    twin.restore(plateau.state())
    twin.epoch_ended(0.5)
    assert twin.state() == {"factor": plateau.factor, "best": 0.5, "stale": 0}


def test_gradients_are_shortened_only_above_the_limit() -> None:
    layer = nn.Linear(2, 1)
    for limit, expected in ((0.0, 5.0), (10.0, 5.0), (1.0, 1.0)):
        layer.weight.grad, layer.bias.grad = torch.tensor([[3.0, 4.0]]), torch.zeros(1)
        assert optim.gradient_norm(layer, limit) == pytest.approx(5.0)
        assert math.isclose(float(layer.weight.grad.norm()), expected, rel_tol=1e-4)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("adamw", lambda groups: torch.optim.AdamW(groups, lr=0.0)),
        ("adam", lambda groups: torch.optim.Adam(groups, lr=0.0)),
        ("sgd", lambda groups: torch.optim.SGD(groups, lr=0.0, momentum=0.9, nesterov=True)),
    ],
)
def test_without_torchs_wrappers_the_steps_are_the_same(
    name: str, plain: Callable[[list], torch.optim.Optimizer]
) -> None:
    """To the bit; halfway, the state goes over into a new optimiser, as when one resumes."""

    def trained(make: Callable[[Classifier], torch.optim.Optimizer]) -> list[torch.Tensor]:
        torch.manual_seed(0)
        model = network()
        optimizer = make(model)
        for step in range(6):
            if step == 3:
                state = optimizer.state_dict()
                optimizer = make(model)
                optimizer.load_state_dict(state)
            optim.set_rate(optimizer, 1 / (1 + step))
            optimizer.zero_grad(set_to_none=True)
            model(torch.ones(2, 4)).square().sum().backward()
            optimizer.step()
        return [parameter.detach() for parameter in model.parameters()]

    options = OptimOptions(optimizer=name)  # type: ignore[arg-type]

    def ours(model: Classifier) -> torch.optim.Optimizer:
        return optim.make_optimizer(model, PHASE, options)

    def torchs(model: Classifier) -> torch.optim.Optimizer:
        keys = ("params", "lr", "peak", "weight_decay")
        return plain([{key: group[key] for key in keys} for group in ours(model).param_groups])

    assert all(map(torch.equal, trained(ours), trained(torchs)))
    assert not any(parameter.requires_grad for parameter in trained(ours))
