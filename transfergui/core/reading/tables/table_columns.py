"""Which column of a table beside files names the files, the class, the split and the group.

A table is looked at with the files at hand: the column whose cells are found among them names the
files. They are found with or without ending, in sub-folders, with backslashes, in another case,
above the table, and as folders of files (a row for each patient, say).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from transfergui.core.data.targets import SEVERAL_LABELS
from transfergui.core.reading.files.lookup import URL, Lookup, stem
from transfergui.core.reading.folders.levels import counted
from transfergui.core.reading.names.words import words
from transfergui.core.reading.parsing import headings
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.box_columns import sides_among
from transfergui.core.reading.tables.cells import Cells, body_of, is_number, split_value
from transfergui.core.reading.tables.column_names import (
    BOXES,
    DECLARED,
    FOLD,
    GROUP_WORD,
    GROUPS,
    LABELS,
    LAST,
    PATHS,
    SPANS,
    SPLITS,
    called_a_file,
    column_key,
    ends_as_number,
    identifies,
    is_ambiguous,
    known_name,
    label_rank,
    may_name,
)
from transfergui.core.reading.tables.label_columns import (
    divides,
    hot_columns,
    likeliest,
    one_each,
    told_apart,
    worded,
)
from transfergui.core.reading.tables.predicted import Predicted

FEWEST_PEOPLE, LONGEST = 4, 40
"""Different values of a column that may say who samples are of, and characters of each."""

TELLING = 0.8
"""The share of different cells in a column of names without endings."""
FEWEST_LABELS = 3
"""So many columns that rows mark are labels, though one is called as those of classes are."""
NAMED_BY = 0.3
"""The share of cells that must be found among the files for a column to name files."""


class Wanted(NamedTuple):
    """Columns as the user chose them, by name; empty where the program shall find out."""

    path: str = ""
    label: str = ""
    split: str = ""
    group: str = ""


NOTHING = Wanted()


@dataclass(frozen=True)
class Columns:
    """Where things are in a table, by position; None for what it lacks.

    Attributes:
        names: of all columns; its number where a column has none.
        header: whether the first row names the columns.
        hot: columns that are a class each, of which a row marks one.
        by: whether rows name files or folders of files.
        labels: every column that may tell the classes, the likeliest first.
        sure: whether ``label`` may be taken without a question.
        named: whether the label's column is called so.
        boxes: whether there is a row for each thing in a picture, or each sound in a recording.
        spans: whether these are times in recordings.
        rivals: other columns that name files as well, but other ones.
        within: the column that names the folder in which a file is called so.
        more: further columns that name files of the same row: a second photo.
        predicted: what the rows say where that is not one class.
    """

    names: tuple[str, ...]
    header: bool
    path: int | None
    label: int | None = None
    hot: tuple[int, ...] = ()
    split: int | None = None
    group: int | None = None
    by: Literal["file", "folder"] = "file"
    labels: tuple[int, ...] = ()
    sure: bool = True
    named: bool = False
    boxes: bool = False
    spans: bool = False
    rivals: tuple[int, ...] = ()
    within: int | None = None
    more: tuple[int, ...] = ()
    predicted: Predicted | None = None

    @property
    def labelled(self) -> bool:
        """Whether the table tells classes, or what is predicted else, at all."""
        told = self.label is not None or bool(self.hot) or self.predicted is not None
        return self.path is not None and told

    @property
    def several_labels(self) -> bool:
        """Whether a row says some of the labels that a file has."""
        return self.predicted is not None and self.predicted.objective == SEVERAL_LABELS

    def name(self, place: int | None) -> str:
        return "" if place is None else self.names[place]


def columns(table: Table, lookup: Lookup, wanted: Wanted = NOTHING) -> Columns:
    """What each column of ``table`` holds, by the files at hand, its names and its cells."""
    header = table.keys is not None or not any(
        lookup.might_be(cell) for cell in table.first if may_name(cell)
    )
    named = [name.strip() for name in (table.keys or (table.first if header else ()))]
    width = table.width
    names = headings.names_of(named, width)
    cells = Cells(body_of(table, header), width)
    given = {key: names.index(name) for key, name in wanted._asdict().items() if name in names}
    path, by = _path_column(cells, names, lookup, given.get("path"))
    rivals = () if "path" in given else _rival_paths(cells, names, lookup, path, by)
    within = None if path is None or rivals else _within(cells, lookup, path)
    more = () if rivals or within is not None else _more_paths(cells, names, lookup, path, by)
    if path is None and "path" not in given:
        path, within = _joined(cells, lookup)
    if not header and path == 0:  # path,label[,split][,group]
        given = dict(zip(("path", "label"), range(width), strict=False)) | given
        if width == len(Wanted._fields):
            given.setdefault("group", width - 1)
    left = [at for at in range(width) if at not in (path, *more, *given.values())]
    split = given["split"] if "split" in given else _split_column(cells, names, left)
    left = [at for at in left if at != split]
    group = given.get("group")
    if "group" not in given:
        group = _finer(cells, names, left, _group_column(cells, names, left))
    if group is None:
        group = _counted_column(cells, names, left, given.get("label"))
    left = [at for at in left if at != group and not FOLD.fullmatch(column_key(names[at]))]
    found = Columns(
        names,
        header,
        path,
        split=split,
        group=group,
        by=by,
        rivals=rivals,
        within=within,
        more=more,
    )
    keys = {column_key(part) for name in names for part in name.split(".")}
    spans = any(kind <= keys for kind in SPANS) and _again(cells, path)
    boxed = sides_among(keys) is not None or any(kind <= keys for kind in BOXES)
    found = replace(found, spans=spans, boxes=spans or boxed)
    return _with_labels(found, cells, left, given.get("label"), wanted.label in names)


def says_times(where: Columns) -> bool:
    """Whether a table has columns for the begin and the end of something in recordings."""
    keys = {column_key(part) for name in where.names for part in name.split(".")}
    return where.boxes or any(kind <= keys for kind in SPANS)


def _again(cells: Cells, path: int | None) -> bool:
    """Whether the rows name files several times: a row for each thing that is in them."""
    return path is not None and len(cells.kinds(path)) <= TELLING * len(cells.filled(path))


def may_group(
    table: Table, header: bool, label: int | None, known: Collection[int | None]
) -> list[int]:
    """The columns whose values come again in rows of several classes: of people, it may be.

    Args:
        header: whether the first row names the columns.
        label: the column that tells the classes.
        known: other columns that are known to be something else.
    """
    if label is None:
        return []
    cells = Cells(body_of(table, header), table.width)
    found = []
    for at in range(table.width):
        kinds = cells.kinds(at)
        if at in (label, *known) or not _may_be_people(kinds, cells.filled(at)):
            continue
        pairs = set(zip(cells.columns[at], cells.columns[label], strict=True))
        if len(pairs) > len(kinds) and len(pairs) > len(cells.kinds(label)):
            found.append(at)
    return found


def _may_be_people(kinds: Collection[str], filled: Sequence[str]) -> bool:
    """Whether values may be names of whom several rows are of: some, not long, no numbers."""
    some = FEWEST_PEOPLE <= len(kinds) <= len(filled) / 2
    return some and max(map(len, kinds)) <= LONGEST and not all(map(is_number, kinds))


def _path_column(
    cells: Cells, names: Sequence[str], lookup: Lookup, given: int | None
) -> tuple[int | None, Literal["file", "folder"]]:
    """The column that names files, or folders of files."""
    every = range(len(names)) if given is None else [given]
    files = {at: _found(cells, at, lambda cell: lookup.file(cell) is not None) for at in every}
    named = [at for at in every if files[at].share >= NAMED_BY and _may_be_names(cells, names, at)]
    if named:
        likely = sorted(named, key=lambda at: _names_well(cells, names, files, at), reverse=True)
        return likely[0], "file"
    folders = {at: _found(cells, at, lambda cell: bool(lookup.folder(cell))) for at in every}
    nested = [
        at
        for at in every
        if folders[at].share >= NAMED_BY
        and len(cells.kinds(at)) > max(1, len(cells.rows) / 2)
        and label_rank(names[at]) is None
    ]
    if nested:
        return max(nested, key=lambda at: folders[at].distinct), "folder"
    if given is not None:
        return given, "file"
    aliased = {at: rank for at in every if (rank := known_name(names[at], PATHS)) is not None}
    some = {at: rank for at, rank in aliased.items() if files[at].distinct} or aliased
    return min(some, key=some.__getitem__, default=None), "file"


def _may_be_names(cells: Cells, names: Sequence[str], at: int) -> bool:
    """Whether a column whose cells are found may name files: ages are found among ``0.jpg`` ...
    as well, but come again and again."""
    filled = cells.filled(at)
    called = called_a_file(names[at])
    ending = any(stem(cell) != cell for cell in filled)
    return called or ending or len(set(filled)) >= TELLING * len(filled)


def _names_well(
    cells: Cells, names: Sequence[str], files: Mapping[int, _Found], at: int
) -> tuple[bool, bool, int, int]:
    """How surely a column names files: by its name, by endings, by how many it tells apart."""
    called = called_a_file(names[at])
    ending = sum(stem(cell) != cell for cell in cells.filled(at)) > len(cells.rows) / 2
    return called, ending, files[at].distinct, -at


class _Found(NamedTuple):
    """How much of a column is found among the files: the share of its cells, and how many
    different ones."""

    share: float
    distinct: int


def _rival_paths(
    cells: Cells, names: Sequence[str], lookup: Lookup, path: int | None, by: str
) -> tuple[int, ...]:
    """Columns that name other files than ``path`` in the same rows, and are no less likely."""
    if path is None or by == "folder" or called_a_file(names[path]):
        return ()
    own = [lookup.file(cell) for cell in cells.columns[path]]
    if any(stem(cell) != cell for cell in cells.filled(path)):  # with their endings
        return ()
    rivals = []
    for at in range(len(names)):
        other = [lookup.file(cell) for cell in cells.columns[at]] if at != path else own
        both = [(a, b) for a, b in zip(own, other, strict=True) if a is not None and b is not None]
        differs = len(both) >= NAMED_BY * len(own) and any(a != b for a, b in both)
        if differs and len(set(other)) > len(set(own)) / 2:
            rivals.append(at)
    return tuple(rivals)


def _more_paths(
    cells: Cells, names: Sequence[str], lookup: Lookup, path: int | None, by: str
) -> tuple[int, ...]:
    """Columns beside ``path`` that name other files of the same rows, and are called so, too."""
    if path is None or by == "folder" or not called_a_file(names[path]):
        return ()
    own = {lookup.file(cell) for cell in cells.filled(path)}
    more = []
    for at in range(len(names)):
        if at == path or not called_a_file(names[at]):
            continue
        files = {lookup.file(cell) for cell in cells.filled(at)} - {None}
        if len(files - own) > len(cells.filled(at)) / 2:
            more.append(at)
    return tuple(more)


def _joined(cells: Cells, lookup: Lookup) -> tuple[int | None, int | None]:
    """A column of names, none of which is enough, and the one of their folders."""
    for at in range(len(cells.columns)):
        folder = _within(cells, lookup, at)
        if folder is not None:
            return at, folder
    return None, None


def _within(cells: Cells, lookup: Lookup, path: int) -> int | None:
    """The column of folders that tells apart files of one name: ``station`` of
    ``station/20240501.wav``."""
    written = cells.columns[path]
    if sum(lookup.file(cell) is not None for cell in written) >= NAMED_BY * len(written):
        return None
    for at, column in enumerate(cells.columns):
        pairs = zip(column, written, strict=True)
        joined = (f"{folder}/{cell}" for folder, cell in pairs if not URL.match(cell))
        if at != path and sum(lookup.file(cell) is not None for cell in joined) > len(written) / 2:
            return at
    return None


def _found(cells: Cells, column: int, holds: Callable[[str], bool]) -> _Found:
    filled = cells.filled(column)
    known = {cell for cell in set(filled) if holds(cell)}
    return _Found(sum(cell in known for cell in filled) / max(1, len(filled)), len(known))


def _split_column(cells: Cells, names: Sequence[str], left: Sequence[int]) -> int | None:
    """The column that says training, validation or test."""
    for at in left:
        known = [split_value(names[at], cell) for cell in cells.filled(at)]
        if known and sum(each is not None for each in known) >= 0.8 * len(known):
            return at
    aliased = {at: rank for at in left if (rank := known_name(names[at], SPLITS)) is not None}
    textual = {at: r for at, r in aliased.items() if not all(map(is_number, cells.filled(at)))}
    return min(textual, key=textual.__getitem__, default=None)


def _group_column(cells: Cells, names: Sequence[str], left: Sequence[int]) -> int | None:
    """The column that says which rows belong together."""
    ranks = {}
    for at in left:
        rank = known_name(names[at], GROUPS)
        first = next(iter(words(names[at])), "")
        if rank is None and GROUP_WORD.fullmatch(first) and identifies(names[at]):
            rank = DECLARED
        if rank is None and FOLD.fullmatch(column_key(names[at])):
            rank = LAST
        if rank is None and label_rank(names[at]) is None and ends_as_number(names[at]):
            rank = LAST
        repeated = 1 < len(cells.kinds(at)) < len(cells.filled(at))
        if rank is not None and cells.kinds(at) and (repeated or rank < DECLARED):
            ranks[at] = rank
    return min(ranks, key=ranks.__getitem__, default=None)


def _finer(
    cells: Cells, names: Sequence[str], left: Sequence[int], group: int | None
) -> int | None:
    """Of folds that keep something together, what that is: the column, if any, each value of which
    is in one fold only. It leaves more for the training than whole folds do."""
    if group is None or not FOLD.fullmatch(column_key(names[group])):
        return group
    for at in left:
        filled, kinds = cells.filled(at), cells.kinds(at)
        if at == group or label_rank(names[at]) is not None or len(kinds) > len(filled) / 2:
            continue
        pairs = set(zip(cells.columns[at], cells.columns[group], strict=True))
        if len(cells.kinds(group)) < len(kinds) == len(pairs):
            return at
    return group


def _counted_column(
    cells: Cells, names: Sequence[str], left: Sequence[int], label: int | None
) -> int | None:
    """A column whose values are only counted (``tree 1``, ``tree 2``), where another may be the
    classes."""
    counting = [
        at
        for at in left
        if label_rank(names[at]) is None
        and len(cells.kinds(at)) < len(cells.filled(at))
        and counted(cells.kinds(at))
    ]
    others = [at for at in left if at not in counting]
    if label is None and not any(_may_label(cells, names, at) for at in others):
        return None
    return next(iter(counting), None)


def _are_labels(cells: Cells, found: Columns, left: Sequence[int], aliased: Sequence[int]) -> bool:
    """Whether the columns that are called as those of classes are rather labels themselves, among
    others that rows mark: ``No Finding``, ``Edema``, ``Pneumonia``."""
    marks = hot_columns(cells, left) if found.header and not found.boxes else ()
    whole = any(column_key(found.names[at]) in LABELS.split() for at in aliased)
    return len(marks) >= FEWEST_LABELS and {*aliased} <= {*marks} and not whole


def _may_label(cells: Cells, names: Sequence[str], at: int) -> bool:
    named = label_rank(names[at]) is not None
    return len(cells.kinds(at)) > 1 and (named or divides(cells, at))


def _with_labels(
    found: Columns, cells: Cells, left: Sequence[int], given: int | None, chosen: bool
) -> Columns:
    """``found``, with the columns that tell the classes.

    Args:
        given: the one that does, by its place or as the user chose it.
        chosen: whether the user did.
    """
    aliased = sorted(
        (at for at in left if label_rank(found.names[at]) is not None),
        key=lambda at: label_rank(found.names[at]) or 0,
    )
    aliased = [at for at in aliased if cells.kinds(at) or not cells.rows]
    telling = [at for at in aliased if len(cells.kinds(at)) > 1]
    aliased = telling or [at for at in aliased if "." not in found.names[at]]  # result.type
    aliased = [] if given is None and _are_labels(cells, found, left, aliased) else aliased
    dividing = likeliest(cells, (at for at in left if divides(cells, at)))
    every = tuple(dict.fromkeys((*aliased, *dividing)))
    if given is not None:
        unsure = not (chosen or found.header) and bool(dividing)  # path,label,?
        return replace(found, label=given, labels=(given, *every), named=True, sure=not unsure)
    hot = hot_columns(cells, left) if found.header and not (aliased or found.boxes) else ()
    rivals = [at for at in dividing if at not in hot and not all(map(is_number, cells.kinds(at)))]
    if hot and (not rivals or one_each(cells, hot)):
        return replace(found, hot=hot, labels=every, named=True)
    if aliased and is_ambiguous(found.names[aliased[0]]):
        aliased += [at for at in dividing if at not in aliased and worded(cells, at)]
    likely = told_apart(cells, aliased or dividing)
    if not likely:
        return replace(found, labels=every)
    sure = len(likely) == 1
    return replace(found, label=likely[0], labels=every, sure=sure, named=bool(aliased))
