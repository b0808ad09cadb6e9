"""New examples are added to the open data, as one step of undo; what became of them is said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject

from transfergui.core import registry
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.messages import Level
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import siblings
from transfergui.core.projects import after
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.gui.session.session import Session


@dataclass(frozen=True)
class Addition:
    """What the user wants to add.

    Attributes:
        path: a folder, table or zip of labelled examples.
        new_test_percent: so much of it is a second test set.
        new_classes: whether classes that only it has are trained on.
        run: whose test set is kept; None where no run was made of the data yet.
    """

    path: Path
    new_test_percent: int = 0
    new_classes: bool = False
    run: Run | None = None


class Told(NamedTuple):
    """What of a recipe new examples depend on: it is said once."""

    added: tuple[str, ...]
    kept: str
    only_kept: bool
    percent: int
    classes: str


def newest_run(recipe: Recipe) -> Run | None:
    """The newest tested run of the data of ``recipe``; reads the disk, so call it in a task."""
    return siblings.newest_on(siblings.data_key(recipe))


def add(session: Session, wanted: Addition) -> None:
    """Add examples to the open data."""
    recipe = session.wanted
    if wanted.run is not None:
        recipe = after.keeping(recipe, wanted.run)
    recipe = after.with_added(recipe, [str(wanted.path)], wanted.new_test_percent)
    if wanted.new_classes:
        data = msgspec.structs.replace(recipe.data, added_classes="use")
        recipe = msgspec.structs.replace(recipe, data=data)
    session.change(recipe, _("Add “{name}”").format(name=shown(wanted.path.name)))


class ArrivalNotice(QObject):
    """Says what became of new examples once they were read.

    Args:
        parent: it goes with it; the session outlives the window.
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._told: Told | None = None
        session.dataset_changed.connect(self._tell)

    def _tell(self, _dataset: object) -> None:
        recipe, dataset, split = self._session.recipe, self._session.dataset, self._session.split
        now = Told(
            recipe.data.added,
            recipe.split.kept,
            recipe.split.only_kept,
            recipe.split.new_test_percent,
            recipe.data.added_classes,
        )
        before, self._told = self._told, now
        if dataset is None or split is None or not (now.added or now.kept) or now == before:
            return
        noun = registry.modality(recipe.modality).many
        notes = list(after.told(recipe, dataset, split, noun))
        level: Level = "warning" if any(note.level == "warning" for note in notes) else "info"
        if notes:
            text = paragraph(note.sentence() for note in notes)
            self._session.say("data", text, level)
