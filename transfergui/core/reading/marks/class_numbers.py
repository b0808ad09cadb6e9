"""What the numbers of classes mean: ``data.yaml``, ``classes.txt``, ``obj.names``, ``notes.json``.

In YAML, the names are a list or pairs of a number and a name, in one line or in several.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.marks.picture_files import decoded

YAML = (".yaml", ".yml")
LISTS = (".names", "classes.txt", "labels.txt")
"""How files end whose lines are the names of classes in their order."""
NOTES = "notes.json"
"""Beside YOLO files of Label Studio; with the categories as COCO has them."""
MAX_BYTES = 2_000_000

KEY = re.compile(r"^names[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
FOLDERS = re.compile(r"^(train|val|valid|test)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
PARTS: Mapping[str, SplitName] = {"train": "train", "val": "val", "valid": "val", "test": "test"}
LEADING = re.compile(r"^(?:\.{1,2}/|[a-zA-Z]:/|/)+")
ITEM = re.compile(r"\s*-\s+(.*)")
PAIR = re.compile(r"""\s*["']?(\d+)["']?\s*:\s*(.*)""", re.DOTALL)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
CLOSING = {"[": "]", "{": "}"}
NUMBERS = re.compile(r"[\d\s.,;eE+-]+")
"""What is no name, but a row of numbers."""


def numbered_names(root: Path, others: Sequence[str]) -> dict[str, str]:
    """What the numbers of classes mean, by the files that are usually beside; else nothing.

    Args:
        others: files below ``root``; the uppermost that says it is believed.
    """
    for name in sorted(others, key=lambda name: name.count("/")):
        found = names_in(root / name)
        if found and not any(NUMBERS.fullmatch(each) and " " in each for each in found.values()):
            return found
    return {}


def names_in(path: Path) -> dict[str, str]:
    """The names of classes that one file gives to numbers; nothing where it is none of those."""
    last = path.name.lower()
    if last.endswith(YAML):
        return yaml_names(text_of(path))
    if last.endswith(LISTS):
        lines = (line.strip() for line in text_of(path).splitlines())
        return {str(number): line for number, line in enumerate(filter(None, lines))}
    return _noted(path) if last == NOTES else {}


def parts(root: Path, others: Sequence[str], paths: Sequence[str]) -> dict[int, SplitName]:
    """What pictures are for by the folders that a YAML file names: ``val: images/batch2``.

    Args:
        paths: of the pictures, relative to ``root``.
    """
    for name in sorted(others, key=lambda name: name.count("/")):
        text = text_of(root / name) if name.lower().endswith(YAML) else ""
        if KEY.search(text) and (found := _named_parts(text, paths)):
            return found
    return {}


def _named_parts(text: str, paths: Sequence[str]) -> dict[int, SplitName]:
    found: dict[int, SplitName] = {}
    for match in FOLDERS.finditer(text):
        part = PARTS[match[1]]
        rows = _parts(match[2]) if match[2].startswith("[") else [match[2], *_items(text, match)]
        for row in filter(None, map(_scalar, rows)):
            folder = "/" + LEADING.sub("", row.replace("\\", "/")).strip("/").lower() + "/"
            inside = [at for at, path in enumerate(paths) if folder in f"/{path}".lower()]
            found |= {at: part for at in inside if at not in found}
    return found


def _items(text: str, match: re.Match[str]) -> list[str]:
    """The items of a list below a key."""
    rows = map(ITEM.fullmatch, () if match[2].strip() else _block(text[match.end() :]))
    return [row[1] for row in rows if row]


def listed_names(path: Path) -> list[str]:
    """The names of classes in a YAML file by their numbers, or the lines of another."""
    text = text_of(path)
    if path.suffix.lower() in YAML:
        found = yaml_names(text)
        return [found[number] for number in sorted(found, key=int)]
    return [line.strip() for line in text.splitlines() if line.strip()]


def yaml_names(text: str) -> dict[str, str]:
    """The names under ``names:``, by their numbers."""
    key = KEY.search(text)
    if key is None:
        return {}
    first = key[1][:1]
    if first in CLOSING:
        begin = text.index(first, key.start())
        parts = _parts(text[begin:])
        pairs = [PAIR.fullmatch(part) for part in parts] if first == "{" else []
    else:
        lines = _block(text[key.end() :])
        pairs = [PAIR.fullmatch(line) for line in lines]
        parts = [match[1] for line in lines if (match := ITEM.fullmatch(line))]
    if pairs and all(pairs):
        numbered = [(str(int(pair[1])), pair[2]) for pair in pairs if pair]
    else:
        numbered = [(str(number), part) for number, part in enumerate(parts)]
    return {number: name for number, part in numbered if (name := _scalar(part.strip()))}


def _parts(text: str) -> list[str]:
    """What the commas divide between the bracket at the beginning and its end."""
    end, parts = CLOSING[text[0]], [""]
    quote, escaped, commented = "", False, False
    for before, sign in itertools.pairwise(text):
        if commented:
            commented = sign != "\n"
        elif quote:
            parts[-1] += sign
            quote = "" if sign == quote and not escaped else quote
            escaped = sign == "\\" and quote == '"' and not escaped
        elif sign == end:
            break
        elif sign == ",":
            parts.append("")
        elif sign == "#" and before.isspace():
            commented = True
        else:
            begins = not parts[-1].strip() or parts[-1].rstrip().endswith(":") or before == sign
            quote = sign if sign in "\"'" and begins else ""
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _block(text: str) -> list[str]:
    """The lines below a key that belong to it."""
    found = []
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if not (line[0].isspace() or bare.startswith("- ")):
            break
        found.append(line)
    return found


def _scalar(text: str) -> str:
    """A name as YAML writes it: bare, or in quotes of one kind or the other."""
    quoted = QUOTED.match(text)
    if quoted is None:
        return text.partition(" #")[0].strip()
    if text.startswith("'"):
        return quoted[0][1:-1].replace("''", "'")
    try:
        return str(json.loads(quoted[0]))
    except ValueError:
        return quoted[0][1:-1]


def _noted(path: Path) -> dict[str, str]:
    try:
        tree = json.loads(text_of(path))
    except (ValueError, RecursionError):
        return {}
    kinds = tree.get("categories") if isinstance(tree, dict) else None
    named = [kind for kind in kinds if isinstance(kind, dict)] if isinstance(kinds, list) else []
    return {str(kind.get("id")): str(kind["name"]) for kind in named if kind.get("name")}


def text_of(path: Path) -> str:
    """The text of a small file; empty for others, and where it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return ""
        return decoded(path.read_bytes())
    except OSError:
        return ""
