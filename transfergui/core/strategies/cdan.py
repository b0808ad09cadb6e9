"""CDAN: as DANN, for features and predictions taken together.

Long, Cao, Wang and Jordan, "Conditional Adversarial Domain Adaptation", NeurIPS 2018
(arXiv:1705.10667). The domain classifier sees the outer product of features and probabilities;
what the features learn from it is as in :mod:`.dann`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.i18n import N_
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.strategies import adapting
from transfergui.core.strategies.adapting import AdaptingOptions

if TYPE_CHECKING:
    from torch import nn


def task(model: nn.Module, loss: nn.Module, plan: Plan) -> nn.Module:
    return adapting.adversarial(model, loss, plan, conditional=True)


STRATEGY = Strategy(
    key="cdan",
    title=N_("Adapt: alike features per class (CDAN)"),
    summary=N_(
        "Like DANN, but compares features class by class. Better where classes differ in how "
        "they look elsewhere."
    ),
    options=AdaptingOptions,
    cost=2,
    preset="Light",
    needs=("target",),
    epochs=adapting.EPOCHS,
    lr=adapting.LR,
    phases=adapting.phases,
    task=task,
    logs=adapting.ADVERSARIAL_LOGS,
    plain=adapting.plain,
)
