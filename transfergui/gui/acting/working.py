"""Plans made, carried out and undone in a worker thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from transfergui.core.acting import carry_out as carrying
from transfergui.core.acting import undo as undoing
from transfergui.core.acting.carry_out import Halted, Outcome
from transfergui.core.acting.record import History, Record
from transfergui.core.acting.steps import Act
from transfergui.core.app.predicting import version
from transfergui.core.base.progress import Tell
from transfergui.core.data.file_part import FilePart
from transfergui.core.evaluation.prediction import Prediction

Report = Callable[[tuple[int, int]], None]
Moved = dict[Path, Path]
"""Where files are now, by where they were."""


class Done(NamedTuple):
    """What came of it.

    Attributes:
        files: how many files are where a step put them.
        moved: files that are elsewhere now.
    """

    record: Path
    outcome: Outcome
    files: int
    moved: Moved


def halting(halt: threading.Event, report: Report) -> Tell:
    """Tells ``report`` how far it is, and ends the work after a file where that is wanted."""

    def tell(done: int, total: int) -> None:
        if halt.is_set():
            raise Halted
        report((done, total))

    return tell


def carry_out(act: Act, halt: threading.Event, report: Report) -> Done:
    """Do what was planned."""
    with Record.create(act.to) as record:
        outcome = carrying.carry_out(act, record, halting(halt, report))
        return _done(record, outcome)


def carry_on(path: Path, halt: threading.Event, report: Report) -> Done:
    """Do the rest of it."""
    with Record.open(path) as record:
        return _done(record, carrying.carry_on(record, halting(halt, report)))


def undo(path: Path, halt: threading.Event, report: Report) -> Done:
    """Undo it."""
    with Record.open(path) as record:
        outcome = undoing.undo(record, halting(halt, report))
        return _done(record, outcome)


def _done(record: Record, outcome: Outcome) -> Done:
    return Done(record.path, outcome, record.history.done, _moved(record.history))


def _moved(history: History) -> Moved:
    moved: Moved = {}
    for entry in history.entries.values():
        if entry.step.kind in ("move", "rename") and entry.target:
            source, target = Path(entry.step.source), Path(entry.target)
            if entry.state == "done":
                moved[source] = target
            elif entry.state == "undone":
                moved[target] = source
    return moved


def now_at(paths: Sequence[Path], moved: Moved) -> list[Path]:
    """What was given, after files were moved: a folder whose files went is these files."""
    found: dict[Path, None] = {}
    for path in paths:
        below = [new for old, new in moved.items() if old.is_relative_to(path)]
        if path in moved:
            found[moved[path]] = None
        else:
            found |= dict.fromkeys([path, *below])
    return list(found)


def moved_answer(answer: Prediction, moved: Moved) -> Prediction:
    """The prediction for a file that may have been moved; pieces of a recording went with it."""
    file, part = FilePart.parse(answer.path)
    new = moved.get(Path(file))
    if new is None:
        return answer
    path = new if part is None else Path(str(FilePart(str(new), part)))
    return replace(answer, path=path, version=version(new))
