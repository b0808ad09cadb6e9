"""Pictures that a camera gives, and the frames of videos."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.interfaces.capture import Captured, Device
from transfergui.core.modalities.image.options import ImageInput

if TYPE_CHECKING:
    import torch

QUALITY = 95
"""Of the JPEGs in which pictures are kept, with full resolution of colours."""
RATE = 25.0
"""Frames a second of a video that does not say."""


def load(captured: Captured, input: Options) -> torch.Tensor:
    from transfergui.core.modalities.image import transforms

    assert isinstance(input, ImageInput)
    return transforms.load_pixels(captured.values, input)


def encode(captured: Captured) -> tuple[bytes, str]:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(captured.values).save(stream, "JPEG", quality=QUALITY, subsampling=0)
    return stream.getvalue(), ".jpg"


def frames(path: Path) -> Iterator[Captured]:
    """The frames of a video.

    Raises:
        UserError: ``capture.needs_av``, ``capture.not_a_video``, ``capture.unreadable``.
    """
    try:
        import av
    except ImportError:
        raise UserError("capture.needs_av", path=str(path)) from None
    try:
        with av.open(str(path)) as container:
            yield from _frames(container, path)
    except UserError:
        raise
    except OSError as error:  # so are most errors of FFmpeg
        raise UserError("capture.unreadable", path=str(path), reason=str(error)) from error
    except (ValueError, IndexError) as error:
        raise UserError("capture.not_a_video", path=str(path)) from error


def _frames(container: Any, path: Path) -> Iterator[Captured]:
    if not container.streams.video:
        raise UserError("capture.not_a_video", path=str(path))
    stream = container.streams.video[0]
    stream.thread_type = "SLICE"  # frames ahead would take the processor from the model
    rate = float(stream.average_rate or RATE)
    begin: float | None = None
    for number, frame in enumerate(container.decode(stream)):
        at = number / rate if frame.time is None else frame.time
        begin = at if begin is None else begin
        yield Captured(frame.to_ndarray(format="rgb24"), at=max(0.0, at - begin))


DEVICE = Device(
    key="camera",
    load=load,
    play=frames,
    encode=encode,
    patterns=("*.mp4", "*.mov", "*.mkv", "*.webm", "*.avi", "*.m4v", "*.wmv", "*.mpg", "*.gif"),
)
