"""Boxes that a model found in new files, corrected one picture after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.evaluation import box_marks
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.pictures.drawn import Brush
from transfergui.gui.pictures.editor import BoxEditor
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.samples.zoom_bar import ZoomBar

SIZE = (920, 760)
"""Pixels."""


class BoxCorrector(QDialog):
    """Shows the boxes of a model in each picture, to be moved, drawn, named and deleted, or
    confirmed as they are. Every edit is kept at once.

    Args:
        found: the boxes that the model shows in each picture, as a text, by its path.
        kept: returns those that are corrected by now.
        names: of all classes.
        decode: reads a picture.
        keep: called with a picture and the text of its boxes.
        undo: takes the last edit back.

    Attributes:
        editor: of the picture that is shown; None until it was read.
    """

    def __init__(
        self,
        found: Mapping[Path, str],
        at: Path,
        kept: Callable[[], Mapping[str, str]],
        names: Sequence[str],
        decode: Decode,
        keep: Callable[[Path, str], object],
        undo: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._found, self._paths, self._at = dict(found), list(found), list(found).index(at)
        self._kept, self._names, self._keep, self._take_back = kept, tuple(names), keep, undo
        self._brush = Brush()
        self._read = Task(self, lambda path: decode(path, True), self._show, self._fail)
        self.editor: BoxEditor | None = None
        self.state = ElidedLabel(role="title")
        self.trouble = WrappedLabel()
        self.place = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.zoom = ZoomBar()
        self.confirm = QPushButton(_("Confirm boxes"))
        self._room = QVBoxLayout()
        self._build()
        self.resize(*SIZE)
        self._go(self._at)

    @property
    def path(self) -> Path:
        """Of the picture that is shown."""
        return self._paths[self._at]

    def next(self) -> None:
        self._go(self._at + 1)

    def previous(self) -> None:
        self._go(self._at - 1)

    def confirm_boxes(self) -> None:
        """Say that the boxes are correct as they are, and go on."""
        self._settle()
        if self._text() == self._found[self.path]:
            self._keep(self.path, self._text())
        self._say()
        self.next()

    def undo(self) -> None:
        """Take back the last edit, of whatever picture."""
        self._settle()
        self._take_back()
        self._put()

    def done(self, result: int) -> None:
        self._settle()
        super().done(result)

    def _text(self) -> str:
        """The boxes of this picture now."""
        return self._kept().get(str(self.path), self._found[self.path])

    def _settle(self) -> None:
        """Boxes that are moved by keys right now are kept first."""
        if self.editor is not None:
            self.editor.settle()

    def _go(self, at: int) -> None:
        if not 0 <= at < len(self._paths):
            return
        self._settle()
        self._at = at
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
        self.trouble.setText("")
        self.setWindowTitle(_("Correct boxes – {name}").format(name=shown(self.path.name)))
        text = _("{number} of {count}")
        count = words.number(len(self._paths))
        self.place.setText(text.format(number=words.number(at + 1), count=count))
        self.previous_button.setEnabled(at > 0)
        self.next_button.setEnabled(at + 1 < len(self._paths))
        self.zoom.forget()
        self._say()
        self._read.start(self.path)

    def _show(self, preview: Preview) -> None:
        editor = self.editor = BoxEditor(preview.data, self._brush)
        editor.edited.connect(lambda text, _what: self._edited(text))
        self._room.addWidget(editor, 1)
        self._put()
        self.zoom.take(editor.canvas)
        editor.canvas.setFocus()

    def _put(self) -> None:
        if self.editor is not None:
            self.editor.put(parsed_boxes(self._text()), self._names)
        self._say()

    def _edited(self, text: str) -> None:
        self._keep(self.path, text)
        new = (box.name for box in parsed_boxes(text))
        self._names = tuple(dict.fromkeys((*self._names, *new)))
        self._say()

    def _say(self) -> None:
        text, found = self._text(), self._found[self.path]
        boxes = box_marks.summary(text)
        if text != found:
            said = _("Corrected: {name}").format(name=boxes)
        elif str(self.path) in self._kept():
            said = _("Confirmed: {name}").format(name=boxes)
        else:
            said = _("Predicted: {name}").format(name=boxes)
        self.state.setText(said)

    def _fail(self, error: UserError) -> None:
        self.trouble.setText(str(error))

    def _build(self) -> None:
        self.previous_button = self._button(_("Previous"), self.previous, _("Page Up key"))
        self.next_button = self._button(_("Next"), self.next, _("Page Down key"))
        self.confirm.setProperty("role", "primary")
        tip = _("The boxes are correct as they are: go to the next picture (Ctrl+Enter).")
        self.confirm.setToolTip(style.tip(tip))
        self.confirm.clicked.connect(lambda _checked=False: self.confirm_boxes())
        undo = self._button(_("Undo"), self.undo, _("Take back the last change (Ctrl+Z)."))
        close = self._button(_("Close"), self.accept, _("Esc"))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for part in (self.previous_button, self.place, self.next_button, undo):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.zoom)
        for button in (close, self.confirm):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.state)
        layout.addLayout(self._room, 1)
        layout.addWidget(self.trouble)
        layout.addLayout(row)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("PgDown", self.next),
            ("PgUp", self.previous),
            ("Ctrl+Return", self.confirm_boxes),
            ("Ctrl+Z", self.undo),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(slot)

    def _button(self, text: str, slot: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: slot())
        return button
