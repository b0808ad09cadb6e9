"""How many predictions may be wrong is chosen beside the confidence and kept in the run."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from transfergui.core.runs import doubts
from transfergui.core.runs.run import Run
from transfergui.core.views.result import Result
from transfergui.gui.base import tasks
from transfergui.gui.session.session import Session
from transfergui.gui.views.promise_row import PromiseRow


def test_a_limit_is_kept_said_taken_back_and_refused(
    qtbot: QtBot, session: Session, trained: Callable[[str], Run], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(trained("one_class").path, folder)
    right = np.arange(60) >= 6  # the least confident are wrong
    kept = doubts.Doubts(np.linspace(0.1, 1.0, 60), right)
    (folder / doubts.FILE).write_bytes(kept.to_bytes())
    result = Result(Run.open(folder))
    chosen: list[tuple[object, object]] = []
    session.promise_changed.connect(lambda *what: chosen.append(what))
    row = PromiseRow(session, result)
    qtbot.addWidget(row)

    def choose(share: float | None) -> float | None:
        row.choose(share)
        assert tasks.wait_all()
        return doubts.wanted(folder)

    assert choose(0.1) == 0.1 and len(row.lines.texts()) == 2
    assert chosen[-1] == (folder, 0.1)
    assert choose(0.01) == 0.1 and row.choice.currentData() == 0.1  # refused
    assert "1 %” needs about" in row.lines.texts()[0]
    assert choose(None) is None and not row.lines.texts()
    doubts.keep_wanted(folder, 0.2)
    session.promise_changed.emit(folder, 0.2)  # chosen in Predict
    assert tasks.wait_all() and row.choice.currentData() == 0.2
