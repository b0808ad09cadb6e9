"""Corrections of data, kept beside them for the next time: a JSON file for each data set opened.

The files lie in the folder of the settings, named after the real path of the data. Each correction
names its sample and a digest of the sample's file, so that a file that was replaced keeps its own
label. Data that were moved are found again by their fingerprint.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from transfergui.core.base import files, locks, paths, records, shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, ngettext, paragraph
from transfergui.core.data import tar_names
from transfergui.core.data.dataset import ClassName, DataOptions, Dataset
from transfergui.core.data.file_part import FilePart

SCHEMA = 1
FOLDER = "corrections"
UNREADABLE = ".unreadable"
"""End of the name that a file gets which cannot be read when a new one takes its place."""


Key = tuple[bool, str]
"""Whether a correction is about a class, and its path or name."""


class Correction(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the user decided about one sample, or about a class.

    Attributes:
        path: of the sample, as in :class:`transfergui.core.data.dataset.Sample` (in the file, as of
            :func:`.tar_names.named`); or the name that the data give the class.
        label: the class that the user gave it, or what the user calls the class; None where that
            stays.
        left_out: whether it is not used.
        together: the group of samples with which it is kept on one side of the split; empty where
            that is not decided.
        confirmed: the class that the user looked at and kept; empty where that was not done.
        digest: of the sample's file at that time; empty where it could not be read, and of a
            class.
        of_class: whether it is about a class.
    """

    path: str
    label: ClassName | None = None
    left_out: bool = False
    digest: str = ""
    of_class: bool = False
    together: str = ""
    confirmed: str = ""

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.of_class, self.path


class Saved(msgspec.Struct, frozen=True):
    """The content of a file.

    Attributes:
        data: real path of what was opened.
        fingerprint: of the data without corrections.
    """

    schema: int
    data: str
    fingerprint: str
    corrections: tuple[Correction, ...]


class Found(msgspec.Struct, frozen=True):
    """Corrections that were saved for data.

    Attributes:
        usable: of classes and samples that are there, in files that are as they were.
        gone: of classes and samples that are not among the data any more.
        changed: of samples in files that have other content now.
        origin: the file they were read from; None where there is none.
    """

    usable: tuple[Correction, ...] = ()
    gone: tuple[Correction, ...] = ()
    changed: tuple[Correction, ...] = ()
    origin: Path | None = None

    @property
    def all(self) -> tuple[Correction, ...]:
        return self.usable + self.gone + self.changed


def of_options(data: DataOptions) -> dict[Key, Correction]:
    """The corrections in force, by what they are about; digests are not known here."""
    renamed = (Correction(name, label=new, of_class=True) for name, new in data.rename.items())
    gone = frozenset(data.exclude)
    samples = (
        Correction(
            path,
            data.relabel.get(path),
            path in gone,
            together=data.together.get(path, ""),
            confirmed=data.confirmed.get(path, ""),
        )
        for path in _corrected_paths(data)
    )
    return {each.key: each for each in (*renamed, *samples)}


def keys(data: DataOptions) -> set[Key]:
    """What the corrections in force are about."""
    samples = {(False, path) for path in _corrected_paths(data)}
    return samples | {(True, name) for name in data.rename}


def _corrected_paths(data: DataOptions) -> dict[str, None]:
    """The samples about which anything was decided."""
    return dict.fromkeys((*data.relabel, *data.exclude, *data.together, *data.confirmed))


def applied(data: DataOptions, corrections: Iterable[Correction]) -> DataOptions:
    """``data`` with ``corrections`` as well; those that it has of the same samples stay."""
    own = of_options(data)
    more = [each for each in corrections if each.key not in own]
    exclude = (*data.exclude, *(each.path for each in more if each.left_out))
    said = {each.key: each.label for each in more if each.label is not None}
    labels = {path: label for (of_class, path), label in said.items() if not of_class}
    names = {name: label for (of_class, name), label in said.items() if of_class}
    together = {each.path: each.together for each in more if each.together}
    confirmed = {each.path: each.confirmed for each in more if each.confirmed}
    return msgspec.structs.replace(
        data,
        exclude=exclude,
        relabel=data.relabel | labels,
        rename=data.rename | names,
        together=data.together | together,
        confirmed=data.confirmed | confirmed,
    )


def merged(*several: Iterable[Correction]) -> tuple[Correction, ...]:
    """All of them by path; of two of the same sample or class, the later one."""
    by_key = {each.key: each for corrections in several for each in corrections}
    return tuple(by_key[key] for key in sorted(by_key))


def same(one: Iterable[Correction], other: Iterable[Correction]) -> bool:
    """Whether both decide the same, whatever was known of the files."""
    return _decisions(one) == _decisions(other)


def _decisions(corrections: Iterable[Correction]) -> set[Correction]:
    return {msgspec.structs.replace(each, digest="") for each in corrections}


def counted(corrections: Iterable[Correction]) -> str:
    """``1 class renamed, 2 labels changed, 1 left out, 4 kept together, 1 confirmed``."""
    given = tuple(corrections)
    classes = sum(each.of_class for each in given)
    left_out = sum(each.left_out for each in given)
    labels = sum(each.label is not None and not each.left_out for each in given) - classes
    together = sum(bool(each.together) and not each.left_out for each in given)
    parts = []
    if classes:
        text = ngettext("{count} class renamed", "{count} classes renamed", classes)
        parts.append(text.format(count=classes))
    if labels:
        text = ngettext("{count} label changed", "{count} labels changed", labels)
        parts.append(text.format(count=labels))
    if left_out:
        parts.append(_("{count} excluded").format(count=left_out))
    if together:
        parts.append(_("{count} kept in one set").format(count=together))
    confirmed = sum(bool(each.confirmed) and not each.left_out for each in given)
    if confirmed:
        text = ngettext("{count} label confirmed", "{count} labels confirmed", confirmed)
        parts.append(text.format(count=confirmed))
    return comma_list(parts)


def amount(corrections: Iterable[Correction]) -> str:
    """``1 correction``, ``3 corrections``."""
    count = len(tuple(corrections))
    return ngettext("{count} correction", "{count} corrections", count).format(count=count)


def unusable(found: Found) -> str:
    """Why some of what was saved cannot be used, as sentences; empty where all can be."""
    said = []
    if found.gone:
        text = _("{amount} cannot be used: the examples are missing from the data.")
        if any(each.of_class for each in found.gone):
            text = _("{amount} cannot be used: the examples or classes are missing from the data.")
        said.append(text.format(amount=amount(found.gone)))
    if found.changed:
        text = _("{amount} cannot be used: the files have changed since.")
        said.append(text.format(amount=amount(found.changed)))
    return paragraph(said)


# -- files


def place(data: str | os.PathLike[str]) -> Path:
    """The file for the corrections of ``data``, which the user opened."""
    name = hashlib.blake2b(os.fsencode(os.path.realpath(data)), digest_size=16).hexdigest()
    return paths.settings_dir() / FOLDER / f"{name}.json"


def find(scanned: Dataset) -> Found:
    """The corrections that were saved for data, compared with what is there now.

    Args:
        scanned: without corrections.

    Raises:
        UserError: ``corrections.unreadable`` or ``corrections.newer``.
    """
    origin = place(scanned.source)
    saved = _read(origin) if os.path.lexists(origin) else None
    if saved is None:
        origin, saved = _moved(scanned)
    if saved is None:
        return Found()
    corrections = _called(saved.corrections, functools.partial(tar_names.placed, scanned.root))
    return _compared(corrections, scanned, origin)


def save(
    scanned: Dataset,
    corrections: Iterable[Correction],
    known: Iterable[Correction] | None = None,
) -> tuple[Correction, ...]:
    """Save corrections of data; where none are left, the file is deleted.

    A file that cannot be read is kept under another name.

    Args:
        scanned: without corrections.
        corrections: digests that are missing are computed.
        known: those that were read or saved before; what another window has saved since stays.
            None: only ``corrections`` are saved.

    Returns:
        ``corrections`` with their digests.

    Raises:
        UserError: ``disk.full`` or ``disk.in_the_way``.
    """
    rows = _with_digests(corrections, scanned.root)
    target = place(scanned.source)
    data = os.path.realpath(scanned.source)
    named = functools.partial(tar_names.named, scanned.root)
    wanted = _called(rows, named)
    try:
        with locks.in_turn(target):
            _set_aside(target)
            if known is not None:
                wanted = _with_others(wanted, _called(known, named), target)
            if wanted:
                saved = Saved(SCHEMA, data, scanned.fingerprint, wanted)
                text = json.dumps(msgspec.to_builtins(saved), indent=1) + "\n"
                files.write_atomic(target, text)
            else:
                target.unlink(missing_ok=True)
    except OSError as error:
        raise files.not_written(target, error) from None
    return rows


def _called(corrections: Iterable[Correction], way: Callable[[str], str]) -> tuple[Correction, ...]:
    """The same with other paths of samples."""
    return tuple(
        each if each.of_class else msgspec.structs.replace(each, path=way(each.path))
        for each in corrections
    )


def _with_others(
    rows: tuple[Correction, ...], known: tuple[Correction, ...], path: Path
) -> tuple[Correction, ...]:
    """What is saved at ``path``, with what differs between ``known`` and ``rows``."""
    if not os.path.lexists(path):
        return rows
    before = _decisions(known)
    differs = [row for row in rows if msgspec.structs.replace(row, digest="") not in before]
    gone = {each.key for each in known} - {each.key for each in rows}
    return merged((each for each in _read(path).corrections if each.key not in gone), differs)


def forget(origin: Path | None) -> None:
    """Delete a file of corrections, of data that were moved, say."""
    if origin is not None:
        files.remove(origin)


def _read(path: Path) -> Saved:
    tree = _tree(path)
    found = tree.get("schema") if isinstance(tree, dict) else None
    if isinstance(found, int) and found > SCHEMA:
        raise UserError("corrections.newer", path=str(path), name=path.name + UNREADABLE)
    try:
        return records.convert(tree, Saved)
    except ValueError as error:
        raise _unreadable(path, error) from None


def _tree(path: Path) -> object:
    try:
        return records.parse(files.read_regular(path, records.MAX_BYTES))
    except records.ERRORS as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: BaseException) -> UserError:
    values = {"path": str(path), "name": path.name + UNREADABLE, "reason": records.why(error)}
    return UserError("corrections.unreadable", **values)


def _set_aside(path: Path) -> None:
    """Rename what cannot be read, which may hold work of the user."""
    if not os.path.lexists(path):
        return
    try:
        _read(path)
    except UserError:
        path.replace(path.with_name(path.name + UNREADABLE))


def _moved(scanned: Dataset) -> tuple[Path, Saved | None]:
    """What was saved for the same data at a place where they are no longer."""
    fingerprint = scanned.fingerprint
    folder = paths.settings_dir() / FOLDER
    for path in sorted(folder.glob("*.json")):
        with contextlib.suppress(UserError):  # of other data; told when these are opened
            saved = _read(path)
            if saved.fingerprint == fingerprint and not os.path.lexists(saved.data):
                return path, saved
    return folder, None


def _compared(saved: Iterable[Correction], scanned: Dataset, origin: Path) -> Found:
    there = {(False, sample.path) for sample in scanned.samples}
    there |= {(False, path) for path in scanned.undecided}
    there |= {(True, name) for name in scanned.renameable}
    digests = dict[str, str]()
    usable, gone, changed = [], [], []
    for each in saved:
        if each.key not in there:
            gone.append(each)
        elif not each.of_class and each.digest != _digest(scanned.root, each.path, digests):
            changed.append(each)
        else:
            usable.append(each)
    return Found(tuple(usable), tuple(gone), tuple(changed), origin)


def _with_digests(corrections: Iterable[Correction], root: Path) -> tuple[Correction, ...]:
    known = dict[str, str]()
    return tuple(
        each
        if each.digest or each.of_class
        else msgspec.structs.replace(each, digest=_digest(root, each.path, known))
        for each in corrections
    )


def _digest(root: Path, path: str, known: dict[str, str]) -> str:
    """Of the file of a sample; each is read once."""
    file = path if shards.is_member(path) else FilePart.parse(path).file
    if file not in known:
        try:
            known[file] = files.digest(root / file)
        except (OSError, ValueError):
            known[file] = ""
    return known[file]


def with_known(
    corrections: Iterable[Correction], known: Mapping[str, str]
) -> tuple[Correction, ...]:
    """``corrections`` with those digests that are known already, by the path of the sample."""
    return tuple(
        each
        if each.of_class
        else msgspec.structs.replace(each, digest=each.digest or known.get(each.path, ""))
        for each in corrections
    )
