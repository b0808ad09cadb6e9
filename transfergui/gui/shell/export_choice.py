"""The network that is chosen to predict with is the one that is exported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from transfergui.core.runs.run import Run
from transfergui.gui.parts import dialogs
from transfergui.gui.session.session import Session
from transfergui.gui.shell.stage import StageTabs


class ExportChoice(QObject):
    """See the module; it does not matter which stage was made first.

    Args:
        window: above which a question about an export may stand.
    """

    def __init__(self, window: QWidget, session: Session, stage: StageTabs) -> None:
        super().__init__(window)
        self._window, self._stage = window, stage
        self._chosen: Path | None = None
        stage.built.connect(self._join)
        session.run_changed.connect(self._forget)

    def take_over(self, former: ExportChoice) -> None:
        """Keep to the choice of a window in another language."""
        self._chosen = former._chosen

    @property
    def exporting(self) -> bool:
        """Whether a file is written at this moment."""
        from transfergui.gui.panels.export import FormatCard

        return any(card.busy for card in self._stage.findChildren(FormatCard))

    def _join(self, key: str, stage: QWidget) -> None:
        from transfergui.gui.panels.export import ExportStage
        from transfergui.gui.panels.predict import PredictStage

        if isinstance(stage, PredictStage):
            stage.chosen.connect(self._choose)
        elif isinstance(stage, ExportStage):
            stage.ended.connect(lambda: dialogs.forget_export_question(self._window))
            if self._chosen is not None:
                stage.choose(self._chosen)

    def _forget(self, _run: Run | None) -> None:
        self._chosen = None

    def _choose(self, path: Path) -> None:
        from transfergui.gui.panels.export import ExportStage

        self._chosen = path
        for stage in self._stage.findChildren(ExportStage):
            stage.choose(path)
