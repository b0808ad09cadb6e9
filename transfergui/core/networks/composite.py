"""Several networks as one: the row that describes them, made from theirs.

Such a network gets one prepared sample, lets each part look at it, and its features are theirs,
side by side. Below the plan it is a network like any other: it is trained, exported, chosen as
the start of another training, and made part of a further one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.interfaces.networks import ASSETS, Backbone, Merge, Part, part_assets
from transfergui.core.interfaces.plan import Modality

SPEEDS = ("fast", "medium", "slow", "very slow")


def compose(
    modality: Modality, networks: Sequence[tuple[Backbone, Options]], merge: Merge = "concatenate"
) -> tuple[Backbone, Options]:
    """The row of ``networks`` taken together, and the input options that serve them all.

    Args:
        networks: each with the input options with which it would look at a sample alone; the
            first one is the most important.

    Raises:
        UserError: ``fusion.other_width``: features of different lengths have no average; or as
            :meth:`Modality.fused`.
    """
    rows = [row for row, _input in networks]
    whole, inputs = modality.fused([input for _row, input in networks])
    if merge == "average" and len({row.features for row in rows}) > 1:
        lengths = ", ".join(f"{row.title} {row.features}" for row in rows)
        raise UserError("fusion.other_width", lengths=lengths)
    parts = tuple(Part(row, plain(input)) for row, input in zip(rows, inputs, strict=True))
    return _row(parts, plain(whole), merge), whole


def alone(part: Part, whole: Options) -> Backbone:
    """``part`` as it looks at what was prepared for the ``whole``: a network of one part."""
    return msgspec.structs.replace(
        part.backbone, parts=(part,), groups=_groups((part,)), input=plain(whole)
    )


def part_inputs(modality: Modality, backbone: Backbone, input: Options) -> list[Options]:
    """The input options of each part of ``backbone``, given those of the whole."""
    assets = getattr(input, ASSETS, "")
    return [
        opt.check(
            part.input | ({ASSETS: part_assets(assets, index)} if assets else {}),
            modality.input_options,
            "input",
        )
        for index, part in enumerate(backbone.parts)
    ]


def plain(input: Options) -> dict[str, Any]:
    """Input options as a row keeps them: without the place of anything on this machine, and as
    they are when they were read again (lists, not tuples)."""
    values = {name: v for name, v in msgspec.to_builtins(input).items() if name != ASSETS}
    return json.loads(json.dumps(values))


def _row(parts: tuple[Part, ...], input: dict[str, Any], merge: Merge) -> Backbone:
    rows = [part.backbone for part in parts]
    return Backbone(
        key="+".join(row.key for row in rows),
        title=" + ".join(row.title for row in rows),
        family=rows[0].family,
        summary=rows[0].summary,
        params=sum(row.params for row in rows),
        features=sum(row.features for row in rows),
        groups=_groups(parts),
        input=input,
        flops=sum(row.flops for row in rows),
        weights_url=None,
        weights_hash="",
        download_bytes=sum(row.download_bytes for row in rows),
        trained_on=", ".join(dict.fromkeys(row.trained_on for row in rows)),
        accuracy=None,
        licence=", ".join(dict.fromkeys(row.licence for row in rows)),
        speed=max((row.speed for row in rows), key=SPEEDS.index),
        lr_scale=min(row.lr_scale for row in rows),
        epoch_scale=rows[0].epoch_scale,
        attention=any(row.attention for row in rows),
        has_norm_or_bias=any(row.has_norm_or_bias for row in rows),
        parts=parts,
        merge=merge,
    )


def _groups(parts: Sequence[Part]) -> tuple[tuple[str, ...], ...]:
    """Stem to last; the last groups of all parts together, then those before, and so on."""
    deepest = max(len(part.backbone.groups) for part in parts)
    groups: list[tuple[str, ...]] = [()] * deepest
    for index, part in enumerate(parts):
        own = part.backbone.groups
        for place, prefixes in enumerate(own, start=deepest - len(own)):
            groups[place] += tuple(f"network.{index}.{prefix}" for prefix in prefixes)
    return tuple(groups)
