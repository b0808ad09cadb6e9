"""Pictures and their classes as WebDataset shards, for training on other machines.

Each part of the split has its own tars (``train-000000.tar``) of about 100 MB: ``00000042.jpg``
with the unchanged bytes of the picture, and ``00000042.cls`` with the number of its class, whose
names are in ``classnames.txt``. The order is shuffled, as those who stream shards expect it, and
the same whenever the same data are written.
"""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from transfergui.core.base import files, shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.dataset import Dataset, Problem, Sample
from transfergui.core.data.targets import NUMBER, ONE_CLASS

WEBDATASET = "webdataset"
"""How ``scan --export`` calls this."""
SHARD_BYTES = 100_000_000
NAMES = "classnames.txt"
WHOLE = "data"
"""How the shards begin where the data are not divided."""
PARTS = ("train", "val", "test")
DIGITS = 8


class Written(NamedTuple):
    """What was written.

    Attributes:
        paths: the tars, and the names of the classes last, if there are any.
        counts: pictures by part of the split.
        left: pictures that could not be read.
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
        shard_bytes: of a tar; it ends with the picture that reaches them.

    Raises:
        UserError: ``shards.not_writable``: no pictures with one class or one number each;
            ``shards.folder_in_use``; ``labelling.into_data``; ``disk.full``.
    """
    if dataset.modality != "image" or dataset.targets.objective not in (ONE_CLASS, NUMBER):
        raise UserError("shards.not_writable")
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
    done, key = 0, 0
    for part in (*PARTS, ""):
        waiting = _shuffled([s for s in dataset.samples if parts.get(s.path, "") == part])
        before, number = done, 0
        while done - before < len(waiting):
            path = to / f"{part or WHOLE}-{number:06d}.tar"
            made.append(path)
            with (
                files.replacing(path) as temporary,
                tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as tar,
            ):
                while done - before < len(waiting) and tar.offset < shard_bytes:
                    sample = waiting[done - before]
                    tell(done, len(dataset.samples))
                    done += 1
                    if (read := _content(dataset.root, sample)) is None:
                        left.append(Problem("act.gone", path=sample.path))
                        continue
                    for ending, data in (read, ("cls", _label(dataset, sample))):
                        info = tarfile.TarInfo(f"{key:0{DIGITS}d}.{ending}")
                        info.size = len(data)
                        tar.addfile(info, io.BytesIO(data))
                    key += 1
                    counts[part or WHOLE] = counts.get(part or WHOLE, 0) + 1
            number += 1
    if dataset.targets.objective == ONE_CLASS:
        made.append(to / NAMES)
        files.write_atomic(to / NAMES, "".join(_lines(dataset)))
    tell(done, done)
    return Written(tuple(made), counts, left)


def _shuffled(samples: Sequence[Sample]) -> list[Sample]:
    order = np.random.default_rng(0).permutation(len(samples))
    return [samples[at] for at in order.tolist()]


def _content(root: Path, sample: Sample) -> tuple[str, bytes] | None:
    """How the name of a picture ends, and its bytes; None where it is gone."""
    path = root / sample.path
    try:
        if shards.is_member(path):
            return _ending(shards.name(path)), shards.read(path)
        return _ending(path.name), path.read_bytes()
    except OSError:
        return None


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip(" ").lower()


def _label(dataset: Dataset, sample: Sample) -> bytes:
    one_class = dataset.targets.objective == ONE_CLASS
    return (str(sample.label) if one_class else dataset.classes[sample.label]).encode()


def _lines(dataset: Dataset) -> Iterator[str]:
    for name in dataset.classes:
        yield f"{' '.join(name.split())}\n"
