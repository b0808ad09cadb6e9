"""The Results stage on a run that was tested, and on runs that were not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QScrollArea
from pytestqt.qtbot import QtBot

from tests.core.made_rows import made_rows
from tests.gui import finished
from tests.gui.conftest import Clockwork, rest
from transfergui.core.base.notes import Note
from transfergui.core.data.versions import version_of
from transfergui.core.evaluation import data_checks, report
from transfergui.core.evaluation.data_checks import DataChecks, Said
from transfergui.core.figures import metrics, one_class
from transfergui.core.figures.metrics import ClassFigures
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.gui.base import tasks
from transfergui.gui.panels import results
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.parts.note_lines import say
from transfergui.gui.samples.class_chooser import ClassChooser
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.samples.thumbnails import ThumbnailModel
from transfergui.gui.session.session import Session
from transfergui.gui.tables.confusion_matrix import ConfusionMatrix, most_confused
from transfergui.gui.tables.result_table import RowsModel


@pytest.fixture
def run(ready: Session) -> Run:
    ready.change(ready.recipe.replace(split__test_percent=40), "more test pictures")
    assert tasks.wait_all()
    assert ready.plan is not None
    return finished.finished_run(ready.plan)


@pytest.fixture
def stage(qtbot: QtBot, ready: Session, run: Run) -> ResultsStage:
    stage = ResultsStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    ready.open_run(run.path)
    assert tasks.wait_all()
    return stage


def shown_paths(stage: ResultsStage) -> list[str]:
    model = stage.grid.thumbnails.model()
    assert isinstance(model, ThumbnailModel)
    return [model.path(row) for row in range(model.rowCount())]


def act(stage: ResultsStage, text: str) -> QAction:
    """What can be done with the selected samples, by its name in the context menu."""
    return next(a for a in stage.grid.thumbnails.actions() if a.text().startswith(text))


def test_that_the_user_ended_it_early_is_said(ready: Session, run: Run):
    assert ready.plan is not None
    stopped = RunResults.read(finished.finished_run(ready.plan, "stopped"))
    assert stopped is not None and "Stopped by you after 5 of 10 epochs" in stopped.about


def test_the_headline_is_a_sentence_and_the_figures_agree(stage: ResultsStage, run: Run):
    found = report.load(run.path)
    head = stage.head
    assert f"of {found.n} test pictures" in head.headline.text()
    assert run.path.name in head.about.text()
    assert "Feature extraction" in head.about.text()
    assert network_title(run) in head.about.text()
    assert [bar.value for bar in head.bars.found.bars] == [found.accuracy, found.majority]
    assert head.interval.text().endswith(head.bars.found.bars[0].between)
    figures = {key: f.value.text() for key, f in head.figures._figures.items()}
    assert figures["accuracy"] == f"{100 * found.accuracy:.0f} %"
    assert figures["n"] == str(found.n)
    assert figures["baseline"] == "50 %"


def test_a_cell_opens_the_pictures_behind_it(stage: ResultsStage):
    cells = stage.matrix.cells
    assert cells.names == ["class_0", "class_1"]
    everything = shown_paths(stage)
    assert everything
    assert all(path.startswith("class_1/") for path in everything)  # the mistakes
    stage.matrix.setCurrentIndex(cells.index(0, 0))
    assert shown_paths(stage)
    assert all(path.startswith("class_0/") for path in shown_paths(stage))
    assert stage.grid.back.isVisible()
    stage.grid.back.click()
    assert shown_paths(stage) == everything


def test_the_matrix_is_driven_by_keys(qtbot: QtBot, stage: ResultsStage):
    stage.matrix.setCurrentIndex(stage.matrix.cells.index(0, 0))
    qtbot.keyClick(stage.matrix, Qt.Key.Key_Down)
    assert "“class_1” predicted as “class_0”" in stage.grid.heading.text()


def test_counts_or_per_cent(stage: ResultsStage, run: Run):
    support = report.load(run.path).per_class["class_1"].support
    wrong = len(shown_paths(stage))
    index = stage.matrix.cells.index(1, 0)
    assert index.data() == str(wrong)
    stage.percent.click()
    assert index.data() == f"{100 * wrong / support:.0f}"
    sentence = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert sentence == f"{wrong} of {support} “class_1” predicted as “class_0”."


def test_a_class_without_test_samples_is_na_and_sorts_last(stage: ResultsStage):
    untested = ClassFigures(None, None, None, 0)
    rows = stage.classes.rows
    rows.fill([("a", untested), *rows.rows])
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        stage.classes.sortByColumn(1, order)
        assert rows.shown[-1][0] == "a"
    assert rows.index(rows.rowCount() - 1, 1).data() == "n/a"


def test_every_figure_of_a_class_is_explained_and_looks_so(stage: ResultsStage):
    header = stage.classes.horizontalHeader()
    assert isinstance(header.model(), RowsModel)
    whats_this = Qt.ItemDataRole.WhatsThisRole
    titles = [column.title for column in header.model().columns]
    told = [
        header.model().headerData(number, header.orientation(), whats_this)
        for number in range(len(titles))
    ]
    assert titles == ["Class", "Recall", "Precision", "F1", "Examples"]
    assert len(set(told[1:])) == 4
    assert all(told[1:])
    painted = header.grab().toImage()
    header.model().columns = [replace(c, explanation="") for c in header.model().columns]
    assert header.grab().toImage() != painted  # the dotted line is gone


def test_a_class_shows_its_mistakes(stage: ResultsStage):
    stage.classes.clicked.emit(stage.classes.rows.index(0, 0))
    assert stage.grid.heading.text().startswith("Errors with “class_0”")


def test_exclude_can_be_undone(stage: ResultsStage):
    session = stage._session
    (first, *_others) = shown_paths(stage)
    stage.grid.thumbnails.choose(first)
    act(stage, "Exclude").trigger()
    assert session.recipe.data.exclude == (first,)
    assert "Exclude 1 picture" in stage.bar.text.text()
    session.undo_stack.undo()
    assert session.recipe.data.exclude == ()
    assert tasks.wait_all()


def test_relabel_asks_for_the_class(stage: ResultsStage):
    (first, *_others) = shown_paths(stage)
    stage.grid.thumbnails.choose(first)
    act(stage, "Relabel").trigger()
    dialog = stage.findChild(ClassChooser)
    dialog.name.setText("class_0")
    dialog.done(QDialog.DialogCode.Accepted)
    assert stage._session.recipe.data.relabel == {first: "class_0"}
    assert tasks.wait_all()


def test_an_older_run_of_other_data_cannot_be_corrected_and_says_so(
    qtbot: QtBot, stage: ResultsStage, tmp_path: Path, tiny_pictures: Callable[..., Path]
):
    assert not stage.elsewhere.isVisible()
    stage._session.open_data(tiny_pictures(tmp_path / "other data"))
    rest(qtbot, stage._session)
    said = "This page shows a run on “shapes”, but the open data are “other data”."
    assert stage.elsewhere.isVisible()
    assert stage.elsewhere.text() == said
    assert not act(stage, "Exclude").isEnabled()
    assert act(stage, "Exclude").toolTip()


def test_data_of_the_same_name_are_told_apart_by_their_folders(
    qtbot: QtBot, stage: ResultsStage, tmp_path: Path, tiny_pictures: Callable[..., Path]
):
    other = tiny_pictures(tmp_path / "elsewhere" / "shapes")
    stage._session.open_data(other)
    rest(qtbot, stage._session)
    assert str(other)[-20:] in stage.elsewhere.text()


def test_in_a_narrow_window_every_column_is_seen_and_the_page_scrolls(
    qtbot: QtBot, stage: ResultsStage
):
    page = stage.tabs.widget(0)
    assert isinstance(page, QScrollArea)
    stage.resize(600, 500)
    qtbot.waitUntil(page.verticalScrollBar().isVisible)
    qtbot.waitUntil(lambda: not stage.classes.horizontalScrollBar().isVisible())


def test_a_matrix_of_ten_classes_is_seen_whole(qtbot: QtBot):
    names = [f"class {number}" for number in range(10)]
    truth = [number % 10 for number in range(40)]
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.fill(one_class.measure(truth, np.eye(10)[truth], names))
    for size in ((430, 338), (443, 344), (456, 352)):
        matrix.resize(*size)
        matrix.show()
        assert not matrix.verticalScrollBar().isVisible()
        assert not matrix.horizontalScrollBar().isVisible()


def test_of_endless_names_a_sentence_shows_both_ends(stage: ResultsStage):
    name = "a" * 300 + "z"
    truth = Note("report.confused", {"truth": name, "label": "b", "count": 3, "support": 9})
    label = stage.head.sentences
    say(label, [truth])
    assert "a…a" in label.text()
    assert len(label.text()) < 130
    assert name in label.toolTip()


def test_pictures_that_are_gone_are_shown_as_missing(stage: ResultsStage, run: Run):
    (first, *_others) = shown_paths(stage)
    assert tasks.wait_all()
    (stage._results.root / first).unlink()
    cache = stage.grid.thumbnails.cache
    cache.reset(stage._results.decode)
    cache.get(stage._results.root / first)
    assert tasks.wait_all()
    assert "missing" in cache.get(stage._results.root / first)


def test_copying_table_and_matrix(stage: ResultsStage):
    stage.classes.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("Class\tRecall")
    stage.matrix.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "\tclass_0\tclass_1"


def test_a_run_that_was_never_tested_leaves_the_stage_empty(qtbot: QtBot, ready: Session):
    stage = ResultsStage(ready)
    qtbot.addWidget(stage)
    ready.open_run(finished.finished_run(ready.plan, "cancelled").path)
    assert tasks.wait_all()
    assert stage._pages.currentIndex() == 0


def test_a_damaged_report_is_a_sentence(stage: ResultsStage, run: Run):
    (run.path / report.REPORT).write_text("{", encoding="utf-8")
    stage._session.open_run(run.path)
    assert tasks.wait_all()
    assert stage._pages.currentIndex() == 0
    assert "report.json cannot be read" in stage.bar.text.text()


def test_missing_predictions_leave_the_figures(stage: ResultsStage, run: Run):
    (run.path / report.PREDICTIONS).unlink()
    stage._session.open_run(run.path)
    assert tasks.wait_all()
    assert stage._pages.currentIndex() == 1
    assert shown_paths(stage) == []


def test_ten_thousand_classes(qtbot: QtBot, ready: Session, run: Run, smooth: Clockwork):
    """The matrix is small, and the list shows what is seen only; the window does not stall."""
    count = 10_000
    names = [f"class {n:05}" for n in range(count)]
    truth = list(range(200))
    probabilities = np.zeros((len(truth), count), np.float32)
    probabilities[np.arange(len(truth)), [n // 2 for n in truth]] = 1
    paths = [f"{n}.png" for n in truth]
    report.save(
        run.path,
        one_class.measure(truth, probabilities, names),
        made_rows(paths, truth, probabilities, names),
        recipe=run.recipe,
    )
    stage = ResultsStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    stage.show()
    smooth.start()
    ready.open_run(run.path)
    qtbot.waitUntil(lambda: len(stage.classes.rows.shown) == count, timeout=20_000)
    stage.classes.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    qtbot.wait(50)
    smooth.stop()
    cells = stage.matrix.cells
    assert cells.rowCount() == cells.columnCount() == one_class.CONFUSED_CLASSES
    assert stage.note.text()
    chooser = ClassChooser("Relabel", names)
    qtbot.addWidget(chooser)
    chooser.name.setText("class 09999")
    assert chooser.chosen() == "class 09999"


def test_many_classes_are_cut_to_the_most_confused():
    size = 60
    counts = [[5 if i == j else 0 for j in range(size)] for i in range(size)]
    for wrong in range(10, 60):
        counts[wrong][(wrong + 1) % 50 + 10 if wrong + 1 > 59 else wrong + 1] = 3
    assert most_confused(counts, 50) == list(range(10, 60))
    assert most_confused(counts[:3], 50) == [0, 1, 2]


def test_the_viewer_says_class_part_and_answer_and_goes_through_what_is_shown(
    qtbot: QtBot, stage: ResultsStage, run: Run
):
    paths = shown_paths(stage)
    assert len(paths) > 1
    rows = {row.path: row for row in report.load_predictions(run.path)}
    stage.grid.thumbnails.choose(paths[0])
    act(stage, "View large").trigger()
    viewer = stage.findChild(SampleViewer)
    assert tasks.wait_all()
    for path in paths[:2]:
        row, pane = rows[path], viewer.panes[0]
        assert pane.heading.text() == f"Class: {row.truth}"
        assert pane.facts.text() == "Test set"
        assert f"predicted as “{row.label}”" in viewer.text.text()
        assert f"{round(100 * row.confidence)} % confidence" in viewer.text.text()
        viewer.next()
    viewer.previous()
    viewer.panes[0].exclude_button.click()
    assert stage._session.recipe.data.exclude == (paths[viewer.at],)
    assert "Exclude 1 picture" in stage.bar.text.text()
    viewer.close()
    assert tasks.wait_all()


def test_of_other_data_the_viewer_says_what_the_run_knew_and_corrects_nothing(
    qtbot: QtBot, stage: ResultsStage, tmp_path: Path, tiny_pictures: Callable[..., Path]
):
    stage._session.open_data(tiny_pictures(tmp_path / "other data"))
    rest(qtbot, stage._session)
    stage.grid.thumbnails.choose(shown_paths(stage)[0])
    stage.grid.look()
    viewer = stage.findChild(SampleViewer)
    assert tasks.wait_all()
    pane = viewer.panes[0]
    assert (pane.heading.text(), pane.facts.text()) == ("Class: class_1", "Test set")
    assert not pane.relabel_button.isEnabled()
    assert not pane.exclude_button.isEnabled()
    assert "Open the" in pane.exclude_button.toolTip()
    viewer.close()


def test_a_search_is_offered_in_one_click_unless_it_was_one(
    stage: ResultsStage, monkeypatch: pytest.MonkeyPatch
):
    begun = []
    monkeypatch.setattr(results, "search_better", begun.append)
    assert stage.head.search.isVisible()
    stage.head.search.click()
    assert begun == [stage._session]
    found = stage._results
    assert found is not None
    tried = msgspec.structs.replace(found.report, tried=("fine_tuning",))
    stage._show(replace(found, report=tried))
    assert not stage.head.search.isVisible()


def test_only_the_page_scrolls(qtbot: QtBot, stage: ResultsStage):
    stage.resize(880, 500)
    qtbot.waitUntil(stage._area.verticalScrollBar().isVisible)
    for part in (stage.classes, stage.matrix, stage.grid.thumbnails):
        assert not part.verticalScrollBar().isVisible()
        assert not part.horizontalScrollBar().isVisible()


def test_details_are_folded_until_they_are_wanted(stage: ResultsStage):
    assert not stage.head.figures.isVisible()
    stage.head.details.click()
    assert stage.head.figures.isVisible()
    assert stage.head.sentences.isVisible()


def test_of_many_classes_the_page_alone_scrolls(qtbot: QtBot, stage: ResultsStage):
    names = [f"class {number:02}" for number in range(60)]
    truth = [number % 60 for number in range(120)]
    found = one_class.measure(truth, np.eye(60)[truth], names)
    assert stage._results is not None
    stage.resize(2000, 1000)
    stage._show_parts(replace(stage._results, report=found, rows=[]))
    table, bar = stage.classes, stage.classes.verticalScrollBar()
    qtbot.waitUntil(lambda: table.width() < 700 and stage.matrix.width() > 1800)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert table.rows.rowCount() == 40
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert table.rows.rowCount() == 40
    stage._all_rows.click()
    qtbot.waitUntil(lambda: table.height() > 60 * 28)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert table.rows.rowCount() == 60


def test_of_a_model_for_another_place_own_figures_say_whose_they_are(stage: ResultsStage):
    whole = stage._whole
    labels = stage.head.measured, stage.measured, stage.note
    assert not any(label.text() for label in labels)
    there = metrics.Checked(accuracy=0.5, low=0.4, high=0.6, n=40)
    stage._show(replace(whole, report=msgspec.structs.replace(whole.report, checked=there)))
    assert len({label.text() for label in labels}) == 1
    assert all(label.text() and not label.isHidden() for label in labels)


def test_the_checks_of_the_data_stand_above_the_headline(stage: ResultsStage, run: Run):
    assert stage.head.data.text.text()  # not checked, or what was found
    assert not stage.head.data.warns
    own = Said("shortcuts", "Shortcuts", (Note("check.nothing_found", {}, "warning"),))
    row = stage._whole.rows[0]
    data_checks.keep(DataChecks(version_of(run.split), (own,), doubted=(row.path,)))
    assert stage._whole.caption(row) != stage._whole.checked_again().caption(row)
    stage.tabs.setCurrentIndex(1)
    stage.head.look_again()
    tasks.wait_all()
    assert stage.head.data.warns
    assert "Shortcuts" in stage.head.data.text.text()
    assert stage.tabs.currentIndex() == 1  # the same run
    assert run.path.name in stage.views.about.text()
    stage._last = None
    stage._open(run)
    tasks.wait_all()
    assert stage.tabs.currentIndex() == 0  # another one
