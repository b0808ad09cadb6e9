"""What a watch remembers, on the disk: what was done is not done again, whatever ends the program.

A file of JSON lines beside the sorted files:

``{"watch": 1, "folder", "record"}``
    the first line: what is watched, and the record of what is done with its files;
``{"file", "size", "modified", "rows"}``
    a file of that version has these predictions: its rows of the table. It is about to be acted on;
``{"done": [name, ...]}``
    it was acted on, and its rows are in the table.

Both kinds of lines are on the disk (fsync) before the work goes on. Where the second is missing,
the record tells whether the first was followed by the act.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.core.base import cells, files
from transfergui.core.evaluation import prediction_table as table
from transfergui.core.watching.arrivals import Version

FIRST = 1
TABLE = "predictions{more}.csv"

Rows = list[list[table.Cell]]


class Pending(NamedTuple):
    """A file that is predicted and may not be acted on yet."""

    version: Version
    rows: Rows


class WatchLog:
    """See the module.

    Args:
        path: of the file; made where it is not there.
        folder: that is watched.

    Attributes:
        record: of what is done with the files; empty where there is none yet.
        pending: by name.

    Raises:
        OSError: it cannot be read or written.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._folder = path, folder
        self.record = ""
        self.done: dict[str, Version] = {}
        self.pending: dict[str, Pending] = {}
        with contextlib.suppress(FileNotFoundError):
            self._read()
        self._torn = path.exists()
        if not self._torn:
            self.keep_record("")

    def is_done(self, name: str, version: Version) -> bool:
        """Whether this version of a file was dealt with."""
        return self.done.get(name) == version

    def keep_record(self, record: str) -> None:
        """The record that is written from now on."""
        self.record = record
        self._append([{"watch": FIRST, "folder": os.fspath(self._folder), "record": record}])

    def begin(self, found: dict[str, Pending]) -> None:
        """These are about to be acted on."""
        self._append(
            {"file": n, "size": p.version[0], "modified": p.version[1], "rows": p.rows}
            for n, p in found.items()
        )
        self.pending.update(found)

    def end(self, names: Sequence[str]) -> None:
        """These were acted on."""
        self._append([{"done": list(names)}])
        self._take_done(names)

    def forget(self, name: str) -> None:
        """It was not acted on: it is predicted again."""
        self.pending.pop(name, None)

    def _read(self) -> None:
        with files.open_regular(self._path) as stream:
            for line in stream:
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    self._take(files.parse_json(line))

    def _take(self, line: dict[str, Any]) -> None:
        if "file" in line:
            version = int(line["size"]), int(line["modified"])
            self.pending[str(line["file"])] = Pending(version, [list(r) for r in line["rows"]])
        elif "done" in line:
            self._take_done(line["done"])
        elif "watch" in line:
            self.record = str(line["record"])

    def _take_done(self, names: Iterable[str]) -> None:
        for name in names:
            if (found := self.pending.pop(name, None)) is not None:
                self.done[name] = found.version

    def _append(self, lines: Iterable[dict[str, Any]]) -> None:
        """Whole lines, on the disk when this returns; one that was torn is ended before."""
        text = "".join(json.dumps(line) + "\n" for line in lines)
        with self._path.open("ab") as stream:
            if self._torn:
                text = "\n" + text
            self._torn = True
            stream.write(text.encode("ascii"))
            stream.flush()
            os.fsync(stream.fileno())
            self._torn = False


class GrowingTable:
    """A CSV file that gets rows at its end, each once.

    Where a table of other columns is there, of another model say, the next free name is taken.

    Args:
        folder: where it is.
    """

    def __init__(self, folder: Path, heading: Sequence[str]) -> None:
        self._heading = cells.line(map(cells.safe, heading)).encode("utf-8", "backslashreplace")
        number = 1
        while True:
            more = "" if number == 1 else f" ({number})"
            self.path = folder / TABLE.format(more=more)
            if not os.path.lexists(self.path) or self._is_own():
                break
            number += 1

    def _is_own(self) -> bool:
        try:
            return files.head(self.path, len(self._heading)) == self._heading
        except OSError:
            return False

    def add(self, rows: Iterable[Sequence[table.Cell]], again: bool = False) -> None:
        """Write rows behind the others.

        Args:
            again: they may be there already: then they are not written.

        Raises:
            OSError: it cannot be written; another program, a spreadsheet say, has it open.
        """
        lines = [table.to_text([tuple(row)]).encode("utf-8", "backslashreplace") for row in rows]
        if again:
            with contextlib.suppress(FileNotFoundError):
                there = self.path.read_bytes()
                lines = [line for line in lines if line not in there]
        with self.path.open("ab") as stream:
            start = b"" if stream.tell() else self._heading
            if not start and not _ends_in_line(self.path):
                start = b"\n"
            stream.write(start + b"".join(lines))
            stream.flush()


def _ends_in_line(path: Path) -> bool:
    """Whether the last line of a file that is not empty is whole."""
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"
