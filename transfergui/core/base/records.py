"""The one place where the files of a run or a model are read: each must be what it should be.

They may be edited by hand, cut off, from a newer version or from somebody else. What is checked:
that it is a regular file of a limited size (by :mod:`.files`), that it is JSON without NaN,
infinity and numbers too large for a float, and that its values have the types and lie within the
bounds of a struct.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

T = TypeVar("T")

MAX_BYTES = 200_000_000
"""A million samples are 100 MB of ``split.json``."""
LARGEST = 1e30
"""No figure of a training is larger; what is drawn must survive being squared."""

Share = Annotated[float, msgspec.Meta(ge=0, le=1 + 1e-9)]
"""Of one; rounding may carry it a little above."""
Number = Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Epoch = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]

ERRORS = (OSError, ValueError, RecursionError, OverflowError, msgspec.ValidationError)
"""What a reader raises that meets arbitrary bytes."""


def lines(path: Path, limit: int = MAX_BYTES) -> Iterator[bytes]:
    """The lines of a regular file; one longer than ``limit`` is cut into several.

    Raises:
        OSError: as :func:`files.open_regular`.
    """
    with files.open_regular(path) as stream:
        yield from iter(lambda: stream.readline(limit), b"")


def parse(text: str | bytes) -> Any:
    """JSON whose numbers are all finite; lone surrogates (undecodable bytes of a path) are kept.

    Raises:
        ValueError: it is not that, or nested thousands of levels deep; or a text in it cannot be
            the name of a file nor be written: half of a character.
    """
    try:
        found = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        if (b"\\ud" in text.lower()) if isinstance(text, bytes) else ("\\ud" in text.lower()):
            os.fsencode(json.dumps(found, ensure_ascii=False))
    except RecursionError:
        raise ValueError(_("the file is nested too deeply")) from None
    except UnicodeEncodeError:
        raise ValueError(_("a text in the file ends in the middle of a character")) from None
    return found


def convert(tree: Any, kind: type[T]) -> T:
    """Plain values as ``kind``.

    Raises:
        ValueError: they do not fit.
    """
    try:
        return msgspec.convert(tree, kind)
    except (msgspec.ValidationError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None


def read(path: Path, kind: type[T], code: str = "run.damaged", limit: int = MAX_BYTES) -> T:
    """A JSON file as ``kind``.

    Raises:
        UserError: ``code``, with ``path`` and ``reason``.
    """
    try:
        return convert(parse(files.read_regular(path, limit)), kind)
    except ERRORS as error:
        raise UserError(code, path=str(path), reason=why(error)) from None


def why(error: BaseException) -> str:
    """The reason alone, for people: the sentence around it names the file already."""
    if isinstance(error, json.JSONDecodeError):
        return _("it is cut off or not JSON (line {line})").format(line=error.lineno)
    if isinstance(error, UnicodeDecodeError):
        return _("it is not text in UTF-8")
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def is_name(text: str) -> bool:
    """Whether a system could have a path like this at all."""
    try:
        return bool(text) and "\0" not in text and os.fsencode(text) is not None
    except UnicodeError:
        return False


def _refuse_constant(name: str) -> None:
    raise ValueError(_("{name} is not a number").format(name=name))


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(_("{name} is not a number").format(name=text[:40]))
    return value
