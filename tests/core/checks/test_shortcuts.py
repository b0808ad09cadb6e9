"""What gives the class away is named, and nothing else."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageEnhance

from tests.core import made_plans
from tests.core.checks.made_material import material, scene
from transfergui.core.base.progress import untold
from transfergui.core.checks import shortcuts
from transfergui.core.checks.check import Finding, Material
from transfergui.core.data import targets as meanings
from transfergui.core.data.dataset import Sample
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

EACH = 20


def pictures(count: int = 3) -> dict[str, list[Image.Image]]:
    return {f"class {n}": [scene(EACH * n + at) for at in range(EACH)] for n in range(count)}


def properties(found: Finding) -> list[str]:
    return [row["property"] for row in found.document["shortcuts"]]


def test_nothing_is_made_up(tmp_path: Path) -> None:
    found = shortcuts.find(material(tmp_path, pictures()), untold)
    assert (found.notes, found.document) == ((), {"shortcuts": []})


def test_the_brightened_class_is_named(tmp_path: Path) -> None:
    made = pictures()
    made["class 1"] = [ImageEnhance.Brightness(each).enhance(1.6) for each in made["class 1"]]
    found = shortcuts.find(material(tmp_path, made), untold)
    assert any("brightness" in each for each in properties(found))
    assert {tuple(row["classes"]) for row in found.document["shortcuts"]} == {("class 1",)}
    assert found.notes[0].code == "check.shortcuts_one"
    assert "“class 1”" in found.notes[0].sentence()
    assert "class 1" in {each.label for each in found.flagged}


def test_two_classes_of_two_sizes(tmp_path: Path) -> None:
    made = pictures(2)
    made["class 0"] = [scene(at, (80, 60)) for at in range(EACH)]
    bare = material(tmp_path, made)
    bare = dataclasses.replace(bare, parts=("test",) * len(bare.samples))
    found = shortcuts.find(bare, untold)
    assert {"width", "height"} <= set(properties(found))
    assert found.document["shortcuts"][0]["classes"] == ["class 0", "class 1"]
    assert found.document["shortcuts"][0]["property"] != "file_size"  # what follows from the size
    codes = {note.code for note in found.notes}
    assert {"check.shortcuts_median_two", "check.shortcuts_resave"} <= codes
    width = next(each for each in found.alone if each.title == "Picture width")
    assert width.fits
    assert not width.misled
    assert {"check.shortcuts_two", "check.shortcuts_making"} <= {note.code for note in found.notes}


def test_two_classes_in_two_kinds_of_files(tmp_path: Path) -> None:
    bare = material(tmp_path, pictures(2))
    for at in range(EACH):
        scene(at).save(tmp_path / "class 0" / f"{at}.png", "JPEG")  # whatever its name says
    found = shortcuts.find(bare, untold)
    assert {"file_type", "jpeg_quality"} <= set(properties(found))


def test_a_property_that_the_model_hardly_needs_is_not_named(tmp_path: Path) -> None:
    """Brightness tells the class of 32 in 40; what a model sees tells it always."""
    made = {f"class {n}": [scene(100 * n + at) for at in range(40)] for n in range(2)}
    for number, several in enumerate(made.values()):
        for at, each in enumerate(several):
            bright = (number == 1) == (at % 5 > 0)
            several[at] = ImageEnhance.Brightness(each).enhance(1.5 if bright else 0.6)
    sees = np.random.default_rng(1).normal(size=(80, 8)).astype(np.float32)
    bare = material(tmp_path, made, sees)
    assert "brightness" in properties(shortcuts.find(bare, untold))
    sees[40:, 0] += 9
    found = shortcuts.find(dataclasses.replace(bare, features=sees), untold)
    assert "brightness" not in properties(found)


def of_meaning(bare: Material, classes: tuple[str, ...], meant: meanings.Targets) -> Material:
    """The same pictures, whose classes mean something else."""
    divided = msgspec.structs.replace(bare.plan.split, classes=classes, targets=meant)
    recipe = bare.plan.recipe.replace(optim__label_smoothing=0)
    return dataclasses.replace(bare, plan=resolve(recipe, divided))


@pytest.mark.parametrize("objective", ["several_labels", "several_questions"])
def test_of_labels_and_questions_the_one_is_named(tmp_path: Path, objective: str) -> None:
    made = pictures(4)
    for name in ("class 1", "class 3"):
        made[name] = [ImageEnhance.Brightness(each).enhance(1.7) for each in made[name]]
    bare = material(tmp_path, made)
    if objective == "several_labels":
        classes: tuple[str, ...] = ("(none)", "lamp", "cat", "cat; lamp")
        meant = meanings.of_labels(classes, ("cat", "lamp"))
    else:
        classes = ("no · cat", "yes · cat", "no · dog", "yes · dog")
        meant = meanings.of_questions(classes, ("lamp", "animal"))
    found = shortcuts.find(of_meaning(bare, classes, meant), untold)
    assert found.notes
    said = " ".join(note.sentence() for note in found.notes)
    assert "lamp" in said
    assert "cat" not in said


def test_many_labels_are_no_reason_to_name_one(tmp_path: Path) -> None:
    """A dozen labels that are there by chance."""
    bare, rng = material(tmp_path, pictures(4)), np.random.default_rng(0)
    held = rng.random((4 * EACH, 12)) < 0.25
    texts = ["; ".join(f"l{at}" for at in np.flatnonzero(row)) or "(none)" for row in held]
    classes = tuple(dict.fromkeys(texts))
    samples = tuple(
        msgspec.structs.replace(sample, label=classes.index(text))
        for sample, text in zip(bare.samples, texts, strict=True)
    )
    meant = meanings.of_labels(classes)
    found = of_meaning(dataclasses.replace(bare, samples=samples), classes, meant)
    assert shortcuts.find(found, untold).document == {"shortcuts": []}


def test_a_number_that_follows_a_property(tmp_path: Path) -> None:
    made = {str(n): [ImageEnhance.Brightness(scene(n)).enhance(0.4 + n / 30)] for n in range(60)}
    bare, classes = material(tmp_path, made), tuple(made)
    follows = of_meaning(bare, classes, meanings.of_numbers(classes, "age", "years"))
    found = shortcuts.find(follows, untold)
    assert found.notes[0].code == "check.shortcuts_number"
    assert any("brightness" in each for each in properties(found))
    mixed = tuple(map(str, np.random.default_rng(0).permutation(60).tolist()))
    silent = of_meaning(bare, mixed, meanings.of_numbers(mixed, "age", "years"))
    assert shortcuts.find(silent, untold).notes == ()


def clothes(shared_data: Path, folder: Path, brighter: str = "") -> Material:
    """Half of the real photos; those of one class made brighter."""
    root = shared_data / "images" / "clothing"
    names = sorted(each.name for each in root.iterdir())
    samples = []
    for label, name in enumerate(names):
        for path in sorted((root / name).iterdir())[::2]:
            own = path
            if name == brighter:
                own = folder / path.name
                with Image.open(path) as image:
                    bright = ImageEnhance.Brightness(image.convert("RGB")).enhance(1.6)
                bright.save(own, quality=70)
            samples.append(Sample(str(own), label))
    bare = made_plans.split(*[1] * len(names))
    divided = msgspec.structs.replace(
        bare, root=str(root), classes=tuple(names), train=tuple(samples)
    )
    return Material(resolve(Recipe(), divided), tuple(samples), ("train",) * len(samples), None)


def test_of_real_photos_only_the_brightened_class_is_named(
    tmp_path: Path, shared_data: Path
) -> None:
    assert shortcuts.find(clothes(shared_data, tmp_path), untold).notes == ()
    found = shortcuts.find(clothes(shared_data, tmp_path, "skirt"), untold)
    assert {tuple(row["classes"]) for row in found.document["shortcuts"]} == {("skirt",)}
    assert any("brightness" in each for each in properties(found))
