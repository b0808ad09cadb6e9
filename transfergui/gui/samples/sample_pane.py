"""One sample, large, with what is known of it, and its corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import NamedBox, boxes_text, parsed_boxes
from transfergui.core.data.captions import caption
from transfergui.core.data.file_part import FilePart
from transfergui.core.evaluation import crops
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.gui.base import desktop, style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.pictures import box_painter, shapes
from transfergui.gui.pictures.drawn import Brush
from transfergui.gui.pictures.editor import BoxEditor
from transfergui.gui.pictures.picture_view import PictureView
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.samples.sound_view import SoundView
from transfergui.gui.samples.text_view import TextView


class Decode(Protocol):
    """Makes the preview of a sample; called in a worker thread."""

    def __call__(self, path: Path, large: bool = False, /) -> Preview: ...


AROUND = 1.5
"""Of the sides of a box that is meant, what is shown around it."""
GetBoxes = Callable[[str], Sequence[MarkedBox]]
"""The boxes that are drawn in a sample, by its path; cheap, as it is asked at each painting."""


def no_boxes(_path: str) -> Sequence[MarkedBox]:
    """As :data:`GetBoxes`: there are none."""
    return ()


class SamplePane(QWidget):
    """One sample: its class and part above it, its place below it, and what can be done.

    Args:
        decode, root: as of :class:`~transfergui.gui.samples.sample_viewer.SampleViewer`.
        samples: knows its class; None where it is no data of the user.
        boxes: that are drawn in it; None for those of the data, which can be corrected.
        brush: the class of the box that is drawn next.

    Attributes:
        view: what shows the sample; None until it was decoded.
        trouble: why it cannot be shown.
        heading, facts: its class, and what else is known of it.
        seen: with the view, when there is one.
        again: it is going to be shown in another way.
        failed: it cannot be shown.
    """

    again = Signal()
    seen = Signal(object)
    failed = Signal()
    edited = Signal()

    def __init__(
        self,
        decode: Decode,
        root: Path,
        samples: OpenSamples | None,
        boxes: GetBoxes | None = None,
        brush: Brush | None = None,
    ) -> None:
        super().__init__()
        self._root, self._samples = root, samples
        self._own = boxes is None and samples is not None and samples.have_boxes
        of_data = samples.boxes if samples is not None else no_boxes
        self._boxes = boxes if boxes is not None else of_data
        self._brush = brush or Brush()
        self._path = ""
        self._marks: Sequence[MarkedBox] = ()
        self._correcting = False
        self._read = Task(self, lambda path: decode(path, True), self._show, self._fail)
        self.view: QWidget | None = None
        self.heading = ElidedLabel(role="title")
        self.facts = ElidedLabel(role="caption")
        self.trouble = line("")
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place = line("")
        self.relabel_button = tool_button(_("Relabel…"), _("Give this example another class (F2)."))
        self.take_button = tool_button(
            _("Add predicted box"), _("Add the box of the model to the boxes of this picture.")
        )
        self.exclude_button = tool_button(_("Exclude"), "")
        self.folder_button = tool_button(_("Show in folder"), "")
        self._room = QVBoxLayout()
        self._build()

    def show_sample(self, path: str, marks: Sequence[MarkedBox] = ()) -> None:
        """Show the sample ``path``, relative to the root.

        Args:
            marks: boxes that it is about: the first one stands out.
        """
        self.clear()
        self._path, self._marks, self._correcting = path, marks, False
        self.place.setText(_place(self._root / path))
        self.heading.setText("")
        self.refresh()
        self._read.start(self._root / path)

    @property
    def path(self) -> str:
        """Of the sample that is shown, relative to the root."""
        return self._path

    def clear(self) -> None:
        """Show nothing any more."""
        self._read.cancel()
        if self.editor is not None:
            self.editor.settle()
        if isinstance(self.view, SoundView):
            self.view.player.stop()
        if self.view is not None:
            self.view.hide()
            self.view.deleteLater()
            self.view = None
        self.trouble.setText("")
        self.trouble.show()

    def refresh(self) -> None:
        """Say what is known of the sample now."""
        self._show_boxes()
        if self._samples is None:
            return
        facts = self._samples.facts(self._path)
        if self._samples.have_boxes:
            said = box_painter.summary(self._samples.boxes(self._path))
            self.heading.setText(said or _("No objects"))
        elif facts.name:
            self.heading.setText(_("Class: {name}").format(name=shown(facts.name)))
        self.facts.setText(" · ".join(filter(None, (facts.sentence(), self._legend()))))
        self._refresh_boxes()
        self.relabel_button.setEnabled(not facts.obstacle and not facts.excluded)
        self.exclude_button.setEnabled(not facts.obstacle)
        self.exclude_button.setText(_("Include again") if facts.excluded else _("Exclude"))
        tip = (
            _("Use this example again (Delete).")
            if facts.excluded
            else _("Exclude this example from the data (Delete). The file is not deleted.")
        )
        self.exclude_button.setToolTip(facts.obstacle or tip)
        again = _("This example is excluded. Include it again first.") if facts.excluded else ""
        relabel = _("Give this example another class (F2).")
        if self._samples.have_boxes:
            relabel = _("Draw, move or delete the boxes of this picture in your data (F2).")
        self.relabel_button.setToolTip(facts.obstacle or again or relabel)

    def _legend(self) -> str:
        """What the lines of boxes mean, where those of a result are drawn."""
        assert self._samples is not None
        if self._own or not self._samples.have_boxes:
            return ""
        if self._correcting:
            return _("Solid lines: your boxes. Dashed lines: what the model found there.")
        return _("Solid lines: your boxes. Dashed lines: predictions. Thick lines: errors.")

    def _refresh_boxes(self) -> None:
        """Say how the boxes of the sample can be corrected: not where they already are drawn."""
        assert self._samples is not None
        self.relabel_button.setHidden(self._own)
        self.take_button.hide()
        if self._samples.have_boxes:
            text = _("Back to the result") if self._correcting else _("Correct boxes")
            self.relabel_button.setText(text)
        if self._correcting and (box := self._to_take()) is not None:
            self.take_button.setVisible(box not in self._boxes_of_data())

    @property
    def editor(self) -> BoxEditor | None:
        """Where its boxes can be corrected."""
        return self.view if isinstance(self.view, BoxEditor) else None

    def correct(self, on: bool = True) -> None:
        """Show the boxes of the data, to be corrected, instead of those of a result."""
        path, marks = self._path, self._marks
        self.again.emit()
        self.show_sample(path, marks)
        self._correcting = on
        self.refresh()

    def ask_for_label(self) -> None:
        """Ask for the class: of a box, of those that are drawn."""
        if self.editor is not None:
            self.editor.ask_for_name()
        else:
            self.relabel_button.click()

    def _show(self, preview: Preview) -> None:
        self.trouble.hide()
        if preview.kind == "picture" and self._can_draw():
            editor = self.view = BoxEditor(preview.data, self._brush)
            editor.edited.connect(self._draw)
        else:
            self.view = VIEWS[preview.kind](preview.data)
        self._room.addWidget(self.view, 1)
        self._show_boxes(preview.boxes)
        self._point()
        if self.editor is not None:
            self.editor.canvas.setFocus()
        self.seen.emit(self.editor.canvas if self.editor is not None else self.view)

    def _can_draw(self) -> bool:
        if self._samples is None or not (self._own or self._correcting):
            return False
        facts = self._samples.facts(self._path)
        return not facts.obstacle and not facts.excluded

    def _show_boxes(self, given: Sequence[MarkedBox] = ()) -> None:
        """Show the boxes of the sample, or those that came with its preview."""
        if self.editor is not None and self._samples is not None:
            drawn = parsed_boxes(self._samples.boxes_text(self._path))
            self.editor.put(drawn, self._samples.targets.names)
        elif isinstance(self.view, PictureView):
            self.view.show_boxes(self._boxes(self._path) or given)

    def _point(self) -> None:
        """Show which boxes it is about. Where boxes are corrected, the one of the data is chosen;
        beside them are those that the model found in vain."""
        part = crops.around(self._marks[0], AROUND) if self._marks else None
        if self.editor is not None and self._correcting:
            shown = self._marks or [box for box in self._boxes(self._path) if box.wrong]
            canvas = self.editor.canvas
            canvas.beside = [box for box in shown if box.predicted]
            if part is not None:
                canvas.show_part(part)
            for mark in [box for box in self._marks if not box.predicted][:1]:
                self.editor.drawn.choose(shapes.nearest(self.editor.drawn.boxes, mark))
        elif part is not None and isinstance(self.view, PictureView):
            self.view.point_at(self._marks, part)

    def _boxes_of_data(self) -> Sequence[NamedBox]:
        assert self._samples is not None
        return parsed_boxes(self._samples.boxes_text(self._path))

    def _to_take(self) -> NamedBox | None:
        """The box that was found where none is drawn, as it would be one of the data."""
        if not self._marks or not self._marks[0].predicted:
            return None
        mark, *others = self._marks
        if shapes.nearest([_named(box) for box in others if not box.predicted], mark) >= 0:
            return None
        return parsed_boxes(boxes_text([_named(mark)]))[0]

    def _take(self) -> None:
        if self.editor is not None and (box := self._to_take()) is not None:
            self.editor.drawn.add(box)

    def _draw(self, text: str, what: str) -> None:
        assert self._samples is not None
        self._samples.draw(self._path, text, what)
        self.edited.emit()

    def _fail(self, error: UserError) -> None:
        self.trouble.setText(str(error))
        self.failed.emit()

    def _relabel(self) -> None:
        if self._samples is not None and self._samples.have_boxes:
            self.correct(not self._correcting)
        elif self._samples is not None:
            self._samples.relabel(self, [self._path], self.edited.emit)

    def _exclude(self) -> None:
        if self._samples is not None:
            self._samples.exclude(self._path)
            self.edited.emit()

    def _build(self) -> None:
        self._room.addWidget(self.trouble, 1)
        self.relabel_button.clicked.connect(self._relabel)
        self.take_button.clicked.connect(self._take)
        self.take_button.hide()
        self.exclude_button.clicked.connect(self._exclude)
        self.folder_button.clicked.connect(lambda: desktop.show_sample(self._root / self._path))
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        asks = self.relabel_button, self.take_button, self.exclude_button, self.folder_button
        for button in asks:
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.heading)
        layout.addWidget(self.facts)
        layout.addLayout(self._room, 1)
        layout.addWidget(self.place)
        layout.addLayout(buttons)
        for part in (self.heading, self.facts, self.relabel_button, self.exclude_button):
            part.setVisible(self._samples is not None)


def _named(box: MarkedBox) -> NamedBox:
    return NamedBox(box.name, box.left, box.top, box.right, box.bottom)


def _place(path: Path) -> str:
    """Where the file is, and which part of it this is."""
    if inside := shards.name(path):
        return shown(FilePart.parse(path).path / inside)
    name = caption(path.name)
    folder, file = shown(path.parent), shown(FilePart.parse(path.name).path)
    return shown(path) if name == file else f"{folder}: {name}"


def line(text: str) -> WrappedLabel:
    """A sentence that can be selected and copied."""
    label = WrappedLabel()
    label.setText(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


VIEWS: dict[str, Callable[[Any], QWidget]] = {
    "picture": PictureView,
    "sound": SoundView,
    "text": TextView,
}
"""What shows the data of a preview large, by its kind."""
