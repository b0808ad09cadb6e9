"""Attributes of an object that are those of one of its parts."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Forward(Generic[T]):
    """Reads the attribute of the same name of a part.

    Args:
        part: the attribute in which the part is.
    """

    def __init__(self, part: str) -> None:
        self._part = part

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, owner: Any, _type: type) -> T:
        value: T = getattr(getattr(owner, self._part), self._name)
        return value
