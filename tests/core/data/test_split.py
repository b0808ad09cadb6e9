"""The split: a partition, stratified, reproducible, with groups on one side."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.data import presence
from transfergui.core.data import split as splits
from transfergui.core.data.dataset import Dataset, Sample, SplitName
from transfergui.core.data.group_split import shared_out
from transfergui.core.data.split import METHODS, Split, SplitOptions, split

PARTS = ("train", "val", "test")


def dataset(samples: list[Sample], classes: int) -> Dataset:
    names = tuple(f"class {label}" for label in range(classes))
    ordered = tuple(sorted(samples, key=lambda sample: sample.path))
    return Dataset(Path("/data"), Path("/data"), "image", names, ordered, noun="pictures")


def of_counts(*counts: int) -> Dataset:
    """So many samples of each class."""
    samples = [
        Sample(f"class {label}/{n}.jpg", label, size=n)
        for label, count in enumerate(counts)
        for n in range(count)
    ]
    return dataset(samples, len(counts))


def per_class(part: tuple[Sample, ...]) -> Counter[int]:
    return Counter(sample.label for sample in part)


def everything(made: Split) -> list[Sample]:
    return sorted(made.train + made.val + made.test, key=lambda sample: sample.path)


def straddling(made: Split) -> set[str]:
    """Groups that are in more than one part."""
    parts = [{s.group for s in getattr(made, name) if s.group} for name in PARTS]
    return {g for part in parts for g in part if g and sum(g in other for other in parts) > 1}


def paths(made: Split) -> dict[str, list[str]]:
    return {name: [s.path for s in getattr(made, name)] for name in PARTS}


# -- properties

counts = st.lists(st.integers(1, 60), min_size=2, max_size=8)
options = st.builds(SplitOptions, val_percent=st.integers(5, 45), test_percent=st.integers(5, 45))
seeds = st.integers(0, 2**31 - 1)


@st.composite
def grouped(draw: st.DrawFn) -> Dataset:
    """Samples of some classes, some of them in groups, which may span classes."""
    classes = draw(st.integers(2, 4))
    size = draw(st.integers(12, 80))
    seed = draw(st.integers(0, 10_000))
    share = draw(st.sampled_from([0.2, 0.6, 1.0]))
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, size)
    groups = rng.integers(0, max(2, size // 4), size)
    samples = [
        Sample(f"{n:03}.jpg", int(label), group=f"g{group}" if rng.random() < share else None)
        for n, (label, group) in enumerate(zip(labels, groups, strict=True))
    ]
    samples += [Sample(f"single {label}.jpg", label) for label in range(classes)]
    return dataset(samples, classes)


@given(counts, options, seeds)
def test_without_groups_every_share_is_met_within_one_sample(
    sizes: list[int], chosen: SplitOptions, seed: int
) -> None:
    data = of_counts(*sizes, 4)
    made = split(data, chosen, seed)
    assert everything(made) == list(data.samples)
    shares = {"val": chosen.val_percent, "test": chosen.test_percent}
    for label, size in enumerate([*sizes, 4]):
        held = {name: per_class(getattr(made, name))[label] for name in PARTS}
        assert held["train"] >= 1
        if size >= 3:
            assert all(held.values())
            assert all(abs(held[name] - size * share / 100) <= 1 for name, share in shares.items())
        else:
            assert held["train"] == 1


@given(grouped(), options, seeds)
def test_groups_never_straddle(data: Dataset, chosen: SplitOptions, seed: int) -> None:
    made = split(data, chosen, seed)
    assert everything(made) == list(data.samples)
    assert straddling(made) == set()
    assert set(per_class(made.train)) == set(range(len(data.classes)))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, *"abcdef"])), min_size=4),
    seeds,
)
def test_groups_straddle_only_where_that_is_said(
    drawn: list[tuple[int, str | None]], seed: int
) -> None:
    samples = [Sample(f"{n:03}.jpg", label, group=g) for n, (label, g) in enumerate(drawn)]
    data = dataset(samples, 3)
    try:
        made = split(data, SplitOptions(), seed)
    except UserError as error:
        assert error.code == "data.too_few"
        return
    assert everything(made) == list(data.samples)
    assert not straddling(made) or made.ungrouped is not None
    if made.ungrouped is not None:
        assert "too optimistic" in made.sentence()
        assert straddling(made)


@given(grouped(), seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_scan_does_not_matter(data: Dataset, seed: int, random: object) -> None:
    shuffled = list(data.samples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = msgspec.structs.replace(data, samples=tuple(shuffled))
    assert split(again, SplitOptions(), seed) == split(data, SplitOptions(), seed)


@given(st.integers(1, 2000), st.integers(5, 45), st.integers(5, 45))
def test_shares_add_up_and_leave_something(count: int, test: int, val: int) -> None:
    wanted = shared_out(count, {"test": test, "val": val})
    assert all(value >= 0 for value in wanted.values())
    assert sum(wanted.values()) <= count - 1
    if count >= 3:
        assert all(value >= 1 for value in wanted.values())


# -- seeds and machines


def test_the_seed_decides() -> None:
    data = of_counts(40, 40)
    first, again, other = (split(data, SplitOptions(), seed) for seed in (0, 0, 1))
    assert first == again
    assert {s.path for s in first.test} != {s.path for s in other.test}


def test_the_split_is_the_same_on_every_machine() -> None:
    """Written down once; a change here changes every user's results."""
    made = split(of_counts(8, 8), SplitOptions(), 3)
    assert paths(made)["test"] == ["class 0/3.jpg", "class 1/4.jpg"]
    assert paths(made)["val"] == ["class 0/0.jpg", "class 1/3.jpg"]


def parts_of(made: Split) -> dict[str, str]:
    return {sample.path: part for part in PARTS for sample in getattr(made, part)}


def moved(one: Split, other: Split) -> list[str]:
    """Samples of both that are not in the same part."""
    before, after = parts_of(one), parts_of(other)
    return [path for path in before if path in after and before[path] != after[path]]


@given(counts, seeds, st.data())
def test_a_correction_leaves_the_others_where_they_are(
    sizes: list[int], seed: int, draw: st.DataObject
) -> None:
    """But for the one that takes a place which becomes free, and the one that makes room."""
    data = of_counts(*(size + 4 for size in sizes))
    at = draw.draw(st.integers(0, len(data.samples) - 1))
    sample = data.samples[at]
    label = (sample.label + 1) % len(sizes)
    samples = [*data.samples[:at], msgspec.structs.replace(sample, label=label)]
    samples += data.samples[at + 1 :]
    relabelled = dataset(samples, len(sizes))
    excluded = dataset([s for s in data.samples if s is not sample], len(sizes))
    before = split(data, SplitOptions(), seed)
    assert len(moved(before, split(excluded, SplitOptions(), seed))) <= 3
    assert len(moved(before, split(relabelled, SplitOptions(), seed))) <= 6


def test_new_files_leave_the_others_where_they_are() -> None:
    """Of 800, a tenth more; by their place in a list, a third of them would change."""
    before = split(of_counts(200, 200, 200, 200), SplitOptions(), 0)
    after = split(of_counts(220, 220, 220, 220), SplitOptions(), 0)
    kept = {s.path for s in before.test} & {s.path for s in after.test}
    assert len(kept) >= 0.85 * len(before.test)
    assert len(moved(before, after)) <= 0.03 * 800


def test_a_class_does_not_depend_on_the_others() -> None:
    few, more = (split(of_counts(30, n), SplitOptions(), 0) for n in (30, 50))
    assert [s.path for s in few.test if s.label == 0] == [s.path for s in more.test if s.label == 0]


# -- sizes


def test_ordinary_shares() -> None:
    made = split(of_counts(100, 100), SplitOptions(), 0)
    assert made.sizes() == {"train": 140, "val": 30, "test": 30}
    assert made.method == "split.random"


def test_small_classes_keep_most_for_the_training() -> None:
    made = split(of_counts(10, 10), SplitOptions(), 0)
    assert made.sizes() == {"train": 14, "val": 2, "test": 4}


def test_one_sample_goes_to_training() -> None:
    made = split(of_counts(8, 1), SplitOptions(), 0)
    assert [per_class(getattr(made, name))[1] for name in PARTS] == [1, 0, 0]


def test_of_two_samples_one_is_learnt_and_validation_and_test_take_turns() -> None:
    made = split(of_counts(*[2] * 6), SplitOptions(), 0)
    assert made.sizes() == {"train": 6, "val": 3, "test": 3}
    assert set(per_class(made.train)) == set(range(6))


def test_ten_thousand_classes() -> None:
    made = split(of_counts(*[3] * 10_000), SplitOptions(), 0)
    assert made.sizes() == dict.fromkeys(PARTS, 10_000)


# -- groups


def test_large_groups_are_held_out_rather_than_nothing() -> None:
    samples = [Sample(f"{g} {n}", label=0, group=f"g{g}") for g in range(3) for n in range(20)]
    samples += [Sample(f"other {n}", label=1) for n in range(60)]
    made = split(dataset(samples, 2), SplitOptions(), 0)
    assert [per_class(getattr(made, name))[0] for name in PARTS] == [20, 20, 20]


def test_a_class_of_one_group_goes_to_training() -> None:
    samples = [Sample(f"a{n}", label=0, group="g") for n in range(20)]
    samples += [Sample(f"b{n}", label=1 + n % 2) for n in range(40)]
    made = split(dataset(samples, 3), SplitOptions(), 0)
    assert per_class(made.train)[0] == 20
    assert made.ungrouped is None


def test_groups_that_span_classes_keep_the_shares() -> None:
    """Patients with pictures of both classes."""
    samples = [
        Sample(f"{patient} {n}", label=n % 2, group=f"patient {patient}")
        for patient in range(60)
        for n in range(4)
    ]
    made = split(dataset(samples, 2), SplitOptions(), 0)
    assert straddling(made) == set()
    assert made.sizes() == {"train": 168, "val": 36, "test": 36}


def in_groups(group: Callable[[int, int], str | None], count: int = 80) -> Dataset:
    """Two classes by turns; ``group`` tells the group of a sample by its number and its label."""
    samples = [Sample(f"{n}.jpg", n % 2, group=group(n, n % 2)) for n in range(count)]
    return dataset(samples, 2)


@pytest.mark.parametrize(
    ("group", "code", "words"),
    [
        (lambda n, label: "camera1", "split.one_group", "one group (camera1)"),
        (lambda n, label: f"day{label}", "split.group_per_class", "(day0, day1)"),
        (lambda n, label: "g" if label else None, "split.class_of_one_group", "“class 1”"),
        (lambda n, label: f"{label}.jpg", "split.copies", "“class 0”, “class 1” are copies"),
        (lambda n, label: "1.jpg" if label else None, "split.copies", "“class 1” are copies"),
    ],
)
def test_groups_that_leave_nothing_to_test_on_are_divided_and_that_is_said(
    group: Callable[[int, int], str | None], code: str, words: str
) -> None:
    data = in_groups(group)
    made = split(data, SplitOptions(), 0)
    assert made.sizes() == {"train": 56, "val": 12, "test": 12}
    assert per_class(made.test) == {0: 6, 1: 6}
    assert everything(made) == list(data.samples)  # with their groups
    assert made.ungrouped is not None and made.ungrouped.code == code
    assert words in made.sentence()
    assert "too optimistic" in made.sentence()
    assert made.grouped_by is None


@pytest.mark.parametrize(
    "group", [lambda n, label: f"c{n // 2 % 2}", lambda n, label: f"{label}{n // 2 % 2}"]
)
def test_of_two_groups_the_result_is_measured_on_one_that_was_not_learnt(
    group: Callable[[int, int], str],
) -> None:
    """Validation measures it: a test beside it would lack one class."""
    made = split(in_groups(group), SplitOptions(), 0)
    assert made.sizes() == {"train": 40, "val": 40, "test": 0}
    assert per_class(made.val) == {0: 20, 1: 20}
    assert straddling(made) == set()
    assert made.ungrouped is None


def test_few_samples_are_no_fault_of_the_groups() -> None:
    samples = [Sample(f"a{n}", 0) for n in range(2)]
    samples += [Sample(f"b{n}", 1, group="g" if n < 2 else None) for n in range(40)]
    made = split(dataset(samples, 2), SplitOptions(), 0)
    assert straddling(made) == set()
    assert made.ungrouped is None


# -- what the user divided


def marked(**counts: int) -> Dataset:
    """Two classes; so many samples of each are marked, ``none`` not."""
    samples = []
    for name, count in counts.items():
        mark: SplitName | None = None if name == "none" else name  # type: ignore[assignment]
        samples += [
            Sample(f"{name}/{label}/{n}", label, split=mark)
            for label in (0, 1)
            for n in range(count)
        ]
    return dataset(samples, 2)


@pytest.mark.parametrize(
    ("counts", "sizes", "method"),
    [
        ({"train": 5, "val": 3, "test": 2}, (10, 6, 4), "split.folders"),
        ({"train": 5, "none": 1, "val": 3, "test": 2}, (12, 6, 4), "split.folders"),
        ({"train": 20, "test": 4}, (34, 6, 8), "split.val_from_train"),
        ({"none": 20, "test": 4}, (34, 6, 8), "split.val_from_train"),
        ({"train": 20, "val": 4}, (34, 8, 6), "split.test_from_train"),
        ({"train": 20}, (28, 6, 6), "split.random"),
    ],
)
def test_folders_are_kept(counts: dict[str, int], sizes: tuple[int, int, int], method: str) -> None:
    data = marked(**counts)
    made = split(data, SplitOptions(), 0)
    assert tuple(made.sizes().values()) == sizes
    assert made.method == method
    for name in ("val", "test"):
        kept = {s.path for s in data.samples if s.split == name}
        assert kept <= {s.path for s in getattr(made, name)}
    assert made.fingerprint == data.fingerprint


def test_every_method_is_a_sentence() -> None:
    assert all(Note(method).sentence() for method in METHODS.values())


# -- refusals


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ((1,), "data.too_few"),
        ((8,), "data.one_class"),
        ((1, 1), "data.too_few"),
        ((1, 2), "data.too_few"),
        ((1, 1, 1, 1, 1), "data.too_few"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(counts: tuple[int, ...], code: str) -> None:
    with pytest.raises(UserError) as caught:
        split(of_counts(*counts), SplitOptions(), 0)
    assert caught.value.code == code
    assert "pictures" in str(caught.value)


@pytest.mark.parametrize("name", ["val", "test"])
def test_nothing_to_train_on_is_the_reason_that_is_said(name: str) -> None:
    with pytest.raises(UserError) as caught:
        split(marked(**{name: 40}), SplitOptions(), 0)
    assert caught.value.code == "data.nothing_to_train"
    assert "All 80 pictures in /data are marked as validation or test data" in str(caught.value)


def test_nothing_at_all_is_too_few() -> None:
    with pytest.raises(UserError) as caught:
        split(dataset([], 0), SplitOptions(), 0)
    assert caught.value.code == "data.too_few"


def test_the_smallest_that_is_accepted() -> None:
    assert split(of_counts(2, 2), SplitOptions(), 0).sizes() == {"train": 2, "val": 1, "test": 1}
    assert split(of_counts(3, 1), SplitOptions(), 0).sizes() == {"train": 2, "val": 1, "test": 1}


# -- on the disk


def test_a_split_is_the_same_when_read_again(tmp_path: Path) -> None:
    samples = [Sample(f"caf\udce9\n{n}", n % 2, n, group="g" if n < 2 else None) for n in range(9)]
    made = split(dataset(samples, 2), SplitOptions(), 5)
    made.save(tmp_path / "split.json")
    assert splits.load(tmp_path / "split.json") == made


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"root": 3}'])
def test_a_damaged_split_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "split.json").write_text(text)
    with pytest.raises(UserError) as caught:
        splits.load(tmp_path / "split.json")
    assert caught.value.code == "run.damaged"


def test_compare_tells_what_is_gone_and_what_changed(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.jpg").write_bytes(b"x" * 3)
    samples = [Sample(f"{n}.jpg", n % 2, size=3) for n in range(8)]
    data = msgspec.structs.replace(dataset(samples, 2), root=tmp_path)
    made = split(data, SplitOptions(), 0)
    assert presence.compare(made) == (made, [], [])
    (tmp_path / "3.jpg").unlink()
    (tmp_path / "5.jpg").write_bytes(b"longer")
    left, gone, changed = presence.compare(made)
    assert (gone, changed) == (["3.jpg"], ["5.jpg"])
    assert {s.path: s.size for s in everything(left)}["5.jpg"] == 6
    assert len(everything(left)) == 7


@pytest.mark.parametrize(
    ("choices", "chosen", "grouped_by"),
    [
        ({}, {}, None),
        ({"": "Nothing"}, {"group_by": ""}, None),
        ({"": "Nothing", "name:2": "george, jackson"}, {"group_by": ""}, ""),
        ({"": "Nothing", "name:1": "00, 01, 02"}, {"group_by": ""}, None),
        ({"": "Nothing", "name:1": "00, 01, 02"}, {"group_by": "name:1"}, "00, 01, 02"),
        ({"": "Nothing", "name:2": "george, jackson"}, {"group_by": "name:2"}, "george, jackson"),
        ({}, {"group_by": "folder"}, "folder"),
    ],
)
def test_a_split_knows_what_was_kept_together(
    choices: dict[str, str], chosen: dict[str, str], grouped_by: str | None
) -> None:
    data = msgspec.structs.replace(of_counts(9, 9), chosen=chosen, choices={"group_by": choices})
    assert split(data, SplitOptions(), 0).grouped_by == grouped_by


def test_what_the_user_divided_is_not_called_random() -> None:
    offered = {"group_by": {"name:2": "george, jackson"}}
    data = msgspec.structs.replace(marked(train=9, val=9, test=9), choices=offered)
    assert split(data, SplitOptions(), 0).grouped_by is None


def test_groups_larger_than_the_shares_leave_a_test() -> None:
    """The group that the test took was given to the validation, and the test was empty."""
    samples = [
        Sample(f"{label}/{group}/{n}.jpg", label, group=f"{label} {group}")
        for label in range(2)
        for group in range(6)
        for n in range(6)
    ]
    assert split(dataset(samples, 2), SplitOptions(), 0).sizes() == {
        "train": 48,
        "val": 12,
        "test": 12,
    }


def test_nothing_left_for_the_test_is_said() -> None:
    samples = [
        Sample(f"{label}/{group}/{n}.jpg", label, group=f"{group}")
        for label in range(2)
        for group in range(2)
        for n in range(6)
    ]
    made = split(dataset(samples, 2), SplitOptions(), 0)
    assert not made.test
    assert Note("split.no_test").sentence() in made.sentence()
    assert (
        Note("split.no_test").sentence() not in split(of_counts(9, 9), SplitOptions(), 0).sentence()
    )


def test_classes_that_are_not_in_the_test_are_named(tmp_path: Path) -> None:
    samples = [Sample(f"{n}.jpg", 0, 1, f"day {n % 5}") for n in range(20)]
    samples += [Sample(f"late {n}.jpg", 1, 1, "day 9") for n in range(4)]
    samples += [Sample(f"other {n}.jpg", 1, 1, "day 8") for n in range(4)]
    parts = {"train": samples[:12] + samples[20:], "test": samples[12:20]}
    made = Split("/", "image", ("a", "b"), tuple(parts["train"]), (), tuple(parts["test"]), 0,
                 "split.random")  # fmt: skip
    assert made.sentence().endswith(
        "The test set contains no examples of “b”, so it is unknown how well such examples are "
        "recognised. Add examples: each class needs at least 3 (from at least 3 groups, where "
        "examples are grouped)."
    )
    own = msgspec.structs.replace(made, method="split.folders")
    assert "Your test data contain no examples of “b”" in own.sentence()
    whole = Split("/", "image", ("a", "b"), tuple(samples), (), tuple(samples), 0, "split.random")
    assert "no examples of" not in whole.sentence()


# -- classes with too few examples


def shortages(made: Split) -> dict[str, tuple[str, int]]:
    """The classes that are named, and how many are counted, by code."""
    found = list(made.shortages("pictures"))
    assert all(note.is_known for note in found)
    return {note.code: (note.values["classes"], note.values["count"]) for note in found}


def test_a_class_with_one_example_is_named_with_what_becomes_of_it() -> None:
    made = split(of_counts(9, 9, 1), SplitOptions(), 0)
    assert per_class(made.train)[2] == 1
    assert shortages(made) == {"split.single": ("“class 2”", 1)}
    (note,) = made.shortages("pictures")
    assert note.sentence() == (
        "One class has only one example (“class 2”), which is used for training. Nothing is known "
        "about how well this class is recognised. Add more pictures (20 or more give a reliable "
        "result), or exclude the class."
    )


def test_of_many_classes_with_one_example_a_few_are_named() -> None:
    made = split(of_counts(9, 9, *[1] * 7), SplitOptions(), 0)
    named = ", ".join(f"“class {n}”" for n in range(2, 7))
    assert shortages(made) == {"split.single": (f"{named}, …", 7)}
    (note,) = made.shortages("pictures")
    assert note.sentence().startswith("7 classes have only one example each (“class 2”")


def test_classes_that_the_test_lacks_are_named_before_training() -> None:
    made = split(of_counts(20, 20, 2, 2), SplitOptions(), 0)
    missing = [n for n in (2, 3) if not per_class(made.test)[n]]
    assert missing
    named = ", ".join(f"“class {n}”" for n in missing)
    assert shortages(made) == {"split.untested": (named, len(missing))}


def test_a_class_without_training_examples_is_named() -> None:
    """As corrections may leave it, where folders say what is for the test."""
    made = split(of_counts(9, 9, 3), SplitOptions(), 0)
    without = tuple(s for s in made.train if s.label != 2)
    found = shortages(msgspec.structs.replace(made, train=without))
    assert found["split.not_trained"] == ("“class 2”", 1)


def test_enough_of_each_class_is_no_shortage() -> None:
    assert shortages(split(of_counts(9, 9, 3), SplitOptions(), 0)) == {}
