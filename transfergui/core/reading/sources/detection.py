"""Detection sets: the class that occurs in each file, by its boxes or marked times."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Problem, Sample, natural_order
from transfergui.core.data.targets import (
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    labels_text,
    member_name,
)
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.marks.boxes import Boxes
from transfergui.core.reading.names import kinds
from transfergui.core.reading.tables.label_table import LabelTable
from transfergui.core.reading.tables.rows import FileLabels

BOXES = "boxes"
"""The layout in which the boxes of a detection set say which class occurs in a picture."""


def listing_by_boxes(
    root: Path,
    paths: Sequence[str],
    boxes: Boxes,
    noun: str,
    said: FileLabels | None = None,
    objective: str = "",
) -> Listing:
    """Pictures of a detection set, each with the class that occurs in it, where that is one; with
    all that do, where these are labels.

    Args:
        objective: what is predicted, as the user chose it.
    """
    classes: dict[str, int] = {}
    listing = Listing(root, problems=list(said.problems) if said else [])
    several = []
    every = objective == SEVERAL_LABELS
    inside_of = dict(boxes.inside)
    if every:
        inside_of |= {at: set() for at in boxes.empty if at not in inside_of}
    for at, inside in sorted(inside_of.items()):
        if len(inside) > 1 and not every:
            several.append(paths[at])
            continue
        text = labels_text(natural_order(map(member_name, inside))) if every else next(iter(inside))
        number = classes.setdefault(text, len(classes))
        split = said.splits.get(at) if said else None
        split = split or part_of_path(paths[at])
        listing.samples.append(Sample(paths[at], number, split=split))
    listing.classes = list(classes)
    if every:
        listing.targets = Targets(SEVERAL_LABELS)
    empty = [paths[at] for at in boxes.empty if at not in inside_of]
    told = boxes.inside.keys() | boxes.empty
    without = [path for at, path in enumerate(paths) if at not in told]
    unmarked = "data.no_spans" if boxes.spans else "data.no_boxes"
    listing.problems += _left_out(
        {"data.several_boxes": several, "data.empty_boxes": empty, unmarked: without}, noun
    )
    occurring = set().union(*boxes.inside.values())
    for name in sorted(boxes.known - (occurring if every else classes.keys())):
        listing.problems.append(Problem("data.empty_class", {"noun": noun}, path=name))
    if not any(sample.split == "train" for sample in listing.samples):
        listing.samples = [Sample(s.path, s.label) for s in listing.samples]
    listing.chosen = {"layout": BOXES}
    by_boxes = _("which class occurs in each file (by its boxes)")
    by_times = _("which class occurs in each file (by the marked times)")
    listing.choices = {"layout": {BOXES: by_times if boxes.spans else by_boxes}}
    return listing


def _left_out(left: Mapping[str, Sequence[str]], noun: str) -> Iterator[Problem]:
    """How many pictures are left out, and in which folders.

    Args:
        left: their paths, by the code of why.
    """
    for code, paths in left.items():
        if paths:
            where = Counter(path.rpartition("/")[0] or "." for path in paths)
            names = some([f"{home}: {number}" for home, number in sorted(where.items())])
            values = {"count": len(paths), "noun": noun, "names": names}
            yield Problem(code, values, path=min(paths))


def detection_question(
    source: Path,
    noun: str,
    boxes: Boxes,
    more: Mapping[str, str] | None = None,
    objective: str = "",
) -> UserError:
    """What to ask about a detection set, or to say where nothing can be done with it.

    Args:
        more: other ways to understand it.
        objective: what is predicted, as the user chose it.
    """
    alone = Counter(next(iter(i)) for i in boxes.inside.values() if len(i) == 1)
    several = sum(len(inside) > 1 for inside in boxes.inside.values())
    classes = some(natural_order({each for inside in boxes.inside.values() for each in inside}))
    values = {"path": str(source), "kind": boxes.kind, "noun": noun, "classes": classes}
    choices = {}
    if objective == SEVERAL_LABELS and boxes.inside:
        text = _("All classes that occur in each file, as its labels ({classes})")
        choices[BOXES] = text.format(classes=classes)
    elif len(alone) > 1:
        text = _("The class that occurs in each file ({classes}): {count} {noun} have one class")
        if several:
            text = _(
                "The class that occurs in each file ({classes}): {count} {noun} have one class; "
                "{several} with several classes are left out (“Several labels” uses them)"
            )
        choices[BOXES] = text.format(
            classes=some(natural_order(alone)),
            count=sum(alone.values()),
            several=several,
            noun=_(noun),
        )
    choices |= more or {}
    if not choices:
        mixed = "data.spans_mixed" if boxes.spans else "data.detection_mixed"
        return UserError(mixed, count=several, **values)
    code = "data.spans" if boxes.spans else "data.detection"
    guess = next(iter(choices))
    return Question(
        code,
        setting="data.options.layout",
        choices=choices,
        guess=guess,
        several=several,
        **values,
    )


def occurring(asked: UserError, boxes: Boxes, objective: str) -> bool:
    """Whether what occurs in each file is wanted: it was said what is to be predicted, and there is
    no other way to understand the data.

    Args:
        asked: what :func:`detection_question` would ask.

    Raises:
        UserError: ``data.detection_only``: that cannot be predicted from boxes.
    """
    if not objective or not isinstance(asked, Question) or list(asked.choices) != [BOXES]:
        return False
    title = {NUMBER: _("A number"), SEVERAL_QUESTIONS: _("Several questions")}.get(objective)
    if title and not boxes.spans:
        values = {"path": asked.note.values["path"], "kind": boxes.kind, "title": title}
        raise UserError("data.detection_only", **values)
    return True


def require_occurring(asked: UserError, boxes: Boxes, objective: str) -> None:
    """Raise ``asked`` unless it needs not be; see :func:`occurring`."""
    if not occurring(asked, boxes, objective):
        raise asked


def boxes_of(said: LabelTable) -> Boxes:
    """What a table with a row for each box or each marked time says."""
    spans = said.columns.spans
    kind = _("a table of times") if spans else _("a table of boxes")
    return Boxes(kind, said.labelled.several, spans=spans)


def part_of_path(path: str) -> Any:
    """The split that one of the folders above a file names."""
    found = (kinds.split_of(folder) for folder in path.split("/")[:-1])
    return next((part for part in found if part), None)
