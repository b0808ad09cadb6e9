"""The labels that a person has given so far: a table that is kept as CSV.

A table is never changed; every edit makes a new one, so that undoing is going back to an earlier
one. On the disk it is two files: ``labels.csv`` with a row for each labelled example (``path``,
``label``), which any program reads, and ``labels.json`` beside it with what such a table cannot
say: the folder, and the classes in their order, also those without an example.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from transfergui.core.base import files, paths, records
from transfergui.core.base.cells import line, safe
from transfergui.core.base.errors import UserError
from transfergui.core.data import tar_names
from transfergui.core.labelling.own_files import require_replaceable
from transfergui.core.reading.tables import label_files
from transfergui.core.reading.tables.label_files import COLUMNS

NONE = "none of these"
"""The class of examples that belong to none of the others."""
NAME = "labels.csv"
SCHEMA = 1


class LabelTable(msgspec.Struct, frozen=True):
    """What is labelled, and with what.

    Attributes:
        root: the folder that paths are relative to.
        modality: key of the kind of data.
        classes: the names in the order in which they are offered, without ``none_class``.
        labels: the class of each labelled example, by its path relative to ``root``
            (:class:`transfergui.core.data.file_part.FilePart`).
        none_class: what examples are called that belong to none of ``classes``; always offered.
    """

    root: str
    modality: str
    classes: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}
    none_class: str = NONE

    @property
    def every_class(self) -> tuple[str, ...]:
        """All that an example can be labelled with, ``none_class`` last."""
        return (*self.classes, self.none_class)

    @property
    def used(self) -> tuple[str, ...]:
        """The classes that have an example, in order."""
        given = set(self.labels.values())
        return tuple(name for name in self.every_class if name in given)

    def counts(self) -> dict[str, int]:
        """How many examples each class has, ``none_class`` last."""
        found = Counter(self.labels.values())
        return {name: found[name] for name in self.every_class}

    def with_class(self, name: str) -> LabelTable:
        """With one more class, without examples; the same where it is there.

        Raises:
            UserError: ``labelling.no_name``.
        """
        name = _named(name)
        if name in self.every_class:
            return self
        return msgspec.structs.replace(self, classes=(*self.classes, name))

    def assigned(self, paths: Iterable[str], name: str) -> LabelTable:
        """With the examples at ``paths`` in a class, which is added where it is new.

        Raises:
            UserError: ``labelling.no_name``.
        """
        made = self.with_class(name)
        labels = {**made.labels, **dict.fromkeys(paths, _named(name))}
        return msgspec.structs.replace(made, labels=labels)

    def cleared(self, paths: Collection[str]) -> LabelTable:
        """Without the labels of the examples at ``paths``."""
        gone = frozenset(paths)
        labels = {path: name for path, name in self.labels.items() if path not in gone}
        return msgspec.structs.replace(self, labels=labels)

    def renamed(self, old: str, new: str) -> LabelTable:
        """With another name for a class.

        Raises:
            UserError: ``labelling.no_name``; ``labelling.no_class``; ``labelling.taken``: another
                class is called so; ``labelling.none_class``.
        """
        self._require(old)
        new = _named(new)
        if new != old and new in self.every_class:
            raise UserError("labelling.taken", name=new)
        return self._replaced({old: new})

    def merged(self, names: Collection[str], into: str) -> LabelTable:
        """With several classes as one; the place in the order is that of the first of them.

        Args:
            into: the name of one of ``names``, or a new one.

        Raises:
            UserError: as of :meth:`renamed`.
        """
        for name in names:
            self._require(name)
        into = _named(into)
        if into not in names and into in self.every_class:
            raise UserError("labelling.taken", name=into)
        return self._replaced(dict.fromkeys(names, into))

    def split(self, name: str, paths: Collection[str], new: str) -> LabelTable:
        """With those examples of a class that are at ``paths`` in a class ``new``; other examples
        stay as they are.

        Raises:
            UserError: ``labelling.no_name``; ``labelling.no_class``.
        """
        if name not in self.every_class:
            raise UserError("labelling.no_class", name=name)
        return self.assigned([path for path in paths if self.labels.get(path) == name], new)

    def without_class(self, name: str) -> LabelTable:
        """Without a class; its examples have no label then.

        Raises:
            UserError: ``labelling.no_class``; ``labelling.none_class``.
        """
        self._require(name)
        classes = tuple(each for each in self.classes if each != name)
        labels = {path: label for path, label in self.labels.items() if label != name}
        return msgspec.structs.replace(self, classes=classes, labels=labels)

    def _require(self, name: str) -> None:
        if name == self.none_class:
            raise UserError("labelling.none_class", name=name)
        if name not in self.classes:
            raise UserError("labelling.no_class", name=name)

    def _replaced(self, names: Mapping[str, str]) -> LabelTable:
        classes = tuple(dict.fromkeys(names.get(name, name) for name in self.classes))
        labels = {path: names.get(name, name) for path, name in self.labels.items()}
        return msgspec.structs.replace(self, classes=classes, labels=labels)


def _named(name: str) -> str:
    """A class name without spaces around it.

    Raises:
        UserError: ``labelling.no_name``.
    """
    name = name.strip()
    if not name:
        raise UserError("labelling.no_name")
    return name


# -- files


class _Beside(msgspec.Struct, frozen=True):
    """What ``labels.json`` holds."""

    schema: int
    root: str
    modality: str
    classes: tuple[str, ...]
    none_class: str = NONE


def place(root: str | os.PathLike[str]) -> Path:
    """Where the labels of a folder are kept where nobody says otherwise."""
    real = os.path.realpath(root)
    mark = hashlib.blake2b(os.fsencode(real), digest_size=6).hexdigest()
    stem = files.shortened(Path(real).name or "data", 60)
    return paths.labels_dir() / f"{stem}-{mark}" / NAME


def beside(path: Path) -> Path:
    """The file with the classes of the table at ``path``."""
    return path.with_suffix(".json")


def save(table: LabelTable, path: Path) -> None:
    """Write a table in one step: a power cut leaves the old one or the new one.

    Nothing is written over that holds more than a table of labels does, or something else.

    Raises:
        UserError: ``labelling.not_a_table``, ``labelling.not_ours``; ``labelling.newer``;
            ``labelling.unreadable``; ``disk.full`` or ``disk.in_the_way``.
    """
    _require_replaceable(path)
    named = ((tar_names.named(table.root, at), name) for at, name in table.labels.items())
    rows = [line(COLUMNS), *(line(map(safe, row)) for row in sorted(named))]
    told = _Beside(SCHEMA, table.root, table.modality, table.classes, table.none_class)
    try:
        text = msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(told)), indent=1)
        files.write_atomic(beside(path), text + b"\n")
        files.write_atomic(path, "".join(rows))
    except OSError as error:
        raise files.not_written(path, error) from None


def _require_replaceable(path: Path) -> None:
    """
    Raises:
        UserError: as of :func:`save`.
    """
    file = beside(path)
    if path.suffix.lower() == file.suffix:
        raise UserError("labelling.not_a_table", path=str(path))
    try:
        known = _classes(path) is not None
    except UserError as error:
        if error.code == "labelling.unreadable":
            raise UserError("labelling.not_ours", path=str(file)) from None
        raise
    try:
        if path.is_file():
            require_replaceable(path, known)
    except OSError as error:
        raise files.not_written(path, error) from None


def load(path: Path, root: str = "", modality: str = "") -> LabelTable:
    """A table that was saved, or one that another program wrote: columns ``path`` and ``label``,
    further ones are not looked at.

    Args:
        root: of the data, as of :func:`label_files.read`; empty: what was saved holds.
        modality: for a table of another program; else what was saved holds.

    Raises:
        UserError: ``labelling.unreadable``: it is no such table; ``labelling.newer``.
    """
    labels = label_files.read(path, Path(root) if root else None)
    known = _classes(path)
    if known is not None and not root:
        labels = {tar_names.placed(known.root, at): name for at, name in labels.items()}
    own = list(dict.fromkeys(labels.values()))
    if known is None:
        classes = tuple(sorted(name for name in own if name != NONE))
        return LabelTable(root, modality, classes, labels)
    new = (name for name in own if name not in (*known.classes, known.none_class))
    classes = (*known.classes, *new)
    return LabelTable(root or known.root, known.modality, classes, labels, known.none_class)


def keys(path: Path | None, names: Sequence[str]) -> dict[str, str]:
    """The classes ``names`` by their number keys, as they were while labels were given: the classes
    in their order from 1 on, the class of what belongs to none as 0; the other names follow.

    Args:
        path: of the table, if any. Where none was saved, ``names`` keep their order.
    """
    known = None
    with contextlib.suppress(UserError):
        known = None if path is None else _classes(path)
    none = () if known is None else (known.none_class,)
    classes = () if known is None else known.classes
    ordered = [name for name in dict.fromkeys((*classes, *names)) if name in names]
    numbered = zip("123456789", (name for name in ordered if name not in none), strict=False)
    return dict([*numbered, *(("0", name) for name in ordered if name in none)])


def _classes(path: Path) -> _Beside | None:
    """None where there is no such file."""
    file = beside(path)
    if not os.path.lexists(file):
        return None
    try:
        tree = records.parse(files.read_regular(file, records.MAX_BYTES))
        schema = tree.get("schema") if isinstance(tree, dict) else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise UserError("labelling.newer", path=str(file))
        return records.convert(tree, _Beside)
    except records.ERRORS as error:
        reason = records.why(error)
        raise UserError("labelling.unreadable", path=str(file), reason=reason) from None
