"""The run directory: the only record of a training.

``recipe.json split.json environment.json events.jsonl log.txt stop lock
checkpoints/{last.pt,best.safetensors} assets/ search/ report.{json,html} predictions.csv export/``
"""

import contextlib
import itertools
import json
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from transfergui import __version__
from transfergui.core import events as ev
from transfergui.core import files, paths, recipe, split
from transfergui.core.errors import UserError
from transfergui.core.history import History
from transfergui.core.recipe import Recipe
from transfergui.core.split import Split

Stop = Literal["finish", "cancel"]
RECIPE = "recipe.json"
"""The file that makes a folder a run."""
SPLIT = "split.json"
REPORT = "report.json"
TRASH = ".trash"
CALLED = {"auto": "recommended", "soup": "together"}
"""Runs of these strategies are called so, not by a network, which they find or put together."""
CLOCK_ERROR = 2
"""Seconds by which two readings of when a process began may differ."""


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """The user asked for the end of a training."""

    def __init__(self, how: Stop) -> None:
        self.how = how


class Run:
    """One training, on disk. Cheap to make; nothing is read before it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # -- making and finding

    @classmethod
    def create(cls, recipe: Recipe, split: Split, path: Path | None = None) -> "Run":
        """A new run directory, holding recipe, split and environment.

        Args:
            path: where; by default a fresh folder below :func:`paths.runs_dir`.

        Raises:
            UserError: ``run.exists``: ``path`` is there and not empty; ``run.not_writable``.
        """
        try:
            path = _make_folder(path) if path else _make_fresh_folder(recipe)
            split.save(path / SPLIT)
            files.write_atomic(path / "environment.json", json.dumps(_environment(), indent=2))
            files.write_atomic(path / RECIPE, recipe.to_json())  # last: it makes it a run
        except OSError as error:
            reason = error.strerror or str(error)
            where = str(path or error.filename)
            raise UserError("run.not_writable", path=where, reason=reason) from None
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> "Run":
        """An existing run.

        Raises:
            UserError: ``run.missing`` or ``path.too_long``.
        """
        if not (files.nameable(path) / RECIPE).is_file():
            raise UserError("run.missing", path=str(path))
        return cls(path)

    @property
    def recipe(self) -> Recipe:
        return recipe.read(self.path / RECIPE)

    @property
    def split(self) -> Split:
        return split.load(self.path / SPLIT)

    @property
    def began(self) -> float:
        """When it was begun, in seconds since 1970.

        Raises:
            FileNotFoundError: it was deleted meanwhile.
        """
        return (self.path / RECIPE).stat().st_mtime

    def adopt(self, chosen: Recipe, trained: "Run | None" = None) -> None:
        """Go on with another recipe: the program found what the first one left to it.

        Args:
            trained: a run inside of this one, whose checkpoints are taken over.

        Raises:
            UserError: ``run.not_writable``.
        """
        try:
            if trained is not None:
                shutil.rmtree(self.checkpoints, ignore_errors=True)
                trained.checkpoints.replace(self.checkpoints)
            files.write_atomic(self.path / RECIPE, chosen.to_json())
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("run.not_writable", path=str(self.path), reason=reason) from None

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def assets(self) -> Path:
        """What :func:`transfergui.core.plan.equipped` keeps."""
        return self.path / "assets"

    @property
    def best(self) -> Path:
        """The weights of the best epoch; there once something was learnt."""
        return self.checkpoints / "best.safetensors"

    # -- what happened

    def record(self, event: ev.Event) -> None:
        """Append one event to ``events.jsonl``; a failing log never stops a training."""
        with contextlib.suppress(OSError), (self.path / "events.jsonl").open("ab") as stream:
            if isinstance(event, ev.Started) and stream.tell():
                stream.write(b"\n")  # the last line may have been cut off by a crash
            stream.write(ev.to_line(event))

    def events(self) -> Iterator[ev.AnyEvent]:
        """Every event recorded; a line that was cut off by a crash is passed over."""
        with contextlib.suppress(FileNotFoundError), (self.path / "events.jsonl").open("rb") as s:
            for line in s:
                with contextlib.suppress(ValueError):
                    yield ev.from_line(line)

    def history(self) -> History:
        history = History()
        for event in self.events():
            history.add(event)
        return history

    def report(self) -> dict[str, Any]:
        """``report.json``, empty where there is none yet."""
        return self._read_json(REPORT)

    def environment(self) -> dict[str, Any]:
        """Names and versions of what the run was made with."""
        return self._read_json("environment.json")

    def _read_json(self, name: str) -> dict[str, Any]:
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    # -- stopping

    def request_stop(self, how: Stop) -> None:
        """Ask the training, in whatever process it is, to end."""
        files.write_atomic(self.path / "stop", how)

    def stop_requested(self) -> Stop | None:
        try:
            text = (self.path / "stop").read_text(encoding="utf-8").strip()
        except OSError:
            return None
        return "cancel" if text == "cancel" else "finish"

    def clear_stop(self) -> None:
        (self.path / "stop").unlink(missing_ok=True)

    @contextlib.contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the run while it is trained.

        Raises:
            UserError: ``run.busy``: a living process holds it; ``run.missing``: it is gone.
        """
        lock = self.path / "lock"
        _claim(lock)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)

    def active(self) -> bool:
        """Whether a living process trains it."""
        return _holder(self.path / "lock") is not None

    # -- deleting, with undo

    def discard(self) -> Path:
        """Move the run into the trash beside it and say where it is now."""
        trash = self.path.parent / TRASH
        trash.mkdir(exist_ok=True)
        target = trash / f"{self.path.name}~{time.time_ns():x}"
        return Path(shutil.move(self.path, target))

    @classmethod
    def restore(cls, trashed: Path) -> "Run":
        """Undo :meth:`discard`; where its name was taken meanwhile, under a new one."""
        name = trashed.name.rpartition("~")[0]
        home = trashed.parent.parent
        targets = (home / (f"{name}_{n}" if n else name) for n in itertools.count())
        free = next(target for target in targets if not target.exists())
        return cls(Path(shutil.move(trashed, free)))


def list_runs(root: Path | None = None) -> list[Run]:
    """The runs below ``root`` (by default :func:`paths.runs_dir`), newest first."""
    root = root or paths.runs_dir()
    found = list[tuple[float, Path]]()
    for path in root.glob(f"*/{RECIPE}"):
        with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
            if path.parent.name != TRASH:
                found.append((path.stat().st_mtime, path.parent))
    return [Run(folder) for _began, folder in sorted(found, reverse=True)]


def _make_folder(path: Path) -> Path:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UserError("run.exists", path=str(path))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _make_fresh_folder(recipe: Recipe) -> Path:
    """``runs/2026-11-21_clothing_mobilenet_v2_2``: the number goes up, the clock need not.

    One that is to find its network, or to be made of others, is called by that.
    """
    stem = re.sub(r"[^\w.-]+", "-", recipe.name or Path(recipe.data.path).stem) or "run"
    what = CALLED.get(recipe.strategy) or Path(recipe.backbone).stem
    what = re.sub(r"[^\w.-]+", "-", what)
    base = f"{time.strftime('%Y-%m-%d')}_{stem[:60]}_{what[:40]}"
    root = paths.runs_dir()
    root.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        with contextlib.suppress(FileExistsError):  # also where another process was quicker
            path = root / f"{base}_{number}"
            path.mkdir()
            return path
    raise AssertionError("numbers do not end")


def _environment() -> dict[str, str]:
    names = ("torch", "torchvision", "pyside6", "accelerate", "numpy", "pillow", "onnxruntime")
    versions = {}
    for name in names:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return {
        "transfergui": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **versions,
    }


def _claim(lock: Path) -> None:
    for _ in range(2):
        try:
            with lock.open("x") as stream:
                stream.write(f"{os.getpid()} {_began(os.getpid()):.0f}")
            return
        except FileNotFoundError:  # deleted a moment after it was made
            raise UserError("run.missing", path=str(lock.parent)) from None
        except FileExistsError:
            holder = _holder(lock)
            if holder is not None:
                raise UserError("run.busy", pid=holder) from None
            lock.unlink(missing_ok=True)  # left behind by kill -9
    raise UserError("run.busy", pid=0)


def _began(pid: int) -> float | None:
    """When a process began, in seconds since 1970; None: it does not live."""
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def _holder(lock: Path) -> int | None:
    """The living process that holds ``lock``, or None.

    Numbers of processes are used again, after a restart for certain: when it began must fit too.
    """
    pid, _, claimed = _read_lock(lock).partition(" ")
    if not (pid.isdecimal() and claimed.isdecimal()):
        return None
    began = _began(int(pid))
    same = began is not None and abs(began - int(claimed)) <= CLOCK_ERROR
    return int(pid) if same else None


def _read_lock(lock: Path) -> str:
    """What is written there; the one who made it may need a moment to write it."""
    for _ in range(10):
        try:
            text = lock.read_text(encoding="ascii", errors="replace")
        except OSError:
            return ""
        if text:
            return text
        time.sleep(0.02)
    return ""
