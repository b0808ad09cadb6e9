"""From a recipe to what the engine needs: keys become objects, and every mistake is found here.

Imports no torch: the window resolves a recipe at every edit to say at once what
does not fit.
"""

from dataclasses import dataclass
from pathlib import Path

from transfergui.core import events as ev
from transfergui.core import options as opt
from transfergui.core import registry
from transfergui.core import split as splitting
from transfergui.core.errors import UserError
from transfergui.core.modalities import Backbone, Modality
from transfergui.core.modalities import weights as weights_files
from transfergui.core.options import Options
from transfergui.core.recipe import Recipe
from transfergui.core.runs import Run
from transfergui.core.split import Split
from transfergui.core.strategies import Phase, Strategy


@dataclass(frozen=True)
class Plan:
    """The only reader of the recipe; below it, functions take plain values.

    Attributes:
        options: the strategy's options, checked.
        input: the modality's input options, the backbone's defaults filled in.
        augment: the modality's augmentation options, checked.
        weights: a weights file named instead of a backbone key, else None.
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
    def phases(self) -> tuple[Phase, ...]:
        return self.strategy.phases(self)

    @property
    def epochs(self) -> int:
        return sum(phase.epochs for phase in self.phases)


def resolve(recipe: Recipe, split: Split) -> Plan:
    """Check a recipe and look up what it names.

    Raises:
        UserError: ``recipe.invalid`` or ``registry.unknown``, naming the setting;
            ``weights.no_file`` or ``weights.unknown_network`` for a file named as backbone.
    """
    recipe = opt.check(recipe, Recipe)
    modality = registry.modality(recipe.modality)
    strategy = registry.strategy(recipe.strategy)
    backbone, weights = named_backbone(modality, recipe.backbone)
    return Plan(
        recipe=recipe,
        split=split,
        modality=modality,
        backbone=backbone,
        strategy=strategy,
        options=opt.check(recipe.options, strategy.options, "options"),
        input=opt.check(backbone.input | recipe.input, modality.input_options, "input"),
        augment=_augment(recipe, modality, strategy),
        weights=weights,
    )


def resume_plan(run: Run, accept_changes: bool = False) -> Plan:
    """What a run that was interrupted, cancelled or failed needs to go on.

    Args:
        accept_changes: go on although files are gone or have changed; what is gone
            is taken out of the run's ``split.json``.

    Raises:
        UserError: ``run.finished``; ``run.data_changed``: the data are not what
            they were, and that was not accepted.
    """
    outcome = run.history().outcome
    if isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled":
        raise UserError("run.finished", path=str(run.path))
    present, missing, changed = splitting.compare(run.split)
    if missing or changed:
        if not accept_changes:
            values = {"missing": len(missing), "changed": len(changed)}
            raise UserError("run.data_changed", path=(missing + changed)[0], **values)
        present.save(run.path / "split.json")
    return resolve(run.recipe, present)


def named_backbone(modality: Modality, named: str) -> tuple[Backbone, Path | None]:
    """The backbone that is meant by a key, or by the path of a weights file, and that path."""
    if not weights_files.is_file_name(named):
        return registry.backbone(modality, named), None
    path = Path(named).expanduser()
    return weights_files.owner(path, modality.backbones()), path


def _augment(recipe: Recipe, modality: Modality, strategy: Strategy) -> Options:
    if recipe.augment is None:
        return modality.augment_presets[strategy.preset]
    return opt.check(recipe.augment, modality.augment_options, "augment")


UNEVEN = 1.5
"""From this ratio of the largest to the smallest class on, ``auto`` weighs the classes."""


def _class_weights(split: Split, balance: str) -> tuple[float, ...] | None:
    counts = [0] * len(split.classes)
    for sample in split.train:
        counts[sample.label] += 1
    present = [count for count in counts if count]
    uneven = bool(present) and max(present) / min(present) >= UNEVEN
    if balance != "weights" and not (balance == "auto" and uneven):
        return None
    total = sum(counts)
    return tuple(total / (len(present) * count) if count else 0.0 for count in counts)
