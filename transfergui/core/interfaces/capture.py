"""What cameras and microphones give, and what a kind of data makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from transfergui.core.base.options import Options

if TYPE_CHECKING:
    import numpy as np
    import torch


@dataclass(frozen=True)
class Captured:
    """What a device gave, or a file that is played as if it were one.

    Attributes:
        values: of a picture uint8 [height, width, 3], red, green and blue; of a sound
            float32 [T] in [-1, 1], one channel.
        rate: of a sound, in hertz; 0 of a picture.
        at: seconds from the beginning of the file, or of :func:`time.monotonic`.
    """

    values: np.ndarray
    rate: int = 0
    at: float = 0.0


def no_length(input: Options) -> float:
    """As :attr:`Device.seconds`: pictures have none."""
    return 0.0


@dataclass(frozen=True)
class Device:
    """How samples of one kind of data are taken, instead of read from files.

    Attributes:
        key: which device takes them.
        load: as :meth:`transfergui.core.interfaces.plan.Modality.load`, of what the device gave.
        play: what the device would give if it saw or heard a file: the frames of a video, or blocks
            of a sound, in order and as fast as they can be read. Raises
            :class:`~transfergui.core.base.errors.UserError` where the file cannot be played.
        encode: what was taken as a file that ``Modality.load`` reads: its content, and the ending
            of its name.
        patterns: of the files that can be played.
        seconds: how long a sample is; 0 where it has no length.
    """

    key: Literal["camera", "microphone"]
    load: Callable[[Captured, Options], torch.Tensor]
    play: Callable[[Path], Iterator[Captured]]
    encode: Callable[[Captured], tuple[bytes, str]]
    patterns: tuple[str, ...]
    seconds: Callable[[Options], float] = no_length
