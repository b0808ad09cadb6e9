"""A training on another computer, followed on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Generator

from transfergui.cli import console
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.base.i18n import ngettext
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import cargo, following
from transfergui.core.places.examining import require_reachable
from transfergui.core.places.following import Follower, request_stop
from transfergui.core.places.place import Place
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run

__all__ = ["request_stop", "say_cargo", "source"]


def say_cargo(plan: Plan, place: Place) -> None:
    """What may leave this computer, before it does; what really did is told afterwards.

    Raises:
        UserError: ``weights.missing``; why the place cannot be reached.
    """
    whole = cargo.of(plan)
    require_reachable(place)
    count = len(whole.data)
    if whole.weight_bytes:
        text = ngettext(
            "Needed on {host}: {count} file of your data ({size}), with its path and label, and "
            "{weights} of pretrained weights. Only what is missing there is sent.",
            "Needed on {host}: {count} files of your data ({size}), with their paths and labels, "
            "and {weights} of pretrained weights. Only what is missing there is sent.",
            count,
        )
    else:
        text = ngettext(
            "Needed on {host}: {count} file of your data ({size}), with its path and label. Only "
            "what is missing there is sent.",
            "Needed on {host}: {count} files of your data ({size}), with their paths and labels. "
            "Only what is missing there is sent.",
            count,
        )
    size, weights = bytes_text(whole.data_bytes), bytes_text(whole.weight_bytes)
    console.say(text.format(host=place.host, count=count, size=size, weights=weights))


def source(plan: Plan, run: Run) -> tuple[Generator[ev.Event, None, None], Callable[[], bool]]:
    """The events of a run that is trained elsewhere, and what ends the following."""

    def leave() -> bool:
        following.leave(run)
        return True

    return Follower(plan, run).events(), leave
