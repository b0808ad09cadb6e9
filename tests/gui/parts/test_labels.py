"""Sentences are broken where they must be, and copied as they are."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from transfergui.gui.parts.labels import BREAK, LONG, WrappedLabel, breakable

LONG_WORDS = [
    "2026-11-29_clothing_mobilenet_v2_1",
    "/home/somebody/pictures/2024/holidays.png",
    "w" * 50,
    "__init__" + "a" * 30 + "__",
    "e\u0301" * 20,
]


@pytest.mark.parametrize("word", LONG_WORDS)
def test_long_words_can_be_broken_and_stay_the_same(word: str) -> None:
    broken = breakable(word)
    assert broken.replace(BREAK, "") == word
    assert max(map(len, broken.split(BREAK))) <= LONG + 3
    assert f"{BREAK}\u0301" not in broken


def test_short_words_are_left_alone() -> None:
    assert breakable("It is in a.b/c-d_e, say.") == "It is in a.b/c-d_e, say."


@pytest.mark.parametrize("word", LONG_WORDS)
def test_a_long_word_needs_no_more_than_its_room(qtbot: QtBot, word: str) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setText(f"The training “{word}” was interrupted.")
    assert word in label.text()
    box = label.fontMetrics().boundingRect(
        0, 0, 200, 1000, Qt.TextFlag.TextWordWrap, QLabel.text(label)
    )
    assert box.width() <= 200


def test_what_is_copied_is_what_was_said(qtbot: QtBot) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setText(LONG_WORDS[1])
    label.show()
    label.setSelection(0, len(QLabel.text(label)))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == LONG_WORDS[1]
