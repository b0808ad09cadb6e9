"""Examples that a web page carries, with what the model says of them: the browser that opens the
page must come to the same.

They are made here and show nothing: nobody's data leave the computer with a page. Pictures are PNG
and sounds WAV, which hold exact values; they reach every step of the preparation (enlarging,
shrinking in two steps, transparency; several rates and channels; cutting off long texts).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.base import files

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel

SIZES = ((900, 640, 20), (150, 260, 10), (64, 64, 1))
"""Width and height of a picture, and the side of a square in it of one colour."""
RATES = ((22050, 2), (8000, 1))
"""Samples a second and channels of a sound."""
SECONDS = 0.6
SENTENCE = (
    "The <b>quick</b> brown fox &amp; its friends don't pay 3.5 % more: caf\u00e9, "
    "Stra\u00dfe, \u4f60\u597d, na\u00efve r\u00e9sum\u00e9s (re-read twice)!"
)
MIME = {"image": "image/png", "audio": "audio/wav", "text": "text/plain"}


def answered(model: TrainedModel) -> list[dict[str, Any]]:
    """The examples for a model: name, MIME type, content in base64, and logits [O]."""
    make = {"image": _pictures, "audio": _sounds, "text": _texts}[model.modality.key]
    found = []
    with files.temporary_folder() as folder:
        for name, content in make(model):
            path = folder / name
            path.write_bytes(content)
            logits = model.logits(model.read(path)[None])[0]
            found.append(
                {
                    "name": name,
                    "type": MIME[model.modality.key],
                    "data": base64.b64encode(content).decode(),
                    "logits": logits.tolist(),
                }
            )
    return found


def _pictures(_model: TrainedModel) -> Iterator[tuple[str, bytes]]:
    from PIL import Image

    rng = np.random.default_rng(0)
    for number, (width, height, side) in enumerate(SIZES):
        squares = rng.integers(0, 256, (height // side, width // side, 4), np.uint8)
        squares[..., 3] = np.where(squares[..., 3] < 64, 0, 255) if number == 1 else 255
        stream = io.BytesIO()
        image = Image.fromarray(squares.repeat(side, 0).repeat(side, 1))
        image.save(stream, "PNG")
        yield f"{number}.png", stream.getvalue()


def _sounds(_model: TrainedModel) -> Iterator[tuple[str, bytes]]:
    import soundfile

    rng = np.random.default_rng(0)
    for number, (rate, channels) in enumerate(RATES):
        times = np.arange(round(SECONDS * rate)) / rate
        tone = 0.4 * np.sin(2 * np.pi * (200 + 900 * times) * times)
        noise = 0.05 * rng.standard_normal((channels, len(times)))
        stream = io.BytesIO()
        soundfile.write(stream, (tone + noise).T, rate, "PCM_16", format="WAV")
        yield f"{number}.wav", stream.getvalue()


def _texts(model: TrainedModel) -> Iterator[tuple[str, bytes]]:
    words = " ".join(model.classes)[:200]
    for number, text in enumerate((SENTENCE, words, f"{SENTENCE} {words} " * 30)):
        yield f"{number}.txt", text.encode("utf-8", "replace")
