"""A linear model of frozen features, tested on the test set of a run: what the pretrained backbone
is worth without any training of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base import files, imports
from transfergui.core.base.progress import Tell, untold
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baselines import PROBE, folder, known_probe
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.evaluation.run_differences import Side
from transfergui.core.figures import metrics
from transfergui.core.interfaces.objective import Found
from transfergui.core.runs.run import REPORT
from transfergui.core.training import linear_probe, ridge

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Report
    from transfergui.core.interfaces.objective import Probe
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.run import Run


def obstacle(plan: Plan) -> str:
    """The code of why the pretrained backbone gives no features; empty if it does."""
    if plan.members:
        return "transfer.combined"
    known = plan.backbone.no_cache or plan.backbone.cacheable
    return "" if known else "transfer.no_features"


def features(
    plan: Plan, samples: tuple[Sample, ...], tell: Tell = untold
) -> tuple[np.ndarray, list[Sample]]:
    """What the pretrained backbone makes of samples: float32 [N, F] of those that can be read.

    Raises:
        UserError: the weights are not there; ``data.gone``, ``data.damaged``: too many samples
            cannot be read.
    """
    from transfergui.core.networks.planned import save_assets
    from transfergui.core.training import ranking

    with files.temporary_folder() as place, ranking.outside_training():
        made = save_assets(plan, place)
        if not plan.backbone.no_cache:
            source = ranking.source_of(made, samples, tell=tell)
            return source.versions[0].numpy(), list(source.samples)
        return ranking.counted_of(made, samples, lambda: tell(0, 0))


def measured(run: Run, plan: Plan, tell: Tell = untold) -> Side:
    """Learn from the training set what the test set is then compared with; kept beside the run.

    Raises:
        UserError: as of :func:`features`; ``disk.full``.
    """
    found = known_probe(run)
    if found is not None:
        return found
    split = plan.split
    rows, samples = features(plan, (*split.train, *split.val, *split.test), tell)
    parts = {name: {s.path for s in getattr(split, name)} for name in ("train", "val", "test")}
    at = {
        name: [row for row, sample in enumerate(samples) if sample.path in paths]
        for name, paths in parts.items()
    }
    labels = np.array([sample.label for sample in samples])
    answers = answers_of(plan, rows, labels, at["train"])
    objective, targets = plan.objective, split.targets
    fitted = objective.fit(answers[at["val"]], labels[at["val"]].tolist(), targets)
    test = at["test"] or at["val"]
    reading = Found(targets, split.classes, fitted)
    circumstances = metrics.Circumstances(
        measured_on="test" if at["test"] else "val",
        fitted=fitted,
        frozen=True,
        grouped_by=split.grouped_by if at["test"] else None,
    )
    counts = np.bincount(labels[at["train"]], minlength=len(split.classes)).tolist()
    truth = labels[test].tolist()
    report = objective.measure(answers[test], truth, reading, counts, circumstances)
    names = [samples[row].path for row in test]
    table = prediction_rows(names, truth, answers[test], objective, reading)
    _save(folder(run) / PROBE, report, table, objective.columns(reading))
    side = known_probe(run)
    assert side is not None
    return side


def answers_of(plan: Plan, rows: np.ndarray, labels: np.ndarray, learnt: list[int]) -> np.ndarray:
    """What linear models, trained on the rows ``learnt`` of features [N, F], answer: [N, O]."""
    targets, classes = plan.split.targets, len(plan.split.classes)
    x = (rows - rows[learnt].mean(0)) / (float(rows[learnt].std()) or 1.0)
    probes = plan.objective.probes(labels, targets)
    widths = [len(names) for names in targets.answers] or [classes]
    parts = []
    for place, probe in enumerate(probes):
        width = widths[place] if probe.kind == "classes" else 1
        parts.append(_answers(probe, x, learnt, width))
    return np.concatenate(parts, axis=1)


def _answers(probe: Probe, x: np.ndarray, learnt: list[int], width: int) -> np.ndarray:
    """Of one probe: probabilities of its classes [N, width], that of a label, or a number [N, 1].

    Where there is nothing to tell apart, the answer is always the same.
    """
    imports.load("sklearn.linear_model")
    from sklearn.linear_model import RidgeCV
    from threadpoolctl import threadpool_limits

    rows = [row for row in learnt if probe.kind != "classes" or probe.wanted[row] >= 0]
    wanted = probe.wanted[rows]
    with threadpool_limits(1):
        if probe.kind == "number":
            model = RidgeCV(alphas=linear_probe.PENALTIES).fit(x[rows], wanted)
            return model.predict(x).reshape(-1, 1).astype(np.float64)
        answers = np.zeros((len(x), max(width, 2)))
        classes = len(np.unique(wanted))
        if probe.kind == "classes" and ridge.is_needed(len(rows), x.shape[1], classes):
            return ridge.probabilities(x, probe.wanted.astype(np.int64), np.array(rows), width)
        if classes < 2:
            answers[:, int(wanted[0]) if len(wanted) else 0] = 1.0
        else:
            classifier = linear_probe.classifier_of(x.shape[1]).fit(x[rows], wanted)
            answers[:, classifier.classes_.astype(int)] = classifier.predict_proba(x)
    return answers[:, 1:2] if probe.kind == "label" else answers


def _save(place: Path, report: Report, rows: list[PredictionRow], columns: tuple[str, ...]) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
        files.write_atomic(place / reports.PREDICTIONS, reports.predictions_csv(rows, columns))
        files.write_atomic(place / REPORT, reports.to_json(report))
    except OSError as error:
        raise files.not_written(place, error) from None
