"""How the classes of shards are called whose labels are numbers: a file beside or in them says."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transfergui.core.reading.sources.shard_index import MOST_NAMES

NUMBER = re.compile(r"-?[0-9]{1,9}")
"""A label that is a number: negative ones name no class."""
NAME_FIELDS = ("classes", "class_names", "classnames", "label_names", "names", "labels")


def names_in(path: Path) -> list[str]:
    """The names of classes in a file, by number; empty where it says none."""
    return names_of(path.name, text_of(path))


def text_of(path: Path) -> str:
    """What stands in a small file; empty where it cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_NAMES:
            return ""
        return path.read_text("utf-8-sig")
    except (OSError, ValueError):
        return ""


def names_of(name: str, text: str) -> list[str]:
    """The same of what stands in a file of this name."""
    if not name.lower().endswith(".json"):
        lines = [line.strip() for line in text.splitlines()]
        while lines and not lines[-1]:
            lines.pop()
        return lines if all(lines) else []
    try:
        return _of_tree(json.loads(text))
    except (ValueError, RecursionError):
        return []


def count_in(name: str, text: str) -> int:
    """How many names a file says, whether they can be used or not: with a blank line among them,
    nobody knows which number each has."""
    if name.lower().endswith(".json"):
        return len(names_of(name, text))
    return sum(bool(line.strip()) for line in text.splitlines())


def _of_tree(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        found = next((tree[field] for field in NAME_FIELDS if field in tree), tree)
        if isinstance(found, dict):
            numbered = {int(k): v for k, v in found.items() if str(k).isdecimal()}
            whole = sorted(numbered) == list(range(len(found)))
            found = [numbered[at] for at in sorted(numbered)] if whole and numbered else []
        tree = found
    fine = isinstance(tree, list) and all(isinstance(each, str) and each.strip() for each in tree)
    return list(tree) if fine else []


def distinct(texts: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """``texts``, the number behind those that two numbers have, as ``crane`` of ImageNet."""
    counts = Counter(texts)
    pairs = zip(texts, numbers, strict=True)
    return [f"{text} ({number})" if counts[text] > 1 else text for text, number in pairs]
