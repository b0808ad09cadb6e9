"""How alike other data are to the data at hand, once compared: it is remembered in the cache, and
holds as long as neither of them, nor the backbone, changes.

That is told by the paths, labels and sizes of the files, so that nothing is read to know it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import Companion
from transfergui.core.figures.closeness import NEAREST, Closeness
from transfergui.core.figures.label_agreement import LabelAgreement

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Plan

VERSION = 1
"""Of what is compared, and how: another one is compared again."""
DECIMALS = 2
"""Of the energy coefficient, as it is shown."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """As of :class:`transfergui.core.app.suitability.Suitability`."""

    closeness: Closeness
    under: str
    labels: LabelAgreement | None = None


def remembered(plan: Plan, other: Companion) -> Compared | None:
    """What was found when the same were compared; None where they were not."""
    with contextlib.suppress(UserError):
        return records.read(_place(plan, other), Compared)
    return None


def keep(plan: Plan, other: Companion, found: Compared) -> None:
    """Remember it; a full disk loses no more than that."""
    with contextlib.suppress(OSError):
        place = _place(plan, other)
        place.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomic(place, json.dumps(msgspec.to_builtins(found)))


def nearer_than(one: Compared, other: Compared) -> bool:
    """Whether one is clearly nearer to one's own data than the other: by the word, and beyond what
    a classifier tells apart, by how far they lie."""
    first, second = (NEAREST.index(each.closeness.word) for each in (one, other))
    if first != second or one.closeness.word not in ("somewhat", "unlike"):
        return first < second and other.closeness.word != "unclear"
    near, far = (round(each.closeness.energy or 0.0, DECIMALS) for each in (one, other))
    return near < far


def _place(plan: Plan, other: Companion) -> Path:
    digest = hashlib.blake2b(digest_size=16)

    def add(*told: object) -> None:
        digest.update("\0".join(map(str, told)).encode("utf-8", "surrogateescape"))
        digest.update(b"\1")

    def add_all(samples: Iterable[Sample]) -> None:
        for sample in samples:
            add(sample.path, sample.label, sample.size)
        add()

    split = plan.split
    add(VERSION, plan.modality.key, plan.backbone.key, plan.weights, plan.input)
    add(split.root, other.root, other.role)
    for samples in (split.train, split.val, split.test, other.samples):
        add_all(samples)
    return paths.cache_dir() / "compared" / f"{digest.hexdigest()}.json"
