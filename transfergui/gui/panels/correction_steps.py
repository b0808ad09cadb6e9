"""Undo and redo of corrected predictions: what each step changed, of each file."""

from __future__ import annotations

from typing import NamedTuple

Labels = dict[str, str]
"""The class that the user gave each file, by its path."""


class Step(NamedTuple):
    """One step: the class of each file before and after, None where there was none.

    Attributes:
        text: what was done, as the Edit menu says it.
    """

    text: str
    changes: dict[str, tuple[str | None, str | None]]


class CorrectionSteps:
    """What can be undone and done again, each with the next one at its end."""

    def __init__(self) -> None:
        self.past: list[Step] = []
        self.future: list[Step] = []

    def clear(self) -> None:
        self.past, self.future = [], []

    def done(self, text: str, before: Labels, after: Labels) -> None:
        """A step was made; one that changed nothing is none."""
        changes = {
            path: (before.get(path), after.get(path))
            for path in before | after
            if before.get(path) != after.get(path)
        }
        if changes:
            self.past.append(Step(text, changes))
            self.future.clear()

    def undo(self, labels: Labels) -> Labels:
        """``labels`` as before the last step."""
        step = self.past.pop()
        self.future.append(step)
        return _with(labels, {path: before for path, (before, _after) in step.changes.items()})

    def redo(self, labels: Labels) -> Labels:
        """``labels`` as after the step that was undone last."""
        step = self.future.pop()
        self.past.append(step)
        return _with(labels, {path: after for path, (_before, after) in step.changes.items()})


def _with(labels: Labels, changes: dict[str, str | None]) -> Labels:
    """``labels`` with changes; None takes a label away."""
    return {path: name for path, name in (labels | changes).items() if name is not None}
