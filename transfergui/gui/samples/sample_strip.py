"""A few samples in one row: small pictures or, of texts, their first words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.data.captions import caption
from transfergui.core.data.dataset import Sample
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.samples import renderers

SIDE = 48
"""Pixels of a picture."""
PICTURES, LINES = 6, 2
"""How many are shown."""

Small = tuple[str, QImage | str]
"""The path of a sample, and its picture or first words."""


class SampleStrip(QWidget):
    """See the module. Samples are read in a task; those that cannot be read are not shown."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[Any, ...] = ()
        self._task = Task(self, _read, self._show)
        self._pictures = [QLabel() for _number in range(PICTURES)]
        self._lines = [ElidedLabel(Qt.TextElideMode.ElideRight, "caption") for _n in range(LINES)]
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        for picture in self._pictures:
            picture.setFixedHeight(SIDE)
            row.addWidget(picture)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        for line in self._lines:
            layout.addWidget(line)
        style.theme.changed.connect(self._draw_again)
        self.clear()

    def clear(self) -> None:
        self._task.cancel()
        self._asked = ()
        self._show([])

    def fill(
        self, samples: Sequence[Sample], root: Path, modality: Modality, input: Options
    ) -> None:
        """Show some of ``samples``, spread over all of them."""
        step = max(1, len(samples) // PICTURES)
        paths = [sample.path for sample in samples[::step][:PICTURES]]
        asked = (paths, root, modality, input, round(SIDE * self.devicePixelRatio()))
        if asked != self._asked:
            self._asked = asked
            self._task.start(*asked)

    def _draw_again(self, *_what: object) -> None:
        if self._asked:
            self._task.start(*self._asked)

    def _show(self, found: list[Small]) -> None:
        pictures = [(path, each) for path, each in found if isinstance(each, QImage)]
        lines = [each for _path, each in found if isinstance(each, str)]
        for number, label in enumerate(self._pictures):
            label.setVisible(number < len(pictures))
            if number < len(pictures):
                path, image = pictures[number]
                image.setDevicePixelRatio(self.devicePixelRatio())
                label.setPixmap(QPixmap.fromImage(image))
                label.setToolTip(style.tip(caption(path)))
                label.setAccessibleName(caption(path))
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(lines))
            line.setText(lines[number] if number < len(lines) else "")


def _read(
    paths: Sequence[str],
    root: Path,
    modality: Modality,
    input: Options,
    pixels: int,
    report: Callable[[None], None],
) -> list[Small]:
    found: list[Small] = []
    for path in paths:
        report(None)
        try:
            preview = modality.preview(root / path, input)
        except UserError:
            continue
        if line := renderers.line(preview):
            found.append((path, line))
            continue
        image = renderers.draw(preview).scaled(
            pixels,
            pixels,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        found.append((path, image))
    return found
