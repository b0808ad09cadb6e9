"""Corrections move no other sample from one part of a split to another."""

import random

import msgspec
import pytest

from tests.core.data.test_split import dataset, moved, of_counts
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import Conflict, DataOptions, Sample
from transfergui.core.data.split import Split, SplitOptions, split


def divided(options: DataOptions, *counts: int) -> Split:
    return split(corrected(of_counts(*counts), options), SplitOptions(), 0)


@pytest.mark.parametrize("seed", range(5))
def test_relabelled_excluded_and_renamed(seed: int) -> None:
    """A fifth of the data, and two classes made one: every sample stays where it was."""
    draw = random.Random(seed)
    paths = [sample.path for sample in of_counts(40, 30, 20).samples]
    relabel = {path: f"class {draw.randrange(4)}" for path in draw.sample(paths, 18)}
    exclude = tuple(draw.sample(paths, 9))
    before = divided(DataOptions(), 40, 30, 20)
    after = divided(
        DataOptions(relabel=relabel, exclude=exclude, rename={"class 1": "class 2"}), 40, 30, 20
    )
    assert moved(before, after) == []
    assert sum(after.sizes().values()) == 90 - 9
    assert {s.label for s in after.train} == set(range(len(after.classes)))


def test_samples_that_the_user_keeps_together_are_divided_alike_with_more_corrections() -> None:
    pairs = {f"class 0/{n}.jpg": "class 0/0.jpg" for n in range(4)}
    before = divided(DataOptions(together=pairs), 20, 20)
    after = divided(DataOptions(together=pairs, exclude=("class 0/0.jpg",)), 20, 20)
    assert moved(before, after) == []


def test_a_new_class_is_trained_on() -> None:
    """Both of its samples were in the test."""
    first, second = (sample.path for sample in divided(DataOptions(), 20, 20).test[:2])
    after = divided(DataOptions(relabel={first: "new", second: "new"}), 20, 20)
    new = after.classes.index("new")
    assert [s.label == new for s in after.train].count(True) == 1
    assert [s.label == new for s in after.test].count(True) == 1


def test_what_was_in_two_classes_joins_the_others_without_moving_them() -> None:
    data = of_counts(20, 20)
    both = Conflict((Sample("x.jpg", 0), Sample("y.jpg", 1)), ("class 0", "class 1"))
    data = msgspec.structs.replace(data, conflicts=(both,))
    after = split(corrected(data, DataOptions(exclude=("y.jpg",))), SplitOptions(), 0)
    assert moved(split(data, SplitOptions(), 0), after) == []
    assert sum(after.sizes().values()) == 41


def test_what_could_not_be_divided_before_is_divided_as_it_is() -> None:
    """One class, some of which the user calls otherwise."""
    data = dataset([Sample(f"{n:02}.jpg", 0) for n in range(20)], 1)
    options = DataOptions(relabel={f"{n:02}.jpg": "other" for n in range(10)})
    found = split(corrected(data, options), SplitOptions(), 0)
    assert len({s.label for s in found.test}) == 2
