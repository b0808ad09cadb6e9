"""Double click: what is written on Linux and Windows, and that it is taken back."""

import os
import shlex
import sys
import types
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from transfergui.cli import main
from transfergui.core.app import associations
from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import KINDS, MODEL, PROJECT, is_opened
from transfergui.core.projects.project import SUFFIX


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def files(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.is_file()}


def test_the_kinds_are_those_of_the_program() -> None:
    assert PROJECT.suffix == SUFFIX
    assert is_opened("a/b.TGMODEL")
    assert is_opened("photos.zip")
    assert not is_opened("train")


def test_a_double_click_on_linux(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["associate"]) == 1  # nobody can be asked
    assert "[associate.not_asked]" in capsys.readouterr().err
    assert files(home) == set()
    assert main(["associate", "--yes"]) == 0
    assert set(associations.places()) <= files(home)
    assert associations.is_associated()
    entry = (home / "applications" / "transfergui.desktop").read_text("utf-8")
    values = dict(line.split("=", 1) for line in entry.splitlines() if "=" in line)
    assert shlex.split(values["Exec"]) == [sys.executable, "-P", "-m", "transfergui", "%f"]
    types = ET.parse(home / "mime" / "packages" / "transfergui.xml").getroot()
    named = {each.get("type"): each[2].get("pattern") for each in types}
    assert named == {kind.mime: f"*{kind.suffix}" for kind in KINDS}
    assert all(kind.mime in values["MimeType"] for kind in KINDS)
    other = home / "applications" / "other.desktop"
    other.write_text("[Desktop Entry]\n")
    assert main(["associate", "--remove", "--yes"]) == 0
    assert not set(associations.places()) & files(home)
    assert other.exists()
    assert not associations.is_associated()


def test_files_of_others_stay(home: Path) -> None:
    entry = home / "applications" / "transfergui.desktop"
    entry.parent.mkdir()
    entry.write_text("[Desktop Entry]\n")
    with pytest.raises(UserError) as caught:
        associations.associate()
    assert caught.value.code == "associate.foreign"
    associations.dissociate()
    assert {path for path in files(home) if path.endswith("p") or "transfergui" in path} == {
        str(entry)
    }


def test_a_program_with_odd_letters_in_its_path(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", '/opt/my 100% "$env"/python')
    associations.associate()
    entry = (home / "applications" / "transfergui.desktop").read_text("utf-8")
    assert 'Exec="/opt/my 100%% \\\\"\\\\$env\\\\"/python" "-P" "-m" "transfergui" %f' in entry


class Registry(types.ModuleType):
    """As much of winreg as is used."""

    HKEY_CURRENT_USER, REG_SZ = "HKCU", 1

    def __init__(self) -> None:
        super().__init__("winreg")
        self.keys: dict[str, str] = {}

    class Key(str):
        def __enter__(self) -> "Registry.Key":
            return self

        def __exit__(self, *_error: object) -> None: ...

    def CreateKey(self, _root: str, path: str) -> "Registry.Key":
        parts = path.split("\\")
        for length in range(1, len(parts) + 1):
            self.keys.setdefault("\\".join(parts[:length]), "")
        return Registry.Key(path)

    def SetValueEx(self, key: str, _name: str, _zero: int, _kind: int, value: str) -> None:
        self.keys[str(key)] = value

    def QueryValue(self, _root: str, path: str) -> str:
        if path not in self.keys:
            raise FileNotFoundError(path)
        return self.keys[path]

    def DeleteKey(self, _root: str, path: str) -> None:
        if path not in self.keys:
            raise FileNotFoundError(path)
        assert not any(key.startswith(path + "\\") for key in self.keys)
        del self.keys[path]


def test_a_double_click_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    before = {r"Software": "", r"Software\Classes": ""}
    registry.keys = dict(before)
    associations.associate()
    assert associations.is_associated()
    own = registry.keys[rf"Software\Classes\{MODEL.suffix}"]
    command = registry.keys[rf"Software\Classes\{own}\shell\open\command"]
    assert command == f'"{sys.executable}" -P -m transfergui "%1"'
    registry.keys[rf"Software\Classes\{PROJECT.suffix}"] = "Another.Program"
    associations.dissociate()
    assert registry.keys == before | {rf"Software\Classes\{PROJECT.suffix}": "Another.Program"}


def test_a_mac_is_told_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UserError) as caught:
        associations.places()
    assert caught.value.code == "associate.not_here"


@pytest.mark.skipif(os.name == "nt", reason="of Linux")
def test_a_path_that_is_no_command_opens_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transfergui.__main__ import _opens_window

    assert _opens_window(["/data/shapes.tgmodel"])
    assert _opens_window(["work.transfergui"])
    assert not _opens_window(["predict", "shapes.tgmodel"])
    monkeypatch.chdir(tmp_path)
    for name in ("train", "photos"):
        Path(name).mkdir()
    assert _opens_window(["photos"])
    assert _opens_window([str(tmp_path / "train")])
    assert _opens_window(["."])
    for words in (["train"], ["nowhere"], ["photos", "train"]):  # a command comes first
        assert not _opens_window(words)
