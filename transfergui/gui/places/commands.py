"""Other computers, from the menu and beside Train."""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import cargo
from transfergui.core.places.cargo import Cargo
from transfergui.core.places.place import Place
from transfergui.gui.base import tasks
from transfergui.gui.places import sending
from transfergui.gui.places.dialog import PlacesDialog
from transfergui.gui.places.run_on import RunOn
from transfergui.gui.session.session import Session


class PlaceCommands(QObject):
    """See the module.

    Attributes:
        help_wanted: the page of the guide about it.

    Args:
        window: above which questions are asked.
        run_on: beside Train.
    """

    help_wanted = Signal()

    def __init__(self, window: QWidget, session: Session, run_on: RunOn) -> None:
        super().__init__(window)
        self._window, self._session, self._run_on = window, session, run_on
        session.runner.sending_wanted.connect(self._weigh)
        run_on.managing_wanted.connect(self.show)

    def show(self) -> None:
        """The list of other computers, to add, test, change and remove them."""
        dialog = self._window.findChild(PlacesDialog)
        if dialog is None:
            dialog = PlacesDialog(self._window)
            dialog.changed.connect(self._run_on.read)
            dialog.help_wanted.connect(self.help_wanted)
        self._run_on.read()
        dialog.show()  # beside the guide
        dialog.raise_()
        dialog.activateWindow()

    def _weigh(self, plan: Plan, place: Place) -> None:
        """What would be sent, looked up on the disk, is asked about."""
        tasks.run(
            self,
            functools.partial(cargo.of, plan),
            functools.partial(self._ask, plan, place),
            self._fail,
        )

    def _ask(self, plan: Plan, place: Place, whole: Cargo) -> None:
        begin = functools.partial(self._session.runner.start_elsewhere, plan, place)
        sending.ask_to_send(self._window, plan, place, whole, begin)

    def _fail(self, error: UserError) -> None:
        self._session.say("training", str(error), "error")
