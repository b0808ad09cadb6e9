"""The sheets of Excel workbooks."""

import datetime
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from transfergui.core.reading.parsing.cells import padded
from transfergui.core.reading.parsing.refusals import NoTable
from transfergui.core.reading.parsing.table import Table, likeliest_sheet
from transfergui.core.reading.parsing.totals import samples_only

WHOLE = rb'<mergeCell |<row [^>]*hidden="(?:1|true)"'
"""What the XML of a sheet holds that is only known once all of it is read."""

BOMB, HARMLESS = 100, 500_000_000
"""Unpacked bytes per packed byte that no workbook has; unless it has fewer bytes than this."""
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")


def workbook_table(data: bytes) -> Table:
    """The sheet of a workbook that looks most like a table of examples."""
    _require_workbook(data)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that are of no use here
        try:
            whole = _sheets_hold(data, WHOLE)  # told only to those who read all at once
            book = openpyxl.load_workbook(io.BytesIO(data), not whole, data_only=True)
            found = [(sheet, _sheet_rows(sheet)) for sheet in book.worksheets]
            hidden = {sheet.title for sheet, _ in found if sheet.sheet_state != "visible"}
            filled = {sheet.title: rows for sheet, rows in found if rows}
            unseen = {sheet.title: _hidden_rows(sheet, rows) for sheet, rows in found if whole}
            book.close()
        except Exception as error:  # the library raises nearly anything on damaged files
            raise NoTable("tables.not_a_workbook", error) from error
        unsolved = _unsolved(data, filled)
        sheets: dict[str, Table] = {}
        for title, rows in filled.items():
            table = _sheet_table(title, rows, title in hidden, unsolved[title])
            sheets[title] = replace(table, hidden_rows=unseen.get(title, 0))
    return likeliest_sheet(sheets) if sheets else Table("auto", {})


def _sheet_table(title: str, rows: dict[int, list[str]], hidden: bool, formulas: int) -> Table:
    width = max(map(len, rows.values()), default=0)
    table = Table(
        "auto",
        padded(rows, width),
        sheet=title,
        hidden=hidden,
        formulas=formulas,
        divided=width,
    )
    return samples_only(table, width)


def _hidden_rows(sheet: Any, rows: Iterable[int]) -> int:
    """How many rows are hidden, of those that hold something."""
    return sum(bool(sheet.row_dimensions[number].hidden) for number in rows)


def _require_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            kind = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    except Exception as error:  # as above
        raise NoTable("tables.not_a_workbook") from error
    if kind.startswith(OPEN_DOCUMENT):
        raise NoTable("tables.open_document")
    total = sum(member.file_size for member in members)
    if total > max(HARMLESS, BOMB * len(data)):
        raise NoTable("tables.not_a_workbook", f"{total / 1e9:.0f} GB")


def _sheet_rows(sheet: Any) -> dict[int, list[str]]:
    """The rows that are not empty, without empty cells at their ends.

    What stands in several rows that were merged is in each of them.
    """
    above: dict[tuple[int, int], Any] = {}
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # many programs write wrong ones
    else:
        for area in sheet.merged_cells.ranges:
            cell = sheet.cell(area.min_row, area.min_col)
            above |= {(row, area.min_col): cell for row in range(area.min_row, area.max_row + 1)}
    found = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_seen(above.get((number, at), cell)) for at, cell in enumerate(row, 1)]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found[number] = cells
    return found


def _seen(cell: Any) -> str:
    """What a person sees in a cell of a workbook."""
    value = cell.value
    if value is None or cell.data_type == "e":  # an error, such as #N/A
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime.datetime):
        day = value.time() == datetime.time()
        return value.date().isoformat() if day else value.isoformat(" ", "seconds")
    return str(value)


def _number(value: float, pattern: str) -> str:
    """A number without what computing added to it; with zeros in front and per cent if so shown."""
    if percent := re.fullmatch(r"0(?:\.(0+))?%", pattern):
        return f"{value:.{len(percent[1] or '')}%}"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value)).zfill(len(pattern) if set(pattern) == {"0"} else 0)
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _sheets_hold(data: bytes, pattern: bytes) -> bool:
    """Whether the XML of any sheet holds a pattern."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(pattern, archive.read(name)) for name in sheets)


def _unsolved(data: bytes, sheets: Mapping[str, Mapping[int, Sequence[str]]]) -> Counter[str]:
    """How many formulas of each sheet have no result: a program wrote them, and no spreadsheet
    opened them."""
    if not _sheets_hold(data, rb"<f[ >]"):
        return Counter()
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    found: Counter[str] = Counter()
    for title, rows in sheets.items():
        book[title].reset_dimensions()
        found[title] = sum(
            cell.data_type == "f" and not (rows.get(number, [])[at : at + 1] or [""])[0]
            for number, row in enumerate(book[title].iter_rows(), 1)
            for at, cell in enumerate(row)
        )
    book.close()
    return found
