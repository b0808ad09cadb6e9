"""Exporting: write beside the target, compare with the trained model, then take its place."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from transfergui.core import registry
from transfergui.core.base import files
from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.exporter import Example, Exporter, Parity, UsageLine
from transfergui.core.interfaces.objective import Found
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.core.trained import TrainedModel

SAMPLES = 64
"""How many validation samples a file is checked on."""
TRIED = 4 * SAMPLES
"""How many are tried, where some cannot be read any more."""


def export(
    source: Path | TrainedModel,
    key: str,
    out: Path,
    check_cancelled: Callable[[], object] = lambda: None,
) -> Parity:
    """Write the model of a run as ``out``, if that answers like the model itself.

    Args:
        source: a run's folder, or what :meth:`TrainedModel.load` made of it.
        key: of the format.
        out: replaced only after the check; else left as it is.
        check_cancelled: called between the steps; may raise to end it.

    Raises:
        UserError: ``export.differs``, ``export.not_writable``, ``export.needs_run``,
            ``export.no_samples``, ``export.no_network``, ``export.unlisted``,
            ``export.detector``;
            ``registry.unknown``; ``part.missing``; ``path.too_long``; or as
            :meth:`TrainedModel.load`.
    """
    exporter = formats.exporter(key)
    _require_place(out)
    model = source if isinstance(source, TrainedModel) else TrainedModel.load(source)
    check_cancelled()
    samples = check_samples(model)
    try:
        with files.replacing(out) as temporary, naming_missing_parts():
            return _write_checked(exporter, model, temporary, samples, check_cancelled)
    except OSError as error:
        raise UserError("export.not_writable", path=str(out), reason=_reason(error)) from None


def usage(run: Run, key: str, out: Path) -> tuple[UsageLine, ...]:
    """How the file ``out``, the model of ``run`` in a format, is used: a few lines.

    Args:
        key: of the format.
    """
    recipe, split = run.recipe, run.split
    objective = registry.objective(split.targets.objective)
    example = Example(
        out=_absolute(out),
        sample=_absolute(_a_file(split)),
        data=recipe.data.path,
        classes=split.targets.names or split.classes,
        outputs=objective.exports(Found(split.targets, split.classes)),
        modality=recipe.modality,
        network=network_title(run),
        places=objective.places,
    )
    return formats.exporter(key).usage(example)


def _a_file(split: Split) -> Path:
    """A file that the model has not learnt from, if there is one, and that is still there."""
    samples = [*split.test, *split.val, *split.train]
    paths = (Path(split.root) / FilePart.parse(sample.path).file for sample in samples)
    tried = list(itertools.islice(paths, TRIED))
    return next(filter(os.path.exists, tried), tried[0])


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve would follow links


def check_samples(model: TrainedModel) -> list[Path]:
    """Up to :data:`SAMPLES` readable files of the run's validation samples, spread evenly.

    A run with too little data for validation is checked on what else it has.

    Raises:
        UserError: ``export.needs_run``, ``export.no_samples``.
    """
    noun = model.modality.many
    if model.run is None:
        raise UserError("export.needs_run", noun=noun)
    split = model.run.split
    paths = [Path(split.root) / s.path for s in _spread(split.val or split.test or split.train)]
    found = list(itertools.islice(filter(lambda path: _readable(model, path), paths), SAMPLES))
    if not found:
        raise UserError("export.no_samples", noun=noun, path=split.root)
    return found


def _write_checked(
    exporter: Exporter,
    model: TrainedModel,
    path: Path,
    samples: list[Path],
    check_cancelled: Callable[[], object],
) -> Parity:
    check_cancelled()
    exporter.write(model, path)
    check_cancelled()
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
    parity = exporter.check(model, path, samples)
    check_cancelled()
    if not parity.same:
        raise UserError(
            "export.differs",
            difference=f"{parity.difference:.2g}",
            agree=int(100 * parity.agree),
        )
    return parity


def _require_place(out: Path) -> None:
    """Before minutes are spent: there must be a folder, and no folder of that very name."""
    if not files.nameable(out).parent.is_dir():
        reason = _("the folder does not exist")
        raise UserError("export.not_writable", path=str(out), reason=reason)
    if out.is_dir():
        reason = _("a folder has this name")
        raise UserError("export.not_writable", path=str(out), reason=reason)
    if files.is_special(out):
        reason = _("not a file, but a pipe or a device")
        raise UserError("export.not_writable", path=str(out), reason=reason)


def _spread(samples: Sequence[Sample]) -> Sequence[Sample]:
    """:data:`TRIED` of them, interleaved: any first part is spread over all of them."""
    step = max(1, len(samples) // SAMPLES)
    ordered = [sample for start in range(step) for sample in samples[start::step]]
    return ordered[:TRIED]


def _readable(model: TrainedModel, path: Path) -> bool:
    try:
        model.read(path)
    except UserError:
        return False
    return True


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
