"""Says that another run on the same data is better than the model that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.evaluation import run_differences, siblings
from transfergui.core.runs.run import Run
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.networks.model_chooser import ModelChoice
from transfergui.gui.parts.link_line import LinkLine


class BetterRunNotice(LinkLine):
    """One line with a link; hidden while there is nothing better.

    Attributes:
        wanted: path of the better run: it should be used.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Choose this run"), parent)
        self._own: ModelChoice | None = None
        self._better: ModelChoice | None = None
        self._find = Task(self, better_run, self._show, lambda _error: None)
        self.button.clicked.connect(self._choose)

    def look(self, own: ModelChoice | None, others: Sequence[ModelChoice]) -> None:
        """Look in the background whether one of ``others`` is better than ``own``."""
        self._own = own
        self._show(None)
        self._find.cancel()
        if own is not None and own.figure is not None:
            self._find.start(own, others)

    def _show(self, found: Better | None) -> None:
        self._better = better = None if found is None else found.choice
        if found is not None and better is not None and self._own is not None:
            assert better.figure is not None and self._own.figure is not None
            text = _(
                "Another run has a better result on the same test set: {better} instead of {own}."
            )
            figures = {"better": better.figure.named, "own": self._own.figure.named}
            chance = "" if found.clear else _("The difference may be chance.")
            self.text.setText(paragraph((text.format(**figures), chance)))
            self.button.setToolTip(style.tip(better.name))
        self.setVisible(better is not None)

    def _choose(self) -> None:
        if self._better is not None:
            path: Path = self._better.path
            self.wanted.emit(path)


class Better(NamedTuple):
    """A better run, and whether chance alone hardly explains the difference."""

    choice: ModelChoice
    clear: bool


def better_run(own: ModelChoice, others: Sequence[ModelChoice]) -> Better | None:
    """The best of ``others`` that is better than ``own``, tested on the same examples; of one that
    was adapted to where it will be used, no model that was not: its own test tells nothing of that.

    Figures that look alike when rounded are no difference that anybody should act upon.
    """
    mine = own.figure
    if mine is None or not own.data:
        return None
    candidates = [
        (choice.figure.worth, place, choice)
        for place, choice in enumerate(others)
        if choice.figure is not None
        and choice.path != own.path
        and (choice.data, choice.modality) == (own.data, own.modality)
        and choice.figure.order[0] == mine.order[0]
        and choice.figure.worth > mine.worth
        and choice.figure.brief != mine.brief
    ]
    for _worth, _place, choice in sorted(candidates, key=lambda each: (-each[0], each[1])):
        if _same_test(own, choice) and (_is_adapted(choice) or not _is_adapted(own)):
            return Better(choice, _is_clear(own, choice))
    return None


def _is_clear(own: ModelChoice, other: ModelChoice) -> bool:
    try:
        found = run_differences.paired(Run(own.path), Run(other.path))
    except (UserError, FileNotFoundError):  # it is damaged: the Runs stage says so
        return False
    return found is not None and found.clear


def _is_adapted(choice: ModelChoice) -> bool:
    try:
        verdict = Run(choice.path).report().get("verdict")
    except UserError:  # it is damaged: the Runs stage says so
        return False
    return isinstance(verdict, dict) and verdict.get("kept") == "adapted"


def _same_test(own: ModelChoice, other: ModelChoice) -> bool:
    try:
        mine, theirs = Run(own.path).split, Run(other.path).split
    except UserError:  # it is damaged: the Runs stage says so
        return False
    same = siblings.differing(mine, theirs, "") is None
    return bool(mine.test) and mine.classes == theirs.classes and same
