"""DANN: features that do not tell labelled samples from the target's.

Ganin et al., "Domain-Adversarial Training of Neural Networks", JMLR 2016 (arXiv:1505.07818),
with the confusion loss of Tzeng et al. 2015 (arXiv:1510.02192) in the place of the reversed
gradient. Its weight grows over the planned steps (:mod:`transfergui.core.nn.adaptation`).
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
    return adapting.adversarial(model, loss, plan, conditional=False)


STRATEGY = Strategy(
    key="dann",
    title=N_("Adapt: alike features (DANN)"),
    summary=N_(
        "Fine-tunes on your labelled examples until a second classifier cannot tell their "
        "features from those of unlabelled examples from elsewhere."
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
