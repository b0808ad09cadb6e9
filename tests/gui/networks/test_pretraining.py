"""What backbones were pretrained on, in words; no accuracy on photos for recordings."""

import pytest

from transfergui.core import registry
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.networks.pretraining import PRETRAINED, accuracy, with_fitting_accuracy


@pytest.mark.parametrize("modality", registry.MODALITIES, ids=lambda modality: modality.key)
def test_every_backbone_has_a_sentence_and_only_pictures_an_accuracy(modality: Modality) -> None:
    rows = modality.backbones()
    assert {row.trained_on for row in rows} <= PRETRAINED.keys()
    told = [accuracy(with_fitting_accuracy(row)) for row in rows]
    assert any(told) == (modality.key == "image")
