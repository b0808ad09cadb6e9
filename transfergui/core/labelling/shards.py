"""Examples and their labels as WebDataset shards, for training on other machines.

Each part of the split has its own tars (``train-000000.tar``) of about 100 MB: ``00000042.jpg``
with the unchanged bytes of the file, and ``00000042.cls`` with the number of its class, whose
names are in ``classnames.txt``, or in ``classes.json`` where they are no lines. Labels that are
not one class are fields of ``00000042.json``, and ``dataset.json`` says which. The order is
shuffled, as those who stream shards expect it, and the same whenever the same data are written.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.dataset import Dataset, Problem
from transfergui.core.labelling import shard_contents
from transfergui.core.labelling.shard_contents import Example
from transfergui.core.reading.sources import shard_names
from transfergui.core.reading.sources.shard_fields import RECORD

WEBDATASET = "webdataset"
"""How ``scan --export`` calls this."""
SHARD_BYTES = 100_000_000
NAMES = "classnames.txt"
ODD_NAMES = "classes.json"
"""Instead, where a name is no line of a text: it has line breaks, or spaces around it."""
WHOLE = "data"
"""How the shards begin where the data are not divided."""
PARTS = ("train", "val", "test")
DIGITS = 8


class Written(NamedTuple):
    """What was written.

    Attributes:
        paths: the tars, and the file that says what is predicted last.
        counts: examples by part of the split.
        left: examples that could not be read.
    """

    paths: Sequence[Path]
    counts: Mapping[str, int]
    left: Sequence[Problem]


def write(
    dataset: Dataset,
    parts: Mapping[str, str],
    to: Path,
    tell: Tell = untold,
    shard_bytes: int = SHARD_BYTES,
) -> Written:
    """Write ``dataset`` into the folder ``to``; nothing stays behind where that fails.

    Args:
        parts: the part of the split of each sample, by its path; empty where there is none.
        to: a folder, which need not be there.
        shard_bytes: of a tar; it ends with the example that reaches them.

    Raises:
        UserError: as :func:`shard_contents.require_writable`; ``shards.folder_in_use``;
            ``labelling.into_data``; ``disk.full``.
    """
    shard_contents.require_writable(dataset)
    if os.path.lexists(to) and (not to.is_dir() or any(to.iterdir())):
        raise UserError("shards.folder_in_use", path=str(to))
    if Path(os.path.realpath(to)).is_relative_to(os.path.realpath(dataset.root)):
        raise UserError("labelling.into_data", path=str(to), root=str(dataset.root))
    made: list[Path] = []
    new = not to.exists()
    try:
        return _write(dataset, parts, to, tell, shard_bytes, made)
    except BaseException as error:
        for path in made:
            files.remove(path)
        if new and to.is_dir():
            shutil.rmtree(to, ignore_errors=True)
        if isinstance(error, OSError):
            raise files.not_written(to, error) from error
        raise


def _write(
    dataset: Dataset,
    parts: Mapping[str, str],
    to: Path,
    tell: Tell,
    shard_bytes: int,
    made: list[Path],
) -> Written:
    to.mkdir(parents=True, exist_ok=True)
    left: list[Problem] = []
    counts: dict[str, int] = {}
    every = list(shard_contents.examples(dataset))
    done, key = 0, 0
    for part in (*PARTS, ""):
        waiting = _shuffled([each for each in every if parts.get(each.sample.path, "") == part])
        before, number = done, 0
        while done - before < len(waiting):
            path = to / f"{part or WHOLE}-{number:06d}.tar"
            made.append(path)
            with (
                files.replacing(path) as temporary,
                tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as tar,
            ):
                while done - before < len(waiting) and tar.offset < shard_bytes:
                    example = waiting[done - before]
                    tell(done, len(every))
                    done += 1
                    if (read := shard_contents.content(dataset, example)) is None:
                        left.append(Problem("act.gone", path=example.sample.path))
                        continue
                    for ending, data in (read, *shard_contents.labels(dataset, example)):
                        info = tarfile.TarInfo(f"{key:0{DIGITS}d}.{ending}")
                        info.size = len(data)
                        tar.addfile(info, io.BytesIO(data))
                    key += 1
                    counts[part or WHOLE] = counts.get(part or WHOLE, 0) + 1
            number += 1
    made.append(_described(dataset, to))
    tell(done, done)
    return Written(tuple(made), counts, left)


def _described(dataset: Dataset, to: Path) -> Path:
    """Write what is predicted, or the names of the classes."""
    if (record := shard_contents.record(dataset)) is not None:
        files.write_atomic(to / RECORD, shard_contents.record_text(record))
        return to / RECORD
    lines = "".join(f"{name}\n" for name in dataset.classes)
    if shard_names.names_of(NAMES, lines) == list(dataset.classes):
        files.write_atomic(to / NAMES, lines)
        return to / NAMES
    names = json.dumps(list(dataset.classes), indent=1)
    files.write_atomic(to / ODD_NAMES, names + "\n")
    return to / ODD_NAMES


def _shuffled(examples: Sequence[Example]) -> list[Example]:
    order = np.random.default_rng(0).permutation(len(examples))
    return [examples[at] for at in order.tolist()]
