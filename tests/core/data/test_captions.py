"""What samples are called."""

import pytest

from transfergui.core.data.captions import caption, clock, short_caption


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("beetle.png", "beetle.png"),
        ("talks/long.wav#72000", "talks/long.wav, from 1:12"),
        ("long.flac#500", "long.flac, from 0:00.5"),
        ("Reviews.CSV#17", "row 17 of Reviews.CSV"),
        ("no extension#17", "no extension#17"),
        ("talk##72000", "talk, from 1:12"),
        ("tea.cup#1", "tea.cup#1"),
        ("photo.jpg#2", "photo.jpg#2"),
        ("caf\udce9.wav#0", "caf\\udce9.wav, from 0:00"),
    ],
)
def test_a_part_of_a_file_is_named_in_words(path: str, words: str) -> None:
    assert caption(path) == words


def test_where_there_is_little_room_a_row_is_its_number() -> None:
    assert short_caption("data/reviews.csv#17") == "row 17"
    assert short_caption("data/reviews.xlsx#17") == "row 17"
    assert caption("train.txt#17") == "row 17 of train.txt"
    assert short_caption("data/long.wav#500") == "long.wav, from 0:00.5"


def test_moments_are_never_sixty_seconds() -> None:
    assert clock(59.96) == "1:00"
    assert clock(3600) == "60:00"
