"""Other data hurt: it is said in red, and the model without them is offered."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.core import made_companions
from transfergui.core.base import paths
from transfergui.core.evaluation import borrowing_gain
from transfergui.core.evaluation import report as reports
from transfergui.core.runs.run import REPORT, Run
from transfergui.gui.base import tasks
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.session.session import Session
from transfergui.gui.tables.run_row import RunRow


@pytest.fixture
def hurt(tmp_path: Path, trained: Callable[[str], Run]) -> Run:
    """A run with another one beside it, which is better."""
    path = tmp_path / "borrowed"
    shutil.copytree(trained("one_class").path, path / "beside" / "plain")
    shutil.copytree(trained("one_class").path, path, dirs_exist_ok=True)
    worse = made_companions.gain(verdict="worse", difference=-0.1, low=-0.2, high=-0.02)
    said = borrowing_gain.verdict(worse)
    report = msgspec.structs.replace(reports.load(path), borrowing=worse, verdict=said)
    (path / REPORT).write_text(reports.to_json(report), "utf-8")
    return Run(path)


def test_the_other_model_becomes_a_run_of_its_own(
    qtbot: QtBot, session: Session, hurt: Run
) -> None:
    stage = ResultsStage(session)
    qtbot.addWidget(stage)
    stage.show()
    found = []
    for _time in range(2):  # the second time, it is there
        session.open_run(hurt.path)
        assert tasks.wait_all(60)
        line = stage.head.hurt
        assert line.isVisible() and line.text.property("role") == "danger"
        assert not stage.head.best.isVisible()
        said = {note.code for note in stage.head.verdict._notes}
        assert not said & borrowing_gain.CODES
        line.button.click()
        for _turn in range(3):
            assert tasks.wait_all(60)
        assert session.run is not None
        found.append(session.run.path)
        assert not stage.head.hurt.isVisible()
    assert found[0] == found[1]
    assert found[0].parent == paths.runs_dir()
    rows = [RunRow.read(Run(path)) for path in (hurt.path, found[0])]
    titles = [row.strategy for row in rows if row is not None]
    assert titles == ["Other data hurt: Feature extraction", "Feature extraction"]
    assert (hurt.path / "beside" / "plain").is_dir()
