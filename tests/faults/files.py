"""What a file of a run or of a package is replaced by, kind by kind."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Fault = Callable[[Path, bytes], object]


def numbers_are(value: Any) -> Fault:
    """Every number of a JSON file; of other files, the value alone."""

    def replace(path: Path, data: bytes) -> None:
        lines = [_line(line, value) for line in data.splitlines()] if _is_log(path) else None
        try:
            text = "\n".join(lines) if lines else json.dumps(_with(json.loads(data), value))
        except ValueError:
            text = json.dumps(value)
        path.write_text(text)

    return replace


def _is_log(path: Path) -> bool:
    return path.suffix == ".jsonl"


def _line(line: bytes, value: Any) -> str:
    return json.dumps(_with(json.loads(line), value)) if line.strip() else ""


def _with(tree: Any, value: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _with(below, value) for key, below in tree.items()}
    if isinstance(tree, list):
        return [_with(below, value) for below in tree]
    return value if isinstance(tree, int | float) and not isinstance(tree, bool) else tree


def deep(path: Path, data: bytes) -> None:
    path.write_text('{"a":' * 100_000 + "1" + "}" * 100_000)


FAULTS: dict[str, Fault] = {
    "gone": lambda path, data: None,
    "nothing": lambda path, data: path.write_bytes(b""),
    "garbage": lambda path, data: path.write_bytes(bytes(range(256)) * 50),
    "half": lambda path, data: path.write_bytes(data[: len(data) // 2]),
    "a list": lambda path, data: path.write_text("[]"),
    "null": lambda path, data: path.write_text("null"),
    "text": numbers_are("text"),
    "NaN": numbers_are(float("nan")),
    "infinity": lambda path, data: path.write_text(_infinite(path, data)),
    "1e308": numbers_are(1e308),
    "-1": numbers_are(-1),
    "10**400": numbers_are(10**400),
    "deep": deep,
    "folder": lambda path, data: path.mkdir(),
    "fifo": lambda path, data: os.mkfifo(path),
}


def _infinite(path: Path, data: bytes) -> str:
    """1e999, which Python's reader takes for infinity without a word."""
    numbers_are("∞")(path, data)
    return path.read_text().replace('"\\u221e"', "1e999")


def put(path: Path, fault: str) -> None:
    """Replace the file at ``path``."""
    data = path.read_bytes()
    path.unlink()
    FAULTS[fault](path, data)


def files_of(folder: Path) -> Iterator[str]:
    """Every file below ``folder``, as seen from there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()
