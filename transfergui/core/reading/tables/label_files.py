"""Labels that stand in a table of their own, apart from the data: of examples that lie unsorted.

The table (CSV) has columns ``path``, relative to the root of the data or to the table's own folder,
and ``label``; a path may name a part of a file
(:class:`transfergui.core.data.file_part.FilePart`), or a file in a tar by its name there
(:mod:`transfergui.core.data.tar_names`). The program writes one while examples are
labelled in it (:mod:`transfergui.core.labelling.table`).
"""

from __future__ import annotations

import csv
import io
import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from transfergui.core.base import files, records, shards
from transfergui.core.base.cells import is_unsafe, plain
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.boxes import boxes_text, parsed_boxes
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.tar_names import divided, note_listed, placed
from transfergui.core.data.targets import BOXES, Targets
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files.lookup import LEADS_OUT
from transfergui.core.reading.files.walk import size_of
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.parsing.parser import found_encoding

COLUMNS = ("path", "label")
SPLIT = "split"
"""A further column of the tables that :mod:`transfergui.core.labelling.export` writes."""
LONGEST = 1 << 28
"""Bytes of a table that is read."""
PROGRESS_EVERY = 256
_SURROGATE = re.compile("[\udc80-\udcff]")
_DELIMITERS = ",;\t"
"""Between columns, as the program, or spreadsheets of many countries, write them."""
_WIDE = ("utf-16", "utf-32")
_ANY_BYTES = ("utf-8", "cp1252")
"""Encodings that are found where no other one fits."""
UNSORTED = "-"
"""In the place of a table: nothing has a label yet. All are of one class, which is called so."""


def read(path: Path, root: Path | None = None) -> dict[str, str]:
    """The class of each example, by its path; further columns are not looked at.

    Args:
        root: of the data: paths relative to the table's own folder become relative to this one.
            None: they stay as they are written.

    Raises:
        UserError: ``labelling.unreadable``, ``labelling.no_columns``.
    """
    return read_noted(path, root)[0]


def read_noted(path: Path, root: Path | None = None) -> tuple[dict[str, str], list[Problem]]:
    """As :func:`read`, and that examples have several labels there, of which the last one counts:
    how many, and the first.

    Raises:
        UserError: as :func:`read`.
    """
    columns, rows = columns_and_rows(path)
    labels: dict[str, str] = {}
    several: set[str] = set()
    given = [(where.removeprefix("./"), name) for where, name in rows]
    if root is not None:
        seen = _Seen(root, path, (where for where, _name in given if where), SPLIT in columns)
        given = [(placed(root, seen.path(where)), name) for where, name in given if where]
    for where, name in given:
        if where and name:
            if labels.get(where, name) != name:
                several.add(where)
            labels[where] = name
    if not several:
        return labels, []
    first = next(where for where in labels if where in several)
    values = {"count": len(several), "first": first, "name": labels[first]}
    return labels, [Problem("labelling.several", values, path=str(path), left_out=False)]


class _Seen:
    """Where the files that a table names lie, relative to the root of the data.

    A name may be one of a file below the root and, as seen from the folder of the table, also that
    of another one (``photos/1.jpg`` beside ``photos``, in which there is another ``photos``). Then
    that counts by which more of the table is found; by equally much, the root, unless the program
    exported the table.
    """

    def __init__(self, root: Path, table: Path, names: Iterable[str], exported: bool) -> None:
        self._root, self._beside = root, table.parent
        self._folders: dict[str, str] = {}
        self._real_root = os.path.realpath(root)
        files_named = dict.fromkeys(map(self._file, names))
        below = {name for name in files_named if self._is_below(name)}
        beside = Path(os.path.realpath(self._beside))
        top = Path(self._real_root)
        apart = not (top.is_relative_to(beside) or beside.is_relative_to(top))
        # the program's own table lies apart: a look at each file is enough, of many
        looked_for = (name for name in files_named if not (apart and name in below))
        self._found = {name: found for name in looked_for if (found := self._from_table(name))}
        more = len(below) - len(self._found)
        if more > 0 or (more == 0 and not exported):
            for name in below:
                self._found[name] = name

    def path(self, given: str) -> str:
        """``given`` relative to the root; as it is where it is not found."""
        file = self._file(given)
        return self._found.get(file, file) + given[len(file) :]

    def _file(self, given: str) -> str:
        """The file that is, or holds, an example."""
        for folder in (self._root, self._beside):
            tar, inside = divided(folder, given)
            if inside:
                return tar
        return FilePart.parse(given).file

    def _is_below(self, name: str) -> bool:
        leads_out = LEADS_OUT.match(posixpath.normpath(name))
        return not leads_out and os.path.isfile(self._root / name)  # noqa: PTH113

    def _from_table(self, name: str) -> str | None:
        """A file below the root as seen from the folder of the table, else None."""
        path = self._beside / name
        for place, root in (
            (os.path.abspath(path), os.fspath(self._root)),  # noqa: PTH100 - no links followed
            (self._real(path), self._real_root),
        ):
            try:
                found = os.path.relpath(place, root).replace(os.sep, "/")
            except ValueError:  # on another drive
                continue
            if not LEADS_OUT.match(found) and os.path.isfile(place):  # noqa: PTH113
                return found
        return None

    def _real(self, path: Path) -> str:
        """``path`` with its folder as it is without links."""
        folder = os.fspath(path.parent)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], path.name)  # noqa: PTH118 - a text


def columns_and_rows(path: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The names of all columns, and the path and the label of each row, which may be empty.

    Raises:
        UserError: as :func:`read`.
    """
    try:
        data = files.read_regular(path, LONGEST)
        found = found_encoding(data)
        if found.startswith(_WIDE):
            return _parsed(data.decode(found), path)
        columns, rows = _parsed(data.decode("utf-8-sig", "surrogateescape"), path)
        if not _is_utf8(data) and not _only_names_are_broken(rows, found, path):
            columns, rows = _parsed(data.decode(found), path)
    except (OSError, csv.Error, ValueError) as error:
        reason = records.why(error)
        raise UserError("labelling.unreadable", path=str(path), reason=reason) from None
    return columns, rows


def _parsed(text: str, path: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """
    Raises:
        UserError: ``labelling.no_columns``.
        ValueError: a column that is read occurs twice, or a cell has a NUL.
    """
    for delimiter in _DELIMITERS:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = list(reader.fieldnames or ())
        if {*COLUMNS} <= {*columns}:
            break
    else:
        raise UserError("labelling.no_columns", path=str(path))
    for name in COLUMNS:
        if columns.count(name) > 1:
            raise ValueError(_("{name} occurs twice").format(name=repr(name)))
    cells = [(row["path"] or "", row["label"] or "") for row in reader]
    ours = _is_ours(path) or not any(is_unsafe(cell) for row in cells for cell in row)
    own = plain if ours else str
    rows = [(own(path), own(label).strip()) for path, label in cells]
    if any("\0" in cell for row in rows for cell in row):
        raise ValueError(_("a path or a label holds the character NUL"))
    return columns, rows


def _is_ours(path: Path) -> bool:
    """Whether the program seems to have written a table: it keeps a file beside."""
    return os.path.lexists(path.with_suffix(".json"))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _only_names_are_broken(rows: Iterable[tuple[str, str]], found: str, path: Path) -> bool:
    """Whether the bytes that are not UTF-8 are names of files, which may be any bytes: a table that
    the program wrote (it keeps a file beside), or one that does not read as another encoding
    either. Of a label, they never are."""
    if any(not name.isascii() and _SURROGATE.search(name) for _path, name in rows):
        return False
    return _is_ours(path) or found in _ANY_BYTES


def listed(root: Path, table: Path, progress: ScanProgress) -> tuple[Listing, dict[str, str]]:
    """The labelled files below ``root``, and the labels of them and of their parts.

    A file of which parts are labelled is there once, with the class of one of them.

    Raises:
        UserError: as :func:`read`; ``labelling.none``: not one of the files is there.
    """
    labels, noted = read_noted(table, root)
    names = list(dict.fromkeys(labels.values()))
    number = {name: at for at, name in enumerate(names)}
    known: dict[str, Sample | None] = {}
    missing: list[str] = []
    for count, (path, name) in enumerate(labels.items()):
        file = path if shards.is_member(path) else FilePart.parse(path).file
        if file not in known:
            known[file] = _sample(root, file, number[name])
        if known[file] is None:
            missing.append(path)
        if not count % PROGRESS_EVERY:
            progress(len(known))
    samples = [sample for sample in known.values() if sample is not None]
    if not samples:
        raise UserError("labelling.none", path=str(table), root=str(root))
    for tar in {FilePart.parse(file).file for file in known if shards.is_member(file)}:
        note_listed(root, tar)
    listing = Listing(root, samples, names)
    listing.problems += [*noted, *unmatched(table, missing)]
    gone = frozenset(missing)
    return listing, {path: name for path, name in labels.items() if path not in gone}


def read_as_boxes(listing: Listing, table: Path) -> None:
    """Take the labels for boxes in pictures.

    Raises:
        UserError: ``labelling.unreadable``: one is no text of boxes.
    """
    listing.targets = Targets(objective=BOXES)
    try:
        listing.classes = [boxes_text(parsed_boxes(text)) for text in listing.classes]
    except ValueError as error:
        reason = _("“{value}” is no box").format(value=error)
        raise UserError("labelling.unreadable", path=str(table), reason=reason) from None


def unsorted(root: Path, names: Iterable[str], progress: ScanProgress) -> Listing:
    """Files, or parts of them, of which none has a label, as if all were of one class.

    Args:
        names: relative to ``root``.
    """
    listing = Listing(root, classes=[UNSORTED])
    for name in names:
        size = size_of(f"{os.fspath(root)}/{FilePart.parse(name).file}") or 0
        listing.samples.append(Sample(name, 0, size))
        if not len(listing.samples) % PROGRESS_EVERY:
            progress(len(listing.samples))
    return listing


def _sample(root: Path, file: str, label: int) -> Sample | None:
    """None where there is no such file below ``root``."""
    plain_path = posixpath.normpath(file)
    whole = FilePart.parse(file).file if shards.is_member(file) else file
    if LEADS_OUT.match(plain_path) or not os.path.isfile(root / whole):  # noqa: PTH113
        return None
    if shards.is_member(file):
        return Sample(file, label, size_of(f"{os.fspath(root)}/{whole}") or 0)
    return Sample(str(FilePart(file)), label, size_of(f"{os.fspath(root)}/{file}") or 0)


def unmatched(table: Path, paths: Iterable[str]) -> Iterable[Problem]:
    """That labels are for examples that are not there: how many, and the first."""
    gone = list(paths)
    if gone:
        values = {"count": len(gone), "first": gone[0]}
        yield Problem("labelling.unmatched", values, path=str(table))


def as_labelled(listing: Listing, labels: Mapping[str, str], table: Path) -> None:
    """Give each sample the class of its own label; parts without one are left out.

    Args:
        listing: with the parts of files in their place; those of a file that is labelled as a
            whole have its class.
        labels: as of :func:`listed`.
    """
    number = {name: at for at, name in enumerate(listing.classes)}
    kept, used = [], set()
    for sample in listing.samples:
        whole = str(FilePart(FilePart.parse(sample.path).file))
        at = sample.path if sample.path in labels else whole
        if at in labels:
            used.add(at)
            kept.append(msgspec.structs.replace(sample, label=number[labels[at]]))
    files_left = {FilePart.parse(sample.path).file for sample in listing.samples}
    parts = (path for path in labels if path not in used and is_part(path))
    lost = [path for path in parts if FilePart.parse(path).file in files_left]
    listing.problems += unmatched(table, lost)
    listing.samples = kept
