"""Colours that can be read and told apart, in light and dark."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from transfergui.core.base import paths
from transfergui.gui.base import style
from transfergui.gui.base.style import DARK, LIGHT, Tokens
from transfergui.gui.panels import CARDS, STAGES

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])

TEXT_ON = [
    *itertools.product(
        ("text", "muted", "accent", "danger", "warning", "success"), ("window", "surface")
    ),
    ("text", "sunken"),
    ("muted", "sunken"),
    ("text", "selected"),
    ("muted", "selected"),
    ("on_selected", "selected"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
]
"""(text, background) wherever the style sheet or the palette puts them together."""
CURVES = ("training", "validation", "test", "baseline", "other", "log_1", "log_2", "log_3")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = QColor(colour).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@SCHEMES
@pytest.mark.parametrize(("text", "background"), TEXT_ON)
def test_text_can_be_read(tokens: Tokens, text: str, background: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, background)) >= 4.5


@SCHEMES
@pytest.mark.parametrize("curve", CURVES)
def test_curves_can_be_seen(tokens: Tokens, curve: str) -> None:
    assert contrast(getattr(tokens, curve), tokens.surface) >= 3


@SCHEMES
@pytest.mark.parametrize("background", ["window", "surface"])
def test_fields_can_be_seen(tokens: Tokens, background: str) -> None:
    assert contrast(tokens.outline, getattr(tokens, background)) >= 3


@SCHEMES
def test_curves_can_be_told_apart(tokens: Tokens) -> None:
    hues = {getattr(tokens, curve) for curve in CURVES}
    assert len(hues) == len(CURVES)


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    style.theme.install(qapp, "light")
    yield qapp
    style.theme.use("light")


def test_the_scheme_is_switched_while_running(dressed: QApplication) -> None:
    changes: list[Tokens] = []
    style.theme.changed.connect(changes.append)
    style.theme.use("dark")
    style.theme.use("dark")
    style.theme.changed.disconnect(changes.append)
    assert changes == [DARK]
    assert dressed.palette().window().color() == QColor(DARK.window)
    assert DARK.accent in dressed.styleSheet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QCheckBox])
def test_a_field_is_drawn_with_its_outline(
    dressed: QApplication, qtbot: QtBot, scheme: style.Scheme, kind: type[QWidget]
) -> None:
    style.theme.use(scheme)
    field = kind()
    qtbot.addWidget(field)
    image = field.grab().toImage()
    row = [image.pixelColor(x, image.height() // 2).name() for x in range(4)]
    assert max(contrast(colour, style.tokens().surface) for colour in row) >= 2.5  # blended


def test_fields_in_a_row_are_equally_high(dressed: QApplication, qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    layout = QHBoxLayout(row)
    fields = [QLineEdit(), QSpinBox(), QDoubleSpinBox(), QComboBox()]
    for field in fields:
        layout.addWidget(field)
    row.show()
    assert len({field.height() for field in fields}) == 1


def test_the_system_is_followed_unless_overridden(dressed: QApplication) -> None:
    hints = dressed.styleHints()
    style.theme.use("system")
    dark = hints.colorScheme() == Qt.ColorScheme.Dark
    assert style.tokens() is (DARK if dark else LIGHT)
    style.theme.use("dark")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert style.tokens() is DARK


def test_every_icon_is_drawn_in_its_colour(dressed: QApplication) -> None:
    for file in sorted(paths.resource("icons").glob("*.svg")):
        image = style.pixmap(file.stem, 24, "danger").toImage()
        colours = {
            image.pixelColor(x, y).name()
            for x, y in itertools.product(range(image.width()), range(image.height()))
            if image.pixelColor(x, y).alpha() == 255
        }
        assert LIGHT.danger in colours, file.name


def test_every_panel_has_its_icon(dressed: QApplication) -> None:
    for row in (*CARDS, *STAGES):
        assert not style.icon(row.icon).pixmap(QSize(20, 20)).isNull()


def test_the_style_sheet_uses_known_names_only() -> None:
    assert "$" not in style.stylesheet(replace(LIGHT)).split("*/", 1)[1]


def test_icons_may_be_shipped() -> None:
    """Drawn for this project: nothing in them but shapes."""
    for file in Path(paths.resource("icons")).glob("*.svg"):
        assert "http" not in file.read_text().replace("http://www.w3.org/2000/svg", "")
