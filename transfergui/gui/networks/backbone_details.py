"""One pretrained network in sentences: what it has learnt from, what it needs, where it is."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import N_, _
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.base import desktop, style, words
from transfergui.gui.networks.backbone_model import SPEEDS, is_own, per_cent, summary
from transfergui.gui.networks.pretraining import pretrained
from transfergui.gui.networks.purpose import Purpose
from transfergui.gui.networks.weights_download import ManualDownload, WeightsDownload
from transfergui.gui.parts.labels import WrappedLabel

LICENCES = {
    "BSD-3-Clause": N_("free to use, also in products; the licence notice must be kept"),
    "MIT": N_("free to use, also in products; the licence notice must be kept"),
    "Apache-2.0": N_("free to use, also in products; the licence notice must be kept"),
    "CC-BY-NC-4.0": N_("not for commercial use; the authors must be named"),
}
"""What the licences mean, in a few words (untranslated)."""


class BackboneDetails(QScrollArea):
    """One network in sentences, and its weights."""

    WIDTH = 340

    def __init__(
        self, modality: Modality, weights_dir: str | None, purpose: Purpose | None = None
    ) -> None:
        super().__init__()
        self._modality, self._weights_dir, self._purpose = modality, weights_dir, purpose
        self.title, self.summary, self.text = WrappedLabel("heading"), WrappedLabel(), QLabel()
        self.weights = WeightsDownload()
        self.trouble, self.unfit = WrappedLabel("danger"), WrappedLabel("danger")
        self.by_hand = QPushButton(_("No internet connection?"))
        self.manual = ManualDownload()
        self._sentences = ""
        self._build()
        style.theme.changed.connect(self._dress)  # a method: it goes with the widget

    def show_backbone(self, backbone: Backbone, state: WeightState) -> None:
        self.title.setText(_(backbone.title))
        self.summary.setText(summary(backbone))
        self._sentences = sentences(backbone, self._modality, self._purpose)
        self._dress()
        self.weights.show_weights(backbone, state, self._weights_dir)
        self.manual.show_backbone(backbone, self._weights_dir)
        self.trouble.hide()
        reason = self._purpose.obstacle(backbone) if self._purpose else ""
        self.unfit.setText(reason)
        self.unfit.setVisible(bool(reason))
        self.by_hand.setVisible(state == "download")
        self._show_manual(False)

    def _build(self) -> None:
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.linkActivated.connect(desktop.open_link)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text.setAccessibleName(_("About this backbone"))
        self.by_hand.setProperty("role", "link")
        self.by_hand.clicked.connect(lambda: self._show_manual(self.manual.isHidden()))
        self.weights.failed.connect(self._fail)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, style.INSIDE, 0)
        layout.setSpacing(style.INSIDE)
        parts: tuple[QWidget, ...] = (self.title, self.unfit, self.summary, self.weights)
        for part in (*parts, self.trouble, self.by_hand, self.manual, self.text):
            layout.addWidget(part)
        layout.addStretch()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFixedWidth(self.WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _dress(self, *_tokens: object) -> None:
        """Links take the colour of the theme when a text is set."""
        self.text.clear()
        self.text.setText(self._sentences)

    def _fail(self, error: UserError) -> None:
        self.trouble.setText(str(error))
        self.trouble.show()
        self._show_manual(True)

    def _show_manual(self, visible: bool) -> None:
        self.manual.setVisible(visible)


def sentences(backbone: Backbone, modality: Modality, purpose: Purpose | None = None) -> str:
    """What one should know about a network, as rich text.

    Args:
        purpose: what it is chosen for, which may ask for another input.
    """
    one = _(modality.one)
    paragraphs = [
        pretrained(backbone),
        _published(backbone),
        _("Speed: {speed} ({count} multiplications for one {noun}).").format(
            speed=_(SPEEDS[backbone.speed]), count=words.large(1e9 * backbone.flops), noun=one
        ),
        _extent(backbone),
        *_input(purpose.input(backbone, modality) if purpose else backbone.input, modality),
        _licence(backbone),
    ]
    shown = [f"<p>{html.escape(text)}</p>" for text in paragraphs if text]
    if backbone.source:
        link = html.escape(backbone.source, quote=True)
        title = html.escape(_("Paper on this backbone"))
        shown.append(f'<p><a href="{link}">{title}</a></p>')
    return "".join(shown)


def _published(backbone: Backbone) -> str:
    """How accurate it was on the data of its pretraining, where that is known."""
    if backbone.accuracy is None:
        return ""
    text = _("Accuracy on the test photos of ImageNet: {accuracy}.")
    if is_own(backbone):
        text = _("Accuracy on the test set of these data: {accuracy}.")
    return text.format(accuracy=per_cent(backbone.accuracy))


def _extent(backbone: Backbone) -> str:
    params = words.large(backbone.params)
    if not backbone.params:
        return ""
    if backbone.weights_url is None:
        return _("{params} parameters, included in TransferGUI.").format(params=params)
    text = _("{params} parameters ({size}).")
    return text.format(params=params, size=words.size(backbone.download_bytes))


def _licence(backbone: Backbone) -> str:
    if not backbone.licence:
        return ""
    text = _("Licence of the weights: {licence}.")
    return text.format(licence=_explained(backbone.licence, LICENCES))


def _explained(name: str, meanings: Mapping[str, str]) -> str:
    """``name (what it means)``, where that is known."""
    text = _("{name} ({meaning})")
    return text.format(name=name, meaning=_(meanings[name])) if name in meanings else name


def _input(own: Mapping[str, Any], modality: Modality) -> list[str]:
    """The input options that the network itself sets, as ``title: value unit``."""
    text = _("{title}: {value}. {help}")
    return [
        text.format(
            title=_(option.title),
            value=_shown_value(option, own[option.name]),
            help=_(option.help),
        )
        for option in opt.describe(modality.input_options)
        if option.name in own
    ]


def _shown_value(option: opt.Option, value: Any) -> str:
    label = dict(option.choices).get(value)
    return _(label) if label else f"{value}{suffix(option.unit)}"
