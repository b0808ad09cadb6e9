"""Leaving: the interface that every export format fills in. One file per format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel

TOLERANCE = 1e-3
"""Largest difference of a logit that still counts as the same model; of logits
above 1, relative to the largest. Fused layers differ by some 1e-6."""


class Parity(msgspec.Struct, frozen=True):
    """How the exported file compares with the trained model, on real validation samples.

    Attributes:
        samples: how many were compared.
        difference: largest difference of any logit, or, where the file has no head, of any
            feature; infinite where one is not a number.
        agree: share of samples with the same first answer, in [0, 1].
        scale: the largest logit (or feature) of the trained model, without its sign.
        tolerance: how far the format may be off, as :data:`TOLERANCE` says.
        features: whether the file has no head: features were compared, always relative to the
            largest one, as networks differ in how large theirs are.
    """

    samples: int
    difference: float
    agree: float
    scale: float
    tolerance: float = TOLERANCE
    features: bool = False

    @property
    def same(self) -> bool:
        """Whether the file may be called the same model."""
        least = 0.0 if self.features else 1.0
        return self.difference <= self.tolerance * max(least, self.scale)


class Exporter(Protocol):
    """One format.

    Attributes:
        key: how the command line calls it.
        title: marked with ``N_``.
        summary: one sentence on what opens it, marked with ``N_``.
        suffix: of the file, with the dot.
    """

    key: str
    title: str
    summary: str
    suffix: str

    def write(self, model: TrainedModel, path: Path) -> None:
        """Write the file, without looking whether it is right."""

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        """Run the written file on real samples and compare with ``model``."""
