"""Terms: each is explained in two sentences, and the keyboard reaches the explanation."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from transfergui.core.base.notes import Note
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.parts.term_label import TERMS, TermLabel


def test_every_term_has_two_short_sentences_at_most() -> None:
    for key, (title, text) in TERMS.items():
        assert title
        assert text.endswith("."), key
        assert len(text) < 200, key
        assert text.count(". ") <= 1, key


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_F1])
def test_tab_reaches_a_term_and_a_key_explains_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    said: list[str] = []
    monkeypatch.setattr(TermLabel, "explain", lambda self: said.append(self.explanation))
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    term = TermLabel.term("overfitting")
    layout.addWidget(term)
    assert term.focusPolicy() & Qt.FocusPolicy.TabFocus
    window.show()
    QTest.keyClick(term, key)
    assert said == [term.explanation]


def test_jargon_in_a_sentence_is_explained_below_it(qtbot: QtBot):
    lines = NoteLines()
    qtbot.addWidget(lines)
    lines.fill([Note("rank.not_frozen", {"title": "TF-IDF"}), Note("check.nothing_found")])
    known = [label.text() for label in lines.findChildren(TermLabel)]
    assert known == ["Frozen", "Linear probe", "TF-IDF"]
