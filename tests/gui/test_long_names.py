"""Names as long as they get, and names that look like HTML, wherever the window shows them."""

from __future__ import annotations

import html
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui import finished
from tests.gui.conftest import open_data
from tests.gui.theme import use_light_theme
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.samples import Preview
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.base.words import Noun
from transfergui.gui.panels import STAGES
from transfergui.gui.panels.data import DataStage
from transfergui.gui.panels.export import ExportStage
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.parts.empty_page import NoRunPage
from transfergui.gui.parts.figures import Figures
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.samples.class_bars import ClassBars
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem
from transfergui.gui.session.session import Session
from transfergui.gui.tables.confusion_matrix import ConfusionMatrix
from transfergui.gui.tables.prediction_table import NAME, SECOND, PredictionRow
from transfergui.gui.tables.result_table import Column, ResultTable

LETTERS = 200
ROOM = 600
"""Pixels that a window of 1024 leaves to a stage, beside the left column and the margins."""
BOLD = "<b>bold & html<_b>"
TIP = Qt.ItemDataRole.ToolTipRole


def long(letter: str) -> str:
    return letter * LETTERS


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, session: Session, tmp_path: Path) -> Session:
    """Data, classes, files and a finished run, all of long names."""
    use_light_theme(qapp)
    folder = make_tiny_pictures(tmp_path / "tiny").rename(tmp_path / long("d"))
    names = (BOLD.ljust(LETTERS, "b"), long("w"))
    for path, name in zip(sorted(folder.iterdir()), names, strict=True):
        for file in sorted(path.iterdir()):
            file.rename(file.with_stem(file.stem + long("f")))
        path.rename(folder / name)
    open_data(qtbot, session, folder)
    recipe = session.recipe.replace(split__test_percent=40, name=long("n"))
    session.change(recipe, "more test pictures")
    assert tasks.wait_all()
    return session


@pytest.fixture
def run(opened: Session) -> Run:
    """Tested, and with something to predict and to export."""
    assert opened.plan is not None
    run = finished.finished_run(opened.plan)
    run = Run(run.path.rename(run.path.with_name(long("r"))))
    run.checkpoints.mkdir()
    (run.checkpoints / "best.safetensors").touch()
    return run


def shown(qtbot: QtBot, key: str, session: Session, run: Run) -> QWidget:
    """A stage with everything in it."""
    stage = next(row for row in STAGES if row.key == key).build(session)
    qtbot.addWidget(stage)
    stage.show()
    session.open_run(run.path)
    assert tasks.wait_all()
    session.comparison.compare(run.path)
    assert tasks.wait_all()
    if isinstance(stage, PredictStage):
        stage.table.answers_of(3, lambda _path: Preview("picture", np.zeros((9, 9, 3), np.uint8)))
        stage.table.rows.append([answer(run, 0.3)])
        stage._follow()
    return stage


def answer(run: Run, second: float) -> PredictionRow:
    given = Prediction(run.path / long("g"), np.array([0.6, second, 0.4 - second]))
    return PredictionRow.of(given, (long("a"), long("b"), long("c")))


@pytest.mark.parametrize("key", [row.key for row in STAGES])
def test_an_empty_stage_fits_into_a_small_window(
    qtbot: QtBot, qapp: QApplication, session: Session, key: str
):
    use_light_theme(qapp)
    stage = next(row for row in STAGES if row.key == key).build(session)
    qtbot.addWidget(stage)
    stage.show()
    assert tasks.wait_all()
    hint = stage.minimumSizeHint().width()
    assert hint <= ROOM


@pytest.mark.parametrize(
    "key",
    [
        "data",
        "live",
        "results",
        "predict",
        "export",
        "runs",
    ],
)
def test_no_stage_is_widened_by_names(qtbot: QtBot, opened: Session, run: Run, key: str):
    assert shown(qtbot, key, opened, run).minimumSizeHint().width() <= ROOM


def picture(widget: QWidget, box: QRect | None = None) -> QImage:
    return (widget.grab(box) if box else widget.grab()).toImage()


def test_of_a_long_heading_the_count_behind_it_is_seen(qtbot: QtBot):
    heading = ElidedLabel()
    qtbot.addWidget(heading)
    heading.resize(200, 20)
    pictures = []
    for count in (11, 12):
        heading.setText(f"{long('w')} · {count}")
        pictures.append(picture(heading))
    assert pictures[0] != pictures[1]
    assert heading.toolTip() == f"<qt>{long('w')} · 12</qt>"


def test_headings_take_no_name_for_html(qtbot: QtBot, opened: Session, run: Run):
    data = shown(qtbot, "data", opened, run)
    assert isinstance(data, DataStage)
    assert data.samples.heading.text().startswith(BOLD)
    export = shown(qtbot, "export", opened, run)
    assert isinstance(export, ExportStage)
    for label in (data.samples.heading, export.cards[0].result):
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_nothing_that_is_said_of_a_sample_is_taken_for_html(qtbot: QtBot, tmp_path: Path):
    def decode(_path: Path, _large: bool) -> None:
        raise UserError("input.vanished", path=BOLD)

    looks = [ViewedItem((long("f"), long("g")), long("s"))]
    viewer = SampleViewer(decode, tmp_path, looks)  # type: ignore[arg-type]
    qtbot.addWidget(viewer)
    viewer.show()
    assert tasks.wait_all()
    said = [label for label in viewer.findChildren(QLabel) if label.text()]
    assert any(BOLD in label.text() for label in said)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in said)
    assert viewer.minimumSizeHint().width() < 640


def test_no_tool_tip_takes_a_name_for_html(qtbot: QtBot, opened: Session, run: Run):
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.fill([BOLD], [3], Noun("picture", "pictures"))
    results = shown(qtbot, "results", opened, run)
    assert isinstance(results, ResultsStage)
    cells = results.matrix.cells
    table = ResultTable([Column("Name", str, tip=str)])
    qtbot.addWidget(table)
    table.rows.fill([BOLD])
    for tip in (
        bars.model().index(0, 0).data(TIP),
        cells.index(0, 0).data(TIP),
        cells.headerData(0, Qt.Orientation.Horizontal, TIP),
        cells.headerData(0, Qt.Orientation.Vertical, TIP),
        table.rows.index(0, 0).data(TIP),
    ):
        assert tip.startswith("<qt>")
        assert html.escape(BOLD) in tip


def test_what_is_in_the_way_is_not_taken_for_html(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Session, "obstacle", f"{BOLD} is not there.")
    page = NoRunPage(session, "chart", "Nothing", "Nothing yet")
    qtbot.addWidget(page)
    assert page.button.toolTip() == f"<qt>{html.escape(BOLD)} is not there.</qt>"


def test_the_matrix_makes_room_for_its_headings(qtbot: QtBot, opened: Session, run: Run):
    results = shown(qtbot, "results", opened, run)
    assert isinstance(results, ResultsStage)
    assert results._results is not None
    matrix, found = ConfusionMatrix(), results._results.report
    qtbot.addWidget(matrix)
    matrix.resize(500, 400)
    matrix.show()
    matrix._names = 10
    matrix.horizontalHeader().setFixedHeight(10)  # as for shorter names
    matrix.updateGeometries()
    matrix.fill(found)
    assert matrix.viewport().y() > matrix.horizontalHeader().geometry().bottom()
    assert matrix.viewport().y() > matrix._corner.geometry().bottom() - 2
    assert matrix.verticalHeader().textElideMode() is Qt.TextElideMode.ElideMiddle


def test_the_figure_behind_a_long_answer_is_seen(qtbot: QtBot, opened: Session, run: Run):
    stage = shown(qtbot, "predict", opened, run)
    assert isinstance(stage, PredictStage)
    stage.resize(800, 600)
    pictures = []
    for share in (0.22, 0.33):
        stage.table.rows.fill([answer(run, share)])
        second = stage.table.rows.index(0, SECOND)
        assert second.data(TIP) == f"<qt>{long('b')} · {round(100 * share)} %</qt>"
        stage.table.scrollTo(second)
        box = stage.table.visualRect(second)
        pictures.append(picture(stage.table.viewport(), box))
    assert pictures[0] != pictures[1]
    stage.resize(ROOM, 600)  # the names stay to be seen, and the runners-up give way
    assert stage.table.columnWidth(0) >= NAME
    assert stage.table.isColumnHidden(SECOND)


def test_both_ends_of_a_long_name_are_seen_in_the_list_of_networks(
    qtbot: QtBot, opened: Session, run: Run
):
    stage = shown(qtbot, "predict", opened, run)
    assert isinstance(stage, PredictStage)
    pictures = []
    for name in (long("n") + "_1", long("n") + "_2"):
        stage.models.setItemText(0, name)
        pictures.append(picture(stage.models))
    assert pictures[0] != pictures[1]


def test_figures_stand_in_two_rows_where_it_is_narrow(qtbot: QtBot):
    room = QWidget()
    qtbot.addWidget(room)
    figures = Figures({str(n): TermLabel("A long title", "") for n in range(5)})
    QVBoxLayout(room).addWidget(figures)
    room.show()
    for width, rows in ((900, 1), (room.minimumSizeHint().width(), 2), (900, 1)):
        room.resize(width, 200)
        qtbot.waitUntil(lambda rows=rows: len({f.y() for f in figures._there()}) == rows)
