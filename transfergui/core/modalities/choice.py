"""Which network is meant where a recipe leaves that to the program.

The best quick one whose weights are on the disk, else the one that comes with
the program. Nothing is downloaded for it: that a better one could be is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transfergui.core.messages import sentence
from transfergui.core.modalities import Backbone, Modality
from transfergui.core.modalities.weights import HERE, State

AUTO = "auto"
"""As a recipe's ``backbone``: chosen here when the recipe is resolved."""

QUICK = "fast"
"""The class of speed that a default may have. A "medium" network (ResNet-50, say) needs ten times
as long: without a graphics card, and whether there is one is not known without torch, somebody who
only pressed Train would wait an hour for a fine-tuning instead of minutes."""

BUILT_IN_ACCURACY = 57.0
"""What the built-in network stands for beside the published accuracies of the others: its linear
probes (see its model card) are somewhat below those of SqueezeNet (58)."""


@dataclass(frozen=True)
class Choice:
    """A network, why it was chosen, and what would be better.

    Attributes:
        code: of the sentence that says why.
        better: a network that is worth its download, None where there is no need of one.
    """

    backbone: Backbone
    code: str
    better: Backbone | None = None

    @property
    def why(self) -> str:
        """The reason as a sentence."""
        return sentence(self.code, {})


def choose(
    modality: Modality,
    states: Mapping[str, State],
    compact: bool = False,
    able: Callable[[Backbone], bool] = lambda row: True,
) -> Choice:
    """The network to take where none was named.

    Args:
        states: where the weights are, by key; what is not in it is taken for not there.
        compact: whether a small network is the point, not an accurate one.
        able: whether the strategy can work with a network. Where none here is, the smallest
            download that is, is taken; where there is none at all, the one that comes with the
            program, which says why not.
    """
    rows = {row.key: row for row in modality.backbones()}
    own = built_in(modality)
    if compact and able(own):
        return Choice(own, "choice.compact")
    can = [row for row in rows.values() if able(row)]
    here = [row for row in can if states.get(row.key) in HERE]
    if can and not here and not able(own):
        return Choice(min(can, key=lambda row: row.download_bytes), "choice.able")
    quick = [row for row in here if row.speed == QUICK]
    best = max(quick or here, key=lambda row: _standing(row, modality), default=own)
    wanted = rows[modality.recommended]
    worth = (
        states.get(wanted.key) == "download"
        and able(wanted)
        and _standing(wanted, modality) > _standing(best, modality)
    )
    code = "choice.built_in" if best is own else "choice.best_here"
    return Choice(best, code, wanted if worth else None)


def others(modality: Modality, states: Mapping[str, State], taken: Backbone) -> list[Backbone]:
    """The quick networks that are here beside the one that is ``taken``, best first."""
    here = [
        row
        for row in modality.backbones()
        if row.speed == QUICK and states.get(row.key) in HERE and row.key != taken.key
    ]
    return sorted(here, key=lambda row: _standing(row, modality), reverse=True)


def built_in(modality: Modality) -> Backbone:
    """The network whose weights come with the program; every modality has one."""
    return next(row for row in modality.backbones() if row.weights_url is None)


def _standing(row: Backbone, modality: Modality) -> float:
    """How good a network is; of those without a published figure, the recommended one is better
    than what is built in."""
    if row.weights_url is None:
        return BUILT_IN_ACCURACY
    if row.accuracy is None and row.key == modality.recommended:
        return BUILT_IN_ACCURACY + 1
    return row.accuracy or 0.0
