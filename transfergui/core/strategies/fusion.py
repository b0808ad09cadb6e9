"""Fusion: several pretrained networks look at each example, and one head learns from all of them.

Concatenation of the features of several convolutional networks after Akilan, Wu and Zhang,
"Effect of Fusing Features from Multiple DCNN Architectures in Image Classification", 2018 (IET
Image Processing 12(7)). With frozen backbones f_1 ... f_P, their features each centred and
brought to one scale, s_p(x) = (f_p(x) - mean_p) / scale_p [N, F_p], minimises over g alone the
cross-entropy of

    g([s_1(x), ..., s_P(x)])    side by side, F_1 + ... + F_P long, or
    g((s_1(x) + ... + s_P(x)) / P)    averaged, where all F_p are the same.

Networks that were trained otherwise, or built otherwise, see other things, and err on other
examples. Each looks at every example once; what it sees is cached for it alone, so that a plain
feature extraction and any other fusion find it again.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, listed, option
from transfergui.core.interfaces.networks import Backbone, Merge, Networks, Source, WeightState
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.choice import others
from transfergui.core.networks.planned import joined
from transfergui.core.strategies.feature_extraction import EPOCHS, LR, Passes, head_phases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class FusionOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    partners: Annotated[
        tuple[str, ...] | str,
        option(
            N_("Other backbones"),
            N_(
                "The backbones whose features are combined with those of the chosen one: "
                "published backbones or models of your own. Automatic takes the best other "
                "backbone on this computer."
            ),
            chooser="networks",
            essential=True,
        ),
    ] = ()
    merge: Annotated[
        Merge,
        option(
            N_("Combine features by"),
            N_(
                "Concatenation keeps all features of each backbone. Averaging gives fewer "
                "features and needs backbones with the same number of them."
            ),
            labels={"concatenate": N_("Concatenation"), "average": N_("Averaging")},
            advanced=True,
        ),
    ] = "concatenate"
    passes: Passes = 2


def obstacle(backbone: Backbone) -> str:
    return "" if backbone.cacheable else "fusion.not_frozen"


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    assert isinstance(settings.options, FusionOptions)
    return head_phases(settings, settings.options.passes)


def gather(plan: Plan, networks: Networks, states: Mapping[str, WeightState] | None) -> Plan:
    """See :class:`transfergui.core.interfaces.plan.Strategy`.

    Raises:
        UserError: ``fusion.no_partner``, ``fusion.twice``, ``fusion.not_frozen``; or as
            :meth:`Networks.named` and :func:`transfergui.core.networks.planned.joined`.
    """
    options = _options(plan)
    names = listed(options.partners)
    if not names:
        return _with_the_best(plan, networks, states)
    partners = [networks.named(name) for name in names]
    _require_different(plan, partners)
    return _recorded(joined(plan, partners, options.merge), names)


STRATEGY = Strategy(
    key="fusion",
    title=N_("Feature fusion"),
    summary=N_(
        "Combines the features of two or more backbones and trains a new last layer on them. "
        "Often more accurate than the best of them, and quick."
    ),
    options=FusionOptions,
    cost=1,
    preset="None",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    obstacle=obstacle,
    phases=phases,
    gather=gather,
)


def _options(plan: Plan) -> FusionOptions:
    assert isinstance(plan.options, FusionOptions)
    return plan.options


def _with_the_best(
    plan: Plan, networks: Networks, states: Mapping[str, WeightState] | None
) -> Plan:
    """Together with the best other network that is here and goes with it."""
    rows, folder = plan.modality.backbones(), plan.recipe.weights_dir
    known = states or weights_files.states(rows, folder)
    for row in others(plan.modality, known, plan.backbone, plan.split.languages):
        partner = networks.named(row.key)
        try:
            _require_different(plan, [partner])
            return _recorded(joined(plan, [partner], _options(plan).merge), (row.key,))
        except UserError:  # the next one may go with it
            continue
    raise UserError("fusion.no_partner", title=plan.backbone.title)


def _require_different(plan: Plan, partners: Sequence[Source]) -> None:
    """Insist on networks that can be frozen, and of which none is there twice."""
    rows = [(plan.backbone, plan.weights), *((each.backbone, each.weights) for each in partners)]
    for place, (row, weights) in enumerate(rows):
        if why := obstacle(row):
            raise UserError(why, title=row.title)
        if (row.key, weights) in [(other.key, file) for other, file in rows[:place]]:
            raise UserError("fusion.twice", title=row.title)


def _recorded(plan: Plan, partners: Sequence[str]) -> Plan:
    """``plan`` with the partners in its recipe, also those that the program chose."""
    names = [str(Path(n).absolute()) if weights_files.is_file_name(n) else n for n in partners]
    options = plan.recipe.options | {"partners": names}
    recipe = msgspec.structs.replace(plan.recipe, options=options)
    return dataclasses.replace(plan, recipe=recipe)
