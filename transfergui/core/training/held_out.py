"""What the validation samples tell of a model, beside its best epoch.

Thresholds of labels, the temperature of its confidences, how often it is right at which
confidence, and how far from the training samples its own kind still lies. Nothing here changes the
model or looks at a test sample. A frozen network costs next to nothing, as its features are there;
any other looks once more at the validation samples, and at :data:`strangers.MOST` training samples.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec
import numpy as np
import torch

from transfergui.core.base.errors import UserError
from transfergui.core.evaluation.prediction import certainty, prediction_rows
from transfergui.core.figures import rarity, strangers, temperature
from transfergui.core.interfaces.objective import Found
from transfergui.core.runs.doubts import Doubts, Limits
from transfergui.core.training.inference import whole

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs import events as ev
    from transfergui.core.training.data_pipeline import Sources
    from transfergui.core.training.inference import Outputs, Shrink
    from transfergui.core.training.loaders import Source


class LookInside(Protocol):
    """Features and logits side by side [N, F + O] of some rows of a source; or what ``shrink``
    keeps of them."""

    def __call__(
        self, source: Source, rows: Sequence[int], shrink: Shrink = whole, /
    ) -> Outputs: ...


class Looks(NamedTuple):
    """How a model answers.

    Attributes:
        answers: what :meth:`Objective.decided` keeps of its logits to the samples of a source
            [N, S], and their rows.
        inside: see :class:`LookInside`.
    """

    answers: Callable[[Source], Outputs]
    inside: LookInside


class HeldOut(NamedTuple):
    """See the module.

    Attributes:
        fitted: as of :meth:`transfergui.core.interfaces.objective.Objective.fit`.
        temperatures: as of :meth:`transfergui.core.interfaces.objective.Objective.calibrate`.
        examples: validation samples.
        limits: of strangers; None where there are too few samples to tell.
        doubts: what is kept of it; None without validation samples.
        rows: the predictions for them.
    """

    fitted: tuple[float, ...] = ()
    temperatures: tuple[float, ...] = ()
    examples: int = 0
    limits: Limits | None = None
    doubts: Doubts | None = None
    rows: Sequence[PredictionRow] = ()


def learnt(plan: Plan, looks: Looks, sources: Sources) -> Generator[ev.Event, None, HeldOut]:
    """Look at the validation samples, and at some training samples.

    Raises:
        UserError: as reading the samples does.
    """
    val, objective, targets = sources.val, plan.objective, plan.split.targets
    if not val.labels:
        return HeldOut()
    kept = (yield from _kept(plan, looks, sources.train)) if objective.strangers else None
    signs, logits, rows = yield from _looked(plan, looks, val, kept)
    if not bool(torch.isfinite(logits).all() and torch.isfinite(signs).all()):
        return HeldOut()
    labels = [val.labels[row] for row in rows]
    temperatures = objective.calibrate(logits.double().numpy(), labels, targets)
    fitted = _fitted(plan, logits, labels, temperatures)
    reading = Found(targets, plan.split.classes, fitted)
    at = temperature.calibrated(logits.double(), targets, temperatures)
    answers = objective.settled(at, targets).numpy()
    paths = [val.paths[row] for row in rows]
    predicted = prediction_rows(paths, labels, answers, objective, reading)
    confidence, right = certainty(predicted, objective, targets)
    limits, surprises = None, None
    if kept is not None:
        energy = objective.energy(logits, targets).numpy()
        words = _words(plan, kept.paths), _words(plan, paths)
        limits, surprises = _limits(strangers.Signs(*signs.numpy().T), energy, kept, *words)
    doubts = Doubts(confidence, right, kept.rows if kept and limits else None, surprises)
    return HeldOut(fitted, temperatures, len(labels), limits, doubts, predicted)


def _looked(
    plan: Plan, looks: Looks, source: Source, kept: _Kept | None
) -> Generator[ev.Event, None, tuple[torch.Tensor, torch.Tensor, list[int]]]:
    """How far samples are from those that are kept [N, 2], empty where none are; logits [N, O]; and
    their rows.

    Features are looked at batch by batch: those of 150 000 samples are gigabytes.
    """
    objective, targets = plan.objective, plan.split.targets
    if not objective.strangers:
        logits, rows = yield from looks.answers(source)
        return logits[:, :0], logits, rows
    outputs = objective.outputs(targets, len(plan.split.classes))
    comparison = None if kept is None else strangers.Comparison(kept.rows)

    def shrink(_rows: list[int], found: torch.Tensor) -> torch.Tensor:
        features, logits = found[:, :-outputs], found[:, -outputs:]
        if comparison is None:
            return logits
        signs = np.stack(comparison.signs(features.numpy()), 1)
        return torch.cat([torch.from_numpy(signs), logits], 1)

    found, rows = yield from looks.inside(source, range(len(source.labels)), shrink)
    return found[:, :-outputs], found[:, -outputs:], rows


def _fitted(
    plan: Plan, logits: torch.Tensor, labels: Sequence[int], temperatures: Sequence[float]
) -> tuple[float, ...]:
    """Chosen without the temperature, so that this changes no label."""
    objective, targets = plan.objective, plan.split.targets
    if not objective.fits:
        return ()
    answers = objective.settled(logits.double(), targets).numpy()
    return temperature.thresholds(objective.fit(answers, labels, targets), temperatures)


class _Kept(NamedTuple):
    """Training samples.

    Attributes:
        rows: of :func:`strangers.reference` [R, F].
        paths: of each [R].
        groups: of each [R]; its own path where it is alone.
    """

    rows: np.ndarray
    paths: list[str]
    groups: list[str]


def _kept(plan: Plan, looks: Looks, train: Source) -> Generator[ev.Event, None, _Kept | None]:
    """Training samples to compare new ones with; None of too few."""
    width = sum(plan.backbone.widths)
    rows = strangers.chosen(train.labels, strangers.most(width))
    if len(rows) < strangers.FEWEST_KEPT:
        return None
    found, looked_at = yield from looks.inside(train, rows)
    there = torch.isfinite(found).all(1)
    paths = [train.paths[row] for row, one in zip(looked_at, there.tolist(), strict=True) if one]
    if len(paths) < strangers.FEWEST_KEPT:
        return None
    reference = strangers.reference(found[there, :width].numpy())
    group = {sample.path: sample.group or sample.path for sample in plan.split.train}
    return _Kept(reference, paths, [group[path] for path in paths])


def _limits(
    signs: strangers.Signs,
    energy: np.ndarray,
    kept: _Kept,
    train: _Words | None,
    held_out: _Words | None,
) -> tuple[Limits | None, np.ndarray | None]:
    """The limits of strangers, and the surprise of each token of texts."""
    training = strangers.among(kept.rows, kept.groups)
    if train is None or held_out is None or not any(map(len, train.texts)):
        return strangers.limits(signs, energy, training), None
    lengths, learnt = (np.array([len(ids) for ids in each.texts]) for each in (held_out, train))
    found = strangers.Signs(*(values[: len(lengths)] for values in signs))
    usual = max(1.0, float(np.median(lengths)))
    if training is None:
        power = strangers.fading(found, lengths)
    else:
        both = np.concatenate([lengths, learnt])
        power = strangers.fading(found.together(training), both)
        training = strangers.unfaded(training, learnt, usual, power)
    found = strangers.unfaded(found, lengths, usual, power)
    limits = strangers.limits(found, energy[: len(lengths)], training)
    if limits is None:
        return None, None
    limits = msgspec.structs.replace(limits, length=usual, fading=power)
    return _rare(train, held_out, limits)


class _Words(NamedTuple):
    """The numbers of the tokens of texts [n] each, the one that filled them up, and the one of
    whatever has no token."""

    texts: list[np.ndarray]
    padding: int
    unknown: int | None


def _words(plan: Plan, paths: Sequence[str]) -> _Words | None:
    """None of other samples, and where several networks read them."""
    found = None if plan.members else plan.modality.tokens(plan.input)
    if found is None:
        return None
    padding, unknown = found
    root, modality = Path(plan.split.root), plan.modality
    try:
        loaded = [modality.load(root / path, plan.input) for path in paths[: strangers.MOST]]
    except UserError:  # gone since they were looked at
        return None
    read = [modality.prepare(each, plan.input).numpy() for each in loaded]
    return _Words([ids[ids != padding] for ids in read], padding, unknown)


def _rare(train: _Words, held_out: _Words, limits: Limits) -> tuple[Limits, np.ndarray]:
    """The limits with that of the mean surprise in a text, and the surprise of each token."""
    counts = rarity.counted(train.texts, train.unknown)
    surprises = rarity.table(counts, train.padding)
    found = rarity.rarities(held_out.texts, surprises)
    both = np.concatenate([found, rarity.among(train.texts, counts)])
    most = max(
        strangers.too_far(both, rarity.PASSED), strangers.too_far(found, rarity.PASSED_HELD_OUT)
    )
    limits = msgspec.structs.replace(
        limits,
        rarity=float(np.median(found)),
        rare=most,
        deviation=rarity.deviation(held_out.texts, surprises),
    )
    return limits, surprises
