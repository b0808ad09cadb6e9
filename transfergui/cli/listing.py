"""``list``: backbones, strategies, exporters and modalities to choose from."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from transfergui.cli import console
from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.exporters import registry as formats
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.networks.weights import HERE


@dataclass(frozen=True)
class Listing:
    """One kind of thing to choose from: ``rows`` for --json, of which ``columns`` are shown."""

    rows: Callable[[], list[dict[str, Any]]]
    columns: tuple[str, ...]


def show_list(arguments: argparse.Namespace) -> None:
    """``transfergui list KIND [--json]``."""
    listing = LISTS[arguments.kind]
    rows = listing.rows()
    if arguments.json:
        console.document(rows)
    else:
        table = [tuple(_in_a_cell(row[column]) for column in listing.columns) for row in rows]
        console.table(table, listing.columns)


def _in_a_cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _backbones() -> list[dict[str, Any]]:
    """A row for each network; one that serves several modalities is told as in the first."""
    from transfergui.core.networks import weights

    listed: dict[str, dict[str, Any]] = {}
    for modality in registry.MODALITIES:
        rows = modality.backbones()
        states = weights.states(rows)
        for row in rows:
            known = listed.setdefault(row.key, _backbone(modality.key, row, states[row.key]))
            known["modalities"].append(modality.key)
    return list(listed.values())


def _backbone(modality: str, row: Backbone, state: WeightState) -> dict[str, Any]:
    return {
        **msgspec.to_builtins(row),
        "modality": modality,
        "modalities": [],
        "size": row.input.get("size"),
        "weights": state,
        "on_disk": state in HERE,
    }


def _described(rows: tuple[Any, ...], *more: str) -> list[dict[str, Any]]:
    names = ("key", "title", "summary", *more)
    return [
        {n: _(getattr(row, n)) if n in TRANSLATED else getattr(row, n) for n in names}
        for row in rows
    ]


TRANSLATED = ("title", "summary")


def _strategies() -> list[dict[str, Any]]:
    return [
        {**row, "pretrained": strategy.starts_pretrained(strategy.options())}
        for strategy in registry.STRATEGIES
        for row in _described((strategy,), "cost")
    ]


def _exporters() -> list[dict[str, Any]]:
    return _described(formats.EXPORTERS, "suffix")


def _modalities() -> list[dict[str, Any]]:
    return [
        {"key": m.key, "title": _(m.title), "patterns": list(m.patterns)}
        for m in registry.MODALITIES
    ]


LISTS = {
    "backbones": Listing(
        _backbones,
        ("key", "family", "modalities", "params", "size", "download_bytes", "accuracy", "weights"),
    ),
    "strategies": Listing(_strategies, ("key", "summary")),
    "exporters": Listing(_exporters, ("key", "suffix", "summary")),
    "modalities": Listing(_modalities, ("key", "title")),
}
