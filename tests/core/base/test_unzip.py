"""Unpacking: good archives once, bad ones never, nothing outside of the cache."""

import errno
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from tests import bad_files
from transfergui.core.base import paths, unzip
from transfergui.core.base.errors import UserError

REFUSED = {
    "35_slip": "zip.unsafe",
    "35_absolute": "zip.unsafe",
    "35_drive": "zip.unsafe",
    "35_backslash": "zip.unsafe",
    "35_symlink": "zip.unsafe",
    "36_bomb": "zip.bomb",
    "36_lying": "zip.damaged",
    "36_encrypted": "zip.encrypted",
    "36_not_a_zip": "zip.damaged",
    "36_cut_off": "zip.damaged",
}


def below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def refusal(archive: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        unzip.unpacked(archive)
    assert str(archive) in str(caught.value)
    return caught.value


@pytest.mark.parametrize(("fault", "code"), REFUSED.items())
def test_bad_archives_are_refused_and_leave_nothing(tmp_path: Path, fault: str, code: str) -> None:
    archive = bad_files.ARCHIVES[fault](tmp_path / "in" / "x.zip")
    assert refusal(archive).code == code
    assert below(tmp_path) == {"in/x.zip"}
    assert not Path("/tmp/slipped.jpg").exists()
    assert list((paths.cache_dir() / "unpacked").iterdir()) == []


def test_every_bad_archive_of_the_corpus_is_tried() -> None:
    assert {key for key in bad_files.ARCHIVES if key[0] == "3"} - REFUSED.keys() == {"36_nested"}


def test_zips_within_a_zip_stay_packed(tmp_path: Path) -> None:
    folder = unzip.unpacked(bad_files.nested_bomb_zip(tmp_path / "42.zip"))
    assert below(folder) == {f"lib {number}.zip" for number in range(16)}


def test_all_zips_of_a_folder_are_opened_as_one(tmp_path: Path) -> None:
    for name, member in (("train", "cat/1.jpg"), ("test", "cat/2.jpg")):
        bad_files.make_zip(tmp_path / f"{name}.zip", [(member, b"1")])
    (tmp_path / "labels.csv").write_text("file,label")
    every = tmp_path / unzip.EVERY
    found = {"train/cat/1.jpg", "test/cat/2.jpg", "labels.csv"}
    assert set(unzip.names(every)) == found - {"labels.csv"}
    folder = unzip.unpacked(every)
    assert below(folder) == found
    assert unzip.unpacked(every) == folder
    (tmp_path / "labels.csv").write_text("file,label,group")
    assert (unzip.unpacked(every) / "labels.csv").read_text() == "file,label,group"


def test_one_bad_zip_among_all_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    bad_files.make_zip(tmp_path / "a.zip", [("cat/1.jpg", b"1")])
    (tmp_path / "b.zip").write_bytes(b"PK no zip")
    with pytest.raises(UserError, match=str(tmp_path / "b.zip")) as refused:
        unzip.unpacked(tmp_path / unzip.EVERY)
    assert refused.value.code == "zip.damaged"
    assert list((paths.cache_dir() / "unpacked").iterdir()) == []


def test_a_good_archive_is_unpacked_once(tmp_path: Path) -> None:
    archive = bad_files.make_zip(tmp_path / "good.zip", bad_files.good_members())
    counts: list[int] = []
    folder = unzip.unpacked(archive, counts.append)
    assert folder.is_relative_to(paths.cache_dir())
    assert (folder / "cat/0.jpg").read_bytes() == bad_files.good_members()[0][1]
    assert len(below(folder)) == len(counts) == 8
    assert unzip.unpacked(archive, counts.append) == folder
    assert len(counts) == 8


def test_a_changed_archive_is_unpacked_anew(tmp_path: Path) -> None:
    archive = bad_files.make_zip(tmp_path / "x.zip", [("a/1.jpg", b"1")])
    before = unzip.unpacked(archive)
    bad_files.make_zip(archive, [("a/1.jpg", b"22")])
    assert (unzip.unpacked(archive) / "a/1.jpg").read_bytes() == b"22"
    assert (before / "a/1.jpg").read_bytes() == b"1"


def test_backslashes_within_the_folder_are_separators(tmp_path: Path) -> None:
    archive = bad_files.make_zip(tmp_path / "windows.zip", [("cat\\1.jpg", b"1")])
    assert below(unzip.unpacked(archive)) == {"cat/1.jpg"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_without_the_utf8_mark_are_not_garbled(tmp_path: Path, encoding: str) -> None:
    """As old Windows and macOS write them: raw bytes, with no word on the encoding."""
    stand_in, name = "aaaaaaaa", "猫图片狗"
    archive = bad_files.make_zip(tmp_path / "x.zip", [(f"{stand_in}.jpg", b"1")])
    raw = name.encode(encoding).ljust(8, b"_")
    data = archive.read_bytes()
    archive.write_bytes(data.replace(stand_in.encode() + b".jpg", raw + b".jpg"[: 12 - len(raw)]))
    if len(raw) != 8:  # UTF-8 needs more room: as written by zipfile, without the mark
        archive = bad_files.make_zip(tmp_path / "x.zip", [(f"{name}.jpg", b"1")])
        unmarked = bytearray(archive.read_bytes())
        for signature, offset in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
            unmarked[unmarked.find(signature) + offset] &= ~0x08
        archive.write_bytes(unmarked)
    assert below(unzip.unpacked(archive)) == {f"{name}.jpg"}


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    def cancel(count: int) -> None:
        if count == 3:
            raise KeyboardInterrupt

    archive = bad_files.make_zip(tmp_path / "good.zip", bad_files.good_members())
    with pytest.raises(KeyboardInterrupt):
        unzip.unpacked(archive, cancel)
    assert below(paths.cache_dir()) == set()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = bad_files.make_zip(tmp_path / "good.zip", bad_files.good_members())
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: usage)
        assert refusal(archive).code == "zip.no_space"

    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(unzip, "_extract", fail)
    with pytest.raises(UserError) as caught:
        unzip.unpacked(archive)
    assert caught.value.code == "disk.full"
    assert below(paths.cache_dir()) == set()


def test_two_members_of_one_name_and_a_file_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = bad_files.make_zip(tmp_path / "x.zip", [("a", b"1"), ("a", b"2")])
    assert (unzip.unpacked(archive) / "a").read_bytes() == b"2"
    archive = bad_files.make_zip(tmp_path / "y.zip", [("a", b"1"), ("a/b", b"2")])
    assert refusal(archive).code == "zip.damaged"


def test_a_larger_member_than_declared_is_cut_short(tmp_path: Path) -> None:
    """Whatever the library does with a header that lies, no more than declared is written."""
    archive = bad_files.make_zip(tmp_path / "x.zip", [("a.bmp", b"12345678")])
    with zipfile.ZipFile(archive) as opened:
        member = opened.infolist()[0]
        member.file_size = 4
        with pytest.raises(zipfile.BadZipFile):
            unzip._extract(opened, member, tmp_path / "out")
    assert (tmp_path / "out").stat().st_size <= 4


def test_a_cache_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = bad_files.make_zip(tmp_path / "good.zip", bad_files.good_members())
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRANSFERGUI_CACHE", str(tmp_path / "file"))
    with pytest.raises(UserError) as caught:
        unzip.unpacked(archive)
    assert caught.value.code == "disk.full"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_damage_in_any_kind_of_packing_is_told(tmp_path: Path, method: int) -> None:
    """Each byte of what is packed in turn."""
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w", method) as made:
        made.writestr("a.txt", "some text, some text " * 3)
    whole = archive.read_bytes()
    codes = set()
    for place in range(30, whole.index(b"PK\x01\x02")):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            shutil.rmtree(unzip.unpacked(archive))
        except UserError as error:
            codes.add(error.code)
    assert codes == {"zip.damaged"}


def test_an_archive_with_the_longest_name(tmp_path: Path) -> None:
    archive = bad_files.make_zip(tmp_path / f"{'虫' * 83}.zip", bad_files.good_members())
    folder = unzip.unpacked(archive)
    assert len(os.fsencode(folder.name)) < 143
    shutil.rmtree(folder)
    shutil.rmtree(folder.parent)
    folder.parent.write_text("a file in place of the folder")
    assert unzip.unpacked(archive) == folder
