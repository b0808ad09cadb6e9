"""From a recipe to what the engine needs: keys become objects, and every mistake is found here.

Imports no torch: the window resolves a recipe at every edit to say at once what
does not fit.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import registry, restraint
from transfergui.core.base import files, paths
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _ as translated
from transfergui.core.base.options import Options
from transfergui.core.data import imbalance
from transfergui.core.data import split as splitting
from transfergui.core.data.split import Split
from transfergui.core.interfaces import (
    ALL,
    ASSETS,
    Backbone,
    Gathering,
    Merge,
    Modality,
    Part,
    Phase,
    Source,
    Strategy,
    WeightState,
    part_assets,
)
from transfergui.core.networks import choice as choices
from transfergui.core.networks import composite
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.choice import AUTO, Choice
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs import packages
from transfergui.core.runs.run import SPLIT, Run
from transfergui.core.sources import ROW, checked_input, learnt_from, named_backbone, with_assets

CLEARLY = 1.1
"""A teacher is larger, or slower, than its student with so many times its figure."""


@dataclass(frozen=True)
class Plan:
    """The only reader of the recipe; below it, functions take plain values.

    Attributes:
        options: the strategy's options, checked.
        input: the modality's input options, the backbone's defaults filled in.
        augment: the modality's augmentation options, checked.
        weights: the file of the weights where no backbone key was named, else None.
        run: the run that these weights are of, if they are one's.
        untouched: whether that training, or a model package's, left its network as it was.
        choice: why this backbone, where the recipe left it to the program; the plan's own
            recipe names it.
        members: the networks that the backbone is made of by this training: one for each of its
            parts, or, where it has none, those whose weights are averaged; empty where it is
            one network from the start.
        settled: what the recipe left to the program against learning by heart; the plan's own
            recipe has it.
    """

    recipe: Recipe
    split: Split
    modality: Modality
    backbone: Backbone
    strategy: Strategy
    options: Options
    input: Options
    augment: Options
    weights: Path | None = None
    run: Path | None = None
    untouched: bool = False
    choice: Choice | None = None
    members: tuple[Source, ...] = ()
    settled: tuple[restraint.Choice, ...] = ()

    @functools.cached_property
    def restraints(self) -> tuple[restraint.Choice, ...]:
        """What the program chooses against learning by heart, where that is left to it."""
        found = restraint.situation(self.split, self.phases, self.pretrained)
        return restraint.choices(found)

    @property
    def patience(self) -> int:
        """Epochs without improvement that are waited for."""
        patience = self.recipe.run.patience
        assert patience is not None  # settled
        return patience

    @property
    def classes(self) -> tuple[str, ...]:
        return self.split.classes

    @property
    def augments(self) -> bool:
        """Whether any augmentation is switched on."""
        return self.augment != self.modality.augment_options()

    @property
    def class_weights(self) -> tuple[float, ...] | None:
        """Loss weight per class (mean 1 over the training samples), or None for all alike."""
        return _class_weights(self.split, self.recipe.optim.balance)

    @property
    def pretrained(self) -> bool:
        """Whether the backbone begins with pretrained weights; one without parameters has none."""
        return self.strategy.starts_pretrained(self.options) and self.backbone.params > 0

    @property
    def frozen(self) -> bool:
        """Whether the pretrained network stays as it is, from the first epoch to the last."""
        phases = self.phases
        return self.pretrained and bool(phases) and all(phase.groups == 0 for phase in phases)

    def require_weights(self) -> Path:
        """The file of the backbone's weights.

        Raises:
            UserError: as :func:`transfergui.core.networks.weights.require`.
        """
        return self.weights or weights_files.require(self.backbone, self.recipe.weights_dir)

    def starting_weights(self) -> Path | tuple[Path, ...]:
        """As :meth:`require_weights`; of a network that is made here of several, one file each."""
        if self.members:
            return tuple(part.require_weights() for part in self.parts)
        return self.require_weights()

    def require_fit(self) -> None:
        """As :meth:`Modality.require_fit`, of each part of the network.

        Raises:
            UserError: as there.
        """
        if not self.backbone.parts:
            self.modality.require_fit(self.backbone, self.input, self.augment)
            return
        inputs = composite.part_inputs(self.modality, self.backbone, self.input)
        for part, input in zip(self.backbone.parts, inputs, strict=True):
            dataclasses.replace(self, backbone=part.backbone, input=input).require_fit()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The networks whose weights must be there before the training can begin."""
        whole = self.members or (Source(self.backbone, self.weights, run=self.run),)
        own = whole if self.pretrained else ()
        teachers = [phase.teacher for phase in self.phases if phase.teacher]
        return (*own, *teachers)

    def missing(self, states: Mapping[str, WeightState]) -> Backbone | None:
        """The first network that it needs whose weights are yet to be downloaded.

        Args:
            states: where the weights are, by key; what is not in it is taken for there.
        """
        named = (source.backbone for source in self.sources if source.weights is None)
        return next((row for row in named if states.get(row.key) == "download"), None)

    def lacks(self, states: Mapping[str, WeightState]) -> UserError | None:
        """Why it cannot begin before something was downloaded; None where nothing is missing.

        Args:
            states: as for :meth:`missing`.
        """
        row = self.missing(states)
        if row is None:
            return None
        code = "weights.needed"
        if self.choice is not None and self.choice.code == "choice.able":
            obstacle = self.strategy.obstacle(choices.built_in(self.modality))
            attends = obstacle == "strategy.no_attention"
            code = "weights.needed_attention" if attends else "weights.needed_able"
        size = max(1, round(row.download_bytes / 1e6))
        strategy = translated(self.strategy.title)
        return UserError(code, title=row.title, megabytes=size, strategy=strategy)

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What the user should know of how it begins: codes and values."""
        yield from self.split.shortages(self.modality.many)
        name = paths.expanded(self.recipe.backbone)
        own = self.run is not None or (self.weights is not None and packages.is_package(name))
        if own and self.pretrained:
            code = "source.as_it_was" if self.untouched else "source.taken_over"
            yield code, _taken(name, self)
        if self.strategy.key == AUTO and self.choice is None:
            yield "auto.only", {"title": self.backbone.title}
        for teacher in filter(None, (phase.teacher for phase in self.phases)):
            if code := _nothing_saved(self.backbone, teacher.backbone):
                yield code, _sizes(self.backbone, teacher.backbone)

    def seen_before(self) -> frozenset[str]:
        """The absolute paths of what this training's own sources were trained on.

        Only one's own runs can be asked, and what they themselves began with.
        """
        runs = [source.run for source in self.sources if source.run]
        return frozenset().union(*(learnt_from(Run(path)) for path in runs))

    def network(self, named: str) -> Source:
        """As :func:`named_backbone`, for an option that names a network."""
        return named_backbone(self.modality, named, self.split.languages)

    def beginning(self, source: Source) -> tuple[Any, ...] | None:
        """What the weights of a finished run began with, and their shape.

        The weights of two runs for which this is the same can be averaged. None where they began
        at random, or are those of several networks with a head each.
        """
        assert source.run is not None
        recipe = Run(source.run).recipe
        strategy = registry.strategy(recipe.strategy)
        head = recipe.head
        options = opt.check(recipe.options, strategy.options, "options")
        if head.members or not strategy.starts_pretrained(options):
            return None
        drawn = head.kind == "hidden" or source.backbone.fresh > 0  # something, from the seed
        seed = recipe.run.seed if drawn else None
        shape = (head.kind, head.units if head.kind == "hidden" else None)
        input = composite.plain(self.of_teacher(source).input)
        return source.backbone, recipe.backbone, input, shape, seed

    def joined(self, partners: Sequence[Source], merge: Merge) -> "Plan":
        """This training, on the network of the plan and ``partners`` taken together.

        Raises:
            UserError: as :func:`transfergui.core.networks.composite.compose`.
        """
        own = Source(self.backbone, self.weights, msgspec.structs.asdict(self.input), self.run)
        return self.made_of((own, *partners), merge)

    def made_of(self, members: Sequence[Source], merge: Merge = "concatenate") -> "Plan":
        """This training, on ``members`` taken together.

        Raises:
            UserError: as :func:`transfergui.core.networks.composite.compose`.
        """
        changes, folder = self.recipe.input, self.recipe.weights_dir
        inputs = [checked_input(self.modality, each, changes, folder) for each in members]
        networks = [(each.backbone, input) for each, input in zip(members, inputs, strict=True)]
        backbone, whole = composite.compose(self.modality, networks, merge)
        seen = [getattr(input, ASSETS, "") for input in inputs]
        own = [{ASSETS: assets} if assets else {} for assets in seen]
        pairs = zip(members, own, strict=True)
        return dataclasses.replace(
            self,
            backbone=backbone,
            weights=None,
            run=None,
            input=whole,
            members=tuple(
                dataclasses.replace(each, input=each.input | assets) for each, assets in pairs
            ),
        )

    @functools.cached_property
    def parts(self) -> tuple["Plan", ...]:
        """The same samples, seen by each network that the backbone is made of here; where it is
        one network from the start, this plan.

        A part that sees what is prepared as it would alone has the plan that it would have
        alone; another one that of a network of one part, which resizes the picture.
        """
        if not (self.members and self.backbone.parts):
            return (self,)
        pairs = zip(self.backbone.parts, self.members, strict=True)
        return tuple(self._of_part(part, source) for part, source in pairs)

    def _of_part(self, part: Part, source: Source) -> "Plan":
        assets = {ASSETS: source.input[ASSETS]} if ASSETS in source.input else {}
        input = opt.check(part.input | assets, self.modality.input_options, "input")
        row = part.backbone
        if self.modality.input_shape(input) != self.modality.input_shape(self.input):
            row, input = composite.alone(part, self.input), self.input
        return dataclasses.replace(
            self, backbone=row, weights=source.weights, run=source.run, input=input, members=()
        )

    def of_teacher(self, teacher: Source) -> "Plan":
        """The same samples, seen by ``teacher``."""
        return dataclasses.replace(
            self,
            backbone=teacher.backbone,
            weights=teacher.weights,
            run=teacher.run,
            input=self._input_of(teacher),
            members=(),
        )

    def _input_of(self, teacher: Source) -> Options:
        folder = self.recipe.weights_dir
        return checked_input(self.modality, teacher, self.split.input, folder)

    @functools.cached_property
    def phases(self) -> tuple[Phase, ...]:
        """Worked out once: the loop asks at every step, and a teacher is looked up on the disk."""
        return tuple(_suited(phase, self) for phase in self.strategy.phases(self))

    @property
    def epochs(self) -> int:
        return sum(phase.epochs for phase in self.phases)


def _taken(name: Path, plan: Plan) -> dict[str, Any]:
    """What a sentence about the network of one's own needs."""
    return {"path": name.name, "count": len(plan.classes), "title": plan.backbone.title}


def _nothing_saved(student: Backbone, teacher: Backbone) -> str:
    """What to say of a student that is not clearly smaller than its teacher; else nothing.

    Both by their published figures: one's own trainings are of the same networks.
    """
    if not teacher.params or CLEARLY * student.params <= teacher.params:
        return ""
    quicker = CLEARLY * student.flops <= teacher.flops
    return "distillation.quicker" if quicker else "distillation.larger"


def _sizes(student: Backbone, teacher: Backbone) -> dict[str, Any]:
    """What a sentence about the two needs; sizes in millions of parameters."""
    return {
        "title": student.title,
        "teacher": teacher.title,
        "size": round(student.params / 1e6, 1),
        "other": round(teacher.params / 1e6, 1),
    }


def resolve(recipe: Recipe, split: Split, states: Mapping[str, WeightState] | None = None) -> Plan:
    """Check a recipe and look up what it names.

    Args:
        states: where the weights are, by key, if that is known; else the disk is looked at.

    Raises:
        UserError: ``recipe.invalid`` or ``registry.unknown``, naming the setting;
            ``strategy.`` codes: it cannot work with that network;
            ``weights.no_file`` or ``weights.unknown_network`` for a file named as backbone.
    """
    recipe = opt.check(recipe, Recipe)
    modality = registry.modality(recipe.modality)
    strategy = registry.strategy(recipe.strategy)
    choice = automatic(recipe, states, split.languages) if recipe.backbone == AUTO else None
    named = choice.backbone.key if choice else recipe.backbone
    source = named_backbone(modality, named)
    if obstacle := strategy.obstacle(source.backbone):
        raise UserError(obstacle, title=source.backbone.title)
    # what is not said in the recipe itself is written down: weights arrive, and a run whose
    # picture size, say, is taken over may be gone, until this recipe is read again
    known = {name: value for name, value in source.input.items() if name != ASSETS}
    if choice and strategy.key == AUTO:  # which network it is, is what the search is to find
        named, known = AUTO, {}
    input = known | split.input | recipe.input
    head = msgspec.structs.replace(recipe.head, members=())  # of another run: an ensemble
    recipe = msgspec.structs.replace(recipe, backbone=named, input=input, head=head)
    plan = Plan(
        recipe=recipe,
        split=split,
        modality=modality,
        backbone=source.backbone,
        strategy=strategy,
        options=opt.check(recipe.options, strategy.options, "options"),
        input=checked_input(modality, source, recipe.input, recipe.weights_dir),
        augment=_augment(recipe, modality, strategy),
        weights=source.weights,
        run=source.run,
        untouched=source.untouched,
        choice=choice,
    )
    if isinstance(strategy, Gathering):
        plan = strategy.gather(plan, states)
    return _settled(plan)


def _settled(plan: Plan) -> Plan:
    """``plan`` with what was left to the program against learning by heart in its recipe.

    What a strategy finds wrong when it makes its phases, an unknown teacher say, is found here.
    """
    if not plan.phases:
        return plan
    chosen = restraint.left_open(plan.recipe, plan.restraints)
    recipe = restraint.settled(plan.recipe, chosen)
    whole = dataclasses.replace(plan, recipe=recipe, settled=chosen)
    _ = whole.phases  # now: they are asked for at every step, and a teacher may be gone by then
    return whole


def resume_plan(run: Run, accept_changes: bool = False) -> Plan:
    """What a run that was interrupted, cancelled or failed needs to go on.

    Args:
        accept_changes: go on although files are gone or have changed; what is gone
            is taken out of the run's ``split.json``.

    Raises:
        UserError: ``run.finished``; ``run.data_changed``: the data are not what
            they were, and that was not accepted; ``run.data_gone``: what is left is too little.
    """
    outcome = run.history().outcome
    if isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled":
        raise UserError("run.finished", path=str(run.path))
    present, missing, changed = splitting.compare(run.split)
    if missing or changed:
        if not accept_changes:
            values = {"missing": len(missing), "changed": len(changed)}
            raise UserError("run.data_changed", path=(missing + changed)[0], **values)
        if missing and not (present.train and (present.val or present.test)):
            values = {"missing": len(missing), "total": sum(run.split.sizes().values())}
            raise UserError("run.data_gone", path=missing[0], **values)
        present.save(run.path / SPLIT)
    return resolve(run.recipe, present)


def automatic(
    recipe: Recipe, states: Mapping[str, WeightState] | None = None, languages: Sequence[str] = ()
) -> Choice:
    """The network that ``auto`` means in this recipe, now and here.

    Args:
        states: as for :func:`resolve`.
        languages: of the samples, as of :class:`transfergui.core.data.split.Split`.

    Raises:
        UserError: ``registry.unknown``: the modality or the strategy.
    """
    modality = registry.modality(recipe.modality)
    strategy = registry.strategy(recipe.strategy)
    if states is None:
        states = weights_files.states(modality.backbones(), recipe.weights_dir)
    return choices.choose(
        modality, states, strategy.compact, lambda row: not strategy.obstacle(row), languages
    )


def equipped(plan: Plan, folder: Path, keep: bool = False) -> Plan:
    """``plan``, with everything that reading its samples needs in ``folder``.

    Args:
        keep: the network's row too, even one that is found in the list by its key.

    Raises:
        UserError: as :meth:`Modality.equip`; ``disk.full``: the folder cannot be written.
    """
    needed = ASSETS in plan.modality.input_options.__struct_fields__
    if not (needed or keep or plan.backbone.parts):
        return plan
    if not (folder / ROW).is_file():
        try:
            _equip(plan, folder, needed)
        except OSError as error:
            raise files.not_written(folder, error) from None
    if not needed:
        return plan
    plan = dataclasses.replace(plan, input=with_assets(plan.input, folder))
    if not plan.backbone.parts:
        return plan
    members = tuple(
        dataclasses.replace(each, input=each.input | {ASSETS: part_assets(str(folder), index)})
        for index, each in enumerate(plan.members)
    )
    return dataclasses.replace(plan, members=members)


def _equip(plan: Plan, folder: Path, needed: bool) -> None:
    """Write what reading needs, the network's row last: where it is, the rest is too."""
    folder.mkdir(parents=True, exist_ok=True)
    plan.modality.equip(plan, folder)
    if needed:
        _equip_parts(plan, folder)
    files.write_atomic(folder / ROW, msgspec.json.encode(_shareable(plan.backbone)))


def _equip_parts(plan: Plan, folder: Path) -> None:
    """What each part needs, from where it was looked for until now, into a folder of its own."""
    for index, part in enumerate(plan.backbone.parts):
        own = plan.members[index].input if plan.members else {}
        before = own.get(ASSETS) or part_assets(getattr(plan.input, ASSETS), index)
        input = opt.check(part.input | {ASSETS: before}, plan.modality.input_options, "input")
        alone = dataclasses.replace(plan, backbone=part.backbone, input=input, members=())
        equipped(alone, Path(part_assets(str(folder), index)))


def _shareable(backbone: Backbone) -> Backbone:
    """Without the place on this machine where its weights were found: packages carry the row."""
    local = (backbone.weights_url or "").startswith("file:")
    return msgspec.structs.replace(backbone, weights_url=None) if local else backbone


def _suited(phase: Phase, plan: Plan) -> Phase:
    """``phase``, for a backbone of which a part is new, whose features are not worth keeping, or
    that is trained on otherwise than strategies do by themselves."""
    backbone, recipe = plan.backbone, plan.recipe
    if not backbone.cacheable:
        groups = phase.groups if phase.groups == ALL else max(phase.groups, backbone.fresh)
        phase = dataclasses.replace(phase, groups=groups, cache_features=False, passes=0)
    if phase.groups != 0 and recipe.optim.lr is None:
        phase = dataclasses.replace(phase, lr=phase.lr * backbone.pace)
    if phase.groups != 0 and recipe.run.epochs is None:
        phase = dataclasses.replace(phase, epochs=max(1, round(phase.epochs * backbone.share)))
    return phase


def _augment(recipe: Recipe, modality: Modality, strategy: Strategy) -> Options:
    if recipe.augment is None:
        return modality.augment_presets[strategy.preset]
    return opt.check(recipe.augment, modality.augment_options, "augment")


def _class_weights(split: Split, balance: str) -> tuple[float, ...] | None:
    counts = [0] * len(split.classes)
    for sample in split.train:
        counts[sample.label] += 1
    present = [count for count in counts if count]
    if balance != "weights" and not (balance == "auto" and imbalance.is_uneven(counts)):
        return None
    total = sum(counts)
    return tuple(total / (len(present) * count) if count else 0.0 for count in counts)
