"""What is said of shortcuts: which property tells what from what, what that means, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.notes import Note
from transfergui.core.data import labels
from transfergui.core.evaluation.figure_words import of_hundred

if TYPE_CHECKING:
    from transfergui.core.checks.measured import Measured
    from transfergui.core.data.properties import Property

ALL = "all"
"""The key of all properties together."""
STRONGEST = 3
"""Properties that are named of them."""
NAMED = 4
"""Classes that are named."""
SENTENCES = 4
"""Of properties; what others tell is in the document alone."""


NOISE = 0.05
"""Of a balanced accuracy, of some hundred samples: a smaller difference is none."""


@dataclass(frozen=True)
class Row:
    """Something that a property tells.

    Attributes:
        by: None for all together.
        score: balanced accuracy, or the correlation of numbers.
        classes: those that are told apart; with ``one``, that which is told from all others.
        kind: as of :class:`transfergui.core.interfaces.objective.Probe`.
        question: the question, label or number; empty of one class.
        chance: what guessing reaches.
        strongest: of all together: the best single ones.
        right: whether the class of each sample of the task is told rightly, by the others; None of
            all together and of numbers.
    """

    by: Property | None
    score: float
    classes: tuple[str, ...]
    kind: str
    question: str
    chance: float
    strongest: tuple[Property, ...] = ()
    one: bool = False
    right: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        return ALL if self.by is None else self.by.key

    @property
    def is_making(self) -> bool:
        """Whether what is shown cannot be the reason, or not the only one."""
        told = self.strongest[:STRONGEST] if self.by is None else (self.by,)
        return any(each.of == "making" for each in told)


def place(row: Row) -> float:
    """To sort by: the best first; of two that hardly differ, the cause before what follows."""
    follows = row.by is not None and row.by.follows
    return -row.score + (NOISE if follows else 0.0)


def notes(
    rows: Sequence[Row], noun: str, found: Measured, values_of: Sequence[Note] = ()
) -> tuple[Note, ...]:
    """The sentences, the strongest shortcut first; then ``values_of``, what tells the classes."""
    if not rows:
        return _sampled("check.shortcuts_sample_none", noun, found)
    said = [*_said(rows, noun), *values_of]
    made = any(row.is_making for row in rows)
    values: dict[str, Any] = {"noun": noun}
    remedies = {row.by.remedy for row in rows if row.by is not None and row.by.remedy}
    if made:
        said.append(Note("check.shortcuts_making", values, "warning"))
        said += [Note(code, values) for code in sorted(remedies)]
    else:
        said.append(Note("check.shortcuts_either", values))
    return (*said, *_sampled("check.shortcuts_sample", noun, found))


def _sampled(code: str, noun: str, found: Measured) -> tuple[Note, ...]:
    """That not all were looked at, where it is so."""
    values = {"count": len(found.rows), "total": found.total, "noun": noun}
    return (Note(code, values),) if found.is_sample else ()


def _said(rows: Sequence[Row], noun: str) -> Iterator[Note]:
    """One sentence for each property whose classes no better one tells already, and one for the
    others."""
    told: set[tuple[str, str]] = set()
    said = 0
    others: dict[str, Property] = {}
    for each in _by_property(rows):
        marks = {(row.question, name) for row in each for name in row.classes or (row.question,)}
        if marks <= told and each[0].by is not None:
            others[each[0].key] = each[0].by
            continue
        told |= marks
        said += 1
        if said <= SENTENCES:
            yield _sentence(each, noun)
    if others:
        yield Note("check.shortcuts_also", {"properties": _titles(others.values())})


def _by_property(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of the same property and question, the best first."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=place):
        found.setdefault((row.key, row.question), []).append(row)
    return list(found.values())


def _sentence(rows: Sequence[Row], noun: str) -> Note:
    """What one property tells; with several classes that it tells from the others, all of them."""
    first = rows[0]
    alone, together = CODES[_kind(first)]
    values = {"noun": noun, "score": of_hundred(min(row.score for row in rows)), **_values(rows)}
    if first.by is not None:
        return Note(alone, values | {"title": first.by.title}, "warning")
    values["properties"] = _titles(first.strongest[:STRONGEST])
    return Note(together, values, "warning")


CODES = {
    "number": ("check.shortcuts_number", ""),
    "one": ("check.shortcuts_one", "check.shortcuts_all_one"),
    "label": ("check.shortcuts_label", "check.shortcuts_all_label"),
    "two": ("check.shortcuts_two", "check.shortcuts_all_two"),
    "classes": ("check.shortcuts_classes", "check.shortcuts_all_classes"),
}
"""What is said of one property, and of all together, by what is told."""


def _kind(row: Row) -> str:
    if row.kind in ("number", "label"):
        return row.kind
    if row.one:
        return "one"
    return "two" if len(row.classes) == 2 else "classes"


def _values(rows: Sequence[Row]) -> dict[str, Any]:
    """What the sentence names."""
    first = rows[0]
    if first.kind == "number":
        return {"name": first.question, "score": f"{first.score:.2f}"}
    if first.kind == "label":
        return {"name": first.question}
    if first.one:
        names = list(dict.fromkeys(name for row in rows for name in row.classes))
        some = labels.quoted(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        return {"names": some, "count": len(names)}
    if len(first.classes) == 2:
        return {"name": first.classes[0], "other": first.classes[1]}
    return {"count": len(first.classes), "chance": of_hundred(first.chance)}


def _titles(properties: Iterable[Property]) -> str:
    return comma_list([_(each.title) for each in properties])
