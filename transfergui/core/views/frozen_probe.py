"""Whether training the backbone helped: the model beside a linear model of frozen features."""

from __future__ import annotations

from dataclasses import replace

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.data import unread
from transfergui.core.evaluation import baselines
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.evaluation.report import load_predictions
from transfergui.core.training import frozen_probe
from transfergui.core.views import transfer
from transfergui.core.views.result import Result
from transfergui.core.views.view import OF_WHOLE, View, every_example, of_whole


def obstacle(result: Result) -> str:
    if not result.rows:
        return "transfer.untested"
    if result.is_frozen:
        return "transfer.frozen"
    return frozen_probe.obstacle(result.plan)


def compute(result: Result, tell: Tell) -> Shown:
    """Train the linear model, which takes seconds."""
    frozen_probe.measured(result.run, result.plan, tell)
    return _shown(result)


def _shown(result: Result) -> Shown:
    """The comparison, and which of the tested samples could not be read for it."""
    tested = result.part("test") or result.part("val")
    known = {row.path for row in load_predictions(baselines.folder(result.run) / baselines.PROBE)}
    lost = [sample.path for sample in tested if sample.path not in known]
    left_out = unread.of_paths(lost, len(tested), result.modality.many)
    made = transfer.shown(result)
    return replace(made, notes=(*made.notes, *left_out))


def kept(result: Result) -> tuple[Shown, bool] | None:
    return (_shown(result), True) if baselines.known_probe(result.run) is not None else None


VIEW = View(
    key="frozen_probe",
    title=N_("Better than a linear model?"),
    summary=N_(
        "Compares the model with a linear model on the features of the frozen backbone, on the "
        "same test set. This takes a few seconds and shows whether training the backbone helped."
    ),
    obstacle=of_whole(obstacle),
    compute=compute,
    looked_at=every_example,
    button=N_("Compare"),
    kept=kept,
    unlisted=OF_WHOLE,
)
