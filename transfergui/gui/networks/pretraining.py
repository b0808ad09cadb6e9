"""What a backbone was pretrained on, and how accurate it was there, in plain words."""

from __future__ import annotations

import msgspec

from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.interfaces.networks import Backbone
from transfergui.gui.networks.backbone_model import is_own, per_cent

PRETRAINED = {
    "ImageNet-1K": N_("Pretrained on 1.3 million photos (ImageNet)."),
    "ImageNet-1K after SWAG": N_(
        "Pretrained on 3.6 billion photos from the web, then on 1.3 million photos (ImageNet)."
    ),
    "COCO": N_("Pretrained to find boxes of 80 kinds of things in 118,000 photos (COCO)."),
    "Tiny ImageNet, taught by MobileNetV2": N_(
        "Pretrained on 100,000 small photos (Tiny ImageNet)."
    ),
    "LibriSpeech (960 hours of English)": N_(
        "Pretrained on 960 hours of English speech (LibriSpeech)."
    ),
    "Libri-Light (60 000 hours of English)": N_(
        "Pretrained on 60,000 hours of English speech (Libri-Light)."
    ),
    "94 000 hours of English": N_("Pretrained on 94,000 hours of English speech."),
    "56 000 hours in 53 languages": N_("Pretrained on 56,000 hours of speech in 53 languages."),
    "436 000 hours in 128 languages": N_("Pretrained on 436,000 hours of speech in 128 languages."),
    "a sentence encoder (all-MiniLM-L6-v2)": N_(
        "Pretrained vectors of 30,000 English word pieces, taken from the sentence encoder MiniLM."
    ),
    "1.17 billion pairs of English sentences": N_(
        "Pretrained on 1.17 billion pairs of English sentences."
    ),
    "pairs of sentences in 50 languages": N_("Pretrained on pairs of sentences in 50 languages."),
    "English Wikipedia and books": N_("Pretrained on the English Wikipedia and on books."),
    "160 GB of English text": N_("Pretrained on 160 GB of English text."),
    "Chinese Wikipedia": N_("Pretrained on the Chinese Wikipedia."),
    "": N_("Not pretrained: everything is learned from your data."),
}
"""Sentences by ``Backbone.trained_on``."""
PHOTOS = tuple(key for key in PRETRAINED if "ImageNet" in key)
"""What backbones for pictures were pretrained on; for recordings, they read spectrograms."""


def pretrained(backbone: Backbone) -> str:
    """What a backbone was pretrained on, in one sentence; of the user's own, on which data."""
    sentence = PRETRAINED.get(backbone.trained_on)
    if sentence is None:
        return _("Trained on {data}.").format(data=backbone.trained_on)
    if backbone.trained_on in PHOTOS and _reads_spectrograms(backbone):
        return paragraph((_("Reads recordings as pictures (spectrograms)."), _(sentence)))
    return _(sentence)


def accuracy(backbone: Backbone) -> str:
    """``72.2 % on ImageNet``; empty where no accuracy is known."""
    if backbone.accuracy is None:
        return ""
    if is_own(backbone):
        text = _("{accuracy} on {data}")
        return text.format(accuracy=per_cent(backbone.accuracy), data=backbone.title)
    return _("{accuracy} on ImageNet").format(accuracy=per_cent(backbone.accuracy))


def with_fitting_accuracy(backbone: Backbone) -> Backbone:
    """``backbone`` without the accuracy on photos that says nothing of recordings."""
    if is_own(backbone) or not _reads_spectrograms(backbone):
        return backbone
    return msgspec.structs.replace(backbone, accuracy=None)


def _reads_spectrograms(backbone: Backbone) -> bool:
    """Whether it is a backbone for pictures that is given recordings."""
    return "wide" in backbone.input
