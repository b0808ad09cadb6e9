"""Examples that nobody has labelled: the files of a folder, the rows of a table, the parts of
a long recording."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.options import Options
from transfergui.core.data.dataset import DataOptions, Problem, Sample, natural_order
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.own_places import UNLABELLED
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.given import unfolded
from transfergui.core.reading.tables.label_files import UNSORTED

Count = Callable[[int], None]
NO_OPTIONS: Mapping[str, Any] = {}


def untold(count: int) -> None:
    """Nobody listens."""


class Examples(msgspec.Struct, frozen=True):
    """What there is to label.

    Attributes:
        root: the folder that the paths of ``samples`` are relative to.
        modality: key of the kind of data.
        samples: in natural order, each with the label :data:`UNLABELLED`.
        problems: of what cannot be used.
        source: what was opened: a folder, a zip, a table or a recording.
        input, languages: as of :class:`transfergui.core.data.dataset.Dataset`.
        options: data options with which it was read.
    """

    root: str
    modality: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...] = ()
    source: str = ""
    input: dict[str, Any] = {}
    languages: tuple[str, ...] = ()
    options: dict[str, Any] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the samples."""
        return tuple(sample.path for sample in self.samples)


def unlabelled(
    modality: Modality, path: str, input: Options | None = None, tell: Count = untold
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
    problems = [*given.problems, *given.notes]
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
    modality: Modality, path: str, options: Mapping[str, Any] = NO_OPTIONS, tell: Count = untold
) -> Examples:
    """What there is to label at ``path``: read as data are read that are trained with.

    Args:
        options: the modality's own ones on how data are read.
        tell: called often with how many there are so far; may raise to end it.

    Raises:
        UserError: ``data.missing``, ``data.empty``, ``data.all_bad``, ``zip.`` codes.
    """
    asked = DataOptions(path=path, labels=UNSORTED, objective="one_class", options=dict(options))
    found = modality.scan(asked, tell)
    known = {each.path: each for each in found.samples}
    samples = tuple(
        msgspec.structs.replace(known[path], label=UNLABELLED) for path in natural_order(known)
    )
    return Examples(
        str(found.root),
        modality.key,
        samples,
        found.problems,
        path,
        found.input,
        found.languages,
        dict(options),
    )


def labelled_data(found: Examples, table: Path) -> DataOptions:
    """What is opened to train with the labels in ``table``; the recipe names it.

    Long recordings are divided as they were when their parts were labelled.
    """
    modality = registry.modality(found.modality)
    how = modality.data_for(opt.check(found.input, modality.input_options, "input"))
    own = {name: value for name, value in how.items() if value not in ("", None)}
    return DataOptions(
        path=found.source,
        labels=str(table),
        objective="one_class",
        options={**own, **found.options},
    )


def _size(path: Path) -> int:
    """Bytes of the file that a sample is in; 0 where it is gone."""
    try:
        return FilePart.parse(path).path.stat().st_size
    except OSError:
        return 0
