"""Which network is meant where a recipe leaves that to the program.

The best quick one whose weights are on the disk, else the one that comes with
the program. Of texts, one that was trained on their language, or that any language suits.
Nothing is downloaded for it: that a better one could be is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from transfergui.core.base.notes import Note
from transfergui.core.data.languages import knows, named
from transfergui.core.interfaces.choices import BackboneChoice
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.interfaces.plan import Modality
from transfergui.core.networks.weights import HERE

AUTO = "auto"
"""As a recipe's ``backbone``: chosen here when the recipe is resolved."""

QUICK = "fast"
"""The class of speed that a default may have. A "medium" network (ResNet-50, say) needs ten times
as long: without a graphics card, and whether there is one is not known without torch, somebody who
only pressed Train would wait an hour for a fine-tuning instead of minutes."""

BUILT_IN_ACCURACY = 57.0
"""What the built-in network stands for beside the published accuracies of the others: its linear
probes (see its model card) are somewhat below those of SqueezeNet (58)."""


def choose(
    modality: Modality,
    states: Mapping[str, WeightState],
    compact: bool = False,
    able: Callable[[Backbone], bool] = lambda row: True,
    languages: Sequence[str] = (),
) -> BackboneChoice:
    """The network to take where none was named.

    Args:
        states: where the weights are, by key; what is not in it is taken for not there.
        compact: whether a small network is the point, not an accurate one.
        able: whether the strategy can work with a network. Where none here is, the smallest
            download that is, is taken; where there is none at all, the one that comes with the
            program, which says why not.
        languages: of the samples. A network that was not trained on them is taken only where there
            is no other here that the strategy can work with.
    """
    own = built_in(modality)
    if compact and able(own) and knows(own.languages, languages):
        return BackboneChoice(own, Note("choice.compact"))
    can = [row for row in modality.backbones() if able(row)]
    here = [row for row in can if states.get(row.key) in HERE]
    if can and not here and not able(own):
        smallest = min(can, key=lambda row: row.download_bytes)
        return BackboneChoice(smallest, Note("choice.able"))
    here = [row for row in here if knows(row.languages, languages)] or here
    quick = [row for row in here if row.speed == QUICK]
    wanted = recommended_for(modality, languages)
    best = max(quick or here, key=lambda row: _standing(row, wanted), default=own)
    worth = (
        states.get(wanted.key) == "download"
        and able(wanted)
        and knows(wanted.languages, languages)
        and _standing(wanted, wanted) > _standing(best, wanted)
    )
    better = wanted if worth else None
    if knows(own.languages, languages):
        code = "choice.built_in" if best is own else "choice.best_here"
        return BackboneChoice(best, Note(code), better)
    values = {"title": best.title, "language": named(languages)}
    return BackboneChoice(best, Note(_by_language(best, languages), values), better)


def _by_language(row: Backbone, languages: Sequence[str]) -> str:
    """The code of why a network is taken for samples that the built-in one does not suit."""
    if not row.languages:
        return "choice.any_language"
    return "choice.language" if knows(row.languages, languages) else "choice.no_language"


def recommended_for(modality: Modality, languages: Sequence[str] = ()) -> Backbone:
    """The network that the modality recommends; the first quick one that knows the languages where
    that does not, but another one does."""
    rows = modality.backbones()
    recommended = next(row for row in rows if row.key == modality.recommended)
    if knows(recommended.languages, languages):
        return recommended
    quick = (row for row in rows if row.speed == QUICK and row.weights_url)
    return next((row for row in quick if knows(row.languages, languages)), recommended)


def others(
    modality: Modality,
    states: Mapping[str, WeightState],
    taken: Backbone,
    languages: Sequence[str] = (),
) -> list[Backbone]:
    """The quick networks that are here beside the one that is ``taken``, best first; those that
    know the ``languages`` of the samples before others."""
    recommended = recommended_for(modality, languages)
    here = [
        row
        for row in modality.backbones()
        if row.speed == QUICK
        and states.get(row.key) in HERE
        and row.key != taken.key
        and not row.body
    ]

    def place(row: Backbone) -> tuple[bool, float]:
        return knows(row.languages, languages), _standing(row, recommended)

    return sorted(here, key=place, reverse=True)


def built_in(modality: Modality) -> Backbone:
    """The network whose weights come with the program; every modality has one."""
    return next(row for row in modality.backbones() if row.weights_url is None)


def _standing(row: Backbone, wanted: Backbone) -> float:
    """How good a network is; of those without a published figure, the ``wanted`` one is better
    than what is built in."""
    if row.weights_url is None:
        return BUILT_IN_ACCURACY
    if row.accuracy is None and row.key == wanted.key:
        return BUILT_IN_ACCURACY + 1
    return row.accuracy or 0.0
