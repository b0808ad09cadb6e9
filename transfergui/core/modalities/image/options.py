"""How pictures are read, brought to the size of the network and augmented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.reading.data_options import FileData

if TYPE_CHECKING:
    from transfergui.core.modalities.image.deep import Reading


class ImageData(FileData, frozen=True):
    """How the pictures of a data set are read; each is chosen by the scan if it is left open."""

    box_format: Annotated[
        str,
        option(
            N_("Box format"),
            N_("Which files the boxes come from, if there are several formats."),
            chooser="found",
        ),
    ] = ""
    box_numbers: Annotated[
        str,
        option(
            N_("Numbers of a box"),
            N_(
                "What the last two of four numbers are, where the data do not say it: width and "
                "height (size), or the right and bottom edges (corners). Detected if you choose "
                "none."
            ),
            chooser="found",
        ),
    ] = ""

    white: (
        Annotated[
            float,
            option(
                N_("White level"),
                N_(
                    "The value shown as white in pictures with more than 8 bits per channel. "
                    "Automatic: the largest value of all files, or the next common maximum, such "
                    "as 4095 or 65535."
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
                    "The value shown as black in pictures with more than 8 bits per channel. "
                    "Automatic: 0, or the smallest value of all files if some are negative."
                ),
            ),
        ]
        | None
    ) = None
    ground: (
        Annotated[
            Literal["white", "black", "gray"],
            option(
                N_("Transparent background"),
                N_(
                    "The colour of transparent parts. Automatic: white, unless white hides what "
                    "the pictures show."
                ),
                labels={"white": N_("White"), "black": N_("Black"), "gray": N_("Grey")},
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
            N_("Pictures are scaled to this width and height before the model sees them."),
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
            N_("The shorter side is scaled to this many pixels before the edges are cut off."),
            ge=16,
            le=1200,
            unit="px",
            advanced=True,
        ),
    ] = 256
    fit: Annotated[
        Literal["crop", "pad", "squash"],
        option(
            N_("Non-square pictures"),
            N_("How pictures that are not square are made square."),
            labels={
                "crop": N_("Cut off the edges"),
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
        option(N_("Mirror"), N_("Flip half of the pictures left to right.")),
    ] = False
    flip_vertical: Annotated[
        bool,
        option(N_("Upside down"), N_("Turn half of the pictures upside down.")),
    ] = False
    rotation: Annotated[
        float,
        option(N_("Rotation"), N_("Rotate by up to this angle."), ge=0, le=180, unit="°"),
    ] = 0.0
    shift: Annotated[
        float,
        option(
            N_("Shift"), N_("Move by up to this share of the picture size."), ge=0, le=50, unit="%"
        ),
    ] = 0.0
    shear: Annotated[
        float,
        option(N_("Shear"), N_("Slant by up to this angle."), ge=0, le=45, unit="°"),
    ] = 0.0
    zoom: Annotated[
        float,
        option(N_("Zoom"), N_("Enlarge or shrink by up to this much."), ge=0, le=80, unit="%"),
    ] = 0.0
    crop: Annotated[
        float,
        option(
            N_("Random crop"),
            N_("Cut out a random part. At most this share of the area is cut away."),
            ge=0,
            le=95,
            unit="%",
        ),
    ] = 0.0
    colour: Annotated[
        float,
        option(
            N_("Brightness and colour"),
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
            N_("Blend pairs of pictures and their labels (Zhang et al. 2018). 0 turns this off."),
            ge=0,
            le=2,
            advanced=True,
        ),
    ] = 0.0
    cutmix: Annotated[
        float,
        option(
            N_("CutMix"),
            N_("Paste part of one picture into another (Yun et al. 2019). 0 turns this off."),
            ge=0,
            le=2,
            advanced=True,
        ),
    ] = 0.0
    mosaic: Annotated[
        float,
        option(
            N_("Mosaic"),
            N_(
                "Show this share of the pictures as a part of four pictures side by side "
                "(Bochkovskiy et al. 2020). Only where boxes are predicted."
            ),
            ge=0,
            le=100,
            unit="%",
            advanced=True,
        ),
    ] = 0.0
    rescale: Annotated[
        float,
        option(
            N_("Random resolution"),
            N_(
                "Show each batch at a random resolution, higher or lower by up to this much. The "
                "model learns to recognise objects of different sizes."
            ),
            ge=0,
            le=100,
            unit="%",
            advanced=True,
        ),
    ] = 0.0


PRESETS: dict[str, Options] = {
    N_("None"): ImageAugment(),
    N_("Light"): ImageAugment(flip=True, crop=20.0, colour=10.0),
    N_("Strong"): ImageAugment(
        flip=True,
        rotation=15.0,
        shift=5.0,
        shear=5.0,
        zoom=10.0,
        crop=50.0,
        colour=30.0,
        erasing=25.0,
        mixup=0.2,
    ),
}
