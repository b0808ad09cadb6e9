"""Which files a modality is looking for."""

from collections.abc import Callable
from dataclasses import dataclass

from transfergui.core.reading.files.walk import extension
from transfergui.core.reading.marks.pages import Stored

PROGRESS_EVERY = 1000


@dataclass(frozen=True)
class Wanted:
    """Which files a modality is looking for.

    Attributes:
        noun: what they are called, untranslated: ``pictures``.
        extensions: in lower case, with the dot.
        stored: how large the picture in a file is; None where it is none. Only in pictures, boxes
            can be drawn.
    """

    noun: str
    extensions: frozenset[str]
    stored: Callable[[str], Stored | None] | None = None

    def has_extension(self, name: str) -> bool:
        return extension(name) in self.extensions

    def might_be(self, name: str) -> bool:
        """Whether it is worth opening: files without an extension may be anything."""
        return extension(name) in self.extensions or not extension(name)
