"""A window whose work is held exactly in one stage, in this process or in one to be killed.

Run as ``python -m tests.faults.stopping RECIPE STAGE RUNS``: a window of its own does what the
stage belongs to, writes ``held`` when it is there, and stays there.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.gui.theme import use_light_theme
from transfergui.core.exporters.backbone import BackboneFile
from transfergui.core.exporters.exporter import Exporter
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe, read
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.search_options import SearchOptions
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels.export import ExportStage, FormatCard
from transfergui.gui.session import loading, trainer_thread
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.session.trainer_thread import EventSource
from transfergui.gui.shell.main_window import MainWindow

LONGEST = 60.0
"""Seconds that work is held at most: a test that fails must not hang."""
Told = object
"""What work tells of itself: an event of a training, or the name of another stage."""
When = Callable[[Told], bool]
Patch = Callable[[object, str, object], None]


class Gate:
    """Holds the thread that first tells what is waited for, whenever it tells anything from then
    on, until it may go on to its end.

    Args:
        when: what is waited for.
    """

    def __init__(self, when: When) -> None:
        self._when = when
        self._go = threading.Semaphore(0)
        self._open = False
        self._thread: int | None = None
        self.held = threading.Event()

    def __call__(self, told: Told) -> None:
        """Called by the work itself, in its thread."""
        here = threading.get_ident()
        if self._open or self._thread not in (None, here):
            return
        if self._thread == here or self._when(told):
            self._thread = here
            self.held.set()
            self._go.acquire(timeout=LONGEST)

    def step(self) -> None:
        """Let it go on until it tells the next thing."""
        self.held.clear()
        self._go.release()

    def release(self) -> None:
        """Let it go on to its end."""
        self._open = True
        self._go.release()


@dataclass(frozen=True)
class Stage:
    """Where work is held.

    Attributes:
        when: what it tells there.
        kept: how a training ends that is asked there to stop and keep the best: there may be
            nothing yet, or it ends by itself.
    """

    when: When
    kept: ev.Outcome = "cancelled"


def progress(stage: ev.Stage) -> When:
    return lambda told: isinstance(told, ev.Progress) and told.stage == stage


def named(name: str) -> When:
    return lambda told: told == name


def tried(dropped: str) -> When:
    return lambda told: isinstance(told, ev.Tried) and told.dropped == dropped


def resumed(when: When) -> When:
    """What is told after a search has replayed how that was trained which it found."""
    began: list[Told] = []

    def is_now(told: Told) -> bool:
        if isinstance(told, ev.Started) and told.resumed:
            began.append(told)
        return bool(began) and when(told)

    return is_now


def is_saved(told: Told) -> bool:
    return isinstance(told, ev.Saved) and told.kind == "last"


def is_second_phase(told: Told) -> bool:
    return isinstance(told, ev.PhaseStarted) and told.index == 1


STAGES: dict[str, Callable[[], Stage]] = {
    "scan": lambda: Stage(named("scan")),
    "estimate": lambda: Stage(named("estimate")),
    "begin": lambda: Stage(lambda told: isinstance(told, ev.Started)),
    "features": lambda: Stage(progress("features")),
    "teach": lambda: Stage(progress("teach")),
    "train": lambda: Stage(progress("train"), "stopped"),
    "validate": lambda: Stage(progress("validate"), "stopped"),
    "save": lambda: Stage(is_saved, "done"),
    "write": lambda: Stage(named("write"), "done"),
    "unfreeze": lambda: Stage(is_second_phase, "stopped"),
    "members": lambda: Stage(progress("validate")),
    "joined": lambda: Stage(lambda told: isinstance(told, ev.Tried), "done"),
    "look": lambda: Stage(tried("auto.looking")),
    "search": lambda: Stage(tried("auto.so_far"), "done"),
    "found": lambda: Stage(lambda told: isinstance(told, ev.Started), "stopped"),
    "test found": lambda: Stage(resumed(progress("evaluate")), "done"),
    "evaluate": lambda: Stage(progress("evaluate"), "done"),
    "export": lambda: Stage(named("export")),
    "never": lambda: Stage(lambda told: False),
}
COMMON = ("train", "validate", "save", "evaluate")
PROCEDURES: dict[str, tuple[str, ...]] = {
    "feature_extraction": ("scan", "estimate", "begin", "features", *COMMON, "export"),
    "fine_tuning": ("estimate", "begin", "write", *COMMON),
    "progressive_unfreezing": ("estimate", "features", "unfreeze", *COMMON),
    "head_first": ("estimate", "features", "unfreeze", *COMMON),
    "fusion": ("estimate", "features", *COMMON),
    "soup": ("estimate", "members", "joined", "evaluate"),
    "distillation": ("estimate", "teach", *COMMON),
    "recommended": ("look", "estimate", "search", "found", "test found"),
}
"""The stages of each; a scan knows nothing of what follows, and an export of what was before."""


# -- the window


def gated(gate: Gate) -> Callable[[Plan, Run], EventSource]:
    """Real trainings, held after an event that the window has got already."""

    def source(plan: Plan, run: Run) -> EventSource:
        begin = trainer_thread.training(plan, run)

        def events() -> Iterator[ev.Event]:
            inner = begin()
            assert isinstance(inner, Generator)
            try:
                for event in inner:
                    yield event
                    gate(event)
            finally:
                inner.close()

        return events

    return source


def hold_tasks(gate: Gate, patch: Patch) -> None:
    """Let ``gate`` hold what tells no events: a scan, an estimate, a checkpoint half written, an
    export."""
    _hold_scan(gate, patch)
    _hold_estimate(gate, patch)
    _hold_write(gate, patch)
    _hold_export(gate, patch)


def _hold_scan(gate: Gate, patch: Patch) -> None:
    scan = loading.scan

    def held(modality: str | None, data: Any, kept: str, report: Callable[[int], None]) -> Any:
        def told(count: int) -> None:
            report(count)
            gate("scan")

        found = scan(modality, data, kept, told)
        report(len(found.samples))
        return found

    patch(loading, "scan", held)


def _hold_estimate(gate: Gate, patch: Patch) -> None:
    """Amid it, when nothing else may measure; of a search, the estimates that are part of it."""
    from transfergui.core.training import estimate, probe

    decoded, measure = probe.decoded, estimate.estimate
    measuring = threading.local()

    def held_decoded(*given: Any, **named: Any) -> Any:
        if getattr(measuring, "now", False):
            gate("estimate")
        return decoded(*given, **named)

    def held(plan: Plan, check_cancelled: Callable[[], None] = lambda: None) -> Any:
        measuring.now = not isinstance(plan.options, SearchOptions)
        try:
            return measure(plan, check_cancelled)
        finally:
            measuring.now = False

    patch(probe, "decoded", held_decoded)
    patch(estimate, "estimate", held)


def _hold_write(gate: Gate, patch: Patch) -> None:
    from transfergui.core.training import checkpoint

    whole = checkpoint._write

    def held(path: Path, write: Callable[[Any], object]) -> None:
        def half(stream: Any) -> None:
            gate("write")
            write(stream)

        whole(path, half)

    patch(checkpoint, "_write", held)


def _hold_export(gate: Gate, patch: Patch) -> None:
    """When the file is written, and not compared yet."""
    check = BackboneFile.check

    def held(self: Exporter, *given: Any) -> Any:
        gate("export")
        return check(self, *given)

    patch(BackboneFile, "check", held)


def quicken(patch: Patch) -> None:
    """Tell of every batch, measure once, and search little; save only where a phase ends."""
    from transfergui.core.training import candidates, checkpointer, probe, progress_reporter

    for name in ("SAVE_EVERY", "SAVE_WITHIN"):  # on a busy machine an epoch may take that long
        patch(checkpointer, name, 1e9)
    patch(progress_reporter, "EVERY", 0.0)
    patch(probe, "RUNS", 1)
    patch(candidates, "MOVING", ())


def open_window(gate: Gate) -> MainWindow:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    use_light_theme(app)
    window = MainWindow(Session(source=gated(gate)), Settings())
    window.resize(1100, 760)
    window.show()
    return window


def export_card(window: MainWindow) -> FormatCard:
    stage = window.stage.widget_of("export")
    assert isinstance(stage, ExportStage)
    return next(card for card in stage.cards if isinstance(card.exporter, BackboneFile))


def begin(window: MainWindow, recipe: Recipe) -> None:
    """Open the data of ``recipe`` with its settings."""
    window.session.change(recipe, "Take a recipe")


# -- in the process to be killed


def main(arguments: list[str]) -> int:
    recipe, name, out = read(Path(arguments[0])), arguments[1], Path(arguments[2])
    app = QApplication([])
    gate = Gate(STAGES[name]().when)
    hold_tasks(gate, setattr)
    quicken(setattr)
    window = open_window(gate)
    threading.Thread(target=_say_held, args=(gate,), daemon=True).start()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if name == "export":
        _export_the_only_run(window, out)
    elif name not in ("scan", "estimate") or recipe.strategy == "auto":
        window.session.state_changed.connect(functools.partial(_train, window))
    if name != "export":
        begin(window, recipe)
    return app.exec()


def _say_held(gate: Gate) -> None:
    gate.held.wait()
    print("held", flush=True)


def _end_with_parent() -> None:
    """Whose end of the standard input is closed when it has ended, however that was."""
    sys.stdin.read()
    os._exit(1)


def _train(window: MainWindow, state: State) -> None:
    if state is State.READY:
        window.train()


def _export_the_only_run(window: MainWindow, out: Path) -> None:
    window.stage.show_stage("export")
    card, again = export_card(window), QTimer(window, interval=20)

    def export() -> None:
        if card.button.isEnabled():
            again.stop()
            card.export(out)

    again.timeout.connect(export)
    again.start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
