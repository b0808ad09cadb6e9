"""The page on which boxes are drawn in a folder of pictures, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.boxes.classes import BoxClasses
from transfergui.gui.boxes.drawing import Drawing
from transfergui.gui.boxes.head import DrawHead
from transfergui.gui.guide import pages
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.message_overlay import MessageOverlay
from transfergui.gui.pictures import shapes
from transfergui.gui.pictures.drawn import Brush
from transfergui.gui.pictures.editor import BoxEditor
from transfergui.gui.samples.thumbnail_delegate import Mark
from transfergui.gui.samples.thumbnails import Thumbnails
from transfergui.gui.samples.zoom_bar import ZoomBar
from transfergui.gui.session.session import Session

LEFT, NARROW = 300, 560
"""Pixels: of the left side, and of the page at least."""


class DrawPage(QWidget):
    """See the module.

    Args:
        session: whose messages are shown.
        drawing: what is drawn in.

    Attributes:
        closed: the page is to be left.
        train_wanted: a button was pressed.
        head: above; classes, pictures: on the left.
        editor: of the picture that is shown; None until it was read.
        path: of that picture.
        bar: messages.
        guide: the page about it.
    """

    closed = Signal()
    train_wanted = Signal()
    guide = pages.BOXES

    def __init__(self, session: Session, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        self.editor: BoxEditor | None = None
        self.path = ""
        self._brush = Brush()
        self._read = Task(self, drawing.opened.decode, self._show, self._fail)
        self.head = DrawHead(drawing)
        self.classes = BoxClasses(drawing)
        self.pictures = Thumbnails()
        self.previous_button = QPushButton(_("Previous"))
        self.next_button = QPushButton(_("Next"))
        self.next_open = QPushButton(_("Next not drawn"))
        self.undo_button = QPushButton(_("Undo"))
        self.hint = WrappedLabel(role="caption")
        self.place = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.trouble = WrappedLabel()
        self.zoom = ZoomBar()
        self.bar = MessageBar(session, "labelling")
        self._room = QVBoxLayout()
        self._build()
        self._connect()
        self.refresh()

    @property
    def opened(self) -> Opened:
        """What is drawn in."""
        return self.drawing.opened

    @property
    def done(self) -> int:
        """As of the drawing."""
        return self.drawing.done

    @property
    def classes_named(self) -> int:
        """How many classes there are."""
        return len(self.drawing.table.classes)

    @property
    def name(self) -> str:
        """Of the folder that is drawn in."""
        return shown(self.drawing.opened.source.name)

    def begin(self) -> None:
        """Go to the first picture that was not drawn in; classes are named first."""
        rest = self._not_drawn()
        self.go(rest[0] if rest else self.drawing.opened.paths[0])
        if not self.drawing.table.classes:
            self.classes.field.setFocus()

    def minimumSizeHint(self) -> QSize:
        """No more than other pages ask for: the column is beside them, but not beside this one."""
        return super().minimumSizeHint().boundedTo(QSize(NARROW, 10_000))

    # -- pictures

    def go(self, path: str) -> None:
        """Show a picture."""
        self._settle()
        if path == self.path:
            return
        self.path = path
        self._clear()
        self._read.start(self.drawing.opened.root / path, True)
        self.pictures.choose(path)
        self._say_place()

    def next(self) -> None:
        self._go_by(1)

    def previous(self) -> None:
        self._go_by(-1)

    def next_not_drawn(self) -> None:
        """Go to the next picture that was not drawn in, from here on and then from the first."""
        self._settle()
        at = self._row
        rest = self._not_drawn()
        later = [path for path in rest if self.pictures.paths.index(path) > at]
        for path in (later or rest)[:1]:
            self.go(path)

    @property
    def _row(self) -> int:
        return list(self.pictures.paths).index(self.path) if self.path else -1

    def _go_by(self, step: int) -> None:
        at = self._row + step
        if 0 <= at < len(self.pictures.paths):
            self.go(self.pictures.paths[at])

    def _not_drawn(self) -> list[str]:
        return [path for path in self.drawing.opened.paths if not self.drawing.text(path)]

    def _show(self, preview: Preview) -> None:
        self.trouble.setText("")
        editor = self.editor = BoxEditor(preview.data, self._brush, undecided=True)
        editor.edited.connect(self._draw)
        editor.drawn.chosen.connect(self._follow_brush)
        self._room.addWidget(editor, 1)
        self.zoom.take(editor.canvas)
        self._put()
        if self.drawing.table.classes and not self.classes.field.hasFocus():
            editor.canvas.setFocus()

    def _fail(self, error: UserError) -> None:
        self.trouble.setText(str(error))

    def _clear(self) -> None:
        self._read.cancel()
        self.zoom.forget()
        self.trouble.setText("")
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None

    def _put(self) -> None:
        if self.editor is not None:
            text = self.drawing.text(self.path)
            boxes = parsed_boxes(text) if text else None
            self.editor.put(boxes, self.drawing.table.classes)
            self._follow_brush()

    # -- edits

    def take(self, name: str) -> None:
        """Draw boxes of this class from now on; those that are there keep theirs."""
        self._brush.name = name
        if self.editor is not None:
            self.editor.draw_as(name)

    def undo(self) -> None:
        self._settle()
        self.drawing.undo()

    def redo(self) -> None:
        self._settle()
        self.drawing.redo()

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self.drawing.history.undo_text

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self.drawing.history.redo_text

    def save_now(self) -> None:
        """Save what was not saved yet, the box that is being drawn with it.

        Raises:
            UserError: the boxes cannot be saved, as on a full disk.
        """
        self._settle()
        self.drawing.save_now()

    def finish(self) -> None:
        """End the work, and save what was not saved yet.

        Raises:
            UserError: as of :meth:`save_now`; the work has ended all the same.
        """
        self._read.cancel()
        self.save_now()

    def _draw(self, text: str, what: str) -> None:
        self.drawing.draw(self.path, text, what)

    def _settle(self) -> None:
        if self.editor is not None:
            self.editor.settle()

    def _go_where(self, changed: Sequence[str]) -> None:
        """Show the picture in which something was undone; a name is changed in many."""
        if len(changed) == 1 and self.path not in changed:
            self.go(changed[0])

    # -- showing

    def refresh(self) -> None:
        """Show the boxes that there are now."""
        self.next_open.setEnabled(self.drawing.done < len(self.drawing.opened.paths))
        self.undo_button.setEnabled(bool(self.undo_text))
        self.undo_button.setToolTip(style.tip(self.undo_text))
        self.hint.setVisible(bool(self.drawing.done))
        self.pictures.viewport().update()
        self._put()

    def _say_place(self) -> None:
        total = len(self.pictures.paths)
        text = _("{number} of {count}")
        said = text.format(number=words.number(self._row + 1), count=words.number(total))
        self.place.setText(said)
        self.previous_button.setEnabled(self._row > 0)
        self.next_button.setEnabled(self._row + 1 < total)

    def _follow_brush(self) -> None:
        self.classes.choose(self._brush.name)

    def _boxes(self, path: str) -> Sequence[MarkedBox]:
        table = self.drawing.table
        return shapes.marked_text(table.labels.get(path, ""), table.classes)

    def _mark(self, path: str) -> Mark | None:
        return Mark("check", _("Drawn")) if self.drawing.text(path) else None

    def _choose(self) -> None:
        for path in self.pictures.selected()[:1]:
            self.go(path)

    def _show_trouble(self) -> None:
        self.bar.show_message(str(self.drawing.trouble or ""), "error")

    # -- building

    def _build(self) -> None:
        opened = self.drawing.opened
        self.hint.setText(
            _(
                "Draw a box around every object of these classes: a picture with boxes teaches the "
                "model that nothing else is in it."
            )
        )
        self.next_open.setToolTip(_("Go to the next picture without boxes (Ctrl+Enter)."))
        self.previous_button.setToolTip(_("Page Up"))
        self.next_button.setToolTip(_("Page Down"))
        self.pictures.setAccessibleName(_("Pictures"))
        self.pictures.cache.reset(opened.decode, self.devicePixelRatio())
        self.pictures.draw_boxes(self._boxes)
        self.pictures.mark_by(self._mark)
        self.pictures.fill(Path(opened.root), opened.paths)
        left = QWidget()
        left.setFixedWidth(LEFT)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.classes)
        column.addWidget(self.hint)
        column.addWidget(self.pictures, 1)
        below = _row(self.previous_button, self.place, self.next_button, self.next_open)
        below.addStretch(1)
        below.addWidget(self.undo_button)
        below.addWidget(self.zoom)
        self._room.addWidget(self.trouble)
        right = QVBoxLayout()
        right.setSpacing(style.INSIDE)
        right.addLayout(self._room, 1)
        right.addLayout(below)
        parts = QHBoxLayout()
        parts.setSpacing(style.BETWEEN)
        parts.addWidget(left)
        parts.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.head)
        layout.addLayout(parts, 1)
        layout.addWidget(MessageOverlay(self, [self.bar]))

    def _connect(self) -> None:
        drawing = self.drawing
        drawing.changed.connect(self.refresh)
        drawing.stepped.connect(self._go_where)
        drawing.troubled.connect(self._show_trouble)
        self.classes.taken.connect(self.take)
        self.pictures.clicked.connect(lambda _index: self._choose())
        self.pictures.activated.connect(lambda _index: self._choose())
        buttons: tuple[tuple[QPushButton, Callable[[], object]], ...] = (
            (self.head.leave, self.closed.emit),
            (self.head.train, self.train_wanted.emit),
            (self.previous_button, self.previous),
            (self.next_button, self.next),
            (self.next_open, self.next_not_drawn),
            (self.undo_button, self.undo),
        )
        for button, slot in buttons:
            button.clicked.connect(lambda _checked=False, slot=slot: slot())
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("PgDown", self.next),
            ("PgUp", self.previous),
            ("Ctrl+Return", self.next_not_drawn),
            ("+", lambda: self.zoom.by(1)),
            ("-", lambda: self.zoom.by(-1)),
            ("0", lambda: self.zoom.to(None)),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(style.INSIDE)
    for part in parts:
        row.addWidget(part)
    return row
