"""What the other side answers, by type: whatever else comes is one error, wherever it is read."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from transfergui.core.base import records
from transfergui.core.base.errors import UserError

T = TypeVar("T")


class Greeting(msgspec.Struct, frozen=True):
    """What the other side says of itself.

    Attributes:
        folder: of the place.
        free: bytes on its disk; None where it does not say.
        environment: versions.
    """

    folder: str
    free: int | None = None
    environment: dict[str, str | None] = {}


class State(msgspec.Struct, frozen=True):
    """Of a training: ``unknown``, ``running`` or how it ended.

    Attributes:
        told: bytes of its events.
        log: the end of what was printed.
    """

    state: str
    told: int
    log: str = ""


class Sizes(msgspec.Struct, frozen=True):
    """Bytes that the place keeps, and that are free there."""

    kept: int
    free: int


class Freed(msgspec.Struct, frozen=True):
    """Bytes that were deleted."""

    freed: int


class Refusal(msgspec.Struct, frozen=True):
    """A code of a sentence, and its values."""

    error: str
    values: dict[str, Any] | None = None


def read(tree: Any, kind: type[T], name: str) -> T:
    """An answer as ``kind``.

    Args:
        name: of the place.

    Raises:
        UserError: ``place.garbled``.
    """
    try:
        return records.convert(tree, kind)
    except ValueError as error:
        raise garbled(name, error) from None


def garbled(name: str, error: Exception | str) -> UserError:
    return UserError("place.garbled", name=name, reason=str(error)[:200].rstrip("."))
