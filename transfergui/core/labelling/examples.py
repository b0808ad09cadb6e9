"""Examples that nobody has labelled: the files of a folder, the rows of a table, the parts of
a long recording."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.own_places import UNLABELLED
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.given import unfolded

Count = Callable[[int], object]


class Examples(msgspec.Struct, frozen=True):
    """What there is to label.

    Attributes:
        root: the folder that the paths of ``samples`` are relative to.
        modality: key of the kind of data.
        samples: each with the label :data:`UNLABELLED`.
        problems: of what cannot be used.
    """

    root: str
    modality: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the samples."""
        return tuple(sample.path for sample in self.samples)


def unlabelled(
    modality: Modality, path: str, input: Options | None = None, tell: Count = int
) -> Examples:
    """Every file of a folder, or row of a table, whatever it may be called.

    Args:
        input: how files are read (which column of a table, how long a part of a recording is);
            None for the modality's own.
        tell: called often with how many there are so far; may raise to end it.
    """
    input = modality.input_options() if input is None else input
    given = unfolded([Path(path)], modality)
    root = next(iter(given.zips), Path(path))
    root = root if root.is_dir() else root.parent
    samples: list[Sample] = []
    problems = list(given.problems)
    for place in modality.list_files(given.paths, input):
        bad = modality.check(place)
        name = os.path.relpath(place, root).replace(os.sep, "/")
        if bad is not None and bad.left_out:
            problems.append(msgspec.structs.replace(bad, path=name))
        else:
            samples.append(Sample(name, UNLABELLED, _size(place)))
        tell(len(samples))
    return Examples(str(root), modality.key, tuple(samples), tuple(problems))


def examples(
    modality: Modality, path: str, input: Options | None = None, tell: Count = int
) -> Examples:
    """What there is to label at ``path``, as of :func:`unlabelled`.

    Raises:
        UserError: ``data.missing``; ``labelling.nothing``: there is nothing that can be used.
    """
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises on too long names
        raise UserError("data.missing", path=path)
    found = unlabelled(modality, path, input, tell)
    if not found.samples:
        why = found.problems[0].sentence() if found.problems else ""
        raise UserError("labelling.nothing", path=path, noun=modality.many, why=why)
    return found


def _size(path: Path) -> int:
    """Bytes of the file that a sample is in; 0 where it is gone."""
    try:
        return FilePart.parse(path).path.stat().st_size
    except OSError:
        return 0
