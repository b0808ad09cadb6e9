"""A field that holds a network: its name, and the chooser behind it."""

from __future__ import annotations

from pathlib import Path

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.plan import Modality
from transfergui.core.runs.run import Run
from transfergui.core.sources import named_backbone
from transfergui.gui.base import style
from transfergui.gui.base.run_names import RunName
from transfergui.gui.base.tasks import Task
from transfergui.gui.networks.backbone_chooser import BackboneChooser
from transfergui.gui.networks.backbone_model import per_cent, summary
from transfergui.gui.networks.own_models import Use, own


class NetworkField(QPushButton):
    """Shows the name of a network; pressed, it opens the chooser.

    Args:
        use: what it is chosen for; only the user's own trained models can be put together.

    Attributes:
        edited: the user has chosen another one.
    """

    edited = Signal()
    BESIDE, EDGES = 40, 20
    """Pixels of the icon and of the edges of the button, and of these alone."""

    def __init__(self, parent: QWidget | None = None, *, use: Use = "start") -> None:
        super().__init__(parent)
        self._use, self._own = use, use == "whole"
        self._named = self._full = ""
        self._modality: Modality | None = None
        self._weights_dir: str | None = None
        self._look = Task(self, _told, self._show_told, self._show_unknown)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("role", "field")
        self.setAutoDefault(False)
        self.clicked.connect(self.choose)
        style.theme.changed.connect(self._dress)
        self._dress()

    def value(self) -> str:
        """What a recipe calls the network: a key, a weights file, or the folder of a run."""
        return self._named

    def put(self, named: str) -> None:
        """Show a network."""
        if named != self._named:
            self._named = named
            self._show(shown(Path(named).name))
            self._find()

    def set_modality(self, modality: Modality, weights_dir: str | None) -> None:
        """Among whose networks is chosen, and where their weights are looked for first."""
        self._weights_dir = weights_dir
        if modality is not self._modality:
            self._modality = modality
            self._find()

    def choose(self) -> BackboneChooser:
        """Open the chooser; what is chosen there becomes the value."""
        assert self._modality is not None
        chooser = BackboneChooser(
            self._modality,
            self._named,
            self._weights_dir,
            self.window(),
            automatic=False,
            use=self._use,
        )
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def take() -> None:
            if shiboken6.isValid(self):  # else its form was made anew meanwhile
                self._take(chooser.chosen)

        chooser.accepted.connect(take)
        chooser.open()
        return chooser

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _take(self, chosen: str) -> None:
        if chosen != self._named:
            self.put(chosen)
            self.edited.emit()

    def _find(self) -> None:
        if self._modality is not None and self._named:
            self._look.start(self._modality, self._named, self._use)

    def _show_told(self, told: tuple[str, str]) -> None:
        self._show(*told)

    def _show(self, title: str, tip: str = "") -> None:
        self._full = title
        self.setToolTip(style.tip(tip))
        self.setAccessibleDescription(title)
        self._elide()

    def _show_unknown(self, error: UserError) -> None:
        """What it names is not there; why is said where the recipe's problems are."""
        self._show(shown(Path(self._named).name))

    def _elide(self) -> None:
        room = max(0, self.width() - (self.EDGES if self._own else self.BESIDE))
        elided, middle = self.fontMetrics().elidedText, Qt.TextElideMode.ElideMiddle
        self.setText("\n".join(elided(line, middle, room) for line in self._full.splitlines()))
        self.setMinimumHeight(self.sizeHint().height())  # of two lines; Qt does not ask again

    def _dress(self) -> None:
        if not self._own:  # there are several, whose names have no room to spare
            self.setIcon(style.icon("network", "muted"))


def _told(modality: Modality, named: str, use: Use) -> tuple[str, str]:
    """What people call a network, and what there is to know of it; in a worker thread.

    Trainings to be put together are on the same classes: they are told apart by network and
    strategy, in two lines, and by their times in what there is to know.

    Raises:
        UserError: as :func:`transfergui.core.sources.named_backbone`.
    """
    source = named_backbone(modality, named)
    if row := own(named, source, use):
        told = _("{name}, {accuracy}")
        if not (use == "whole" and source.run):
            return told.format(name=row.title, accuracy=per_cent(row.accuracy)), row.summary
        name = RunName.of(Run(source.run))
        title = told.format(name=name.own or name.network, accuracy=per_cent(row.accuracy))
        below = f"{name.network} · {name.strategy}" if name.own else name.strategy
        return f"{title}\n{below}", f"{name.full}. {row.summary}"
    told_of = summary(source.backbone)
    if source.weights is not None:
        return shown(source.weights.name), told_of
    return _(source.backbone.title), told_of
