"""What Recommended tried: the chosen one first, words for every fate, hidden while empty."""

from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.runs import events as ev
from transfergui.gui.plots.curve_data import Followed
from transfergui.gui.tables.trials import TrialTable

TRIALS = [
    ev.Tried(backbone="a", title="A", accuracy=0.9, seconds=3, dropped="auto.weaker"),
    ev.Tried(backbone="b", title="B", strategy="fine_tuning", dropped="auto.too_slow", full=7200),
    ev.Tried(backbone="b", title="B", strategy="head_first", accuracy=0.7, seconds=9),
]


def test_hidden_until_something_was_tried(qtbot: QtBot) -> None:
    widget = TrialTable()
    qtbot.addWidget(widget)
    widget.show_all([])
    assert widget.isHidden()
    widget.show_all(TRIALS)
    assert not widget.isHidden()


def test_the_chosen_one_stands_first_and_every_row_says_what_became_of_it(qtbot: QtBot) -> None:
    widget = TrialTable()
    qtbot.addWidget(widget)
    widget.show_all(TRIALS)
    columns, rows = widget.table.rows.columns, widget.table.rows.shown
    texts = [[column.text(row) for column in columns] for row in rows]
    title = registry.strategy("head_first").title
    assert texts[0][:2] == ["B", title]
    assert texts[0][-1] == "Chosen."
    assert texts[-1][1] == "Linear probe"
    assert all(text[-1] for text in texts)
    assert texts[1][2:4] == ["", ""]  # not trained: no figures


def test_in_a_low_window_the_table_leaves_room_to_the_curves(qtbot: QtBot) -> None:
    """A finished search made the window higher than the screen."""
    widget = TrialTable()
    qtbot.addWidget(widget)
    widget.show_all(
        [ev.Tried(backbone=str(n), title=str(n), dropped="auto.weaker") for n in "abcdefghi"]
    )
    tall = widget.sizeHint().height()
    assert (
        widget.minimumSizeHint().height()
        < tall - 2 * widget.table.verticalHeader().defaultSectionSize()
    )
    widget.show_all(widget.table.rows.rows, roomy=True)
    assert widget.sizeHint().height() > tall


def test_nothing_takes_no_time(qtbot: QtBot) -> None:
    widget = TrialTable()
    qtbot.addWidget(widget)
    widget.show_all([ev.Tried(backbone="a", title="A", strategy="fusion", seconds=0.3, full=0.3)])
    row = widget.table.rows.shown[0]
    assert [column.text(row) for column in widget.table.rows.columns][4:6] == ["1 s", "about 1 s"]


def test_trials_of_a_number_are_measured_by_their_error(qtbot: QtBot) -> None:
    """The smallest error is the best, and no bar shows it; networks as they are have their R²."""
    widget = TrialTable()
    qtbot.addWidget(widget)
    number = registry.objective("number")
    rows = [
        ev.Tried(backbone="a", title="A", accuracy=0.5, dropped="auto.weaker"),
        ev.Tried(backbone="b", title="B", strategy="head_first", accuracy=7, dropped="auto.weaker"),
        ev.Tried(backbone="c", title="C", strategy="head_first", accuracy=3, dropped="auto.weaker"),
    ]
    widget.show_all(rows, followed=Followed(number.curve, "kg", number.probe))
    probed, trained = widget.table.rows.columns[2:4]
    assert probed.share is trained.share is None
    shown = [(r.title, probed.text(r), trained.text(r)) for r in widget.table.rows.shown]
    assert shown == [("C", "", "3 kg"), ("B", "", "7 kg"), ("A", "0.5", "")]


def test_what_became_of_it_wraps_instead_of_being_cut_off(qtbot: QtBot) -> None:
    widget = TrialTable()
    qtbot.addWidget(widget)
    long = ev.Tried(backbone="a", title="A", strategy="fine_tuning", dropped="auto.weaker_short")
    widget.show_all([long, ev.Tried(backbone="b", title="B", strategy="fine_tuning")])
    widget.resize(500, 300)
    widget.show()
    # what was chosen comes first, and says one word
    qtbot.waitUntil(lambda: widget.table.rowHeight(1) > widget.table.rowHeight(0))
    assert widget.table.maximumHeight() > widget.table.rowHeight(0) + widget.table.rowHeight(1)
