"""Tars that samples are in, as they were when they were listed.

A sample is named by the byte at which it begins there, so that another tar has another sample of
that name, or one with another label. A split says of each tar what it was; whoever reads the
samples of a split asks first whether it still is that (a look at each tar, not at each sample).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.shards import Listed
from transfergui.core.data.dataset import Sample
from transfergui.core.data.file_part import MARK, FilePart

CHANGED = "data.tar_changed"
"""Code of the failure after which data must be opened again: no label of the tar can be trusted."""
Tars = dict[str, Listed | int]
"""Each tar, by its path below the root of the samples; runs of earlier versions say only when it
was changed."""
Places = Iterable[tuple[str, Tars]]
"""The root of some samples, and the tars that they are in."""
Now = Mapping[str, Listed | int | None]
"""Tars as they are now; None of one that was replaced."""


def of(root: str | os.PathLike[str], samples: Iterable[Sample]) -> Tars:
    """The tars that hold ``samples``, as far as they were listed in this process."""
    members = (s.path for s in samples if MARK in s.path and shards.is_member(s.path))
    names = {FilePart.parse(path).file for path in members}
    found = {name: shards.listed(Path(root, name)) for name in sorted(names)}
    return {name: tar for name, tar in found.items() if tar is not None}


def as_now(root: str | os.PathLike[str], known: Tars) -> Now:
    """Each of the tars that are there, as :func:`.shards.as_now`."""
    found: dict[str, Listed | int | None] = {}
    for name, tar in known.items():
        with contextlib.suppress(OSError):  # gone: told of its samples
            path = Path(root, name)
            if isinstance(tar, Listed):
                found[name] = shards.as_now(path, tar)
            else:
                found[name] = tar if path.stat().st_mtime_ns == tar else None
    return found


def replaced(places: Places) -> Iterator[Path]:
    """The tars that were replaced since."""
    return (path for path, now in _now(places) if now is None)


def require_same(places: Places) -> None:
    """Insist that samples are in the tars that were listed, and remember these: whoever reads a
    sample is told when its tar is replaced later (:func:`.shards.read`).

    Raises:
        UserError: ``data.tar_changed``.
    """
    found = dict(_now(places))
    for path, now in found.items():
        if now is None:
            raise UserError(CHANGED, path=str(path))
        known = shards.listed(path)
        if isinstance(now, Listed) and (known is None or known[:2] != now[:2]):
            shards.note_listed(path, now)


def require_own(path: Path, places: Places) -> None:
    """Insist that a file is the sample that was listed there, before it is shown as such.

    Raises:
        UserError: ``data.tar_changed``.
    """
    if not shards.is_member(path):
        return
    tar = shards.on_disk(path)
    for root, known in places:
        name = Path(os.path.relpath(tar, root)).as_posix()
        if name in known and as_now(root, {name: known[name]}).get(name, 0) is None:
            raise UserError(CHANGED, path=str(tar))


def _now(places: Places) -> Iterator[tuple[Path, Listed | int | None]]:
    for root, known in places:
        for name, now in as_now(root, known).items():
            yield Path(root, name), now
