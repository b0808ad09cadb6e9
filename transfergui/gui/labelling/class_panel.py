"""The classes of what is labelled: given to examples, added, renamed, merged and deleted."""

from __future__ import annotations

import functools

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.labelling.class_list import ClassList, ClassRow
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.parts.tool_button import tool_button

KEYS = "123456789"
"""Of the first classes; 0 is “none of these”."""
WIDTH = 240
"""Pixels."""


class ClassPanel(QWidget):
    """See the module.

    Attributes:
        list: the classes.
        field: where the name of a new class is typed.
        add: the button beside it.
        menu: of the current class.
        examples_wanted: of a class, with its name.
        taken: a class is to be given to the selected examples; with its name.
    """

    examples_wanted = Signal(object)
    taken = Signal(object)

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self.list = ClassList()
        self.field = QLineEdit()
        self.add = QPushButton(_("Add"))
        self.hint = WrappedLabel(role="caption")
        self.menu = QMenu(self)
        self._build()
        labelling.changed.connect(self.refresh)
        labelling.suggestions_changed.connect(self.refresh)
        self.refresh()

    def name_of_key(self, key: int) -> str:
        """The class of a number key; empty where it has none."""
        table = self._labelling.table
        if key == 0:
            return table.none_class
        return table.classes[key - 1] if key <= len(table.classes) else ""

    def refresh(self) -> None:
        """Show the classes as they are now."""
        labelling = self._labelling
        labelled, guesses = labelling.counts(), labelling.guessed()
        none = labelling.table.none_class
        rows = [
            ClassRow(
                name,
                labelling.called(name),
                "0" if name == none else KEYS[number : number + 1],
                labelled.get(name, 0),
                guesses.get(name, 0),
            )
            for number, name in enumerate(labelling.names)
        ]
        self.list.fill(rows)
        several = bool(labelling.table.classes)
        self.hint.setText(
            _(
                "1 to 9: class · 0: none of these\n"
                "Enter: accept suggestions\n"
                "S: select similar · N: new class\n"
                "Space: view large or play\n"
                "F2: rename the class\n"
                "Backspace: clear the label · Ctrl+Z: undo\n"
                "Or drag examples onto a class, or double click the class."
            )
            if several
            else _("Name the first classes: what should the model tell apart?")
        )
        self._allow()

    # -- edits

    def add_typed(self) -> None:
        """Make the class that was typed."""
        if name := self.field.text().strip():
            self._labelling.add_class(name)
            self.field.clear()

    def ask_for_name(self, name: str) -> None:
        """Ask what a class shall be called."""
        if name in self._labelling.table.classes:
            title = _("Rename the class “{name}”").format(name=shown(name))
            judge = functools.partial(self._judge, name)
            rename = functools.partial(self._labelling.rename, name)
            NameDialog(self, title, name, judge, rename).open()

    def ask_to_remove(self, name: str) -> None:
        """Remove a class at once where it is empty, else ask."""
        labelling = self._labelling
        count = labelling.counts().get(name, 0)
        if name not in labelling.table.classes:
            return
        if not count:
            labelling.remove(name)
            return
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("Delete the class “{name}”?").format(name=shown(name)))
        text = _("{amount} will have no label any more. Undo brings the labels back.")
        box.setText(text.format(amount=labelling.noun.amount(count)))
        delete = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)

        def answer() -> None:
            if box.clickedButton() is delete:
                labelling.remove(name)

        box.finished.connect(answer)
        box.open()

    def _judge(self, old: str, name: str) -> NameCheck:
        """What comes of another name: two classes of one name become one."""
        labelling = self._labelling
        if not name:
            return NameCheck(problem=_("Type a name. The name of a class cannot be empty."))
        if name == labelling.table.none_class:
            return NameCheck(problem=_("This name is taken by “None of these”."))
        if name in labelling.table.classes and name != old:
            amount = labelling.noun.amount(labelling.counts().get(name, 0))
            text = _("A class “{name}” already exists ({amount}). The two classes will be merged.")
            return NameCheck(note=text.format(name=name, amount=amount), button=_("Merge"))
        return NameCheck(note=_("Your files are not changed. Undo reverts the change."))

    # -- building

    def _build(self) -> None:
        title = QLabel(_("Classes"))
        title.setProperty("role", "title")
        title.setMinimumHeight(tool_button("", "").sizeHint().height())  # as beside it
        self.menu.aboutToShow.connect(self._fill_menu)
        self.list.menu_wanted.connect(self.menu.popup)
        self.list.taken.connect(self.taken)
        self.list.removal_wanted.connect(self.ask_to_remove)
        self.field.setPlaceholderText(_("Name of a new class"))
        self.field.setAccessibleName(_("Name of a new class"))
        self.field.returnPressed.connect(self.add_typed)
        self.field.textChanged.connect(self._allow)
        self.add.clicked.connect(self.add_typed)
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        row.addWidget(self.field, 1)
        row.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(title)
        layout.addLayout(row)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.hint)
        self.setFixedWidth(WIDTH)

    def _allow(self, *_what: object) -> None:
        name = self.field.text().strip()
        taken = name in self._labelling.names
        self.add.setEnabled(bool(name) and not taken)
        self.add.setToolTip(_("A class of this name exists.") if taken else "")

    def _fill_menu(self) -> None:
        """For the current class."""
        menu, labelling, name = self.menu, self._labelling, self.list.current_name
        menu.clear()
        if not name:
            return
        own = name in labelling.table.classes
        menu.addAction(_("Label as this"), functools.partial(self.taken.emit, name))
        show = menu.addAction(_("Show its examples"))
        show.triggered.connect(functools.partial(self.examples_wanted.emit, name))
        menu.addSeparator()
        rename = menu.addAction(_("Rename…"), functools.partial(self.ask_for_name, name))
        rename.setShortcut(QKeySequence("F2"))
        merge = menu.addMenu(_("Merge into"))
        for other in labelling.table.classes:
            if other != name:
                text = shown(other).replace("&", "&&")
                merge.addAction(text, functools.partial(labelling.merge, name, other))
        remove = menu.addAction(_("Delete"), functools.partial(self.ask_to_remove, name))
        remove.setShortcut(QKeySequence("Delete"))
        for action in (rename, remove):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setEnabled(own)
        merge.setEnabled(own and len(labelling.table.classes) > 1)
