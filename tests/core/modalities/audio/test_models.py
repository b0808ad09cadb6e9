"""Encoders for sounds: what networks see, what they hear, and weights under all their names."""

import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.audio import backbones, models
from transfergui.core.modalities.audio.options import AudioInput
from transfergui.core.modalities.image import models as pictures
from transfergui.core.nn.classifier import Classifier
from transfergui.core.nn.heads import make_head
from transfergui.core.recipe import HeadOptions

ROWS = {row.key: row for row in backbones.rows()}
LIGHTEST = list({row.family: row for row in reversed(ROWS.values())}.values())
"""One row of each family; the others differ from them in nothing that a spectrogram changes."""
CLASSES = 3


def options(row: Backbone, seconds: float = 1.0) -> AudioInput:
    return AudioInput(**row.input | {"seconds": seconds})


def classifier(row: Backbone, encoder: models.Seeing | models.Hearing) -> Classifier:
    auxiliary = nn.Linear(encoder.aux_features, CLASSES) if encoder.aux_features else None
    head = make_head(row.features, CLASSES, HeadOptions(kind="linear"))
    return Classifier(encoder, head, auxiliary, row.groups)


def outlined(row: Backbone) -> Classifier:
    """The classifier without values: shapes are computed, numbers are not."""
    if backbones.hears(row):
        with torch.device("meta"):
            network = models.listening_network(row.key)
        return classifier(row, models.Hearing(network, models.LISTENING[row.key].level)).to("meta")
    input = options(row)
    width = backbones.width(input.size, input.seconds, input.wide)
    parts = pictures.outline(row.key, input.size)
    encoder = models.Seeing(parts.network, input, width, parts.aux_features)
    return classifier(row, encoder).to("meta")


@pytest.mark.parametrize("row", LIGHTEST, ids=lambda row: row.key)
def test_one_of_each_family_can_be_trained(row: Backbone) -> None:
    _train(row)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.key)
def test_every_row_can_be_trained(row: Backbone) -> None:
    _train(row)


def _train(row: Backbone) -> None:
    """Groups cover each parameter once; a step reaches each; no state but the network's own."""
    model = outlined(row)
    grouped = [p for group in model.group_parameters() for p in group]
    assert all(model.group_parameters())
    assert {id(p) for p in grouped} == {id(p) for p in model.encoder.parameters()}
    assert len(grouped) == len(list(model.encoder.parameters()))
    assert all(name.startswith("network.") for name in model.encoder.state_dict())
    output = model.train()(torch.empty(2, 16000, device="meta"))
    logits = output if isinstance(output, Tensor) else output[0]
    assert logits.shape == (2, CLASSES)
    sum(part.sum() for part in (output if isinstance(output, tuple) else [output])).backward()
    assert [name for name, p in model.named_parameters() if p.grad is None] == []


@pytest.mark.parametrize("key", ["tgnet", "squeezenet1_1", "inception_v3"])
@pytest.mark.parametrize("seconds", [0.25, 2.0])
@torch.no_grad()
def test_networks_for_pictures_take_clips_of_any_length(key: str, seconds: float) -> None:
    row = ROWS[key]
    encoder = models.build(row, None, options(row, seconds)).eval()
    features = encoder(torch.randn(2, round(16000 * seconds)))
    assert features.shape == (2, row.features)
    assert torch.isfinite(features).all()


@torch.no_grad()
def test_weights_are_those_of_the_network_for_pictures(shared_data: Path) -> None:
    from transfergui.core.modalities.image import backbones as published
    from transfergui.core.modalities.image.options import ImageInput

    path, row = shared_data / "weights/mobilenet_v2.pth", ROWS["mobilenet_v2"]
    encoder = models.build(row, path, options(row))
    same = next(r for r in published.rows() if r.key == row.key)
    wanted = pictures.build(same, path, ImageInput()).network.state_dict()
    found = encoder.network.state_dict()
    assert all(torch.equal(found[name], tensor) for name, tensor in wanted.items())


@torch.no_grad()
def test_half_precision_does_not_reach_the_spectrogram() -> None:
    row = ROWS["tgnet"]
    encoder = models.build(row, None, options(row))
    assert isinstance(encoder, models.Seeing)
    seen: list[Tensor] = []
    encoder.network.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    waveforms = torch.randn(2, 16000) / 100
    encoder.eval()(waveforms)
    with torch.autocast("cpu", torch.bfloat16):
        encoder(waveforms)
    assert torch.equal(seen[0], seen[1])


def test_a_size_that_is_too_small_is_named() -> None:
    with pytest.raises(UserError) as caught:
        models.build(ROWS["alexnet"], None, AudioInput(size=32, seconds=0.25))
    assert caught.value.code == "backbone.size"


# -- listening


SMALL = ROWS["wav2vec2_base"]


class Frames(nn.Module):
    """Stands for a network: two layers whose frames are told by their number."""

    def extract_features(self, waveforms: Tensor) -> tuple[list[Tensor], None]:
        frames = (waveforms.shape[1] - models.FRAME) // models.STEP + 1
        numbers = torch.arange(frames, dtype=torch.float32)[None, :, None]
        layer = numbers * torch.tensor([1.0, 0.0, -1.0]) + torch.tensor([0.0, 1e-3, 0.0])
        return [layer.expand(len(waveforms), -1, -1), layer.expand(len(waveforms), -1, -1)], None


@torch.no_grad()
def test_only_frames_with_sound_count() -> None:
    """Frames of this network differ in the first only, once they are brought to one scale."""
    hearing = models.Hearing(Frames(), level=False)
    early, late, silent = torch.zeros(3, 16000).split(1)
    early[:, :401] = 1
    late[:, -401:] = 1
    found = hearing(torch.cat([early, late, silent]))
    spread = float(found[1, 0] - found[0, 0])
    assert spread > 0.3
    assert torch.isfinite(found).all()
    assert found[0, 0] < found[2, 0] < found[1, 0]


def test_loudness_does_not_matter_where_it_was_levelled() -> None:
    waveforms = torch.zeros(2, 8000)
    waveforms[0, :4000] = torch.randn(4000, generator=torch.Generator().manual_seed(0))
    waveforms[1] = waveforms[0] / 50
    levelled = models._levelled(waveforms)
    assert levelled[0, :4000].square().mean().item() == pytest.approx(1, rel=1e-3)
    torch.testing.assert_close(levelled[1], levelled[0], rtol=0, atol=1e-2)
    assert not levelled[:, 4000:].any()


@pytest.mark.parametrize("samples", [400, 719, 720, 16000, 16123])
def test_frames_are_counted_as_the_network_counts_them(samples: int) -> None:
    with torch.device("meta"):
        network = models.listening_network(SMALL.key)
    waveforms = torch.empty(1, samples, device="meta")
    layers, _ = network.extract_features(waveforms)  # type: ignore[operator]
    pooled = nn.functional.max_pool1d(waveforms[:, None], models.FRAME, models.STEP)
    assert layers[0].shape[1] == pooled.shape[2]


@torch.no_grad()
def test_published_weights_load_under_their_old_names(tmp_path: Path) -> None:
    """torchaudio's files call the weights of the positions' convolution ``weight_g``, ``_v``."""
    torch.manual_seed(0)
    network = models.listening_network(SMALL.key)
    modern = network.state_dict()
    old = {
        name.replace("parametrizations.weight.original0", "weight_g").replace(
            "parametrizations.weight.original1", "weight_v"
        ): tensor
        for name, tensor in modern.items()
    }
    assert set(old) != set(modern)
    old["aux.weight"] = torch.zeros(3)  # of a network that was fine-tuned to write down speech
    path = tmp_path / "wav2vec2_base.pth"
    torch.save(old, path)
    encoder = models.build(SMALL, path, options(SMALL))
    found = encoder.network.state_dict()
    assert all(torch.equal(found[name], tensor) for name, tensor in modern.items())
    waveforms = torch.randn(1, 1600)
    features = encoder.eval()(waveforms)
    layers, _ = network.eval().extract_features(waveforms)  # type: ignore[operator]
    scaled = [nn.functional.layer_norm(layer, (768,)).mean(1) for layer in layers]
    torch.testing.assert_close(features, torch.stack(scaled).mean(0), rtol=1e-3, atol=1e-4)


TINY = {
    "extractor_mode": "group_norm",
    "extractor_conv_layer_config": [(8, 10, 5), *[(8, 3, 2)] * 4, *[(8, 2, 2)] * 2],
    "extractor_conv_bias": False,
    "encoder_embed_dim": 16,
    "encoder_projection_dropout": 0.0,
    "encoder_pos_conv_kernel": 8,
    "encoder_pos_conv_groups": 2,
    "encoder_num_layers": 2,
    "encoder_num_heads": 2,
    "encoder_attention_dropout": 0.0,
    "encoder_ff_interm_features": 16,
    "encoder_ff_interm_dropout": 0.0,
    "encoder_dropout": 0.0,
    "encoder_layer_norm_first": False,
    "encoder_layer_drop": 0.0,
    "aux_num_out": None,
}
"""A network like wav2vec 2.0 Base, but small."""
BUCKETS = {"encoder_max_distance": 80, "encoder_num_buckets": 32}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wav2vec2", "wavlm"])
def test_listening_networks_can_be_exported(kind: str, tmp_path: Path) -> None:
    """The graph answers alike for any number of sounds, silence around some of them included."""
    import onnxruntime
    from torchaudio import models as makers

    from transfergui.core.exporters.graph import quietly

    torch.manual_seed(0)
    more = BUCKETS if kind == "wavlm" else {}
    hearing = models.Hearing(getattr(makers, f"{kind}_model")(**TINY, **more), level=True).eval()
    path = tmp_path / "x.onnx"
    with quietly():
        program = torch.onnx.export(
            hearing,
            (torch.zeros(2, 3200),),
            input_names=["input"],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    program.save(path)
    session = onnxruntime.InferenceSession(path)
    for count in (1, 3):
        waveforms = torch.randn(count, 3200)
        waveforms[0, :1500] = 0
        with torch.no_grad():
            wanted = hearing(waveforms)
        found = session.run(None, {"input": waveforms.numpy()})[0]
        torch.testing.assert_close(torch.from_numpy(found), wanted, rtol=0, atol=1e-5)


def test_plain_attention_is_torchs() -> None:
    query, key, value = torch.randn(3, 2, 4, 5, 8, generator=torch.Generator().manual_seed(0))
    mask = torch.randn(2, 4, 5, 5)
    attention = nn.functional.scaled_dot_product_attention
    for given in (None, mask):
        wanted = attention(query, key, value, attn_mask=given)
        with models._PlainAttention():
            found = attention(query, key, value, attn_mask=given, dropout_p=0.0, is_causal=False)
        torch.testing.assert_close(found, wanted)


def test_without_torchaudio_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchaudio", None)
    with pytest.raises(UserError) as caught:
        models.build(SMALL, None, options(SMALL))
    assert caught.value.code == "sound.no_torchaudio"
    assert "doctor" in str(caught.value)
    assert models.build(ROWS["tgnet"], None, options(ROWS["tgnet"])) is not None
