"""What a training tells at its begin and its end, however it came to its model."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from transfergui.core import plans, sources
from transfergui.core.base import files
from transfergui.core.data import few_trained, versions
from transfergui.core.data.companions import LEARNT
from transfergui.core.data.split import absolute
from transfergui.core.evaluation import (
    adapted,
    borrowing_gain,
    curves,
    data_checks,
    outcomes,
    report,
    siblings,
)
from transfergui.core.evaluation.prediction import calibration, prediction_rows
from transfergui.core.figures import answer_rows, metrics, temperature
from transfergui.core.figures.intervals import wilson_of
from transfergui.core.interfaces.objective import Found
from transfergui.core.runs import doubts, seen_data
from transfergui.core.runs import events as ev
from transfergui.core.training import held_out
from transfergui.core.training.held_out import HeldOut, Looks

if TYPE_CHECKING:
    from torch import Tensor

    from transfergui.core.figures.adapting import Adaptation
    from transfergui.core.figures.borrowing import Borrowed
    from transfergui.core.figures.borrowing_gain import BorrowingGain
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.history import History
    from transfergui.core.runs.run import Run
    from transfergui.core.training.data_pipeline import Sources
    from transfergui.core.training.loaders import Source


NOTHING_HELD = HeldOut()


class Measured(NamedTuple):
    """What a model answered to the samples that measure it.

    Attributes:
        on: which samples these are.
        paths, labels: [N].
        logits: [N, classes], or what :meth:`Objective.decided` keeps of them.
        seconds: that it took.
    """

    on: metrics.MeasuredOn
    paths: Sequence[str]
    labels: Sequence[int]
    logits: Tensor
    seconds: float


def measured(
    source: Source, rows: Sequence[int], logits: Tensor, on: metrics.MeasuredOn, seconds: float
) -> Measured:
    """Of logits [N, classes] to the ``rows`` of ``source``."""
    paths = [source.paths[row] for row in rows]
    labels = [source.labels[row] for row in rows]
    return Measured(on, paths, labels, logits, seconds)


def started(plan: Plan, run: Run, device: str, resumed: bool, epochs: int) -> ev.Started:
    """The first event of a training."""
    one_class = plan.objective.balances
    counts = np.bincount([s.label for s in plan.split.val or plan.split.train])
    return ev.Started(
        run=str(run.path),
        resumed=resumed,
        modality=plan.modality.key,
        backbone=plan.backbone.key,
        strategy=plan.strategy.key,
        device=device,
        precision=plan.recipe.run.precision,
        classes=plan.split.classes,
        sizes=plan.split.sizes(),
        epochs=epochs,
        baseline=float(counts.max() / counts.sum()) if one_class else None,
        objective=plan.objective.key,
        unit=plan.split.targets.unit,
    )


def scored(plan: Plan, wanted: Tensor, logits: Tensor) -> tuple[float, float]:
    """Loss, and the figure of the training curve, of logits [N, O] to validation samples.

    Args:
        logits: what :meth:`Objective.kept` keeps of them.
        wanted: of these samples [N, ...].
    """
    objective, targets = plan.objective, plan.split.targets
    loss = objective.validation_loss(logits, wanted, targets)
    return loss, objective.scored(logits, wanted, targets)


def tested(
    plan: Plan,
    run: Run,
    looks: Looks,
    sources: Sources,
    seen: frozenset[str],
    joined: metrics.EnsembleSummary | None = None,
    writes: bool = True,
) -> Generator[ev.Event, None, dict[str, Any]]:
    """Read the test samples (once in a training) and write the report.

    Args:
        looks: how the model answers.
        seen, joined: as of :func:`write`.
        writes: whether this process does that; of several that train together, one does, and the
            others know no figures.
    """
    began, val = time.monotonic(), sources.val
    on: metrics.MeasuredOn = "test" if sources.test.labels else "val"
    source = sources.test if on == "test" else val
    logits, rows = yield from looks.answers(source)
    found = measured(source, rows, logits, on, time.monotonic() - began)
    held = yield from held_out.learnt(plan, looks, sources)
    if not writes:
        return {}
    return write(plan, run, found, sources.train.labels, seen, joined, held)


def write(
    plan: Plan,
    run: Run,
    found: Measured,
    learnt: Sequence[int],
    seen: frozenset[str],
    joined: metrics.EnsembleSummary | None = None,
    held: HeldOut = NOTHING_HELD,
) -> dict[str, Any]:
    """Write the report of a run, and say what is in it.

    Args:
        learnt: the labels of the samples that it was trained on.
        seen: absolute paths of what the networks that it began with were trained on.
        held: what the validation samples told.
        joined: what came of putting finished trainings together, where that was done.

    Raises:
        UserError: ``disk.full``.
    """
    classes, tested = plan.split.classes, found.on == "test"
    objective, targets = plan.objective, plan.split.targets
    outputs = temperature.calibrated(found.logits.double(), targets, held.temperatures)
    answers = objective.settled(outputs, targets).numpy()
    reading = Found(targets, classes, held.fitted)
    rows = prediction_rows(found.paths, found.labels, answers, objective, reading)
    root, history = plan.split.root, run.history()
    digests = _contents(plan, run)
    circumstances = metrics.Circumstances(
        seconds=found.seconds,
        fitted=held.fitted,
        calibration=calibration(rows, objective, targets, held.temperatures, held.examples),
        strangers=held.limits,
        measured_on=found.on,
        seen_before=sum(absolute(root, path) in seen for path in found.paths) if seen else 0,
        baselines=plan.modality.baselines(plan) if tested and objective.balances else (),
        grouped_by=plan.split.grouped_by if tested else None,
        ungrouped=plan.split.ungrouped,
        few_trained=few_trained.shortage(plan.split, plan.recipe.split) if tested else {},
        data_version=versions.version_of(plan.split, digests),
        split_version=versions.version_of(plan.split),
        corrections=versions.corrections_in(plan.recipe.data),
        frozen=plans.is_frozen(plan),
        transferred=plan.pretrained,
        moment=_best_epoch(plan, history),
        joined=joined,
        teacher=_teacher(plan, run, found),
        tried=tuple(sorted({t.strategy for t in history.trials if t.accuracy is not None} - {""})),
    )
    counts = np.bincount(learnt, minlength=len(classes)).tolist()
    measured = objective.measure(answers, found.labels, reading, counts, circumstances)
    if tested and plan.split.grouped_by:
        measured = outcomes.with_groups(measured, rows, plan.split)
    _keep(run, held)
    _keep_validated(plan, run, held, objective.columns(reading))
    return _saved(plan, run, measured, rows, reading)


def _contents(plan: Plan, run: Run) -> dict[str, str]:
    """What is in the files that it was trained and tested on: digests, kept in its run.

    Raises:
        UserError: ``disk.full``.
    """
    split = plan.split
    found = plans.digests(
        plan, Path(split.root), (*split.train, *split.val, *split.test, *split.new)
    )
    try:
        seen_data.keep(run, found)
    except OSError as error:
        raise files.not_written(run.path, error) from None
    return found


def _keep(run: Run, held: HeldOut) -> None:
    """What tells when not to believe the model, in its run.

    Raises:
        UserError: ``disk.full``.
    """
    path = run.path / doubts.FILE
    try:
        if held.doubts is None:
            path.unlink(missing_ok=True)
        else:
            files.write_atomic(path, held.doubts.to_bytes())
    except OSError as error:
        raise files.not_written(run.path, error) from None


def _keep_validated(plan: Plan, run: Run, held: HeldOut, columns: tuple[str, ...]) -> None:
    """The predictions for the validation samples, where two trainings are compared on them.

    Raises:
        UserError: ``disk.full``.
    """
    if not held.rows or not any(plan.split.of_role(role) for role in LEARNT):
        return
    try:
        table = report.predictions_csv(held.rows, columns, plan.split.root)
        files.write_atomic(run.path / report.VALIDATED, table)
    except OSError as error:
        raise files.not_written(run.path, error) from None


def with_alone(plan: Plan, run: Run, alone: Mapping[str, metrics.Alone]) -> dict[str, Any]:
    """Add to the report of a run how its questions do alone, and say what is in it.

    Raises:
        UserError: ``run.damaged``, ``disk.full``.
    """
    known = report.load(run.path)
    own = {
        name: msgspec.structs.replace(each, alone=alone.get(name))
        for name, each in known.questions.items()
    }
    measured = msgspec.structs.replace(known, questions=own)
    reading = Found(plan.split.targets, plan.split.classes, known.fitted)
    rows = report.load_predictions(run.path)
    return _saved(plan, run, measured, rows, reading, keep_predictions=True)


def with_adaptation(plan: Plan, run: Run, adaptation: Adaptation) -> dict[str, Any]:
    """Add to the report of a run what its model is beside the other one, and say what is in it.

    Raises:
        UserError: ``run.damaged``, ``disk.full``.
    """
    known = adaptation.validated or adaptation.checked
    verdict = adapted.verdict(adaptation) if known else None
    return _amended(plan, run, adaptation=adaptation, verdict=verdict)


def with_borrowing(plan: Plan, run: Run, found: BorrowingGain) -> dict[str, Any]:
    """Likewise what other data were worth to the training.

    Raises:
        UserError: as of :func:`with_adaptation`.
    """
    return _amended(plan, run, borrowing=found, verdict=borrowing_gain.verdict(found))


def with_checked(plan: Plan, run: Run, right: np.ndarray) -> dict[str, Any]:
    """Likewise which labelled examples from where it will be used its model gets right, bool [K].

    Raises:
        UserError: as of :func:`with_adaptation`.
    """
    share, n = float(right.mean()), len(right)
    ends = wilson_of(share, n)
    return _amended(plan, run, checked=metrics.Checked(share, ends.low, ends.high, n))


def with_borrowed(plan: Plan, run: Run, borrowed: Borrowed) -> dict[str, Any]:
    """Likewise what was borrowed for it.

    Raises:
        UserError: as of :func:`with_adaptation`.
    """
    return _amended(plan, run, borrowed=borrowed)


def _amended(plan: Plan, run: Run, **more: Any) -> dict[str, Any]:
    """The report of a run with more in it."""
    known = msgspec.structs.replace(report.load(run.path), **more)
    reading = Found(plan.split.targets, plan.split.classes, known.fitted)
    rows = report.load_predictions(run.path)
    return _saved(plan, run, known, rows, reading, keep_predictions=True)


def _saved(
    plan: Plan,
    run: Run,
    measured: metrics.Report,
    rows: Sequence[answer_rows.PredictionRow],
    reading: Found,
    keep_predictions: bool = False,
) -> dict[str, Any]:
    data_checks.keep_with(run, measured.split_version)
    try:
        report.save(
            run.path,
            measured,
            rows,
            recipe=plan.recipe,
            history=run.history(),
            environment=run.environment(),
            beside=siblings.beside(run, measured, rows),
            found=reading,
            keep_predictions=keep_predictions,
            root=plan.split.root,
        )
    except OSError as error:
        raise files.not_written(run.path, error) from None
    return json.loads(report.to_json(measured))


def _teacher(plan: Plan, run: Run, found: Measured) -> metrics.Teacher | None:
    """Of a student, the network that taught it."""
    source = next((phase.teacher for phase in plan.phases if phase.teacher), None)
    if source is None or not plan.objective.balances:  # its answers are compared as classes
        return None
    pairs = zip(found.paths, found.labels, strict=True)
    truth = {absolute(plan.split.root, path): plan.split.classes[label] for path, label in pairs}
    own = sources.parameters(plan.backbone, run.best)
    return siblings.teacher_of(own, source, plan.split.classes, truth)


def _best_epoch(plan: Plan, history: History) -> metrics.BestEpoch | None:
    """Whose weights were kept; of trainings put together, only whether their network is as it was.

    There, an epoch is a member that was tried.
    """
    best = history.best
    if best is None:
        return None
    if not plan.phases:
        untouched = bool(plan.members) and all(member.backbone_unchanged for member in plan.members)
        return metrics.BestEpoch(epoch=best.epoch, untouched=untouched)
    kept = curves.best_epoch(history)
    if kept is None or best.phase >= len(plan.phases):  # the record was changed by hand
        return None
    frozen = plan.pretrained and all(p.groups == 0 for p in plan.phases[: best.phase + 1])
    return msgspec.structs.replace(kept, untouched=frozen)
