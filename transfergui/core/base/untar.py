"""Decompressing tars into the cache: in a compressed one, no file can be read by itself.

What a cut-off file still holds is kept: the tar then ends too early, which is told where it is
read. Of gzip, bzip2 and xz; Python's library knows no other.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import os
import shutil
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transfergui.core.base import paths, shards, unzip
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

OPENERS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys((".tgz", ".gz"), gzip.open),
    **dict.fromkeys((".tbz", ".tbz2", ".bz2"), bz2.open),
    **dict.fromkeys((".txz", ".xz", ".lzma"), lzma.open),
}
BLOCK = 1 << 20
LOOK_EVERY = 64
"""Blocks after which it is looked whether the disk has room left."""
CUT_OFF = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, ValueError)
"""What a decompressor raises; bz2 an OSError without a number, too."""


def is_known(path: Path) -> bool:
    """Whether a compressed tar can be decompressed here."""
    return path.suffix.lower() in OPENERS


def plain_name(name: str) -> str:
    """How the tar in a compressed file is called: ``train-0.tar`` of ``train-0.tar.gz``."""
    return shards.COMPRESSED.sub("", name) + shards.SUFFIX if is_compressed(name) else name


def is_compressed(name: str) -> bool:
    return shards.COMPRESSED.search(name) is not None


def decompressed(
    root: Path,
    names: Sequence[str],
    beside: Sequence[Path] = (),
    progress: Callable[[int], None] = lambda count: None,
) -> Path:
    """The folder in the cache that holds these tars decompressed, under the same names.

    Args:
        names: relative to ``root``; tars that are not compressed are linked, or copied.
        beside: small files below ``root`` that are copied along.
        progress: called between blocks with the number of tars that are done; may raise to cancel.

    Raises:
        UserError: ``shards.no_space``, ``shards.bomb``, ``shards.unreadable``, ``disk.full``;
            nothing stays behind.
    """
    found = [*(root / name for name in names), *beside]
    home = paths.cache_dir() / "unpacked"
    target = home / unzip.folder_name(found, f"{root.resolve().name}-tar")
    if target.is_dir():
        return target
    temporary = unzip.fresh_folder(home)
    try:
        for count, name in enumerate(names):
            place = temporary / plain_name(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            _put(root / name, place, lambda count=count: progress(count))  # type: ignore[misc]
        for path in beside:
            shutil.copyfile(path, temporary / path.relative_to(root))
        return unzip.in_place(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put(source: Path, place: Path, progress: Callable[[], None]) -> None:
    try:
        if not is_compressed(source.name):
            try:
                os.link(source, place)
            except OSError:
                shutil.copyfile(source, place)
            return
        _decompress(source, place, progress)
    except OSError as error:
        if error.errno is None:  # of bz2: invalid data
            return
        if error.errno in unzip.FULL:
            raise UserError("disk.full", path=str(place), reason=error.strerror) from error
        reason = error.strerror or str(error)
        raise UserError("shards.unreadable", path=str(source), reason=reason) from error


def _decompress(source: Path, place: Path, progress: Callable[[], None]) -> None:
    most = max(unzip.HARMLESS, unzip.MAX_RATIO * source.stat().st_size)
    written = look = 0
    with (
        OPENERS[source.suffix.lower()](source) as stream,
        place.open("wb") as out,
        contextlib.suppress(*CUT_OFF),  # told where the tar is read
    ):
        while block := stream.read1(BLOCK):  # keeps what is there
            progress()
            written += len(block)
            if written > most:
                values = {"path": str(source), "gigabytes": round(written / 1e9, 1)}
                raise UserError("shards.bomb", **values)
            if written >= look:
                require_room(source, BLOCK * LOOK_EVERY)
                look += BLOCK * LOOK_EVERY
            out.write(block)
    if not written:
        reason = _("it is empty, or not compressed as its name says")
        raise UserError("shards.unreadable", path=str(source), reason=reason)


def require_room(source: Path, size: int) -> None:
    """
    Raises:
        UserError: ``shards.no_space``: the disk of the cache has no room for so many bytes.
    """
    if size + unzip.SPARE > shutil.disk_usage(paths.cache_dir()).free:
        raise UserError("shards.no_space", path=str(source), gigabytes=round(size / 1e9, 1))
