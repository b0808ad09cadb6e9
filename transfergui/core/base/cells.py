"""Cells of tables that spreadsheets open: none of them may be run as a formula.

A file or a class may be called ``=HYPERLINK(...)``. In CSV, and in what is copied, an apostrophe
goes before such a cell (OWASP, "CSV Injection"), and goes again where we read our own table. A
cell that had apostrophes before gets one more, so that nothing is lost.
"""

import re
from collections.abc import Iterable

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would run, or that would look like one we made safe."""
SAFE = re.compile(r"'+[=+\-@\t\r]")
UNIT = r"[^\W\d_]{1,10}[²³]?"
NUMBER = re.compile(rf"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?( {UNIT}(/{UNIT})?| ?[%°€$£])?")
"""With or without a unit: no spreadsheet takes ``-3.5 kg`` for a formula."""


def safe(cell: str) -> str:
    """``cell`` as it may stand in a table."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """What :func:`safe` was given."""
    return cell[1:] if SAFE.match(cell) else cell


def is_unsafe(cell: str) -> bool:
    """Whether :func:`safe` would never write such a cell: another program wrote the table."""
    return FORMULA.match(cell) is not None and safe(cell) != cell and not SAFE.match(cell)


def line(row: Iterable[str], delimiter: str = ",") -> str:
    """A row as CSV, its end included; Python's own writer leaves a carriage return unquoted."""
    return delimiter.join(_quoted(cell, delimiter) for cell in row) + "\n"


def _quoted(cell: str, delimiter: str) -> str:
    quote = any(mark in cell for mark in (delimiter, '"', "\r", "\n"))
    return '"' + cell.replace('"', '""') + '"' if quote else cell
