"""The doctor survives what it examines, and names the command that mends it."""

import socket
import sys
from pathlib import Path

import pytest

from transfergui.core import doctor, paths

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone")


@pytest.fixture
def broken_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Modules that other processes find first, each broken in its own way."""
    texts = {
        "good": "",
        "raises": "raise OSError('libcudart.so.13: cannot open\\nshared object file')",
        "exits": "raise SystemExit(5)",
        "dies": "import os, sys; print('Aborted', file=sys.stderr, flush=True); os._exit(134)",
        "prints": "print('hello')",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_imports_are_survived(broken_modules: Path) -> None:
    modules = ["good", "raises", "dies", "exits", "prints", "absent"]
    assert doctor.import_problems(modules) == {
        "good": "",
        "raises": "OSError: libcudart.so.13: cannot open shared object file",
        "dies": "Aborted",
        "exits": "SystemExit: 5",
        "prints": "",
        "absent": "ModuleNotFoundError: No module named 'absent'",
    }


def test_a_hanging_import_is_given_up(
    broken_modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken_modules / "hangs.py").write_text("import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "PATIENCE", 1.0)
    assert doctor.import_problems(["good", "hangs"]) == {"good": "", "hangs": "no answer in 1 s"}


def test_a_python_that_does_not_run_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "IMPORTS", "raise SystemError('broken')")
    assert doctor.import_problems(["a", "b"]) == dict.fromkeys("ab", "SystemError: broken")


def test_a_broken_torch_is_mended_together_with_its_siblings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = "RuntimeError: operator torchvision::nms does not exist"
    monkeypatch.setattr(
        doctor,
        "import_problems",
        lambda modules: dict.fromkeys(modules, "") | {"torchvision": problem},
    )
    found = {finding.name: finding for finding in doctor._libraries()}
    assert set(found) == set(doctor.IMPORTED)
    assert found["torchvision"].state == "broken"
    assert problem in found["torchvision"].value
    assert "pip install" in found["torchvision"].mend
    assert all(f'"{name}' in found["torchvision"].mend for name in doctor.TOGETHER)
    assert {f.state for name, f in found.items() if name != "torchvision"} == {"good"}


def test_torchaudio_may_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "import_problems", lambda modules: dict.fromkeys(modules, "bad"))
    states = {finding.name: finding.state for finding in doctor._libraries()}
    assert states.pop("torchaudio") == "note"
    assert set(states.values()) == {"broken"}


def test_a_library_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "IMPORTED", {"no-such-thing": "no_such_thing"})
    (finding,) = doctor._libraries()
    assert (finding.state, finding.value) == ("broken", "not installed")


def test_commands_name_the_versions_that_fit() -> None:
    assert '"torch<2.13,>=2.11"' in doctor.install_command(("torch",))


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("TRANSFERGUI_RUNS", str(tmp_path / "file" / "runs"))
    found = {finding.name: finding for finding in doctor._folders()}
    assert found["runs"].state == "broken"
    assert found["runs"].mend.startswith("export TRANSFERGUI_RUNS=")
    assert found["cache"].state == "good"
    assert paths.cache_dir().is_dir()


def test_weights_are_counted() -> None:
    image, *folders = doctor._weights()
    assert image.value.startswith("1 of ")  # the one that is built in
    assert folders


# -- display


@linux
@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "there is no display"),
        ({"DISPLAY": ""}, "there is no display"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "nonsense"),
    ],
    ids=str,
)
def test_display_problems(
    environment: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert problem in (doctor.display_problem() or "")


@linux
def test_offscreen_is_a_display() -> None:
    assert doctor.display_problem() is None


@linux
@pytest.mark.parametrize("value", [":987", "localhost:987", "nonsense", ":x.0"])
def test_a_display_that_does_not_answer(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", value)
    assert value in (doctor._x_problem() or "")


@linux
def test_a_display_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{server.getsockname()[1] - 6000}.0")
        assert doctor._x_problem() is None


def test_no_display_is_only_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "display_problem", lambda: "there is no display")
    assert doctor._display().state == "note"
