"""What there is to choose from: explicit tuples, looked up by key."""

import difflib
import functools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, comma_list
from transfergui.core.base.options import Kind, describe, listed
from transfergui.core.data.captions import TABLES
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.plan import Modality, Procedure, Strategy
from transfergui.core.modalities.audio.modality import Audio
from transfergui.core.modalities.image.modality import Image
from transfergui.core.modalities.text.modality import Texts
from transfergui.core.objectives.boxes import Boxes
from transfergui.core.objectives.number import Number
from transfergui.core.objectives.one_class import OneClass
from transfergui.core.objectives.several_labels import SeveralLabels
from transfergui.core.objectives.several_questions import SeveralQuestions
from transfergui.core.reading.files.walk import extension
from transfergui.core.strategies import (
    adabn,
    autoencoder,
    automatic_search,
    cdan,
    coral,
    dann,
    distillation,
    feature_extraction,
    fine_tuning,
    from_scratch,
    fusion,
    head_first,
    lora,
    masked_tokens,
    mcc,
    norm_and_bias,
    progressive_unfreezing,
    shot,
    simsiam,
    soup,
    starting_point,
    tradaboost,
    weighted_source,
)


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=_Keyed)


def unique(rows: tuple[T, ...]) -> tuple[T, ...]:
    """``rows``, of which no two have the same key.

    Raises:
        ValueError: two have.
    """
    keys = [row.key for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError(f"duplicate keys among {keys}")
    return rows


OBJECTIVES: tuple[Objective, ...] = unique(
    (OneClass(), SeveralLabels(), SeveralQuestions(), Number(), Boxes())
)
MODALITIES: tuple[Modality, ...] = unique((Image(), Audio(), Texts()))
STRATEGIES: tuple[Strategy, ...] = unique(
    (
        feature_extraction.STRATEGY,
        fine_tuning.STRATEGY,
        automatic_search.STRATEGY,
        head_first.STRATEGY,
        progressive_unfreezing.STRATEGY,
        norm_and_bias.STRATEGY,
        lora.STRATEGY,
        starting_point.STRATEGY,
        fusion.STRATEGY,
        soup.STRATEGY,
        distillation.STRATEGY,
        from_scratch.STRATEGY,
        coral.STRATEGY,
        mcc.STRATEGY,
        dann.STRATEGY,
        cdan.STRATEGY,
        weighted_source.STRATEGY,
        tradaboost.STRATEGY,
        simsiam.STRATEGY,
        autoencoder.STRATEGY,
        masked_tokens.STRATEGY,
        adabn.STRATEGY,
        shot.STRATEGY,
    )
)


def find(kind: str, rows: Sequence[T], key: str) -> T:
    """The row with this key; ``kind`` is marked with ``N_``.

    Raises:
        UserError: ``registry.unknown``, with the nearest keys.
    """
    for row in rows:
        if row.key == key:
            return row
    near = difflib.get_close_matches(key, [row.key for row in rows], n=3, cutoff=0.5)
    hint = _(" Did you mean {names}?").format(names=", ".join(near)) if near else ""
    raise UserError("registry.unknown", kind=_(kind), key=key, hint=hint)


def modality(key: str) -> Modality:
    return find(N_("modality"), MODALITIES, key)


def objective(key: str) -> Objective:
    return find(N_("objective"), OBJECTIVES, key)


def strategy(key: str) -> Strategy:
    return find(N_("strategy"), STRATEGIES, key)


def procedure_of(key: str) -> Procedure | None:
    """What a run of a strategy does; None of one that this version does not know."""
    return next((row.procedure for row in STRATEGIES if row.key == key), None)


def doing(procedure: Procedure) -> Strategy:
    """The first strategy with this procedure."""
    return next(row for row in STRATEGIES if row.procedure == procedure)


def backbone(modality: Modality, key: str) -> Backbone:
    """The network with this key, of those for ``modality``.

    Raises:
        UserError: ``registry.unknown``; ``backbone.for_others``: it is for something else.
    """
    rows = modality.backbones()
    if all(row.key != key for row in rows):
        for other in MODALITIES:
            if any(row.key == key for row in other.backbones()):
                values = {"key": key, "noun": modality.many, "others": _(other.many)}
                raise UserError("backbone.for_others", **values)
    return find(N_("backbone"), rows, key)


def owner(name: str) -> Modality | None:
    """The modality that looks for files of this name; tables are anybody's."""
    ending = extension(name)
    if not ending or ending in TABLES:
        return None
    return next((m for m in MODALITIES if f"*{ending}" in m.patterns), None)


@functools.lru_cache(maxsize=8)
def kinds() -> str:
    """Everything that can be learnt from: ``pictures, recordings or texts``."""
    *others, last = (_(modality.many) for modality in MODALITIES)
    if not others:
        return last
    return _("{others} or {last}").format(others=comma_list(others), last=last)


def _network_options(strategies: tuple[Strategy, ...]) -> Mapping[str, Kind]:
    return {
        option.name: option.kind
        for strategy in strategies
        for option in describe(strategy.options)
        if option.kind in ("network", "networks", "runs")
    }


def network_options() -> Mapping[str, Kind]:
    """The options of strategies that name networks or runs, and whether one or several of them."""
    return _network_options(STRATEGIES)


def named_in(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The networks and runs that the options of a recipe name, whatever its strategy."""
    values = (options.get(name, ()) for name in network_options())
    return tuple(name for value in values for name in listed(value))
