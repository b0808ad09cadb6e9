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
from transfergui.core.data import unread
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.properties import Value, Values

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.checks.check import Material
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Modality

EACH, EACH_BYTE = 0.002, 8e-9
"""Seconds of the processor that it takes to measure a sample, and each byte of its file: 2 to 3 ms
for a photo of 40 KB, 20 ms for one of 12 megapixels (2.3 MB)."""
SECONDS = 60.0
"""Of the processor, for all samples; of more, a random choice is measured."""
KEPT = 50_000
"""Samples whose values are remembered: 1 KB each."""
CHUNK = 4
"""Samples a thread measures at once: so many of 12 megapixels take a tenth of a second."""
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
        lost: paths of those that should have been measured and cannot be read.
    """

    rows: np.ndarray
    columns: dict[str, np.ndarray]
    total: int
    is_sample: bool = False
    lost: tuple[str, ...] = ()

    def some(self, most: int) -> Measured:
        """A random choice of ``most`` of them, always the same; all where there are no more."""
        if len(self.rows) <= most:
            return self
        at = np.sort(np.random.default_rng(1).permutation(len(self.rows))[:most])
        columns = {key: values[at] for key, values in self.columns.items()}
        return Measured(self.rows[at], columns, self.total, True)


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
    most: int | None = None,
) -> Measured:
    """Those samples that can be read; of more than ``most``, and of so many that it would take more
    than :data:`SECONDS`, a random choice.

    Args:
        tell: called now and then; may raise.

    Raises:
        UserError: ``data.gone``, ``data.damaged``: too many cannot be read.
    """
    chosen = chosen_of(samples, most)

    def look(at: int) -> Values | None:
        return _values(root / samples[at].path, modality, input)

    rows, values = [], []
    with contextlib.closing(in_chunks(look, chosen.tolist(), size=CHUNK)) as found:
        for done, (at, each) in enumerate(zip(chosen.tolist(), found, strict=True)):
            tell(done, len(chosen))
            if each is not None:
                rows.append(at)
                values.append(each)
    lost = tuple(samples[row].path for row in np.setdiff1d(chosen, rows).tolist())
    if len(lost) > max(1, MAX_LOST * len(chosen)):
        raise unread.error(
            len(lost), len(chosen), lost[0], _failure(root / lost[0], modality, input)
        )
    keys = values[0] if values else {}
    columns = {key: np.array([each[key] for each in values]) for key in keys}
    return Measured(
        np.array(rows, np.int64), columns, len(samples), len(chosen) < len(samples), lost
    )


def chosen_of(samples: Sequence[Sample], most: int | None = None) -> np.ndarray:
    """The rows of the samples that are measured, rising; always the same ones."""
    order = np.random.default_rng(0).permutation(len(samples))
    seconds = np.array([expected_seconds(sample) for sample in samples])[order]
    within = int((np.cumsum(seconds) <= SECONDS).sum())
    return np.sort(order[: within if most is None else min(most, within)])


def expected_seconds(sample: Sample) -> float:
    """Of the processor, to measure a sample. How large a part of a file is, is not known."""
    return EACH + (0.0 if is_part(sample.path) else EACH_BYTE * sample.size)


def _failure(path: Path, modality: Modality, input: Options) -> UserError | None:
    """Why a sample cannot be measured."""
    try:
        modality.measure(path, input)
    except UserError as error:
        return error
    return None


# -- remembered

_known: dict[tuple[object, ...], tuple[Value, ...] | None] = {}
"""The values of each, in the order of its modality's ``_keys``."""
_keys: dict[str, tuple[str, ...]] = {}
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
            values = _known[key]
            return None if values is None else dict(zip(_keys[modality.key], values, strict=True))
    try:
        found: Values | None = modality.measure(path, input)
    except UserError:  # the scan, or the training, tells it
        found = None
    with _lock:
        if len(_known) >= KEPT:
            _known.clear()
        if found is not None:
            _keys[modality.key] = tuple(found)
        _known[key] = None if found is None else tuple(found.values())
    return found
