"""What a card of other data says of the strategies that use them."""

from __future__ import annotations

import functools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.app import companions
from transfergui.core.base.i18n import _
from transfergui.core.data.companions import Role
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.resolve import for_strategy
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.session import Session


class CompanionUse(QWidget):
    """Says that the chosen strategy does not use other data, and offers those that do.

    Attributes:
        choose: with a menu of these strategies.
    """

    def __init__(self, role: Role, session: Session) -> None:
        super().__init__()
        self._session, self._role = session, role
        self._able: list[Strategy] = []
        self._able_of = ""
        self.text = WrappedLabel(role="caption")
        self.choose = QPushButton(_("Choose a strategy"))
        self.choose.setProperty("role", "link")
        self.choose.setMenu(QMenu(self))
        self.choose.menu().setToolTipsVisible(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.text)
        layout.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)

    def show_use(self, read: bool, broken: bool) -> None:
        """
        Args:
            read: whether there are such data.
            broken: whether those that are there cannot be used.
        """
        strategy = registry.strategy(self._session.recipe.strategy)
        self._list_able(self._session.recipe.modality)
        if broken:
            unused = not companions.heeds(strategy, self._role)
            text = _("“{strategy}” does not need them: training goes without them.")
        else:
            unused = read and self._role != "check" and strategy not in self._able
            text = _("“{strategy}” does not use them.")
        self.text.setText(text.format(strategy=_(strategy.title)))
        self.choose.setEnabled(not self._session.training)
        self.choose.setVisible(bool(self._able) and not broken)
        self.setVisible(unused)

    def _list_able(self, modality: str) -> None:
        """Those that use such data, and work with such samples; the first is proposed."""
        if modality == self._able_of:
            return
        self._able_of = modality
        every = (each for each in registry.STRATEGIES if self._role in each.needs)
        self._able = [each for each in every if each.fits(modality)]
        menu = self.choose.menu()
        menu.clear()
        for strategy in self._able:
            title = _(strategy.title)
            if strategy is self._able[0] and len(self._able) > 1:
                title = _("{title} (proposed)").format(title=title)
            action = menu.addAction(title)
            action.setToolTip(style.tip(_(strategy.summary)))
            action.triggered.connect(functools.partial(self._use, strategy))

    def _use(self, strategy: Strategy, _checked: bool = False) -> None:
        recipe = for_strategy(self._session.wanted, strategy.key)
        self._session.change(recipe, _("Choose {title}").format(title=_(strategy.title)))
