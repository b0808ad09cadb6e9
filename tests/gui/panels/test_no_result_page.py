"""The empty Results stage of data that have runs."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from transfergui.gui.panels.no_result_page import NoResultPage
from transfergui.gui.session.session import Session


def test_earlier_runs_are_offered_the_newest_first(
    qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = NoResultPage(ready)
    qtbot.addWidget(page)
    assert page.more.isHidden()
    page.show_runs([Path("newest"), Path("older")])
    assert "2" in page.text.text() and not page.more.isHidden()
    opened: list[Path] = []
    monkeypatch.setattr(ready, "open_run", opened.append)
    page.more.click()
    assert opened == [Path("newest")]
    page.show_runs([])
    assert page.more.isHidden()
