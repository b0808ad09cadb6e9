"""Data as the user corrected them."""

from pathlib import Path

import pytest

from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import Conflict, DataOptions, Dataset, Problem, Sample

SAME = (Sample("a/1.png", 0), Sample("b/2.png", 1), Sample("a/3.png", 0))
CONFLICT = Conflict(SAME, ("a", "b", "a"))


def conflicting() -> Dataset:
    """One thing three times, in two classes; two other samples."""
    samples = (Sample("a/0.png", 0), Sample("c/9.png", 1))
    others = {"a/1.png": "b/2.png", "b/2.png": "a/1.png", "a/3.png": "b/2.png"}
    problems = tuple(
        Problem("data.two_classes", {"other": other}, path=path) for path, other in others.items()
    )
    return Dataset(
        source=Path("x"),
        root=Path("x"),
        modality="image",
        classes=("a", "c"),
        samples=samples,
        problems=problems,
        conflicts=(CONFLICT,),
    )


@pytest.mark.parametrize(
    ("exclude", "relabel", "used", "told"),
    [
        pytest.param((), {}, {}, "a/1.png b/2.png a/3.png", id="undecided"),
        pytest.param(("a/1.png",), {}, {}, "b/2.png a/3.png", id="still two classes"),
        pytest.param(("b/2.png",), {}, {"a/1.png": "a", "a/3.png": "a"}, "", id="one excluded"),
        pytest.param(("a/1.png", "a/3.png"), {}, {"b/2.png": "b"}, "", id="two excluded"),
        pytest.param(
            (),
            {"b/2.png": "a"},
            {"a/1.png": "a", "b/2.png": "a", "a/3.png": "a"},
            "",
            id="relabelled",
        ),
        pytest.param(("a/1.png", "b/2.png", "a/3.png"), {}, {}, "", id="all excluded"),
    ],
)
def test_what_is_in_two_classes_is_used_once_that_is_decided(
    exclude: tuple[str, ...], relabel: dict[str, str], used: dict[str, str], told: str
) -> None:
    options = DataOptions(exclude=exclude, relabel=relabel)
    found = corrected(conflicting(), options)
    names = {sample.path: found.classes[sample.label] for sample in found.samples}
    assert names == {"a/0.png": "a", "c/9.png": "c"} | used
    assert list(names) == sorted(names)
    told_of = [problem.path for problem in found.problems if problem.code != "data.single"]
    assert told_of == told.split()
    groups = {sample.group for sample in found.samples if sample.path in used}
    assert len(groups) <= 1  # copies are never on both sides of the split
    assert None not in groups or len(used) == 1


def of_classes(*names: str, problems: tuple[Problem, ...] = ()) -> Dataset:
    samples = tuple(Sample(f"{name}.{n}.png", at) for at, name in enumerate(names) for n in "ab")
    return Dataset(Path("/"), Path("/"), "image", names, samples, problems)


def counted(dataset: Dataset) -> dict[str, int]:
    return dict(zip(dataset.classes, dataset.counts(), strict=True))


@pytest.mark.parametrize(
    ("rename", "expected"),
    [
        ({"b": "z"}, {"a": 2, "c": 2, "z": 2}),
        ({"b": "a"}, {"a": 4, "c": 2}),
        ({"a": "b", "b": "a"}, {"a": 2, "b": 2, "c": 2}),
        ({"a": "b", "b": "x"}, {"b": 2, "c": 2, "x": 2}),
        ({"gone": "x"}, {"a": 2, "b": 2, "c": 2}),
    ],
    ids=["renamed", "merged", "swapped", "in the place of another", "not there"],
)
def test_classes_are_called_as_the_user_says(
    rename: dict[str, str], expected: dict[str, int]
) -> None:
    found = corrected(of_classes("a", "b", "c"), DataOptions(rename=rename))
    assert counted(found) == expected
    label = {sample.path: found.classes[sample.label] for sample in found.samples}
    assert label["a.a.png"] == rename.get("a", "a")


def test_a_sample_keeps_the_class_that_it_was_given() -> None:
    options = DataOptions(rename={"a": "x"}, relabel={"a.a.png": "a"})
    assert counted(corrected(of_classes("a", "b"), options)) == {"a": 1, "b": 2, "x": 1}


def test_problems_tell_of_classes_by_their_new_names() -> None:
    values = {"largest": "a", "smallest": "b", "most": 9, "fewest": 1, "noun": "files"}
    found = (
        Problem("data.uneven", values, path=".", left_out=False),
        Problem("data.near_everywhere", {"name": "a", "count": 12}, path="a", left_out=False),
        Problem("data.single", {"noun": "files"}, path="b", left_out=False),
    )
    dataset = of_classes("a", "b", problems=found)
    changed = corrected(dataset, DataOptions(rename={"a": "ant"}, exclude=("b.a.png",)))
    assert [(p.code, p.path) for p in changed.problems] == [
        ("data.uneven", "."),
        ("data.near_everywhere", "ant"),
        ("data.single", "b"),
    ]
    assert changed.problems[0].values["largest"] == "ant"
    assert "“ant”" in changed.problems[1].sentence()
    both = corrected(dataset, DataOptions(rename={"b": "a"}))
    assert "data.single" not in {problem.code for problem in both.problems}
