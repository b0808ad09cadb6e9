"""Paths: every folder can be moved, resources are found, names are shown safely."""

import os
import tempfile
from pathlib import Path

import pytest

from transfergui.core.base import paths


def test_home_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERGUI_HOME", str(tmp_path))
    assert paths.cache_dir() == tmp_path / "cache"
    assert paths.runs_dir() == tmp_path / "runs"
    assert paths.settings_dir() == tmp_path / "settings"


def test_one_part_can_be_moved_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERGUI_HOME", str(tmp_path))
    monkeypatch.setenv("TRANSFERGUI_RUNS", str(tmp_path / "elsewhere"))
    assert paths.runs_dir() == tmp_path / "elsewhere"
    assert paths.cache_dir() == tmp_path / "cache"


def test_the_systems_folders_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRANSFERGUI_HOME")
    places = {paths.cache_dir(), paths.runs_dir(), paths.settings_dir()}
    assert len(places) == 3
    assert all("transfergui" in str(place).lower() for place in places)


def test_weights_are_searched_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", os.pathsep.join(["/first", "", "/second"]))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    found = paths.weights_dirs("~/chosen")
    assert found[0] == Path.home() / "chosen"
    assert found[1:] == (Path("/first"), Path("/second"), tmp_path / "hub" / "checkpoints")


def test_the_hub_cache_is_where_torch_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORCH_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert paths.hub_checkpoints_dir() == Path("/cache/torch/hub/checkpoints")


def test_resources_are_there() -> None:
    assert paths.resource("templates").is_dir()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain.jpg", "plain.jpg"),
        ("甲虫 é.jpg", "甲虫 é.jpg"),
        ("a\nb", "a\\nb"),
        ("\udcff", "\\udcff"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        (Path("x") / "y", os.path.join("x", "y")),  # noqa: PTH118
    ],
)
def test_shown(name: str | Path, shown: str) -> None:
    assert paths.shown(name) == shown


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container, whose user is in no list: ``HOME`` is unset."""

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("HOME", "XDG_CACHE_HOME", "TORCH_HOME", "TRANSFERGUI_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", unknown)
    monkeypatch.setattr(Path, "expanduser", lambda path: unknown())


@pytest.mark.usefixtures("homeless")
def test_without_a_home_there_is_a_place_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = Path(tempfile.gettempdir())
    for folder in (paths.cache_dir(), paths.runs_dir(), paths.settings_dir()):
        assert folder.parent == paths.home()
    assert paths.home().parent == temporary
    assert temporary in paths.hub_checkpoints_dir().parents
    assert temporary in paths.hub_cache_dir().parents
    assert paths.expanded("~/x") == Path("~/x")

    def none() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert paths.home().parent == Path.cwd()


def test_a_user_who_is_not_there_is_a_name_like_others() -> None:
    assert paths.expanded("~nobody-of-that-name/x") == Path("~nobody-of-that-name/x")
