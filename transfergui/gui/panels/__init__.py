"""What the window consists of: three cards on the left, six stages on the right.

One panel is one file and one widget, and gets ``(session, parent)``. Those of the left
column have ``summary()``, one line that says what was decided, and are put into a
:class:`transfergui.gui.parts.card.Card`. A stage puts a
:class:`~transfergui.gui.parts.message_bar.MessageBar` of its own key at its end, in
:class:`~transfergui.gui.parts.message_overlay.MessageOverlay`, and is built when it is first shown,
so that the window appears at once. Panels never call each other: they read the session
and its signals, and call its methods. A stage may have ``go = Signal(object)``, emitted
with the key of another stage that should be shown.
"""

import importlib
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from transfergui.core.base.i18n import N_
from transfergui.gui.session.session import Session


@dataclass(frozen=True)
class PanelEntry:
    """One panel: where its class is, what its tab is called and shows.

    Attributes:
        key: also the name of its module.
        cls: name of its class.
        title: marked with ``N_``.
        icon: of :func:`transfergui.gui.base.style.icon`.
    """

    key: str
    cls: str
    title: str
    icon: str

    def build(self, session: Session, parent: QWidget | None = None) -> QWidget:
        """Import the panel's module and make the panel."""
        module = importlib.import_module(f"{__name__}.{self.key}")
        panel: QWidget = getattr(module, self.cls)(session, parent)
        return panel


CARDS = (
    PanelEntry("dataset", "DatasetPanel", N_("Dataset"), "folder"),
    PanelEntry("backbone", "BackbonePanel", N_("Backbone"), "network"),
    PanelEntry("training", "TrainingPanel", N_("Training"), "sliders"),
)

STAGES = (
    PanelEntry("data", "DataStage", N_("Data"), "tag"),
    PanelEntry("live", "LiveStage", N_("Live"), "chart"),
    PanelEntry("results", "ResultsStage", N_("Results"), "target"),
    PanelEntry("predict", "PredictStage", N_("Predict"), "sparkle"),
    PanelEntry("export", "ExportStage", N_("Export"), "export"),
    PanelEntry("runs", "RunsStage", N_("Runs"), "history"),
)
