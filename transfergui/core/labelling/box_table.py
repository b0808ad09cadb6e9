"""Boxes that are drawn in unsorted pictures: a table of labels, each of which is a text of boxes.

It is kept as any other table of labels (:mod:`transfergui.core.labelling.table`), under a name of
its own. A picture without a row was not drawn in yet; one whose text is ``(none)`` has no objects.
"""

from __future__ import annotations

import functools
import os
from collections import Counter
from pathlib import Path

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.boxes import names_in, parsed_boxes
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.targets import BOXES
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.examples import Examples, labelled_data
from transfergui.core.labelling.table import LabelTable

NAME = "boxes.csv"


def place(root: str | os.PathLike[str]) -> Path:
    """Where the boxes of a folder are kept where nobody says otherwise."""
    return tables.place(root).with_name(NAME)


def load(path: Path, root: str, modality: str) -> LabelTable:
    """A table that was saved.

    Raises:
        UserError: as of :func:`.table.load`; ``labelling.unreadable``: a label is no text of boxes.
    """
    saved = tables.load(path, root, modality)
    texts = {*saved.labels.values()}
    own = (name for name in saved.classes if name not in texts)
    try:
        drawn = (name for text in sorted(texts) for name in names_in(text))
        classes = tuple(dict.fromkeys((*own, *drawn)))
    except ValueError as error:
        reason = _("“{value}” is no box").format(value=error)
        raise UserError("labelling.unreadable", path=str(path), reason=reason) from None
    return msgspec.structs.replace(saved, classes=classes)


def with_boxes(table: LabelTable, path: str, text: str) -> LabelTable:
    """With the boxes of a picture; without a text, it was not drawn in yet."""
    labels = {**table.labels, path: text}
    if not text:
        del labels[path]
    classes = tuple(dict.fromkeys((*table.classes, *names_in(text))))
    return msgspec.structs.replace(table, labels=labels, classes=classes)


def counts(table: LabelTable) -> dict[str, int]:
    """How many boxes each class has."""
    found = Counter[str]()
    for text in table.labels.values():
        found.update(dict(_counted(text)))
    return {name: found[name] for name in table.classes}


@functools.lru_cache(maxsize=1 << 16)
def _counted(text: str) -> tuple[tuple[str, int], ...]:
    """How many boxes of each class a text has; kept, as an edit changes one text of many."""
    return tuple(Counter(box.name for box in parsed_boxes(text)).items())


def drawn_data(found: Examples, path: Path) -> DataOptions:
    """What is opened to train with the boxes in a table; the recipe names it."""
    return msgspec.structs.replace(labelled_data(found, path), objective=BOXES)
