"""Compiles the catalogues: ``<language>/LC_MESSAGES/transfergui.po`` to the ``.mo`` beside it.

Hatchling calls this when the program is installed or a wheel is built (``[tool.hatch.build.hooks]``
in ``pyproject.toml``), the tests when they begin. The ``.mo`` files are not under version control.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent


def compile_all(folder: Path = HERE) -> list[Path]:
    """Write every ``.mo`` file that is missing or older than its ``.po`` file.

    Returns:
        Those that were written.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        for entry in catalogue:  # else a plural without translation would be its singular
            if not isinstance(entry.string, str) and not all(entry.string):
                entry.string = ""
        unfinished = compiled.with_suffix(f".{id(catalogue):x}")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(compiled)  # several processes may do this at once
        written.append(compiled)
    return written


def get_build_hook() -> Any:
    """The class that hatchling looks for; it is imported here as only hatchling needs it."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class CompileCatalogues(BuildHookInterface):
        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            compile_all(Path(self.root) / "resources" / "locale")

    return CompileCatalogues
