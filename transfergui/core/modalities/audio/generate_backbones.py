"""Makes ``backbones.json`` from torchaudio's pretrained pipelines.

Run as ``python -m transfergui.core.modalities.audio.generate_backbones`` after an
update of torchaudio. What torchaudio does not tell is in the table here. It
publishes no check sums; the size of a file is that of its parameters.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, NamedTuple

import torch
from torch import nn

from transfergui.core.base.i18n import N_
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.audio import backbones, models
from transfergui.core.modalities.image.backbones import write
from transfergui.core.modalities.image.generate_backbones import SPEEDS
from transfergui.core.nn import lora

PUBLISHED = "https://download.pytorch.org/torchaudio/models/"


class Described(NamedTuple):
    """What people want to know of a pipeline."""

    title: str
    family: str
    trained_on: str
    source: str
    summary: str


ENGLISH = N_("Reads the waveform, pretrained on English speech: for words and commands.")
LARGER = N_("A larger version with three times as many parameters: more accurate, and slower.")
LANGUAGES = N_(
    "Reads the waveform, pretrained on speech in many languages: for speech in any of them."
)
HUBERT = N_("A successor to wav2vec 2.0, usually somewhat more accurate: for words and commands.")
WAVLM = N_("Pretrained to ignore noise and other voices: for speakers, emotions and words.")

LIBRISPEECH = "LibriSpeech (960 hours of English)"
LIBRILIGHT = "Libri-Light (60 000 hours of English)"
WAV2VEC2 = "https://arxiv.org/abs/2006.11477"
HUBERT_PAPER = "https://arxiv.org/abs/2106.07447"
WAVLM_PAPER = "https://arxiv.org/abs/2110.13900"

PIPELINES = {
    "wav2vec2_base": Described("wav2vec 2.0 Base", "wav2vec 2.0", LIBRISPEECH, WAV2VEC2, ENGLISH),
    "wav2vec2_large": Described("wav2vec 2.0 Large", "wav2vec 2.0", LIBRISPEECH, WAV2VEC2, LARGER),
    "wav2vec2_large_lv60k": Described(
        "wav2vec 2.0 Large LV-60K", "wav2vec 2.0", LIBRILIGHT, WAV2VEC2, LARGER
    ),
    "wav2vec2_xlsr53": Described(
        "wav2vec 2.0 XLSR-53",
        "wav2vec 2.0",
        "56 000 hours in 53 languages",
        "https://arxiv.org/abs/2006.13979",
        LANGUAGES,
    ),
    "wav2vec2_xlsr_300m": Described(
        "XLS-R 300M",
        "wav2vec 2.0",
        "436 000 hours in 128 languages",
        "https://arxiv.org/abs/2111.09296",
        LANGUAGES,
    ),
    "hubert_base": Described("HuBERT Base", "HuBERT", LIBRISPEECH, HUBERT_PAPER, HUBERT),
    "hubert_large": Described("HuBERT Large", "HuBERT", LIBRILIGHT, HUBERT_PAPER, LARGER),
    "wavlm_base": Described("WavLM Base", "WavLM", LIBRISPEECH, WAVLM_PAPER, WAVLM),
    "wavlm_base_plus": Described(
        "WavLM Base+", "WavLM", "94 000 hours of English", WAVLM_PAPER, WAVLM
    ),
    "wavlm_large": Described(
        "WavLM Large", "WavLM", "94 000 hours of English", WAVLM_PAPER, LARGER
    ),
}


def generate() -> tuple[Backbone, ...]:
    """Each pipeline of the table, in its order."""
    return tuple(row(key, described) for key, described in PIPELINES.items())


def row(key: str, described: Described) -> Backbone:
    """The row of one pipeline."""
    with torch.device("meta"):
        published = _published(key)
        network = models.listening_network(key)
    params = sum(p.numel() for p in published.parameters())
    flops = _flops(network)
    speed, words = next((s, words) for most, s, words in SPEEDS if flops <= most)
    return Backbone(
        key=key,
        title=described.title,
        family=described.family,
        summary=f"{described.summary} {words}",
        params=params,
        features=_transformer(network).pos_conv_embed.embed_dim,
        groups=groups(network),
        input={"rate": backbones.RATE},
        flops=flops,
        weights_url=PUBLISHED + pipeline(key)._path,
        weights_hash="",
        download_bytes=4 * params,
        trained_on=described.trained_on,
        accuracy=None,
        licence=licence(key),
        speed=speed,
        source=described.source,
        attention=lora.has_attention(network),
    )


def pipeline(key: str) -> Any:
    """torchaudio's own description; what it keeps of it is private."""
    from torchaudio import pipelines

    return getattr(pipelines, key.upper())


def _published(key: str) -> nn.Module:
    """The network as torchaudio makes it, for its published weights."""
    from torchaudio.pipelines._wav2vec2 import utils

    described = pipeline(key)
    return utils._get_model(described._model_type, described._params)


def licence(key: str) -> str:
    """As the documentation of torchaudio has it."""
    from torchaudio.pipelines._wav2vec2 import impl

    text = inspect.getsource(impl).partition(f"\n{key.upper()}.__doc__ = ")[2][:1500]
    found = re.search(r"under\s+(\S+)\s+License", text)
    if found is None:
        raise LookupError(f"torchaudio names no licence for {key}")
    return found[1]


def _flops(network: nn.Module) -> float:
    """Multiply-adds for one second, in units of 1e9."""
    from torch.utils.flop_counter import FlopCounterMode

    counter, listening = FlopCounterMode(display=False), models.Hearing(network, False)
    with counter, torch.no_grad():
        listening.eval()(torch.empty(1, backbones.RATE, device="meta"))
    return round(counter.get_total_flops() / 2e9, 3)


def groups(network: nn.Module) -> tuple[tuple[str, ...], ...]:
    """Parameter-name prefixes: the convolutions, what leads to the transformer, its layers."""
    own, name = _transformer(network), "network.encoder.transformer"
    norm = [f"{name}.layer_norm"] if own.layer_norm_first else []
    return (
        ("network.feature_extractor",),
        ("network.encoder.feature_projection", f"{name}.pos_conv_embed", *norm),
        *((f"{name}.layers.{at}",) for at in range(len(own.layers))),
    )


def _transformer(network: nn.Module) -> Any:
    return network.get_submodule("encoder.transformer")


if __name__ == "__main__":
    backbones.FILE.write_bytes(write(generate()))
