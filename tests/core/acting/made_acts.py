"""Files with predictions, without a model."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.core.made_answers import FOUND, said_by
from transfergui.core import registry
from transfergui.core.acting.plan import ActOptions, plan
from transfergui.core.acting.steps import Act
from transfergui.core.base import files
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.prediction import Prediction

SURE = {"a": (0.9, 0.1), "b": (0.1, 0.9), "?": (0.55, 0.45)}
"""Answers of a model of the classes a and b; the last one is unsure."""


def model(objective: str = ONE_CLASS, modality: str = "image") -> Any:
    return SimpleNamespace(
        objective=registry.objective(objective),
        found=FOUND[objective],
        modality=registry.modality(modality),
    )


def made(folder: Path, names: Mapping[str, str]) -> list[Prediction]:
    """Files with their own content, and predictions for them.

    Args:
        names: of the files, each with a key of :data:`SURE`.
    """
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 50)
    return [said_by(ONE_CLASS, str(folder / name), SURE[key]) for name, key in names.items()]


def planned(predictions: Sequence[Prediction], to: Path | str = "", **options: Any) -> Act:
    return plan(model(), predictions, ActOptions(to=str(to), **options))


def contents(folder: Path) -> dict[str, str]:
    """The digests of all files below a folder but records, by their names relative to it."""
    return {
        os.fspath(path.relative_to(folder)): files.digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".transfergui-sort-")
    }
