"""The one loop that runs a network over samples."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.training import inference
from transfergui.core.training.compute import Compute
from transfergui.core.training.loaders import Batch
from transfergui.core.training.micro_batches import MicroBatches, result_of


class Small(nn.Module):
    """Doubles its inputs; runs out of memory above ``most`` samples."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.most = most
        self.sizes: list[int] = []

    def forward(self, inputs: Tensor) -> Tensor:
        self.sizes.append(len(inputs))
        if len(inputs) > self.most:
            raise torch.OutOfMemoryError
        return self.scale * inputs


class Numbers:
    """70 samples, of which number 3 cannot be read."""

    labels = [0] * 70
    paths = [str(row) for row in range(70)]
    wanted = torch.zeros(70)

    def batches(self, order: range, size: int, epoch: int | None = None) -> Iterator[Batch]:
        assert epoch is None
        for start in range(0, len(order), size):
            rows = [row for row in order[start : start + size] if row != 3]
            yield Batch(torch.tensor(rows, dtype=torch.float32), self.wanted[rows], rows)


def on_processor() -> MicroBatches:
    return MicroBatches(Compute("cpu"))


def test_every_readable_sample_has_an_output_and_its_row() -> None:
    found, rows = result_of(inference.over(Small(99), Numbers(), on_processor()))
    assert rows == [row for row in range(70) if row != 3]
    assert torch.equal(found, 2 * torch.tensor(rows, dtype=torch.float32))
    assert not found.requires_grad


def test_a_batch_that_does_not_fit_is_halved_and_so_are_the_next() -> None:
    network, events = Small(10), list[ev.Event]()
    looking = inference.over(network, Numbers(), on_processor())
    try:
        while True:
            events.append(next(looking))
    except StopIteration as stop:
        found, rows = stop.value
    assert torch.equal(found, 2 * torch.tensor(rows, dtype=torch.float32))
    assert [e.code for e in events if isinstance(e, ev.Notice)] == ["memory.halved"] * 2
    assert network.sizes[:2] == [31, 11]
    assert max(network.sizes[2:]) == 7


def test_not_even_one_sample_fits() -> None:
    with pytest.raises(UserError) as caught:
        inference.outputs(Small(0), [torch.zeros(4)])
    assert caught.value.code == "memory.exhausted"


def test_progress_and_cancellation_follow_each_batch() -> None:
    done: list[int] = []

    def report(count: int) -> Iterator[ev.Event]:
        done.append(count)
        yield ev.Notice(code="auto.finish")

    def check_cancelled() -> None:
        if len(done) == 2:
            raise KeyboardInterrupt

    looking = inference.over(Small(99), Numbers(), on_processor(), report, check_cancelled)
    with pytest.raises(KeyboardInterrupt):
        result_of(looking)
    assert done == [31, 63]


def test_outputs_of_batches_that_are_there() -> None:
    batches = torch.arange(5.0).split(2)
    assert torch.equal(inference.outputs(Small(99), batches), 2 * torch.arange(5.0))


def test_what_did_not_fit_is_remembered_between_calls() -> None:
    """A prediction asks for one batch after the other."""
    network, micro_batches = Small(1), on_processor()
    for _call in range(2):
        inference.outputs(network, [torch.zeros(2)], micro_batches)
    assert network.sizes == [2, 1, 1, 1, 1]
