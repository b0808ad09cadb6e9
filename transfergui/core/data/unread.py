"""Samples that could not be read, counted and named wherever the others are looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample


def notes(asked: Collection[Sample], read: Iterable[Sample], noun: str) -> tuple[Note, ...]:
    """What is said of those of ``asked`` that are not among ``read``; nothing where all are."""
    known = {sample.path for sample in read}
    return of_paths([s.path for s in asked if s.path not in known], len(asked), noun)


def error(count: int, total: int, path: str, first: BaseException | None) -> UserError:
    """Why nothing can be said where ``count`` of ``total`` samples cannot be read.

    Args:
        path: of the first of them.
        first: why that one cannot be read, where it is known.
    """
    if isinstance(first, UserError) and not first.code.endswith("vanished"):
        return UserError("data.damaged", count=count, total=total, first=str(first))
    return UserError("data.gone", count=count, total=total, path=path)


def of_paths(lost: Collection[str], total: int, noun: str) -> tuple[Note, ...]:
    """The same of ``lost`` of ``total`` samples, by their paths."""
    if not lost:
        return ()
    values = {"count": len(lost), "total": total, "noun": noun, "path": next(iter(lost))}
    return (Note("data.left_unread", values, "warning"),)
