"""The page of views: what applies is offered, computed in the background, kept and drawn."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation.kinds import Chart, Gallery, Item, Line, Shown, Table
from transfergui.core.interfaces.samples import Preview
from transfergui.core.runs.run import Run
from transfergui.core.views.result import Result
from transfergui.core.views.view import View, nothing_in_the_way
from transfergui.gui.base import tasks
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.session.session import Session
from transfergui.gui.tables.result_table import ResultTable
from transfergui.gui.views.chart_view import ChartView
from transfergui.gui.views.gallery_view import CardGallery, ThumbnailGallery
from transfergui.gui.views.table_view import two_lines
from transfergui.gui.views.views_page import ViewsPage

HEAT = Preview("picture", np.zeros((8, 8, 3), np.uint8), "heat")


def everything(result: Result, tell: Tell) -> Shown:
    paths = [row.path for row in result.rows]
    line = Line("a", [0.0, 0.5, 1.0], [0.1, float("nan"), 0.9], [0, 0, 0.8], [0.2, 1, 1], "test")
    return Shown(
        (Note("evaluate.unchecked", {"noun": "pictures"}, "warning"),),
        (
            Chart("Chart", "x", "y", (line,), x_percent=True, y_percent=True, diagonal=True),
            Table("Table", ("name", "count"), (("b", "10"), ("a", "9")), frozenset({1})),
            Gallery("Plain", tuple(Item(path, "caption") for path in paths)),
            Gallery("Heat", tuple(Item(path, path, beside=HEAT) for path in paths)),
        ),
    )


def failing(result: Result, tell: Tell) -> Shown:
    raise UserError("run.missing", path="gone")


def cancelled(result: Result, tell: Tell) -> Shown:
    while True:
        tell(1, 2)


def view(key: str, compute: Callable[[Result, Tell], Shown], quick: bool = False) -> View:
    return View(key, key, f"What {key} shows.", nothing_in_the_way, compute, quick)


VIEWS = (
    View("never", "never", "Not here.", lambda _result: "evaluate.unchecked", failing),
    view("slow", cancelled),
    view("quick", everything, quick=True),
    view("failing", failing),
    View("soon", "soon", "Soon.", nothing_in_the_way, everything, looked_at=lambda _result: 9),
    View("long", "long", "Long.", nothing_in_the_way, failing, looked_at=lambda _result: 10**6),
    View(
        "kept",
        "kept",
        "What was kept.",
        nothing_in_the_way,
        cancelled,
        button="Begin",
        kept=lambda result: (everything(result, lambda _done, _total: None), False),
    ),
)


@pytest.fixture
def page(qtbot: QtBot, session: Session, trained: Callable[[str], Run]) -> ViewsPage:
    page = ViewsPage(session, VIEWS)
    qtbot.addWidget(page)
    page.resize(860, 660)
    page.show_run(trained("one_class"))
    page.show()
    assert tasks.wait_all()
    return page


def test_a_quick_view_is_there_at_once_and_draws_every_kind(page: ViewsPage):
    assert page.chosen == "quick" and set(page.shown()) == {"quick"}
    for kind in (NoteLines, ChartView, ResultTable, ThumbnailGallery, CardGallery):
        assert page.findChildren(kind), kind
    table = page.findChildren(ResultTable)[0]
    table.sortByColumn(1, table.horizontalHeader().sortIndicatorOrder())
    assert [row[1] for row in table.rows.shown] == ["9", "10"]  # as figures, not as words
    cards = page.findChildren(CardGallery)[0].cards
    assert all(len(card.pictures) == 2 for card in cards)
    assert not cards[0].pictures[1].pixmap().isNull()


def test_what_does_not_apply_is_not_offered_and_says_why(page: ViewsPage):
    card = page.cards["never"]
    assert not card.isEnabled()
    assert "could not check" in card.toolTip() and "could not check" in card.accessibleDescription()
    assert "could not check" in card.findChildren(QLabel)[2].text()
    assert card.findChildren(QLabel)[2].isVisible()
    page.choose("never")
    assert page.chosen == "quick"


def test_a_view_of_a_few_seconds_begins_when_it_is_chosen_and_moves_no_card(page: ViewsPage):
    before = [card.geometry() for card in page.cards.values()]
    page.choose("soon")
    assert tasks.wait_all()
    assert "soon" in page.shown() and not page.page("soon").start.isVisible()
    page.choose("long")
    assert page.page("long").start.isVisible()
    assert [card.geometry() for card in page.cards.values()] == before
    assert [key for key, card in page.cards.items() if card.isChecked()] == ["long"]


def test_cards_are_arranged_anew_where_the_window_becomes_narrower(page: ViewsPage):
    page.resize(1400, 660)
    tasks.wait_all()
    gallery = page.findChildren(CardGallery)[0]
    QApplication.processEvents()
    assert gallery.width() > 660
    page.resize(700, 660)
    QApplication.processEvents()
    right = max(card.mapTo(page, card.rect().topRight()).x() for card in gallery.cards)
    assert right < page.width()


def test_a_slow_view_waits_for_its_button_and_can_be_cancelled(qtbot: QtBot, page: ViewsPage):
    page.choose("slow")
    slow = page.page("slow")
    assert slow.start.isVisible() and not slow.progress.bar.isVisible()
    slow.start.click()
    qtbot.waitUntil(lambda: slow.progress.bar.value() == 1)
    slow.progress.cancel_button.click()
    assert tasks.wait_all()
    assert slow.start.isVisible() and slow.shown is None


def test_what_was_kept_is_shown_and_can_be_continued_and_paused(qtbot: QtBot, page: ViewsPage):
    page.choose("kept")
    kept = page.page("kept")
    assert tasks.wait_all()
    assert kept.shown is not None and kept.start.isVisible() and kept.start.text() == "Resume"
    assert kept.findChildren(ChartView)
    kept.start.click()
    qtbot.waitUntil(lambda: kept.progress.bar.value() == 1)
    assert kept.progress.cancel_button.text() == "Pause" and not kept.start.isVisible()
    kept.progress.cancel_button.click()
    assert tasks.wait_all()
    assert kept.start.isVisible() and kept.shown is not None


def test_what_fails_says_so_and_can_be_tried_again(page: ViewsPage):
    page.choose("failing")
    failed = page.page("failing")
    failed.start.click()
    assert tasks.wait_all()
    assert "gone" in failed.said.text() and failed.start.text() == "Try again"


def test_another_run_begins_anew(page: ViewsPage, trained: Callable[[str], Run]):
    first = page.page("quick")
    page.show_run(trained("one_class"))  # the same: what was found stays
    assert page.page("quick") is first
    page.show_run(None)
    assert page.chosen == "" and not page.shown()


def test_titles_of_tables_are_read_in_full():
    assert two_lines("With half as many") == "With half\nas many"
    assert two_lines("95 % interval") == "95 %\ninterval"
    assert two_lines("All others") == "All\nothers" and two_lines("Correct") == "Correct"
