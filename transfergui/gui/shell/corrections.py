"""Corrections by menu and key, on the page in front, and where they were undone."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject

from transfergui.core.base.i18n import _, comma_list
from transfergui.gui.panels import CARDS, STAGES
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.undo_stack import UndoStep
from transfergui.gui.shell.stage import StageTabs


@runtime_checkable
class Correctable(Protocol):
    """A page on which samples are selected and corrected."""

    @property
    def correctable(self) -> bool:
        """Whether samples are selected that can be corrected."""

    def relabel(self) -> None: ...

    def exclude(self) -> None: ...


class CorrectionCommands(QObject):
    """See the module."""

    def __init__(self, session: Session, stage: StageTabs) -> None:
        super().__init__(stage)
        self._session, self._stage = session, stage
        session.undo_stack.stepped.connect(self._tell_step)

    @property
    def possible(self) -> bool:
        """Whether samples that can be corrected are selected on the page in front."""
        return self._page() is not None

    def relabel(self) -> None:
        """Ask for the class of what is selected on the page in front."""
        if (page := self._page()) is not None:
            page.relabel()

    def exclude(self) -> None:
        """Leave out what is selected on the page in front."""
        if (page := self._page()) is not None:
            page.exclude()

    def _page(self) -> Correctable | None:
        """The page in front, if samples that can be corrected are selected there."""
        page = self._stage.current
        return page if isinstance(page, Correctable) and page.correctable else None

    def _tell_step(self, step: UndoStep) -> None:
        """Say on the page in front what was undone, and where, unless it is seen there anyway."""
        panels = edits.panels_of(step.old, step.new)
        if panels == (self._stage.key,):
            return
        titles = {row.key: _(row.title) for row in (*CARDS, *STAGES)}
        said = _("Redone in {places}: {what}.") if step.again else _("Undone in {places}: {what}.")
        places = comma_list(f"“{titles[key]}”" for key in panels)
        self._session.say(self._stage.key, said.format(places=places, what=step.text), "info")
