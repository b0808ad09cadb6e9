"""Live prediction, with files for devices: no camera and no sound system is needed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.captured import make_sound, make_video
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.capture import multimedia
from transfergui.gui.capture.live_page import LivePage
from transfergui.gui.capture.live_switch import LiveSwitch
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.session.session import Session

SOON = 20_000
"""Milliseconds that are waited for a first answer."""


@pytest.fixture(autouse=True)
def _no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer without QtMultimedia, whatever this one has."""
    reason = "libpulse.so.0: cannot open shared object file: No such file or directory"
    monkeypatch.setattr(multimedia, "import_error", lambda: reason)


@pytest.fixture
def said() -> list[UserError]:
    """Errors that were shown."""
    return []


@pytest.fixture
def page(qtbot: QtBot, said: list[UserError]) -> LivePage:
    page = LivePage(said.append)
    qtbot.addWidget(page)
    page.show()
    return page


def use(page: LivePage, run: Run, file: Path) -> None:
    device = registry.modality(run.recipe.modality).device
    assert device is not None
    page.use(run.path)
    page.panel.use(device)
    page.panel.play(file)
    page.panel.switch.click()


def test_a_video_is_predicted_until_it_is_hidden(
    qtbot: QtBot,
    page: LivePage,
    said: list[UserError],
    trained: Callable[[str], Run],
    tmp_path: Path,
) -> None:
    use(page, trained("one_class"), make_video(tmp_path / "film.mp4"))
    qtbot.waitUntil(lambda: bool(page.label.text()), timeout=SOON)
    assert page.job is not None
    assert page.job.latest is not None
    assert len(page.bars.bars) == len(page.job.model.classes)
    assert page.panel.running
    page.hide()
    assert not page.panel.running
    assert tasks.wait_all()
    assert page.label.text() == ""
    assert said == []


def test_another_model_turns_it_off(
    qtbot: QtBot,
    page: LivePage,
    said: list[UserError],
    trained: Callable[[str], Run],
    tmp_path: Path,
) -> None:
    use(page, trained("one_class"), make_video(tmp_path / "film.mp4"))
    qtbot.waitUntil(lambda: page.panel.running, timeout=SOON)
    page.use(tmp_path / "another.zip")
    assert not page.panel.running
    page.panel.switch.click()
    qtbot.waitUntil(lambda: bool(said), timeout=SOON)
    assert said[-1].code == "model.missing"


def test_what_is_no_video_is_said(
    qtbot: QtBot,
    page: LivePage,
    said: list[UserError],
    trained: Callable[[str], Run],
    tmp_path: Path,
) -> None:
    use(page, trained("one_class"), make_sound(tmp_path / "tone.wav"))
    qtbot.waitUntil(lambda: bool(said), timeout=SOON)
    assert said[-1].code == "capture.not_a_video"
    assert not page.panel.running


def test_a_missing_library_is_named_with_its_package(page: LivePage) -> None:
    device = registry.modality("audio").device
    assert device is not None
    page.panel.use(device)
    obstacle = multimedia.obstacle(device)
    assert obstacle is not None
    assert obstacle.code == "capture.no_library"
    assert obstacle.note.values == {"library": "libpulse.so.0", "package": "libpulse0"}
    assert not page.panel.switch.isEnabled()


def test_the_button_says_which_device_and_is_not_there_for_texts(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    stage = PredictStage(session)
    qtbot.addWidget(stage)
    stage.show()
    switch = stage.live
    assert isinstance(switch, LiveSwitch)
    assert not switch.isEnabled()  # there is no model
    for key, text in (("image", "Camera"), ("audio", "Microphone")):
        switch.follow(registry.modality(key), tmp_path)
        assert (switch.text(), switch.isEnabled()) == (text, True)
    assert not switch.follow(registry.modality("text"), tmp_path)
    assert switch.isHidden()


class FakeDevice:
    """As of Qt, without any sizes of pictures."""

    def __init__(self, name: str) -> None:
        self.description = lambda: name
        self.videoFormats = lambda: []


def test_the_first_device_is_chosen_and_one_that_is_pulled_out_goes(
    page: LivePage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = [FakeDevice("Built-in"), FakeDevice("USB")]
    monkeypatch.setattr(multimedia, "devices", lambda _device: there)
    monkeypatch.setattr(multimedia, "import_error", lambda: "")
    monkeypatch.setattr(multimedia, "watch", lambda *_what: None)
    panel, device = page.panel, registry.modality("image").device
    assert device is not None
    panel.use(device)
    assert panel.sources.currentText() == "Built-in"
    panel.sources.setCurrentIndex(1)
    there.pop(0)
    panel.refresh()
    assert panel.sources.currentText() == "USB"
    panel.play(tmp_path / "film.mp4")
    assert panel.sources.currentText() == "film.mp4"
    there.clear()
    panel.refresh()
    assert panel.sources.currentText() == "film.mp4"
    assert panel.switch.isEnabled()
