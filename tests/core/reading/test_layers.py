"""The folders of ``core.reading`` are layers: each imports only from those below it."""

import ast
from pathlib import Path

import transfergui.core.reading

PACKAGE = "transfergui.core.reading"
FOLDER = Path(transfergui.core.reading.__file__).parent
LAYERS = ("listings names parsing", "files folders", "marks tables", "classes sources", "")
"""Bottom first; the last are the files beside the folders."""
LEVEL = {name: level for level, row in enumerate(LAYERS) for name in row.split(" ")}


def folder_of(module: str) -> str:
    """``tables`` for ``transfergui.core.reading.tables.rows``, nothing for ``...scanning``."""
    first = module.removeprefix(f"{PACKAGE}.").partition(".")[0]
    return first if (FOLDER / first).is_dir() else ""


def imported(path: Path) -> list[str]:
    """The folders of ``core.reading`` that a file imports from."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    modules = [
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    return [folder_of(module) for module in modules if module.startswith(f"{PACKAGE}.")]


def test_every_folder_has_a_layer() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/__init__.py")}
    assert folders == LEVEL.keys() - {""}


def test_folders_import_from_those_below() -> None:
    wrong = []
    for path in FOLDER.rglob("*.py"):
        own = path.relative_to(FOLDER).parts[0] if path.parent != FOLDER else ""
        wrong += [
            (path.relative_to(FOLDER).as_posix(), name)
            for name in imported(path)
            if name != own and LEVEL[name] >= LEVEL[own]
        ]
    assert wrong == []
