"""How the commands print: results on standard output, everything else on standard error."""

import contextlib
import io
import json
import math
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, grouped
from transfergui.core.base.paths import shown

Row = Sequence[object]

HEADINGS = {
    "accuracy": N_("accuracy"),
    "backbone": N_("backbone"),
    "begun": N_("started"),
    "download_bytes": N_("download (bytes)"),
    "family": N_("family"),
    "key": N_("key"),
    "modalities": N_("kinds of data"),
    "name": N_("name"),
    "network": N_("backbone"),
    "params": N_("parameters"),
    "result": N_("result"),
    "run": N_("run"),
    "size": N_("size"),
    "state": N_("state"),
    "strategy": N_("strategy"),
    "suffix": N_("suffix"),
    "summary": N_("summary"),
    "title": N_("title"),
    "weights": N_("weights"),
}
"""What the columns of tables are called, by their names in JSON."""


class Errors(io.TextIOBase):
    """Standard error, or nothing where nobody reads it any more: a closed terminal or pipe or a
    full disk ends no training.

    Args:
        draws: whether a progress bar is drawn by it. While a bar is shown, rich puts a stream in
            the place of standard error that lets the bar print what it is given, above itself:
            the bar must write to what is behind that, or it is given its own lines for ever.
    """

    encoding = "utf-8"

    def __init__(self, draws: bool = False) -> None:
        self._draws = draws

    def write(self, text: str) -> int:
        self._try(lambda stream: stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._try(lambda stream: stream.flush())

    def isatty(self) -> bool:
        return bool(self._try(lambda stream: stream.isatty()))

    def fileno(self) -> int:
        return sys.stderr.fileno()

    def _try(self, use: Callable[[TextIO], object]) -> object:
        stream = sys.stderr
        if self._draws:
            stream = getattr(stream, "rich_proxied_file", stream)
        with contextlib.suppress(OSError, ValueError):  # ValueError: it is closed
            return use(stream) if stream is not None else None
        return None


errors = Errors()


def say(text: str) -> None:
    """A line for the person at the terminal; never mixed with results."""
    errors.write(f"{text}\n")
    errors.flush()


def complain(text: str) -> None:
    """The one line of something that the user can mend."""
    say(f"transfergui: {text}")


def is_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and errors.isatty()


def ask(question: str) -> bool:
    """Ask on standard error; anything but yes is no."""
    errors.write(f"{question} [y/N] ")
    errors.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def result(text: str) -> None:
    """A line of the result.

    Raises:
        BrokenPipeError: who reads it, ``head`` for example, has seen enough.
        UserError: ``cli.not_written``.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        forget_reader()
        raise UserError("cli.not_written", reason=reason) from None


def forget_reader() -> None:
    """Let nothing more be written to standard output, whose reader is gone."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def document(tree: Any, root: Path | str = "") -> None:
    """The one JSON document of ``--json``; undecodable bytes stay as ``\\udcXX``.

    A figure that is not known is null: JSON has no NaN. Files in tars have their own names.

    Args:
        root: the folder that paths of samples are relative to, where they are.
    """
    text = _json(tree)
    if ".tar" in text.lower():
        from transfergui.core.data.tar_names import in_tree  # `doctor` works without libraries

        text = _json(in_tree(root, tree))
    result(text)


def _json(tree: Any) -> str:
    return json.dumps(_known(tree), indent=2, allow_nan=False)


def _known(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _known(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_known(value) for value in tree]
    return None if isinstance(tree, float) and not math.isfinite(tree) else tree


def table(rows: Sequence[Row], header: Row = ()) -> None:
    """Rows in aligned columns: numbers to the right, None as a dash, control characters escaped.

    Args:
        header: translated, or names in :data:`HEADINGS`.
    """
    header = tuple(_(HEADINGS[name]) if name in HEADINGS else name for name in map(str, header))
    lines = [tuple(map(_cell, row)) for row in ([header] if header else []) + list(rows)]
    widths = [max(map(columns_of, column)) for column in zip(*lines, strict=True)]
    right = [any(isinstance(v, int | float) for v in column) for column in zip(*rows, strict=True)]
    for line in lines:
        padded = (_pad(*each) for each in zip(line, widths, right or widths, strict=True))
        result("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return grouped(value)
    return "–" if value is None else shown(str(value))


def columns_of(text: str) -> int:
    """Columns of a terminal: Chinese characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of ``width`` columns at most, broken at spaces and between Chinese characters."""
    lines = [""]
    for piece in re.findall(r"[\u2e80-\uffef][，。；：！？、）”]*|\s+|[^\s\u2e80-\uffef]+", text):
        if lines[-1] and columns_of(lines[-1]) + columns_of(piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += " " if piece.isspace() and lines[-1] else piece.strip()
    return [line.rstrip() for line in lines]


def _pad(text: str, width: int, right: object) -> str:
    space = " " * (width - columns_of(text))
    return space + text if right is True else text + space
