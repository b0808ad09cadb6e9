"""What is given to a model: zips and tables that name files become these files."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests import bad_files
from tests.conftest import make_tiny_sounds, make_tiny_texts
from transfergui.core import registry
from transfergui.core.reading.given import unfolded

IMAGE = registry.modality("image")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("cat", "dog"):
        bad_files.make_class(tmp_path / "data" / name, 2, seed=0)
    return tmp_path / "data"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def files(given: Path, key: str = "image") -> list[str]:
    modality = registry.modality(key)
    found = unfolded([given], modality)
    assert not found.problems
    listed = modality.list_files(found.paths, modality.input_options())
    return [found.called(path).relative_to(given.parent).as_posix() for path in listed]


def test_a_zip(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for path in sorted(folder.rglob("*.jpg")):
            archive.write(path, path.relative_to(folder))
        archive.writestr("notes.txt", "no picture")
    assert files(tmp_path / "photos.zip") == [
        f"photos.zip/{name}/0{number}.jpg" for name in ("cat", "dog") for number in (0, 1)
    ]


def test_a_zip_that_is_none(folder: Path, tmp_path: Path) -> None:
    """It does not end the others."""
    broken = written(tmp_path / "broken.zip", "no zip")
    found = unfolded([broken, folder], IMAGE)
    assert [(p.code, p.path) for p in found.problems] == [("zip.damaged", str(broken))]
    assert "broken.zip" in found.problems[0].sentence()
    assert found.paths == [folder]


@pytest.mark.parametrize(
    "text",
    [
        "path,label\ncat/00.jpg,x\ndog/01.jpg,y\ngone.jpg,y\n",
        "file\ncat/00.jpg\ndog/01.jpg\ngone.jpg\n",
        "id,note\n1,a\n2,b\n3,c\n",
        "cat\\00.jpg\ndog\\01.jpg\ngone.jpg\n",
    ],
)
def test_a_table_that_names_pictures(folder: Path, text: str) -> None:
    """Without labels too, since these are what is asked; what is not there is counted."""
    table = written(folder / "list.csv", text)
    found = unfolded([table], IMAGE)
    if text.startswith("id"):
        assert [p.code for p in found.problems] == ["rows.missing"]
        assert found.problems[0].values["count"] == 3
        return
    assert found.paths == [folder / "cat/00.jpg", folder / "dog/01.jpg"]
    (problem,) = found.problems
    assert (problem.code, problem.values["count"]) == ("rows.missing", 1)
    assert "gone.jpg" in problem.sentence() and str(table) == problem.path


def test_names_above_the_table_and_absolute_ones(folder: Path) -> None:
    lists = folder.parent / "lists"
    lists.mkdir()
    absolute = folder / "dog" / "01.jpg"
    table = written(lists / "l.csv", f"file\n../data/cat/00.jpg\n{absolute}\n")
    found = unfolded([table], IMAGE)
    assert [path.resolve() for path in found.paths] == [folder / "cat/00.jpg", absolute]
    assert not found.problems


def test_names_without_ending_in_sub_folders(folder: Path) -> None:
    (folder / "dog" / "01.jpg").rename(folder / "dog" / "07.jpg")
    (folder / "dog" / "00.jpg").rename(folder / "dog" / "08.jpg")
    found = unfolded([written(folder / "l.csv", "image_id\n01\n07\n08\n")], IMAGE)
    assert found.paths == [folder / f for f in ("cat/01.jpg", "dog/07.jpg", "dog/08.jpg")]


def test_a_table_that_names_nothing(folder: Path) -> None:
    table = written(folder / "l.csv", "weight,height\n3,4\n5,6\n")
    (problem,) = unfolded([table], IMAGE).problems
    assert problem.code == "predict.table"
    assert "No column of" in problem.sentence() and "pictures" in problem.sentence()


def test_a_table_that_names_recordings(tmp_path: Path) -> None:
    make_tiny_sounds(tmp_path, per_class=3)
    table = written(tmp_path / "l.csv", "wav\nclass_0/anna_00.wav\nclass_1/bela_01.wav\n")
    assert files(table, "audio") == ["class_0/anna_00.wav", "class_1/bela_01.wav"]


def test_rows_of_texts_stay_rows_and_names_of_texts_are_files(tmp_path: Path) -> None:
    make_tiny_texts(tmp_path / "t", per_class=3)
    rows = written(tmp_path / "rows.csv", "text,label\nIt was warm.,a\nIt was cold.,b\n")
    assert files(rows, "text") == ["rows.csv#2", "rows.csv#3"]
    names = written(tmp_path / "names.csv", "file\nt/class_0/00.txt\nt/class_1/01.txt\n")
    assert files(names, "text") == ["t/class_0/00.txt", "t/class_1/01.txt"]


def test_everything_else_stays_as_it_is(folder: Path) -> None:
    given = [folder, folder / "cat/00.jpg", folder / "gone.jpg", Path("x.csv"), Path("y.zip")]
    found = unfolded(given, IMAGE)
    assert (found.paths, found.problems) == (given, [])
    assert found.called(folder) == folder


def test_files_of_another_kind_of_data_are_counted(folder: Path) -> None:
    for name in ("b.wav", "a.wav", "list.csv", "README.txt"):
        written(folder / "cat" / name, "x")
    (problem,) = unfolded([folder], IMAGE).problems
    assert (problem.code, problem.path) == ("data.other_files", str(folder))
    assert (problem.values["count"], problem.values["example"]) == (2, "a.wav")


def test_files_in_folders_and_zips_that_are_not_read_are_counted(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("a.dcm", "b.dcm", "c.docx", "inner.zip"):
        written(folder / "cat" / name, "x")
    found = unfolded([folder], IMAGE)
    assert [(p.code, p.path) for p in found.problems] == [("data.foreign", str(folder))] * 3
    scans, *others = (p.sentence() for p in found.problems)
    assert scans.startswith("2 .dcm files (medical scans) are not read.")
    assert [text.split(" is ")[0] for text in others] == [
        "1 .docx file (document)",
        "1 .zip file (archive)",
    ]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    zipped = unfolded([tmp_path / "all.zip"], IMAGE)
    assert [p.path for p in zipped.problems] == [str(tmp_path / "all.zip")] * 3
    assert [p.values for p in zipped.problems] == [p.values for p in found.problems]


def test_the_sheet_that_names_files_and_what_is_said_of_others(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    for number in range(30):
        book.active.append([f"remark {number}", "by Anna"])
    sheet = book.create_sheet("Photos")
    for name in ("file", "cat/00.jpg", "dog/01.jpg"):
        sheet.append([name, "2024"])
    book.save(folder / "list.xlsx")
    found = unfolded([folder / "list.xlsx"], IMAGE)
    assert found.paths == [folder / "cat/00.jpg", folder / "dog/01.jpg"]
    (told,) = found.problems
    assert (told.code, told.values["others"]) == ("tables.other_sheets", "Notes")
