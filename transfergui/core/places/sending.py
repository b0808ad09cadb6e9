"""Here: the files that are missing over there are sent, and those that were cut off go on."""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import msgspec

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.places import answers
from transfergui.core.places import cargo as cargos
from transfergui.core.places.cargo import Cargo
from transfergui.core.places.jobs import PIECE, Manifest
from transfergui.core.places.ssh import Connection
from transfergui.core.runs import events as ev

EVERY = 0.2
"""Seconds between two reports."""
SOONEST = 1.0
"""Seconds before it is said how long it takes: the first pieces only fill the line."""
WINDOW = 32
"""So many questions may be without an answer: the way there and back costs little then."""
AT_ONCE = 1000
"""Files that are asked about at once."""
SLOWEST = 2e7
"""Bytes a second with which a file is read again over there, to be checked."""
ROUNDS = 3
"""So often a file is sent that arrives damaged."""
Hashes = Mapping[Path, str]


class Sending:
    """What is sent through one connection.

    Args:
        check: called often; may raise.

    Attributes:
        manifest: the hash under which the manifest was sent.
        files, bytes: what was really sent, but for the manifest: the rest was there.
    """

    def __init__(self, link: Connection, check: Callable[[], object]) -> None:
        self._link, self._check = link, check
        self.manifest, self.files, self.bytes = "", 0, 0
        self._began = self._reported = time.monotonic()
        self._open: deque[float] = deque()  # seconds in which each file is checked over there
        self._damaged = False

    def hashed(self, cargo: Cargo) -> Generator[ev.Event, None, dict[Path, str]]:
        """The hashes of all files."""
        total = cargo.data_bytes + cargo.weight_bytes
        self._began = time.monotonic()
        yield _progress("read", 0, total, None)
        reading = cargos.hashes(cargo)
        while True:
            self._check()
            try:
                done = next(reading)
            except StopIteration as end:
                found: dict[Path, str] = end.value
                return found
            if self._due():
                done = min(done, total)
                yield _progress("read", done, total, self._left(done, total))

    def sent(
        self, job: str, cargo: Cargo, hashes: Hashes, manifest: Manifest
    ) -> Iterator[ev.Event]:
        """Send what is not there.

        Args:
            job: its name over there.

        Raises:
            UserError: ``place.full``, ``place.damaged_on_the_way``, ``place.file_gone``.
            LostError: the connection ended.
        """
        raw = json.dumps(msgspec.to_builtins(manifest)).encode()
        self._link.ask("announce", raw, job=job)
        self.manifest = hashlib.sha256(raw).hexdigest()
        sources: dict[str, Path | bytes] = {hashes[p.source]: p.source for p in cargo.pieces}
        sources[self.manifest] = raw
        for _round in range(ROUNDS):
            self._damaged = False
            missing = self._missing(sources)
            total = sum(size - max(there, 0) for _digest, size, there in missing)
            self._require_room(total)
            if not missing:
                return
            yield from self._round(missing, sources, total)
            own = [row for row in missing if row[0] != self.manifest]
            self.files += len(own)
            self.bytes += sum(size - max(there, 0) for _digest, size, there in own)
        if self._missing(sources):
            raise UserError("place.damaged_on_the_way")

    def _missing(self, sources: Mapping[str, Path | bytes]) -> list[tuple[str, int, int]]:
        """Hash, size and what is there already of each file that is not there."""
        rows = [(digest, _size(source)) for digest, source in sources.items()]
        found: list[tuple[str, int, int]] = []
        for first in range(0, len(rows), AT_ONCE):
            asked = rows[first : first + AT_ONCE]
            answer = self._link.ask("have", json.dumps(asked).encode())
            there = self._link.answers_json(answer, tuple[int, ...])
            if len(there) != len(asked):
                reason = f"{len(there)} != {len(asked)}"
                raise answers.garbled(self._link.place.name, reason)
            found += ((*row, have) for row, have in zip(asked, there, strict=True))
        return [row for row in found if row[2] < row[1]]

    def _require_room(self, total: int) -> None:
        free = self._link.greeting.free
        if free is not None and total > free:
            values = {"needed": bytes_text(total), "free": bytes_text(free)}
            raise UserError("place.full", name=self._link.place.name, **values)

    def _round(
        self, missing: list[tuple[str, int, int]], sources: Mapping[str, Path | bytes], total: int
    ) -> Iterator[ev.Event]:
        done, self._began = 0, time.monotonic()
        for digest, size, there in missing:
            for offset, data in _pieces(sources[digest], there, size):
                self._check()
                self._link.send("put", data, hash=digest, size=size, offset=offset)
                self._open.append(size / SLOWEST)
                self._settle(WINDOW)
                done += len(data)
                if self._due():
                    yield _progress("send", done, total, self._left(done, total))
        self._settle(0)
        yield _progress("send", total, total, 0.0)

    def _due(self) -> bool:
        """Whether it is time for a report."""
        due = time.monotonic() - self._reported > EVERY
        self._reported = time.monotonic() if due else self._reported
        return due

    def _settle(self, most: int) -> None:
        """Take answers until at most so many are open."""
        while len(self._open) > most:
            try:
                self._link.answer(self._open.popleft())
            except UserError as error:
                if error.code != "place.damaged_on_the_way":
                    raise
                self._damaged = True  # the next round sends it again

    def _left(self, done: int, total: int) -> float | None:
        """Seconds; None while it has hardly begun."""
        spent = time.monotonic() - self._began
        return spent * (total - done) / max(done, 1) if spent > SOONEST else None


def _progress(stage: ev.Stage, done: int, total: int, eta: float | None) -> ev.Event:
    return ev.Progress(stage=stage, epoch=0.0, step=done, steps=total, eta=eta)


def _size(source: Path | bytes) -> int:
    if isinstance(source, bytes):
        return len(source)
    try:
        return source.stat().st_size
    except OSError as error:
        raise _gone(source, error) from None


def _pieces(source: Path | bytes, offset: int, size: int) -> Iterator[tuple[int, bytes]]:
    """The rest of a file from ``offset``, piece by piece; of an empty one, one of no bytes."""
    if size == 0:
        yield 0, b""
    offset = max(offset, 0)
    if isinstance(source, bytes):
        yield from ((at, source[at : at + PIECE]) for at in range(offset, size, PIECE))
        return
    try:
        with files.open_regular(source) as stream:
            stream.seek(offset)
            while data := stream.read(min(PIECE, size - offset)):
                yield offset, data
                offset += len(data)
    except OSError as error:
        raise _gone(source, error) from None


def _gone(path: Path, error: OSError) -> UserError:
    return UserError("place.file_gone", path=str(path), reason=error.strerror or str(error))
