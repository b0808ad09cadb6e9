"""When the data and settings of a run that is shown are offered."""

from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, open_data, rest
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session.session import Session
from transfergui.gui.shell.run_offers import RunOffers


def test_a_project_keeps_its_settings_and_replacing_them_is_said(
    session: Session, trainer: FakeTrainer, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_data(qtbot, session, pictures)
    bar = MessageBar(session, "none")
    qtbot.addWidget(bar)
    offers = RunOffers(session, session, bar, bar)
    run = Run.create(session.plan.recipe, session.plan.split)
    offers._look_for_settings(run)
    assert tasks.wait_all()
    longer = msgspec.structs.replace(session.recipe.run, epochs=12)
    session.change(msgspec.structs.replace(session.recipe, run=longer), "Epochs")
    rest(qtbot, session)
    session.project_file.save_as(tmp_path / "p.transfergui")
    session.project_file.came_with = run.path  # as the project shows it
    session.shown_run.set(run, run.history())
    for _shown_with_project in (True, False):
        assert bar.text.text() == ""
        session.run_shown.emit(run)
        assert tasks.wait_all()
    assert "open data" in bar.text.text() and "Undo" in bar.text.text()
    assert "shapes" not in bar.text.text()
    assert session.recipe.run.epochs == 12
