"""The run that is laid under the one that is shown."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui import finished
from transfergui.core.base.errors import UserError
from transfergui.gui.base import tasks
from transfergui.gui.session.comparison import Comparison
from transfergui.gui.session.session import Session


def test_a_run_is_read_and_taken_away_again(qtbot: QtBot, ready: Session) -> None:
    assert ready.plan is not None
    said: list[UserError | None] = []
    told: list[object] = []
    comparison = Comparison(ready, said.append)
    comparison.changed.connect(told.append)
    run = finished.finished_run(ready.plan)
    comparison.compare(run.path)
    assert tasks.wait_all(20)
    assert comparison.current is not None and comparison.current[0].path == run.path
    comparison.compare(None)
    assert comparison.current is None
    assert (len(told), said) == (2, [None, None])


def test_what_cannot_be_read_is_said(qtbot: QtBot, ready: Session, tmp_path: Path) -> None:
    said: list[UserError | None] = []
    comparison = Comparison(ready, said.append)
    comparison.compare(tmp_path)
    assert tasks.wait_all(20)
    assert comparison.current is None
    assert isinstance(said[0], UserError)
