"""Tars that were opened as data: which they are, and where they can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from transfergui.core.base import archives, untar
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.data.dataset import DataOptions, Problem
from transfergui.core.reading.sources import shard_folder, shard_listing, shard_survey
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables.reading_options import ReadingOptions

IN_PLACE = ("image",)
"""Keys of the modalities whose files are read in tars without unpacking them."""


class Tars(NamedTuple):
    """Tars that are plain, so that each file in them can be read.

    Attributes:
        root: the folder that ``names`` are relative to: that of the user, or one in the cache.
        problems: what is to be said of how they got there.
    """

    root: Path
    names: Sequence[str]
    problems: Sequence[Problem] = ()


def of_source(source: Path, wanted: Wanted, skip: Path | None = None) -> Tars | None:
    """The tars that were opened, compressed or not: a file, several by a pattern, or those of a
    folder in which nothing else can be learnt from. None where these are no tars.

    Args:
        skip: a folder below that belongs to something else.
    """
    if archives.is_pattern(source) or (archives.is_tar(source) and source.is_file()):
        names = [path.name for path in archives.tars(source)]
        return Tars(source.parent, names)
    if not source.is_dir():
        return None
    below = shard_listing.tars(source, wanted, skip)
    return Tars(source, below) if below else None


def plain(found: Tars, progress: Callable[[int], None] = lambda count: None) -> Tars:
    """The same tars, those that are compressed decompressed in the cache.

    Raises:
        UserError: ``shards.compressed``: in a way that is not known here; as
            :func:`untar.decompressed`.
    """
    packed = [name for name in found.names if untar.is_compressed(name)]
    if not packed:
        return found
    if strange := [name for name in packed if not untar.is_known(Path(name))]:
        first = str(found.root / strange[0])
        raise UserError("shards.compressed", path=first, count=len(strange))
    beside = shard_survey.beside(found.root, found.names)
    root = untar.decompressed(found.root, found.names, beside, progress)
    names = [untar.plain_name(name) for name in found.names]
    size = sum((root / untar.plain_name(name)).stat().st_size for name in packed)
    values = {"count": len(packed), "size": bytes_text(size), "folder": str(root)}
    return Tars(root, names, [Problem("shards.decompressed", values, path=".", left_out=False)])


def as_folder(
    source: Path, wanted: Wanted, progress: Callable[[int], None] = lambda count: None
) -> Path | None:
    """The folder that tars are unpacked to; None where these are no tars.

    Raises:
        UserError: as :func:`plain` and :func:`.shard_folder.unpacked`.
    """
    found = of_source(source, wanted)
    if found is None:
        return None
    found = plain(found, progress)
    return shard_folder.unpacked(found.root, found.names, wanted, progress)


def recorded_options(folder: Path, options: DataOptions) -> DataOptions:
    """The same of :class:`DataOptions`, as :func:`as_recorded`."""
    record = shard_folder.record_of(folder)
    if record is None or options.objective or options.predict:
        return options
    return msgspec.structs.replace(options, objective=record.objective, predict=record.predicted)


def as_recorded(folder: Path, asked: ReadingOptions) -> ReadingOptions:
    """``asked``, with what the tars say is predicted where the user says nothing."""
    record = shard_folder.record_of(folder)
    if record is None or asked.objective or asked.predict:
        return asked
    return replace(asked, objective=record.objective, predict=record.predicted, unit=record.unit)
