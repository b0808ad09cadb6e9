"""Order, memory and losses of samples."""

from collections import Counter

import pytest
import torch

from tests.core.training.conftest import Lab
from transfergui.core.errors import UserError
from transfergui.core.training.loaders import FileSource, Losses, Memory, training_order


def test_an_epoch_sees_every_sample_once_in_another_order() -> None:
    first, second = (training_order([0, 1] * 20, 5, epoch, False) for epoch in (0, 1))
    assert sorted(first) == sorted(second) == list(range(40))
    assert first != second
    assert first == training_order([0, 1] * 20, 5, 0, False)


def test_balanced_sampling_shows_rare_classes_as_often() -> None:
    labels = [0] * 950 + [1] * 50
    drawn = Counter(labels[row] for row in training_order(labels, 0, 0, True))
    assert 400 < drawn[1] < 600


def test_memory_keeps_to_its_bound() -> None:
    memory = Memory(limit=1000)
    for name in "abc":
        memory.keep(name, torch.zeros(400, dtype=torch.uint8))
    assert memory.get("a") is not None
    assert memory.get("b") is not None
    assert memory.get("c") is None


def test_one_lost_sample_is_borne_more_are_not() -> None:
    losses = Losses(total=40)
    error = UserError("input.vanished", path="x")
    losses.add("a", error)
    losses.add("a", error)
    losses.add("b", error)
    with pytest.raises(UserError) as caught:
        losses.add("c", error)
    assert caught.value.code == "data.vanished"
    assert caught.value.values == {"count": 3, "total": 40, "path": "c"}


def test_augmentation_depends_on_epoch_and_row_alone(lab: Lab) -> None:
    plan = lab.plan(strategy="fine_tuning", augment={"rotation": 90.0, "colour": 50.0})
    samples = plan.split.train

    def source() -> FileSource:
        return FileSource(plan, samples, Memory(), Losses(len(samples)))

    order = [3, 0, 2, 1, 4]
    whole = [b.inputs for b in source().batches(order, 2, epoch=1)]
    rest = [b.inputs for b in source().batches(order[2:], 2, epoch=1)]
    assert all(torch.equal(a, b) for a, b in zip(whole[1:], rest, strict=True))
    (other,) = source().batches(order, 5, epoch=2)
    assert not torch.equal(torch.cat(whole), other.inputs)
    (plain,) = source().batches([0], 1)
    assert plain.inputs.dtype == torch.float32
    assert 0 <= float(plain.inputs.min()) <= float(plain.inputs.max()) <= 1
