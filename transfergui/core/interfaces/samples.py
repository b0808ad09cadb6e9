"""Samples as data without a library: what is played, read and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import torch


UNKNOWN = "[UNK]"
"""Stands among the tokens of a :class:`Text` for what the network has no entry for."""


class Augmented(NamedTuple):
    """Randomly changed samples [N, ...], and the places [N, M, 5] that moved with them, if any."""

    inputs: torch.Tensor
    places: torch.Tensor | None = None


@dataclass(frozen=True)
class Sound:
    """A sound to look at and to play.

    Attributes:
        samples: float32 [T] in [-1, 1], one channel.
        rate: of ``samples``, in hertz.
        spectrogram: uint8 [mels, frames], 255 the loudest, low tones first.
        start: seconds from the beginning of its file.
        heat: how much each place of the spectrogram counts, in [0, 1] [mels, frames]; None where
            that is not shown.
    """

    samples: np.ndarray
    rate: int
    spectrogram: np.ndarray
    start: float = 0.0
    heat: np.ndarray | None = None


@dataclass(frozen=True)
class Text:
    """A text to read.

    Attributes:
        text: as it is.
        tokens: what the network's tokenizer makes of it, as far as the network is shown it,
            with :data:`UNKNOWN` for unknown ones; empty where no tokenizer is known.
        unknown: the share of them that the network has no entry for.
        cut: how many more tokens there are than the network is shown.
        weights: of a network that counts words: how much each of ``tokens``, which are all
            different then and the weightiest first, counts in this text; else empty.
        shares: stretches of ``text`` (first character, the one behind the last) with how much they
            speak for a prediction, in [-1, 1]; empty where that is not shown.
    """

    text: str
    tokens: tuple[str, ...] = ()
    unknown: float = 0.0
    cut: int = 0
    weights: tuple[float, ...] = ()
    shares: tuple[tuple[int, int, float], ...] = ()

    @property
    def pieces(self) -> tuple[str, ...]:
        """The tokens to be read by people, with their weights where there are any."""
        if not self.weights:
            return self.tokens
        pairs = zip(self.tokens, self.weights, strict=True)
        return tuple(f"{token.replace(UNKNOWN, '?')} {weight:.2f}" for token, weight in pairs)


@dataclass(frozen=True)
class MarkedBox:
    """A box around an object in a picture, to be drawn.

    Attributes:
        name: of its class.
        left, top, right, bottom: shares of the width and height of the upright picture, in [0, 1].
        place: of its class among the classes of the data, which gives it its colour.
        score: the confidence of a prediction, in [0, 1]; None of a label.
        predicted: whether a model says so; else the data do.
        wrong: a label that no prediction meets, or a prediction that meets no label.
        note: translated, behind its name.
    """

    name: str
    left: float
    top: float
    right: float
    bottom: float
    place: int = 0
    score: float | None = None
    predicted: bool = False
    wrong: bool = False
    note: str = ""


@dataclass(frozen=True)
class Preview:
    """A sample as neutral data that the window's renderers draw.

    Attributes:
        kind: which renderer: ``picture``, ``sound`` or ``text``.
        data: for a picture uint8 [height, width, 3], else :class:`Sound` or :class:`Text`.
        caption: what is shown, in words.
        boxes: that are drawn in a picture.
    """

    kind: Literal["picture", "sound", "text"]
    data: Any
    caption: str = ""
    boxes: tuple[MarkedBox, ...] = ()
