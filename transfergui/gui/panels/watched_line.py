"""The line of the Live stage that says who trains what is shown, where this window only follows,
and offers to take part where that is a search."""

from __future__ import annotations

import contextlib

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.runs.watching import Watch
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.search_helper import SearchHelper
from transfergui.gui.session.session import Session


class WatchedLine(QWidget):
    """See the module; hidden while this window trains by itself."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._watch: Watch | None = None
        self._searches = False
        self.text = WrappedLabel(role="caption")
        self.join = QPushButton(_("Take part"))
        self.join.clicked.connect(self._press)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.join)
        session.runner.helper.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Bring it up to date."""
        watch, helper = self._session.runner.watch, self._session.runner.helper
        if watch is not self._watch:
            self._watch, self._searches = watch, watch is not None and _searches(watch)
        self.setVisible(watch is not None)
        if watch is None:
            return
        searching = self._searches and self._session.history.started is None
        self.join.setVisible(searching or helper.running)
        self.join.setEnabled(not helper.leaving)
        self.join.setText(_("Stop taking part") if helper.running else _("Take part"))
        self.join.setToolTip(style.tip(_tip(helper)))
        self.text.setText(_taking_part(helper) if helper.running else _followed(watch))

    def _press(self) -> None:
        helper = self._session.runner.helper
        if helper.running:
            helper.stop()
        elif self._watch is not None:
            helper.begin(self._watch.run)


def _searches(watch: Watch) -> bool:
    with contextlib.suppress(UserError):
        return registry.procedure_of(watch.run.recipe.strategy) == "search"
    return False


def _followed(watch: Watch) -> str:
    text = _(
        "This window follows “{name}”, which another process trains (process {pid} on {host}). "
        "Stop and Pause are passed on to it."
    )
    return text.format(name=shown(watch.run.path.name), **watch.trainer)


def _taking_part(helper: SearchHelper) -> str:
    if helper.leaving:
        return _("Leaving the search. Another process continues what was trained here.")
    if helper.trial is None:
        return _("This window takes part in the search. There is nothing to train right now.")
    text = _("This window takes part in the search. It trains {title}: epoch {epoch} of {epochs}.")
    return text.format(title=helper.trial.title, epoch=helper.epoch, epochs=helper.epochs or "–")


def _tip(helper: SearchHelper) -> str:
    if helper.running:
        return _("Train nothing more for this search. The search continues without this window.")
    return _(
        "Train some of the runs of this search on this computer, so that it ends sooner. The data "
        "must be found here at the same place."
    )
