"""Labels for use elsewhere: files in a folder per class, or a table, both with their split.

What is written is planned first (:mod:`transfergui.core.acting`): nothing is overwritten, a record
is kept, and undoing takes all of it away again. The originals are only read.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from transfergui.core import registry
from transfergui.core.acting import names
from transfergui.core.acting.carry_out import Outcome, blocks, carry_out
from transfergui.core.acting.record import Record, existing_folder
from transfergui.core.acting.steps import Act, Step, link_kind
from transfergui.core.base import options as opt
from transfergui.core.base import paths, shards
from transfergui.core.base.cells import line, safe
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import split as splitting
from transfergui.core.data import tar_names
from transfergui.core.data.dataset import Dataset, Problem, Sample
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.split import SplitOptions
from transfergui.core.labelling.examples import Examples, labelled_data
from transfergui.core.reading.tables import label_files

How = Literal["folders", "links", "csv", "jsonl"]
HOWS: tuple[How, ...] = ("folders", "links", "csv", "jsonl")
PARTS = ("train", "val", "test")
COLUMNS = (*label_files.COLUMNS, label_files.SPLIT)
TABLE = "labels"
"""Name of the table, before its ending."""


class Labelled(NamedTuple):
    """Labelled examples with the split that a training of them would have.

    Attributes:
        dataset: what can be used of them.
        parts: the part of the split of each, by its path; none where they cannot be divided.
        undivided: why they cannot.
        folder: that was opened; empty where the data are a file.
    """

    dataset: Dataset
    parts: dict[str, str]
    undivided: UserError | None = None
    folder: str = ""


def labelled(
    found: Examples, table: Path, options: SplitOptions | None = None, seed: int = 0
) -> Labelled:
    """The examples that have a label in the table at ``table``.

    Raises:
        UserError: ``labelling.none``; as of a scan.
    """
    dataset = registry.modality(found.modality).scan(labelled_data(found, table))
    folder = found.source if found.source and Path(found.source).is_dir() else ""
    try:
        divided = splitting.split(dataset, options or SplitOptions(), seed)
    except UserError as error:
        return Labelled(dataset, {}, error, folder)
    parts = {each.path: part for part in PARTS for each in getattr(divided, part)}
    return Labelled(dataset, parts, folder=folder)


def planned(given: Labelled, to: Path, how: How, name: str = TABLE) -> Act:
    """What is to be written; nothing is touched.

    Args:
        to: a folder, which need not be there.
        name: of the table in it, without its ending.

    Raises:
        UserError: ``labelling.parts_as_table``, ``labelling.rows_copied``, ``labelling.into_data``,
            ``act.not_a_folder``, ``act.links_elsewhere``.
    """
    to = Path(os.path.abspath(to))  # noqa: PTH100 - without following links
    if os.path.lexists(to) and not to.is_dir():
        raise UserError("act.not_a_folder", path=str(to))
    if how in ("folders", "links"):
        if given.folder and Path(os.path.realpath(to)).is_relative_to(
            os.path.realpath(given.folder)
        ):
            raise UserError("labelling.into_data", path=str(to), root=given.folder)
        return _folders(given, to, how)
    text = "".join(_csv(given, to) if how == "csv" else _json_lines(given, to))
    target = names.FreeNames().free(to, f"{name}.{how}")
    size = len(text.encode("utf-8", "surrogateescape"))
    step = Step("write", str(target), size=size, text=text)
    return Act((step,), needed=blocks(size), to=str(to))


def written(act: Act, tell: Tell = untold) -> tuple[Outcome, Path]:
    """Write what was planned; what came of it, and the record with which it can be undone.

    Args:
        tell: as of :func:`transfergui.core.acting.carry_out.carry_out`.

    Raises:
        UserError: ``act.no_room``, ``act.no_record``.
    """
    with Record.create(act.to) as record:
        return carry_out(act, record, tell), record.path


# -- tables


def _columns(given: Labelled) -> tuple[str, ...]:
    """Of rows of tables with what they say; of parts of recordings with where they begin, in
    seconds."""
    if not any(_is_piece(sample.path) for sample in given.dataset.samples):
        return COLUMNS
    rows = registry.modality(given.dataset.modality).tables
    return (*COLUMNS, "text" if rows else "start")


def _is_piece(path: str) -> bool:
    """Whether a sample is a row of a table, or a part of a recording."""
    return is_part(path) and not shards.is_member(path)


def _rows(given: Labelled, to: Path) -> Iterator[dict[str, str | float]]:
    """Each example: its path (which names a part of a file, too), class, part of the split.

    Args:
        to: the folder that paths are relative to.
    """
    dataset, last = given.dataset, _columns(given)[-1]
    lead = _way(to, dataset.root)
    for sample in dataset.samples:
        row: dict[str, str | float] = {
            "path": lead + tar_names.named(dataset.root, sample.path),
            "label": dataset.classes[sample.label],
            "split": given.parts.get(sample.path, ""),
        }
        if last == "text":
            row[last] = text_of(dataset, sample) if _is_piece(sample.path) else ""
        elif last == "start":
            row[last] = (FilePart.parse(sample.path).part or 0) / 1000
        yield row


def _way(to: Path, root: Path) -> str:
    """What stands before a path relative to ``root``, so that it is found from the folder ``to``;
    nothing where the files are only in the cache."""
    if root.is_relative_to(paths.cache_dir()):
        return ""
    try:
        way = os.path.relpath(root, to)
        real, of_root = os.path.realpath(to), os.path.realpath(root)
        if os.path.realpath(f"{real}/{way}") != of_root:  # behind a link, “..” is another folder
            way = os.path.relpath(of_root, real)
    except ValueError:  # on another drive
        way = str(root)
    return "" if way == "." else f"{Path(way).as_posix().rstrip('/')}/"


def _csv(given: Labelled, to: Path) -> Iterator[str]:
    columns = _columns(given)
    yield line(columns)
    for row in _rows(given, to):
        yield line(safe(str(row[name])) for name in columns)


def _json_lines(given: Labelled, to: Path) -> Iterator[str]:
    for row in _rows(given, to):
        yield json.dumps(row) + "\n"


def text_of(dataset: Dataset, sample: Sample) -> str:
    """What a row of a table says, whole.

    Raises:
        UserError: it is gone.
    """
    modality, path = registry.modality(dataset.modality), dataset.root / sample.path
    input = opt.check(dataset.input, modality.input_options, "input")
    shown = str(modality.preview(path, input).data.text)
    row = modality.own_row(path, input)
    cells = row.cells if row is not None else ()
    return next((cell for cell in cells if cell.startswith(shown)), shown)


# -- folders


def _folders(given: Labelled, to: Path, how: How) -> Act:
    dataset, free = given.dataset, names.FreeNames()
    folders = names.folders(dataset.classes)
    device = existing_folder(to).stat().st_dev
    steps: list[Step] = []
    left: list[Problem] = []
    counts: Counter[str] = Counter()
    needed = 0
    for sample in dataset.samples:
        place = folders[dataset.classes[sample.label]]
        target = to / given.parts.get(sample.path, "") / place
        if _is_piece(sample.path):
            step = _part(dataset, sample, free, target, how)
        else:
            try:
                step = _file(dataset.root / sample.path, free, target, how, device)
            except OSError:
                left.append(Problem("act.gone", path=sample.path))
                continue
        steps.append(step)
        counts[place] += 1
        needed += blocks(step.size) if step.kind in ("copy", "write") else 0
    return Act(tuple(steps), tuple(left), dict(counts), needed=needed, to=str(to))


def _file(source: Path, free: names.FreeNames, folder: Path, how: How, device: int) -> Step:
    """
    Raises:
        OSError: the file is gone.
        UserError: ``act.links_elsewhere``: Windows has no links to another disk;
            ``labelling.tars_copied``.
    """
    values = (str(source), *shards.status(source))
    target = str(free.free(folder, shards.called(source).name))
    if how == "folders":
        return Step("copy", target, *values)
    if shards.is_member(source):
        raise UserError("labelling.tars_copied")
    kind = link_kind(source.stat().st_dev == device, str(folder), "files")
    return Step(kind, target, os.path.realpath(source), *values[1:])


def _part(dataset: Dataset, sample: Sample, free: names.FreeNames, folder: Path, how: How) -> Step:
    """A row of a table as a file of its own.

    Raises:
        UserError: ``labelling.parts_as_table``: part of a recording; ``labelling.rows_copied``.
    """
    if not registry.modality(dataset.modality).tables:
        raise UserError("labelling.parts_as_table")
    if how == "links":
        raise UserError("labelling.rows_copied")
    text = text_of(dataset, sample)
    file, row = FilePart.parse(sample.path)
    target = free.free(folder, f"{names.safe(Path(file).stem)}-{row}.txt")
    return Step("write", str(target), size=len(text.encode("utf-8", "replace")), text=text)
