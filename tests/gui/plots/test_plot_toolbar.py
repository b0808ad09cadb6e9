"""Every action above the plots does what it is called."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from transfergui.gui.plots.plot_toolbar import ON, SWITCHES, TITLES, PlotToolbar


def test_every_action_calls_its_slot(qtbot: QtBot) -> None:
    called: list[str] = []
    page = QWidget()
    qtbot.addWidget(page)
    tools = PlotToolbar({name: lambda *_on, name=name: called.append(name) for name in TITLES})
    page.setLayout(tools)
    for action in tools.actions.values():
        action.trigger()
    assert called == list(TITLES)
    checked = [name for name, each in tools.actions.items() if each.isChecked()]
    assert checked == [name for name in SWITCHES if name not in ON]
    assert not tools.remove.isVisibleTo(page) and not tools.reset.isEnabled()
