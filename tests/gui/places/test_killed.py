"""kill -9 of the window while another computer trains: nothing is lost, sent or begun twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.catalogue import ROOT
from tests.gui.conftest import rest
from tests.gui.places.test_places import PATIENCE, PROGRAM, closed, codes, opened
from tests.gui.theme import use_light_theme
from tests.standin_ssh import StandIn
from transfergui.core.places import place as places
from transfergui.core.places.place import Place
from transfergui.core.places.run_state import state_of
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import list_runs

KILLED = """
import os, signal, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from transfergui.core.places import place as places
from transfergui.core.places.ssh import Connection
from transfergui.core.recipe import Recipe
from transfergui.gui.shell import app
from transfergui.gui.session.states import State

data, last = sys.argv[1:]
send = Connection.send

def send_and_die(self, what, payload=b"", **fields):
    send(self, what, payload, **fields)
    if what == last or (what == "events" and fields["offset"] and last == "train"):
        while self._asked.qsize():
            pass
        time.sleep(0.2)  # what was taken from the queue is on its way
        os.kill(os.getpid(), signal.SIGKILL)

Connection.send = send_and_die
application = QApplication([])
session = app.open_window(application).session
place = places.find("lab")

def begin(state):
    if state is State.READY and session.plan is not None and session.run is None:
        session.runner.start_elsewhere(session.plan, place)

session.state_changed.connect(begin)
session.plan_changed.connect(lambda _plan: begin(session.state))
recipe = Recipe().replace(data__path=data, backbone="tgnet", run__epochs=2, run__device="cpu")
session.change(recipe, "Take a recipe")
sys.exit(application.exec())
"""
ASKS = {"put": True, "begin": False, "train": False, "fetch": False}
"""What the window was doing as it was killed, and whether the user must press Resume."""
LESS = ("put", "begin", "fetch")
"""Left out of every run: each takes eight seconds."""


@pytest.mark.parametrize(
    "doing", [pytest.param(each, marks=[pytest.mark.slow] * (each in LESS)) for each in ASKS]
)
def test_a_killed_window_finds_its_training(
    doing: str,
    qtbot: QtBot,
    qapp: QApplication,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_light_theme(qapp)
    standin = StandIn(tmp_path / "standin")
    standin.use(monkeypatch)
    places.add(Place("lab", "lab", program=PROGRAM))
    command = [sys.executable, "-c", KILLED, str(pictures), doing]
    assert subprocess.run(command, cwd=ROOT, timeout=300, check=False).returncode == -9
    (run,) = list_runs()
    assert state_of(run, run.history()).text in ("interrupted (on lab)", "in training (on lab)")
    window = opened(qtbot)
    window.offers.look_for_unfinished()
    if ASKS[doing]:
        bar = window.cards["training"].bar
        qtbot.waitUntil(bar.isVisible)
        assert "lab" in bar.text.text()
        bar.action.click()
    qtbot.waitUntil(lambda: window.session.history.outcome is not None, timeout=2 * PATIENCE)
    assert ("place.begun" in codes(window)) is False  # of what has started, it is said no more
    rest(qtbot, window.session)
    told = [json.loads(line) for line in (run.path / "events.jsonl").read_text().splitlines()]
    begun = [each for each in told if each["event"] == "Started"]
    assert len(begun) == 1 and not begun[0].get("resumed")
    outcome = window.session.history.outcome
    assert isinstance(outcome, ev.Finished) and outcome.outcome == "done"
    assert run.report()["n"] == len(run.split.test) and run.best.is_file()
    assert len(list((standin.there / "jobs").iterdir())) == 1
    closed(qtbot, window)
