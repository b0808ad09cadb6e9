"""Workbooks as people keep them, for every test that reads one."""

from pathlib import Path
from typing import Any

import openpyxl


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook with these sheets, by their titles, and their rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
