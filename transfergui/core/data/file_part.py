"""A file, or a part of one: a row of a table, a piece of a recording."""

import os
import re
from pathlib import Path
from typing import NamedTuple, Self

MARK = "#"
"""Between a file and the number of its part."""
EXPLICIT = 2 * MARK
"""The same where the file alone does not tell: it has no extension, or ends like a part itself."""
AFTER_EXTENSION = re.compile(rf"(.*\.[^./{MARK}]{{1,6}}){MARK}([0-9]{{1,12}})", re.DOTALL)
AFTER_ANY = re.compile(rf"(.+){EXPLICIT}([0-9]*)", re.DOTALL)


class FilePart(NamedTuple):
    """Where a sample is. Samples, splits and corrections name it by its text, ``str(part)``.

    ``talk.wav#12000`` begins 12000 ms after the beginning of ``talk.wav``; ``reviews.csv#17``
    is row 17, as a spreadsheet counts them. Behind a file without an extension there are two
    marks: ``talk##12000``. A whole file that is called ``talk.wav#12000`` is ``talk.wav#12000##``.

    Attributes:
        file: with its folders.
        part: None for the whole file.
    """

    file: str
    part: int | None = None

    @classmethod
    def parse(cls, text: str | os.PathLike[str]) -> Self:
        """The part that a text names; every text names one."""
        text = os.fspath(text)
        if MARK not in text:  # nearly all, of a million
            return cls(text)
        if EXPLICIT in text and (found := AFTER_ANY.fullmatch(text)):
            explicit = cls(found[1], int(found[2]) if found[2] else None)
            if str(explicit) == text:  # else it is a file that is called so
                return explicit
        found = AFTER_EXTENSION.fullmatch(text)
        return cls(found[1], int(found[2])) if found else cls(text)

    def __str__(self) -> str:
        number = "" if self.part is None else str(self.part)
        plain = f"{self.file}{MARK}{number}" if number else self.file
        return plain if self.parse(plain) == self else f"{self.file}{EXPLICIT}{number}"

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.file)


def is_part(text: str) -> bool:
    """Whether a text names a part, not a whole file."""
    return FilePart.parse(text).part is not None


def in_tar(tar: str, offset: int) -> str:
    """How a file in a tar is named, whose header begins at ``offset``
    (:mod:`transfergui.core.base.shards`)."""
    return str(FilePart(tar, offset))
