"""What samples in tars are called where they are kept: ``a.tar/cats/1.jpg``, by their own names.

Within the program they are named by the byte at which they begin (``a.tar#1536``), so that reading
one is a seek. A tar that is packed anew has them elsewhere, and people do not count bytes.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from transfergui.core.base import shards
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.file_part import FilePart, in_tar

INSIDE = re.compile(r"\.tar/", re.IGNORECASE)


def named(root: str | os.PathLike[str], path: str) -> str:
    """A sample in a tar by its name there; ``path`` of others, and where that is not to be found
    by its name (the tar cannot be read, or two files in it have the same one)."""
    if not shards.is_member(path):
        return path
    tar, at = FilePart.parse(path)
    members, names, _listed = _contents(root, tar)
    name = names.get(at or 0, "")
    return f"{tar}/{name}" if members.get(name) == at else path


def placed(root: str | os.PathLike[str], text: str) -> str:
    """The path of a sample that may be called as of :func:`named`; ``text`` of others, and where
    there is no such file."""
    tar, name = divided(root, text)
    at = _contents(root, tar).members.get(name) if name else None
    return text if at is None else in_tar(tar, at)


def divided(root: str | os.PathLike[str], text: str) -> tuple[str, str]:
    """A tar that is there, and the name of a file in it; ``text`` and nothing of other files."""
    for end in INSIDE.finditer(text):
        tar = text[: end.end() - 1]
        if os.path.isfile(os.path.join(root, tar)):  # noqa: PTH113, PTH118 - for each row
            return tar, text[end.end() :]
    return text, ""


def in_tree(root: str | os.PathLike[str], tree: Any) -> Any:
    """A document for programs, in which samples are called as of :func:`named`."""
    if isinstance(tree, dict):
        return {in_tree(root, key): in_tree(root, value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [in_tree(root, value) for value in tree]
    return named(root, tree) if isinstance(tree, str) else tree


def root_of(data: DataOptions) -> Path:
    """The folder that paths of samples are relative to, of data that are read where they are."""
    path = Path(data.path)
    return path if path.is_dir() else path.parent


def kept(data: DataOptions) -> DataOptions:
    """What is corrected, as of :func:`named`: to be written down."""
    return _renamed(data, functools.partial(named, root_of(data)))


def found(data: DataOptions, root: Path | None = None) -> DataOptions:
    """The same as of :func:`placed`.

    Args:
        root: as of :class:`.dataset.Dataset`; None for where they most likely are.
    """
    return _renamed(data, functools.partial(placed, root_of(data) if root is None else root))


def lost(data: DataOptions, samples: Iterable[Sample]) -> list[str]:
    """What is corrected and was in tars, of which there is nothing of its name any more."""
    corrected = (*data.exclude, *data.relabel, *data.together, *data.confirmed)
    called = dict.fromkeys(path for path in corrected if INSIDE.search(path))
    if called:
        for sample in samples:
            called.pop(sample.path, None)
    return list(called)


def _renamed(data: DataOptions, way: Callable[[str], str]) -> DataOptions:
    labels = {name: getattr(data, name) for name in ("relabel", "together", "confirmed")}
    return msgspec.structs.replace(
        data,
        exclude=tuple(map(way, data.exclude)),
        **{name: {way(path): value for path, value in of.items()} for name, of in labels.items()},
    )


def note_listed(root: str | os.PathLike[str], tar: str) -> None:
    """Remember what a tar holds (:func:`.shards.note_listed`), of which samples are used."""
    found = _contents(root, tar)
    if found.listed is not None:
        shards.note_listed(Path(root, tar), found.listed)


class _Contents(NamedTuple):
    """What is in a tar.

    Attributes:
        members: where each file begins, by its name; the first of those of one name.
        names: the other way round, of all.
        listed: None where it is not there.
    """

    members: dict[str, int]
    names: dict[int, str]
    listed: shards.Listed | None


def _contents(root: str | os.PathLike[str], tar: str) -> _Contents:
    path = os.path.join(root, tar)  # noqa: PTH118 - for each row
    try:
        status = os.stat(path)  # noqa: PTH116
        return _read(path, status.st_size, status.st_mtime_ns)
    except OSError:
        return _Contents({}, {}, None)


@functools.lru_cache(maxsize=64)
def _read(path: str, size: int, modified: int) -> _Contents:
    """
    Raises:
        OSError: it cannot be read.
    """
    members: dict[str, int] = {}
    names: dict[int, str] = {}
    trace = shards.Trace()
    with contextlib.suppress(shards.DamagedError), Path(path).open("rb", shards.BUFFER) as stream:
        for entry in shards.entries(stream, size, trace):
            name = shards.plain(entry.name)
            if entry.kind == "file" and name:
                members.setdefault(name, entry.offset)
                names[entry.offset] = name
    return _Contents(members, names, shards.Listed(size, modified, trace.headers, trace.digest))
