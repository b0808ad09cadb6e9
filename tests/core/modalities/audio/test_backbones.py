"""The list of networks for sounds: those for pictures, and torchaudio's pipelines."""

import msgspec
import pytest
import torch

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.audio import backbones, generate_backbones, models
from transfergui.core.modalities.audio.options import AudioInput
from transfergui.core.modalities.image import backbones as pictures

ROWS = {row.key: row for row in backbones.rows()}
LISTENING = [row for row in ROWS.values() if backbones.hears(row)]


def test_keys_are_unique_and_inputs_fit() -> None:
    assert len(ROWS) == len(backbones.rows())
    for row in ROWS.values():
        assert opt.check(row.input, AudioInput)
        assert row.summary
        assert row.features > 0
        assert row.groups


def test_every_network_for_pictures_is_there_with_its_own_weights() -> None:
    for row in pictures.rows():
        if row.body:  # a detector
            assert row.key not in ROWS
            continue
        own = ROWS[row.key]
        kept = ("key", "title", "family", "params", "features", "groups", "weights_url", "licence")
        assert all(getattr(own, name) == getattr(row, name) for name in kept)


def test_a_spectrogram_costs_less_than_a_photo() -> None:
    assert ROWS["mobilenet_v2"].flops < 0.15
    assert ROWS["vit_b_16"].flops == pytest.approx(17.564)  # which takes one size only


def test_listening_networks_are_torchaudios() -> None:
    assert {row.key for row in LISTENING} == set(generate_backbones.PIPELINES)
    assert set(models.LISTENING) == set(generate_backbones.PIPELINES)
    assert tuple(LISTENING) == generate_backbones.generate()


@pytest.mark.parametrize("row", LISTENING, ids=lambda row: row.key)
def test_they_are_made_for_the_published_weights(row: Backbone) -> None:
    """Every parameter has the name and size of torchaudio's, but for an unused normalisation."""
    with torch.device("meta"):
        published = generate_backbones._published(row.key).state_dict()
        own = models.listening_network(row.key).state_dict()
    sizes = {name: tensor.shape for name, tensor in own.items()}
    rest = {name for name, tensor in published.items() if sizes.get(name) != tensor.shape}
    assert sizes.keys() <= published.keys()
    assert all(name.startswith("encoder.transformer.layer_norm.") for name in rest)
    pipeline = generate_backbones.pipeline(row.key)
    assert models.LISTENING[row.key].level == pipeline._normalize_waveform
    assert pipeline.sample_rate == backbones.RATE


def test_rates_are_told_apart() -> None:
    backbones.require_rate(ROWS["mobilenet_v2"], 44100)
    backbones.require_rate(ROWS["hubert_base"], 16000)
    with pytest.raises(UserError) as caught:
        backbones.require_rate(ROWS["hubert_base"], 44100)
    assert caught.value.code == "sound.rate"


@pytest.mark.parametrize(
    ("seconds", "wide", "width"),
    [(0.25, True, 96), (1.0, True, 192), (1.5, True, 288), (10.0, True, 768), (10.0, False, 96)],
)
def test_width_follows_the_clip(seconds: float, wide: bool, width: int) -> None:
    assert backbones.width(96, seconds, wide) == width


def test_the_list_survives_its_file() -> None:
    rows = pictures.read(backbones.FILE.read_bytes())
    assert pictures.read(pictures.write(rows)) == rows
    assert msgspec.json.decode(backbones.FILE.read_bytes())[0]["key"] == "wav2vec2_base"
