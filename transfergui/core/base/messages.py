"""What the core says, by code: errors, problems of a dataset, notices of a training.

The core speaks in codes and values (they go into event files, scripts and
tests); the sentence is made where it is shown. A sentence says what happened,
to which file, and what to do about it. A code is ``subject.what_happened``.

``{path}`` values are escaped for display by :func:`sentence`.
"""

from collections.abc import Mapping
from typing import Any

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


def template(code: str) -> str:
    """The untranslated sentence of ``code``.

    Raises:
        KeyError: no such code.
    """
    return MESSAGES[code]


def can_say(code: str, values: Mapping[str, Any]) -> bool:
    """Whether a code that was read from a file, with its values, is a sentence of this version."""
    try:
        return bool(sentence(code, values))
    except (LookupError, TypeError, ValueError, AttributeError):
        return False


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """The sentence of ``code`` in the user's language, with ``values`` filled in.

    ``{noun}`` is what the modality calls its samples, and is translated as well.
    """
    return _translated(code, values).format(**_filled(values))


def reason(code: str, values: Mapping[str, Any]) -> str:
    """The same without the name of the file that it begins with, which stands beside it.

    ``a.png is empty.`` becomes ``Is empty.``; other sentences stay whole.
    """
    text = _translated(code, values)
    told = text.removeprefix(NAME)
    if told != text and code not in NEEDS_NAME:
        text = told[:1].upper() + told[1:]
    return text.format(**_filled(values))


def _translated(code: str, values: Mapping[str, Any]) -> str:
    text = ONE.get(code, "") if values.get("count") == 1 else ""
    return _(text or template(code))


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    filled = {k: shown(v) if isinstance(v, str) else v for k, v in values.items()}
    if "noun" in values:
        filled["noun"] = _(values["noun"])
    return filled
