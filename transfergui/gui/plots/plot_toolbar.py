"""The buttons above the plots of a training, and what they do as actions."""

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton

from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style
from transfergui.gui.parts.right_menu import RightMenu

TIPS = {
    "log": N_(
        "Show the loss on a logarithmic scale, which makes small differences late in the training "
        "visible."
    ),
    "shares": N_("Show what the strategy measures while it trains, beside loss and accuracy."),
    "rate": N_("Show the learning rate and how it changes."),
    "remove": N_("Hide the run that is overlaid for comparison."),
    "reset": N_("Show the whole training again (Home)."),
}
TITLES = {
    "log": N_("Log scale"),
    "shares": N_("Strategy curves"),
    "rate": N_("Learning rate"),
    "remove": N_("Hide overlay"),
    "reset": N_("Reset zoom"),
    "png": N_("Save as PNG…"),
    "svg": N_("Save as SVG…"),
    "csv": N_("Save data as CSV…"),
    "copy": N_("Copy picture"),
    "copy_table": N_("Copy data"),
}
SWITCHES = ("log", "shares", "rate")
ON = ("shares",)
"""Switches that are on at first."""


class PlotToolbar(QHBoxLayout):
    """See the module.

    Args:
        slots: what each of :data:`TITLES` does.

    Attributes:
        actions: by the same names.
        shares, remove, reset: their buttons.
    """

    def __init__(self, slots: dict[str, Callable[..., Any]]) -> None:
        super().__init__()
        self.actions: dict[str, QAction] = {}
        for name, title in TITLES.items():
            switch = name in SWITCHES
            action = QAction(_(title), self, checkable=switch)
            action.setChecked(name in ON)
            action.setToolTip(_(TIPS.get(name, title)))
            (action.toggled if switch else action.triggered).connect(slots[name])
            self.actions[name] = action
        self.setSpacing(style.GAP)
        switches = {name: _button(self.actions[name]) for name in SWITCHES}
        for button in switches.values():
            self.addWidget(button)
        self.shares = switches["shares"]
        self.shares.hide()
        self.remove = _button(self.actions["remove"])
        self.remove.hide()
        self.addWidget(self.remove)
        self.addStretch(1)
        self.reset = _button(self.actions["reset"])
        self.reset.setEnabled(False)
        self.addWidget(self.reset)
        self.addWidget(self._save_button())

    def _save_button(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "tool")
        button.setText(_("Save or copy"))
        button.setToolTip(_("Save or copy the plots as a picture or the data as a table."))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = RightMenu(button)
        menu.addActions([self.actions[n] for n in ("png", "svg", "csv", "copy", "copy_table")])
        button.setMenu(menu)
        return button


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "tool")
    button.setDefaultAction(action)
    return button
