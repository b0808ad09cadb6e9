"""The button that ends a training, with the ways to do so and what becomes of it now."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from transfergui.core.base.i18n import _
from transfergui.gui.parts.right_menu import RightMenu
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.session.training_runner import Ending


class StopButton(QToolButton):
    """The ways to stop, each with what becomes of the training.

    Attributes:
        finish, pause, leave, keep: the entries of its menu.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._menu = RightMenu(self)
        self._menu.setToolTipsVisible(True)
        self.finish = self._entry(_("Stop and keep the best"))
        self.pause = self._entry(
            _("Pause"),
            _("Stops now and keeps everything, without a test. Resume continues later."),
        )
        self.leave = self._entry(_("Stop following"))
        self.keep = self._entry(_("Keep training"), _("Changes nothing."))
        self.finish.triggered.connect(lambda: session.stop("finish"))
        self.pause.triggered.connect(lambda: session.stop("cancel"))
        self.leave.triggered.connect(session.runner.leave)
        self.setProperty("role", "tool")
        self.setText(_("Stop"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(self._menu)
        self.follow()

    def follow(self) -> None:
        """Say that it is being stopped while it is; offer to keep a model where there is one."""
        ending = self._session.runner.ending
        stopping = self._session.state is State.STOPPING
        self.finish.setVisible(not ending.unlabelled)
        self.finish.setToolTip(_finish_tip(ending))
        self.leave.setVisible(ending.others or ending.elsewhere)
        self.leave.setToolTip(
            _("Ends only what is shown here. The training continues on the other computer.")
            if ending.elsewhere
            else _("Ends only what is shown here. The other process continues the training.")
        )
        tip = _("Stop and keep the best, or pause and resume later.")
        self.setToolTip(_("Pause, and resume later.") if ending.unlabelled else tip)
        self.setText(_("Stopping…") if stopping else _("Stop"))

    def _entry(self, text: str, tip: str = "") -> QAction:
        action = self._menu.addAction(text)
        action.setToolTip(tip)
        return action


def _finish_tip(ending: Ending) -> str:
    if ending.empty:
        return _(
            "Nothing has been learned yet, so there is no model to keep. The training ends now, "
            "without a result; Resume starts it again."
        )
    if ending.searching:
        return _("Ends the search now and tests the best model so far.")
    return _("Ends the training now and tests the best epoch.")
