"""From an unsorted folder to a dataset, as a person does it in the window."""

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.conftest import rest
from tests.gui.labelling.test_page import NAMES, label_next, truth
from transfergui.core.base.errors import UserError
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.claim import claimed
from transfergui.core.labelling.features import Features
from transfergui.gui.base import tasks
from transfergui.gui.labelling import work
from transfergui.gui.labelling.export_dialog import ExportDialog
from transfergui.gui.labelling.page import LabelPage
from transfergui.gui.labelling.work import Opened
from transfergui.gui.panels.data import DataStage
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.shell.main_window import MainWindow

_fixture = truth


def dataset_card(window: MainWindow) -> DatasetPanel:
    panel = window.cards["dataset"].panel
    assert isinstance(panel, DatasetPanel)
    return panel


def begun(qtbot: QtBot, window: MainWindow, folder: Path) -> LabelPage:
    window.opening.open_path(folder)
    rest(qtbot, window.session)
    assert window.labelling.page is None
    assert window.cards["dataset"].bar.isHidden()  # it stands in the middle, once
    assert folder.name in dataset_card(window).empty.what.text()
    assert isinstance(window.stage.over, EmptyPage)
    window.stage.over.button.click()
    assert tasks.wait_all()
    page = window.labelling.page
    assert page is not None and window.stage.over is page
    return page


def test_from_an_unsorted_folder_to_a_dataset_and_back_to_the_labels(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, truth: dict[str, str]
) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    page = begun(qtbot, window, tmp_path / "photos")
    assert not window._left.isVisible() and not page.head.train.isEnabled()
    for name in NAMES:
        page.classes.field.setText(name)
        page.classes.add.click()
    assert page.classes.field.hasFocus()
    page.tiles.choose(page.tiles.paths[0])
    page.tiles.setFocus()
    label_next(qtbot, page, truth, 12)
    undo = window.menus.actions["undo"]
    assert undo.isEnabled() and "Label 1 picture" in undo.text()
    qtbot.keyClick(page.tiles, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.labelling.labelled == 11
    qtbot.keyClick(page.tiles, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert page.labelling.labelled == 12
    assert window.stage.minimumSizeHint().width() <= 620
    window.stage.show_stage("runs")
    assert window._left.isVisible() and not undo.isEnabled()
    window.stage.show_stage("data")
    assert window.stage.over is page and not window._left.isVisible()
    page.head.export.click()
    (dialog,) = window.findChildren(ExportDialog)
    dialog.choices["links"].click()
    dialog.write(tmp_path / "out")
    assert tasks.wait_all()
    out = [*(tmp_path / "out").rglob("*.png")]
    assert len(out) == 12 and {each.parent.name for each in out} == {*NAMES}
    assert "12" in page.bar.text.text() and page.bar.other.text() == "Undo"
    page.bar.other.click()
    assert tasks.wait_all()
    assert not [*tmp_path.rglob("out/**/*.png")] and len([*(tmp_path / "photos").iterdir()]) == 24
    page.head.train.click()
    qtbot.waitUntil(lambda: window.session.training)  # nothing else is to be pressed
    window.session.stop("cancel")
    rest(qtbot, window.session)
    dataset = window.session.dataset
    assert dataset is not None and len(dataset.samples) == 12
    assert dataset.classes == NAMES and not window.session.obstacle
    window.stage.show_stage("data")
    assert window.labelling.page is None and isinstance(window.stage.current, DataStage)
    assert window._left.isVisible()
    window.cards["dataset"].bar.action.click()
    assert tasks.wait_all()
    again = window.labelling.page
    assert again is not None and again.labelling.labelled == 12
    again.head.leave.click()
    assert window.labelling.page is None and window.stage.over is None


def test_an_unsorted_folder_is_offered_in_the_middle_and_found_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, truth: dict[str, str]
) -> None:
    folder = tmp_path / "photos"
    page = begun(qtbot, window, folder)
    page.labelling.label([page.tiles.paths[0]], "blob")
    page.head.leave.click()
    (card,) = window.welcome.recent
    assert tasks.wait_all() and card.result.text() == "Continue labelling (1 of 24)"
    card.click()
    assert tasks.wait_all()
    assert window.labelling.page is not None and window.labelling.page.labelling.labelled == 1
    window.labelling.page.head.leave.click()
    window.opening.open_path(folder)
    rest(qtbot, window.session)
    again = window.labelling.page  # it goes on by itself
    assert again is not None and again.labelling.labelled == 1
    window.opening.open_path(tmp_path / "sorted")
    rest(qtbot, window.session)
    assert window.labelling.page is None
    assert window.session.dataset is not None


def test_unsorted_examples_stand_in_the_place_of_what_was_open(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, truth: dict[str, str]
) -> None:
    window.opening.open_path(tmp_path / "sorted")
    rest(qtbot, window.session)
    window.opening.open_path(tmp_path / "photos")
    rest(qtbot, window.session)
    offer, bar = window.stage.over, window.cards["dataset"].bar
    assert isinstance(offer, EmptyPage) and offer.other.text() == "Back to “sorted”"
    offer.other.click()
    assert window.stage.over is None and isinstance(window.stage.current, DataStage)
    assert bar.action.text() == "Label them here"  # it can still be done
    bar.action.click()
    assert window.labelling.page is not None and bar.isHidden()


def test_a_table_of_texts_is_offered_while_others_are_labelled(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, truth: dict[str, str]
) -> None:
    page = begun(qtbot, window, tmp_path / "photos")
    lines = (f"{number},The review of item {number} is long" for number in range(40))
    (tmp_path / "reviews.csv").write_text("\n".join(("id,review", *lines)))
    window.opening.open_path(tmp_path / "reviews.csv")
    rest(qtbot, window.session)
    assert window.stage.over is page and page.bar.action.text() == "Label them here"
    window.opening.open_path(tmp_path / "empty.zip")
    rest(qtbot, window.session)
    assert window.stage.over is page and "empty.zip" in page.bar.text.text()
    page.bar.clear()
    window.opening.open_path(tmp_path / "reviews.csv")
    rest(qtbot, window.session)
    page.bar.action.click()
    assert window.labelling.page is not page
    assert window.labelling.page is not None
    assert len(window.labelling.page.labelling.opened.paths) == 40


def test_a_folder_that_vanished_and_missing_weights_are_told(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    truth: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window.labelling.begin(tmp_path / "gone")
    assert tasks.wait_all()
    assert "gone" in window.cards["dataset"].bar.text.text()

    def no_weights(_opened: object, report: object) -> None:
        raise UserError("data.gone", count=3, total=24, path="IMG_000.png")

    monkeypatch.setattr(work, "features_of", no_weights)
    page = begun(qtbot, window, tmp_path / "photos")
    page.labelling.label([page.tiles.paths[0]], "blob")
    assert page.head.said.text().startswith("No suggestions")
    assert page.labelling.labelled == 1
    found = Features(page.labelling.opened.paths, np.zeros((len(truth), 2), np.float32))
    monkeypatch.setattr(page.labelling._look, "_function", lambda _opened, report: found)
    page.head.again.click()
    assert tasks.wait_all()
    assert page.labelling.features is found and page.head.again.isHidden()
    left_without_room(window, page, monkeypatch)
    nothing_is_left_of_a_cancelled_export(page, tmp_path)


def left_without_room(window: MainWindow, page: LabelPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels that cannot be saved are not left behind unasked."""

    def full(_table: object, opened: Opened) -> None:
        raise UserError("disk.full", path=str(opened.place), reason="full")

    with monkeypatch.context() as patch:
        patch.setattr(work, "save", full)
        page.labelling.label([page.tiles.paths[1]], "cross")
        assert tasks.wait_all()
        window.labelling.train()
        page.head.leave.click()
        assert not window.close()
        assert tasks.wait_all()
        assert window.labelling.page is page and window.session.dataset is None
        assert page.bar.action.text() == "Leave without saving"
    assert window.labelling.save()
    assert len(tables.load(page.labelling.opened.place).labels) == 2


def nothing_is_left_of_a_cancelled_export(page: LabelPage, tmp_path: Path) -> None:
    labelling, halt = page.labelling, threading.Event()
    halt.set()
    for how, name in (("csv", "new/labels.csv"), ("folders", "new")):
        target = tmp_path / name
        made = work.export(labelling.opened, labelling.table, how, target, halt, print)  # type: ignore[arg-type]
        assert made.halted and not made.done and not (tmp_path / "new").exists()


def test_a_long_recording_is_divided_as_wanted_until_it_is_labelled(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "features_of", lambda _opened, report: None)
    sound = np.random.default_rng(0).normal(0, 0.1, 8000 * 24).astype(np.float32)
    soundfile.write(tmp_path / "river.wav", sound, 8000)
    window.opening.open_path(tmp_path / "river.wav")
    rest(qtbot, window.session)
    assert isinstance(window.stage.over, EmptyPage)
    window.stage.over.button.click()
    assert tasks.wait_all()
    page = window.labelling.page
    assert page is not None and len(page.tiles.paths) == 2
    (field,) = page.head.reading.fields.values()
    field.setValue(4)
    field.editingFinished.emit()
    assert tasks.wait_all()
    page = window.labelling.page
    assert page is not None and len(page.tiles.paths) == 6
    page.labelling.label(page.tiles.paths[:2], "owl")
    (field,) = page.head.reading.fields.values()
    assert not field.isEnabled()
    page.head.leave.click()
    window.labelling.begin(tmp_path / "river.wav")
    assert tasks.wait_all()
    page = window.labelling.page
    assert page is not None and page.labelling.labelled == 2
    assert len(page.labelling.opened.paths) == 6


def test_labels_that_another_window_changes_are_not_opened_twice(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, truth: dict[str, str]
) -> None:
    folder = tmp_path / "photos"
    place = tables.place(folder)
    page = begun(qtbot, window, folder)
    with pytest.raises(UserError, match="in another TransferGUI"), claimed(place):
        pass
    page.labelling.add_class("mine")
    window.labelling.finish()
    opened = work.open_source(folder, None, None, lambda _count: None)
    table = opened.table.with_class("theirs")
    with claimed(place):
        window.labelling.begin(folder)
        assert tasks.wait_all()
        assert window.labelling.page is None
        said = window.cards["dataset"].bar.text.text()
        assert "in another TransferGUI" in said and str(place) in said
        tables.save(table, place)
    window.labelling._on_opened(opened)  # read before the other window saved
    assert tasks.wait_all()
    assert window.labelling.page is not None
    assert window.labelling.page.labelling.table.classes == ("mine", "theirs")
