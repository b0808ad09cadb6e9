"""Tables that say what files are: which column names the files, which the class, split and group.

A table is looked at with the files at hand: the column whose cells are found among them names the
files. They are found with or without ending, in sub-folders, with backslashes, in another case,
above the table, and as folders of files (a row for each patient, say).
"""

from __future__ import annotations

import functools
import itertools
import json
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from transfergui.core.data import labels
from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.reading.files.lookup import LEADS_OUT, MAX_NAME, URL, Lookup, stem
from transfergui.core.reading.folders.levels import counted
from transfergui.core.reading.names.kinds import DATE, kind_of, split_of
from transfergui.core.reading.names.words import SPLIT_WORDS, words
from transfergui.core.reading.parsing import headings
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables import row_notes

PATHS = (
    "path file filename file_name filepath file_path image image_path img img_path image_name "
    "image_id img_id picture audio audio_path slice_file_name fname wav id"
)
LABELS = (
    "label labels class classes class_name classname class_label category target species breed "
    "diagnosis dx disease finding genre emotion dialect variety grade type kind y "
    "klasse kategorie beurteilung befund diagnose sorte etikett etiquette étiquette classe "
    "catégorie espèce etiqueta clase categoría categoria especie etichetta specie diagnosi klasa "
    "histology histologie histología result outcome ergebnis resultado esito výsledek druh třída "
    "diagnóza rozpoznanie kategoria gatunek typ tipo rodzaj sort art ocena jakość zustand qualität "
    "fehler fehlerart defekt defect oordeel bewertung "
    "valutazione класс категория метка klass soort 类别 分类 标签 "
    "クラス ラベル"
)
AMBIGUOUS = labels.word_set("kind type typ tipo art sort genre klasse classe klasa clase y")
"""Names of columns of classes that mean other things, too: a child, a school class, a gender."""
KINDS = "type kind class category klasse kategorie soort typ tipo rodzaj sort art classe clase"
"""First words of the names of such columns: ``type of wood``, ``soort wond``."""
SPLITS = "split set subset usage partition phase"
GROUPS = (
    "group patient subject speaker person participant individual lesion specimen source "
    "session recording video src_file fsid clip_source site camera scanner location farm plot "
    "slide series observer user client fold"
)
BOXES = (
    {"region_shape_attributes"},
    {"xmin", "ymin", "xmax", "ymax"},
    {"x1", "y1", "x2", "y2"},
    {"bbox"},
    {"rectanglelabels"},
    {"polygonlabels"},
    {"brushlabels"},
    {"keypointlabels"},
    {"ellipselabels"},
    {"x_min", "y_min"},
)
"""Names of columns of which a table of boxes has all of one set."""
SPANS = tuple(
    {f"{one}{unit}", f"{other}{unit}"}
    for one, other in (
        ("start", "end"),
        ("start_time", "end_time"),
        ("begin", "end"),
        ("begin_time", "end_time"),
        ("onset", "offset"),
        ("tmin", "tmax"),
    )
    for unit in ("", "_s", "_(s)", "_seconds", "_sec", "_ms")
)
"""The same of a table with a row for each thing that is heard in a recording."""

DECLARED = 4
"""So many of the first names of groups are meant so even where no value comes twice."""
FILE_WORDS = (
    "foto fotos bild datei dateiname pfad image images img file filename photo picture pic path "
    "fichier archivo imagen audio sound wav clip aufnahme recording enregistrement grabacion"
)
"""Words in the names of columns that name files, whatever else there is."""
GROUP_WORD = re.compile(
    r"(pat|patient|patienten|patientin|subject|subj|proband|probanden|speaker|sprecher|person|"
    r"participant|teilnehmer|client|individu|individual|participante|paciente|paziente|pacient|"
    r"pacjent|patientin|pupil|student|learner|alunno|alunna|alumno|alumna|aluno|aluna|schuler|"
    r"schulerin|eleve|apprenant|uczen|zak|leerling|elev|oppilas|sujet|soggetto|sujeto|osoba|"
    r"persona|personne|locuteur|hablante|parlante|falante|mowca|mluvci|spreker|talare|deelnemer|"
    r"singer|sanger|sangerin|cantante|chanteur|volunteer|voluntario|probandin|versuchsperson)"
    r"(id|ids|nummer|nr|no|code|number)?"
)
"""The first word in the name of a column that says who or what several files are of."""
IDENTIFYING = frozenset(("id", "ids", "nr", "no", "nummer", "number", "code", "name", "n"))
"""Words that may follow it."""
FOLD = re.compile(r"k?folds?|split|cv")
LAST = 100
"""How likely a column is a group that is only called like a fold."""
BETWEEN_FILES = re.compile(r"[;,|\n]")
"""What stands between several names of files in one cell."""
NO_LABEL = frozenset(
    {"", "-", "--", "nan", "?", "??", "???", "n/a", "#n/a", "null", "n/d", "n.d.", "k.a.", "k. a.",
     "s/d", "s.d.", "b/d", "b.d.", "tbd", "tbc"}
)  # fmt: skip
"""An empty cell, what pandas writes for one, and what people write who do not know."""
CROSSES = frozenset({"x", "✓", "✔", "×"})
"""Marks that people put into one of several columns."""
DECIMAL = re.compile(r"-?\d+,00?")
"""A whole number with a decimal comma."""
FEW_MARKS = 4
"""So many columns that are a class each are all in the name of the column that they make."""
FEWEST_PEOPLE, LONGEST = 4, 40
"""Different values of a column that may say who samples are of, and characters of each."""
MARKED = 0.8
"""Rows with one mark, of columns that are a class each beside others that may tell classes."""
UNMARKED = frozenset({"", "-", "–", "—"})
SIDES = labels.word_set(
    "left right l r li re links rechts gauche droite g d izq dcha der izquierda derecha esq dir "
    "esquerda direita sx dx sinistra destra lewa prawa vasen oikea venstre hoyre vanster hoger"
)
"""Of what there are two: rather an attribute than the class."""
SEXES = frozenset(
    [
        "m",
        "f",
        "w",
        "v",
        "k",
        "d",
        "male",
        "female",
        "man",
        "woman",
        "männlich",
        "weiblich",
        "mann",
        "frau",
        "h",
        "homme",
        "femme",
        "hombre",
        "mujer",
        "masculino",
        "feminino",
        "femenino",
        "muž",
        "žena",
        "mężczyzna",
        "kobieta",
        "uomo",
        "donna",
        "vrouw",
        "男",
        "女",
    ]
)
"""What tells people apart, and is hardly ever what is to be recognised."""
MAX_CLASSES = 1000
MOST_NUMBERS = 12
"""More different numbers are measurements, or count something."""
STEPS, OFTEN = 9, 5
"""So many numbers with decimals may be the steps of a rating, where each comes so often."""
MAX_LABEL = 60
"""Characters; a column with longer cells is called classes only where its name says so."""
TELLING = 0.8
"""The share of different cells in a column of names without endings."""
NAMED_BY = 0.3
"""The share of cells that must be found among the files for a column to name files."""


# -- columns


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

    @property
    def labelled(self) -> bool:
        """Whether the table tells classes at all."""
        return self.path is not None and (self.label is not None or bool(self.hot))

    def name(self, place: int | None) -> str:
        return "" if place is None else self.names[place]


def columns(table: Table, lookup: Lookup, wanted: Wanted = NOTHING) -> Columns:
    """What each column of ``table`` holds, by the files at hand, its names and its cells."""
    header = table.keys is not None or not any(
        lookup.might_be(cell) for cell in table.first if _may_name(cell)
    )
    named = [name.strip() for name in (table.keys or (table.first if header else ()))]
    width = table.width
    names = headings.names_of(named, width)
    cells = _Cells(body_of(table, header), width)
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
    left = [at for at in left if at != group and not FOLD.fullmatch(_key(names[at]))]
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
    keys = {_key(part) for name in names for part in name.split(".")}
    spans = any(kind <= keys for kind in SPANS) and _again(cells, path)
    found = replace(found, spans=spans, boxes=spans or any(kind <= keys for kind in BOXES))
    return _with_labels(found, cells, left, given.get("label"), wanted.label in names)


def says_times(where: Columns) -> bool:
    """Whether a table has columns for the begin and the end of something in recordings."""
    keys = {_key(part) for name in where.names for part in name.split(".")}
    return where.boxes or any(kind <= keys for kind in SPANS)


def _again(cells: _Cells, path: int | None) -> bool:
    """Whether the rows name files several times: a row for each thing that is in them."""
    return path is not None and len(cells.kinds(path)) <= TELLING * len(cells.filled(path))


def dividing(
    table: Table, header: bool, other_than: Collection[int | None], group: int | None = None
) -> list[int]:
    """The columns that may be classes by what stands in them, the likeliest first.

    Args:
        header: whether the first row names the columns.
        other_than: columns that are known to be something else.
        group: the column that is called like a group. Where no other one tells classes in words,
            it may be what is to be learned: the author of a text, the speaker.
    """
    cells = _Cells(body_of(table, header), table.width)
    left = [at for at in range(table.width) if at not in (*other_than, group)]
    found = _told_apart(cells, _likeliest(cells, [at for at in left if _divides(cells, at)]))
    worded = any(not all(map(_number, cells.kinds(at))) for at in found)
    if group is not None and not worded and _divides(cells, group):
        found.append(group)
    return found


def with_marks(table: Table) -> Table:
    """A table with one more column, where several columns are a class each, of which nearly every
    row marks one: the class of each row. The column is called by the others: ``books | films``."""
    columns = table.columns()
    if table.marks or not columns.header or columns.labelled:
        return table
    cells = _Cells(body_of(table, columns.header), table.width)
    others = (columns.text, columns.split, columns.group)
    hot = _hot(cells, [at for at in range(table.width) if at not in others])
    if not hot or not _one_each(cells, hot):
        return table
    names = [columns.names[at] for at in hot]
    called = " | ".join(names) if len(names) <= FEW_MARKS else f"{names[0]} … {names[-1]}"
    rows = dict(table.rows)
    for number in table.below(columns.header):
        row = [*rows[number], *[""] * (table.width - len(rows[number]))]
        said = [name for at, name in zip(hot, names, strict=True) if is_marked(row[at])]
        rows[number] = [*row, json.dumps(said) if len(said) > 1 else "".join(said)]
    if table.keys is None:
        rows |= {number: [*rows[number], called] for number in table.headers()}
    keys = table.keys and (*table.keys, called)
    width = table.width + 1
    return replace(table, rows=rows, keys=keys, divided=width, marks=called, _found={})


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
    cells = _Cells(body_of(table, header), table.width)
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
    return some and max(map(len, kinds)) <= LONGEST and not all(map(_number, kinds))


def body_of(table: Table, header: bool) -> list[list[str]]:
    """The rows that are looked at, without the one that names the columns."""
    return table.sampled if header and table.keys is None else [table.first, *table.sampled]


def _likeliest(cells: _Cells, columns: Iterable[int]) -> list[int]:
    """Those whose names say nothing: a few classes are likelier than many, yes and no are not."""

    def unlikely(at: int) -> tuple[bool, bool, int]:
        kinds = {kind.lower() for kind in cells.kinds(at)}
        attribute = kinds <= SEXES or kinds <= SIDES
        return attribute, all(map(_is_mark, kinds)), len(set(map(labels.loosely, kinds)))

    return sorted(columns, key=unlikely)


def plain_cell(cell: str) -> str:
    """What a cell says; of JSON objects the words: ``a|b`` of ``{"choices": ["a", "b"]}``."""
    cell = cell.strip()
    if not cell.startswith("{"):
        return cell
    try:
        tree = json.loads(cell)
    except (ValueError, RecursionError):
        return cell
    return "|".join(_strings(tree))


def _strings(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for each in tree.values() if isinstance(tree, dict) else tree:
            yield from _strings(each)


class _Cells:
    """Some rows of a table, by column."""

    def __init__(self, body: Iterable[Sequence[str]], width: int) -> None:
        self.rows = [[*row[:width], *[""] * (width - len(row))] for row in body]
        self.columns = [[plain_cell(row[at]) for row in self.rows] for at in range(width)]

    def filled(self, column: int) -> list[str]:
        return [cell for cell in self.columns[column] if cell.lower() not in NO_LABEL]

    def kinds(self, column: int) -> set[str]:
        return set(self.filled(column))


def _key(name: str) -> str:
    """``patient_id`` for ``Patient ID`` and ``text`` for ``data.text``, as columns are compared."""
    return re.sub(r"[\s\-]+", "_", name.rpartition(".")[2].strip().lower())


def _alias(name: str, aliases: str) -> int | None:
    """How likely a column of this name is what the ``aliases`` mean, the smaller the likelier."""
    key, known = _key(name), aliases.split()
    short = re.sub(r"_?(id|ids|no|nr|number|name)$", "", key)
    last = key.rpartition("_")[2] if len(key.rpartition("_")[2]) > 1 else ""  # utm_y is no y
    return next((known.index(each) for each in (key, short, last) if each in known), None)


def _label_rank(name: str) -> int | None:
    """How likely a column of this name tells classes; also by its first word, as ``type of wood``
    does."""
    rank = _alias(name, LABELS)
    first, *others = words(name) or [""]
    known = LABELS.split()
    return known.index(first) if rank is None and others and first in KINDS.split() else rank


def _may_name(cell: str) -> bool:
    return 0 < len(cell) <= MAX_NAME


def _path_column(
    cells: _Cells, names: Sequence[str], lookup: Lookup, given: int | None
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
        and _label_rank(names[at]) is None
    ]
    if nested:
        return max(nested, key=lambda at: folders[at].distinct), "folder"
    if given is not None:
        return given, "file"
    aliased = {at: rank for at in every if (rank := _alias(names[at], PATHS)) is not None}
    some = {at: rank for at, rank in aliased.items() if files[at].distinct} or aliased
    return min(some, key=some.__getitem__, default=None), "file"


def _called_a_file(name: str) -> bool:
    """Whether the name of a column says that it names files."""
    return any(word in FILE_WORDS.split() for word in words(name))


def _may_be_names(cells: _Cells, names: Sequence[str], at: int) -> bool:
    """Whether a column whose cells are found may name files: ages are found among ``0.jpg`` ...
    as well, but come again and again."""
    filled = cells.filled(at)
    called = _called_a_file(names[at])
    ending = any(stem(cell) != cell for cell in filled)
    return called or ending or len(set(filled)) >= TELLING * len(filled)


def _names_well(
    cells: _Cells, names: Sequence[str], files: Mapping[int, _Found], at: int
) -> tuple[bool, bool, int, int]:
    """How surely a column names files: by its name, by endings, by how many it tells apart."""
    called = _called_a_file(names[at])
    ending = sum(stem(cell) != cell for cell in cells.filled(at)) > len(cells.rows) / 2
    return called, ending, files[at].distinct, -at


class _Found(NamedTuple):
    """How much of a column is found among the files: the share of its cells, and how many
    different ones."""

    share: float
    distinct: int


def _rival_paths(
    cells: _Cells, names: Sequence[str], lookup: Lookup, path: int | None, by: str
) -> tuple[int, ...]:
    """Columns that name other files than ``path`` in the same rows, and are no less likely."""
    if path is None or by == "folder" or _called_a_file(names[path]):
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
    cells: _Cells, names: Sequence[str], lookup: Lookup, path: int | None, by: str
) -> tuple[int, ...]:
    """Columns beside ``path`` that name other files of the same rows, and are called so, too."""
    if path is None or by == "folder" or not _called_a_file(names[path]):
        return ()
    own = {lookup.file(cell) for cell in cells.filled(path)}
    more = []
    for at in range(len(names)):
        if at == path or not _called_a_file(names[at]):
            continue
        files = {lookup.file(cell) for cell in cells.filled(at)} - {None}
        if len(files - own) > len(cells.filled(at)) / 2:
            more.append(at)
    return tuple(more)


def _joined(cells: _Cells, lookup: Lookup) -> tuple[int | None, int | None]:
    """A column of names, none of which is enough, and the one of their folders."""
    for at in range(len(cells.columns)):
        folder = _within(cells, lookup, at)
        if folder is not None:
            return at, folder
    return None, None


def _within(cells: _Cells, lookup: Lookup, path: int) -> int | None:
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


def _found(cells: _Cells, column: int, holds: Callable[[str], bool]) -> _Found:
    filled = cells.filled(column)
    known = {cell for cell in set(filled) if holds(cell)}
    return _Found(sum(cell in known for cell in filled) / max(1, len(filled)), len(known))


def _split_column(cells: _Cells, names: Sequence[str], left: Sequence[int]) -> int | None:
    """The column that says training, validation or test."""
    for at in left:
        known = [split_value(names[at], cell) for cell in cells.filled(at)]
        if known and sum(each is not None for each in known) >= 0.8 * len(known):
            return at
    aliased = {at: rank for at in left if (rank := _alias(names[at], SPLITS)) is not None}
    textual = {at: r for at, r in aliased.items() if not all(map(_number, cells.filled(at)))}
    return min(textual, key=textual.__getitem__, default=None)


@functools.lru_cache(4096)
def is_marked(cell: str) -> bool:
    """Whether a cell says yes, or has a cross."""
    said = cell.strip().lower()
    return said in CROSSES or labels.holds(said) is True


@functools.lru_cache(4096)
def _is_mark(cell: str) -> bool:
    """Whether a cell says yes or no, or has a cross or none."""
    said = cell.strip().lower()
    return said in CROSSES | UNMARKED or labels.holds(said) is not None


def split_value(column: str, cell: str) -> SplitName | None:
    """The part of the data that a cell means: ``valid``, or ``1`` in a column ``is_train``."""
    marks = [SPLIT_WORDS[word] for word in words(column) if word in SPLIT_WORDS]
    value = cell.strip().lower()
    if len(marks) == 1 and value not in UNMARKED and _is_mark(value):
        other: SplitName = "test" if marks[0] == "train" else "train"
        return marks[0] if is_marked(value) else other
    return split_of(cell) if len(cell) < 40 else None


def _group_column(cells: _Cells, names: Sequence[str], left: Sequence[int]) -> int | None:
    """The column that says which rows belong together."""
    ranks = {}
    for at in left:
        rank = _alias(names[at], GROUPS)
        first = next(iter(words(names[at])), "")
        if rank is None and GROUP_WORD.fullmatch(first) and _identifies(names[at]):
            rank = DECLARED
        if rank is None and FOLD.fullmatch(_key(names[at])):
            rank = LAST
        if rank is None and _label_rank(names[at]) is None and _ends_as_number(names[at]):
            rank = LAST
        repeated = 1 < len(cells.kinds(at)) < len(cells.filled(at))
        if rank is not None and cells.kinds(at) and (repeated or rank < DECLARED):
            ranks[at] = rank
    return min(ranks, key=ranks.__getitem__, default=None)


def _finer(
    cells: _Cells, names: Sequence[str], left: Sequence[int], group: int | None
) -> int | None:
    """Of folds that keep something together, what that is: the column, if any, each value of which
    is in one fold only. It leaves more for the training than whole folds do."""
    if group is None or not FOLD.fullmatch(_key(names[group])):
        return group
    for at in left:
        filled, kinds = cells.filled(at), cells.kinds(at)
        if at == group or _label_rank(names[at]) is not None or len(kinds) > len(filled) / 2:
            continue
        pairs = set(zip(cells.columns[at], cells.columns[group], strict=True))
        if len(cells.kinds(group)) < len(kinds) == len(pairs):
            return at
    return group


def _counted_column(
    cells: _Cells, names: Sequence[str], left: Sequence[int], label: int | None
) -> int | None:
    """A column whose values are only counted (``tree 1``, ``tree 2``), where another may be the
    classes."""
    counting = [
        at
        for at in left
        if _label_rank(names[at]) is None
        and len(cells.kinds(at)) < len(cells.filled(at))
        and counted(cells.kinds(at))
    ]
    others = [at for at in left if at not in counting]
    if label is None and not any(_may_label(cells, names, at) for at in others):
        return None
    return next(iter(counting), None)


def _may_label(cells: _Cells, names: Sequence[str], at: int) -> bool:
    named = _label_rank(names[at]) is not None
    return len(cells.kinds(at)) > 1 and (named or _divides(cells, at))


def _ends_as_number(name: str) -> bool:
    """Whether a column is called as numbers of things are: ``gbifID``, ``Auftrag Nr``."""
    found = words(name)
    return len(found) > 1 and found[-1] in ("id", "ids", "nr", "uuid", "uid")


def _identifies(name: str) -> bool:
    """Whether a column called so tells who it is, and not how old or of which sex."""
    return all(word in IDENTIFYING or GROUP_WORD.fullmatch(word) for word in words(name))


def _with_labels(
    found: Columns, cells: _Cells, left: Sequence[int], given: int | None, chosen: bool
) -> Columns:
    """``found``, with the columns that tell the classes.

    Args:
        given: the one that does, by its place or as the user chose it.
        chosen: whether the user did.
    """
    aliased = sorted(
        (at for at in left if _label_rank(found.names[at]) is not None),
        key=lambda at: _label_rank(found.names[at]) or 0,
    )
    aliased = [at for at in aliased if cells.kinds(at) or not cells.rows]
    telling = [at for at in aliased if len(cells.kinds(at)) > 1]
    aliased = telling or [at for at in aliased if "." not in found.names[at]]  # result.type
    dividing = _likeliest(cells, (at for at in left if _divides(cells, at)))
    every = tuple(dict.fromkeys((*aliased, *dividing)))
    if given is not None:
        unsure = not (chosen or found.header) and bool(dividing)  # path,label,?
        return replace(found, label=given, labels=(given, *every), named=True, sure=not unsure)
    hot = _hot(cells, left) if found.header and not (aliased or found.boxes) else ()
    rivals = [at for at in dividing if at not in hot and not all(map(_number, cells.kinds(at)))]
    if hot and (not rivals or _one_each(cells, hot)):
        return replace(found, hot=hot, labels=every, named=True)
    if aliased and is_ambiguous(found.names[aliased[0]]):
        aliased += [at for at in dividing if at not in aliased and _worded(cells, at)]
    likely = _told_apart(cells, aliased or dividing)
    if not likely:
        return replace(found, labels=every)
    sure = len(likely) == 1
    return replace(found, label=likely[0], labels=every, sure=sure, named=bool(aliased))


def is_ambiguous(name: str) -> bool:
    """Whether a column of classes may be called so, and something else as well."""
    return _key(name) in AMBIGUOUS


def _worded(cells: _Cells, column: int) -> bool:
    return not all(_number(cell) or _is_mark(cell) for cell in cells.kinds(column))


def _divides(cells: _Cells, column: int) -> bool:
    """Whether the cells of a column may be classes: a few values, each of them often."""
    filled, kinds = cells.filled(column), cells.kinds(column)
    different = len(set(map(labels.loosely, kinds)))  # however they are spelt
    if not 2 <= different <= min(MAX_CLASSES, max(2, len(filled) / 2)):
        return False
    if not all(map(_number, kinds)):
        return not all(map(DATE.fullmatch, kinds)) and max(map(len, kinds)) <= MAX_LABEL
    if all(map(_whole, kinds)):
        return len(kinds) <= MOST_NUMBERS
    return len(kinds) <= STEPS and len(filled) >= len(kinds) * OFTEN


def _whole(cell: str) -> bool:
    """Whether a number is none with decimals, which would be a measurement."""
    return float(cell.replace(",", ".")).is_integer()


def _number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _hot(cells: _Cells, left: Sequence[int]) -> tuple[int, ...]:
    """Columns of marks, of which nearly every row has one: classes side by side."""
    marked = [at for at in left if cells.columns[at] and all(map(_is_mark, cells.columns[at]))]
    given = {at: sum(map(is_marked, cells.columns[at])) for at in marked}
    marked = [at for at in marked if len(cells.rows) < 2 or given[at] < len(cells.rows)]
    if sum(given[at] > 0 for at in marked) < 2:
        return ()
    ones = [sum(is_marked(row[at]) for at in marked) for row in cells.rows]
    return tuple(marked) if sum(ones) >= 0.5 * len(ones) else ()


def _one_each(cells: _Cells, hot: Sequence[int]) -> bool:
    """Whether nearly every row has one mark: others are rather things that hold or do not."""
    ones = [sum(is_marked(row[at]) for at in hot) for row in cells.rows]
    return ones.count(1) >= MARKED * len(ones)


def _told_apart(cells: _Cells, candidates: Sequence[int]) -> list[int]:
    """``candidates`` without those that say the same as another one; words before numbers."""
    kept: list[int] = []
    for at in sorted(candidates, key=lambda at: all(map(_number, cells.kinds(at)))):
        if not any(_same_division(cells.columns[at], cells.columns[other]) for other in kept):
            kept.append(at)
    order = list(candidates)
    worded = [at for at in kept if not all(map(_number, cells.kinds(at)))]
    return sorted(kept, key=lambda at: (at not in worded, order.index(at)))


def _same_division(one: Sequence[str], other: Sequence[str]) -> bool:
    alike = [[labels.loosely(cell) for cell in cells] for cells in (one, other)]
    pairs = set(zip(*alike, strict=True))
    return len(pairs) == len(set(alike[0])) == len(set(alike[1]))


def names_files(table: Table, where: Columns, lookup: Lookup, each_once: bool = False) -> bool:
    """Whether some of the rows name files that are there.

    Args:
        each_once: whether every file must be named by one row only.
    """
    if where.path is None:
        return False
    written = [
        _full(table.rows[number], table.cell(number, where.path), where)
        for number in table.below(where.header)
    ]
    files = [at for cell in written if (at := lookup.file(cell)) is not None]
    if where.by == "folder":
        return any(map(lookup.folder, written))
    return len(files) >= NAMED_BY * len(written) and not (
        each_once and len(set(files)) < len(files)
    )


# -- rows


@dataclass
class Labelled:
    """What a table says of files, by their place among all.

    Attributes:
        labels: of each file; for a table of boxes, of everything in it.
        problems: one per reason, with the number of rows; and files with two labels.
        named: files that a row names, whether it can be used or not.
        found: rows that name a file that is there.
        count: rows in all.
    """

    columns: Columns
    labels: dict[int, str] = field(default_factory=dict)
    several: dict[int, set[str]] = field(default_factory=dict)
    splits: dict[int, SplitName] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    named: set[int] = field(default_factory=set)
    found: int = 0
    count: int = 0

    def difference(
        self, at: int, split: SplitName | None, group: str | None
    ) -> tuple[str, dict[str, str]]:
        """What a row says anew that names a file again, as a code and its values."""
        for code, one, other in (
            ("rows.other_split", self.splits.get(at), split),
            ("rows.other_group", self.groups.get(at), group),
        ):
            if one and other and one != other:
                return code, {"one": one, "other": other}
        return "rows.repeated", {}


def read_rows(
    table: Table,
    where: Columns,
    lookup: Lookup,
    name: str,
    paths: Sequence[str],
    default: SplitName | None = None,
) -> Labelled:
    """What the rows of ``table`` say.

    Args:
        name: of the table, as problems call it.
        paths: of the files that ``lookup`` finds.
        default: the split of all rows that say none.
    """
    said = Labelled(where)
    reasons = row_notes.Reasons(name)
    row_notes.count_unread(table, where.header, reasons)
    cells = [table.cell(number, where.label) for number in table.below(where.header)]
    between = separator(list(map(plain_cell, cells)))
    conflicts: dict[int, tuple[str, str]] = {}
    for number in table.below(where.header):
        said.count += 1
        row, written = table.rows[number], table.cell(number, where.path)
        label, why = _label_of(table, number, where, between)
        if not written:
            reasons.count("rows.no_path", number, " ".join(row))
            continue
        if "\0" in written or max(len(written), len(label)) > MAX_NAME:
            reasons.count("rows.broken", number, written)
            continue
        named = files_of_row(row, where, lookup)
        said.found += bool(named)
        said.named.update(named)
        if not named:
            reasons.count(_missing(written), number, written)
            continue
        if why:
            reasons.count(why, number, written)
            continue
        _note(said, named, label, row, where, default, reasons, number, conflicts)
    _split_notes(table, where, reasons)
    for at, (first, second) in conflicts.items():
        said.labels.pop(at, None)
        values = {"first": first, "second": second}
        said.problems.append(Problem("rows.two_labels", paths[at], values=values))
    said.problems = [*row_notes.notes(table, name), *reasons.problems(), *said.problems]
    return said


def _missing(written: str) -> str:
    """Why a name means no file, as a code."""
    if URL.match(written):
        return "rows.url"
    plain = posixpath.normpath(written.replace("\\", "/"))
    return "rows.outside" if LEADS_OUT.match(plain) else "rows.missing"


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def separator(cells: Sequence[str]) -> str:
    """What stands between several labels in one cell (``cat|dog``); empty where none does.

    It does where most of what it separates are labels of other cells, too; a space where all are.
    """
    for mark in "|;,+/&":
        joined = [cell for cell in cells if mark in cell and not DECIMAL.fullmatch(cell)]
        parts = {part.strip() for cell in joined for part in cell.split(mark)} - {""}
        alone = {cell for cell in cells if mark not in cell}
        if parts and len(parts & alone) > len(parts) / 2:
            return mark
        said = sum(len(set(cell.split(mark))) for cell in set(joined))
        if mark != "," and 1 < len(parts) <= said / 2:  # the same ones in other company
            return mark
    spaced = [cell for cell in cells if " " in cell]
    words = {word for cell in spaced for word in cell.split()}
    alone = {cell for cell in cells if " " not in cell}
    return " " if words and words <= alone else ""


def _label_of(table: Table, number: int, where: Columns, between: str = "") -> tuple[str, str]:
    """The class that a row says, or the code of the reason why it says none."""
    if where.hot:
        row = table.rows[number]
        marked = [where.names[at] for at in where.hot if is_marked(_cell(row, at))]
    else:
        marked = [
            plain for each in table.values(number, where.label) if (plain := plain_cell(each))
        ]
        if between and len(marked) == 1:
            marked = [part for part in marked[0].split(between) if part.strip()]
    if len(marked) > 1:
        return "", "rows.several_labels"
    label = marked[0] if marked else ""
    return label, "rows.no_label" if label.lower() in NO_LABEL else ""


def _full(row: Sequence[str], written: str, where: Columns) -> str:
    """A file with the folder that another column names."""
    folder = _cell(row, where.within)
    return f"{folder}/{written}" if folder else written


def files_of_row(row: Sequence[str], where: Columns, lookup: Lookup) -> list[int]:
    """The files that a row is about, by their places."""
    written = [_full(row, _cell(row, where.path), where)]
    written += [_cell(row, at) for at in where.more]
    return list(itertools.chain(*(_files_named(each, where, lookup) for each in written)))


def names_in(cell: str) -> list[str]:
    """What a cell may name: itself, and the parts of a list in it."""
    parts = [part for part in map(str.strip, BETWEEN_FILES.split(cell)) if part]
    return [cell, *parts] if len(parts) > 1 else [cell]


def _files_named(written: str, where: Columns, lookup: Lookup) -> Sequence[int]:
    """The files that a cell names: one, or several as in ``a.jpg; b.jpg``."""
    _whole, *parts = names_in(written)
    several = [_files_of(part, where, lookup) for part in parts]
    if several and all(several):
        return list(itertools.chain(*several))
    return _files_of(written, where, lookup)


def _files_of(written: str, where: Columns, lookup: Lookup) -> Sequence[int]:
    if where.by == "folder":
        return lookup.folder(written)
    at = lookup.file(written)
    return () if at is None else (at,)


def _note(
    said: Labelled,
    files: Sequence[int],
    label: str,
    row: Sequence[str],
    where: Columns,
    default: SplitName | None,
    reasons: row_notes.Reasons,
    number: int,
    conflicts: dict[int, tuple[str, str]],
) -> None:
    """Keep what one row says of its files."""
    written, group = _cell(row, where.path), _cell(row, where.group)
    if where.by == "folder" or len(files) > 1:
        group = group or _whose(written)
    split = split_value(where.name(where.split), _cell(row, where.split)) or default
    for at in files:
        earlier = said.labels.get(at)
        if where.boxes:
            said.several.setdefault(at, set()).add(label)
        elif earlier is not None and earlier != label and not labels.same((earlier, label)):
            conflicts.setdefault(at, (earlier, label))
        elif earlier is not None:
            code, differing = said.difference(at, split, group)
            reasons.count(code, number, written, left_out=False, **differing)
        said.labels.setdefault(at, label)
        if split:
            said.splits.setdefault(at, split)
        if group:
            said.groups.setdefault(at, group)


def _whose(written: str) -> str:
    """Of a path of folders the one of a person, of whom there may be several."""
    parts = written.replace("\\", "/").split("/")
    return next((part for part in parts[:-1] if kind_of(part) == "person"), written)


def _split_notes(table: Table, where: Columns, reasons: row_notes.Reasons) -> None:
    if where.split is None:
        return
    for number in table.below(where.header):
        cell = table.cell(number, where.split)
        if cell and split_value(where.name(where.split), cell) is None:
            reasons.count("rows.split_unknown", number, cell, left_out=False)


def column_of(table: Table, where: Columns, column: int, lookup: Lookup) -> dict[int, str]:
    """What one column says of each file that the table names."""
    found = {}
    for number in table.below(where.header):
        row = table.rows[number]
        cell = _cell(row, column)
        for at in _files_of(_full(row, _cell(row, where.path), where), where, lookup):
            if cell:
                found[at] = cell
    return found


def agreement(one: Mapping[int, str], other: Mapping[int, str]) -> float:
    """The share of files of which two say the same, whatever they call it: 1 where every class
    of one is a class of the other."""
    both = [(one[at], other[at]) for at in one if at in other]
    if not both:
        return 0.0
    forwards: dict[str, Counter[str]] = defaultdict(Counter)
    backwards: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in both:
        forwards[a][b] += 1
        backwards[b][a] += 1
    there = {a: counts.most_common(1)[0][0] for a, counts in forwards.items()}
    back = {b: counts.most_common(1)[0][0] for b, counts in backwards.items()}
    return sum(there[a] == b and back[b] == a for a, b in both) / len(both)
