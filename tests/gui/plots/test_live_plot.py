"""The curves: what is read of a history, how it is drawn, and what one can do with the plots."""

import csv
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import LATE
from tests.gui.theme import use_light_theme
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.gui.base import style, tasks
from transfergui.gui.base.run_names import RunName
from transfergui.gui.plots import curve_data as data
from transfergui.gui.plots.live_plot import LivePlot
from transfergui.gui.session.session import Session

# -- what is read


@pytest.mark.parametrize(
    ("done", "planned", "limit"),
    [(0, 0, 1), (0.3, 12, 1), (4.2, 12, 5), (7.0, 12, 10), (11.5, 12, 12), (60.5, 60, 75)],
)
def test_the_epoch_axis_grows_by_whole_steps_up_to_the_plan(done, planned, limit):
    assert data.epoch_limit(done, planned) == limit


@pytest.mark.parametrize(
    ("value", "above"), [(0.0, 1), (0.97, 1), (1.01, 1.5), (2.4, 3), (31, 40), (0.0021, 0.003)]
)
def test_whole_numbers_above(value, above):
    assert data.whole_above(value) == pytest.approx(above)


def test_a_reader_follows_a_history_that_grows_and_is_cut_back():
    history = finished.history(done=3)
    reader = data.CurveReader(history)
    reader.read()
    for event in finished.epochs(4, 300):
        history.add(event)
    assert _equal(reader.read(), data.CurveReader(history).read())
    for event in finished.epochs(2, 4):  # resumed from the checkpoint after the first epoch
        history.add(event)
    assert _equal(reader.read(), data.CurveReader(history).read())
    assert reader.read()["val_loss"][0].tolist() == [1, 2, 3, 4]


def test_epochs_too_short_for_reports_still_have_a_training_curve():
    history = finished.history(done=4)
    history.steps, history.losses, history.smoothed, history.rates = [0.2], [2.0], [2.0], [0.1]
    xs, ys = data.CurveReader(history).read()["smoothed"]
    assert xs.tolist() == [1, 2, 3, 4]
    assert ys.tolist() == [epoch.train_loss for epoch in history.epochs]


def test_the_accuracy_axis_begins_below_the_baseline():
    curves = data.CurveReader(finished.history()).read()
    assert data.score_span([curves], 50.0, share=True) == (40, 100)
    assert data.score_span([curves], None, share=True)[1] == 100


def test_a_number_is_followed_by_its_error_in_its_unit(qtbot: QtBot) -> None:
    history = finished.history(done=3)
    assert history.started is not None
    history.started = msgspec.structs.replace(
        history.started, objective="number", unit="kg", baseline=None
    )
    history.epochs[:] = [
        msgspec.structs.replace(epoch, train_score=30.0 / epoch.epoch, val_score=60.0 / epoch.epoch)
        for epoch in history.epochs
    ]
    curves = data.CurveReader(history).read()
    assert curves["val_score"][1].tolist() == [60, 30, 20]
    assert data.score_span([curves], None, share=False) == (0, 60)
    followed = data.Followed.of(history)
    assert (followed.axis, followed.text(12.5)) == ("mean absolute error, kg", "12.5 kg")
    plot = LivePlot()
    qtbot.addWidget(plot)
    plot.show_history(history)
    plot.show()
    plot.refresh()
    assert plot.curves.score.plot.getAxis("left").labelText == "mean absolute error, kg"
    assert "validation 20 kg" in plot.curves.score.key.accessibleDescription()


def test_a_single_spike_does_not_flatten_the_loss():
    history = finished.history(done=60, planned=60)
    history.losses[100] = 5000.0
    low, high = data.loss_span([data.CurveReader(history).read()], 0, 60)
    assert 0 < low < high < 100


# -- drawing


@pytest.fixture
def plot(qtbot: QtBot) -> LivePlot:
    plot = LivePlot()
    qtbot.addWidget(plot)
    plot.resize(800, 560)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def test_what_arrives_is_drawn_when_asked(plot: LivePlot):
    history = finished.history(done=3)
    plot.show_history(history)
    assert _points(plot, "val_loss") == 3
    for event in finished.epochs(4, 6):
        history.add(event)
    assert _points(plot, "val_loss") == 3  # arrival is not drawing
    plot.refresh()
    assert _points(plot, "val_loss") == 6


def test_nothing_is_drawn_while_it_cannot_be_seen(plot: LivePlot):
    plot.hide()
    plot.show_history(finished.history(done=3))
    assert _points(plot, "val_loss") == 0
    plot.show()
    assert _points(plot, "val_loss") == 3


def test_nothing_is_drawn_while_nothing_changes(plot: LivePlot, monkeypatch):
    plot.show_history(finished.history())
    monkeypatch.setattr(plot, "_draw", lambda: pytest.fail("drawn again"))
    plot.refresh()


def test_the_axes_never_shrink_while_a_training_runs(plot: LivePlot):
    history = History()
    history.add(finished.started(epochs=50))
    plot.show_history(history)
    tops, ends = [], []
    for epoch in range(1, 50):
        for event in finished.epochs(epoch, epoch):
            history.add(event)
        plot.refresh()
        (_low, end), (_bottom, top) = plot.curves.loss.plot.viewRange()
        tops.append(top)
        ends.append(end)
    assert tops == sorted(tops)
    assert ends == sorted(ends)
    assert len(set(ends)) < 12  # whole steps


def test_the_key_reads_the_values_under_the_cursor(plot: LivePlot):
    history = finished.history(done=5)
    plot.show_history(history)
    plot.read(2.4)
    said = plot.curves.loss.key.accessibleDescription()
    assert f"validation {history.epochs[1].val_loss:.4f}" in said
    assert "epoch 3" in said
    assert "majority baseline 50.0 %" in plot.curves.score.key.accessibleDescription()
    plot.read(None)
    assert f"validation {history.epochs[-1].val_loss:.4f}" in (
        plot.curves.loss.key.accessibleDescription()
    )


def test_best_epoch_and_phase_change_are_marked(plot: LivePlot):
    plot.show_history(finished.history(done=5))
    assert [(line.value(), line.label.format) for line in plot.curves.loss._lines] == [(2.0, "All")]
    assert [line.value() for line in plot.curves.score._lines] == [3.0]
    x, y = plot.curves.loss._best.getData()
    assert (x.tolist(), y.tolist()) == ([3], [1.0])
    plot.tools.actions["log"].setChecked(True)
    assert plot.curves.loss._best.getData()[1].tolist() == [0.0]
    plot.show_history(finished.history(done=5), by_score=True)
    assert [line.value() for line in plot.curves.loss._lines] == [2.0, 3.0]
    assert not plot.curves.score._lines
    stars = [panel._best.isVisible() for panel in (plot.curves.loss, plot.curves.score)]
    assert stars == [False, True]


def test_zoom_by_keys_and_back(qtbot: QtBot, plot: LivePlot):
    plot.show_history(finished.history(done=10))
    whole = plot.curves.loss.plot.viewRange()[0]
    assert not plot.tools.reset.isEnabled()
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    for panel in (plot.curves.loss, plot.curves.score):
        assert panel.plot.viewRange()[0] == pytest.approx([2.5, 7.5], abs=0.1)
    assert plot.tools.reset.isEnabled()
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.curves.loss.plot.viewRange()[0] == whole


def test_arrow_keys_move_the_cursor_by_whole_epochs(qtbot: QtBot, plot: LivePlot):
    plot.show_history(finished.history(done=5))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(plot, key)
    assert plot._cursor == 4.0


def turn_wheel(plot: LivePlot, steps: int, ctrl: bool = True) -> QWheelEvent:
    place = QPointF(plot.curves.loss.plot.viewport().rect().center())
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    plot.curves.loss.plot.wheelEvent(event)
    return event


@pytest.mark.parametrize("ctrl", [False, True])
def test_the_wheel_zooms_only_with_ctrl(plot: LivePlot, ctrl: bool):
    plot.show_history(finished.history(done=10))
    before = plot._zoom
    assert turn_wheel(plot, 1, ctrl).isAccepted() is ctrl  # else the page below scrolls
    assert (plot._zoom != before) is ctrl


@pytest.mark.parametrize("steps", [1, -1, -8])
def test_all_plots_show_the_same_epochs_after_the_wheel(plot: LivePlot, steps: int):
    plot.show_history(finished.history(done=10))
    turn_wheel(plot, steps)  # out of all that there is: nothing changes, but for the plot itself
    spans = [p.plot.viewRange()[0] for p in plot.curves.panels if p.isVisibleTo(plot)]
    assert len(spans) > 1 and all(span == pytest.approx(spans[0]) for span in spans)


def test_another_run_is_laid_under_and_taken_away(qtbot: QtBot, plot: LivePlot):
    plot.show_history(finished.history(done=3))
    plot.lay_under("an older run", finished.history(done=8))
    assert len(plot.curves.loss._under["val_loss"].getOriginalDataset()[0]) == 8
    assert "an older run" in plot.curves.loss.key.accessibleDescription()
    with qtbot.waitSignal(plot.compare_removed):
        plot.tools.actions["remove"].trigger()
    assert "an older run" not in plot.curves.loss.key.accessibleDescription()


def test_colours_follow_the_theme_at_once(qtbot: QtBot, qapp, plot: LivePlot):
    use_light_theme(qapp)
    plot.show_history(finished.history())
    pen = plot.curves.loss._curves["smoothed"].opts["pen"]
    assert pen.color().name() == style.LIGHT.training
    style.theme.use("dark")
    try:
        pen = plot.curves.loss._curves["smoothed"].opts["pen"]
        assert pen.color().name() == style.DARK.training
    finally:
        style.theme.use("light")


def test_a_hundred_thousand_points_stay_fluid(plot: LivePlot):
    history = finished.history(done=20, planned=20)
    steps = np.linspace(0.001, 20, 100_000).tolist()
    history.steps = steps
    history.losses = history.smoothed = history.rates = [1.0] * len(steps)
    plot.show_history(history)
    times = []  # that it computes: others may use the machine too
    for number in range(3):
        history.steps.append(20 + number / 1000)
        history.losses.append(1.0)
        began = time.process_time()
        plot.refresh()
        plot.grab()
        times.append(time.process_time() - began)
    assert min(times) < LATE


# -- taking away


@pytest.mark.parametrize("name", ["curves.png", "Kurven ä.svg", "curves.csv"])
def test_saving(plot: LivePlot, tmp_path: Path, name: str):
    plot.show_history(finished.history(done=5))
    target = tmp_path / name
    plot.export.save(target)
    assert tasks.wait_all()
    checks = {".png": _is_picture, ".svg": _is_drawing, ".csv": _is_table}
    checks[target.suffix](target)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_copying(plot: LivePlot):
    plot.show_history(finished.history(done=5))
    plot.export.copy_picture()
    assert not QGuiApplication.clipboard().image().isNull()
    plot.export.copy_table()
    assert QGuiApplication.clipboard().text().startswith("epoch\traw\tsmoothed")


def _is_picture(path: Path) -> None:
    assert QImage(str(path)).width() >= 1000


def _is_drawing(path: Path) -> None:
    shapes = [node.tag.rpartition("}")[2] for node in ET.parse(path).getroot().iter()]
    assert shapes.count("polyline") + shapes.count("path") > 10  # curves, not one picture


def _is_table(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    last = rows[-1]
    assert float(last["epoch"]) == 5
    assert float(last["val_loss"]) == pytest.approx(1.2)
    assert float(last["val_score"]) == pytest.approx(80)
    assert len(rows) == 5 * finished.STEPS


# -- what a strategy adds


def adversarial(done: int = 5, within: bool = True) -> History:
    """A training with DANN; without values ``within`` epochs, as where these are very short."""
    history = History()
    history.add(msgspec.structs.replace(finished.started(), strategy="dann"))
    for event in finished.epochs(1, done):
        logs = {"classification": 0.4, "domain": 0.6, "domain_accuracy": 0.9, "target_entropy": 0.2}
        tells = within or isinstance(event, ev.EpochEnded)
        history.add(msgspec.structs.replace(event, logs=logs) if tells else event)
    return history


@pytest.mark.parametrize("within", [True, False])
def test_what_a_strategy_tells_is_drawn_and_explained(plot: LivePlot, within: bool) -> None:
    plot.show_history(adversarial(within=within))
    share, loss = plot.curves.share, plot.curves.loss
    assert share.isVisibleTo(plot)
    said = share.key.accessibleDescription()
    assert "domain classifier correct 90 %, target entropy 20 %, indistinguishable 50 %" in said
    assert "classification 0.4000, domain 0.6000" in loss.key.accessibleDescription()
    xs, _ys = share._curves["log domain_accuracy"].getOriginalDataset()
    assert len(xs) == (5 * finished.STEPS if within else 5)
    assert "indistinguishable" in share.explained.explanation
    assert "0.69" in share.explained.explanation
    assert not loss.explained.isVisibleTo(plot)
    assert plot.tools.shares.isVisibleTo(plot)
    plot.tools.actions["shares"].setChecked(False)
    assert not share.isVisibleTo(plot)
    rows = list(csv.DictReader(data.to_table(adversarial()).splitlines()))
    assert float(rows[-1]["domain_accuracy"]) == pytest.approx(90)


def test_another_training_has_none_of_it(plot: LivePlot) -> None:
    plot.show_history(adversarial())
    plot.lay_under("other", finished.history())  # which has no such curves
    assert plot.curves.share.isVisibleTo(plot)
    plot.show_history(finished.history())
    plot.lay_under("other", adversarial())
    assert not plot.curves.share.isVisibleTo(plot)
    assert not plot.tools.shares.isVisibleTo(plot)
    assert "classification" not in plot.curves.loss.key.accessibleDescription()
    assert data.to_table(finished.history()).splitlines()[0] == ",".join(data.TABLE)


def _points(plot: LivePlot, key: str) -> int:
    xs, _ys = plot.curves.loss._curves[key].getOriginalDataset()
    return 0 if xs is None else len(xs)


def _equal(some: data.Curves, others: data.Curves) -> bool:
    return all(
        np.array_equal(a, b) for key in some for a, b in zip(some[key], others[key], strict=True)
    )


def test_the_run_laid_under_is_called_by_what_it_is(
    qtbot: QtBot, plot: LivePlot, ready: Session
) -> None:
    """Folders of the same network differ in a number only."""
    run = finished.finished_run(ready.plan)
    history = finished.history()
    history.started = msgspec.structs.replace(history.started, run=str(run.path))
    plot.lay_under(run.path.name, history)
    assert tasks.wait_all()
    assert plot._beneath is not None
    assert plot._beneath[0] == RunName.of(run).short
    history.started = msgspec.structs.replace(history.started, run="gone")
    plot.lay_under("gone", history)
    assert tasks.wait_all()
    assert plot._beneath[0] == "gone"
