"""What the strategies have in common that adapt a finished run without its training data.

The run is named as the backbone; its head is kept.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.networks import Networks, WeightState
from transfergui.core.interfaces.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping


def gather(plan: Plan, networks: Networks, states: Mapping[str, WeightState] | None) -> Plan:
    """See :class:`transfergui.core.interfaces.plan.Strategy`: the head is that of the run.

    Raises:
        UserError: ``strategy.one_class_only``; ``adapt.not_a_run``,
            ``adapt.other_classes``.
    """
    if plan.objective.key != ONE_CLASS:  # two models are compared by classes
        raise UserError("strategy.one_class_only")
    source = networks.named(plan.recipe.backbone)
    if source.run is None or source.head is None:
        raise UserError("adapt.not_a_run", strategy=_(plan.strategy.title))
    if plan.split.classes and source.classes != plan.split.classes:
        raise UserError("adapt.other_classes", path=str(source.run))
    recipe = msgspec.structs.replace(plan.recipe, head=source.head)
    return dataclasses.replace(plan, recipe=recipe)
