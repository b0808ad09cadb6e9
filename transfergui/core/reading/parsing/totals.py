"""Rows that are no examples: titles above the header, and totals."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from transfergui.core.reading.parsing.cells import SHORT, is_number, like_header
from transfergui.core.reading.parsing.headings import PREAMBLE, names_columns
from transfergui.core.reading.parsing.table import SAMPLED, Table

FILLED = 0.8
"""The share of the columns in use that a row must fill to be the header, below titles."""
TOTAL_WORDS = (
    "total totals totale totali totales totaux totaal toplam sum sums summe summa somme suma soma "
    "subtotal gesamt gesamtsumme gesamtzahl gesamtergebnis zwischensumme endsumme insgesamt razem "
    "celkem итого всего сумма 合计 总计 總計 小计 合計 총계 합계 mean average averages mittelwert "
    "durchschnitt moyenne promedio gemiddelde średnia media среднее 平均 count anzahl nombre"
)
TOTAL = re.compile(
    rf"(grand|sub|general|overall)?[ -]?({'|'.join(TOTAL_WORDS.split())})( \w+)?\s*[:=]?", re.I
)
"""What a row that sums up the others begins with."""
TOTAL_LETTERS = frozenset(word[0] for word in (*TOTAL_WORDS.split(), "grand", "overall"))


def samples_only(table: Table, width: int) -> Table:
    """Without the rows above the header that hold a title, or nothing; and without totals."""
    heads = list(itertools.islice(table.rows.items(), PREAMBLE))
    filled = [[cell.strip() for cell in cells if cell.strip()] for _, cells in heads]
    for (number, _), cells in zip(heads[: _header_at(table, heads, width)], filled, strict=False):
        del table.rows[number]
        if cells:
            table.above.append((number, ", ".join(cells)))
    if width > 1:
        named = [number for number, cells in table.rows.items() if _called_total(cells)]
        used = _used_columns(table.rows.values()) if named else []
        sums = [number for number in named if _sums_up(table, number, used)]
        for number in sums:
            cells = table.rows.pop(number)
            table.totals.append((number, " ".join(filter(None, map(str.strip, cells)))))
    return table


def _used_columns(rows: Iterable[Sequence[str]]) -> list[int]:
    """The columns in which most rows have something."""
    rows = list(rows)
    filled = Counter(at for cells in rows for at, cell in enumerate(cells) if cell.strip())
    return [at for at, count in sorted(filled.items()) if 2 * count > len(rows)]


def _header_at(table: Table, heads: Sequence[tuple[int, Sequence[str]]], width: int) -> int:
    """How many of the first rows stand above the header: titles, which fill few of the columns.

    The header is the first row that fills most of those that are used below, if its cells may be
    names; a row of data is none.
    """
    if width < 2:
        return 0
    below = list(table.rows.values())
    used = _used_columns(below[:SAMPLED])
    for at, (_, cells) in enumerate(heads):
        row = [cell.strip() for cell in cells]
        filled = [cell for cell in row if cell]
        full = sum(bool(row[column : column + 1] and row[column]) for column in used)
        known = len(filled) > 1 and names_columns(filled)
        if len(filled) > 1 and used and (known or full >= FILLED * len(used)):
            return at if at and (known or _is_header(row, below[at + 1 :])) else 0
    return 0


def _is_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row below others may name the columns: none of its names comes again there."""
    filled = [cell for cell in row if cell]
    again = any(
        cell and any(cells[at : at + 1] == [cell] for cells in below[:SAMPLED])
        for at, cell in enumerate(row)
    )
    return not again and (like_header(filled) or like_header(filled[1:]))


def _called_total(cells: Sequence[str]) -> bool:
    """Whether the first cell with something in it is a word for a total."""
    first = next(filter(str.strip, cells), "").strip()
    likely = len(first) <= SHORT and first[:1].lower() in TOTAL_LETTERS
    return likely and TOTAL.fullmatch(first) is not None


def _sums_up(table: Table, number: int, used: Sequence[int]) -> bool:
    """Whether a row that begins with "total" is one: beside, it holds but numbers, and it has too
    few of them, or one where others have words."""
    row = [cell.strip() for cell in table.rows[number]]
    row += [""] * (max(used, default=0) + 1 - len(row))
    _word, *rest = (at for at, cell in enumerate(row) if cell)
    if not all(_is_amount(row[at]) for at in rest):
        return False
    empty = sum(not row[at] for at in used)
    return 2 * empty >= len(used) or any(at in used and _in_words(table, at) for at in rest)


def _is_amount(cell: str) -> bool:
    return is_number(re.sub(r"[%€$£\s]", "", cell).replace(",", "."))


def _in_words(table: Table, column: int) -> bool:
    """Whether most cells of a column are no numbers."""
    rows = itertools.islice(table.rows.values(), 1, SAMPLED)
    cells = [row[column] for row in rows if len(row) > column and row[column].strip()]
    return 2 * sum(map(is_number, cells)) < len(cells)
