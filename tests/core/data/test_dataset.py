"""Names of samples: whole files, and parts of files."""

import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.data.dataset import (
    Conflict,
    DataOptions,
    Dataset,
    Problem,
    Sample,
    by_file,
    caption,
    clock,
    corrected,
    short_caption,
)
from transfergui.core.data.file_part import FilePart

STEMS = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=12)
ENDINGS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("path", "file", "part"),
    [
        ("talks/long.wav#12000", "talks/long.wav", 12000),
        ("reviews.csv#17", "reviews.csv", 17),
        ("a.wav#0", "a.wav", 0),
        ("a#b.wav#5", "a#b.wav", 5),
        ("v1.2/talk.mp3#40", "v1.2/talk.mp3", 40),
        ("猫/声音.wav#1", "猫/声音.wav", 1),
        ("two\nlines.txt#2", "two\nlines.txt", 2),
    ],
)
def test_a_part_of_a_file(path: str, file: str, part: int) -> None:
    assert FilePart.parse(path) == (file, part)
    assert FilePart.parse(path).file == file


@pytest.mark.parametrize(
    "path",
    [
        "talk.wav",
        "take#3.wav",  # the number belongs to the name
        "folder.d/take#3",  # no extension before it
        "take#3",
        "talk.wav#",
        "talk.wav#-1",
        "talk.wav#1.5",
        "talk.wav#x",
        "talk.wav#1234567890123",  # no file has so many parts
        ".hidden#3/talk.wav",
        "talk.extension#3",  # no extension is that long
        "",
    ],
)
def test_a_whole_file(path: str) -> None:
    assert FilePart.parse(path) == (path, None)
    assert FilePart.parse(path).file == path


@given(STEMS, ENDINGS, st.integers(0, 10**12 - 1))
def test_what_was_put_together_is_taken_apart(stem: str, ending: str, part: int) -> None:
    file = f"folder/{stem}.{ending}"
    assert FilePart.parse(f"{file}#{part}") == (file, part)
    assert FilePart.parse(Path(f"/data/{file}#{part}")) == (f"/data/{file}", part)


@given(st.text(st.sampled_from("ab.#/019"), max_size=30))
def test_nothing_is_lost(path: str) -> None:
    file, part = FilePart.parse(path)
    assert path.startswith(file)
    rest = path.removeprefix(file)
    assert rest.strip("#") == "" if part is None else int(rest.lstrip("#")) == part


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("beetle.png", "beetle.png"),
        ("talks/long.wav#72000", "talks/long.wav, from 1:12"),
        ("long.flac#500", "long.flac, from 0:00.5"),
        ("Reviews.CSV#17", "row 17 of Reviews.CSV"),
        ("no extension#17", "no extension#17"),
        ("talk##72000", "talk, from 1:12"),
        ("tea.cup#1", "tea.cup#1"),
        ("photo.jpg#2", "photo.jpg#2"),
        ("caf\udce9.wav#0", "caf\\udce9.wav, from 0:00"),
    ],
)
def test_a_part_of_a_file_is_named_in_words(path: str, words: str) -> None:
    assert caption(path) == words


def test_where_there_is_little_room_a_row_is_its_number() -> None:
    assert short_caption("data/reviews.csv#17") == "row 17"
    assert short_caption("data/reviews.xlsx#17") == "row 17"
    assert caption("train.txt#17") == "row 17 of train.txt"
    assert short_caption("data/long.wav#500") == "long.wav, from 0:00.5"


def test_problems_name_parts_in_words() -> None:
    said = Problem("input.vanished", path="data/reviews.csv#17").sentence()
    assert said == "row 17 of data/reviews.csv is missing."


def test_a_problem_is_written_as_it_always_was() -> None:
    """In ``split.json``, ``report.json`` and ``scan --json``."""
    written = {"code": "data.duplicate", "values": {"other": "b.jpg"}, "path": "a.jpg"}
    problem = Problem("data.duplicate", {"other": "b.jpg"}, path="a.jpg", left_out=False)
    assert msgspec.to_builtins(problem) == written | {"left_out": False}
    assert msgspec.convert(written, Problem).left_out


def test_moments_are_never_sixty_seconds() -> None:
    assert clock(59.96) == "1:00"
    assert clock(3600) == "60:00"


def test_files_are_counted_once_whatever_they_are_cut_into() -> None:
    def dataset(*paths: str) -> Dataset:
        return Dataset(Path(), Path(), "audio", ("a",), tuple(Sample(path, 0) for path in paths))

    assert dataset("a.wav", "b.wav").files == 2
    assert dataset("a.wav", "b.wav#0", "b.wav#1000", "b.wav#2000").files == 2


def test_problems_of_the_parts_of_one_file_are_one() -> None:
    parts = [Problem("sound.silent", path=f"night.wav#{n}000", left_out=False) for n in range(720)]
    others = [
        Problem("sound.silent", path="day.wav"),
        Problem("sound.silent", path="one.wav#0", left_out=False),
    ]
    many, *rest = by_file([*parts, *others])
    assert rest == others
    assert (many.path, many.left_out, many.values["count"]) == ("night.wav", False, 720)
    assert "720 parts of night.wav" in many.sentence()
    assert by_file([others[0], others[0]]) == [others[0]] * 2


def test_what_all_zips_of_a_folder_are_called() -> None:
    assert DataOptions(path="/data/birds/*.zip").name == "birds"
    assert DataOptions(path="/data/birds").name == "birds"
    assert DataOptions().name == ""


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


# -- corrections


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
