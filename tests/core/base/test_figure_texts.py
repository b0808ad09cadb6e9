"""Tests of how figures are written."""

import pytest

from transfergui.core.base import figure_texts, i18n
from transfergui.core.data import targets


def test_large_numbers_keep_what_stands_before_the_point() -> None:
    assert [figure_texts.figure_text(value) for value in (543210.4, 12.3456, 1e-7)] == [
        "543210",
        "12.35",
        "1e-07",
    ]
    assert [targets.cell_text(value) for value in (1700000003.811, 0.12345678)] == [
        "1700000004",
        "0.123457",
    ]


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (-4.5741, 3.2, "-4.6"),
        (-4.5741, 15.3, "-5"),
        (4.5741, 153.0, "0"),
        (-1.2, 153.0, "0"),
        (1234.56, 153.0, "1230"),
        (0.123456, 0.0098, "0.1235"),
        (7.0, 0.5, "7.00"),
        (12.345678, None, "12.35"),
        (12.345678, 0.0, "12.35"),
        (1.5e-9, 1e-9, "1.5e-09"),
    ],
)
def test_a_predicted_number_has_the_digits_that_its_error_carries(
    value: float, error: float | None, text: str
) -> None:
    assert figure_texts.rounded_text(value, error) == text


@pytest.mark.parametrize(("language", "said"), [("en", "85.3 %"), ("zh_CN", "85.3%")])
def test_per_cent_is_written_as_in_the_language(language: str, said: str) -> None:
    i18n.use_language(language)
    try:
        assert figure_texts.percent(0.853) == said
        assert "85.3" + figure_texts.suffix("%") == said
        assert figure_texts.suffix("px") == " px"
        assert figure_texts.suffix("") == ""
    finally:
        i18n.use_language("en")


def test_halves_of_per_cent_go_up() -> None:
    """Of 40: 23 and 21 differ by five points, whichever way they are written."""
    said = [figure_texts.percent(hits / 40, 0) for hits in (23, 21, 19, 17, 40, 0)]
    assert said == ["58 %", "53 %", "48 %", "43 %", "100 %", "0 %"]
    assert figure_texts.hundredths(-0.525) == "-53"
    assert figure_texts.hundredths(0.0725, 1) == "7.3"


def test_the_ends_of_an_interval_are_told_apart() -> None:
    assert figure_texts.share_ends(0.912, 0.949) == ("91", "95")
    assert figure_texts.share_ends(0.9713, 0.9731) == ("97.1", "97.3")
    assert figure_texts.share_ends(0.97128, 0.97131) == ("97.128", "97.131")
    assert figure_texts.share_ends(0.9, 0.9) == ("90", "90")
