"""The lines of a text, and tables that say a class in each: fastText, an @, spaces between."""

import io
import re
from collections.abc import Iterable

from transfergui.core.reading.parsing.cells import CONSISTENT, commonest, plain
from transfergui.core.reading.parsing.table import Table

PROBE = 200
"""Lines from which the delimiter is guessed."""

FASTTEXT = re.compile(r"((?:__label__\S+[\s,]*)+)(.*)", re.DOTALL)
FILE_NAME = re.compile(r"\S+\.[A-Za-z][A-Za-z0-9]{1,4}")
MOST_SPACED = 6
"""Columns that spaces divide: more are a text."""
FASTTEXT_LABEL = re.compile(r"__label__([^\s,]+)")

MARKED = re.compile(r"(.*\s.*)@(\w+)")
"""A sentence and its class: ``Profit rose .@positive``."""
SPACED_ENDINGS = (".txt", ".csv")
"""Endings of tables that spaces may divide."""


def lines_of(text: str) -> io.StringIO:
    """The lines of a text, whatever ends them."""
    return io.StringIO(text, newline=None)


def is_fasttext(lines: Iterable[str]) -> bool:
    """Whether lines begin with their classes, as fastText wants them."""
    filled = [line for line in lines if line.strip()]
    labelled = sum(line.startswith("__label__") for line in filled)
    return labelled > 0 and labelled >= CONSISTENT * len(filled)


def is_marked(lines: Iterable[str]) -> bool:
    """Whether every line is a sentence with its class behind an @, as in the Financial
    PhraseBank."""
    found = [MARKED.fullmatch(line.strip()) for line in lines if line.strip()]
    kinds = {match[2] for match in found if match}
    return len(found) > 2 * len(kinds) > 2 and all(found)


def marked_table(text: str, encoding: str) -> Table:
    table = Table(encoding, {}, ("text", "label"))
    for number, line in enumerate(lines_of(text), 1):
        if found := MARKED.fullmatch(line.strip()):
            table.rows[number] = [found[1].strip(), found[2]]
        elif line.strip():
            table.broken.append((number, line))
    return table


def is_spaced(lines: Iterable[str]) -> bool:
    """Whether spaces divide the names of files from what is said of them: ``a/1.jpg 3``."""
    rows = [cells for line in lines if (cells := line.split())]
    width = commonest(map(len, rows))
    divided = 2 <= width <= MOST_SPACED and all(len(cells) == width for cells in rows)
    return divided and any(all(FILE_NAME.fullmatch(row[at]) for row in rows) for at in range(width))


def is_counted(lines: Iterable[str]) -> bool:
    """Whether the number of rows stands first, then the names of all columns but that of the
    files, as in CelebA's lists of attributes."""
    filled = [cells for line in lines if (cells := line.split())]
    if len(filled) <= 2:
        return False
    count, names, *rows = filled
    width = len(names) + 1
    return (
        len(count) == 1
        and count[0].isdecimal()
        and width > 1
        and all(len(cells) == width and FILE_NAME.fullmatch(cells[0]) for cells in rows)
    )


def spaced_table(text: str, encoding: str, counted: bool) -> Table:
    """
    Args:
        counted: whether the number of rows stands above the names of the columns.
    """
    rows = {at: cells for at, line in enumerate(lines_of(text), 1) if (cells := line.split())}
    if counted:
        del rows[min(rows)]
        rows[min(rows)] = ["file", *rows[min(rows)]]
    return Table(encoding, rows)


def fasttext_table(text: str, encoding: str) -> Table:
    rows = {}
    for number, line in enumerate(lines_of(text), 1):
        if line.strip():
            found = FASTTEXT.match(line)
            labels = FASTTEXT_LABEL.findall(found[1]) if found else []
            rows[number] = [plain(labels), (found[2] if found else line).strip()]
    return Table(encoding, rows, ("label", "text"))
