"""The layouts in which people keep their data. Files are not opened, so these are empty."""

import os
import time
from pathlib import Path

import pytest

from tests import bad_files
from transfergui.core.dataset import DataOptions
from transfergui.core.errors import UserError
from transfergui.core.modalities import layouts
from transfergui.core.modalities.layouts import Listing, Wanted, extension, places

WANTED = Wanted("pictures", frozenset({".jpg", ".png"}))
Found = dict[str, tuple[str, str | None]]


def make(folder: Path, *names: str) -> Path:
    """Empty files; a name that ends with a slash is an empty folder."""
    for name in names:
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.touch()
    return folder


def read(path: Path, test: Path | None = None) -> Listing:
    options = DataOptions(path=str(path), test=str(test) if test else None)
    return layouts.read(options, WANTED, lambda count: None)


def found(listing: Listing) -> Found:
    """Class and split of every path."""
    return {s.path: (listing.classes[s.label], s.split) for s in listing.samples}


def codes(listing: Listing) -> dict[str, str]:
    assert all(problem.sentence() for problem in listing.problems)
    return {problem.path: problem.code for problem in listing.problems}


def refusal(path: Path, test: Path | None = None) -> str:
    with pytest.raises(UserError) as caught:
        read(path, test)
    assert str(test or path) in str(caught.value)
    return caught.value.code


# -- class folders


def test_a_folder_per_class(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "cat/2.PNG", "dog/1.jpg")
    listing = read(tmp_path)
    assert found(listing) == {
        "cat/1.jpg": ("cat", None),
        "cat/2.PNG": ("cat", None),
        "dog/1.jpg": ("dog", None),
    }
    assert listing.root == tmp_path
    assert listing.problems == []


def test_nested_classes_have_their_path_as_name(tmp_path: Path) -> None:
    make(tmp_path, "Greek/alpha/1.jpg", "Greek/beta/1.jpg", "Latin/a/1.jpg", "Latin/1.jpg")
    assert set(read(tmp_path).classes) == {"Greek/alpha", "Greek/beta", "Latin/a", "Latin"}


@pytest.mark.parametrize("wrapping", ["data/", "data/pictures/"])
def test_folders_around_everything_are_no_part_of_the_name(tmp_path: Path, wrapping: str) -> None:
    make(tmp_path, f"{wrapping}cat/1.jpg", f"{wrapping}dog/1.jpg")
    assert set(read(tmp_path).classes) == {"cat", "dog"}


def test_a_single_class_keeps_its_name(tmp_path: Path) -> None:
    assert read(make(tmp_path, "data/cat/1.jpg")).classes == ["cat"]


@pytest.mark.parametrize("validation", ["val", "valid", "validation", "Val", "dev"])
def test_split_folders(tmp_path: Path, validation: str) -> None:
    make(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg", f"{validation}/cat/2.jpg")
    make(tmp_path, "test/dog/2.jpg")
    assert found(read(tmp_path)) == {
        "train/cat/1.jpg": ("cat", "train"),
        "train/dog/1.jpg": ("dog", "train"),
        f"{validation}/cat/2.jpg": ("cat", "val"),
        "test/dog/2.jpg": ("dog", "test"),
    }


def test_split_folders_wrapped_nested_and_beside_others(tmp_path: Path) -> None:
    make(tmp_path, "d/Training/im/a/cat/1.jpg", "d/Training/im/dog/1.jpg", "d/Testing/im/dog/1.jpg")
    make(tmp_path, "d/unsorted/1.jpg", "d/Testing/2.jpg")
    listing = read(tmp_path)
    assert found(listing) == {
        "d/Training/im/a/cat/1.jpg": ("a/cat", "train"),
        "d/Training/im/dog/1.jpg": ("dog", "train"),
        "d/Testing/im/dog/1.jpg": ("dog", "test"),
    }
    assert codes(listing) == {"d/unsorted": "data.no_class", "d/Testing": "data.no_class"}


def test_classes_that_are_called_train_and_bus_are_classes(tmp_path: Path) -> None:
    make(tmp_path, "train/1.jpg", "bus/1.jpg", "test/1.jpg")
    assert set(read(tmp_path).classes) == {"train", "bus", "test"}


def test_train_among_vehicles_with_models_below(tmp_path: Path) -> None:
    make(tmp_path, "train/steam/1.jpg", "bus/red/1.jpg")
    assert set(read(tmp_path).classes) == {"train/steam", "bus/red"}


def test_only_a_train_folder(tmp_path: Path) -> None:
    make(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg")
    assert found(read(tmp_path)) == {
        "train/cat/1.jpg": ("cat", None),
        "train/dog/1.jpg": ("dog", None),
    }


def test_places_of_no_folder_at_all() -> None:
    assert places([""])("") == (None, None)


# -- what is not a sample


def test_empty_classes_are_listed(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "dog/1.jpg", "fish/", "bird/notes.txt")
    listing = read(tmp_path)
    assert set(listing.classes) == {"cat", "dog"}
    assert codes(listing) == {"fish": "data.empty_class", "bird": "data.empty_class"}


def test_a_class_that_is_empty_in_one_split_only_is_not_empty(tmp_path: Path) -> None:
    make(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg", "test/cat/2.jpg", "test/dog/")
    assert codes(read(tmp_path)) == {}


def test_other_files_are_counted_per_folder(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "cat/1.xml", "cat/2.xml", "dog/1.jpg", "README.md", "labels.txt")
    listing = read(tmp_path)
    assert codes(listing) == {"cat": "data.other_files"}
    assert listing.problems[0].values == {"count": 2, "example": "1.xml", "noun": "pictures"}


def test_pictures_beside_the_class_folders_are_counted(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "dog/1.jpg", "1.jpg", "2.jpg", "LICENSE")
    listing = read(tmp_path)
    assert set(found(listing)) == {"cat/1.jpg", "dog/1.jpg"}
    assert codes(listing) == {".": "data.no_class"}
    assert listing.problems[0].values["count"] == 2


def test_files_without_an_extension_are_worth_a_look(tmp_path: Path) -> None:
    make(tmp_path, "cat/photo", "dog/1.jpg")
    assert set(found(read(tmp_path))) == {"cat/photo", "dog/1.jpg"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Photo.JPG", ".jpg"),
        ("a.b/photo", ""),
        ("photo", ""),
        ("x.jpg ", ".jpg"),
        ("x.jpg.", ".jpg"),
        ("x.tar.gz", ".gz"),
    ],
)
def test_extension(name: str, expected: str) -> None:
    assert extension(name) == expected


# -- refused as a whole


def test_missing_and_nameless_sources(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere") == "data.missing"
    with pytest.raises(UserError) as caught:
        layouts.read(DataOptions(path=""), WANTED, lambda count: None)
    assert caught.value.code == "data.missing"


def test_folders_with_nothing_to_learn_from(tmp_path: Path) -> None:
    assert refusal(make(tmp_path / "a", "x/")) == "data.empty"
    assert refusal(make(tmp_path / "b", "x/notes.txt")) == "data.empty"
    assert refusal(make(tmp_path / "c", "1.jpg", "2.jpg")) == "data.unsorted"
    assert refusal(make(tmp_path / "d", "x.docx") / "x.docx") == "data.unknown_source"
    assert refusal(make(tmp_path / "e", "x.xlsx") / "x.xlsx") == "tables.not_a_workbook"
    assert refusal(make(tmp_path / "f", "x.xls") / "x.xls") == "tables.old_excel"
    assert refusal(make(tmp_path / "g", "x.ods") / "x.ods") == "tables.open_document"


# -- manifests and zips


def test_a_manifest(tmp_path: Path) -> None:
    make(tmp_path, "im/1.jpg", "im/2.jpg")
    (tmp_path / "t.csv").write_text("path,label,split\nim/1.jpg,cat,train\nim/2.jpg,dog,test\n")
    expected: Found = {"im/1.jpg": ("cat", "train"), "im/2.jpg": ("dog", "test")}
    assert found(read(tmp_path / "t.csv")) == expected
    assert found(read(tmp_path)) == expected


def test_a_manifest_in_a_wrapping_folder(tmp_path: Path) -> None:
    make(tmp_path, "d/im/1.jpg", "d/im/2.jpg", "d/im/deeper/notes.csv")
    (tmp_path / "d/t.csv").write_text("path,label\nim/1.jpg,cat\nim/2.jpg,dog\n")
    listing = read(tmp_path)
    assert listing.root == tmp_path / "d"
    assert found(listing) == {"im/1.jpg": ("cat", None), "im/2.jpg": ("dog", None)}


def test_class_folders_win_over_a_table_beside_them(tmp_path: Path) -> None:
    """It may be the predictions that this program wrote there."""
    make(tmp_path, "cat/1.jpg", "dog/1.jpg")
    (tmp_path / "predictions.csv").write_text("path,label\ncat/1.jpg,fish\n")
    assert set(read(tmp_path).classes) == {"cat", "dog"}


def test_two_tables_are_not_chosen_from(tmp_path: Path) -> None:
    make(tmp_path, "1.jpg", "a.csv", "b.csv")
    assert refusal(tmp_path) == "data.unsorted"


def test_an_unreadable_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "t.csv")

    def refuse(*arguments: object, **named: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(tmp_path / "t.csv") == "data.unreadable"


@pytest.mark.parametrize("top", ["", "data/"])
def test_a_zip(tmp_path: Path, top: str) -> None:
    members = [(f"{top}{name}", data) for name, data in bad_files.good_members()]
    archive = bad_files.make_zip(tmp_path / "x.zip", members)
    listing = read(archive)
    assert sorted(listing.classes) == ["cat", "dog"]
    assert len(listing.samples) == 8
    assert all((listing.root / s.path).is_file() for s in listing.samples)


def test_a_zip_with_a_manifest_and_one_by_another_name(tmp_path: Path) -> None:
    table = b"path,label\nim/1.jpg,cat\nim/2.jpg,dog\n"
    members: list[tuple[str, bytes]] = [("im/1.jpg", b"x"), ("im/2.jpg", b"x"), ("t.csv", table)]
    archive = bad_files.make_zip(tmp_path / "x.data", members)
    assert set(read(archive).classes) == {"cat", "dog"}


def test_an_empty_zip_is_named_as_it_was_opened(tmp_path: Path) -> None:
    assert refusal(bad_files.make_zip(tmp_path / "x.zip", [("notes.txt", b"x")])) == "data.empty"


# -- a separate test set


def test_a_test_folder_elsewhere(tmp_path: Path) -> None:
    make(tmp_path, "data/cat/1.jpg", "data/dog/1.jpg", "held/cat/2.jpg", "held/fish/1.jpg")
    listing = read(tmp_path / "data", tmp_path / "held")
    assert found(listing) == {
        "cat/1.jpg": ("cat", None),
        "dog/1.jpg": ("dog", None),
        "../held/cat/2.jpg": ("cat", "test"),
    }
    assert (listing.root / "../held/cat/2.jpg").is_file()
    assert codes(listing) == {"fish": "data.unknown_test_class"}


def test_a_test_folder_within_the_data(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "dog/1.jpg", "mine/cat/2.jpg", "mine/dog/2.jpg")
    assert found(read(tmp_path, tmp_path / "mine")) == {
        "cat/1.jpg": ("cat", None),
        "dog/1.jpg": ("dog", None),
        "mine/cat/2.jpg": ("cat", "test"),
        "mine/dog/2.jpg": ("dog", "test"),
    }


def test_a_chosen_test_set_replaces_the_one_beside_the_data(tmp_path: Path) -> None:
    make(tmp_path, "d/train/cat/1.jpg", "d/train/dog/1.jpg", "d/test/cat/2.jpg", "mine/cat/3.jpg")
    listing = read(tmp_path / "d", tmp_path / "mine")
    assert {s.path for s in listing.samples if s.split == "test"} == {"../mine/cat/3.jpg"}
    assert codes(listing) == {"test/cat/2.jpg": "data.test_replaced"}


def test_a_test_folder_must_be_sorted_too(tmp_path: Path) -> None:
    make(tmp_path, "d/cat/1.jpg", "d/dog/1.jpg", "t/1.jpg")
    assert refusal(tmp_path / "d", tmp_path / "t") == "data.unsorted"
    assert refusal(tmp_path / "d", tmp_path / "nowhere") == "data.missing"


# -- many


def bare_walk(root: Path) -> int:
    """What listing costs at least."""
    count, waiting = 0, [os.fspath(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    count += 1
    return count


def seconds(work: object, times: int = 7) -> float:
    """Processor time of the fastest of some calls."""
    assert callable(work)

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once() for _ in range(times))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    make(folder, *(f"class {n}/" for n in range(10)))
    for number in range(2000):
        (folder / f"class {number % 10}" / f"picture {number:05}.jpg").touch()
    return folder


@pytest.mark.slow  # a measurement: only an idle machine can tell
def test_listing_costs_at_most_four_bare_walks(many: Path) -> None:
    assert bare_walk(many) == len(read(many).samples) == 2000
    assert seconds(lambda: read(many)) <= 4 * seconds(lambda: bare_walk(many))


def test_progress_is_told_and_may_cancel(many: Path) -> None:
    counts: list[int] = []
    layouts.read(DataOptions(path=str(many)), WANTED, counts.append)
    assert counts == [1000, 2000]

    def cancel(count: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        layouts.read(DataOptions(path=str(many)), WANTED, cancel)
