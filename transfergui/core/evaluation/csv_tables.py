"""Tables of texts as CSV files that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from transfergui.core.base import cells, files
from transfergui.core.base.errors import UserError


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows, the titles first, in UTF-8; undecodable bytes of a name become ``\\\\udcXX``, and
    no cell is run as a formula.

    Raises:
        UserError: ``export.not_writable``.
    """
    text = "".join(cells.line(map(cells.safe, row)) for row in rows)
    try:
        files.write_output(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None
