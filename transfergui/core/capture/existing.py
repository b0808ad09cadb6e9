"""What a folder of classes holds already."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from transfergui.core import registry
from transfergui.core.interfaces.plan import Modality


def counts(root: Path, modality: Modality) -> dict[str, int]:
    """How many files of this kind each class has: each folder in ``root`` is one. Folders that
    cannot be read count as empty.
    """
    found = {}
    for folder in _inside(root):
        if folder.is_dir() and not folder.name.startswith("."):
            found[folder.name] = sum(_is_one(file, modality) for file in _inside(folder))
    return found


def most_frequent(root: Path) -> str:
    """Key of the kind of examples of which the folder holds the most, among those that a device can
    take; empty where it holds none."""
    found = {
        modality.key: sum(counts(root, modality).values())
        for modality in registry.MODALITIES
        if modality.device is not None
    }
    best = max(found, key=lambda key: found[key])
    return best if found[best] else ""


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_one(file: Path, modality: Modality) -> bool:
    name = file.name.lower()
    return any(fnmatch(name, pattern) for pattern in modality.patterns) and file.is_file()
