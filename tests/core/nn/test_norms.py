import copy

import torch
from torch import nn

from transfergui.core.nn import norms, tent
from transfergui.core.nn.classifier import Classifier


def seeing() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )


def pictures(shift: float = 0.0, count: int = 64) -> torch.Tensor:
    return torch.randn(count, 3, 6, 6, generator=torch.Generator().manual_seed(1)) + shift


def test_statistics_are_those_of_the_inputs() -> None:
    network, inputs = seeing(), pictures(2.0)
    norm = network[1]
    assert isinstance(norm, nn.BatchNorm2d)
    norms.estimate(network, inputs.split(16))
    seen = network[0](inputs)
    torch.testing.assert_close(norm.running_mean, seen.mean((0, 2, 3)), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(norm.running_var, seen.var((0, 2, 3)), atol=0.05, rtol=0.05)
    assert norm.momentum == 0.1
    assert not network.training


def test_tent_makes_predictions_more_certain_by_norms_alone() -> None:
    model = Classifier(seeing(), nn.Linear(4, 3))
    before, inputs = copy.deepcopy(model.state_dict()), pictures(0.5)
    with torch.no_grad():
        norms.estimate(model.encoder, inputs.split(32))
        first = tent.entropy(model(inputs))
    for _epoch in range(5):
        told = list(tent.adapt(model, inputs))
    assert told == [32, 64]
    assert tent.entropy(model(inputs)) < first
    changed = {name for name, t in model.state_dict().items() if not torch.equal(t, before[name])}
    assert {name.split(".")[1] for name in changed} == {"1"}  # the norm
    assert not any(p.requires_grad for p in model.parameters())


def test_a_network_without_norms_has_nothing_to_adapt() -> None:
    assert tent.parameters(nn.Sequential(nn.Linear(3, 3), nn.ReLU())) == []
    assert len(tent.parameters(nn.LayerNorm(3))) == 2
