"""Strategies as cards: what each costs, and, of the chosen one, when it is the right one."""

from __future__ import annotations

import functools

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.interfaces import Strategy
from transfergui.gui.base import style
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
        self.cards = {s.key: _ChoiceCard(_(s.title), _(s.summary), _cost(s)) for s in strategies}
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


class _ChoiceCard(QPushButton):
    """A title, a word beside it, and a sentence below it when chosen."""

    def __init__(self, title: str, sentence: str, cost: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setProperty("role", "choice")
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setToolTip(style.tip(sentence))
        name, aside = QLabel(title), QLabel(cost)
        name.setProperty("role", "title")
        aside.setProperty("role", "caption")
        self._sentence = QLabel(sentence, wordWrap=True)
        self._sentence.setProperty("role", "caption")
        self._sentence.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(style.INSIDE + 2, style.GAP, style.INSIDE + 2, style.GAP)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(aside, 0, 1)
        grid.addWidget(self._sentence, 1, 0, 1, 2)
        for label in (name, aside, self._sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self._sentence.setVisible)

    def sizeHint(self) -> QSize:
        return self._lay().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._lay().minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay().totalHeightForWidth(width)

    def _lay(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout


def _cost(strategy: Strategy) -> str:
    """Beside the other strategies; times would be promises that data and backbone do not keep."""
    if strategy.procedure == "search":
        return _("you set the time")
    return {1: _("quick"), 2: _("slower"), 3: _("slowest")}[strategy.cost]
