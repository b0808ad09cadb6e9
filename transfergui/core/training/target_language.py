"""Whether a target is in a language that neither one's own texts nor the backbone know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transfergui.core.interfaces.plan import Plan

LOOKED_AT = 200
"""Samples, spread over the target."""
MOST = 0.5
"""Share of those whose language can be told."""


def is_foreign(plan: Plan) -> bool:
    """Whether most of the target is in such a language.

    Predictions for texts that the backbone has not learnt to read are guesses, however clear
    adapting makes them. False where languages cannot be told: data that are no texts.
    """
    own = plan.split.languages
    if not own:
        return False
    found = Counter(filter(None, _languages(plan)))
    known = {*own, *plan.backbone.languages}
    foreign = sum(count for language, count in found.items() if language not in known)
    return foreign > MOST * found.total()


def _languages(plan: Plan) -> Iterator[str]:
    """Of some samples of the target; empty where one is too short to tell."""
    for each in plan.split.of_role("target"):
        count = len(each.samples)
        for place in np.linspace(0, count - 1, min(LOOKED_AT, count)).round().astype(int):
            path = Path(each.root) / each.samples[place].path
            try:
                found = plan.modality.measure(path, plan.input)
            except UserError:  # it cannot be read: it was not learnt from either
                continue
            yield str(found.get("language", ""))
