"""What augmentation does to one of the user's own samples, beside what the network sees."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.errors import UserError
from transfergui.core.i18n import _
from transfergui.core.modalities import Modality, Preview
from transfergui.core.modalities.previews import preview_variants
from transfergui.core.options import Options
from transfergui.core.paths import shown
from transfergui.gui import style
from transfergui.gui.widgets.thumbnails import RENDERERS

VARIANTS = 6
DELAY = 200
"""Milliseconds without a change before a new preview is made: a slider being dragged waits."""

RunTask = Callable[[Callable[[], Any], Callable[[Any], object], Callable[[UserError], object]], Any]
"""Runs a function in the background and calls ``done(result)`` or ``failed(error)`` here."""


class AugmentPreview(QWidget):
    """One sample as it is, as the network sees it, and as training might change it.

    Nothing is decoded before the widget is seen.

    Args:
        run_task: as :func:`transfergui.gui.tasks.run` with its parent filled in.
    """

    def __init__(self, run_task: RunTask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_task = run_task
        self._modality: Modality | None = None
        self._paths: Sequence[Path] = ()
        self._place = self._seed = self._ticket = 0
        self._options: tuple[Options, Options] | None = None
        self._delay = QTimer(self, singleShot=True, interval=DELAY)
        self._delay.timeout.connect(self._begin)
        self.original, self.prepared = Tile(), Tile()
        self.variants = [Tile() for _number in range(VARIANTS)]
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "caption")
        self.another, self.shuffle = QPushButton(), QPushButton(_("Shuffle"))
        self.another.clicked.connect(self._show_another)
        self.shuffle.clicked.connect(self._shuffle)
        self.shuffle.setToolTip(_("Change it in other random ways"))
        self._build()
        self._allow()

    def use(self, modality: Modality, paths: Sequence[Path]) -> None:
        """Take the samples to show from ``paths``, beginning with any of them."""
        self._modality, self._paths = modality, paths
        self._place = random.randrange(len(paths)) if paths else 0
        self.another.setText(_("Another {noun}").format(noun=_(modality.one)))
        self._allow()
        self._refresh()

    def set_options(self, input: Options, augment: Options) -> None:
        """Show what these options do."""
        self._options = input, augment
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    # -- layout

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.INSIDE)
        grid.setVerticalSpacing(style.GAP)
        headings = (_("As it is"), _("What the network sees"), _("In training, for example"))
        for column, heading in enumerate(headings):
            label = QLabel(heading, wordWrap=True, alignment=Qt.AlignmentFlag.AlignBottom)
            label.setProperty("role", "caption")
            grid.addWidget(label, 0, column, 1, VARIANTS if column == 2 else 1)
        for column, tile in enumerate((self.original, self.prepared, *self.variants)):
            grid.addWidget(tile, 1, column)
            grid.setColumnStretch(column, 1)
            tile.setAccessibleName(headings[min(column, 2)])
        grid.setRowStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        buttons.addWidget(self.note, 1)
        buttons.addWidget(self.another)
        buttons.addWidget(self.shuffle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(grid, 1)
        layout.addLayout(buttons)

    def _allow(self) -> None:
        self.another.setVisible(len(self._paths) > 1)
        self.shuffle.setEnabled(bool(self._paths))

    # -- what is shown

    def _show_another(self) -> None:
        self._place = (self._place + 1) % len(self._paths)
        self._begin()

    def _shuffle(self) -> None:
        self._seed += 1
        self._begin()

    def _refresh(self) -> None:
        if self.isVisible():
            self._delay.start()

    def _begin(self) -> None:
        """Make a preview; what an earlier one finds out later is dropped."""
        self._ticket += 1
        if self._modality is None or self._options is None or not self._paths:
            self._draw([], "")
            return
        ticket, modality, path, seed = self._ticket, self._modality, self._current(), self._seed
        input, augment = self._options

        def make() -> list[Preview]:
            return preview_variants(modality, path, input, augment, seed, VARIANTS)

        def draw(previews: Sequence[Preview], note: str) -> None:
            if ticket == self._ticket:
                self._draw(previews, note)

        note = (
            _("Nothing is changed in training.") if augment == type(augment)() else shown(path.name)
        )
        self._run_task(make, lambda made: draw(made, note), lambda error: draw([], str(error)))

    def _current(self) -> Path:
        return self._paths[self._place]

    def _draw(self, previews: Sequence[Preview], note: str) -> None:
        """Fill the tiles in order; those without a preview are emptied."""
        images = (RENDERERS[preview.kind](preview.data) for preview in previews)
        for tile in (self.original, self.prepared, *self.variants):
            tile.set_image(next(images, None))
        self.note.setText(note)


class Tile(QWidget):
    """An image, as large as there is room; a quiet square while there is none."""

    SIDE = 112

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.setMinimumSize(56, 56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_image(self, image: QImage | None) -> None:
        self.image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.SIDE, self.SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.image is None:
            painter.fillRect(self.rect(), style.colour("sunken"))
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(), size)
        place.moveLeft((self.width() - size.width()) // 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)
