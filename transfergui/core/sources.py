"""What a network can be named by: a key, a weights file, a run, a package; and what it brings.

Imports no torch.
"""

import contextlib
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, paths, records
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.options import Options, listed
from transfergui.core.data import coco
from transfergui.core.data import split as splitting
from transfergui.core.data.targets import BOXES, Targets, fault
from transfergui.core.figures import temperature
from transfergui.core.interfaces.networks import ASSETS, Backbone, Source
from transfergui.core.interfaces.plan import Modality
from transfergui.core.networks import composite
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.choice import AUTO, recommended_for
from transfergui.core.networks.planned import ROW, checked_input, with_assets
from transfergui.core.registry import named_in
from transfergui.core.runs import events as ev
from transfergui.core.runs import packages
from transfergui.core.runs.card import Card
from transfergui.core.runs.run import RECIPE, REPORT, SPLIT, Run

MAX_ROW = 10_000_000
"""Bytes of a row of the list."""


def named_backbone(modality: Modality, named: str, languages: Sequence[str] = ()) -> Source:
    """What is meant by the key of a backbone, a weights file, the folder of a run, or a package.

    ``auto`` is the one that the modality recommends for samples in these ``languages``, wherever
    it is.

    Raises:
        UserError: ``registry.unknown``; ``weights.no_file``, ``weights.unknown_network``;
            ``run.*``: the folder is no run, or has learnt nothing yet;
            ``model.*``: the package cannot be used;
            ``backbone.other_modality``: the run or the package learnt from something else.
    """
    if named == AUTO:
        named = recommended_for(modality, languages).key
    if not weights_files.is_file_name(named):
        return published(registry.backbone(modality, named))
    path = paths.expanded(named)
    if (files.nameable(path) / RECIPE).is_file():
        return _of_run(modality, Run.open(path))
    if packages.is_package(path):
        return _of_package(modality, path)
    if own := modality.from_path(path):
        return own
    if path.is_dir():
        return _of_run(modality, Run.open(path))
    return published(weights_files.owner(path, modality.backbones()), path)


def published(row: Backbone, weights: Path | None = None) -> Source:
    """What begins with the published weights of a network, in the file ``weights`` if it is named:
    of a detector, with what it has learnt to find, too."""
    targets = Targets(BOXES, coco.NAMES) if row.body else Targets()
    return Source(row, weights, targets=targets)


def within(source: Source, modality: Modality) -> Source:
    """Of a detector's published file, the network within it; of anything else, itself."""
    row = source.backbone
    if not row.body or source.weights is None or source.run is not None:
        return source
    return Source(registry.backbone(modality, row.body), source.weights)


def _of_run(modality: Modality, run: Run) -> Source:
    recipe = run.recipe
    if recipe.modality != modality.key:
        raise UserError("backbone.other_modality", path=str(run.path), noun=modality.many)
    if not run.best.is_file():
        raise UserError("run.not_trained", path=str(run.path))
    classes, targets = _classes(run.path / SPLIT, files.changed(run.path / SPLIT))
    backbone = trained_backbone(run)
    return Source(
        backbone=backbone,
        weights=run.best,
        input=changed_input(modality, backbone, recipe.input) | _assets(run, modality),
        run=run.path,
        classes=classes,
        targets=targets,
        head=recipe.head,
        backbone_unchanged=_untouched(run.path, files.changed(run.path / REPORT)),
    )


def backbone_unchanged(figures: Mapping[str, Any]) -> bool:
    """Whether a training left its network as it was, by the figures of its report.

    Those of older versions tell it only where that was so from the first epoch to the last.
    """
    moment = figures.get("moment")
    kept = moment.get("untouched") if isinstance(moment, dict) else figures.get("frozen")
    return kept is True


@functools.lru_cache(maxsize=64)
def _untouched(run: Path, changed: int) -> bool:
    """Of a run's report: forms ask at every edit.

    Args:
        changed: as :func:`files.changed`; what was known before that does not count.
    """
    return backbone_unchanged(Run(run).report())


@functools.lru_cache(maxsize=64)
def _classes(path: Path, changed: int) -> tuple[tuple[str, ...], Targets]:
    """Of a run's split, which may hold 100 000 samples: forms ask at every edit.

    Args:
        changed: as :func:`files.changed`; what was known before that does not count.

    Raises:
        UserError: ``run.damaged``.
    """
    split = splitting.load(path)
    return split.classes, split.targets


def _of_package(modality: Modality, path: Path) -> Source:
    card, weights, assets, _doubts = packages.open_package(path)
    if card.modality != modality.key:
        raise UserError("backbone.other_modality", path=str(path), noun=modality.many)
    backbone, input = described(modality, card, path, assets)
    return Source(
        backbone,
        weights,
        changed_input(modality, backbone, msgspec.structs.asdict(input)),
        classes=card.classes,
        targets=card.targets,
        head=card.recipe.head,
        backbone_unchanged=backbone_unchanged(card.metrics),
    )


def changed_input(
    modality: Modality, backbone: Backbone, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Those of the input options ``values`` that ``backbone`` does not have by itself.

    The others are no changes: a partner in a fusion keeps its own.
    """
    own, given = (
        opt.check(each, modality.input_options, "input") for each in (backbone.input, values)
    )
    return {
        name: value for name, value in values.items() if getattr(given, name) != getattr(own, name)
    }


def described(
    modality: Modality, card: Card, origin: Path, assets: Path
) -> tuple[Backbone, Options]:
    """The network and the input options that a card names.

    Args:
        origin: the file that the card is in, for messages.
        assets: the folder of what was kept beside it.

    Raises:
        UserError: ``model.damaged``.
    """
    _require_objective(card, origin)
    try:
        backbone = kept_row(assets) or registry.backbone(modality, card.backbone)
        input = opt.check(card.input, modality.input_options, "input")
    except UserError as error:
        raise UserError("model.damaged", path=str(origin), reason=str(error)) from None
    return backbone, with_assets(input, assets)


def _require_objective(card: Card, origin: Path) -> None:
    """Insist that what the card says of its outputs goes together.

    Raises:
        UserError: ``model.damaged``.
    """
    try:
        reason = fault(card.targets) or _other_outputs(card) or _no_thresholds(card)
    except UserError as error:  # of an objective that this version does not know
        reason = str(error)
    if reason:
        raise UserError("model.damaged", path=str(origin), reason=reason)


def _other_outputs(card: Card) -> str:
    """Why its outputs are not those of what it predicts; else empty."""
    objective, count = registry.objective(card.targets.objective), len(card.classes)
    named = objective.output_names(card.targets, card.classes) == card.classes
    if named and objective.outputs(card.targets, count) == count:
        return ""
    return _("its outputs do not match its description")


def _no_thresholds(card: Card) -> str:
    """Why its thresholds, or its temperatures, are none; else empty."""
    objective = registry.objective(card.targets.objective)
    chosen = objective.thresholds(len(card.classes)) if objective.fits else 0
    if len(card.fitted) not in (0, chosen):
        return _("it does not have one threshold per label")
    if not all(0 <= each <= 1 for each in card.fitted):
        return _("its thresholds are not between 0 and 1")
    if temperature.fault(card.temperatures, card.targets):
        return _("it does not have one temperature per question")
    return ""


def _assets(run: Run, modality: Modality) -> dict[str, Any]:
    kept = ASSETS in modality.input_options.__struct_fields__ and (run.assets / ROW).is_file()
    return {ASSETS: str(run.assets)} if kept else {}


def training_files(run: Run) -> frozenset[str]:
    """What a run was trained on, and the runs before it as far as they are still there."""
    earlier = (run.recipe.backbone, *named_in(run.recipe.options))
    folders = (paths.expanded(name) for name in earlier if weights_files.is_file_name(name))
    runs = [Run(folder) for folder in folders if (folder / RECIPE).is_file()]
    return run.split.learnt_from().union(*map(training_files, runs))


def trained_backbone(run: Run) -> Backbone:
    """The backbone of a run, by its record: a file or a run that its recipe names may be gone.

    Raises:
        UserError: ``registry.unknown``, ``weights.unknown_network``.
    """
    if kept := kept_row(run.assets):
        return kept
    modality = registry.modality(run.recipe.modality)
    started = None
    with contextlib.suppress(UserError):  # damaged: the recipe names the network, too
        started = next((event for event in run.events() if isinstance(event, ev.Started)), None)
    named = started.backbone if started else run.recipe.backbone
    if weights_files.is_file_name(named):
        return weights_files.owner_by_name(Path(named), modality.backbones())
    return registry.backbone(modality, named)


def network_title(run: Run) -> str:
    """What people call the network of a run; of trainings put together, how many they are.

    Several networks are all named. A file that is in no list, or is gone, is called by its name:
    its whole path would fill a table.

    Raises:
        UserError: the run is damaged.
    """
    recipe = run.recipe
    if registry.strategy(recipe.strategy).procedure == "combine":
        count = len(listed(recipe.options.get("runs", ())))
        return ngettext("{count} run", "{count} runs", count).format(count=count)
    if recipe.backbone == AUTO:
        return _("not chosen yet")
    try:
        network = trained_backbone(run)
    except UserError:
        return Path(recipe.backbone).name
    # until it has begun, nothing but its recipe says what a network is to be made of
    partners = () if network.parts else listed(recipe.options.get("partners", ()))
    modality = registry.modality(recipe.modality)
    return " + ".join((network.title, *(_called(modality, name) for name in partners)))


def _called(modality: Modality, named: str) -> str:
    """The title of a network, or its name where it is gone."""
    try:
        return named_backbone(modality, named).backbone.title
    except UserError:
        return Path(named).name


def parameters(backbone: Backbone, trained: Path | None) -> int:
    """How many parameters a trained network has: those that its file holds.

    The published figure counts the layers that told ImageNet's classes apart, too.

    Args:
        trained: the weights of the whole, with the head; None, or damaged: as published.
    """
    if trained is None:
        return backbone.params
    try:
        return weights_files.parameters(trained)
    except UserError:  # whoever reads them says so
        return backbone.params


def input_of(run: Run) -> Options:
    """The input options that the samples of a run are looked at with, by its record.

    The network's own defaults are not among them: it may be in no list any more.

    Raises:
        UserError: the run is damaged.
    """
    recipe = run.recipe
    struct = registry.modality(recipe.modality).input_options
    return with_assets(opt.check(recipe.input, struct, "input"), run.assets)


def kept_row(folder: Path) -> Backbone | None:
    """The backbone as a run or a package keeps it in ``folder``: it may be in no list.

    Raises:
        UserError: ``model.damaged``.
    """
    row = folder / ROW
    try:
        return records.convert(records.parse(files.read_regular(row, MAX_ROW)), Backbone)
    except FileNotFoundError:
        return None
    except records.ERRORS as error:
        raise UserError("model.damaged", path=str(row), reason=records.why(error)) from None


def beginning(
    modality: Modality, source: Source, changes: dict[str, Any], weights_dir: str | None
) -> tuple[Any, ...] | None:
    """What the weights of a finished run began with, and their shape.

    The weights of two runs for which this is the same can be averaged. None where they began
    at random, or are those of several networks with a head each.

    Args:
        changes: input options that the samples at hand ask for.
    """
    assert source.run is not None
    recipe = Run(source.run).recipe
    strategy = registry.strategy(recipe.strategy)
    head = recipe.head
    options = opt.check(recipe.options, strategy.options, "options")
    if head.members or not strategy.starts_pretrained(options):
        return None
    drawn = (
        head.kind == "hidden" or source.backbone.untrained_groups > 0
    )  # something, from the seed
    seed = recipe.run.seed if drawn else None
    shape = (head.kind, head.units if head.kind == "hidden" else None)
    input = composite.plain(checked_input(modality, source, changes, weights_dir))
    return source.backbone, recipe.backbone, input, shape, seed
