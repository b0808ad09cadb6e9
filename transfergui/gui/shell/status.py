"""What the title of the window and the corner above the stage say: what is open, how far it is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.gui.base import style
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.stage import StageTabs


@runtime_checkable
class HasName(Protocol):
    """A page over the stages about other data than those that are open: ``name``, what they are
    called."""

    @property
    def name(self) -> str: ...


STAGES = {
    "evaluate": N_("Testing"),
    "read": N_("Reading"),
    "send": N_("Sending"),
    "fetch": N_("Bringing back the results"),
}
"""What is going on where that is no training."""
CONNECTING = "place.connecting"


class Status(QObject):
    """See the module.

    Attributes:
        label: in the corner.
    """

    def __init__(self, window: QMainWindow, session: Session, stage: StageTabs) -> None:
        super().__init__(window)
        self._window, self._session, self._stage = window, session, stage
        self.label = ElidedLabel(role="caption")
        self._keep_margin()
        self.label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        stage.add_to_corner(self.label)
        for changed in (session.state_changed, session.recipe_changed, session.plan_changed):
            changed.connect(self.show)
        for changed in (session.project_file.changed, stage.over_changed, stage.currentChanged):
            changed.connect(self.show)
        session.event_arrived.connect(self._show_event)
        style.theme.changed.connect(self._keep_margin)

    def show(self) -> None:
        over, project = self._stage.over, self._project()
        project = project or shown(self._session.recipe.data.name)
        watch = self._session.runner.watch
        if watch is not None:  # whatever is open besides
            project = shown(watch.run.path.name)
        if isinstance(over, HasName):
            project = over.name
        state = self._state_text()
        title = " – ".join(part for part in (project, state, "TransferGUI") if part)
        self._window.setWindowTitle(title)
        self.label.setText("  ·  ".join(part for part in (project, state) if part))

    def _project(self) -> str:
        file = self._session.project_file
        return _("{name} (read-only)").format(name=file.name) if file.read_only else file.name

    def _state_text(self) -> str:
        match self._session.state:
            case State.SCANNING:
                return _("Reading the data")
            case State.STOPPING:
                return _("Stopping")
            case State.TRAINING:
                return _under_way(self._session.history)
        return ""

    def _show_event(self, event: ev.Event) -> None:
        if isinstance(event, ev.Progress | ev.Notice):
            self.show()

    def _keep_margin(self) -> None:
        """Dressed anew, a label without room forgets it."""
        self.label.setContentsMargins(0, 0, style.BETWEEN, 0)


def _under_way(history: History) -> str:
    """What a training does now."""
    at, lost = history.progress, history.lost
    if lost is not None:
        return _("Connecting") if lost.code == CONNECTING else _("Not connected")
    if at is None:
        return _("Preparing")
    if at.stage in STAGES:
        return _(STAGES[at.stage])
    percent = min(99, int(100 * history.share))
    return _("Training {percent} %").format(percent=percent)
