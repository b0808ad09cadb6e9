"""What the automatic choice tried, in words."""

from transfergui.core import messages, registry
from transfergui.core.events import Tried
from transfergui.core.i18n import _


def way(trial: Tried) -> str:
    """How the network was tried: the strategy's title."""
    return _(registry.strategy(trial.strategy).title) if trial.strategy else _("As it is")


def fate(trial: Tried) -> str:
    """What became of it, as a sentence."""
    return messages.sentence(trial.dropped, {}) if trial.dropped else _("Chosen.")
