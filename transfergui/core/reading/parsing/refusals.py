"""Why a file that is named like a table is none."""

from collections.abc import Mapping

REFUSED: Mapping[str, str] = {
    "tables.web_page": "it is a web page, not a table; download the file itself",
    "tables.not_a_workbook": "it is not an Excel workbook; save it again as .xlsx",
    "tables.protected": "it is protected with a password; save it without one",
    "tables.old_excel": "it is in the format of Excel before 2007; save it as .xlsx",
    "tables.open_document": "OpenDocument tables are not read; save it as .xlsx or .csv",
    "tables.binary": "it holds no text; save it as .csv or .xlsx",
    "tables.no_json": "it is no JSON that can be read",
    "tables.no_rows": "its JSON holds no list of examples",
}
"""Why a file is no table, by code."""


class NoTable(ValueError):  # noqa: N818 - it says what the file is not
    """A file that is named like a table but cannot be read as one.

    Attributes:
        code: one of :data:`REFUSED`.
        reason: what the library said that could not read it, if one said anything.
    """

    def __init__(self, code: str, reason: object = "") -> None:
        super().__init__(REFUSED[code] + (f" ({reason})" if reason else ""))
        self.code = code
        self.reason = str(reason)
