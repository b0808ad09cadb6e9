"""Tasks without labels: that they learn, and what they tell of it."""

import math

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.nn import pretext
from transfergui.core.nn.pretext import SimSiam


class Made(nn.Module):
    """A model with an encoder of vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU())


def test_vectors_that_point_everywhere_are_spread_and_equal_ones_are_not() -> None:
    torch.manual_seed(0)
    assert pretext.spread(torch.randn(4000, 32)) == pytest.approx(1.0, abs=0.01)
    assert pretext.spread(3 * torch.ones(50, 32)) == pytest.approx(0.0, abs=1e-5)


def test_views_become_alike_without_a_collapse() -> None:
    torch.manual_seed(0)
    task = SimSiam(Made(), 16)
    optimizer = torch.optim.AdamW(task.parameters(), lr=1e-2)
    samples, values, told = torch.randn(64, 6), [], []
    for _step in range(60):
        views = torch.stack([samples + 0.2 * torch.randn_like(samples) for _ in range(2)], 1)
        loss = task(views, torch.zeros(64))
        optimizer.zero_grad()
        loss.value.backward()
        optimizer.step()
        values.append(float(loss.value.detach()))
        told.append(float(loss.logs["spread"]))
    assert values[-1] < 0.5 * values[0]
    assert min(told) > 0.6
    assert all(map(math.isfinite, values))


def test_no_gradient_goes_through_what_is_foreseen() -> None:
    """With a predictor that gives nothing, there is nothing to learn."""
    torch.manual_seed(0)
    task = SimSiam(Made(), 16)
    for parameter in task.predictor.parameters():
        nn.init.zeros_(parameter)
    task(torch.randn(8, 2, 6), torch.zeros(8)).value.backward()
    gradients: list[Tensor] = [p.grad for p in task.model.parameters() if p.grad is not None]
    assert not any(gradient.any() for gradient in gradients)


def test_a_single_sample_is_enough() -> None:
    """The last batch of an epoch may be one."""
    loss = SimSiam(Made(), 16)(torch.randn(1, 2, 6), torch.zeros(1))
    assert torch.isfinite(loss.value)
