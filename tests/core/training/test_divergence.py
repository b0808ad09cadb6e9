"""The sample that made a training diverge."""

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.training import divergence


@pytest.mark.parametrize("value", [1e30, float("inf"), float("nan"), -1e30])
def test_the_sample_that_is_unlike_all_others_is_found(value: float) -> None:
    inputs = torch.rand(8, 3, 4, 4)
    inputs[5, 0, 0, 0] = value
    assert divergence.outlier(nn.Flatten(), inputs) == 5


def test_a_sample_that_only_the_network_finds_large_is_found() -> None:
    class Steep(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return torch.exp(inputs)

    inputs = torch.rand(8, 2)
    inputs[2, 0] = 60
    assert divergence.outlier(Steep(), inputs) == 2


@pytest.mark.parametrize(
    "inputs", [torch.rand(8, 4), torch.full((8, 4), torch.nan), torch.rand(1, 4)]
)
def test_where_all_are_alike_none_is_blamed(inputs: Tensor) -> None:
    assert divergence.outlier(nn.Identity(), inputs) is None
