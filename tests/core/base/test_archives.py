"""Paths that mean several tars."""

from pathlib import Path

import pytest

from transfergui.core.base import archives


@pytest.mark.parametrize(
    ("chosen", "beside", "meant"),
    [
        (["b-00.tar", "b-01.tar"], [], ""),
        (["b-00.tar", "b-01.tar"], ["b-02.tar"], "b-{00..01}.tar"),
        (["b-00.tar", "b-02.tar"], ["notes.txt"], "{b-00,b-02}.tar"),
        (["a.tar.gz", "c.tar.gz"], ["d.tar.gz"], "{a,c}.tar.gz"),
        (["a.tar"], ["b.tar"], "a.tar"),
        (["a.tar", "b.zip"], [], None),
        (["a,b.tar", "c.tar"], ["d.tar"], None),
    ],
)
def test_several_chosen_tars_are_one_path(
    tmp_path: Path, chosen: list[str], beside: list[str], meant: str | None
) -> None:
    for name in (*chosen, *beside):
        (tmp_path / name).touch()
    found = archives.together([tmp_path / name for name in chosen])
    assert found == (None if meant is None else tmp_path / meant)
    if found is not None and meant:
        assert archives.tars(found) == [tmp_path / name for name in chosen]
        assert archives.is_there(found)


def test_a_pattern_stands_for_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "x-1.tar").touch()
    assert not archives.is_there(tmp_path / "y-{0..9}.tar")
    assert archives.tars(tmp_path / "x-{0..9}.tar") == [tmp_path / "x-1.tar"]
    (tmp_path / "{0..9}.tar").touch()  # a file that is called so
    assert archives.tars(tmp_path / "{0..9}.tar") == [tmp_path / "{0..9}.tar"]
