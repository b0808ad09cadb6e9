"""Why a file that is named like a table is none."""

from collections.abc import Mapping

from transfergui.core.base.sentences.marking import N_

REFUSED: Mapping[str, str] = {
    "tables.web_page": N_("a web page, not a table: download the file itself"),
    "tables.not_a_workbook": N_("not an Excel workbook: save the table again as .xlsx"),
    "tables.protected": N_("protected with a password: save the table without one"),
    "tables.old_excel": N_("in the format of Excel before 2007: save the table as .xlsx"),
    "tables.open_document": N_("an OpenDocument table: save the table as .xlsx or .csv"),
    "tables.binary": N_("contains no text: save the table as .csv or .xlsx"),
    "tables.no_json": N_("JSON that cannot be read"),
    "tables.no_rows": N_("JSON without a list of examples"),
    "tables.of_boxes": N_("boxes of pictures: open the folder that holds the pictures, too"),
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
