"""What the program chose where a recipe left it open, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transfergui.core.base.notes import Note
from transfergui.core.interfaces.networks import Backbone

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class BackboneChoice:
    """A network that the program chose, why, and what would be better.

    Attributes:
        why: it was chosen.
        better: a network that is worth its download, None where there is no need of one.
    """

    backbone: Backbone
    why: Note
    better: Backbone | None = None


@dataclass(frozen=True)
class SettingChoice:
    """A setting as the program chooses it.

    Attributes:
        setting: its path in the recipe.
        why: the same for what belongs together; None where the value is the usual one.
    """

    setting: str
    value: Any
    why: Note | None = None
