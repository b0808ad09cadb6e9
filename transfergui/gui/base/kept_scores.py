"""From which confidence on boxes of a model are shown, where the user chose it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

MOST = 200
"""Models of which it is remembered; of those before, it is forgotten."""


class KeptScores(QObject):
    """By model: a run, a package or an ONNX file.

    Attributes:
        changed: another one was chosen; the settings are to be saved.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, float] = {}

    def keep_in(self, remembered: dict[str, float]) -> None:
        """From now on, they are read from ``remembered`` and written there."""
        self._known = remembered

    def of(self, model: Path) -> float | None:
        """A share; None for the model's own."""
        score = self._known.get(str(model))
        return score if score is not None and 0 < score < 1 else None

    def keep(self, model: Path, score: float | None) -> None:
        """Choose one; None for the model's own."""
        self._known.pop(str(model), None)
        if score is not None:
            self._known[str(model)] = score
        for former in list(self._known)[:-MOST]:
            del self._known[former]
        self.changed.emit()


scores = KeptScores()
"""Of the whole program; the window keeps them in its settings."""
