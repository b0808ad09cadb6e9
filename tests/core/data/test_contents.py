"""Digests of samples, read again only of files that changed."""

import os
from pathlib import Path

import pytest

from transfergui.core.base import files
from transfergui.core.data import contents


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    data, read = tmp_path / "data", list[str]()
    data.mkdir()
    for name in ("a", "b"):
        (data / name).write_text(name)
        os.utime(data / name, (1, 1))

    def digest(path: Path) -> str:
        read.append(path.name)
        return files.digest(path)

    first = contents.digests(data, ["a", "b", "gone"], digest)
    assert contents.digests(data, ["a", "b"], digest) == first
    assert sorted(read) == ["a", "b"]
    (data / "a").write_text("x")  # of the same size
    second = contents.digests(data, ["a", "b"], digest)
    assert (second["b"], second["a"] == first["a"]) == (first["b"], False)
    contents.digests(data, ["a"], digest)  # changed a moment ago: it may change once more
    assert read[2:] == ["a", "a"]


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"samples": {"a": [1]}}'])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "a").write_text("a")
    os.utime(tmp_path / "a", (1, 1))
    first = contents.digests(tmp_path, ["a"], files.digest)
    place = contents._place(tmp_path, "")
    place.write_bytes(damage)
    assert contents.digests(tmp_path, ["a"], files.digest) == first
    assert place.read_bytes() != damage
