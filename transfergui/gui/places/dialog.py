"""The list of other computers: add one, test it, change it, clean it up, remove it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.places import assignment as assignments
from transfergui.core.places import cleaning
from transfergui.core.places import place as places
from transfergui.core.places.examining import Examined, Step, examine
from transfergui.core.places.keeping import Kept
from transfergui.core.places.place import FOLDER, LAUNCH, PRESETS, PROGRAM, Place
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.help_button import HelpButton
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.places import questions
from transfergui.gui.places.cleaning import ask_to_clean
from transfergui.gui.places.findings import Done, lines, steps
from transfergui.gui.places.trainings import TrainingsDialog

SIZE = (760, 560)
LIST, EXPLAINED = 180, 300
"""Pixels."""
ESSENTIAL = 2
"""Fields that everybody needs; the others are advanced settings."""
NEW = Place("", "")
OWN_LINE = N_(
    "The command that trains there: {program} starts TransferGUI, {run} is the folder of the run, "
    "and {log} a file for what is printed."
)


class PlacesDialog(QDialog):
    """See the module.

    Attributes:
        list: the places, and a row for a new one.
        name, host, folder, program, launch: of the one that is chosen.
        more: whether the last three are shown.
        said: what a test has found, or what is wrong.
    """

    changed = Signal()
    help_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Other computers"))
        self._known: tuple[Place, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName(self.windowTitle())
        self.list.setFixedWidth(LIST)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_row)
        self.name, self.host, self.folder, self.program = (QLineEdit() for _field in range(4))
        self.launch = QComboBox(editable=True)
        self.more = QCheckBox(_("Advanced settings"))
        self.explained = WrappedLabel(role="caption")
        self.explained.setMinimumWidth(EXPLAINED)  # a form is as high as its narrowest needs
        self.explained.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.said = QPlainTextEdit(readOnly=True)
        self.said.setAccessibleName(_("Result of the test"))
        self.said.setPlaceholderText(_("Test shows here whether a training can run there."))
        self.save = QPushButton(_("Save"))
        self.test = QPushButton(_("Test"))
        self.clean = QPushButton(_("Clean up…"))
        self.clean.setToolTip(
            style.tip(_("Shows what is kept there, and deletes what no unfinished run needs."))
        )
        self.trainings = QPushButton(_("Runs there…"))
        self.trainings.setToolTip(
            style.tip(
                _("Shows what trains there now, also runs that were deleted here, and stops it.")
            )
        )
        self.remove = QPushButton(_("Remove"))
        self._reading = Task(self, places.known, self._list, self._fail)
        self._saving = Task(self, places.add, self._on_saved, self._fail)
        self._removing = Task(self, places.remove, self._on_removed, self._fail)
        self._waiting = Task(self, _waiting, self._ask_to_remove, self._fail)
        self._testing = Task(
            self, _examined, self._show_found, self._fail, self._show_steps, self._follow
        )
        self._looking = Task(self, _kept, self._ask_to_clean, self._fail, broken=self._follow)
        self._cleaning = Task(self, _cleaned, self._on_cleaned, self._fail, broken=self._follow)
        self._chosen, self._row, self._closes, self._tested = "", 0, False, False
        self._build()
        self._list(())
        self._reading.start()

    # -- building

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.BETWEEN)
        explained = WrappedLabel(role="caption")
        explained.setText(
            _(
                "A training can run on another computer on which TransferGUI is installed and that "
                "ssh reaches without asking for a password. TransferGUI stores no password or key."
            )
        )
        about = HelpButton(self.windowTitle())
        about.clicked.connect(self.help_wanted)
        top = QHBoxLayout()
        top.addWidget(explained, 1)
        top.addWidget(about, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        middle = QHBoxLayout()
        middle.setSpacing(style.BETWEEN)
        middle.addWidget(self.list)
        right = QVBoxLayout()
        right.setSpacing(style.INSIDE)
        self._fields = self._form()
        right.addLayout(self._fields)
        self._show_more(False)
        right.addLayout(self._buttons())
        right.addWidget(self.said, 1)
        middle.addLayout(right, 1)
        layout.addLayout(middle, 1)
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        self.resize(*SIZE)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field, tip in (
            (_("Name"), self.name, _("What you call it.")),
            (
                _("Address"),
                self.host,
                _(
                    "A name from the configuration of ssh, or user@computer. With a port: "
                    "ssh://user@computer:2222."
                ),
            ),
            (_("Folder there"), self.folder, _("Data, weights and runs are kept in it.")),
            (_("TransferGUI there"), self.program, _("The command that starts TransferGUI there.")),
            (
                _("Launch line"),
                self.launch,
                _(
                    "The command that trains there. {run} stands for the folder of the run, "
                    "{program} for the command that starts TransferGUI, {log} for a file for what "
                    "it prints."
                ),
            ),
        ):
            field.setToolTip(style.tip(tip))
            field.setAccessibleName(text)
            form.addRow(text, field)
        form.addRow("", self.explained)
        form.insertRow(ESSENTIAL, "", self.more)
        self.more.toggled.connect(self._show_more)
        self.name.setPlaceholderText(_("For example: lab"))
        self.host.setPlaceholderText(_("For example: me@server.example.org"))
        for line, title in PRESETS.items():
            self.launch.addItem(line)
            self.launch.setItemData(
                self.launch.count() - 1, style.tip(_(title)), Qt.ItemDataRole.ToolTipRole
            )
        self.launch.setMinimumContentsLength(20)
        for field in (self.name, self.host, self.folder, self.program):
            field.textChanged.connect(self._on_edited)
        self.launch.editTextChanged.connect(self._on_edited)
        return form

    def _show_more(self, shown: bool) -> None:
        for row in range(ESSENTIAL + 1, self._fields.rowCount()):
            self._fields.setRowVisible(row, shown)

    def _buttons(self) -> QHBoxLayout:
        self.save.clicked.connect(self._save)
        self.test.clicked.connect(self._toggle_test)
        self.remove.clicked.connect(lambda: self._waiting.start(self._chosen))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        self.clean.clicked.connect(self._toggle_clean)
        self.trainings.clicked.connect(self._show_trainings)
        for button in (self.save, self.test, self.trainings, self.clean, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        return row

    # -- the list

    @property
    def place(self) -> Place:
        """What stands in the fields."""
        return Place(
            name=self.name.text(),
            host=self.host.text(),
            folder=self.folder.text(),
            program=self.program.text(),
            launch=self.launch.currentText(),
        )

    def _list(self, known: Sequence[Place]) -> None:
        self._known = tuple(known)
        names = [place.name for place in self._known]
        with_signals = self.list.blockSignals(True)
        self.list.clear()
        for place in self._known:
            item = QListWidgetItem(shown(place.name), self.list)
            item.setToolTip(style.tip(f"{shown(place.name)} ({shown(place.host)})"))
        self.list.addItem(_("New…"))
        row = names.index(self._chosen) if self._chosen in names else (0 if names else len(names))
        self.list.setCurrentRow(row)
        self.list.blockSignals(with_signals)
        self._show(row)

    def _show_row(self, row: int) -> None:
        """Another one was chosen; what was typed and not saved is asked about."""
        if not self.unsaved:
            self._show(row)
            return
        self._select(self._row)
        show = functools.partial(self._select_and_show, row)
        questions.ask_to_save(self, self._chosen, self._save, show)

    def _select(self, row: int) -> None:
        with_signals = self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(with_signals)

    def _select_and_show(self, row: int) -> None:
        self._select(row)
        self._show(row)

    def _show(self, row: int) -> None:
        place, self._row = self._stored(row), row
        before = self.place
        self.name.setText(place.name)
        self.host.setText(place.host)
        self.folder.setText(place.folder or FOLDER)
        self.program.setText(place.program or PROGRAM)
        self.launch.setEditText(place.launch or LAUNCH)
        launch = self.launch.lineEdit()
        assert launch is not None
        for line in (self.name, self.host, self.folder, self.program, launch):
            line.setCursorPosition(0)  # of what is too long, its beginning is seen
        own = Place(place.name, place.host) != place
        self.more.setChecked(own or (self.more.isChecked() and place.name == self._chosen))
        self._chosen = place.name
        self._explain()
        if self.place != before or not (self._tested or self._testing.running):
            self._forget_test()
        self._looking.cancel()
        self._follow()

    def _forget_test(self) -> None:
        self._testing.cancel()
        self._tested = False
        self.said.clear()

    def _stored(self, row: int) -> Place:
        return self._known[row] if 0 <= row < len(self._known) else NEW

    @property
    def unsaved(self) -> bool:
        """Whether the fields are not what is stored."""
        stored = self._stored(self._row)
        return any(
            getattr(self.place, name).strip() != getattr(stored, name)
            for name in Place.__struct_fields__
        )

    def reject(self) -> None:
        """Close; what was typed and not saved is asked about."""
        if not self.unsaved:
            super().reject()
            return
        questions.ask_to_save(self, self._chosen, self._save_and_close, super().reject)

    def _save_and_close(self) -> None:
        self._closes = True
        self._saving.start(self.place)

    def _save(self) -> None:
        self._closes = False
        self._saving.start(self.place)

    def _on_saved(self, place: Place) -> None:
        self._chosen = place.name
        self.changed.emit()
        if self._closes:
            super().reject()
            return
        self._reading.start()

    def _ask_to_remove(self, found: tuple[Place, tuple[str, ...]]) -> None:
        place, runs = found
        gone = functools.partial(self._removing.start, place.name)
        questions.ask_to_remove(self, place, runs, gone)

    def _on_removed(self, place: Place) -> None:
        self._chosen = ""
        self.changed.emit()
        self._reading.start()

    # -- the test

    def _toggle_test(self) -> None:
        if self._testing.running:
            self._testing.cancel()
            self.said.clear()
        else:
            self.said.setPlainText(_("Testing… This can take a minute."))
            self._testing.start(self.place)
        self._follow()

    def _show_trainings(self) -> None:
        """Of the place as it was saved."""
        TrainingsDialog(self, self._stored(self._row)).open()

    # -- cleaning up

    def _toggle_clean(self) -> None:
        self._tested = False
        if self._looking.running:
            self._looking.cancel()
            self.said.clear()
        else:
            self.said.setPlainText(_("Looking up what is kept there…"))
            self._looking.start(self._chosen)
        self._follow()

    def _ask_to_clean(self, found: tuple[Place, Kept]) -> None:
        place, kept = found
        self.said.clear()
        if kept.running:
            self._fail(UserError("place.clean_running", names=comma_list(kept.running)))
        elif not kept.total:
            self.said.setPlainText(_("Nothing is kept there."))
        else:
            ask_to_clean(self, place, kept, functools.partial(self._begin_to_clean, place))
        self._follow()

    def _begin_to_clean(self, place: Place, everything: bool) -> None:
        self.said.setPlainText(_("Deleting…"))
        self._cleaning.start(place, everything)
        self._follow()

    def _on_cleaned(self, freed: int) -> None:
        self.said.setPlainText(_("Deleted {size}.").format(size=words.size(freed)))
        self._follow()
        self.clean.setFocus()  # it was disabled meanwhile; the next button is Remove

    # -- what was found

    def _show_found(self, found: Examined) -> None:
        self._tested = True
        if not found.works:
            self.more.setChecked(True)  # the setting to change may be one of these
        self.said.setPlainText("\n".join(lines(found)))
        self._follow()

    def _show_steps(self, done: Done) -> None:
        text = "\n".join(steps(shown(self.host.text().strip()), done, time.monotonic()))
        if done and text != self.said.toPlainText():
            self.said.setPlainText(text)

    def _on_edited(self, _text: str) -> None:
        """What a test has found was of what stood in the fields then."""
        self._forget_test()
        self._explain()
        self._follow()

    def _explain(self) -> None:
        """What the launch line does."""
        title = PRESETS.get(self.launch.currentText().strip())
        self.explained.setText(_(title) if title else _(OWN_LINE))

    def _fail(self, error: UserError) -> None:
        self._tested = False
        self.said.setPlainText(str(error))
        self._follow()

    def _follow(self) -> None:
        """What can be done now."""
        given = bool(self.name.text().strip() and self.host.text().strip())
        self.save.setEnabled(given)
        self.test.setEnabled(bool(self.host.text().strip()))
        self.test.setText(_("Cancel the test") if self._testing.running else _("Test"))
        self.remove.setEnabled(bool(self._chosen))
        self.trainings.setEnabled(bool(self._chosen))
        self.clean.setText(_("Cancel") if self._looking.running else _("Clean up…"))
        self.clean.setEnabled(bool(self._chosen) and not self._cleaning.running)
        tip = "" if given else _("Type a name and an address first.")
        self.save.setToolTip(style.tip(tip))


def _examined(place: Place, report: Callable[[Done], None]) -> Examined:
    """What is there; it ends where nobody waits any more."""
    named = msgspec.structs.replace(place, name=place.name.strip() or place.host)
    done = list[tuple[Step, float]]()

    def begin(step: Step) -> None:
        done.append((step, time.monotonic()))

    return examine(places.checked(named), lambda: report(tuple(done)), begin)


def _waiting(name: str) -> tuple[Place, tuple[str, ...]]:
    """The place of that name, and the runs that are not finished there."""
    place = places.find(name)
    return place, tuple(run.path.name for run in assignments.waiting(place))


def _kept(name: str, report: Callable[[None], None]) -> tuple[Place, Kept]:
    """What is kept at the place of that name, as it was saved."""
    place = places.find(name)
    return place, cleaning.kept(place, lambda: report(None))


def _cleaned(place: Place, everything: bool) -> int:
    return cleaning.clean(place, everything)
