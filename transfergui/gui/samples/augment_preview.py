"""What augmentation does to one of the user's own samples, beside what the network sees."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLineF, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.options import Options
from transfergui.core.data.captions import caption
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import MarkedBox, Preview, Sound, Text
from transfergui.core.modalities.previews import preview_variants
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.pictures import box_painter
from transfergui.gui.samples import renderers
from transfergui.gui.samples.audio_player import AudioPlayer, obstacle
from transfergui.gui.samples.renderers import sound_of
from transfergui.gui.samples.text_view import counted

VARIANTS, BESIDE = 6, 3
DELAY = 200
"""Milliseconds without a change before a new preview is made: a slider being dragged waits."""

RunTask = Callable[[Callable[[], Any], Callable[[Any], object], Callable[[UserError], object]], Any]
"""Runs a function in the background and calls ``done(result)`` or ``failed(error)`` here."""
BoxesOf = Callable[[Path], Sequence[MarkedBox]]
"""The boxes in a sample."""


class AugmentPreview(QWidget):
    """One sample as it is, as the network sees it, and as training might change it.

    What can be heard is played at a click. Nothing is decoded before the widget is seen.

    Args:
        run_task: as :func:`transfergui.gui.base.tasks.run` with its parent filled in.
    """

    def __init__(self, run_task: RunTask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_task = run_task
        self._modality: Modality | None = None
        self._paths: Sequence[Path] = ()
        self._boxes: BoxesOf = lambda _path: ()
        self._place = self._seed = self._ticket = 0
        self._options: tuple[Options, Options] | None = None
        self._seen: Callable[[], Options] | None = None
        self._delay = QTimer(self, singleShot=True, interval=DELAY)
        self._delay.timeout.connect(self._begin)
        self.original, self.prepared = PreviewTile(), PreviewTile()
        self.variants = [PreviewTile() for _number in range(VARIANTS)]
        self.player = AudioPlayer(self)
        self._heard: PreviewTile | None = None
        self.player.moved.connect(self._move_cursor)
        self.player.ended.connect(lambda: self._move_cursor(None))
        self.note = WrappedLabel(role="caption")
        self.another, self.shuffle = QPushButton(), QPushButton(_("Shuffle"))
        self.another.clicked.connect(self._show_another)
        self.shuffle.clicked.connect(self._shuffle)
        self.shuffle.setToolTip(_("Show other random changes"))
        self._build()
        self._allow()

    def use(
        self, modality: Modality, paths: Sequence[Path], boxes: BoxesOf = lambda _path: ()
    ) -> None:
        """Take the samples to show from ``paths``, beginning with any of them.

        Args:
            boxes: in each of them, which move with it.
        """
        self._modality, self._paths, self._boxes = modality, paths, boxes
        self._place = random.randrange(len(paths)) if paths else 0
        self.another.setText(_("Another {noun}").format(noun=_(modality.one)))
        self._allow()
        self._refresh()

    def set_options(
        self,
        options: tuple[Options, Options] | None,
        seen: Callable[[], Options] | None = None,
    ) -> None:
        """Show what these options (input, augmentation) do; nothing while there are none.

        Args:
            seen: gives, in the background, the input options with what reading needs beside them.
        """
        self._options, self._seen = options, seen
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.player.stop()
        super().hideEvent(event)

    @property
    def tiles(self) -> tuple[PreviewTile, ...]:
        return self.original, self.prepared, *self.variants

    # -- layout

    def _build(self) -> None:
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(style.INSIDE)
        grid.setVerticalSpacing(style.GAP)
        headings = (_("Original"), _("Model input"), _("Augmented (examples)"))
        for column, heading in enumerate(headings):
            label = QLabel(heading, wordWrap=True, alignment=Qt.AlignmentFlag.AlignBottom)
            label.setProperty("role", "caption")
            self._changes = label  # in the end, that of the last column
            grid.addWidget(label, 0, column, 1, VARIANTS if column == 2 else 1)
        for column, tile in enumerate(self.tiles):
            grid.addWidget(tile, 1, column)
            grid.setColumnStretch(column, 1)
            tile.setAccessibleName(headings[min(column, 2)])
            tile.pressed.connect(self._play)
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
        modality = self._modality
        if modality is None or self._options is None or not self._paths:
            self._draw([], "")
            return
        ticket, path, seed = self._ticket, self._current(), self._seed
        input, augment = self._options
        if not isinstance(input, modality.input_options):  # other data are just being opened
            self._draw([], "")
            return

        seen, boxes, beside = self._seen, self._boxes(path), self._beside()

        def make() -> list[Preview]:
            whole, count = input if seen is None else seen(), VARIANTS
            return preview_variants(modality, path, whole, augment, seed, count, boxes, beside)

        def draw(previews: Sequence[Preview], note: str) -> None:
            if ticket == self._ticket:
                self._draw(previews, note)

        changes = augment != type(augment)()
        note = caption(path.name) if changes else _("No augmentation in training.")
        self._show_changes(changes)
        self._run_task(make, lambda made: draw(made, note), lambda error: draw([], str(error)))

    def _show_changes(self, on: bool) -> None:
        """Without augmentation, its examples would be the same picture again and again."""
        for part in (self._changes, self.shuffle, *self.variants):
            part.setVisible(on)
        for column in range(2, len(self.tiles)):  # what is hidden leaves its room to the others
            self._grid.setColumnStretch(column, int(on))

    def _beside(self) -> list[tuple[Path, Sequence[MarkedBox]]]:
        """The samples that follow, with their boxes, for changes that mix them; none where there
        are no boxes."""
        order = (*self._paths[self._place + 1 :], *self._paths[: self._place])
        found = [(path, self._boxes(path)) for path in order[:BESIDE]]
        return found if any(own for _path, own in found) or self._boxes(self._current()) else []

    def _current(self) -> Path:
        return self._paths[self._place]

    def _draw(self, previews: Sequence[Preview], note: str) -> None:
        """Fill the tiles in order; those without a preview are emptied."""
        self.player.stop()
        left = iter(previews)
        for tile in self.tiles:
            tile.show_preview(next(left, None))
        seen = previews[1].data if len(previews) > 1 else None
        said = counted(seen) if isinstance(seen, Text) else ""
        self.note.setText(paragraph((note, said)))

    def _play(self, tile: PreviewTile) -> None:
        self.player.stop()
        if tile.sound is not None:
            self._heard = tile
            self.player.play(tile.sound)

    def _move_cursor(self, seconds: float | None) -> None:
        if self._heard is not None:
            self._heard.move_cursor(seconds)


class PreviewTile(QWidget):
    """A preview, as large as there is room; a quiet square while there is none.

    Attributes:
        pressed: the tile itself, when one wants to hear it.
        sound: what can be heard of it, where something can.
    """

    SIDE = 112
    ICON = 20

    pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.sound: Sound | None = None
        self._preview: Preview | None = None
        self._cursor: float | None = None
        self.setMinimumSize(56, 56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        style.theme.changed.connect(self._dress)

    def show_preview(self, preview: Preview | None) -> None:
        self._preview, self._cursor = preview, None
        sound = sound_of(preview) if preview else None
        why_not = obstacle() if sound else ""
        self.sound = None if why_not else sound
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.sound else Qt.FocusPolicy.NoFocus)
        words = renderers.line(preview) if preview else ""
        self.setToolTip(style.tip(_("Click to play.") if self.sound else why_not or words))
        self._dress()

    def move_cursor(self, seconds: float | None) -> None:
        """Where it is being heard; None while it is silent."""
        self._cursor = seconds
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.SIDE, self.SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit(self)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.image is None:
            painter.fillRect(self.rect(), style.colour("sunken"))
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(), size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)
        if self._preview is not None:
            box_painter.draw(painter, QRectF(place), self._preview.boxes, small=True)
        if self.sound is not None:
            self._draw_playing(painter, place, self.sound)
        if self.hasFocus():
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _draw_playing(self, painter: QPainter, place: QRect, sound: Sound) -> None:
        """The sign that it can be heard, or where it is being heard."""
        if self._cursor is None:
            corner = place.bottomRight() - QPoint(self.ICON, self.ICON)
            painter.drawPixmap(corner, style.pixmap("play", 16, "accent"))
        else:
            x = place.left() + place.width() * self._cursor * sound.rate / len(sound.samples)
            painter.setPen(QPen(style.colour("validation"), 2))
            painter.drawLine(QLineF(x, place.top(), x, place.bottom()))

    def _dress(self) -> None:
        plain = replace(self._preview, boxes=()) if self._preview else None
        self.image = renderers.draw(plain) if plain else None
        self.update()
