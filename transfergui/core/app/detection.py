"""Which modality a source is of, by the names of its files: nobody should have to say it.

Nothing is opened but the beginning of a table, to see whether it names files.
"""

import itertools
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from transfergui.core import registry
from transfergui.core.base import archives, files, shards, unzip
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.files import foreign, signatures
from transfergui.core.reading.files.lookup import MAX_NAME
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.listings.listing import some
from transfergui.core.reading.names.kinds import among_masks
from transfergui.core.reading.sources import shard_listing, shard_sets, shard_survey
from transfergui.core.reading.sources.reader import is_zip
from transfergui.core.reading.tables import table_files
from transfergui.core.reading.tables.openings import below_folder_of, names_files_of
from transfergui.core.registry import owner
from transfergui.core.runs import packages

ENOUGH = 2000
"""Files whose names are looked at."""
ROWS = 20
"""Rows of a table that are looked at."""
LOOKED_INTO = 3
"""Tars of several into which is looked."""
ROWS_IN = table_files.SUFFIXES | {".txt", ".json", ".cls"}
"""Endings of files in a tar without pictures and sounds that tell that it holds texts."""
ALIKE = 0.5
"""Of two kinds of files, one being so many times the other, either may be meant."""


def detect(path: Path) -> str:
    """The key of the modality of the data at ``path``, by the files that make sense as samples.

    Texts beside pictures or sounds are captions, boxes or notes. A table counts for the modality
    of the files that it names, else for the one whose samples are rows of tables; but only where
    there are no other files. Where nothing tells, it is the first modality, whose scan then says
    what is wrong.

    Raises:
        Question: ``data.which_modality``: there are as many pictures as sounds.
        UserError: ``data.empty``, ``data.foreign_only``: in a folder or a zip, every file is
            clearly something else; ``data.is_model``.
    """
    if files.is_special(path):  # its end may never come
        return registry.MODALITIES[0].key
    try:
        if packages.is_package(path):
            raise UserError("data.is_model", path=str(path))
        names = list(itertools.islice(_telling(_names(path)), ENOUGH))
    except (OSError, ValueError, zipfile.BadZipFile):  # a name that no file can have, for one
        return registry.MODALITIES[0].key
    counts = Counter(modality.key for name in names if (modality := owner(name)))
    for modality in registry.MODALITIES:
        if modality.tables and len(counts) > 1:  # its files are beside others
            del counts[modality.key]
    if _are_notes(counts) and (inside := _of_shards(path, names)):
        counts = inside
    if not counts:
        counts.update(m.key for name in names for m in registry.MODALITIES if _on_request(m, name))
    if not counts:
        found = (name for name in names if _may_be_table(path, name))
        counts.update(_of_table(path, name) for name in itertools.islice(found, ROWS))
    if not counts:
        nameless = (n for n in names if n and not extension(n) and not _is_note(n))
        counts.update(_by_content(path, name) for name in itertools.islice(nameless, ROWS))
        del counts[""]
        _refuse_unnamed_table(path, names)
    container = path.is_dir() or is_zip(path)
    if path.is_dir() and _only_in_zips(path, names):
        raise _which_zip(path, names)
    if not counts and container and all(map(extension, names)):
        raise _nothing(path, names)
    _ask_which(path, counts)
    return counts.most_common(1)[0][0] if counts else registry.MODALITIES[0].key


def _by_content(source: Path, name: str) -> str:
    """The modality of a file without an ending, by its first bytes; empty for none."""
    try:
        if is_zip(source):
            head = unzip.head(source, name, signatures.HEAD)
        else:
            head = files.head(source / name if source.is_dir() else source, signatures.HEAD)
    except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile):
        return ""
    found = owner(f"x{signatures.ending(head)}")
    return found.key if found else ""


def _are_notes(counts: Counter[str]) -> bool:
    """Whether files are too few to be the samples: beside shards are ``classnames.txt``, and how
    many shards there are."""
    texts = sum(counts[m.key] for m in registry.MODALITIES if m.tables)
    return texts == counts.total() and texts < ROWS


def _of_shards(source: Path, names: Sequence[str]) -> Counter[str]:
    """How many of the first files in some tars are pictures or sounds; else texts, where there are
    any; nothing where these are no tars.

    Raises:
        UserError: ``shards.compressed``; ``data.foreign_only``: there are others; as
            :func:`shard_sets.plain`.
    """
    found = [name for name in names if shards.is_tar(name)]
    if archives.is_pattern(source):
        found = [path.name for path in archives.tars(source)]
    if not found:
        return Counter()
    root = source if source.is_dir() else source.parent
    tables = source.is_dir() and any(map(shard_survey.is_table_of_rows, names))
    packed = any(shards.COMPRESSED.search(name) for name in found)
    if tables and packed:  # an archive beside a table of texts, more likely than its pictures
        return Counter()
    tars = shard_sets.plain(shard_sets.Tars(root, found))
    first = sorted(tars.names)[:LOOKED_INTO]
    inside = [name for tar in first for name in shard_listing.first_names(tars.root / tar, ENOUGH)]
    counts = Counter(each.key for name in inside if (each := owner(name)))
    tabular = {each.key: counts.pop(each.key, 0) for each in registry.MODALITIES if each.tables}
    if not counts and tables:
        return counts
    if not counts and any(extension(name) in ROWS_IN for name in inside):
        counts.update(key for key in tabular)
    if not counts and not inside:
        shard_listing.require_tar(tars.root / first[0])
    if not counts:
        raise _nothing(source, inside)
    return counts


def _refuse_unnamed_table(source: Path, names: Sequence[str]) -> None:
    """
    Raises:
        UserError: ``data.unnamed_table``: a file in no folder is a table, and not called so.
    """
    if is_zip(source):
        return
    for name in names:
        path = source / name if source.is_dir() else source
        if not extension(name) and "/" not in name and table_files.divides(path):
            raise UserError("data.unnamed_table", path=str(path))


def _telling(names: Iterator[str]) -> Iterator[str]:
    """``names`` without texts in folders of labels and masks, which may be most of all files."""
    tabular = {m.key for m in registry.MODALITIES if m.tables}
    for name in names:
        found = owner(name)
        if found is None or found.key not in tabular or not _annotates(name):
            yield name


def _is_note(name: str) -> bool:
    return foreign.is_note(name.rpartition("/")[2], extension(name))


def _annotates(name: str) -> bool:
    """Whether a text is about the data: a note, or in a folder of labels."""
    return _is_note(name) or among_masks(name.rpartition("/")[0])


def _ask_which(path: Path, counts: Counter[str]) -> None:
    """
    Raises:
        Question: there are about as many files of two kinds.
    """
    if len(counts) < 2:
        return
    (first, most), (second, fewer) = counts.most_common(2)
    if fewer < ALIKE * most:
        return
    titles = {m.key: _(m.many) for m in registry.MODALITIES}
    choices = {
        key: _("the {count} {noun}").format(count=counts[key], noun=titles[key])
        for key in (first, second)
    }
    raise Question(
        "data.which_modality", setting="modality", choices=choices, guess=first, path=str(path)
    )


def _only_in_zips(path: Path, names: Sequence[str]) -> bool:
    """Whether what can be learnt from is in zips: beside them are only notes (texts that lie in
    no folder, so without a class) and tables that are not themselves of texts."""
    if not any(extension(name) == ".zip" for name in names):
        return False
    owners = [(name, found) for name in names if (found := owner(name)) is not None]
    if any("/" in name or not found.tables for name, found in owners):
        return False
    return not any(_is_table_of_texts(path, name) for name in names)


def _is_table_of_texts(source: Path, name: str) -> bool:
    """Whether a table has many rows that name no files."""
    if not _may_be_table(source, name):
        return False
    try:
        rows = len(table_files.read(source / name).rows)
    except (OSError, UserError):
        return False
    return rows >= ROWS and registry.modality(_of_table(source, name)).tables


def _which_zip(path: Path, names: Sequence[str]) -> Question:
    """Which of the zips in a folder to open; all together first, where there are several, or
    tables beside."""
    zips = sorted(name for name in names if extension(name) == ".zip")
    direct = [name for name in zips if "/" not in name]
    beside = [name for name in names if extension(name) in table_files.SUFFIXES and "/" not in name]
    choices = {}
    if direct and len(direct) + len(beside) > 1:
        text = _("All of them together ({names}), each as a folder")
        choices[str(path / unzip.EVERY)] = text.format(names=some([*direct, *beside]))
    choices |= {str(path / name): shown(name) for name in zips}
    return Question(
        "data.zip_inside",
        setting="data.path",
        choices=choices,
        guess=next(iter(choices)),
        path=str(path),
        noun=registry.kinds(),
    )


def _nothing(path: Path, names: Sequence[str]) -> UserError:
    """What is there instead, and what to do with it."""
    endings = Counter(map(extension, names))
    told = foreign.sentences(endings) + foreign.unknown(endings)
    if told:
        return UserError(
            "data.foreign_only", path=str(path), noun=registry.kinds(), why=" ".join(told)
        )
    return UserError("data.empty", path=str(path), noun=registry.kinds())


def _on_request(modality: Modality, name: str) -> bool:
    return f"*{extension(name)}" in modality.patterns_on_request


def _names(path: Path) -> Iterator[str]:
    """The files at ``path``, from there; a file itself is an empty name's."""
    if path.is_dir():
        for folder in Walk(path):
            yield from (joined(folder.path, name) for name in folder.files)
    elif is_zip(path):
        yield from unzip.names(path)
    elif path.is_file() or archives.is_pattern(path):
        yield path.name


def _may_be_table(source: Path, name: str) -> bool:
    """Whether a file is a table, as far as can be told: nothing in a zip is opened."""
    if extension(name) not in table_files.SUFFIXES:
        return False
    return not source.is_dir() or table_files.is_table(source / name)


def _of_table(source: Path, name: str) -> str:
    owners = Counter(known.key for cell in _cells(source, name) if (known := owner(cell)))
    if owners:
        return owners.most_common(1)[0][0]
    if not source.is_dir():
        beside: dict[str, list[str]] = {m.key: [] for m in registry.MODALITIES if not m.tables}
        for path in below_folder_of(source):
            if (known := owner(path)) and known.key in beside:
                beside[known.key].append(path)
        for key, paths in beside.items():
            if names_files_of(source, paths):
                return key
    of_rows = (modality.key for modality in registry.MODALITIES if modality.tables)
    return next(of_rows, registry.MODALITIES[0].key)


def _cells(source: Path, name: str) -> Iterable[str]:
    """The cells of the first rows that may be names of files."""
    table = source / name if source.is_dir() else source
    try:
        rows = itertools.islice(table_files.read(table).rows.values(), ROWS)
    except (OSError, UserError):  # in a zip, or no table at all; told where it is scanned
        return ()
    return (cell.strip() for row in rows for cell in row if len(cell) < MAX_NAME)
