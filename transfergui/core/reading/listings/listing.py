"""What a source holds, by name only: no sample is opened yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transfergui.core.data.dataset import Conflict, Problem, Sample
from transfergui.core.data.targets import Targets

SHOWN = 4
"""Names that are given as examples."""


@dataclass
class Listing:
    """What a source holds, by name only.

    Attributes:
        root: the folder that sample paths are relative to.
        samples: labels index into ``classes``; sizes are not known yet.
        classes: in no particular order.
        problems: of files, folders and rows.
        targets: what is predicted; what each class means is not known yet.
        chosen, choices, conflicts: as of :class:`transfergui.core.data.dataset.Dataset`.
    """

    root: Path
    samples: list[Sample] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    chosen: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    targets: Targets = field(default_factory=Targets)


def some(names: Sequence[str]) -> str:
    """The first few of ``names``, and how many there are."""
    listed = ", ".join(names[:SHOWN])
    return f"{listed}, … ({len(names)})" if len(names) > SHOWN else listed
