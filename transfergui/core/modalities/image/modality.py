"""Pictures: class folders or manifests of image files, and torchvision's classification networks.

``files`` finds and checks, ``decode`` opens, ``transforms`` prepares and
augments, ``backbones`` lists the networks, ``models`` builds them (only
``transforms`` and ``models`` import torch, and are imported when needed).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from transfergui.core.base.files import digest as file_digest
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.interfaces import Backbone, Preview, ScanProgress
from transfergui.core.reading.data_options import FileData

if TYPE_CHECKING:
    import numpy as np
    import torch

    from transfergui.core.data.rows import OwnRow
    from transfergui.core.interfaces import Baseline, Source
    from transfergui.core.modalities.image.deep import Reading
    from transfergui.core.resolve import Plan


class ImageData(FileData, frozen=True):
    """How the pictures of a data set are read; each is chosen by the scan if it is left open."""

    white: (
        Annotated[
            float,
            option(
                N_("White level"),
                N_(
                    "The value that is shown as white in pictures of more than 8 bits (16-bit, "
                    "floating point); what is brighter is white, too. Automatic: the largest value "
                    "of all files, or the next usual one, such as 4095 or 65535."
                ),
            ),
        ]
        | None
    ) = None
    black: (
        Annotated[
            float,
            option(
                N_("Black level"),
                N_(
                    "The value that is shown as black in pictures of more than 8 bits. Automatic: "
                    "0, or the smallest value of all files if some are negative."
                ),
            ),
        ]
        | None
    ) = None
    ground: (
        Annotated[
            Literal["white", "black", "gray"],
            option(
                N_("Background of transparent pictures"),
                N_(
                    "The colour that transparent parts get. Automatic: white, unless that hides "
                    "what the pictures show."
                ),
                labels={"white": N_("White"), "black": N_("Black"), "gray": N_("Gray")},
            ),
        ]
        | None
    ) = None


class ImageInput(Options, frozen=True):
    """How a picture is read and brought to the size that the network wants.

    ``interpolation``, ``mean`` and ``std`` belong to the backbone, ``integers``, ``floats`` and
    ``ground`` come from the data; none of them is shown.

    Attributes:
        integers, floats, ground: as of :class:`transfergui.core.modalities.image.deep.Reading`.
    """

    size: Annotated[
        int,
        option(
            N_("Picture size"),
            N_("Pictures are brought to this many pixels, squared, before the network sees them."),
            ge=16,
            le=1024,
            unit="px",
            advanced=True,
        ),
    ] = 224
    resize: Annotated[
        int,
        option(
            N_("Resize first to"),
            N_("The shorter side is brought to this many pixels before the edges are cut off."),
            ge=16,
            le=1200,
            unit="px",
            advanced=True,
        ),
    ] = 256
    fit: Annotated[
        Literal["crop", "pad", "squash"],
        option(
            N_("Pictures that are not square"),
            N_("What happens to pictures that are wider or higher than the network wants."),
            labels={
                "crop": N_("Cut the edges off"),
                "pad": N_("Add a border"),
                "squash": N_("Squeeze into a square"),
            },
            advanced=True,
        ),
    ] = "crop"
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    integers: tuple[float, float] | None = None
    floats: tuple[float, float] | None = None
    ground: Literal["white", "black", "gray"] = "white"

    @property
    def reading(self) -> Reading:
        """What decoding needs of it."""
        from transfergui.core.modalities.image.deep import Reading

        return Reading(self.integers, self.floats, self.ground)


class ImageAugment(Options, frozen=True):
    """Random changes of each picture, anew in every epoch; everything off by default."""

    flip: Annotated[
        bool,
        option(N_("Mirror"), N_("Mirror half of the pictures left to right.")),
    ] = False
    flip_vertical: Annotated[
        bool,
        option(N_("Upside down"), N_("Turn half of the pictures upside down.")),
    ] = False
    rotation: Annotated[
        float,
        option(N_("Rotation"), N_("Turn by up to this much."), ge=0, le=180, unit="°"),
    ] = 0.0
    shift: Annotated[
        float,
        option(N_("Shift"), N_("Move by up to this share of the size."), ge=0, le=50, unit="%"),
    ] = 0.0
    shear: Annotated[
        float,
        option(N_("Shear"), N_("Slant by up to this much."), ge=0, le=45, unit="°"),
    ] = 0.0
    zoom: Annotated[
        float,
        option(N_("Zoom"), N_("Enlarge or shrink by up to this much."), ge=0, le=80, unit="%"),
    ] = 0.0
    crop: Annotated[
        float,
        option(
            N_("Random crop"),
            N_("Cut out a random part; at most this share of the area is cut away."),
            ge=0,
            le=95,
            unit="%",
        ),
    ] = 0.0
    colour: Annotated[
        float,
        option(
            N_("Colour and light"),
            N_("Change brightness, contrast, saturation and, slightly, hue by up to this much."),
            ge=0,
            le=90,
            unit="%",
        ),
    ] = 0.0
    blur: Annotated[
        float,
        option(N_("Blur"), N_("Blur up to this many pixels."), ge=0, le=10, unit="px"),
    ] = 0.0
    erasing: Annotated[
        float,
        option(
            N_("Erasing"),
            N_("Cover a random rectangle in this share of the pictures."),
            ge=0,
            le=100,
            unit="%",
        ),
    ] = 0.0
    mixup: Annotated[
        float,
        option(
            N_("Mixup"),
            N_("Blend pairs of pictures and of their labels (Zhang et al. 2018). 0 is off."),
            ge=0,
            le=2,
            advanced=True,
        ),
    ] = 0.0
    cutmix: Annotated[
        float,
        option(
            N_("CutMix"),
            N_("Paste a part of one picture into another (Yun et al. 2019). 0 is off."),
            ge=0,
            le=2,
            advanced=True,
        ),
    ] = 0.0
    rescale: Annotated[
        float,
        option(
            N_("Random resolution"),
            N_(
                "Show each batch at a resolution of its own, higher or lower by up to this much: "
                "the network learns to recognise things whatever their size."
            ),
            ge=0,
            le=100,
            unit="%",
            advanced=True,
        ),
    ] = 0.0


PRESETS: dict[str, Options] = {
    N_("None"): ImageAugment(),
    N_("Light"): ImageAugment(flip=True, crop=20, colour=10),
    N_("Strong"): ImageAugment(
        flip=True, rotation=15, shift=5, shear=5, zoom=10, crop=50, colour=30, erasing=25, mixup=0.2
    ),
}


class Image:
    """The image modality; see :class:`transfergui.core.interfaces.Modality`."""

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
    recommended = "mobilenet_v2"  # small, quick, and it transfers well to most pictures
    prepared = "upright RGB pictures, channels first, from 0 (black) to 1 (white)"

    def backbones(self) -> tuple[Backbone, ...]:
        from transfergui.core.modalities.image import backbones

        return backbones.rows()

    def scan(self, options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
        from transfergui.core.modalities.image import files

        return files.scan(options, progress)

    def list_files(self, paths: Sequence[Path], input: Options) -> Iterator[Path]:
        from transfergui.core.modalities.image import files

        return files.list_files(paths)

    def own_row(self, path: Path, input: Options) -> OwnRow | None:
        return None

    def data_for(self, input: Options) -> dict[str, Any]:
        return {}

    def check(self, path: Path) -> Problem | None:
        from transfergui.core.modalities.image import files

        return files.check(path)

    def digest(self, path: Path, input: Options) -> str:
        return file_digest(path)

    def load(self, path: Path, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.image import transforms

        return transforms.load(path, _input(input))

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.image import transforms

        return transforms.prepare(loaded, _input(input))

    def doubt(self, prepared: torch.Tensor, input: Options) -> tuple[str, dict[str, Any]] | None:
        low, high = prepared.flatten(1).aminmax(dim=1)
        return ("picture.blank", {}) if bool((low == high).all()) else None

    def file_doubt(self, path: Path, input: Options) -> tuple[str, dict[str, Any]] | None:
        from transfergui.core.modalities.image import files

        return files.doubt(path, _input(input).reading)

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
    ) -> torch.Tensor:
        from transfergui.core.modalities.image import transforms

        return transforms.augment(loaded, _input(input), _augment(options), rngs, device)

    def mixes(self, options: Options) -> bool:
        chosen = _augment(options)
        return chosen.mixup > 0 or chosen.cutmix > 0 or chosen.rescale > 0

    def mix(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        options: Options,
        rng: np.random.Generator,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        from transfergui.core.modalities.image import transforms

        return transforms.mix(inputs, targets, _augment(options), rng)

    def require_fit(self, backbone: Backbone, input: Options, augment: Options) -> None:
        from transfergui.core.modalities.image import models, transforms

        size = _input(input).size
        models.require_sizes(backbone, size, transforms.resolutions(size, _augment(augment)))

    def fused(self, inputs: Sequence[Options]) -> tuple[Options, tuple[Options, ...]]:
        """The largest picture that any of them wants; the others get it made smaller."""
        whole = max(map(_input, inputs), key=lambda input: input.size)
        shared = {name: getattr(whole, name) for name in ("resize", "fit", "interpolation")}
        return whole, tuple(msgspec.structs.replace(own, **shared) for own in inputs)

    def beside(self, backbone: Backbone, weights: Path | None) -> dict[str, Any]:
        return {}

    def from_path(self, path: Path) -> Source | None:
        return None

    def equip(self, plan: Plan, folder: Path) -> None:
        """Nothing: a picture is prepared from its options alone."""

    def baselines(self, plan: Plan) -> tuple[Baseline, ...]:
        return ()

    def remarks(self, plan: Plan, searched: bool) -> Iterable[tuple[str, dict[str, Any]]]:
        return ()

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        from transfergui.core.modalities.image import models

        return models.build(backbone, weights, _input(input))

    def shown(self, prepared: torch.Tensor, input: Options) -> Preview:
        pixels = prepared.mul(255).round().byte().permute(1, 2, 0)
        return Preview("picture", pixels.contiguous().numpy())

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
