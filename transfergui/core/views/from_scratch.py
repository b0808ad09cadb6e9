"""Whether transfer learning helped: the model beside the same network from scratch."""

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
    if not result.rows:
        return "transfer.untested"
    plan = result.plan
    if not plan.pretrained or plan.backbone.no_cache:
        return "transfer.nothing_pretrained"
    if plan.backbone.parts or registry.strategy(companions.FROM_SCRATCH).obstacle(plan.backbone):
        return "transfer.no_scratch"
    return ""


def compute(result: Result, tell: Tell) -> Shown:
    """Train from scratch, which takes as long as a training does."""
    companions.from_scratch(result.run, tell)
    return transfer.shown(result)


def kept(result: Result) -> tuple[Shown, bool] | None:
    done = baselines.finished(result.run, baselines.SCRATCH) is not None
    return (transfer.shown(result), True) if done else None


VIEW = View(
    key="from_scratch",
    title=N_("Did transfer learning help?"),
    summary=N_(
        "Trains the same model from random weights on the same split and compares both on the same "
        "test set. This can take much longer than the run itself; you can pause and continue later."
    ),
    obstacle=obstacle,
    compute=compute,
    button=N_("Train from scratch"),
    kept=kept,
)
