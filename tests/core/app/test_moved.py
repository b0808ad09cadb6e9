"""Other data of a run that were moved: found again where they are the same."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.app import moved
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.data import split as splitting
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs.run import Run


@pytest.fixture
def target(tmp_path: Path) -> Path:
    made = TINY["image"](tmp_path / "target", per_class=4, seed=7)
    for path in made.rglob("*.png"):  # what may still change is not remembered
        os.utime(path, (1e9, 1e9))
    return made


@pytest.fixture
def run(tmp_path: Path, target: Path) -> Run:
    """Its data are read, as before a training, and a second one was trained beside it."""
    own = TINY["image"](tmp_path / "own")
    recipe = Recipe(strategy="mcc").replace(data__path=str(own), companions__target=str(target))
    dataset = registry.modality("image").scan(recipe.data)
    plan = with_companions(resolve(recipe, splitting.split(dataset, recipe.split, 0)))
    Run.create(plan.recipe, plan.split, tmp_path / "run" / "beside" / "plain")
    shutil.move(tmp_path / "run" / "beside", tmp_path / "kept")
    (tmp_path / "run").rmdir()
    made = Run.create(plan.recipe, plan.split, tmp_path / "run")
    shutil.move(tmp_path / "kept", tmp_path / "run" / "beside")
    return made


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        work()
    assert str(caught.value)
    return caught.value.code


def test_they_are_found_again_where_they_are_the_same(run: Run, target: Path) -> None:
    moved.require_places(run.split)
    before, now = run.split, target.with_name("elsewhere")
    target.rename(now)
    assert code_of(lambda: moved.require_places(run.split)) == "companion.moved"
    moved.relocate(run, {target.name: now})  # its name is enough
    moved.require_places(run.split)
    for each in (run, Run(run.path / "beside" / "plain")):
        (found,) = each.split.companions
        assert (found.path, found.root) == (str(now), str(now))
        assert each.recipe.companions.target == str(now)
    (old,) = before.companions
    same = msgspec.structs.replace(old, path=str(now), root=str(now))
    assert run.split == msgspec.structs.replace(before, companions=(same,))


def test_what_is_not_the_same_is_refused(run: Run, target: Path, tmp_path: Path) -> None:
    before = run.split
    now = target.rename(target.with_name("elsewhere"))
    first = sorted(now.rglob("*.png"))[0]
    content = first.read_bytes()
    first.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))  # of the same size
    wrong: dict[str, Path] = {
        "companion.not_same": now,
        "companion.missing": tmp_path / "nowhere",
    }
    for code, place in wrong.items():
        assert code_of(lambda place=place: moved.relocate(run, {str(target): place})) == code
    assert code_of(lambda: moved.relocate(run, {"other": now})) == "companion.not_of_run"
    first.unlink()
    assert code_of(lambda: moved.relocate(run, {str(target): now})) == "companion.not_same"
    assert run.split == before
