"""How sounds and texts are drawn, played and read, from values made by hand."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.theme import use_light_theme
from transfergui.core.interfaces.samples import UNKNOWN, Preview, Sound, Text
from transfergui.gui.base import style
from transfergui.gui.base.style import DARK, LIGHT, Tokens
from transfergui.gui.samples import audio_player, augment_preview, renderers
from transfergui.gui.samples.audio_player import AudioPlayer, wave
from transfergui.gui.samples.augment_preview import PreviewTile
from transfergui.gui.samples.sample_pane import VIEWS
from transfergui.gui.samples.sound_view import SoundDrawing, SoundView
from transfergui.gui.samples.text_view import TextView, TokenChips, sentences

RATE = 8000


def beep(seconds: float = 0.5, start: float = 0.0) -> Sound:
    """A tone whose spectrogram is loud in the lowest band only."""
    time = np.arange(round(seconds * RATE)) / RATE
    shades = np.zeros((8, 20), np.uint8)
    shades[0] = 255
    return Sound(np.sin(2 * np.pi * 440 * time).astype(np.float32), RATE, shades, start)


class FakeOutput:
    """A loudspeaker that says how much was heard, as the test wants it."""

    last: "FakeOutput"

    def __init__(self, parent: QObject, sound: Sound) -> None:
        self.sound, self.seconds, self.over, self.stopped = sound, 0.0, False, False
        FakeOutput.last = self

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def loudspeaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio_player, "_Output", FakeOutput)
    for module in (audio_player, augment_preview):
        monkeypatch.setattr(module, "obstacle", lambda: "")


@pytest.fixture
def no_loudspeaker(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (audio_player, augment_preview):
        monkeypatch.setattr(module, "obstacle", lambda: "There is nothing to hear it with.")


# -- small pictures


@pytest.mark.parametrize("kind", renderers.RENDERERS)
def test_whatever_is_drawn_can_be_looked_at_large(kind: str) -> None:
    assert kind in VIEWS


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_loud_tones_stand_out_from_quiet_ones(tokens: Tokens) -> None:
    image = renderers.spectrogram(beep(), tokens)
    assert (image.width(), image.height()) == (20, 8)
    quiet, loud = image.pixelColor(3, 0), image.pixelColor(3, 7)  # low tones are at the bottom
    assert abs(quiet.lightness() - loud.lightness()) > 100
    window = QColor(tokens.window)
    assert abs(quiet.lightness() - window.lightness()) < 20


@pytest.mark.parametrize("dark", [False, True])
def test_louder_goes_one_way_from_light_to_dark(dark: bool) -> None:
    lightness = [QColor(name).lightnessF() for name in renderers.SHADES[dark]]
    assert lightness == sorted(lightness, reverse=not dark)


def test_a_spectrogram_of_any_length_is_as_wide_as_a_picture() -> None:
    image = renderers.draw(Preview("sound", beep()))
    assert (image.width(), image.height()) == (renderers.CARD, renderers.CARD * 3 // 4)


def ink(image: QImage, box: QRect) -> int:
    """How many points of a box are not as its corner is."""
    plain = image.pixel(box.topLeft())
    points = (
        image.pixel(x, y)
        for x in range(box.left(), box.right(), 2)
        for y in range(box.top(), box.bottom(), 2)
    )
    return sum(point != plain for point in points)


def test_a_card_shows_words_and_keeps_them_inside(qapp: QApplication) -> None:
    short = renderers.text(Text("kind"), LIGHT)
    long = renderers.text(Text("kind words " * 1000), LIGHT)
    side = renderers.CARD
    inside, edge = QRect(10, 10, side - 20, side - 20), QRect(16, side - 10, side - 32, 6)
    assert 0 < ink(short, inside) < ink(long, inside)
    assert ink(long, edge) == 0


def test_a_text_in_a_line() -> None:
    assert renderers.words(Text("one\n two\t three")) == "one two three"
    assert renderers.words(Text("", ("one", "two"))) == "one two"
    assert len(renderers.words(Text("x" * 5000))) == renderers.LINE + 1
    assert renderers.words(Text("x" * 5000)).endswith("…")


# -- playing


@pytest.mark.parametrize(
    ("kind", "dtype", "loudest"),
    [("Int16", np.int16, 32767), ("Int32", np.int32, 2**31 - 1), ("Float", np.float32, 1.0)],
)
def test_a_sound_as_a_device_wants_it(kind: str, dtype: type, loudest: float) -> None:
    sound = Sound(np.array([0, 1, -1, 3], np.float32), RATE, np.zeros((1, 1), np.uint8))
    samples = np.frombuffer(wave(sound, RATE, 2, kind), dtype).reshape(-1, 2)
    assert (samples[:, 0] == samples[:, 1]).all()
    assert samples[:, 0].tolist() == [0, loudest, -loudest, loudest]


def test_bytes_have_their_silence_in_the_middle() -> None:
    sound = Sound(np.array([0, 1, -1], np.float32), RATE, np.zeros((1, 1), np.uint8))
    assert list(wave(sound, RATE, 1, "UInt8")) == [128, 255, 1]


def test_another_rate_lasts_as_long() -> None:
    samples = np.frombuffer(wave(beep(0.5), 44100, 1, "Float"), np.float32)
    assert len(samples) == 22050
    assert samples.max() == pytest.approx(1, abs=0.05)


def test_without_qt_multimedia_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio_player, "_missing", lambda: "no sound card is there")
    assert "no sound card is there" in audio_player.obstacle()
    monkeypatch.setattr(audio_player, "_missing", lambda: "libpulse.so.0: cannot open")
    assert "sudo apt install libpulse0" in audio_player.obstacle()


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SoundView]:
    view = SoundView(beep(start=12))
    qtbot.addWidget(view)
    view.show()
    yield view
    view.player.stop()


def test_what_cannot_be_played_says_why(qtbot: QtBot, no_loudspeaker: None) -> None:
    view = SoundView(beep())
    qtbot.addWidget(view)
    assert not view.button.isEnabled()
    assert view.button.toolTip() == "There is nothing to hear it with."
    assert view.button.accessibleDescription() == view.button.toolTip()


def test_a_sound_is_played_with_a_cursor_to_its_end(
    qtbot: QtBot, loudspeaker: None, view: SoundView
) -> None:
    assert view.button.text() == "Play"
    view._allow()
    view.button.click()
    assert view.button.text() == "Stop"
    FakeOutput.last.seconds = 0.25
    qtbot.waitUntil(lambda: view.drawing.cursor_place == 0.25)
    FakeOutput.last.over = True
    qtbot.waitUntil(lambda: not view.player.playing)
    assert view.drawing.cursor_place is None
    assert view.button.text() == "Play"


def test_a_second_press_stops(qtbot: QtBot, loudspeaker: None, view: SoundView) -> None:
    view._allow()
    view.button.click()
    view.button.click()
    assert FakeOutput.last.stopped
    assert not view.player.playing


@pytest.mark.parametrize("samples", [0, 1, 100_000])
def test_sounds_of_any_length_are_drawn(qtbot: QtBot, samples: int) -> None:
    sound = Sound(np.ones(samples, np.float32), RATE, np.full((4, 1), 9, np.uint8))
    drawing = SoundDrawing(sound)
    qtbot.addWidget(drawing)
    drawing.resize(300, 200)
    drawing.move_cursor(0.1)
    assert not drawing.grab().isNull()


def test_what_training_makes_of_a_sound_can_be_heard(qtbot: QtBot, loudspeaker: None) -> None:
    tile, heard = PreviewTile(), AudioPlayer()
    qtbot.addWidget(tile)
    tile.pressed.connect(lambda pressed: heard.play(pressed.sound))
    tile.show_preview(Preview("sound", beep()))
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert FakeOutput.last.sound is tile.sound
    qtbot.keyClick(tile, Qt.Key.Key_Space)
    assert heard.playing
    heard.stop()


def test_a_tile_that_cannot_be_heard_says_why(qtbot: QtBot, no_loudspeaker: None) -> None:
    tile = PreviewTile()
    qtbot.addWidget(tile)
    tile.show_preview(Preview("sound", beep()))
    assert tile.sound is None
    assert "There is nothing to hear it with." in tile.toolTip()
    tile.show_preview(Preview("text", Text("some words")))
    assert "some words" in tile.toolTip()


# -- texts


def test_a_text_is_read_whole_and_its_pieces_are_shown(qtbot: QtBot) -> None:
    view = TextView(Text("kind\nXyzzy words", ("kind", UNKNOWN, "words"), unknown=1 / 3, cut=2))
    qtbot.addWidget(view)
    assert view.text.toPlainText() == "kind\nXyzzy words"
    assert view.text.isReadOnly()
    assert view.said.text() == sentences(Text("", ("kind", UNKNOWN, "words"), unknown=1 / 3, cut=2))
    assert "reads 3 tokens" in view.said.text()
    assert "33 % of the tokens" in view.said.text()
    assert "The last 2 tokens do not fit" in view.said.text()
    assert view.said.property("role") == "warning"


def test_without_a_tokenizer_only_the_text_is_shown(qtbot: QtBot) -> None:
    view = TextView(Text("words"))
    qtbot.addWidget(view)
    view.show()
    assert view.text.isVisible()
    assert not view.chips.isVisible()


def test_nothing_unknown_is_no_warning() -> None:
    assert sentences(Text("a", ("a",))) == "The model reads one token."
    assert "1 % of the tokens" in sentences(Text("a", ("a",) * 900, unknown=1 / 900))


def test_chips_flow_and_stay_inside(qtbot: QtBot) -> None:
    chips = TokenChips(("a", "longer piece", UNKNOWN) * 40)
    qtbot.addWidget(chips)
    chips.resize(200, chips.heightForWidth(200))
    boxes = chips._boxes(200)
    assert len(boxes) == 120
    assert max(box.right() for box in boxes) < 200
    assert not any(one.intersects(other) for i, one in enumerate(boxes) for other in boxes[i + 1 :])
    assert chips.heightForWidth(600) < chips.heightForWidth(200)
    assert not chips.grab().isNull()


def test_a_piece_wider_than_the_window_stays_inside(qtbot: QtBot) -> None:
    chips = TokenChips(("x" * 500, "y"))
    qtbot.addWidget(chips)
    assert max(box.right() for box in chips._boxes(100)) < 100


def test_colours_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    use_light_theme(qapp)
    tile = PreviewTile()
    qtbot.addWidget(tile)
    tile.show_preview(Preview("sound", beep()))
    light = tile.image
    style.theme.use("dark")
    assert tile.image != light
    style.theme.use("light")
    assert tile.image == light


def test_words_that_are_counted_are_shown_with_their_weights(qtbot: QtBot) -> None:
    text = Text("Salad, a salad", ("salad", "salad a"), 0.0, 0, (0.83, 0.55))
    view = TextView(text)
    qtbot.addWidget(view)
    assert view.chips._tokens == ["salad 0.83", "salad a 0.55"]
    assert "The numbers are their weights" in view.said.text()
    assert "in order" not in view.said.text()
    seen = Preview("text", Text("", text.tokens, weights=text.weights))
    assert renderers.line(seen) == "salad 0.83 salad a 0.55"
