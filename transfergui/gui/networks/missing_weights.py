"""The weights that a training needs and that are not here yet, with their download."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.gui.base import style
from transfergui.gui.networks.weights_download import WeightsDownload
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.session import Session


class MissingWeights(QWidget):
    """One network at a time, the backbone or a teacher, say; hidden while nothing is missing.

    The backbone's own card offers its weights too, but in a low window that one may be hidden.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.download = WeightsDownload()
        self.trouble = WrappedLabel(role="danger")
        self.download.arrived.connect(session.look_for_weights)
        self.download.failed.connect(self._show_failed)
        self.download.busy_changed.connect(self._follow)
        session.plan_changed.connect(self._follow)
        session.weights_changed.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.download)
        layout.addWidget(self.trouble)
        self._follow()

    def _follow(self, _what: object = None) -> None:
        missing = self._missing()
        self.setVisible(missing is not None or self.download.busy)
        self.trouble.hide()
        if missing is not None:
            self.download.need(missing, self._session.recipe.weights_dir)

    def _missing(self) -> Backbone | None:
        plan = self._session.plan
        return plans.missing(plan, self._session.weights) if plan is not None else None

    def _show_failed(self, error: UserError) -> None:
        self.trouble.setText(str(error))
        self.trouble.show()
