"""Finished runs that a plan combines: their weights are averaged, or their predictions."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.interfaces.networks import Source
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks.planned import input_of_data, made_of, of_source
from transfergui.core.recipe import HeadOptions
from transfergui.core.runs.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence


def combine(plan: Plan, members: Sequence[Source], average: bool) -> Plan:
    """``plan``, with the network that ``members``, finished runs, make together.

    Args:
        average: whether their weights are averaged, not their answers; one alone is as it is.
    """
    recipes = [run_of(member).recipe for member in members]
    whole = average or len(members) == 1
    of_data = plan.split.input
    for member in members:
        of_data = input_of_data(plan.modality, member, of_data, plan.recipe.weights_dir)
    recipe = msgspec.structs.replace(
        plan.recipe,
        backbone=recipes[0].backbone,
        head=recipes[0].head if whole else HeadOptions(members=tuple(r.head for r in recipes)),
        input=(recipes[0].input if whole else {}) | of_data,
    )
    plain = dataclasses.replace(plan, recipe=recipe, choice=None)
    if not whole:
        return made_of(plain, members)
    return dataclasses.replace(
        of_source(plain, members[0], of_data), weights=None, run=None, members=tuple(members)
    )


def averages(plan: Plan) -> bool:
    """Whether the weights of the plan's members are averaged, not their answers."""
    return not plan.recipe.head.members


def run_of(member: Source) -> Run:
    """The run that made a member."""
    assert member.run is not None
    return Run(member.run)
