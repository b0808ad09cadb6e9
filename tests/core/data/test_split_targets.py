"""How samples with several labels, several answers or numbers are divided."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Dataset, Sample, natural_order
from transfergui.core.data.split import AT_RANDOM, Split, SplitOptions, split
from transfergui.core.data.targets import (
    Targets,
    of_labels,
    of_numbers,
    of_questions,
)

OPTIONS = SplitOptions(val_percent=20, test_percent=20)


def dataset(texts: list[str], targets: Any, **more: Any) -> Dataset:
    """A sample for each combination; ``targets`` makes the targets of the different ones."""
    classes = natural_order(texts)
    samples = tuple(Sample(f"{n:04}.jpg", classes.index(text), n) for n, text in enumerate(texts))
    said: Targets = targets(classes)
    return Dataset(
        Path("/d"), Path("/d"), "image", classes, samples, noun="pictures", targets=said, **more
    )


def labelled(texts: list[str]) -> Dataset:
    return dataset(texts, of_labels)


def answered(texts: list[str]) -> Dataset:
    return dataset(texts, lambda classes: of_questions(classes, ("colour", "size")))


def numbers(values: list[float]) -> Dataset:
    return dataset([str(v) for v in values], lambda classes: of_numbers(classes, "age", "years"))


def held(made: Split, part: str, name: str) -> int:
    """Samples of a part that have a label."""
    place = made.targets.names.index(name)
    return sum(place in made.targets.values[s.label] for s in getattr(made, part))


LABELS = ["cat", "cat; dog", "dog", "(none)", "bird; cat"] * 20


def test_every_label_is_in_every_part_by_its_share() -> None:
    made = split(labelled(LABELS), OPTIONS, 0)
    assert made.sizes() == {"train": 60, "val": 20, "test": 20}
    shares = {"train": 0.6, "val": 0.2, "test": 0.2}
    for name, count in (("cat", 60), ("dog", 40), ("bird", 20)):
        for part, share in shares.items():
            assert abs(held(made, part, name) - share * count) <= 2, (name, part)
    assert made.method == "split.random_labels"
    assert split(labelled(LABELS), OPTIONS, 0) == made
    assert split(labelled(LABELS), OPTIONS, 1) != made


def test_every_answer_is_in_every_part() -> None:
    made = split(answered(["red · big", "red · small", "blue · big", "? · small"] * 10), OPTIONS, 3)
    assert made.sizes() == {"train": 24, "val": 8, "test": 8}
    for part in ("train", "val", "test"):
        found = {made.classes[s.label] for s in getattr(made, part)}
        assert {a for text in found for a in text.split(" · ")} >= {"red", "blue", "big", "small"}
    assert made.method == "split.random_questions"


def test_numbers_are_divided_by_their_size() -> None:
    made = split(numbers([float(n) for n in range(100)]), OPTIONS, 0)
    assert made.sizes() == {"train": 60, "val": 20, "test": 20}
    for part in ("val", "test"):
        values = [made.targets.values[s.label][0] for s in getattr(made, part)]
        assert Counter(int(v) // 10 for v in values) == dict.fromkeys(range(10), 2)
    trained = [made.targets.values[s.label][0] for s in made.train]
    assert made.targets.mean == pytest.approx(np.mean(trained))
    assert made.targets.scale == pytest.approx(np.std(trained))


@pytest.mark.parametrize(
    ("values", "scale"),
    [([0.1] * 3, 1.0), ([5.0] * 2, 1.0), ([0.0, 1e-60], 1.0), ([1e-30, 2e-30, 1e-60], 8.165e-31)],
)
def test_equal_numbers_have_the_scale_one(values: list[float], scale: float) -> None:
    """Three times 0.1 deviate from their mean by rounding; float32 cannot hold 1e-60."""
    plain = numbers([*values, 0.2, 0.3])
    parts = ["train"] * len(values) + ["val", "test"]
    given = tuple(
        msgspec.structs.replace(s, split=part) for s, part in zip(plain.samples, parts, strict=True)
    )
    made = split(msgspec.structs.replace(plain, samples=given), OPTIONS, 0)
    assert made.targets.scale == pytest.approx(scale, rel=1e-3)
    assert made.targets.mean == pytest.approx(np.mean(values))


SETS = st.lists(
    st.sampled_from(["a", "b", "a; b", "(none)", "c", "a; c"]), min_size=12, max_size=60
).filter(lambda texts: len(set(texts)) > 1)


@settings(max_examples=40, deadline=None)
@given(SETS, st.integers(1, 6), st.integers(0, 99))
def test_nothing_is_lost_and_groups_stay_whole(texts: list[str], size: int, seed: int) -> None:
    plain = labelled(texts)
    samples = tuple(
        msgspec.structs.replace(s, group=f"g{n // size}") for n, s in enumerate(plain.samples)
    )
    data = msgspec.structs.replace(plain, samples=samples)
    made = split(data, OPTIONS, seed)
    everything = sorted(made.train + made.val + made.test, key=lambda s: s.path)
    assert tuple(everything) == samples
    groups = [{s.group for s in part} for part in (made.train, made.val, made.test)]
    assert made.ungrouped or sum(map(len, groups)) == len(set.union(*groups))


def test_the_division_of_the_user_stays() -> None:
    plain = labelled(LABELS)
    samples = tuple(
        msgspec.structs.replace(s, split="test" if n < 10 else None)
        for n, s in enumerate(plain.samples)
    )
    made = split(msgspec.structs.replace(plain, samples=samples), OPTIONS, 0)
    assert [s.path for s in made.test] == [f"{n:04}.jpg" for n in range(10)]
    assert (made.method, len(made.val)) == ("split.val_from_train", 18)
    alone = [msgspec.structs.replace(s, split="test") for s in samples[:10]]
    with pytest.raises(UserError) as refused:
        split(msgspec.structs.replace(plain, samples=tuple(alone)), OPTIONS, 0)
    assert refused.value.code == "data.nothing_to_train"


def test_one_group_is_divided_all_the_same_and_told() -> None:
    plain = labelled(LABELS)
    samples = tuple(msgspec.structs.replace(s, group="one") for s in plain.samples)
    made = split(msgspec.structs.replace(plain, samples=samples), OPTIONS, 0)
    assert made.ungrouped is not None
    assert made.ungrouped.code == "split.few_groups"
    assert "(1)" in made.ungrouped.sentence()
    assert {s.group for s in made.test} == {"one"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (labelled(["cat; dog"] * 10), "data.one_combination"),
        (answered(["red · big", "blue · big"] * 5), "data.one_answer"),
        (answered(["red · ?", "blue · ?"] * 5), "data.one_answer"),
        (numbers([3.0] * 10), "data.one_number"),
        (numbers([1.7e18 + 1000 * n for n in range(10)]), "data.numbers_too_close"),
        (numbers([1 + 1e-12 * n for n in range(10)]), "data.numbers_too_close"),
        (numbers([1e-42 * n for n in range(10)]), "data.numbers_too_close"),
        (labelled(["cat", "dog", "dog"]), "data.too_few_samples"),
        (numbers([1.0, 2.0, 3.0]), "data.too_few_samples"),
    ],
)
def test_too_little_is_said_in_a_sentence(data: Dataset, code: str) -> None:
    with pytest.raises(UserError) as refused:
        split(data, OPTIONS, 0)
    assert refused.value.code == code
    assert str(refused.value)


def test_what_labels_lack_is_told_by_label() -> None:
    made = split(labelled([*LABELS, "cat; mouse"]), OPTIONS, 0)
    (note,) = made.shortages("pictures")
    assert (note.code, note.values["classes"]) == ("split.single", "“mouse”")
    assert not list(split(numbers([float(n) for n in range(40)]), OPTIONS, 0).shortages("pictures"))
    asked = split(answered(["red · big", "blue · small"] * 8 + ["green · big"]), OPTIONS, 0)
    assert [note.values["classes"] for note in asked.shortages("pictures")] == ["“colour: green”"]


def test_how_it_was_divided_is_a_sentence() -> None:
    assert all(Note(method).sentence() for method in AT_RANDOM.values())


def test_a_column_of_too_few_groups_is_named_with_the_remedy() -> None:
    plain = labelled(LABELS)
    samples = tuple(
        msgspec.structs.replace(s, group="north" if n % 2 else "south")
        for n, s in enumerate(plain.samples)
    )
    of_column = msgspec.structs.replace(plain, samples=samples, chosen={"group_column": "site"})
    made = split(of_column, OPTIONS, 0)
    assert made.ungrouped is not None
    assert made.ungrouped.code == "split.few_groups_of_column"
    for said in ("“site”", "too few groups for a test (2)", "data.options.group_column=-"):
        assert said in made.ungrouped.sentence()
