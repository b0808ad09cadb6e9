"""Tars unpacked into the cache, for what is not read in them: sounds, texts, folders of folders,
tables of labels.

What is in them is then read as any folder is. Labels that WebDataset keeps beside each example
(``key.cls``, ``key.json``) become a table there that names the files, or holds the texts.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from transfergui.core.base import files, paths, shards, untar, unzip
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.data.dataset import Problem, natural_order
from transfergui.core.data.file_part import in_tar
from transfergui.core.reading.files.walk import extension
from transfergui.core.reading.listings.listing import some
from transfergui.core.reading.parsing.parser import found_encoding
from transfergui.core.reading.sources import shard_fields, shard_names
from transfergui.core.reading.sources.shard_fields import RECORD, Record
from transfergui.core.reading.sources.shard_index import (
    LABELS,
    NAMES,
    divided,
    is_underscored,
)
from transfergui.core.reading.sources.shard_listing import (
    BROKEN,
    FAULTS,
    require_inside,
    split_of,
)
from transfergui.core.reading.sources.shard_survey import tables_beside
from transfergui.core.reading.sources.wanted import Wanted

VERSION = "3"
TABLE = "webdataset.jsonl"
PROBLEMS = ".problems.json"
"""What was found while unpacking; hidden, as it is no data."""
TEXT = ".txt"
LABELLED = 0.5
"""Such a share of the examples must have a label beside them for a table to be written."""
PROGRESS_EVERY = 256


class _File(NamedTuple):
    """A file in a tar: as of :class:`.shards.Entry`, under a name that is safe to write."""

    name: str
    offset: int
    size: int


@dataclass
class _Tar:
    """What one tar holds.

    Attributes:
        name: relative to the root.
        home: the folder that it is unpacked to, empty for that of all.
        members: every file that can be written.
        keys: the files of each key, by what their names end in.
    """

    name: str
    home: str
    members: list[_File] = field(default_factory=list)
    keys: dict[str, dict[str, _File]] = field(default_factory=dict)
    faults: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, kind: str, name: str) -> None:
        before, first = self.faults.get(kind, (0, name))
        self.faults[kind] = before + 1, first


def unpacked(
    root: Path,
    names: Sequence[str],
    wanted: Wanted,
    progress: Callable[[int], None] = lambda count: None,
) -> Path:
    """The folder in the cache that holds what is in some tars, and their labels as a table.

    Args:
        root: the folder that ``names`` are relative to.
        progress: called with the number of files unpacked; may raise to cancel.

    Raises:
        UserError: ``shards.unreadable``, ``shards.all_outside``, ``shards.no_space``,
            ``disk.full``; nothing stays behind.
    """
    beside = tables_beside(root, names)
    named = [file for file in (root / name for name in (*NAMES, RECORD)) if file.is_file()]
    home = paths.cache_dir() / "unpacked"
    found = [*(root / name for name in names), *beside, *named]
    kind = f"{wanted.noun}{VERSION}"
    target = home / f"{unzip.folder_name(found, root.resolve().name)}-{kind}"
    if target.is_dir():
        return target
    read = [_looked_into(root, name, len(names) == 1) for name in names]
    if not any(tar.members for tar in read):
        require_inside(root, [tar.faults for tar in read], wanted)
    size = sum(file.size for tar in read for file in tar.members)
    temporary = unzip.fresh_folder(home)
    try:
        untar.require_room(root / names[0], size)
        found_problems = _fill(temporary, root, read, wanted, progress)
        for path in beside:
            shutil.copyfile(path, temporary / path.name)
        problems = [*_problems(read, wanted.noun), *found_problems]
        if size:
            values = {"count": len(names), "size": bytes_text(size), "folder": str(target)}
            problems.append(Problem("shards.unpacked", values, path=".", left_out=False))
        (temporary / PROBLEMS).write_bytes(msgspec.json.encode(problems))
        return unzip.in_place(temporary, target)
    except OSError as error:
        raise files.not_written(target, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def problems_of(folder: Path) -> list[Problem]:
    """What was found while a folder was unpacked."""
    try:
        return msgspec.json.decode((folder / PROBLEMS).read_bytes(), type=list[Problem])
    except (OSError, msgspec.MsgspecError):
        return []


def record_of(folder: Path) -> Record | None:
    """What the table in an unpacked folder says is predicted; None where nothing does."""
    return shard_fields.recorded(shard_names.text_of(folder / f".{RECORD}"))


def _looked_into(root: Path, name: str, alone: bool) -> _Tar:
    """
    Raises:
        UserError: ``shards.unreadable``.
    """
    tar = _Tar(name, "" if alone else name[: -len(shards.SUFFIX)])
    path = root / name
    seen: set[str] = set()
    try:
        with path.open("rb", buffering=shards.BUFFER) as stream:
            for entry in shards.entries(stream, path.stat().st_size):
                _take(tar, entry, seen)
    except shards.DamagedError as error:
        tar.faults[error.code] = 1, str(error.at)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("shards.unreadable", path=str(path), reason=reason) from error
    return tar


def _take(tar: _Tar, entry: shards.Entry, seen: set[str]) -> None:
    name = entry.name.removeprefix("./")
    key, ending = divided(name)
    if not key:
        if is_underscored(name):
            tar.note("underscored", name)
        return
    if entry.kind != "file":
        tar.note(entry.kind, name)
    elif unzip.leaves(name):
        tar.note("outside", name)
    elif name in seen:
        tar.note("twice", name)
    elif shards.is_tar(name):
        tar.note("nested", name)
    else:
        seen.add(name)
        file = _File(name, entry.offset, entry.size)
        tar.members.append(file)
        tar.keys.setdefault(key, {})[ending] = file


# -- what is written


def _fill(
    folder: Path,
    root: Path,
    read: Sequence[_Tar],
    wanted: Wanted,
    progress: Callable[[int], None],
) -> Sequence[Problem]:
    """Write everything; what is to be said of the names of classes."""
    texts = TEXT in wanted.extensions
    examples = [(tar, key, ends) for tar in read for key, ends in tar.keys.items()]
    examples = [each for each in examples if _holds(each[2], wanted, texts)]
    told = sum(_is_told(ends) for _tar, _key, ends in examples)
    as_table = bool(told) and told >= LABELLED * len(examples)
    said = _write_table(folder, root, examples, wanted, texts) if as_table else ()
    if as_table:
        _note_others(read, wanted)
    if as_table and texts:
        return said
    count = 0
    for tar in read:
        with (root / tar.name).open("rb") as stream:
            for file in tar.members:
                if as_table and extension(file.name) not in wanted.extensions:
                    continue
                progress(count)
                count += 1
                _write(stream, file, folder / tar.home / file.name)
    return said


def _note_others(read: Sequence[_Tar], wanted: Wanted) -> None:
    """Count the files that are neither examples nor say anything of them."""
    for tar in read:
        for file in tar.members:
            told = divided(file.name)[1] in LABELS or file.name.rpartition("/")[2].lower() in NAMES
            if not told and extension(file.name) not in wanted.extensions:
                tar.note("other", file.name)


def _holds(ends: dict[str, _File], wanted: Wanted, texts: bool) -> bool:
    """Whether a key is of an example."""
    if any(f".{ending.rpartition('.')[2]}" in wanted.extensions for ending in ends if ending):
        return not texts or "txt" in ends
    return texts and "json" in ends


def _is_told(ends: dict[str, _File]) -> bool:
    return not ends.keys().isdisjoint(("cls", "cls.txt", "json"))


def _write(stream: BinaryIO, file: _File, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    stream.seek(file.offset + shards.BLOCK)
    left = file.size
    with place.open("wb") as out:
        while left and (block := stream.read(min(left, unzip.BLOCK))):
            out.write(block)
            left -= len(block)


def _write_table(
    folder: Path,
    root: Path,
    examples: Sequence[tuple[_Tar, str, dict[str, _File]]],
    wanted: Wanted,
    texts: bool,
) -> Sequence[Problem]:
    known, where, count = _names(root, examples)
    rows = list(_rows(root, examples, known, wanted, texts))
    said = _name_labels(rows, known, where, count)
    several = any(row.get("key") for row in rows)
    splits = any(row.get("split") for row in rows)
    with (folder / TABLE).open("w", encoding="utf-8", errors="surrogatepass") as out:
        for row in rows:
            kept = {
                name: value
                for name, value in row.items()
                if (name != "key" or several) and (name != "split" or splits)
            }
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")
    record = shard_names.text_of(root / RECORD)
    if shard_fields.recorded(record):
        (folder / f".{RECORD}").write_text(record, "utf-8")
    return said


class _Label(str):
    """What ``key.cls`` says, not a field of a JSON file."""


def _name_labels(
    rows: Sequence[dict[str, Any]], known: Sequence[str], where: str, count: int
) -> Sequence[Problem]:
    """Names instead of numbers, where they fit all of them; else that they do not."""
    labelled = [row for row in rows if isinstance(row.get("label"), _Label)]
    labels = {row["label"] for row in labelled}
    numbers = [int(text) for text in labels if shard_names.NUMBER.fullmatch(text)]
    if not count or not numbers:
        return ()
    if len(numbers) < len(labels) or not 0 <= min(numbers) <= max(numbers) < len(known):
        values = {"count": count, "labels": some(natural_order(labels))}
        return [Problem("shards.names_unused", values, path=where, left_out=False)]
    for row in labelled:
        row["label"] = known[int(row["label"])]
    return ()


def _names(
    root: Path, examples: Sequence[tuple[_Tar, str, dict[str, _File]]]
) -> tuple[list[str], str, int]:
    """The names of classes by number, the file that says them, beside the tars or in one, and how
    many it says: of one that cannot be used, more than there are names."""
    unused: tuple[list[str], str, int] = ([], "", 0)
    for where, text in _texts(root, examples):
        if known := shard_names.names_of(where, text):
            return known, where, len(known)
        if not unused[2]:
            unused = [], where, shard_names.count_in(where, text)
    return unused


def _texts(
    root: Path, examples: Sequence[tuple[_Tar, str, dict[str, _File]]]
) -> Iterator[tuple[str, str]]:
    """What stands in each file that may say the names of classes."""
    for home in dict.fromkeys((root, *((root / tar.name).parent for tar, _key, _e in examples))):
        for file in NAMES:
            yield file, shard_names.text_of(home / file)
    for tar in {id(tar): tar for tar, _key, _ends in examples}.values():
        for member in tar.members:
            if member.name.rpartition("/")[2].lower() in NAMES and member.size <= shards.MOST_LABEL:
                yield member.name, _content(root, tar, member).decode("utf-8-sig", "replace")


def _rows(
    root: Path,
    examples: Sequence[tuple[_Tar, str, dict[str, _File]]],
    known: Sequence[str],
    wanted: Wanted,
    texts: bool,
) -> Iterator[dict[str, Any]]:
    """A row for each example: where it is or what it says, its label, the fields of its JSON."""
    for tar, key, ends in examples:
        tree = _fields(root, tar, ends, known)
        label = _label(root, tar, ends)
        more = {"label": label} if label is not None else {}
        fields = {("json_" + n if n in ("path", *more) else n): v for n, v in tree.items()}
        split = split_of(tar.name) or split_of(f"{key}/x")
        fields = {"split": split} | fields
        if texts and "txt" in ends:
            data = _content(root, tar, ends["txt"])
            text = data.decode(found_encoding(data), "replace")
            yield {"text": text, **more, **{n: v for n, v in fields.items() if n != "text"}}
            continue
        if texts:
            yield {**more, **fields}
            continue
        held = [f for e, f in ends.items() if e and extension(f.name) in wanted.extensions]
        for file in held:
            path = "/".join(filter(None, (tar.home, file.name)))
            group = {"key": f"{tar.name}/{key}"} if len(held) > 1 else {}
            yield {"path": path, **more, **fields, **group}


def _fields(root: Path, tar: _Tar, ends: dict[str, _File], known: Sequence[str]) -> dict[str, Any]:
    """The fields of a ``key.json`` that a table can hold: lists of names as one cell.

    Args:
        known: the names of classes by number.
    """
    if "json" not in ends:
        return {}
    if ends["json"].size > shards.MOST_LABEL:
        tar.note("long_label", ends["json"].name)
        return {}
    tree = shard_fields.parsed(_content(root, tar, ends["json"]))
    if tree is None:
        tar.note("unreadable_label", ends["json"].name)
        return {}
    found: dict[str, Any] = {}
    for name, told in tree.items():
        if name.startswith("__"):  # what WebDataset keeps for itself
            continue
        value = shard_fields.of_vector(told, known) if name in shard_fields.LISTS else told
        if isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
            found[name] = "; ".join(str(each).replace(";", ",") for each in value)
        elif isinstance(value, dict | list):
            tar.note("nested_field", name)
        else:
            found[name] = value
    return found


def _label(root: Path, tar: _Tar, ends: dict[str, _File]) -> _Label | None:
    for ending in ("cls.txt", "cls"):
        if ending in ends:
            if ends[ending].size > shards.MOST_LABEL:
                tar.note("long_label", ends[ending].name)
                return None
            text = _content(root, tar, ends[ending]).decode("utf-8-sig", "replace").strip()
            return _Label(text)
    return None


def _content(root: Path, tar: _Tar, file: _File) -> bytes:
    return shards.read(in_tar(os.fspath(root / tar.name), file.offset))


def _problems(read: Sequence[_Tar], noun: str) -> Iterator[Problem]:
    together: dict[str, tuple[int, str]] = {}
    for tar in read:
        for kind in BROKEN.keys() & tar.faults.keys():
            values = {"at": int(tar.faults[kind][1]), "noun": noun}
            yield Problem(BROKEN[kind], values, path=tar.name)
        for kind in (FAULTS.keys() | {"nested_field"}) & tar.faults.keys():
            count, first = tar.faults[kind]
            before, named = together.get(kind, (0, f"{tar.name}: {first}"))
            together[kind] = before + count, named
    for kind, (count, first) in sorted(together.items()):
        code = FAULTS.get(kind, "shards.nested_field")
        left_out = kind not in ("nested_field", "other")
        values = {"count": count, "first": first, "noun": noun}
        yield Problem(code, values, path=".", left_out=left_out)
