"""Where things are in the window: nothing squeezed, cut, covered or pushed."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import open_data
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.samples import Preview
from transfergui.core.runs.events import Notice, Tried
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.gui.base import style, tasks
from transfergui.gui.panels import STAGES
from transfergui.gui.panels.backbone import BackbonePanel
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.samples.class_bars import ClassBars
from transfergui.gui.shell.main_window import COLUMN, MainWindow
from transfergui.gui.tables.prediction_table import ANSWER, EARLIER, NOTE, PICTURE, PredictionRow

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
    cards = [strategies.cards[row.key] for row in registry.STRATEGIES if not row.needs]
    qtbot.waitUntil(lambda: all(map(whole, (*cards, strategies.needed, strategies.more))))


def test_all_options_begin_at_the_top(qtbot: QtBot, opened: MainWindow) -> None:
    opened.resize(1024, 700)
    panel = training(opened)
    panel.more.click()
    qtbot.waitUntil(lambda: whole(panel.more) and whole(panel.advanced.explain))


def test_the_classes_are_listed_once(opened: MainWindow) -> None:
    lists = [bars for bars in opened.findChildren(ClassBars) if bars.isVisible()]
    assert [bars.model().rowCount() for bars in lists] == [2]


def read_whole(bar: MessageBar) -> bool:
    """Whether all of a message is seen."""
    text = bar.text
    return whole(bar) and whole(text) and text.heightForWidth(text.width()) <= text.height()


def places(page: QWidget) -> dict[QWidget, QRect]:
    """Where the parts of a page are that are seen, but for its messages."""
    bars = page.findChildren(MessageBar)
    over = {bar.parentWidget() for bar in bars}
    said = [part for bar in bars for part in (bar, *bar.findChildren(QWidget))]
    return {
        part: QRect(part.mapTo(page.window(), QPoint()), part.size())
        for part in page.findChildren(QWidget)
        if part.isVisible() and part not in said and part not in over
    }


@pytest.mark.parametrize("key", [row.key for row in STAGES])
def test_a_message_on_a_page_moves_nothing(qtbot: QtBot, opened: MainWindow, key: str) -> None:
    opened.resize(1024, 700)
    opened.stage.show_stage(key)
    stage = opened.stage.widget_of(key)
    assert tasks.wait_all()
    qtbot.wait(20)
    bars, before = stage.findChildren(MessageBar), places(stage)
    assert bars
    for text in ("Saved.", "The file cannot be written: there is no room. " * 5):
        for bar in bars:
            bar.show_message(text, "error", "Try again")
            qtbot.waitUntil(lambda bar=bar: read_whole(bar))
            assert places(stage) == before
    for bar in bars:
        bar.clear()
        qtbot.wait(20)
        assert places(stage) == before


def test_a_short_message_covers_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    opened.resize(1024, 700)
    opened.stage.show_stage("predict")
    stage = opened.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    stage.bar.show_message("Saved as answers.csv.", "info", "Show in folder")
    qtbot.waitUntil(lambda: read_whole(stage.bar))
    assert whole(stage._pages)


def test_the_message_of_a_card_moves_no_card(qtbot: QtBot, opened: MainWindow) -> None:
    opened.resize(1280, 760)
    assert tasks.wait_all()
    qtbot.wait(50)
    before = places(opened.column.widget())
    for card in opened.cards.values():
        card.bar.show_message("The folder cannot be opened: it is not there. " * 3, "error")
        qtbot.waitUntil(lambda card=card: read_whole(card.bar))
        assert places(opened.column.widget()) == before
    assert whole(training(opened).button)


def test_the_captions_of_errors_are_seen_on_a_small_screen(
    qtbot: QtBot, opened: MainWindow
) -> None:
    """1280x800 without its title bar, under as much as is said of a result."""
    opened.resize(1280, 760)
    session = opened.session
    session.change(session.recipe.replace(split__test_percent=40), "more test pictures")
    assert tasks.wait_all()
    assert session.plan is not None
    session.open_run(finished.finished_run(session.plan).path)
    opened.stage.show_stage("results")
    assert tasks.wait_all()
    stage = opened.stage.widget_of("results")
    assert isinstance(stage, ResultsStage)
    stage._area.verticalScrollBar().setValue(10_000)
    qtbot.wait(20)
    thumbnails = stage.grid.thumbnails
    first = thumbnails.visualRect(thumbnails.model().index(0, 0))
    assert thumbnails.viewport().visibleRegion().boundingRect().contains(first)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_resume_offer_is_read_whole(
    qtbot: QtBot, opened: MainWindow, width: int, height: int
) -> None:
    """The name of a run has no spaces at which a line could end."""
    opened.resize(width, height)
    plan = opened.session.plan
    assert plan is not None
    run = finished.finished_run(plan, "cancelled")
    run = Run(run.path.rename(run.path.with_name("2026-11-29_clothing_mobilenet_v2_" + "x" * 40)))
    opened.offers._offer_to_resume((run, False))
    bar = opened.cards["training"].bar
    qtbot.waitUntil(lambda: read_whole(bar) and whole(bar.action))
    assert run.path.name in bar.text.text()
    assert cut(bar) == []


@pytest.mark.parametrize(("width", "height"), [*SIZES, (760, 760)])
@pytest.mark.parametrize("key", [row.key for row in STAGES])
def test_no_error_is_cut(
    qtbot: QtBot, opened: MainWindow, key: str, width: int, height: int
) -> None:
    """Neither a message nor any other text that stands in lines."""
    opened.resize(width, height)
    opened.stage.show_stage(key)
    stage = opened.stage.widget_of(key)
    error = UserError("data.missing", path="/home/somebody/" + "d" * 60)
    backbone = opened.cards["backbone"].panel
    assert isinstance(backbone, BackbonePanel)
    backbone._show_unknown(error)
    bars = [*stage.findChildren(MessageBar), opened.cards["dataset"].bar]
    for bar in bars:
        bar.show_message(str(error), "error", "Try again")
    qtbot.waitUntil(lambda: all(map(read_whole, bars)) and not cut(opened))


def cut(widget: QWidget) -> list[str]:
    """Texts that need more room than they have; those that are elided on purpose are left out."""
    found = []
    for label in widget.findChildren(QLabel):
        if label.isVisible() and label.text() and not isinstance(label, ElidedLabel):
            room = label.contentsRect()
            flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextShowMnemonic
            needed = label.fontMetrics().boundingRect(
                room, int(flags | label.alignment()), QLabel.text(label)
            )
            if needed.width() > room.width() or needed.height() > room.height():
                found.append(label.text())
    return found


@pytest.mark.parametrize("compared", [False, True])
def test_the_name_is_read_beside_its_answer_in_a_small_window(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, compared: bool
) -> None:
    """The name of the file had room for two letters."""
    opened.resize(1024, 700)
    opened.stage.show_stage("predict")
    stage = opened.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    given = Prediction(tmp_path / "beetle_0012.jpg", np.array([0.2, 0.3, 0.5]))
    before = PredictionRow.of(given, ("a", "b", "c"))
    decoded = Preview("picture", np.zeros((9, 9, 3), np.uint8))
    names = ("clothing", "clothing again") if compared else None
    stage.table.answers_of(3, lambda _path: decoded, names)
    stage.table.rows.append([PredictionRow.of(given, ("a", "b", "c"), before)] * 30)
    stage._follow()
    qtbot.wait(20)
    table = stage.table
    seen = (0, ANSWER, ANSWER + 1, *(EARLIER if compared else (NOTE,)))
    view = table.viewport().rect()
    for column in seen:
        box = table.visualRect(table.rows.index(0, column))
        assert view.left() <= box.left() and box.right() - 12 <= view.right(), column
    room = table.columnWidth(0) - PICTURE - 3 * style.INSIDE
    assert table.fontMetrics().horizontalAdvance("beetle_0012.jpg") <= room
    assert whole(stage.models) and stage.models.width() >= 300


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_search_does_not_make_the_window_grow(
    qtbot: QtBot, opened: MainWindow, width: int, height: int
) -> None:
    """It grew by 100 pixels, beyond the screen, and "Train" was out of sight."""
    opened.resize(width, height)
    session = opened.session
    training(opened).more.click()
    plan = session.plan
    assert plan is not None
    run = finished.finished_run(plan)
    for key in ("runs", "predict", "export", "results", "live"):
        opened.stage.show_stage(key)
    stage = opened.stage.widget_of("live")
    assert isinstance(stage, LiveStage)
    usual = {
        "title": "MobileNetV2 + SqueezeNet 1.1",
        "strategy": "fusion",
        "dropped": "auto.weaker",
    }
    tried = [Tried(backbone=str(n), accuracy=0.8, seconds=4, full=64, **usual) for n in range(16)]
    told = [Notice(code=code) for code in ("training.nothing_learnt", "auto.finish")]
    for found in (History(), finished.history(done=3)):
        for event in (*tried, *told):
            found.add(event)
        session.shown_run.run, session.shown_run.history = run, found
        session.history_reset.emit(found)
        qtbot.waitUntil(stage.trials.isVisible)
        qtbot.wait(50)
        assert (opened.width(), opened.height()) == (width, height)
        least = opened.minimumSizeHint()
        assert least.width() <= 1024 and least.height() <= 700
        assert whole(training(opened).button)
        table = stage.trials.table
        assert table.horizontalHeader().length() <= table.viewport().width()
    assert stage.plot.isVisible()
    session.open_run(run.path)
    opened.stage.show_stage("results")
    assert tasks.wait_all()
    results = opened.stage.widget_of("results")
    assert isinstance(results, ResultsStage)
    results.head.unfold(True)
    qtbot.wait(20)
    assert (opened.width(), opened.height()) == (width, height)
    assert results.head.details.width() < 200
