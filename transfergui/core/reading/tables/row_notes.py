"""What is to be said of the rows of a table: counted by reason, with the first example."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from transfergui.core.data.captions import row_name
from transfergui.core.data.dataset import Problem
from transfergui.core.reading.parsing.table import Table

EXCERPT = 60
"""Characters of a row that are shown as an example of what is wrong with it."""

BROKEN = "tables.broken_letters"


class RowProblems:
    """Counts rows per reason, and remembers the first of each.

    Args:
        name: of the table, as problems name it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._first: dict[str, dict[str, Any]] = {}
        self._counts: Counter[str] = Counter()
        self._noted: set[str] = set()

    def count(
        self, code: str, number: int, example: str, left_out: bool = True, **values: str
    ) -> None:
        """One more row, with this number, that ``code`` is true of; the sentence of the first one
        has more ``values``."""
        row = row_name(self._name, number)
        self._first.setdefault(code, {"row": row, "value": example[:EXCERPT], **values})
        self._counts[code] += 1
        if not left_out:
            self._noted.add(code)

    def problems(self) -> list[Problem]:
        """One for each reason, in the order met."""
        return [
            Problem(
                code, {"count": count, **first}, path=self._name, left_out=code not in self._noted
            )
            for code, first in self._first.items()
            if (count := self._counts[code])
        ]


def count_unread(table: Table, header: bool, reasons: RowProblems) -> None:
    """Count the rows of a table that are none of its examples.

    Args:
        header: whether the first row names the columns.
    """
    for number, line in table.above:
        reasons.count("rows.above", number, line, left_out=False)
    for number, line in table.broken:
        reasons.count("rows.broken", number, line)
    for number, line in table.totals:
        reasons.count("rows.total", number, line)
    if header and table.keys is None:
        for number in itertools.islice(table.headers(), 1, None):
            reasons.count("rows.header_repeated", number, ", ".join(table.first), left_out=False)


def notes(table: Table, name: str) -> Iterator[Problem]:
    """What is to be said of a workbook as a whole: other sheets, formulas without results."""
    if table.other_sheets:
        others = ", ".join(table.other_sheets)
        used = ", ".join(table.parts)
        values = {"sheet": used, "count": len(table.other_sheets), "others": others}
        yield Problem("tables.other_sheets", values, path=name, left_out=False)
    if table.hidden_rows:
        yield Problem("tables.hidden_rows", {"count": table.hidden_rows}, path=name, left_out=False)
    if table.formulas:
        yield Problem("tables.formulas", {"count": table.formulas}, path=name, left_out=False)
    if table.unread:
        values = {"count": len(table.unread), "row": table.unread[0], "encoding": table.encoding}
        yield Problem(BROKEN, values, path=name, left_out=False)
