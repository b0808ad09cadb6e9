"""Where things are in the window: nothing squeezed, cut, covered or pushed."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import open_data
from transfergui.core import registry
from transfergui.gui import tasks
from transfergui.gui.main_window import COLUMN, MainWindow
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.widgets.class_bars import ClassBars

SIZES = [(1280, 760), (1024, 700)]


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, pictures: Path) -> MainWindow:
    open_data(qtbot, window.session, pictures)
    return window


def whole(widget: QWidget) -> bool:
    """Whether nothing of a widget is cut or covered."""
    return widget.visibleRegion().boundingRect() == widget.rect()


def training(window: MainWindow) -> TrainingPanel:
    panel = window.cards["training"].panel
    assert isinstance(panel, TrainingPanel)
    return panel


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1920, 1080)])
def test_the_column_scrolls_as_one_and_train_is_always_seen(
    qtbot: QtBot, opened: MainWindow, width: int, height: int
) -> None:
    opened.resize(width, height)
    panel = training(opened)
    for button in (panel.strategies.more, panel.more, opened.cards["dataset"]._fold):
        button.click()
        assert tasks.wait_all()
        qtbot.wait(20)
        for card in opened.cards.values():
            assert card.width() == COLUMN
            assert card.height() >= card.minimumSizeHint().height()
        assert whole(panel.button) and whole(panel.outlook)
    assert not opened.column.isAncestorOf(panel.button)
    assert not opened.column.widget().findChildren(QScrollArea)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_of_an_opened_list_of_strategies_all_is_seen(
    qtbot: QtBot, opened: MainWindow, width: int, height: int
) -> None:
    """Four of twelve were seen, and "9 more strategies" was cut in half."""
    opened.resize(width, height)
    strategies = training(opened).strategies
    qtbot.waitUntil(lambda: whole(strategies.more))
    strategies.more.click()
    cards = list(strategies.cards.values())
    assert len(cards) == len(registry.STRATEGIES)
    qtbot.waitUntil(lambda: all(map(whole, (*cards, strategies.more))))


def test_all_options_begin_at_the_top(qtbot: QtBot, opened: MainWindow) -> None:
    opened.resize(1024, 700)
    panel = training(opened)
    panel.more.click()
    qtbot.waitUntil(lambda: whole(panel.more) and whole(panel.advanced.explain))


def test_the_classes_are_listed_once(opened: MainWindow) -> None:
    lists = [bars for bars in opened.findChildren(ClassBars) if bars.isVisible()]
    assert [bars.model().rowCount() for bars in lists] == [2]
