"""What a backbone is chosen for: which ones will not do, and what each would be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transfergui.core import registry, requirements
from transfergui.core.base import options as opt
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.plan import Modality, Strategy


@dataclass(frozen=True)
class Purpose:
    """See the module.

    Attributes:
        strategy: how it is to be trained.
        objective: what is to be predicted.
    """

    strategy: Strategy
    objective: Objective

    @classmethod
    def of(cls, strategy: str, objective: str) -> Purpose:
        """By their keys."""
        return cls(registry.strategy(strategy), registry.objective(objective))

    def obstacle(self, backbone: Backbone) -> str:
        """Why it will not do, as a sentence; empty where it will."""
        code = requirements.obstacle(backbone, self.strategy, self.objective)
        return Note(code, {"title": _(backbone.title)}).sentence() if code else ""

    def input(self, backbone: Backbone, modality: Modality) -> Mapping[str, Any]:
        """The input options that it would be trained with, without those that have no effect."""
        own = dict(backbone.input)
        if not self.obstacle(backbone):
            own |= self.objective.own_input(backbone) | dict(self.objective.fixed_input)
        names = {option.name for option in opt.describe(modality.input_options)}
        values = {name: value for name, value in own.items() if name in names}
        idle = modality.idle(opt.check(values, modality.input_options, "input"))
        return {name: value for name, value in values.items() if name not in idle}
