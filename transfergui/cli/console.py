"""How the commands print: results on standard output, everything else on standard error."""

import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

from transfergui.core.paths import shown

Row = Sequence[object]


def say(text: str) -> None:
    """A line for the person at the terminal; never mixed with results."""
    print(text, file=sys.stderr, flush=True)


def complain(text: str) -> None:
    """The one line of something that the user can mend."""
    say(f"transfergui: {text}")


def is_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Ask on standard error; anything but yes is no."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def result(text: str) -> None:
    """A line of the result."""
    print(text, flush=True)


def document(tree: Any) -> None:
    """The one JSON document of ``--json``; undecodable bytes stay as ``\\udcXX``."""
    result(json.dumps(tree, indent=2))


def table(rows: Sequence[Row], header: Row = ()) -> None:
    """Rows in aligned columns: numbers to the right, None as a dash, control characters escaped."""
    lines = [tuple(map(_cell, row)) for row in ([header] if header else []) + list(rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    right = [any(isinstance(v, int | float) for v in column) for column in zip(*rows, strict=True)]
    for line in lines:
        padded = (_pad(*each) for each in zip(line, widths, right or widths, strict=True))
        result("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", " ")
    return "–" if value is None else shown(str(value))


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _pad(text: str, width: int, right: object) -> str:
    space = " " * (width - _width(text))
    return space + text if right is True else text + space
