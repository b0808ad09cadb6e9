"""A step that several processes share is the step that one would take."""

import copy
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.core.processes.together import together
from transfergui.core.processes.joined import Joined
from transfergui.core.training import inference, sharing
from transfergui.core.training.compute import Compute
from transfergui.core.training.divergence import Diverged
from transfergui.core.training.features import FeatureSource
from transfergui.core.training.micro_batches import MicroBatches, result_of
from transfergui.core.training.sharing import Part


class _Net(nn.Module):
    """A layer whose statistics are learnt, one that is trained, and one that nothing goes
    through."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.layer = nn.Linear(4, 2)
        self.unused = nn.Linear(4, 2)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.layer(inputs)


def _loss(net: nn.Module, inputs: torch.Tensor, size: int) -> float:
    loss = net(inputs).square().sum(1).mean() * len(inputs) / size
    loss.backward()
    return float(loss.detach())


@pytest.mark.parametrize("lost", [0, 1])
def test_gradients_of_unequal_parts_are_those_of_the_batch(tmp_path: Path, lost: int) -> None:
    torch.manual_seed(0)
    whole, inputs = _Net(), torch.randn(7, 4)
    mean = _loss(whole, inputs[: 7 - lost], 7 - lost)

    def work(group: Joined) -> tuple[nn.Module, Part]:
        net = copy.deepcopy(whole)
        net.zero_grad()
        own = group.part(inputs)[: 4 - (1 + lost) * group.rank]  # 4, and 3 or 2
        net.norm.running_mean += group.rank + 1
        told = Part(len(own), _loss(net, own, 7), (float(len(own)),), {"log": len(own) / 7})
        return net, sharing.added(group, net, told, 7, norms=True)

    (one, told), (other, also) = together(tmp_path, work)
    assert told == also
    assert told.size == told.tally[0] == 7 - lost
    assert told.loss == pytest.approx(mean) and told.logs["log"] == pytest.approx(1.0)
    assert torch.allclose(one.layer.weight.grad, whole.layer.weight.grad, atol=1e-6)
    assert torch.equal(one.layer.weight.grad, other.layer.weight.grad)
    assert one.unused.weight.grad is other.unused.weight.grad is None
    expected = 4 / (7 - lost) * 1 + (3 - lost) / (7 - lost) * 2
    assert one.norm.running_mean.tolist() == pytest.approx([expected] * 4)
    assert torch.equal(one.norm.running_mean, other.norm.running_mean)


def test_all_learn_that_the_loss_of_one_is_not_finite(tmp_path: Path) -> None:
    def work(group: Joined) -> Part:
        own = Part(1, None if group.rank else 0.5, (1.0,))
        return sharing.added(group, _Net(), own, 2, norms=False)

    assert [type(each) for each in together(tmp_path, work)] == [Diverged, Diverged]


def test_a_part_without_a_sample_adds_nothing(tmp_path: Path) -> None:
    def work(group: Joined) -> tuple[Part, torch.Tensor]:
        net = _Net()
        own = Part(0, 0.0) if group.rank else Part(1, _loss(net, torch.ones(1, 4), 1), (1.0,))
        return sharing.added(group, net, own, 1, norms=False), net.layer.weight.grad

    (one, gradient), (other, copied) = together(tmp_path, work)
    assert one == other and one.size == 1
    assert torch.equal(gradient, copied) and gradient.abs().sum() > 0


def test_what_is_computed_in_shares_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net, count = nn.Linear(16, 3), 3 * inference.BATCH + 5
    features = torch.randn(1, count, 16).numpy()
    source = FeatureSource(features, [], torch.zeros(count), 0)
    source.labels = [0] * count
    rows = list(reversed(range(count)))

    def work(group: Joined | None) -> tuple[torch.Tensor, list[int]]:
        micro_batches = MicroBatches(Compute("cpu"))
        more = {} if group is None else {"group": group}
        return result_of(inference.over(net, source, micro_batches, chosen=rows, **more))

    alone = work(None)
    for found, done in together(tmp_path, work):
        assert torch.equal(found, alone[0]) and done == rows == alone[1]
