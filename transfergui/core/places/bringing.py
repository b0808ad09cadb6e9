"""Here: what a finished training left over there comes into the folder of its run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from transfergui.core import recipe as recipes
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.places.cargo import FILES
from transfergui.core.places.jobs import LAYING, NAME, digest_of
from transfergui.core.places.ssh import Connection
from transfergui.core.places.store import SHA256
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run

PARTS = ".brought"
"""Folder in a run for what is on its way."""
TEXTS = {".json", ".csv", ".html", ".txt", ".md"}
"""Files that may name paths."""
NOT_TAKEN = {"place.json", "recipe.json", "split.json", "events.jsonl", "name.txt", "notes.json"}
NOT_TAKEN |= {"lock", "stop"}
"""What is of here, whatever is over there."""
ROUNDS = 3
EVERY = 0.2


def brought(
    link: Connection, job: str, run: Run, check: Callable[[], object]
) -> Iterator[ev.Event]:
    """Fetch every file that is not here, and check it.

    Raises:
        UserError: ``place.damaged_on_the_way``; ``place.unknown_answer``; ``disk.full``; the disk
            over there.
        LostError: the connection ended; what is here then is not fetched again.
    """
    listing = link.ask("listing", job=job, wait=LAYING)  # every file is read over there
    rows = _rows(link.answers_json(listing, list[dict[str, Any]]))
    paths = _Paths(f"{link.greeting.folder}/jobs/{job}", job, run)
    total = sum(row.size for row in rows)
    done, began, reported = 0, time.monotonic(), 0.0
    try:
        for row in rows:
            for count in _fetched(link, job, run, row, paths):
                check()
                done += count
                if time.monotonic() - reported > EVERY:
                    reported = time.monotonic()
                    left = (reported - began) * (total - done) / max(done, 1)
                    yield _progress(done, total, max(left, 0.0))
        _adopt(run, paths.here(str(listing.fields.get("recipe", "")).encode(), ".json"))
    except OSError as error:
        raise files.not_written(run.path, error) from None
    shutil.rmtree(run.path / PARTS, ignore_errors=True)


def _rows(told: list[dict[str, Any]]) -> list[_Row]:
    """The files that are to be fetched.

    Raises:
        UserError: ``place.unknown_answer``: these are no files below a folder.
    """
    try:
        rows = [_Row(row) for row in told]
    except (KeyError, TypeError, ValueError) as error:
        raise UserError("place.unknown_answer", reported=repr(error)[:200]) from None
    return [row for row in rows if row.path not in NOT_TAKEN]


class _Row:
    """A file of the run over there.

    Raises:
        KeyError, TypeError, ValueError: it is none, or its path leads elsewhere.
    """

    def __init__(self, row: dict[str, Any]) -> None:
        self.path, self.hash = str(PurePosixPath(row["path"])), str(row["hash"])
        self.size = int(row["size"])
        here = Path(self.path)  # on Windows, a drive and a backslash lead elsewhere, too
        inside = here.parts and not here.anchor and ".." not in here.parts
        if not inside or "\0" in self.path or not SHA256.fullmatch(self.hash):
            raise ValueError(self.path)


class _Paths:
    """Paths of over there, as they are here."""

    def __init__(self, folder: str, job: str, run: Run) -> None:
        named = NAME.fullmatch(job)
        assert named is not None
        self._files = f"{folder}/{FILES}/"
        self._run = f"{folder}/{named[1]}"
        self._own = str(run.path)

    def here(self, data: bytes, suffix: str) -> bytes:
        """The content of a file with the paths of here. Drives are written as folders there."""
        own = json.dumps(self._own)[1:-1] if suffix == ".json" else self._own
        data = data.replace(self._run.encode(), own.encode("utf-8", "surrogateescape"))
        if os.sep == "/":
            data = data.replace(self._files.encode(), b"/")
        return data


def _fetched(link: Connection, job: str, run: Run, row: _Row, paths: _Paths) -> Iterator[int]:
    """Fetch a file; yields how many bytes came."""
    target = run.path / row.path
    with contextlib.suppress(OSError):
        if target.stat().st_size == row.size and digest_of(target) == row.hash:
            yield row.size
            return
    part = run.path / PARTS / row.hash
    part.parent.mkdir(exist_ok=True)
    for _round in range(ROUNDS):
        yield from _pieces(link, job, row, part)
        if digest_of(part) == row.hash:
            break
        part.unlink()
    else:
        raise UserError("place.damaged_on_the_way")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in TEXTS:
        files.write_atomic(target, paths.here(part.read_bytes(), target.suffix))
        part.unlink()
    else:
        part.replace(target)


def _pieces(link: Connection, job: str, row: _Row, part: Path) -> Iterator[int]:
    """The rest of a file, after what came before the connection was lost."""
    with part.open("ab") as stream:
        there = stream.tell()
        yield there
        while there < row.size:
            data = link.ask("fetch", job=job, path=row.path, offset=there).payload
            if not data:
                return  # it has become shorter
            stream.write(data)
            there += len(data)
            yield len(data)


def _adopt(run: Run, raw: bytes) -> None:
    """Take over what a search has chosen over there."""
    if not raw:
        return
    own = run.recipe
    with contextlib.suppress(UserError):
        found = recipes.from_json(raw.decode(), RECIPE)
        found = msgspec.structs.replace(found, weights_dir=own.weights_dir)
        if found != own:
            run.adopt(found)


def _progress(done: int, total: int, eta: float) -> ev.Event:
    return ev.Progress(
        stage="fetch", epoch=0.0, step=min(done, total), steps=max(total, 1), eta=eta
    )
