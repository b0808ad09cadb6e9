"""Listing folders: every regular file once, whatever else lies there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from transfergui.core.reading.files.walk import Walk, ignored


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def listed(walk: Walk) -> list[str]:
    return sorted(str(Path(folder.path, name)) for folder in walk for name in folder.files)


def codes(walk: Walk) -> dict[str, str]:
    return {problem.path: problem.code for problem in walk.problems}


def is_picture(name: str) -> bool:
    return name.endswith(".jpg")


def test_hidden_and_system_files_are_passed_over_silently(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "a/.DS_Store", "a/._1.jpg", "a/Thumbs.db", "a/desktop.ini")
    touch(tmp_path, ".hidden/1.jpg", "__MACOSX/a/1.jpg", "a/@eaDir/1.jpg", ".1.jpg")
    walk = Walk(tmp_path)
    assert listed(walk) == ["a/1.jpg"]
    assert walk.problems == []
    assert ignored("Desktop.INI") and not ignored("a.jpg")


def test_leaves_are_told(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "a/b/2.jpg")
    (tmp_path / "c").mkdir()
    assert {f.path: f.leaf for f in Walk(tmp_path)} == {
        "": False,
        "a": False,
        "a/b": True,
        "c": True,
    }


def test_loops_end_and_repeat_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "b/2.jpg")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "a/aside").symlink_to(tmp_path / "b")
    (tmp_path / "b/self").symlink_to(tmp_path / "b/self")
    (tmp_path / "b/root").symlink_to("/")
    walk = Walk(tmp_path)
    assert listed(walk) == ["a/1.jpg", "b/2.jpg"]
    assert codes(walk) == {
        "a/up": "data.link_repeats",
        "a/aside": "data.link_repeats",
        "b/self": "data.link_broken",
        "b/root": "data.link_repeats",
    }


def test_links_out_of_the_tree_are_followed_once(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    touch(data, "a/1.jpg")
    touch(out, "2.jpg", "more/3.jpg")
    (data / "a/z.jpg").symlink_to(out / "2.jpg")
    (data / "a/y.jpg").symlink_to(out / "2.jpg")
    (data / "b").symlink_to(out / "more")
    (data / "c").symlink_to(out / "more")
    (data / "a/inside.jpg").symlink_to(data / "a/1.jpg")
    walk = Walk(data)
    assert listed(walk) == ["a/1.jpg", "a/y.jpg", "b/3.jpg"]
    assert set(codes(walk)) == {"a/z.jpg", "c", "a/inside.jpg"}


def test_a_link_within_a_linked_folder_is_followed(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    touch(data, "a/1.jpg")
    touch(out, "one/2.jpg", "two/3.jpg")
    (data / "b").symlink_to(out / "one")
    (out / "one/on").symlink_to(out / "two")
    assert listed(Walk(data)) == ["a/1.jpg", "b/2.jpg", "b/on/3.jpg"]


def test_links_into_a_hidden_folder_count(tmp_path: Path) -> None:
    """git-annex keeps the files in ``.git`` and links to them."""
    touch(tmp_path, ".git/annex/1")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.jpg").symlink_to(tmp_path / ".git/annex/1")
    assert listed(Walk(tmp_path)) == ["a/1.jpg"]


def test_a_linked_root_is_no_loop(tmp_path: Path) -> None:
    touch(tmp_path, "data/a/1.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert listed(Walk(tmp_path / "link")) == ["a/1.jpg"]


def test_what_is_no_file_is_listed_and_not_opened(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "a/folder.jpg/2.jpg")
    (tmp_path / "a/gone.jpg").symlink_to("nowhere")
    (tmp_path / "a/null.jpg").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "a/fifo.jpg")
    walk = Walk(tmp_path, is_picture)
    assert listed(walk) == ["a/1.jpg"]
    assert codes(walk) == {
        "a/folder.jpg": "data.folder_like_file",
        "a/gone.jpg": "data.link_broken",
        "a/null.jpg": "data.not_a_file",
        "a/fifo.jpg": "data.not_a_file",
    }


def test_a_folder_may_be_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "test/a/2.jpg")
    (tmp_path / "again").symlink_to(tmp_path / "test")
    assert listed(Walk(tmp_path, skip=tmp_path / "test")) == ["a/1.jpg"]


def test_unreadable_folders_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a/1.jpg", "locked/2.jpg")
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    walk = Walk(tmp_path)
    assert listed(walk) == ["a/1.jpg"]
    assert codes(walk) == {"locked": "data.folder_unreadable"}
    assert "Permission denied" in walk.problems[0].sentence()


def test_paths_longer_than_the_system_allows_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 27: such a tree can be made step by step, but not named from its root."""
    touch(tmp_path, "a/1.jpg")
    monkeypatch.chdir(tmp_path)
    for _ in range(20):
        Path("x" * 250).mkdir()
        os.chdir("x" * 250)
    walk = Walk(tmp_path)
    assert listed(walk) == ["a/1.jpg"]
    assert list(codes(walk).values()) == ["data.folder_unreadable"]
    assert "name too long" in walk.problems[0].sentence()


@pytest.fixture
def odd_names(tmp_path: Path) -> Iterator[list[str]]:
    names = [b"caf\xe9.jpg", b"new\nline.jpg", "\u202egpj.exe".encode(), b"dot.jpg.", b"n" * 255]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"x")
    yield sorted(map(os.fsdecode, names))


def test_any_name_works(tmp_path: Path, odd_names: list[str]) -> None:
    assert listed(Walk(tmp_path)) == odd_names


def test_trainings_in_the_data_are_none_of_them(tmp_path: Path) -> None:
    for name in ("cat/1.jpg", "x/report.json", "x/split.json", "x/recipe.json",
                 "x/environment.json", "x/assets/a.json", "y/recipe.json"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    walk = Walk(tmp_path)
    assert {folder.path for folder in walk} == {"", "cat", "y"}
    assert [(each.code, each.path) for each in walk.problems] == [("data.run_folder", "x")]
