"""A page over the stages is left: what was done there is saved first, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.shell.stage import StageTabs


def saved(
    save_now: Callable[[], object], leave: Callable[[], object], stage: StageTabs, bar: MessageBar
) -> bool:
    """Whether all is saved; where it cannot be, the page is shown, with the reason.

    Args:
        save_now: saves what was not saved yet; may raise :class:`UserError`.
        leave: leaves the page all the same, which is offered then.
        stage: over which the page lies.
        bar: of the page.
    """
    try:
        save_now()
    except UserError as error:
        stage.show_stage("data")
        bar.show_message(str(error), "error", _("Leave without saving"), leave)
        return False
    return True
