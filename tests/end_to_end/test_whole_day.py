"""A person's whole day in the real window: an unsorted folder, labels, a model, new photos, a wrong
prediction corrected, the model trained again, files sorted, and all of it undone."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.core.acting.made_acts import contents
from tests.end_to_end.test_window import PATIENCE, click, window
from tests.gui.conftest import rest
from tests.gui.labelling.test_page import NAMES, unsorted
from transfergui.core.projects import after
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.gui.acting.act_dialog import ActDialog
from transfergui.gui.acting.forms import SortForm
from transfergui.gui.base import tasks
from transfergui.gui.labelling.page import LabelPage
from transfergui.gui.panels.arrival_dialog import ArrivalDialog
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.shell.main_window import MainWindow

_fixture = window

Kind = TypeVar("Kind", bound=QDialog)
KEPT = 14
"""Labels that are given by hand; the suggestions for the rest are accepted."""


def dialog_of(qtbot: QtBot, window: MainWindow, kind: type[Kind]) -> Kind:
    qtbot.waitUntil(lambda: window.findChild(kind) is not None, timeout=PATIENCE)
    found = window.findChild(kind)
    assert found is not None
    return found


def label(qtbot: QtBot, window: MainWindow, folder: Path, truth: dict[str, str]) -> None:
    """Name the classes, label a few by their keys, accept what is suggested for the rest."""
    window.opening.open_path(folder)
    qtbot.waitUntil(lambda: isinstance(window.stage.over, EmptyPage), timeout=PATIENCE)
    assert isinstance(window.stage.over, EmptyPage)
    click(qtbot, window.stage.over.button)
    qtbot.waitUntil(lambda: window.labelling.page is not None, timeout=PATIENCE)
    page = window.labelling.page
    assert isinstance(page, LabelPage)
    for name in NAMES:
        page.classes.field.setText(name)
        qtbot.keyClick(page.classes.field, Qt.Key.Key_Return)
    assert tasks.wait_all(60)
    page.tiles.choose(page.tiles.paths[0])
    for _number in range(KEPT):
        (path,) = page.tiles.selected()
        qtbot.keyClick(page.tiles, str(1 + NAMES.index(truth[path])))
    suggested = lambda: page.labelling.suggested.guesses  # noqa: E731
    qtbot.waitUntil(lambda: {*page.tiles.paths} <= suggested().keys(), timeout=PATIENCE)
    page.tiles.selectAll()
    qtbot.keyClick(page.tiles, Qt.Key.Key_Return)
    given = page.labelling.table.labels
    assert len(given) == len(truth)
    right = sum(truth[path] == name for path, name in given.items())
    assert right >= 0.9 * len(truth)  # colours are what the built-in backbone tells apart
    click(qtbot, page.head.train)


def train(qtbot: QtBot, window: MainWindow) -> Run:
    before = window.session.run
    panel = window.findChild(TrainingPanel)
    qtbot.waitUntil(lambda: not panel._guard.isActive(), timeout=PATIENCE)  # no double click
    click(qtbot, panel.button)
    return finished(qtbot, window, before)


def finished(qtbot: QtBot, window: MainWindow, before: Run | None) -> Run:
    """The run that has just begun, at its end."""
    session = window.session
    qtbot.waitUntil(
        lambda: session.run is not before and isinstance(session.history.outcome, ev.Finished),
        timeout=PATIENCE,
    )
    rest(qtbot, session)
    assert session.run is not None
    return session.run


def add(qtbot: QtBot, window: MainWindow) -> None:
    """Say yes to the question how new examples are added."""
    before = window.session.split
    dialog_of(qtbot, window, ArrivalDialog).add_button.click()
    qtbot.waitUntil(lambda: window.session.split is not before, timeout=PATIENCE)
    rest(qtbot, window.session)


def predicted(qtbot: QtBot, window: MainWindow, folder: Path) -> PredictStage:
    window.stage.show_stage("predict")
    stage = window.stage.widget_of("predict")
    assert isinstance(stage, PredictStage)
    qtbot.waitUntil(lambda: stage.models.currentData() is not None, timeout=PATIENCE)
    stage.predict([folder])
    count = len(list(folder.iterdir()))
    qtbot.waitUntil(lambda: len(stage.table.rows.shown) == count, timeout=PATIENCE)
    assert tasks.wait_all(60)
    return stage


def examples_tested(run: Run) -> set[str]:
    return {Path(sample.path).name for sample in run.split.test}


def test_from_an_unsorted_folder_to_sorted_files_and_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    photos, later = tmp_path / "photos", tmp_path / "later"
    truth = unsorted(photos, 20, 0, "photos-made")
    unsorted(later, 5, 1, "later-made")
    new = make_tiny_pictures(tmp_path / "new", per_class=6, seed=2)
    for at, name in enumerate(NAMES):
        (new / f"class_{at}").rename(new / name)
    before = contents(tmp_path)

    label(qtbot, window, photos, truth)
    first = finished(qtbot, window, None)
    assert window.session.dataset is not None and window.session.dataset.classes == NAMES

    window.arrivals.add(new)  # new photos arrive
    add(qtbot, window)
    second = train(qtbot, window)
    assert examples_tested(second) == examples_tested(first)
    assert len(second.split.train) == len(first.split.train) + 12
    before_it = after.run_before(second.recipe)  # what it is compared with
    assert before_it is not None and before_it.path == first.path

    stage = predicted(qtbot, window, later)  # one prediction is wrong, says the person
    row = stage.table.rows.shown[0]
    other = NAMES[1 - NAMES.index(row.label(0))]
    with qtbot.waitActive(window):
        window.activateWindow()
    stage.table.setFocus()
    stage.table.selectRow(0)
    qtbot.keyClick(stage.table, str(1 + NAMES.index(other)))
    click(qtbot, stage.corrections.add)
    add(qtbot, window)
    third = train(qtbot, window)
    assert examples_tested(third) == examples_tested(first)
    assert len(third.split.train) == len(second.split.train) + 1

    stage = predicted(qtbot, window, later)
    stage.output.to_act()
    stage._save.sort.trigger()
    dialog = dialog_of(qtbot, window, ActDialog)
    assert isinstance(dialog.form, SortForm)
    dialog.form.to.field.setText(str(tmp_path / "out"))
    dialog.form.how.button(1).setChecked(True)  # move
    qtbot.waitUntil(dialog.start.isEnabled, timeout=PATIENCE)
    assert contents(tmp_path) == before
    click(qtbot, dialog.start)
    qtbot.waitUntil(lambda: not list(later.iterdir()), timeout=PATIENCE)
    assert tasks.wait_all(60)
    moved = {p for p in contents(tmp_path / "out") if p.endswith(".png")}
    assert len(moved) == 10
    click(qtbot, dialog.undo)
    assert tasks.wait_all(60)
    assert contents(tmp_path) == before
