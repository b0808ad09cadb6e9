"""New examples: the test set stays what it was, whatever comes."""

from pathlib import Path

import msgspec
import pytest

from tests.core.data.test_split import of_counts
from transfergui.core.base.errors import UserError
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.data.split import Split, SplitOptions, split


def with_new(data: Dataset, *groups: str | None) -> Dataset:
    """``data`` with an added example of each class for each of ``groups``."""
    new = tuple(
        Sample(f"../new/{label}_{n}.jpg", label, group=group)
        for label in range(len(data.classes))
        for n, group in enumerate(groups)
    )
    paths = frozenset(sample.path for sample in new)
    every = tuple(sorted(data.samples + new, key=lambda s: s.path))
    return msgspec.structs.replace(data, samples=every, arrived=paths)


def paths(found: Split, part: str) -> set[str]:
    return {sample.path for sample in getattr(found, part)}


@pytest.mark.parametrize("options", [SplitOptions(), SplitOptions(new_test_percent=40)])
def test_the_first_data_keep_their_parts(options: SplitOptions) -> None:
    data = of_counts(20, 30)
    before, after = split(data, SplitOptions(), 0), split(with_new(data, *[None] * 10), options, 0)
    assert (before.val, before.test) == (after.val, after.test)
    assert paths(before, "train") <= paths(after, "train")
    assert len(after.new) == 20 * options.new_test_percent / 100
    assert len(after.train) + len(after.new) == len(before.train) + 20
    assert after.fingerprint == with_new(data, *[None] * 10).fingerprint


def test_a_run_says_which_examples_are_tested_on(tmp_path: Path) -> None:
    """Even where the data would be divided otherwise today."""
    data = of_counts(20, 30)
    place = str(tmp_path / "split.json")
    before = split(data, SplitOptions(test_percent=30), 3)
    before.save(Path(place))
    after = split(with_new(data, None, None), SplitOptions(kept=place), 0)
    assert (before.val, before.test) == (after.val, after.test)
    assert len(after.train) == len(before.train) + 4
    opened = split(with_new(data, None, None), SplitOptions(kept=place, only_kept=True), 0)
    assert (opened.train, opened.test, len(opened.unused)) == (before.train, before.test, 4)


def test_an_example_of_a_tested_group_is_not_trained_on() -> None:
    data = of_counts(20, 30)
    samples = tuple(
        msgspec.structs.replace(s, group=f"speaker {n % 10}") for n, s in enumerate(data.samples)
    )
    data = msgspec.structs.replace(data, samples=samples)
    held = split(data, SplitOptions(), 0)
    tested, trained = held.test[0].group, held.train[0].group
    after = split(with_new(data, tested, trained, None), SplitOptions(), 0)
    assert [s.group for s in after.unused] == [tested, tested]
    assert len(after.train) == len(held.train) + 4


def test_corrections_reach_new_and_tested_examples() -> None:
    data = with_new(of_counts(20, 30), None)
    before = split(data, SplitOptions(), 0)
    tested = before.test[0].path
    relabel = {"../new/0_0.jpg": "class 1", tested: "class 1"}
    after = split(corrected(data, DataOptions(relabel=relabel)), SplitOptions(), 0)
    assert paths(after, "test") == paths(before, "test")
    assert {s.path: after.classes[s.label] for s in after.train + after.test} | relabel == {
        s.path: after.classes[s.label] for s in after.train + after.test
    }


def test_a_share_is_drawn_alike_and_by_class() -> None:
    data = with_new(of_counts(20, 30), *[None] * 10)
    options = SplitOptions(new_test_percent=30)
    first, again = split(data, options, 0), split(data, options, 0)
    assert first == again
    assert [sum(s.label == label for s in first.new) for label in (0, 1)] == [3, 3]
    assert split(data, options, 1).new != first.new


def test_a_kept_split_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        split(of_counts(20, 30), SplitOptions(kept=f"{tmp_path}/gone/split.json"), 0)
    assert raised.value.code == "split.kept_gone"
