"""From the bytes of a file to its table, whatever kind it is.

Only Python's own library is used, and openpyxl: the ``predict.py`` of an exported model carries
the files of this package, so that it reads what the program reads; the program itself reads tables
through :mod:`transfergui.core.reading.tables.table_files`.

A row is known by its number, as a spreadsheet counts: a header is row 1, and a quoted cell may
go on for several lines. In JSON lines it is the number of the line, in other JSON that of the
entry. What is wrong with a row spoils none of its neighbours: a quotation mark that is never
closed would otherwise swallow the rest of the file.
"""

import itertools
import re

from transfergui.core.base.encodings import encoding_of
from transfergui.core.reading.parsing.delimited import cells_table
from transfergui.core.reading.parsing.json_trees import JSON_ENDINGS, json_object, json_table
from transfergui.core.reading.parsing.lines import (
    PROBE,
    SPACED_ENDINGS,
    fasttext_table,
    is_counted,
    is_fasttext,
    is_marked,
    is_spaced,
    lines_of,
    marked_table,
    spaced_table,
)
from transfergui.core.reading.parsing.refusals import NoTable
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.parsing.workbooks import WORKBOOK_ENDINGS, workbook_table

PROBED = 1 << 20
"""Bytes that are looked at to find the encoding."""

BINARY, FEW_UNSEEN = 0.1, 20
"""The share of characters that no text has from which on a file is no text; and their number."""

UNSEEN = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")

ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
"""How workbooks begin: of Excel since 2007, and of those before it (and of protected ones)."""

WEB_PAGE = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|head)\b", re.I)

FOREIGN = {".xls": "tables.old_excel", ".ods": "tables.open_document"}
"""Endings of tables that are not read, whatever is in them: web pages too are saved as .xls."""


def parse(name: str, data: bytes, encoding: str = "auto") -> Table:
    """The table that ``data`` hold.

    Args:
        name: of the file; its ending tells what cannot be told from ``data``.
        encoding: a name that Python knows, or ``auto``.

    Raises:
        NoTable: the file is something else.
        ImportError: it is a workbook, and openpyxl is not installed.
    """
    ending = name[name.rfind(".") :].lower().rstrip(" .")
    if data.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise NoTable("tables.protected" if protected else "tables.old_excel")
    if data.startswith(ZIP) or ending in WORKBOOK_ENDINGS:
        return workbook_table(data)
    if ending in FOREIGN:
        raise NoTable(FOREIGN[ending])
    if encoding == "auto":
        encoding = found_encoding(data)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    head = text[:4096]
    if len(UNSEEN.findall(head)) > max(FEW_UNSEEN, BINARY * len(head)):
        raise NoTable("tables.binary")
    if WEB_PAGE.match(head):
        raise NoTable("tables.web_page")
    lines = list(itertools.islice(lines_of(text), PROBE))
    if ending in JSON_ENDINGS or (lines and lines[0][:1] == "{" and json_object(lines[0])):
        return json_table(text, encoding)
    if is_fasttext(lines):
        return fasttext_table(text, encoding)
    if ending == ".txt" and is_marked(lines):
        return marked_table(text, encoding)
    if ending in SPACED_ENDINGS and (is_counted(lines) or is_spaced(lines)):
        return spaced_table(text, encoding, is_counted(lines))
    return cells_table(text, encoding, ending)


def found_encoding(data: bytes) -> str:
    """How ``data`` are written: by their beginning, or, where that is plain ASCII, by the place
    where they first are not."""
    head = data[:PROBED]
    if head.isascii() and b"\0" not in head and len(data) > PROBED:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            head = data[max(0, error.start - 1) : error.start + PROBED]
    found = encoding_of(head)
    return {"utf-8-sig": "utf-8", "latin-1": "cp1252"}.get(found, found)
