"""Soup and ensemble: finished trainings put together; nothing new is learnt.

Soup: Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves
accuracy without increasing inference time", 2022 (arXiv:2203.05482). Of M trainings with weights
w_1 ... w_M that began with the same pretrained ones, the model is

    f(x; (w_1 + ... + w_K) / K)

Ensemble, where weights cannot be averaged (Breiman, "Bagging predictors", 1996): the answers are,

    (p_1(x) + ... + p_K(x)) / K    [N, classes] of probabilities,

which is better still, and costs K times as much whenever it answers.

The K of the M are found greedily, in both (the paper's recipe; for ensembles Caruana et al.,
"Ensemble selection from libraries of models", 2004): the best one on the validation samples
first, then each next one, unless accuracy there falls with it. So the result is never right less
often there than the best of them; where it is right no more often, that is told.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, listed, option
from transfergui.core.data.targets import Targets, meaning, members
from transfergui.core.interfaces.networks import Networks, Source, WeightState
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.networks.combined import combine, run_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


SAME = 1e-6
"""Relative difference of means and deviations that comes of rounding."""


class SoupOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    runs: Annotated[
        tuple[str, ...] | str,
        option(
            N_("Runs"),
            N_(
                "Two or more finished runs on these classes. Runs that make the result worse on "
                "the validation set are left out."
            ),
            chooser="runs",
            essential=True,
        ),
    ] = ()
    how: Annotated[
        Literal["auto", "weights", "answers"],
        option(
            N_("Combine by"),
            N_(
                "Averaged weights (soup) give one model, as fast as each of them. Averaged "
                "predictions (ensemble) work for any runs, but every prediction needs all of "
                "their models."
            ),
            labels={
                "auto": N_("Weights if possible, else predictions"),
                "weights": N_("Averaged weights"),
                "answers": N_("Averaged predictions"),
            },
            advanced=True,
        ),
    ] = "auto"


def gather(plan: Plan, networks: Networks, states: Mapping[str, WeightState] | None) -> Plan:
    """See :class:`transfergui.core.interfaces.plan.Strategy`.

    Raises:
        UserError: ``soup.`` codes; or as :meth:`Networks.named` and
            :func:`transfergui.core.networks.planned.made_of`.
    """
    options = _options(plan)
    members = [networks.named(name) for name in listed(options.runs)]
    _require_fitting(plan, members)
    runs = [str(run_of(member).path.absolute()) for member in members]
    recipe = msgspec.structs.replace(plan.recipe, options=plan.recipe.options | {"runs": runs})
    plan = dataclasses.replace(plan, recipe=recipe)
    alike = _alike(networks, members)
    if options.how == "weights" and not alike:
        raise UserError("soup.not_alike")
    return combine(plan, members, average=alike and options.how != "answers")


def chosen(plan: Plan, networks: Networks) -> dict[str, str]:
    """What is averaged: weights, where those of all members can be."""
    alike = _alike(networks, [networks.named(name) for name in listed(_options(plan).runs)])
    return {"how": "weights" if alike else "answers"}


STRATEGY = Strategy(
    key="soup",
    title=N_("Combine runs (soup or ensemble)"),
    summary=N_(
        "Combines finished runs on the same classes into one model: averaged weights (soup) or "
        "averaged predictions (ensemble). Often more accurate than the best single run."
    ),
    options=SoupOptions,
    cost=1,
    preset="None",
    compact=False,
    procedure="combine",
    gather=gather,
    chosen=chosen,
)


def _options(plan: Plan) -> SoupOptions:
    assert isinstance(plan.options, SoupOptions)
    return plan.options


def _require_fitting(plan: Plan, members: Sequence[Source]) -> None:
    """Insist on two or more finished runs with the plan's classes."""
    if len(members) < 2:
        raise UserError("soup.too_few")
    classes = plan.split.classes or members[0].classes  # before a scan, the data's are not known
    targets = plan.split.targets if plan.split.classes else members[0].targets
    for place, member in enumerate(members):
        if member.run is None:
            raise UserError("soup.not_a_run", name=listed(_options(plan).runs)[place])
        _require_same_answers(member, classes, targets)
        if member.weights in [other.weights for other in members[:place]]:
            raise UserError("soup.twice", path=str(member.run))


def _require_same_answers(member: Source, classes: tuple[str, ...], targets: Targets) -> None:
    """Insist that each output of ``member`` stands for the same; which combinations of labels or
    answers there are does not matter.

    Raises:
        UserError: ``soup.other_objective``, ``soup.other_classes``, ``soup.other_scale``.
    """
    path, own = str(member.run), member.targets
    if own.objective != targets.objective:
        raise UserError("soup.other_objective", path=path)
    mine, theirs = (
        (members(each, names), msgspec.structs.replace(meaning(each), values=()))
        for each, names in ((targets, classes), (own, member.classes))
    )
    if mine != theirs:
        raise UserError("soup.other_classes", path=path)
    pairs = ((own.mean, targets.mean), (own.scale, targets.scale))
    if not all(math.isclose(a, b, rel_tol=SAME, abs_tol=SAME * targets.scale) for a, b in pairs):
        raise UserError(
            "soup.other_scale", path=path, theirs=f"{own.mean:.4g}", own=f"{targets.mean:.4g}"
        )


def _alike(networks: Networks, members: Sequence[Source]) -> bool:
    """Whether the mean of their weights means something."""
    first, *others = (networks.beginning(member) for member in members)
    return first is not None and all(other == first for other in others)
