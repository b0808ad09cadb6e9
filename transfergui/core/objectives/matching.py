"""What the classes of other data mean to a model that predicts labels, answers or numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import msgspec

from transfergui.core.interfaces.objective import Found

Row = tuple[float, ...]
"""As of :attr:`transfergui.core.data.targets.Targets.values`."""


def extended(
    found: Found, rows: Sequence[Row], written: Callable[[Row], str]
) -> tuple[Found, tuple[int, ...]]:
    """``found`` with a class for each of ``rows``, behind those that its model was trained on; and
    the place of each row among them.

    Args:
        found: of a model; of a package, whose samples are not known, without classes.
        written: a row as people read it.
    """
    values = list(found.targets.values)
    classes = list(found.classes[: len(values)])
    place = {row: at for at, row in enumerate(values)}
    for row in rows:
        if row not in place:
            place[row] = len(values)
            values.append(row)
            classes.append(written(row))
    targets = msgspec.structs.replace(found.targets, values=tuple(values))
    longer = dataclasses.replace(found, targets=targets, classes=tuple(classes))
    return longer, tuple(place[row] for row in rows)
