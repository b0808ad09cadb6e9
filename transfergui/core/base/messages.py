"""What the core says: notes, and every sentence by its code.

The core speaks in codes and values (they go into event files, scripts and
tests); the sentence is made where it is shown. A sentence says what happened,
to which file, and what to do about it. A code is ``subject.what_happened``.
"""

from typing import Any, Literal

import msgspec

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.base.sentences import (
    classes,
    command_line,
    data,
    evaluation,
    export,
    pictures,
    recipe,
    runs,
    sounds,
    split,
    strategies,
    tables,
    texts,
    training,
    weights,
)

SUBJECTS = (
    *(data, tables, texts, pictures, sounds, classes, split, recipe, strategies),
    *(runs, training, command_line, evaluation, export, weights),
)
COUNTED = (data, tables, texts, sounds, classes, split, training, evaluation, weights)
"""Those with sentences that are worded anew where ``{count}`` is one."""

MESSAGES: dict[str, str] = {
    code: text for subject in SUBJECTS for code, text in subject.MESSAGES.items()
}
"""Every sentence, by code."""
ONE: dict[str, str] = {code: text for subject in COUNTED for code, text in subject.ONE.items()}
"""The same where ``{count}`` is one."""

NAME = "{path} "
"""What the sentence about a file begins with."""
NEEDS_NAME = frozenset({"data.near_two_classes"})
"""Codes whose sentence goes on with something else than what the file is or does."""


Level = Literal["good", "info", "warning", "error"]


class Note(msgspec.Struct, frozen=True):
    """Something to say: a code with the values of its sentence.

    Errors and choices have one; problems of a dataset, notices of a training and diagnoses are
    some; what a report says is nothing else.

    Attributes:
        code: of a sentence in :data:`MESSAGES`.
        values: what is filled in, escaped for display; ``noun`` (what the modality calls its
            samples) is translated as well.
    """

    code: str
    values: dict[str, Any] = {}
    level: Level = "info"

    @property
    def is_known(self) -> bool:
        """Whether a note that was read from a file is a sentence of this version."""
        try:
            return bool(self.sentence())
        except (LookupError, TypeError, ValueError, AttributeError):
            return False

    def sentence(self) -> str:
        """The note in the user's language."""
        return self._template().format(**_filled(self._named()))

    def reason(self) -> str:
        """The same without the name of the file that it begins with, which stands beside it.

        ``a.png is empty.`` becomes ``Is empty.``; other sentences stay whole.
        """
        text = self._template()
        told = text.removeprefix(NAME)
        if told != text and self.code not in NEEDS_NAME:
            text = told[:1].upper() + told[1:]
        return text.format(**_filled(self._named()))

    def _template(self) -> str:
        one = ONE.get(self.code) if self.values.get("count") == 1 else None
        return _(one or MESSAGES[self.code])

    def _named(self) -> dict[str, Any]:
        return self.values


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    filled = {k: shown(v) if isinstance(v, str) else v for k, v in values.items()}
    if "noun" in values:
        filled["noun"] = _(values["noun"])
    return filled
