"""The networks of a plan: their weights, what each of several sees, what a run keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core.base import files
from transfergui.core.base import options as opt
from transfergui.core.base.options import Options
from transfergui.core.interfaces.networks import ASSETS, Backbone, Merge, Part, Source, part_assets
from transfergui.core.interfaces.plan import Modality, Plan
from transfergui.core.networks import composite
from transfergui.core.networks import weights as weights_files

ROW = "backbone.json"
"""Among what is kept with a run or a package: the network's row of the list."""


def checked_input(
    modality: Modality, source: Source, changes: dict[str, Any], weights_dir: str | None = None
) -> Options:
    """The input options for a network: its own defaults, what lies beside its weights, changes."""
    weights = source.weights or weights_files.find(source.backbone, weights_dir)
    beside = modality.beside(source.backbone, weights)
    values = source.backbone.input | beside | source.input | changes
    return opt.check(values, modality.input_options, "input")


def input_of_data(
    modality: Modality, source: Source, found: dict[str, Any], weights_dir: str | None = None
) -> dict[str, Any]:
    """The input options that data ask for, as far as a network can follow.

    Args:
        found: what the scan found: a length of texts that the network may have no places for.
    """
    limits = modality.input_limits(
        source.backbone, checked_input(modality, source, found, weights_dir)
    )
    most = {name: min(found[name], limit) for name, limit in limits.items() if name in found}
    return found | most


# -- weights


def require_weights(plan: Plan) -> Path:
    """The file of the backbone's weights.

    Raises:
        UserError: as :func:`transfergui.core.networks.weights.require`.
    """
    return plan.weights or weights_files.require(plan.backbone, plan.recipe.weights_dir)


def starting_weights(plan: Plan) -> Path | tuple[Path, ...]:
    """As :func:`require_weights`; of a network that is made here of several, one file each."""
    if plan.members:
        return tuple(require_weights(part) for part in parts(plan))
    return require_weights(plan)


def require_fit(plan: Plan) -> None:
    """As :meth:`Modality.require_fit`, of each part of the network, and of its teachers.

    Raises:
        UserError: as there.
    """
    _require_fit(plan)
    for teacher in filter(None, (phase.teacher for phase in plan.phases)):
        _require_fit(of_source(plan, teacher))


def _require_fit(plan: Plan) -> None:
    if not plan.backbone.parts:
        plan.modality.require_fit(plan.backbone, plan.input, plan.augment)
        return
    inputs = composite.part_inputs(plan.modality, plan.backbone, plan.input)
    for part, input in zip(plan.backbone.parts, inputs, strict=True):
        _require_fit(dataclasses.replace(plan, backbone=part.backbone, input=input))


# -- several networks


def joined(plan: Plan, partners: Sequence[Source], merge: Merge) -> Plan:
    """This training, on the network of the plan and ``partners`` taken together.

    Raises:
        UserError: as :func:`transfergui.core.networks.composite.compose`.
    """
    own = Source(plan.backbone, plan.weights, msgspec.structs.asdict(plan.input), plan.run)
    return made_of(plan, (own, *partners), merge)


def made_of(plan: Plan, members: Sequence[Source], merge: Merge = "concatenate") -> Plan:
    """This training, on ``members`` taken together.

    Raises:
        UserError: as :func:`transfergui.core.networks.composite.compose`.
    """
    changes, folder = plan.recipe.input, plan.recipe.weights_dir
    inputs = [checked_input(plan.modality, each, changes, folder) for each in members]
    networks = [(each.backbone, input) for each, input in zip(members, inputs, strict=True)]
    backbone, whole = composite.compose(plan.modality, networks, merge)
    seen = [getattr(input, ASSETS, "") for input in inputs]
    own = [{ASSETS: assets} if assets else {} for assets in seen]
    pairs = zip(members, own, strict=True)
    return dataclasses.replace(
        plan,
        backbone=backbone,
        weights=None,
        run=None,
        input=whole,
        members=tuple(
            dataclasses.replace(each, input=each.input | assets) for each, assets in pairs
        ),
    )


def parts(plan: Plan) -> tuple[Plan, ...]:
    """The same samples, seen by each network that the backbone is made of here; where it is
    one network from the start, this plan.

    A part that sees what is prepared as it would alone has the plan that it would have
    alone; another one that of a network of one part, which resizes the picture.
    """
    if not (plan.members and plan.backbone.parts):
        return (plan,)
    pairs = zip(plan.backbone.parts, plan.members, strict=True)
    return tuple(_of_part(plan, part, source) for part, source in pairs)


def _of_part(plan: Plan, part: Part, source: Source) -> Plan:
    assets = {ASSETS: source.input[ASSETS]} if ASSETS in source.input else {}
    input = opt.check(part.input | assets, plan.modality.input_options, "input")
    row = part.backbone
    if plan.modality.input_shape(input) != plan.modality.input_shape(plan.input):
        row, input = composite.alone(part, plan.input), plan.input
    return dataclasses.replace(
        plan, backbone=row, weights=source.weights, run=source.run, input=input, members=()
    )


def of_source(plan: Plan, source: Source, of_data: dict[str, Any] | None = None) -> Plan:
    """The same samples, seen by another network: a teacher.

    Args:
        of_data: what the data ask for; None for what the scan found.
    """
    changes = plan.split.input if of_data is None else of_data
    input = checked_input(plan.modality, source, changes, plan.recipe.weights_dir)
    return dataclasses.replace(
        plan,
        backbone=source.backbone,
        weights=source.weights,
        run=source.run,
        input=input,
        members=(),
    )


# -- what a run keeps


def with_assets(input: Options, folder: Path) -> Options:
    """``input``, with what is kept of a run looked for in its ``folder``, where there is any."""
    if ASSETS not in input.__struct_fields__ or not (folder / ROW).is_file():
        return input
    return msgspec.structs.replace(input, **{ASSETS: str(folder)})


def save_assets(plan: Plan, folder: Path, keep: bool = False) -> Plan:
    """``plan``, with everything that reading its samples needs in ``folder``.

    Args:
        keep: the network's row too, even one that is found in the list by its key.

    Raises:
        UserError: as :meth:`Modality.save_assets`; ``disk.full``: the folder cannot be written.
    """
    needed = ASSETS in plan.modality.input_options.__struct_fields__
    if not (needed or keep or plan.backbone.parts):
        return plan
    if not (folder / ROW).is_file():
        try:
            _write_assets(plan, folder, needed)
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


def _write_assets(plan: Plan, folder: Path, needed: bool) -> None:
    """Write what reading needs, the network's row last: where it is, the rest is too."""
    folder.mkdir(parents=True, exist_ok=True)
    plan.modality.save_assets(plan, folder)
    if needed:
        _write_assets_of_parts(plan, folder)
    files.write_atomic(folder / ROW, msgspec.json.encode(_shareable(plan.backbone)))


def _write_assets_of_parts(plan: Plan, folder: Path) -> None:
    """What each part needs, from where it was looked for until now, into a folder of its own."""
    for index, part in enumerate(plan.backbone.parts):
        own = plan.members[index].input if plan.members else {}
        before = own.get(ASSETS) or part_assets(getattr(plan.input, ASSETS), index)
        input = opt.check(part.input | {ASSETS: before}, plan.modality.input_options, "input")
        alone = dataclasses.replace(plan, backbone=part.backbone, input=input, members=())
        save_assets(alone, Path(part_assets(str(folder), index)))


def _shareable(backbone: Backbone) -> Backbone:
    """Without the place on this machine where its weights were found: packages carry the row."""
    local = (backbone.weights_url or "").startswith("file:")
    return msgspec.structs.replace(backbone, weights_url=None) if local else backbone
