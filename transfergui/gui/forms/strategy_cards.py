"""Strategies as cards: what each costs, and, of the chosen one, when it is the right one."""

from __future__ import annotations

import functools

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.interfaces import Strategy
from transfergui.gui.base import style
from transfergui.gui.parts.choice_card import ChoiceCard
from transfergui.gui.parts.scroll_column import keep_seen

FEW = 3
"""Strategies that are seen without asking for more; they stand first in the registry."""


class StrategyCards(QWidget):
    """One card for each strategy; the chosen one says when it is the right one.

    Attributes:
        chosen: the strategy that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, strategies: tuple[Strategy, ...]) -> None:
        super().__init__()
        self.setAccessibleName(_("Strategy"))
        self.cards = {s.key: ChoiceCard(_(s.title), _(s.summary), _cost(s)) for s in strategies}
        self.more = QPushButton("")
        self.more.setProperty("role", "link")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._fold_or_unfold)
        self._checked = ""
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for strategy, card in zip(strategies, self.cards.values(), strict=True):
            self._group.addButton(card)
            card.clicked.connect(functools.partial(self.chosen.emit, strategy))
            layout.addWidget(card)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._fold()

    def check(self, key: str) -> None:
        if key in self.cards:
            changed, self._checked = key != self._checked, key
            self.cards[key].setChecked(True)
            self._fold()
            if changed:
                keep_seen(self.cards[key])

    def _fold_or_unfold(self, _shown: bool) -> None:
        self._fold()
        keep_seen(self)

    def _fold(self) -> None:
        """Show the first few, the chosen one, and the others when asked for."""
        shown = self.more.isChecked()
        for place, (key, card) in enumerate(self.cards.items()):
            card.setVisible(shown or place < FEW or key == self._checked)
        others = len(self.cards) - FEW
        self.more.setText(
            _("Fewer strategies") if shown else _("More strategies ({n})").format(n=others)
        )
        self.more.setVisible(others > 0)


def _cost(strategy: Strategy) -> str:
    """Beside the other strategies; times would be promises that data and backbone do not keep."""
    if strategy.procedure == "search":
        return _("you set the time")
    return {1: _("quick"), 2: _("slower"), 3: _("slowest")}[strategy.cost]
