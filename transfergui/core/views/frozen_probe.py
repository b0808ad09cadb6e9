"""Whether training the backbone helped: the model beside a linear model of frozen features."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import baselines
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.training import frozen_probe
from transfergui.core.views import transfer
from transfergui.core.views.result import Result
from transfergui.core.views.view import View, every_example


def obstacle(result: Result) -> str:
    if not result.rows:
        return "transfer.untested"
    if result.is_frozen:
        return "transfer.frozen"
    return frozen_probe.obstacle(result.plan)


def compute(result: Result, tell: Tell) -> Shown:
    """Train the linear model, which takes seconds."""
    frozen_probe.measured(result.run, result.plan, tell)
    return transfer.shown(result)


def kept(result: Result) -> tuple[Shown, bool] | None:
    return (transfer.shown(result), True) if baselines.known_probe(result.run) is not None else None


VIEW = View(
    key="frozen_probe",
    title=N_("Better than a linear model?"),
    summary=N_(
        "Compares the model with a linear model on the features of the frozen backbone, on the "
        "same test set. This takes a few seconds and shows whether training the backbone helped."
    ),
    obstacle=obstacle,
    compute=compute,
    looked_at=every_example,
    button=N_("Compare"),
    kept=kept,
)
