"""Names of samples: whole files, and parts of files."""

import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample, by_file
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


def test_problems_name_parts_in_words() -> None:
    said = Problem("input.vanished", path="data/reviews.csv#17").sentence()
    assert said == "row 17 of data/reviews.csv is missing."


def test_a_problem_is_written_as_it_always_was() -> None:
    """In ``split.json``, ``report.json`` and ``scan --json``."""
    written = {"code": "data.duplicate", "values": {"other": "b.jpg"}, "path": "a.jpg"}
    problem = Problem("data.duplicate", {"other": "b.jpg"}, path="a.jpg", left_out=False)
    assert msgspec.to_builtins(problem) == written | {"left_out": False}
    assert msgspec.convert(written, Problem).left_out


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
