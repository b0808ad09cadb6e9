"""What WebDataset shards hold: one pass over the headers of each tar, kept in the cache.

A sample is all files of one key: ``0001.jpg`` and ``0001.cls`` (the key ends at the first dot of
the name, folders belong to it). Pictures are not read here; labels, which are tiny, are.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

import msgspec

from transfergui.core.base import files, paths, shards
from transfergui.core.reading.files.walk import extension

VERSION = 6
CACHE = "shards"
"""The folder of the cache with the index of each tar, by its path, size and time of change."""
MOST_TEXT = 120
"""Letters of a label that are kept: longer ones are captions."""
FIELDS = (
    *("class_name", "label_name", "label", "class", "category", "cls"),
    *("class_id", "label_id", "category_id", "target"),
)
"""Fields of a ``key.json`` that say the class, names before numbers."""
NAMES = (
    *("classnames.txt", "class_names.txt", "classes.txt", "labels.txt"),
    *("dataset.json", "dataset_info.json", "_info.json", "info.json", "classes.json"),
)
"""Files beside shards, or in them, that may say how the classes are called, by number."""
MOST_NAMES = 1 << 22
LABELS = frozenset({"cls", "cls.txt", "json", "txt"})
"""What the names of labels end in, behind the key."""
NO_PICTURES = frozenset({"mask", "seg", "segmentation", "depth", "label", "annotation"})
"""Words in an ending (``key.seg.png``) that say that the picture is no sample."""


class Row(msgspec.Struct, array_like=True, gc=False):
    """A key with a picture.

    Attributes:
        offset: where the header of its picture begins; -1 as long as none was found.
        cls: what ``key.cls`` or ``key.cls.txt`` says.
        json: what the best of :data:`FIELDS` in ``key.json`` says, as ``field=value``.
        txt: what ``key.txt`` says.
        tree: where the header of ``key.json`` begins; -1 for none.
        component: what stands between the key and the ending of its picture (``left`` of
            ``key.left.jpg``).
        more: where its further pictures begin, by their components; None for the usual one.
    """

    key: str
    offset: int
    cls: str | None = None
    json: str | None = None
    txt: str | None = None
    tree: int = -1
    component: str = ""
    more: dict[str, int] | None = None


class Index(msgspec.Struct, array_like=True):
    """What one tar holds.

    Attributes:
        faults: for each kind how many files, and the first of them.
        names: what each file like ``classes.txt`` in the tar says, by its name.
        endings: of files that are neither pictures nor labels: how many.
        headers, digest: as of :class:`.shards.Listed`.
    """

    rows: list[Row] = []
    faults: dict[str, tuple[int, str]] = {}
    names: dict[str, str] = {}
    endings: dict[str, int] = {}
    headers: int = 0
    digest: str = ""

    def note(self, code: str, name: str, count: int = 1) -> None:
        before, first = self.faults.get(code, (0, name))
        self.faults[code] = before + count, first


def index_of(path: Path, endings: Collection[str]) -> Index:
    """The index of a tar, from the cache where it has not changed.

    Args:
        endings: of pictures, with the dot, in lower case.

    Raises:
        OSError: it cannot be read.
    """
    status = path.stat()
    index = _index_of(path, status, endings)
    found = shards.Listed(status.st_size, status.st_mtime_ns, index.headers, index.digest)
    shards.note_listed(path, found)
    return index


def _index_of(path: Path, status: os.stat_result, endings: Collection[str]) -> Index:
    """
    Raises:
        OSError: it cannot be read.
    """
    wanted = ",".join(sorted(endings))
    key = f"{VERSION}\0{wanted}\0{os.path.realpath(path)}\0{status.st_size}\0{status.st_mtime_ns}"
    digest = hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    place = paths.cache_dir() / CACHE / f"{digest}.index"
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(place.read_bytes(), type=Index)
    with path.open("rb", buffering=shards.BUFFER) as stream:
        index = made(stream, status.st_size, endings)
    with contextlib.suppress(OSError, ValueError):  # a full disk loses no more; odd names
        files.cache_folder(CACHE)
        files.write_atomic(place, msgspec.msgpack.encode(index))
    return index


def made(stream: BinaryIO, size: int, endings: Collection[str]) -> Index:
    """The index of what ``stream`` reads; what is damaged is noted in it."""
    index = Index()
    found: dict[str, Row] = {}
    trace = shards.Trace()
    try:
        for entry in shards.entries(stream, size, trace):
            _take(index, found, entry, stream, endings)
    except shards.DamagedError as error:
        index.note(error.code, str(error.at))
    index.headers, index.digest = trace.headers, trace.digest
    index.rows = [row for row in found.values() if row.offset >= 0]
    for row in found.values():
        if row.offset < 0:
            index.note("without_picture", row.key)
    return index


def _take(
    index: Index,
    found: dict[str, Row],
    entry: shards.Entry,
    stream: BinaryIO,
    endings: Collection[str],
) -> None:
    name = entry.name.removeprefix("./")
    key, ending = divided(name)
    if not key:
        if is_underscored(name):
            index.note("underscored", name)
        return
    file = name.rpartition("/")[2]
    picture = extension(file) in endings and NO_PICTURES.isdisjoint(ending.split("."))
    if file.lower() in NAMES and entry.kind == "file" and entry.size <= MOST_NAMES:
        index.names[name] = stream.read(entry.size).decode("utf-8-sig", "replace")
        return
    if not picture and ending not in LABELS:
        index.note("nested" if shards.is_tar(name) else "other", name)
        index.endings[extension(file)] = index.endings.get(extension(file), 0) + 1
    elif entry.kind != "file":
        index.note(entry.kind, name)
    elif ".." in name.split("/") or name.startswith("/"):
        index.note("outside", name)
    else:
        row = found.setdefault(key, Row(key, -1))
        if picture:
            _picture(index, row, entry, ending.rpartition(".")[0])
        else:
            _label(index, row, entry, ending, stream)


def divided(name: str) -> tuple[str, str]:
    """The key of a file in a tar, and what its name ends in, without the dot, in lower case; an
    empty key of what systems and WebDataset keep for themselves (``.DS_Store``, ``._0001.jpg``)."""
    folder, slash, file = name.removeprefix("./").rpartition("/")
    stem, _dot, ending = file.partition(".")
    system = not stem or file.startswith("__") or name.startswith(("__", "./__"))
    return "" if system else f"{folder}{slash}{stem}", ending.lower()


def is_underscored(name: str) -> bool:
    """Whether a file is no example because its name, or that of its folder, begins with ``__``,
    as of what WebDataset keeps for itself; what systems add is none of a person's."""
    plain = name.removeprefix("./")
    file = plain.rpartition("/")[2]
    own = plain.startswith("__") or file.startswith("__")
    return own and not plain.startswith("__MACOSX/") and not file.startswith(".")


def _picture(index: Index, row: Row, entry: shards.Entry, component: str) -> None:
    if row.offset < 0:
        row.offset, row.component = entry.offset, component
    elif component == row.component or component in (row.more or ()):
        index.note("twice", entry.name)
    else:
        row.more = {**(row.more or {}), component: entry.offset}


def _label(index: Index, row: Row, entry: shards.Entry, ending: str, stream: BinaryIO) -> None:
    if entry.size > shards.MOST_LABEL:
        index.note("long_label", entry.name)
        return
    try:
        text = stream.read(entry.size).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        index.note("unreadable_label", entry.name)
        return
    told = {"json": row.tree >= 0, "txt": row.txt is not None, "cls": row.cls is not None}
    if told.get(ending):
        # not the number of what "cls.txt" named before
        if ending != "cls" or text.isdecimal() == (row.cls or "").isdecimal():
            index.note("twice", entry.name)
    elif ending == "json":
        row.tree = entry.offset
        try:
            row.json = _of_json(json.loads(text))
        except (ValueError, RecursionError):
            index.note("unreadable_label", entry.name)
    elif ending == "txt":
        row.txt = text[:MOST_TEXT] or None
    else:
        row.cls = text[:MOST_TEXT] or None


def _of_json(tree: object) -> str | None:
    """``field=value`` of the field that says the class; None where none does."""
    if isinstance(tree, str | int) and not isinstance(tree, bool):
        return f"={tree}"
    if not isinstance(tree, dict):
        return None
    for field in FIELDS:
        value = tree.get(field)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return f"{field}={str(value).strip()[:MOST_TEXT]}"
    return None
