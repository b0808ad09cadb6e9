"""One network in sentences."""

from transfergui.core import registry
from transfergui.core.recipe import Recipe
from transfergui.gui.networks.backbone_details import sentences

MODALITY = registry.modality(Recipe().modality)


def test_every_network_is_described_in_sentences() -> None:
    for row in MODALITY.backbones():
        text = sentences(row, MODALITY)
        assert "one picture" in text
        assert row.source in text
        assert "{" not in text
        assert ("test photos of ImageNet" in text) == (row.accuracy is not None)
