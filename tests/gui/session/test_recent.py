"""Data of yesterday: how they are offered, and what comes back when they are opened."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.core.reading.sources.test_shards import packed, shard
from tests.gui import finished
from tests.gui.conftest import FakeTrainer, end, open_data, rest
from transfergui.core.base import paths
from transfergui.core.recipe import Recipe
from transfergui.gui.base import tasks
from transfergui.gui.base.settings import Recent, Settings
from transfergui.gui.panels.data import DataStage
from transfergui.gui.session import edits, recent, recent_projects
from transfergui.gui.session.session import Session
from transfergui.gui.shell.main_window import MainWindow


@pytest.fixture
def again(qtbot: QtBot, trainer: FakeTrainer) -> Iterator[Callable[[], MainWindow]]:
    """Start the program once more."""
    windows: list[MainWindow] = []

    def start() -> MainWindow:
        window = MainWindow(Session(source=trainer), Settings())
        window.show()
        windows.append(window)
        assert tasks.wait_all()
        return window

    yield start
    for window in windows:
        end(qtbot, window.session, trainer)
        window.close()
        window.deleteLater()


def settled(qtbot: QtBot, window: MainWindow) -> None:
    for _round in range(3):
        rest(qtbot, window.session)
    qtbot.waitUntil(lambda: window.opening.again is None)


def work_on(qtbot: QtBot, window: MainWindow, folder: Path) -> Recipe:
    """Open data, change settings and correct two samples, and close the program."""
    session = window.session
    open_data(qtbot, session, folder)
    rest(qtbot, session)
    session.change(session.recipe.replace(split__test_percent=25, optim__lr=0.005), "settings")
    edits.relabel(session, ["class_0/02.png"], "class_1")
    edits.exclude(session, ["class_1/03.png"])
    rest(qtbot, session)
    made = session.recipe
    session.close()
    qtbot.waitUntil(lambda: window.closed)
    return made


def said(window: MainWindow) -> str:
    stage = window.stage.widget_of("data")
    assert isinstance(stage, DataStage)
    return stage.bar.text.text()


# -- opening again


def test_settings_and_corrections_come_back(
    qtbot: QtBot, window: MainWindow, again: Callable[[], MainWindow], pictures: Path
) -> None:
    made = work_on(qtbot, window, pictures)
    assert made.data.exclude
    second = again()
    button, *_others = second.welcome.recent
    assert button.name.text() == "shapes"
    assert (button.size_text.text(), button.when.text()) == ("23 pictures · 2 classes", "today")
    button.click()
    settled(qtbot, second)
    assert second.session.recipe == made
    assert said(second) == (
        "Opened with the settings from last time (today). 2 corrections from last time applied "
        "(1 label changed, 1 excluded). Undo removes them."
    )
    assert second.session.undo_stack.undo_text == "Use 2 corrections from last time"
    second.session.undo_stack.undo()
    rest(qtbot, second.session)
    assert second.session.recipe.data.exclude == ()
    assert second.session.recipe.split.test_percent == 25


def test_a_file_that_was_replaced_keeps_its_own_label(
    qtbot: QtBot, window: MainWindow, again: Callable[[], MainWindow], pictures: Path
) -> None:
    work_on(qtbot, window, pictures)
    shutil.copy(pictures / "class_0" / "05.png", pictures / "class_0" / "02.png")
    second = again()
    second.opening.open_recent(pictures)
    settled(qtbot, second)
    assert second.session.recipe.data.relabel == {}
    assert second.session.recipe.data.exclude == ("class_1/03.png",)
    assert "1 correction cannot be used: the files have changed since." in said(second)


def test_the_folder_dialog_brings_them_back_where_nothing_was_set(
    qtbot: QtBot, window: MainWindow, again: Callable[[], MainWindow], pictures: Path
) -> None:
    made = work_on(qtbot, window, pictures)
    second = again()
    second.opening.open_path(pictures)
    qtbot.waitUntil(lambda: second.session.dataset is not None)
    settled(qtbot, second)
    assert second.session.recipe == made


def test_settings_that_were_just_made_are_not_replaced(
    qtbot: QtBot, window: MainWindow, again: Callable[[], MainWindow], pictures: Path
) -> None:
    work_on(qtbot, window, pictures)
    second = again()
    second.session.change(Recipe().replace(optim__lr=0.7), "a learning rate")
    second.opening.open_path(pictures)
    qtbot.waitUntil(lambda: second.session.dataset is not None)
    rest(qtbot, second.session)
    assert second.session.recipe.optim.lr == 0.7
    assert second.session.recipe.data.exclude == ()  # corrections are offered, as before
    assert len(second.session.corrections.offer.usable) == 2


@pytest.mark.parametrize("settings", [{"modality": "smells"}, {"optim": 3}, {"schema": 10**6}])
def test_settings_that_cannot_be_used_are_told_and_the_data_opened(
    qtbot: QtBot, window: MainWindow, pictures: Path, settings: dict[str, object]
) -> None:
    window.settings.add_recent(Recent(str(pictures), "image", settings=settings))
    window.opening.open_recent(pictures)
    settled(qtbot, window)
    assert window.session.recipe.data.path == str(pictures)
    assert said(window).startswith("The previous settings cannot be used: ")


def test_settings_are_written_soon_after_they_were_changed(
    qtbot: QtBot, window: MainWindow, pictures: Path
) -> None:
    open_data(qtbot, window.session, pictures)
    rest(qtbot, window.session)
    window.session.change(window.session.recipe.replace(optim__lr=0.25), "a learning rate")

    def kept() -> object:
        entry = Settings().known(pictures)
        return entry and entry.settings["optim"]["lr"]

    qtbot.waitUntil(lambda: kept() == 0.25, timeout=5000)


# -- how they are offered


def test_what_is_gone_is_said_and_cannot_be_chosen(
    qtbot: QtBot, window: MainWindow, pictures: Path, tmp_path: Path
) -> None:
    gone = Recent(str(tmp_path / "gone"), "audio", 2, 30, "2020-02-03T10:00:00")
    window.settings.add_recent(gone)
    window.settings.add_recent(Recent(str(pictures)))
    entries = window.settings.remembered.recent
    window.welcome.show_recent(entries)
    window.menus.recent.fill()
    assert tasks.wait_all()
    rows = [(c.name.text(), c.isEnabled(), c.when.text()) for c in window.welcome.recent]
    long_ago = recent.about(gone)
    assert long_ago.startswith("30 recordings · 2 classes · ")
    assert rows == [
        ("shapes", True, ""),
        ("gone", False, f"{recent.day(gone.opened)} · not found"),
    ]
    actions = window.menus.recent.actions()
    assert [(a.text(), a.isEnabled()) for a in actions[:2]] == [
        ("&1 shapes", True),
        (f"&2 gone · {long_ago} · not found", False),
    ]


@pytest.mark.qt_log_ignore("does not support")
def test_the_menu_is_driven_by_keys(qtbot: QtBot, window: MainWindow, pictures: Path) -> None:
    window.settings.add_recent(Recent(str(pictures.parent / "R&D")))
    window.settings.add_recent(Recent(str(pictures)))
    chosen: list[Path] = []
    menu = QMenu(window)
    recent.fill(menu, window.settings.remembered.recent, chosen.append)
    assert tasks.wait_all()
    assert menu.actions()[1].text().startswith("&2 R&&D")
    menu.show()
    qtbot.keyClick(menu, Qt.Key.Key_1)
    assert chosen == [pictures]


def test_the_welcome_page_is_driven_by_keys(
    qtbot: QtBot, window: MainWindow, pictures: Path
) -> None:
    window.welcome.show_recent([Recent(str(pictures))])
    assert tasks.wait_all()
    (button,) = window.welcome.recent
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(button, Qt.Key.Key_Space)
    settled(qtbot, window)
    assert window.session.recipe.data.path == str(pictures)


def test_days_are_named() -> None:
    now = datetime.now()
    days = [(now - timedelta(days=ago)).isoformat(timespec="seconds") for ago in (0, 1, 400)]
    assert [recent.day(each) for each in days[:2]] == ["today", "yesterday"]
    assert str((now - timedelta(days=400)).year)[-2:] in recent.day(days[2])
    assert recent.day("") == recent.day("no date") == ""


def test_paths_of_earlier_versions_are_read(tmp_path: Path) -> None:
    file = paths.settings_dir() / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"recent": [str(tmp_path)], "scheme": "dark"}))
    settings = Settings()
    assert settings.remembered.recent == [Recent(str(tmp_path))]
    assert settings.remembered.scheme == "dark"


def test_cards_show_pictures_of_each_class_and_the_last_result(
    pictures: Path, ready: Session, tmp_path: Path
) -> None:
    assert ready.plan is not None
    here = Recent(str(ready.recipe.data.path), "image")
    (nothing_yet,) = recent_projects.look([here])
    assert (nothing_yet.there, nothing_yet.result, len(nothing_yet.pictures)) == (True, "", 2)
    run = finished.finished_run(ready.plan)
    found, gone = recent_projects.look([here, Recent(str(tmp_path / "gone"), "image")])
    assert found.result == f"Last run: Accuracy {round(100 * run.report()['accuracy'])} %"
    assert not gone.there and not gone.pictures


def test_pictures_in_tars_stand_for_their_data(tmp_path: Path) -> None:
    one = shard(tmp_path / "data" / "a.tar", count=2)
    shard(tmp_path / "data" / "b.tar", first=2)
    broken = packed(tmp_path / "broken.tar", {"a.png": b"nothing"})
    for path, count in ((one, 2), (one.parent, 5), (one.parent / "{a,b}.tar", 5), (broken, 0)):
        assert len(recent_projects.pictures(str(path), "image")) == count
    assert recent_projects.pictures(str(one), "text") == ()
    image = recent_projects.pictures(str(one), "image", 1)[0]
    assert image.width() == image.height() == recent_projects.SIDE
