"""Strategies as cards: what each costs, and, of the chosen one, when it is the right one."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Set

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.i18n import N_, _, ngettext, paragraph
from transfergui.core.data.companions import ROLES, Role
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.plan import Strategy
from transfergui.gui.base import style
from transfergui.gui.parts.choice_card import ChoiceCard
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.scroll_column import keep_seen

NEEDED = N_("Needs other data (“{role}”). Add them on the card “Dataset”.")
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
        self._strategies = strategies
        self._ready: set[str] = set()
        self._lacking: dict[str, Role] = {}
        self._unfit: set[str] = set()
        self._noun = ""
        self.needed = WrappedLabel(role="caption")
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
        layout.addWidget(self.needed)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._fold()

    def check(self, key: str) -> None:
        if key in self.cards:
            changed, self._checked = key != self._checked, key
            self.cards[key].setChecked(True)
            self._fold()
            if changed:
                keep_seen(self.cards[key])

    def show_fitting(self, named: Set[Role], modality: str, objective: Objective) -> None:
        """Offer the strategies for which the other data that are ``named`` suffice; of the others
        is said what they would need. Those for another ``modality``, or by which ``objective``
        cannot be learnt, are not shown."""
        self._ready, self._lacking = set(), {}
        self._noun = registry.modality(modality).many
        self._unfit = {
            each.key
            for each in self._strategies
            if not each.fits(modality) or objective.obstacle(each)
        }
        for strategy in self._strategies:
            if strategy.key in self._unfit:
                continue
            lacking = next((role for role in strategy.needs if role not in named), None)
            uses = not named.isdisjoint((*strategy.needs, *strategy.uses))
            if uses and lacking is None:
                self._ready.add(strategy.key)
            if lacking is not None:
                self._lacking[strategy.key] = lacking
            if strategy.needs:
                role = "" if lacking is None else ROLES[lacking].of(self._noun)
                reason = _(NEEDED).format(role=role) if role else ""
                self.cards[strategy.key].refuse(_(strategy.summary), reason)
        self._fold()

    def _said(self) -> str:
        """What the strategies would need that are not listed."""
        counts = Counter(role for key, role in self._lacking.items() if key != self._checked)
        sentences = []
        for role, n in counts.items():
            text = ngettext(
                "{n} more strategy needs other data (“{role}”). Add them on the card “Dataset”.",
                "{n} more strategies need other data (“{role}”). Add them on the card “Dataset”.",
                n,
            )
            sentences.append(text.format(n=n, role=ROLES[role].of(self._noun)))
        return paragraph(sentences)

    def _fold_or_unfold(self, _shown: bool) -> None:
        self._fold()
        keep_seen(self)

    def _fold(self) -> None:
        """Show the first few, those for which other data were added, the chosen one, and the others
        when asked for."""
        shown = self.more.isChecked()
        fitting = [key for key in self.cards if key not in self._unfit]
        first = {*fitting[:FEW], *self._ready}
        possible = [key for key in fitting if key not in self._lacking]
        for key, card in self.cards.items():
            listed = shown and key in possible
            card.setVisible(listed or key in first or key == self._checked)
        said = self._said()
        self.needed.setText(said)
        self.needed.setVisible(shown and bool(said))
        others = len([key for key in possible if key not in first and key != self._checked])
        self.more.setText(
            _("Fewer strategies") if shown else _("More strategies ({n})").format(n=others)
        )
        self.more.setVisible(others > 0)


def _cost(strategy: Strategy) -> str:
    """Beside the other strategies; times would be promises that data and backbone do not keep."""
    if strategy.procedure == "search":
        return _("you set the time")
    return {1: _("quick"), 2: _("slower"), 3: _("slowest")}[strategy.cost]
