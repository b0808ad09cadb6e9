"""What a check of data is, what it looks at and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation.reliance import Alone

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample, SplitName
    from transfergui.core.interfaces.plan import Plan


@dataclass(frozen=True)
class Material:
    """What a check looks at.

    Attributes:
        samples: of training, validation and test, in this order, that can be read [N].
        parts: where each of them is [N].
        features: float32 [N, F] of the pretrained backbone as it is; None where it gives none
            before it is trained.
        unread: paths of the samples that cannot be read.
        known: what one check found out that others need, by a key of its own.
    """

    plan: Plan
    samples: tuple[Sample, ...]
    parts: tuple[SplitName, ...]
    features: np.ndarray | None
    unread: tuple[str, ...] = ()
    known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def root(self) -> Path:
        """The folder that the paths of samples are relative to."""
        return Path(self.plan.split.root)

    @property
    def labels(self) -> np.ndarray:
        """Indices into the classes of the data [N]."""
        return np.array([sample.label for sample in self.samples], dtype=np.int64)

    def at(self, part: SplitName) -> np.ndarray:
        """The rows of a part."""
        return np.flatnonzero(np.array(self.parts) == part)


FEW = 0.02
"""Share of the samples up to which what is wrong with them hardly moves a figure: it is told, but
is no reason not to trust a result."""


def level(count: int, total: int) -> Level:
    """Of a note on so many samples."""
    return "warning" if count > FEW * total else "info"


class Flagged(msgspec.Struct, frozen=True):
    """A sample to look at.

    Attributes:
        others: samples that it is to be compared with.
        label, suggested: what it is called, and what it seems to be.
        score: how sure that is; the meaning is the check's.
    """

    path: str
    others: tuple[str, ...] = ()
    label: str = ""
    suggested: str = ""
    score: float = 0.0


class Action(msgspec.Struct, frozen=True):
    """A change of the recipe that would help.

    Attributes:
        setting: its path in the recipe: ``input.fit``.
        value: what to set it to.
    """

    setting: str
    value: Any


class Finding(msgspec.Struct, frozen=True):
    """What a check found.

    Attributes:
        check: its key.
        notes: what is to be said; none where nothing is wrong.
        flagged: samples to look at, the worst first.
        document: what ``check --json`` says of it.
        actions: what can be done about it by a setting, the best first.
        alone: properties that tell classes apart, as results compare themselves with them.
    """

    check: str
    notes: tuple[Note, ...] = ()
    flagged: tuple[Flagged, ...] = ()
    document: dict[str, Any] = {}
    actions: tuple[Action, ...] = ()
    alone: tuple[Alone, ...] = ()


@dataclass(frozen=True)
class Check:
    """One question that is asked of data before a training.

    Attributes:
        title, summary: marked with ``N_``; the summary is one sentence on what is looked for.
        obstacle: the code of the sentence why it cannot be done; empty if it can.
        find: does it; calls ``tell`` often, which may raise.
        counting: what it does while it tells a total that is not of samples; marked with ``N_``.
    """

    key: str
    title: str
    summary: str
    obstacle: Callable[[Material], str]
    find: Callable[[Material, Tell], Finding]
    counting: str = ""


def nothing_in_the_way(material: Material) -> str:
    """As :attr:`Check.obstacle`: it can always be done."""
    return ""
