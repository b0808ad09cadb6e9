"""What is said of shortcuts: which property tells what from what, what that means, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.data import labels
from transfergui.core.evaluation.words import of_hundred

if TYPE_CHECKING:
    from transfergui.core.checks.measured import Measured
    from transfergui.core.data.properties import Property

ALL = "all"
"""The key of all properties together."""
STRONGEST = 3
"""Properties that are named of them."""
NAMED = 4
"""Classes that are named."""


@dataclass(frozen=True)
class Row:
    """Something that a property tells.

    Attributes:
        property: None for all together.
        score: balanced accuracy, or the correlation of numbers.
        classes: those that are told apart; with ``one``, that which is told from all others.
        kind: as of :class:`transfergui.core.interfaces.Probe`.
        question: the question, label or number; empty of one class.
        chance: what guessing reaches.
        strongest: of all together: the best single ones.
    """

    property: Property | None
    score: float
    classes: tuple[str, ...]
    kind: str
    question: str
    chance: float
    strongest: tuple[Property, ...] = ()
    one: bool = False

    @property
    def key(self) -> str:
        return ALL if self.property is None else self.property.key

    @property
    def is_making(self) -> bool:
        """Whether what is shown cannot be the reason."""
        return self.property is not None and self.property.of == "making"


def notes(rows: Sequence[Row], noun: str, found: Measured) -> tuple[Note, ...]:
    """The sentences, the strongest shortcut first."""
    if not rows:
        return ()
    said = list(_said(rows, noun))
    made = any(row.is_making for row in rows)
    advice: Level = "warning" if made else "info"
    said.append(Note(f"check.shortcuts_{'making' if made else 'either'}", {"noun": noun}, advice))
    if found.is_sample:
        values = {"count": len(found.rows), "total": found.total, "noun": noun}
        said.append(Note("check.shortcuts_sample", values))
    return tuple(said)


def _said(rows: Sequence[Row], noun: str) -> Iterator[Note]:
    """One sentence for each property whose classes no better one tells already, and one for the
    others."""
    told: set[tuple[str, str]] = set()
    others: dict[str, Property] = {}
    for each in _by_property(rows):
        marks = {(row.question, name) for row in each for name in row.classes or (row.question,)}
        if marks <= told and each[0].property is not None:
            others[each[0].key] = each[0].property
            continue
        told |= marks
        yield _sentence(each, noun)
    if others:
        yield Note("check.shortcuts_also", {"properties": _titles(others.values())})


def _by_property(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of the same property and question, the best first."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: -row.score):
        apart = row.classes[0] if row.property is None else ""
        found.setdefault((row.key + apart, row.question), []).append(row)
    return list(found.values())


def _sentence(rows: Sequence[Row], noun: str) -> Note:
    """What one property tells; with several classes that it tells from the others, all of them."""
    first = rows[0]
    low = min(row.score for row in rows)
    values: dict[str, Any] = {"noun": noun, "score": of_hundred(low)}
    level: Level = "warning" if first.is_making else "info"
    if first.kind == "number":
        values |= {"name": first.question, "score": f"{first.score:.2f}"}
        code = "number"
    elif first.one:
        names = list(dict.fromkeys(name for row in rows for name in row.classes))
        some = labels.quoted(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        values |= {"names": some, "count": len(names)}
        code = "one"
    elif first.kind == "label":
        values["name"] = first.question
        code = "label"
    elif len(first.classes) == 2:
        values |= {"name": first.classes[0], "other": first.classes[1]}
        code = "two"
    else:
        values |= {"count": len(first.classes), "chance": of_hundred(first.chance)}
        code = "classes"
    if first.property is not None:
        return Note(f"check.shortcuts_{code}", values | {"title": first.property.title}, level)
    values["properties"] = _titles(first.strongest[:STRONGEST])
    return Note(f"check.shortcuts_all_{code}", values, level)


def _titles(properties: Iterable[Property]) -> str:
    return comma_list([_(each.title) for each in properties])
