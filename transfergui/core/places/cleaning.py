"""Here: what a place keeps, and deleting what no unfinished training needs."""

from __future__ import annotations

from transfergui.core.places import answers
from transfergui.core.places.examining import reached
from transfergui.core.places.jobs import LAYING
from transfergui.core.places.keeping import Kept
from transfergui.core.places.place import Place
from transfergui.core.places.ssh import Check


def kept(place: Place, check: Check = lambda: None) -> Kept:
    """What is there, and how large it is.

    Args:
        check: called while waiting; may raise to end it.

    Raises:
        UserError: why it cannot be reached; ``place.disk``.
    """
    with reached(place, check) as link:
        return link.answers_json(link.ask("kept", wait=LAYING), Kept)


def clean(place: Place, everything: bool = False, check: Check = lambda: None) -> int:
    """Delete what no unfinished training needs.

    Args:
        everything: unfinished trainings and what they need, too.

    Returns:
        the bytes that were freed.

    Raises:
        UserError: as of :func:`kept`; ``place.clean_running``, ``place.clean_sending``.
    """
    with reached(place, check) as link:
        frame = link.ask("clean", all=everything, wait=LAYING)
        return link.said(frame, answers.Freed).freed
