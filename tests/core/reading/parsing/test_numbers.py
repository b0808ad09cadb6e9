"""Numbers in cells: decimal commas, thousands, units."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.reading.parsing import numbers
from transfergui.core.reading.parsing.numbers import Written

COLUMNS = [
    (["3,5 kg", "1.234,50 kg", "12 kg"], Written(",", "kg"), [3.5, 1234.5, 12.0]),
    (["1,234", "5,678"], Written("."), [1234.0, 5678.0]),
    (["1.234", "2.5"], Written("."), [1.234, 2.5]),
    (["1,234.5", "12"], Written("."), [1234.5, 12.0]),
    (["€ 12", "€ 3.50"], Written(".", "€"), [12.0, 3.5]),
    (["1 200", "13"], Written("."), [1200.0, 13.0]),
    (["-3", "+4", "\N{MINUS SIGN}5"], Written("."), [-3.0, 4.0, -5.0]),
    (["45%", "50 %"], Written(".", "%"), [45.0, 50.0]),
    (["0,125", "7"], Written(","), [0.125, 7.0]),
    (["1e3", "2E-2"], Written("."), [1000.0, 0.02]),
    (["1,234,567"], Written("."), [1234567.0]),
    (["abc", "nan", "5;6", "3 - 4", "2024-05-01", ""], Written("."), [None] * 6),
]


@pytest.mark.parametrize(("cells", "how", "values"), COLUMNS)
def test_a_column_of_numbers(cells: list[str], how: Written, values: list[float | None]) -> None:
    assert numbers.written(cells) == how
    assert [how.value(cell) for cell in cells] == values


def test_what_the_user_says_of_numbers_counts() -> None:
    said = numbers.written(["1,234", "5,678"], decimal=",", unit="m")
    assert (said, said.value("1,234")) == (Written(",", "m"), 1.234)


def test_a_unit_stands_in_the_name_of_the_column() -> None:
    assert numbers.written(["3", "4"], name="weight (kg)").unit == "kg"
    assert numbers.written(["3 g", "4 g"], name="weight (kg)").unit == "g"
    assert numbers.column_name("weight [kg]") == "weight"


def test_another_unit_is_told() -> None:
    assert Written(".", "kg").other_unit("300 g") == "g"
    assert Written(".", "kg").other_unit("3") == ""
    assert Written(".", "kg").other_unit("3 KG") == ""


def test_running_numbers_with_a_word_are_no_numbers() -> None:
    assert not numbers.is_numeric(["patient 1", "patient 2"])
    assert numbers.is_numeric(["1", "2", "3,5"])


@given(st.lists(st.floats(-1e12, 1e12).map(lambda v: round(v, 4)), min_size=1, max_size=9))
def test_numbers_are_read_as_germans_write_them(values: list[float]) -> None:
    cells = [f"{value:,.4f}".translate(str.maketrans(",.", ".,")) for value in values]
    how = numbers.written(cells)
    assert how.decimal == ","
    read = [how.value(cell) for cell in cells]
    assert all(math.isclose(a or 0, b, abs_tol=1e-4) for a, b in zip(read, values, strict=True))


def test_the_unit_of_a_few_cells_is_not_that_of_the_column() -> None:
    plain = ["3.1", "4", "5"]
    slip = numbers.written([*plain, "12.4O"], name="length (mm)")
    assert (slip.unit, slip.other_unit("12.4O"), slip.other_unit("3.1 mm")) == ("mm", "O", "")
    bare = numbers.written([*plain, "12.4 mm"], name="length")
    assert (bare.unit, bare.other_unit("12.4 mm")) == ("", "mm")
    assert numbers.written(["3", "4 kg", "5 kg"]).unit == "kg"


@pytest.mark.parametrize("cell", ["1 2.4", "1 2", "12 .4", "1 23 45"])
def test_a_space_within_a_number_that_divides_no_thousands_is_a_slip(cell: str) -> None:
    assert Written().value(cell) is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1 200.5", 1200.5), ("12 34 567", 1234567.0), ("- 5", -5.0), ("0.123 456", 0.123456)],
)
def test_spaces_between_thousands_are_read(cell: str, value: float) -> None:
    assert Written().value(cell) == value


def test_a_number_with_the_other_sign_of_decimals_is_told() -> None:
    assert Written(".").is_other_decimal("12,4")
    assert Written(",").is_other_decimal("12.4")
    assert not Written(".").is_other_decimal("12.4")
    assert not Written(".").is_other_decimal("approx 12")
