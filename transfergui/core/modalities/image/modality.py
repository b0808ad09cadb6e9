"""Pictures: class folders or manifests of image files, and torchvision's classification networks.

``files`` finds and checks, ``decode`` opens, ``transforms`` prepares and
augments, ``backbones`` lists the networks, ``models`` builds them (only
``transforms`` and ``models`` import torch, and are imported when needed). ``measuring``
measures what needs no understanding (``properties``), ``framing`` says what is cut off.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.files import digest as file_digest
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
from transfergui.core.modalities.image.camera import DEVICE
from transfergui.core.modalities.image.options import PRESETS, ImageAugment, ImageData, ImageInput
from transfergui.core.modalities.image.properties import FAULTS, PROPERTIES
from transfergui.core.modalities.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import torch


def _comparison(options: Options) -> Compare:
    from transfergui.core.modalities.image import crops

    return crops.comparison(_input(options).reading)


LIKENESS = Likeness(same=0.85, apart=0.3, neighbours=2, of=_comparison)


class Image(Usual):
    """The image modality; see :class:`transfergui.core.interfaces.plan.Modality`."""

    key = "image"
    title = N_("Pictures")
    one = N_("picture")
    many = N_("pictures")
    data_options: type[Options] = ImageData
    input_options: type[Options] = ImageInput
    augment_options: type[Options] = ImageAugment
    augment_presets: Mapping[str, Options] = PRESETS
    patterns: tuple[str, ...] = (
        "*.jpg",
        "*.jpeg",
        "*.png",
        "*.gif",
        "*.bmp",
        "*.tif",
        "*.tiff",
        "*.webp",
        "*.avif",
        "*.heic",
        "*.jp2",
        "*.ppm",
        "*.pgm",
        "*.pbm",
    )
    patterns_on_request: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    tables = False
    typed = ""
    icon = "picture"
    recommended = "mobilenet_v2"  # small, quick, and it transfers well to most pictures
    prepared = N_("upright RGB pictures, channels first, from 0 (black) to 1 (white)")
    properties: tuple[Property, ...] = PROPERTIES
    faults: tuple[Fault, ...] = FAULTS
    likeness: Likeness | None = LIKENESS
    device: Device | None = DEVICE

    def backbones(self) -> tuple[Backbone, ...]:
        from transfergui.core.modalities.image import backbones

        return backbones.rows()

    def scan(self, options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
        from transfergui.core.modalities.image import files

        return files.scan(options, progress)

    def list_files(self, paths: Sequence[Path], input: Options) -> Iterator[Path]:
        from transfergui.core.modalities.image import files

        return files.list_files(paths)

    def extent(self, path: Path) -> tuple[int, int] | None:
        from transfergui.core.modalities.image import files

        found = files.stored(os.fspath(path))
        return None if found is None else found.upright

    def check(self, path: Path) -> Problem | None:
        from transfergui.core.modalities.image import files

        return files.check(path)

    def digest(self, path: Path, input: Options) -> str:
        return file_digest(path)

    def copies(
        self,
        own: Sequence[Path],
        others: Sequence[Path],
        input: Options,
        check_cancelled: Callable[[], object],
    ) -> list[tuple[int, int]] | None:
        from transfergui.core.modalities.image import near

        reading = _input(input).reading
        return near.copies([*map(str, own)], [*map(str, others)], check_cancelled, reading)

    def load(self, path: Path, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.image import transforms

        return transforms.load(path, _input(input))

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.image import transforms

        return transforms.prepare(loaded, _input(input))

    def prediction_warning(self, prepared: torch.Tensor, input: Options) -> Note | None:
        low, high = prepared.flatten(1).aminmax(dim=1)
        return Note("picture.blank") if bool((low == high).all()) else None

    def file_warning(self, path: Path, input: Options) -> Note | None:
        from transfergui.core.modalities.image import files

        return files.prediction_warning(path, _input(input).reading)

    def measure(self, path: Path, input: Options) -> dict[str, Value]:
        from transfergui.core.modalities.image import measuring

        return measuring.measure(path, _input(input).reading)

    def framing(self, columns: Mapping[str, np.ndarray], input: Options) -> Iterable[Framing]:
        from transfergui.core.modalities.image import framing

        return framing.framed(columns, _input(input))

    def input_shape(self, input: Options) -> tuple[int, ...]:
        size = _input(input).size
        return 3, size, size

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
        from transfergui.core.modalities.image import transforms

        own = _input(input), _augment(options)
        return transforms.augmented(loaded, *own, rngs, device, places)

    def mixes(self, options: Options) -> bool:
        chosen = _augment(options)
        return chosen.mixup > 0 or chosen.cutmix > 0 or chosen.rescale > 0 or chosen.mosaic > 0

    def unmeant(self, places: bool) -> tuple[str, ...]:
        return ("mixup", "cutmix", "rescale") if places else ("mosaic",)

    def idle(self, input: Options) -> tuple[str, ...]:
        return () if _input(input).fit == "crop" else ("resize",)

    def mix(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        options: Options,
        rng: np.random.Generator,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        from transfergui.core.modalities.image import transforms

        chosen = _augment(options)
        if chosen.mosaic:  # these targets are places
            return transforms.mosaic(inputs, targets, chosen.mosaic / 100, rng)
        return transforms.mix(inputs, targets, chosen, rng)

    def require_fit(self, backbone: Backbone, input: Options, augment: Options) -> None:
        from transfergui.core.modalities.image import models, transforms

        size = _input(input).size
        models.require_sizes(backbone, size, transforms.resolutions(size, _augment(augment)))

    def fused(self, inputs: Sequence[Options]) -> tuple[Options, tuple[Options, ...]]:
        """The largest picture that any of them wants; the others get it made smaller."""
        whole = max(map(_input, inputs), key=lambda input: input.size)
        shared = {name: getattr(whole, name) for name in ("resize", "fit", "interpolation")}
        return whole, tuple(msgspec.structs.replace(own, **shared) for own in inputs)

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        from transfergui.core.modalities.image import models

        return models.build(backbone, weights, _input(input))

    def shown(self, prepared: torch.Tensor, input: Options) -> Preview:
        pixels = prepared.mul(255).round().byte().permute(1, 2, 0)
        return Preview("picture", pixels.contiguous().numpy())

    def without(self, prepared: torch.Tensor, hidden: np.ndarray, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.image import transforms

        return transforms.without(prepared, hidden, _input(input))

    def explained(
        self, path: Path, prepared: torch.Tensor, heat: np.ndarray, hot: np.ndarray, input: Options
    ) -> Preview:
        from transfergui.core.base import heat_colours

        seen = self.shown(prepared, input).data
        region = heat_colours.nearest(hot, seen.shape[:2])
        return Preview("picture", heat_colours.overlaid(seen, heat, region))

    def preview(self, path: Path, input: Options, large: bool = False) -> Preview:
        from transfergui.core.modalities.image import decode

        size = LARGE if large else SMALL
        return Preview("picture", decode.thumbnail(path, size, _input(input).reading), path.name)


SMALL, LARGE = 512, 8192
"""Pixels of the longer side of a preview, at most."""


def _input(options: Options) -> ImageInput:
    assert isinstance(options, ImageInput)
    return options


def _augment(options: Options) -> ImageAugment:
    assert isinstance(options, ImageAugment)
    return options
