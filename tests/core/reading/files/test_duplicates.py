"""Files that are the same, and the groups that keep them together."""

from pathlib import Path

import pytest

from transfergui.core.data.dataset import Sample
from transfergui.core.reading.files import duplicates
from transfergui.core.reading.files.duplicates import TAIL, KnownDigests


def write(folder: Path, *contents: bytes) -> list[Sample]:
    samples = []
    for number, data in enumerate(contents):
        (folder / f"{number}").write_bytes(data)
        samples.append(Sample(f"{number}", 0, len(data)))
    return samples


def identical(folder: Path, samples: list[Sample]) -> list[list[int]]:
    return duplicates.identical(str(folder), samples, lambda: None)


def test_only_equal_contents_are_identical(tmp_path: Path) -> None:
    long = bytes(range(256)) * 40
    same_end = b"X" + long[1:]
    assert len(long) > TAIL
    samples = write(tmp_path, b"abc", long, b"abd", b"abc", same_end, long, b"", b"", b"abc")
    assert identical(tmp_path, samples) == [[0, 3, 8], [1, 5], [6, 7]]


def test_nothing_is_identical_to_nothing(tmp_path: Path) -> None:
    assert identical(tmp_path, []) == []
    assert identical(tmp_path, write(tmp_path, b"a")) == []


def test_a_file_that_is_gone_is_like_no_other(tmp_path: Path) -> None:
    samples = write(tmp_path, b"abc", b"abc", b"abc", b"abc")
    (tmp_path / "1").unlink()
    (tmp_path / "2").unlink()
    assert identical(tmp_path, samples) == [[0, 3]]


def test_what_was_noted_of_tars_is_not_read_again() -> None:
    contents = {"/no/a.tar#0": b"abc", "/no/a.tar#1024": b"abd", "/no/b.tar#0": b"abc"}
    known = KnownDigests()
    for path, content in contents.items():
        known.note(path, content)
    samples = [Sample(path.removeprefix("/no/"), 0, 9) for path in contents]
    assert known.identical("/no", samples, lambda: None) == [[0, 2]]


def test_progress_may_cancel(tmp_path: Path) -> None:
    def cancel() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        duplicates.identical(str(tmp_path), write(tmp_path, b"abc", b"abc"), cancel)


def groups(samples: list[Sample], *alike: tuple[int, ...]) -> list[str | None]:
    duplicates.grouped(samples, alike)
    return [sample.group for sample in samples]


def test_groups_are_named_after_their_first_sample() -> None:
    samples = [Sample(name, 0) for name in "abcdef"]
    assert groups(samples, (4, 1), (1, 2), (3, 5)) == [None, "b", "b", "d", "b", "d"]


def test_declared_groups_are_merged_by_what_they_share() -> None:
    declared = ["p1", "p2", None, "p2", None, "p3"]
    samples = [Sample(name, 0, group=g) for name, g in zip("abcdef", declared, strict=True)]
    assert groups(samples, (0, 1), (2, 4)) == ["p1", "p1", "c", "p1", "c", "p3"]


def test_nothing_alike_leaves_the_groups_alone() -> None:
    assert groups([Sample("a", 0, group="g"), Sample("b", 0)]) == ["g", None]
