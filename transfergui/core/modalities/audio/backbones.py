"""The list of networks for sounds: those for pictures, and those that hear the waveform.

Networks for pictures look at spectrograms; their rows are those of the image
modality with another input. The others are torchaudio's pretrained pipelines,
read from ``backbones.json``, which
``python -m transfergui.core.modalities.audio.generate_backbones`` makes.
Neither needs torch.
"""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image import backbones as pictures

FILE = Path(__file__).with_name("backbones.json")

RATE = 16000
"""Samples a second, which the networks that hear waveforms were trained with."""
SIZE = 96
"""Pixels that a spectrogram is high: enough for 64 bands, and quick."""
SQUARE = ("vit_", "maxvit_")
"""Networks that take pictures of one size only, by the beginning of their keys."""


@cache
def rows() -> tuple[Backbone, ...]:
    """Every network; those for pictures first, in their order."""
    whole = (row for row in pictures.rows() if not row.body)
    return *map(_looking, whole), *pictures.read(FILE.read_bytes())


def hears(backbone: Backbone) -> bool:
    """Whether a network gets the waveform, not a picture of it."""
    return "size" not in backbone.input


def require_rate(backbone: Backbone, rate: int) -> None:
    """Insist that a network gets what it was trained with.

    Raises:
        UserError: ``sound.rate``.
    """
    if hears(backbone) and rate != RATE:
        raise UserError("sound.rate", title=backbone.title, rate=rate, own=RATE)


def width(size: int, seconds: float, wide: bool) -> int:
    """Pixels that a spectrogram ``size`` pixels high is wide.

    A second is twice as wide as the picture is high, which told spoken digits apart best; long
    clips are squeezed into :data:`WIDEST`, and networks that insist on it get a square.
    """
    if not wide:
        return size
    wanted = 2 * size * min(max(seconds, 0.5), WIDEST)
    return round(wanted / STEP) * STEP


WIDEST = 4
"""Seconds."""
STEP = 32
"""Pixels; most networks halve a picture five times."""


def _looking(row: Backbone) -> Backbone:
    """A network for pictures, as one for spectrograms."""
    wide = not row.key.startswith(SQUARE)
    size = SIZE if wide else row.input["size"]
    input: dict[str, Any] = {"size": size, "wide": wide}
    share = size * width(size, 1.0, wide) / row.input["size"] ** 2
    return msgspec.structs.replace(
        row,
        input=input,
        flops=round(row.flops * share, 3),
    )
