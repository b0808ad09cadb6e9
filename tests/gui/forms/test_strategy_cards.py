"""Which strategies are offered, by the kind of data and by the other data that were added."""

from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.data.companions import Role
from transfergui.gui.forms.strategy_cards import FEW, StrategyCards

FIRST = {strategy.key for strategy in registry.STRATEGIES[:FEW]}


def offered(qtbot: QtBot, roles: set[Role], modality: str) -> set[str]:
    """Without opening the list of all."""
    cards = StrategyCards(registry.STRATEGIES)
    qtbot.addWidget(cards)
    cards.show_roles(roles, modality)
    return {key for key, card in cards.cards.items() if not card.isHidden()} - FIRST


def test_what_uses_other_data_is_offered_with_them(qtbot: QtBot) -> None:
    assert offered(qtbot, set(), "image") == set()
    found = offered(qtbot, {"unlabelled"}, "image")
    assert found == {"simsiam", "autoencoder", "distillation"}


def test_what_is_for_other_kinds_of_data_is_not_offered(qtbot: QtBot) -> None:
    assert offered(qtbot, {"unlabelled"}, "text") == {"masked_tokens", "distillation"}
    assert offered(qtbot, {"unlabelled"}, "audio") == {"simsiam", "distillation"}
