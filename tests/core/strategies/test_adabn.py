from torch.nn.modules.batchnorm import _BatchNorm

from transfergui.core.modalities.audio import backbones as sounds
from transfergui.core.modalities.image import backbones as pictures
from transfergui.core.modalities.image import models
from transfergui.core.strategies import adabn


def test_it_knows_which_networks_have_batch_norms() -> None:
    """One of each family, built without weights."""
    families = {(row.family, row.key.endswith("_bn")): row for row in reversed(pictures.rows())}
    for row in families.values():
        network = models.outline(row.key, row.input["size"]).network
        found = any(isinstance(module, _BatchNorm) for module in network.modules())
        assert adabn.has_batch_norms(row) is found, row.key
    hearing = [row for row in sounds.rows() if sounds.hears(row)]
    assert not any(map(adabn.has_batch_norms, hearing))
