"""Choosing what samples should be where that is more than one class: check boxes for labels, a list
for each question, a field for a number."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.label_parts import (
    LabelPart,
    Values,
    label_parts,
    put_together,
    taken_apart,
)
from transfergui.core.data.targets import BOXES, Targets, member_name
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.samples.class_chooser import ClassChooser

NO_ANSWER = N_("(no answer)")
SAID = 3
"""So many changes are named."""
MANY = 8
"""So many fields are seen at once; more of them scroll."""
LONG = 10
"""Of more labels than these, those that are so now stand first."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TYPE_BOXES = N_("Type a class and four shares of the picture, as in “cat 0.1 0.2 0.5 0.75”.")


def chooser_for(title: str, dataset: Dataset, parent: QWidget, current: str) -> LabelChooser:
    """The dialog that asks what samples of these data should be.

    Args:
        title: what will be done.
        current: what the samples are now; empty where they differ.
    """
    if label_parts(dataset.targets):
        return CombinationChooser(title, dataset.targets, parent, current)
    return ClassChooser(title, dataset.classes, parent, current)


class CombinationChooser(QDialog):
    """A field for each part of what is predicted. A name that the data do not have is a new one.

    Args:
        title: what will be done.
        targets: of the data.
        current: what the samples are now; empty where they differ.

    Attributes:
        fields: one for each part.
    """

    def __init__(
        self, title: str, targets: Targets, parent: QWidget | None = None, current: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._targets, self._touched = targets, False
        self.fields = [_FIELDS[part.kind](part) for part in label_parts(targets)]
        self._hint = WrappedLabel(role="caption")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build(current)
        if current:
            for field, values in zip(self.fields, taken_apart(targets, current), strict=True):
                field.put(values)
        self._before = [field.values() for field in self.fields]
        for field in self.fields:
            field.edited.connect(self._touch)
        self._follow()

    def chosen(self) -> str:
        """What was asked for, as a class of the data; empty while that is not clear."""
        with contextlib.suppress(ValueError):
            return put_together(self._targets, [field.values() for field in self.fields])
        return ""

    def accept(self) -> None:
        """Take what was filled in; while that is not clear, nothing happens."""
        if self._touched and self.chosen():
            super().accept()

    def _build(self, current: str) -> None:
        now = WrappedLabel(role="caption")
        now.setText(
            _("Current: {name}").format(name=shown(current))
            if current
            else _("These examples have different labels. All of them get what you choose here.")
        )
        now.setVisible(not current or len(self.fields) == 1)  # else each field says it
        holder = QWidget()
        form = QFormLayout(holder)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(style.INSIDE)
        for part, field in zip(label_parts(self._targets), self.fields, strict=True):
            if part.title:
                field.setAccessibleName(part.title)
                form.addRow(QLabel(shown(part.title), textFormat=Qt.TextFormat.PlainText), field)
            else:
                form.addRow(field)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(now)
        layout.addWidget(self._scrolled(holder), 1)
        layout.addWidget(self._hint)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(360)
        self.fields[0].setFocus()

    def _scrolled(self, form: QWidget) -> QWidget:
        """``form``; where it has too many fields to be seen at once, in an area that scrolls."""
        if len(self.fields) <= MANY:
            return form
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedHeight(MANY * (self.fields[0].sizeHint().height() + style.INSIDE))
        area.setWidget(form)
        return area

    def _changes(self) -> str:
        """What was filled in; of several fields, those that were changed, with their names."""
        if len(self.fields) == 1:
            return shown(self.chosen())
        parts = zip(label_parts(self._targets), self.fields, self._before, strict=True)
        changed = [
            f"{part.title}: {', '.join(field.values()) or _(NO_ANSWER)}"
            for part, field, before in parts
            if field.values() != before
        ]
        return shown("; ".join(changed[:SAID]) + ("; …" if len(changed) > SAID else ""))

    def _touch(self) -> None:
        self._touched = True
        self._follow()

    def _follow(self) -> None:
        """Say what comes of it."""
        name = self.chosen()
        ready = bool(name) and self._touched
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)
        if not name:
            boxes = self._targets.objective == BOXES
            text = _(TYPE_BOXES) if boxes else _("Type a number, as in 3.5.")
        elif ready:
            text = _("Press Enter to choose “{name}”.").format(name=self._changes() or shown(name))
        else:
            text = _("Nothing has changed yet.")
        self._hint.setText(text)


LabelChooser = ClassChooser | CombinationChooser


class PartField(QWidget):
    """Asks for one part."""

    edited = Signal()

    def values(self) -> Values:
        """What is chosen."""
        raise NotImplementedError

    def put(self, values: Values) -> None:
        """Show what is so now."""
        raise NotImplementedError


class SeveralField(PartField):
    """A check box for each label; a name that is typed is checked, or becomes a new label."""

    def __init__(self, part: LabelPart) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Labels"))
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Find a label, or type a new one and press Enter"))
        self.name.setAccessibleName(_("Find a label, or type a new one and press Enter"))
        self.name.textChanged.connect(self._find)
        self.name.installEventFilter(self)
        for name in part.names:
            self._add(name, checked=False)
        self.list.itemChanged.connect(lambda _item: self.edited.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.name)
        layout.addWidget(self.list)
        self.setFocusProxy(self.name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes what was typed; without that, it is the dialog's."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() in ENTER and self.name.text().strip():  # type: ignore[attr-defined]
            self._take()
            return True
        return super().eventFilter(watched, event)

    def values(self) -> Values:
        checked = Qt.CheckState.Checked
        return tuple(_name_of(item) for item in self._items() if item.checkState() == checked)

    def put(self, values: Values) -> None:
        with QSignalBlocker(self.list):
            known = {_name_of(item) for item in self._items()}
            for name in values:
                if name not in known:
                    self._add(name, checked=True)
            for item in self._items():
                item.setCheckState(_state(_name_of(item) in values))
            if self.list.count() > LONG:
                so = [item for item in self._items() if _name_of(item) in values]
                for place, item in enumerate(so):
                    self.list.insertItem(place, self.list.takeItem(self.list.row(item)))
            self.list.scrollToTop()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _add(self, name: str, checked: bool) -> None:
        item = QListWidgetItem(shown(name))
        item.setData(Qt.ItemDataRole.UserRole, (name,))  # Qt drops undecodable bytes of a text
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(_state(checked))
        self.list.addItem(item)

    def _matching(self, typed: str) -> list[QListWidgetItem]:
        exact = [item for item in self._items() if item.text() == typed]
        return exact or [i for i in self._items() if typed.casefold() in i.text().casefold()]

    def _find(self, text: str) -> None:
        there = {id(item) for item in self._matching(text.strip())}
        for item in self._items():
            item.setHidden(bool(there) and id(item) not in there)

    def _take(self) -> None:
        """Check the label that was typed; a new one where no label is called so."""
        typed = member_name(self.name.text())
        if not typed:
            return
        named = [i for i in self._items() if i.text().casefold() == typed.casefold()]
        found = named or self._matching(typed)
        if len(found) == 1:
            found[0].setCheckState(_state(found[0].checkState() != Qt.CheckState.Checked))
        else:
            self._add(typed, checked=True)
            self.edited.emit()
        self.name.clear()


class OneField(PartField):
    """The answer to one question, from a list or typed; or none."""

    def __init__(self, part: LabelPart) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setAccessibleName(part.title)
        self._names = dict(zip(map(shown, part.names), part.names, strict=True))
        self.box.addItems([_(NO_ANSWER), *self._names])
        found = QCompleter(self.box.model(), self.box)
        found.setFilterMode(Qt.MatchFlag.MatchContains)
        found.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.box.setCompleter(found)
        self.box.editTextChanged.connect(lambda _text: self.edited.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.box)

    def values(self) -> Values:
        typed = self.box.currentText().strip()
        if not typed or typed == self.box.itemText(0):
            return ()
        return (self._names.get(typed, typed),)

    def put(self, values: Values) -> None:
        with QSignalBlocker(self.box):
            self.box.setEditText(shown(values[0]) if values else self.box.itemText(0))


class NumberField(PartField):
    """A number, with its unit behind it."""

    def __init__(self, part: LabelPart) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(part.title)
        self.line.textChanged.connect(lambda _text: self.edited.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.line)
        layout.addWidget(QLabel(part.unit, textFormat=Qt.TextFormat.PlainText))
        self.setFocusProxy(self.line)

    def values(self) -> Values:
        return (self.line.text().strip().replace(",", "."),)

    def put(self, values: Values) -> None:
        with QSignalBlocker(self.line):
            self.line.setText(values[0])
        self.line.selectAll()


class BoxesField(PartField):
    """Boxes as text, a line for each."""

    def __init__(self, part: LabelPart) -> None:
        super().__init__()
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("Boxes"))
        self.text.textChanged.connect(self.edited)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        self.setFocusProxy(self.text)

    def values(self) -> Values:
        return tuple(filter(str.strip, self.text.toPlainText().splitlines()))

    def put(self, values: Values) -> None:
        with QSignalBlocker(self.text):
            self.text.setPlainText("\n".join(values))


_FIELDS: dict[str, Callable[[LabelPart], PartField]] = {
    "names": SeveralField,
    "name": OneField,
    "amount": NumberField,
    "places": BoxesField,
}


def _name_of(item: QListWidgetItem) -> str:
    (name,) = item.data(Qt.ItemDataRole.UserRole)
    return str(name)


def _state(checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
