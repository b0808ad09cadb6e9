"""What tars hold, by their indices, and what in them says the labels."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.data.file_part import in_tar
from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS
from transfergui.core.reading.files import foreign
from transfergui.core.reading.files.walk import extension
from transfergui.core.reading.names import kinds
from transfergui.core.reading.names.words import SPLIT_WORDS
from transfergui.core.reading.sources import shard_fields, shard_names
from transfergui.core.reading.sources.shard_fields import Record
from transfergui.core.reading.sources.shard_index import NAMES, Index, Row
from transfergui.core.reading.tables import table_files
from transfergui.core.reading.tables.reading_options import ReadingOptions

FEWEST_LABELLED = 0.5
"""Such a share of the pictures must have a label of one kind for it to be taken."""
FEWEST_CLASSES = 2
WORD = re.compile(r"[^\W\d_]+")
AS_CLASSES = ("", ONE_CLASS, NUMBER, SEVERAL_LABELS)
"""What can be predicted where each picture has one class."""
MOST_STEMS = 1000
"""Words that names of pictures begin with, of which more are no classes."""
LOOKED_AT = 200
"""Rows whose ``key.json`` tell which of its fields hold labels or boxes."""
BESIDE = table_files.SUFFIXES | {".xml", ".yaml", ".yml", ".json"}
"""Endings of files in tars without labels that may say them, as they would in a folder."""


@dataclass
class Survey:
    """What the indices of all tars say together.

    Attributes:
        total: how many keys have a picture.
        kinds: how many keys have each kind of label (:func:`_kinds`).
        several, components: how many keys have several pictures, and how these are called.
        homes: the folders of keys.
        stems: the words that the names of pictures without a label begin with.
        endings: as of :class:`.shard_index.Index`.
        alone: how many labels have no picture.
        faults: of each tar, by its name.
        names: as of :class:`.shard_index.Index`, of all tars.
        trees: paths of some ``key.json``.
    """

    total: int = 0
    several: int = 0
    components: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    homes: set[str] = field(default_factory=set)
    stems: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    trees: list[str] = field(default_factory=list)
    alone: int = 0
    faults: list[tuple[str, dict[str, tuple[int, str]]]] = field(default_factory=list)

    def add(self, name: str, index: Index) -> None:
        """Count what one tar holds."""
        self.total += len(index.rows)
        self.faults.append((name, index.faults))
        self.endings.update(index.endings)
        self.names |= index.names
        self.alone += index.faults.get("without_picture", (0, ""))[0]
        for row in index.rows:  # maybe a million
            labelled = False
            for kind in _kinds(row):
                self.kinds[kind] += 1
                labelled = True
            self.homes.add(row.key.rpartition("/")[0])
            if not labelled:
                self._unlabelled(row)
            if row.more:
                self.several += 1
                self.components.update((row.component, *row.more))
            if row.tree >= 0 and len(self.trees) < LOOKED_AT:
                self.trees.append(in_tar(name, row.tree))

    def _unlabelled(self, row: Row) -> None:
        if len(self.stems) < MOST_STEMS and (found := WORD.match(row.key.rpartition("/")[2])):
            self.stems[found[0].lower()] += 1


def meaning_of(
    root: Path, names: Sequence[str], survey: Survey, asked: ReadingOptions, noun: str
) -> str | Record | None:
    """What says the labels: a kind of :func:`_kinds`, or fields of each ``key.json``. None where
    the tars must be unpacked for it.

    Raises:
        UserError: ``shards.unlabelled``.
    """
    record = _record(root, names, survey)
    if record is not None and asked.objective in ("", record.objective):
        return record if _plain(asked, record) else None
    kind = _best(survey.kinds, survey.total)
    if asked.objective not in AS_CLASSES or not _plain(asked):
        return None
    if not kind and not (_may_tell(root, names, survey) or _named(names, survey)):
        raise UserError("shards.unlabelled", path=str(root), noun=noun, count=survey.total)
    if kind == "folder" and not _simple(root, names, survey):
        return None
    return kind or None


def _plain(asked: ReadingOptions, record: Record | None = None) -> bool:
    """Whether nothing is asked for that only a table or folders could tell."""
    own = record.predicted if record is not None else ()
    columns = (asked.layout, asked.table, asked.path_column, asked.label_column, asked.group_column)
    return not any((*columns, asked.split_column, asked.sheet)) and set(asked.predict) <= {*own}


def _record(root: Path, names: Sequence[str], survey: Survey) -> Record | None:
    """Which fields are predicted, where labels are not classes: as a file says, or as they are."""
    texts = (shard_names.text_of(home / shard_fields.RECORD) for home in homes_of(root, names))
    for text in (*texts, *survey.names.values()):
        if text and (found := shard_fields.recorded(text)):
            return found
    if survey.kinds["cls"] >= FEWEST_LABELLED * survey.total or not survey.trees:
        return None
    if any(kind.startswith("json:") for kind in survey.kinds):
        return None
    trees = [tree for path in survey.trees if (tree := tree_at(f"{root}/{path}")) is not None]
    return shard_fields.guessed(trees)


def tree_at(path: str) -> dict[str, Any] | None:
    try:
        return shard_fields.parsed(shards.read(path))
    except OSError:
        return None


def homes_of(root: Path, names: Sequence[str]) -> Sequence[Path]:
    return list(dict.fromkeys((root, *((root / name).parent for name in names))))


def _simple(root: Path, names: Sequence[str], survey: Survey) -> bool:
    """Whether the folders of keys are surely the classes: all at one depth below the same folders,
    and nothing else in or beside the tars may say them."""
    if _may_tell(root, names, survey):
        return False
    paths = {
        tuple(part for part in home.split("/") if kinds.split_of(part) is None)
        for home in survey.homes
    }
    masks = any(map(kinds.among_masks, survey.homes))
    if len({len(path) for path in paths}) != 1 or len(paths) < FEWEST_CLASSES or masks:
        return False
    return len({path[:-1] for path in paths}) == 1


def _named(names: Sequence[str], survey: Survey) -> bool:
    """Whether the names of tars, or of the pictures in them, may be their classes."""
    stems = [stem for stem, count in survey.stems.items() if count > 1]
    tars = {name.rpartition("/")[2].partition(".")[0] for name in names}
    words = all(WORD.fullmatch(tar) and tar.lower() not in SPLIT_WORDS for tar in tars)
    return FEWEST_CLASSES <= len(stems) < MOST_STEMS or (len(tars) > 1 and words)


def _may_tell(root: Path, names: Sequence[str], survey: Survey) -> bool:
    """Whether something but the folders may say the classes: labels of other keys, tables."""
    return bool(
        survey.alone or BESIDE.intersection(survey.endings) or tables_beside(root, names)
        or survey.trees
    )  # fmt: skip


def _kinds(row: Row) -> Iterator[str]:
    """Everything that says the class of a picture."""
    if row.cls is not None:
        yield "cls"
    if row.json is not None:
        yield f"json:{row.json.partition('=')[0]}"
    if row.txt is not None:
        yield "txt"
    if "/" in row.key:
        yield "folder"


def _best(found: Counter[str], total: int) -> str:
    """``cls`` before ``json:field`` before ``txt`` before ``folder``, of those that most have."""
    enough = [kind for kind in found if found[kind] >= FEWEST_LABELLED * total]
    order = ("cls", "json", "txt", "folder")
    return min(enough, key=lambda kind: order.index(kind.partition(":")[0]), default="")


def tables_beside(root: Path, names: Sequence[str]) -> list[Path]:
    """The tables in the folders of some tars, which may say the labels of what is in them."""
    homes = dict.fromkeys((root / name).parent for name in names)
    found = (path for home in homes for path in sorted(home.iterdir()))
    return [p for p in found if is_table(p.name) and p.is_file()]


def beside(root: Path, names: Sequence[str]) -> list[Path]:
    """The files beside tars that may say how classes are called, or what the labels are."""
    named = (home / file for home in homes_of(root, names) for file in NAMES)
    return [*tables_beside(root, names), *filter(Path.is_file, named)]


def is_table(name: str) -> bool:
    """Whether a file beside tars is a table that may say something of what is in them."""
    table = extension(name) in table_files.SUFFIXES and not name.startswith(".")
    return table and not is_about(name)


def is_table_of_rows(name: str) -> bool:
    """Whether a file beside tars may hold texts itself; a JSON there is mostly about the tars."""
    return is_table(name.rpartition("/")[2]) and extension(name) != ".json"


def is_about(name: str) -> bool:
    """Whether a file beside tars is about them, and nothing to learn from."""
    return name.lower() in NAMES or foreign.is_note(name, extension(name))
