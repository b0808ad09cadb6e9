"""Every stage of every procedure is ended in every way, in the real window; nothing is lost.

``finish``: stopped, the best kept; ``cancel``: left to be resumed; ``both``: cancelled when it was
told to finish, and has told the next thing since; ``close best`` and ``close leave``: the window is
closed, with either answer; ``kill``: the process ends at once, and another one starts.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.core.training.comparing import FROZEN
from tests.core.training.conftest import SIZE, Lab
from tests.faults import stopping
from tests.faults.stopping import PROCEDURES, STAGES, Gate, Stage
from tests.gui.conftest import _no_bugs, bugs
from transfergui.core.base import paths
from transfergui.core.base.notes import Note
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, list_runs
from transfergui.core.trained import TrainedModel
from transfergui.core.training import start
from transfergui.gui.base import tasks
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.panels.live_headings import ENDINGS
from transfergui.gui.panels.results import ResultsStage
from transfergui.gui.panels.runs import RunsStage
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.parts import dialogs
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow
from transfergui.gui.tables.run_row import RunRow

__all__ = ["_no_bugs", "bugs"]

BACKBONE = "squeezenet1_1"
ROOT = Path(__file__).parents[2]
PATIENCE = 150_000
"""Milliseconds that anything may take on a busy machine."""
BEST, LEAVE = "Stop and keep the best", "Pause"
WAYS = ("finish", "cancel", "both", "close best", "close leave", "kill")
NOTHING_LEARNT = Note("training.nothing_learnt").sentence()
AT_ONCE = ("evaluate", "test found")
"""Where what is told next is the end: both are asked for before anything goes on."""
AGAIN = ("feature_extraction", "fine_tuning")
"""After what was finished there, another one is trained."""
KEEPING = ("finish", "close best")
QUICK = {
    ("feature_extraction", "estimate", "cancel"),
    ("feature_extraction", "features", "close best"),
    ("feature_extraction", "export", "close leave"),
    ("fine_tuning", "train", "finish"),
    ("fine_tuning", "write", "kill"),
}
"""Tried at every change; the others take minutes."""
MATRIX = [
    pytest.param(*case, marks=[] if case in QUICK else pytest.mark.slow)
    for procedure, names in PROCEDURES.items()
    for name in names
    for way in WAYS
    for case in [(procedure, name, way)]
]
SETTINGS: dict[str, dict[str, Any]] = {
    "fusion": {"options": {"partners": "tgnet"}},
    "progressive_unfreezing": {"options": {"stages": 2}},
    "distillation": {"options": {"teacher": "tgnet"}},
    "recommended": {"strategy": "auto", "backbone": "auto", "options": {"time": "one"}},
    "soup": {"backbone": "auto"},
}


# -- what is trained


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    from torchvision.models import squeezenet1_1

    folder = tmp_path_factory.mktemp("workshop")
    pictures = make_tiny_pictures(folder / "shapes", per_class=10, size=SIZE)
    torch.manual_seed(0)
    torch.save(squeezenet1_1().state_dict(), folder / f"{BACKBONE}.pth")
    return Lab(folder, pictures, folder)


@pytest.fixture(scope="session")
def recipe_of(workshop: Lab) -> Callable[[str], Recipe]:
    """The recipe of a procedure: two epochs."""

    @functools.cache
    def members() -> list[str]:
        own = FROZEN | {"augment": {}, "backbone": BACKBONE}
        runs = [workshop.train(**own, optim__lr=rate)[0] for rate in (0.01, 0.012)]
        return [str(run.path) for run in runs]

    def recipe(procedure: str) -> Recipe:
        common: dict[str, Any] = {
            "data__path": str(workshop.pictures),
            "weights_dir": str(workshop.weights),
            "backbone": BACKBONE,
            "strategy": procedure,
            "input": {"size": SIZE, "resize": SIZE},
            "optim__batch_size": 8,
            "run__epochs": 2,
            "run__device": "cpu",
        }
        own = dict(SETTINGS.get(procedure, {}))
        if procedure == "soup":
            own["options"] = {"runs": members(), "how": "answers"}
        return Recipe().replace(**common | own)

    return recipe


@pytest.fixture(scope="session")
def finished_run(workshop: Lab, recipe_of: Callable[[str], Recipe]) -> Callable[[str], Path]:
    """The folder of a finished run of a procedure."""
    from transfergui.core import registry
    from transfergui.core import resolve as plan
    from transfergui.core.data import split

    @functools.cache
    def made(procedure: str) -> Path:
        recipe = recipe_of(procedure)
        dataset = registry.modality(recipe.modality).scan(recipe.data)
        planned = plan.resolve(recipe, split.split(dataset, recipe.split, recipe.run.seed))
        run = workshop.run(planned)
        with pytest.MonkeyPatch.context() as patch:
            stopping.quicken(patch.setattr)
            *_, last = start.train(planned, run)
        assert isinstance(last, ev.Finished)
        assert last.outcome == "done"
        return run.path

    return made


# -- the window


@dataclass
class Bench:
    """A window whose work is held in one stage.

    Attributes:
        stage: where; ``procedure``, ``name``, ``way``: as in the table.
        out: where a model is exported to.
    """

    qtbot: QtBot
    window: MainWindow
    gate: Gate
    stage: Stage
    recipe: Recipe
    procedure: str
    name: str
    way: str
    out: Path

    @property
    def beside(self) -> bool:
        """Whether it is an estimate that is held, which a training waits for."""
        return self.name == "estimate" and self.procedure != "recommended"

    @property
    def live(self) -> LiveStage:
        live = self.window.stage.widget_of("live")
        assert isinstance(live, LiveStage)
        return live

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=PATIENCE)

    def wait_held(self) -> None:
        self.wait(self.gate.held.is_set)
        QApplication.processEvents()  # what was told has arrived

    def rest(self) -> None:
        """Wait until nothing runs, and everything is shown."""
        idle = (State.EMPTY, State.READY)
        self.wait(lambda: self.window.session.state in idle)
        assert tasks.wait_all(60)

    def answer(self, text: str) -> None:
        """Answer the question how to end the training."""
        (box,) = self.window.findChildren(QMessageBox, dialogs.STOP)
        next(button for button in box.buttons() if button.text().startswith(text)).click()

    def ask(self, how: str) -> None:
        """Ask the training to end as a user does, and wait until it can know."""
        session = self.window.session
        if how == "finish":
            self.window.menus.actions["stop"].trigger()
            self.answer(BEST)
        else:
            menu = self.live.stop.menu()
            next(each for each in menu.actions() if each.text() == "Pause").trigger()
        assert session.state is State.STOPPING
        assert_stopping(self)
        self.wait_asked(how)

    def wait_asked(self, how: str) -> None:
        session = self.window.session
        self.wait(lambda: session.run is not None and session.run.stop_requested() == how)


Setting = Callable[[str, str, str], Bench]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def bench(
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    recipe_of: Callable[[str], Recipe],
    tmp_path: Path,
    temporary: Path,
) -> Iterator[Setting]:
    """Makes the window; all of them are closed at the end."""
    made: list[Bench] = []
    stopping.quicken(monkeypatch.setattr)

    def make(procedure: str, name: str, way: str) -> Bench:
        stage = STAGES[name]()
        gate = Gate(stage.when)
        stopping.hold_tasks(gate, monkeypatch.setattr)
        window = stopping.open_window(gate)
        recipe, out = recipe_of(procedure), tmp_path / "out" / "model.safetensors"
        out.parent.mkdir(exist_ok=True)
        made.append(Bench(qtbot, window, gate, stage, recipe, procedure, name, way, out))
        return made[-1]

    yield make
    for each in made:
        each.gate.release()
        each.window.session.close()
    tasks.cancel_all()
    for each in made:
        qtbot.waitUntil(lambda each=each: not each.window.session.training, timeout=PATIENCE)
        assert tasks.wait_all(60)
        each.window.close()
        each.window.deleteLater()


# -- what must be so


def visible_dialogs(window: MainWindow) -> list[str]:
    return [d.windowTitle() for d in window.findChildren(QDialog) if d.isVisible()]


def left_over(*folders: Path) -> list[Path]:
    """Half files, locks and markers below ``folders``."""
    found = (path for folder in folders for path in folder.rglob("*") if folder.is_dir())
    return [p for p in found if p.name.endswith(".part") or p.name in ("lock", ".making")]


def assert_stopping(bench: Bench) -> None:
    """While it is being stopped, everything says so, and no question is open."""
    window = bench.window
    panel = training_panel(window)
    assert window.windowTitle().endswith("Stopping – TransferGUI")
    assert (panel.button.text(), panel.button.isEnabled()) == ("Stopping…", False)
    assert not window.menus.actions["stop"].isEnabled()
    assert not window.menus.actions["train"].isEnabled()
    assert bench.live.heading.text() == "Stopping…"
    bench.wait(lambda: not visible_dialogs(window))


def assert_idle(bench: Bench) -> None:
    """Nothing runs, nothing is left, and the next training can begin."""
    window, session = bench.window, bench.window.session
    panel = training_panel(window)
    bench.wait(lambda: not visible_dialogs(window))
    assert session.state is State.READY
    assert session.runner._thread is None
    assert session.obstacle == ""
    assert (panel.button.text(), panel.button.isEnabled()) == ("Train", True)
    assert panel.strategies.isEnabled()
    assert window.menus.actions["train"].isEnabled()
    assert not window.menus.actions["stop"].isEnabled()
    assert window.windowTitle() == f"{Path(bench.recipe.data.path).name} – TransferGUI"
    assert left_over(paths.runs_dir(), paths.cache_dir(), bench.out.parent) == []
    assert not any(run.active() for run in list_runs())
    temporary = Path(tempfile.gettempdir())  # the next estimate may be at work already
    bench.wait(lambda: list(temporary.iterdir()) == [])


def training_panel(window: MainWindow) -> TrainingPanel:
    panel = window.cards["training"].panel
    assert isinstance(panel, TrainingPanel)
    return panel


def rows_of(bench: Bench) -> list[RunRow]:
    """The rows of the Runs stage."""
    window = bench.window
    window.stage.show_stage("runs")
    stage = window.stage.widget_of("runs")
    assert isinstance(stage, RunsStage)
    assert tasks.wait_all(60)
    return stage.table.rows.rows


def can(bench: Bench, run: Run) -> set[str]:
    """What the Runs stage offers to do with ``run``."""
    stage = bench.window.stage.widget_of("runs")
    assert isinstance(stage, RunsStage)
    shown = [row.run.path for row in stage.table.rows.shown]
    stage.table.clearSelection()
    stage.table.selectRow(shown.index(run.path))
    return {key for key, action in stage.actions_by_key.items() if action.isEnabled()}


def assert_ended(bench: Bench, run: Run, outcome: ev.Outcome, here: bool = True) -> None:
    """The run is as ``outcome`` says, on the disk, in its table, and where it was ``here``."""
    history = run.history()
    assert isinstance(history.outcome, ev.Finished), history.outcome
    assert history.outcome.outcome == outcome
    (row,) = [row for row in rows_of(bench) if row.run.path == run.path]
    assert row.state == outcome
    offered = can(bench, run)
    assert ("resume" in offered) == (outcome == "cancelled")
    assert {"open", "delete", "folder"} <= offered
    if here:
        assert_shown(bench, outcome)
    if outcome == "cancelled":
        assert not run.report()
        assert row.figure is None
    else:
        assert_tested(run)
        assert row.figure is not None
        assert row.figure.value == run.report()["primary"]["value"]


def assert_shown(bench: Bench, outcome: ev.Outcome) -> None:
    """The Live stage says how it ended, and offers what can be done now."""
    live, window = bench.live, bench.window
    window.stage.show_stage("live")
    live.refresh()
    if bench.procedure != "recommended" or outcome != "done":
        assert live.heading.text().startswith(ENDINGS[outcome])
    else:
        assert live.heading.text().startswith(
            ("Automatic search finished", "Automatic search stopped")
        )
    assert not live.stop.isVisible()
    assert live.resume.isVisible() == (outcome == "cancelled")
    assert live.results.isVisible() == (outcome != "cancelled")
    results = window.stage.widget_of("results")
    assert isinstance(results, ResultsStage)
    assert tasks.wait_all(60)
    assert (results._results is not None) == (outcome != "cancelled")


def assert_tested(run: Run) -> None:
    assert run.report()["n"] == len(run.split.test)
    assert not (run.path / "search").exists()
    assert TrainedModel.load(run.path).classes == run.split.classes


# -- getting there


def reach(bench: Bench) -> None:
    """Let the window work until it is held in the stage."""
    if bench.name == "export":
        reach_export(bench)
        return
    stopping.begin(bench.window, bench.recipe)
    if bench.name == "scan":
        bench.wait_held()
        assert bench.window.session.state is State.SCANNING
        return
    bench.wait(lambda: bench.window.session.plan is not None)
    if bench.beside:
        bench.wait_held()
        bench.window.train()
        bench.wait(lambda: bench.window.session.runner._thread is not None)
    else:
        bench.window.train()
        bench.wait_held()
    assert bench.window.session.state is State.TRAINING


def reach_export(bench: Bench) -> None:
    bench.window.stage.show_stage("export")
    card = stopping.export_card(bench.window)
    bench.wait(card.button.isEnabled)
    card.export(bench.out)
    bench.wait_held()
    assert card.busy


# -- the ways


def expected(bench: Bench, run: Run) -> ev.Outcome:
    """How the training ends."""
    if bench.way not in KEEPING:
        return "cancelled"
    if bench.name == "save" and "unfreeze" in PROCEDURES[bench.procedure]:  # the first of two
        return "stopped"
    if bench.name in ("begin", "estimate") and run.history().epochs:  # a batch was learnt
        return "stopped"
    return bench.stage.kept


def end_by_stop(bench: Bench) -> None:
    """``finish``, ``cancel`` and ``both`` of a training."""
    first, *then = ("finish", "cancel") if bench.way == "both" else (bench.way,)
    bench.ask(first)
    for how in then:
        if not bench.beside and bench.name not in AT_ONCE:
            bench.gate.step()
            bench.wait_held()
        bench.ask(how)


def close(bench: Bench) -> None:
    """Close the window of a training, with one of the answers that are offered."""
    window = bench.window
    assert not window.close()
    bench.answer(BEST if bench.way == "close best" else LEAVE)
    assert_stopping(bench)
    bench.wait_asked("finish" if bench.way == "close best" else "cancel")
    assert window.isVisible()


def end_training(bench: Bench) -> Run:
    """End it in its way; returns its run."""
    window = bench.window
    closing = bench.way.startswith("close")
    (close if closing else end_by_stop)(bench)
    run = window.session.run
    assert run is not None
    if not bench.beside:  # the estimate goes on, and is not waited for
        bench.gate.release()
    if closing:
        bench.wait(lambda: not window.isVisible())
        assert not window.session.training
    else:
        bench.wait(lambda: window.session.state is State.READY)
    bench.gate.release()
    assert tasks.wait_all(60)
    return run


def kill(bench: Bench, folder: Path) -> None:
    """Let another process come to the stage, and end it at once."""
    recipe = folder / "wanted.json"
    recipe.write_text(bench.recipe.to_json())
    command = [sys.executable, "-m", "tests.faults.stopping", recipe, bench.name, bench.out]
    (folder / "lost").mkdir()
    variables = os.environ | {"TMPDIR": str(folder / "lost"), "QT_QPA_PLATFORM": "offscreen"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=variables, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        _gone, alive = psutil.wait_procs(family, timeout=60)
        assert alive == []


# -- afterwards


def assert_goes_on(bench: Bench, run: Run, press: Callable[[], object]) -> None:
    """Resumed, it ends as one that was never interrupted, with nothing lost."""
    before = run.history()
    press()
    bench.wait(lambda: bench.window.session.training)
    bench.rest()
    assert_idle(bench)
    assert_ended(bench, run, "done")
    assert (run.history().started is not None) >= (before.started is not None)
    assert NOTHING_LEARNT not in bench.live.says.texts()
    epochs = [epoch.epoch for epoch in run.history().epochs]
    assert epochs == sorted(set(epochs))
    assert epochs[: len(before.epochs)] == [epoch.epoch for epoch in before.epochs]


def assert_next_start(bench: Bench, run: Run, outcome: ev.Outcome | None) -> None:
    """The next window offers to go on with what was interrupted, and does."""
    window = bench.window
    window.offers.look_for_unfinished()
    assert tasks.wait_all(60)
    bar = window.cards["training"].bar
    assert bar.isVisible() == (outcome in (None, "cancelled"))
    if outcome is None:
        (row,) = rows_of(bench)
        assert row.state == "interrupted"
        assert "resume" in can(bench, run)
    else:
        assert_ended(bench, run, outcome, here=False)
    if outcome in (None, "cancelled"):
        assert run.path.name in bar.text.text()
        assert_goes_on(bench, run, bar.action.click)
        assert not bar.isVisible()
        window.offers.look_for_unfinished()
        assert tasks.wait_all(60)
        assert not bar.isVisible()


def assert_trains(bench: Bench) -> None:
    """From opening the data to a tested model."""
    known = {run.path for run in list_runs()}
    stopping.begin(bench.window, bench.recipe)
    bench.wait(lambda: bench.window.session.plan is not None)
    bench.rest()
    train_again(bench, known)


def train_again(bench: Bench, known: set[Path]) -> None:
    bench.window.train()
    bench.wait(lambda: bench.window.session.training)
    bench.rest()
    assert_idle(bench)
    (run,) = [run for run in list_runs() if run.path not in known]
    assert_ended(bench, run, "done")


# -- a training


def check_training(bench: Bench, make: Setting) -> None:
    reach(bench)
    run = end_training(bench)
    outcome = expected(bench, run)
    if bench.way.startswith("close"):
        assert_next_start(make(bench.procedure, "never", bench.way), run, outcome)
        return
    assert_idle(bench)
    assert_ended(bench, run, outcome)
    if bench.way != "both":  # then it is said where it has noticed the first request
        nothing = bench.way == "finish" and outcome == "cancelled"
        assert (NOTHING_LEARNT in bench.live.says.texts()) == nothing
    if outcome == "cancelled":
        bench.window.stage.show_stage("live")
        assert_goes_on(bench, run, bench.live.resume.click)
    elif bench.procedure in AGAIN:
        train_again(bench, {run.path})


# -- a scan


def check_scan(bench: Bench, make: Setting) -> None:
    reach(bench)
    window, session = bench.window, bench.window.session
    panel = window.cards["dataset"].panel
    assert isinstance(panel, DatasetPanel)
    assert "Reading the data" in window.windowTitle()
    if bench.way.startswith("close"):
        assert window.close()
        assert not window.isVisible()
        bench.gate.release()
        assert tasks.wait_all(60)
        assert_trains(make(bench.procedure, "never", bench.way))
        return
    stop = window.menus.actions["stop"]
    assert not stop.isEnabled()
    session.stop("finish")  # nothing that could be finished
    assert session.state is State.SCANNING
    if bench.way != "finish":
        assert panel.scanning.cancel.isVisible()
        panel.scanning.cancel.click()
        assert session.state is State.EMPTY
    bench.gate.release()
    bench.rest()
    assert (session.dataset is None) == (bench.way != "finish")
    assert not panel.scanning.isVisible()
    assert list_runs() == []
    assert_trains(bench)


# -- an export


def check_export(bench: Bench, make: Setting) -> None:
    reach(bench)
    window = bench.window
    card = stopping.export_card(window)
    assert not window.menus.actions["stop"].isEnabled()
    if bench.way == "close leave":
        close_export(bench, "Close without export")
        bench.wait(lambda: not window.isVisible())
        bench.gate.release()
        assert tasks.wait_all(60)
        assert list(bench.out.parent.iterdir()) == []
        assert_exports(make(bench.procedure, "never", bench.way))
        return
    if bench.way == "close best":
        close_export(bench, "Keep exporting")
        assert not window.close()  # the question is open when the export ends
    bench.gate.release()
    bench.wait(lambda: not card.busy)
    bench.wait(lambda: not visible_dialogs(window))
    assert window.isVisible()
    assert card.result.text().startswith("Exported")
    assert bench.out.stat().st_size > 1000
    assert left_over(bench.out.parent) == []
    assert card.button.isEnabled()
    assert_trains(bench)


def close_export(bench: Bench, answer: str) -> None:
    """Close the window of an export, and answer what is asked."""
    assert not bench.window.close()
    (box,) = bench.window.findChildren(QMessageBox, dialogs.LEAVE_EXPORT)
    next(button for button in box.buttons() if button.text() == answer).click()
    bench.wait(lambda: not visible_dialogs(bench.window))


def assert_exports(bench: Bench) -> None:
    bench.window.stage.show_stage("export")
    card = stopping.export_card(bench.window)
    bench.wait(card.button.isEnabled)
    card.export(bench.out)
    bench.wait(lambda: not card.busy)
    assert card.result.text().startswith("Exported")
    assert bench.out.stat().st_size > 1000


# -- kill -9


def check_killed(bench: Bench, folder: Path) -> None:
    kill(bench, folder)
    if bench.name == "export":
        assert not bench.out.exists()
        assert_exports(bench)
    elif bench.name == "scan" or bench.beside:
        assert list_runs() == []
        assert_trains(bench)
    else:
        (run,) = list_runs()
        assert not run.active()
        assert_next_start(bench, run, None)


# -- all of them


@pytest.mark.parametrize(("procedure", "name", "way"), MATRIX)
def test_every_stage_is_ended_in_every_way(
    bench: Setting,
    finished_run: Callable[[str], Path],
    tmp_path: Path,
    procedure: str,
    name: str,
    way: str,
) -> None:
    if name == "export":
        shutil.copytree(finished_run(procedure), paths.runs_dir() / "finished")
    if way == "kill":
        killed = bench(procedure, "never", way)
        killed.name = name
        check_killed(killed, tmp_path)
    else:
        checks = {"scan": check_scan, "export": check_export}
        checks.get(name, check_training)(bench(procedure, name, way), bench)
