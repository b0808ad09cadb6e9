"""Where data show by themselves that they come from several places, and which of these could be
adapted to (:mod:`transfergui.core.data.own_places`)."""

from __future__ import annotations

from dataclasses import dataclass

from transfergui.core.data import own_places
from transfergui.core.data.dataset import (
    GROUP_BY,
    GROUP_COLUMN,
    Dataset,
    natural_order,
)
from transfergui.core.data.targets import ONE_CLASS

PLACES = frozenset(
    (
        *("domain", "site", "camera", "device", "scanner", "source", "microphone", "sensor"),
        *("hospital", "shop", "location", "region", "platform", "corpus", "speaker", "patient"),
    )
)
"""Names of columns that say where a sample was made, or of whom it is."""
COLUMN = "_column"
"""How data options end whose choices are the columns of a table."""
FEWEST = 20
"""Samples of a group that is offered: with fewer there is nothing to adapt to."""
MOST = 24
"""Groups among which one is offered: of hundreds of patients none is a place."""


@dataclass(frozen=True)
class Grouping:
    """What data could be grouped by, but are not.

    Attributes:
        option: the data option that says so, with its ``value``.
        said: what the groups are called: some of them, or the column.
    """

    option: str
    value: str
    said: str


def offered(dataset: Dataset) -> dict[str, int]:
    """The groups that might be where the model will be used, with their numbers of samples.

    None where there are too many groups to be places, or only one, or where something else than
    one class is predicted, for which nothing adapts. A group is not among them where too little
    would be left without it: each class must still have samples.
    """
    if not dataset.grouped_by or dataset.elsewhere or dataset.targets.objective != ONE_CLASS:
        return {}
    samples = dataset.samples
    found = own_places.named([s.path for s in samples], [s.group for s in samples])
    if not 2 <= len(found) <= MOST:
        return {}
    of_class: dict[int, set[str | None]] = {}
    for sample in samples:
        of_class.setdefault(sample.label, set()).add(sample.group)
    alone = {next(iter(groups)) for groups in of_class.values() if len(groups) == 1}
    able = [name for name, count in found.items() if count >= FEWEST and name not in alone]
    return {name: found[name] for name in natural_order(able)}


def groupable(dataset: Dataset) -> Grouping | None:
    """What looks like places, or like people: named parts of file names, or a column that is called
    so. Numbers may only have been counted."""
    if dataset.grouped_by or dataset.targets.objective != ONE_CLASS:
        return None
    for value, label in dataset.choices.get(GROUP_BY, {}).items():
        if value and label[:1].isalpha():
            return Grouping(GROUP_BY, value, label)
    taken = {str(value) for value in dataset.chosen.values()}
    for option, columns in dataset.choices.items():
        for value, label in columns.items() if option.endswith(COLUMN) else ():
            if value.strip().lower() in PLACES and value not in taken:
                return Grouping(GROUP_COLUMN, value, label)
    return None
