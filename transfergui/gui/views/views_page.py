"""The views of a result: a list of those that there are, and the one that is chosen."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.data import tars
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.interfaces.samples import Preview
from transfergui.core.runs.run import Run
from transfergui.core.sources import input_of
from transfergui.core.views import registry
from transfergui.core.views.insight import insight_of
from transfergui.core.views.result import Result
from transfergui.core.views.view import LITTLE, View, nothing_kept, seconds
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.parts.choice_card import ChoiceCard
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.parts.scroll_column import WHOLE, ScrollColumn
from transfergui.gui.session.session import Session
from transfergui.gui.views.gallery_view import Place
from transfergui.gui.views.promise_row import PromiseRow
from transfergui.gui.views.shown_view import shown_view

LIST = 208
"""Pixels of width of the list."""

CHOICES: dict[str, Callable[[Session, Result], PromiseRow]] = {"reliability": PromiseRow}
"""What can be chosen where a view is looked at, by its key."""

Obstacles = dict[str, str]
"""For each view that cannot be shown, by its key: the sentence why."""


class ViewsPage(QWidget):
    """What a view found is kept as long as the run is shown.

    Attributes:
        result: the run that is looked into; None without one.
        about: which run that is, in one line.
    """

    def __init__(self, session: Session, views: Sequence[View] | None = None) -> None:
        super().__init__()
        self._session = session
        self.views = registry.VIEWS if views is None else views
        self.result: Result | None = None
        self._known: Obstacles | None = None
        self._soon: frozenset[str] = frozenset()
        self._pages: dict[str, _ViewPage] = {}
        self._look = Task(self, _obstacles, self._offer, self._refuse)
        self.cards = {
            v.key: ChoiceCard(_(v.title), _(v.summary), unfolds=False) for v in self.views
        }
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        self.about = ElidedLabel(role="caption")
        self._empty = WrappedLabel(role="caption")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()

    def _build(self) -> None:
        for key, card in self.cards.items():
            self._group.addButton(card)
            card.clicked.connect(functools.partial(self.choose, key))
        area = ScrollColumn(list(self.cards.values()), style.GAP, least=0, most=WHOLE)
        area.setAccessibleName(_("Views"))
        area.beside_bar(LIST)
        self._stack.addWidget(self._empty)
        layout = QHBoxLayout()
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(area, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, style.INSIDE, 0, 0)
        whole.setSpacing(style.INSIDE)
        whole.addWidget(self.about)
        whole.addLayout(layout, 1)

    # -- the run

    def show_run(self, run: Run | None) -> None:
        """Look into another run; what was found of the one before is dropped."""
        if run is not None and self.result is not None and self.result.run.path == run.path:
            return
        self._look.cancel()
        self._known = None
        for page in self._pages.values():
            page.close_down()
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self.result = None if run is None else Result(run)
        self._group.setExclusive(False)
        for view, card in zip(self.views, self.cards.values(), strict=True):
            card.setChecked(False)
            card.refuse(_(view.summary), "")
            card.setEnabled(False)
        self._group.setExclusive(True)
        self._begin()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    def _begin(self) -> None:
        """Find out which views apply, once somebody looks."""
        if self.isVisible() and self.result is not None and self._known is None:
            self._stack.setCurrentWidget(self._empty)
            self._empty.setText(_("Reading the run…"))
            self._look.start(self.result, self.views)

    def _offer(self, looked: _Looked) -> None:
        found, self._soon, unlisted = looked
        self._known = found
        for view, card in zip(self.views, self.cards.values(), strict=True):
            card.refuse(_(view.summary), found.get(view.key, ""))
            card.setVisible(view.key not in unlisted)
        self._empty.setText(_("No view applies to this run."))
        known = [view for view in self.views if view.key not in found]
        if known:  # a quick one is there at once
            self.choose(next((view for view in known if view.quick), known[0]).key)

    def _refuse(self, error: UserError) -> None:
        self._empty.setText(str(error))

    # -- one view

    @property
    def chosen(self) -> str:
        """The key of the view that is shown; empty if none is."""
        current = self._stack.currentWidget()
        return next((key for key, page in self._pages.items() if page is current), "")

    def choose(self, key: str) -> None:
        """Show a view; one that takes a few seconds begins at once."""
        if self.result is None or self._known is None or key in self._known:
            return
        self.cards[key].setChecked(True)
        if any(card.hasFocus() for card in self.cards.values()):
            self.cards[key].setFocus()  # else the frame of the keyboard stays at another
        if key not in self._pages:
            view = next(view for view in self.views if view.key == key)
            page = self._pages[key] = _ViewPage(self._session, view, self.result, key in self._soon)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self._pages[key])

    def shown(self) -> dict[str, Shown]:
        """What was found so far, by the keys of the views."""
        pages = self._pages.items()
        return {key: page.shown for key, page in pages if page.shown is not None}

    def page(self, key: str) -> _ViewPage:
        """The page of a view that was chosen before."""
        return self._pages[key]


class _ViewPage(QWidget):
    """One view: a button that starts it, how far it is, and what it found.

    Args:
        soon: it takes no longer than a few seconds and begins when it is seen first.

    Attributes:
        shown: what it found; None before that.
    """

    def __init__(self, session: Session, view: View, result: Result, soon: bool) -> None:
        super().__init__()
        self._soon = soon
        self._session, self._view, self._result = session, view, result
        self.shown: Shown | None = None
        self._began = 0.0
        self._work = Task(
            self, _compute, self._done, self._failed, self._tell, broken=self._give_up
        )
        self._look = Task(self, _kept, self._show_kept, self._failed)
        self._complete = False
        self._found: QWidget | None = None
        self.choice = CHOICES[view.key](session, result) if view.key in CHOICES else None
        self.progress = ProgressRow(_("Progress"))
        self.said = WrappedLabel(role="caption")
        self.start = QPushButton(_(view.button))
        self.start.setProperty("role", "primary")
        self.start.setAccessibleDescription(_(view.summary))
        self.said.setText(_(view.summary))
        self._body = QVBoxLayout()
        self._body.addWidget(self.said)
        if self.choice is not None:
            self._body.addWidget(self.choice)
        self._body.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        self._body.addLayout(self.progress)
        self._body.addStretch(1)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(style.BETWEEN)
        self.setLayout(self._body)
        self.start.clicked.connect(self.compute)
        self.progress.cancel_button.clicked.connect(self._cancel)
        if view.kept is not nothing_kept:
            self.progress.cancel_button.setText(_("Pause"))
        self._follow()
        if view.kept is not nothing_kept:
            self._look.start(view, result)
        elif soon:
            self._begin_soon()

    def _begin_soon(self) -> None:
        """Once: what was cancelled does not begin again by itself."""
        self._soon = False
        self.compute()

    def compute(self) -> None:
        """Start, in the background."""
        self._began = time.monotonic()
        self.said.setText(_(self._view.summary))
        self._work.start(self._view, self._result)
        self.progress.show_waiting(_("Computing…"))
        self._follow()

    def close_down(self) -> None:
        """Nobody waits for it any more."""
        self._work.cancel()
        self._look.cancel()
        if self.choice is not None:
            self.choice.close_down()

    def _cancel(self) -> None:
        self._work.cancel()
        self._follow()
        if self._view.kept is not nothing_kept:  # what was found by then stays
            self._look.start(self._view, self._result)

    def _show_kept(self, found: tuple[Shown, bool] | None) -> None:
        """Show what was found before, with the button above it where there is more to find."""
        if self._work.running:
            return
        if found is None:
            if self._soon:
                self._begin_soon()
            return
        shown, self._complete = found
        if not self._complete:
            self.start.setText(_("Resume"))
        self._put(shown)

    def _follow(self) -> None:
        running = self._work.running
        self.progress.set_visible(running)
        self.start.setVisible(not running and not self._complete)

    def _tell(self, told: tuple[int, int]) -> None:
        done, total = told
        if total:
            self.progress.show_progress(done, total, self._began)

    def _failed(self, error: UserError) -> None:
        self.said.setText(str(error))
        self._give_up()

    def _give_up(self) -> None:
        self.start.setText(_("Try again"))
        self._follow()

    def _done(self, shown: Shown) -> None:
        self._complete = True
        self._put(shown)

    def _put(self, shown: Shown) -> None:
        """Show what was found."""
        self.shown = shown
        self._follow()
        self.said.setText(_(self._view.summary))
        if self._found is not None:
            self._body.removeWidget(self._found)
            self._found.deleteLater()
        self._found = shown_view(shown, _place(self._session, self._result))
        self._body.insertWidget(self._body.count() - 1, self._found, 1)
        self._body.setStretch(self._body.count() - 1, 0)


def _place(session: Session, result: Result) -> Place:
    """Decodes without holding the result or its model."""
    modality, input, split = result.modality, input_of(result.run), result.split

    def decode(path: Path, large: bool = False, /) -> Preview:
        tars.require_own(path, split.places)
        return modality.preview(path, input, large)

    return Place(
        session,
        Path(split.root),
        decode,
        split,
        None if result.objective.places else functools.partial(insight_of, result.run.path),
    )


# -- in a worker thread


class _Looked(NamedTuple):
    """Of views, by their keys.

    Attributes:
        why: those that cannot be shown, and why.
        soon: those that take no longer than a few seconds.
        unlisted: those that concern runs of another kind.
    """

    why: Obstacles
    soon: frozenset[str]
    unlisted: frozenset[str]


def _obstacles(result: Result, views: Sequence[View]) -> _Looked:
    warm_up()
    codes = {view.key: view.obstacle(result) for view in views}
    values = {"noun": result.modality.many}
    why = {key: Note(code, values).sentence() for key, code in codes.items() if code}
    soon = (view.key for view in views if not codes[view.key] and _soon(view, result))
    unlisted = (v.key for v in views if v.unlisted and codes[v.key] == v.unlisted)
    return _Looked(why, frozenset(soon), frozenset(unlisted))


def _soon(view: View, result: Result) -> bool:
    try:
        takes = seconds(view, result)
    except UserError:  # its backbone is not there any more; the view says so
        return False
    return takes is not None and takes <= LITTLE


def _kept(view: View, result: Result) -> tuple[Shown, bool] | None:
    return view.kept(result)


def _compute(view: View, result: Result, report: Callable[[tuple[int, int]], None]) -> Shown:
    return view.compute(result, lambda done, total: report((done, total)))
