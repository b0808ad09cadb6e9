"""What was set for a training, in words: the recipe for people who have never seen one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import N_, _, comma_list
from transfergui.core.base.options import Option, describe, listed
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.plan import Modality
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe
from transfergui.core.runs.packages import is_package
from transfergui.core.runs.run import Run
from transfergui.core.sources import named_backbone, network_title

Row = tuple[str, str]

NOTHING: Mapping[str, Any] = {}
LEFT_OPEN = N_("Automatic")
"""What stands for None."""


def told(recipe: Recipe, objective: str = ONE_CLASS) -> list[Row]:
    """What each setting is called, and what it was set to.

    Args:
        objective: key of what is predicted.
    """
    predicted = registry.objective(objective)
    modality = registry.modality(recipe.modality)
    strategy = registry.strategy(recipe.strategy)
    augment = recipe.augment
    if augment is None:
        augment = msgspec.to_builtins(modality.augment_presets[strategy.preset])
    groups: tuple[tuple[type[msgspec.Struct], Mapping[str, Any]], ...] = (
        (predicted.options, recipe.objective),
        (strategy.options, recipe.options),
        (modality.data_options, recipe.data.options),
        (type(recipe.split), msgspec.to_builtins(recipe.split)),
        (modality.input_options, recipe.input),
        (modality.augment_options, augment),
        (type(recipe.head), msgspec.to_builtins(recipe.head)),
        (type(recipe.optim), msgspec.to_builtins(recipe.optim)),
        (type(recipe.run), msgspec.to_builtins(recipe.run)),
    )
    rows = [*_beginning(recipe, modality), (_("Strategy"), _(strategy.title))]
    if objective != ONE_CLASS:
        rows.append((_("What is predicted"), _(predicted.title)))
    for struct, values in groups:
        rows += _rows(struct, values, modality)
    return rows


def changed(
    recipe: Recipe, objective: str = ONE_CLASS, automatic: Mapping[str, Any] = NOTHING
) -> dict[str, Row]:
    """The settings of the training that are not the usual ones and that forms show only on demand:
    what each is called, and its value, by its path (``run.patience``). Not the augmentation, which
    is chosen as a whole.

    Args:
        objective: key of what is predicted.
        automatic: what the program would choose, by the path of the setting: to ask for that, as
            the recipe of a run does, changes nothing.
    """
    modality = registry.modality(recipe.modality)
    structs: dict[str, type[msgspec.Struct]] = {
        "objective": registry.objective(objective).options,
        "options": registry.strategy(recipe.strategy).options,
        "input": modality.input_options,
    }
    found = {}
    for part in ("objective", "options", "head", "run", "optim", "input"):
        held = getattr(recipe, part)
        values = held if part in structs else msgspec.structs.asdict(held)
        for option in describe(structs.get(part) or type(held)):
            value, path = values.get(option.name, option.default), f"{part}.{option.name}"
            usual = value == option.default or (path in automatic and value == automatic[path])
            if not usual and not option.essential and path != "run.epochs":
                found[path] = _(option.title), _value(option, value, modality)
    return found


def method_title(recipe: Recipe, title: str) -> str:
    """The title of a strategy, with the choices for what is predicted that are not the usual ones:
    ``Feature extraction, Faster R-CNN``.

    Args:
        title: of the strategy, translated.
    """
    structs = (each.options for each in registry.OBJECTIVES)  # the recipe may leave open which
    options = [option for struct in structs for option in describe(struct) if option.choices]
    known = ((each, recipe.objective.get(each.name, each.default)) for each in options)
    labels = (dict(each.choices).get(value) for each, value in known if value != each.default)
    others = (_(str(label)) for label in labels if label)
    return comma_list((title, *others))


def network(modality: Modality, named: str) -> str:
    """What people call a network that a recipe names, and where it came from if it was one's own.

    One that is gone is called by its name.
    """
    if named == AUTO:
        return _(LEFT_OPEN)
    path = paths.expanded(named)
    try:
        source = named_backbone(modality, named)
        if source.run is not None:
            text = _("{network}, from your run “{name}”")
            run = Run(source.run)
            return text.format(network=network_title(run), name=run.name or path.name)
        if is_package(path):
            text = _("{network}, from the model package “{name}”")
            return text.format(network=source.backbone.title, name=path.name)
    except UserError:
        return _("{name} (deleted or moved)").format(name=path.name)
    return source.backbone.title


def _beginning(recipe: Recipe, modality: Modality) -> Iterator[Row]:
    """The data, and the network that it began with."""
    data = recipe.data
    yield _("Data"), data.path
    if data.test:
        yield _("Test data"), data.test
    if data.exclude:
        yield _("Excluded by you"), str(len(data.exclude))
    if data.relabel:
        yield _("Labels corrected by you"), str(len(data.relabel))
    if data.together:
        yield _("Kept in one set by you"), str(len(data.together))
    if data.confirmed:
        yield _("Labels confirmed by you"), str(len(data.confirmed))
    for name, new in data.rename.items():
        yield _("Class renamed by you"), f"{name} → {new}"
    yield _("Backbone"), network(modality, recipe.backbone)


def _rows(
    struct: type[msgspec.Struct], values: Mapping[str, Any], modality: Modality
) -> Iterator[Row]:
    """Those of the settings of ``struct`` that have a value, in the order of forms."""
    for option in describe(struct):
        if option.name in values:
            said = _value(option, values[option.name], modality)
            if option.name == "epochs" and values["epochs"] and values["early_stopping"] != "none":
                said = _("at most {count}").format(count=said)
            yield _(option.title), said


def _value(option: Option, value: Any, modality: Modality) -> str:
    if value is None:
        return _(LEFT_OPEN)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if option.kind == "network":
        return network(modality, value)
    if option.kind in ("networks", "runs"):
        return "; ".join(network(modality, name) for name in listed(value))
    return _plain(option, value)


def _plain(option: Option, value: Any) -> str:
    """A choice, some numbers, or one with its unit."""
    label = dict(option.choices).get(value) if option.choices else None
    if label is not None:
        return _(str(label))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return comma_list(map(str, value))
    return f"{value}{suffix(option.unit)}"
