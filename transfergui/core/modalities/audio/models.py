"""Encoders for sounds: networks for pictures behind a spectrogram, and networks that listen.

Both take waveforms [N, T] and give features [N, F]; a weights file names the
tensors of ``network``, and is the same file that the image modality or torchaudio loads.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.amp.autocast_mode import is_autocast_available
from torch.nn import functional as F  # noqa: N812 - torch's own convention
from torch.overrides import TorchFunctionMode

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.audio import backbones
from transfergui.core.modalities.audio.options import AudioInput
from transfergui.core.modalities.audio.spectrogram import Picture
from transfergui.core.modalities.image import models as pictures
from transfergui.core.nn import state_dicts

FRAME, STEP = 400, 320
"""Values that a frame of a listening network hears, and between frames."""

UNUSED = r"aux\.|encoder\.transformer\.layer_norm\.|mask_generator\."
"""These may be in a weights file without being wanted: what was made of the last layer."""


def build(backbone: Backbone, weights: Path | None, input: AudioInput) -> Seeing | Hearing:
    """The encoder of ``backbone``, on the CPU, for clips of ``input.seconds``.

    Args:
        weights: a file of :mod:`transfergui.core.nn.state_dicts`; None for random
            ones, drawn from torch's default generator.

    Raises:
        UserError: ``backbone.size``, ``sound.no_torchaudio``: the network cannot be made;
            or a ``weights.`` code: the file cannot be used.
    """
    if backbones.hears(backbone):
        return Hearing(_filled(backbone, weights), LISTENING[backbone.key].level)
    width = backbones.width(input.size, input.seconds, input.wide)
    parts = pictures.filled(backbone, weights, input.size, width)
    return Seeing(parts.network, input, width, parts.aux_features)


# -- networks that look at a spectrogram


class Seeing(nn.Module):
    """Waveforms [N, T] to features [N, F] by way of a spectrogram.

    Args:
        network: for pictures, without its last layer.
        width: of the spectrogram, in pixels.
        aux_features: as of :class:`transfergui.core.modalities.image.models.Encoder`.
    """

    def __init__(
        self, network: nn.Module, input: AudioInput, width: int, aux_features: int = 0
    ) -> None:
        super().__init__()
        highest = min(input.highest, input.rate / 2)
        self.picture = Picture(input.rate, input.mels, highest, input.samples, input.size, width)
        self.network = network
        self.aux_features = aux_features

    def forward(self, waveforms: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        features = self.network(self._pictures(waveforms).expand(-1, 3, -1, -1))
        return tuple(features) if isinstance(features, tuple) else features

    def _pictures(self, waveforms: Tensor) -> Tensor:
        """Computed in full precision: powers of tones span more than half precision holds."""
        device = waveforms.device.type
        if not (is_autocast_available(device) and torch.is_autocast_enabled(device)):
            return self.picture(waveforms)
        with torch.autocast(device, enabled=False):
            return self.picture(waveforms.float())


# -- networks that listen


class Listening(NamedTuple):
    """How torchaudio makes a network, and what the network wants.

    Attributes:
        maker: a function of ``torchaudio.models``.
        level: whether it was trained on sounds brought to one loudness.
    """

    maker: str
    level: bool


LISTENING: Mapping[str, Listening] = {
    "wav2vec2_base": Listening("wav2vec2_base", False),
    "wav2vec2_large": Listening("wav2vec2_large", False),
    "wav2vec2_large_lv60k": Listening("wav2vec2_large_lv60k", True),
    "wav2vec2_xlsr53": Listening("wav2vec2_large_lv60k", True),
    "wav2vec2_xlsr_300m": Listening("wav2vec2_xlsr_300m", True),
    "hubert_base": Listening("hubert_base", False),
    "hubert_large": Listening("hubert_large", True),
    "wavlm_base": Listening("wavlm_base", False),
    "wavlm_base_plus": Listening("wavlm_base", False),
    "wavlm_large": Listening("wavlm_large", True),
}
"""torchaudio's pipelines, by key; their names are the keys in capitals."""


class Hearing(nn.Module):
    """Waveforms [N, T] at 16000 a second to features [N, F]: the mean over layers and frames.

    No single layer is best for every task (Yang et al., "SUPERB", 2021, arXiv:2105.01051): the
    first know the voice, the later ones the words. So each counts alike, brought to one scale.
    Of the frames, those count that hear something other than the zeros around a short sound.

    Args:
        network: a ``torchaudio.models.Wav2Vec2Model``.
        level: as of :class:`Listening`.
    """

    aux_features = 0

    def __init__(self, network: nn.Module, level: bool) -> None:
        super().__init__()
        self.network = network
        self.level = level

    def forward(self, waveforms: Tensor) -> Tensor:
        heard = F.max_pool1d(waveforms.abs()[:, None], FRAME, STEP)[:, 0] > 0
        sounds = _levelled(waveforms) if self.level else waveforms
        plain = torch.compiler.is_exporting()
        with _PlainAttention() if plain else contextlib.nullcontext():
            layers, _ = self.network.extract_features(sounds)  # type: ignore[operator]
        frames = sum(F.layer_norm(layer, layer.shape[-1:]) for layer in layers) / len(layers)
        weights = (heard + SILENCE)[..., None]
        return (frames * weights).sum(1) / weights.sum(1)


class _PlainAttention(TorchFunctionMode):
    """Attention (Vaswani et al. 2017) computed step by step, as exports need it.

    torch's own lays out what it gives so that the graph of WavLM, which counts on
    that layout, cannot be translated to ONNX.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is F.scaled_dot_product_attention:
            return _attention(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


def _attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, **_: Any
) -> Tensor:
    """Without dropout: only networks in eval mode are exported."""
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if attn_mask is not None:
        scores = scores + attn_mask
    return scores.softmax(-1) @ value


SILENCE = 1e-6
"""The weight of a frame without sound; where there is no sound at all, they count alike."""


def _levelled(waveforms: Tensor) -> Tensor:
    """Each with a mean square of 1 where it is not zero."""
    heard = (waveforms != 0).sum(1, keepdim=True).clamp(min=1)
    power = waveforms.square().sum(1, keepdim=True) / heard
    return waveforms * (power + 1e-7).rsqrt()


def _filled(backbone: Backbone, weights: Path | None) -> nn.Module:
    try:
        if weights is None:
            return listening_network(backbone.key)
        with torch.device("meta"):
            network = listening_network(backbone.key)
    except (ImportError, OSError, RuntimeError) as error:  # torchaudio is for another torch
        reason = str(error).partition("\n")[0]
        raise UserError("sound.no_torchaudio", title=backbone.title, reason=reason) from error
    tensors = state_dicts.run_network(state_dicts.read(weights, pictures.limit(backbone)))
    tensors = {_modern(name): tensor for name, tensor in tensors.items()}
    state_dicts.fill(network, tensors, weights, backbone.title, re.compile(UNUSED))
    return network


def listening_network(key: str) -> nn.Module:
    """The network ``key``, randomly filled, without what only its last layer is for.

    Raises:
        ImportError, OSError, RuntimeError: torchaudio cannot be imported.
    """
    from torchaudio import models

    network: nn.Module = getattr(models, LISTENING[key].maker)()
    transformer: Any = network.get_submodule("encoder.transformer")
    if not transformer.layer_norm_first:  # then it comes behind the last layer
        transformer.layer_norm = nn.Identity()
    return network


def _modern(name: str) -> str:
    """What the published files call ``weight_g`` and ``weight_v`` has other names today."""
    name = name.replace(".conv.weight_g", ".conv.parametrizations.weight.original0")
    return name.replace(".conv.weight_v", ".conv.parametrizations.weight.original1")
