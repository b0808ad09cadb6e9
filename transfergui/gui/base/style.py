"""Colours, distances and icons: one set of tokens for light, one for dark, following the system.

Training is always blue, validation orange, test green, the baseline grey
(Okabe and Ito's colours, which colour-blind people can tell apart); each also
differs in dash or marker where it is drawn.
"""

from __future__ import annotations

import functools
import html
import string
from dataclasses import asdict, dataclass
from typing import Literal

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from transfergui.core.base import paths
from transfergui.gui.base import fonts

GAP, INSIDE, BETWEEN, AROUND = 4, 8, 16, 24
"""Distances in pixels: within a group, inside a card, between things, around the window."""
RADIUS = 6
TEXT, SMALL, HEADING = 13, 12, 20
"""Sizes of text in pixels."""

FIELDS = ("QLineEdit", "QAbstractSpinBox", "QComboBox", "QCheckBox", "QRadioButton")
OUTLINE = 140
"""Per cent by which Fusion darkens the colour of a window for an outline."""

Scheme = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Tokens:
    """Every colour there is, as ``#rrggbb``.

    Attributes:
        window: behind everything.
        surface: of cards, plots, tables.
        sunken: of fields to type in, of the track of a bar.
        border: lines between things.
        outline: of fields to type in and boxes to tick.
        text: what is read.
        muted: captions and what is disabled.
        accent: of the one thing to do next; ``on_accent`` is the text on it.
        selected: behind a selected row or card; ``on_selected`` is the text on it.
        danger, warning, success: the colour of a message, as text and icon.
        training, validation, test, baseline: of curves and their words.
        other: of a run laid under the current one.
        log_1, log_2, log_3: of curves that a strategy adds, in turn.
    """

    dark: bool
    window: str
    surface: str
    sunken: str
    border: str
    outline: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    selected: str
    on_selected: str
    danger: str
    warning: str
    success: str
    training: str
    validation: str
    test: str
    baseline: str
    other: str
    log_1: str
    log_2: str
    log_3: str


LIGHT = Tokens(
    dark=False,
    window="#f3f4f6",
    surface="#ffffff",
    sunken="#eceef1",
    border="#d3d7dd",
    outline="#858c95",
    text="#1b1f24",
    muted="#59636e",
    accent="#0063a8",
    accent_hover="#00538d",
    on_accent="#ffffff",
    selected="#dcebf7",
    on_selected="#12344d",
    danger="#b3261e",
    warning="#8a5300",
    success="#00694c",
    training="#0072b2",
    validation="#d55e00",
    test="#008a63",
    baseline="#6b7280",
    other="#a3568a",
    log_1="#00857c",
    log_2="#857000",
    log_3="#8a4b2f",
)

DARK = Tokens(
    dark=True,
    window="#16191d",
    surface="#1f2328",
    sunken="#2a2f36",
    border="#3b424b",
    outline="#6f7781",
    text="#e8eaed",
    muted="#a3acb7",
    accent="#56b4e9",
    accent_hover="#7cc6ee",
    on_accent="#08202f",
    selected="#1d3f57",
    on_selected="#e3f2fc",
    danger="#ff8a80",
    warning="#f0b429",
    success="#4cc9a0",
    training="#56b4e9",
    validation="#f0a030",
    test="#2cc295",
    baseline="#9aa3ad",
    other="#d994c0",
    log_1="#4fd1c5",
    log_2="#d9c84a",
    log_3="#d99a78",
)


class Theme(QObject):
    """Which tokens are in force; ``changed`` when they were replaced."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._wanted: Scheme = "system"
        self._tokens = LIGHT

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def wanted(self) -> Scheme:
        """What the user chose, ``system`` unless overridden."""
        return self._wanted

    def install(self, app: QApplication, wanted: Scheme = "system") -> None:
        """Dress ``app`` and follow the system from now on."""
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(
            self._follow, Qt.ConnectionType.UniqueConnection
        )
        self._wanted = wanted
        self._dress(LIGHT if wanted == "light" else DARK if wanted == "dark" else _system())

    def use(self, wanted: Scheme) -> None:
        """Override the system's colours, or follow them again."""
        self._wanted = wanted
        self._follow()

    def _follow(self) -> None:
        chosen = {"light": LIGHT, "dark": DARK}.get(self._wanted) or _system()
        if chosen is not self._tokens:
            self._dress(chosen)

    def _dress(self, tokens: Tokens) -> None:
        self._tokens = tokens
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setFont(font())
        app.setPalette(palette(tokens))
        for kind in FIELDS:
            app.setPalette(field_palette(tokens), kind)  # type: ignore[arg-type] # it is str
        app.setStyleSheet(stylesheet(tokens))
        self.changed.emit(tokens)


theme = Theme()


def tokens() -> Tokens:
    """The tokens in force."""
    return theme.tokens


def colour(name: str) -> QColor:
    """The token ``name`` as Qt wants it."""
    return QColor(getattr(theme.tokens, name))


def _system() -> Tokens:
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def tip(text: str) -> str:
    """``text`` as a tool tip, in several lines where it is long.

    Qt takes what looks like HTML for HTML, and the names of classes and files may look so.
    """
    lines = html.escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>" if text else ""


def font(pixels: int = TEXT, bold: bool = False) -> QFont:
    """Our typeface in one of our sizes, with figures of equal width."""
    font = QFont([*fonts.families()])
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette(tokens: Tokens) -> QPalette:
    """Fusion's palette, made of the tokens."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, name in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.sunken),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.danger),
        (role.ToolTipBase, tokens.surface),
        (role.ToolTipText, tokens.text),
        (role.Highlight, tokens.selected),
        (role.HighlightedText, tokens.on_selected),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.sunken),
        (role.Mid, tokens.border),
        (role.Dark, tokens.border),
        (role.Shadow, tokens.border),
    ):
        palette.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.muted))
    return palette


def field_palette(tokens: Tokens) -> QPalette:
    """Of what is typed into or ticked: with outlines that are seen, in the dark too.

    Fusion makes them by darkening the colour of a window, which such widgets do not show; where
    the keyboard is, of that of what is selected.
    """
    role = QPalette.ColorRole
    fields = palette(tokens)
    fields.setColor(role.Window, QColor(tokens.outline).lighter(OUTLINE))
    fields.setColor(role.Highlight, QColor(tokens.accent))
    fields.setColor(role.HighlightedText, QColor(tokens.on_accent))
    return fields


def stylesheet(tokens: Tokens) -> str:
    """What the palette cannot say: ``resources/style/app.qss`` with the tokens filled in."""
    sizes = {
        "gap": GAP,
        "inside": INSIDE,
        "between": BETWEEN,
        "around": AROUND,
        "radius": RADIUS,
        "small": SMALL,
        "heading": HEADING,
    }
    text = paths.resource("style", "app.qss").read_text(encoding="utf-8")
    return string.Template(text).substitute(asdict(tokens), **sizes)


def icon(name: str, token: str = "text") -> QIcon:
    """``resources/icons/<name>.svg`` in the colour of a token, sharp at every scale.

    Icons are made for the tokens in force: set them again on ``theme.changed``.
    """
    icon = QIcon()
    for mode, which in ((QIcon.Mode.Normal, token), (QIcon.Mode.Disabled, "muted")):
        for size in (16, 20, 24, 32, 48):
            icon.addPixmap(_drawn(name, getattr(theme.tokens, which), size), mode)
    return icon


def pixmap(name: str, size: int = 16, token: str = "text") -> QPixmap:
    """One picture of an icon, for a label."""
    return _drawn(name, getattr(theme.tokens, token), size)


@functools.lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int) -> QPixmap:
    svg = paths.resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(svg.replace("currentColor", colour).encode())
    ratio = 2
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
