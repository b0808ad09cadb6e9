"""Remarks in two languages, to be told apart."""

import csv
import unicodedata
from collections import Counter

import pytest

from transfergui.core.app.samples import catalogue as samples

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    path = samples.unpacked(samples.find("remarks"))
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_class_is_there_as_often_in_both_languages(rows: list[Row]) -> None:
    counts = Counter((row["label"], row["language"]) for row in rows)
    kinds = {"praise", "complaint", "question"}
    assert set(counts) == {(kind, language) for kind in kinds for language in LANGUAGES}
    assert set(counts.values()) == {50}


LANGUAGES = {"english": False, "chinese": True}


def test_every_sentence_is_in_its_language(rows: list[Row]) -> None:
    for row in rows:
        names = [unicodedata.name(character) for character in row["text"]]
        chinese = any(name.startswith("CJK UNIFIED") for name in names)
        latin = any(name.startswith("LATIN") for name in names)
        assert (chinese, latin) == (LANGUAGES[row["language"]], not LANGUAGES[row["language"]])


def test_sentences_are_short_whole_and_all_different(rows: list[Row]) -> None:
    texts = [row["text"] for row in rows]
    assert len(set(texts)) == len(texts) == 300
    assert all(8 <= len(text) <= 160 and text == text.strip() for text in texts)
    assert all(text[-1] in ".?!。？！" for text in texts)


def test_only_questions_ask(rows: list[Row]) -> None:
    """But for a few that complain by asking, which are not told by the mark alone."""
    asking = Counter(row["label"] for row in rows if row["text"][-1] in "?？")
    assert asking["question"] == 100
    assert asking["praise"] + asking["complaint"] <= 5
