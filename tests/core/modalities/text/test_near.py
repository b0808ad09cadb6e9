"""Texts that are nearly the same."""

import pytest

from transfergui.core.modalities.text import near

LONG = (
    "My parcel did not arrive although the shop wrote on Monday that it had been sent, and nobody "
    "answers the telephone there. Please tell me where it is now."
)


@pytest.mark.parametrize(
    "other",
    [
        LONG.upper().replace(".", "!!"),
        f"FWD: {LONG}\n\nSent from my telephone",
        LONG.replace("Monday", "Tuesday"),
        LONG.replace("shop", "store"),
    ],
)
def test_forwarded_signed_and_slightly_changed_texts_are_found(other: str) -> None:
    assert near.pairs(["Something else.", LONG, "Quite another text of a few words.", other]) == [
        (1, 3)
    ]


def test_chinese_that_differs_in_its_signs() -> None:
    assert near.pairs(["送餐很快，味道不错。", "味道太咸", "送餐很快 味道不错！！"]) == [(0, 2)]


@pytest.mark.parametrize(
    "texts",
    [
        ["", " ", "!!"],
        ["It is good", "It is bad"],
        [f"Dear all of the insurance office, I write to you about my claim. {LONG.split()[n]} {n} "
         f"{n + 1} {n + 2} {n + 3} {n + 4} {n + 5} was broken in the night." for n in range(20)],
    ],
)  # fmt: skip
def test_greetings_and_short_texts_are_no_copies(texts: list[str]) -> None:
    assert near.pairs(texts) == []
