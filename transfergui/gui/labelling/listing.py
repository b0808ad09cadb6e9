"""Which examples the page of labels shows, in which order, and what stands below each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from transfergui.core.labelling.table import LabelTable

Which = Literal["all", "unlabelled", "labelled", "class", "suggested"]
Order = Literal["useful", "confident", "similar", "name"]


@dataclass(frozen=True)
class Shown:
    """What is shown.

    Attributes:
        which: all, those without or with a label, those of a class, those for which one is
            suggested.
        name: of that class.
        order: the most useful to label next first, the most confident suggestion first, what is
            like some that were selected first, or by name.
    """

    which: Which = "unlabelled"
    name: str = ""
    order: Order = "useful"


@dataclass(frozen=True)
class Guess:
    """The class that is suggested for an example, and how confident that is, in [0, 1]."""

    name: str
    confidence: float


def listed(
    paths: Sequence[str],
    table: LabelTable,
    guesses: Mapping[str, Guess],
    useful: Sequence[str],
    shown: Shown,
) -> list[str]:
    """The examples that are shown, in order.

    Args:
        paths: of all examples, by name.
        guesses: what is suggested, by path.
        useful: those without a label, the most useful to label next first, or the most similar
            ones; those that are not among them follow by name.
    """
    labels = table.labels
    match shown.which:
        case "unlabelled":
            found = [path for path in paths if path not in labels]
        case "labelled":
            found = [path for path in paths if path in labels]
        case "class":
            found = [path for path in paths if labels.get(path) == shown.name]
        case "suggested":
            found = [
                path
                for path in paths
                if path not in labels and path in guesses and guesses[path].name == shown.name
            ]
        case _:
            found = list(paths)
    if shown.order in ("useful", "similar"):
        rank = {path: number for number, path in enumerate(useful)}
        last = len(rank)
        found.sort(key=lambda path: rank.get(path, last))
    elif shown.order == "confident":
        found.sort(key=lambda path: -guesses[path].confidence if path in guesses else 1.0)
    return found


def kept_in_place(before: Iterable[str], wanted: Sequence[str], fixed: int) -> list[str]:
    """``wanted``, but with the first ``fixed`` examples of ``before`` still first, as they were.

    What somebody is looking at does not move when new suggestions arrive; what follows does.
    """
    there = set(wanted)
    first = [path for number, path in enumerate(before) if number < fixed and path in there]
    head = set(first)
    return [*first, *(path for path in wanted if path not in head)]


def counts(table: LabelTable, among: Collection[str]) -> dict[str, int]:
    """How many examples of ``among`` have each label, the classes without any included."""
    found = dict.fromkeys((*table.classes, table.none_class), 0)
    for path, name in table.labels.items():
        if path in among:
            found[name] = found.get(name, 0) + 1
    return found
