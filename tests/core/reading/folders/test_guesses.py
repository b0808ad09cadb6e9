"""What the names of folders say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.reading.folders.guesses import guess
from transfergui.core.reading.folders.layout import ROLES, Layout, Place
from transfergui.core.reading.names import name_parts
from transfergui.core.reading.names.kinds import kind_of, split_of
from transfergui.core.reading.names.name_parts import named_class


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("train", "train"),
        ("Training", "train"),
        ("train2017", "train"),
        ("training_set", "train"),
        ("seg_train", "train"),
        ("TrainImages", "train"),
        ("test1", "test"),
        ("PrivateTest", "test"),
        ("e\u011fitim", "train"),
        ("tr\u00e4ning", "train"),
        ("validazione", "val"),
        ("Walidacja", "val"),
        ("Trening", "train"),
        ("Ucz\u0105cy", "train"),
        ("Prova", "test"),
        ("\ud6c8\ub828", "train"),
        ("\ud559\uc2b5\uc6a9_\ub370\uc774\ud130", "train"),
        ("\u691c\u8a3c\u30c7\u30fc\u30bf", "val"),
        ("\u8bad\u7ec3\u6570\u636e\u96c6", "train"),
        ("\u0422\u0435\u0441\u0442\u043e\u0432\u0430\u044f", "test"),
        ("valid", "val"),
        ("dev", "val"),
        ("train_station", None),
        ("pregnancy test", None),
        ("testimony", None),
        ("contest", None),
        ("devil", None),
        ("train_test", None),
        ("cat", None),
    ],
)
def test_parts_of_data_sets(name: str, part: str | None) -> None:
    assert split_of(name) == part


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2024-05-01", "day"),
        ("20240501", "day"),
        ("2024", "day"),
        ("day 3", "day"),
        ("patient_012", "person"),
        ("S12", "person"),
        ("speaker7", "person"),
        ("camera 2", "person"),
        ("Cam-A", "person"),
        ("class A", "word"),
        ("fold10", "fold"),
        ("10", "number"),
        ("masks", "masks"),
        ("ground_truth", "masks"),
        ("ground", "word"),
        ("SegmentationClass", "masks"),
        ("JPEGImages", "images"),
        ("unlabeled", "unlabelled"),
        ("noch nicht sortiert", "unlabelled"),
        ("a_trier", "unlabelled"),
        ("Thumbnails", "copies"),
        ("_old", "copies"),
        ("Part1_GroundTruth", "masks"),
        ("n01440764", "word"),
        ("character01", "word"),
        ("猫", "word"),
    ],
)
def test_kinds_of_folders(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("homes", "key", "sure"),
    [
        (["cat", "dog"], "class", True),
        (["0", "1", "2"], "class", True),
        (["train/cat", "train/dog", "val/cat"], "split/class", True),
        (["chest_train/a", "chest_train/b", "chest_test/a"], "split/class", True),
        (["train_audio/owl", "train_audio/jay", "test_soundscapes"], "split/class", True),
        (["train_station", "test_tube"], "class", True),
        (["cat/train", "cat/test", "dog/train", "dog/test"], "class/split", True),
        (["cat", "dog", "test/cat", "test/dog"], "split?/class", True),
        (["fold1/cat", "fold1/dog", "fold2/cat"], "group/class", True),
        (["train/p1/cat", "train/p2/dog", "test/p3/cat"], "split/group/class", True),
        (["cat/images", "dog/images"], "class/-", True),
        (["Greek/alpha", "Greek/beta", "Latin/a"], "class", False),
        (["cat/cats", "dog/dogs"], "class/-", True),
        (["cat/2024-05-01/am", "cat/2024-05-02/pm", "dog/2024-05-01/am"], "class/group/-", False),
        (
            [
                f"2024-05-0{n}/{who}/{label}"
                for n in (1, 2)
                for who in ("Ann", "Ben")
                for label in "xyz"
            ],
            "-/group/class",
            False,
        ),
        (["cat", "cat/cropped", "dog", "dog/cropped"], "class/-", False),
        (["a/001", "a/002", "b/003"], "class/group", False),
        (["cats", "dogs", "test"], "split?/class", False),
        (
            [f"Lieferung {n % 2}/{'niO' if n % 3 else 'iO'}/Teil {n}" for n in range(6)],
            "group/class/-",
            False,
        ),
        (["train/pos", "train/neg", "train/unsup", "test/pos", "test/neg"], "split/class", True),
        (["Río/Zorro", "Río/JABALI", "Sur/zorro", "Sur/Jabalí", "Mar/zorro"], "group/class", False),
        (["ja", "nein", "_background_noise_"], "class?", False),
        (
            [f"{site}/{c}" for site in "NS" for c in ("fox", "boar", "sin revisar")],
            "group/class?",
            False,
        ),
        (
            ["N/fan/id_0/ok", "N/fan/id_1/ok", "N/pump/id_0/bad", "N/pump/id_1/ok"],
            "class/group/-",
            False,
        ),
        (["control", "test"], "class", False),
        (["1998", "1999"], "class", False),
    ],
)
def test_the_layout_of_folders(homes: list[str], key: str, sure: bool) -> None:
    found = guess(homes)
    assert (found.layout.key, found.sure) == (key, sure)
    assert bool(found.code) != sure


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["character01", "character02", "character03"], "class"),
        (["1", "2", "3"], "class"),
        (["a", "b", "c"], "class"),
        (["0", "1", "2"], "group/class"),
        (["class 1", "class 2"], "group/class"),
        (["fox", "owl"], "group/class"),
    ],
)
def test_numbers_below_every_folder_are_not_the_same_class(names: list[str], key: str) -> None:
    found = guess(
        [f"{above}/{name}" for above in ("Greek", "Balinese", "Aramaic") for name in names]
    )
    assert (found.layout.key, found.sure, found.code) == (key, False, "data.which_level")


def test_few_files_in_each_folder_make_it_a_group() -> None:
    homes = ["Jazz/Album 0 of A", "Jazz/Album by B", "Folk/Album of C", "Folk/First of D"]
    assert guess(homes, files=12).layout.key == "class/group"
    assert guess(homes, files=400).layout.key == "class"


def test_places() -> None:
    assert Layout("split/class").place("train/unsup") == Place(None)
    assert Layout("split/class").place("train/cat/tabby") == Place("cat/tabby", "train")
    assert Layout("split/class").place("extra/cat") == Place(None)
    assert Layout("split?/class").place("cat") == Place("cat")
    assert Layout("class/group").place("cat/day/3") == Place("cat", None, "day")
    assert Layout("images/class").place("masks/cat") == Place(None)
    assert Layout("class", lead=1).place("all/cat") == Place("cat")
    assert guess([""]).layout.place("") == Place(None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cat.0.jpg", "cat"),
        ("great_pyrenees_12.jpg", "great_pyrenees"),
        ("dog (3).png", "dog"),
        ("IMG1234.jpg", None),
        ("cat.jpg", None),
        ("12.jpg", None),
    ],
)
def test_the_class_in_a_file_name(name: str, expected: str | None) -> None:
    assert named_class(name) == expected


NAMES = st.text("aAtrainestvld0129_-. é猫", min_size=1, max_size=8).filter(
    lambda name: name.strip(" .") and name not in (".", "..")
)
HOMES = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=1, max_size=12)


@given(HOMES)
def test_any_folders_have_a_layout_that_reads_them(homes: list[str]) -> None:
    found = guess(homes)
    for layout in (found.layout, *found.others):
        assert set(layout.roles) <= set(ROLES)
        for home in homes:
            place = layout.place(home)
            assert place.label is None or set(place.label.split("/")) <= set(home.split("/"))


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ([f"{n}_{who}_{10 * n + k}{who[0]}.wav" for n in (0, 1) for who in ("ann", "bob")
          for k in range(9)],
         {1: ["0", "1"], 2: ["ann", "bob"]}),
        ([f"IMG_2024{m:02}01_{m}{k}.jpg" for m in (1, 2) for k in range(9)], {}),  # days
        ([f"{k}.jpg" for k in range(9)], {}),
        (["a_1.jpg", "a-b-c.jpg", "x.jpg"] * 4, {}),  # not built alike
    ],
)  # fmt: skip
def test_parts_of_names_that_may_be_classes(names: list[str], parts: dict[int, list[str]]) -> None:
    assert name_parts.telling_parts(names) == parts


@pytest.mark.parametrize("classes", range(2, 11))
def test_three_folders_of_a_class_are_enough_for_a_question(classes: int) -> None:
    names = [f"thing{at}x{of} - kind {chr(97 + at)}" for at in range(classes) for of in range(3)]
    assert -1 in name_parts.telling_ends(names)
    assert -1 not in name_parts.telling_ends(names[1:])
