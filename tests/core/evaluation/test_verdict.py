"""Which sentences come first: warnings, then what is good; the headline has no interval."""

from transfergui.core.base.notes import Note
from transfergui.core.evaluation.verdict import MOST, Verdict

SCORE = {"title": "Mean absolute error", "value": "3 kg", "low": "2 kg", "high": "4 kg"}
FIRST = Note("report.score_between", SCORE | {"n": 9, "noun": "pictures"})


def test_the_most_important_sentences_come_first() -> None:
    levels = ("info", "good", "info", "warning", "warning")
    notes = [Note("report.few", {"n": at}, level) for at, level in enumerate(levels)]
    found = Verdict.of([FIRST, *notes])
    assert [note.values["n"] for note in found.first] == [3, 4, 1]
    assert [note.values["n"] for note in found.more] == [0, 2]
    assert len(found.first) == MOST


def test_the_headline_is_short() -> None:
    headline = Verdict.of([FIRST]).headline
    assert "3 kg" in headline
    assert "4 kg" not in headline
    assert not headline.endswith(".")


def test_what_the_bars_show_is_not_said_first() -> None:
    interval = Note("report.interval", {"low": 1, "high": 2})
    found = Verdict.of([FIRST, interval])
    assert found.first == []
    assert found.more == [interval]
