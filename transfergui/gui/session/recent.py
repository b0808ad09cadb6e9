"""Data that were open lately, in words and as entries of menus."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QMenu

from transfergui.core import registry
from transfergui.core.base import archives
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.messages import Level
from transfergui.core.base.paths import shown
from transfergui.core.data import corrections
from transfergui.core.data.companions import CompanionOptions
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe, from_json
from transfergui.gui.base import style, tasks, words
from transfergui.gui.base.settings import Recent
from transfergui.gui.base.words import Noun
from transfergui.gui.session.saved_corrections import SavedCorrections

PARTED = " · "


def title(entry: Recent) -> str:
    """The name of what was opened: of the project, if it was one."""
    if entry.project:
        return shown(Path(entry.project).stem)
    return shown(DataOptions(path=entry.path).name) or shown(entry.path)


def about(entry: Recent) -> str:
    """``253 pictures · 2 classes · yesterday``; of entries of earlier versions, less."""
    parts = (size(entry), labels(entry), day(entry.opened))
    return PARTED.join(part for part in parts if part)


def size(entry: Recent) -> str:
    """``253 pictures · 2 classes``; empty of entries of earlier versions."""
    known = (_amount(entry), entry.classes and words.classes(entry.classes))
    return PARTED.join(str(part) for part in known if part)


def labels(entry: Recent) -> str:
    """``Continue labelling (17 of 120)``; empty of data that are not being labelled."""
    text = _("Continue labelling ({done} of {total})")
    if entry.drawn:
        text = _("Continue drawing ({done} of {total})")
    done, total = words.number(entry.labelled), words.number(entry.samples)
    return text.format(done=done, total=total) if entry.labelled else ""


def is_there(entry: Recent) -> bool:
    """Whether the data can still be found; looks at the disk, so it is called in a task."""
    path = Path(entry.path)
    try:
        return archives.is_there(path)
    except (OSError, ValueError):
        return False


def day(opened: str) -> str:
    """An ISO date as ``today``, ``yesterday`` or the date; empty where it is none."""
    when = QDateTime.fromString(opened, Qt.DateFormat.ISODate)
    if not when.isValid():
        return ""
    ago = when.date().daysTo(QDateTime.currentDateTime().date())
    named = {0: _("today"), 1: _("yesterday")}
    return named.get(ago) or QLocale().toString(when.date(), QLocale.FormatType.ShortFormat)


def fill(menu: QMenu, entries: Sequence[Recent], choose: Callable[[Path], object]) -> None:
    """Make ``menu`` offer ``entries``; those that are gone say so as soon as that is known."""
    menu.clear()
    menu.setToolTipsVisible(True)
    actions = []
    for number, entry in enumerate(entries, 1):
        text = PARTED.join(part for part in (title(entry), about(entry)) if part)
        action = menu.addAction(f"&{number} {text.replace('&', '&&')}")
        action.setToolTip(style.tip(shown(entry.path)))
        action.triggered.connect(functools.partial(_chosen, choose, Path(entry.path)))
        actions.append(action)

    def mark(there: list[bool]) -> None:
        for action, found in zip(actions, there, strict=True):
            if not found and action in menu.actions():
                action.setText(action.text() + PARTED + _("not found"))
                action.setEnabled(False)

    tasks.run(menu, functools.partial(look, entries), mark)


def look(entries: Sequence[Recent]) -> list[bool]:
    """Of each entry, whether it is there."""
    return [is_there(entry) for entry in entries]


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """A recipe as it is remembered: without corrections, which are saved with their data."""
    nothing: dict[str, str] = {}
    data = msgspec.structs.replace(
        recipe.data, exclude=(), relabel=nothing, together=nothing, confirmed=nothing
    )
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(recipe, data=data))
    return plain


def with_settings(entry: Recent, recipe: Recipe) -> Recent:
    """``entry`` with the settings that are in force now."""
    return msgspec.structs.replace(entry, settings=settings_of(recipe))


def recipe_of(entry: Recent) -> Recipe:
    """The settings that data had.

    Raises:
        UserError: they cannot be read.
    """
    recipe = from_json(json.dumps(entry.settings), "settings.json")
    registry.modality(recipe.modality)
    return recipe


def beside_of(entry: Recent) -> CompanionOptions:
    """The other data that were used with data last; none where that cannot be read."""
    try:
        return recipe_of(entry).companions
    except UserError:
        return CompanionOptions()


@dataclass(frozen=True)
class ReopenNotice:
    """Data that are opened again.

    Attributes:
        beside: whether of last time only the other data are in force.
        trouble: why that is not done with their settings, as a sentence; empty where it is.
    """

    entry: Recent
    trouble: str = ""
    beside: bool = False

    @property
    def level(self) -> Level:
        return "warning" if self.trouble else "info"

    def sentence(self, saved: SavedCorrections) -> str:
        """Says what of last time is in force."""
        if self.trouble:
            return self.trouble
        when = day(self.entry.opened)
        if self.beside:
            return _("The other data from last time ({when}) are used again.").format(when=when)
        said = [_("Opened with the settings from last time ({when}).").format(when=when)]
        if saved.used:
            text = _("{amount} from last time applied ({counts}). Undo removes them.")
            amount, counts = corrections.amount(saved.used), corrections.counted(saved.used)
            said.append(text.format(amount=amount, counts=counts))
        said.append(corrections.unusable(saved.offer))
        return paragraph(said)


def _chosen(choose: Callable[[Path], object], path: Path, _checked: bool = False) -> None:
    choose(path)


def _amount(entry: Recent) -> str:
    try:
        noun = Noun.of(registry.modality(entry.modality))
    except UserError:  # of another version of the program
        return ""
    return noun.amount(entry.samples) if entry.samples else ""
