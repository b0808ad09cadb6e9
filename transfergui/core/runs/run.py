"""The run directory: the only record of a training.

``recipe.json split.json environment.json name.txt notes.json events.jsonl log.txt stop lock
checkpoints/{last.pt,best.safetensors} assets/ search/ alone/ beside/ report.{json,html}
predictions.csv validation.csv export/``
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
from typing import Any

from transfergui import __version__
from transfergui.core import recipe
from transfergui.core.base import files, locks, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.data import split
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.card import Figures
from transfergui.core.runs.history import History
from transfergui.core.runs.stop_requests import STOP, Claims, Request, Stop, Stopped

__all__ = ["Run", "Stop", "Stopped"]
RECIPE = "recipe.json"
"""The file that makes a folder a run."""
SPLIT = "split.json"
REPORT = "report.json"
EVENTS = "events.jsonl"
ENVIRONMENT = "environment.json"
NAME = "name.txt"
"""What the user calls the run; nothing that a training reads."""
LONGEST_NAME = 80
"""Characters of it."""
MAX_STOP = 1000
MAX_LINE = 10_000_000
"""Bytes of one event."""
TRASH = ".trash"
CALLED = {"auto": "recommended", "soup": "together"}
"""Runs of these strategies are called so, not by a network, which they find or put together."""
MOST_OF_NAME, MOST_OF_NETWORK = 120, 60
"""Bytes of the two in the name of a folder, which has 255 in all, some of them for the trash."""
LOCK = "lock"
MAKING = ".making"
"""Locked in a folder that becomes a run: of two that want it, one gets it."""


_claims = Claims()


class Run:
    """One training, on disk. Cheap to make; nothing is read before it is asked for.

    Attributes:
        old_stop: the last request to stop that the next training is to forget; None for any.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.old_stop: Request | None = None

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
            with _making(path) if path else _making_fresh(recipe) as folder:
                split.save(folder / SPLIT)
                environment = json.dumps(current_environment(), indent=2)
                files.write_atomic(folder / ENVIRONMENT, environment)
                files.write_atomic(folder / RECIPE, recipe.to_json())  # last: it makes it a run
        except OSError as error:
            reason = error.strerror or str(error)
            where = str(path or error.filename or paths.runs_dir())
            raise UserError("run.not_writable", path=where, reason=reason) from None
        return cls(folder)

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
        """
        Raises:
            UserError: ``recipe.unreadable``, ``recipe.newer`` or ``run.damaged``.
        """
        path = self.path / RECIPE
        try:
            return recipe.read(path)
        except UserError as error:
            if error.code != "recipe.invalid":
                raise
            raise UserError("run.damaged", path=str(path), reason=str(error).rstrip(".")) from None

    @property
    def split(self) -> Split:
        return split.load(self.path / SPLIT)

    @property
    def name(self) -> str:
        """What the user calls it; empty where no name was given, or it cannot be read."""
        try:
            text = files.read_regular(self.path / NAME, MAX_STOP).decode("utf-8")
            return checked_name(text)
        except (OSError, UnicodeError, UserError):
            return ""

    def called(self, recipe: Recipe) -> str:
        """Its name: the user's, or that of its recipe, or that of its data."""
        return self.name or recipe.name or recipe.data.name or self.path.name

    def rename(self, name: str) -> str:
        """Call it ``name``; its folder and what a training reads stay as they are.

        Returns:
            the name, without needless spaces.

        Raises:
            UserError: ``run.no_name``, ``run.long_name``, ``run.not_renamed``.
        """
        name = checked_name(name)
        try:
            files.write_atomic(self.path / NAME, name + "\n")
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("run.not_renamed", path=str(self.path), reason=reason) from None
        return name

    @property
    def began(self) -> float:
        """When it was begun, in seconds since 1970: that of the oldest file that was written then.

        Each of them may be written again: the recipe by a search that has chosen, the split where
        data were moved.

        Raises:
            FileNotFoundError: it was deleted meanwhile.
        """
        written = [(self.path / RECIPE).stat().st_mtime]
        for name in (SPLIT, ENVIRONMENT):
            with contextlib.suppress(OSError):  # a damaged run
                written.append((self.path / name).stat().st_mtime)
        return min(written)

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
            raise self._not_writable(error) from None

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def assets(self) -> Path:
        """What :func:`transfergui.core.resolve.equipped` keeps."""
        return self.path / "assets"

    @property
    def best(self) -> Path:
        """The weights of the best epoch; there once something was learnt."""
        return self.checkpoints / "best.safetensors"

    # -- what happened

    def record(self, event: ev.Event) -> None:
        """Append one event to ``events.jsonl``; a failing log never stops a training. Nothing is
        told where another computer has taken the run: it tells its own."""
        if locks.taken(self.path / LOCK) is not None:
            return
        with contextlib.suppress(OSError), (self.path / EVENTS).open("ab") as stream:
            if isinstance(event, ev.Started) and stream.tell():
                stream.write(b"\n")  # the last line may have been cut off by a crash
            stream.write(ev.to_line(event))

    def events(self) -> Iterator[ev.AnyEvent]:
        """Every event recorded; a line that was cut off by a crash is passed over.

        Raises:
            UserError: ``run.events_damaged``: no line of it is an event.
        """
        path, understood, other = self.path / EVENTS, False, ""
        try:
            for line in records.lines(path, MAX_LINE):
                try:
                    event = ev.from_line(line)
                except ValueError as error:
                    other = other or str(error)
                else:
                    understood = True
                    yield event
        except FileNotFoundError:
            return
        except OSError as error:
            raise UserError(
                "run.events_damaged", path=str(path), reason=records.why(error)
            ) from None
        if other and not understood:
            raise UserError("run.events_damaged", path=str(path), reason=other)

    def history(self) -> History:
        history = History()
        for event in self.events():
            history.add(event)
        return history

    def report(self) -> dict[str, Any]:
        """``report.json``, empty where there is none yet; its figures are what they should be.

        Raises:
            UserError: ``run.damaged``.
        """
        path = self.path / REPORT
        if not os.path.lexists(path):
            return {}
        tree = records.read(path, dict[str, Any])
        try:
            records.convert(tree, Figures)
        except ValueError as error:
            raise UserError("run.damaged", path=str(path), reason=str(error)) from None
        return tree

    def environment(self) -> dict[str, str]:
        """Names and versions of what the run was made with; empty where that cannot be read: it
        is told beside results, and none depends on it."""
        try:
            return records.read(self.path / ENVIRONMENT, dict[str, str])
        except UserError:
            return {}

    # -- stopping

    def request_stop(self, how: Stop) -> None:
        """Ask the training, in whatever process it is, to end.

        Raises:
            UserError: ``run.not_writable``: it is trained in another process, and cannot be told.
        """
        here = _claims.wish(self.path, how)
        try:
            files.write_atomic(self.path / STOP, how)
        except OSError as error:
            if not here:
                raise self._not_writable(error) from None

    def stop_requested(self) -> Stop | None:
        """How its training is to end.

        Raises:
            UserError: ``run.taken``.
        """
        self.require_own()
        if (wish := _claims.wished(self.path)) is not None:
            return wish
        try:
            text = files.read_regular(self.path / STOP, MAX_STOP).strip()
        except OSError:
            return None
        return "cancel" if text == b"cancel" else "finish"

    def heed_stops(self) -> None:
        """A training of this run is wanted: what is asked from now on counts, though the training
        may begin much later. Called by who asked for it, once; see :meth:`clear_stop`."""
        self.old_stop = Request.of(self.path)

    def clear_stop(self) -> None:
        """Forget requests of before the training: all, or those of before :meth:`heed_stops`.

        Raises:
            UserError: ``run.not_writable``.
        """
        old, self.old_stop = self.old_stop, None
        if old is not None and old != Request.of(self.path):
            return
        if old is None:
            _claims.wish(self.path, None)
        try:
            (self.path / STOP).unlink(missing_ok=True)
        except OSError as error:
            raise self._not_writable(error) from None

    @contextlib.contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the run while it is trained.

        Raises:
            UserError: ``run.busy``: a living process holds it; ``run.missing``: it is gone;
                ``run.not_writable``.
        """
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locks.held(self.path / LOCK))
            except locks.Busy as busy:
                raise UserError("run.busy", **busy.holder.values) from None
            except FileNotFoundError:
                raise UserError("run.missing", path=str(self.path)) from None
            except OSError as error:
                raise self._not_writable(error) from None
            stack.callback(_claims.end, _claims.begin(self.path))
            files.remove(self.path / MAKING)  # of who was killed right after making it
            for folder in (self.path, self.checkpoints, self.assets):
                files.remove_parts(folder, but=STOP)  # anybody may ask for that now
            yield

    def active(self) -> bool:
        """Whether a living process trains it."""
        return self.holder() is not None

    def holder(self) -> locks.Holder | None:
        """The process that trains it; None where none does."""
        return locks.holder(self.path / LOCK)

    def left_by(self) -> locks.Holder | None:
        """The process of another computer that may have died while it trained the run:
        :meth:`claimed` waits until that is known."""
        return locks.left(self.path / LOCK)

    def require_own(self) -> None:
        """Before something is written by who claimed it: this computer may have slept, or been cut
        off, for so long that another one goes on with the run.

        Raises:
            UserError: ``run.taken``.
        """
        if (holder := locks.taken(self.path / LOCK)) is not None:
            raise UserError("run.taken", pid=holder.pid, host=holder.host or "–")

    def _not_writable(self, error: OSError) -> UserError:
        reason = error.strerror or str(error)
        return UserError("run.not_writable", path=str(self.path), reason=reason)

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
        for number in itertools.count():
            target = home / (f"{name}_{number}" if number else name)
            try:
                if not target.exists():
                    return cls(trashed.rename(target))
            except OSError:
                if not target.exists():  # else it was made just now
                    raise
        raise AssertionError("numbers do not end")


def checked_name(name: str) -> str:
    """``name`` as a run may be called: one line, spaces between words only.

    Raises:
        UserError: ``run.no_name``: it is empty; ``run.long_name``.
    """
    name = paths.shown(" ".join(name.split()))
    if not name:
        raise UserError("run.no_name")
    if len(name) > LONGEST_NAME:
        raise UserError("run.long_name", count=len(name), most=LONGEST_NAME)
    return name


def list_runs(root: Path | None = None) -> list[Run]:
    """The runs below ``root`` (by default :func:`paths.runs_dir`), newest first."""
    root = root or paths.runs_dir()
    found = list[tuple[float, Path]]()
    for path in root.glob(f"*/{RECIPE}"):
        with contextlib.suppress(OSError):  # deleted meanwhile
            if path.parent.name != TRASH:
                found.append((Run(path.parent).began, path.parent))
    return [Run(folder) for _began, folder in sorted(found, reverse=True)]


@contextlib.contextmanager
def _making(path: Path) -> Iterator[Path]:
    """The folder ``path``, which nobody else makes a run of meanwhile.

    Raises:
        UserError: ``run.exists``.
    """
    if path.exists() and not (path.is_dir() and _is_unmade(path)):
        raise UserError("run.exists", path=str(path))
    path.mkdir(parents=True, exist_ok=True)
    half_made = (path / MAKING).exists()
    try:
        with locks.held(path / MAKING):
            if not _is_unmade(path, half_made):  # of one that was quicker
                raise UserError("run.exists", path=str(path))
            files.remove_parts(path)
            yield path
    except locks.Busy:
        raise UserError("run.exists", path=str(path)) from None


def _is_unmade(path: Path, half_made: bool | None = None) -> bool:
    """Whether nothing is in a folder but what a process left that was killed while it made a run.

    Args:
        half_made: whether there was one; None: its marker says so.
    """
    names = {found.name for found in path.iterdir()} - {MAKING}
    if (path / MAKING).exists() if half_made is None else half_made:
        names -= {SPLIT, ENVIRONMENT, *(each.name for each in files.parts(path))}
    return not names


@contextlib.contextmanager
def _making_fresh(recipe: Recipe) -> Iterator[Path]:
    """``runs/2026-11-21_clothing_mobilenet_v2_2``: the number goes up, the clock need not.

    One that is to find its network, or to be made of others, is called by that.
    """
    stem = re.sub(r"[^\w.-]+", "-", recipe.name or Path(recipe.data.name).stem) or "run"
    what = CALLED.get(recipe.strategy) or Path(recipe.backbone).stem
    what = re.sub(r"[^\w.-]+", "-", what)
    day = time.strftime("%Y-%m-%d")
    base = f"{day}_{files.shortened(stem, MOST_OF_NAME)}_{files.shortened(what, MOST_OF_NETWORK)}"
    root = paths.runs_dir()
    root.mkdir(parents=True, exist_ok=True)
    yield _fresh_folder(root, base)


def _fresh_folder(root: Path, base: str) -> Path:
    for number in itertools.count(1):
        with contextlib.suppress(FileExistsError):  # also where another process was quicker
            path = root / f"{base}_{number}"
            path.mkdir()
            return path
    raise AssertionError("numbers do not end")


def current_environment() -> dict[str, str]:
    names = ("torch", "torchvision", "pyside6", "numpy", "pillow", "onnxruntime")
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
