"""Scanning pictures: real folders, and every bad file of the corpus."""

import os
import shutil
import time
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from tests import bad_files
from tests.core.modalities.image.test_near import shots
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.data.split import SplitOptions, split
from transfergui.core.modalities.image import decode, files, near
from transfergui.core.modalities.image.deep import Reading
from transfergui.core.reading.classes import class_notes
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.sources import reader
from transfergui.core.registry import MODALITIES


def scan(path: Path, **more: object) -> Dataset:
    return files.scan(DataOptions(path=str(path), **more))  # type: ignore[arg-type]


def codes(dataset: Dataset) -> Counter[str]:
    """How often each problem occurs; every one is a sentence."""
    assert all(problem.sentence() for problem in dataset.problems)
    return Counter(problem.code for problem in dataset.problems)


def named(dataset: Dataset) -> dict[str, str]:
    """Class name by path."""
    return {s.path: dataset.classes[s.label] for s in dataset.samples}


def refusal(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        scan(path)
    assert str(caught.value)
    return caught.value


@pytest.mark.parametrize("ending", ["ppm", "pgm", "pbm"])
def test_portable_pixmaps_are_pictures(tmp_path: Path, ending: str) -> None:
    """Traffic signs (GTSRB) are kept so."""
    mode = {"ppm": "RGB", "pgm": "L", "pbm": "1"}[ending]
    rng = np.random.default_rng(3)
    for number in range(4):
        home = tmp_path / ("stop" if number % 2 else "yield")
        home.mkdir(exist_ok=True)
        drawn = Image.fromarray(rng.integers(0, 255, (24, 24, 3), np.uint8)).convert(mode)
        drawn.save(home / f"{number}.{ending}")
    dataset = scan(tmp_path)
    assert dataset.counts() == [2, 2]
    assert codes(dataset) == {}


def test_a_patient_in_two_parts_of_the_data_is_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for part, patient in (("train", "p01"), ("train", "p02"), ("test", "p02"), ("test", "p03")):
        for label in ("ill", "well"):
            path = tmp_path / part / patient / label / f"{part}{patient}.png"
            path.parent.mkdir(parents=True)
            Image.fromarray(rng.integers(0, 255, (20, 20, 3), np.uint8)).save(path)
    dataset = scan(tmp_path, options={"layout": "split/group/class"})
    (problem,) = [p for p in dataset.problems if p.code == "data.group_in_parts"]
    assert problem.values == {"count": 1, "of": 3, "names": "p02", "noun": "pictures"}
    assert not problem.left_out
    assert "p02" in problem.sentence()


# -- real data


def test_clothing(shared_data: Path) -> None:
    dataset = scan(shared_data / "images/clothing")
    assert dataset.counts() == [60] * 10
    assert dataset.classes[:3] == ("dress", "hat", "longsleeve")
    assert dataset.problems == ()


def test_omniglot_has_136_classes(shared_data: Path) -> None:
    """Its characters are called alike in every alphabet, so these may be meant as classes too."""
    with pytest.raises(Question) as asked:
        scan(shared_data / "images/omniglot")
    assert (asked.value.code, asked.value.guess) == ("data.which_level", "class")
    dataset = scan(shared_data / "images/omniglot", options={"layout": "class"})
    assert len(dataset.classes) == 136
    assert set(dataset.counts()) == {20}
    assert dataset.classes[:2] == ("Balinese/character01", "Balinese/character02")
    assert dataset.problems == ()


def test_brain_mri_lists_its_dirt_and_leaks_nothing(shared_data: Path) -> None:
    dataset = scan(shared_data / "images/brain-mri")
    found = codes(dataset)
    assert len(dataset.samples) == 253
    assert found["data.duplicate"] == 25
    assert found["picture.wrong_extension"] == 6
    assert set(found) == {"data.duplicate", "picture.wrong_extension", "data.near_duplicate"}
    same = {p.path: p.values["other"] for p in dataset.problems if "duplicate" in p.code}
    for seed in range(5):
        made = split(dataset, SplitOptions(), seed)
        part = {s.path: name for name in made.sizes() for s in getattr(made, name)}
        assert all(part[one] == part[other] for one, other in same.items())


def test_hand_signs_and_order(shared_data: Path) -> None:
    dataset = scan(shared_data / "images/hand-signs")
    assert dataset.classes == tuple("0123456789")
    assert [s.path for s in dataset.samples] == sorted(s.path for s in dataset.samples)
    assert all(s.size == (dataset.root / s.path).stat().st_size for s in dataset.samples)
    assert dataset.problems == ()


def test_broken_files_of_the_collection(shared_data: Path) -> None:
    found = {
        name: files.check(shared_data / "broken" / name)
        for name in ("lfs-pointer.tif", "almost-black.jpg", "imageNotFound.gif")
    }
    assert found["almost-black.jpg"] is found["imageNotFound.gif"] is None
    assert found["lfs-pointer.tif"] is not None
    assert found["lfs-pointer.tif"].code == "picture.lfs_pointer"


# -- the corpus: files


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return bad_files.make_mixed(tmp_path_factory.mktemp("corpus") / "mixed")


@pytest.fixture(scope="module")
def scanned(mixed: dict[str, Path]) -> Dataset:
    """Without the extra ``heic``, installed or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "_formats", lambda: decode.FORMATS)
        return scan(mixed["mixed"])


def told(scanned: Dataset, mixed: dict[str, Path], key: str) -> set[tuple[str, bool]]:
    path = mixed[key].relative_to(mixed["mixed"]).as_posix()
    return {
        (p.code, p.left_out)
        for p in scanned.problems
        if p.path == path and "duplicate" not in p.code and p.code != "picture.one_colour"
    }


def is_used(scanned: Dataset, mixed: dict[str, Path], key: str) -> bool:
    path = mixed[key].relative_to(mixed["mixed"]).as_posix()
    return any(sample.path == path for sample in scanned.samples)


LEFT_OUT = {
    "13_zero_bytes": "picture.empty",
    "14_text": "picture.not_a_picture",
    "14_html": "picture.not_a_picture",
    "14_pdf": "picture.not_a_picture",
    "14_svg": "picture.not_a_picture",
    "14_binary": "picture.not_a_picture",
    "16_bomb": "picture.too_large",
    "lfs_pointer": "picture.lfs_pointer",
    "21_loop": "data.link_repeats",
    "21_loop_self": "data.link_broken",
    "21_link_inside": "data.link_repeats",
    "22_dangling": "data.link_broken",
    "23_folder": "data.folder_like_file",
    "24_fifo": "data.not_a_file",
    "24_socket": "data.not_a_file",
}


@pytest.mark.parametrize(("key", "code"), LEFT_OUT.items())
def test_bad_files_are_left_out_and_listed(
    scanned: Dataset, mixed: dict[str, Path], key: str, code: str
) -> None:
    assert told(scanned, mixed, key) == {(code, True)}
    assert not is_used(scanned, mixed, key)


def test_cut_off_files_of_every_format_are_found(scanned: Dataset, mixed: dict[str, Path]) -> None:
    keys = [key for key in mixed if key.startswith("12_")]
    assert len(keys) == 14
    for key in keys:
        assert told(scanned, mixed, key) <= {("picture.cut_off", True), ("picture.damaged", True)}
        assert not is_used(scanned, mixed, key), key


@pytest.mark.parametrize("key", ["20_heic", "20_heic_named_jpg"])
def test_heic_names_the_extra(scanned: Dataset, mixed: dict[str, Path], key: str) -> None:
    assert told(scanned, mixed, key) == {("picture.heic", True)}
    sentences = [p.sentence() for p in scanned.problems if p.code == "picture.heic"]
    assert all("transfergui[heic]" in sentence for sentence in sentences)


NOTED = {
    "15_png_named_jpg": "picture.wrong_extension",
    "15_no_extension": "picture.wrong_extension",
    "17_panorama": "picture.extreme_shape",
    "17_tower": "picture.extreme_shape",
    "17_one_pixel": "picture.tiny",
    "18_cmyk": "picture.unusual_mode",
    "18_adobe_cmyk": "picture.unusual_mode",
    "18_animated_gif": "picture.animated",
    "18_animated_webp": "picture.animated",
    "18_multipage_tiff": "picture.animated",
}


@pytest.mark.parametrize(("key", "code"), NOTED.items())
def test_unusual_files_are_used_and_noted(
    scanned: Dataset, mixed: dict[str, Path], key: str, code: str
) -> None:
    assert told(scanned, mixed, key) == {(code, False)}
    assert is_used(scanned, mixed, key)


def test_everything_else_is_used_without_a_word(scanned: Dataset, mixed: dict[str, Path]) -> None:
    special = LEFT_OUT.keys() | NOTED.keys() | {"mixed"}
    kept = [k for k in mixed if k not in special and not k.startswith(("12_", "20_", "34_"))]
    assert len(kept) > 15
    for key in kept:
        assert not told(scanned, mixed, key) or os.geteuid() != 0, key
        assert is_used(scanned, mixed, key) or key == "28_unreadable", key


def test_system_files_are_ignored_silently(scanned: Dataset, mixed: dict[str, Path]) -> None:
    for key in (key for key in mixed if key.startswith("34_")):
        assert told(scanned, mixed, key) == set()
        assert not is_used(scanned, mixed, key)


def test_sentences_show_odd_names_escaped(scanned: Dataset, mixed: dict[str, Path]) -> None:
    problem = Problem("picture.cut_off", path=os.fspath(mixed["25_newline"]))
    assert "new\\nline.jpg" in problem.sentence()
    problem = Problem("picture.cut_off", path=os.fspath(mixed["25_undecodable"]))
    assert "caf\\udce9" in problem.sentence()


def test_an_unreadable_file_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a patch: the tests may run as root, whom no permission stops."""
    bad_files.make_classes(tmp_path, {"cat": 4, "dog": 4})
    open_image = Image.open

    def refusing(path: str, *arguments: object, **named: object) -> Image.Image:
        if str(path).endswith("cat/00.jpg"):
            raise PermissionError(13, "Permission denied", path)
        return open_image(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Image, "open", refusing)
    dataset = scan(tmp_path)
    assert codes(dataset) == {"picture.unreadable": 1}
    assert "cat/00.jpg" not in named(dataset)
    assert "Permission denied" in dataset.problems[0].sentence()


# -- the corpus: folders


def make(tmp_path: Path, key: str) -> Path:
    return bad_files.FOLDERS[key](tmp_path / key)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("02_one_class", {}),
        ("03_one_picture", {"data.single": 1}),
        ("04_class_with_one", {"data.single": 1, "data.uneven": 1}),
        ("05_empty_class", {"data.empty_class": 1}),
        ("08_uneven", {"data.uneven": 1}),
        ("10_two_classes", {"data.two_classes": 2}),
        ("11_exact", {"data.duplicate": 2}),
        ("11_near", {"data.near_duplicate": 4}),
        ("26_chinese", {}),
        ("27_long", {}),
    ],
)
def test_folders_of_the_corpus(tmp_path: Path, key: str, expected: dict[str, int]) -> None:
    assert codes(scan(make(tmp_path, key))) == expected


def test_a_folder_that_cannot_be_opened_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be full of pictures: that none were found would be no help."""

    def refusing(path: str) -> object:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refusing)
    error = refusal(tmp_path)
    assert error.code == "data.unreadable"
    assert str(error) == f"{tmp_path} cannot be opened: Permission denied."


def test_a_thousand_to_one_suggests_weights() -> None:
    samples = [Sample(f"cat/{n}.jpg", 0) for n in range(1000)] + [Sample("dog/0.jpg", 1)]
    dataset = Dataset(Path("/"), Path("/"), "image", ("cat", "dog"), tuple(samples))
    told = {p.code: p.sentence() for p in class_notes.class_problems(dataset)}
    assert set(told) == {"data.single", "data.uneven"}
    assert "“cat” has 1,000" in told["data.uneven"]
    assert "Rare classes are given more weight" in told["data.uneven"]


def test_an_empty_folder(tmp_path: Path) -> None:
    error = refusal(make(tmp_path, "01_empty"))
    assert error.code == "data.empty"
    assert "pictures" in str(error)


@pytest.mark.parametrize(
    ("key", "code"), [("02_one_class", "data.one_class"), ("03_one_picture", "data.too_few")]
)
def test_too_little_is_refused_by_the_split(tmp_path: Path, key: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        split(scan(make(tmp_path, key)), SplitOptions(), 0)
    assert caught.value.code == code


def test_many_classes(tmp_path: Path) -> None:
    dataset = scan(make(tmp_path, "06_many_classes"))
    assert len(dataset.classes) == 100
    assert dataset.classes[:3] == ("class 0", "class 1", "class 2")
    assert split(dataset, SplitOptions(), 0).sizes() == {"train": 100, "val": 100, "test": 100}


def test_the_same_file_in_two_classes_names_both(tmp_path: Path) -> None:
    dataset = scan(make(tmp_path, "10_two_classes"))
    paths = {p.path for p in dataset.problems}
    assert paths == {"cat/03.jpg", "dog/also_a_dog.jpg"}
    assert not paths & named(dataset).keys()
    assert all("“cat”" in p.sentence() and "“dog”" in p.sentence() for p in dataset.problems)


@pytest.mark.parametrize(("key", "groups"), [("11_exact", 1), ("11_near", 4)])
def test_copies_share_a_group(tmp_path: Path, key: str, groups: int) -> None:
    dataset = scan(make(tmp_path, key))
    of = {s.path: s.group for s in dataset.samples}
    assert len({group for group in of.values() if group}) == groups
    for problem in dataset.problems:
        assert of[problem.path] == of[problem.values["other"]] is not None


def test_copies_across_the_users_own_split_are_told(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path / "train", {"cat": 4, "dog": 4})
    bad_files.make_class(tmp_path / "test/cat", 1, seed=1)
    bad_files.make_class(tmp_path / "test/fish", 2, seed=9)
    dataset = scan(tmp_path, options={"untrained": "drop"})
    assert codes(dataset) == {"data.duplicate_across": 1, "data.untrained_class": 1}
    assert dataset.classes == ("cat", "dog")


def test_a_test_set_of_copies_is_asked_about(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path / "train", {"cat": 6, "dog": 6})
    for name in ("cat", "dog"):
        (tmp_path / "test" / name).mkdir(parents=True)
        for picture in sorted((tmp_path / "train" / name).iterdir())[:3]:
            shutil.copy(picture, tmp_path / "test" / name)
    with pytest.raises(Question) as asked:
        scan(tmp_path)
    assert (asked.value.setting, asked.value.guess) == ("data.options.copied_test", "divide")
    anew = scan(tmp_path, options={"copied_test": "divide"})
    assert {s.split for s in anew.samples} == {None}
    assert codes(anew) == {"data.duplicate": 6}
    made = split(anew, SplitOptions(), 0)
    parts = [{s.group for s in part if s.group} for part in (made.train, made.val, made.test)]
    assert sum(map(len, parts)) == len(set().union(*parts))
    kept = codes(scan(tmp_path, options={"copied_test": "keep"}))
    assert kept == {"data.duplicate_across": 6, "data.copied": 1}
    assert scan(tmp_path, options={"keep_untrained": True}).samples  # to measure a model only


def test_a_separate_test_folder(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path / "data", {"cat": 6, "dog": 6})
    for seed, name in enumerate(("cat", "dog"), start=10):
        bad_files.make_class(tmp_path / "held" / name, 3, seed)
    dataset = scan(tmp_path / "data", test=str(tmp_path / "held"))
    made = split(dataset, SplitOptions(), 0)
    assert {s.path for s in made.test} == {
        f"../held/{c}/0{n}.jpg" for c in ("cat", "dog") for n in range(3)
    }
    assert made.method == "split.val_from_train"


def test_all_bad(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        bad_files.write(tmp_path / name / "1.jpg", b"words")
    error = refusal(tmp_path)
    assert error.code == "data.all_bad"
    assert "cat/1.jpg is not a picture" in str(error)


def test_a_class_whose_pictures_are_all_bad_is_empty(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path, {"cat": 3, "dog": 3})
    bad_files.write(tmp_path / "fish/1.jpg", b"words")
    dataset = scan(tmp_path)
    assert dataset.classes == ("cat", "dog")
    assert codes(dataset) == {"picture.not_a_picture": 1, "data.empty_class": 1}


def test_a_zip_is_scanned(tmp_path: Path) -> None:
    archive = bad_files.make_zip(tmp_path / "x.zip", bad_files.good_members())
    dataset = scan(archive)
    assert dataset.counts() == [4, 4]
    assert dataset.source == archive
    assert not dataset.root.is_relative_to(tmp_path)


# -- one scale and one background


def save_deep(path: Path, white: float, kind: type = np.uint16) -> None:
    """A picture that reaches from 0 to ``white``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    gray = np.asarray(bad_files.picture(sum(path.name.encode()), mode="L"), np.float32)
    gray = (gray - gray.min()) / np.ptp(gray)
    Image.fromarray((gray * white).astype(kind)).save(path)


@pytest.mark.parametrize(
    ("ending", "kind", "dim", "bright", "white"),
    [
        ("png", np.uint16, 3500, 50_000, 65535),
        ("tif", np.uint16, 1000, 4000, 4095),
        ("tif", np.float32, 0.9, 3.0, 3.0),
        ("tif", np.float32, 0.5, 0.99, 1.0),
    ],
)
def test_deep_pictures_share_one_white(
    tmp_path: Path, ending: str, kind: type, dim: float, bright: float, white: float
) -> None:
    for number in range(4):
        save_deep(tmp_path / f"dim/{number}.{ending}", dim, kind)
        save_deep(tmp_path / f"bright/{number + 10}.{ending}", bright, kind)
    dataset = scan(tmp_path)
    assert dataset.chosen == {"white": pytest.approx(white), "black": 0}
    image = MODALITIES[0]
    input = opt.check(dataset.input, image.input_options, "input")
    for name, reach in (("dim/0", dim), ("bright/10", bright)):
        seen = image.preview(tmp_path / f"{name}.{ending}", input).data
        assert abs(int(seen.max()) - 255 * reach / white) <= 1
        assert int(image.load(tmp_path / f"{name}.{ending}", input).max()) <= int(seen.max()) + 1


@pytest.mark.parametrize(
    ("kind", "usual", "absurd", "white"),
    [(np.uint16, 200, 60000, 255), (np.float32, 1, 1e20, 1), (np.float32, 1, -9999, 1)],
)
def test_one_picture_does_not_set_the_white_of_all(
    tmp_path: Path, kind: type, usual: float, absurd: float, white: float
) -> None:
    for label in "ab":
        for number in range(4):
            values = np.full((16, 16), usual * (number + 1) / 4, kind)
            values[number, 1 if label == "a" else 2] = 0
            (tmp_path / label).mkdir(exist_ok=True)
            tifffile.imwrite(tmp_path / label / f"{number}.tif", values)
    clean = scan(tmp_path)
    assert clean.chosen["white"] == white
    values = np.full((16, 16), usual, kind)
    values[3, 3] = absurd
    tifffile.imwrite(tmp_path / "a" / "x.tif", values)
    dataset = scan(tmp_path)
    assert (dataset.chosen["black"], dataset.chosen["white"]) == (0, white)
    (noted,) = (p for p in dataset.problems if p.code == "picture.outlier")
    assert (noted.path, noted.left_out) == ("a/x.tif", False)
    assert any(sample.path == "a/x.tif" for sample in dataset.samples)


def test_the_white_can_be_set_and_black_too(tmp_path: Path) -> None:
    for name in ("a", "b"):
        for number in range(3):
            save_deep(tmp_path / name / f"{number}{name}.png", 4000)
    dataset = scan(tmp_path, options={"white": 20_000, "black": 100})
    assert dataset.chosen == {"white": 20_000, "black": 100}
    assert dataset.input["integers"] == (100, 20_000)
    with pytest.raises(UserError) as caught:
        scan(tmp_path, options={"black": 5000})
    assert caught.value.code == "picture.white_not_above_black"


def test_8_bit_pictures_beside_deep_ones_stay_as_they_are(tmp_path: Path) -> None:
    for number in range(3):
        save_deep(tmp_path / f"a/{number}.png", 60_000)
        bad_files.picture(number).save(tmp_path / f"b{number}.png")
    (tmp_path / "b").mkdir()
    for number in range(3):
        (tmp_path / f"b{number}.png").rename(tmp_path / f"b/{number}.png")
    dataset = scan(tmp_path)
    assert dataset.chosen == {"white": 65535, "black": 0}
    reading = Reading(**dataset.input)
    seen = decode.open_picture(tmp_path / "b/1.png", None, reading)
    assert np.array_equal(np.asarray(seen), np.asarray(bad_files.picture(1)))


@pytest.mark.parametrize(("kind", "white", "told"), [(np.uint16, 4000, 4095), (np.float32, 0.9, 1)])
def test_one_deep_picture_among_others_is_noted_and_seen(
    tmp_path: Path, kind: type, white: float, told: float
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(3):
            bad_files.picture(number + 3 * (name == "b")).save(tmp_path / name / f"{number}.png")
    save_deep(tmp_path / "a/deep.tif", white, kind)
    dataset = scan(tmp_path)
    (noted,) = (p for p in dataset.problems if p.code == "picture.mixed_depth")
    ends = {"black": "0", "white": f"{told:g}"}
    assert noted.values == {"count": 1, "total": 7, "first": "a/deep.tif"} | ends
    seen = np.asarray(decode.open_picture(tmp_path / "a/deep.tif", None, Reading(**dataset.input)))
    assert seen.min() == 0
    assert abs(int(seen.max()) - 255 * white / told) <= 1
    assert 50 < seen.mean() < 200


def test_ordinary_pictures_have_nothing_to_choose(tmp_path: Path) -> None:
    dataset = scan(bad_files.make_classes(tmp_path, {"cat": 2, "dog": 2}))
    assert dataset.chosen == {}
    assert dataset.input == {"integers": None, "floats": None, "ground": "white"}


@pytest.mark.parametrize(("bright", "expected"), [(255, "black"), (0, "white")])
def test_icons_get_a_background_on_which_they_show(
    tmp_path: Path, bright: int, expected: str
) -> None:
    for name in ("disc", "bar"):
        (tmp_path / name).mkdir()
        for number in range(4):
            icon = Image.new("RGBA", (40, 40), (bright, bright, bright, 0))
            size = (20 + number, 20 + number) if name == "disc" else (6, 30 + number)
            icon.paste((bright, bright, bright, 255), (5, 5, 5 + size[0], 5 + size[1]))
            icon.save(tmp_path / name / f"{number}.png")
    dataset = scan(tmp_path)
    assert dataset.chosen == {"ground": expected}
    assert "picture.one_colour" not in codes(dataset)
    hidden = scan(tmp_path, options={"ground": "white" if bright else "black"})
    assert codes(hidden)["picture.one_colour"] == 8


# -- twice


def test_a_link_into_another_class_is_a_conflict(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path / "data", {"cat": 5, "dog": 5})
    outside = bad_files.make_class(tmp_path / "outside", 2, 7)
    cat, dog = tmp_path / "data/cat", tmp_path / "data/dog"
    (dog / "inside.jpg").symlink_to(cat / "00.jpg")
    (cat / "same.jpg").symlink_to(cat / "01.jpg")
    (cat / "out.jpg").symlink_to(outside / "00.jpg")
    (dog / "out.jpg").symlink_to(outside / "00.jpg")
    (cat / "once.jpg").symlink_to(outside / "01.jpg")
    (cat / "twice.jpg").symlink_to(outside / "01.jpg")
    dataset = scan(tmp_path / "data")
    told = {p.path: p.code for p in dataset.problems}
    assert told == {
        "cat/00.jpg": "data.two_classes",
        "dog/inside.jpg": "data.two_classes",
        "cat/out.jpg": "data.two_classes",
        "dog/out.jpg": "data.two_classes",
        "cat/same.jpg": "data.link_repeats",
        "cat/twice.jpg": "data.link_repeats",
    }
    assert dataset.counts() == [5, 5]


def test_the_same_picture_saved_again_in_another_class_is_a_conflict(
    shared_data: Path, tmp_path: Path
) -> None:
    for name in ("hat", "shoes"):
        (tmp_path / name).mkdir()
        for path in sorted((shared_data / "images/clothing" / name).iterdir())[:6]:
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
    first = min((tmp_path / "hat").iterdir())
    with Image.open(first) as image:
        image.save(tmp_path / "shoes/again.jpg", quality=60)
    dataset = scan(tmp_path)
    told = {p.path: (p.code, p.left_out) for p in dataset.problems}
    assert told == dict.fromkeys(
        (f"hat/{first.name}", "shoes/again.jpg"), ("data.two_classes_again", True)
    )
    assert dataset.counts() == [5, 6]


def test_a_fixed_camera_can_be_learnt_from(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "flat").mkdir()
    with Image.open(min((shared_data / "images/clothing/shoes").iterdir())) as image:
        shots(tmp_path / "flat", image, 20)
    for path in (tmp_path / "flat").iterdir():
        name, file = path.name.split()
        (tmp_path / "data" / name).mkdir(parents=True, exist_ok=True)
        path.rename(tmp_path / "data" / name / file)
    dataset = scan(tmp_path / "data")
    assert dataset.counts() == [20, 20]
    assert codes(dataset) == {"data.near_everywhere": 2}
    assert not any(sample.group for sample in dataset.samples)
    assert split(dataset, SplitOptions(), 0).sizes() == {"train": 28, "val": 6, "test": 6}


def test_damage_inside_is_left_out_and_told(shared_data: Path, tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path, {"cat": 3, "dog": 3})
    whole = min((shared_data / "images/clothing/hat").iterdir()).read_bytes()
    half = len(whole) // 2
    (tmp_path / "cat/lost.jpg").write_bytes(whole[:half] + whole[half + 4096 :])
    dataset = scan(tmp_path)
    assert [(p.path, p.code, p.left_out) for p in dataset.problems] == [
        ("cat/lost.jpg", "picture.damaged_inside", True)
    ]
    assert dataset.counts() == [3, 3]


# -- doubts at prediction


def test_what_is_beyond_the_scale_of_the_training_is_noted(tmp_path: Path) -> None:
    save_deep(tmp_path / "x.png", 5000)
    assert files.prediction_warning(tmp_path / "x.png", Reading(integers=(0, 65535))) is None
    assert files.prediction_warning(tmp_path / "x.png", Reading()) is None
    note = files.prediction_warning(tmp_path / "x.png", Reading(integers=(0, 4095)))
    assert note is not None
    assert note.code == "picture.beyond"
    assert (note.values["high"], note.values["white"]) == ("5000", "4095")
    bad_files.picture(0).save(tmp_path / "x.jpg")
    assert files.prediction_warning(tmp_path / "x.jpg", Reading(integers=(0, 9))) is None


# -- corrections


def test_excluded_and_relabelled(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path, {"cat": 3, "dog": 3})
    changed = scan(
        tmp_path, exclude=("cat/00.jpg",), relabel={"cat/01.jpg": "dog", "dog/00.jpg": "fish"}
    )
    assert changed.classes == ("cat", "dog", "fish")
    assert named(changed) == {
        "cat/01.jpg": "dog",
        "cat/02.jpg": "cat",
        "dog/00.jpg": "fish",
        "dog/01.jpg": "dog",
        "dog/02.jpg": "dog",
    }


# -- other entrances


def test_list_files_walks_folders_and_takes_files_as_they_are(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path, {"cat": 2, "dog": 1})
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / ".hidden.jpg").write_text("x")
    listed = list(files.list_files([tmp_path / "notes.txt", tmp_path]))
    names = ["notes.txt", "cat/00.jpg", "cat/01.jpg", "dog/00.jpg"]
    assert listed == [tmp_path / name for name in names]


def test_check_tells_what_is_wrong_and_not_what_is_odd(mixed: dict[str, Path]) -> None:
    assert files.check(mixed["18_cmyk"]) is None
    problem = files.check(mixed["14_html"])
    assert problem is not None
    assert str(mixed["14_html"]) in problem.sentence()
    gone = files.check(mixed["mixed"] / "gone.jpg")
    assert gone is not None and gone.code == "picture.vanished"


def test_the_modality_scans(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path, {"cat": 2, "dog": 2})
    image = next(modality for modality in MODALITIES if modality.key == "image")
    dataset = image.scan(DataOptions(path=str(tmp_path)))
    assert (dataset.modality, dataset.noun) == (image.key, image.many)


# -- cost


def test_progress_counts_and_cancels(tmp_path: Path) -> None:
    bad_files.many_classes(tmp_path / "data", 2, each=100)
    counts: list[int] = []
    files.scan(DataOptions(path=str(tmp_path / "data")), counts.append)
    assert {64, 128, 192} <= set(counts)
    for stage in range(0, len(counts), 50):
        seen = iter(range(len(counts)))

        def cancel(count: int, seen: "object" = seen, stage: int = stage) -> None:
            if next(seen) == stage:  # type: ignore[call-overload]
                raise InterruptedError

        with pytest.raises(InterruptedError):
            files.scan(DataOptions(path=str(tmp_path / "data")), cancel)


def test_many_pictures_are_not_compared_nearly_but_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "MAX_PICTURES", 3)
    dataset = scan(bad_files.make_classes(tmp_path, {"cat": 2, "dog": 2}))
    assert codes(dataset) == {"data.near_unchecked": 1}


def seconds(work: object, paths: Sequence[str]) -> float:
    """Processor time of the fastest of some rounds."""
    assert callable(work)

    def once() -> float:
        start = time.process_time()
        for path in paths:
            work(path)
        return time.process_time() - start

    return min(once() for _ in range(5))


def test_looking_into_a_file_costs_little_more_than_opening_it(shared_data: Path) -> None:
    paths = [str(path) for path in (shared_data / "images/clothing").glob("*/*")]

    def bare(path: str) -> None:
        with Image.open(path) as image:
            assert image.size

    with decode.without_warnings():
        assert seconds(files.inspect, paths) <= 2.5 * seconds(bare, paths)


def test_memory_per_file_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million files in 500 MB: at most 400 bytes each, with everything."""

    def listing(count: int) -> Listing:
        names = (f"class/a picture with an ordinary name {n}.jpg" for n in range(count))
        return Listing(Path("/nowhere"), [Sample(name, 0) for name in names], ["class"])

    def peak(count: int) -> int:
        monkeypatch.setattr(reader, "read", lambda *arguments: listing(count))
        tracemalloc.start()
        dataset = scan(Path("/nowhere"))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(dataset.samples) == count
        return used

    monkeypatch.setattr(files._PictureScan, "inspect", lambda self, path: ())
    monkeypatch.setattr(near, "MAX_PICTURES", 0)
    assert (peak(15_000) - peak(5_000)) / 10_000 <= 400


def test_what_a_scan_says_is_the_same_every_time(mixed: dict[str, Path], scanned: Dataset) -> None:
    assert scan(mixed["mixed"]) == scanned
