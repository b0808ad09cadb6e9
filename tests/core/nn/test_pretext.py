"""Tasks without labels: that they learn, and what they tell of it."""

import math

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.nn import pretext
from transfergui.core.nn.pretext import Denoising, MaskedTokens, Pretext, SimSiam


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


def trained(task: Pretext, inputs: Tensor, steps: int = 80) -> tuple[float, float]:
    """The loss at the begin and at the end."""
    optimizer = torch.optim.AdamW(task.parameters(), lr=1e-2)
    values = []
    for _step in range(steps):
        loss = task(inputs, torch.zeros(len(inputs)))
        optimizer.zero_grad()
        loss.value.backward()
        optimizer.step()
        values.append(float(loss.value.detach()))
    return values[0], values[-1]


def test_a_small_copy_is_drawn_of_a_damaged_picture() -> None:
    torch.manual_seed(0)
    model = nn.Module()
    model.encoder = nn.Sequential(nn.Flatten(), nn.Linear(3 * 24 * 40, 16))
    colours = torch.rand(32, 3, 1, 1).expand(-1, -1, 24, 40)
    first, last = trained(Denoising(model, 16, channels=3, noise=0.25), colours)
    assert first > 0.9  # as good as one colour for all
    assert last < 0.5


class Words(nn.Module):
    """A network that sees the token before each, and the one behind."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(12, 8)
        self.mixed = nn.Linear(16, 8)

    def get_input_embeddings(self) -> nn.Module:
        return self.table

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor]:
        there = self.table(ids) * mask.unsqueeze(-1)
        around = torch.cat([there.roll(1, 1), there.roll(-1, 1)], 2)
        return (self.mixed(around).relu(),)


def words() -> nn.Module:
    model = nn.Module()
    model.encoder = nn.Module()
    model.encoder.network = Words()
    return model


def test_hidden_tokens_are_found_by_the_others() -> None:
    torch.manual_seed(0)
    starts = torch.randint(4, 12, (64, 1))
    texts = 4 + (starts - 4 + torch.arange(10)) % 8  # each token follows from its neighbours
    task = MaskedTokens(words(), 8, hiding=3, special=(0, 1, 2), padding=0)
    first, last = trained(task, texts)
    assert last < 0.5 * first
    assert float(task(texts, torch.zeros(64)).logs["found"]) > 0.5


def test_special_tokens_are_never_hidden_nor_looked_for() -> None:
    task = MaskedTokens(words(), 8, hiding=3, special=(0, 1, 2), padding=0)
    nothing = torch.tensor([[1, 2, 0, 0], [1, 2, 0, 0]])
    loss = task(nothing, torch.zeros(2))
    assert loss.value == 0.0
    loss.value.backward()  # a batch without words is no error
    seen = task._changed(nothing, torch.zeros_like(nothing, dtype=torch.bool))
    assert torch.equal(seen, nothing)
