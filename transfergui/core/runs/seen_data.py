"""Which data runs saw: their version, with the content of the files, and how two runs differ.

``contents.json``, written at the end of a training: a digest of each sample that could be read.
Runs of earlier versions have none; all else is known of them.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.data import versions
from transfergui.core.data.versions import DataDifference
from transfergui.core.runs.run import Run

FILE = "contents.json"


class Contents(msgspec.Struct, frozen=True):
    """The content of the file.

    Attributes:
        samples: the digest of each, by its path.
    """

    samples: dict[str, str]


def keep(run: Run, digests: Mapping[str, str]) -> None:
    """Write down what was in the files.

    Raises:
        OSError: the disk is full, say.
    """
    tree = msgspec.to_builtins(Contents(dict(digests)))
    files.write_atomic(run.path / FILE, json.dumps(tree))


def contents(run: Run) -> dict[str, str]:
    """What was in the files; nothing where that was not written down, or cannot be read."""
    with contextlib.suppress(UserError):
        return records.read(run.path / FILE, Contents).samples
    return {}


def difference(first: Run, second: Run) -> DataDifference:
    """How the data of ``second`` differ from those of ``first``.

    Raises:
        UserError: ``run.damaged``.
    """
    excluded = second.recipe.data.exclude
    both = contents(first), contents(second)
    return versions.difference(first.split, second.split, excluded, both)


def document(first: Run, second: Run) -> dict[str, Any]:
    """The same for programs.

    Raises:
        UserError: ``run.damaged``.
    """
    names = {
        name: versions.version_of(run.split, contents(run))
        for name, run in (("first", first), ("second", second))
    }
    return {**names, **versions.document(difference(first, second))}
