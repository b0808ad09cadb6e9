"""The empty Results stage: what will be there, and the way to the runs that these data have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.evaluation import siblings
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.empty_page import NoRunPage
from transfergui.gui.session.session import Session


class NoResultPage(NoRunPage):
    """Says whether the open data have tested runs, and shows the newest if asked."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._heading, self._text = (
            _("No results yet"),
            _(
                "After training, the model is tested on examples it has never seen. The result "
                "and the errors appear here."
            ),
        )
        super().__init__(session, "target", self._heading, self._text, parent)
        self._newest: Path | None = None
        self._look = Task(self, _tested, self.show_runs, self._failed)
        self.more.clicked.connect(self._open)
        session.dataset_changed.connect(self.look)
        session.run_changed.connect(self.look)
        session.state_changed.connect(self._follow_training)

    def look(self, *_what: object) -> None:
        """Look for the runs of the data that are open."""
        if self._session.dataset is None or self._session.training:
            self._look.cancel()
            self.show_runs([])
        else:
            self._look.start(siblings.data_key(self._session.recipe))

    def show_runs(self, runs: list[Path]) -> None:
        """Say how many there are; the newest first."""
        self._newest = runs[0] if runs else None
        count = len(runs)
        text = ngettext(
            "These data have one tested run.", "These data have {count} tested runs.", count
        )
        self.title.setText(_("No run is open") if runs else self._heading)
        self.text.setText(text.format(count=count) if runs else self._text)
        if runs:
            self.offer(_("Show the last result"))
        else:
            self.more.hide()

    def _follow_training(self, *_state: object) -> None:
        if self._session.training:  # whose result comes here
            self.look()

    def _open(self) -> None:
        if self._newest is not None:
            self._session.open_run(self._newest)

    def _failed(self, _error: UserError) -> None:
        self.show_runs([])  # the list of runs says what is wrong


def _tested(key: tuple[Any, ...]) -> list[Path]:
    return [run.path for run in siblings.tested_on(key)]
