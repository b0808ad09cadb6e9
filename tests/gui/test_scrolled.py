"""Scrolled widgets: as high as they like to be, and no lower than they must."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from transfergui.gui.widgets.scrolled import Scrolled


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Scrolled cards above a button, as in the left column."""
    cards = [QLabel("word " * 60, wordWrap=True) for _card in range(4)]
    window = QWidget()
    layout = QVBoxLayout(window)
    window.scrolled = Scrolled(cards, spacing=4, least=100)  # type: ignore[attr-defined]
    layout.addWidget(window.scrolled)  # type: ignore[attr-defined]
    window.button = QPushButton("Train")  # type: ignore[attr-defined]
    layout.addWidget(window.button)  # type: ignore[attr-defined]
    layout.addStretch()
    qtbot.addWidget(window)
    window.resize(300, 900)
    window.show()
    return window


def test_where_there_is_room_nothing_scrolls(qtbot: QtBot, window: QWidget) -> None:
    qtbot.waitUntil(lambda: not window.scrolled.verticalScrollBar().isVisible())
    cards = window.scrolled.widget().findChildren(QLabel)
    assert all(card.height() >= card.heightForWidth(card.width()) for card in cards)


def test_in_a_low_window_it_scrolls_and_the_button_is_seen(qtbot: QtBot, window: QWidget) -> None:
    window.resize(300, 180)
    qtbot.waitUntil(lambda: window.scrolled.verticalScrollBar().isVisible())
    assert window.scrolled.height() >= 100
    assert window.rect().contains(window.button.geometry())


def test_it_grows_with_what_is_in_it(qtbot: QtBot, window: QWidget) -> None:
    cards = window.scrolled.widget().findChildren(QLabel)
    for card in cards[1:]:
        card.hide()
    qtbot.waitUntil(lambda: window.scrolled.height() < 200)
    cards[1].show()
    qtbot.waitUntil(lambda: window.scrolled.height() >= 2 * cards[0].height())


def test_what_is_lower_than_that_has_no_gap_below(qtbot: QtBot, window: QWidget) -> None:
    for card in window.scrolled.widget().findChildren(QLabel):
        card.setText("word")
    qtbot.waitUntil(lambda: window.scrolled.height() < 100)
