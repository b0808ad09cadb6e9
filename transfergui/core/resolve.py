"""From a recipe to what the engine needs: keys become objects, every default becomes a value, and
every mistake is found here.

The recipe of a plan is complete: a later version with other defaults trains the same with it. Not
in it is what is not known here: the device and the precision (``auto``: measured by the training),
a smaller batch where memory runs out, and, of a search, what suits each of its trials. What belongs
to a network (mean and scale of its input; of several networks together, the size that each wants)
is no default: its name stands for it.

Imports no torch: the window resolves a recipe at every edit to say at once what
does not fit.
"""

import contextlib
import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from transfergui.core import plans, registry, requirements, small_data_defaults, sources
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.data import imbalance, presence, tars
from transfergui.core.data.split import Split
from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.choices import BackboneChoice
from transfergui.core.interfaces.networks import ASSETS, Networks, Source, WeightState
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Modality, Plan, Strategy
from transfergui.core.networks import choice as choices
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.choice import AUTO
from transfergui.core.networks.composite import plain
from transfergui.core.networks.planned import checked_input, input_of_data
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import SPLIT, Run


def resolve(recipe: Recipe, split: Split, states: Mapping[str, WeightState] | None = None) -> Plan:
    """Check a recipe and look up what it names.

    Args:
        states: where the weights are, by key, if that is known; else the disk is looked at.

    Raises:
        UserError: ``recipe.invalid`` or ``registry.unknown``, naming the setting;
            ``strategy.`` codes: it cannot work with that network; ``objective.`` codes: a setting
            means nothing for what is predicted;
            ``weights.no_file`` or ``weights.unknown_network`` for a file named as backbone.
    """
    recipe = opt.check(recipe, Recipe)
    modality = registry.modality(recipe.modality)
    strategy = registry.strategy(recipe.strategy)
    requirements.modality_fits(strategy, modality)
    requirements.divisible(recipe, strategy)
    objective, asked = _objective(recipe, split)
    requirements.learnable(objective, modality, strategy)
    choice, source = _beginning(recipe, split, modality, strategy, objective, states)
    asked = objective.asked(source.backbone, asked)
    source = _as_learnt(source, modality, objective, split.targets)
    recipe = _written_down(recipe, split, modality, strategy, choice, source)
    options = opt.check(recipe.options, strategy.options, "options")
    augment = _augment(recipe, modality, strategy)
    requirements.meant(recipe, objective)
    if split.classes or recipe.data.objective:  # else only the data say what is predicted
        requirements.meant_augment(modality, objective, augment)
    requirements.companions_named(recipe, strategy, modality)
    seen = checked_input(modality, source, recipe.input, recipe.weights_dir)
    plan = Plan(
        recipe=recipe,
        split=split,
        modality=modality,
        backbone=objective.encoder(source.backbone, modality.input_shape(seen)),
        strategy=strategy,
        objective=objective,
        options=options,
        objective_options=opt.check(asked, objective.options, "objective"),
        input=seen,
        augment=augment,
        pretrained=strategy.starts_pretrained(options) and source.backbone.params > 0,
        class_weights=_class_weights(split, recipe.optim.balance) if objective.balances else None,
        weights=source.weights,
        run=source.run,
        learnt=source.targets,
        backbone_unchanged=source.backbone_unchanged,
        choice=choice,
        patience=recipe.run.patience or 0,
    )
    networks = _Networks(modality, split, recipe.weights_dir)
    if strategy.gather is not None:
        plan = strategy.gather(plan, networks, states)
    if split.classes:  # else before a scan: much depends on the data
        plan = _complete(plan, networks)
    plan = _with_phases(plan)
    requirements.divisible(plan.recipe, strategy, plan.phases)
    return plan


def _beginning(
    recipe: Recipe,
    split: Split,
    modality: Modality,
    strategy: Strategy,
    objective: Objective,
    states: Mapping[str, WeightState] | None,
) -> tuple[BackboneChoice | None, Source]:
    """What the recipe's training begins with, and why where that was left to the program.

    Raises:
        UserError: there is none of that name, or the strategy cannot work with it.
    """
    choice = None
    if recipe.backbone == AUTO:
        choice = automatic(recipe, states, split.languages, objective)
    source = sources.named_backbone(modality, choice.backbone.key if choice else recipe.backbone)
    if objective.backbone_obstacle(source.backbone):
        source = sources.within(source, modality)
    if obstacle := requirements.obstacle(source.backbone, strategy, objective):
        raise UserError(obstacle, title=source.backbone.title)
    return choice, source


def _written_down(
    recipe: Recipe,
    split: Split,
    modality: Modality,
    strategy: Strategy,
    choice: BackboneChoice | None,
    source: Source,
) -> Recipe:
    """``recipe`` with the network that it begins with, and the input options that come with it.

    Weights arrive, and a run whose picture size, say, is taken over may be gone, until this recipe
    is read again.
    """
    named = choice.backbone.key if choice else recipe.backbone
    known = {name: value for name, value in source.input.items() if name != ASSETS}
    if choice and strategy.procedure == "search":  # which network it is, the search is to find
        named, known = AUTO, {}
    of_data = input_of_data(modality, source, split.input, recipe.weights_dir)
    input = known | of_data | recipe.input
    head = msgspec.structs.replace(recipe.head, members=())  # of another run: an ensemble
    return msgspec.structs.replace(recipe, backbone=named, input=input, head=head)


def left_open(plan: Plan) -> Recipe:
    """The recipe of a plan, leaving to the program what it would choose alike.

    Another strategy or backbone then gets values of its own, not those that suited the old one.
    """
    recipe = small_data_defaults.emptied(plan.recipe, plan.automatic)
    if plan.augment == plan.modality.augment_presets[plan.strategy.preset]:
        recipe = msgspec.structs.replace(recipe, augment=None)
    return recipe if resolve(recipe, plan.split).recipe == plan.recipe else plan.recipe


def for_targets(recipe: Recipe, targets: Targets) -> Recipe:
    """``recipe`` without what means nothing, or cannot be, where ``targets`` are predicted."""
    objective, modality = registry.objective(targets.objective), registry.modality(recipe.modality)
    if objective.obstacle(registry.strategy(recipe.strategy)):
        recipe = for_strategy(recipe, Recipe().strategy)
    known = {field.name for field in msgspec.structs.fields(objective.options)}
    own = {name: value for name, value in recipe.objective.items() if name in known}
    fixed, head = objective.fixed_input, Recipe().head if objective.places else recipe.head
    input = {n: value for n, value in recipe.input.items() if fixed.get(n, value) == value}
    augment = recipe.augment
    if augment is not None:
        opt.check(augment, modality.augment_options, "augment")
        unmeant = modality.unmeant(objective.places)
        augment = {name: value for name, value in augment.items() if name not in unmeant}
    return msgspec.structs.replace(recipe, objective=own, input=input, head=head, augment=augment)


def for_strategy(recipe: Recipe, strategy: str) -> Recipe:
    """``recipe`` with another strategy, without what belongs to the old one: its options, and the
    augmentation that it has by itself."""
    if strategy == recipe.strategy:
        return recipe
    old, modality = registry.strategy(recipe.strategy), registry.modality(recipe.modality)
    augment = recipe.augment
    if augment is not None:
        own = modality.augment_presets[old.preset]
        augment = None if _augment(recipe, modality, old) == own else augment
    return msgspec.structs.replace(recipe, strategy=strategy, options={}, augment=augment)


def for_other_data(recipe: Recipe) -> Recipe:
    """``recipe`` for data that it was not made for: a strategy that cannot work with them, or only
    with other data beside, which these have not, gives way to the proposed one with its usual
    length."""
    strategy = registry.strategy(recipe.strategy)
    named = {role for role, _path in recipe.others()}
    if strategy.fits(recipe.modality) and named.issuperset(strategy.needs):
        return recipe
    plain = Recipe()
    length = msgspec.structs.replace(recipe.run, epochs=plain.run.epochs)
    return msgspec.structs.replace(for_strategy(recipe, plain.strategy), run=length)


def for_backbone(recipe: Recipe, named: str) -> Recipe:
    """``recipe`` with another network, without the input options that the old one has by itself."""
    if recipe.backbone in (named, AUTO):
        return msgspec.structs.replace(recipe, backbone=named)
    modality, input = registry.modality(recipe.modality), recipe.input
    with contextlib.suppress(UserError):
        if sources.named_backbone(modality, named).backbone.body:
            own = {name: value for name, value in recipe.objective.items() if name != "head"}
            recipe = msgspec.structs.replace(recipe, objective=own)
    with contextlib.suppress(UserError):  # it is gone: nobody knows what it had
        row = sources.named_backbone(modality, recipe.backbone).backbone
        input = sources.changed_input(modality, row, input)
    return msgspec.structs.replace(recipe, backbone=named, input=input)


def _as_learnt(
    source: Source, modality: Modality, objective: Objective, targets: Targets
) -> Source:
    """``source`` with the input options that the objective asks for: a run of the same objective
    has its own already."""
    same = source.run is not None and source.targets.objective == targets.objective
    own = {} if same else objective.own_input(source.backbone)
    asked = own | dict(objective.fixed_input)
    return dataclasses.replace(source, input=source.input | asked) if asked else source


def _objective(recipe: Recipe, split: Split) -> tuple[Objective, dict[str, Any]]:
    """What is predicted, and the options that are asked for it.

    Before a scan, only the recipe may say it; where it does not, its options are not looked at yet.
    """
    said = recipe.data.objective
    if split.classes or not said:
        asked = recipe.objective if split.classes else {}
        return registry.objective(split.targets.objective), asked
    return registry.objective(said), recipe.objective


@dataclasses.dataclass(frozen=True)
class _Networks:
    """See :class:`transfergui.core.interfaces.networks.Networks`."""

    modality: Modality
    split: Split
    weights_dir: str | None

    def named(self, name: str) -> Source:
        return sources.named_backbone(self.modality, name, self.split.languages)

    def input(self, source: Source) -> dict[str, Any]:
        found = checked_input(self.modality, source, self.split.input, self.weights_dir)
        return _settable(found)

    def beginning(self, source: Source) -> tuple[Any, ...] | None:
        return sources.beginning(self.modality, source, self.split.input, self.weights_dir)


def _complete(plan: Plan, networks: Networks) -> Plan:
    """``plan`` with every default that it uses written into its recipe, but those of phases."""
    recipe, counts = plan.recipe, plan.split.train_counts()
    chosen = _below("options", plan.strategy.chosen(plan, networks))
    chosen |= _below("objective", plan.objective.chosen(plan.split.targets, counts))
    parts = {
        "options": plain(plan.options) | recipe.options,
        "objective": plain(plan.objective_options) | recipe.objective,
    }
    if plan.strategy.procedure != "search":  # what it tries has its own
        chosen["optim.batch_size"] = plan.objective.batch_size
        chosen["run.early_stopping"] = "accuracy" if plan.objective.by_score else "loss"
    if plan.strategy.procedure == "train":
        balanced = plan.objective.balances and imbalance.is_uneven(counts)
        chosen["optim.balance"] = "weights" if balanced else "none"
    if plan.strategy.procedure in ("train", "adapt"):
        parts |= {"augment": plain(plan.augment), "input": _shared_input(plan) | recipe.input}
    recipe = small_data_defaults.filled(msgspec.structs.replace(recipe, **parts), chosen)
    return dataclasses.replace(
        plan,
        recipe=recipe,
        options=opt.check(recipe.options, plan.strategy.options, "options"),
        objective_options=opt.check(recipe.objective, plan.objective.options, "objective"),
        automatic=chosen,
    )


def _below(part: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{part}.{name}": value for name, value in values.items()}


def _settable(input: Options) -> dict[str, Any]:
    """Those of a modality's input options that are described: the others belong to the network or
    come from the data, and are no defaults."""
    values = plain(input)
    return {option.name: values[option.name] for option in opt.describe(type(input))}


def _shared_input(plan: Plan) -> dict[str, Any]:
    """The input options that can be set, as the plan has them; of several networks, those that are
    the same for all of them: what a recipe names holds for each."""
    changes, folder = plan.recipe.input, plan.recipe.weights_dir
    inputs = [checked_input(plan.modality, each, changes, folder) for each in plan.members]
    first, *others = map(_settable, inputs or [plan.input])
    return {name: v for name, v in first.items() if all(other[name] == v for other in others)}


def _with_phases(plan: Plan) -> Plan:
    """``plan`` with its phases, and with what was left to the program of them written into its
    recipe.

    What a strategy finds wrong when it makes its phases, an unknown teacher say, is found here.
    """
    usual = _phases(plan, plan.strategy.epochs, plan.strategy.lr)
    if not usual:
        return plan
    usual = tuple(_scaled(phase, plan) for phase in usual)
    automatic = dict(plan.automatic)
    automatic |= _usual_length(plan.strategy, [phase for phase in usual if not phase.fixed])
    found = small_data_defaults.situation(plan, usual, plans.outputs(plan))
    rules = small_data_defaults.choices(found)
    automatic |= {rule.setting: rule.value for rule in rules}
    recipe = small_data_defaults.filled(plan.recipe, automatic)
    count, lr, patience = recipe.run.epochs, recipe.optim.lr, recipe.run.patience
    assert count is not None and lr is not None and patience is not None
    phases = _phases(plan, count, lr)
    return dataclasses.replace(
        plan,
        recipe=recipe,
        patience=patience,
        phases=tuple(_scaled(p, plan) if p.fixed else p for p in phases),
        automatic=automatic,
        resolved_defaults=small_data_defaults.left_open(plan.recipe, rules),
    )


def _usual_length(strategy: Strategy, open_to_choice: Sequence[Phase]) -> dict[str, Any]:
    """Epochs and learning rate that a strategy takes by itself, by their paths in the recipe.

    Args:
        open_to_choice: the phases that they are for; none where a network has nothing to unfreeze.
    """
    if not open_to_choice:
        return {"run.epochs": strategy.epochs, "optim.lr": strategy.lr}
    epochs = sum(phase.epochs for phase in open_to_choice)
    return {"run.epochs": epochs, "optim.lr": open_to_choice[0].lr}


def _phases(plan: Plan, epochs: int, lr: float) -> tuple[Phase, ...]:
    """The phases of the strategy, for a backbone of which a part is new, or whose features are not
    worth keeping."""
    settings = PhaseSettings(
        options=plan.options,
        epochs=epochs,
        lr=lr,
        groups=len(plan.backbone.groups),
        augments=plans.augments(plan),
        classes=plan.split.classes,
        targets=plan.split.targets,
        named=_Networks(plan.modality, plan.split, plan.recipe.weights_dir).named,
        roles=frozenset(role for role, _name in plan.recipe.others()),
    )
    return tuple(_suited(phase, plan) for phase in plan.strategy.phases(settings))


def _suited(phase: Phase, plan: Plan) -> Phase:
    backbone = plan.backbone
    small = not backbone.pooled or plans.kept_bytes(plan, phase) <= plans.MOST_KEPT
    if backbone.cacheable and small:
        return phase
    groups = phase.groups if phase.groups == ALL else max(phase.groups, backbone.untrained_groups)
    return dataclasses.replace(phase, groups=groups, cache_features=False, augmented_copies=0)


def _scaled(phase: Phase, plan: Plan) -> Phase:
    """``phase``, for a backbone that is trained on otherwise than strategies do by themselves, or
    for what takes longer to learn."""
    if phase.through is not None:  # of which options of its own say it
        return phase
    steps = math.ceil(
        len(plan.split.train) / (plans.batch_size(plan) * plan.recipe.optim.accumulate)
    )
    longer, faster = plan.objective.pace(phase.groups == 0, steps)
    if phase.groups != 0 or plan.backbone.body:  # a detector's head has learnt something, too
        longer, faster = longer * plan.backbone.epoch_scale, faster * plan.backbone.lr_scale
    return dataclasses.replace(
        phase, lr=phase.lr * faster, epochs=max(1, round(phase.epochs * longer))
    )


def resume_plan(run: Run, accept_changes: bool = False) -> Plan:
    """What a run that was interrupted, cancelled or failed needs to go on.

    Args:
        accept_changes: go on although files are gone or have changed; what is gone
            is taken out of the run's ``split.json``.

    Raises:
        UserError: ``run.finished``; ``run.data_changed``: the data are not what
            they were, and that was not accepted; ``run.data_gone``: what is left is too little;
            ``run.tar_changed``: a tar was replaced, so that nobody knows which labels are whose.
    """
    outcome = run.history().outcome
    if isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled":
        raise UserError("run.finished", path=str(run.path))
    split = run.split
    require_own_tars(run)
    present, missing, changed = presence.compare(split)
    if missing or changed:
        if not accept_changes:
            values = {"missing": len(missing), "changed": len(changed)}
            raise UserError("run.data_changed", path=(missing + changed)[0], **values)
        if missing and not (present.train and (present.val or present.test)):
            values = {"missing": len(missing), "total": sum(split.sizes().values())}
            raise UserError("run.data_gone", path=missing[0], **values)
        present.save(run.path / SPLIT)
    return resolve(run.recipe, present)


def require_own_tars(run: Run) -> None:
    """Insist that the tars of its data are those that it was begun with.

    Raises:
        UserError: ``run.tar_changed``; ``run.tar_changed_untrained``: it has no model yet.
    """
    if (tar := next(tars.replaced(run.split.places), None)) is not None:
        code = "run.tar_changed" if run.best.is_file() else "run.tar_changed_untrained"
        raise UserError(code, path=str(tar), run=str(run.path))


def automatic(
    recipe: Recipe,
    states: Mapping[str, WeightState] | None = None,
    languages: Sequence[str] = (),
    objective: Objective | None = None,
) -> BackboneChoice:
    """The network that ``auto`` means in this recipe, now and here.

    Args:
        states: as for :func:`resolve`.
        languages: of the samples, as of :class:`transfergui.core.data.split.Split`.
        objective: what is predicted; None for what the recipe says.

    Raises:
        UserError: ``registry.unknown``: the modality or the strategy.
    """
    modality = registry.modality(recipe.modality)
    strategy = registry.strategy(recipe.strategy)
    wanted = objective or registry.objective(recipe.data.objective or Targets().objective)
    if states is None:
        states = weights_files.states(modality.backbones(), recipe.weights_dir)
    return choices.choose(
        modality,
        states,
        strategy.compact,
        lambda row: not requirements.obstacle(row, strategy, wanted),
        languages,
    )


def _augment(recipe: Recipe, modality: Modality, strategy: Strategy) -> Options:
    if recipe.augment is None:
        return modality.augment_presets[strategy.preset]
    return opt.check(recipe.augment, modality.augment_options, "augment")


def _class_weights(split: Split, balance: str) -> tuple[float, ...] | None:
    counts = split.train_counts()
    present = [count for count in counts if count]
    if balance != "weights" and not (balance == "auto" and imbalance.is_uneven(counts)):
        return None
    total = sum(counts)
    return tuple(total / (len(present) * count) if count else 0.0 for count in counts)
