"""Looking for a better model than the one that was trained: an automatic search, in one step."""

from __future__ import annotations

from typing import Literal

import msgspec

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import for_backbone, for_strategy
from transfergui.gui.session.session import Session

Time = Literal["one", "ten", "all"]
"""As :class:`transfergui.core.search_options.SearchOptions` has it."""


def search_better(session: Session, time: Time = "one") -> None:
    """Search automatically for a better model on the open data; one step of undo.

    Nothing happens while a training runs. What keeps a training from starting is said where it
    always is, above the button Train.

    Args:
        time: how long at most: about a minute, about ten, or until everything was tried.
    """
    if session.training:
        return
    search = registry.doing("search")
    text = _("Choose {title}").format(title=_(search.title))
    session.change(searching(session.wanted, time), text)
    session.start_training()


def searching(recipe: Recipe, time: Time = "one") -> Recipe:
    """``recipe`` with an automatic search among all backbones."""
    search = registry.doing("search")
    changed = for_strategy(for_backbone(recipe, AUTO), search.key)
    return msgspec.structs.replace(changed, options={"time": time})
