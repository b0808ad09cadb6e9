"""The types that the parts of the core have in common.

What is learnt from (:class:`Modality`), how knowledge is carried over (:class:`Strategy`), the
networks (:class:`Backbone`), and what a training is made of (:class:`Plan`, :class:`Phase`).
Nothing in this package imports torch, nor does a modality or a strategy at import; their functions
that need it import it when they are called. Nothing under ``gui`` names a modality or a strategy:
forms come from the option structs, previews are neutral data.
"""

from transfergui.core.interfaces.networks import (
    ASSETS,
    IN_FILES,
    ONE,
    Backbone,
    Merge,
    Part,
    Source,
    WeightState,
    part_assets,
)
from transfergui.core.interfaces.objective import (
    LOGITS,
    UNLIKE,
    Found,
    LossSettings,
    Match,
    Matched,
    Objective,
    Probe,
    Said,
    Score,
)
from transfergui.core.interfaces.plan import (
    ALL,
    Align,
    BackboneChoice,
    LowRank,
    Modality,
    Networks,
    Only,
    Phase,
    PhaseSettings,
    Plan,
    Procedure,
    ScanProgress,
    SettingChoice,
    Strategy,
    always_pretrained,
    any_backbone,
    nothing_chosen,
)
from transfergui.core.interfaces.samples import (
    UNKNOWN,
    Preview,
    Sound,
    Text,
)

__all__ = [
    "ALL",
    "ASSETS",
    "IN_FILES",
    "LOGITS",
    "ONE",
    "UNKNOWN",
    "UNLIKE",
    "Align",
    "Backbone",
    "BackboneChoice",
    "Found",
    "LossSettings",
    "LowRank",
    "Match",
    "Matched",
    "Merge",
    "Modality",
    "Networks",
    "Objective",
    "Only",
    "Part",
    "Phase",
    "PhaseSettings",
    "Plan",
    "Preview",
    "Probe",
    "Procedure",
    "Said",
    "ScanProgress",
    "Score",
    "SettingChoice",
    "Sound",
    "Source",
    "Strategy",
    "Text",
    "WeightState",
    "always_pretrained",
    "any_backbone",
    "nothing_chosen",
    "part_assets",
]
