"""What every test gets: a home of its own, no network, no thread left behind, no picture shown.

``shared_data`` is the folder of real data (``TRANSFERGUI_TEST_DATA``, by default
``../shared/data`` beside the checkout). Tests that use it are marked so by
themselves and skip where it is absent; with ``TRANSFERGUI_REQUIRE_DATA=1`` a
skip where the folder is there is a failure.
"""

import functools
import gc
import itertools
import os
import signal
import socket
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt
# One test on each core: networks as small as the tests' gain nothing by more threads, and
# those of two processes on one core wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import jinja2
import numpy as np
import pytest
from hypothesis import settings
from PIL import Image, ImageDraw

from tests import catalogue
from tests.places import DATA
from transfergui.core.base import allocator

catalogue.compile_all()  # in a checkout that was not installed
allocator.keep_blocks()  # as the program does: a third of the page faults, and of what they took

gc.set_threshold(200_000, 20, 50)  # looking for circles took a tenth of the time

# A busy machine is slow: no deadline. The same examples every time, so that a run that was green
# stays green; `pytest --hypothesis-profile search` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("same")

# A shell without job control starts what runs in the background with Ctrl+C ignored, and nohup with
# the end of the terminal: the tests send both, to themselves and to programs that inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# -- real data


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for ``shared_data`` are marked, and skip where there is none."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared_data)
        if item.get_closest_marker("shared_data") and not DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"no shared data at {DATA}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where the data are there and asked for, a skipped test of them is a failed one."""
    report = yield
    required = os.environ.get("TRANSFERGUI_REQUIRE_DATA") == "1" and DATA.is_dir()
    if required and report.skipped and item.get_closest_marker("shared_data"):
        report.outcome = "failed"
        report.longrepr = f"skipped although {DATA} is there: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data (read-only)."""
    return DATA


# -- isolation


def _isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Everything that is written or searched goes below ``folder``; no network for children."""
    patch.setenv("TRANSFERGUI_HOME", str(folder / "home"))
    patch.setenv("TRANSFERGUI_LANGUAGE", "en")
    patch.setenv("TORCH_HOME", str(folder / "torch"))
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        patch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    for part in ("WEIGHTS", "CACHE", "RUNS", "SETTINGS"):
        patch.delenv(f"TRANSFERGUI_{part}", raising=False)
    for scheme in ("http_proxy", "https_proxy"):
        patch.setenv(scheme, "http://127.0.0.1:9")
        patch.delenv(scheme.upper(), raising=False)
    patch.setenv("no_proxy", "127.0.0.1,localhost")
    patch.delenv("NO_PROXY", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _session_isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For fixtures that live longer than one test."""
    with pytest.MonkeyPatch.context() as patch:
        _isolate(patch, tmp_path_factory.mktemp("session"))
        yield


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for homes, made as they are asked for: pytest would look for the next free number
    among all that there are, which took 4 ms for the four thousandth test."""
    folder = tmp_path_factory.mktemp("isolated")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _isolation(_homes: Iterator[Path]) -> Iterator[None]:
    """A home of its own for every test, apart from its ``tmp_path``."""
    home = next(_homes)
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        _isolate(patch, home)
        yield


class NetworkUseError(AssertionError):
    """A test tried to reach another machine."""


_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo
LOOPBACK = ("127.0.0.1", "::1", "localhost", "", None)


def _connect_loopback(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and address[0] not in LOOPBACK:
        raise NetworkUseError(f"connection to {address}")
    _connect(self, address)  # type: ignore[arg-type]


def _resolve_loopback(host: object, *rest: object, **named: object) -> object:
    if host not in LOOPBACK:
        raise NetworkUseError(f"look-up of {host}")
    return _getaddrinfo(host, *rest, **named)  # type: ignore[arg-type]


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Only this machine can be reached."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect_loopback)
        patch.setattr(socket, "getaddrinfo", _resolve_loopback)
        yield


# -- the disk


@pytest.fixture(scope="session", autouse=True)
def _no_power_cut() -> Iterator[None]:
    """Nothing waits for the disk: what is written is seen by all others at once, killed or not.

    A short training waited forty times, 2 to 5 ms each. Programs that tests start still wait; that
    files are synchronised before they are moved into place is seen by tests that put their own
    ``os.fsync`` into its place.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


# -- threads

GRACE = 30.0
"""Seconds that a thread which was told to end may take."""
OWNED_BY_LIBRARIES = ("tqdm_monitor",)
"""One for the life of the process, started by the library itself."""

_started_qthreads: "weakref.WeakSet[object]" = weakref.WeakSet()


def _watch_qthreads() -> None:
    """Remember every QThread that Python starts (Qt itself keeps no list of them)."""
    from PySide6.QtCore import QThread

    if hasattr(QThread.start, "watched"):
        return
    start = QThread.start

    def watched_start(self: object, *priority: object) -> None:
        _started_qthreads.add(self)
        start(self, *priority)  # type: ignore[call-overload]

    watched_start.watched = True  # type: ignore[attr-defined]
    QThread.start = watched_start  # type: ignore[method-assign, assignment]


def _running_qthreads() -> list[str]:
    import shiboken6

    alive = [t for t in _started_qthreads if shiboken6.isValid(t)]
    return [type(t).__name__ for t in alive if t.isRunning()]  # type: ignore[attr-defined]


def _left_behind(before: set[threading.Thread]) -> list[str]:
    """Names of threads that are still running and were not ``before``."""
    new = set(threading.enumerate()) - before
    # a dummy was only seen by Python: Qt's are looked at below, OpenMP's stay
    own = [t.name for t in new if not isinstance(t, threading._DummyThread)]
    names = [name for name in own if name not in OWNED_BY_LIBRARIES]
    return names + (_running_qthreads() if "PySide6.QtCore" in sys.modules else [])


@pytest.fixture(autouse=True)
def _no_thread_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread or a QThread running."""
    if "qapp" in request.fixturenames:
        _watch_qthreads()
    before = set(threading.enumerate())
    yield
    if "transfergui.gui.base.tasks" in sys.modules:
        sys.modules["transfergui.gui.base.tasks"].dismiss()
    deadline = time.monotonic() + GRACE
    while (left := _left_behind(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"left running: {', '.join(left)}"


# -- the page of a report


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled in this process, in memory, by what is in them."""

    def __init__(self) -> None:
        self.code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        bucket.code = self.code.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        assert bucket.code is not None
        self.code[bucket.key + bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Every training ends with a page, whose template took longer than the training's steps."""
    made = functools.partialmethod(jinja2.Environment.__init__, bytecode_cache=_Compiled())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "__init__", made)
        yield


# -- small data

COLOURS = ("red", "green", "blue", "gold", "purple", "teal", "gray", "orange")
SHAPES = ("ellipse", "rectangle", "line")


def _picture(label: int, size: int, rng: np.random.Generator) -> Image.Image:
    """A shape and a colour that belong to ``label``, somewhere on a noisy background."""
    noise = rng.integers(190, 256, (size, size, 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    side = int(size * rng.uniform(0.4, 0.7))
    x, y = rng.integers(0, size - side, 2).tolist()
    draw = getattr(ImageDraw.Draw(picture), SHAPES[label % len(SHAPES)])
    draw((x, y, x + side, y + side), fill=COLOURS[label % len(COLOURS)])
    return picture


def make_tiny_pictures(
    folder: Path, classes: int = 2, per_class: int = 12, size: int = 32, seed: int = 0
) -> Path:
    """Write small pictures that are learnt in seconds: ``folder/class_0/00.png`` ...

    Classes differ by colour and shape; every picture is different.
    """
    rng = np.random.default_rng(seed)
    for label in range(classes):
        home = folder / f"class_{label}"
        home.mkdir(parents=True, exist_ok=True)
        for number in range(per_class):
            _picture(label, size, rng).save(home / f"{number:02}.png")
    return folder


@pytest.fixture(scope="session")
def tiny_pictures() -> Callable[..., Path]:
    """:func:`make_tiny_pictures`, as a fixture."""
    return make_tiny_pictures


def make_tiny_sounds(
    folder: Path, classes: int = 2, per_class: int = 12, seconds: float = 0.4, seed: int = 0
) -> Path:
    """Write short sounds that are learnt in seconds: ``folder/class_0/anna_00.wav`` ...

    Classes differ by pitch; every sound is different. Three speakers, who speak in turns.
    """
    import soundfile

    rng = np.random.default_rng(seed)
    for label in range(classes):
        home = folder / f"class_{label}"
        home.mkdir(parents=True, exist_ok=True)
        for number in range(per_class):
            name = ("anna", "bela", "carl")[number % 3]
            time = np.arange(round(8000 * seconds * rng.uniform(0.8, 1.1))) / 8000
            tone = np.sin(2 * np.pi * time * 300 * 2 ** (label + rng.uniform(-0.2, 0.2)))
            noise = 0.05 * rng.standard_normal(len(time))
            soundfile.write(home / f"{name}_{number:02}.wav", 0.4 * tone + noise, 8000)
    return folder


@pytest.fixture(scope="session")
def tiny_sounds() -> Callable[..., Path]:
    """:func:`make_tiny_sounds`, as a fixture."""
    return make_tiny_sounds


@pytest.fixture(scope="session")
def word_network(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny network that compares words with examples, by its ``model_type``."""
    from tests.tiny_word_networks import make_word_network

    @functools.cache
    def made(kind: str) -> Path:
        return make_word_network(tmp_path_factory.mktemp("words") / f"tiny-{kind}", kind)

    return made


WORDS = (("lovely", "warm", "bright", "kind"), ("dreary", "cold", "dull", "rude"))


def make_tiny_texts(folder: Path, classes: int = 2, per_class: int = 12, seed: int = 0) -> Path:
    """Write short texts that are learnt in seconds: ``folder/class_0/00.txt`` ...

    Classes differ by their adjectives; every text is different.
    """
    rng = np.random.default_rng(seed)
    for label in range(classes):
        home = folder / f"class_{label}"
        home.mkdir(parents=True, exist_ok=True)
        for number in range(per_class):
            first, second = rng.choice(WORDS[label % len(WORDS)], 2)
            text = f"In house number {number} it was {first}, and the guests were {second}."
            (home / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return folder


TINY: dict[str, Callable[..., Path]] = {
    "image": make_tiny_pictures,
    "audio": make_tiny_sounds,
    "text": make_tiny_texts,
}
"""Makes a collection of two classes of 12 for each modality, by key: ``TINY[key](folder)``."""
