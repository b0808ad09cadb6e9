"""The buttons above the plots of a training, and what they do as actions."""

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style

TIPS = {
    "log": N_(
        "Show the loss on a logarithmic scale, on which small differences late in the training "
        "can be seen."
    ),
    "rate": N_("Show how big the steps of learning are, and how they change."),
    "remove": N_("Take away the run that is laid under this one for comparison."),
    "reset": N_("Show the whole training again (Home)."),
}
TITLES = {
    "log": N_("Log scale"),
    "rate": N_("Learning rate"),
    "remove": N_("One run"),
    "reset": N_("Whole training"),
    "png": N_("Save as picture (PNG)…"),
    "svg": N_("Save as drawing (SVG)…"),
    "csv": N_("Save the figures (CSV)…"),
    "copy": N_("Copy picture"),
    "copy_table": N_("Copy figures"),
}
SWITCHES = ("log", "rate")


class PlotToolbar(QHBoxLayout):
    """See the module.

    Args:
        slots: what each of :data:`TITLES` does.

    Attributes:
        actions: by the same names.
        remove, reset: their buttons.
    """

    def __init__(self, slots: dict[str, Callable[..., Any]]) -> None:
        super().__init__()
        self.actions: dict[str, QAction] = {}
        for name, title in TITLES.items():
            switch = name in SWITCHES
            action = QAction(_(title), self, checkable=switch)
            action.setToolTip(_(TIPS.get(name, title)))
            (action.toggled if switch else action.triggered).connect(slots[name])
            self.actions[name] = action
        self.setSpacing(style.GAP)
        for name in SWITCHES:
            self.addWidget(_button(self.actions[name]))
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
        button.setToolTip(_("Save the plots as a picture or the figures as a table, or copy them."))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addActions([self.actions[n] for n in ("png", "svg", "csv", "copy", "copy_table")])
        button.setMenu(menu)
        return button


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "tool")
    button.setDefaultAction(action)
    return button
