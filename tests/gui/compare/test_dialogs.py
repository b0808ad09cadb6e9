"""Two runs side by side in a window, and two models on a folder."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.core.evaluation.test_run_differences import run_with_errors
from tests.gui.conftest import Session
from transfergui.core.app import comparing
from transfergui.core.base import paths
from transfergui.core.evaluation.kinds import Table
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.compare.comparison_view import ComparisonView
from transfergui.gui.compare.dialogs import ModelsDialog, RunsDialog
from transfergui.gui.samples.sample_viewer import SampleViewer


def test_the_examples_on_which_two_runs_differ_are_filtered_opened_and_saved(
    qtbot: QtBot, ready: Session, tmp_path: Path
) -> None:
    one, other = run_with_errors(range(10)), run_with_errors(range(6, 12))
    dialog = RunsDialog(ready, (one, other), ("first", "second"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert tasks.wait_all()
    view = dialog.view
    assert [label.text() for label in view.names] == ["A   first", "B   second"]
    assert [view.tabs.tabText(n) for n in range(4)] == [
        "Overview",
        "Examples",
        "Curves",
        "Settings",
    ]
    assert any(text.startswith("The two runs cannot be told apart") for text in view.notes.texts())
    examples = view.examples
    assert len(examples.grid.thumbnails.paths) == 8
    assert not examples.buttons["both_wrong"].isEnabled()
    view.tabs.setCurrentWidget(examples)
    examples.buttons["first"].click()
    assert {*examples.grid.thumbnails.paths} == {"10.png", "11.png"}
    examples.write(tmp_path / "a.csv")
    view.save(Table("Figures", ("Figure", "A"), (("=x", "1"),)), tmp_path / "b.csv")
    assert tasks.wait_all()
    assert len((tmp_path / "a.csv").read_text("utf-8").splitlines()) == 3
    assert (tmp_path / "b.csv").read_text("utf-8") == "Figure,A\n'=x,1\n"
    examples.grid.thumbnails.choose("10.png")
    examples.grid.look()
    (viewer,) = examples.grid.findChildren(SampleViewer)
    assert "A predicts a · 90 %, B predicts b · 90 %" in viewer.text.text()
    viewer.close()
    assert tasks.wait_all()


def test_without_figures_what_is_missing_is_said(qtbot: QtBot, ready: Session) -> None:
    one, other = run_with_errors(()), run_with_errors((), first=60)
    view = ComparisonView(ready)
    qtbot.addWidget(view)
    view.show_comparison(comparing.runs(one, other), ("first", "second"))
    view.show()
    assert view.notes.texts()[0].startswith("The two runs were not tested on the same examples")
    assert view.examples.nothing.text()
    assert not view.examples.grid.isVisibleTo(view)
    same = comparing.runs(one, one)
    view.show_comparison(dataclasses.replace(same, settings=()), ("first", "second"))
    assert view.examples.nothing.text().startswith("Both predict the same for all 60")


@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_two_models_need_a_folder_and_are_two(
    qtbot: QtBot, ready: Session, tmp_path: Path, chosen: int
) -> None:
    paths = tuple(tmp_path / f"{name}.zip" for name in "ab"[:chosen])
    dialog = ModelsDialog(ready, paths)
    qtbot.addWidget(dialog)
    assert tasks.wait_all()
    assert not dialog.button.isEnabled()
    dialog.folder.setText(str(tmp_path))
    assert dialog.button.isEnabled() is (chosen == 2)
    if chosen == 2:
        dialog.compare()
        assert tasks.wait_all()
        assert "a.zip" in dialog.said.text()  # is not there
        assert dialog.view.isHidden()


def test_two_different_models_are_proposed(
    qtbot: QtBot, ready: Session, trained: Callable[[str], Run], tmp_path: Path
) -> None:
    run = trained("one_class")
    for name in ("first", "second"):
        shutil.copytree(run.path, paths.runs_dir() / name)
    dialog = ModelsDialog(ready)
    qtbot.addWidget(dialog)
    assert tasks.wait_all()
    chosen = {row.current for row in dialog.rows}
    assert chosen == {paths.runs_dir() / "first", paths.runs_dir() / "second"}
    dialog.rows[1].chooser.setCurrentIndex(dialog.rows[0].chooser.currentIndex())
    dialog.rows[1].chooser.activated.emit(0)  # the user wants it so: it stays
    dialog.rows[1].refresh()
    assert tasks.wait_all()
    assert dialog.rows[0].current == dialog.rows[1].current and not dialog.button.isEnabled()
