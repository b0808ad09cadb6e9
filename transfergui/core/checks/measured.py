"""What the modality measures of samples, as columns; measured once while the program runs."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import in_chunks
from transfergui.core.base.progress import Tell
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.properties import Values

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.checks.check import Material
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces import Modality

MOST = 6000
"""Samples that are measured, of more a random choice: 3 to 10 ms each."""
KEPT = 3 * MOST
"""Samples whose values are remembered."""
CHUNK = 8
MAX_LOST = 0.05
"""As of a training: :data:`transfergui.core.training.loaders.MAX_LOST`."""


@dataclass(frozen=True)
class Measured:
    """What was measured.

    Attributes:
        rows: which of the samples, int [M].
        columns: by key, float64 [M] with NaN for what is unknown, or texts [M].
        total: how many samples there are.
        is_sample: whether these are too many to measure them all.
    """

    rows: np.ndarray
    columns: dict[str, np.ndarray]
    total: int
    is_sample: bool = False


def of_material(material: Material, tell: Tell) -> Measured:
    """The samples of a check."""
    plan = material.plan
    return of_samples(material.samples, material.root, plan.modality, plan.input, tell)


def of_samples(
    samples: Sequence[Sample],
    root: Path,
    modality: Modality,
    input: Options,
    tell: Tell,
    most: int = MOST,
) -> Measured:
    """Those samples that can be read; of more than ``most`` a random choice.

    Args:
        tell: called now and then; may raise.

    Raises:
        UserError: ``data.gone``: too many cannot be read any more.
    """
    chosen = np.arange(len(samples))
    if len(samples) > most:
        chosen = np.sort(np.random.default_rng(0).permutation(len(samples))[:most])

    def look(at: int) -> Values | None:
        return _values(root / samples[at].path, modality, input)

    rows, values = [], []
    with contextlib.closing(in_chunks(look, chosen.tolist(), size=CHUNK)) as found:
        for done, (at, each) in enumerate(zip(chosen.tolist(), found, strict=True)):
            tell(done, len(chosen))
            if each is not None:
                rows.append(at)
                values.append(each)
    _require_most(samples, chosen, rows)
    keys = values[0] if values else {}
    columns = {key: np.array([each[key] for each in values]) for key in keys}
    return Measured(np.array(rows, np.int64), columns, len(samples), len(samples) > most)


def _require_most(samples: Sequence[Sample], chosen: np.ndarray, rows: Sequence[int]) -> None:
    """Where a whole disk is gone, nothing is found, which says nothing."""
    lost = np.setdiff1d(chosen, np.array(rows, np.int64))
    if len(lost) > max(1, MAX_LOST * len(chosen)):
        first = samples[int(lost[0])].path
        raise UserError("data.gone", count=len(lost), total=len(chosen), path=first)


# -- remembered

_known: dict[tuple[object, ...], Values | None] = {}
_lock = threading.Lock()


def _values(path: Path, modality: Modality, input: Options) -> Values | None:
    """None where the sample cannot be read."""
    try:
        status = os.stat(FilePart.parse(path).file)  # noqa: PTH116 - a plain string
    except OSError:
        return None
    key = (modality.key, str(path), status.st_size, status.st_mtime_ns, input)
    with _lock:
        if key in _known:
            return _known[key]
    try:
        found: Values | None = modality.measure(path, input)
    except UserError:  # the scan, or the training, tells it
        found = None
    with _lock:
        if len(_known) >= KEPT:
            _known.clear()
        _known[key] = found
    return found
