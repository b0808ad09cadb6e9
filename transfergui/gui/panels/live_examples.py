"""What a model says of a few validation samples while it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.data import tars
from transfergui.core.evaluation import box_marks
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.sources import input_of
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.samples.augment_preview import PreviewTile
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem

MOST = 6
"""Samples side by side."""
MOST_HIGH = 2 * PreviewTile.SIDE
"""Pixels."""
Marks = Mapping[str, Sequence[MarkedBox]]


class ExampleTile(PreviewTile):
    """A small picture that is opened large."""

    def show_preview(self, preview: Preview | None) -> None:
        super().show_preview(preview)
        there = preview is not None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if there else Qt.FocusPolicy.NoFocus)
        if there:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(style.tip(_("Click to enlarge.")))
        else:
            self.unsetCursor()


class LiveExamples(QWidget):
    """A row of validation samples with what the model found in them after the last epoch; hidden
    where the training shows none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = WrappedLabel(role="caption")
        self.legend = WrappedLabel(role="caption")
        self.legend.setText(_("Solid lines: true boxes. Dashed lines: predictions. Thick: errors."))
        self.tiles = [ExampleTile() for _number in range(MOST)]
        self._run: Run | None = None
        self._paths: list[Path] = []
        self._marks: Marks = {}
        self._shown: tuple[Path, int] | None = None
        self._known: dict[Path, Preview] = {}
        self._task = Task(self, _looked, self._draw, lambda _error: self.hide())
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for tile in self.tiles:
            tile.pressed.connect(self._enlarge)
            row.addWidget(tile, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        for part in (self.heading, self.legend):
            layout.addWidget(part)
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
            self._shown, self._run = (run.path, last.epoch), run
            text = _("Validation set after epoch {epoch}: what is found, and what is missed")
            self.heading.setText(text.format(epoch=last.epoch))
            self._task.start(run, last, dict(self._known))

    def _draw(self, found: tuple[dict[Path, Preview], list[Path], Marks]) -> None:
        self._known, paths, marks = found
        self._paths, self._marks = paths, marks
        for tile, path in zip(self.tiles, paths, strict=False):
            tile.show_preview(replace(self._known[path], boxes=tuple(marks.get(str(path), ()))))
        for tile in self.tiles[len(paths) :]:
            tile.show_preview(None)
        self._fit()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """No higher than the pictures are."""
        wide = (self.width() - (MOST - 1) * style.INSIDE) / MOST
        shapes = [self._known[path].data.shape for path in self._paths]
        ratio = max((shape[0] / shape[1] for shape in shapes), default=1.0)
        height = round(min(MOST_HIGH, max(PreviewTile.SIDE / 2, ratio * wide)))
        for tile in self.tiles:
            if tile.height() != height:
                tile.setFixedHeight(height)

    def _enlarge(self, tile: ExampleTile) -> None:
        """Show a picture large, with the boxes of the epoch that is shown now."""
        at = self.tiles.index(tile)
        if self._run is None or at >= len(self._paths):
            return
        modality, input = registry.modality(self._run.recipe.modality), input_of(self._run)
        decode: Decode = lambda path, large=False, /: modality.preview(path, input, large)  # noqa: E731
        marks, legend = dict(self._marks), self.legend.text()
        paths = [str(path) for path in self._paths]
        said = [paragraph((box_marks.sentence(marks.get(path, ())), legend)) for path in paths]
        looks = [ViewedItem((path,), text) for path, text in zip(paths, said, strict=True)]
        boxes = lambda path: marks.get(path, ())  # noqa: E731
        SampleViewer(decode, Path(), looks, at, parent=self, boxes=boxes).open()


def _looked(
    run: Run, epoch: ev.EpochEnded, known: dict[Path, Preview]
) -> tuple[dict[Path, Preview], list[Path], Marks]:
    """Small pictures of the samples, their paths, and what is drawn in each."""
    split, modality, input = run.split, registry.modality(run.recipe.modality), input_of(run)
    root, pictures = Path(split.root), {}
    for each in epoch.examples[:MOST]:
        path = root / each.path
        try:
            tars.require_own(path, split.places)
            pictures[path] = known.get(path) or modality.preview(path, input)
        except UserError:  # gone meanwhile, which the training itself says
            continue
    try:
        marks = box_marks.of_examples(epoch.examples, split)
    except ValueError:  # the record was changed by hand
        marks = {}
    return pictures, list(pictures), {str(root / path): found for path, found in marks.items()}
