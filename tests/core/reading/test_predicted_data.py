"""Real pictures and recordings of which several labels, several questions or a number are told."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import SplitOptions, split

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def scanned(modality: str, path: Path, **said: Any) -> Dataset:
    data = opt.check({"path": str(path), **said}, DataOptions)
    return registry.modality(modality).scan(data)


def table(path: Path, rows: list[tuple[Any, ...]]) -> None:
    path.write_text("\n".join(";".join(map(str, row)) for row in rows), encoding="utf-8")


@pytest.fixture
def digits(shared_data: Path, tmp_path: Path) -> Path:
    """Recordings that are called digit_speaker_number, in one folder."""
    folder = tmp_path / "digits"
    folder.mkdir()
    for digit in range(4):
        found = sorted((shared_data / "audio" / "spoken-digits" / str(digit)).glob("*.wav"))
        for speaker in ("george", "jackson"):
            for file in [f for f in found if f"_{speaker}_" in f.name][:8]:
                shutil.copy(file, folder / file.name)
    return folder


def test_spoken_digits_answer_who_says_what(digits: Path) -> None:
    files = sorted(file.name for file in digits.iterdir())
    rows = [(name, WORDS[int(name[0])], name.split("_")[1]) for name in files]
    rows[3] = (files[3], "", rows[3][2])
    table(digits / "table.csv", [("file", "digit", "speaker"), *rows])
    found = scanned("audio", digits, predict=["digit", "speaker"])
    assert found.targets.names == ("digit", "speaker")
    assert found.targets.answers == (("one", "three", "two", "zero"), ("george", "jackson"))
    told = {s.path: found.classes[s.label] for s in found.samples}
    assert told == {n: f"{digit or '?'} · {speaker}" for n, digit, speaker in rows}
    assert found.members["digit: zero"] == 15
    assert found.members["speaker: george"] == 32
    made = split(found, SplitOptions(), 0)
    assert made.sizes() == {"train": 45, "val": 10, "test": 9}
    tested = Counter(made.classes[s.label].split(" · ")[0] for s in made.test)
    assert {tested[word] for word in WORDS[:4]} <= {1, 2, 3}
    assert made.grouped_by is None


def test_omniglot_answers_alphabet_and_character(shared_data: Path, tmp_path: Path) -> None:
    for alphabet in ("Greek", "Latin"):
        for character in ("character01", "character02", "character03"):
            source = shared_data / "images" / "omniglot" / alphabet / character
            (tmp_path / alphabet / character).mkdir(parents=True)
            for file in sorted(source.iterdir())[:6]:
                shutil.copy(file, tmp_path / alphabet / character / file.name)
    found = scanned("image", tmp_path, predict=["level:1", "level:2"])
    assert found.targets.names == ("level 1", "level 2")
    assert found.targets.answers[0] == ("Greek", "Latin")
    assert len(found.samples) == 36
    for sample in found.samples:
        alphabet, character, _name = sample.path.split("/")
        assert found.classes[sample.label] == f"{alphabet} · {character}"
    assert split(found, SplitOptions(), 0).method == "split.random_questions"


def collages(shared_data: Path, folder: Path, count: int) -> list[tuple[str, list[str]]]:
    """Pictures of one to three pieces of clothing side by side, and what is on them."""
    classes = sorted(p for p in (shared_data / "images" / "clothing").iterdir() if p.is_dir())[:4]
    rng = np.random.default_rng(0)
    files = {home.name: sorted(home.rglob("*.*")) for home in classes}
    told = []
    for n in range(count):
        names = [str(name) for name in rng.permutation(list(files))[: n % 4]]
        whole = Image.new("RGB", (96, 32), tuple(int(v) for v in rng.integers(0, 255, 3)))
        for at, name in enumerate(names):
            with Image.open(files[name][n % len(files[name])]) as picture:
                whole.paste(picture.convert("RGB").resize((32, 32)), (32 * at, 0))
        whole.save(folder / f"{n}.png")
        told.append((f"{n}.png", names))
    return told


def test_collages_of_clothing_have_several_labels(shared_data: Path, tmp_path: Path) -> None:
    told = collages(shared_data, tmp_path, 32)
    table(tmp_path / "t.csv", [("file", "worn"), *((name, "|".join(own)) for name, own in told)])
    found = scanned("image", tmp_path)
    assert found.targets.objective == "several_labels"
    assert found.chosen["separator"] == "|"
    names = found.targets.names
    for sample in found.samples:
        said = {names[int(at)] for at in found.targets.values[sample.label]}
        assert said == set(dict(told)[sample.path])
    assert found.members == dict(Counter(name for _file, own in told for name in own))
    made = split(found, SplitOptions(), 0)
    assert sum(made.sizes().values()) == len(found.samples)
    assert all(made.sizes().values())


def test_rotated_pictures_have_an_angle(shared_data: Path, tmp_path: Path) -> None:
    file = next((shared_data / "images" / "clothing").rglob("*.jpg"))
    rows: list[tuple[Any, ...]] = [("file", "angle")]
    with Image.open(file) as picture:
        small = picture.convert("RGB").resize((64, 64))
    for n in range(24):
        angle = n * 13.5
        small.rotate(angle).save(tmp_path / f"{n}.png")
        rows.append((f"{n}.png", f"{angle:.1f}°".replace(".", ",")))
    table(tmp_path / "t.csv", rows)
    found = scanned("image", tmp_path, objective="number")
    assert (found.targets.names, found.targets.unit) == (("angle",), "°")
    by_path = {s.path: found.targets.values[s.label] for s in found.samples}
    assert by_path == {f"{n}.png": (n * 13.5,) for n in range(24)}
    assert not [p for p in found.problems if p.code == "data.near_two_classes"]
