"""The cache of features: shared, bounded, safe against kills and against two programs."""

import os
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import plan
from transfergui.core.dataset import Sample
from transfergui.core.training import features
from transfergui.core.training.features import FeatureSource, FeatureStore
from transfergui.core.training.loaders import Losses
from transfergui.core.training.precision import EXACT, Way


def rows(count: int, start: int = 0) -> tuple[list[str], np.ndarray]:
    keys = [f"key{start + i}" for i in range(count)]
    return keys, np.arange(count * 3, dtype=np.float32).reshape(count, 3) + start


def test_what_is_added_is_found_by_another_program(tmp_path: Path) -> None:
    first, second = FeatureStore(tmp_path, 3), FeatureStore(tmp_path, 3)
    first.add(*rows(4))
    second.add(*rows(4, start=10))
    both = FeatureStore(tmp_path, 3)
    np.testing.assert_array_equal(both.rows(["key11", "key2"])[0], rows(4, 10)[1][1])
    np.testing.assert_array_equal(both.rows(["key11", "key2"])[1], rows(4)[1][2])
    assert "key4" not in both


def test_rows_without_their_index_do_not_count(tmp_path: Path) -> None:
    """Killed between the two files of a shard."""
    FeatureStore(tmp_path, 3).add(*rows(4))
    next(tmp_path.glob("*.json")).unlink()
    assert "key0" not in FeatureStore(tmp_path, 3)


@pytest.mark.parametrize("damage", [b"", b"[", b'["a", "b"]'])
def test_a_damaged_shard_is_dropped(tmp_path: Path, damage: bytes) -> None:
    FeatureStore(tmp_path, 3).add(*rows(4))
    next(tmp_path.glob("*.json")).write_bytes(damage)
    assert "key0" not in FeatureStore(tmp_path, 3)
    assert not list(tmp_path.iterdir())


def test_cut_off_rows_are_dropped(tmp_path: Path) -> None:
    FeatureStore(tmp_path, 3).add(*rows(4))
    path = next(tmp_path.glob("*.npy"))
    os.truncate(path, path.stat().st_size - 5)
    assert "key0" not in FeatureStore(tmp_path, 3)


def test_the_longest_unused_store_goes_first(tmp_path: Path) -> None:
    for number, name in enumerate(("old", "new", "current")):
        FeatureStore(tmp_path / name, 3).add(*rows(100))
        os.utime(tmp_path / name, (number, number))
    one = sum(p.stat().st_size for p in (tmp_path / "new").iterdir())
    features.prune(tmp_path, limit=2 * one, keep=tmp_path / "current")
    assert {p.name for p in tmp_path.iterdir()} == {"new", "current"}
    features.prune(tmp_path, limit=0, keep=tmp_path / "current")
    assert {p.name for p in tmp_path.iterdir()} == {"current"}


def test_other_settings_have_another_store(lab: Lab) -> None:
    weights = lab.weights / f"{BACKBONE}.pth"
    stores = {
        features.open_store(lab.plan(**settings), weights, way).folder
        for settings, way in (
            ({}, EXACT),
            ({"input": {"size": 48, "resize": 48}}, EXACT),
            ({"input": {"size": 32, "resize": 32, "fit": "pad"}}, EXACT),
            ({}, Way("bfloat16")),
            ({"run__seed": 3, "optim__lr": 0.5}, EXACT),
        )
    }
    assert len(stores) == 4  # neither the seed nor the rate changes a feature


def source(versions: int = 3, count: int = 6) -> FeatureSource:
    table = np.arange(versions * count, dtype=np.float32).reshape(versions, count, 1)
    samples = [Sample(f"{i}.png", i % 2) for i in range(count)]
    return FeatureSource(table, samples, seed=0)


def test_without_an_epoch_features_are_the_plain_ones() -> None:
    batches = list(source().batches([4, 1, 3], 2))
    assert [b.rows for b in batches] == [[4, 1], [3]]
    assert [b.inputs.flatten().tolist() for b in batches] == [[4.0, 1.0], [3.0]]
    assert [b.targets.tolist() for b in batches] == [[0, 1], [1]]


def test_versions_depend_on_epoch_and_row_alone() -> None:
    """A training resumed amid an epoch draws the versions that it would have drawn."""
    order = [5, 0, 3, 1, 4, 2]
    whole = [b.inputs.tolist() for b in source().batches(order, 2, epoch=7)]
    rest = [b.inputs.tolist() for b in source().batches(order[2:], 2, epoch=7)]
    assert whole[1:] == rest
    other = [b.inputs.tolist() for b in source().batches(order, 2, epoch=8)]
    assert whole != other


def test_copies_of_what_cannot_be_read_are_all_left_out(lab: Lab, tmp_path: Path) -> None:
    """The cache knows samples by their bytes: one failure speaks for every copy."""
    made = lab.plan()
    samples = made.split.train[:6]
    for sample in samples:
        (tmp_path / sample.path).parent.mkdir(exist_ok=True)
        shutil.copy(lab.pictures / sample.path, tmp_path / sample.path)
    for copy in (samples[1], samples[4]):
        (tmp_path / copy.path).write_bytes(b"<html>")
    moved = plan.resolve(made.recipe, msgspec.structs.replace(made.split, root=str(tmp_path)))
    losses = Losses(total=100)
    store = features.open_store(moved, lab.weights / f"{BACKBONE}.pth")
    work = features.FeaturePass(moved, samples, store, losses)
    missing = work.find_missing()
    assert len(missing) == 5  # the copy need not be tried
    for items, inputs in work.batches(missing):
        work.keep(items, np.zeros((len(inputs), made.backbone.features), np.float32))
    good = [sample.path for sample in samples if sample not in (samples[1], samples[4])]
    assert work.source().paths == good
    assert set(losses.paths) == {samples[1].path, samples[4].path}
