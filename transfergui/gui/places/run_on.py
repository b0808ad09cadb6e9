"""Where the next training runs: this computer, or one of the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.places import assignment as assignments
from transfergui.core.places import place as places
from transfergui.core.places.place import Place
from transfergui.core.runs.run import Run
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.session.session import Session


class RunOn(QWidget):
    """See the module. Not seen before there is another computer: the menu adds one.

    Attributes:
        box: the choice.
    """

    changed = Signal()
    managing_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: tuple[Place, ...] = ()
        self.box = QComboBox()
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(8)
        label = QLabel(_("Run on"))
        label.setBuddy(self.box)
        self.box.setAccessibleName(label.text())
        self.box.activated.connect(self._choose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(label)
        layout.addWidget(self.box, 1)
        self._read = Task(self, places.known, self.show_places, self._fail)
        self._find = Task(self, assignments.place_of, self._show_found, self._fail)
        self.show_places(())
        self._read.start()
        session.run_changed.connect(self._follow_run)

    def changeEvent(self, event: QEvent) -> None:
        """The list may have been changed by a command while another window was in front."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._read.start()

    def _follow_run(self, run: Run | None) -> None:
        """What is trained now shows where; of a run that is only looked at, nothing is said."""
        if run is not None and self._session.training and self._session.runner.watch is None:
            self._find.start(run)

    def _show_found(self, name: str) -> None:
        before = self._session.runner.place
        now = next((place for place in self._known if place.name == name), None)
        self._session.runner.place = now
        self.box.setCurrentIndex(0 if now is None else 1 + self._known.index(now))
        if now != before:
            self.changed.emit()

    def read(self) -> None:
        """The list may be another now."""
        self._read.start()

    def show_places(self, known: Sequence[Place]) -> None:
        """Offer these; what was chosen stays chosen, with what was changed of it."""
        before = self._session.runner.place
        self._known = tuple(known)
        self.box.clear()
        self.box.addItem(_("This computer"))
        for place in self._known:
            self.box.addItem(shown(place.name))
            tip = style.tip(f"{shown(place.name)} ({shown(place.host)})")
            self.box.setItemData(self.box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.box.insertSeparator(self.box.count())
        self.box.addItem(_("Other computers…"))
        now = next((p for p in self._known if before is not None and p.name == before.name), None)
        self.box.setCurrentIndex(0 if now is None else 1 + self._known.index(now))
        self._session.runner.place = now
        self.setVisible(bool(self._known))
        if now != before:
            self.changed.emit()

    def _choose(self, row: int) -> None:
        if row > len(self._known):  # manage them; the choice stays
            place = self._session.runner.place
            self.box.setCurrentIndex(0 if place is None else 1 + self._known.index(place))
            self.managing_wanted.emit()
            return
        self._session.runner.place = self._known[row - 1] if row else None
        self.changed.emit()

    def _fail(self, error: UserError) -> None:
        self._session.say("training", str(error), "warning")
