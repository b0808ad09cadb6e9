"""What class numbers and codes are called, by a list that lies beside the data.

People keep ``0`` to ``42`` beside ``signnames.csv``, ``n02085620`` beside ``words.txt``, ``1`` to
``102`` beside ``cat_to_name.json``, ``1`` to ``4`` beside ``classes.txt``. A list is used where it
has a name for every class of the data, and each class another one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data import labels
from transfergui.core.data.dataset import NO_GROUP, DataOptions, Problem, natural_order
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.reading.files.lookup import LEADS_OUT
from transfergui.core.reading.files.walk import RUN
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.marks import class_numbers
from transfergui.core.reading.names.words import words
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables import table_files

OPTION = "class_names"
SETTING = f"data.options.{OPTION}"
KEEP = NO_GROUP
"""The answer that keeps the numbers."""
CODE = re.compile(r"[+-]?\d+([.,]0*)?|[^\W\d]{1,12}[ _-]?\d+|/[mgt]/\w+")
"""A class that is a number or a code, as in ``n02085620``, ``c3``, ``class_7``; ``/m/0bt9lr`` of
Open Images."""
LINE = re.compile(r"\s*(\S+?)\s*(?:[,;:=\t]|\s)\s*(\S.*?)\s*")
"""``0 Stop``, ``n02085620: Chihuahua``."""
ROW = re.compile(r"[\d\s.,;eE+-]+")
"""Numbers, which are no name."""
TEXTS, JSON, YAML = (".txt", ".names"), ".json", (".yaml", ".yml")
RECORD, SAID = "dataset.json", {"objective", "predicted"}
"""The file beside tars that says what is predicted, and its fields that do
(:mod:`transfergui.core.reading.sources.shard_fields`)."""
CARD = "readme.md"
HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n---", re.DOTALL)
"""The YAML at the beginning of a README.md."""
CARD_NAMES = re.compile(
    r"- name:[ \t]*(\S+)[ \t]*\r?\n(?:(?![ \t]*- name:).*\n)*?"
    r"[ \t]*class_label:[ \t]*\r?\n[ \t]*names:[ \t]*\r?\n"
    r"(([ \t]*)(?:-|['\"]?\d+['\"]?[ \t]*:).*(?:\n\3(?:-|['\"]?\d+['\"]?[ \t]*:).*)*)"
)
"""In it, a column and the lines that name its classes."""
CARD_NAME = re.compile(r"^[ \t]*(?:-|(['\"]?\d+['\"]?)[ \t]*:)[ \t]+(.*?)[ \t]*\r?$", re.MULTILINE)
"""``'0': cat``, or ``- cat``."""
NAMING = frozenset(
    ("class", "classes", "label", "labels", "name", "names", "category", "categories", "synset")
)
"""Words in the names of files whose lines are classes in their order."""
MAX_BYTES = 2_000_000
MAX_FOLDERS = 50
MAX_FILES = 200
MANY_ROWS, FEW_ROWS = 10, 50
"""So many rows per class, and so many more, a table may have whose numbers are classes."""
LONGEST = 200
"""Characters of a name."""
WORDS = 8
"""So many words of names, on average, are sentences: examples, not classes."""
EXAMPLES = 3
UNUSED = ("data.table_unmatched", "data.table_unused", "data.table_unlabelled")
"""Notes that a table is not used, which are not true of one that names the classes."""


class ClassList(NamedTuple):
    """What one list calls the classes.

    Attributes:
        key: what the option calls it: the file, with what of it is meant where that is open.
        file: relative to the root of the data.
        names: by class.
    """

    key: str
    file: str
    names: Mapping[str, str]

    @property
    def examples(self) -> str:
        """``0 = Stop, 1 = Yield, 2 = No entry, …``"""
        shown = [f"{code} = {self.names[code]}" for code in natural_order(self.names)[:EXAMPLES]]
        return comma_list(shown) + (", …" if len(self.names) > EXAMPLES else "")


def apply(listing: Listing, options: DataOptions) -> None:
    """Call the classes of ``listing`` as a list beside the data does, where they are only numbers
    or codes; noted, and kept as the option ``class_names``.

    Raises:
        Question: ``data.class_names``: there are several lists, or a list can be counted from
            0 or from 1.
        UserError: ``data.unknown_class_names``: the option names no list that fits.
    """
    asked = str(options.options.get(OPTION) or "")
    codes = sorted(listing.classes)
    _require_there(asked, listing.root, codes, options.path)
    if not (codes and all(CODE.fullmatch(labels.tidy(code)) for code in codes)):
        return
    found = [each for each in find(listing.root, codes) if each.file not in _data(listing)]
    if asked == KEEP or not (found or asked):
        if found:
            _show(listing, KEEP, found)
        return
    chosen = _chosen(asked, found, options.path)
    _show(listing, chosen.key, found)
    listing.classes = [chosen.names[code] for code in listing.classes]
    unused = (p for p in listing.problems if p.path != chosen.file or p.code not in UNUSED)
    unused = (p for p in unused if p.code != "data.box_unknown_class" or p.path not in codes)
    listing.problems = list(unused)
    values = {"count": len(codes), "names": chosen.examples}
    listing.problems.append(
        Problem("data.class_names_used", values, path=chosen.file, left_out=False)
    )


def _data(listing: Listing) -> set[str]:
    """Tables that hold the samples: the numbers of their rows are no classes."""
    parts = {FilePart.parse(sample.path).file for sample in listing.samples if is_part(sample.path)}
    return parts | {str(listing.chosen.get("table", ""))}


def _require_there(asked: str, root: Path, codes: Sequence[str], path: str) -> None:
    """
    Raises:
        UserError: ``data.unknown_class_names``: there is no file that the option may mean.
    """
    files = (asked, asked.rpartition(":")[0])  # or a part of one
    inside = (name for name in files if name and not LEADS_OUT.match(name))
    if asked not in ("", KEEP) and not any((root / name).is_file() for name in inside):
        raise _unknown(asked, find(root, codes), path)


def _chosen(asked: str, found: Sequence[ClassList], path: str) -> ClassList:
    for each in found:
        if each.key == asked:
            return each
    if asked:
        raise _unknown(asked, found, path)
    if any(each.names != found[0].names for each in found):
        choices = _choices(found)
        raise Question(
            "data.class_names", setting=SETTING, choices=choices, guess=found[0].key, path=path
        )
    return found[0]


def _unknown(asked: str, found: Sequence[ClassList], path: str) -> UserError:
    known = comma_list(each.key for each in found) or "-"
    return UserError("data.unknown_class_names", path=path, name=asked, found=known)


def _show(listing: Listing, chosen: str, found: Sequence[ClassList]) -> None:
    listing.chosen[OPTION] = chosen
    listing.choices[OPTION] = _choices(found)


def _choices(found: Sequence[ClassList]) -> dict[str, str]:
    listed = {each.key: f"{each.file}: {each.examples}" for each in found}
    return listed | {KEEP: _("Keep the numbers.")}


def find(root: Path, codes: Sequence[str]) -> list[ClassList]:
    """The lists near ``root`` that name every one of the ``codes``, nearest first."""
    found: dict[str, ClassList] = {}
    for file in _files(root, set(codes)):
        for part, names in _read(root / file, codes):
            fitting = _fitting(names, codes)
            if fitting:
                key = f"{file}:{part}" if part else file
                found.setdefault(key, ClassList(key, file, fitting))
    return list(found.values())


def _files(root: Path, classes: set[str]) -> list[str]:
    """Small files in ``root`` and in the folders in it that are neither classes nor runs."""
    own, below = [], []
    for entry in _entries(root):
        if entry.is_dir():
            below += [entry.name] if entry.name not in classes else []
        elif _may_list(entry):
            own.append(entry.name)
    found = sorted(own)
    for folder in sorted(below)[:MAX_FOLDERS]:
        inside = [each for each in _entries(root / folder) if not each.is_dir()]
        if RUN.issubset(each.name for each in inside):  # its predictions.csv is no list
            continue
        found += sorted(f"{folder}/{each.name}" for each in inside if _may_list(each))
    return found[:MAX_FILES]


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if not entry.name.startswith("."))
    except OSError:  # told where the data are listed
        return


def _may_list(entry: os.DirEntry[str]) -> bool:
    ending = Path(entry.name).suffix.lower()
    if (
        entry.name.lower() != CARD
        and ending not in table_files.SUFFIXES
        and ending not in (*TEXTS, JSON, *YAML)
    ):
        return False
    try:
        return entry.is_file() and 0 < entry.stat().st_size <= MAX_BYTES
    except OSError:
        return False


def _fitting(names: Mapping[str, str], codes: Sequence[str]) -> dict[str, str]:
    """The names of just the ``codes``; nothing where one lacks a name, or two have the same."""
    by_value = {_value(code): name.strip() for code, name in names.items()}
    found = {code: by_value.get(_value(code), "") for code in codes}
    good = all(0 < len(name) <= LONGEST for name in found.values())
    others = any(name != code for code, name in found.items())
    numbers = all(map(str.isdecimal, found.values()))
    different = len(set(found.values())) == len(found)
    good = good and sum(len(name.split()) for name in found.values()) <= WORDS * len(found)
    rows = all(map(ROW.fullmatch, found.values()))  # those of boxes
    return found if good and others and not numbers and not rows and different else {}


def _value(code: str) -> object:
    """Codes that are the same to a person are equal: ``7``, ``07``, ``7.0``."""
    text = labels.tidy(code)
    return Decimal(text.replace(",", ".")) if labels.NUMBER.fullmatch(text) else text.casefold()


# -- one file


def _read(path: Path, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What a file may call the classes; with a word for each where it can be read in two ways."""
    ending = path.suffix.lower()
    if path.name.lower() == CARD:
        yield from _of_card(path, codes)
    elif ending in (*TEXTS, *YAML):
        listed = ending != TEXTS[0] or _called_names(path)
        yield from _of_lines(class_numbers.listed_names(path), codes, listed)
    elif ending == JSON:
        yield from _of_json(path, codes)
    if ending in table_files.SUFFIXES:
        yield from _of_table(path, codes)


def _called_names(path: Path) -> bool:
    return bool(NAMING.intersection(words(path.stem)))


def _of_lines(
    lines: Sequence[str], codes: Sequence[str], listed: bool
) -> Iterator[tuple[str, dict[str, str]]]:
    """Args:
    listed: whether lines may be the classes in their order.
    """
    pairs = [(match[1], match[2]) for line in lines if (match := LINE.fullmatch(line))]
    turned = [(name, code) for code, name in pairs]  # Stop 0
    for by_code in (dict(pairs), dict(turned)):
        once = len(by_code) == len(lines)  # else it lists files with their classes
        if once and _fitting(by_code, codes):
            yield "", by_code
            return
    if listed and len(dict(turned)) in (0, len(pairs)):
        yield from _by_position(lines, codes)


def _by_position(
    names: Sequence[str], codes: Sequence[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Names in the order of their classes, counted from 0 or from 1, as the classes allow."""
    if not all(map(str.isdecimal, codes)) or not codes:
        return
    numbers = sorted(map(int, codes))
    bases = [base for base in (0, 1) if numbers[0] >= base and numbers[-1] < len(names) + base]
    if len(numbers) == len(names):  # all of them are there
        bases = [base for base in bases if numbers[0] == base]
    for base in bases:
        part = str(base) if len(bases) > 1 else ""
        yield part, {str(at): name for at, name in enumerate(names, base)}


def _of_json(path: Path, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        text = path.read_bytes()
        tree = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return
    if path.name == RECORD and isinstance(tree, dict) and tree.keys() >= SAID:
        return  # of tars: it names what is predicted: questions, say
    for each in _nodes(tree):
        if isinstance(each, list):
            listed = len(each) == len(codes) or _called_names(path)
            names = [name for name in each if isinstance(name, str)]
            if listed and len(names) == len(each):
                yield from _by_position(names, codes)
            continue
        named = {code: _last_text(value) for code, value in each.items()}
        yield "", {code: name for code, name in named.items() if name}
        numbered = {str(n): name for name, n in each.items() if isinstance(n, int | str)}
        yield "", numbered
        categories = each.get("categories")  # as COCO has them
        if isinstance(categories, list):
            kinds = [kind for kind in categories if isinstance(kind, dict)]
            yield "", {str(kind.get("id")): str(kind.get("name", "")) for kind in kinds}


def _of_card(path: Path, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Names in the head of a README.md, as the Hugging Face Hub has them for each column of
    classes."""
    try:
        text = path.read_text("utf-8", errors="replace")
    except OSError:
        return
    head = HEAD.match(text)
    found = list(CARD_NAMES.finditer(head[1] if head else ""))
    several = len({match[2] for match in found}) > 1
    for match in found:
        entries = list(CARD_NAME.finditer(match[2]))
        names = [_unquoted(each[2]) for each in entries]
        keys = [_unquoted(each[1] or "") or str(at) for at, each in enumerate(entries)]
        column = match[1] or ""
        yield (column if several else ""), dict(zip(keys, names, strict=True))


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'").strip()


def _nodes(tree: Any, depth: int = 5) -> Iterator[dict[str, Any] | list[Any]]:
    """Lists and objects of a JSON file, the outer ones first."""
    if isinstance(tree, dict | list):
        yield tree
    if isinstance(tree, dict) and depth:
        for value in tree.values():
            yield from _nodes(value, depth - 1)


def _last_text(value: object) -> str:
    """A name, or the last of ``["n02085620", "Chihuahua"]``."""
    if isinstance(value, list) and value:
        value = value[-1]
    return value if isinstance(value, str) else ""


def _of_table(path: Path, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """A column of codes, each once, and one or more of names."""
    try:
        table = table_files.read(path)
    except (OSError, UserError):
        return
    for each in table.sheets.values() or (table,):
        yield from _of_rows(each, codes)


def _of_rows(table: Table, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    header = list(table.keys or table.first)
    rows = list(table.rows.values())
    every = range(table.width)
    columns = [[row[at].strip() if at < len(row) else "" for row in rows] for at in every]
    wanted = {_value(code) for code in codes}
    if all(map(str.isdecimal, codes)) and len(rows) > MANY_ROWS * len(codes) + FEW_ROWS:
        return  # they are numbered
    for key in every:
        values = [_value(cell) for cell in columns[key] if cell]
        if not wanted <= set(values) or len(set(values)) < len(values):
            continue
        found = {at: dict(zip(columns[key], columns[at], strict=True)) for at in every}
        naming = [at for at in found if at != key and _fitting(found[at], codes)]
        for at in naming:
            name = header[at] if at < len(header) else ""
            yield (name or str(at + 1) if len(naming) > 1 else ""), found[at]
        return
