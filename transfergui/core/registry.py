"""What there is to choose from: explicit tuples, looked up by key."""

import difflib
from collections.abc import Sequence
from typing import Protocol, TypeVar

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import TABLES
from transfergui.core.exporters.backbone import BackboneFile
from transfergui.core.exporters.exporter import Exporter
from transfergui.core.exporters.onnx import Onnx
from transfergui.core.exporters.package import Package
from transfergui.core.exporters.pt2 import Pt2
from transfergui.core.interfaces import Backbone, Modality
from transfergui.core.modalities.audio.modality import Audio
from transfergui.core.modalities.image.modality import Image
from transfergui.core.modalities.text.modality import Texts
from transfergui.core.reading.files.walk import extension
from transfergui.core.strategies.distillation import Distillation
from transfergui.core.strategies.feature_extraction import FeatureExtraction
from transfergui.core.strategies.fine_tuning import FineTuning
from transfergui.core.strategies.from_scratch import FromScratch
from transfergui.core.strategies.fusion import Fusion
from transfergui.core.strategies.head_first import HeadFirst
from transfergui.core.strategies.lora import Lora
from transfergui.core.strategies.norm_and_bias import NormAndBias
from transfergui.core.strategies.progressive_unfreezing import ProgressiveUnfreezing
from transfergui.core.strategies.recommended import Recommended
from transfergui.core.strategies.soup import Soup
from transfergui.core.strategies.starting_point import StartingPoint
from transfergui.core.strategies.strategy import Strategy


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=_Keyed)


def _unique(rows: tuple[T, ...]) -> tuple[T, ...]:
    keys = [row.key for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError(f"duplicate keys among {keys}")
    return rows


MODALITIES: tuple[Modality, ...] = _unique((Image(), Audio(), Texts()))
STRATEGIES: tuple[Strategy, ...] = _unique(
    (
        Recommended(),
        FeatureExtraction(),
        FineTuning(),
        HeadFirst(),
        ProgressiveUnfreezing(),
        NormAndBias(),
        Lora(),
        StartingPoint(),
        Fusion(),
        Soup(),
        Distillation(),
        FromScratch(),
    )
)
EXPORTERS: tuple[Exporter, ...] = _unique((Package(), Onnx(), Pt2(), BackboneFile()))


def find(kind: str, rows: Sequence[T], key: str) -> T:
    """The row with this key.

    Raises:
        UserError: ``registry.unknown``, with the nearest keys.
    """
    for row in rows:
        if row.key == key:
            return row
    near = difflib.get_close_matches(key, [row.key for row in rows], n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise UserError("registry.unknown", kind=kind, key=key, hint=hint)


def modality(key: str) -> Modality:
    return find("modality", MODALITIES, key)


def strategy(key: str) -> Strategy:
    return find("strategy", STRATEGIES, key)


def exporter(key: str) -> Exporter:
    return find("export format", EXPORTERS, key)


def backbone(modality: Modality, key: str) -> Backbone:
    """The network with this key, of those for ``modality``.

    Raises:
        UserError: ``registry.unknown``; ``backbone.for_others``: it is for something else.
    """
    rows = modality.backbones()
    if all(row.key != key for row in rows):
        for other in MODALITIES:
            if any(row.key == key for row in other.backbones()):
                values = {"key": key, "noun": modality.many, "others": _(other.many)}
                raise UserError("backbone.for_others", **values)
    return find("backbone", rows, key)


def owner(name: str) -> Modality | None:
    """The modality that looks for files of this name; tables are anybody's."""
    ending = extension(name)
    if not ending or ending in TABLES:
        return None
    return next((m for m in MODALITIES if f"*{ending}" in m.patterns), None)
