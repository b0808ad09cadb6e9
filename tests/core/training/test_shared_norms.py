"""Two processes that see half of a batch each, against one that sees all of it."""

import copy
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.core.processes.together import together
from transfergui.core.processes.joined import Joined
from transfergui.core.training.shared_norms import OtherGaveUp, SharedNorms


def _network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5), nn.ReLU(), nn.Conv2d(5, 4, 3),
        nn.BatchNorm2d(4, affine=False, momentum=None), nn.Flatten(), nn.BatchNorm1d(16),
    )  # fmt: skip


def _learnt(network: nn.Module, inputs: Tensor, weight: float = 1.0) -> Tensor:
    """The gradient of a loss that looks at each sample."""
    inputs = inputs.clone().requires_grad_()
    (network(inputs).square().sum() * weight + network(inputs).sum() * 0).backward()
    assert inputs.grad is not None
    return inputs.grad


@pytest.mark.parametrize("mine", [3, 6])
def test_halves_are_normalized_as_the_whole(tmp_path: Path, mine: int) -> None:
    """Where the second process has no sample, it looks at one that does not count."""
    whole, batch = _network(), torch.randn(6, 3, 6, 6) * 3 + 2
    expected = _learnt(whole, batch)
    networks = [_network(), _network()]

    def work(group: Joined) -> Tensor:
        shared = SharedNorms(group, networks[group.rank])
        own = batch[:mine] if group.first else batch[mine:]
        shared.counts = bool(len(own))
        with shared.normalizing():
            if shared.counts:
                return _learnt(networks[group.rank], own)
            return _learnt(networks[group.rank], batch[:1], 0.0)[:0]

    parts = together(tmp_path, work)
    torch.testing.assert_close(torch.cat(parts), expected, rtol=1e-4, atol=1e-4)
    for one, other in zip(*(n.state_dict().values() for n in networks), strict=True):
        assert torch.equal(one, other)
    torch.testing.assert_close(networks[0].state_dict(), whole.state_dict())
    for pair in zip(whole.parameters(), *(n.parameters() for n in networks), strict=True):
        expected, *found = (p.grad for p in pair)
        torch.testing.assert_close(sum(found), expected, rtol=1e-4, atol=1e-4)
    assert type(networks[0][1]) is nn.BatchNorm2d and "forward" not in vars(networks[0][1])


@pytest.mark.parametrize("at", [0, 4, 6])
def test_all_end_a_step_that_one_cannot_end(tmp_path: Path, at: int) -> None:
    networks, batch = [_network(), _network()], torch.randn(6, 3, 6, 6)

    def fail(*_arguments: object) -> None:
        raise MemoryError

    if at < 6:
        networks[1][at].register_forward_pre_hook(fail)
    else:  # while the gradients are computed
        networks[1][0].register_full_backward_hook(fail)

    def work(group: Joined) -> list[int]:
        shared = SharedNorms(group, networks[group.rank])
        own = copy.deepcopy(batch[group.rank * 3 :][:3])
        try:
            with shared.normalizing():
                _learnt(networks[group.rank], own)
        except MemoryError:
            shared.give_up()
        except OtherGaveUp:
            pass
        else:
            raise AssertionError
        return group.gather(group.rank)

    assert together(tmp_path, work) == [[0, 1], [0, 1]]
