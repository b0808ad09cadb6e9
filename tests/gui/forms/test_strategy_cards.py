"""Which strategies are offered, by the kind of data and by the other data that were added."""

from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.data.companions import Role
from transfergui.core.data.targets import BOXES, ONE_CLASS
from transfergui.gui.forms.strategy_cards import FEW, StrategyCards

FIRST = {strategy.key for strategy in registry.STRATEGIES[:FEW]}


def offered(
    qtbot: QtBot, roles: set[Role], modality: str, objective: str = ONE_CLASS, *, all: bool = False
) -> set[str]:
    """Without opening the list of ``all``."""
    cards = StrategyCards(registry.STRATEGIES)
    qtbot.addWidget(cards)
    cards.show_fitting(roles, modality, registry.objective(objective))
    cards.more.setChecked(all)
    return {key for key, card in cards.cards.items() if not card.isHidden()}


def test_what_uses_other_data_is_offered_with_them(qtbot: QtBot) -> None:
    assert offered(qtbot, set(), "image") == FIRST
    found = offered(qtbot, {"unlabelled"}, "image") - FIRST
    assert found == {"simsiam", "autoencoder", "distillation"}


def test_what_is_for_other_kinds_of_data_is_not_offered(qtbot: QtBot) -> None:
    more = {"masked_tokens", "distillation"}
    assert offered(qtbot, {"unlabelled"}, "text") == FIRST | more
    assert offered(qtbot, {"unlabelled"}, "audio") == FIRST | {"simsiam", "distillation"}


def test_what_cannot_learn_boxes_is_not_offered(qtbot: QtBot) -> None:
    boxes = registry.objective(BOXES)
    plain = {each.key for each in registry.STRATEGIES if not boxes.obstacle(each)}
    assert "recommended" not in plain and len(plain) > FEW
    assert offered(qtbot, set(), "image", BOXES, all=True) == plain
    assert len(offered(qtbot, set(), "image", BOXES)) == FEW
