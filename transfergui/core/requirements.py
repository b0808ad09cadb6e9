"""What a recipe must not ask for: each mistake is told in a sentence. Imports no torch."""

from collections import Counter
from collections.abc import Sequence

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.options import Options
from transfergui.core.data.companions import ROLES
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.phase import Phase
from transfergui.core.interfaces.plan import Modality, Strategy
from transfergui.core.recipe import Recipe

OWN_HEAD = ("kind", "units", "dropout")
"""Settings of the head, for objectives that have none of their own."""


def obstacle(backbone: Backbone, strategy: Strategy, objective: Objective) -> str:
    """The code of why a network will not do, empty where it will."""
    return strategy.obstacle(backbone) or objective.backbone_obstacle(backbone)


def modality_fits(strategy: Strategy, modality: Modality) -> None:
    """Insist that the strategy works with such samples.

    Raises:
        UserError: ``strategy.other_modality``.
    """
    if not strategy.fits(modality.key):
        values = {"strategy": _(strategy.title), "noun": modality.many}
        raise UserError("strategy.other_modality", **values)


def learnable(objective: Objective, modality: Modality, strategy: Strategy) -> None:
    """Insist that it can be learnt from such samples, with this strategy.

    Raises:
        UserError: ``objective.other_modality``, or as :meth:`Objective.obstacle` says.
    """
    if objective.modalities and modality.key not in objective.modalities:
        raise UserError("objective.other_modality", title=_(objective.title), noun=modality.many)
    if obstacle := objective.obstacle(strategy):
        raise UserError(obstacle, title=_(objective.title), strategy=_(strategy.title))


def companions_named(recipe: Recipe, strategy: Strategy, modality: Modality) -> None:
    """Insist on the other data that the strategy works with.

    Raises:
        UserError: ``companion.needed``; ``companion.twice``: a role that only one can have is
            given to two.
    """
    named = {role for role, _path in recipe.others()}
    for role, count in Counter(role for role, _path in recipe.others()).items():
        if count > 1 and not ROLES[role].several:
            raise UserError("companion.twice", role=_(ROLES[role].title), option=role)
    for role in strategy.needs:
        if role not in named:
            values = {"strategy": _(strategy.title), "role": ROLES[role].of(modality.many)}
            raise UserError("companion.needed", option=role, **values)


def unmeant(modality: Modality, objective: Objective) -> dict[str, str]:
    """The settings that mean nothing for what is predicted, by their paths in the recipe, and the
    code of why: what :func:`meant` and :func:`meant_augment` refuse unless it is left alone."""
    found = {}
    if not objective.balances:
        found["optim.balance"] = "objective.no_balance"
    if not objective.smooths:
        found["optim.label_smoothing"] = "objective.no_smoothing"
    if objective.places:
        found |= dict.fromkeys((f"head.{name}" for name in OWN_HEAD), "objective.own_head")
    found |= {f"input.{name}": "objective.fixed_input" for name in objective.fixed_input}
    idle = modality.unmeant(objective.places)
    return found | {f"augment.{name}": "objective.augment" for name in idle}


def indivisible(strategy: Strategy, phases: Sequence[Phase] = ()) -> bool:
    """Whether a training cannot be shared by several processes.

    It can where the loss of a batch is the mean over its samples, each looked at by itself. What
    compares a batch with another one, of other data, needs both in one place; and what trains
    several models, or none, has no steps to share.
    """
    several = strategy.procedure != "train" or strategy.needs or strategy.align or strategy.weigh
    return bool(several) or any(phase.streams or phase.through for phase in phases)


def searches(strategy: Strategy) -> bool:
    """Whether several models are trained of which one is chosen: of several processes, each trains
    models of its own."""
    return strategy.procedure == "search"


def divisible(recipe: Recipe, strategy: Strategy, phases: Sequence[Phase] = ()) -> None:
    """Insist that as many processes as the recipe asks for can share the training.

    Args:
        phases: as far as they are known.

    Raises:
        UserError: ``processes.strategy``, ``processes.batch``.
    """
    if searches(strategy):
        return
    count, optim = recipe.run.processes, recipe.optim
    if count > 1 and indivisible(strategy, phases):
        raise UserError("processes.strategy", strategy=_(strategy.title))
    size = (optim.batch_size or count) * optim.accumulate
    if size < count:
        raise UserError("processes.batch", size=size, count=count)


def meant(recipe: Recipe, objective: Objective) -> None:
    """Insist that no setting is asked for that means nothing for what is predicted.

    Raises:
        UserError: ``objective.no_balance``, ``objective.no_smoothing``, ``objective.fixed_input``,
            ``objective.own_head``.
    """
    title, optim = _(objective.title), recipe.optim
    if optim.balance in ("weights", "sampling") and not objective.balances:
        raise UserError("objective.no_balance", title=title, value=optim.balance)
    if optim.label_smoothing and not objective.smooths:
        raise UserError("objective.no_smoothing", title=title)
    if objective.places and (recipe.head.kind != "linear" or recipe.head.dropout):
        raise UserError("objective.own_head", title=title)
    for name, value in objective.fixed_input.items():
        if recipe.input.get(name, value) != value:
            values = {"name": name, "value": value, "found": recipe.input[name]}
            raise UserError("objective.fixed_input", title=title, **values)


def meant_augment(modality: Modality, objective: Objective, augment: Options) -> None:
    """The same of augmentation.

    Raises:
        UserError: ``objective.augment``.
    """
    names = [n for n in modality.unmeant(objective.places) if getattr(augment, n) > 0]
    if names:
        titles = {each.name: _(each.title) for each in opt.describe(type(augment))}
        values = {"names": comma_list(titles[name] for name in names)}
        values["settings"] = " ".join(f"augment.{name}=0" for name in names)
        raise UserError("objective.augment", title=_(objective.title), **values)
