"""Every modality with every role of other data: read, refused, vanished, and never written to."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.data import split as splitting
from transfergui.core.data.companions import ROLES, UNLABELLED, Role
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs.run import Run

MODALITIES = [row.key for row in registry.MODALITIES]
EVERY_PAIR = pytest.mark.parametrize(
    ("modality", "role"), list(itertools.product(MODALITIES, ROLES))
)


class Places:
    """One's own data of each modality, and other data of the same classes."""

    def __init__(self, folder: Path) -> None:
        self.own = {key: TINY[key](folder / "own" / key) for key in MODALITIES}
        self.other = {key: TINY[key](folder / "other" / key, seed=1) for key in MODALITIES}

    def plan(self, modality: str, role: Role, path: Path) -> Plan:
        """Of a recipe that names other data, which are read."""
        named: Any = (str(path),) if ROLES[role].several else str(path)
        recipe = Recipe(modality=modality).replace(
            data__path=str(self.own[modality]), **{f"companions__{role}": named}
        )
        dataset = registry.modality(modality).scan(recipe.data)
        return with_companions(resolve(recipe, splitting.split(dataset, recipe.split, 0)))


def listed(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Nothing is written there."""
    folder = tmp_path_factory.mktemp("roles")
    places = Places(folder)
    before = listed(folder)
    yield places
    assert listed(folder) == before


def code_of(read: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        read()
    assert str(caught.value).endswith(".")
    return caught.value.code


@EVERY_PAIR
def test_other_data_are_read_and_kept_with_the_run(
    places: Places, modality: str, role: Role, tmp_path: Path
) -> None:
    plan = places.plan(modality, role, places.other[modality])
    (found,) = plan.split.of_role(role)
    assert len(found.samples) > 12
    labels = {sample.label for sample in found.samples}
    assert labels == ({0, 1} if ROLES[role].labelled else {UNLABELLED})
    run = Run.create(plan.recipe, plan.split, tmp_path / "run")
    assert run.split == plan.split
    assert resume_plan(run).split.companions == plan.split.companions


@EVERY_PAIR
def test_other_data_on_a_vanished_disk_are_told(
    places: Places, modality: str, role: Role, tmp_path: Path
) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    TINY[modality](disk, per_class=4, seed=2)
    plan = places.plan(modality, role, disk)
    run = Run.create(plan.recipe, plan.split, tmp_path / "run")
    disk.rename(away)
    assert code_of(lambda: places.plan(modality, role, disk)) == "companion.missing"
    assert code_of(lambda: resume_plan(run)) == "run.data_changed"
    away.rename(disk)  # plugged in again
    assert resume_plan(run).split == plan.split


@EVERY_PAIR
def test_what_cannot_have_a_role_is_refused_in_a_sentence(
    places: Places, modality: str, role: Role, tmp_path: Path
) -> None:
    """Data of another modality; and where labels are needed, without any class of one's own."""
    other = next(key for key in MODALITIES if key != modality)
    refused = code_of(lambda: places.plan(modality, role, places.other[other]))
    unfit = {"companion.other_kind", "companion.no_class"}
    assert refused in unfit
    if ROLES[role].labelled:
        pets = tmp_path / "pets"
        for seed, name in enumerate(("cats", "dogs")):
            made = TINY[modality](tmp_path / name, classes=1, per_class=3, seed=seed)
            pets.mkdir(exist_ok=True)
            (made / "class_0").rename(pets / name)
        assert code_of(lambda: places.plan(modality, role, pets)) == "companion.no_class"
