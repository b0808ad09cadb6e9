"""Without any network: the demo at the terminal, and the sample in the window.

No socket may be used, not even to this machine itself: who tried is written down, so that
an attempt whose failure is passed over fails the test as well.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.theme import use_light_theme
from transfergui.core import plans
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow

ACCURACY = 0.98
"""Of the demo's test split, at least."""
SAMPLES = {"digits": ACCURACY, "notes": 0.8, "remarks": 0.5}
"""The same of each sample; notes and remarks have 32 and 45 to test on, and are harder."""
EPOCHS = 3
"""Of the training in the window: how well the whole training does, the terminal shows."""
PATIENCE = 300
"""Seconds, on a busy machine; on two idle cores it is half a minute."""

BLOCK = """
import socket

def refuse(*arguments, **named):
    with open({tried!r}, "a") as file:
        print(arguments, named, file=file)
    raise OSError("no network in this test")

for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, refuse)
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, refuse)
"""
"""A ``sitecustomize``: Python's children, too, begin with it."""


def offline(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """The environment of a process without network or weights, and where it says who tried."""
    tried = tmp_path / "tried.txt"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(BLOCK.format(tried=str(tried)))
    kept = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY")}
    empty = {name: str(tmp_path / "empty") for name in ("TORCH_HOME", "HF_HOME")}
    paths = {"PYTHONPATH": str(tmp_path / "site"), "TRANSFERGUI_HOME": str(tmp_path / "home")}
    return kept | empty | paths | {"TRANSFERGUI_WEIGHTS": "", "WAYLAND_DISPLAY": ""}, tried


def program(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        env=environment,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_the_block_blocks(tmp_path: Path) -> None:
    environment, tried = offline(tmp_path)
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"
    assert program(environment, "-c", code).returncode == 1
    assert "127.0.0.1" in tried.read_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux goes without display")
@pytest.mark.parametrize(
    "sample",
    [
        pytest.param("digits", marks=pytest.mark.slow),  # .ci/run has it as the README's first step
        pytest.param("notes", marks=pytest.mark.slow),  # sounds are in test_window, too
        pytest.param("remarks", marks=pytest.mark.slow),  # texts end to end are in test_window
    ],
)
def test_the_demo_at_the_terminal(sample: str, tmp_path: Path) -> None:
    environment, tried = offline(tmp_path)
    outcome = program(environment, "-m", "transfergui", "demo", "--sample", sample)
    assert outcome.returncode == 0, outcome.stderr
    assert not tried.exists(), tried.read_text()
    run = Run(Path(outcome.stdout.strip()))
    assert run.report()["accuracy"] >= SAMPLES[sample]
    assert run.recipe.backbone == samples.find(sample).recipe.backbone
    assert samples.find(sample).why in outcome.stderr
    lines = outcome.stderr.splitlines()
    assert "loss" in lines
    assert any(" correct (" in line for line in lines)
    assert sum(line.count("o") for line in lines[lines.index("loss") :]) > 20  # points of curves


# -- in the window


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In this process: the test fails if anybody tries."""
    tried: list[object] = []

    def refuse(*arguments: object, **named: object) -> None:
        tried.append(arguments)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    yield
    assert not tried


@pytest.mark.slow  # the parts are in .ci/run's demo and in test_window
def test_the_sample_in_the_window(qtbot: QtBot, qapp: QApplication, no_sockets: None) -> None:
    use_light_theme(qapp)
    window = MainWindow(Session(), Settings())
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    session, milliseconds = window.session, 1000 * PATIENCE
    qtbot.mouseClick(window.welcome.samples["digits"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.state is State.READY, timeout=milliseconds)
    assert session.plan is not None
    assert session.plan.backbone.key == "tgnet"
    session.change(session.recipe.replace(run__epochs=EPOCHS), "Fewer epochs")
    qtbot.waitUntil(lambda: plans.epochs(session.plan) == EPOCHS, timeout=milliseconds)
    button = window.findChild(TrainingPanel).button
    qtbot.waitUntil(button.isEnabled, timeout=milliseconds)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    ended = lambda: session.state is State.READY and session.history.outcome is not None  # noqa: E731
    qtbot.waitUntil(ended, timeout=milliseconds)
    outcome = session.history.outcome
    assert isinstance(outcome, ev.Finished) and outcome.outcome == "done", outcome
    assert session.run is not None
    assert session.run.report()["accuracy"] > 0.9
    results = window.stage.widget_of("results")
    assert isinstance(results, ResultsStage)
    qtbot.waitUntil(lambda: " of " in results.head.headline.text(), timeout=milliseconds)
    assert window.stage.key == "results"
    assert tasks.wait_all(60)
    window.close()
    window.deleteLater()
