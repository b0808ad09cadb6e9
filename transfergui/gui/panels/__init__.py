"""What the window consists of: three cards on the left, six stages on the right.

One panel is one file and one widget, and gets ``(session, parent)``. Those of the left
column have ``summary()``, one line that says what was decided, and are put into a
:class:`transfergui.gui.parts.card.Card`. A stage puts a
:class:`~transfergui.gui.parts.message_bar.MessageBar` of its own key at its end, in
:class:`~transfergui.gui.parts.message_overlay.Notices`, and is built when it is first shown,
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
class Row:
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
    Row("dataset", "DatasetPanel", N_("Dataset"), "folder"),
    Row("backbone", "BackbonePanel", N_("Backbone"), "network"),
    Row("training", "TrainingPanel", N_("Training"), "sliders"),
)

STAGES = (
    Row("data", "DataStage", N_("Data"), "tag"),
    Row("live", "LiveStage", N_("Live"), "chart"),
    Row("results", "ResultsStage", N_("Results"), "target"),
    Row("predict", "PredictStage", N_("Predict"), "sparkle"),
    Row("export", "ExportStage", N_("Export"), "export"),
    Row("runs", "RunsStage", N_("Runs"), "history"),
)
