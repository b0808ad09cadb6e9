"""Sounds: class folders or manifests of recordings; spectrograms for networks made for pictures,
and networks that listen to the waveform itself.

``files`` finds, checks, groups and cuts into windows, ``reading`` opens whatever holds
sound (numpy, soundfile and PyAV only; ``predict.py`` has it too), ``decode`` does so for
the program, ``transforms`` prepares and augments, ``spectrogram`` turns
waveforms into pictures inside the network, ``backbones`` lists the networks,
``models`` builds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.data.likeness import Compare, Likeness
from transfergui.core.data.properties import Fault, Framing, Property, Value
from transfergui.core.interfaces.capture import Device
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.interfaces.samples import Augmented, Preview
from transfergui.core.modalities.audio.microphone import DEVICE
from transfergui.core.modalities.audio.options import PRESETS, AudioAugment, AudioData, AudioInput
from transfergui.core.modalities.audio.properties import FAULTS, PROPERTIES
from transfergui.core.modalities.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import torch


def _comparison(options: Options) -> Compare:
    from transfergui.core.modalities.audio import copies

    return copies.comparison(_input(options))


LIKENESS = Likeness(same=0.95, apart=0.3, neighbours=5, of=_comparison)


class Audio(Usual):
    """The sound modality; see :class:`transfergui.core.interfaces.plan.Modality`."""

    key = "audio"
    title = N_("Sounds")
    one = N_("recording")
    many = N_("recordings")
    data_options: type[Options] = AudioData
    input_options: type[Options] = AudioInput
    augment_options: type[Options] = AudioAugment
    augment_presets: Mapping[str, Options] = PRESETS
    patterns: tuple[str, ...] = (
        "*.wav",
        "*.wave",
        "*.bwf",
        "*.rf64",
        "*.flac",
        "*.ogg",
        "*.oga",
        "*.opus",
        "*.spx",
        "*.mp3",
        "*.aiff",
        "*.aif",
        "*.aifc",
        "*.au",
        "*.snd",
        "*.caf",
        "*.w64",
        "*.m4a",
        "*.m4b",
        "*.m4r",
        "*.3gp",
        "*.3ga",
        "*.3g2",
        "*.webm",
        "*.weba",
        "*.mka",
        "*.aac",
        "*.wma",
        "*.amr",
        "*.awb",
        "*.ape",
        "*.wv",
    )
    patterns_on_request: tuple[str, ...] = (
        "*.mp4",
        "*.m4v",
        "*.mov",
        "*.mkv",
        "*.avi",
        "*.wmv",
        "*.asf",
        "*.ogv",
        "*.mpg",
        "*.mpeg",
        "*.mts",
        "*.m2ts",
        "*.flv",
    )
    reading: tuple[str, ...] = ()
    tables = False
    typed = ""
    icon = "wave"
    recommended = "mobilenet_v2"  # small, quick, and spectrograms are pictures too
    prepared = N_("waveforms of one channel, from -1 to 1, of the rate and length in the options")
    properties: tuple[Property, ...] = PROPERTIES
    faults: tuple[Fault, ...] = FAULTS
    likeness: Likeness | None = LIKENESS
    device: Device | None = DEVICE

    def backbones(self) -> tuple[Backbone, ...]:
        from transfergui.core.modalities.audio import backbones

        return backbones.rows()

    def scan(self, options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
        from transfergui.core.modalities.audio import files

        return files.scan(options, progress)

    def list_files(self, paths: Sequence[Path], input: Options) -> Iterator[Path]:
        from transfergui.core.modalities.audio import files

        return files.list_files(paths, _input(input).seconds, _input(input).videos)

    def data_for(self, input: Options) -> dict[str, Any]:
        return {"clip": _input(input).seconds, "video_sound": _input(input).videos}

    def check(self, path: Path) -> Problem | None:
        from transfergui.core.modalities.audio import files

        return files.check(path)

    def digest(self, path: Path, input: Options) -> str:
        from transfergui.core.modalities.audio import files

        return files.digest(path)

    def copies(
        self,
        own: Sequence[Path],
        others: Sequence[Path],
        input: Options,
        check_cancelled: Callable[[], object],
    ) -> list[tuple[int, int]] | None:
        return []  # only the features of a backbone tell which of them are worth comparing

    def load(self, path: Path, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.audio import transforms

        return transforms.load(path, _input(input))

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.audio import transforms

        return transforms.prepare(loaded, _input(input))

    def prediction_warning(self, prepared: torch.Tensor, input: Options) -> Note | None:
        from transfergui.core.modalities.audio import files

        swing = float(prepared.max() - prepared.min())
        return Note("sound.silent") if swing <= files.FAINT else None

    def file_warning(self, path: Path, input: Options) -> Note | None:
        from transfergui.core.modalities.audio import files

        return files.prediction_warning(path)

    def measure(self, path: Path, input: Options) -> dict[str, Value]:
        from transfergui.core.modalities.audio import measuring

        return measuring.measure(path, _input(input).seconds)

    def framing(self, columns: Mapping[str, np.ndarray], input: Options) -> Iterable[Framing]:
        from transfergui.core.modalities.audio import framing

        return framing.framed(columns, _input(input))

    def input_shape(self, input: Options) -> tuple[int, ...]:
        return (_input(input).samples,)

    def example(self, input: Options) -> torch.Tensor:
        import torch

        return torch.zeros(2, *self.input_shape(input))

    def augment(
        self,
        loaded: Sequence[torch.Tensor],
        input: Options,
        options: Options,
        rngs: Sequence[np.random.Generator],
        device: torch.device,
        places: torch.Tensor | None = None,
    ) -> Augmented:
        from transfergui.core.modalities.audio import transforms

        assert places is None  # objectives with places are for pictures
        return Augmented(transforms.augment(loaded, _input(input), _augment(options), rngs, device))

    def mixes(self, options: Options) -> bool:
        return _augment(options).mixup > 0

    def mix(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        options: Options,
        rng: np.random.Generator,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        from transfergui.core.modalities.audio import transforms

        return transforms.mix(inputs, targets, _augment(options), rng)

    def require_fit(self, backbone: Backbone, input: Options, augment: Options) -> None:
        from transfergui.core.modalities.audio import backbones

        backbones.require_rate(backbone, _input(input).rate)

    def fused(self, inputs: Sequence[Options]) -> tuple[Options, tuple[Options, ...]]:
        """They must hear the same; each draws a spectrogram of its own, if any."""
        first, *others = map(_input, inputs)
        for other in others:
            if (other.rate, other.seconds) != (first.rate, first.seconds):
                raise UserError("fusion.other_sound", one=first.rate, other=other.rate)
        return first, tuple(inputs)

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        from transfergui.core.modalities.audio import models

        return models.build(backbone, weights, _input(input))

    def shown(self, prepared: torch.Tensor, input: Options) -> Preview:
        from transfergui.core.modalities.audio import preview

        return preview.of_samples(prepared.numpy(), _input(input).rate)

    def without(self, prepared: torch.Tensor, hidden: np.ndarray, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.audio import transforms

        return transforms.without(prepared, hidden, _input(input))

    def explained(
        self, path: Path, prepared: torch.Tensor, heat: np.ndarray, hot: np.ndarray, input: Options
    ) -> Preview:
        from transfergui.core.modalities.audio import preview

        return preview.explained(path, prepared.numpy(), heat, _input(input))

    def preview(self, path: Path, input: Options, large: bool = False) -> Preview:
        from transfergui.core.modalities.audio import preview

        return preview.of_file(path, _input(input))


def _input(options: Options) -> AudioInput:
    assert isinstance(options, AudioInput)
    return options


def _augment(options: Options) -> AudioAugment:
    assert isinstance(options, AudioAugment)
    return options
