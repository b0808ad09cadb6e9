"""Which tables of a folder hold texts, and how they belong together."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from transfergui.core.base import unzip
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data import labels
from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.columns import (
    class_columns,
    columns_in,
    is_usable,
    lacks_labels,
)
from transfergui.core.modalities.text.numbers_only import require_texts
from transfergui.core.modalities.text.options import TextData
from transfergui.core.modalities.text.reading import WANTED, read_file
from transfergui.core.reading.files import foreign
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.names.kinds import kind_of
from transfergui.core.reading.names.words import COPIES, words
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.sources import reader, shard_folder, shard_sets
from transfergui.core.reading.tables import table_files
from transfergui.core.reading.tables.openings import below_folder_of, names_files_of
from transfergui.core.reading.tables.parts import PART_WORDS, with_evaluation
from transfergui.core.reading.tables.reading_options import ALL_TABLES

NAMED = 5
"""Tables that are named where more are meant."""

SAME = 0.5
"""The share of its texts that a table has in common with another one to be about the same."""

COPY_WORDS = COPIES | {"copy", "copia", "copie", "kopia", "alt", "alte", "vecchio"}

FEW_LISTS, LIST_LINES, LIST_LENGTH = 20, 9, 400
"""So few text files with so many lines, of so many characters on average, may be lists of texts."""
FEW = 50
"""Text files; among more, none is looked for whose lines begin with their classes."""


class TextTable(NamedTuple):
    """A table of texts, by its path below the root; with the split or the class that its name
    says."""

    name: str
    split: SplitName | None = None
    label: str | None = None


def tables_of(
    source: Path, asked: TextData, progress: ScanProgress
) -> tuple[Path, list[TextTable], list[Problem]]:
    """The root, the tables of texts, none where files hold a text each or are listed; and what is
    to be said of tables that are not used.

    Raises:
        Question: ``text.table_classes``, ``text.table_parts``.
        UserError: ``text.only_numbers``.
    """
    if (root := shard_sets.as_folder(source, WANTED, progress)) is not None:
        opened, unused = _tables_below(root, asked)
        return root, opened, [*unused, *(shard_folder.problems_of(root) if opened else ())]
    if source.is_dir():
        return source, *_tables_below(source, asked)
    if extension(source.name) in table_files.SUFFIXES or table_files.is_table(source):
        of_files = _lists_files(source) or names_files_of(
            source, [name for name in below_folder_of(source) if WANTED.has_extension(name)]
        )
        if not of_files:
            require_texts(source.parent, [source.name], asked)
        return source.parent, [] if of_files else [TextTable(source.name)], []
    if reader.is_zip(source):
        root = unzip.unpacked(source, progress)
        try:
            return root, *_tables_below(root, asked)
        except UserError as error:  # people know the zip, not where it was unpacked
            if error.note.values.get("path") == str(root):
                error.note.values["path"] = str(source)
            raise
    return source.parent, [], []


def _tables_below(root: Path, asked: TextData) -> tuple[list[TextTable], list[Problem]]:
    """The tables nearest to the root, and what is to be said of those that are not used."""
    every = _all_tables(root)
    require_texts(root, every, asked)
    found = _of_texts(root, every, asked)
    nearest = min((path.count("/") for path in found), default=0)
    names = sorted(path for path in found if path.count("/") == nearest)
    near = [name for name in names if not _lists_files(root / name)]
    opened = _understood(root, near, asked)
    if not opened:
        return [], []
    used = {table.name for table in opened}
    deeper = sorted(path for path in found if path.count("/") > nearest)
    others = sorted(set(every) - set(found))
    files = sorted(joined(folder.path, name) for folder in Walk(root) for name in folder.files)
    told = _texts_beside(files, used)
    for code, unused in (
        ("text.more_tables", [name for name in near if name not in used] + deeper),
        ("text.no_texts", others),
    ):
        if unused:
            values = {"count": len(unused), "names": _enumerated(unused)}
            told.append(Problem(code, values, path=unused[0]))
    return opened, told + _no_tables(root, files)


def _texts_beside(files: Sequence[str], used: Container[str]) -> list[Problem]:
    """Text files beside the tables that are ``used``, which are not read."""
    names = [name for name in files if WANTED.has_extension(name) and name not in used]
    if not names:
        return []
    values = {"count": len(names), "names": _enumerated(names)}
    return [Problem("text.files_beside", values, path=names[0])]


def _of_texts(root: Path, names: Sequence[str], asked: TextData) -> Sequence[str]:
    """Those of several tables that hold texts and classes, or have their column of texts; all
    where none does.

    Raises:
        Question: ``data.which_table``: they have different columns.
        UserError: ``data.unknown_table``.
    """
    known = (*names, *([ALL_TABLES] if len(names) > 1 else []))
    if asked.table and asked.table not in known and not asked.keep_untrained:
        raise UserError("data.unknown_table", name=asked.table, found=comma_list(names) or "-")
    if not 1 < len(names) <= FEW or asked.tables == "classes":
        return names
    read = {name: found for name in names if (found := columns_in(root / name, asked))}
    works = [name for name in read if is_usable(read[name][0], asked)]
    kinds: defaultdict[tuple[bool, str, str], list[str]] = defaultdict(list)
    for name in works:
        at = read[name][1]
        kinds[at.header, at.name(at.text), at.name(at.label)].append(name)
    chosen = [several for several in kinds.values() if asked.table in (*several, ALL_TABLES)]
    if not works or (asked.table and not chosen):
        return [asked.table] if asked.table in names else names
    if len(kinds) > 1 and not chosen and asked.tables == "auto":
        raise _which_table(root, list(kinds.values()), read)
    used = chosen or list(kinds.values())
    texts = {read[name][1].name(read[name][1].text) for several in used for name in several}
    others = set(works) - {name for several in used for name in several}
    return [
        name
        for name in names
        if name not in others and (name not in read or texts & set(read[name][1].names))
    ]


def _which_table(
    root: Path, kinds: Sequence[Sequence[str]], read: Mapping[str, tuple[Table, Columns]]
) -> Question:
    """Which of several tables with different columns holds the texts?

    Args:
        kinds: the names of tables that belong together.
        read: every table by its name.
    """

    def likely(names: Sequence[str]) -> tuple[bool, bool, int]:
        columns = read[names[0]][1]
        return columns.text_named, columns.labelled, sum(len(read[n][0].rows) for n in names)

    choices = {
        names[0]: _("{names}: texts in “{text}”").format(
            names=_enumerated(names), text=read[names[0]][1].name(read[names[0]][1].text)
        )
        for names in sorted(kinds, key=likely, reverse=True)
    }
    return Question(
        "text.which_table",
        setting="data.options.table",
        choices=choices,
        guess=next(iter(choices)),
        path=str(root),
    )


def _no_tables(root: Path, files: Sequence[str]) -> list[Problem]:
    """What is to be said of JSON files that are no tables, and of files that are not read."""
    found = [name for name in files if extension(name) == ".json"]
    why = {name: error for name in found[:FEW] if (error := _why_unread(root / name))}
    return [
        Problem("data.table_unread", {"why": str(error)}, path=name, left_out=False)
        for name, error in why.items()
    ] + [
        Problem("data.foreign", {"why": sentence}, path=".")
        for sentence in foreign.sentences(Counter(map(extension, files)))
    ]


def _why_unread(path: Path) -> UserError | None:
    try:
        table_files.read(path)
    except UserError as error:
        return error
    except OSError:
        pass
    return None


def _all_tables(root: Path) -> list[str]:
    """Every table below the root; none where there is a folder of text files per class."""
    named: list[str] = []
    texts: list[str] = []
    for folder in Walk(root):
        for name in folder.files:
            if extension(name) in table_files.SUFFIXES:
                named.append(joined(folder.path, name))
            elif WANTED.has_extension(name) and not foreign.is_note(name, extension(name)):
                texts.append(joined(folder.path, name))
    labelled = (
        [path for path in texts if table_files.is_table(root / path)] if len(texts) <= FEW else []
    )
    homes = {path.rpartition("/")[0] for path in set(texts) - set(labelled)}
    beside = {path.rpartition("/")[0] for path in named}  # with notes, or rows as they were
    if len(homes - {"", *beside}) > 1:
        return []
    found = [path for path in named if table_files.is_table(root / path)] + labelled
    if texts and not found and len(homes) < 2 and not set(texts) - set(_lists(root, texts)):
        return texts
    return found or [path for path in named if not texts and _holds_one_text(root / path)]


def _lists(root: Path, texts: Sequence[str]) -> list[str]:
    """Those of a few text files that are called by words and have many short lines: lists of
    texts, one on each line, rather than a text each."""
    if not 1 < len(texts) <= FEW_LISTS:
        return []
    worded = [path for path in texts if kind_of(Path(path).stem) == "word"]
    return [path for path in worded if not re.search(r"\d", path) and _is_list(root / path)]


def _is_list(path: Path) -> bool:
    try:
        lines = [line for line in read_file(path).splitlines() if line.strip()]
    except UserError:
        return False
    return len(lines) >= LIST_LINES and sum(map(len, lines)) <= LIST_LENGTH * len(lines)


def _holds_one_text(path: Path) -> bool:
    """Whether a JSON file is a table of a single text, by the names of its columns."""
    try:
        table = table_files.read(path)
    except (OSError, UserError):
        return False
    columns = table.columns()
    return len(table.rows) == 1 and columns.labelled and columns.text_named


def _understood(root: Path, names: Sequence[str], asked: TextData) -> list[TextTable]:
    """What tables that lie side by side are to each other.

    Raises:
        Question: it cannot be told.
    """
    names = [name for name in names if name not in _copies(root, names, asked)]
    splits = _splits(names)
    how = asked.tables
    if how == "auto":
        how = "parts" if splits else "all"
        if len(names) > 1:
            _require_understood(root, names, splits, asked)
        if how == "all" and asked.table != ALL_TABLES and (same := _same_texts(root, names, asked)):
            if asked.table not in same:
                raise _whose_labels(root, same)
            names = [name for name in names if name == asked.table or name not in same]
    if how == "parts":
        first = sorted(splits.items(), key=lambda found: (found[1] != "train", found[0]))
        return [TextTable(name, split) for name, split in first]  # the first one tells the columns
    if how == "classes":
        names = _lacking_labels(root, names, asked) or names
        stems = [Path(name).stem for name in names]
        if len(set(stems)) < len(stems):  # the same table in a folder for each class
            stems = [name.rpartition(".")[0] for name in names]
        return [TextTable(name, label=stem) for name, stem in zip(names, stems, strict=True)]
    return [TextTable(name) for name in names]


def _copies(root: Path, names: Sequence[str], asked: TextData) -> list[str]:
    """Tables that are called like another one, with a word for a copy beside (``shop - backup``),
    and hold mostly the same texts."""
    stems = {tuple(labels.words(name.rpartition(".")[0])): name for name in names}
    found = []
    for name in names:
        said = labels.words(name.rpartition(".")[0])
        other = stems.get(tuple(word for word in said if word not in COPY_WORDS))
        if other in (None, name) or name == asked.table:
            continue
        if _same_texts(root, [name, other], asked, lines=True):
            found.append(name)
    return found


def together(opened: Sequence[TextTable]) -> str:
    """What tables were taken for, as the option says it; empty where there is only one."""
    if len(opened) < 2:
        return ""
    if opened[0].label is not None:
        return "classes"
    return "parts" if opened[0].split else "all"


def _splits(names: Sequence[str]) -> dict[str, SplitName]:
    """Which parts the names of tables tell.

    A word such as ``train`` tells one where it is the whole name, or where another table has the
    same name but for it (``reviews-train``, ``reviews-test``, or ``train/reviews`` and
    ``test/reviews``). In ``train_reviews`` beside ``bus_reviews`` it may be what the texts are
    about.
    """
    spoken = {name: words(name.rpartition(".")[0]) for name in names}
    said = {
        name: next((PART_WORDS[word] for word in of_name if word in PART_WORDS), None)
        for name, of_name in spoken.items()
    }
    kinds: defaultdict[tuple[str, ...], set[SplitName]] = defaultdict(set)
    rests = {
        name: tuple(w for w in of_name if w not in PART_WORDS) for name, of_name in spoken.items()
    }
    for name, split in said.items():
        kinds[rests[name]] |= {split} if split else set()
    sure = {split for rest, splits in kinds.items() if not any(rest) or len(splits) > 1
            for split in splits}  # fmt: skip
    found = {name: split for name, split in said.items() if split}
    return with_evaluation(found) if "train" in sure else {}


def _lacking_labels(root: Path, names: Sequence[str], asked: TextData) -> list[str]:
    """Tables without labels, where most are such: rather a class each than one data set."""
    found = [name for name in names if lacks_labels(root / name, asked)]
    return found if len(found) > max(1, len(names) / 2) else []


def _require_understood(
    root: Path, names: Sequence[str], splits: Mapping[str, SplitName], asked: TextData
) -> None:
    """Ask what cannot be told: whether tables without labels are classes; whether one that is
    called train is all that is learnt from, where others like it have other names."""
    others = [name for name in names if name not in splits]
    values = {"path": str(root), "count": len(others), "names": _enumerated(others)}
    lacking = [] if splits else _lacking_labels(root, names, asked)
    if lacking:
        values |= {"count": len(lacking), "names": _enumerated(lacking)}
    if lacking or (not splits and _of_other_kinds([root / name for name in names], asked)):
        choices = {
            "classes": _("Each table is a class, named after its file."),
            "all": _("All tables are one dataset, with the labels in a column."),
        }
        setting = "data.options.tables"
        raise Question(
            "text.table_classes", setting=setting, choices=choices, guess="classes", **values
        )
    headers = {name: _names_of_columns(root / name, asked) for name in names}
    alike = [name for name in others if headers[name] in [headers[known] for known in splits]]
    if alike and len(splits) == 1:
        choices = {
            "all": _("All tables are one dataset."),
            "parts": _("Only the table named train is used."),
        }
        raise Question(
            "text.table_parts",
            setting="data.options.tables",
            choices=choices,
            guess="all",
            name=next(iter(splits)),
            **values,
        )


def _same_texts(
    root: Path, names: Sequence[str], asked: TextData, lines: bool = False
) -> list[str]:
    """Tables that hold mostly the same texts, by the same columns: labelled by two people, say.

    Args:
        lines: also those that have nothing but texts.
    """
    texts: dict[str, set[str]] = {}
    if not 1 < len(names) <= FEW:
        return []
    for name in names:
        found = columns_in(root / name, asked)
        if found and (lines or found[1].labelled) and found[1].text is not None:
            table, columns = found
            rows = list(table.below(columns.header))
            texts[name] = {tokens.clean(table.cell(row, columns.text)) for row in rows} - {""}
    same: set[str] = set()
    for one, other in itertools.combinations(texts, 2):
        least = min(len(texts[one]), len(texts[other]))
        if least > 1 and len(texts[one] & texts[other]) >= SAME * least:
            same |= {one, other}
    return sorted(same)


def _whose_labels(root: Path, names: Sequence[str]) -> Question:
    """Which of several tables of the same texts counts?"""
    both = _(
        "All of them: a text that has the same class in every table is used once; a text with "
        "different classes is left out."
    )
    choices = {ALL_TABLES: both} | {name: _("Only {name}").format(name=name) for name in names}
    return Question(
        "text.same_texts",
        setting="data.options.table",
        choices=choices,
        guess=ALL_TABLES,
        path=str(root),
        names=_enumerated(names),
    )


def _names_of_columns(path: Path, asked: TextData) -> tuple[str, ...]:
    found = columns_in(path, asked)
    return found[1].names if found else ()


def _of_other_kinds(paths: Sequence[Path], asked: TextData) -> bool:
    """Whether the columns that may be classes, of which none is called so, say something else in
    each table: these are rather kinds of what the table is."""
    said: list[set[str]] = []
    for path in paths:
        found = columns_in(path, asked)
        if found is None or found[1].labelled or not (places := class_columns(*found, asked)):
            return False
        table, columns = found
        said.append({table.cell(n, places[0]) for n in table.below(columns.header)} - {""})
    return len(set().union(*said)) == sum(map(len, said))


def _enumerated(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > NAMED else ""
    return comma_list(names[:NAMED]) + more


def _lists_files(path: Path) -> bool:
    """Whether what should be texts are names of files."""
    try:
        table = table_files.read(path)
    except (OSError, UserError):
        return False  # told where it is read
    column = table.columns().text
    cells = [cells[column] for cells in table.sampled if column is not None and column < len(cells)]
    named = sum(WANTED.has_extension(cell.strip()) for cell in cells)
    return named * 2 > len(cells)
