"""The doctor survives what it examines, and names the command that mends it."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

import transfergui
from transfergui.core.app import doctor
from transfergui.core.base import paths, python


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
    monkeypatch.setattr(doctor, "IMPORT", "raise SystemError('broken')")
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
    monkeypatch.setattr(doctor, "OPTIONAL", {})
    found = {finding.name: finding for finding in doctor._libraries()}
    assert set(found) == set(doctor.IMPORTED)
    assert found["torchvision"].state == "broken"
    assert problem in found["torchvision"].value
    assert "pip install" in found["torchvision"].mend
    assert all(f'"{name}' in found["torchvision"].mend for name in doctor.TOGETHER)
    assert {f.state for name, f in found.items() if name != "torchvision"} == {"good"}


# -- advice

UNDEFINED = (
    "OSError: /x/torchaudio/lib/libtorchaudio.so: undefined symbol: "
    "torch_exception_get_what_without_backtrace"
)
"""What torchaudio 2.11.1 said beside torch 2.12.1, of which it wants 2.11 or later."""
PINS = {"torch": "2.14.1", "torchvision": "0.29.1", "torchaudio": "2.11.1"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What counts as installed, by name: to begin with, exactly what is wanted."""
    versions = dict(PINS)
    monkeypatch.setattr(doctor, "_version", versions.get)
    monkeypatch.setattr(doctor, "_unmet", lambda name: [])
    return versions


def changes_nothing(command: str, installed: dict[str, str]) -> bool:
    """Whether pip, given ``command``, would find all that it names installed already."""
    if " -m pip install " not in command or "--force-reinstall" in command:
        return False
    wanted = [Requirement(text) for text in re.findall(r'"([^"]+)"', command)]
    return all(
        w.name in installed and w.specifier.contains(installed[w.name], prereleases=True)
        for w in wanted
    )


def test_versions_that_do_not_fit_are_replaced_by_those_that_do(installed: dict[str, str]) -> None:
    installed["torch"] = "2.12.1"
    command = doctor.mend("torchaudio", UNDEFINED)
    assert command.endswith(
        'install --upgrade "torch==2.14.1" "torchvision==0.29.1" "torchaudio==2.11.1"'
    )
    assert not changes_nothing(command, installed)


def test_where_all_that_is_wanted_is_installed_it_is_installed_anew(
    installed: dict[str, str],
) -> None:
    command = doctor.mend("torchaudio", UNDEFINED)
    assert not changes_nothing(command, installed)
    assert command.endswith(
        "install --force-reinstall --no-deps "
        '"torch==2.14.1" "torchvision==0.29.1" "torchaudio==2.11.1"'
    )


def test_ranges_that_the_broken_set_satisfies_do_not_make_the_advice_empty(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very case: every range of the day was satisfied, and torchaudio did not load."""
    installed["torch"] = "2.12.1"
    ranges = {"torch": "torch>=2.11,<2.13", "torchaudio": "torchaudio>=2.11,<2.13"}
    monkeypatch.setattr(doctor, "requirement", lambda name: Requirement(ranges.get(name, name)))
    assert not changes_nothing(doctor.mend("torchaudio", UNDEFINED), installed)


def test_builds_for_different_machines_are_replaced_by_one(installed: dict[str, str]) -> None:
    """pip takes 2.14.1 and 2.14.1+cpu for the same version."""
    installed["torch"] = "2.14.1+cpu"
    command = doctor.mend("torchvision", "RuntimeError: operator torchvision::nms does not exist")
    assert not changes_nothing(command, installed)
    assert command.endswith('"torchaudio==2.11.1" --index-url https://download.pytorch.org/whl/cpu')
    assert '"torch==2.14.1"' in command


def test_a_lacking_library_of_the_system_is_named(installed: dict[str, str]) -> None:
    problem = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"
    installed["pyside6"] = "6.11.3"
    assert doctor.mend("pyside6", problem) == "sudo apt-get install libegl1"


def test_what_a_library_lacks_of_its_own_is_installed(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor, "_unmet", lambda name: ["nvidia-cudnn-cu13==9.24"] if name == "torch" else []
    )
    problem = "ImportError: libcudnn.so.9: cannot open shared object file"
    assert doctor.mend("torch", problem).endswith('install --upgrade "nvidia-cudnn-cu13==9.24"')


def test_what_is_installed_here_lacks_nothing() -> None:
    assert {name: unmet for name in doctor.IMPORTED if (unmet := doctor._unmet(name))} == {}


VERSIONS = st.sampled_from(["", "2.11.1", "2.12.1", "2.14.1", "2.14.1+cpu", "0.29.1", "99"])


@given(st.fixed_dictionaries(dict.fromkeys(PINS, VERSIONS)), st.sampled_from([*PINS]))
def test_advice_always_changes_something(versions: dict[str, str], name: str) -> None:
    here = {key: version for key, version in versions.items() if version}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, "_version", here.get)
        patch.setattr(doctor, "_unmet", lambda name: [])
        assert not changes_nothing(doctor.mend(name, UNDEFINED), here)


def test_a_broken_torchaudio_is_no_note(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, the ten networks for speech cannot be used."""
    monkeypatch.setattr(
        doctor, "import_problems", lambda modules: dict.fromkeys(modules, "") | {"torchaudio": "x"}
    )
    states = {finding.name: finding.state for finding in doctor._libraries()}
    assert states["torchaudio"] == "broken"


def test_a_library_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "IMPORTED", {"no-such-thing": "no_such_thing"})
    (finding,) = [f for f in doctor._libraries() if f.name not in doctor.OPTIONAL]
    assert (finding.state, finding.value) == ("broken", "not installed")
    assert finding.mend.endswith('-m pip install --upgrade "no-such-thing"')


def test_another_version_that_imports_is_noted(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed["torch"] = "2.13.0"
    monkeypatch.setattr(doctor, "import_problems", lambda modules: dict.fromkeys(modules, ""))
    found = {finding.name: finding for finding in doctor._libraries()}
    assert (found["torch"].state, found["torch"].value) == (
        "note",
        "2.13.0, but torch==2.14.1 is needed",
    )
    assert '"torch==2.14.1"' in found["torch"].mend


def test_libraries_for_a_card_that_is_not_there(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = {"triton": 936_000_000, "nvidia-cudnn-cu13": 3_364_000_000}
    monkeypatch.setattr(doctor, "_cuda_distributions", lambda: brought)
    (finding,) = doctor._unused_cuda(cards=False)
    assert finding.state == "note"
    assert finding.value.startswith("4.3 GB of libraries for NVIDIA graphics cards")
    assert '"torch==2.14.1"' in finding.mend
    assert "--index-url https://download.pytorch.org/whl/cpu && " in finding.mend
    assert finding.mend.endswith("-m pip uninstall -y nvidia-cudnn-cu13 triton")
    assert list(doctor._unused_cuda(cards=True)) == []
    brought.clear()
    assert list(doctor._unused_cuda(cards=False)) == []


# -- what the program names


ROOT = Path(transfergui.__file__).parents[1]


def declared() -> dict[str, list[str]]:
    """The names of pyproject's dependencies, by the extra; those of the program by ``""``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"": project["dependencies"]} | project["optional-dependencies"]
    return {key: [Requirement(line).name for line in lines] for key, lines in groups.items()}


def test_every_dependency_is_looked_at() -> None:
    assert set(doctor.IMPORTED) == set(declared()[""])
    assert set(doctor.OPTIONAL) == {*declared()["heic"], *declared()["media"]}


def test_every_dependency_can_be_imported() -> None:
    """A library that is dead here fails this test; no other test may skip because of it.

    All in one process: torch alone would be imported by a dozen of them otherwise.
    """
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    done = doctor.run_python(code, *doctor.IMPORTED.values())
    assert done.returncode == 0, done.stderr


def test_every_package_that_the_source_imports_is_declared() -> None:
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "transfergui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
    }
    known = {module.partition(".")[0] for module in (doctor.IMPORTED | doctor.OPTIONAL).values()}
    brought = {"shiboken6"}  # by PySide6, of the same version
    assert imported - sys.stdlib_module_names - known - brought == {"transfergui"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


SKIPPING = re.compile(r"importorskip|skip.*(find_spec|not installed|cannot be imported|HAS_)")


def test_no_test_skips_because_of_a_package() -> None:
    tests = (ROOT / "tests").rglob("*.py")
    lines = [(p, line) for p in tests for line in p.read_text("utf-8").splitlines()]
    own = Path(__file__).resolve()
    found = [line for path, line in lines if path.resolve() != own and SKIPPING.search(line)]
    assert found == []


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


def test_no_display_is_only_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "display_problem", lambda: "there is no display")
    assert doctor._display().state == "note"


# -- on the standard library alone

ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
from transfergui.__main__ import main
sys.exit(main(["doctor", *sys.argv[2:]]))
"""


def test_it_needs_nothing_but_the_standard_library() -> None:
    """It asked for numpy, psutil, msgspec and packaging, and ended with a traceback."""
    command = [sys.executable, "-I", "-S", "-c", ALONE, str(python.ROOT)]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stderr
    assert "[doctor.broken]" in run.stderr
    found = {each["name"]: each for each in json.loads(run.stdout)}
    for name in ("jinja2", "msgspec", "packaging", "psutil", "torch"):
        assert (found[name]["state"], found[name]["value"]) == ("broken", "not installed")
        assert "pip install" in found[name]["mend"]
        assert name in found[name]["mend"]
    assert found["runs"]["topic"] == "folders"
    usage = subprocess.run([*command, "--nonsense"], capture_output=True, text=True, check=False)
    assert usage.returncode == 2


@pytest.mark.parametrize("arguments", [["list", "backbones"], []], ids=["command", "window"])
def test_other_commands_name_what_is_missing(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    start = ALONE.replace('["doctor", *sys.argv[2:]]', repr(arguments))
    start = start.replace("import sys\n", "import sys\nsys.argv[2:] = []\n")
    command = [sys.executable, "-I", "-S", "-c", start, str(python.ROOT)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode in (1, 2), run.stderr
    assert "Traceback" not in run.stderr
    assert "msgspec" in run.stderr or "PySide6" in run.stderr


def test_a_package_without_its_files_is_found(broken_modules: Path) -> None:
    (broken_modules / "hollow").mkdir()
    assert doctor.import_problems(["hollow"]) == {"hollow": "its files are gone"}


def test_what_fails_does_not_make_another_fail(broken_modules: Path) -> None:
    """In one process, a package that had failed before was broken for those after it."""
    (broken_modules / "spoils.py").write_text(
        "import sys; sys.modules['good'] = None; raise OSError('broken')"
    )
    assert doctor.import_problems(["spoils", "good"]) == {"spoils": "OSError: broken", "good": ""}


def test_the_package_that_is_missing_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch cannot be imported without jinja2; torch was to be installed again."""
    problem = "ModuleNotFoundError: No module named 'jinja2'"
    monkeypatch.setattr(
        doctor, "import_problems", lambda modules: dict.fromkeys(modules, "") | {"torch": problem}
    )
    monkeypatch.setattr(doctor, "OPTIONAL", {})
    found = {finding.name: finding for finding in doctor._libraries()}
    assert found["torch"].state == "broken"
    assert "jinja2" in found["torch"].mend
    assert "torch==" not in found["torch"].mend


# -- what lies in the current folder


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trace that modules in the current folder leave when they are executed."""
    folder, trace = tmp_path / "data", tmp_path / "trace"
    folder.mkdir()
    for name in ("torch", "numpy", "random", "json", "transfergui", "sitecustomize"):
        (folder / f"{name}.py").write_text(f"open({str(trace)!r}, 'a').write('{name} ')")
    monkeypatch.chdir(folder)
    return trace


@pytest.mark.parametrize("path", ["", os.pathsep, "x" + os.pathsep], ids=repr)
def test_code_in_the_current_folder_does_not_run(
    trap: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", path)
    assert doctor.import_problems(["numpy", "json"]) == {"numpy": "", "json": ""}
    nested = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import random'])"
    assert doctor.run_python(nested).returncode == 0
    assert not trap.exists()


def test_nor_does_it_where_a_network_is_compiled(trap: Path, tmp_path: Path) -> None:
    from transfergui.core.training import compiling

    (tmp_path / "work").mkdir()
    done = subprocess.run(
        compiling.command(tmp_path / "work"),
        capture_output=True,
        text=True,
        check=False,
        env=python.environment(),
    )
    assert "No such file or directory" in done.stderr  # it came to its work: there is no network
    assert not trap.exists()


def test_every_python_is_started_so() -> None:
    """No other place names the interpreter, or starts one through multiprocessing; torchrun, which
    is itself started so, passes it on."""
    pattern = r"sys\.executable\b|(?<!elastic\.)multiprocessing"
    package = Path(transfergui.__file__).parent
    named = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }
    assert named <= {"core/base/python.py", "core/app/doctor.py"}
    assert len(re.findall(r"sys\.executable", Path(doctor.__file__).read_text())) == 2  # shown only
