"""Numbers as people write them in cells: ``3,5 kg``, ``1.234,50``, ``€ 12``, ``1 200``."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SIGNS = (".", ",")
"""What may begin the decimals; the other one then stands between thousands."""
CELL = re.compile(
    r"(?P<before>[^\d.,+\-\u2212]*)(?P<number>[+\-\u2212]?[\d.,'\u2019 \u00a0\u2009\u202f]*\d[.,]?"
    r"(?:[eE][+\-]?\d{1,3})?)(?P<after>[^\d]*)"
)
SPACES = re.compile("[ \u00a0\u2009\u202f'\u2019]")
"""What stands between thousands beside the two signs."""
SPACED = re.compile(
    r"[+-]?S*(?:[1-9]\d{0,2}(?:S\d{3})+|[1-9]\d?(?:S\d\d)+S\d{3}|[\d.,]+)"
    r"(?:[.,](?:\d{3}S)*\d*)?(?:[eE][+-]?\d+)?".replace("S", SPACES.pattern)
)
"""A number with spaces only where they divide thousands: ``1 2.4`` is a slip."""
GROUPED = re.compile(r"[1-9]\d{0,2}(?:S\d{3})+|[1-9]\d?(?:S\d\d)+S\d{3}|\d+")
"""Thousands, also as they are grouped in India: ``12,34,567``."""
CURRENCY = re.compile(r"[A-Z]{0,3}|[^\w\s]{0,3}")
"""What may stand before a number; a word would make it a running number: ``patient 12``."""
LARGEST = 1e30
"""As :data:`transfergui.core.base.records.LARGEST`: networks compute in float32."""
LONGEST_UNIT = 20
"""Characters; more are a remark."""
MOST_SHARE = 0.9
"""Of the filled cells of a column of numbers, so many must be numbers."""
MOST_UNITS = 0.5
"""Of the numbers of a column, so many must carry a unit for it to be that of all."""
IN_BRACKETS = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]\d]{1,20})[)\]]\s*")


class Written(NamedTuple):
    """How the numbers of a column are written.

    Attributes:
        decimal: the sign that begins the decimals.
        unit: empty for none.
        strays: whether only a few cells carry a unit, which is a slip or a remark there.
    """

    decimal: str = "."
    unit: str = ""
    strays: bool = False

    def value(self, cell: str) -> float | None:
        """The number in a cell; None where it is none, or beyond :data:`LARGEST`."""
        found = self._any_value(cell)
        return None if found is None or abs(found) > LARGEST else found

    def is_too_large(self, cell: str) -> bool:
        """Whether a cell holds a number beyond :data:`LARGEST`."""
        found = self._any_value(cell)
        return found is not None and abs(found) > LARGEST

    def _any_value(self, cell: str) -> float | None:
        found = _parts(cell)
        return None if found is None else _value(found[0], self.decimal)

    def other_unit(self, cell: str) -> str:
        """The unit of a cell where it is another one, or none is expected; empty where it is
        not."""
        found = _parts(cell)
        unit = found[1] if found else ""
        return unit if unit.casefold() != self.unit.casefold() else ""

    def is_other_decimal(self, cell: str) -> bool:
        """Whether a cell is a number only with the other sign of decimals."""
        other = next(sign for sign in SIGNS if sign != self.decimal)
        return (
            self._any_value(cell) is None and self._replace(decimal=other).value(cell) is not None
        )


def written(cells: Iterable[str], decimal: str = "", unit: str = "", name: str = "") -> Written:
    """How most cells of a column are written.

    Args:
        decimal, unit: as the user said; empty to find out.
        name: of the column, which may say the unit: ``weight (kg)``.
    """
    found = [parts for cell in cells if (parts := _parts(cell)) is not None]
    units = Counter(said for _number, said in found if said)
    mostly = units.total() >= MOST_UNITS * len(found)
    common = units.most_common(1)[0][0] if units and mostly else ""
    headed = IN_BRACKETS.fullmatch(name)
    own = unit or common or (headed["unit"].strip() if headed else "")
    sign = decimal or decimal_sign([number for number, _unit in found])
    return Written(sign, own, strays=not mostly and bool(units))


def decimal_sign(numbers: Sequence[str]) -> str:
    """The sign that begins the decimals in most of the numbers that tell; a point where none does.

    ``1.234,5`` tells, and so do ``3,5`` and ``0,125``; ``1,234`` alone does not: three digits are
    thousands behind a comma, and decimals behind a point.
    """
    votes = Counter(sign for number in numbers if (sign := _tells(number)))
    return max(SIGNS, key=lambda sign: (votes[sign], sign == "."))


def unclear(cells: Iterable[str]) -> str:
    """A number that may be read in two ways, as ``1.234``, where none of a column tells which one
    is meant; empty where it is clear."""
    found = [parts[0] for cell in cells if (parts := _parts(cell)) is not None]
    told = any(map(_tells, found))
    return "" if told else next((n for n in found if any(sign in n for sign in SIGNS)), "")


def is_numeric(cells: Sequence[str], share: float = MOST_SHARE) -> bool:
    """Whether nearly all cells of a column are numbers, with or without a unit.

    Args:
        share: of the cells.
    """
    how = written(cells)
    known = sum(how.value(cell) is not None or how.is_too_large(cell) for cell in cells)
    return bool(cells) and known >= share * len(cells)


def column_name(name: str) -> str:
    """A column's name without the unit in it: ``weight`` of ``weight (kg)``."""
    found = IN_BRACKETS.fullmatch(name)
    return found["name"] if found else name


def _parts(cell: str) -> tuple[str, str] | None:
    """The number in a cell, and the unit before or behind it."""
    found = CELL.fullmatch(cell.strip())
    if found is None:
        return None
    before, after = found["before"].strip(), found["after"].strip()
    if (before and after) or len(after) > LONGEST_UNIT or not CURRENCY.fullmatch(before):
        return None
    number = found["number"].replace("\u2212", "-").strip()
    if SPACES.search(number) and not SPACED.fullmatch(number):
        return None
    return SPACES.sub("", number), before or after


def _tells(number: str) -> str:
    """The sign of decimals that a number shows; empty where it may be either."""
    point, comma = number.rfind("."), number.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    sign = "." if point >= 0 else ","
    if sign not in number:
        return ""
    if number.count(sign) > 1:
        return "," if sign == "." else "."
    whole, decimals = number.lstrip("+-").split(sign)
    if len(decimals) != 3 or not 1 <= len(whole) <= 3 or whole == "0":
        return sign
    return ""


def _value(number: str, decimal: str) -> float | None:
    thousands = "," if decimal == "." else "."
    mantissa, mark, exponent = number.partition("e" if "e" in number else "E")
    whole, _sign, decimals = mantissa.partition(decimal)
    digits = whole.lstrip("+-")
    if digits and not re.fullmatch(GROUPED.pattern.replace("S", re.escape(thousands)), digits):
        return None
    if decimals and not decimals.isdecimal():
        return None
    plain = f"{whole.replace(thousands, '') or '0'}.{decimals or '0'}{mark}{exponent}"
    try:
        value = float(plain)
    except ValueError:
        return None
    return None if math.isnan(value) else value
