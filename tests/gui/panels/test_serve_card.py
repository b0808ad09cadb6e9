"""The card that serves a model: off at first, an address while it is on, and off again."""

import json
import urllib.request
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.core.made_runs import make_run
from transfergui.gui.base import tasks
from transfergui.gui.panels import serve_card
from transfergui.gui.panels.serve_card import ServeCard


@pytest.fixture
def card(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ServeCard:
    monkeypatch.setattr(serve_card, "warm_up", lambda: None)
    card = ServeCard()
    qtbot.addWidget(card)
    card.show()
    return card


def test_a_model_is_served_until_it_is_stopped(qtbot: QtBot, card: ServeCard, tmp_path: Path):
    assert not card.button.isEnabled()
    run = make_run(tmp_path / "run", ("cat", "dog"))
    card.take(run.path)
    assert card.server is None
    assert not card.address.isVisible()
    card.button.click()
    assert tasks.wait_all()
    assert card.server is not None
    card.copy_button.click()
    address = QGuiApplication.clipboard().text()
    assert address == card.address.text()
    with urllib.request.urlopen(f"{address}model", timeout=10) as answer:
        assert json.load(answer)["classes"] == ["cat", "dog"]
    another = ServeCard()
    qtbot.addWidget(another)
    another.take_over(card)  # another language
    assert another.server is not None
    assert card.server is None
    another.button.click()
    assert another.server is None
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{address}model", timeout=1)


def test_what_cannot_be_loaded_is_said(card: ServeCard, tmp_path: Path):
    card.take(tmp_path / "none")
    card.button.click()
    assert tasks.wait_all()
    assert card.server is None
    assert "There is no model" in card.said.text()
