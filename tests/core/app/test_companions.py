"""What is read of other data, and what is left out of them because it would spoil a figure."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.app import companions
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.data import split as splitting
from transfergui.core.data.companions import UNLABELLED, Companion
from transfergui.core.data.dataset import Sample
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.training import companions as repeating

OTHER_SEED = 7


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return TINY["image"](tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other pictures of the same classes."""
    return TINY["image"](tmp_path_factory.mktemp("elsewhere"), per_class=4, seed=OTHER_SEED)


def planned(data: Path, modality: str = "image", **settings: Any) -> Plan:
    recipe = Recipe(modality=modality).replace(data__path=str(data), strategy="mcc")
    recipe = recipe.replace(**{"companions__target": str(data)} | settings)
    dataset = registry.modality(modality).scan(recipe.data)
    return resolve(recipe, splitting.split(dataset, recipe.split, 0))


def read(data: Path, modality: str = "image", **settings: Any) -> dict[str, Companion]:
    """By role."""
    made = with_companions(planned(data, modality, **settings))
    return {each.role: each for each in made.split.companions}


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        work()
    assert str(caught.value)
    return caught.value.code


def found(companion: Companion) -> set[str]:
    return {sample.path for sample in companion.samples}


def counted(companion: Companion) -> dict[str, int]:
    return {problem.code: problem.values.get("count", 1) for problem in companion.problems}


def copied(root: Path, samples: tuple[Sample, ...], target: Path) -> None:
    """Under other names, in the class folders."""
    for sample in samples:
        place = target / Path(sample.path).parent / f"copy_{Path(sample.path).name}"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / sample.path, place)


def test_every_file_of_a_target_counts_whatever_its_folder(own: Path, elsewhere: Path) -> None:
    target = read(own, companions__target=str(elsewhere))["target"]
    assert found(target) == {p.relative_to(elsewhere).as_posix() for p in elsewhere.rglob("*.png")}
    assert {sample.label for sample in target.samples} == {UNLABELLED}
    assert counted(target) == {companions.LABELS_UNUSED: 8}  # its folders are one's own classes
    assert (target.path, target.root) == (str(elsewhere), str(elsewhere))


def test_what_measures_and_what_checks_is_kept_apart(
    own: Path, elsewhere: Path, tmp_path: Path
) -> None:
    split = planned(own).split
    target, check = tmp_path / "target", tmp_path / "check"
    shutil.copytree(elsewhere, target)
    copied(own, split.val + split.test, target)  # these choose the epoch, or measure
    copied(own, split.train[:3], target)  # these do no harm
    checks = sorted(elsewhere.rglob("*.png"))[:2]
    for path in checks:
        place = check / path.relative_to(elsewhere)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    copied(own, split.train[:1] + split.val[:1], check)
    both = read(own, companions__target=str(target), companions__check=str(check))
    gone = len(split.val) + len(split.test) + len(checks)
    left_out = {"companion.measures": gone, "companion.also_training": 3}
    every = {companions.LABELS_UNUSED: 8 + gone - len(checks) + 3}
    assert counted(both["target"]) == every | left_out
    assert len(both["target"].samples) == 8 - len(checks) + 3
    assert counted(both["check"]) == {"companion.learnt": 2}
    assert found(both["check"]) == {p.relative_to(elsewhere).as_posix() for p in checks}
    assert all(problem.sentence() for each in both.values() for problem in each.problems)


def test_data_that_are_divided_again_keep_them_apart(
    own: Path, elsewhere: Path, tmp_path: Path
) -> None:
    split, target = planned(own).split, tmp_path / "target"
    shutil.copytree(elsewhere, target)
    copied(own, split.train, target)
    plan = with_companions(planned(own, companions__target=str(target)))
    assert len(plan.split.companions[0].samples) == 8 + len(split.train)
    anew = repeating.divided_again(plan.split, plan.recipe.split, 5)
    assert anew.companions == ()
    (kept,) = repeating.beside(plan.recipe, plan.split, anew).companions
    measuring = {s.path for s in (*anew.val, *anew.test)} & {s.path for s in split.train}
    assert measuring and len(kept.samples) == 8 + len(split.train) - len(measuring)


def test_classes_are_those_of_the_same_name_or_as_the_user_says(
    own: Path, elsewhere: Path, tmp_path: Path
) -> None:
    check = tmp_path / "check"
    shutil.copytree(elsewhere / "class_1", check / "class_1")
    shutil.copytree(elsewhere / "class_0", check / "zero")
    by_name = read(own, companions__check=str(check))["check"]
    assert {sample.label for sample in by_name.samples} == {1}
    assert counted(by_name) == {"companion.other_classes": 4}
    said = read(own, companions__check=str(check), companions__classes={"zero": "class_0"})["check"]
    assert {s.path.split("/")[0]: s.label for s in said.samples} == {"zero": 0, "class_1": 1}
    left_out = {"zero": "class_0", "class_1": ""}
    some = read(own, companions__check=str(check), companions__classes=left_out)["check"]
    assert {sample.label for sample in some.samples} == {0}
    wrong = {"companions__check": str(check), "companions__classes": {"zero": "class_O"}}
    assert code_of(lambda: read(own, **wrong)) == "companion.no_such_class"
    shutil.rmtree(check / "class_1")
    shutil.copytree(elsewhere / "class_1", check / "one")
    assert code_of(lambda: read(own, companions__check=str(check))) == "companion.no_class"


def test_a_target_may_be_a_zip(own: Path, elsewhere: Path, tmp_path: Path) -> None:
    path = tmp_path / "target.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in sorted(elsewhere.rglob("*.png")):
            archive.write(each, each.name if "class_0" in str(each) else f"x/{each.name}")
    target = read(own, companions__target=str(path))["target"]
    assert len(target.samples) == 8
    assert all((Path(target.root) / sample.path).is_file() for sample in target.samples)
    assert [each.name for each in tmp_path.iterdir()] == ["target.zip"]


@pytest.mark.parametrize("labelled", [False, True])
def test_texts_may_be_rows_of_a_table(tmp_path: Path, labelled: bool) -> None:
    data, table = TINY["text"](tmp_path / "own"), tmp_path / "other.csv"
    rows = [(f"The weather at number {i} was mild.", "class_0") for i in range(5)]
    head = "text,label" if labelled else "text"
    lines = [",".join(row) if labelled else row[0] for row in rows]
    table.write_text("\n".join([head, *lines]), encoding="utf-8")
    role = "check" if labelled else "target"
    made = with_companions(planned(data, "text", **{f"companions__{role}": str(table)}))
    companion = next(each for each in made.split.companions if each.role == role)
    assert len(companion.samples) == 5
    assert {sample.label for sample in companion.samples} == {0 if labelled else UNLABELLED}
    text = made.modality.load(Path(companion.root) / companion.samples[0].path, made.input)
    assert text is not None


def test_what_cannot_be_used_is_told(own: Path, tmp_path: Path) -> None:
    gone, sounds = tmp_path / "gone", TINY["audio"](tmp_path / "sounds")
    (tmp_path / "empty").mkdir()
    split = planned(own).split
    copied(own, split.val, tmp_path / "same")
    cases = {
        gone: "companion.missing",
        tmp_path / "empty": "companion.empty",
        sounds: "companion.other_kind",
        tmp_path / "same": "companion.only_own",
        tmp_path / "broken": "companion.unfit",
    }
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_bytes(b"")
    for path, code in cases.items():
        assert code_of(lambda path=path: read(own, companions__target=str(path))) == code
    same = {"companions__target": str(own), "companions__check": str(tmp_path / "same")}
    assert code_of(lambda: read(own, **same)) == "companion.only_own"


def test_what_only_checks_is_nothing_else(own: Path, elsewhere: Path) -> None:
    both = {"companions__target": str(elsewhere), "companions__check": str(elsewhere)}
    assert code_of(lambda: read(own, **both)) == "companion.only_checks"


def test_few_examples_are_not_adapted_to(own: Path, elsewhere: Path) -> None:
    plan = planned(own, companions__target=str(elsewhere), strategy="coral")
    few = companions.obstacle(plan, companions.read(plan))
    assert few is not None and few.code == "adapt.too_few"


def test_ones_own_training_set_cannot_be_borrowed(
    own: Path, elsewhere: Path, tmp_path: Path
) -> None:
    split, source = planned(own).split, tmp_path / "source"
    shutil.copytree(elsewhere, source)
    copied(own, split.train[:2] + split.val[:1], source)
    borrowed = read(own, companions__source=[str(source)])["source"]
    assert counted(borrowed) == {"companion.measures": 1, "companion.own_already": 2}
    assert len(borrowed.samples) == 8


def test_a_copy_that_was_saved_again_is_found(tmp_path: Path) -> None:
    """As a JPEG; other pictures, as like each other as photos are, stay."""
    own, source = tmp_path / "own", tmp_path / "source"
    rng = np.random.default_rng(0)
    for name, count in (("own", 8), ("source", 2)):
        for at in range(2 * count):
            coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), np.uint8))
            place = tmp_path / name / f"class_{at % 2}" / f"{at}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            coarse.resize((120, 90), Image.Resampling.BICUBIC).save(place)
    tested = planned(own).split.test[0].path
    with Image.open(own / tested) as picture:
        picture.save(source / tested.replace(".png", "_web.jpg"), quality=80)
    borrowed = read(own, companions__source=[str(source)])["source"]
    assert counted(borrowed) == {"companion.measures": 1}
    assert found(borrowed) == {p.relative_to(source).as_posix() for p in source.rglob("*.png")}


def test_classes_that_are_matched_otherwise_or_in_vain_are_told(own: Path, elsewhere: Path) -> None:
    said = {"class_0": "class_1", "clas_1": "class_1"}
    check = read(own, companions__check=str(elsewhere), companions__classes=said)["check"]
    told = {each.code: each.values["name"] for each in check.problems}
    assert told == {"companion.no_such_name": "clas_1", "companion.matched_otherwise": "class_0"}
    assert {sample.label for sample in check.samples} == {1}
