"""Before a training: near duplicates in several sets are told where the data are, with one click
that keeps each group in one."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTabWidget

from transfergui.core.base.i18n import _
from transfergui.core.checks import near_duplicates
from transfergui.core.checks.check import Finding
from transfergui.gui.checks.examination import Stage
from transfergui.gui.checks.faces import KEEP
from transfergui.gui.checks.tab import CheckTab
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session.session import Session


class LeakOffer(QObject):
    """See the module.

    Args:
        bar: where it is told; also Qt's owner.
        tabs: of which ``page`` is the one with the checks; while that is open, nothing is told.
    """

    def __init__(self, session: Session, bar: MessageBar, tabs: QTabWidget, page: CheckTab) -> None:
        super().__init__(bar)
        self._session, self._bar = session, bar
        self._tabs, self._page = tabs, page
        self._checks = page.examination
        self._told: Finding | None = None
        self._checks.changed.connect(self._follow)
        tabs.currentChanged.connect(self._follow)

    def _follow(self, *_what: object) -> None:
        found = self._checks.outcomes.get(near_duplicates.KEY)
        finding = found if isinstance(found, Finding) else None
        current = self._checks.stage is Stage.DONE and not self._checks.outdated
        if self._tabs.currentWidget() is self._page:
            self._bar.clear()
            self._told = finding
        elif not current:
            self._bar.clear()
            self._told = None
        elif finding is not None and finding is not self._told:
            self._told = finding
            self._tell(finding)

    def _tell(self, finding: Finding) -> None:
        leaks = [note for note in finding.notes if note.code == near_duplicates.LEAK]
        if not leaks or KEEP.obstacle(self._session, finding):
            self._bar.clear()
            return
        self._bar.show_message(
            leaks[0].sentence(),
            "warning",
            _(KEEP.title),
            lambda: KEEP.do(self._session, finding),
            other=(_("Show"), lambda: self._tabs.setCurrentWidget(self._page)),
        )
