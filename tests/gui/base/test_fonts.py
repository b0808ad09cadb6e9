"""The typefaces that come with the program are there, and hold what the program says."""

import pytest
from PySide6.QtGui import QFontDatabase, QFontInfo, QRawFont
from PySide6.QtWidgets import QApplication

from tests import catalogue
from transfergui.core.base import paths
from transfergui.gui.base import fonts, style

FOLDER = paths.resource("fonts")


def test_the_window_is_written_in_inter(qapp: QApplication) -> None:
    assert fonts.families()[0] == "Inter"
    assert QFontInfo(style.font()).family() == "Inter"
    assert QFontInfo(style.font(bold=True)).weight() == 600


@pytest.mark.parametrize("name", ["Inter-Regular.ttf", "NotoSansSC-Regular.otf"])
def test_every_typeface_has_its_licence(name: str) -> None:
    licence = (FOLDER / f"OFL-{name.partition('-')[0]}.txt").read_text(encoding="utf-8")
    assert "SIL Open Font License, Version 1.1" in licence
    assert licence.startswith("Copyright")


def test_every_chinese_character_that_is_said_can_be_shown(qapp: QApplication) -> None:
    own = [QRawFont(str(FOLDER / n), 12) for n in ("Inter-Regular.ttf", "NotoSansSC-Regular.otf")]
    texts = "".join(map(str, (entry.string for entry in catalogue.read("zh_CN") if entry.id)))
    lacking = {
        c for c in texts if c.isprintable() and not any(f.supportsCharacter(ord(c)) for f in own)
    }
    assert lacking == set()


def test_without_a_chinese_typeface_the_own_one_is_taken(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_system: [])
    assert "Noto Sans CJK SC" in fonts.families.__wrapped__()


def test_typefaces_that_are_gone_are_done_without(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "resource", lambda *parts: FOLDER / "nowhere")
    assert fonts.families.__wrapped__()
