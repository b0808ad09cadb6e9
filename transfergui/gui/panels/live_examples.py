"""What a model says of a few validation samples while it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.evaluation import box_marks
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.sources import input_of
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.samples.augment_preview import PreviewTile

MOST = 6
"""Samples side by side."""
Marks = Mapping[str, Sequence[MarkedBox]]


class LiveExamples(QWidget):
    """A row of validation samples with what the model found in them after the last epoch; hidden
    where the training shows none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = WrappedLabel(role="caption")
        self.tiles = [PreviewTile() for _number in range(MOST)]
        self._shown: tuple[Path, int] | None = None
        self._known: dict[Path, Preview] = {}
        self._task = Task(self, _looked, self._draw, lambda _error: self.hide())
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for tile in self.tiles:
            tile.setFixedHeight(2 * PreviewTile.SIDE)
            row.addWidget(tile, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.heading)
        layout.addLayout(row)
        self.hide()

    def show_epochs(self, run: Run | None, epochs: Sequence[ev.EpochEnded]) -> None:
        """Show what the last epoch says; nothing is done where that is shown already."""
        last = next((each for each in reversed(epochs) if each.examples), None)
        if run is None or last is None:
            self._task.cancel()
            self._shown = None
            self.hide()
        elif self._shown != (run.path, last.epoch):
            self._shown = run.path, last.epoch
            text = _("Validation set after epoch {epoch}: what is found, and what is missed")
            self.heading.setText(text.format(epoch=last.epoch))
            self._task.start(run, last, dict(self._known))

    def _draw(self, found: tuple[dict[Path, Preview], list[Path], Marks]) -> None:
        self._known, paths, marks = found
        for tile, path in zip(self.tiles, paths, strict=False):
            tile.show_preview(replace(self._known[path], boxes=tuple(marks.get(str(path), ()))))
        for tile in self.tiles[len(paths) :]:
            tile.show_preview(None)
        self.show()


def _looked(
    run: Run, epoch: ev.EpochEnded, known: dict[Path, Preview]
) -> tuple[dict[Path, Preview], list[Path], Marks]:
    """Small pictures of the samples, their paths, and what is drawn in each."""
    split, modality, input = run.split, registry.modality(run.recipe.modality), input_of(run)
    root, pictures = Path(split.root), {}
    for each in epoch.examples[:MOST]:
        path = root / each.path
        try:
            pictures[path] = known.get(path) or modality.preview(path, input)
        except UserError:  # gone meanwhile, which the training itself says
            continue
    try:
        marks = box_marks.of_examples(epoch.examples, split)
    except ValueError:  # the record was changed by hand
        marks = {}
    return pictures, list(pictures), {str(root / path): found for path, found in marks.items()}
