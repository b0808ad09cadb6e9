"""What this machine has, what it lacks, and the command that mends it.

Every library is imported in a process of its own: a broken torch or torchaudio may raise anything,
or take the whole process with it, and one that fails must not be blamed for another. Nothing but
the standard library is needed here; what needs more says so instead of ending the examination.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from transfergui import __version__
from transfergui.core.app.display import display_problem, has_x_display
from transfergui.core.base import files, paths, python
from transfergui.core.base.i18n import _, ngettext

if TYPE_CHECKING:
    from packaging.requirements import Requirement

Topic = Literal["versions", "devices", "folders", "display", "weights"]
State = Literal["good", "note", "broken"]

IMPORTED = {
    "torch": "torch",
    "torchvision": "torchvision",
    "torchaudio": "torchaudio",
    "numpy": "numpy",
    "msgspec": "msgspec",
    "packaging": "packaging.requirements",
    "safetensors": "safetensors.torch",
    "scikit-learn": "sklearn.metrics",
    "scipy": "scipy.stats",
    "optuna": "optuna",
    "captum": "captum.attr",
    "cleanlab": "cleanlab.rank",
    "threadpoolctl": "threadpoolctl",
    "psutil": "psutil",
    "pillow": "PIL.Image",
    "simplejpeg": "simplejpeg",
    "tifffile": "tifffile",
    "openpyxl": "openpyxl",
    "xlsxwriter": "xlsxwriter",
    "soundfile": "soundfile",
    "transformers": "transformers",
    "tokenizers": "tokenizers",
    "gensim": "gensim.models",
    "onnx": "onnx",
    "onnxscript": "onnxscript",
    "onnxruntime": "onnxruntime",
    "protobuf": "google.protobuf.message",
    "jinja2": "jinja2",
    "markdown-it-py": "markdown_it",
    "platformdirs": "platformdirs",
    "rich": "rich.progress",
    "pyside6": "PySide6.QtWidgets",
    "pyqtgraph": "pyqtgraph",
}
"""Every package that the program depends on, and what it imports of it."""
OPTIONAL = {"pillow-heif": "pillow_heif", "av": "av"}
"""Of the extras: looked at only where it is installed."""
TOGETHER = ("torch", "torchvision", "torchaudio")
"""Built for each other: one that does not fit is mended by installing all three."""
BUILDS = "https://download.pytorch.org/whl/"
"""Where the builds of these lie, each in a folder that is called like the version's ending."""
CUDA = re.compile(r"(nvidia-|cuda-|triton$)")
"""How the distributions begin that a build of torch for NVIDIA cards brings along."""
SYSTEM_LIBRARIES = {
    "libEGL.so": "libegl1",
    "libGL.so": "libgl1",
    "libxkbcommon.so": "libxkbcommon0",
    "libdbus-1.so": "libdbus-1-3",
    "libfontconfig.so": "libfontconfig1",
    "libglib-2.0.so": "libglib2.0-0",
    "libgomp.so": "libgomp1",
    "libstdc++.so": "libstdc++6",
    "libsndfile.so": "libsndfile1",
    "libpulse.so": "libpulse0",
}
"""The beginning of the file that a library lacks, and the Debian package that holds it."""
PATIENCE = 120.0
"""Seconds for an import; that of torch takes 3 on an ordinary machine."""
AT_ONCE = 2
"""Imports that go on beside each other."""

IMPORT = """
import importlib, sys
try:
    module = importlib.import_module(sys.argv[1])
    top = sys.modules[sys.argv[1].partition(".")[0]]
    problem = "" if getattr(top, "__file__", None) or "." in sys.argv[1] else "its files are gone"
except BaseException as error:
    problem = " ".join(f"{type(error).__name__}: {error}".split())
print("SAID", problem, sep="\\t", flush=True)
"""
"""What is left of a package whose files were deleted is imported all the same, without a file."""
MISSING = re.compile(r"No module named '([^'.]+)")

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
    """Look at everything; takes as long as importing every library does."""
    libraries = list(_libraries())
    devices = _guarded("devices", _devices)
    cards = any(finding.name.startswith("cuda") for finding in devices)
    return [
        *_program(),
        *libraries,
        *_guarded("versions", lambda: _unused_cuda(cards)),
        *devices,
        *_guarded("folders", _folders),
        *_guarded("display", lambda: [_display()]),
        *_guarded("weights", _weights),
    ]


def _guarded(topic: Topic, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What ``look`` finds; what it lacks was told among the libraries, and ends nothing here."""
    found = list[Finding]()
    try:
        found.extend(look())
    except Exception as error:  # a broken library raises anything
        value = _("cannot be checked ({reason})").format(reason=f"{type(error).__name__}: {error}")
        found.append(Finding(topic, topic, value, "note"))
    return found


def _program() -> Iterator[Finding]:
    yield Finding("versions", "transfergui", __version__)
    yield Finding("versions", "python", f"{platform.python_version()}, {sys.executable}")
    yield Finding("versions", "system", platform.platform())


# -- libraries


def _libraries() -> Iterator[Finding]:
    known = IMPORTED | {name: module for name, module in OPTIONAL.items() if _version(name)}
    installed = {name: version for name in known if (version := _version(name))}
    problems = import_problems([known[name] for name in installed])
    for name, module in known.items():
        if name not in installed:
            yield _broken_library(name, "", _("not installed"))
        elif problems[module]:
            yield _broken_library(name, problems[module], f"{installed[name]}: {problems[module]}")
        elif not _satisfied(requirement(name)):
            value = _("{version}, but {wanted} is needed")
            wanted = str(requirement(name))
            told = value.format(version=installed[name], wanted=wanted)
            yield Finding("versions", name, told, "note", install_command(_family(name)))
        else:
            yield Finding("versions", name, installed[name])


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def import_problems(modules: list[str]) -> dict[str, str]:
    """What each module says when it is imported, empty where nothing; each in its own process."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(modules, pool.map(_import_problem, modules), strict=True))


def _import_problem(module: str) -> str:
    outcome = run_python(IMPORT, module)
    said = [line for line in outcome.stdout.splitlines() if line.startswith("SAID\t")]
    return said[-1].partition("\t")[2] if said else last_line(outcome)


def _culprit(name: str, problem: str) -> str | None:
    """Another of the libraries, which is what ``name`` lacks; None where it is itself."""
    found = MISSING.search(problem)
    known = {module.partition(".")[0]: each for each, module in (IMPORTED | OPTIONAL).items()}
    other = known.get(found[1]) if found else None
    return None if other == name else other


def _broken_library(name: str, problem: str, value: str) -> Finding:
    culprit = _culprit(name, problem)  # has a finding of its own, with the command that fixes both
    return Finding("versions", name, value, "broken", mend(culprit or name, problem))


def _family(name: str) -> tuple[str, ...]:
    return TOGETHER if name in TOGETHER else (name,)


# -- what mends a library


def mend(name: str, problem: str) -> str:
    """The command that changes something about the library ``name``, which does not work.

    Args:
        problem: what it said when it was imported; empty where it is not installed.
    """
    family = _family(name)
    if not all(_satisfied(requirement(each)) for each in family):
        return install_command(family)
    package = next((p for file, p in SYSTEM_LIBRARIES.items() if file in problem), None)
    if package is not None and "cannot open shared object" in problem:
        return f"sudo apt-get install {package}"
    lacking = [line for each in family for line in _unmet(each)]
    if lacking:
        return f"{_PIP} install --upgrade {_quoted(lacking)}"
    return _reinstall_command(family)


@dataclass(frozen=True)
class _Unread:
    """A requirement as it is written, where ``packaging``, which understands it, is missing."""

    name: str
    text: str

    def __str__(self) -> str:
        return self.text


def requirement(name: str) -> "Requirement | _Unread":
    """What this program wants of ``name``: any version, where it does not say."""
    line = next((line for line in _wanted() if _plain_name(line) == _plain_name(name)), name)
    try:
        from packaging.requirements import Requirement

        wanted = Requirement(line)
        return Requirement(f"{wanted.name}{wanted.specifier}")
    except Exception:  # missing, or broken in any way; it has a finding of its own
        return _Unread(name, line.partition(";")[0].strip())


def _plain_name(line: str) -> str:
    """The name at the beginning of a requirement, in the form in which names are compared."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line, maxsplit=1)[0]).lower()


def _wanted() -> list[str]:
    """What the program depends on; nothing is known of a checkout that was not installed."""
    try:
        return metadata.requires("transfergui") or []
    except metadata.PackageNotFoundError:
        return []


def _satisfied(wanted: "Requirement | _Unread") -> bool:
    """Whether a version of it is installed that pip would leave as it is."""
    version = _version(wanted.name)
    if isinstance(wanted, _Unread):
        return version is not None
    return version is not None and wanted.specifier.contains(version, prereleases=True)


def _unmet(name: str) -> list[str]:
    """What the installed ``name`` itself depends on, here, and what is not installed so."""
    try:
        from packaging.requirements import Requirement
    except Exception:  # as in :func:`requirement`
        return []
    wanted = [Requirement(line) for line in metadata.requires(name) or []]
    here = [w for w in wanted if w.marker is None or w.marker.evaluate({"extra": ""})]
    return [f"{w.name}{w.specifier}" for w in here if not _satisfied(w)]


_PIP = f"{Path(sys.executable).name} -m pip"


def _quoted(wanted: Iterable[object]) -> str:
    return " ".join(f'"{each}"' for each in wanted)


def install_command(names: Sequence[str]) -> str:
    """The pip command that installs the versions which this program was made for."""
    return f"{_PIP} install --upgrade {_quoted(map(requirement, names))}"


def _reinstall_command(names: Sequence[str]) -> str:
    """What is installed, once more: its files are damaged, or of another build than its fellows'.

    pip takes versions that differ in their ending alone (2.14.1 and 2.14.1+cpu) for the same.
    """
    versions = {name: (_version(name) or "").partition("+") for name in names}
    build = next((ending for _number, _plus, ending in versions.values() if ending), "")
    pins = _quoted(f"{name}=={number}" for name, (number, _plus, _ending) in versions.items())
    place = f" --index-url {BUILDS}{build}" if build else ""
    return f"{_PIP} install --force-reinstall --no-deps {pins}{place}"


# -- what torch brings along


def _unused_cuda(cards: bool) -> Iterator[Finding]:
    """Gigabytes of libraries for NVIDIA cards, where there is no such card.

    Args:
        cards: whether there is one.
    """
    brought = _cuda_distributions()
    size = sum(brought.values()) / 1e9
    if cards or size < 1 or not _version("torch"):
        return
    value = _(
        "{size:.1f} GB of libraries for NVIDIA graphics cards are installed, but there is no such "
        "card"
    )
    pins = _quoted(f"{name}=={(_version(name) or '').partition('+')[0]}" for name in TOGETHER)
    smaller = (
        f"{_PIP} install --force-reinstall --no-deps {pins} --index-url {BUILDS}cpu"
        f" && {_PIP} uninstall -y {' '.join(sorted(brought))}"
    )
    yield Finding("versions", "cuda", value.format(size=size), "note", smaller)


def _cuda_distributions() -> dict[str, int]:
    """Their names and sizes in bytes."""
    named = ((str(each.metadata["Name"]), each) for each in metadata.distributions())
    return {
        name: sum(file.size or 0 for file in each.files or [])
        for name, each in named
        if CUDA.match(name)
    }


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh Python; one that hangs counts as failed."""
    command = python.command("-c", code, *arguments)
    try:
        with files.temporary_folder() as own:
            return subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PATIENCE,
                check=False,
                cwd=own,
                env=python.environment(),
            )
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode() if isinstance(error.stdout, bytes) else ""
        return subprocess.CompletedProcess(command, 1, said, _no_answer())


def _no_answer() -> str:
    return _("no answer in {seconds:.0f} s").format(seconds=PATIENCE)


def last_line(outcome: subprocess.CompletedProcess[str]) -> str:
    """What a process said last on standard error, or how it died."""
    lines = outcome.stderr.strip().splitlines()
    return lines[-1] if lines else _("exit status {code}").format(code=outcome.returncode)


# -- devices, folders, weights


def _devices() -> Iterator[Finding]:
    yield Finding("devices", "cpu", _processor())
    for line in run_python(DEVICES).stdout.splitlines():
        name, _tab, value = line.partition("\t")
        yield Finding("devices", name, value)


def _processor() -> str:
    cores = os.cpu_count() or 1
    try:
        import psutil
    except ImportError:
        return ngettext("{count} core", "{count} cores", cores).format(count=cores)
    text = ngettext(
        "{count} core, {size:.0f} GB of memory", "{count} cores, {size:.0f} GB of memory", cores
    )
    return text.format(count=cores, size=psutil.virtual_memory().total / 2**30)


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
        named = _("another folder")
        mend = f"export TRANSFERGUI_{name.upper()}=<{named}>"
        return Finding("folders", name, value, "broken", mend)
    free = shutil.disk_usage(folder).free / 2**30
    text = _("{folder} ({size:.0f} GB free)")
    return Finding("folders", name, text.format(folder=paths.shown(folder), size=free))


def _weights() -> Iterator[Finding]:
    from transfergui.core import registry
    from transfergui.core.networks import weights

    for modality in registry.MODALITIES:
        rows = modality.backbones()
        here = sum(state in weights.HERE for state in weights.states(rows).values())
        text = _("{count} of {all} backbones are downloaded")
        yield Finding("weights", modality.key, text.format(count=here, all=len(rows)))
    for folder in paths.weights_dirs():
        yield Finding("weights", "searched", paths.shown(folder))


# -- display


def _display() -> Finding:
    problem = display_problem()
    if problem is None:
        return Finding("display", "window", _("can be opened"))
    return Finding("display", "window", problem, "note", _XCB_COMMAND if has_x_display() else "")


_XCB_COMMAND = "sudo apt-get install libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libegl1 libgl1"
