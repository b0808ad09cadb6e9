"""What this machine has, what it lacks, and the command that mends it.

Libraries are imported in processes of their own: a broken torch or torchaudio
may raise anything, or take the whole process with it.
"""

import ctypes
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Literal

from transfergui import __version__
from transfergui.core import paths, registry
from transfergui.core.i18n import _

Topic = Literal["versions", "devices", "folders", "display", "weights"]
State = Literal["good", "note", "broken"]

IMPORTED = {
    "torch": "torch",
    "torchvision": "torchvision",
    "torchaudio": "torchaudio",
    "accelerate": "accelerate",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "scikit-learn": "sklearn",
    "pillow": "PIL.Image",
    "pyside6": "PySide6.QtWidgets",
    "pyqtgraph": "pyqtgraph",
}
"""Distribution to module: those that are known to install and yet not import."""
OPTIONAL = ("torchaudio",)
"""Pictures work without it."""
TOGETHER = ("torch", "torchvision", "torchaudio")
"""Built for each other: one that does not fit is mended by installing all three."""
PATIENCE = 120.0
"""Seconds for all imports; they take 10 on an ordinary machine."""

DURING = "?"
IMPORTS = f"""
import importlib, sys
for name in sys.argv[1:]:
    print(name, "{DURING}", sep="\\t", flush=True)
    try:
        importlib.import_module(name)
        problem = ""
    except BaseException as error:
        problem = " ".join(f"{{type(error).__name__}}: {{error}}".split())
    print(name, problem, sep="\\t", flush=True)
"""
"""Two lines per module; one that takes the process with it leaves only the first."""

DEVICES = """
import torch
for number in range(torch.cuda.device_count()):
    card = torch.cuda.get_device_properties(number)
    print(f"cuda:{number}\\t{card.name}, {card.total_memory / 2**30:.0f} GB")
if torch.backends.mps.is_available():
    print("mps\\tApple graphics processor")
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: ``broken`` keeps something from working; a ``note`` does not.
        mend: the command that mends it, empty where there is nothing to mend.
    """

    topic: Topic
    name: str
    value: str
    state: State = "good"
    mend: str = ""


def examine() -> list[Finding]:
    """Look at everything; takes as long as importing torch does."""
    return [*_program(), *_libraries(), *_devices(), *_folders(), _display(), *_weights()]


def _program() -> Iterator[Finding]:
    yield Finding("versions", "transfergui", __version__)
    yield Finding("versions", "python", f"{platform.python_version()}, {sys.executable}")
    yield Finding("versions", "system", platform.platform())


# -- libraries


def _libraries() -> Iterator[Finding]:
    installed = {name: version for name in IMPORTED if (version := _version(name))}
    problems = import_problems([IMPORTED[name] for name in installed])
    for name, module in IMPORTED.items():
        if name not in installed:
            yield _broken_library(name, _("not installed"))
        elif problems[module]:
            yield _broken_library(name, f"{installed[name]}: {problems[module]}")
        else:
            yield Finding("versions", name, installed[name])


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def import_problems(modules: list[str]) -> dict[str, str]:
    """What each module says when it is imported, empty where nothing.

    All in one process, for torch is slow; where one takes the process with it, the rest
    are tried in another.
    """
    problems: dict[str, str] = {}
    while left := [module for module in modules if module not in problems]:
        outcome = run_python(IMPORTS, *left)
        said = dict(line.split("\t", 1) for line in outcome.stdout.splitlines() if "\t" in line)
        if not said.keys() & set(left):
            return problems | dict.fromkeys(left, last_line(outcome))
        problems |= {k: last_line(outcome) if v == DURING else v for k, v in said.items()}
    return problems


def _broken_library(name: str, value: str) -> Finding:
    state: State = "note" if name in OPTIONAL else "broken"
    wanted = TOGETHER if name in TOGETHER else (name,)
    return Finding("versions", name, value, state, install_command(wanted))


def install_command(names: tuple[str, ...]) -> str:
    """The pip command that installs the versions which this program was made for."""
    wanted = [r for r in metadata.requires("transfergui") or [] if "extra ==" not in r]
    by_name = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower(): line for line in wanted}
    quoted = " ".join(f'"{by_name.get(name, name)}"' for name in names)
    return f"{Path(sys.executable).name} -m pip install --upgrade {quoted}"


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh Python; one that hangs counts as failed."""
    command = [sys.executable, "-c", code, *arguments]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode() if isinstance(error.stdout, bytes) else ""
        return subprocess.CompletedProcess(command, 1, said, f"no answer in {PATIENCE:.0f} s")


def last_line(outcome: subprocess.CompletedProcess[str]) -> str:
    """What a process said last on standard error, or how it died."""
    lines = outcome.stderr.strip().splitlines()
    return lines[-1] if lines else _("it ended with {code}").format(code=outcome.returncode)


# -- devices, folders, weights


def _devices() -> Iterator[Finding]:
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    yield Finding("devices", "cpu", f"{os.cpu_count()} cores, {memory:.0f} GB of memory")
    for line in run_python(DEVICES).stdout.splitlines():
        name, _tab, value = line.partition("\t")
        yield Finding("devices", name, value)


def _folders() -> Iterator[Finding]:
    places = {
        "runs": paths.runs_dir(),
        "cache": paths.cache_dir(),
        "settings": paths.settings_dir(),
    }
    for name, folder in places.items():
        yield _folder(name, folder)


def _folder(name: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        value = f"{paths.shown(folder)}: {error.strerror}"
        mend = f"export TRANSFERGUI_{name.upper()}={_('<another folder>')}"
        return Finding("folders", name, value, "broken", mend)
    free = shutil.disk_usage(folder).free / 2**30
    return Finding("folders", name, f"{paths.shown(folder)} ({free:.0f} GB free)")


def _weights() -> Iterator[Finding]:
    from transfergui.core.modalities import weights

    for modality in registry.MODALITIES:
        rows = modality.backbones()
        here = sum(state in weights.HERE for state in weights.states(rows).values())
        yield Finding("weights", modality.key, f"{here} of {len(rows)} backbones are on this disk")
    for folder in paths.weights_dirs():
        yield Finding("weights", "searched", paths.shown(folder))


# -- display


def _display() -> Finding:
    problem = display_problem()
    if problem is None:
        return Finding("display", "window", _("can be opened"))
    return Finding("display", "window", problem, "note", _XCB_COMMAND if _has_x() else "")


_XCB_COMMAND = "sudo apt-get install libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libegl1 libgl1"


def _has_x() -> bool:
    return bool(os.environ.get("DISPLAY"))


def display_problem() -> str | None:
    """Why no window can be opened here, or None.

    Qt aborts the whole process in these cases, so they are looked for before
    it is imported. Only Linux has them.
    """
    if not sys.platform.startswith("linux"):
        return None
    plugin = _platform_plugin()
    if plugin is None:
        return _("there is no display")
    return _plugin_problem(plugin) or (_x_problem() if plugin == "xcb" else None)


def _platform_plugin() -> str | None:
    """Which of Qt's platform plugins it will choose, or None without any display."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen:
        return chosen
    if os.environ.get("WAYLAND_DISPLAY") and not _has_x():
        return "wayland"
    return "xcb" if _has_x() else None


def _plugin_problem(plugin: str) -> str | None:
    """Which shared library the plugin lacks (dlopen says so before Qt can abort)."""
    spec = util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return _("PySide6 is not installed")
    file = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{plugin}.so"
    try:
        ctypes.CDLL(str(file))
    except OSError as error:
        return str(error)
    return None


def _x_problem() -> str | None:
    """Whether the X server answers where ``DISPLAY`` points."""
    host, _colon, number = os.environ.get("DISPLAY", "").rpartition(":")
    screen = number.split(".")[0]
    if not screen.isdigit():
        return _("DISPLAY is not understood: {value}").format(value=os.environ.get("DISPLAY"))
    try:
        _connect_x(host, int(screen))
    except OSError as error:
        return _("the display {value} does not answer: {reason}").format(
            value=os.environ["DISPLAY"], reason=error.strerror or error
        )
    return None


def _connect_x(host: str, screen: int) -> None:
    if host in ("", "unix"):
        addresses = (f"/tmp/.X11-unix/X{screen}", f"\0/tmp/.X11-unix/X{screen}")
        with socket.socket(socket.AF_UNIX) as stream:
            if stream.connect_ex(addresses[0]) != 0:
                stream.connect(addresses[1])
        return
    socket.create_connection((host, 6000 + screen), timeout=5).close()
