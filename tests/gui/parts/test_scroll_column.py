"""Scrolled widgets: as high as they like to be, and no lower than they must."""

import pytest
import shiboken6
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from transfergui.gui.parts.scroll_column import WHOLE, ScrollColumn, keep_seen


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Scrolled cards above a button, as in the left column."""
    cards = [QLabel("word " * 60, wordWrap=True) for _card in range(4)]
    window = QWidget()
    layout = QVBoxLayout(window)
    window.scrolled = ScrollColumn(cards, spacing=4, least=100, most=WHOLE)  # type: ignore[attr-defined]
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


def test_it_asks_for_a_part_and_takes_more_where_there_is_room(qtbot: QtBot) -> None:
    """Else a long list of choices takes the room of what stands beside it."""
    cards = [QLabel("word", minimumHeight=50) for _card in range(8)]
    scrolled = ScrollColumn(cards, spacing=0, least=100, most=150)
    qtbot.addWidget(scrolled)
    assert scrolled.sizeHint().height() == 150
    scrolled.resize(300, 1000)
    scrolled.show()
    qtbot.waitUntil(lambda: scrolled.maximumHeight() == 400)


def eight(qtbot: QtBot) -> tuple[list[QLabel], ScrollColumn]:
    """Cards, of which four are seen."""
    cards = [QLabel("word", minimumHeight=50) for _card in range(8)]
    scrolled = ScrollColumn(cards, spacing=0, least=100)
    qtbot.addWidget(scrolled)
    scrolled.resize(300, 200)
    scrolled.show()
    return cards, scrolled


def test_what_was_chosen_stays_seen_until_the_user_scrolls(qtbot: QtBot) -> None:
    cards, scrolled = eight(qtbot)

    def seen(card: QLabel) -> bool:
        return (
            scrolled.viewport()
            .rect()
            .contains(card.rect().translated(card.mapTo(scrolled.viewport(), QPoint())))
        )

    keep_seen(cards[6])
    qtbot.waitUntil(lambda: seen(cards[6]))
    scrolled.resize(300, 120)
    qtbot.waitUntil(lambda: seen(cards[6]))
    scrolled.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    scrolled.resize(300, 140)
    qtbot.wait(20)
    assert seen(cards[0])


def test_what_is_hidden_again_is_not_scrolled_to(qtbot: QtBot) -> None:
    """A message that was closed, say."""
    cards, scrolled = eight(qtbot)
    keep_seen(cards[7])
    cards[7].hide()
    qtbot.wait(20)
    assert scrolled.verticalScrollBar().value() == 0


def test_what_is_to_be_seen_may_be_gone(qtbot: QtBot, window: QWidget) -> None:
    card = window.scrolled.widget().findChildren(QLabel)[2]
    keep_seen(card)
    shiboken6.delete(card)
    QApplication.processEvents()  # nothing is reported as a bug
    window.resize(320, 180)
    qtbot.waitUntil(lambda: window.scrolled.verticalScrollBar().isVisible())
