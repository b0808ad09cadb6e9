"""Rows of cells that a character divides: CSV and its relatives."""

import csv
import itertools
import re
from collections import deque
from collections.abc import Iterator, Sequence

from transfergui.core.reading.parsing.cells import (
    CONSISTENT,
    MAX_CELL,
    NAMED,
    like_classes,
    like_header,
)
from transfergui.core.reading.parsing.headings import PREAMBLE, names_columns, width_of
from transfergui.core.reading.parsing.lines import PROBE, lines_of
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.parsing.totals import samples_only

MAX_JOINED = 500
"""Lines that one quoted cell may go on for."""

DELIMITERS = ",\t;|"
NO_DELIMITER = "\x1f"
"""Divides the rows of a file with one column: a character that no text holds."""
UNQUOTED = ("\t", NO_DELIMITER)
"""What divides cells that few people quote."""

EXCEL_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""What Excel reads in a first line of its own; it is no row."""


def cells_table(text: str, encoding: str, ending: str) -> Table:
    csv.field_size_limit(MAX_CELL)  # the whole process's
    lines = lines_of(text)
    said = EXCEL_DELIMITER.fullmatch(next(lines, ""))
    start = lines.tell() if said else 0
    lines.seek(start)
    probe = list(itertools.islice(lines, PROBE))
    delimiter, width = (
        (said[1], width_of(_leniently(probe, said[1]))) if said else _dialect(probe, ending)
    )
    lines.seek(start)
    table = Table(encoding, {}, divided=width)
    for number, (cells, line) in enumerate(_records(lines, delimiter, width), 1):
        if cells:
            table.rows[number] = cells
        elif cells is None:
            table.broken.append((number, line))
    return samples_only(table, width)


def _dialect(lines: Sequence[str], ending: str) -> tuple[str, int]:
    """What divides the rows into the same number of cells, and that number.

    Nothing does where the rows do not divide consistently, or into what reads like one text:
    sentences hold commas too.
    """
    if ending == ".tsv" and any("\t" in line for line in lines):
        return "\t", width_of(_leniently(lines, "\t"))
    best, most = (NO_DELIMITER, 1), (False, 0, 0)
    for delimiter in DELIMITERS:
        rows = _leniently(lines, delimiter)
        width = _believed(rows, _like_prose(lines, delimiter))
        fits = _well_quoted(lines, delimiter), sum(len(cells) >= width for cells in rows), width
        if width > 1 and fits > most:
            best, most = (delimiter, width), fits
    return best


def _believed(rows: Sequence[Sequence[str]], prose: bool) -> int:
    """How many columns there are; one where what divided the rows is a mark within texts.

    Args:
        prose: whether it reads like one.
    """
    if not rows or (len(rows[0]) == 1 and names_columns(rows[0])):
        return 1  # below a header of one column are sentences
    width = width_of(rows)
    head = next((cells for cells in rows[:PREAMBLE] if len(cells) > 1), [])
    last = [cells[-1] for cells in rows[1:] if len(cells) > 1]
    likely = like_header(head) and (len(head) == width or like_classes(last)) and not prose
    if names_columns(head) or likely:
        filled = sum(len(cells) >= len(head) for cells in rows)
        return len(head) if filled >= NAMED * len(rows) else 1
    same = sum(len(cells) == width for cells in rows)
    told = not prose or like_classes([cells[-1] for cells in rows])
    return width if same >= CONSISTENT * len(rows) and told else 1


def _like_prose(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the delimiter is a mark of the texts: wherever it stands, a space follows, or it
    stands amid a number."""
    within = [line for line in lines if delimiter in line]
    quoted = any(f'{delimiter}"' in line or line.startswith('"') for line in within)
    mark = re.compile(rf"{re.escape(delimiter)}(?= )|(?<=\d){re.escape(delimiter)}(?=\d{{3}}\b)")
    marks = sum(len(mark.findall(line)) for line in within)
    return not quoted and marks >= CONSISTENT * sum(line.count(delimiter) for line in within)


def _well_quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotation marks stand at the cells' ends only, but for a last cell cut short."""
    try:
        for _ in csv.reader(lines[:-1], delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return True


def _leniently(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Cells of the rows, as well as it goes; line by line where one swallows all that follow."""
    try:
        rows = [cells for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:  # a cell without an end
        rows = []
    if len(rows) > 1 or len(lines) < 2:
        return rows
    return [line.rstrip("\n").split(delimiter) for line in lines if line.strip()]


def _records(
    lines: Iterator[str], delimiter: str, width: int
) -> Iterator[tuple[list[str] | None, str]]:
    """The cells of each record (none in an empty line; None where it is broken), and its start."""
    ahead: deque[str] = deque()
    between = f'"{delimiter}"'
    while line := (ahead.popleft() if ahead else next(lines, "")):
        line = line.rstrip("\n")
        if not line.strip():
            yield [], line
        elif '"' not in line:
            yield line.split(delimiter), line
        elif line[0] == line[-1] == '"' and line.count('"') == 2 + 2 * line.count(between):
            yield line[1:-1].split(between), line  # every cell in marks, and none within
        else:
            cells = (
                _parsed(line, delimiter)
                or _escaped(line, delimiter, width)
                or _joined(line, lines, ahead, delimiter, width)
            )
            if cells is None and delimiter in UNQUOTED and line.count(delimiter) == width - 1:
                cells = line.split(delimiter)  # nobody had to quote: the marks are the text's own
            yield cells, line


def _parsed(record: str, delimiter: str, escape: str | None = None) -> list[str] | None:
    if len(record) > MAX_CELL:
        return None
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True, escapechar=escape))
    except csv.Error:
        return None


def _escaped(record: str, delimiter: str, width: int) -> list[str] | None:
    """The cells of a record in which marks are written as databases do it; it must have as many
    as the others."""
    cells = _parsed(record, delimiter, "\\") if '\\"' in record else None
    return cells if cells is not None and len(cells) == width else None


def _joined(
    line: str, lines: Iterator[str], ahead: deque[str], delimiter: str, width: int
) -> list[str] | None:
    """The record that begins with ``line``, whose quoted cell goes on below.

    It must have as many cells as the others, and in tables that are divided by tabs, where few
    people quote, some line of it fewer; else the lines below are records of their own, and are
    put back into ``ahead``.
    """
    taken = [line]
    marks, size = line.count('"'), len(line)
    while marks % 2 and len(taken) < MAX_JOINED and size < MAX_CELL:
        below = ahead.popleft() if ahead else next(lines, "")
        if not below:
            break
        taken.append(below.rstrip("\n"))
        marks, size = marks + below.count('"'), size + len(below)
    record = "\n".join(taken)
    whole = not marks % 2 and len(taken) > 1
    cells = (_parsed(record, delimiter) or _escaped(record, delimiter, width)) if whole else None
    if (
        cells is not None
        and len(cells) == width
        and not (delimiter == "\t" and all(each.count("\t") == width - 1 for each in taken))
    ):
        return cells
    ahead.extendleft(f"{below}\n" for below in reversed(taken[1:]))
    return None
