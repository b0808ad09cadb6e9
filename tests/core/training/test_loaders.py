"""Order, memory and losses of samples."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from tests.core.training.conftest import Lab
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import THREADS
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.training import loaders
from transfergui.core.training.loaders import (
    Batch,
    FileSource,
    UnreadableFiles,
    training_order,
)
from transfergui.core.training.sample_cache import SampleCache


def test_an_epoch_sees_every_sample_once_in_another_order() -> None:
    first, second = (training_order([0, 1] * 20, 5, epoch, False) for epoch in (0, 1))
    assert sorted(first) == sorted(second) == list(range(40))
    assert first != second
    assert first == training_order([0, 1] * 20, 5, 0, False)


def test_balanced_sampling_shows_rare_classes_as_often() -> None:
    labels = [0] * 950 + [1] * 50
    drawn = Counter(labels[row] for row in training_order(labels, 0, 0, True))
    assert 400 < drawn[1] < 600


def test_one_lost_sample_is_borne_more_are_not() -> None:
    losses = UnreadableFiles(total=40)
    error = UserError("input.vanished", path="x")
    losses.add("a", error)
    losses.add("a", error)
    losses.add("b", error)
    with pytest.raises(UserError) as caught:
        losses.add("c", error)
    assert caught.value.code == "data.vanished"
    assert caught.value.note.values == {"count": 3, "total": 40, "path": "c"}


def test_half_of_a_set_is_borne_more_is_not(lab: Lab) -> None:
    split = lab.plan().split
    sets = {"train": split.train, "val": split.val[:2], "test": split.test[:3]}
    losses = UnreadableFiles(1000, msgspec.structs.replace(split, **sets))
    error = UserError("input.vanished", path="x")
    for sample in (sets["val"][0], sets["val"][0], sets["test"][0]):
        losses.add(sample.path, error)
    with pytest.raises(UserError) as caught:
        losses.add(sets["val"][1].path, error)
    assert caught.value.code == "data.vanished_val"
    assert caught.value.note.values == {"lost": 2, "total": 2, "path": sets["val"][1].path}


def test_augmentation_depends_on_epoch_and_row_alone(lab: Lab) -> None:
    plan = lab.plan(strategy="fine_tuning", augment={"rotation": 90.0, "colour": 50.0})
    samples = plan.split.train

    def source() -> FileSource:
        return FileSource(plan, samples, SampleCache(), UnreadableFiles(len(samples)))

    order = [3, 0, 2, 1, 4]
    whole = [b.inputs for b in source().batches(order, 2, epoch=1)]
    rest = [b.inputs for b in source().batches(order[2:], 2, epoch=1)]
    assert all(torch.equal(a, b) for a, b in zip(whole[1:], rest, strict=True))
    (other,) = source().batches(order, 5, epoch=2)
    assert not torch.equal(torch.cat(whole), other.inputs)
    (plain,) = source().batches([0], 1)
    assert plain.inputs.dtype == torch.float32
    assert 0 <= float(plain.inputs.min()) <= float(plain.inputs.max()) <= 1


def test_batches_are_the_same_augmented_as_a_whole(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a CUDA device; with a file that is gone, and a row that comes twice."""
    plan = lab.plan(strategy="fine_tuning", augment={"rotation": 90.0, "colour": 50.0})
    samples = list(plan.split.train)
    samples[3] = msgspec.structs.replace(samples[3], path="gone.png")
    sizes: list[int] = []
    augment = type(plan.modality).augment

    def counted(modality: object, loaded: list[torch.Tensor], *rest: Any) -> torch.Tensor:
        sizes.append(len(loaded))
        return augment(modality, loaded, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(plan.modality), "augment", counted)
    order = [3, 0, 2, 1, 4, 5, 6, 0, 7, 8, 9]

    def batches(whole: bool) -> list[Batch]:
        sizes.clear()
        source = FileSource(plan, samples, SampleCache(), UnreadableFiles(len(samples)))
        source._whole = whole
        return list(source.batches(order, 8, epoch=1))

    in_parts = batches(False)
    assert max(sizes) <= 8 // THREADS
    together = batches(True)
    assert sizes == [7, 3]
    assert [batch.rows for batch in together] == [[0, 2, 1, 4, 5, 6, 0], [7, 8, 9]]
    for one, other in zip(in_parts, together, strict=True):
        assert one.rows == other.rows
        assert torch.equal(one.targets, other.targets)
        torch.testing.assert_close(one.inputs, other.inputs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("epoch", [None, 1])
@pytest.mark.parametrize("whole", [False, True])
def test_what_cannot_be_read_is_left_out(lab: Lab, epoch: int | None, whole: bool) -> None:
    """Though a thread, or a whole batch, finds nothing else."""
    plan = lab.plan(strategy="fine_tuning", augment={"flip": True})
    gone = [msgspec.structs.replace(s, path=f"gone/{s.path}") for s in plan.split.train[:20]]
    losses = UnreadableFiles(total=1000)
    source = FileSource(plan, [*gone, *plan.split.train[:3]], SampleCache(), losses)
    source._whole = whole
    batches = list(source.batches([*range(8), *range(8, 15), 20, *range(15, 20), 21, 22], 8, epoch))
    assert [batch.rows for batch in batches] == [[20], [21, 22]]
    assert [len(batch.inputs) for batch in batches] == [1, 2]
    assert sorted(losses.paths) == sorted(sample.path for sample in gone)


def test_what_is_on_the_device_is_not_sent_again() -> None:
    meta = torch.device("meta")
    there = torch.zeros(2, 3, device=meta)
    batch = Batch(there, there, [0, 1], (there,))
    sent = loaders._sent(batch, meta)
    assert all(tensor is there for tensor in (sent.inputs, sent.targets, *sent.teacher_features))


def test_files_that_are_gone_are_counted_whether_they_were_opened_or_not(tmp_path: Path) -> None:
    samples = tuple(Sample(f"{n}.png", 0) for n in range(40))
    split = Split(
        str(tmp_path), "image", ("a",), samples[:30], samples[30:35], samples[35:], 0, "x"
    )
    losses = UnreadableFiles.of(split)
    with pytest.raises(UserError) as caught:
        for n in range(4):
            losses.add(f"{n}.png", UserError("input.vanished", path=f"{n}.png"))
    assert caught.value.note.values["count"] == 40
