"""The layouts in which people keep their data. Files are not opened, so these are empty."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import bad_files
from transfergui.core.base import files
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.reading.files.walk import extension
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.sources import reader
from transfergui.core.reading.sources.wanted import Wanted

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


def read(path: Path, test: Path | None = None, **asked: object) -> Listing:
    options = DataOptions(path=str(path), test=str(test) if test else None, options=asked)
    return reader.read(options, WANTED, lambda count: None)


def found(listing: Listing) -> Found:
    """Class and split of every path."""
    return {s.path: (listing.classes[s.label], s.split) for s in listing.samples}


def codes(listing: Listing) -> dict[str, str]:
    assert all(problem.sentence() for problem in listing.problems)
    return {problem.path: problem.code for problem in listing.problems}


def question(path: Path) -> Question:
    """What is asked; every answer leads to a listing, unless it says that there is nothing."""
    with pytest.raises(Question) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert caught.value.setting == "data.options.layout"
    for value, meaning in caught.value.choices.items():
        assert meaning
        try:
            listing = read(path, layout=value)
        except Question as further:  # what the folders of the split are
            listing = read(path, layout=value, split_folders=further.guess)
        assert listing.chosen["layout"] == value
    return caught.value


def refusal(path: Path, test: Path | None = None) -> str:
    with pytest.raises(UserError) as caught:
        read(path, test)
    assert str(test or path) in str(caught.value)
    return caught.value.code


def test_all_zips_of_a_folder(tmp_path: Path) -> None:
    for part in ("train", "test"):
        members = [(f"{label}/{part}{n}.jpg", b"1") for label in ("cat", "dog") for n in range(2)]
        bad_files.make_zip(tmp_path / f"{part}.zip", members)
    listing = read(tmp_path / "*.zip")
    assert Counter(found(listing).values()) == {
        (label, part): 2 for label in ("cat", "dog") for part in ("train", "test")
    }


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
    asked = question(tmp_path)
    assert (asked.code, asked.guess) == ("data.nested", "class/group")
    listing = read(tmp_path, layout="class")
    assert set(listing.classes) == {"Greek/alpha", "Greek/beta", "Latin/a", "Latin"}


def test_folders_in_class_folders_may_be_people(tmp_path: Path) -> None:
    make(tmp_path, "sick/anna/1.jpg", "sick/ben/1.jpg", "well/carl/1.jpg", "well/dora/1.jpg")
    assert question(tmp_path).code == "data.nested"
    listing = read(tmp_path, layout="class/group")
    assert {listing.classes[s.label] for s in listing.samples} == {"sick", "well"}
    assert sorted(s.group or "" for s in listing.samples) == ["anna", "ben", "carl", "dora"]


def test_one_folder_in_each_class_folder_means_nothing(tmp_path: Path) -> None:
    make(tmp_path, "cat/pictures of cats/1.jpg", "dog/pictures of dogs/1.jpg")
    assert set(read(tmp_path).classes) == {"cat", "dog"}


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
    make(tmp_path, "d/Training/im/cat/1.jpg", "d/Training/im/dog/1.jpg", "d/Testing/im/dog/1.jpg")
    make(tmp_path, "d/unsorted/1.jpg", "d/Testing/2.jpg")
    listing = read(tmp_path)
    assert found(listing) == {
        "d/Training/im/cat/1.jpg": ("cat", "train"),
        "d/Training/im/dog/1.jpg": ("dog", "train"),
        "d/Testing/im/dog/1.jpg": ("dog", "test"),
    }
    assert codes(listing) == {"d/unsorted": "data.no_class", "d/Testing": "data.no_class"}


def test_classes_that_are_called_train_and_bus_are_asked_about(tmp_path: Path) -> None:
    make(tmp_path, "train/1.jpg", "bus/1.jpg", "test/1.jpg")
    asked = question(tmp_path)
    assert (asked.code, asked.guess) == ("data.class_or_part", "class")
    assert set(read(tmp_path, layout="class").classes) == {"train", "bus", "test"}


def test_train_among_vehicles_with_models_below(tmp_path: Path) -> None:
    make(tmp_path, "train/steam/1.jpg", "bus/red/1.jpg")
    assert question(tmp_path).guess == "class"
    assert set(read(tmp_path, layout="class").classes) == {"train/steam", "bus/red"}


@pytest.mark.parametrize("name", ["train", "test1", "val2017", "training_set", "TestImages"])
def test_a_part_of_the_data_is_never_a_class_without_a_question(name: str, tmp_path: Path) -> None:
    make(tmp_path, f"{name}/1.jpg", "cat/1.jpg", "dog/1.jpg")
    assert question(tmp_path).code == "data.class_or_part"


def test_parts_with_suffixes_and_doubled_folders(tmp_path: Path) -> None:
    make(tmp_path, "seg_train/seg_train/cat/1.jpg", "seg_train/seg_train/dog/1.jpg")
    make(tmp_path, "seg_test/seg_test/dog/2.jpg", "seg_pred/seg_pred/3.jpg")
    listing = read(tmp_path)
    assert found(listing) == {
        "seg_train/seg_train/cat/1.jpg": ("cat", "train"),
        "seg_train/seg_train/dog/1.jpg": ("dog", "train"),
        "seg_test/seg_test/dog/2.jpg": ("dog", "test"),
    }
    assert codes(listing) == {"seg_pred/seg_pred": "data.no_class"}
    assert listing.chosen == {"layout": "split/-/class"}


def test_days_below_and_above_the_class_are_groups(tmp_path: Path) -> None:
    make(tmp_path / "a", "cat/2024-05-01/1.jpg", "cat/2024-05-02/2.jpg", "dog/2024-05-01/3.jpg")
    make(tmp_path / "b", "2024-05-01/cat/1.jpg", "2024-05-02/cat/2.jpg", "2024-05-01/dog/3.jpg")
    for name in ("a", "b"):
        listing = read(tmp_path / name)
        said = {s.path[-5]: (listing.classes[s.label], s.group) for s in listing.samples}
        assert said == {
            "1": ("cat", "2024-05-01"),
            "2": ("cat", "2024-05-02"),
            "3": ("dog", "2024-05-01"),
        }


def test_one_name_on_two_levels_is_asked_about(tmp_path: Path) -> None:
    make(tmp_path, "cat/park/1.jpg", "cat/home/1.jpg", "dog/park/1.jpg", "dog/home/1.jpg")
    asked = question(tmp_path)
    assert set(asked.choices) == {
        "class", "class/group", "group/class", "-/class", "split/class", "levels",
    }  # fmt: skip
    assert asked.choices["class"].endswith("(4 classes)")
    assert asked.choices["split/class"].endswith("(2 classes)")
    tested = "(2 classes; tested on new groups)"
    assert asked.choices["class/group"].endswith(tested)
    listing = read(tmp_path, layout="class/group")
    assert [(listing.classes[s.label], s.group) for s in listing.samples] == [
        (s.path.split("/")[0], s.path.split("/")[1]) for s in listing.samples
    ]


def test_parts_in_a_language_that_is_not_known(tmp_path: Path) -> None:
    make(tmp_path, *(f"Lern/{c}/{n}.jpg" for c in "ab" for n in range(3)), "Pr\u00fcf/a/9.jpg",
         "Pr\u00fcf/b/8.jpg")  # fmt: skip
    asked = question(tmp_path)
    assert "Lern, Pr\u00fcf are for training, validation or test" in asked.choices["split/class"]
    with pytest.raises(Question) as parts:
        read(tmp_path, layout="split/class")
    assert parts.value.setting == "data.options.split_folders"
    assert parts.value.guess == "Lern=train, Pr\u00fcf=test"
    assert len(parts.value.choices) == 4
    listing = read(tmp_path, layout="split/class", split_folders=parts.value.guess)
    assert Counter((listing.classes[s.label], s.split) for s in listing.samples) == {
        ("a", "train"): 3, ("b", "train"): 3, ("a", "test"): 1, ("b", "test"): 1,
    }  # fmt: skip
    assert listing.chosen["split_folders"] == parts.value.guess
    with pytest.raises(UserError, match="A=train, B=test"):
        read(tmp_path, layout="split/class", split_folders="Lern")


def test_parts_of_file_names_may_be_the_class(tmp_path: Path) -> None:
    """As of RAVDESS: a folder for each actor, and codes in the names."""
    names = (f"Actor_{a:02}/03-01-{e}-0{k}-{a:02}.jpg" for a in range(1, 5) for e in ("01", "05")
             for k in (1, 2))  # fmt: skip
    make(tmp_path, *names)
    asked = question(tmp_path)
    assert list(asked.choices) == ["group/name:3", "group/name:4", "group/name:5", "class"]
    assert asked.choices["group/name:3"] == "Part 3 of the file name is the class: 01, 05"
    listing = read(tmp_path, layout="group/name:3")
    assert Counter(listing.classes[s.label] for s in listing.samples) == {"01": 8, "05": 8}
    assert {s.group for s in listing.samples} == {f"Actor_{a:02}" for a in range(1, 5)}


@pytest.mark.parametrize("layout", ["name:0", "name:x", "name:3/class", "name:"])
def test_parts_of_names_that_cannot_be(layout: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(make(tmp_path, "cat/1.jpg", "dog/1.jpg"), layout=layout)
    assert caught.value.code == "data.unknown_layout"


def test_files_of_a_kind_that_is_known_are_counted_once(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "cat/2.mp4", "cat/3.xyz", "dog/1.jpg")
    told = [(p.code, p.values.get("count")) for p in read(tmp_path).problems]
    assert sorted(told, key=str) == [("data.foreign", None), ("data.other_files", 1)]


def test_many_folders_that_say_no_part(tmp_path: Path) -> None:
    make(tmp_path, *(f"{part}/{c}/1.jpg" for part in "vwxyz" for c in "ab"))
    with pytest.raises(UserError) as caught:
        read(tmp_path, layout="split/class")
    assert caught.value.code == "data.unknown_part"


def test_masks_beside_the_pictures_of_each_class_are_counted(tmp_path: Path) -> None:
    make(tmp_path, *(f"{c}/{kind}/{n}.png" for c in ("crack", "ok") for kind in ("rgb", "gt")
                     for n in range(3)))  # fmt: skip
    listing = read(tmp_path)
    assert len(listing.samples) == 6
    masks = [problem for problem in listing.problems if problem.code == "data.masks"]
    assert [problem.values["count"] for problem in masks] == [6]


def test_letters_count_devices(tmp_path: Path) -> None:
    days = ("2022_11_03", "2022_11_04")
    make(tmp_path, *(f"{cam}/{day}/{c}/1.jpg" for cam in ("Cam-A", "Cam-B") for day in days
                     for c in ("open", "closed")))  # fmt: skip
    listing = read(tmp_path)
    assert listing.chosen["layout"] == "group/-/class"
    assert {(listing.classes[s.label], s.group) for s in listing.samples} == {
        (c, cam) for c in ("open", "closed") for cam in ("Cam-A", "Cam-B")
    }


@pytest.mark.parametrize(
    "names", [("day1", "day2"), ("fold1", "fold2"), ("patient_7", "patient_9")]
)
def test_nothing_but_groups_is_asked_about(names: tuple[str, str], tmp_path: Path) -> None:
    make(tmp_path, *(f"{name}/{n}.jpg" for name in names for n in range(3)))
    assert question(tmp_path).code == "data.only_groups"


def test_an_unknown_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(make(tmp_path, "cat/1.jpg", "dog/1.jpg"), layout="level:2")
    assert caught.value.code == "data.unknown_layout"


# -- tables beside


def table(path: Path, rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rows)
    return path


def test_parts_with_a_table_of_ids_beside_them(tmp_path: Path) -> None:
    make(tmp_path, "train_images/a.jpg", "train_images/b.jpg", "train_images/c.jpg", "test1/9.jpg")
    table(tmp_path / "train.csv", "id,breed\na,pug\nb,beagle\nc,pug\n")
    table(tmp_path / "sample_submission.csv", "id,breed\n9,pug\n")
    listing = read(tmp_path)
    assert found(listing) == {
        "train_images/a.jpg": ("pug", None),
        "train_images/b.jpg": ("beagle", None),
        "train_images/c.jpg": ("pug", None),
    }
    assert codes(listing)["test1/9.jpg"] == "data.not_in_table"
    assert codes(listing)["sample_submission.csv"] == "data.table_predicted"


def test_a_table_of_folds_in_meta(tmp_path: Path) -> None:
    """As of ESC-50 and UrbanSound8K."""
    make(
        tmp_path, "audio/fold1/a.jpg", "audio/fold2/b.jpg", "audio/fold2/c.jpg", "audio/fold1/d.jpg"
    )
    rows = ["a.jpg,1,0,siren", "b.jpg,2,1,drill", "c.jpg,2,0,siren", "d.jpg,1,1,drill"]
    table(tmp_path / "meta/all.csv", "\n".join(["filename,fold,target,category", *rows]))
    listing = read(tmp_path)
    assert {s.path[-5]: (listing.classes[s.label], s.group) for s in listing.samples} == {
        "a": ("siren", "1"),
        "b": ("drill", "2"),
        "c": ("siren", "2"),
        "d": ("drill", "1"),
    }


def test_a_table_in_each_part(tmp_path: Path) -> None:
    for part, names in (("train", "abcd"), ("valid", "ef"), ("test", "gh")):
        make(tmp_path, *(f"{part}/{name}.jpg" for name in names))
        rows = [f"{name}.jpg,{int(n % 2 == 0)},{int(n % 2)}" for n, name in enumerate(names)]
        table(tmp_path / part / "_classes.csv", "\n".join(["filename, cat, dog", *rows]))
    assert found(read(tmp_path)) == {
        "train/a.jpg": ("cat", "train"),
        "train/b.jpg": ("dog", "train"),
        "train/c.jpg": ("cat", "train"),
        "train/d.jpg": ("dog", "train"),
        "valid/e.jpg": ("cat", "val"),
        "valid/f.jpg": ("dog", "val"),
        "test/g.jpg": ("cat", "test"),
        "test/h.jpg": ("dog", "test"),
    }


def test_patients_as_folders_and_a_table_of_patients(tmp_path: Path) -> None:
    make(tmp_path, *(f"P{n:03}/{k}.jpg" for n in range(6) for k in "ab"))
    rows = [f"P{n:03},{('sick', 'well')[n % 2]}" for n in range(6)]
    table(tmp_path / "patients.csv", "\n".join(["patient,diagnosis", *rows]))
    listing = read(tmp_path)
    assert len(listing.samples) == 12
    for s in listing.samples:
        number = int(s.path[1:4])
        assert (listing.classes[s.label], s.group) == (("sick", "well")[number % 2], s.path[:4])


def test_a_table_that_says_other_classes_than_the_folders_is_asked_about(tmp_path: Path) -> None:
    make(tmp_path, "anna/1.jpg", "anna/2.jpg", "ben/3.jpg", "ben/4.jpg")
    table(tmp_path / "labels.csv", "file,label\n1,cat\n2,dog\n3,cat\n4,dog\n")
    asked = question(tmp_path)
    assert (asked.code, asked.guess) == ("data.table_or_folders", "table")
    assert set(read(tmp_path, layout="table").classes) == {"cat", "dog"}
    assert set(read(tmp_path, layout="class").classes) == {"anna", "ben"}


def test_a_table_that_agrees_with_the_folders_adds_its_groups(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "cat/2.jpg", "dog/3.jpg", "dog/4.jpg")
    table(tmp_path / "meta.csv", "file,label,patient\n1,0,a\n2,0,b\n3,1,a\n4,1,b\n")
    listing = read(tmp_path)
    assert [s.group for s in listing.samples] == ["a", "b", "a", "b"]
    assert listing.chosen["layout"] == "table"


def test_folders_that_are_one_column_of_a_table_are_asked_about(tmp_path: Path) -> None:
    make(tmp_path, "forest/1.jpg", "forest/2.jpg", "moor/3.jpg", "moor/4.jpg")
    rows = "file,place,animal\n1,forest,fox\n2,forest,owl\n3,moor,fox\n4,moor,owl\n"
    table(tmp_path / "list.csv", rows)
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("data.table_or_folders", "table")
    assert "fox, owl" in asked.value.choices["table"]
    with pytest.raises(Question) as column:
        read(tmp_path, layout="table")
    assert sorted(column.value.choices) == ["animal", "place"]
    assert "place,animal" in {answer.replace(", ", ",") for answer in column.value.answers}


def test_lists_of_files_say_the_split(tmp_path: Path) -> None:
    """As of Speech Commands: what no list names is for training."""
    make(tmp_path, *(f"{name}/{n}.jpg" for name in ("cat", "dog") for n in range(4)))
    table(tmp_path / "testing_list.txt", "cat/0.jpg\ndog/0.jpg\n")
    table(tmp_path / "validation_list.txt", "cat/1.jpg\ndog/1.jpg\n")
    table(tmp_path / "README.txt", "These are cats and dogs.\n")
    listing = read(tmp_path)
    assert {path[-5]: split for path, (_class, split) in found(listing).items()} == {
        "0": "test",
        "1": "val",
        "2": "train",
        "3": "train",
    }
    assert listing.chosen["split_column"] == "lists"
    assert {s.split for s in read(tmp_path, split_column="-").samples} == {None}


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("Entra\u00eenement", "Validation", "Test"), ("train", "val", "test")),
        (("Trainingsdaten", "Testdaten"), ("train", "test")),
        (("\u8bad\u7ec3\u96c6", "\u6d4b\u8bd5\u96c6"), ("train", "test")),
    ],
)
def test_parts_in_other_languages(
    names: tuple[str, ...], parts: tuple[str, ...], tmp_path: Path
) -> None:
    make(tmp_path, *(f"{name}/{kind}/1.jpg" for name in names for kind in ("cat", "dog")))
    assert {s.split for s in read(tmp_path).samples} == set(parts)


def test_answers_of_a_model_are_never_the_truth(tmp_path: Path) -> None:
    make(tmp_path, *(f"im/{n}.jpg" for n in range(4)))
    rows = [f"im/{n}.jpg,{'ab'[n % 2]},0.9" for n in range(4)]
    table(tmp_path / "mine.csv", "\n".join(["path,label,confidence", *rows]))
    assert read(tmp_path).classes == ["im"]
    assert codes(read(tmp_path))["mine.csv"] == "data.table_predicted"
    make(tmp_path, "cat/1.jpg", "dog/2.jpg")
    assert codes(read(tmp_path, layout="class"))["mine.csv"] == "data.table_predicted"
    assert set(read(tmp_path, table="mine.csv").classes) == {"a", "b"}


def test_a_table_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "dog/2.jpg", "~$list.xlsx")
    (tmp_path / "notes.xlsx").write_bytes(b"no workbook")
    listing = read(tmp_path)
    assert set(listing.classes) == {"cat", "dog"}
    assert codes(listing) == {"notes.xlsx": "data.table_unread"}


def test_names_of_tables_and_columns_that_are_not_there(tmp_path: Path) -> None:
    make(tmp_path, *(f"im/{n}.jpg" for n in range(4)))
    table(tmp_path / "a.csv", "id,label\n0,x\n1,y\n2,x\n3,y\n")
    for asked, code in (
        ({"table": "b.csv"}, "data.unknown_table"),
        ({"label_column": "species"}, "data.unknown_column"),
        ({"group_column": "patient"}, "data.unknown_column"),
    ):
        with pytest.raises(UserError) as caught:
            read(tmp_path, **asked)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("file,label\n", "data.table_no_rows"),
        ("file,label\n1.jpg,cat\n", "data.table_one_row"),
        ("1.jpg,cat\n", "data.table_one_row"),
        ("file,what\n1.jpg,cat\n", "data.table_one_row"),
        ("file,label\n1.jpg,cat\n2.jpg,cat\n", "data.table_one_class"),
        ("file,what\n9.jpg,cat\n", "data.table_columns"),
    ],
)
def test_a_table_of_too_few_rows_is_refused_as_that(rows: str, code: str, tmp_path: Path) -> None:
    make(tmp_path, *(f"{n}.jpg" for n in range(4)))
    table(tmp_path / "a.csv", rows)
    assert refusal(tmp_path) == code


def test_a_file_in_the_tables_of_two_parts_is_told(tmp_path: Path) -> None:
    make(tmp_path, *(f"im/{n}.jpg" for n in range(8)))
    rows = [f"{n}.jpg,{'xy'[n % 2]}\n" for n in range(8)]
    table(tmp_path / "train.csv", "file,label\n" + "".join(rows[:6]))
    table(tmp_path / "test.csv", "file,label\n" + "".join(rows[4:]))
    listing = read(tmp_path)
    assert {path for path, (_, split) in found(listing).items() if split == "test"} == {
        f"im/{n}.jpg" for n in (4, 5, 6, 7)
    }
    (told,) = (p for p in listing.problems if p.code == "data.in_two_parts")
    assert (told.path, told.left_out, told.values["count"]) == ("train.csv", False, 2)
    assert "im/4.jpg: test and train). The set in test.csv is used." in told.sentence()
    table(tmp_path / "test.csv", "file,label\n5.jpg,x\n" + "".join(rows[6:]))
    listing = read(tmp_path)
    assert codes(listing)["im/5.jpg"] == "rows.two_labels"
    assert "im/5.jpg" not in found(listing)
    assert "data.in_two_parts" not in codes(listing).values()


COLUMNS = ("path_column", "label_column", "split_column", "group_column")


@pytest.mark.parametrize("option", COLUMNS)
def test_a_column_is_refused_where_folders_say_the_classes(option: str, tmp_path: Path) -> None:
    make(tmp_path, *(f"{c}/{n}.jpg" for n in range(4) for c in ("cat", "dog")))
    with pytest.raises(
        UserError, match=rf"{option} names the column who, but .* contains no table"
    ):
        read(tmp_path, **{option: "who"})
    assert len(read(tmp_path, **{option: "-"}).samples) == 8
    of_a_model = read(tmp_path, keep_untrained=True, text_column="text", **{option: "who"})
    assert set(of_a_model.classes) == {"cat", "dog"}  # whose own table had the column
    rows = "".join(f"{n}.jpg,{n % 2}\n" for n in range(4))
    table(tmp_path / "cat" / "days.csv", f"file,day\n{rows}")
    with pytest.raises(UserError, match=r"days\.csv has no column who\. Found: file, day\."):
        read(tmp_path, layout="class", **{option: "who"})
    assert len(read(tmp_path, layout="class", **{option: "day"}).samples) == 8


def test_a_split_by_lists_is_no_column(tmp_path: Path) -> None:
    names = [f"{c}/{n}.jpg" for n in range(4) for c in ("cat", "dog")]
    make(tmp_path, *names)
    (tmp_path / "test_list.txt").write_text("\n".join(names[:2]))
    listing = read(tmp_path, split_column="lists")
    assert Counter(s.split for s in listing.samples) == {"train": 6, "test": 2}


@pytest.mark.parametrize(
    ("option", "column", "other"),
    [
        ("split_column", "kind", "label_column"),
        ("group_column", "kind", "label_column"),
        ("path_column", "kind", "label_column"),
        ("label_column", "id", "path_column"),
    ],
)
@pytest.mark.parametrize("folders", [("im", "im"), ("x", "y")], ids=["flat", "folders"])
def test_the_column_of_the_classes_is_used_for_nothing_else(
    option: str, column: str, other: str, folders: tuple[str, str], tmp_path: Path
) -> None:
    make(tmp_path, *(f"{folders[n % 2]}/{n}.jpg" for n in range(8)))
    rows = "".join(f"{n},{'xy'[n % 2]},{n // 2}\n" for n in range(8))
    table(tmp_path / "a.csv", f"id,kind,day\n{rows}")
    with pytest.raises(UserError) as caught:
        read(tmp_path, **{option: column})
    assert caught.value.code == "data.one_column_twice"
    assert {caught.value.note.values["first"], caught.value.note.values["second"]} == {
        option,
        other,
    }
    assert caught.value.note.values["name"] == column
    if option == "group_column":  # both are said
        listing = read(tmp_path, label_column="day", group_column="kind", layout="table")
        assert set(listing.classes) == {"0", "1", "2", "3"}
        assert {s.group for s in listing.samples} == {"x", "y"}


def test_groups_on_both_sides_of_the_class(tmp_path: Path) -> None:
    make(
        tmp_path, *(f"site{s}/{c}/day{d}/1.jpg" for s in "01" for c in ("cat", "dog") for d in "01")
    )
    listing = read(tmp_path)
    assert set(listing.classes) == {"cat", "dog"}
    assert {s.group for s in listing.samples} == {"site0", "site1"}


def test_two_tables_of_different_classes_are_asked_about(tmp_path: Path) -> None:
    make(tmp_path, *(f"im/{n}.jpg" for n in range(4)))
    for name, classes in (("colour", "red blue"), ("size", "big small")):
        one, other = classes.split()
        rows = [f"{n},{(one, other)[(n if name == 'size' else n // 2) % 2]}" for n in range(4)]
        table(tmp_path / f"{name}.csv", "\n".join(["id,label", *rows]))
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert asked.value.setting == "data.options.table"
    assert set(read(tmp_path, table="size.csv").classes) == {"big", "small"}


# -- detection, segmentation, names


def test_a_detection_set_is_called_that(tmp_path: Path) -> None:
    for part, names in (("train", "abcd"), ("val", "ef")):
        make(tmp_path, *(f"images/{part}/{name}.jpg" for name in names))
        for n, name in enumerate(names):
            table(tmp_path / "labels" / part / f"{name}.txt", f"{n % 2} 0.5 0.5 0.1 0.2\n")
    table(tmp_path / "labels/train/a.txt", "0 0.5 0.5 0.1 0.2\n1 0.1 0.1 0.1 0.1\n")
    table(tmp_path / "data.yaml", "nc: 2\nnames:\n  0: cat\n  1: dog\n")
    asked = question(tmp_path)
    assert asked.code == "data.detection"
    assert "YOLO" in str(asked)
    listing = read(tmp_path, layout="boxes")
    assert found(listing) == {
        "images/train/b.jpg": ("dog", "train"),
        "images/train/c.jpg": ("cat", "train"),
        "images/train/d.jpg": ("dog", "train"),
        "images/val/e.jpg": ("cat", "val"),
        "images/val/f.jpg": ("dog", "val"),
    }
    assert codes(listing) == {"images/train/a.jpg": "data.several_boxes"}


def test_what_is_predicted_of_a_detection_set_is_not_asked_again(tmp_path: Path) -> None:
    make(tmp_path, *SHOWN)
    cvat(tmp_path)
    for objective, number in (("one_class", 2), ("several_labels", 2)):
        options = DataOptions(path=str(tmp_path), objective=objective)
        assert len(reader.read(options, WANTED, lambda count: None).classes) == number
    with pytest.raises(UserError) as refused:
        reader.read(DataOptions(path=str(tmp_path), objective="number"), WANTED, lambda count: None)
    assert refused.value.code == "data.detection_only"


SHOWN = {f"p{n}.jpg": ("cup", "pen")[n % 2] for n in range(4)}


def supervisely(root: Path) -> None:
    for name, label in SHOWN.items():
        tree = {"tags": [], "objects": [{"classTitle": label, "points": {"exterior": [[1, 1]]}}]}
        table(root / f"ds0/ann/{name}.json", json.dumps(tree))


def cvat(root: Path) -> None:
    shown = (f'<image id="1" name="x/{name}" width="4"><box label="{label}" xtl="1"></box></image>'
             for name, label in SHOWN.items())  # fmt: skip
    table(root / "annotations.xml", f"<annotations><meta/>{''.join(shown)}</annotations>")


def label_studio(root: Path) -> None:
    tasks = []
    for name, label in SHOWN.items():
        result = [{"type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": [label]}}]
        wrong = {"result": [{"value": {"rectanglelabels": ["old"]}}], "was_cancelled": True}
        data = {"image": f"/data/upload/1/ab12cd34-{name}"}
        tasks.append({"data": data, "annotations": [{"result": result}, wrong]})
    table(root / "project.json", json.dumps(tasks))


def via(root: Path) -> None:
    regions = {n: [{"region_attributes": {"kind": label}}] for n, label in SHOWN.items()}
    tree = {f"{n}9": {"filename": n, "regions": regions[n]} for n in SHOWN}
    table(root / "via_project.json", json.dumps({"_via_img_metadata": tree}))


@pytest.mark.parametrize("written", [supervisely, cvat, label_studio, via])
def test_boxes_of_labelling_tools(tmp_path: Path, written: Callable[[Path], None]) -> None:
    make(tmp_path / "ds0/img", *SHOWN)
    written(tmp_path)
    assert question(tmp_path).code == "data.detection"
    listing = read(tmp_path, layout="boxes")
    assert {s.path: listing.classes[s.label] for s in listing.samples} == {
        f"ds0/img/{name}": label for name, label in SHOWN.items()
    }


def test_a_class_that_no_box_shows_is_named(tmp_path: Path) -> None:
    make(tmp_path, "images/a.jpg", "images/b.jpg", "images/c.jpg")
    for n, name in enumerate("abc"):
        table(tmp_path / f"labels/{name}.txt", f"{n % 2} 0.5 0.5 0.1 0.2\n")
    table(tmp_path / "data.yaml", "names: [cat, dog, owl]\n")
    assert codes(read(tmp_path, layout="boxes")) == {"owl": "data.empty_class"}


def test_pictures_without_boxes_and_without_a_file_of_them_are_two_things(tmp_path: Path) -> None:
    make(tmp_path, *(f"images/{name}.jpg" for name in "abcde"))
    for name, row in (("a", "0 0.5 0.5 0.1 0.2\n"), ("b", "1 0.5 0.5 0.1 0.2\n"), ("c", "")):
        table(tmp_path / f"labels/{name}.txt", row)
    listing = read(tmp_path, layout="boxes")
    assert {p.code: p.values["count"] for p in listing.problems} == {
        "data.empty_boxes": 1, "data.no_boxes": 2
    }  # fmt: skip


def test_a_word_behind_the_name_of_another_file(tmp_path: Path) -> None:
    names = [
        f"{label}/IMG_{n}{kind}.jpg" for label in "ab" for n in range(4) for kind in ("", "_edited")
    ]
    make(tmp_path, *names, "a/IMG_9_sunset.jpg")
    listing = read(tmp_path)
    groups = {s.path: s.group for s in listing.samples}
    assert groups["a/IMG_1.jpg"] == groups["a/IMG_1_edited.jpg"] != groups["b/IMG_1.jpg"]
    assert groups["a/IMG_9_sunset.jpg"] is None
    assert codes(listing) == {"a/IMG_0.jpg": "data.versions"}


def test_other_files_in_many_folders_are_one_sentence(tmp_path: Path) -> None:
    make(tmp_path, *(f"{c}/{n}.{e}" for c in "abcdefg" for n in range(2) for e in ("jpg", "xmp")))
    (problem,) = read(tmp_path).problems
    assert problem.code == "data.other_in_folders"
    assert (
        problem.sentence()
        == "14 files in 7 folders are not pictures and are not used (for example 0.xmp)."
    )


def test_notes_are_no_samples(tmp_path: Path) -> None:
    make(tmp_path, "README", "LICENSE", "cat/1.jpg", "cat/README", "dog/1.jpg", "dog/scan17")
    listing = read(tmp_path)
    assert set(found(listing)) == {"cat/1.jpg", "dog/1.jpg", "dog/scan17"}
    assert codes(listing) == {"cat": "data.other_files"}


def test_versions_of_one_picture_are_kept_together(tmp_path: Path) -> None:
    names = [f"{label}/photo{n}_jpg.rf.{n}{v}f2c81ab4d5e6.jpg" for label in ("cat", "dog")
             for n in range(2) for v in "ab"]  # fmt: skip
    make(tmp_path, *names, "cat/single_jpg.rf.0af2c81ab4d5e6.jpg", "dog/plain.jpg")
    listing = read(tmp_path)
    groups = {s.path: s.group for s in listing.samples}
    assert groups[names[0]] == groups[names[1]] == "photo0_jpg"
    assert groups[names[2]] == "photo1_jpg"
    assert groups["cat/single_jpg.rf.0af2c81ab4d5e6.jpg"] is groups["dog/plain.jpg"] is None
    (problem,) = listing.problems
    assert (problem.code, problem.values["count"]) == ("data.versions", 8)


def test_masks_are_left_out_where_the_layout_is_said(tmp_path: Path) -> None:
    make(tmp_path, *(f"cat/{n}{kind}.png" for n in "xy" for kind in ("", "_mask")), "dog/1.png")
    listing = read(tmp_path, layout="class")
    assert set(found(listing)) == {"cat/x.png", "cat/y.png", "dog/1.png"}
    assert codes(listing) == {"cat/x_mask.png": "data.masks"}


def test_other_files_are_counted_with_a_table_too(tmp_path: Path) -> None:
    make(tmp_path, "images/1.jpg", "images/2.jpg", "images/3.xyz", "speech/1.wav", "docs/a.md")
    table(tmp_path / "images/labels.csv", "file,label\n1.jpg,cat\n2.jpg,dog\n")
    listing = read(tmp_path)
    assert codes(listing) == {"images": "data.other_files", "speech": "data.other_folders"}
    assert [problem.values["count"] for problem in listing.problems] == [1, 1]
    assert listing.problems[0].values["example"] == "3.xyz"


def test_boxes_of_the_vgg_image_annotator(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b.jpg", "c.jpg")
    head = "filename,region_count,region_id,region_shape_attributes,region_attributes"
    shape = '"{""name"": ""rect"", ""x"": 5}"'
    parts = {"a": "head", "b": "leg"}
    rows = [f'{n}.jpg,1,0,{shape},"{{""part"": ""{part}""}}"' for n, part in parts.items()]
    table(tmp_path / "via_export.csv", "\n".join([head, *rows, "c.jpg,0,0,{},{}"]))
    assert question(tmp_path).code == "data.detection"
    assert found(read(tmp_path, layout="boxes")) == {
        "a.jpg": ("head", None),
        "b.jpg": ("leg", None),
    }


def test_a_detection_set_in_which_everything_is_everywhere(tmp_path: Path) -> None:
    make(tmp_path, "JPEGImages/a.jpg", "JPEGImages/b.jpg")
    thing = "<object><name>{}</name></object>"
    for name in "ab":
        both = thing.format("red") + thing.format("white")
        table(tmp_path / f"Annotations/{name}.xml", f"<annotation>{both}</annotation>")
    assert refusal(tmp_path) == "data.detection_mixed"


def test_coco(tmp_path: Path) -> None:
    make(tmp_path, "train2017/a.jpg", "train2017/b.jpg", "val2017/c.jpg")
    for part, letters in (("train2017", "ab"), ("val2017", "c")):
        tree = {
            "images": [{"id": n, "file_name": f"{f}.jpg"} for n, f in enumerate(letters)],
            "annotations": [{"image_id": n, "category_id": n + 7} for n in range(len(letters))],
            "categories": [{"id": 7, "name": "cat"}, {"id": 8, "name": "dog"}],
        }
        table(tmp_path / f"annotations/instances_{part}.json", json.dumps(tree))
    assert question(tmp_path).code == "data.detection"
    assert found(read(tmp_path, layout="boxes")) == {
        "train2017/a.jpg": ("cat", "train"),
        "train2017/b.jpg": ("dog", "train"),
        "val2017/c.jpg": ("cat", "val"),
    }


def test_images_and_masks_are_a_segmentation_set(tmp_path: Path) -> None:
    make(tmp_path / "a", "images/1.jpg", "masks/1.png")
    assert refusal(tmp_path / "a") == "data.segmentation"
    make(tmp_path / "b", "images/cat/1.jpg", "images/dog/1.jpg", "masks/cat/1.png")
    listing = read(tmp_path / "b")
    assert found(listing) == {
        "images/cat/1.jpg": ("cat", None),
        "images/dog/1.jpg": ("dog", None),
    }
    assert codes(listing) == {"masks/cat": "data.masks"}


def test_masks_beside_their_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    make(tmp_path, "benign/b (1).png", "benign/b (1)_mask.png", "normal/n (1).png")
    make(tmp_path, "normal/n (1)_mask.png", "normal/n (1)_mask_1.png")
    listing = read(tmp_path)
    assert set(found(listing)) == {"benign/b (1).png", "normal/n (1).png"}
    (problem,) = listing.problems
    assert (problem.code, problem.values["count"]) == ("data.masks", 3)


def test_masks_in_a_folder_of_their_own_with_a_table_of_marks(tmp_path: Path) -> None:
    """As the skin lesions of ISIC lie: whatever their folder is called, masks are no class."""
    for home in ("Part1_GroundTruth", "second"):
        root = tmp_path / home
        make(root, *(f"Input/i{n}.jpg" for n in range(4)))
        make(root, *(f"{home}/i{n}_segmentation.png" for n in range(4)))
        marks = ["1,0", "0,1", "1,0", "0,1"]
        rows = [f"i{n},{mark}" for n, mark in enumerate(marks)]
        table(root / "Part3.csv", "\n".join(["image,MEL,NV", *rows]))
        listing = read(root)
        assert found(listing) == {
            f"Input/i{n}.jpg": ("MEL" if n % 2 == 0 else "NV", None) for n in range(4)
        }
        assert codes(listing) == {f"{home}/i0_segmentation.png": "data.masks"}


def test_a_table_of_a_few_labels_is_asked_about(tmp_path: Path) -> None:
    make(tmp_path, *(f"{home}/{home}{n}.jpg" for home in ("east", "west") for n in range(10)))
    table(tmp_path / "labels.csv", "file,label\neast1.jpg,cat\neast2.jpg,dog\nwest1.jpg,cat\n")
    asked = question(tmp_path)
    assert (asked.code, set(asked.choices)) == ("data.table_or_folders", {"table", "class"})


def test_a_table_whose_column_is_called_so_comes_before_one_that_says_more(tmp_path: Path) -> None:
    make(tmp_path, *(f"photos/i{n}.jpg" for n in range(8)))
    people = [f"i{n},{'fm'[n % 2]},{40 + n}" for n in range(8)]
    table(tmp_path / "a_people.csv", "\n".join(["image,sex,age", *people]))
    table(tmp_path / "b.csv", "\n".join(["image,diagnosis", *(f"i{n},{n % 3}" for n in range(7))]))
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert asked.value.code == "data.which_table"
    assert list(asked.value.choices) == ["b.csv", "a_people.csv"]
    assert asked.value.guess == "b.csv"


def test_folders_that_are_hardly_classes_are_asked_about(tmp_path: Path) -> None:
    make(tmp_path, "cat/1.jpg", "dog/2.jpg", "thumbnails/1.jpg", "masks/2.jpg", "unsorted/3.jpg")
    asked = question(tmp_path)
    assert (asked.code, asked.guess) == ("data.odd_folders", "class?")
    assert set(asked.choices) == {"class?", "class"}
    listing = read(tmp_path, layout="class?")
    assert found(listing) == {"cat/1.jpg": ("cat", None), "dog/2.jpg": ("dog", None)}
    assert sorted(codes(listing)) == ["masks", "thumbnails", "unsorted"]
    assert len(read(tmp_path, layout="class").classes) == 5


def test_one_class_beside_folders_that_are_none(tmp_path: Path) -> None:
    make(tmp_path / "a", "leaves/1.jpg", "leaves/2.jpg", "previews/1.jpg", "previews/2.jpg")
    assert question(tmp_path / "a").code == "data.only_parts"
    make(tmp_path / "b", "leaves/1.jpg", "leaves/2.jpg", "overlays/1.jpg", "overlays/2.jpg")
    assert refusal(tmp_path / "b") == "data.segmentation"


def test_classes_in_the_names_of_files(tmp_path: Path) -> None:
    make(tmp_path, *(f"train/{name}.{n}.jpg" for name in ("cat", "dog") for n in range(3)))
    make(tmp_path, "test1/1.jpg", "test1/2.jpg")
    asked = question(tmp_path)
    assert (asked.code, asked.guess) == ("data.only_parts", "split/name")
    listing = read(tmp_path, layout="split/name")
    assert {found(listing)[f"train/{name}.0.jpg"] for name in ("cat", "dog")} == {
        ("cat", "train"),
        ("dog", "train"),
    }
    assert codes(listing) == {"test1/1.jpg": "data.nameless"}


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    make(tmp_path / "a", "x/1.dcm", "y/2.dcm")
    with pytest.raises(UserError) as caught:
        read(tmp_path / "a")
    assert caught.value.code == "data.foreign_only"
    assert "2 .dcm files (medical scans)" in str(caught.value)
    make(tmp_path / "b", "x/1.jpg", "y/2.jpg", "y/3.svg")
    (problem,) = read(tmp_path / "b").problems
    assert problem.code == "data.foreign"
    said = "1 .svg file (vector drawing) is not read (such as y/3.svg). Convert"
    assert problem.sentence().startswith(said)


def test_only_a_train_folder(tmp_path: Path) -> None:
    make(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg")
    assert found(read(tmp_path)) == {
        "train/cat/1.jpg": ("cat", None),
        "train/dog/1.jpg": ("dog", None),
    }


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
    assert codes(listing) == {".": "data.no_class_above"}
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
        reader.read(DataOptions(path=""), WANTED, lambda count: None)
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
    assert found(listing) == {"d/im/1.jpg": ("cat", None), "d/im/2.jpg": ("dog", None)}


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

    monkeypatch.setattr(files, "open_regular", refuse)
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
        "../held/fish/1.jpg": ("fish", "test"),  # it may be another spelling: see class_names
    }
    assert (listing.root / "../held/cat/2.jpg").is_file()
    assert codes(listing) == {}


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


def test_a_test_folder_is_understood_as_the_training_data(tmp_path: Path) -> None:
    make(tmp_path / "d", "cat/park/1.jpg", "dog/park/1.jpg", "cat/home/1.jpg", "dog/home/1.jpg")
    make(tmp_path / "t", "cat/park/2.jpg", "dog/park/2.jpg", "cat/home/2.jpg", "dog/home/2.jpg")
    listing = read(tmp_path / "d", tmp_path / "t", layout="class/group")
    assert set(listing.classes) == {"cat", "dog"}
    assert sum(s.split == "test" for s in listing.samples) == 4
    make(tmp_path / "u", "day1/1.jpg", "day2/1.jpg")
    with pytest.raises(UserError) as caught:
        read(tmp_path / "d", tmp_path / "u", layout="class/group")
    assert caught.value.code == "data.test_unclear"


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
    reader.read(DataOptions(path=str(many)), WANTED, counts.append)
    assert counts == [1000, 2000]

    def cancel(count: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        reader.read(DataOptions(path=str(many)), WANTED, cancel)


def test_one_folder_of_a_split_that_no_word_tells(tmp_path: Path) -> None:
    """It is offered to be the part that is missing."""
    make(tmp_path, *(f"{part}/{c}/1.jpg" for part in ("train", "qwalid", "test") for c in "ab"))
    assert question(tmp_path).code == "data.class_or_part"
    with pytest.raises(Question) as asked:
        read(tmp_path, layout="split/class")
    assert asked.value.setting == "data.options.split_folders"
    assert list(asked.value.choices) == ["qwalid=val", "qwalid=train", "qwalid=test"]


def test_the_speaker_may_be_the_class(tmp_path: Path) -> None:
    names = [f"wav/{at}.jpg" for at in range(8)]
    make(tmp_path, *names)
    rows = "".join(f"{at}.jpg,{'anna' if at % 2 else 'ben'}\n" for at in range(8))
    table(tmp_path / "list.csv", f"file,speaker\n{rows}")
    for path in (tmp_path, tmp_path / "list.csv"):
        with pytest.raises(Question) as asked:
            read(path)
        assert (asked.value.code, list(asked.value.choices)) == ("data.only_column", ["speaker"])
        listing = read(path, label_column="speaker")
        assert found(listing)["wav/3.jpg"] == ("anna", None)
        assert len(listing.samples) == 8
    folders = make(tmp_path / "classes", *(f"{'cd'[at % 2]}/{at}.jpg" for at in range(8)))
    table(folders / "list.csv", f"file,speaker\n{rows}")
    assert sorted(read(folders).classes) == ["c", "d"]


def test_masks_of_any_word_are_no_classes(tmp_path: Path) -> None:
    names = [f"CXR_{at:04}_{at % 2}.png" for at in range(12)]
    folders = ("CXR_png", "ManualMask/leftMask", "ManualMask/rightMask")
    make(tmp_path, *(f"{folder}/{name}" for folder in folders for name in names))
    asked = question(tmp_path)
    assert (asked.code, list(asked.choices)) == ("data.segmentation_named", ["images/name:3"])
    listing = read(tmp_path, layout="images/name:3")
    assert found(listing)["CXR_png/CXR_0003_1.png"] == ("1", None)
    assert len(listing.samples) == 12
    worn = make(tmp_path / "worn", *(f"{n}/{n}.jpg" for n in ("with mask", "without_mask")))
    assert sorted(read(worn).classes) == ["with mask", "without_mask"]


def test_labelled_beside_unlabelled(tmp_path: Path) -> None:
    classes = ("lower/landmarks/cecum", "lower/findings/polyps", "upper/landmarks/pylorus")
    make(tmp_path, *(f"labeled-images/{name}/{at}.jpg" for name in classes for at in range(6)))
    make(tmp_path, *(f"unlabeled-images/images/{at}.jpg" for at in range(4)))
    for layout in question(tmp_path).choices:
        listing = read(tmp_path, layout=layout)
        assert len(listing.samples) == 18
        assert codes(listing)["unlabeled-images/images"] == "data.no_class"
    assert "lower/landmarks/cecum" in read(tmp_path, layout="labelled/class").classes


def test_names_in_a_single_folder_may_be_the_classes(tmp_path: Path) -> None:
    make(tmp_path, *(f"flowers/{'tulip' if at % 2 else 'rose'}_{at}.jpg" for at in range(8)))
    asked = question(tmp_path)
    assert (asked.code, list(asked.choices)) == ("data.class_in_name", ["name", "class"])
    assert sorted(read(tmp_path, layout="name").classes) == ["rose", "tulip"]


@pytest.mark.parametrize(
    ("name", "header"), [("{}_{}b_Al.jpg", ""), ("MIX-{}_{}.jpg", "patient,diagnosis\n")]
)
def test_a_row_for_all_files_with_a_part_of_their_names(
    name: str, header: str, tmp_path: Path
) -> None:
    """As of patients: ``101_1b_Al.wav``."""
    make(tmp_path, *(f"all/{name.format(100 + at % 5, at)}" for at in range(20)))
    sick = {100: "flu", 101: "cold", 102: "flu", 103: "cold", 104: "flu"}
    begins = name.partition("{")[0]
    rows = "".join(f"{begins}{patient},{what}\n" for patient, what in sick.items())
    table(tmp_path / "patients.csv", header + rows)
    listing = read(tmp_path)
    assert found(listing)[f"all/{name.format(103, 8)}"] == ("cold", None)
    groups = {sample.path: sample.group for sample in listing.samples}
    assert groups[f"all/{name.format(103, 8)}"] == f"{begins}103"
    assert (len(listing.samples), len(set(groups.values()))) == (20, 5)
    assert codes(listing)["patients.csv"] == "data.by_part"


def test_folders_of_people_with_the_classes_in_the_names(tmp_path: Path) -> None:
    names = [f"{name}{end}.jpg" for name in ("cat", "dog") for end in (" 1", "_2")]
    make(tmp_path, *(f"{child}/{name}" for child in ("Anna", "Ben", "Cleo") for name in names))
    make(tmp_path, "Anna/IMG_2034.jpg")
    asked = question(tmp_path)
    assert asked.code == "data.name_or_folder"
    assert list(asked.choices) == ["group/name", "class"]
    listing = read(tmp_path, layout="group/name")
    assert found(listing)["Ben/cat 1.jpg"] == ("cat", None)
    assert {sample.group for sample in listing.samples} == {"Anna", "Ben", "Cleo"}
    assert (len(listing.samples), codes(listing)["Anna/IMG_2034.jpg"]) == (12, "data.nameless")


def test_folders_that_are_numbered_with_parts_in_the_names(tmp_path: Path) -> None:
    """As of AudioMNIST: the folder is the speaker, the first part the digit."""
    make(tmp_path, *(f"0{who}/{n}_0{who}_{at}.jpg" for who in "123" for n in "789" for at in "01"))
    asked = question(tmp_path)
    assert asked.code == "data.name_or_folder"
    assert list(asked.choices) == ["group/name:1", "group/name:3", "class"]
    assert found(read(tmp_path, layout="group/name:1"))["02/7_02_0.jpg"] == ("7", None)


@pytest.mark.parametrize(
    "name",
    ["cat/cat_{}.jpg dog/dog_{}.jpg", "cat/IMG_{}.jpg dog/DSC_{}.jpg cat/DSC_{}.jpg dog/IMG_{}.jpg",
     "0/anna_{}.jpg 1/anna_{}.jpg 0/ben_{}.jpg 1/ben_{}.jpg"],
)  # fmt: skip
def test_names_that_say_no_more_than_folders_are_not_asked_about(name: str, tmp_path: Path) -> None:
    make(tmp_path, *(each.format(at) for each in name.split() for at in range(6)))
    assert len(read(tmp_path).classes) == 2


def test_a_table_without_header_in_each_folder(tmp_path: Path) -> None:
    """As of PhysioNet: its files may be in another folder, too."""
    make(tmp_path, *(f"training-{a}/{a}{at}.jpg" for a in "ab" for at in range(6)))
    make(tmp_path, *(f"validation/a{at}.jpg" for at in range(2)))
    for name, letter, count in (
        ("training-a", "a", 6),
        ("training-b", "b", 6),
        ("validation", "a", 2),
    ):
        rows = "".join(f"{letter}{at},{'-1' if at % 2 else '1'}\n" for at in range(count))
        table(tmp_path / name / "REFERENCE.csv", rows)
    for options in ({}, {"table": "training-a/REFERENCE.csv"}):
        listing = read(tmp_path, **options)
        assert len(listing.samples) == 14
        assert found(listing)["training-b/b3.jpg"] == ("-1", "train")
        assert found(listing)["validation/a0.jpg"] == ("1", "val")


def test_a_set_that_is_there_again_inside_itself(tmp_path: Path) -> None:
    names = [
        f"{part}/{name}/{at}.jpg" for part in ("train", "test") for name in "ab" for at in "12"
    ]
    make(tmp_path, *names, *(f"again/{name}" for name in names))
    listing = read(tmp_path)
    assert sorted(found(listing)) == sorted(names)
    assert codes(listing)["again"] == "data.nested_copy"
    (tmp_path / "again/train/a/1.jpg").write_text("other")  # as large is not the same
    assert len(read(tmp_path, layout="class").samples) == 16


def test_masks_below_another_folder_than_the_pictures(tmp_path: Path) -> None:
    """As of CUB-200: nothing but the folder of the masks is left out."""
    classes = ("001.Stork", "002.Goose")
    make(tmp_path, *(f"CUB/images/{name}/{at}.jpg" for name in classes for at in range(3)))
    make(tmp_path, *(f"segmentations/{name}/{at}.png" for name in classes for at in range(3)))
    (tmp_path / "CUB/train_test_split.txt").write_text("1 0\n2 1\n")
    listing = read(tmp_path)
    assert found(listing)["CUB/images/001.Stork/1.jpg"] == ("001.Stork", None)
    assert len(listing.samples) == 6
    assert codes(listing)["CUB/train_test_split.txt"] == "data.split_unused"
    assert codes(listing)["segmentations/001.Stork"] == "data.masks"


def test_a_table_of_counted_folders(tmp_path: Path) -> None:
    make(tmp_path, *(f"pt 0{who}/{at}-01-2024.jpg" for who in range(1, 7) for at in range(3)))
    kinds = {1: "burn", 2: "ulcer", 3: "burn", 4: "ulcer", 5: "burn + ulcer", 7: "burn"}
    rows = "".join(f"{number},{'MV'[number % 2]},{kind}\n" for number, kind in kinds.items())
    table(tmp_path / "patients.csv", f"Pt,M/V,Soort wond\n{rows}")
    listing = read(tmp_path)
    assert listing.chosen["label_column"] == "Soort wond"
    assert found(listing)["pt 04/2-01-2024.jpg"] == ("ulcer", None)
    assert {sample.group for sample in listing.samples} == {"1", "2", "3", "4"}
    assert len(listing.samples) == 12
    counts = {p.code: p.values.get("count") for p in listing.problems}
    assert (counts["rows.several_labels"], counts["rows.missing"]) == (1, 1)


def test_two_tables_that_have_a_column_in_common(tmp_path: Path) -> None:
    """As of GBIF: one names the photos of specimens, another their species."""
    make(tmp_path, *(f"photos/H.{at // 2}_{at % 2}.jpg" for at in range(12)))
    media = "".join(
        f"{70 + at // 2}\thttps://x.org/a/H.{at // 2}_{at % 2}.jpg\n" for at in range(12)
    )
    table(tmp_path / "multimedia.txt", f"gbifID\tidentifier\n{media}")
    kinds = ("birch", "alder", "birch", "alder", "", "birch")
    rows = "".join(f"{70 + at}\tH.{at}\t{'E' * (at + 1)}\t{k}\n" for at, k in enumerate(kinds))
    table(tmp_path / "occurrence.txt", f"gbifID\tcatalogNumber\tplace\tspecies\n{rows}")
    table(tmp_path / "rights.txt", "All rights reserved.\nOr not.\n")
    listing = read(tmp_path)
    assert found(listing)["photos/H.3_1.jpg"] == ("alder", None)
    groups = {sample.path: sample.group for sample in listing.samples}
    assert groups["photos/H.3_1.jpg"] == groups["photos/H.3_0.jpg"] != groups["photos/H.2_0.jpg"]
    counts = {p.code: p.values.get("count") for p in listing.problems}
    assert (len(listing.samples), counts["rows.no_label"]) == (10, 2)
    assert "data.joined" in counts
    (tmp_path / "multimedia.txt").unlink()
    listing = read(tmp_path)
    assert found(listing)["photos/H.3_1.jpg"] == ("alder", None)
    assert {s.group for s in listing.samples} == {"H.0", "H.1", "H.2", "H.3", "H.5"}


def test_samples_that_are_counted_by_letters(tmp_path: Path) -> None:
    """As of KTH-TIPS: every material has a sample a."""
    make(
        tmp_path,
        *(f"{k}/sample_{s}/{at}.jpg" for k in ("cork", "wool") for s in "abcd" for at in "12"),
    )
    asked = question(tmp_path)
    assert (asked.code, asked.guess) == ("data.which_level", "class/group")


def test_tables_of_parts_with_other_columns(tmp_path: Path) -> None:
    """As of FSDKaggle2018."""
    make(tmp_path, *(f"train/{at}.jpg" for at in range(6)), *(f"test/t{at}.jpg" for at in range(4)))
    rows = "".join(f"{at}.jpg,{'ab'[at % 2]},1\n" for at in range(6))
    table(tmp_path / "meta/train_post_competition.csv", f"fname,label,manually_verified\n{rows}")
    rows = "".join(f"t{at}.jpg,{'ab'[at % 2]},Private,CC0\n" for at in range(4))
    table(tmp_path / "meta/test_scoring_clips.csv", f"fname,label,usage,license\n{rows}")
    listing = read(tmp_path)
    assert found(listing)["train/3.jpg"] == ("b", "train")
    assert found(listing)["test/t2.jpg"] == ("a", "test")
    assert len(listing.samples) == 10


def test_tables_that_are_not_read_are_named_in_the_question(tmp_path: Path) -> None:
    make(tmp_path, *(f"images/{at}.jpg" for at in range(4)), "Zellen.ods")
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert "Zellen.ods" in str(asked.value)


def test_slides_between_classes_and_magnifications_are_groups(tmp_path: Path) -> None:
    """As of BreakHis: SOB_B_A_14-22549 is a slide."""
    slides = ("b/SOB/adenosis/A_14-225", "b/SOB/fibroma/F_14-913", "m/SOB/ductal/D_14-436",
              "m/SOB/mucinous/M_14-101")  # fmt: skip
    make(
        tmp_path,
        *(f"{s}/{zoom}/{at}.png" for s in slides for zoom in ("40X", "100X") for at in "12"),
    )
    asked = question(tmp_path)
    assert asked.guess == "class/-/-/group/-"
    listing = read(tmp_path, layout="-/-/class/group/-")
    groups = {s.path: (listing.classes[s.label], s.group) for s in listing.samples}
    assert groups["m/SOB/ductal/D_14-436/40X/1.png"] == ("ductal", "D_14-436")


def test_boxes_of_pictures_with_masks_of_the_same_names(tmp_path: Path) -> None:
    """As of Oxford-IIIT Pet: a mask is no picture of a class."""
    names = [f"{kind}_{at}" for kind in ("cat", "dog") for at in range(4)]
    make(tmp_path, *(f"images/{n}.jpg" for n in names), *(f"trimaps/{n}.png" for n in names))
    for name in names:
        voc = f"<annotation><object><name>{name[:3]}</name><bndbox/></object></annotation>"
        table(tmp_path / f"xmls/{name}.xml", voc)
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert "8 pictures have one class" in asked.value.choices["boxes"]


def test_a_part_of_the_folder_names_may_be_the_class(tmp_path: Path) -> None:
    dogs = make(tmp_path / "dogs", *(f"202{n % 2}/Dog{n} (Meyer) - HD {'ABC'[n % 3]}/{side}.png"
                                     for n in range(12) for side in ("left", "right")))  # fmt: skip
    asked = question(dogs)
    assert (asked.code, asked.guess) == ("data.class_in_folder", "-/class:-1")
    listing = read(dogs, layout="-/class:-1")
    groups = {s.path: (listing.classes[s.label], s.group) for s in listing.samples}
    assert groups["2021/Dog5 (Meyer) - HD C/left.png"] == ("C", "Dog5 (Meyer) HD")
    moods = ("fear", "angry", "sad")
    make(
        tmp_path / "said",
        *(f"{who}_{m}/{at}.jpg" for who in ("OAF", "YAF") for m in moods for at in "12"),
    )
    asked = question(tmp_path / "said")
    assert list(asked.choices) == ["class:-1", "class:1", "class"]
    listing = read(tmp_path / "said", layout="class:-1")
    assert sorted(listing.classes) == sorted(moods)
    assert {s.group for s in listing.samples} == {"OAF", "YAF"}


def test_a_part_of_the_names_of_the_deepest_folders(tmp_path: Path) -> None:
    """As of MURA: study1_positive, study2_positive."""
    for n in range(8):
        part = ("train", "valid")[n // 6]
        studies = (f"study{1 + n % 2}_positive", f"study{1 + n % 2}_negative")
        make(tmp_path, f"{part}/XR_{'AB'[n % 2]}/patient0{n}/{studies[n // 2 % 2]}/image1.png")
    asked = question(tmp_path)
    assert asked.guess.endswith("class:-1")
    listing = read(tmp_path, layout="split/-/group/class:-1")
    assert sorted(listing.classes) == ["negative", "positive"]
    assert {s.group for s in listing.samples} == {f"patient0{n}" for n in range(8)}


@pytest.mark.parametrize(
    "names",
    ["Apple___scab Apple___rot Apple___healthy Tomato___healthy Tomato___spot Grape___rot",
     "class_0 class_1 class_2 class_3", "001.Laysan_Albatross 002.King_Penguin 003.Grey_Goose",
     "rose daisy tulip"],
)  # fmt: skip
def test_names_of_folders_that_are_whole_are_not_asked_about(names: str, tmp_path: Path) -> None:
    make(tmp_path, *(f"{name}/{at}.jpg" for name in names.split() for at in range(4)))
    assert sorted(read(tmp_path).classes) == sorted(names.split())


def test_a_table_without_header_that_names_paths_of_folders(tmp_path: Path) -> None:
    """As of MURA: a row for each study, of which a patient has several."""
    rows = {"train": "", "valid": ""}
    for n in range(12):
        part = ("train", "valid")[n // 8]
        study = f"MURA/{part}/XR_HAND/patient0{n // 2}/study{1 + n % 2}"
        make(tmp_path, f"{study}/image1.png", f"{study}/image2.png")
        rows[part] += f"{study}/,{n // 2 % 2}\n"
    for part, written in rows.items():
        table(tmp_path / f"MURA/{part}_labeled_studies.csv", written)
    listing = read(tmp_path, layout="table")
    assert len(listing.samples) == 24
    assert found(listing)["MURA/valid/XR_HAND/patient05/study2/image1.png"] == ("1", "val")
    assert {s.group for s in listing.samples} == {f"patient0{n}" for n in range(6)}


def test_folders_that_hold_versions_of_the_same_files(tmp_path: Path) -> None:
    """As of PlantVillage: color, grayscale, segmented."""
    leaves = [f"{n:04}a1b2-leaf {n}" for n in range(6)]
    for n, leaf in enumerate(leaves):
        name = f"{('scab', 'healthy')[n % 2]}/{leaf}"
        make(tmp_path, f"color/{name}.jpg", f"grayscale/{name}.jpg", f"segmented/{name}_masked.jpg")
    asked = question(tmp_path)
    assert asked.guess == "-/class"
    assert "group/class" not in asked.choices
    assert "contain versions of the same files" in asked.choices["-/class"]
    listing = read(tmp_path, layout="-/class")
    groups = [sample.group for sample in listing.samples if "0003a1b2" in sample.path]
    assert len(groups) == 3
    assert len(set(groups)) == 1
    flights = make(tmp_path / "flights", *(
        f"{day}/{kind}/DJI_000{n}.jpg" for day in ("north", "south") for kind in "ab" for n in "123"
    ))  # fmt: skip
    assert "group/class" in question(flights).choices


def test_tags_of_cvat_are_of_the_whole_picture(tmp_path: Path) -> None:
    make(tmp_path, *(f"images/{n}.png" for n in range(6)))
    shown = "".join(
        f'<image id="{n}" name="{n}.png"><tag label="{"ab"[n % 2]}"></tag>'
        f'<box label="plate" xtl="1"></box></image>'
        for n in range(6)
    )
    table(tmp_path / "annotations.xml", f"<annotations><meta/>{shown}</annotations>")
    assert found(read(tmp_path, layout="boxes"))["images/3.png"] == ("b", None)


def test_rejects_and_question_marks_are_no_classes(tmp_path: Path) -> None:
    make(tmp_path, *(f"{name}/{n}.jpg" for name in ("bee", "fly", "unscharf") for n in range(4)))
    assert question(tmp_path).code == "data.odd_folders"
    assert sorted(read(tmp_path, layout="class?").classes) == ["bee", "fly"]
    listed = make(tmp_path / "listed", *(f"{n}.jpg" for n in range(8)))
    rows = "".join(f"{n},{('bee', 'fly', '?', 'fly')[n % 4]}\n" for n in range(8))
    table(listed / "list.csv", f"photo,insect\n{rows}")
    listing = read(listed / "list.csv")
    assert sorted(listing.classes) == ["bee", "fly"]
    assert {p.code: p.values["count"] for p in listing.problems}["rows.no_label"] == 2


def test_parts_of_a_download_may_mean_nothing(tmp_path: Path) -> None:
    make(
        tmp_path,
        *(f"Obst-00{p}/{k}/{p}{n}.jpg" for p in "12" for k in ("pear", "plum") for n in "123"),
    )
    assert "-/class" in question(tmp_path).choices


def test_parts_whose_folders_are_called_otherwise_offer_the_names(tmp_path: Path) -> None:
    """As of audio-cats-and-dogs: the test has cats/ and test/, with cat_1.jpg and dog_1.jpg."""
    make(tmp_path, *(f"train/{k}/{k}_{n}.jpg" for k in ("cat", "dog") for n in range(6)))
    make(tmp_path, *(f"test/cats/cat_{n}.jpg" for n in (7, 8)), "test/test/dog_7.jpg")
    asked = question(tmp_path)
    assert asked.guess == "split/name"
    assert found(read(tmp_path, layout="split/name"))["test/test/dog_7.jpg"] == ("dog", "test")


@pytest.mark.parametrize(
    "form",
    [
        "{label}/32px/{label}_{n:02}.png {label}/128px/{label}_{n:02}.png",
        "32px/{label}/{label}_{n:02}.png 128px/{label}/{label}_{n:02}.png",
        "original/{label}/foto_{n:02}.jpg augmentiert/{label}/foto_{n:02}_aug.jpg",
        "{label}/groß/{n}.jpg {label}/klein/{n}.jpg",
        "{label}/{label}_{n:02}_32px.png {label}/{label}_{n:02}_128px.png",
        "{label}/{label}_{n:02}.png {label}/{label}_{n:02}@2x.png",
    ],
)
def test_sizes_and_treatments_are_versions_of_the_same_files(tmp_path: Path, form: str) -> None:
    for label in ("house", "arrow", "cloud"):
        make(tmp_path, *(name.format(label=label, n=n) for n in range(8) for name in form.split()))
    listing = read(tmp_path)
    assert Counter(found(listing).values()) == dict.fromkeys(
        [("house", None), ("arrow", None), ("cloud", None)], 16
    )
    groups = Counter(sample.group for sample in listing.samples)
    assert len(groups) == 24
    assert set(groups.values()) == {2}
    (problem,) = (each for each in listing.problems if each.code == "data.versions")
    assert problem.values["count"] == 48


def test_sizes_that_are_classes_stay_classes(tmp_path: Path) -> None:
    make(tmp_path, *(f"{size}/{n}.jpg" for size in ("small", "large") for n in range(6)))
    listing = read(tmp_path)
    assert set(listing.classes) == {"small", "large"}
    assert not any(sample.group for sample in listing.samples)


def test_pictures_of_one_name_in_many_sizes_are_no_versions(tmp_path: Path) -> None:
    make(tmp_path, *(f"{c}/scan_{100 + n}x{n + 90}.jpg" for c in ("a", "b") for n in range(9)))
    assert not any(sample.group for sample in read(tmp_path).samples)


def test_an_option_that_means_nothing_here_is_refused(tmp_path: Path) -> None:
    make(tmp_path, *(f"{label}/{n}.jpg" for label in ("a", "b") for n in range(3)))
    with pytest.raises(UserError) as refused:
        read(tmp_path, split_folders="a=train, b=test")
    assert refused.value.code == "data.no_split_folders"


def test_a_child_a_day_and_the_word(tmp_path: Path) -> None:
    for child in ("Anna", "Ben", "Cleo"):
        for day in ("visit", "uke"):
            root = tmp_path / day / child
            make(root, *(f"{day} {n}/{word}/{m}.jpg" for n in (1, 2) for word in ("seven", "nine",
                 "ten") for m in range(2)))  # fmt: skip
    for day in ("visit", "uke"):
        asked = question(tmp_path / day)
        assert "group/-/class" in asked.choices
        listing = read(tmp_path / day, layout="group/-/class")
        assert Counter(found(listing).values()) == dict.fromkeys(
            [("seven", None), ("nine", None), ("ten", None)], 12
        )
        assert {sample.group for sample in listing.samples} == {"Anna", "Ben", "Cleo"}


def test_a_table_among_a_caption_for_each_file(tmp_path: Path) -> None:
    make(tmp_path, *(f"photos/{n}.{ending}" for n in range(60) for ending in ("jpg", "txt")))
    rows = "".join(f"{n}.jpg\t{('jug', 'pot')[n % 2]}\n" for n in range(60))
    (tmp_path / "list.txt").write_bytes(("photo\ttype\n" + rows).encode("utf-16"))
    listing = read(tmp_path)
    assert Counter(listing.classes[sample.label] for sample in listing.samples) == {
        "jug": 30, "pot": 30,
    }  # fmt: skip


def test_an_edited_copy_in_another_folder_is_a_version(tmp_path: Path) -> None:
    make(tmp_path, *(f"fold{n % 3}/{('bus', 'van')[n % 2]}/DSC_{n:04}.jpg" for n in range(18)))
    make(tmp_path, *(f"fold{(n + 1) % 3}/{('bus', 'van')[n % 2]}/DSC_{n:04}_edit.jpg"
                     for n in range(6)))  # fmt: skip
    listing = read(tmp_path, layout="-/class")
    groups = {s.path: s.group for s in listing.samples}
    assert groups["fold0/bus/DSC_0000.jpg"] == groups["fold1/bus/DSC_0000_edit.jpg"] is not None
    assert groups["fold0/van/DSC_0015.jpg"] is None


def test_masks_in_a_folder_of_each_patient_are_not_what_a_table_names(tmp_path: Path) -> None:
    names = [f"P{p:02}/{{}}P{p:02}_{n}.png" for p in range(1, 7) for n in range(4)]
    make(tmp_path, *(name.format(sub) for name in names for sub in ("", "mascaras/")))
    rows = [
        f"P{p:02}_{n};P{p:02};{('open', 'fist')[(p + n) % 2]}"
        for p in range(1, 7)
        for n in range(4)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["image;patient;posture", *rows]) + "\n")
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("data.table_or_folders", "table")
    listing = read(tmp_path, layout="table")
    assert Counter(label for label, _split in found(listing).values()) == {"open": 12, "fist": 12}
    assert not [path for path in found(listing) if "mascaras" in path]
    (masks,) = (each for each in listing.problems if each.code == "data.masks")
    assert masks.values["count"] == 24


def test_days_with_a_table_are_groups_if_one_says_so(tmp_path: Path) -> None:
    for day in range(1, 5):
        make(tmp_path, *(f"day_{day}/clip_{n}.jpg" for n in range(6)))
        rows = "".join(f"clip_{n},{('seven', 'nine')[(n + day) % 2]}\n" for n in range(6))
        (tmp_path / f"day_{day}" / "labels.csv").write_text("clip,word\n" + rows)
    with pytest.raises(Question) as asked:
        read(tmp_path)
    assert asked.value.guess == "table"
    listing = read(tmp_path, layout="table")
    (note,) = (each for each in listing.problems if each.code == "data.folders_may_group")
    assert note.values["count"] == 4
    assert {sample.group for sample in listing.samples} == {None}
    kept = read(tmp_path, layout="table", group_column="/")
    assert Counter(sample.group for sample in kept.samples) == dict.fromkeys(
        ["day_1", "day_2", "day_3", "day_4"], 6
    )
    assert "data.folders_may_group" not in {each.code for each in kept.problems}


def test_an_edited_copy_on_the_other_side_of_the_users_division(tmp_path: Path) -> None:
    make(tmp_path, *(f"train/{('sea', 'lake')[n % 2]}/IMG_1{n:02}.jpg" for n in range(12)))
    make(tmp_path, *(f"test/{('sea', 'lake')[n % 2]}/IMG_2{n:02}.jpg" for n in range(6)))
    make(tmp_path, *(f"train/{('sea', 'lake')[n % 2]}/IMG_1{n:02}-edited.jpg" for n in range(4)))
    make(tmp_path, "test/sea/IMG_106-edited.jpg", "test/lake/IMG_107-edited.jpg")
    listing = read(tmp_path)
    (across,) = (each for each in listing.problems if each.code == "data.versions_across")
    assert across.values == {"count": 2, "other": "train/lake/IMG_107.jpg"}
    assert across.path == "test/lake/IMG_107-edited.jpg"
    (together,) = (each for each in listing.problems if each.code == "data.versions")
    assert together.values["count"] == 12


def test_a_run_is_not_read_as_data(tmp_path: Path) -> None:
    names = ("recipe.json", "split.json", "environment.json", "assets/a.jpg", "views/b.jpg")
    run = make(tmp_path / "run", *names)
    with pytest.raises(UserError) as caught:
        reader.read(DataOptions(path=str(run)), WANTED, lambda _count: None)
    assert caught.value.code == "data.is_run"
