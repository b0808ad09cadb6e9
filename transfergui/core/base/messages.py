"""Every sentence that the core says, by its code.

The core speaks in codes and values (they go into event files, scripts and
tests); the sentence is made where it is shown. A sentence says what happened,
to which file, and what to do about it. A code is ``subject.what_happened``.

Only Python's own library is imported, so that a missing one can be told in a sentence.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.base.sentences import (
    acting,
    associate,
    boxes,
    capture,
    classes,
    command_line,
    companions,
    data,
    data_questions,
    evaluation,
    evidence,
    export,
    found_boxes,
    label_errors,
    labelling,
    likeness,
    looking,
    maps,
    near_duplicates,
    pictures,
    places,
    projects,
    properties,
    reasons,
    recipe,
    runs,
    serving,
    shards,
    sounds,
    source_free,
    split,
    strategies,
    suitability,
    tables,
    texts,
    training,
    trust,
    watching,
    weights,
)
from transfergui.core.base.shards import inside, is_member, on_disk

SUBJECTS = (
    looking,
    *(data, data_questions, boxes, tables, texts, pictures, sounds),
    *(classes, split, recipe, strategies),
    *(runs, training, command_line, evaluation, export, weights, properties, reasons),
    found_boxes,
    maps,
    likeness,
    near_duplicates,
    evidence,
    label_errors,
    labelling,
    trust,
    companions,
    source_free,
    suitability,
    acting,
    associate,
    serving,
    watching,
    projects,
    capture,
    places,
    shards,
)
COUNTED = tuple(subject for subject in SUBJECTS if hasattr(subject, "ONE"))
"""Those with sentences that are worded anew where ``{count}`` is one."""

MESSAGES: dict[str, str] = {
    code: text for subject in SUBJECTS for code, text in subject.MESSAGES.items()
}
"""Every sentence, by code."""
ONE: dict[str, str] = {code: text for subject in COUNTED for code, text in subject.ONE.items()}
"""The same where ``{count}`` is one."""

TYPED = re.compile(r" ?[(（](?:command line|命令行)[^()（）]*[)）]")
"""What a sentence says to who works with the command line."""
NAME = "{path} "
"""What the sentence about a file begins with."""
NEEDS_NAME = frozenset({"data.near_two_classes"})
"""Codes whose sentence goes on with something else than what the file is or does."""
GOES_ON = ("中", "的", "处", "，", "、")
"""What a Chinese sentence that needs the name goes on with: “in a.png”, “the size of a.png”."""


Level = Literal["good", "info", "warning", "error"]


def for_window(text: str) -> str:
    """A sentence without what one would type instead."""
    return TYPED.sub("", text)


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """What a code says, in the user's language, with ``values`` filled in.

    Raises:
        KeyError: there is no such sentence, or a value is missing.
    """
    return _template(code, values).format(**_filled(values))


def reason(code: str, values: Mapping[str, Any]) -> str:
    """The same without the name of the file that it begins with, which stands beside it.

    ``a.png is empty.`` becomes ``Is empty.``; other sentences stay whole.
    """
    text = _template(code, values)
    told = text.removeprefix(NAME)
    if told != text and code not in NEEDS_NAME and not told.startswith(GOES_ON):
        text = told[:1].upper() + told[1:]
    return text.format(**_filled(values))


def _template(code: str, values: Mapping[str, Any]) -> str:
    one = ONE.get(code) if values.get("count") == 1 else None
    return _(one or MESSAGES[code])


TRANSLATED = frozenset({"noun", "title"})
"""Values that are texts of the program: what examples and backbones are called."""


def _called(text: str) -> str:
    """A file in a tar by its name there; by the tar alone where that is not known."""
    if not is_member(text):
        return text
    path = Path(text)
    named = inside(path) if path.is_absolute() else path
    return str(on_disk(named))


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    filled = {k: shown(_called(v)) if isinstance(v, str) else v for k, v in values.items()}
    for name in TRANSLATED & values.keys():
        filled[name] = _(filled[name])
    return filled
