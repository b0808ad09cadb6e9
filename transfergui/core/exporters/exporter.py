"""Leaving: the interface that every export format fills in. One file per format."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown

if TYPE_CHECKING:
    from transfergui.core.base.errors import UserError
    from transfergui.core.interfaces.objective import Objective
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
        agree: share of samples of which both say the same, in [0, 1].
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


NAMED = 3
"""Classes that are named in an example."""


@dataclass(frozen=True)
class Example:
    """What examples of how an exported file is used speak of.

    Attributes:
        out: the file, absolute.
        sample: a file of the test, or of what else there was, absolute.
        data: what the model was trained on.
        classes: of the model; the labels, the questions or the number, where it predicts those.
        outputs: of the formats that hold a graph: names, and what each column of one stands for.
        modality: key of it.
        network: what the pretrained network is called.
        places: whether it answers where in a sample something is.
    """

    out: Path
    sample: Path
    data: str
    classes: Sequence[str]
    outputs: Mapping[str, Sequence[str]]
    modality: str
    network: str
    places: bool = False

    @property
    def some_classes(self) -> str:
        """``cat, dog, horse, … (12)``"""
        return some(self.classes)

    @property
    def predict(self) -> UsageLine:
        """The line for formats that this program reads."""
        command = in_terminal("transfergui", "predict", self.out, self.sample)
        return usage_line(
            _("To predict with TransferGUI ({classes})"), command, classes=self.some_classes
        )


def some(names: Sequence[str]) -> str:
    """The first of them, and how many they are."""
    said = comma_list(map(shown, names[:NAMED]))
    if len(names) <= NAMED:
        return said
    return _("{names}, … ({count})").format(names=said, count=len(names))


def in_terminal(*words: str | os.PathLike[str]) -> str:
    """A command as it is typed, with quotes where names need them."""
    plain = [shown(word) for word in words]
    return subprocess.list2cmdline(plain) if os.name == "nt" else shlex.join(plain)


@dataclass(frozen=True)
class UsageLine:
    """One line of an example: what it is for, and the command or the Python code alone."""

    what: str
    code: str

    def __str__(self) -> str:
        return _("{name}: {value}").format(name=self.what, value=self.code)


def usage_line(what: str, code: str, **values: str) -> UsageLine:
    """A line of an example; ``values`` of the placeholders in ``what``."""
    return UsageLine(what.format(**values), code)


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

    def obstacle(self, objective: Objective) -> UserError | None:
        """Why it cannot hold what such models say; None where it can."""

    def write(self, model: TrainedModel, path: Path) -> None:
        """Write the file, without looking whether it is right."""

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        """Run the written file on real samples and compare with ``model``."""

    def usage(self, example: Example) -> tuple[UsageLine, ...]:
        """How the written file is used, in a few lines: commands, or Python code."""
