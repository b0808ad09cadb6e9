"""The cache of features: shared, bounded, safe against kills and against two programs."""

import contextlib
import errno
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import resolve as plan
from transfergui.core.base import files, memory, paths
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Sample
from transfergui.core.training import feature_pass, features
from transfergui.core.training.features import FeatureSource, FeatureStore
from transfergui.core.training.loaders import UnreadableFiles
from transfergui.core.training.precision import EXACT, ComputeMode


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


def damage_rows(change: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: change(next(folder.glob("*.npy")))


def damage_index(change: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: change(next(folder.glob("*.json")))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-6] ^= 0x40
    path.write_bytes(data)


def infinite(folder: Path) -> None:
    """Rows that are as they were written, with their checksum, but no features."""
    path = next(folder.glob("*.npy"))
    np.save(path, np.full((4, 3), np.inf, np.float32))
    keys = tuple(rows(4)[0])
    index = features.Index(keys, features._digest(path, keys))
    path.with_suffix(".json").write_bytes(msgspec.json.encode(index))


def folder_instead(path: Path) -> None:
    path.unlink()
    (path / "within").mkdir(parents=True)


def pipe_instead(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


ON_A_FILE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "garbage": lambda path: path.write_bytes(os.urandom(1000)),
    "flipped": flip,
    "type": lambda path: np.save(path.open("wb"), np.zeros((4, 3), np.float64)),
    "objects": lambda path: np.save(path.open("wb"), np.array([{}, ()], object)),
    "zip": lambda path: np.savez(path.open("wb"), np.zeros((4, 3), np.float32)),
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "other": lambda path: path.write_bytes(b'{"keys": 3, "digest": "x"}'),
    "folder": folder_instead,
    "pipe": pipe_instead,
}
DAMAGE = {
    **{f"rows {name}": damage_rows(change) for name, change in ON_A_FILE.items()},
    **{f"index {name}": damage_index(change) for name, change in ON_A_FILE.items()},
    "infinite": infinite,
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_thrown_away_with_a_note(tmp_path: Path, damage: str) -> None:
    first = FeatureStore(tmp_path, 3)
    first.add(*rows(4))
    first.add(*rows(4, start=10))
    other = {path.name for path in tmp_path.iterdir()}
    for path in sorted(tmp_path.glob("*"))[2:]:
        path.rename(tmp_path.parent / path.name)
    DAMAGE[damage](tmp_path)
    for name in other - {path.name for path in tmp_path.iterdir()}:
        (tmp_path.parent / name).rename(tmp_path / name)
    again = FeatureStore(tmp_path, 3)
    assert ("key0" in again, "key10" in again) in ((True, False), (False, True))
    damaged = Note("cache.damaged", {"path": str(tmp_path), "count": 1}, "warning")
    assert list(again.notes.values()) == [damaged]
    again.notes.clear()
    again.add(*rows(4))
    again.add(*rows(4, start=10))
    whole = FeatureStore(tmp_path, 3)
    np.testing.assert_array_equal(whole.rows(rows(4)[0]), rows(4)[1])
    assert whole.notes == {}


def no_space(*args: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["write_atomic", "write_atomic_with", "digest"])
def test_without_a_disk_features_are_kept_in_memory(
    tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FeatureStore(tmp_path / "store", 3)
    monkeypatch.setattr(files, call, no_space)
    store.add(*rows(4))
    store.add(*rows(4, start=10))
    np.testing.assert_array_equal(store.rows(["key12", "key1"])[1], rows(4)[1][1])
    found = {"path": str(tmp_path), "reason": "No space left on device"}
    assert list(store.notes.values()) == [Note("cache.not_written", found, "warning")]
    assert "key0" not in FeatureStore(tmp_path / "store", 3)


def test_features_that_do_not_fit_into_memory_lie_in_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notes: features.Notes = {}
    assert not isinstance(features.held((2, 5, 3), notes), np.memmap)
    assert notes == {}
    monkeypatch.setattr(memory, "available", lambda: 200)
    large = features.held((2, 5, 3), notes)
    assert isinstance(large, np.memmap)
    assert (large.shape, large.dtype) == ((2, 5, 3), np.float32)
    large[:] = 7
    code, values = "memory.features_on_disk", {"needed": "0.00", "free": "0.00"}
    assert notes == {code: Note(code, values, "warning")}
    assert list((paths.cache_dir() / "temporary").iterdir()) == []
    monkeypatch.setattr(features, "SPARE", 2**60)  # the disk has no room either
    assert not isinstance(features.held((2, 5, 3), {}), np.memmap)


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    store = FeatureStore(tmp_path / "file" / "store", 3)
    store.add(*rows(4))
    assert "key3" in store
    assert store.notes["cache.not_written"].values["reason"] == "Not a directory"


def test_features_that_are_not_finite_stay_off_the_disk(tmp_path: Path) -> None:
    keys, values = rows(4)
    values[2, 1] = np.nan
    store = FeatureStore(tmp_path, 3)
    store.add(keys, values)
    np.testing.assert_array_equal(store.rows(keys), values)
    again = FeatureStore(tmp_path, 3)
    assert [key in again for key in keys] == [True, True, False, True]
    assert again.notes == {}


@pytest.mark.parametrize("place", ["features", "store"])
def test_a_file_in_place_of_the_cache_makes_way(lab: Lab, place: str) -> None:
    weights = lab.weights / f"{BACKBONE}.pth"
    folder = features.open_store(lab.plan(), weights).folder
    where = folder if place == "store" else folder.parent
    shutil.rmtree(where)
    where.write_text("x")
    store = features.open_store(lab.plan(), weights)
    assert store.folder.is_dir()
    assert store.notes == {}


def test_pruning_beside_others_that_write_and_delete(tmp_path: Path) -> None:
    """A file is gone, or a folder, between being listed and being looked at."""
    busy = [tmp_path / str(number) for number in range(6)]
    ended = threading.Event()

    def come_and_go(folder: Path) -> None:
        while not ended.is_set():
            with contextlib.suppress(OSError):
                FeatureStore(folder, 3).add(*rows(20))
            shutil.rmtree(folder, ignore_errors=True)

    with ThreadPoolExecutor(len(busy)) as pool:
        running = [pool.submit(come_and_go, folder) for folder in busy]
        try:
            for _ in range(300):
                features.prune(tmp_path, 500, keep=tmp_path / "own")
        finally:
            ended.set()
    assert [each.result() for each in running] == [None] * len(busy)
    features.prune(tmp_path / "absent", 0, keep=tmp_path)


def test_a_store_that_is_pruned_while_it_is_used_keeps_its_rows(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path / "store", 3)
    store.add(*rows(4))
    features.prune(tmp_path, 0, keep=tmp_path / "another")
    store.add(*rows(4, start=10))
    np.testing.assert_array_equal(store.rows(["key1", "key11"])[0], rows(4)[1][1])


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
            ({}, ComputeMode("bfloat16")),
            ({"run__seed": 3, "optim__lr": 0.5}, EXACT),
        )
    }
    assert len(stores) == 4  # neither the seed nor the rate changes a feature


def source(versions: int = 3, count: int = 6) -> FeatureSource:
    table = np.arange(versions * count, dtype=np.float32).reshape(versions, count, 1)
    samples = [Sample(f"{i}.png", i % 2) for i in range(count)]
    wanted = torch.tensor([sample.label for sample in samples])
    return FeatureSource(table, samples, wanted, seed=0)


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
    losses = UnreadableFiles(total=100)
    store = features.open_store(moved, lab.weights / f"{BACKBONE}.pth")
    work = feature_pass.FeaturePass(moved, samples, store, losses)
    missing = work.find_missing()
    assert len(missing) == 5  # the copy need not be tried
    for items, inputs in work.batches(missing):
        work.keep(items, torch.zeros(len(inputs), made.backbone.features))
    good = [sample.path for sample in samples if sample not in (samples[1], samples[4])]
    assert work.source().paths == good
    assert set(losses.paths) == {samples[1].path, samples[4].path}
