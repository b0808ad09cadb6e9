"""The dataset card: what is open, in words; how to open something; what went wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, rest
from tests.gui.theme import use_light_theme
from transfergui.core.data.dataset import Dataset, Sample
from transfergui.gui.base import tasks
from transfergui.gui.base.settings import Recent, Settings
from transfergui.gui.panels.dataset import DatasetPanel, describe
from transfergui.gui.parts.card import Card
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> DatasetPanel:
    panel = DatasetPanel(session)
    card = Card(session, "dataset", 1, "Dataset", panel)
    qtbot.addWidget(card)
    card.setFixedWidth(360)
    card.show()
    return panel


def open_data(session: Session, path: Path) -> None:
    session.open_data(path)
    assert tasks.wait_all()
    tasks.wait_all()


def test_it_begins_with_the_ways_in(qtbot: QtBot, panel: DatasetPanel) -> None:
    assert panel.empty.isVisible()
    assert panel.summary() == "No data open"
    with qtbot.waitSignal(panel.folder_wanted):
        panel.empty.folder.click()
    with qtbot.waitSignal(panel.file_wanted):
        panel.empty.file.click()


def test_it_says_what_is_open(
    qtbot: QtBot,
    panel: DatasetPanel,
    session: Session,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    open_data(session, tiny_pictures(tmp_path / "beetles", classes=3, per_class=4))
    assert panel.opened.isVisible() and not panel.empty.isVisible()
    assert panel.opened.name.text() == "beetles"
    assert panel.opened.size_text.text() == "12 pictures, 3 classes"
    assert panel.summary() == "beetles · 12 pictures, 3 classes"
    with qtbot.waitSignal(panel.added_folder_wanted):
        panel.opened.others.add.menu().actions()[0].trigger()


def test_one_is_not_many(
    qtbot: QtBot,
    panel: DatasetPanel,
    session: Session,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    folder = tiny_pictures(tmp_path / "beetles", classes=2, per_class=4)
    (folder / "class_0" / "broken.png").write_bytes(b"not a picture")
    open_data(session, folder)
    assert panel.opened.size_text.text() == "8 pictures, 2 classes, 1 problem"


def test_it_is_small_enough_for_the_column(
    qtbot: QtBot,
    qapp: QApplication,
    panel: DatasetPanel,
    session: Session,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    use_light_theme(qapp)
    open_data(session, tiny_pictures(tmp_path / "many", classes=40, per_class=2))
    card = panel.parentWidget()
    assert card.sizeHint().height() <= 132
    assert card.sizeHint().width() <= 360


def test_a_scan_shows_how_far_it_is_and_can_be_cancelled(
    qtbot: QtBot,
    panel: DatasetPanel,
    session: Session,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    session.open_data(tiny_pictures(tmp_path / "beetles"))
    assert panel.scanning.isVisible()
    session.scan_progressed.emit(12_345)
    assert "12,345 files" in panel.scanning.text.text().replace("12345", "12,345")
    panel.scanning.cancel.click()
    assert session.state is State.EMPTY
    assert panel.empty.isVisible()


def test_another_folder_keeps_the_first_until_it_is_read(
    qtbot: QtBot,
    panel: DatasetPanel,
    session: Session,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    open_data(session, tiny_pictures(tmp_path / "beetles", per_class=4))
    session.open_data(tmp_path / "nothing here")
    assert tasks.wait_all()
    assert panel.opened.isVisible()
    assert panel.opened.name.text() == "beetles"
    card = panel.parentWidget()
    assert "nothing here" in card.bar.text.text()


def test_recent_ones_are_offered(qtbot: QtBot, panel: DatasetPanel, tmp_path: Path) -> None:
    settings = Settings()
    settings.add_recent(Recent(str(tmp_path / "beetles")))
    settings.save()
    menu = panel.empty.recent.menu()
    menu.aboutToShow.emit()
    with qtbot.waitSignal(panel.path_chosen) as chosen:
        menu.actions()[0].trigger()
    assert chosen.args == [tmp_path / "beetles"]


def test_with_none_recent_it_says_so(qtbot: QtBot, panel: DatasetPanel) -> None:
    menu = panel.empty.recent.menu()
    menu.aboutToShow.emit()
    assert [(a.text(), a.isEnabled()) for a in menu.actions()] == [("Nothing opened yet", False)]


def test_while_training_nothing_else_can_be_opened(
    qtbot: QtBot,
    panel: DatasetPanel,
    session: Session,
    trainer: FakeTrainer,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    open_data(session, tiny_pictures(tmp_path / "beetles", per_class=4))
    assert panel.opened.open.isEnabled()
    trainer.hold.clear()
    session.start_training()
    assert not panel.opened.open.isEnabled()
    assert "training is running" in panel.opened.open.toolTip()
    trainer.hold.set()
    rest(qtbot, session)
    assert panel.opened.open.isEnabled()


def test_pieces_are_told_from_what_they_are_pieces_of() -> None:
    samples = tuple(Sample(path, 0) for path in ("a.wav", "b.wav#0", "b.wav#1000"))
    dataset = Dataset(Path(), Path(), "audio", ("owl",), samples)
    assert describe(dataset, 0) == "3 clips of 2 recordings, 1 class"
    rows = tuple(Sample(f"a.csv#{row}", 0) for row in range(2))
    assert describe(Dataset(Path(), Path(), "text", ("good",), rows), 0) == "2 texts, 1 class"
