"""Whether a run of one's own was a good backbone: the model beside the same one with the published
weights of that backbone."""

from __future__ import annotations

from transfergui.core import registry
from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import baselines
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.training import companions
from transfergui.core.views import transfer
from transfergui.core.views.result import Result
from transfergui.core.views.view import View


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    if not result.rows:
        return "transfer.untested"
    plan = result.plan
    if plan.run is None or not plan.pretrained or plan.members:
        return "transfer.no_own_run"
    if plan.backbone_unchanged:
        return "transfer.own_unchanged"
    published = {each.key for each in registry.modality(plan.modality.key).backbones()}
    known = plan.backbone.key in published and companions.can_repeat(result.run.recipe)
    return "" if known else "transfer.not_published"


def compute(result: Result, tell: Tell) -> Shown:
    """Train with the published weights, which takes as long as the run did."""
    companions.published(result.run, tell)
    return transfer.shown(result)


def kept(result: Result) -> tuple[Shown, bool] | None:
    done = baselines.finished(result.run, baselines.PUBLISHED) is not None
    return (transfer.shown(result), True) if done else None


VIEW = View(
    key="own_run",
    title=N_("Was your own run a good start?"),
    summary=N_(
        "Trains the same model from the published weights instead of your own run, on the same "
        "split, and compares both on the same test set. This takes about as long as the run did."
    ),
    obstacle=obstacle,
    compute=compute,
    button=N_("Train and compare"),
    kept=kept,
    unlisted="transfer.no_own_run",
)
