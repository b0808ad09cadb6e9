"""What a scan must know of a kind of data, and what a kind of data concludes from all samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from transfergui.core.data.dataset import (
    Problem,
    Sample,
)
from transfergui.core.reading.files import duplicates
from transfergui.core.reading.files.duplicates import Comparison
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.sources.wanted import Wanted


@dataclass(frozen=True)
class Findings:
    """What a modality concludes from all samples together.

    Attributes:
        input, chosen, choices, obstacles: as of :class:`transfergui.core.data.dataset.Dataset`.
        parts: where the samples begin that one file holds, as
            :class:`transfergui.core.data.file_part.FilePart` counts them, nowhere where it is a
            single one; None where every file is.
        languages: as of :class:`transfergui.core.data.dataset.Dataset`.
    """

    input: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    obstacles: dict[str, Problem] = field(default_factory=dict)
    parts: Callable[[Sample], Sequence[int]] | None = None
    languages: tuple[str, ...] = ()


Identical = Callable[[str, Sequence[Sample], Callable[[], None]], list[list[int]]]
Compare = Callable[[str, Sequence[Sample], Callable[[], None]], Comparison | None]


@dataclass(frozen=True)
class Media:
    """What a scan must know of a modality.

    Attributes:
        modality: its key.
        wanted: which files it is looking for.
        inspect: opens one file: what is wrong with it or worth a note; several notes,
            or one problem that leaves it out. Called from several threads.
        compare: compares the samples with each other, by root, samples and progress; called
            after ``arrange``. None where there are too many.
        arrange: called once every file was looked into, with what is left of them; may group
            them, and note problems of all together.
        identical: finds the samples that are the same, by root, samples and progress: two or more
            indices each.
    """

    modality: str
    wanted: Wanted
    inspect: Callable[[str], Sequence[Problem]]
    compare: Compare = duplicates.nothing
    arrange: Callable[[Listing], Findings] = lambda listing: Findings()
    identical: Identical = duplicates.identical
