"""Corrections kept beside the data: found again by folder, never for another file."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data import corrections
from transfergui.core.data.corrections import Correction, Found
from transfergui.core.data.dataset import DataOptions, Dataset

MADE = (
    Correction("class_0/00.png", label="class_1"),
    Correction("class_0/01.png", left_out=True),
    Correction("class_1/02.png", label="class_0"),
)


def scan(folder: Path) -> Dataset:
    options = DataOptions(path=str(folder))
    return registry.modality("image").scan(options, lambda _count: None)


@pytest.fixture
def folder(tmp_path: Path, tiny_pictures: Callable[..., Path]) -> Path:
    return tiny_pictures(tmp_path / "shapes", per_class=4)


def paths_of(found: tuple[Correction, ...]) -> list[str]:
    return [each.path for each in found]


def test_what_is_saved_is_found_again(folder: Path) -> None:
    rows = corrections.save(scan(folder), MADE)
    assert all(len(row.digest) == 32 for row in rows)
    found = corrections.find(scan(folder))
    assert found == Found(rows, origin=corrections.place(folder))
    tree = json.loads(corrections.place(folder).read_text())
    assert tree["schema"] == 1 and tree["data"] == os.path.realpath(folder)


def test_options_and_corrections_are_the_same_in_two_forms() -> None:
    data = corrections.applied(DataOptions(path="x", exclude=("a",)), MADE)
    assert data.exclude == ("a", "class_0/01.png")
    assert data.relabel == {"class_0/00.png": "class_1", "class_1/02.png": "class_0"}
    assert corrections.same(
        corrections.of_options(data).values(), (*MADE, Correction("a", left_out=True))
    )


def test_renamed_classes_are_saved_and_found_again(folder: Path) -> None:
    renamed = Correction("class_0", label="ladybird", of_class=True)
    corrections.save(scan(folder), [renamed, *MADE[:1]])
    found = corrections.find(scan(folder))
    assert {each.path: each.of_class for each in found.usable} == {
        "class_0": True,
        "class_0/00.png": False,
    }
    assert corrections.counted(found.usable) == "1 class renamed, 1 label changed"
    data = corrections.applied(DataOptions(path="x"), found.usable)
    assert data.rename == {"class_0": "ladybird"}
    assert data.relabel == {"class_0/00.png": "class_1"}
    assert corrections.same(corrections.of_options(data).values(), found.usable)
    assert corrections.keys(data) == {(True, "class_0"), (False, "class_0/00.png")}
    dataset = registry.modality("image").scan(msgspec.structs.replace(data, path=str(folder)))
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {
        "class_1": 5,
        "ladybird": 3,
    }
    own = DataOptions(rename={"class_0": "mine"})
    assert corrections.applied(own, [renamed]) == own


def test_a_class_that_is_gone_is_told(folder: Path) -> None:
    corrections.save(scan(folder), [Correction("moth", label="butterfly", of_class=True)])
    found = corrections.find(scan(folder))
    assert (found.usable, paths_of(found.gone)) == ((), ["moth"])
    assert corrections.unusable(found) == (
        "1 correction cannot be used: the examples or classes are missing from the data."
    )


def test_a_sample_that_is_corrected_already_stays_so() -> None:
    own = DataOptions(relabel={"class_0/00.png": "mine"})
    assert corrections.applied(own, MADE[:1]) == own


def test_a_relabelled_sample_that_is_left_out_keeps_all() -> None:
    data = DataOptions(
        exclude=("a",),
        relabel={"a": "cat"},
        together={"a": "a", "b": "a"},
        confirmed={"c": "dog"},
    )
    made, other, sure = corrections.of_options(data).values()
    assert made == Correction("a", label="cat", left_out=True, together="a")
    assert sure == Correction("c", confirmed="dog")
    assert corrections.applied(DataOptions(), [made, other, sure]) == data
    counted = corrections.counted([made, other, sure])
    assert counted == "1 excluded, 1 kept in one set, 1 label confirmed"
    assert not corrections.same([sure], [Correction("c", confirmed="cat")])


def test_the_words_of_an_offer() -> None:
    assert corrections.amount(MADE) == "3 corrections"
    assert corrections.counted(MADE) == "2 labels changed, 1 excluded"
    assert corrections.amount(MADE[:1]) == "1 correction"
    assert corrections.counted(MADE[:1]) == "1 label changed"


def test_files_that_were_replaced_or_are_gone_are_told_apart(folder: Path) -> None:
    corrections.save(scan(folder), MADE)
    first = folder / "class_0" / "00.png"
    first.write_bytes((folder / "class_0" / "03.png").read_bytes() + b"\0")
    (folder / "class_1" / "02.png").unlink()
    found = corrections.find(scan(folder))
    assert paths_of(found.usable) == ["class_0/01.png"]
    assert paths_of(found.changed) == ["class_0/00.png"]
    assert paths_of(found.gone) == ["class_1/02.png"]
    assert corrections.unusable(found) == (
        "1 correction cannot be used: the examples are missing from the data. "
        "1 correction cannot be used: the files have changed since."
    )


def test_a_row_of_a_table_that_was_changed_is_not_corrected(tmp_path: Path) -> None:
    """Row 3 may be another text now."""
    table = tmp_path / "texts.csv"
    lines = [f"this is text number {n} of all,{'good' if n % 2 else 'bad'}" for n in range(12)]
    table.write_text("\n".join(["text,label", *lines]))
    modality = registry.modality("text")
    options = DataOptions(path=str(table))
    before = modality.scan(options, lambda _count: None)
    path = before.samples[2].path
    corrections.save(before, [Correction(path, label="good")])
    assert paths_of(corrections.find(before).usable) == [path]
    table.write_text("\n".join(["text,label", "one more text at the top,bad", *lines]))
    found = corrections.find(modality.scan(options, lambda _count: None))
    assert (paths_of(found.usable), paths_of(found.changed)) == ([], [path])


def test_two_folders_have_corrections_of_their_own(
    folder: Path, tmp_path: Path, tiny_pictures: Callable[..., Path]
) -> None:
    other = tiny_pictures(tmp_path / "copy", per_class=4)
    assert scan(other).fingerprint == scan(folder).fingerprint
    corrections.save(scan(folder), MADE)
    assert corrections.find(scan(other)) == Found()
    corrections.save(scan(other), MADE[:1])
    assert len(corrections.find(scan(folder)).usable) == 3
    assert len(corrections.find(scan(other)).usable) == 1


def test_a_link_to_the_folder_is_the_folder(folder: Path, tmp_path: Path) -> None:
    corrections.save(scan(folder), MADE)
    (tmp_path / "link").symlink_to(folder)
    assert len(corrections.find(scan(tmp_path / "link")).usable) == 3


def test_a_folder_that_was_moved_is_found_by_what_is_in_it(folder: Path, tmp_path: Path) -> None:
    corrections.save(scan(folder), MADE)
    before = corrections.place(folder)
    moved = folder.rename(tmp_path / "elsewhere")
    found = corrections.find(scan(moved))
    assert paths_of(found.usable) == paths_of(MADE)
    assert found.origin == before


def test_without_corrections_there_is_no_file(folder: Path) -> None:
    corrections.save(scan(folder), MADE)
    corrections.save(scan(folder), ())
    assert not corrections.place(folder).exists()
    assert corrections.find(scan(folder)) == Found()
    corrections.save(scan(folder), ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"schema": 1}',
        b'{"schema": "x"}',
        b'"text"',
        b'{"schema": 1, "data": "x", "fingerprint": "y", "corrections": [{"path": 3}]}',
    ],
)
def test_a_damaged_file_is_told_and_kept(folder: Path, content: bytes) -> None:
    place = corrections.place(folder)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    with pytest.raises(UserError) as caught:
        corrections.find(scan(folder))
    assert caught.value.code == "corrections.unreadable"
    assert str(place) in str(caught.value)
    corrections.save(scan(folder), MADE)
    assert len(corrections.find(scan(folder)).usable) == 3
    assert (place.parent / f"{place.name}.unreadable").read_bytes() == content


def test_a_file_of_a_newer_version_is_told_and_kept(folder: Path) -> None:
    place = corrections.place(folder)
    place.parent.mkdir(parents=True)
    place.write_text('{"schema": 2}')
    with pytest.raises(UserError) as caught:
        corrections.find(scan(folder))
    assert caught.value.code == "corrections.newer"
    corrections.save(scan(folder), ())
    assert not place.exists()
    assert (place.parent / f"{place.name}.unreadable").read_text() == '{"schema": 2}'


def test_a_damaged_file_of_other_data_hides_nothing(folder: Path, tmp_path: Path) -> None:
    corrections.save(scan(folder), MADE)
    (corrections.place(folder).parent / "000.json").write_text("{")
    moved = folder.rename(tmp_path / "elsewhere")
    assert len(corrections.find(scan(moved)).usable) == 3


def test_what_cannot_be_written_is_told(folder: Path) -> None:
    corrections.place(folder).mkdir(parents=True)
    with pytest.raises(UserError) as caught:
        corrections.find(scan(folder))
    assert caught.value.code == "corrections.unreadable"
    place = corrections.place(folder)
    place.rmdir()
    place.parent.rmdir()
    place.parent.write_text("in the way")
    with pytest.raises(UserError) as caught:
        corrections.save(scan(folder), MADE)
    assert caught.value.code in ("disk.full", "disk.in_the_way")


def test_names_that_are_no_text_are_kept(folder: Path) -> None:
    odd = os.fsdecode(b"class_0/\xff.png")
    shutil.copy(folder / "class_0" / "00.png", folder / odd)
    corrections.save(scan(folder), [Correction(odd, left_out=True)])
    assert paths_of(corrections.find(scan(folder)).usable) == [odd]


@pytest.mark.parametrize("options", [{"relabel": {"a.png": " "}}, {"rename": {"a": ""}}])
def test_a_class_has_a_name(options: dict[str, dict[str, str]]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "x", **options}, DataOptions)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "x", "label": ""}, corrections.Correction)


def test_what_another_window_has_saved_since_stays(folder: Path) -> None:
    known = corrections.save(scan(folder), MADE)
    theirs = (*known[:1], Correction("class_1/00.png", label="class_0"))
    theirs = corrections.save(scan(folder), theirs, known)  # two were taken back, one was made
    mine = (Correction("class_0/00.png", label="moth"), *known[1:])
    assert corrections.save(scan(folder), mine, known)[1:] == known[1:]
    found = corrections.find(scan(folder)).usable
    assert {each.path: each.label for each in found} == {
        "class_0/00.png": "moth",
        "class_1/00.png": "class_0",
    }
    corrections.save(scan(folder), (), mine)
    assert paths_of(corrections.find(scan(folder)).usable) == ["class_1/00.png"]
    corrections.save(scan(folder), (), theirs)
    assert not corrections.place(folder).exists()
    corrections.save(scan(folder), mine, mine)  # the file is gone: what is in force is kept
    assert len(corrections.find(scan(folder)).usable) == 3
