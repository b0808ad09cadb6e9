"""The Runs stage: what the table says of each run, and what can be done with it."""

import dataclasses
import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import FakeTrainer, open_data, rest
from tests.gui.theme import use_light_theme
from transfergui.core import registry
from transfergui.core.evaluation.run_differences import PairedDifference, paired
from transfergui.core.figures.paired import Paired
from transfergui.core.places.run_state import TITLES
from transfergui.core.runs import events as ev
from transfergui.core.runs import notes
from transfergui.core.runs import run as runs
from transfergui.core.runs.notes import RunNotes
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.gui.base import tasks
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import RunName
from transfergui.gui.networks.model_chooser import ModelChoice
from transfergui.gui.networks.own_models import own_model
from transfergui.gui.panels.run_comparison import ComparedRun, short_names
from transfergui.gui.panels.run_notes import NotesDialog
from transfergui.gui.panels.runs import RunsStage
from transfergui.gui.parts.name_dialog import NameDialog
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.tables.run_row import RunRow
from transfergui.gui.tables.run_table import COLOURS, FIGURE, INTERVAL


@pytest.fixture
def stage(qtbot: QtBot, ready: Session) -> RunsStage:
    stage = RunsStage(ready)
    qtbot.addWidget(stage)
    stage.resize(880, 740)
    return stage


def show(stage: RunsStage) -> None:
    stage.show()
    stage.activateWindow()
    stage.refresh()
    assert tasks.wait_all()


def choose(stage: RunsStage, run: Run) -> None:
    paths = [row.run.path for row in stage.table.rows.shown]
    stage.table.clearSelection()
    stage.table.selectRow(paths.index(run.path))
    stage.table.setFocus()


def state_of(stage: RunsStage, run: Run) -> str:
    return next(row.state for row in stage.table.rows.rows if row.run.path == run.path)


def test_without_runs_it_says_what_will_be_there(stage: RunsStage):
    show(stage)
    assert stage._pages.currentIndex() == 0
    assert stage._pages.currentWidget().button.isEnabled()


def test_a_run_that_vanishes_while_the_list_is_read_is_left_out(
    stage: RunsStage, ready: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted in another window, or by the worker that deletes."""
    here = finished.finished_run(ready.plan)
    gone = Run(here.path.with_name("gone"))
    monkeypatch.setattr(runs, "list_runs", lambda: [gone, here])
    show(stage)
    assert [row.run.path for row in stage.table.rows.rows] == [here.path]


def test_each_run_with_its_figures_and_state(stage: RunsStage, ready: Session):
    done = finished.finished_run(ready.plan)
    left = finished.finished_run(ready.plan, "cancelled")
    killed = Run.create(ready.plan.recipe, ready.plan.split)
    show(stage)
    assert state_of(stage, done) == "done"
    assert state_of(stage, left) == "cancelled"
    assert state_of(stage, killed) == "interrupted"
    row = next(r for r in stage.table.rows.rows if r.run.path == done.path)
    assert (row.epochs, row.strategy, row.backbone) == (
        5,
        "Feature extraction",
        network_title(done),
    )
    assert row.figure is not None
    assert row.figure.value == done.report()["accuracy"]
    assert row.figure.low is not None and row.figure.low < row.figure.value


def test_a_damaged_run_is_listed_and_cannot_be_opened(stage: RunsStage, ready: Session):
    run = finished.finished_run(ready.plan)
    (run.path / "recipe.json").write_text("{", encoding="utf-8")
    show(stage)
    choose(stage, run)
    assert state_of(stage, run) == "damaged"
    assert not stage.buttons["open"].isEnabled()
    assert stage.buttons["delete"].isEnabled()


def test_open_shows_the_run_and_leads_to_its_results(
    qtbot: QtBot, stage: RunsStage, ready: Session
):
    run = finished.finished_run(ready.plan)
    show(stage)
    choose(stage, run)
    with qtbot.waitSignal(stage.go) as went:
        qtbot.keyClick(stage.table, Qt.Key.Key_Return)
    assert went.args == ["results"]
    qtbot.waitUntil(lambda: ready.run is not None)
    assert ready.run.path == run.path
    assert len(ready.history.epochs) == 5


def test_go_on_resumes_only_what_can_go_on(
    qtbot: QtBot, stage: RunsStage, ready: Session, trainer: FakeTrainer
):
    done = finished.finished_run(ready.plan)
    left = finished.finished_run(ready.plan, "cancelled")
    show(stage)
    choose(stage, done)
    assert not stage.buttons["resume"].isEnabled()
    choose(stage, left)
    stage.buttons["resume"].click()
    qtbot.waitUntil(lambda: ready.run is not None and ready.state is State.READY, timeout=20_000)
    rest(qtbot, ready)
    assert trainer.started == 1
    assert state_of(stage, left) == "done"


def test_compare_lays_its_curves_under(qtbot: QtBot, stage: RunsStage, ready: Session):
    first, second = (finished.finished_run(ready.plan) for _time in range(2))
    show(stage)
    choose(stage, second)
    assert not stage.buttons["compare"].isEnabled()  # under nothing
    ready.open_run(first.path)
    assert tasks.wait_all()
    choose(stage, second)
    with qtbot.waitSignal(stage.go) as went:
        stage.buttons["compare"].click()
    assert went.args == ["live"]
    qtbot.waitUntil(lambda: ready.comparison.current is not None)
    assert ready.comparison.current[0].path == second.path


def test_only_runs_of_the_same_data_are_compared(
    qtbot: QtBot, stage: RunsStage, ready: Session, tmp_path: Path, tiny_pictures
):
    here = [finished.finished_run(ready.plan) for _number in range(2)]
    open_data(qtbot, ready, tiny_pictures(tmp_path / "other data"))
    there = finished.finished_run(ready.plan)
    ready.open_run(here[0].path)
    assert tasks.wait_all()
    show(stage)
    choose(stage, there)
    assert not stage.buttons["compare"].isEnabled()
    choose(stage, here[1])
    assert stage.buttons["compare"].isEnabled()
    stage.table.selectAll()
    assert not stage.buttons["compare"].isEnabled()
    ready.comparison.compare(here[1].path)
    assert tasks.wait_all()
    choose(stage, here[1])
    stage.open()
    assert tasks.wait_all()
    assert ready.comparison.current is not None
    choose(stage, there)
    stage.open()
    assert tasks.wait_all()
    assert ready.comparison.current is None


def test_what_was_deleted_is_said_until_something_else_is_done(
    qtbot: QtBot, stage: RunsStage, ready: Session
):
    run = finished.finished_run(ready.plan)
    show(stage)
    for act in (
        stage.hide,
        lambda: ready.open_run(finished.finished_run(ready.plan).path),
        lambda: ready.change(ready.recipe.replace(run__epochs=3), "x"),
    ):
        stage.bar.show_message("1 run was deleted.", passing=True)
        assert not stage.bar.isHidden()
        act()
        assert tasks.wait_all()
        assert stage.bar.isHidden()
    assert run.path.is_dir()


def test_delete_can_be_undone(qtbot: QtBot, stage: RunsStage, ready: Session):
    run = finished.finished_run(ready.plan)
    show(stage)
    choose(stage, run)
    qtbot.keyClick(stage.table, Qt.Key.Key_Delete)
    assert tasks.wait_all()
    assert runs.list_runs() == []
    assert stage._pages.currentIndex() == 0
    assert stage.bar.text.text() == "1 run was deleted."
    stage.bar.action.click()
    assert tasks.wait_all()
    assert [r.path for r in runs.list_runs()] == [run.path]
    assert stage.table.rows.rowCount() == 1
    assert not stage.bar.isVisible()


def test_a_run_that_cannot_be_moved_is_said(
    stage: RunsStage, ready: Session, monkeypatch: pytest.MonkeyPatch
):
    run = finished.finished_run(ready.plan)
    show(stage)

    def refuse(_run: Run) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Run, "discard", refuse)
    choose(stage, run)
    stage.delete()
    assert tasks.wait_all()
    assert "cannot be moved: Permission denied" in stage.bar.text.text()


def test_the_run_in_training_cannot_be_deleted(
    qtbot: QtBot, stage: RunsStage, ready: Session, trainer: FakeTrainer
):
    trainer.hold.clear()
    ready.start_training()
    qtbot.waitUntil(lambda: ready.run is not None and ready.history.started is not None)
    show(stage)
    choose(stage, ready.run)
    assert state_of(stage, ready.run) == "active"
    assert not stage.buttons["delete"].isEnabled()
    assert not stage.buttons["open"].isEnabled()


def test_the_table_can_be_copied(stage: RunsStage, ready: Session):
    finished.finished_run(ready.plan)
    show(stage)
    stage.table.clearSelection()
    stage.table.copy()
    heading, row = QGuiApplication.clipboard().text().splitlines()
    assert heading.startswith("Name\tStarted\tBackbone")
    assert row.startswith("shapes\t")


def test_every_state_of_a_run_has_a_colour():
    assert COLOURS.keys() == TITLES.keys()


def test_a_run_says_what_it_is_made_of_and_who_chose_it(stage: RunsStage, ready: Session):
    assert ready.plan is not None
    members = [str(finished.finished_run(ready.plan).path) for _time in range(2)]
    recipe = ready.plan.recipe
    soup = Run.create(recipe.replace(strategy="soup", options={"runs": members}), ready.plan.split)
    searching = Run.create(recipe.replace(strategy="auto", backbone="auto"), ready.plan.split)
    found = finished.finished_run(ready.plan)
    found.record(ev.Tried(backbone="tgnet", title="TGNet", strategy="feature_extraction"))
    show(stage)
    told = {row.run.path: (row.backbone, row.strategy) for row in stage.table.rows.rows}
    assert told[soup.path] == ("2 runs", "Combine runs (soup or ensemble)")
    assert next(row for row in stage.table.rows.rows if row.run.path == soup.path).epochs is None
    assert told[searching.path] == ("not chosen yet", "Automatic search")
    assert told[found.path] == (network_title(found), "Feature extraction (automatic search)")


def fit(stage: RunsStage, width: int) -> list[int]:
    """The columns that show less than they hold, in a stage of this width."""
    stage.resize(width, 740)
    table = stage.table
    seen = [n for n in range(table.rows.columnCount()) if not table.isColumnHidden(n)]
    return [n for n in seen if table.sizeHintForColumn(n) > table.columnWidth(n)]


def test_no_cell_is_cut_while_there_is_room(qapp: QApplication, stage: RunsStage, ready: Session):
    use_light_theme(qapp)  # widths are those of its fonts
    assert ready.plan is not None
    found = finished.finished_run(ready.plan)
    found.record(ev.Tried(backbone="tgnet", title="TGNet", strategy="feature_extraction"))
    long = ready.plan.recipe.replace(backbone=f"/there/{'a_long_name_of_a_file' * 3}.pth")
    Run.create(long, ready.plan.split)
    show(stage)
    backbone = [column.title for column in stage.table.rows.columns].index("Backbone")
    assert fit(stage, 1600) == []
    assert fit(stage, 860) == [backbone]  # the widest gives way
    stage.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    QApplication.processEvents()
    assert stage.table.horizontalScrollBar().maximum() == 0
    assert fit(stage, 1600) == []


def test_widths_that_were_dragged_stay(qapp: QApplication, stage: RunsStage, ready: Session):
    assert ready.plan is not None
    finished.finished_run(ready.plan)
    show(stage)
    begun, backbone = 1, 2
    fitted = stage.table.columnWidth(backbone)
    stage.table.setColumnWidth(begun, 220)
    stage.refresh()
    assert tasks.wait_all()
    assert stage.table.columnWidth(begun) == 220
    assert stage.table.columnWidth(backbone) == fitted
    fit(stage, 760)
    assert stage.table.columnWidth(begun) == 220


def test_networks_together_are_all_named_and_in_full_in_the_tip(stage: RunsStage, ready: Session):
    assert ready.plan is not None
    options = {"partners": ("resnet18", "squeezenet1_1")}
    recipe = ready.plan.recipe.replace(strategy="fusion", backbone="tgnet", options=options)
    Run.create(recipe, ready.plan.split)
    show(stage)
    (row,) = stage.table.rows.rows
    assert row.backbone == "TGNet + ResNet-18 + SqueezeNet 1.1"
    column = next(c for c in stage.table.rows.columns if c.title == "Backbone")
    assert column.hint(row) == f"<qt>{row.backbone} · tgnet</qt>"


def test_of_two_that_are_selected_one_is_laid_under_the_other(
    qtbot: QtBot, stage: RunsStage, ready: Session
):
    assert ready.plan is not None
    runs = {finished.finished_run(ready.plan).path for _time in range(2)}
    show(stage)
    stage.table.selectAll()
    stage.buttons["compare"].click()
    qtbot.waitUntil(lambda: ready.run is not None and ready.comparison.current is not None)
    assert {ready.run.path, ready.comparison.current[0].path} == runs


def test_what_is_trained_after_putting_together_chooses_its_own_network(
    stage: RunsStage, ready: Session
):
    assert ready.plan is not None
    for _time in range(2):
        finished.finished_run(ready.plan)
    show(stage)
    stage.table.selectAll()
    stage.actions_by_key["combine"].trigger()
    assert ready.recipe.backbone == "auto"


def test_putting_together_leaves_other_settings_as_they_are(stage: RunsStage, ready: Session):
    """Epochs of one of the runs were those of whatever was trained next."""
    assert ready.plan is not None
    four = dataclasses.replace(ready.plan, recipe=ready.recipe.replace(run__epochs=4, run__seed=7))
    for _time in range(2):
        finished.finished_run(four)
    show(stage)
    stage.table.selectAll()
    stage.actions_by_key["combine"].trigger()
    assert ready.recipe.run.epochs is None
    assert ready.recipe.run.seed == 7  # by which the data were divided


def test_finished_ones_are_put_together(qtbot: QtBot, stage: RunsStage, ready: Session):
    runs = [finished.finished_run(ready.plan) for _time in range(2)]
    left = finished.finished_run(ready.plan, "cancelled")
    show(stage)
    choose(stage, runs[0])
    assert not stage.actions_by_key["combine"].isEnabled()  # one alone
    stage.table.selectAll()
    assert not stage.actions_by_key["combine"].isEnabled()  # one is not finished
    left.discard()
    show(stage)
    stage.table.selectAll()
    stage.actions_by_key["combine"].trigger()
    assert ready.recipe.strategy == "soup"
    assert set(ready.recipe.options["runs"]) == {str(run.path) for run in runs}
    assert "Train" in stage.bar.text.text()
    ready.undo_stack.undo()
    assert ready.recipe.strategy == ready.plan.strategy.key == "feature_extraction"


def test_what_is_selected_stays_so_when_the_table_is_sorted(stage: RunsStage, ready: Session):
    runs_there = [finished.finished_run(ready.plan) for _ in range(3)]
    show(stage)
    choose(stage, runs_there[0])
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        stage.table.sortByColumn(1, order)
        assert [row.run.path for row in stage.table.chosen()] == [runs_there[0].path]
    stage.table.rows.show_only(lambda row: False)
    assert not stage.buttons["open"].isEnabled()
    assert not stage.actions_by_key["folder"].isEnabled()


# -- names


def naming(stage: RunsStage) -> NameDialog:
    (dialog,) = stage.window().findChildren(NameDialog)
    return dialog


def test_a_run_is_renamed_and_called_so_everywhere(qtbot: QtBot, stage: RunsStage, ready: Session):
    run = finished.finished_run(ready.plan)
    run.checkpoints.mkdir()
    run.best.touch()
    ready.open_run(run.path)
    assert tasks.wait_all()
    show(stage)
    choose(stage, run)
    qtbot.keyClick(stage.table, Qt.Key.Key_F2)
    dialog = naming(stage)
    assert dialog.field.text() == "shapes"
    dialog.field.setText("  my best ")
    with qtbot.waitSignal(ready.run_changed) as told:
        dialog.button.click()
        assert tasks.wait_all()
    assert told.args[0].path == run.path
    assert tasks.wait_all()
    (row,) = stage.table.rows.rows
    assert row.name == "my best"
    assert row.tip == f"shapes · {run.path}"
    name = RunName.of(run)
    assert name.short.startswith("my best · MobileNetV2 · Feature extraction · ")
    assert name.full == name.short.replace("my best", "my best (shapes)")
    assert ModelChoice.of(run).name == name.full
    assert own_model(run).title == "my best"
    assert "trained on “shapes”" in own_model(run).summary
    assert run.recipe == ready.plan.recipe


def test_a_name_that_cannot_be_is_refused_while_typing(stage: RunsStage, ready: Session):
    run = finished.finished_run(ready.plan)
    show(stage)
    choose(stage, run)
    stage.actions_by_key["rename"].trigger()
    dialog = naming(stage)
    assert dialog.button.isEnabled()
    dialog.field.setText("   ")
    assert dialog.said.text() == "The name is empty. Type a name for the run."
    assert not dialog.button.isEnabled()
    dialog.field.setText("x" * 81)
    assert (
        dialog.said.text()
        == "The name has 81 characters; at most 80 are possible. Shorten the name."
    )
    assert dialog.field.accessibleDescription() == dialog.said.text()
    assert not dialog.button.isEnabled()
    dialog.reject()
    assert run.name == ""


def test_a_damaged_run_is_not_renamed(stage: RunsStage, ready: Session):
    run = finished.finished_run(ready.plan)
    (run.path / "recipe.json").write_text("{", encoding="utf-8")
    show(stage)
    choose(stage, run)
    assert not stage.actions_by_key["rename"].isEnabled()


def figures_of(run: Run, **changes: object) -> None:
    """Replace fields of the report of a run."""
    path = run.path / "report.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), encoding="utf-8")


def predicts(run: Run, objective: str) -> None:
    """Replace what a run says that it predicts."""
    path = run.path / "events.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"one_class"', f'"{objective}"'), encoding="utf-8")


NUMBER = {
    "objective": "number",
    "unit": "deg",
    "accuracy": None,
    "primary": {
        "name": "mean_absolute_error",
        "value": 15.3,
        "low": 11.4,
        "high": 20.4,
        "higher_is_better": False,
    },
}


def cells(stage: RunsStage, column: int) -> list[str]:
    model = stage.table.rows
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_the_figure_of_each_run_stands_with_its_name(stage: RunsStage, ready: Session) -> None:
    run = finished.finished_run(ready.plan)
    show(stage)
    assert stage.table.rows.columns[FIGURE].title == "Accuracy"
    assert cells(stage, FIGURE) == ["83.3 %"] or cells(stage, FIGURE)[0].endswith(" %")
    figures_of(run, **NUMBER)
    show(stage)
    assert stage.table.rows.columns[FIGURE].title == "Mean absolute error"
    assert (cells(stage, FIGURE), cells(stage, INTERVAL)) == (["15.3 deg"], ["11.4 to 20.4 deg"])
    finished.finished_run(ready.plan)
    show(stage)
    assert stage.table.rows.columns[FIGURE].title == "Result"
    assert "15.3 deg mean absolute error" in cells(stage, FIGURE)


def test_a_tested_run_without_an_accuracy_leads_to_its_results(
    qtbot: QtBot, stage: RunsStage, ready: Session
) -> None:
    run = finished.finished_run(ready.plan)
    figures_of(run, **NUMBER)
    show(stage)
    choose(stage, run)
    with qtbot.waitSignal(stage.go) as went:
        stage.open()
    assert went.args == ["results"]


def test_runs_that_predict_different_things_are_not_compared(
    stage: RunsStage, ready: Session
) -> None:
    runs_made = [finished.finished_run(ready.plan), finished.finished_run(ready.plan)]
    predicts(runs_made[1], "number")
    show(stage)
    stage.table.selectAll()
    assert not stage.buttons["compare"].isEnabled()
    assert stage.buttons["compare"].toolTip().startswith("These runs predict different things")
    predicts(runs_made[0], "number")
    show(stage)
    stage.table.selectAll()
    assert stage.buttons["compare"].isEnabled()


def test_lists_of_models_know_the_figure_of_each(ready: Session) -> None:
    """A tested model of numbers was called "not tested"."""
    run = finished.finished_run(ready.plan)
    figures_of(run, **NUMBER)
    assert ModelChoice.of(run).title.endswith("15.3 deg")


# -- notes, filter, comparison


def test_tags_and_a_note_are_kept_with_the_run_and_found(
    qtbot: QtBot, stage: RunsStage, ready: Session
) -> None:
    runs_made = [finished.finished_run(ready.plan) for _number in range(2)]
    show(stage)
    choose(stage, runs_made[0])
    qtbot.keyClick(stage.table, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = stage.window().findChildren(NotesDialog)
    dialog.tags.setText("paper,  first try, paper")
    dialog.note.setPlainText("half of the data")
    dialog.accept()
    assert tasks.wait_all()
    assert notes.read(runs_made[0].path) == RunNotes(("paper", "first try"), "half of the data")
    for words, found in (("FIRST", 1), ("half of", 1), ("shapes", 2), ("nothing", 0)):
        stage.filter.search.setText(words)
        assert len(stage.table.rows.shown) == found
    (runs_made[0].path / notes.NOTES).write_text("{", encoding="utf-8")
    assert notes.read(runs_made[0].path) == RunNotes()


def test_runs_on_one_data_stand_together(
    qtbot: QtBot, stage: RunsStage, ready: Session, tmp_path: Path, tiny_pictures
) -> None:
    here = [finished.finished_run(ready.plan)]
    open_data(qtbot, ready, tiny_pictures(tmp_path / "other data"))
    there = finished.finished_run(ready.plan)
    here.append(Run.create(Run(here[0].path).recipe, ready.plan.split))
    for number, run in enumerate((here[0], there, here[1])):
        os.utime(run.path / "recipe.json", (number + 1e9, number + 1e9))
    show(stage)
    stage.filter.group.setChecked(True)
    assert [row.run.path for row in stage.table.rows.shown] == [
        here[1].path,
        here[0].path,
        there.path,
    ]
    stage.filter.data.setCurrentIndex(stage.filter.data.findData(str(tmp_path / "other data")))
    assert [row.run.path for row in stage.table.rows.shown] == [there.path]


def test_the_difference_of_two_runs_is_measured_on_the_examples_of_both(
    stage: RunsStage, ready: Session
) -> None:
    one, other = (finished.finished_run(ready.plan) for _number in range(2))
    table = other.path / "predictions.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace(",class_1,class_0,", ",class_1,class_1,"), encoding="utf-8")
    found = paired(one, other)
    assert found is not None and found.same and not found.first_only
    assert found.second_only == text.count(",class_1,class_0,") > 0
    assert found.low < found.value == found.second_only / found.shared < found.high
    show(stage)
    choose(stage, one)
    assert stage.comparison.isHidden()
    stage.table.selectAll()
    assert tasks.wait_all()
    assert not stage.comparison.isHidden()
    assert [each.place for each in stage.comparison.table.rows.rows] == [0, 1]
    assert all(each.difference for each in stage.comparison.table.rows.rows[1:])


def test_compared_runs_are_named_by_what_tells_them_apart(tmp_path: Path) -> None:
    run = Run(tmp_path)
    rows = [RunRow(run, "clothes", 0, backbone="A", strategy=each) for each in ("x", "y", "y")]
    assert short_names(rows[:2]) == ["x", "y"]
    assert [name[:4] for name in short_names(rows)] == ["x · ", "y · ", "y · "]


def test_numbers_are_compared_in_their_unit(tmp_path: Path) -> None:
    score = registry.objective("number").primary
    row = RunRow(Run(tmp_path), "a", 0, figure=RunFigure("number", score, 3.1, unit="kg"))
    difference = PairedDifference(
        "mean_absolute_error", 40, True, 3.5, 3.1, Paired("better", -0.4, -0.7, -0.1, 0.01, 40)
    )
    found = ComparedRun(row, "a", 1, difference)
    assert (found.by, found.between, found.verdict) == ("−0.4 kg", "−0.7 to −0.1", "better")
