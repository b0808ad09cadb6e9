"""What a trained model says about itself, wherever it goes: its card."""

import json
from typing import Any

import msgspec

from transfergui import __version__
from transfergui.core import files
from transfergui.core.errors import UserError
from transfergui.core.recipe import Recipe

FORMAT = 1
"""A file with a higher one was made by a newer program."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``model.json`` in a model package, ``card`` in the metadata of an ONNX file.

    Attributes:
        transfergui: the version that made it.
        input: every input option of the modality.
        recipe: how it was trained, without the folders of the machine that did it.
        metrics: the figures of its report.
        versions: of the libraries that trained it.
        sha256: of the other members of a package, by name.
    """

    format: int = FORMAT
    transfergui: str = __version__
    name: str
    modality: str
    backbone: str
    classes: tuple[str, ...]
    input: dict[str, Any]
    recipe: Recipe
    metrics: dict[str, Any] = {}
    versions: dict[str, str] = {}
    sha256: dict[str, str] = {}

    def to_json(self) -> str:
        """ASCII JSON; undecodable bytes of a class name survive as ``\\udcXX``."""
        return json.dumps(msgspec.to_builtins(self), indent=1) + "\n"


def read(text: str | bytes, origin: str) -> Card:
    """Read a card that may come from anybody.

    Args:
        origin: the file that it is in, for messages.

    Raises:
        UserError: ``model.newer`` or ``model.damaged``.
    """
    try:
        tree = files.parse_json(text)
        _check_version(tree, origin)
        card = msgspec.convert(tree, Card)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise UserError("model.damaged", path=origin, reason=str(error)) from None
    if not card.classes or len(set(card.classes)) != len(card.classes):
        raise UserError("model.damaged", path=origin, reason="its classes are not distinct")
    return card


def _check_version(tree: Any, origin: str) -> None:
    """Before the fields are looked at: a newer card may hold some that are unknown here."""
    found = tree.get("format") if isinstance(tree, dict) else None
    if isinstance(found, int) and found > FORMAT:
        version = str(tree.get("transfergui", "?"))[:40]
        raise UserError("model.newer", path=origin, version=version, own=__version__)
