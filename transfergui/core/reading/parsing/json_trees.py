"""Rows in a tree of JSON, in any of the forms that programs write."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from transfergui.core.reading.parsing.cells import MAX_CELL, MOSTLY, padded, plain
from transfergui.core.reading.parsing.headings import names_columns, parts_in
from transfergui.core.reading.parsing.json_entries import (
    are_objects,
    by_question,
    flattened,
    questions,
)
from transfergui.core.reading.parsing.lines import lines_of
from transfergui.core.reading.parsing.refusals import NoTable
from transfergui.core.reading.parsing.table import Table, likeliest_sheet

JSON_ENDINGS = (".json", ".jsonl", ".ndjson")

LIST_DEPTH = 3
"""Objects within each other in which the lists of a JSON file are looked for."""
DETECTION = frozenset(("images", "annotations", "categories", "boxes"))
"""Lists of a JSON file that refer to each other: it holds boxes, as COCO writes them."""
FILE_NAME = re.compile(r"\.\w{1,5}$")
FEWEST_NAMED, NAMED_BY_EACH = 6, 3
"""Keys without the ending of a file are names where there are so many, and so many times more than
different labels in their lists."""
GEOMETRY = {"shapes", "points", "bbox", "box", "bndbox", "boundingBox", "polygon"}
"""Keys of things in a picture."""


def json_object(text: str) -> dict[str, Any] | None:
    """The object that a line of JSON holds; None where it holds none."""
    tree = _json_tree(text) if len(text) <= MAX_CELL else None
    return tree if isinstance(tree, dict) else None


def _json_tree(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def json_table(text: str, encoding: str) -> Table:
    """A row for each entry of a list, or for each line."""
    tree = _json_tree(text)
    entries = _entries(tree)
    if entries and isinstance(entries[0], list):
        cells = (map(plain, entry) for entry in entries if isinstance(entry, list))
        return Table(encoding, {number: list(row) for number, row in enumerate(cells, 1)})
    if entries is not None:
        return _table_of(((n, entry, str(entry)) for n, entry in enumerate(entries, 1)), encoding)
    if isinstance(tree, dict) and (lists := dict(_lists(tree))):
        return likeliest_sheet(
            {name: _list_table(name, list_, encoding) for name, list_ in lists.items()}
        )
    table = _table_of(
        (
            (number, json_object(line.rstrip(",")), line)
            for number, line in enumerate(map(str.strip, lines_of(text)), 1)
            if line not in ("", "[", "]")
        ),
        encoding,
    )
    if tree is None and text.lstrip()[:1] == "[" and not table.rows:
        raise NoTable("tables.no_json")
    nested = isinstance(tree, dict) and any(isinstance(v, dict | list) for v in tree.values())
    if tree is not None and (nested or not table.rows):
        boxes = isinstance(tree, dict) and len(DETECTION.intersection(tree)) > 1
        raise NoTable("tables.of_boxes" if boxes else "tables.no_rows")
    return table


def _list_table(name: str, entries: Sequence[Any], encoding: str) -> Table:
    found = _table_of(((n, entry, str(entry)) for n, entry in enumerate(entries, 1)), encoding)
    return replace(found, sheet=name)


def _lists(
    tree: Mapping[str, Any], path: str = "", depth: int = LIST_DEPTH
) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects in a tree of JSON by their paths; none that hold boxes."""
    if len(DETECTION.intersection(tree)) > 1:
        return
    lists = {name: value for name, value in tree.items() if are_objects(value)}
    if len(lists) > 1 and (parts := _of_parts(lists)):
        yield path or next(iter(lists)), parts
        return
    for name, value in tree.items():
        below = f"{path}.{name}" if path else name
        if name in lists and name not in GEOMETRY and GEOMETRY.isdisjoint(value[0]):
            yield below, value
        elif isinstance(value, dict) and depth > 1:
            yield from _lists(value, below, depth - 1)


def _table_of(entries: Iterable[tuple[int, Any, str]], encoding: str) -> Table:
    """The table of objects with their numbers and how they are written."""
    rows: dict[int, list[str]] = {}
    broken: list[tuple[int, str]] = []
    places: dict[str, None] = {}
    entries = list(entries)
    several = len({name for _n, entry, _w in entries for name in questions(entry)}) > 1
    for number, entry, written in entries:
        if not isinstance(entry, dict):
            broken.append((number, written))
            continue
        flat = flattened(by_question(entry) if several else entry)
        if not flat.keys() <= places.keys():
            places.update(dict.fromkeys(flat))
        rows[number] = [plain(flat.get(key)) for key in places]
    return Table(encoding, padded(rows, len(places)), tuple(places), broken)


def _entries(tree: Any) -> list[Any] | None:
    """The rows in a tree of JSON, in any of the forms that programs write; None where none are."""
    if not isinstance(tree, dict) or not tree:
        return tree if isinstance(tree, list) else None
    if isinstance(tree.get("columns"), list) and isinstance(tree.get("data"), list):
        return [tree["columns"], *tree["data"]]
    return _of_object(tree)


def _of_object(tree: Mapping[str, Any]) -> list[Any] | None:
    values = list(tree.values())
    if rows := _of_files(tree) or _of_files_below(tree):
        return rows
    if all(isinstance(value, list) for value in values):
        return _of_lists(tree)
    if all(isinstance(value, dict) for value in values):
        return _of_objects(tree)
    return None


def _of_files(tree: Mapping[str, Any]) -> list[Any] | None:
    """The rows of files that are named with the label of each, or a list of its labels; or of
    labels that are named with the list of their files."""
    if all(map(_is_value, tree.values())) and all(map(FILE_NAME.search, tree)):
        return [{"path": key, "label": value} for key, value in tree.items()]
    lists = [value for value in tree.values() if isinstance(value, list)]
    cells = [cell for value in lists for cell in value]
    if len(lists) < len(tree) or not cells or not all(isinstance(cell, str) for cell in cells):
        return None
    if all(map(FILE_NAME.search, cells)):
        columns = len(tree) < 2 or names_columns(list(tree)) or any(map(FILE_NAME.search, tree))
        rows = [{"path": cell, "label": key} for key, value in tree.items() for cell in value]
        return None if columns else rows
    if len(tree) >= FEWEST_NAMED and NAMED_BY_EACH * len(set(cells)) <= len(tree):
        return [{"path": key, "label": value} for key, value in tree.items()]
    return None


def _of_files_below(tree: Mapping[str, Any]) -> list[Any] | None:
    """The same of one object in ``tree``, or of one for each part."""
    inner = {name: value for name, value in tree.items() if isinstance(value, dict) and value}
    if any(map(FILE_NAME.search, tree)):
        return None
    found = {name: rows for name, value in inner.items() if (rows := _of_files(value))}
    return _of_parts(found) if found else None


def _is_value(value: Any) -> bool:
    several = value if isinstance(value, list) else [value]
    return all(isinstance(each, str | int | float) for each in several)


def _of_lists(tree: Mapping[str, list[Any]]) -> list[Any] | None:
    """The rows of parts, of classes, or of columns."""
    values = list(tree.values())
    if all(map(_pairs, values)):
        return _of_parts(
            {key: [{"text": t, "label": c} for t, c in pairs] for key, pairs in tree.items()}
        )
    if all(map(are_objects, values)):
        return _of_parts(tree)
    if _of_classes(tree):
        return [{"label": key, "text": text} for key, texts in tree.items() for text in texts]
    if len(set(map(len, values))) == 1 and values[0]:
        return [dict(zip(tree, cells, strict=True)) for cells in zip(*values, strict=True)]
    return None


def _of_classes(tree: Mapping[str, list[Any]]) -> bool:
    """Whether every list holds the texts of a class, which it is called after."""
    cells = [cell for cells in tree.values() for cell in cells]
    if len(tree) < 2 or names_columns(list(tree)) or not all(isinstance(c, str) for c in cells):
        return False
    spoken = all(
        sum(" " in cell for cell in cells) >= MOSTLY * len(cells) for cells in tree.values()
    )
    return spoken and len(set(cells)) > MOSTLY * len(cells)


def _pairs(value: list[Any]) -> bool:
    """Whether a list holds pairs of a text and its class."""
    return bool(value) and all(
        isinstance(each, list) and len(each) == 2 and all(isinstance(cell, str) for cell in each)
        for each in value
    )


def _of_parts(tree: Mapping[str, list[dict[str, Any]]]) -> list[Any] | None:
    """The rows of a list, or of one for each part."""
    if len(tree) == 1:
        return next(iter(tree.values()))
    parts = {name: parts_in(name) for name in tree}
    if all(len(found) == 1 for found in parts.values()):
        return [
            {**entry, "split": next(iter(parts[name]))}
            for name, entries in tree.items()
            for entry in entries
        ]
    return None  # lists that refer to each other, of boxes say


def _of_objects(tree: Mapping[str, dict[str, Any]]) -> list[Any] | None:
    """The rows of columns that name their rows, or of rows that are named."""
    first = next(iter(tree.values()))
    if (
        first
        and all(value.keys() == first.keys() for value in tree.values())
        and all(key.isdecimal() for key in first)
    ):
        return [{name: column[key] for name, column in tree.items()} for key in first]
    scalar = all(
        not isinstance(v, dict) and not are_objects(v)
        for value in tree.values()
        for v in value.values()
    )
    if len(tree) < 2 or not scalar:
        return None
    named = not all(name.isdecimal() for name in tree)
    return [{**({"path": name} if named else {}), **value} for name, value in tree.items()]
