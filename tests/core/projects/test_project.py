"""The project file is read as it was written, wherever it is moved with its data."""

import json
import shutil
from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.projects import project
from transfergui.core.recipe import Recipe


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A project beside its data, with other data above it."""
    home = tmp_path / "home"
    for folder in ("work/photos", "work/new", "work/run", "others"):
        (home / folder).mkdir(parents=True)
    (home / "work" / "run" / "split.json").write_text("{}")
    recipe = Recipe().replace(
        data__path=str(home / "work" / "photos"),
        data__added=[str(home / "work" / "new")],
        data__relabel={"a/1.png": "wasp"},
        split__kept=str(home / "work" / "run" / "split.json"),
        companions__source=[str(home / "others")],
    )
    path = home / "work" / "beetles.transfergui"
    run = str(home / "work" / "run")
    project.save(project.made(recipe, (run,), run, "results"), path)
    return path


def test_it_is_read_as_it_was_written(saved: Path) -> None:
    opened = project.load(saved)
    assert not opened.missing
    assert opened.recipe.data.relabel == {"a/1.png": "wasp"}
    assert (opened.project.stage, opened.project.shown) == ("results", str(saved.parent / "run"))


def test_a_project_that_is_moved_with_its_data_finds_them(saved: Path, tmp_path: Path) -> None:
    shutil.move(saved.parent.parent, tmp_path / "elsewhere")
    opened = project.load(tmp_path / "elsewhere" / "work" / saved.name)
    there = tmp_path / "elsewhere"
    assert not opened.missing
    assert opened.recipe.data.path == str(there / "work" / "photos")
    assert opened.recipe.data.added == (str(there / "work" / "new"),)
    assert opened.recipe.companions.source == (str(there / "others"),)
    assert opened.project.runs == (str(there / "work" / "run"),)


def test_data_that_are_gone_are_asked_for(saved: Path, tmp_path: Path) -> None:
    old = saved.parent / "photos"
    shutil.move(old, tmp_path / "pictures")
    assert project.load(saved).data_missing == str(old)
    opened = project.load(saved, {str(old): str(tmp_path / "pictures")})
    assert (opened.recipe.data.path, opened.missing) == (str(tmp_path / "pictures"), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "project.unreadable"),
        ("[]", "project.unreadable"),
        ('{"schema": 1, "recipe": {}, "runs": 3}', "project.unreadable"),
        ('{"schema": 99, "recipe": {}}', "project.newer"),
        ('{"schema": 1, "recipe": {"run": {"seed": -1}}}', "recipe.invalid"),
    ],
)
def test_a_damaged_or_newer_file_gets_a_sentence(text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.transfergui").write_text(text)
    with pytest.raises(UserError) as raised:
        project.load(tmp_path / "a.transfergui")
    assert raised.value.code == code


def test_corrections_without_paths_are_no_places(saved: Path) -> None:
    places = json.loads(saved.read_text())["places"]
    assert "a/1.png" not in places
    assert places[str(saved.parent / "photos")] == "photos"
