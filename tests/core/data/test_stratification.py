"""The split of label sets: a partition, stratified, stable; measured against the published one."""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transfergui.core.data.stratification import iterative_split, number_strata, one_hot

SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}
seeds = st.integers(-(2**63), 2**63 - 1)


def named(n: int) -> list[str]:
    return [f"{at:05}.jpg" for at in range(n)]


def drawn(n: int, labels: int, seed: int, without: float = 0.1) -> np.ndarray:
    """Labels that are common and rare, come together, and some samples without any."""
    rng = np.random.default_rng(seed)
    common = np.clip(rng.pareto(1.2, labels) * 0.05, 0.002, 0.6)
    together = np.exp(0.7 * rng.normal(size=(n, 1)) - 0.25)
    found = rng.random((n, labels)) < np.clip(common * together, 0, 0.95)
    found[rng.random(n) < without] = False
    return found


@st.composite
def label_sets(draw: st.DrawFn, fewest: int = 1, most: int = 120) -> np.ndarray:
    n, labels = draw(st.integers(fewest, most)), draw(st.integers(0, 10))
    return drawn(n, labels, draw(st.integers(0, 10_000)), draw(st.sampled_from([0.0, 0.1, 0.9])))


@st.composite
def any_shares(draw: st.DrawFn) -> dict[str, float]:
    val, test = draw(st.integers(0, 45)), draw(st.integers(0, 45))
    return {"train": 1 - (val + test) / 100, "val": val / 100, "test": test / 100}


def part_of(parts: dict[str, list[int]], n: int) -> np.ndarray:
    """The part of each sample [N]; fails where it is in none or in two."""
    found = np.full(n, -1)
    for part, members in enumerate(parts.values()):
        assert (found[members] == -1).all()
        found[members] = part
    assert (found >= 0).all()
    return found


# -- properties


@given(label_sets(), any_shares(), seeds)
def test_every_sample_is_in_one_part_and_shares_are_met(
    labels: np.ndarray, shares: dict[str, float], seed: int
) -> None:
    n = len(labels)
    parts = iterative_split(labels, named(n), shares, seed)
    part_of(parts, n)
    assert list(parts) == list(shares)
    for part, share in shares.items():
        assert abs(len(parts[part]) - n * share) <= 1
        assert parts[part] == sorted(parts[part])


@given(label_sets(fewest=60), seeds)
def test_each_label_has_about_its_share(labels: np.ndarray, seed: int) -> None:
    parts = iterative_split(labels, named(len(labels)), SHARES, seed)
    for label in labels.T:
        total = int(label.sum())
        for part, share in SHARES.items():
            assert abs(label[parts[part]].sum() - total * share) <= max(3, 0.1 * total)


@given(label_sets(fewest=60), seeds)
def test_each_label_is_trained_on(labels: np.ndarray, seed: int) -> None:
    parts = iterative_split(labels, named(len(labels)), SHARES, seed)
    present = labels.any(axis=0)
    assume((labels.sum(axis=1) != 0).mean() < 0.95)  # else sizes may need the last sample
    assert labels[parts["train"]].any(axis=0)[present].all()


@given(label_sets(fewest=5), seeds, st.data())
def test_groups_are_whole(labels: np.ndarray, seed: int, data: st.DataObject) -> None:
    n = len(labels)
    rng = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    numbers = rng.integers(0, data.draw(st.integers(1, n)), n)
    alone = rng.random(n) < data.draw(st.sampled_from([0.0, 0.5]))
    groups = [None if one else f"g{k}" for one, k in zip(alone, numbers, strict=True)]
    found = part_of(iterative_split(labels, named(n), SHARES, seed, groups), n)
    for group in {*groups} - {None}:
        assert len({found[at] for at in range(n) if groups[at] == group}) == 1


@settings(max_examples=30)
@given(label_sets(fewest=3), seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_samples_does_not_matter(labels: np.ndarray, seed: int, random) -> None:
    names = named(len(labels))
    groups = [None if at % 3 else f"g{at % 5}" for at in range(len(labels))]
    order = list(range(len(labels)))
    random.shuffle(order)
    first = iterative_split(labels, names, SHARES, seed, groups)
    second = iterative_split(
        labels[order], [names[at] for at in order], SHARES, seed, [groups[at] for at in order]
    )
    assert first == {part: sorted(order[at] for at in rows) for part, rows in second.items()}


# -- examples


def counts(labels: np.ndarray, parts: dict[str, list[int]]) -> list[list[int]]:
    """Samples of each label in each part."""
    return [[int(label[rows].sum()) for rows in parts.values()] for label in labels.T]


def test_one_class_per_sample_meets_every_share() -> None:
    labels = one_hot(np.repeat([0, 1, 2], [100, 40, 20]))
    parts = iterative_split(labels, named(160), SHARES, 0)
    assert counts(labels, parts) == [[70, 15, 15], [28, 6, 6], [14, 3, 3]]


def test_rare_labels_come_to_the_training_first() -> None:
    """One sample: training. Two: validation or test, by turns, has the other. Three: all parts."""
    labels = np.zeros((100, 5), dtype=bool)
    for label, rows in enumerate(([0], [1, 2], [3, 4], [5, 6, 7], range(8, 12))):
        labels[list(rows), label] = True
    found = counts(labels, iterative_split(labels, named(100), SHARES, 3))
    assert found == [[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1], [2, 1, 1]]


def test_a_label_whose_samples_others_sent_elsewhere_is_trained_on_too() -> None:
    """Three labels of two samples each, every sample with two: the turns of the first two labels
    may send both samples of the third to validation and test."""
    for seed in range(20):
        labels = np.zeros((60, 3), dtype=bool)
        labels[[0, 4], 0] = labels[[2, 4], 1] = labels[[0, 2], 2] = True
        parts = iterative_split(labels, named(60), SHARES, seed)
        assert labels[parts["train"]].any(axis=0).all()


def test_samples_without_labels_are_a_stratum() -> None:
    labels = np.zeros((200, 1), dtype=bool)
    labels[:100] = True
    parts = iterative_split(labels, named(200), SHARES, 0)
    assert counts(~labels, parts) == counts(labels, parts) == [[70, 15, 15]]


def test_no_labels_at_all() -> None:
    parts = iterative_split(np.zeros((20, 0)), named(20), SHARES, 0)
    assert [len(rows) for rows in parts.values()] == [14, 3, 3]
    assert iterative_split(np.zeros((0, 3)), [], SHARES, 0) == {"train": [], "val": [], "test": []}


def test_a_part_without_a_share_stays_empty() -> None:
    labels = drawn(50, 4, 0)
    parts = iterative_split(labels, named(50), {"train": 0.8, "val": 0.2, "test": 0}, 0)
    assert [len(rows) for rows in parts.values()] == [40, 10, 0]


def test_a_rare_label_is_in_every_part_that_has_a_share() -> None:
    labels = np.zeros((50, 1), dtype=bool)
    labels[:2] = True
    parts = iterative_split(labels, named(50), {"train": 0.9, "val": 0.1, "test": 0}, 0)
    assert counts(labels, parts) == [[1, 1, 0]]


def test_a_group_larger_than_its_share_is_better_than_none() -> None:
    """Two groups hold the label: the smaller one is for validation."""
    labels = np.zeros((100, 1), dtype=bool)
    labels[:50] = True
    groups = [*["large"] * 30, *["small"] * 20, *[None] * 50]
    parts = iterative_split(labels, named(100), {"train": 0.9, "val": 0.1}, 0, groups)
    assert counts(labels, parts) == [[30, 20]]


def test_groups_are_shared_out_by_size_and_label() -> None:
    """Twenty groups of ten, half of them with the label: within half a group."""
    labels = np.repeat(np.arange(20) % 2 == 0, 10)[:, None]
    groups = [f"g{at // 10}" for at in range(200)]
    for seed in range(5):
        parts = iterative_split(labels, named(200), SHARES, seed, groups)
        assert [len(rows) for rows in parts.values()] == [140, 30, 30]
        assert all(row >= 10 for row in counts(labels, parts)[0])


def test_group_and_sample_of_the_same_name_are_two() -> None:
    labels = np.zeros((20, 1))
    groups = ["b", *[None] * 19]
    names = ["a", "b", *named(18)]
    part_of(iterative_split(labels, names, SHARES, 0, groups), 20)


def test_seeds_differ_and_a_seed_stays() -> None:
    labels, names = drawn(200, 6, 0), named(200)
    first = iterative_split(labels, names, SHARES, 1)
    assert first == iterative_split(labels, names, SHARES, 1)
    assert first != iterative_split(labels, names, SHARES, 2)


PROGRAM = """
import numpy as np
from transfergui.core.data.stratification import iterative_split
labels = np.arange(60)[:, None] % np.array([2, 3, 7]) == 0
names = [f"{at}.jpg" for at in range(60)]
print(iterative_split(labels, names, {"train": .7, "val": .15, "test": .15}, 5)["test"])
"""


def test_a_split_is_the_same_in_every_process() -> None:
    """Whatever the hashes of the interpreter, and on every machine: the numbers stand here."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[0, 8, 17, 25, 34, 35, 37, 51, 58]"


# -- measured against the published algorithm


def published(labels: np.ndarray, shares: Sequence[float], seed: int) -> np.ndarray:
    """Algorithm 1 of Sechidis et al. 2011: samples are dealt out one by one."""
    rng = np.random.default_rng(seed)
    size = len(labels) * np.array(shares)
    wanted = labels.sum(axis=0)[None] * np.array(shares)[:, None]
    found = np.full(len(labels), -1)

    def give(at: int, desire: np.ndarray) -> None:
        best = np.flatnonzero(desire == desire.max())
        best = best[size[best] == size[best].max()]
        found[at] = part = rng.choice(best)
        size[part] -= 1
        wanted[part] -= labels[at]

    while (left := labels[found < 0].sum(axis=0)).any():
        label = np.where(left > 0, left, left.max() + 1).argmin()
        for at in np.flatnonzero((found < 0) & labels[:, label]):
            give(at, wanted[:, label])
    for at in np.flatnonzero(found < 0):
        give(at, size)
    return found


def ours(labels: np.ndarray, names: Sequence[str], seed: int) -> np.ndarray:
    return part_of(iterative_split(labels, names, SHARES, seed), len(labels))


def deviation(labels: np.ndarray, found: np.ndarray) -> float:
    """By how many samples the parts differ from the share of a label, on average."""
    held = np.stack([labels[found == part].sum(axis=0) for part in range(3)])
    wanted = labels.sum(axis=0)[None] * np.array([*SHARES.values()])[:, None]
    return float(np.abs(held - wanted).mean())


def test_labels_are_divided_about_as_well_as_by_the_published_algorithm() -> None:
    """Measured 0.39 samples beside 0.26; at random it is 1.7."""
    ours_, published_, random_ = [], [], []
    for seed in range(4):
        labels, rng = drawn(500, 15, seed), np.random.default_rng(seed)
        ours_.append(deviation(labels, ours(labels, named(500), seed)))
        published_.append(deviation(labels, published(labels, [*SHARES.values()], seed)))
        random_.append(deviation(labels, rng.choice(3, 500, p=[*SHARES.values()])))
    assert np.mean(ours_) < np.mean(published_) + 0.25
    assert np.mean(ours_) < np.mean(random_) / 3


def test_few_others_move_when_a_sample_is_left_out_or_relabelled() -> None:
    """Measured 2 of 500, at most 10; of the published algorithm, whose random numbers shift, 72."""
    left_out, relabelled, published_ = [], [], []
    for seed in range(6):
        labels, names, rng = drawn(500, 15, seed), named(500), np.random.default_rng(seed)
        first = ours(labels, names, seed)
        for at in rng.integers(0, 500, 4).tolist():
            kept = np.delete(np.arange(500), at)
            again = ours(labels[kept], [names[k] for k in kept], seed)
            left_out.append(int((again != first[kept]).sum()))
            changed = labels.copy()
            changed[at, seed] = ~changed[at, seed]
            relabelled.append(int((ours(changed, names, seed) != first).sum()))
        other = published(labels, [*SHARES.values()], seed)
        published_.append(int((published(labels[1:], [*SHARES.values()], seed) != other[1:]).sum()))
    assert np.mean(left_out) < 6
    assert np.mean(relabelled) < 12
    assert np.mean(left_out) < np.mean(published_) / 5


# -- numbers


def test_strata_are_quantiles() -> None:
    values = [30.0, 10.0, 20.0, 60.0, 50.0, 40.0]
    assert number_strata(values, 3).tolist() == [1, 0, 0, 2, 2, 1]
    assert number_strata(values, 1).tolist() == [0] * 6


@given(st.lists(st.integers(-5, 5), max_size=40), st.integers(1, 8))
def test_strata_rise_with_the_numbers_and_keep_equal_ones_together(
    values: list[int], n: int
) -> None:
    found = number_strata(values, n)
    assert len(found) == len(values)
    assert set(found.tolist()) == set(range(len(set(found.tolist()))))
    assert len(set(found.tolist())) <= n
    for value, stratum in zip(values, found, strict=True):
        for other, its in zip(values, found, strict=True):
            assert value >= other or stratum <= its
            assert value != other or stratum == its


@given(st.integers(1, 200), st.integers(1, 12), st.integers(0, 1000))
def test_strata_of_different_numbers_are_equally_large(n: int, wanted: int, seed: int) -> None:
    values = np.random.default_rng(seed).permutation(n) * 1.5
    sizes = np.bincount(number_strata(values, wanted))
    assert len(sizes) == min(n, wanted)
    assert sizes.max() - sizes.min() <= 1


def test_numbers_are_divided_alike() -> None:
    rng = np.random.default_rng(0)
    values = rng.lognormal(size=400)
    parts = iterative_split(one_hot(number_strata(values, 10)), named(400), SHARES, 0)
    medians = [np.median(values[rows]) for rows in parts.values()]
    assert medians == pytest.approx([np.median(values)] * 3, rel=0.15)


def test_one_hot_of_questions() -> None:
    found = one_hot(np.array([[0, 1], [-1, 0], [2, -1]]))
    assert found.astype(int).tolist() == [[1, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0]]
    assert one_hot(np.array([1, 0])).tolist() == [[False, True], [True, False]]
    assert one_hot(np.zeros((3, 0), dtype=int)).shape == (3, 0)


# -- refused


@pytest.mark.parametrize(
    "changes",
    [
        {"names": ["a", "b"]},
        {"names": ["a", "b", "a"]},
        {"groups": ["g"]},
        {"labels": np.zeros(3)},
        {"shares": {"train": 0.5, "val": 0.4}},
        {"shares": {"train": 1.2, "val": -0.2}},
        {"shares": {"val": 1.0}},
        {"shares": {"train": 0.0, "val": 1.0}},
    ],
)
def test_what_does_not_fit_is_refused(changes) -> None:
    given_ = {"labels": np.zeros((3, 2)), "names": ["a", "b", "c"], "shares": SHARES, "seed": 0}
    with pytest.raises(ValueError, match=r"labels|names|groups|shares"):
        iterative_split(**given_ | changes)


@pytest.mark.parametrize(("values", "n"), [([float("nan")], 2), ([1.0], 0), ([[1.0]], 2)])
def test_numbers_that_do_not_fit_are_refused(values, n: int) -> None:
    with pytest.raises(ValueError, match="finite"):
        number_strata(values, n)
